-- asset_owners_put: exactly these owners, [{authority_id, units}].
-- in:  asset_id text, owners jsonb
with gone as (
	delete from asset_owner
	 where asset_id = $1 and owner_id <> all (array(select o ->> 'authority_id' from jsonb_array_elements($2) as o))
)
insert into asset_owner as was (asset_id, authority_id, published, owner_id, units)
select a.id, a.authority_id, a.published, o.authority_id, o.units
  from asset as a, jsonb_to_recordset($2) as o (authority_id text, units bigint)
 where a.id = $1
on conflict (asset_id, owner_id) do update set units = excluded.units where was.units <> excluded.units
