-- What time has told of asset transfer reports (clocks K26 and K27): once for each year and body, whoever looks and however often.
set local role assetd_owner;
set local search_path = assetd, public;

create table report_reminder (
	authority_id  aut_id not null references authority,
	year          smallint not null check (year between 2017 and 9998),
	what          code not null check (what in ('APPROACHING', 'MISSED')),
	happened_on   date not null,
	recorded_at   timestamptz not null default clock_at(),
	primary key (authority_id, year, what)
);
create trigger append_only before update or delete on report_reminder for each row execute function row_refuse();

alter table report_reminder enable row level security, force row level security;
