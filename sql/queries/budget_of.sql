-- budget_of: what the budgets of these authorities say, as far as the actor may read their money: {authority: {year: pence}}.
-- in:  authority_ids text[]
-- out: one budgets jsonb
select coalesce(jsonb_object_agg(b.authority_id, b.years), '{}') as budgets
  from (select distinct on (v.authority_id) v.authority_id,
	       (select coalesce(jsonb_object_agg(y ->> 'year', y -> 'amount_pence'), '{}') from jsonb_array_elements(v.years) as y) as years
	  from receipt_budget as v
	 where v.authority_id = any ($1)
	 order by v.authority_id, v.version desc) as b
