-- projector_changed: the assets that the next changes of the feed are about, as they are now; one
--   that may no longer produce a receipt says so.
-- in:  after bigint, upto bigint
-- out: many id text, model_id bigint, gone bool, lead text, cpp text?, locality text?, class text, decile int,
--      has_receipt bool, input jsonb
with told as (
	select distinct f.subject from feed as f where f.position > $1 and f.position <= $2
)
select id, model_id, gone, lead, cpp, locality, class, decile, has_receipt, input from projection_input
 where id = any (array(
	select subject from told where subject like 'ast\_%'
	union
	select r.asset_id from request as r where r.asset_id is not null
	   and r.id = any (array(select subject from told where subject like 'atr\_%'))))
