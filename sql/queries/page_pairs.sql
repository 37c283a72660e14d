-- page_pairs: pairs of land of an authority in one state, behind one id, for those who have a role there.
-- in:  authority_id text, state text, after text?, rows int
-- out: one? body text
select json_build_object('authority', json_build_object('id', u.id, 'name', u.name),
	'counts', (select json_object_agg(s.code, (select count(*) from land_pair as p
			where u.id in (p.authority_id, p.foreign_authority_id) and p.state = s.code))
		     from (values ('PROPOSED'), ('CONFIRMED'), ('REJECTED')) as s (code)),
	'may_decide', u.id = any (actor_in('estates')) or actor_everywhere('estates'),
	'pairs', (select coalesce(json_agg(x order by x.id), '[]')
		    from (select p.id, p.state as pair, p.asset_id, a.name as asset_name, p.other_id, b.name as other_name,
				 p.source = 'BOUNDARY' as is_by_boundary, p.reason, p.decided_on, p.was_rejected,
				 case when p.foreign_authority_id is not null then (select f.name from authority as f
					where f.id = case u.id when p.authority_id then p.foreign_authority_id else p.authority_id end) end as foreign_name
			    from land_pair as p
			    join asset as a on a.id = p.asset_id
			    join asset as b on b.id = p.other_id
			   where u.id in (p.authority_id, p.foreign_authority_id) and p.state = $2 and ($3 is null or p.id > $3)
			   order by p.id limit $4) as x))::text as body
  from authority as u
 where u.id = $1 and (u.id = any (actor_in('member')) or actor_everywhere('member'))
