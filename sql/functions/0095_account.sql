-- Signing in by password: who does is not known yet, so these doors, like session_lookup, run with their owner's rights.
set local role assetd_owner;
set local search_path = assetd, public;

-- How long the next try waits after so many.
create or replace function sign_in_wait(tries int) returns interval
	language sql immutable parallel safe
	return case when tries < 5 then interval '0' else least(interval '1 second' * 2 ^ least(tries - 5, 20), interval '15 minutes') end;

-- Count a try before anything is looked at, so that many at the same moment are no more than one after another. Four are free,
-- then each waits for twice as long as the one before, a quarter of an hour at most; after a day without one they are forgotten.
-- Whether there is such an address makes no difference to it. An address is an account's in other cases of A to Z alone: of more that
-- ICU thinks alike (the sign of kelvin is a k) each would be counted by itself.
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
	-- A clock that was set back makes nobody wait for longer.
	update sign_in_try as t set next_at = clock_at() + sign_in_wait(t.tries)
	 where t.who = sign_in_begin.who and t.next_at > clock_at() + sign_in_wait(t.tries);
	insert into sign_in_try as t (who, tries, next_at, forget_at)
	values (sign_in_begin.who, 1, clock_at(), clock_at() + interval '1 day')
	on conflict (who) do update
	   set tries = case when t.forget_at <= clock_at() then 1 else least(t.tries + 1, 1000) end,
	       next_at = clock_at() + case when t.forget_at <= clock_at() then interval '0' else sign_in_wait(t.tries + 1) end,
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
		  left join account as a on lower(a.email) = lower(sign_in_begin.email) and not a.is_closed
			and lower(a.email collate "C") = lower(sign_in_begin.email collate "C")
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

-- Set a password by a link, once: the link ends, and all sessions of the account do; and, by a link that was made for its owner, a
-- second factor, which may be what was lost: whoever reads the owner's letters can ask for the other kind (error 42: it sets none any more).
-- The letter that brought it has arrived, whatever its sender knows of that by now, and is not sent again.
create or replace function account_link_use(link bytea, password text) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_column
declare
	mine   text;
	is_own boolean;
begin
	select a.principal_id, a.link_is_own into mine, is_own from account as a
	 where a.link = account_link_use.link and a.link_expires_at > clock_at() and not a.is_closed for update;
	perform must(mine is not null, 42);
	update account as a set password = account_link_use.password, password_set_at = clock_at(), link = null, link_expires_at = null,
		factor = case when is_own then a.factor end, factor_on = a.factor_on and is_own, factor_step = case when is_own then a.factor_step else 0 end
	 where a.principal_id = mine;
	delete from page_session as s where s.principal_id = mine;
	delete from account_recovery as r where r.principal_id = mine and not is_own;
	delete from mail as m where m.account_id = mine and m.state = 'WAITING';
	return true;
end
$$;

-- Does the actor look after this account? Only an operator does after one.
create or replace function account_is_managed(account text) returns boolean
	language sql stable
	return exists (select from assetd.principal as p where p.id = account and (actor_is_operator()
		or not p.is_operator and (p.authority_id = any (actor_in('admin')) or actor_everywhere('admin'))));

-- May it more than the actor could give: has it a role where the actor looks after nobody? Who could sign in to it would have gained
-- that. With its owner's rights, since such roles are nobody's to see who has none there.
create or replace function account_is_beyond(account text) returns boolean
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select not actor_is_operator() and (
		exists (select from principal as p where p.id = account and p.is_operator)
		or not actor_everywhere('admin') and exists (select from principal_role as r
			where r.principal_id = account and (r.authority_id = any (actor_in('admin'))) is not true))
$$;

-- A letter that brings a link to an account's owner, of which at most one waits: INVITE, or RESET by who looks after them (error 31:
-- not the actor). It holds no link yet. One that waits to be tried again goes now, and is as new: it has not failed as often as that.
create or replace function account_letter(account text, letter text, what text) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	perform must(account_is_managed(account) and not account_is_beyond(account) and what in ('INVITE', 'RESET'), 31);
	insert into mail as m (id, kind, account_id) values (letter, what, account)
	on conflict (account_id) where account_id is not null and state = 'WAITING'
		do update set kind = excluded.kind, due_at = excluded.due_at, due_from = excluded.due_from, attempts = 0, error = null;
	return true;
end
$$;

-- Somebody says that the password of an address was forgotten: its owner is sent a link, three a day at most. Whether there is such
-- an account, and whether a letter goes, makes no difference to what is answered, nor that one row is written. who: HMAC of the address.
create or replace function account_forgotten(who bytea, email text, letter text) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_variable
declare
	counted int;
begin
	insert into sign_in_try as t (who, tries, next_at, forget_at) values (who, 1, clock_at(), clock_at() + interval '1 day')
	on conflict on constraint sign_in_try_pkey do update
	   set tries = case when t.forget_at <= clock_at() then 1 else least(t.tries + 1, 1000) end,
	       forget_at = case when t.forget_at <= clock_at() then clock_at() + interval '1 day' else least(t.forget_at, clock_at() + interval '1 day') end
	returning tries into counted;
	insert into mail (id, kind, account_id)
	select letter, 'FORGOTTEN', a.principal_id from account as a
	 where lower(a.email) = lower(email) and lower(a.email collate "C") = lower(email collate "C") and not a.is_closed and counted <= 3
	on conflict (account_id) where account_id is not null and state = 'WAITING' do nothing;
	return true;
end
$$;

-- The letter goes to that address, which is still the account's: from here on its link is the one that sets the password. For the
-- sender of letters, who alone knows the token.
drop function if exists account_letter_begin(text, bytea, int);
create or replace function account_letter_begin(letter text, email text, link bytea, days int) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_column
begin
	update account as a set link = account_letter_begin.link, link_expires_at = clock_at() + make_interval(days => days),
		link_is_own = m.kind = 'FORGOTTEN'
	  from mail as m
	 where m.id = letter and m.state = 'WAITING' and a.principal_id = m.account_id and not a.is_closed and a.email = account_letter_begin.email;
	return found;
end
$$;

-- End what is open of an account: its SESSIONS, or its second FACTOR (error 31: not the actor's to end).
create or replace function account_out(account text, what text) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	perform must(account_is_managed(account) and (what = 'SESSIONS' or not account_is_beyond(account)), 31);
	if what = 'SESSIONS' then
		delete from page_session as s where s.principal_id = account;
	else
		update account as a set factor = null, factor_on = false, factor_step = 0 where a.principal_id = account;
		delete from account_recovery as r where r.principal_id = account;
	end if;
	return true;
end
$$;

-- At how many browsers an account is signed in, for who looks after it.
create or replace function account_browsers(account text) returns bigint
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select count(*) from page_session as s where s.principal_id = account and account_is_managed(account)
		and s.expires_at > clock_at() and s.seen_at > clock_at() - interval '30 minutes'
$$;

-- How far somebody is: ACTIVE once a password was set; INVITED while a link sets one; else without either.
create or replace function account_state(password_set_at timestamptz, link_expires_at timestamptz) returns text
	language sql stable parallel safe
	return case when password_set_at is not null then 'ACTIVE' when link_expires_at > clock_at() then 'INVITED' else 'UNINVITED' end;
