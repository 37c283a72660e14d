-- copies_unready: which representations, that reached the authority in time and by that day, cannot be copied for the community
--   body yet: nobody has read them, or their text is not without personal data.
-- in:  request_id text, on_day date
-- out: many id text, number int, mark text
select p.id::text, p.number, p.mark::text
  from representation as p
 where p.request_id = $1 and p.kind = 'REPRESENTATION' and p.timing <> 'LATE' and p.received_on <= $2
   and (p.mark = 'UNREAD' or p.mark = 'COUNTED' and p.redacted_text is null)
 order by p.number
 limit 100
