-- page_people_authorities: the authorities whose people the actor looks after, by name.
-- out: many body text
select json_build_object('id', u.id, 'name', u.name)::text as body
  from authority as u
 where u.id = any (actor_in('admin')) or actor_everywhere('admin') or actor_is_operator()
 order by u.name, u.id
 limit 1000
