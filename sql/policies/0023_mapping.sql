-- Saved mappings: after 0010_policies.sql, by whose rule() and holds() this is written. They are for those
-- who load the authority's lists.
set local role assetd_owner;
set local search_path = assetd, public;

do $$
begin
	perform pg_temp.rule('mapping', 'SELECT INSERT UPDATE', pg_temp.holds('estates'));
end
$$;

grant select on item_mapping to assetd_api;
