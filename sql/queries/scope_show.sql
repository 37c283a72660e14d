-- scope_show: what the ids in a question are called, for everybody; and whether all of them are there for everybody. plain: the
--   same without what somebody wrote who asks for land that is not listed.
-- in:  filter jsonb
-- out: one name text, plain text, is_known bool
with named as (
	select 1 as n, r.reference || ', ' || told_land(a.name, r.land) as name,
	       r.reference || ', ' || told_land(a.name, null) as plain
	  from request as r left join asset as a on a.id = r.asset_id
	 where r.published and r.id = any (array(select jsonb_array_elements_text($1 -> 'request_id')))
	union all
	select 2, a.name, a.name from asset as a
	 where a.published and a.removed_at is null and a.id = any (array(select jsonb_array_elements_text($1 -> 'asset_id')))
	union all
	select 3, a.name, a.name from authority as a where a.id = any (array(select jsonb_array_elements_text($1 -> 'authority_id')))
	union all
	select 4, c.name, c.name from cpp as c where c.id = any (array(select jsonb_array_elements_text($1 -> 'cpp_id')))
	union all
	select 5, l.name, l.name from locality as l where l.id = any (array(select jsonb_array_elements_text($1 -> 'locality_id')))
)
select coalesce(string_agg(name, ', ' order by n, name), '') as name, coalesce(string_agg(plain, ', ' order by n, plain), '') as plain,
       count(*) = coalesce(jsonb_array_length($1 -> 'request_id'), 0) + coalesce(jsonb_array_length($1 -> 'asset_id'), 0)
		+ coalesce(jsonb_array_length($1 -> 'authority_id'), 0) + coalesce(jsonb_array_length($1 -> 'cpp_id'), 0)
		+ coalesce(jsonb_array_length($1 -> 'locality_id'), 0) as is_known
  from named
