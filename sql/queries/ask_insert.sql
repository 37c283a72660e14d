-- ask_insert: what somebody asks for by the form, until its address is confirmed, and the letter that asks for that. authority_id: of
--   land that is not listed. What was sent already, by its id, is not sent again. What is not everybody's, or is no more, cannot be asked for by it.
--   network: of the sender, by which drafts are counted (0113).
-- in:  id text, asset_id text?, authority_id text?, request_id text, form jsonb, days int, mail_id text, ticket text, network bytea
-- out: one done bool
with whose as (
	select coalesce(a.authority_id, u.id)::text as authority_id, coalesce(a.lifecycle = 'DISPOSED', false) as is_disposed
	  from (values ($2, $3)) as v (asset_id, authority_id)
	  left join asset as a on a.id = v.asset_id and a.published and a.removed_at is null
	  left join authority as u on u.id = v.authority_id and v.asset_id is null
	 where a.id is not null or u.id is not null
), made as (
	insert into request_draft (id, authority_id, asset_id, request_id, expires_at, email, form, network)
	select $1, w.authority_id, $2, $4, clock_at() + make_interval(days => $6), $5 ->> 'email', $5, $9
	  from whose as w where not w.is_disposed
	on conflict do nothing
), asked as (
	insert into mail (id, authority_id, kind, request_draft_id, ticket)
	select $7, w.authority_id, 'CONFIRM', $1, $8 from whose as w where not w.is_disposed
	on conflict do nothing
)
select must(exists (select from whose), 40) and must(not (select w.is_disposed from whose as w), 58) as done
