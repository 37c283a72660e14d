-- page_assets: assets that a filter keeps (functions/0065_list.sql), now or as they were on a day as known at a moment, a
--   page after the one named last, by name or, near a point, by distance; hits counts to 1,001.
-- in:  filter jsonb, sort text, after_key text?, after_id text?, rows int, valid_on date?, known_at timestamptz?
-- out: many body text, key text, id text, hits bigint
with found as materialized (
	select id, key, n from asset_found($1, $2, case when $3 is not null then array[$3, $4] end, 1001)
		with ordinality as w (id, key, n) where $6::date is null
	union all
	select id, key, n from asset_found_at($1, $2, case when $3 is not null then array[$3, $4] end, 1001, $6, known_by($7))
		with ordinality as w (id, key, metres, n) where $6::date is not null
), shown as (
	select i.id, i.body from item_asset as i where $6 is null and i.id = any (array(select id from found where n <= $5))
	union all
	select i.id, i.body from asset_items_at(array(select id from found where n <= $5), $6, known_by($7)) as i where $6 is not null
)
select '{"authority_name":' || to_json(o.name)::text
       || ',"is_requested":' || (case when $6 is null
		then exists (select from request as r join request_state as s on s.code = r.state where r.asset_id = a.id and s.is_open)
		else exists (select from fact as r join request_state as s on s.code = r.body ->> 'state' and s.is_open
			      where r.asset_id = a.id and r.part = 'request' and r.valid @> $6 and r.known @> known_by($7)) end)::text
       || ',"distance_m":' || case when $1 ? 'near' then round(f.key::numeric)::text else 'null' end
       || ',"class_label":' || coalesce(to_json(c.label)::text, 'null')
       || ',"item":' || s.body || '}' as body, f.key, a.id, (select count(*) from found) as hits
  from found as f
  join shown as s on s.id = f.id
 cross join lateral (select s.body::json ->> 'class' as class offset 0) as k
  left join asset_class as c on c.code = k.class
  join asset as a on a.id = f.id
  join authority as o on o.id = a.authority_id
 order by f.n
