-- expired_drop: forget Idempotency-Keys, sessions, tries to sign in, unconfirmed drafts, requests and follows that have ended, letters a month after they were
--   sent or given up, or that have nothing to tell any more, and files that were begun and not finished in two days, at most so many of each.
-- in:  most int
-- out: one done bool
with old_key as (
	delete from idempotency_key as k
	 using (select principal_id, key from idempotency_key where expires_at <= clock_at()
		order by expires_at limit $1) as old
	 where k.principal_id = old.principal_id and k.key = old.key
), old_session as (
	delete from page_session as s
	 using (select hash from page_session where expires_at <= clock_at() order by expires_at limit $1) as old
	 where s.hash = old.hash
), old_try as (
	delete from sign_in_try as t
	 using (select who from sign_in_try where forget_at <= clock_at() order by forget_at limit $1) as old
	 where t.who = old.who
), old_document as (
	delete from document as d
	 using (select id from document where state = 'UPLOADING' and touched_at <= clock_at() - interval '2 days'
		order by touched_at limit $1) as old
	 where d.id = old.id
), old_draft as (
	delete from representation_draft as d
	 using (select id from representation_draft where expires_at <= clock_at() and created_at <= clock_at() - interval '1 day'
		order by expires_at limit $1) as old
	 where d.id = old.id
), old_ask as (
	delete from request_draft as d
	 using (select id from request_draft where expires_at <= clock_at() and created_at <= clock_at() - interval '1 day'
		order by expires_at limit $1) as old
	 where d.id = old.id
), old_follow as (
	delete from follow as f
	 using (select id from follow where confirmed_at is null and expires_at <= clock_at() order by expires_at limit $1) as old
	 where f.id = old.id
), old_mail as (
	delete from mail as m
	 using (select id from mail where ended_at <= clock_at() - interval '30 days' order by ended_at limit $1) as old
	 where m.id = old.id
), no_mail as (
	delete from mail as m
	 using (select w.id from mail as w left join answer_link as l on l.id = w.link_id
		 where w.state = 'WAITING' and w.draft_id is null and w.request_draft_id is null and w.follow_id is null
		   and w.webhook_id is null and w.account_id is null and (l.id is null or l.revoked_at is not null or l.expires_at <= clock_at()) limit $1) as old
	 where m.id = old.id
), left_us as (
	delete from mail as m
	 using (select w.id from mail as w join principal as p on p.id = w.account_id
		 where w.state = 'WAITING' and p.closed_at is not null limit $1) as old
	 where m.id = old.id
), well_again as (
	delete from mail as m
	 using (select u.id from mail as u join webhook as w on w.id = u.webhook_id join webhook_cursor as c on c.webhook_id = w.id
		 where u.state = 'WAITING' and not webhook_is_to_tell(w.has_contact, w.state, c.failing_since, c.warned) limit $1) as old
	 where m.id = old.id
)
select true as done
