-- overlay_requests: of the assets of a run's overlay all requests ever, by their numbers in the model.
-- in:  ids text[]
-- out: many asset_id text, request_ids json
select r.asset_id, json_agg(r.id order by r.created_at, r.id) as request_ids
  from request as r where r.asset_id = any ($1)
 group by r.asset_id
