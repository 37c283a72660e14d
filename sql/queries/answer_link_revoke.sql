-- answer_link_revoke: the link of a request by which the community body answers works no longer; the error given when there
--   is none and there had to be one (0: there had not).
-- in:  request_id text, none int
-- out: one done bool
with ended as (
	update answer_link set revoked_at = clock_at() where request_id = $1 and revoked_at is null returning 1
)
select $2 = 0 or must((select count(*) from ended) = 1, $2) as done
