-- When this release renders assets otherwise than the one before, do it for all of them. The
-- comment of the column says by which definition they are.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	definition text := (select md5(string_agg(prosrc, '' order by proname)) from pg_proc
		where pronamespace = 'assetd'::regnamespace and proname ~ '^asset_item');
	column_of  int := (select attnum from pg_attribute where attrelid = 'asset'::regclass and attname = 'rendered');
begin
	if col_description('asset'::regclass, column_of) is distinct from definition then
		update asset as a set rendered = i.body from item_asset_live as i where i.id = a.id and a.rendered is distinct from i.body;
		execute format('comment on column asset.rendered is %L', definition);
	end if;
end
$$;
