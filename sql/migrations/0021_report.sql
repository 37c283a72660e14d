-- Asset transfer reports (section 95): what an authority says of a reporting year, 1 April to 31
-- March. The draft is one row a year; each publication is kept for ever, with its figures and the
-- cases behind them. What is counted how is report_line, from sql/data.
set local role assetd_owner;
set local search_path = assetd, public;

create domain rpt_id as text collate "C" check (value ~ '^rpt_[0-9a-z]{26}$');

-- A line of the report and what it counts: entries of requests' ledgers that have one of `events`, led to
-- `state_to`, say `payload_value` of `payload_key`, on requests of `kind` to which `unless` never
-- happened; null: whatever it is. unit M2: the area of the land of those requests.
create table report_line (
	code           code primary key,
	ordinal        smallint not null unique,
	unit           code not null check (unit in ('COUNT', 'M2')),
	events         text[] not null check (cardinality(events) > 0),
	state_to       code references request_state,
	kind           code check (kind in ('OWNERSHIP', 'LEASE', 'OTHER_RIGHTS')),
	payload_key    text collate "C",
	payload_value  text collate "C",
	unless         code,
	citation       text not null check (citation <> ''),
	confidence     code not null check (confidence in ('C', 'G', 'P', 'U')),
	label          text not null check (label <> ''),
	rule           text not null check (rule <> ''),
	check ((payload_key is null) = (payload_value is null))
);

-- year: the one in which the reporting year begins. published: how many versions there are.
create table report (
	id            rpt_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null references authority,
	year          smallint not null check (year between 2017 and 9998),
	promotion     text check (length(promotion) between 1 and 20000),
	support       text check (length(support) between 1 and 20000),
	published     int not null default 0 check (published >= 0),
	unique (authority_id, year),
	unique (authority_id, id)
);
create trigger touch before update on report for each row execute function row_touch();

-- What was published: never changed; what turns out otherwise is a further version.
create table report_version (
	report_id     rpt_id not null,
	number        int not null check (number > 0),
	authority_id  aut_id not null,
	year          smallint not null,
	published_at  timestamptz not null default clock_at(),
	published_on  date not null default clock_day(),
	actor         text collate "C" default actor_id(),
	promotion     text not null,
	support       text not null,
	lines         json not null check (json_typeof(lines) = 'array'),
	primary key (report_id, number),
	unique (authority_id, year, number),
	unique (authority_id, report_id, number),
	foreign key (authority_id, report_id) references report (authority_id, id)
);

-- The cases behind each figure of a version. None is a foreign key to the ledger: what was counted stays said.
create table report_case (
	report_id     rpt_id not null,
	number        int not null,
	authority_id  aut_id not null,
	line          code not null,
	request_id    atr_id not null,
	event_id      evt_id not null,
	happened_on   date not null,
	primary key (report_id, number, line, event_id),
	foreign key (authority_id, report_id, number) references report_version (authority_id, report_id, number)
);

create trigger append_only before update or delete on report_version
	for each row execute function row_refuse();
create trigger append_only before update or delete on report_case
	for each row execute function row_refuse();

alter table report_line enable row level security, force row level security;
alter table report enable row level security, force row level security;
alter table report_version enable row level security, force row level security;
alter table report_case enable row level security, force row level security;
