-- notice_recipients_put: further recipients of a notice, names and addresses apart.
-- in:  notice_id text, recipients jsonb
with sent as (
	select x.*, x.n + (select coalesce(max(p.number), 0) from notice_recipient as p where p.notice_id = $1)::int as number,
	       o.authority_id
	  from rows from (jsonb_to_recordset($2) as (kind text, name text, address text, manner text, served_on date))
		with ordinality as x (kind, name, address, manner, served_on, n),
	       notice as o where o.id = $1
), put as (
	insert into notice_recipient (notice_id, number, authority_id, kind, manner, served_on)
	select $1, number, authority_id, kind, manner, served_on from sent
)
insert into notice_recipient_contact (notice_id, number, authority_id, name, address)
select $1, number, authority_id, name, address from sent where num_nonnulls(name, address) > 0
