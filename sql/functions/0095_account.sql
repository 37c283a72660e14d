-- Signing in by password: who does is not known yet, so these doors, like session_lookup, run with their owner's rights.
set local role assetd_owner;
set local search_path = assetd, public;

-- Count a try before anything is looked at, so that many at the same moment are no more than one after another. Four are free,
-- then each waits for twice as long as the one before, a quarter of an hour at most; after a day without one they are forgotten.
-- Whether there is such an address makes no difference to it.
-- factor: of a second one that is on.
drop function if exists sign_in_begin(bytea, text);
create function sign_in_begin(who bytea, email text)
	returns table (wait_s int, principal_id text, key_prefix text, password text, factor text)
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_column
declare
	counted int;
begin
	insert into sign_in_try as t (who, tries, next_at, forget_at)
	values (sign_in_begin.who, 1, clock_at(), clock_at() + interval '1 day')
	on conflict (who) do update
	   set tries = case when t.forget_at <= clock_at() then 1 else least(t.tries + 1, 1000) end,
	       next_at = case when t.forget_at <= clock_at() or t.tries < 4 then clock_at()
			else clock_at() + least(interval '1 second' * 2 ^ least(t.tries - 4, 20), interval '15 minutes') end,
	       forget_at = clock_at() + interval '1 day'
	 where t.next_at <= clock_at()
	returning tries into counted;
	if counted is null then
		return query select greatest(1, ceil(extract(epoch from t.next_at - clock_at())))::int, null::text, null::text, null::text, null::text
			  from sign_in_try as t where t.who = sign_in_begin.who;
		return;
	end if;
	return query select 0, a.principal_id::text, k.prefix, a.password, case when a.factor_on then a.factor end
		  from (select) as one
		  left join account as a on lower(a.email) = lower(sign_in_begin.email)
			and exists (select from principal as p where p.id = a.principal_id and p.closed_at is null)
		  left join api_key as k on k.id = a.key_id;
end
$$;

-- It was the one whose address it is: what was counted is forgotten.
create or replace function sign_in_end(who bytea) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	delete from sign_in_try as t where t.who = sign_in_end.who;
	return true;
end
$$;

-- Whose account a link sets the password of, while it does.
create or replace function account_link(link bytea)
	returns table (principal_id text, name text, email text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select a.principal_id, p.name, a.email
	  from account as a
	  join principal as p on p.id = a.principal_id
	 where a.link = account_link.link and a.link_expires_at > clock_at() and p.closed_at is null
$$;

-- Set a password by a link, once: the link ends, and all sessions of the account do, and a second factor, which may be what was lost
-- (error 42: it sets none any more).
create or replace function account_link_use(link bytea, password text) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_column
declare
	mine text;
begin
	update account as a set password = account_link_use.password, password_set_at = clock_at(), link = null, link_expires_at = null,
		factor = null, factor_on = false, factor_step = 0
	 where a.link = account_link_use.link and a.link_expires_at > clock_at()
	   and exists (select from principal as p where p.id = a.principal_id and p.closed_at is null)
	returning a.principal_id into mine;
	perform must(mine is not null, 42);
	delete from page_session as s where s.principal_id = mine;
	delete from account_recovery as r where r.principal_id = mine;
	return true;
end
$$;
