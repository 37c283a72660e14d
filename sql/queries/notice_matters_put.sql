-- notice_matters_put: what a decision weighed, a row each, from the text of its notice.
-- in:  notice_id text
insert into decision_matter (notice_id, matter, authority_id, request_id, published, text)
select n.id, m ->> 'matter', n.authority_id, n.request_id, n.published, m ->> 'text'
  from notice as n, jsonb_array_elements(n.content -> 'matters') as m
 where n.id = $1 and n.code = 'N7'
