-- What the actor holds, read through row policies that show everybody their own rows only.
-- Policies and items use these as uncorrelated subqueries, so that each runs once a statement.
set local role assetd_owner;
set local search_path = assetd, public;

-- authority_id null: on every authority.
create or replace view actor_role with (security_invoker = true) as
select authority_id::text as authority_id, role::text as role
  from principal_role
 where principal_id = actor_id();

-- One row when the actor acts for the whole installation, else none.
create or replace view actor_operator with (security_invoker = true) as
select id from principal where id = actor_id() and is_operator;

-- Where the actor reads money: FINANCE, unless the key it came with leaves out money:read.
create or replace view actor_finance with (security_invoker = true) as
select authority_id
  from actor_role
 where role = 'FINANCE'
   and (actor_key() is null
	or exists (select from api_key where id = actor_key() and 'money:read' = any (scopes)));

-- Where the actor reads contacts: ESTATES, unless its key leaves out contacts:read.
create or replace view actor_contacts with (security_invoker = true) as
select authority_id
  from actor_role
 where role = 'ESTATES'
   and (actor_key() is null
	or exists (select from api_key where id = actor_key() and 'contacts:read' = any (scopes)));

-- Authorities that share a partnership with one of the actor's; it is among them.
create or replace view actor_partner with (security_invoker = true) as
select distinct theirs.authority_id::text as authority_id
  from actor_role as mine
  join cpp_partner as ours on ours.authority_id = mine.authority_id
  join cpp_partner as theirs on theirs.cpp_id = ours.cpp_id;
