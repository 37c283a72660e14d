-- cpp_partners_put: exactly these partners.
-- in:  cpp_id text, partners text[]
with gone as (
	delete from cpp_partner where cpp_id = $1 and authority_id <> all ($2)
)
insert into cpp_partner (cpp_id, authority_id)
select $1, o from unnest($2) as o
on conflict do nothing
