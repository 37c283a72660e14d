-- import_failed: that what was promised of an import has failed, and why.
-- in:  id text, move text, request text, problem text, title text
insert into import_promise (import_id, authority_id, move, request, failed_at, problem, title)
select i.id, i.authority_id, $2, $3, clock_at(), $4, $5 from import as i where i.id = $1
on conflict (import_id) do update
	set move = excluded.move, request = excluded.request, failed_at = excluded.failed_at, problem = excluded.problem, title = excluded.title,
	    begun_at = case when import_promise.request = excluded.request then import_promise.begun_at else excluded.begun_at end
