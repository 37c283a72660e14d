-- What an authority's budget says of capital receipts, year by year, version by version: finance holds it
-- already, and it is shown beside the forecast. Version 0 is nobody's: there is none yet.
set local role assetd_owner;
set local search_path = assetd, public;

-- years: [{"year": "2027-28", "amount_pence": 1}], whole each time, in order of their years.
create table receipt_budget (
	authority_id  aut_id not null references authority,
	version       int not null check (version > 0),
	created_at    timestamptz not null default clock_at(),
	actor         text collate "C" default actor_id(),
	years         jsonb not null check (jsonb_typeof(years) = 'array'),
	note          text not null check (length(note) between 1 and 2000),
	primary key (authority_id, version)
);
create trigger append_only before update or delete on receipt_budget for each row execute function row_refuse();
create trigger append_only_at_all before truncate on receipt_budget execute function row_refuse();
alter table receipt_budget enable row level security, force row level security;

-- What came in is asked for by the day on which it did.
create index disposal_completed on disposal (completed_on) where undone_at is null;
