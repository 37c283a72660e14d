-- hook_event: one event as the actor reads it, in the form that is sent.
-- in:  position bigint, form text
-- out: one? id text, type text, subject text, at text, body text   -- no row: the actor may not read it
select e.id, e.type, e.subject, utc(e.change_at) as at, hook_body(e.body, e.type, e.subject, $2) as body
  from item_event as e
 where e.position = $1
