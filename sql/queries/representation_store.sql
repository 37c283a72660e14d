-- representation_store: a representation as it is after an officer's act; the error given when it has moved. What was
--   erased of it is gone from representation_original.
-- in:  id text, seen int, row jsonb, stale int
-- out: one done bool
with moved as (
	update representation as p
	   set version = p.version + 1, mark = x.mark, mark_reasons = x.mark_reasons, duplicate_of = x.duplicate_of,
	       marked_by = case when p.mark is distinct from x.mark then actor_id() else p.marked_by end,
	       marked_at = case when p.mark is distinct from x.mark then clock_at() else p.marked_at end,
	       redacted_text = x.redacted_text,
	       redacted_by = case when p.redacted_text is distinct from x.redacted_text then actor_id() else p.redacted_by end,
	       redacted_at = case when p.redacted_text is distinct from x.redacted_text then clock_at() else p.redacted_at end,
	       shown = coalesce(x.shown, false),
	       shown_at = case when not coalesce(x.shown, false) then null else coalesce(p.shown_at, clock_at()) end,
	       withheld_reasons = x.withheld_reasons,
	       erased_at = case when x.is_erased then coalesce(p.erased_at, clock_at()) end
	  from jsonb_to_record($3) as x (mark text, mark_reasons text, duplicate_of text, redacted_text text, shown boolean,
		withheld_reasons text, is_erased boolean)
	 where p.id = $1 and p.version = $2
	returning p.id, p.erased_at
), erased as (
	delete from representation_original as o using moved where o.representation_id = moved.id and moved.erased_at is not null
)
select must((select count(*) from moved) = 1, $4) as done
