-- Assumptions and frozen runs of the receipt projection.
set local role assetd_owner;
set local search_path = assetd, public;

-- Changes to the model's defaults (valuation.md B11.3); the highest version holds.
create table model_parameter (
	version     int primary key check (version > 0),
	created_at  timestamptz not null default clock_at(),
	actor       text collate "C" default actor_id(),
	params      jsonb not null check (jsonb_typeof(params) = 'object'),
	note        text
);

-- One authority's own rows of those parameters: costs, discount, hold, remarketing.
create table partner_setting (
	authority_id  aut_id primary key references authority,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	settings      jsonb not null check (jsonb_typeof(settings) = 'object')
);
create trigger touch before update on partner_setting for each row execute function row_touch();

-- Each authority's projection is a subject (prj_…): the version its projection.changed moves.
create table projection (
	id            text collate "C" primary key check (id ~ '^prj_[0-9a-z]{26}$'),
	authority_id  aut_id not null unique references authority,
	version       int not null default 0 check (version >= 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	position      bigint not null default 0,
	totals        jsonb not null default '{}' check (jsonb_typeof(totals) = 'object')
) with (fillfactor = 50);
create trigger touch before update on projection for each row execute function row_touch();

-- A frozen run: named by its inputs, kept for ever. authority_id: who froze it.
create table projection_run (
	id               run_id primary key,
	version          int not null default 1 check (version > 0),
	created_at       timestamptz not null default clock_at(),
	updated_at       timestamptz not null default clock_at(),
	authority_id     aut_id references authority,
	actor            text collate "C" default actor_id(),
	name             text check (length(name) between 1 and 200),
	tag              code not null check (tag in ('LIVE', 'BUDGET', 'QUARTER', 'WHAT_IF')),
	as_of_on         date not null,
	valid_on         date,
	known_at         timestamptz,
	seed             numeric(20) not null check (seed >= 0 and seed < 18446744073709551616),
	paths            int not null check (paths between 1 and 1000000),
	position         bigint not null check (position >= 0),
	model_version    text not null,
	parameters       jsonb not null check (jsonb_typeof(parameters) = 'object'),
	parameters_hash  text collate "C" not null,
	overlay          jsonb not null default '[]' check (jsonb_typeof(overlay) = 'array')
);
create index projection_run_authority on projection_run (authority_id, id);
create trigger touch before update on projection_run for each row execute function row_touch();

-- Its roll-ups, ready to be served: one group of one grouping in one scenario. No row of it
-- speaks of a single asset.
create table projection_run_receipt (
	run_id        run_id not null references projection_run,
	scenario      code not null check (scenario in ('BEST', 'LIKELY', 'WORST')),
	grouping_by   text collate "C" not null,
	filter        text collate "C" not null default '',
	number        int not null check (number >= 0),
	body          jsonb not null check (jsonb_typeof(body) = 'object'),
	primary key (run_id, scenario, grouping_by, filter, number)
);

-- Its inputs, an asset each, as B11.1 writes them: what movement and a recalculation start from.
create table projection_run_asset (
	run_id        run_id not null references projection_run,
	asset_id      ast_id not null references asset,
	authority_id  aut_id not null references authority,
	input         jsonb not null check (jsonb_typeof(input) = 'object'),
	primary key (run_id, asset_id)
);
create index projection_run_asset_tenant on projection_run_asset (authority_id, run_id);
create index projection_run_asset_asset on projection_run_asset (asset_id);

alter table model_parameter enable row level security, force row level security;
alter table partner_setting enable row level security, force row level security;
alter table projection enable row level security, force row level security;
alter table projection_run enable row level security, force row level security;
alter table projection_run_receipt enable row level security, force row level security;
alter table projection_run_asset enable row level security, force row level security;
