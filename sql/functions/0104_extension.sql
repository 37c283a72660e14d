-- A longer time that is offered: whether it can be agreed to still, and the letter that tells of it.
set local role assetd_owner;
set local search_path = assetd, public;

-- The last day of the period that such an act would make longer, as it runs now; null: none does.
create or replace function extension_due(r request, event text) returns date
	language sql immutable
	return (select max((d ->> 'due_on')::date) from jsonb_array_elements(r.deadlines) as d
		 where d ->> 'state' = 'RUNNING' and d ->> 'clock' = any (case event when 'EXTEND' then '{K6,K7}' else '{K19}' end::text[]));

-- Can it be agreed to today? Else the request has gone on without it: decided, overdue, or made longer otherwise.
create or replace function extension_stands(r request, x extension_offer) returns boolean
	language sql immutable
	return x.state = 'OPEN' and x.event = any (r.allowed) and coalesce(x.until_on > extension_due(r, x.event), false);

-- The letter that tells of one that has ended is not sent any more.
create or replace function extension_ended() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	delete from mail as m using answer_link as l
	 where l.id = m.link_id and l.authority_id = m.authority_id and l.request_id = new.request_id and m.kind = 'EXTENSION' and m.state = 'WAITING';
	return null;
end
$$;

create or replace trigger ended after update of state on extension_offer
	for each row execute function extension_ended();
