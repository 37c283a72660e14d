-- Land that overlaps land: parts of an asset, and pairs that an officer confirmed. What is decided
-- of overlapping land is decided one after another: who begins a bar, disposes of land, splits or
-- removes it holds its authority's row of land_turn until the end of the transaction (DECISIONS 48).
set local role assetd_owner;
set local search_path = assetd, public;

create domain lpr_id as text collate "C" check (value ~ '^lpr_[0-9a-z]{26}$');

create table land_turn (
	authority_id  aut_id primary key references authority,
	turn          bigint not null default 1 check (turn > 0)
) with (fillfactor = 50);

-- A part belongs to the authority of the whole, for good.
alter table asset add column part_of ast_id check (part_of <> id);
alter table asset add unique (authority_id, id);
alter table asset add foreign key (authority_id, part_of) references asset (authority_id, id);
create index asset_part_of on asset (part_of, id) where part_of is not null;

-- Two assets that may be about the same land: proposed by their boundaries, or by an officer, who
-- alone confirms or rejects, and says why. One row a pair, the lesser id first.
create table land_pair (
	id            lpr_id primary key,
	version       int not null default 1 check (version > 0),
	created_at    timestamptz not null default clock_at(),
	updated_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null references authority,
	asset_id      ast_id not null,
	other_id      ast_id not null,
	state         code not null check (state in ('PROPOSED', 'CONFIRMED', 'REJECTED')),
	source        code not null check (source in ('BOUNDARY', 'OFFICER')),
	reason        text check (length(reason) between 1 and 2000),
	decided_on    date,
	decided_by    text collate "C",
	check (asset_id < other_id),
	check (state = 'PROPOSED' or (reason is not null and decided_on is not null)),
	unique (asset_id, other_id),
	foreign key (authority_id, asset_id) references asset (authority_id, id),
	foreign key (authority_id, other_id) references asset (authority_id, id)
);
create index land_pair_tenant on land_pair (authority_id, state, id);
create index land_pair_other on land_pair (other_id, asset_id);
create trigger touch before update on land_pair for each row execute function row_touch();

-- What an officer found a body's constitution to lack (sections 19 and 80).
alter table community_body add column unmet text[] not null default '{}'
	check (unmet <@ '{CC1,CC2,CC3,CC4,CC5,CC6,WINDING_UP}');

-- An exemption of the first three kinds began before the request was made (section 84).
alter table disposal add column exemption_dated_on date;
alter table disposal add constraint disposal_exemption_has_kind
	check (exemption_dated_on is null or exemption is not null);

alter table request add constraint request_bar_exemption_is_older
	check (bar_exemption is null or bar_exemption = 'DIRECTION' or coalesce(bar_dated_on < validated_on, false));

-- Land that was not listed when it was asked for: the words stay beside the asset that it turns out to be.
do $$
declare
	old text := (select conname from pg_constraint where conrelid = 'request'::regclass
		and pg_get_constraintdef(oid) ~ 'num_nonnulls\(asset_id, land\)');
begin
	execute format('alter table request drop constraint %I', old);
end
$$;
alter table request add constraint request_has_land check (asset_id is not null or land is not null);

-- The bars that run now: few, and asked for at every change of an asset.
create index request_barring on request (authority_id, asset_id)
	where bar_from is not null and bar_to is null and prohibits and bar_exemption is null;
-- Which like requests came before.
create index request_like on request (authority_id, kind, validated_on) where validated_on is not null;

alter table land_turn enable row level security, force row level security;
alter table land_pair enable row level security, force row level security;
