-- request_flag: a request gets a flag, at its next version, from outside its own ledger.
-- in:  id text, flag text
-- out: one? version int, authority_id text
update request
   set version = version + 1, effective_on = clock_day(), 
       flags = case when $2 = any (flags) then flags else array_append(flags, $2) end
 where id = $1
returning version, authority_id::text
