-- page_requests_found: requests in whose reference, community body or asset, or the words for land that is not listed, every word
--   is found, newest first.
-- in:  words text, rows int
-- out: many body text
select '{"community_body_name":' || to_json(b.name)::text
       || ',"asset_name":' || to_json(coalesce(a.name, r.land ->> 'description', ''))::text
       || ',"authority_name":' || to_json(u.name)::text || ',"id":' || to_json(r.id)::text || ',"reference":' || to_json(r.reference)::text
       || ',"state":' || to_json(r.state)::text || '}' as body
  from request as r
  join community_body as b on b.id = r.community_body_id
  join authority as u on u.id = r.authority_id
  left join asset as a on a.id = r.asset_id
 where lower(r.reference) || ' ' || b.search || ' ' || coalesce(a.search, '') || ' '
       || coalesce(plain(r.land ->> 'description'), '') like all ((select word_patterns($1))::text[])
 order by r.reference_year desc, r.reference_number desc, r.id
 limit $2
