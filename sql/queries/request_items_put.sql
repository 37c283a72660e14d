-- request_items_put: when each item of a request arrived, [{code, received_on}].
-- in:  request_id text, items jsonb
insert into request_item as was (request_id, authority_id, published, code, received_on)
select r.id, r.authority_id, r.published, i.code, i.received_on
  from request as r, jsonb_to_recordset($2) as i (code text, received_on date)
 where r.id = $1
on conflict (request_id, code) do update set received_on = excluded.received_on
	where was.received_on is distinct from excluded.received_on
