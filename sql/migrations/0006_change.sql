-- The spine: what changed, in which order it is told, and every version of every fact.
set local role assetd_owner;
set local search_path = assetd, public;

-- Append-only, written in the transaction of what it speaks of, a partition a day (made ahead
-- by change_partitions; the default one is the safety net). readers: the authorities who may
-- read it when it is not public. (subject, subject_seq) is unique a partition, and over all of
-- them by the lock on the subject's row whose version it is.
create table change (
	id              evt_id not null,
	xid             xid8 not null default pg_current_xact_id(),
	at              timestamptz not null default clock_at(),
	authority_id    aut_id,
	readers         text[] not null,
	is_public       boolean not null,
	type            text collate "C" not null check (type ~ '^[a-z]+\.[a-z_]+$'),
	subject         subject_id not null,
	subject_seq     int not null check (subject_seq > 0),
	actor           text collate "C" default actor_id(),
	actor_kind      code not null check (actor_kind in ('AUTHORITY', 'COMMUNITY_BODY', 'SYSTEM')),
	request         text default actor_request(),
	reason          text,
	schema_version  smallint not null default 1,
	data            jsonb not null check (jsonb_typeof(data) = 'object'),
	before          jsonb,
	after           jsonb,
	primary key (id, at)
) partition by range (at);
create index change_xid on change (xid);
create table change_default partition of change default;
create unique index change_default_once on change_default (subject, subject_seq);

-- The part of a change that only readers of money may see, merged into `data` for them.
create table change_money (
	change_id     evt_id not null,
	at            timestamptz not null default clock_at(),
	authority_id  aut_id,
	readers       text[] not null,
	data          jsonb not null check (jsonb_typeof(data) = 'object'),
	before        jsonb,
	after         jsonb,
	primary key (change_id, at)
) partition by range (at);
create table change_money_default partition of change_money default;

create trigger append_only before update or delete on change
	for each row execute function row_refuse();
create trigger append_only before update or delete on change_money
	for each row execute function row_refuse();
create trigger append_only_at_all before truncate on change execute function row_refuse();
create trigger append_only_at_all before truncate on change_money execute function row_refuse();

-- The order in which changes are told: positions without gaps, given by the sequencer alone.
create table feed (
	position      bigint primary key check (position > 0),
	change_id     evt_id not null unique,
	change_at     timestamptz not null,
	authority_id  aut_id,
	readers       text[] not null,
	is_public     boolean not null,
	type          text collate "C" not null,
	subject       subject_id not null,
	subject_seq   int not null,
	unique (subject, subject_seq)
);
create index feed_authority on feed (authority_id, position);
create trigger append_only before update or delete on feed
	for each row execute function row_refuse();

-- Where the sequencer stands: the last position given, and below which transaction and time
-- every change has been looked at.
create table feed_state (
	only_one  boolean primary key default true check (only_one),
	position  bigint not null default 0 check (position >= 0),
	floor     xid8 not null default '0',
	at        timestamptz not null default '-infinity'
) with (fillfactor = 50);
insert into feed_state default values;

-- Who may do what only one may do. fence grows with every new holder and is checked by each
-- statement that the holder sends, so that a holder of yesterday writes nothing.
create table lease (
	name    text collate "C" primary key check (length(name) between 1 and 60),
	holder  text collate "C" not null,
	fence   bigint not null default 1 check (fence > 0),
	until   timestamptz not null
) with (fillfactor = 50);

-- Every version of every part of every subject: true on `valid`, known on `known`. Written by
-- fact_put alone, from triggers of the tables whose facts they are, hence no foreign keys. For
-- each moment of knowledge there is at most one body for each day; the constraint takes a hash
-- of subject and part, because GiST on texts costs four times the rest of the row.
create table fact (
	id            bigint not null generated always as identity primary key,
	authority_id  aut_id not null,
	published     boolean not null,
	is_money      boolean not null,
	asset_id      ast_id,
	subject       subject_id not null,
	part          text collate "C" not null check (part ~ '^[a-z_]+(:[A-Za-z0-9_]+)?$'),
	valid         daterange not null check (not isempty(valid)),
	known         tstzrange not null check (not isempty(known)),
	body          jsonb,
	constraint fact_once exclude using gist
		(hashtextextended(subject || '/' || part, 0) with =, valid with &&, known with &&)
) with (fillfactor = 85);
create index fact_subject on fact (subject, part);
create index fact_asset on fact (asset_id);

alter table change enable row level security, force row level security;
alter table change_default enable row level security, force row level security;
alter table change_money enable row level security, force row level security;
alter table change_money_default enable row level security, force row level security;
alter table feed enable row level security, force row level security;
alter table feed_state enable row level security, force row level security;
alter table lease enable row level security, force row level security;
alter table fact enable row level security, force row level security;
