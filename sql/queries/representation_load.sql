-- representation_load: a representation before an officer does something with it, and whether the one that it is said
--   to repeat is another of the same request.
-- in:  id text, duplicate_of text?
-- out: one? version int, request_id text, request_version int, authority_id text, asset_id text?, row jsonb,
--      has_duplicate bool
select p.version, p.request_id::text, r.version as request_version, p.authority_id::text, r.asset_id::text,
       to_jsonb(p) || jsonb_build_object('is_erased', p.erased_at is not null) as row,
       exists (select from representation as o where o.id = $2 and o.id <> p.id and o.request_id = p.request_id
		and o.mark <> 'DUPLICATE') as has_duplicate
  from representation as p
  join request as r on r.id = p.request_id
 where p.id = $1
