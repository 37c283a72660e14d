-- Items that everybody may read and most people do are kept rendered, so that a read fetches one
-- row and makes nothing: a third of the time for one, a tenth for a list (DECISIONS 13).
set local role assetd_owner;
set local search_path = assetd, public;

-- At the end of a transaction that moved an asset, when its shares, requests and disposal are in
-- their places: keep its item. Once, however often the version moved.
create or replace function asset_render() returns trigger
	language plpgsql
	set plan_cache_mode = force_generic_plan
as $$
begin
	update asset as a set rendered = (select i.body from item_asset_live as i where i.id = a.id)
	 where a.id = new.id and a.version = new.version;
	return null;
end
$$;

drop trigger if exists render_first on asset;
create constraint trigger render_first after insert on asset
	deferrable initially deferred for each row execute function asset_render();
drop trigger if exists render on asset;
create constraint trigger render after update on asset
	deferrable initially deferred for each row when (new.version <> old.version) execute function asset_render();
