-- Items of the service itself: events, webhooks, imports, runs. See views/0020_items_public.sql
-- for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_event, item_webhook, item_import, item_run;

-- An event as it is read and as it is sent: the same bytes for the same reader. `actor` is who to
-- the members of the authority, and what kind of actor to everybody else, who are not shown ids that lead them nowhere.
create view item_event with (security_invoker = true) as
select f.position, f.change_id as id, 1 as version, 'e' as view, false as gone,
       f.type, f.subject, f.subject_seq, f.authority_id, f.change_at, row_to_json(x)::text as body
  from feed as f
  join change as c on c.id = f.change_id and c.at = f.change_at
  left join change_money as m on m.change_id = f.change_id and m.at = f.change_at
	and (m.readers && (select actor_in('money'))
	     or (select actor_everywhere('money')))
 cross join lateral (select c.readers && (select actor_in('member')) or (select actor_everywhere('member')) as know) as may
 cross join lateral (
	select f.change_id as id, f.position, f.type, f.subject, f.subject_seq, utc(f.change_at) as occurred_at,
	       case when may.know then case c.actor_kind when 'SYSTEM' then 'SYSTEM' else coalesce(c.actor, c.actor_kind) end
		    else c.actor_kind end as actor,
	       c.schema_version, (case when may.know then c.data else c.data - c.hidden end) || coalesce(m.data, '{}') as data,
	       c.traceparent
       ) as x;

create view item_webhook with (security_invoker = true) as
select w.id, w.version, 'a' as view, w.removed_at is not null as gone, w.authority_id, w.principal_id, w.state,
       w.updated_at, row_to_json(x)::text as body
  from webhook as w
 cross join lateral (
	select w.id, w.version, utc(w.created_at) as created_at, utc(w.updated_at) as updated_at, w.authority_id,
	       w.url, w.types, w.mode, w.filter, w.payload, w.envelope, w.schema_version, w.state, w.state_reason,
	       w.per_hour, w.burst, w.agreed_per_hour, w.timeout_s, w.retry, w.headers, w.ca, w.client_certificate, w.contact, w.public_key,
	       json_build_object('self', '/v1/webhooks/' || w.id, 'verify', '/v1/webhooks/' || w.id || '/verify',
				 'rotate', '/v1/webhooks/' || w.id || '/rotate', 'recover', '/v1/webhooks/' || w.id || '/recover') as links
       ) as x;

-- The first 1,000 lines; the counts are of all. progress: of what is being done with it at this moment (import_work).
-- not_done: of what somebody was told that it goes on, why it has not come about. nothing_to_do: why there is nothing to apply.
create view item_import with (security_invoker = true) as
select i.id, i.version, 'a' || coalesce(lower(w.work ->> 'state') || (w.work ->> 'done'),
		'n' || extract(epoch from coalesce(n.failed_at, n.begun_at))::bigint, '') as view, false as gone, i.authority_id,
       i.state, i.updated_at, row_to_json(x)::text as body
  from import as i
 cross join lateral (select import_work(i.id, i.state) as work, import_nothing(i) as nothing) as w
  left join import_promise as n on n.import_id = i.id and w.work is null
	and (n.move, i.state) in (('APPLY', 'PREVIEWED'), ('UNDO', 'APPLIED'))
 cross join lateral (
	select i.id, i.version, utc(i.created_at) as created_at, utc(i.updated_at) as updated_at, i.authority_id,
	       i.kind, i.valid_on, coalesce(w.work ->> 'state', import_stands(i, w.nothing)) as state, w.work - 'state' as progress,
	       import_not_done(n) as not_done, w.nothing as nothing_to_do, i.encoding, i.columns, i.mapping, i.counts,
	       (select coalesce(json_agg(l order by l.line), '[]')
		  from (select line, action, asset_id, reference, changes, problems from import_line
			 where import_id = i.id order by line limit 1000) as l) as lines,
	       utc(i.applied_at) as applied_at, utc(i.undone_at) as undone_at,
	       json_build_object('self', '/v1/imports/' || i.id, 'apply', '/v1/imports/' || i.id || '/apply',
				 'undo', '/v1/imports/' || i.id || '/undo') as links
       ) as x;

-- An overlay may speak of prices, and its hash could be guessed from: members with FINANCE see it. totals are
-- those of LIKELY; null for whoever may not read the run's figures.
create view item_run with (security_invoker = true) as
select r.id, r.version, case when may.sees then 'f' else 'r' end as view, false as gone,
       r.authority_id, r.tag, r.name, r.as_of_on, r.updated_at,
       case when may.sees then row_to_json(full_item) else row_to_json(x) end::text as body
  from projection_run as r
  left join projection_run_receipt as whole on whole.run_id = r.id and whole.scenario = 'LIKELY' and whole.grouping_by = 'YEAR'
	and whole.filter = ''
 cross join lateral (
	select r.id, r.version, utc(r.created_at) as created_at, utc(r.updated_at) as updated_at, r.authority_id,
	       r.name, r.tag, r.as_of_on, r.valid_on, utc(r.known_at) as known_at, r.year_end_on, r.seed, r.paths, r.position,
	       r.model_version, r.parameters, r.parameters_set, r.parameters_hash, r.parameters_version, whole.body -> 'totals' as totals,
	       json_build_object('self', '/v1/projections/runs/' || r.id,
				 -- Of the run that closes a year most read their own authority's share alone.
				 'receipts', '/v1/projections/receipts?run=' || r.id
					|| case when r.year_end_on is null then '' else '&group_by=YEAR,AUTHORITY' end,
				 'movement', '/v1/projections/movement?from=' || r.id) as links,
	       '["overlay","overlay_hash"]'::json as restricted_fields
       ) as x
 cross join lateral (
	select x.id, x.version, x.created_at, x.updated_at, x.authority_id, x.name, x.tag, x.as_of_on, x.valid_on,
	       x.known_at, x.year_end_on, x.seed, x.paths, x.position, x.model_version, x.parameters, x.parameters_set, x.parameters_hash, x.parameters_version, x.totals, r.overlay,
	       r.overlay_hash, x.links, '[]'::json as restricted_fields
       ) as full_item
 cross join lateral (
	select coalesce(r.authority_id = any ((select actor_in('money'))::text[]), false)
	       or (select actor_everywhere('money')) as sees
       ) as may;
