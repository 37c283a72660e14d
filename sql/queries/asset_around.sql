-- asset_around: what a new asset must fit, of what its sender names.
-- in:  authority_id text, cpp_id text?, locality_id text?, data_zone text?, owners text[], reference text?,
--      part_of text?
-- out: one has_authority bool, has_cpp bool, has_locality bool, only_cpp_id text?, zone_decile int,
--      unknown_owner text?, duplicate_id text?, has_whole bool
select exists (select from authority where id = $1) as has_authority,
       exists (select from cpp where id = $2) as has_cpp,
       exists (select from locality where id = $3) as has_locality,
       cpp_of($1) as only_cpp_id, decile_of($4) as zone_decile,
       (select o from unnest($5) as o where not exists (select from authority where id = o) limit 1) as unknown_owner,
       (select a.id::text from asset as a
	 where a.authority_id = $1 and lower(a.reference collate "C") = lower($6 collate "C") and a.removed_at is null) as duplicate_id,
       exists (select from asset as w where w.id = $7 and w.authority_id = $1 and w.removed_at is null) as has_whole
