-- body_twin_refuse: refuse a community body by a form where one like it is recorded (functions/0064_request_twin.sql).
-- in:  name text, charity_number text?, company_number text?, is_other bool
-- out: one? is_new bool
select body_twin_refuse($1, $2, $3, $4) as is_new
