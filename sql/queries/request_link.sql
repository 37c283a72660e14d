-- request_link: the asset that land turned out to be which was not listed when it was asked for; the request's version
--   is moved beside it. The error given when it has an asset by now, or the asset is gone or of another authority.
-- in:  id text, asset_id text, stale int
-- out: one done bool
with linked as (
	update request as r
	   set asset_id = a.id, published = a.published
	  from asset as a
	 where r.id = $1 and a.id = $2 and r.asset_id is null and a.authority_id = r.authority_id and a.removed_at is null
	returning r.id
)
select must((select count(*) from linked) = 1, $3) as done
