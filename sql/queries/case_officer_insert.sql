-- case_officer_insert: who deals with a case from now on; absent: nobody.
-- in:  request_id text, principal_id text?
insert into case_officer (request_id, number, authority_id, principal_id)
select r.id, 1 + (select coalesce(max(o.number), 0) from case_officer as o where o.request_id = r.id), r.authority_id, $2
  from request as r where r.id = $1
