-- Events in the forms that webhooks send.
set local role assetd_owner;
set local search_path = assetd, public;

-- body: the event as it is read, which is what FULL sends, byte for byte, up to 20 KiB. THIN says
-- only where to read it. CLOUD_…: the same as CloudEvents 1.0, structured JSON.
create or replace function hook_body(body text, type text, subject text, form text) returns text
	language sql immutable parallel safe
as $$
	select case
		when form = 'FULL' and octet_length(body) <= 20480 then body
		when form like 'CLOUD\_%' then json_build_object('specversion', '1.0', 'id', e -> 'id', 'source', '/v1/events',
			'type', type, 'subject', subject, 'time', e -> 'occurred_at', 'datacontenttype', 'application/json',
			'sequence', e ->> 'position', 'traceparent', e -> 'traceparent', 'data', case when form = 'CLOUD_FULL' and octet_length(body) <= 20480
				then e -> 'data' else json_build_object('self', '/v1/events/' || (e ->> 'id')) end)::text
		else json_build_object('id', e -> 'id', 'position', e -> 'position', 'type', type, 'subject', subject,
			'subject_seq', e -> 'subject_seq', 'occurred_at', e -> 'occurred_at', 'schema_version', e -> 'schema_version',
			'links', json_build_object('self', '/v1/events/' || (e ->> 'id')))::text
	       end
	  from (select body::json as e) as x
$$;

-- An event's data as filters are held against it: by what is read, and not by how its letters are composed. What has none beyond
-- ASCII, as most, is spared that. chr(1), which no JSON has, keeps the n of \n from what may stand behind it: with a tilde it would be ñ.
create or replace function hook_data(body text) returns json
	language sql immutable parallel safe
	return case when octet_length(body) = length(body) then body::json -> 'data'
		else replace(normalize(regexp_replace((body::json -> 'data')::text, '\\(u....|.)', '\&' || chr(1), 'g'), nfc), chr(1), '')::json end;

-- From when on a webhook fails that is called again: time for which it was not called is no time without success. state, updated_at:
-- of its row before this change; none of that state goes by without one.
create or replace function webhook_rested(failing_since timestamptz, state text, updated_at timestamptz) returns timestamptz
	language sql stable parallel safe
	return case when state in ('UNVERIFIED', 'PAUSED')
		then least(failing_since + greatest(clock_at() - updated_at, interval '0'), clock_at()) else failing_since end;

-- Events up to a webhook's cursor that it would be sent, by types and filter, and that fit what is asked; those that wait
-- to be sent anyway only when asked for by id. As the caller reads them; 100,000 at most. is_failed_only: tried, never taken. Planned
-- anew each time: what is not asked for is not looked for, and what was tried is found once and not for each event.
create or replace function webhook_recoverable(hook text, event text, first bigint, last bigint, since timestamptz, until timestamptz,
	patterns text[], is_failed_only boolean)
	returns table (change_id text, change_at timestamptz, "position" bigint, subject text)
	language plpgsql stable
	set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	failed constant text[] := case when is_failed_only then array(select a.change_id::text from webhook_attempt as a
		where a.webhook_id = hook group by a.change_id having not bool_or(a.result = 'DELIVERED')) end;
begin
	return query select e.id::text, e.change_at, e.position, e.subject::text
	  from webhook as w
	  join webhook_cursor as c on c.webhook_id = w.id
	  join item_event as e on e.position <= c.position
	 cross join lateral (select (e.body::json -> 'data') as data) as d
	 where w.id = hook and (event is null or e.id = event)
	   and e.position >= coalesce(first, 1) and e.position <= coalesce(last, c.position)
	   and (since is null or e.change_at >= since) and (until is null or e.change_at < until)
	   and exists (select from unnest(w.types) as p where e.type like replace(replace(p, '_', '\_'), '*', '%'))
	   and (patterns is null or exists (select from unnest(patterns) as p where e.type like replace(replace(p, '_', '\_'), '*', '%')))
	   and (w.filter ->> 'subject' is null or e.subject = w.filter ->> 'subject')
	   and (w.filter ->> 'authority_id' is null or e.authority_id = w.filter ->> 'authority_id')
	   and (w.filter ->> 'asset_id' is null or e.subject = w.filter ->> 'asset_id' or d.data ->> 'asset_id' = w.filter ->> 'asset_id')
	   and (w.filter ->> 'locality_id' is null or w.filter ->> 'locality_id' = coalesce(d.data ->> 'locality_id',
			(select a.locality_id from asset as a where a.id in (e.subject, d.data ->> 'asset_id'))))
	   and not exists (select from jsonb_array_elements_text(w.filter -> 'where') as x cross join normalize(x, nfc) as t
			    where normalize(d.data #>> array(select replace(replace(s, '~1', '/'), '~0', '~')
					from unnest(string_to_array(substr(split_part(t, '=', 1), 2), '/')) as s), nfc)
				  is distinct from substr(t, strpos(t, '=') + 1))
	   and (event is not null or not exists (select from webhook_retry as r where r.webhook_id = w.id and r.change_id = e.id))
	   and (not is_failed_only or e.id = any (failed))
	 order by e.position
	 limit 100000;
end
$$;

-- The public keys that webhooks are signed with today, and no more of them: whoever keeps one may ask whether it is ours. With
-- its owner's rights, since whose they are is nobody's business.
create or replace function webhook_public_keys()
	returns table (public_key text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select w.public_key from webhook as w
	 where w.public_key is not null and w.removed_at is null and w.state = 'ACTIVE'
	 order by w.public_key
	 limit 10000
$$;

-- The log of deliveries is added to, and forgets what is older than its owner keeps it: nobody but this function takes anything
-- out. A day's partition at a time, since that frees its room at once, else so many rows of the default one, where what had
-- no partition went. True while there is more. Whoever reads the log for long makes it come again later.
create or replace trigger append_only before update on webhook_attempt
	for each row execute function row_refuse();
create or replace trigger kept before delete on webhook_attempt
	for each row when (current_user <> 'assetd_owner') execute function row_refuse();

create or replace function webhook_attempts_prune(before timestamptz, most int) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
	set timezone = 'UTC'
	set lock_timeout = '2s'
as $$
declare
	part text;
	gone int;
begin
	select c.relname into part
	  from pg_inherits as i
	  join pg_class as c on c.oid = i.inhrelid
	 where i.inhparent = 'webhook_attempt'::regclass and c.relname ~ '^webhook_attempt_[0-9]{8}$'
	   and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= before
	 order by c.relname limit 1;
	if found then
		execute format('drop table %I', part);
		return true;
	end if;
	delete from webhook_attempt_default
	 where ctid = any (array(select ctid from webhook_attempt_default where at < before limit most));
	get diagnostics gone = row_count;
	return gone = most;
end
$$;
