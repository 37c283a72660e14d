-- Saved mappings: how an authority's own lists are read, by a name of its own.
set local role assetd_owner;
set local search_path = assetd, public;

create domain map_id as text collate "C" check (value ~ '^map_[0-9a-z]{26}$');

create table mapping (
	id            map_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null references authority,
	name          text not null check (length(name) between 1 and 80),
	columns       jsonb not null check (jsonb_typeof(columns) = 'array'),
	presets       jsonb not null default '[]' check (jsonb_typeof(presets) = 'array'),
	removed_at    timestamptz,
	unique (authority_id, id)
);
create unique index mapping_name on mapping (authority_id, lower(name collate "C")) where removed_at is null;
create trigger touch before update on mapping for each row execute function row_touch();
alter table mapping enable row level security, force row level security;
