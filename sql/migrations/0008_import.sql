-- Imports: what a file would do (PREVIEWED), did (APPLIED), and had undone (UNDONE).
set local role assetd_owner;
set local search_path = assetd, public;

create table import (
	id            imp_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null references authority,
	principal_id  prn_id references principal,
	kind          code not null check (kind in ('ASSETS')),
	state         code not null default 'PREVIEWED' check (state in ('PREVIEWED', 'APPLIED', 'UNDONE')),
	encoding      text not null,
	columns       text[] not null,
	mapping       jsonb not null check (jsonb_typeof(mapping) = 'object'),
	counts        jsonb not null check (jsonb_typeof(counts) = 'object'),
	sha256        text collate "C" not null check (sha256 ~ '^[0-9a-f]{64}$'),
	byte_count    bigint not null check (byte_count >= 0),
	applied_at    timestamptz,
	undone_at     timestamptz,
	check ((state = 'PREVIEWED') = (applied_at is null)),
	check ((state = 'UNDONE') = (undone_at is not null)),
	unique (authority_id, id)
);
create trigger touch before update on import for each row execute function row_touch();

-- One record of the file. line: the physical line on which it begins. seen_version: the asset's
-- when previewed; applied_version and event_id: what apply made of it; before and after: what undo puts back.
create table import_line (
	import_id        imp_id not null,
	authority_id     aut_id not null,
	line             int not null check (line > 0),
	action           code not null check (action in ('CREATE', 'UPDATE', 'SAME', 'ERROR')),
	asset_id         ast_id,
	reference        text,
	seen_version     int,
	applied_version  int,
	event_id         evt_id,
	fields           jsonb,
	before           jsonb,
	changes          jsonb not null default '[]' check (jsonb_typeof(changes) = 'array'),
	problems         jsonb not null default '[]' check (jsonb_typeof(problems) = 'array'),
	primary key (import_id, line),
	foreign key (authority_id, import_id) references import (authority_id, id)
);
create index import_line_tenant on import_line (authority_id, import_id, line);
create index import_line_asset on import_line (asset_id) where asset_id is not null;

alter table import enable row level security, force row level security;
alter table import_line enable row level security, force row level security;
