-- setting_load: what an authority has settled; version 0: nothing yet.
-- in:  authority_id text
-- out: one? version int, fields jsonb?
select coalesce(s.version, 0) as version, to_jsonb(s) as fields
  from authority as a left join authority_setting as s on s.authority_id = a.id where a.id = $1
