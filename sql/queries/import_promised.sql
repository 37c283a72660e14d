-- import_promised: that somebody was told of an import that it goes on; nothing where its failure is kept already.
-- in:  id text, move text, request text
insert into import_promise (import_id, authority_id, move, request)
select i.id, i.authority_id, $2, $3 from import as i where i.id = $1
on conflict (import_id) do update
	set move = excluded.move, request = excluded.request, begun_at = excluded.begun_at, failed_at = null, problem = null, title = null
	where import_promise.request <> excluded.request
