-- extension_load: by which link of a request a letter can bring an offer, as it works for some days yet; null: a new one is needed.
-- in:  request_id text
-- out: one? link_id text?
select (select l.id::text from answer_link as l where l.request_id = r.id and l.revoked_at is null and l.expires_at > clock_at() + interval '7 days') as link_id
  from request as r where r.id = $1
