-- notice_discard: a draft is there no more; the error given when it has moved, that of what stays when it was issued meanwhile.
--   The request's row is the caller's by then, so that this sees what another did just before.
-- in:  id text, seen int, stale int
-- out: one done bool
with gone as (
	delete from notice where id = $1 and version = $2 and state = 'DRAFT' returning id
)
select must((select count(*) from gone) = 1,
	    case when exists (select from notice where id = $1 and state = 'ISSUED') then 85 else $3 end) as done
