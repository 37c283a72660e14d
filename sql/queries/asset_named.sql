-- asset_named: the asset of a reference, of an authority or else of the one whose an asset or a request is.
-- in:  reference text, authority_id text?, of_id text?
-- out: one? id text
select a.id::text
  from asset as a
 where a.authority_id = coalesce($2, (select b.authority_id from asset as b where b.id = $3),
				 (select r.authority_id from request as r where r.id = $3))
   and lower(a.reference collate "C") = lower($1 collate "C") and a.removed_at is null
