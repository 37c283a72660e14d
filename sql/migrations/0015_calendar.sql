-- Versions of the calendars by which working days are counted. One is loaded and shows which
-- dates it would move; once applied it is the newest by number, and stays: dates of the past are
-- explained by the version that stood then.
set local role assetd_owner;
set local search_path = assetd, public;

create domain cal_id as text collate "C" check (value ~ '^cal_[0-9a-z]{26}$');

create table calendar (
	id            cal_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	state         code not null default 'PREVIEWED' check (state in ('PREVIEWED', 'APPLIED')),
	-- The version that this one was laid over, and its own place once it is applied.
	over_id       cal_id references calendar,
	number        int unique check (number > 0),
	source        text check (length(source) between 1 and 500),
	covers_until  date,
	instruments   jsonb not null check (jsonb_typeof(instruments) = 'object'),
	holidays      jsonb not null check (jsonb_typeof(holidays) = 'array'),
	-- Of the list that was loaded: days beyond the rules, and days of the rules that it lacks.
	added         jsonb not null default '[]' check (jsonb_typeof(added) = 'array'),
	missing       jsonb not null default '[]' check (jsonb_typeof(missing) = 'array'),
	-- What it would have moved when it was loaded, of what its operator may read.
	moves         jsonb not null default '[]' check (jsonb_typeof(moves) = 'array'),
	applied_at    timestamptz,
	check ((state = 'APPLIED') = (number is not null and applied_at is not null))
);
create index calendar_over on calendar (over_id);
create trigger touch before update on calendar for each row execute function row_touch();
alter table calendar enable row level security, force row level security;

-- Requests with running clocks, by the calendars they were last counted by.
create index request_running on request (calendar_version) where deadlines @? '$[*] ? (@.state == "RUNNING")';
