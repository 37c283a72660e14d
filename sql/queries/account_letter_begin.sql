-- account_letter_begin: the letter with that id goes, and the hash of its link's token is the account's from here on, for so many days; by
--   the holder of the lease with that fence. is_there: there is still somebody to write to.
-- in:  fence bigint, id text, email text, link bytea, days int
-- out: one is_there bool
select case when exists (select from lease as l where l.name = 'mail' and l.fence = $1)
	then account_letter_begin($2, $3, $4, $5) else false end as is_there
