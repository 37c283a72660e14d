-- notice_load: what a notice of a request is drafted from: the act it follows (the one given, else that of the notice, else the
--   newest of some events), and the notice as it stands, where one is named.
-- in:  request_id text, event_id text?, notice_id text?, events text[]
-- out: one? version int, authority_id text, asset_id text?, act_id text?, facts jsonb, second_person bool, notice_version int?,
--      code text?, variant text?, made_of text?, state text?, form jsonb?, content jsonb?, drafted_by text?,
--      dated_on date?, is_newer_decided bool
select r.version, r.authority_id::text, r.asset_id::text, e.id::text as act_id, coalesce(notice_facts(r.id, e.id), '{}') as facts,
       second_person(r.authority_id) as second_person, n.version as notice_version, n.code::text, n.variant::text,
       n.event_id::text as made_of, n.state::text, n.form, n.content, n.drafted_by, n.dated_on,
       exists (select from notice as o join request_event as d on d.id = o.event_id
		where o.request_id = r.id and o.code = 'N7' and o.state = 'ISSUED' and o.superseded_by is null
		  and ledger_place(d) > e.place
		  and not exists (select from request_event as s where s.id = d.superseded_by and s.event = 'CORRECT')) as is_newer_decided
  from request as r
  left join notice as n on n.id = $3 and n.request_id = r.id
  left join lateral (select q.id, ledger_place(q) as place from request_event as q
	where q.request_id = r.id and q.superseded_by is null
	  and case when coalesce($2, n.event_id) is null then q.event = any ($4) else q.id = coalesce($2, n.event_id) end
	order by ledger_place(q) desc limit 1) as e on true
 where r.id = $1
