-- Who may come in: principals with roles, their keys and sessions, and what they were answered.
set local role assetd_owner;
set local search_path = assetd, public;

-- authority_id is its home, whose ADMIN looks after it and its keys; null: the operators do.
create table principal (
	id            prn_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	authority_id  aut_id references authority,
	name          text not null check (length(name) between 1 and 200),
	is_operator   boolean not null default false,
	closed_at     timestamptz
);
create index principal_authority on principal (authority_id, id);
create trigger touch before update on principal for each row execute function row_touch();

-- authority_id null: on every authority there is and will be.
create table principal_role (
	principal_id  prn_id not null references principal on delete cascade,
	authority_id  aut_id references authority,
	role          code not null check (role in ('VIEWER', 'ESTATES', 'DECIDER', 'FINANCE', 'ADMIN')),
	created_at    timestamptz not null default clock_at(),
	unique nulls not distinct (principal_id, authority_id, role)
);
create index principal_role_authority on principal_role (authority_id, principal_id);

-- The database keeps HMAC-SHA256(pepper, key) and what finds it; the key is shown once.
create table api_key (
	id            key_id primary key,
	principal_id  prn_id not null references principal on delete cascade,
	name          text check (length(name) between 1 and 200),
	prefix        text collate "C" not null unique check (length(prefix) between 12 and 40),
	hash          bytea not null check (length(hash) = 32),
	scopes        text[] not null check (cardinality(scopes) <= 64),
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	expires_at    timestamptz,
	revoked_at    timestamptz,
	last_used_at  timestamptz
);
create index api_key_principal on api_key (principal_id, id);
create trigger touch before update on api_key for each row execute function row_touch();

-- A browser that typed in a key. The cookie's token is kept as its SHA-256 only.
create table page_session (
	hash          bytea primary key check (length(hash) = 32),
	principal_id  prn_id not null references principal on delete cascade,
	key_id        key_id not null references api_key on delete cascade,
	csrf          text collate "C" not null check (length(csrf) between 22 and 64),
	created_at    timestamptz not null default clock_at(),
	seen_at       timestamptz not null default clock_at(),
	expires_at    timestamptz not null
);
create index page_session_principal on page_session (principal_id);
create index page_session_expires on page_session (expires_at);

-- What a POST was answered, written in the transaction of what it did. hash: SHA-256 of method,
-- path and body.
create table idempotency_key (
	principal_id  prn_id not null references principal on delete cascade,
	key           text collate "C" not null check (length(key) between 1 and 255),
	hash          bytea not null check (length(hash) = 32),
	created_at    timestamptz not null default clock_at(),
	expires_at    timestamptz not null,
	status        smallint check (status between 100 and 599),
	location      text,
	etag          text,
	event_id      evt_id,
	content_type  text,
	body          text,
	primary key (principal_id, key)
);
create index idempotency_key_expires on idempotency_key (expires_at);

alter table principal enable row level security, force row level security;
alter table principal_role enable row level security, force row level security;
alter table api_key enable row level security, force row level security;
alter table page_session enable row level security, force row level security;
alter table idempotency_key enable row level security, force row level security;
