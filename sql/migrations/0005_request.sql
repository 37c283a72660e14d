-- Community bodies and their asset transfer requests. The ledger of events is the truth;
-- state, dates and caches in `request` are derived from it and moved with it.
set local role assetd_owner;
set local search_path = assetd, public;

-- National and public; authority_id is who recorded it (null: an operator).
create table community_body (
	id              cbo_id primary key,
	version         int not null default 1 check (version > 0),
	created_at      timestamptz not null default clock_at(),
	updated_at      timestamptz not null default clock_at(),
	authority_id    aut_id references authority,
	name            text not null check (length(name) between 1 and 200),
	legal_form      code not null check (legal_form in
		('COMPANY', 'SCIO', 'BENCOM', 'UNINCORPORATED', 'TRUST', 'COMMUNITY_COUNCIL')),
	charity_number  text collate "C" check (length(charity_number) between 1 and 20),
	company_number  text collate "C" check (length(company_number) between 1 and 20),
	members         int check (members >= 0),
	search          text collate "C" not null generated always as (assetd.fold(name
		|| coalesce(' ' || charity_number, '') || coalesce(' ' || company_number, ''))) stored
);
create index community_body_name on community_body (name, id);
create index community_body_authority on community_body (authority_id);
create index community_body_search on community_body using gin (search gin_trgm_ops);
create trigger touch before update on community_body for each row execute function row_touch();

-- Personal data, held by one authority for its own dealings, never public. In no other table,
-- no change and no fact, so that erasing the row erases the person.
create table community_body_contact (
	authority_id       aut_id not null references authority,
	community_body_id  cbo_id not null references community_body,
	created_at         timestamptz not null default clock_at(),
	updated_at         timestamptz not null default clock_at(),
	name               text check (length(name) between 1 and 200),
	email              text check (length(email) between 3 and 254),
	address            text check (length(address) between 1 and 500),
	primary key (authority_id, community_body_id)
);
create index community_body_contact_body on community_body_contact (community_body_id);

-- Every state of the rulebook (statute 5.1), from sql/data. bars: while a request that
-- prohibits stands in it, the land may not go to others. model_state: as the projection sees it.
create table request_state (
	code         code primary key,
	ordinal      smallint not null unique,
	label        text not null check (label <> ''),
	is_open      boolean not null,
	is_statutory boolean not null,
	bars         boolean not null,
	model_state  code,
	check (is_open or not bars)
);

create table request (
	id                 atr_id primary key,
	version            int not null default 1 check (version > 0),
	created_at         timestamptz not null default clock_at(),
	updated_at         timestamptz not null default clock_at(),
	effective_on       date not null default clock_day(),
	authority_id       aut_id not null references authority,
	asset_id           ast_id,
	published          boolean not null default true,
	land               jsonb check (jsonb_typeof(land) = 'object'),
	community_body_id  cbo_id not null references community_body,
	kind               code not null check (kind in ('OWNERSHIP', 'LEASE', 'OTHER_RIGHTS')),
	reference_year     smallint not null check (reference_year between 2000 and 9999),
	reference_number   int not null check (reference_number > 0),
	reference          text collate "C" not null generated always as
		('ATR-' || reference_year::int::text || '-' || reference_number::text) stored,
	state              code not null references request_state,
	state_on           date not null,
	model_state_on     date not null,
	level              code not null default 'FIRST' check (level in ('FIRST', 'REVIEW', 'LAST')),
	route              code not null check (route in
		('LA_REVIEW', 'MINISTERS_REVIEW', 'MINISTERS_APPEAL', 'LA_STYLE_REVIEW')),
	received_on        date,
	validated_on       date,
	acknowledged_on    date,
	expected_on        date,
	release_on         date,
	reasons            text check (length(reasons) between 1 and 20000),
	benefits           text check (length(benefits) between 1 and 20000),
	benefit_score      int,
	override_reason    text check (length(override_reason) between 1 and 2000),
	-- The disposal bar (section 84): whether it holds, from when to when, why not.
	prohibits          boolean not null default true,
	bar_exemption      code check (bar_exemption in ('ADVERTISED', 'NEGOTIATIONS', 'PROCEEDINGS', 'DIRECTION')),
	bar_dated_on       date,
	bar_from           date,
	bar_to             date,
	-- Caches of what the ledger and a calendar say; recomputed whenever either moves.
	allowed            text[] not null default '{}',
	flags              text[] not null default '{}',
	deadlines          jsonb not null default '[]' check (jsonb_typeof(deadlines) = 'array'),
	calendar_version   text,
	check (num_nonnulls(asset_id, land) = 1),
	check (bar_to >= bar_from),
	foreign key (authority_id, asset_id, published) references asset (authority_id, id, published)
		on update cascade,
	unique (authority_id, reference_year, reference_number),
	unique (authority_id, id, published),
	unique (authority_id, asset_id, id)
) with (fillfactor = 80);
create index request_asset on request (asset_id, id);
create index request_tenant on request (authority_id, asset_id, published);
create index request_body on request (community_body_id, id);
create index request_state_of on request (state, id);
create index request_reference on request (reference);
create trigger touch before update on request for each row execute function row_touch();

alter table disposal add foreign key (authority_id, asset_id, request_id) references request (authority_id, asset_id, id)
	on update cascade;
create index disposal_request on disposal (request_id);

create table request_money (
	request_id          atr_id primary key,
	authority_id        aut_id not null,
	asset_id            ast_id,
	published           boolean not null,
	offer_pence         pence_or_more,
	agreed_price_pence  pence_or_more,
	benefit_pence       pence,
	lease               jsonb check (lease_is_sound(lease)),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade,
	foreign key (authority_id, asset_id, request_id) references request (authority_id, asset_id, id)
		on update cascade
);
create index request_money_tenant on request_money (authority_id, request_id, published);
create index request_money_asset on request_money (asset_id, authority_id);

-- The parts of a request (statute 7.1); received_on null: still missing.
create table request_item (
	request_id    atr_id not null,
	authority_id  aut_id not null,
	published     boolean not null,
	code          code not null,
	received_on   date,
	primary key (request_id, code),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index request_item_tenant on request_item (authority_id, request_id, published);

-- The ledger: what happened on which day, recorded when, by whom. A correction adds a row and
-- names it in superseded_by of the one it replaces; nothing else of a row ever changes.
create table request_event (
	id             evt_id primary key,
	authority_id   aut_id not null,
	request_id     atr_id not null,
	published      boolean not null,
	number         int not null check (number > 0),
	event          code not null,
	happened_on    date not null,
	recorded_at    timestamptz not null default clock_at(),
	actor          text collate "C" default actor_id(),
	actor_kind     code not null check (actor_kind in ('AUTHORITY', 'COMMUNITY_BODY', 'SYSTEM')),
	state_from     code references request_state,
	state_to       code not null references request_state,
	level_to       code not null check (level_to in ('FIRST', 'REVIEW', 'LAST')),
	payload        jsonb not null default '{}' check (jsonb_typeof(payload) = 'object'),
	superseded_by  evt_id,
	unique (request_id, number),
	unique (authority_id, request_id, id),
	foreign key (authority_id, request_id, superseded_by) references request_event (authority_id, request_id, id),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index request_event_tenant on request_event (authority_id, request_id, published);
create index request_event_superseded on request_event (superseded_by) where superseded_by is not null;

-- The amounts of an event's payload.
create table request_event_money (
	event_id      evt_id primary key,
	authority_id  aut_id not null,
	request_id    atr_id not null,
	asset_id      ast_id,
	payload       jsonb not null check (jsonb_typeof(payload) = 'object'),
	foreign key (authority_id, request_id, event_id) references request_event (authority_id, request_id, id)
		on update cascade,
	foreign key (authority_id, asset_id, request_id) references request (authority_id, asset_id, id)
		on update cascade
);
create index request_event_money_tenant on request_event_money (authority_id, request_id);
create index request_event_money_asset on request_event_money (asset_id, authority_id);

-- References without gaps: the row is locked until the request is stored or undone with it.
create table request_reference_counter (
	authority_id  aut_id not null references authority,
	year          smallint not null check (year between 2000 and 9999),
	last          int not null check (last > 0),
	primary key (authority_id, year)
) with (fillfactor = 50);

alter table community_body enable row level security, force row level security;
alter table community_body_contact enable row level security, force row level security;
alter table request_state enable row level security, force row level security;
alter table request enable row level security, force row level security;
alter table request_money enable row level security, force row level security;
alter table request_item enable row level security, force row level security;
alter table request_event enable row level security, force row level security;
alter table request_event_money enable row level security, force row level security;
alter table request_reference_counter enable row level security, force row level security;
