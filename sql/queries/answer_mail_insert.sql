-- answer_mail_insert: the letter that brings a link. kind: ANSWER, or EXTENSION of one that tells of a longer time that is offered.
-- in:  id text, link_id text, ticket text, kind text
insert into mail (id, authority_id, kind, link_id, ticket)
select $1, l.authority_id, $4, l.id, $3 from answer_link as l where l.id = $2
