-- projector_inputs: a page of the assets that can produce a receipt.
-- in:  after text, most int
-- out: many id text, model_id bigint, gone bool, lead text, cpp text?, locality text?, class text, decile int,
--      has_receipt bool, input jsonb, is_valued_openly bool
select id, model_id, gone, lead, cpp, locality, class, decile, has_receipt, input, is_valued_openly from projection_input
 where id > $1 and has_receipt and not gone
 order by id
 limit $2
