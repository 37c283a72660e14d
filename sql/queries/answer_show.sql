-- answer_show: what the community body reads by its link, copies after a number (functions/0092_answer.sql).
-- in:  id text, after int, take int
-- out: one? state text, body text
select state, body from answer_show($1, $2, $3)
