-- lease_leave: give a lease back, so that the next holder need not wait for its end.
-- in:  name text, fence bigint
update lease set until = '-infinity' where name = $1 and fence = $2
