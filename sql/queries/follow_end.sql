-- follow_end: whoever bears a follow's link has had enough: nothing of it is left, its address least of all.
-- in:  id text
delete from follow where id = $1
