-- Who acts, and the doors of those who are not known yet. These are `security definer`, as are a few elsewhere, each of which says why;
-- tests/integration/sql_structure.test.mjs holds the list of all. Each pins its search_path and shows no
-- more than its comment says.
set local role assetd_owner;
set local search_path = assetd, public;

-- Begin a batch: who acts, by which key, when. Besides what it is told it sets where the actor
-- holds which role, so that policies compare with a list instead of asking principal_role for
-- each table of a statement (asking made a plan of one item take 8 ms; see DECISIONS 7):
--   assetd.member   authorities on which the actor holds any role; '*' is every one
--   assetd.estates, .decider, .finance, .admin   … holds that role
--   assetd.money, .contacts   … may be shown these, by the role and the scopes of the key
--   assetd.operator 'yes' for those who act for the installation
--   assetd.link     the request that the bearer of a link may do what it is for with
--   assetd.asks     its authority, of a community body's own link, or of what it would ask for
-- All are local to the transaction. A role that could set them could as well say that it is
-- somebody else, so they are as good as the principal's name.
create or replace function actor_set(principal text, key text, request text, at timestamptz, today date) returns void
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	held   record;
	scopes text[];
	link   text;
	asks   text;
begin
	perform set_config('assetd.principal', coalesce(principal, ''), true),
		set_config('assetd.key', coalesce(key, ''), true),
		set_config('assetd.request', coalesce(request, ''), true),
		set_config('assetd.now', at::text, true),
		set_config('assetd.today', today::text, true);
	if coalesce(principal, '') <> '' then
		select coalesce(array_agg(distinct coalesce(authority_id::text, '*')), '{}') as member,
		       coalesce(array_agg(coalesce(authority_id::text, '*')) filter (where role = 'ESTATES'), '{}') as estates,
		       coalesce(array_agg(coalesce(authority_id::text, '*')) filter (where role = 'DECIDER'), '{}') as decider,
		       coalesce(array_agg(coalesce(authority_id::text, '*')) filter (where role = 'FINANCE'), '{}') as finance,
		       coalesce(array_agg(coalesce(authority_id::text, '*')) filter (where role = 'ADMIN'), '{}') as admin
		  into held from principal_role as r
		 -- Who has left holds nothing any more, also where no key is asked for (webhooks).
		 where r.principal_id = principal and not exists (select from principal as p
			where p.id = r.principal_id and p.closed_at is not null);
		select k.scopes into scopes from api_key as k where k.id = key and k.principal_id = principal;
		if scopes is null and coalesce(key, '') <> '' then
			scopes := '{}'; -- a key that is not there shows nothing
		end if;
		-- Who comes by a link is nobody but may do the one thing that it is for. Asked for where it may be: as one expression with
		-- everybody else's it was planned anew each time.
		if left(principal, 4) = 'rpd_' then
			link := (select d.request_id from representation_draft as d where d.id = principal and d.expires_at > at);
		elsif left(principal, 4) = 'anl_' then
			select l.request_id, l.authority_id into link, asks from answer_link as l
			 where l.id = principal and l.revoked_at is null and l.expires_at > at;
		elsif left(principal, 4) = 'rqd_' then
			select d.request_id, d.authority_id into link, asks from request_draft as d
			 where d.id = principal and d.expires_at > at;
		end if;
		if asks is not null then
			perform set_config('assetd.asks', asks, true);
		end if;
		perform set_config('assetd.link', coalesce(link, ''), true);
		perform set_config('assetd.member', held.member::text, true),
			set_config('assetd.estates', held.estates::text, true),
			set_config('assetd.decider', held.decider::text, true),
			set_config('assetd.finance', held.finance::text, true),
			set_config('assetd.admin', held.admin::text, true),
			set_config('assetd.money', case when scopes is null or scopes && '{money:read,*}'
				then held.finance::text else '' end, true),
			set_config('assetd.contacts', case when scopes is null or scopes && '{contacts:read,*}'
				then held.estates::text else '' end, true),
			set_config('assetd.operator', case when exists (select from principal as p
				where p.id = principal and p.is_operator and p.closed_at is null) then 'yes' else '' end, true);
	elsif coalesce(nullif(current_setting('assetd.member', true), ''),
			nullif(current_setting('assetd.operator', true), '')) is not null then
		raise exception 'one transaction, one actor' using errcode = 'invalid_transaction_state';
	end if;
end
$$;

-- Where the actor holds what; '*' is everywhere. See actor_set.
create or replace function actor_in(what text) returns text[]
	language sql stable parallel safe
	return coalesce(nullif(current_setting('assetd.' || what, true), ''), '{}')::text[];

create or replace function actor_everywhere(what text) returns boolean
	language sql stable parallel safe
	return '*' = any (coalesce(nullif(current_setting('assetd.' || what, true), ''), '{}')::text[]);

create or replace function actor_is_operator() returns boolean
	language sql stable parallel safe
	return coalesce(current_setting('assetd.operator', true) = 'yes', false);

-- A key by its prefix, with its principal and all that holds: what authentication compares.
-- grants: [{"authority_id": … or null, "roles": [...]}], ascending. No row: no such key.
create or replace function key_lookup(prefix text)
	returns table (key_id text, hash bytea, scopes text[], expires_at timestamptz, revoked_at timestamptz,
		last_used_at timestamptz, principal_id text, principal_name text, is_operator boolean,
		closed_at timestamptz, grants json)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select k.id, k.hash, k.scopes, k.expires_at, k.revoked_at, k.last_used_at,
	       p.id, p.name, p.is_operator, p.closed_at,
	       (select coalesce(json_agg(json_build_object('authority_id', g.authority_id, 'roles', g.roles)
				order by g.authority_id nulls first), '[]')
		  from (select authority_id, array_agg(role order by role) as roles
			  from principal_role where principal_id = p.id group by authority_id) as g)
	  from api_key as k
	  join principal as p on p.id = k.principal_id
	 where k.prefix = key_lookup.prefix
$$;

-- The session of a cookie's token, by the token's SHA-256. Who answers checks the key behind it.
create or replace function session_lookup(hash bytea)
	returns table (principal_id text, key_id text, key_prefix text, csrf text, seen_at timestamptz,
		expires_at timestamptz)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select s.principal_id, s.key_id, k.prefix, s.csrf, s.seen_at, s.expires_at
	  from page_session as s
	  join api_key as k on k.id = s.key_id
	 where s.hash = session_lookup.hash
$$;

-- End the session of a cookie's token, by the token's SHA-256, for whoever signs in where it was: it may be another's.
create or replace function session_leave(hash bytea) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	delete from page_session as s where s.hash = session_leave.hash;
	return true;
end
$$;

-- Partitions of the tables that are only added to, for `days` days from `first_day` on: a month each
-- of changes, which are kept for ever, since every statement that reads them pays for each partition
-- there is (DECISIONS 44); a day each of attempts, which are dropped. A month of which there are days
-- already, as an earlier release made them, goes on by days. What is there stays; a time whose rows
-- already went to the default partition is left to it. Returns how many were made.
create or replace function change_partitions(first_day date, days int) returns int
	language plpgsql security definer
	set search_path = assetd, pg_temp
	set timezone = 'UTC'
as $$
declare
	parent text;
	part   text;
	step   text;
	day    date;
	first  date;
	beyond date;
	taken  boolean;
	made   int := 0;
	today  date := nullif(current_setting('assetd.today', true), '');
begin
	foreach parent in array '{change,change_money,webhook_attempt}'::text[] loop
		for day in select first_day + n from generate_series(0, days - 1) as n loop
			step := case when parent = 'webhook_attempt' or exists (select from pg_class as c
					where c.relnamespace = 'assetd'::regnamespace
					  and c.relname ~ format('^%s_%s[0-9]{2}$', parent, to_char(day, 'YYYYMM')))
				then 'day' else 'month' end;
			first := date_trunc(step, day);
			beyond := first + ('1 ' || step)::interval;
			part := parent || to_char(first, case step when 'day' then '_YYYYMMDD' else '_YYYYMM' end);
			continue when to_regclass(format('assetd.%I', part)) is not null;
			execute format('select exists (select from %I where at >= $1 and at < $2)', parent || '_default')
				into taken using first::timestamptz, beyond::timestamptz;
			continue when taken;
			-- Attaching locks the parent less than `partition of` would: writers go on. But a writer
			-- under way to the default partition would find its row of this time refused there (23514),
			-- so for a time that has come writers are made to wait before they choose.
			if today is null or first <= today then
				execute format('lock table %I in access exclusive mode', parent);
			end if;
			execute format('create table %I (like %I including defaults including constraints)', part, parent);
			execute format('alter table %I enable row level security, force row level security', part);
			execute format('alter table %I attach partition %I for values from (%L) to (%L)',
				parent, part, first::timestamptz, beyond::timestamptz);
			if parent = 'change' then
				execute format('create unique index on %I (subject, subject_seq)', part);
			end if;
			made := made + 1;
		end loop;
	end loop;
	return made;
end
$$;

-- The next number of a reference, ATR-2026-n of an authority. Taken back with its transaction.
create or replace function request_reference_next(authority text, year int) returns int
	language sql
as $$
	insert into request_reference_counter as c (authority_id, year, last)
	values (authority, request_reference_next.year, 1)
	on conflict (authority_id, year) do update set last = c.last + 1
	returning last
$$;

-- The one partnership of an authority, null when it is in none or in several.
create or replace function cpp_of(authority text) returns text
	language sql stable parallel safe
as $$
	select min(cpp_id) from assetd.cpp_partner where authority_id = authority having count(*) = 1
$$;

-- Decile of a data zone, 0 when it is not in the index.
create or replace function decile_of(zone text) returns int
	language sql stable parallel safe
as $$
	select coalesce((select decile from assetd.data_zone where code = zone), 0)
$$;
