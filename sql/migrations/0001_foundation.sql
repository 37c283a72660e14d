-- Roles, schema, and the words everything else is written in.
--
-- The administrator who migrates needs the right to make roles and to create in this
-- database; from here on all belongs to assetd_owner, whom nobody can log in as. Each later
-- file begins with the two `set local` lines and so runs inside one transaction.

do $$
declare
	me text := current_user;
begin
	begin
		create role assetd_owner nologin noinherit;
	exception when duplicate_object or unique_violation then null;
	end;
	begin
		create role assetd_api login noinherit;
	exception when duplicate_object or unique_violation then null;
	end;
	begin
		create role assetd_worker login noinherit;
	exception when duplicate_object or unique_violation then null;
	end;
	if not pg_has_role(me, 'assetd_owner', 'member') then
		execute format('grant assetd_owner to %I', me);
	end if;
	execute format('grant create, connect on database %I to assetd_owner', current_database());
	execute format('grant connect on database %I to assetd_api, assetd_worker', current_database());
end
$$;

-- What every connection of ours is to be, whoever opened it. PostgreSQL's own times are UTC;
-- the civil day in Europe/London comes from the daemon.
do $$
declare
	role_name text;
begin
	foreach role_name in array '{assetd_api,assetd_worker}'::text[] loop
		execute format('alter role %I in database %I set search_path = assetd, public', role_name, current_database());
		execute format('alter role %I in database %I set timezone = ''UTC''', role_name, current_database());
		execute format('alter role %I in database %I set datestyle = ''ISO, YMD''', role_name, current_database());
		execute format('alter role %I in database %I set jit = off', role_name, current_database());
		execute format('alter role %I in database %I set lock_timeout = ''500ms''', role_name, current_database());
		execute format('alter role %I in database %I set idle_in_transaction_session_timeout = ''10s''',
			role_name, current_database());
	end loop;
end
$$;

create extension if not exists btree_gist schema public;
create extension if not exists pg_trgm schema public;

create schema assetd authorization assetd_owner;
revoke all on schema assetd from public;
grant usage on schema assetd to assetd_api, assetd_worker;

set local role assetd_owner;
set local search_path = assetd, public;
-- A function is its caller's to use only where policies/ grants it.
alter default privileges in schema assetd revoke execute on functions from public;
alter default privileges revoke execute on functions from public;

-- Which files of migrations/ were applied here; a file that changed afterwards is refused.
create table migration (
	number      int primary key,
	name        text not null unique,
	sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
	applied_at  timestamptz not null
);
alter table migration enable row level security, force row level security;
-- The one right that stands before policies/ does: to keep this very list.
create policy owner on migration to assetd_owner using (true) with check (true);

-- Who acts and when, as actor_set said at the beginning of the batch. After the end of a
-- transaction a local setting is '' and not NULL, hence nullif. SQL asks no other clock.
create function actor_id() returns text
	language sql stable parallel safe
	return nullif(current_setting('assetd.principal', true), '');

create function actor_key() returns text
	language sql stable parallel safe
	return nullif(current_setting('assetd.key', true), '');

create function actor_request() returns text
	language sql stable parallel safe
	return nullif(current_setting('assetd.request', true), '');

create function clock_at() returns timestamptz
	language sql stable parallel safe
	return nullif(current_setting('assetd.now', true), '')::timestamptz;

create function clock_day() returns date
	language sql stable parallel safe
	return nullif(current_setting('assetd.today', true), '')::date;

-- Text as people search it: no case, no accents of Gaelic or its neighbours. Columns are
-- generated with it, so it may never change; a better one gets another name.
create function fold(t text) returns text
	language sql immutable parallel safe strict
	return translate(lower(t), 'àáâäèéêëìíîïòóôöùúûüñç’‘', 'aaaaeeeeiiiioooouuuunc''''');

-- Kinds of ids. Made by the daemon (UUIDv7 in base32), or from a code for reference bodies.
create domain aut_id as text collate "C" check (value ~ '^aut_[0-9a-z]{26}$');
create domain cpp_id as text collate "C" check (value ~ '^cpp_[0-9a-z]{26}$');
create domain loc_id as text collate "C" check (value ~ '^loc_[0-9a-z]{26}$');
create domain ast_id as text collate "C" check (value ~ '^ast_[0-9a-z]{26}$');
create domain val_id as text collate "C" check (value ~ '^val_[0-9a-z]{26}$');
create domain pln_id as text collate "C" check (value ~ '^pln_[0-9a-z]{26}$');
create domain dsp_id as text collate "C" check (value ~ '^dsp_[0-9a-z]{26}$');
create domain cbo_id as text collate "C" check (value ~ '^cbo_[0-9a-z]{26}$');
create domain atr_id as text collate "C" check (value ~ '^atr_[0-9a-z]{26}$');
create domain whk_id as text collate "C" check (value ~ '^whk_[0-9a-z]{26}$');
create domain evt_id as text collate "C" check (value ~ '^evt_[0-9a-z]{26}$');
create domain run_id as text collate "C" check (value ~ '^run_[0-9a-z]{26}$');
create domain imp_id as text collate "C" check (value ~ '^imp_[0-9a-z]{26}$');
create domain prn_id as text collate "C" check (value ~ '^prn_[0-9a-z]{26}$');
create domain key_id as text collate "C" check (value ~ '^key_[0-9a-z]{26}$');
-- Whatever a change can be about.
create domain subject_id as text collate "C" check (value ~ '^[a-z]{3}_[0-9a-z]{26}$');

-- Money: integer pence, and no more of it than a JSON reader keeps exactly.
create domain pence as bigint check (value between -1000000000000000 and 1000000000000000);
create domain pence_or_more as bigint check (value between 0 and 1000000000000000);
create domain ppm as int check (value between 0 and 1000000);
-- An upper-case code of ours, the same in SQL, JSON, CSV and on the command line.
create domain code as text collate "C" check (value ~ '^[A-Z][A-Z0-9_]{0,39}$');

-- On every row that has a version: the time of its last change, and the promise that a
-- version moves by one. A cascade (published, authority) leaves both alone.
create function row_touch() returns trigger
	language plpgsql
as $$
begin
	if new.version = old.version + 1 then
		new.updated_at := clock_at();
	elsif new.version <> old.version then
		raise exception 'version of % moved from % to %', tg_table_name, old.version, new.version
			using errcode = 'integrity_constraint_violation';
	end if;
	return new;
end
$$;

-- For history that nobody may rewrite, not even the owner by mistake.
create function row_refuse() returns trigger
	language plpgsql
as $$
begin
	raise exception '% of % is refused: it is append-only', tg_op, tg_table_name
		using errcode = 'insufficient_privilege';
end
$$;
