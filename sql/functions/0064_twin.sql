-- Entries that may be the same thing, and entries that are.
set local role assetd_owner;
set local search_path = assetd, public;

-- These assets and all that were merged into them: what hangs on those is found by the entry that stayed.
create or replace function asset_with_merged(ids text[]) returns text[]
	language plpgsql stable
as $$
begin
	return (with recursive whole (id) as (
			select unnest(ids) collate "C"
			union
			select a.id::text from whole as w join asset as a on a.merged_into = w.id)
		select coalesce(array_agg(id), '{}') from whole);
end
$$;

-- Is an asset no more, nor what it was merged into, as far as the actor may know of either?
create or replace function asset_is_gone(target text) returns boolean
	language plpgsql stable
as $$
begin
	return not exists (with recursive now_it (id, into_id, is_there) as (
			select a.id::text, a.merged_into::text, a.removed_at is null from asset as a where a.id = target
			union
			select a.id::text, a.merged_into::text, a.removed_at is null from now_it as w join asset as a on a.id = w.into_id)
		select from now_it where is_there);
end
$$;

-- Entries, of those that the actor may see, that may be the same thing as this one: the same UPRN, the same name at
-- the same postcode or of the same authority, or the same class within 15 metres. At most five, never a reason to refuse, and not what it was split off:
-- [{code, asset_id, name}]; null when there are none. Many assets may rightly share a UPRN.
create or replace function asset_twins(target text) returns json
	language plpgsql stable
as $$
declare
	a    asset;
	near text[];
begin
	select * into a from asset where id = target;
	if a.easting is not null then
		near := array(select f.id from asset_found(jsonb_build_object('near', jsonb_build_object('easting', a.easting,
			'northing', a.northing, 'metres', 15), 'class', jsonb_build_array(a.class)), 'distance', null, 6) as f where f.id <> target);
	end if;
	return (select json_agg(json_build_object('code', x.code, 'asset_id', x.id, 'name', x.name) order by x.rank, x.id)
		  from (select distinct on (t.id) t.* from (
			select 1 as rank, 'SAME_UPRN' as code, b.id, b.name from asset as b where b.uprn = a.uprn and b.removed_at is null
			union all
			select 2, 'SAME_NAME', b.id, b.name from asset as b where b.name = a.name and b.removed_at is null
			   and (b.authority_id = a.authority_id or b.postcode = a.postcode)
			union all
			select 3, 'NEAR', b.id, b.name from asset as b where b.id = any (near)) as t
			 where t.id <> target and t.id is distinct from a.part_of order by t.id, t.rank limit 5) as x);
end
$$;

-- What a new asset is answered with: the item, and `warnings` where it may be another entry's twin.
create or replace function asset_answer(body text, target text) returns text
	language plpgsql stable
as $$
declare
	twins constant json := asset_twins(target);
begin
	return case when twins is null then body else left(body, -1) || ',"warnings":' || twins::text || '}' end;
end
$$;
