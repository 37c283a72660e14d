-- A frozen run is kept for ever, as it was: whoever has said a figure by it can be asked for it. And the list to choose one from.
set local role assetd_owner;
set local search_path = assetd, public;

create or replace function run_keep() returns trigger
	language plpgsql
as $$
begin
	raise exception 'a frozen run is neither changed nor removed' using errcode = 'restrict_violation';
end
$$;

-- On every table of a run, also one that a later release adds.
do $$
declare
	kept record;
begin
	for kept in select c.oid::regclass as name from pg_class as c
		where c.relnamespace = 'assetd'::regnamespace and c.relkind = 'r' and c.relname ~ '^projection_run' loop
		execute format('create or replace trigger keep before update or delete or truncate on %s
			for each statement execute function run_keep()', kept.name);
	end loop;
end
$$;

-- What a page offers to choose from, as the actor may know of it: the newest fifty runs and those that were chosen, in words.
create or replace function run_choices(chosen text[]) returns json
	language sql stable
as $$
	select coalesce(json_agg(json_build_object('id', r.id, 'name', coalesce(r.name, 'Without a name') || ' ('
			|| case r.tag when 'LIVE' then '' else lower(replace(r.tag, '_', ' ')) || ', ' end
			|| 'as of ' || day_in_words(r.as_of_on) || ')') order by r.id desc), '[]')
	  from projection_run as r
	 where r.id = any (chosen) or r.id = any (array(select n.id from projection_run as n order by n.id desc limit 50))
$$;
