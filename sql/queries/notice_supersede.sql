-- notice_supersede: the notice whose place another takes: of the same act, or an earlier decision notice.
-- in:  id text
update notice as old
   set version = old.version + 1, superseded_by = new.id
  from notice as new
 where new.id = $1 and old.request_id = new.request_id and old.id <> new.id and old.state = 'ISSUED' and old.superseded_by is null
   and old.code = new.code and (old.event_id = new.event_id or new.code = 'N7')
