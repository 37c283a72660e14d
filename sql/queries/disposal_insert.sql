-- disposal_insert: an asset is disposed of, with the baseline as it was just before.
-- in:  id text, asset_id text, fields jsonb, request_id text?, baseline jsonb
with made as (
	insert into disposal (id, asset_id, authority_id, published, kind, completed_on, gross_pence, cost_pence,
		recipient, exemption, exemption_dated_on, request_id)
	select $1, a.id, a.authority_id, a.published, x.kind, x.completed_on, x.gross_pence, x.cost_pence,
	       $3 ->> 'to', x.exemption, x.exemption_dated_on, $4
	  from asset as a, jsonb_populate_record(null::disposal, $3) as x
	 where a.id = $2
	returning id, asset_id, authority_id
)
insert into disposal_money (disposal_id, asset_id, authority_id, baseline)
select id, asset_id, authority_id, $5 from made
