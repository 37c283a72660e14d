-- Webhooks. The success path moves one cursor row and appends to the log; only failures get a
-- row in webhook_retry (notifications W-11).
set local role assetd_owner;
set local search_path = assetd, public;

create table webhook (
	id              whk_id primary key,
	version         int not null default 1 check (version > 0),
	created_at      timestamptz not null default clock_at(),
	updated_at      timestamptz not null default clock_at(),
	-- It delivers what this principal may read when it sends.
	principal_id    prn_id not null references principal,
	authority_id    aut_id references authority,
	url             text not null check (length(url) between 8 and 2048),
	types           text[] not null default '{*}' check (cardinality(types) between 1 and 100),
	mode            code not null default 'UNORDERED' check (mode in ('UNORDERED', 'PER_SUBJECT', 'STRICT')),
	filter          jsonb not null default '{}' check (jsonb_typeof(filter) = 'object'),
	payload         code not null default 'FULL' check (payload in ('FULL', 'THIN')),
	envelope        code not null default 'STANDARD' check (envelope in ('STANDARD', 'CLOUDEVENTS')),
	schema_version  smallint not null default 1,
	state           code not null default 'UNVERIFIED' check (state in
		('UNVERIFIED', 'ACTIVE', 'PAUSED', 'DISABLED')),
	state_reason    text,
	public_key      text collate "C",
	removed_at      timestamptz
);
create index webhook_principal on webhook (principal_id, id);
create index webhook_authority on webhook (authority_id, id);
create trigger touch before update on webhook for each row execute function row_touch();

-- AES-256-GCM at rest: nonce, ciphertext with its tag, and which master key it is under.
create table webhook_secret (
	webhook_id  whk_id not null references webhook on delete cascade,
	number      smallint not null check (number > 0),
	kind        code not null check (kind in ('HMAC', 'ED25519')),
	wrap_key    text collate "C" not null,
	nonce       bytea not null check (length(nonce) = 12),
	sealed      bytea not null check (length(sealed) between 17 and 200),
	created_at  timestamptz not null default clock_at(),
	expires_at  timestamptz,
	primary key (webhook_id, kind, number)
);

-- Everything up to `position` is delivered or stands in webhook_retry.
create table webhook_cursor (
	webhook_id       whk_id primary key references webhook on delete cascade,
	position         bigint not null check (position >= 0),
	failing_since    timestamptz,
	failures         int not null default 0,
	last_success_at  timestamptz,
	nonce            text collate "C"
) with (fillfactor = 50);

create table webhook_attempt (
	webhook_id     whk_id not null,
	at             timestamptz not null default clock_at(),
	change_id      evt_id not null,
	position       bigint,
	number         smallint not null check (number > 0),
	result         code not null,
	status         smallint,
	address        text,
	tls            text,
	dns_us         bigint,
	connect_us     bigint,
	tls_us         bigint,
	first_byte_us  bigint,
	total_us       bigint,
	excerpt        text check (length(excerpt) <= 16384),
	error          text,
	next_at        timestamptz
) partition by range (at);
create index webhook_attempt_webhook on webhook_attempt (webhook_id, at);
create table webhook_attempt_default partition of webhook_attempt default;
create trigger append_only before update or delete on webhook_attempt
	for each row execute function row_refuse();

create table webhook_retry (
	webhook_id   whk_id not null references webhook on delete cascade,
	change_id    evt_id not null,
	change_at    timestamptz not null,
	position     bigint not null,
	subject      subject_id not null,
	attempts     smallint not null check (attempts > 0),
	due_at       timestamptz not null,
	lease_until  timestamptz,
	fence        bigint not null default 0,
	primary key (webhook_id, change_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
create index webhook_retry_due on webhook_retry (due_at);

alter table webhook enable row level security, force row level security;
alter table webhook_secret enable row level security, force row level security;
alter table webhook_cursor enable row level security, force row level security;
alter table webhook_attempt enable row level security, force row level security;
alter table webhook_attempt_default enable row level security, force row level security;
alter table webhook_retry enable row level security, force row level security;
