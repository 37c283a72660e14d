-- hook_page: events after a position as the actor reads them, in the form that is sent.
--   form: FULL, THIN, CLOUD_FULL, CLOUD_THIN. A FULL one of more than 20 KiB goes as THIN. is_detailed: what filters ask
--   for too; asset_id is the asset that it is of or speaks of, locality_id where that stands.
-- in:  after bigint, upto bigint, form text, most int, is_detailed bool
-- out: many position bigint, id text, type text, subject text, authority_id text?, at text, body text, asset_id text?,
--      locality_id text?, data text?
select e.position, e.id, e.type, e.subject, e.authority_id, utc(e.change_at) as at,
       hook_body(e.body, e.type, e.subject, $3) as body, d.asset_id,
       case when $5 then coalesce(d.data ->> 'locality_id', (select a.locality_id from asset as a where a.id = d.asset_id)) end as locality_id,
       d.data::text as data
  from feed_after($1, $2, '{}', $4) as e
  left join lateral (
	select x.data, case when e.subject like 'ast\_%' then e.subject::text else x.data ->> 'asset_id' end as asset_id
	  from (select hook_data(e.body) as data) as x) as d on $5
 order by e.position
