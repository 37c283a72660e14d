-- Authorities and the partnerships and places they work in. All of it is public and written
-- by operators; the reference bodies come from sql/data.
set local role assetd_owner;
set local search_path = assetd, public;

create table authority (
	id          aut_id primary key,
	version     int not null default 1 check (version > 0),
	created_at  timestamptz not null default clock_at(),
	updated_at  timestamptz not null default clock_at(),
	name        text not null check (length(name) between 1 and 200),
	name_gd     text check (length(name_gd) between 1 and 200),
	kind        code not null check (kind in ('COUNCIL', 'HEALTH_BOARD', 'SCOTTISH_MINISTERS', 'COLLEGE',
		'ENTERPRISE', 'NATIONAL_PARK', 'TRANSPORT', 'POLICE', 'FIRE', 'WATER', 'OTHER')),
	code        text collate "C" not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
	-- Who hears a challenge of its decisions; follows from the kind unless an order says otherwise.
	challenge_route_given code check (challenge_route_given in
		('LA_REVIEW', 'MINISTERS_REVIEW', 'MINISTERS_APPEAL', 'LA_STYLE_REVIEW')),
	challenge_route code not null generated always as (coalesce(challenge_route_given, case kind
		when 'COUNCIL' then 'LA_REVIEW'
		when 'SCOTTISH_MINISTERS' then 'MINISTERS_REVIEW'
		else 'MINISTERS_APPEAL' end)) stored
);
create index authority_name on authority (name, id);
create trigger touch before update on authority for each row execute function row_touch();

-- Membership of schedules 1 (CPP partner), 2 (participation), 3 (asset transfer) of the 2015
-- Act, each with its dates: being in one says nothing about another.
create table authority_duty (
	authority_id  aut_id not null references authority on delete cascade,
	schedule      smallint not null check (schedule between 1 and 3),
	from_on       date,
	to_on         date,
	unique nulls not distinct (authority_id, schedule, from_on),
	check (to_on >= from_on),
	exclude using gist (authority_id with =, schedule with =, daterange(from_on, to_on, '[]') with &&)
);

create table cpp (
	id          cpp_id primary key,
	version     int not null default 1 check (version > 0),
	created_at  timestamptz not null default clock_at(),
	updated_at  timestamptz not null default clock_at(),
	name        text not null check (length(name) between 1 and 200),
	code        text collate "C" not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$')
);
create index cpp_name on cpp (name, id);
create trigger touch before update on cpp for each row execute function row_touch();

-- The kinds of partner that section 4 and schedule 1 of the Act name.
create table cpp_partner_kind (
	code     code primary key,
	ordinal  smallint not null unique,
	label    text not null,
	duty     code not null check (duty in ('LEAD', 'PARTICIPATE', 'UNCONFIRMED')),
	scope    text not null
);

create table cpp_partner (
	cpp_id        cpp_id not null references cpp on delete cascade,
	authority_id  aut_id not null references authority,
	kind          code references cpp_partner_kind,
	primary key (cpp_id, authority_id)
);
create index cpp_partner_authority on cpp_partner (authority_id, cpp_id);

create table locality (
	id          loc_id primary key,
	version     int not null default 1 check (version > 0),
	created_at  timestamptz not null default clock_at(),
	updated_at  timestamptz not null default clock_at(),
	name        text not null check (length(name) between 1 and 200),
	code        text collate "C" not null unique check (code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$'),
	cpp_id      cpp_id not null references cpp,
	kind        code not null check (kind in ('LOCALITY', 'INTERMEDIATE_ZONE', 'OTHER'))
);
create index locality_cpp on locality (cpp_id, id);
create trigger touch before update on locality for each row execute function row_touch();

-- Data zones of 2011 with their place in the index of multiple deprivation (sql/data).
create table data_zone (
	code               text collate "C" primary key check (code ~ '^S01[0-9]{6}$'),
	council_code       text collate "C" not null check (council_code ~ '^S12[0-9]{6}$'),
	intermediate_zone  text not null,
	population         int not null check (population >= 0),
	rank               int not null unique check (rank > 0),
	decile             smallint not null check (decile between 1 and 10)
);
create index data_zone_council on data_zone (council_code, intermediate_zone);

-- Labels of the asset classes that we know; a class may be any code.
create table asset_class (
	code     code primary key,
	ordinal  smallint not null unique,
	label    text not null check (label <> '')
);

alter table authority enable row level security, force row level security;
alter table authority_duty enable row level security, force row level security;
alter table cpp enable row level security, force row level security;
alter table cpp_partner_kind enable row level security, force row level security;
alter table cpp_partner enable row level security, force row level security;
alter table locality enable row level security, force row level security;
alter table data_zone enable row level security, force row level security;
alter table asset_class enable row level security, force row level security;
