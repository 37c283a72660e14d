-- document_parent: whose the asset or request of a new document is, and whether the document that it is a
--   redacted copy of hangs on the same.
-- in:  asset_id text?, request_id text?, redacts_id text?
-- out: one? authority_id text, gone bool, is_request bool, has_original bool
select p.authority_id::text, p.gone, p.is_request,
       $3 is null or exists (select from document as d where d.id = $3 and d.state = 'STORED'
	and (d.asset_id = any (asset_with_merged(array[$1])) or d.request_id = $2)) as has_original
  from (select authority_id, removed_at is not null as gone, false as is_request from asset where id = $1
	union all
	select authority_id, false, true from request where id = $2) as p
