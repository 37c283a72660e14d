-- draft_insert: what somebody sent by the form, until its address is confirmed, and the letter that asks for that.
--   A request that is not everybody's takes none; one that was sent already, by its id, is not sent again.
--   network: of the sender, by which drafts are counted (0113).
-- in:  id text, request_id text, body text, writer jsonb, days int, mail_id text, ticket text, network bytea
-- out: one done bool
with made as (
	insert into representation_draft (id, authority_id, request_id, published, expires_at, text, name, email, address, network)
	select $1, r.authority_id, r.id, r.published, clock_at() + make_interval(days => $5), $3, w.name, w.email, w.address, $8
	  from request as r, jsonb_to_record($4) as w (name text, email text, address text)
	 where r.id = $2 and r.published
	on conflict do nothing
), asked as (
	insert into mail (id, authority_id, kind, draft_id, ticket)
	select $6, r.authority_id, 'CONFIRM', $1, $7 from request as r where r.id = $2 and r.published
	on conflict do nothing
)
select must(exists (select from request as r where r.id = $2 and r.published), 50) as done
