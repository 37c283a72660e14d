-- What whoever makes a key may give. With its owner's rights, since a rule of a table cannot ask that table.
set local role assetd_owner;
set local search_path = assetd, public;

-- Has the key in use all of that, for as long, and may it make keys? None that is made may: it would go on by others when it is ended.
create or replace function key_is_within(scopes text[], expires_at timestamptz) returns boolean
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select not key_is_within.scopes && '{keys:write,*}' and exists (select from api_key as k
		where k.id = actor_key() and k.principal_id = actor_id() and k.revoked_at is null and k.scopes && '{keys:write,*}'
		  and ('*' = any (k.scopes) or key_is_within.scopes <@ k.scopes)
		  and (k.expires_at is null or key_is_within.expires_at <= k.expires_at))
$$;
