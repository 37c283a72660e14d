-- What everybody is told of the forecast, kept before anybody is told it.
set local role assetd_owner;
set local search_path = assetd, public;

-- Keep a telling that was made from version `seen` (0: nothing was ever told). False, and nothing is
-- written, when that is not the newest any more. What is known is added to, or, where it is whole, put in place of all
-- there was. Rows are put together now and then, so that a few hold it all.
create or replace function projection_publish(seen bigint, telling bytea, adjusted bytea, difference bytea, is_whole boolean) returns boolean
	language plpgsql
as $$
begin
	if seen = 0 then
		insert into projection_public (version, body) values (1, telling) on conflict do nothing;
	else
		update projection_public as p set version = p.version + 1, told_at = clock_at(), body = telling where p.version = seen;
	end if;
	if not found then
		return false;
	end if;
	if is_whole then
		delete from projection_public_mark;
	end if;
	insert into projection_public_mark (family, version, marks)
	select m.family, seen + 1, m.marks from (values (0, adjusted), (1, difference)) as m (family, marks) where octet_length(m.marks) > 0;
	if (select count(*) from projection_public_mark) > 64 then
		with gone as (delete from projection_public_mark where is_by_year returning *)
		insert into projection_public_mark (family, version, marks)
		select g.family, -(seen + 1), string_agg(g.marks, ''::bytea order by g.version) from gone as g group by g.family;
	end if;
	return true;
end
$$;
