-- extension_end: the offer that waits for an answer ends so. until_on: of this day alone, as that is what was answered; null: whichever.
--   none: the error given when there is none and there had to be one (0: there had not).
-- in:  request_id text, until_on date?, state text, none int
-- out: one done bool
with ended as (
	update extension_offer set state = $3, ended_at = clock_at()
	 where request_id = $1 and state = 'OPEN' and coalesce(until_on = $2, true)
	returning 1
)
select $4 = 0 or must((select count(*) from ended) = 1, $4) as done
