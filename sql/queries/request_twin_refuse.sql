-- request_twin_refuse: refuse a request by a form where one like it is open (functions/0064_request_twin.sql).
-- in:  body_id text, asset_id text?, authority_id text?, land text?, kind text, is_other bool
-- out: one? is_new bool
select request_twin_refuse($1, $2, $3, $4, $5, $6) as is_new
