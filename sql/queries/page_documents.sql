-- page_documents: the documents of an asset or a request, and whether their forms are for this reader.
-- in:  id text
-- out: one? gone bool, title text, is_request bool, is_officer bool, body text
select p.gone, p.title, p.is_request,
       p.authority_id = any (actor_in('estates')) or actor_everywhere('estates') as is_officer,
       '[' || coalesce((select string_agg(d.body, ',' order by d.received_on, d.id)
	from item_document as d
       where (d.asset_id = any (asset_with_merged(array[p.id])) or d.request_id = p.id) and not d.gone and d.state = 'STORED'), '') || ']' as body
  from (select id::text, authority_id, name as title, removed_at is not null as gone, false as is_request from asset where id = $1
	union all
	select id::text, authority_id, reference, false, true from request where id = $1) as p
