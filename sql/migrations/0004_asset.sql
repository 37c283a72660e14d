-- Assets and what hangs on them. Facts stand in one table and money in a twin (…_money), so
-- that row policies can show the one and hide the other.
--
-- Every table of a tenant carries authority_id, and published where the public may read it;
-- both come down from the asset by composite foreign keys, so they cannot disagree with it.
set local role assetd_owner;
set local search_path = assetd, public;

create table asset (
	id            ast_id primary key,
	model_id      bigint not null unique generated always as identity,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	effective_on  date not null default clock_day(),
	authority_id  aut_id not null references authority,
	published     boolean not null default true,
	removed_at    timestamptz,
	reference     text check (length(reference) between 1 and 80),
	name          text not null check (length(name) between 1 and 300),
	class         code not null,
	tenure        code not null check (tenure in ('OWNED', 'LEASED_IN')),
	lifecycle     code not null default 'IN_USE' check (lifecycle in
		('IN_USE', 'SURPLUS', 'PREPARING', 'MARKETING', 'UNDER_OFFER', 'DISPOSED')),
	cpp_id        cpp_id references cpp,
	locality_id   loc_id references locality,
	data_zone     text collate "C" check (data_zone ~ '^S01[0-9]{6}$'),
	decile        smallint not null default 0 check (decile between 0 and 10),
	address       text check (length(address) between 1 and 500),
	postcode      text check (length(postcode) between 1 and 10),
	uprn          text collate "C" check (uprn ~ '^[1-9][0-9]{0,11}$'),
	title_number  text check (length(title_number) between 1 and 40),
	easting       int check (easting between 0 and 999999),
	northing      int check (northing between 0 and 1999999),
	lat           numeric(9, 7) check (lat between -90 and 90),
	lon           numeric(10, 7) check (lon between -180 and 180),
	area_m2       bigint check (area_m2 between 0 and 1000000000000),
	common_good   boolean,
	exempt_reason text check (length(exempt_reason) between 1 and 500),
	notes         text check (length(notes) between 1 and 10000),
	-- Every word somebody may look for, the postcode also without its blank.
	search        text collate "C" not null generated always as (assetd.fold(name
		|| coalesce(' ' || reference, '') || coalesce(' ' || uprn, '') || coalesce(' ' || title_number, '')
		|| coalesce(' ' || postcode || ' ' || replace(postcode, ' ', ''), '')
		|| coalesce(' ' || address, ''))) stored,
	-- The item as JSON text, the same for every reader (functions/0035_render.sql).
	rendered      text not null,
	check (num_nulls(easting, northing) in (0, 2)),
	check (num_nulls(lat, lon) in (0, 2)),
	unique (authority_id, id, published)
) with (fillfactor = 85);
create unique index asset_reference on asset (authority_id, lower(reference)) where removed_at is null;
create index asset_cpp on asset (cpp_id, id);
create index asset_locality on asset (locality_id, id);
create index asset_uprn on asset (uprn) where uprn is not null;
create index asset_place on asset using gist (point(easting, northing)) where easting is not null;
create index asset_name on asset (name, id) where removed_at is null;
create index asset_live on asset (authority_id, published, id) where removed_at is null;
create index asset_search on asset using gin (search gin_trgm_ops);
create trigger touch before update on asset for each row execute function row_touch();

-- Shares in units. authority_id is the asset's lead, who need not be among the owners.
create table asset_owner (
	asset_id      ast_id not null,
	authority_id  aut_id not null,
	published     boolean not null,
	owner_id      aut_id not null references authority,
	units         bigint not null check (units between 0 and 1000000000),
	primary key (asset_id, owner_id),
	foreign key (authority_id, asset_id, published) references asset (authority_id, id, published)
		on update cascade
);
create index asset_owner_tenant on asset_owner (authority_id, asset_id, published);
create index asset_owner_owner on asset_owner (owner_id, asset_id);

create table valuation (
	id            val_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	effective_on  date not null,
	authority_id  aut_id not null,
	asset_id      ast_id not null,
	published     boolean not null,
	basis         code not null check (basis in ('MV', 'FV', 'EUV', 'EUV_SH', 'DRC', 'HC', 'INS')),
	valued_on     date not null,
	valuer        text check (length(valuer) between 1 and 200),
	restricted    boolean not null default true,
	foreign key (authority_id, asset_id, published) references asset (authority_id, id, published)
		on update cascade,
	unique (authority_id, asset_id, id, published, restricted)
);
create index valuation_asset on valuation (asset_id, effective_on, id);
create index valuation_tenant on valuation (authority_id, asset_id, published);
create trigger touch before update on valuation for each row execute function row_touch();

create table valuation_money (
	valuation_id  val_id primary key,
	authority_id  aut_id not null,
	asset_id      ast_id not null,
	published     boolean not null,
	restricted    boolean not null,
	amount_pence  pence not null,
	foreign key (authority_id, asset_id, valuation_id, published, restricted)
		references valuation (authority_id, asset_id, id, published, restricted) on update cascade
);
create index valuation_money_tenant on valuation_money (authority_id, asset_id, valuation_id);

-- Terms of a lease, as contract: {rent_pa_pence, premium_pence, term_months, rent_free_months,
-- class, market_rent_pa_pence}; whole numbers, and no other member.
create function lease_is_sound(lease jsonb) returns boolean
	language sql immutable parallel safe strict
	return jsonb_typeof(lease) = 'object'
		and lease - '{rent_pa_pence,premium_pence,term_months,rent_free_months,class,market_rent_pa_pence}'::text[]
			= '{}'::jsonb
		and coalesce(lease ->> 'class' in ('FINANCE', 'OPERATING'), false)
		and coalesce((lease ->> 'term_months')::numeric between 1 and 12000, false)
		and coalesce((lease ->> 'rent_free_months')::numeric between 0 and 12000, true)
		and coalesce((lease ->> 'rent_pa_pence')::numeric between 0 and 1000000000000000, true)
		and coalesce((lease ->> 'premium_pence')::numeric between 0 and 1000000000000000, true)
		and coalesce((lease ->> 'market_rent_pa_pence')::numeric between 0 and 1000000000000000, true);

-- One plan an asset.
create table disposal_plan (
	id               pln_id primary key,
	version          int not null default 1 check (version > 0),
	created_at       timestamptz not null default clock_at(),
	updated_at       timestamptz not null default clock_at(),
	effective_on     date not null default clock_day(),
	authority_id     aut_id not null,
	asset_id         ast_id not null unique,
	published        boolean not null,
	method           code not null check (method in ('SALE', 'LEASE', 'NONE')),
	stage            code check (stage in
		('IDENTIFIED', 'SURPLUS', 'PREPARING', 'MARKETING', 'UNDER_OFFER', 'MISSIVES')),
	planned_on       date,
	probability_ppm  ppm,
	check (method = 'NONE' or (stage is not null and planned_on is not null)),
	foreign key (authority_id, asset_id, published) references asset (authority_id, id, published)
		on update cascade,
	unique (authority_id, asset_id, id)
);
create index disposal_plan_tenant on disposal_plan (authority_id, asset_id, published);
create trigger touch before update on disposal_plan for each row execute function row_touch();

create table disposal_plan_money (
	plan_id             pln_id primary key,
	authority_id        aut_id not null,
	asset_id            ast_id not null,
	agreed_price_pence  pence_or_more,
	cost_fixed_pence    pence_or_more,
	lease               jsonb check (lease_is_sound(lease)),
	foreign key (authority_id, asset_id, plan_id) references disposal_plan (authority_id, asset_id, id)
		on update cascade on delete cascade
);
create index disposal_plan_money_tenant on disposal_plan_money (authority_id, asset_id, plan_id);

-- What was sold or transferred, once; its price is public, what was forecast before is not.
create table disposal (
	id            dsp_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null,
	asset_id      ast_id not null unique,
	published     boolean not null,
	kind          code not null check (kind in ('MARKET', 'TRANSFER')),
	completed_on  date not null,
	gross_pence   pence_or_more not null,
	cost_pence    pence_or_more not null,
	recipient     text check (length(recipient) between 1 and 200),
	exemption     code check (exemption in ('ADVERTISED', 'NEGOTIATIONS', 'PROCEEDINGS', 'DIRECTION')),
	request_id    atr_id,
	foreign key (authority_id, asset_id, published) references asset (authority_id, id, published)
		on update cascade,
	unique (authority_id, asset_id, id)
);
create index disposal_tenant on disposal (authority_id, asset_id, published);
create trigger touch before update on disposal for each row execute function row_touch();

-- The LIKELY baseline just before completion, quarter to {GM, CM, RENT} in pence; never moved.
create table disposal_money (
	disposal_id   dsp_id primary key,
	authority_id  aut_id not null,
	asset_id      ast_id not null,
	baseline      jsonb not null check (jsonb_typeof(baseline) = 'object'),
	foreign key (authority_id, asset_id, disposal_id) references disposal (authority_id, asset_id, id)
		on update cascade
);
create index disposal_money_tenant on disposal_money (authority_id, asset_id, disposal_id);

alter table asset enable row level security, force row level security;
alter table asset_owner enable row level security, force row level security;
alter table valuation enable row level security, force row level security;
alter table valuation_money enable row level security, force row level security;
alter table disposal_plan enable row level security, force row level security;
alter table disposal_plan_money enable row level security, force row level security;
alter table disposal enable row level security, force row level security;
alter table disposal_money enable row level security, force row level security;
