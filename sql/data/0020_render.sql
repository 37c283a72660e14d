-- When this release renders assets otherwise than the one before, do it for all of them. The
-- comment of the column says by which definition they are.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
declare
	definition text := md5(pg_get_viewdef('item_asset_live'::regclass));
	column_of  int := (select attnum from pg_attribute where attrelid = 'asset'::regclass and attname = 'rendered');
begin
	if col_description('asset'::regclass, column_of) is distinct from definition then
		update asset as a set rendered = i.body from item_asset_live as i where i.id = a.id;
		execute format('comment on column asset.rendered is %L', definition);
	end if;
end
$$;
