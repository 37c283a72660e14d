-- page_work: what whoever deals with requests has before them, of all their authorities: dates that have passed, those of the next seven
--   days, what waits for themselves (a decision to approve; of a case that is theirs comments to read, or the authority's turn), and what is new with nobody to deal with it. Of each so many, and how many there are.
-- in:  today date, rows int
-- out: one body text
with cases as materialized (
	select r.id, r.authority_id, r.community_body_id, r.reference, r.state, r.received_on, r.deadlines, r.asset_id, r.land,
	       (select o.principal_id from case_officer as o where o.request_id = r.id order by o.number desc limit 1) as officer
	  from request as r
	  join request_state as s on s.code = r.state and s.is_open
	 where r.authority_id = any (actor_in('estates')) or actor_everywhere('estates')
	    or r.authority_id = any (actor_in('decider')) or actor_everywhere('decider')
), dates as (
	select c.id, d ->> 'due_on' as due_on, d ->> 'name' as name, d ->> 'whose' as whose, d ->> 'state' as state,
	       (d ->> 'due_on')::date < $1 as is_past
	  from cases as c
	 cross join lateral jsonb_array_elements(c.deadlines) as d
	 where d ->> 'state' = 'RUNNING' or d ->> 'state' = 'MISSED' and d ->> 'whose' = 'AUTHORITY'
), found as (
	(select distinct on (id) 'overdue' as part, id, due_on, name, whose, null as wait
	   from dates where is_past order by id, due_on)
	union all
	(select distinct on (id) 'week', id, due_on, name, whose, null
	   from dates where state = 'RUNNING' and not is_past and due_on::date < $1 + 7 order by id, due_on)
	union all
	(select distinct on (id) 'waiting', x.id, x.due_on, null, null, x.wait
	   from (select p.request_id as id, 1 as place, 'APPROVE' as wait, null as due_on
		   from proposal as p
		  where p.state = 'OPEN' and p.proposed_by <> actor_id()
		    and (p.authority_id = any (actor_in('decider')) or actor_everywhere('decider'))
		 union all
		 select c.id, 2, 'READ', null from cases as c
		  where c.officer = actor_id() and exists (select from representation as u where u.request_id = c.id and u.mark = 'UNREAD')
		 union all
		 select c.id, 3, 'ACT', min(d.due_on) from cases as c
		   left join dates as d on d.id = c.id and d.state = 'RUNNING' and d.whose in ('AUTHORITY', 'BOTH')
		  where c.officer = actor_id() and (d.id is not null or c.state in ('ENQUIRY', 'EXPRESSION_OF_INTEREST', 'RECEIVED'))
		  group by c.id) as x
	   order by id, place)
	union all
	select 'new', c.id, null, null, null, null from cases as c
	 where c.officer is null and c.state in ('ENQUIRY', 'EXPRESSION_OF_INTEREST', 'RECEIVED')
), ranked as (
	select f.*, c.reference, c.state, c.received_on, o.name as authority_name, b.name as community_body_name,
	       coalesce(a.name, c.land ->> 'description', '') as asset_name,
	       row_number() over (partition by f.part order by f.due_on nulls last,
		case when f.part = 'new' then c.received_on end desc, c.received_on, f.id) as n,
	       count(*) over (partition by f.part) as of
	  from found as f
	  join cases as c on c.id = f.id
	  join authority as o on o.id = c.authority_id
	  join community_body as b on b.id = c.community_body_id
	  left join asset as a on a.id = c.asset_id
)
select coalesce(json_object_agg(x.part, x.list), '{}')::text as body
  from (select part, json_build_object('of_count', max(of), 'rows', json_agg(json_build_object('id', id, 'reference', reference,
		'state', state, 'received_on', received_on, 'due_on', due_on, 'name', name, 'whose', whose, 'wait', wait,
		'authority_name', authority_name, 'community_body_name', community_body_name, 'asset_name', asset_name) order by n)) as list
	  from ranked where n <= $2 group by part) as x
