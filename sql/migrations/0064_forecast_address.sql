-- Addresses at which a program reads one question to the forecast, again and again, without a key.
set local role assetd_owner;
set local search_path = assetd, public;

create domain fca_id as text collate "C" check (value ~ '^fca_[0-9a-z]{26}$');

-- What it shows is what its maker's key would show, and it ends with that key: only the one question is its own.
-- question: a query of GET /v1/projections/receipts. hash: SHA-256 of 32 random bytes as text, which stand nowhere.
create table forecast_address (
	id            fca_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	principal_id  prn_id not null references principal on delete cascade,
	key_id        key_id not null references api_key on delete cascade,
	name          text not null check (length(name) between 1 and 200),
	question      text not null check (length(question) <= 2000),
	hash          bytea not null unique check (length(hash) = 32),
	expires_at    timestamptz not null,
	revoked_at    timestamptz,
	last_used_at  timestamptz
);
create index forecast_address_principal on forecast_address (principal_id, id);
create index forecast_address_key on forecast_address (key_id);
create trigger touch before update on forecast_address for each row execute function row_touch();
alter table forecast_address enable row level security, force row level security;
