-- projector_told: a span of the feed, in order, and the asset that each change is about.
-- in:  after bigint, upto bigint
-- out: many position bigint, change_id text, subject text, asset_id text?
select f.position, f.change_id, f.subject,
       case when f.subject like 'ast\_%' then f.subject::text
	    when f.subject like 'atr\_%' then (select r.asset_id::text from request as r where r.id = f.subject) end as asset_id
  from feed as f where f.position > $1 and f.position <= $2
 order by f.position
