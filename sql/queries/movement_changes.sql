-- movement_changes: what the feed tells of assets between two positions, by the code of a movement that it may have
--   caused; of each the newest 20. A completion goes by a correction of its request. Parameters are
--   those of the model and of the body that leads the asset. A date (ROLL) is nobody's change.
-- in:  asset_ids text[], after bigint, upto bigint
-- out: many asset_id text, code text, changes json
with cause (code, type) as (
	values ('ASSET', 'asset.updated'), ('OWN', 'asset.updated'), ('VALN', 'asset.valued'), ('PLAN', 'plan.%'),
	       ('REQ', 'request.%'), ('DONE', 'asset.disposed'), ('DONE', 'request.corrected'), ('NEW', 'asset.created'),
	       ('NEW', 'asset.valued'), ('NEW', 'plan.%'), ('NEW', 'request.%'), ('NEW', 'asset.disposed'), ('DEL', 'asset.removed'), ('DEL', 'plan.%'), ('DEL', 'request.%'),
	       ('PARM', 'parameters.changed')
), told as (
	select a.id as asset_id, f.position, f.subject, f.change_id, f.type, f.change_at
	  from unnest($1) as a (id)
	 cross join lateral (select a.id as subject union all select r.id from request as r where r.asset_id = a.id
		 union all select 'par_00000000000000000000000000'
		 union all select 'par_' || substr(x.authority_id, 5) from asset as x where x.id = a.id) as s
	  join feed as f on f.subject = s.subject and f.position > $2 and f.position <= $3
), numbered as (
	select t.*, c.code, row_number() over (partition by t.asset_id, c.code order by t.position desc) as number
	  from told as t join cause as c on t.type like c.type
)
select asset_id, code,
       json_agg(json_build_object('id', change_id, 'type', type, 'at', utc(change_at), 'subject', subject) order by position) as changes
  from numbered where number <= 20
 group by asset_id, code
