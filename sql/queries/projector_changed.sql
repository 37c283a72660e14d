-- projector_changed: the assets that the next changes of the feed are about, as they are now; one
--   that may no longer produce a receipt says so. ahead: further changes about it that are in what is
--   read and not in this span of the feed, nor before it, separated by blanks.
-- in:  after bigint, upto bigint
-- out: many id text, model_id bigint, gone bool, lead text, cpp text?, locality text?, class text, decile int,
--      has_receipt bool, input jsonb, ahead text
with told as (
	select distinct f.subject from feed as f where f.position > $1 and f.position <= $2
)
select i.id, i.model_id, i.gone, i.lead, i.cpp, i.locality, i.class, i.decile, i.has_receipt, i.input, a.ahead
  from projection_input as i
 cross join lateral (
	select coalesce(string_agg(c.id, ' ' order by c.xid, c.id), '') as ahead
	  from (select i.id::text as subject union all select r.id from request as r where r.asset_id = i.id) as s
	  left join lateral (select f.subject_seq as seq from feed as f where f.subject = s.subject and f.position <= $2
			      order by f.subject_seq desc limit 1) as known on true
	  join change as c on c.subject = s.subject and c.subject_seq > coalesce(known.seq, 0)
	   and c.at > clock_at() - interval '1 day'
	) as a
 where i.id = any (array(
	select subject from told where subject like 'ast\_%'
	union
	select r.asset_id from request as r where r.asset_id is not null
	   and r.id = any (array(select subject from told where subject like 'atr\_%'))))
