-- projection_asset: one asset for its projection, as the actor may see it.
-- in:  id text
-- out: one? id text, model_id bigint, gone bool, lead text, cpp text?, locality text?, class text, decile int,
--      has_receipt bool, input jsonb
select id, model_id, gone, lead, cpp, locality, class, decile, has_receipt, input from projection_input where id = $1
