-- A frozen run is kept for ever, as it was: whoever has said a figure by it can be asked for it.
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
