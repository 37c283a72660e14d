-- valuation_insert: a new valuation of an asset, its amount apart.
-- in:  id text, asset_id text, fields jsonb
with made as (
	insert into valuation (id, asset_id, authority_id, published, basis, valued_on, valuer, restricted, effective_on)
	select $1, a.id, a.authority_id, a.published, x.basis, x.valued_on, x.valuer, x.restricted, x.effective_on
	  from asset as a, jsonb_populate_record(null::valuation, $3) as x
	 where a.id = $2
	returning id, asset_id, authority_id, published, restricted
)
insert into valuation_money (valuation_id, asset_id, authority_id, published, restricted, amount_pence)
select id, asset_id, authority_id, published, restricted, ($3 ->> 'amount_pence')::bigint from made
