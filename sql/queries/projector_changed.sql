-- projector_changed: the assets that the next changes of the feed are about, as they are now; one
--   that may no longer produce a receipt says so. ahead: further changes about it that are in what is
--   read and not in this span of the feed, nor before it, separated by blanks.
--   `offset 0` keeps each asset a probe by its key: as `id = any (…)`, planned once and for all while the register was
--   small, it read the whole register, and compared each asset with each that changed, for as long as a list was loaded.
-- in:  after bigint, upto bigint
-- out: many id text, model_id bigint, gone bool, lead text, cpp text?, locality text?, class text, decile int,
--      has_receipt bool, input jsonb, is_valued_openly bool, ahead text
with told as (
	select distinct f.subject from feed as f where f.position > $1 and f.position <= $2
), touched as (
	select subject::text as id from told where subject like 'ast\_%'
	union
	select q.asset_id::text from told
	 cross join lateral (select r.asset_id from request as r where r.id = told.subject and r.asset_id is not null offset 0) as q
	 where told.subject like 'atr\_%'
)
select i.id, i.model_id, i.gone, i.lead, i.cpp, i.locality, i.class, i.decile, i.has_receipt, i.input, i.is_valued_openly, a.ahead
  from touched as t
 cross join lateral (select * from projection_input as p where p.id = t.id offset 0) as i
 cross join lateral (
	select coalesce(string_agg(c.id, ' ' order by c.xid, c.id), '') as ahead
	  from (select i.id::text as subject union all select r.id from request as r where r.asset_id = i.id) as s
	  left join lateral (select f.subject_seq as seq from feed as f where f.subject = s.subject and f.position <= $2
			      order by f.subject_seq desc limit 1) as known on true
	  join change as c on c.subject = s.subject and c.subject_seq > coalesce(known.seq, 0)
	   and c.at > clock_at() - interval '1 day'
	) as a
