-- hook_page: events after a position as the actor reads them, in the form that is sent.
--   form: FULL, THIN, CLOUD_FULL, CLOUD_THIN. A FULL one of more than 20 KiB goes as THIN.
-- in:  after bigint, upto bigint, form text, most int
-- out: many position bigint, id text, type text, subject text, authority_id text?, at text, body text
select e.position, e.id, e.type, e.subject, e.authority_id, e.change_at::text as at,
       hook_body(e.body, e.type, e.subject, $3) as body
  from item_event as e
 where e.position > $1 and e.position <= $2
 order by e.position
 limit $4
