-- account_insert: an account, its password to be set by a link within so many days; without one by that of a letter.
-- in:  id text, key_id text, email text, link bytea?, days int
insert into account (principal_id, key_id, email, link, link_expires_at)
values ($1, $2, $3, $4, case when $4 is not null then clock_at() + make_interval(days => $5) end)
