-- overlay_assets: the assets of a run's overlay with their inputs as they are, as the actor may see them.
-- in:  ids text[]
-- out: many id text, model_id bigint, gone bool, lead text, cpp text?, locality text?, class text, decile int,
--      has_receipt bool, input jsonb
select id, model_id, gone, lead, cpp, locality, class, decile, has_receipt, input from projection_input
 where id = any ($1) order by id
