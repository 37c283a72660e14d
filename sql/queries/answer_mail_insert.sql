-- answer_mail_insert: the letter that brings a link.
-- in:  id text, link_id text, ticket text
insert into mail (id, authority_id, kind, link_id, ticket)
select $1, l.authority_id, 'ANSWER', l.id, $3 from answer_link as l where l.id = $2
