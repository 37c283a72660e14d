-- representation_follow: the representation of a ledger's entry goes with what stands in that entry's place; with the day on which
--   it was received, and what that makes of it, where these were corrected.
-- in:  old_id text, new_id text, received_on date?, timing text?
update representation
   set version = version + 1, event_id = $2, received_on = coalesce($3, received_on), timing = coalesce($4, timing)
 where event_id = $1
