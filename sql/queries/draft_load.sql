-- draft_load: a draft for whoever came by its link.
-- in:  id text
-- out: one? request_id text, submitted_on date, body text, writer jsonb
select request_id::text, submitted_on, text as body,
       jsonb_strip_nulls(jsonb_build_object('name', name, 'email', email, 'address', address)) as writer
  from representation_draft where id = $1 and expires_at > clock_at()
