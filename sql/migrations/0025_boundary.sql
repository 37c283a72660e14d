-- Boundaries of assets, and pairs that they propose, also over two authorities (DECISIONS 55).
set local role assetd_owner;
set local search_path = assetd, public;

-- The smallest box around a boundary, in degrees.
create function boundary_box(boundary jsonb) returns box
	language sql immutable parallel safe strict
	return (select box(point(max((p ->> 0)::float8), max((p ->> 1)::float8)), point(min((p ->> 0)::float8), min((p ->> 1)::float8)))
		  from jsonb_array_elements(case boundary ->> 'type' when 'Polygon' then jsonb_build_array(boundary -> 'coordinates')
			else boundary -> 'coordinates' end) as g,
		       jsonb_array_elements(g -> 0) as p);

-- GeoJSON as libassets/boundary.h writes it.
alter table asset add column boundary jsonb
	check (boundary ->> 'type' in ('Polygon', 'MultiPolygon') and jsonb_typeof(boundary -> 'coordinates') = 'array');
create index asset_boundary on asset using gist (boundary_box(boundary)) where boundary is not null;

alter table land_pair
	-- Whose the other asset is, where that is another authority; null: the same.
	add column foreign_authority_id aut_id check (foreign_authority_id <> authority_id),
	add column other_authority_id text collate "C" generated always as (coalesce(foreign_authority_id::text, authority_id::text)) stored,
	-- Of which boundaries the decision was made.
	add column shapes text collate "C",
	-- Proposed once more, because the boundaries have changed since it was rejected; which stands till somebody decides.
	add column was_rejected boolean not null default false,
	add check (state = 'PROPOSED' or not was_rejected);
do $$
declare
	old text := (select conname from pg_constraint where conrelid = 'land_pair'::regclass
		and pg_get_constraintdef(oid) ~ 'FOREIGN KEY \(authority_id, other_id\)');
begin
	execute format('alter table land_pair drop constraint %I', old);
end
$$;
alter table land_pair add foreign key (other_authority_id, other_id) references asset (authority_id, id);
create index land_pair_foreign on land_pair (foreign_authority_id, state, id) where foreign_authority_id is not null;
