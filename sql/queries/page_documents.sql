-- page_documents: the documents of an asset or a request, and whether their forms are for this reader; or those that had arrived on
--   a day and were recorded at a moment, as they may be read today.
-- in:  id text, valid_on date?, known_at timestamptz?
-- out: one? gone bool, title text, is_request bool, is_officer bool, body text
select p.gone, p.title, p.is_request,
       $2::date is null and (p.authority_id = any (actor_in('estates')) or actor_everywhere('estates')) as is_officer,
       '[' || coalesce((select string_agg(d.body, ',' order by d.received_on, d.id)
	from item_document as d
       where (d.asset_id = any (asset_with_merged(array[p.id])) or d.request_id = p.id) and not d.gone and d.state = 'STORED'
	 and ($2 is null or d.received_on <= $2 and d.created_at <= known_by($3))), '') || ']' as body
  from (select id::text, authority_id, name as title, removed_at is not null as gone, false as is_request from asset
	 where id = $1 and $2 is null
	union all
	select id::text, authority_id, reference, false, true from request where id = $1 and $2 is null
	union all
	select a.id::text, a.authority_id, i.body::json ->> 'name', i.gone, false
	  from asset_items_at(array[$1], $2, known_by($3)) as i join asset as a on a.id = i.id where $2 is not null
	union all
	select r.id, r.authority_id, r.reference, false, true from request_rows_at(array[$1], $2, known_by($3)) as r where $2 is not null) as p
