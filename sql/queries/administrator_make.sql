-- administrator_make: the principal who may do everything everywhere, made when it is not there, and a key for it.
-- as:  owner
-- in:  principal_id text, key_id text, prefix text, hash bytea
-- out: one principal_id text, expires_at timestamptz
with old as (
	select id from principal
	 where name = 'Administrator' and is_operator and authority_id is null and closed_at is null
	 order by id limit 1
), made as (
	insert into principal (id, name, is_operator)
	select $1, 'Administrator', true where not exists (select from old)
	returning id
), it as (
	select id from old union all select id from made
), roles as (
	insert into principal_role (principal_id, authority_id, role)
	select it.id, null, r from it, unnest('{VIEWER,ESTATES,DECIDER,FINANCE,ADMIN}'::text[]) as r
	on conflict do nothing
)
insert into api_key (id, principal_id, name, prefix, hash, scopes, expires_at)
select $2, it.id, 'assetd admin-key', $3, $4, '{*}', clock_at() + interval '365 days' from it
returning principal_id, expires_at
