-- What became of requests: what communities took over, what was refused, what else ended without one.
set local role assetd_owner;
set local search_path = assetd, public;

-- What a state means for whoever counts: null while a request still runs. A refusal is one once it is given, though it may yet be
-- challenged; under review or appeal it runs again.
create or replace function request_outcome(state text) returns text
	language sql immutable parallel safe
	return case
		when state = 'COMPLETED' then 'TAKEN_OVER'
		when state in ('REFUSED', 'REFUSED_AFTER_REVIEW', 'CLOSED_REFUSED') then 'REFUSED'
		when state = 'WITHDRAWN' then 'WITHDRAWN'
		when state in ('LAPSED_NO_OFFER', 'LAPSED_NO_CONTRACT') then 'LAPSED'
		when state in ('EOI_NOT_SUPPORTED', 'INELIGIBLE', 'DECLINED_REPEAT', 'CLOSED_NO_DECISION') then 'OTHER'
		end;

-- What became of requests to the partners of a partnership for land in it, counted by partner and financial year, and the newest twenty
-- that were taken over; day null: now. Land that is not listed lies where its authority has its only partnership. What is public alone,
-- for every reader the same.
create or replace function cpp_outcomes(cpp text, day date, moment timestamptz) returns json
	language plpgsql stable
as $$
begin
	return (
	with asked as materialized (
		select r.id::text from request as r join cpp_partner as w on w.cpp_id = cpp_outcomes.cpp and w.authority_id = r.authority_id
		 where r.published
	), known as (
		select r.id::text, r.authority_id::text, r.asset_id::text, r.community_body_id::text, r.reference, r.state::text, r.state_on,
		       r.land, a.cpp_id::text, a.name
		  from asked as k join request as r on r.id = k.id left join asset as a on a.id = r.asset_id
		 where day is null
		union all
		select r.id, r.authority_id, r.asset_id, r.community_body_id, r.reference, r.state, r.state_on,
		       (r.was).land, f.body ->> 'cpp_id', f.body ->> 'name'
		  from request_rows_at(array(select k.id from asked as k), day, moment) as r
		  left join fact as f on f.subject = r.asset_id and f.part = 'asset' and f.valid @> day and f.known @> moment
		 where day is not null
	), ended as materialized (
		select k.*, request_outcome(k.state) as outcome, financial_year(k.state_on) as year
		  from known as k
		 where request_outcome(k.state) is not null
		   and (k.cpp_id = cpp_outcomes.cpp or k.asset_id is null and not exists (
			select from cpp_partner as o where o.authority_id = k.authority_id and o.cpp_id <> cpp_outcomes.cpp))
	)
	select json_build_object(
		'items', (select coalesce(json_agg(json_build_object('year', x.year, 'authority_id', x.authority_id, 'name', x.name,
				'taken_over_count', x.taken_over, 'refused_count', x.refused, 'withdrawn_count', x.withdrawn,
				'lapsed_count', x.lapsed, 'other_count', x.other) order by x.year desc, x.name, x.authority_id), '[]')
			    from (select e.year, e.authority_id, u.name,
					 count(*) filter (where e.outcome = 'TAKEN_OVER') as taken_over, count(*) filter (where e.outcome = 'REFUSED') as refused,
					 count(*) filter (where e.outcome = 'WITHDRAWN') as withdrawn, count(*) filter (where e.outcome = 'LAPSED') as lapsed,
					 count(*) filter (where e.outcome = 'OTHER') as other
				    from ended as e join authority as u on u.id = e.authority_id group by e.year, e.authority_id, u.name) as x),
		'taken_over', (select coalesce(json_agg(json_build_object('id', t.id, 'reference', t.reference, 'asset_id', t.asset_id,
				'asset_name', coalesce(t.name, t.land ->> 'description'), 'authority_id', t.authority_id,
				'authority_name', (select u.name from authority as u where u.id = t.authority_id),
				'community_body_name', (select b.name from community_body as b where b.id = t.community_body_id),
				'completed_on', t.state_on) order by t.state_on desc, t.id desc), '[]')
				 from (select * from ended as e where e.outcome = 'TAKEN_OVER' order by e.state_on desc, e.id desc limit 20) as t)));
end
$$;
