-- What one asset's projection of then is worked out with.
set local role assetd_owner;
set local search_path = assetd, public;

-- The register's parameters and the settings of those who ever owned a share of the asset, as they stood at a moment. With its
-- owner's rights, as the projector reads them: a joint owner's settings are its own people's, and yet part of the sum; they go to
-- the model alone, and only for who is shown the asset's money. position: the last in the feed that was about the asset.
-- No row: not for this reader.
create or replace function projection_frame_at(asset text, moment timestamptz)
	returns table (feed_position bigint, params jsonb, partners jsonb)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select coalesce((select max(f.position) from feed as f where f.subject = a.id and f.change_at <= moment), 0),
	       coalesce((select p.params from model_parameter as p where p.created_at <= moment order by p.version desc limit 1), '{}'),
	       (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'is_local_authority', o.kind = 'COUNCIL') || coalesce((select s.settings
			from partner_setting as s where s.authority_id = o.id and s.created_at <= moment order by s.version desc limit 1), '{}')
			order by o.id), '[]')
		  from authority as o
		 where o.id in (select a.authority_id union select w ->> 'authority_id'
			from fact as f, jsonb_array_elements(f.body -> 'owners') as w where f.subject = a.id and f.part = 'owners'))
	  from asset as a
	 where a.id = projection_frame_at.asset and asset_money_shown(a.id, a.authority_id)
$$;
