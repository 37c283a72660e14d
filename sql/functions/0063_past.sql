-- What is known of a request's past follows its ledger when that is corrected, or an act of before is recorded late.
set local role assetd_owner;
set local search_path = assetd, public;

-- Of deadlines what is a date or an end, not how it was worked out.
create or replace function deadlines_gist(deadlines jsonb) returns jsonb
	language sql immutable parallel safe
	return (select jsonb_agg(jsonb_only(d, '{clock,starts_on,due_on,late_after_on,state,held}') order by n)
		  from jsonb_array_elements(coalesce(deadlines, '[]')) with ordinality as e (d, n));

-- Of the days before today from the first of `past` on [{on, row, deadlines}]: a request was on each as the newest entry up to it
-- says, in what its ledger dates; row null: it was not there yet. Today is the row's own to say (0030_fact.sql). What was known before stays known of then.
-- Returns how many facts were known otherwise. With their owner's rights, as the keepers of facts; who may not move the request, as
-- one who comes by a link and moves it by an answer, says nothing of its past.
create or replace function request_past_put(target text, past jsonb) returns int
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_variable
declare
	dated  constant text[] := '{state,state_on,level,model_state_on,received_on,validated_on,acknowledged_on,prohibits,bar_exemption,bar_dated_on,bar_from,bar_to}';
	f      record;
	moment timestamptz;
	r      request;
	first  date := (select min((p ->> 'on')::date) from jsonb_array_elements(past) as p where p -> 'row' <> 'null');
	pieces jsonb;
	n      int := 0;
begin
	select * into r from request where id = target;
	if not (r.authority_id = any (actor_in('estates') || actor_in('decider')) or actor_everywhere('estates') or actor_everywhere('decider')) then
		return 0;
	end if;
	-- It came earlier than was known.
	perform fact_put(target, 'request', r.authority_id, r.asset_id, r.published, false, first, '{}')
	  where first < (select min(lower(valid)) from fact where subject = target and part = 'request' and upper_inf(known));
	past := (select jsonb_agg(jsonb_build_object('on', p.value -> 'on', 'said', case when p.value -> 'row' <> 'null' then jsonb_only(to_jsonb(jsonb_populate_record(null::request,
			p.value -> 'row')), dated || array['allowed']) || jsonb_build_object('deadlines', p.value -> 'deadlines') end)
			order by p.value ->> 'on')
		   from jsonb_array_elements(past) as p);
	moment := greatest(clock_at(), (select max(lower(known)) + interval '1 microsecond' from fact where subject = target and part = 'request'));
	for f in select * from fact where subject = target and part = 'request' and upper_inf(known) and body is not null
		    and lower(valid) < clock_day() order by valid loop
		-- Cut where something is said anew, and where today begins.
		pieces := (
			select jsonb_agg(jsonb_build_object('valid', c.valid, 'body', case when s.said = 'null' and c.from_on < clock_day() then null
				when s.said is not null and c.from_on < clock_day()
					and (jsonb_only(f.body, dated) is distinct from jsonb_only(s.said, dated)
					     or deadlines_gist(f.body -> 'deadlines') is distinct from deadlines_gist(s.said -> 'deadlines'))
				then f.body || s.said else f.body end))
			  from (select x.from_on, daterange(x.from_on, lead(x.from_on, 1, upper(f.valid)) over (order by x.from_on)) as valid
				  from (select lower(f.valid) as from_on union select clock_day() where clock_day() <@ f.valid
					 union select (p ->> 'on')::date from jsonb_array_elements(past) as p where (p ->> 'on')::date <@ f.valid) as x) as c
			  left join lateral (select p -> 'said' as said from jsonb_array_elements(past) as p
				 where (p ->> 'on')::date <= c.from_on order by p ->> 'on' desc limit 1) as s on true);
		continue when not exists (select from jsonb_array_elements(pieces) as p where p -> 'body' <> f.body);
		update fact set known = tstzrange(lower(f.known), moment) where id = f.id;
		insert into fact (subject, part, authority_id, asset_id, published, is_money, valid, known, body)
		select f.subject, f.part, f.authority_id, f.asset_id, f.published, f.is_money, (p ->> 'valid')::daterange, tstzrange(moment, null),
		       nullif(p -> 'body', 'null')
		  from jsonb_array_elements(pieces) as p;
		n := n + 1;
	end loop;
	return n;
end
$$;
