-- representation_load: a representation before an officer does something with it, and whether the one that it is said
--   to repeat is another of the same request; whether a text still tells where its writer is reached.
-- in:  id text, duplicate_of text?, redacted text?
-- out: one? version int, request_id text, request_version int, authority_id text, asset_id text?, row jsonb,
--      has_duplicate bool, tells_writer bool
select p.version, p.request_id::text, r.version as request_version, p.authority_id::text, r.asset_id::text,
       to_jsonb(p) || jsonb_build_object('is_erased', p.erased_at is not null) as row,
       exists (select from representation as o where o.id = $2 and o.id <> p.id and o.request_id = p.request_id
		and o.mark <> 'DUPLICATE') as has_duplicate,
       exists (select from representation_original as w cross join unnest(array[w.email, w.address]) as said (one)
		where w.representation_id = p.id and said.one ~ '[0-9@]'
		  and position(lower(regexp_replace(btrim(said.one), '[\s,]+', ' ', 'g'))
			in lower(regexp_replace($3, '[\s,]+', ' ', 'g'))) > 0) as tells_writer
  from representation as p
  join request as r on r.id = p.request_id
 where p.id = $1
