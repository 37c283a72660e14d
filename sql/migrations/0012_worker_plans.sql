-- The worker's statements are few, always the same, and ask by key. Left to choose, PostgreSQL may
-- plan one anew each time it runs, when that looks cheaper than it is: a tick of the feed over the
-- partitions of its days then takes ten times as long to plan as to run (DECISIONS 43).
do $$
begin
	execute format('alter role assetd_worker in database %I set plan_cache_mode = force_generic_plan', current_database());
end
$$;
