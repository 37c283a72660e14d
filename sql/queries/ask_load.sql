-- ask_load: what somebody asked for, for whoever came by the link of its letter. body_id: the body that its authority knows by that
--   name and address.
-- in:  id text
-- out: one? request_id text, authority_id text, asset_id text?, submitted_on date, form jsonb, body_id text?
select request_id::text, authority_id::text, asset_id::text, submitted_on, form, ask_body(id) as body_id
  from request_draft where id = $1 and expires_at > clock_at()
