-- extension_insert: offer a community body a longer time.
-- in:  request_id text, event text, until_on date, reasons text
insert into extension_offer (request_id, number, authority_id, published, event, until_on, reasons)
select r.id, (select coalesce(max(x.number), 0) + 1 from extension_offer as x where x.request_id = r.id), r.authority_id, r.published, $2, $3, $4
  from request as r where r.id = $1
