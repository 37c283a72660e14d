-- request_link_money: whose shares the money of a request follows, once its land has an asset.
-- in:  id text
update request_money as m set asset_id = r.asset_id from request as r where r.id = $1 and m.request_id = r.id
