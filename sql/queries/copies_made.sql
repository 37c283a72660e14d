-- copies_made: the community body is sent what counts and is redacted of a request's representations received by that day.
-- in:  request_id text, on_day date
update representation as p
   set version = p.version + 1, copied_at = clock_at()
 where p.request_id = $1 and p.kind = 'REPRESENTATION' and p.mark = 'COUNTED' and p.redacted_text is not null
   and p.received_on <= $2 and p.copied_at is null
