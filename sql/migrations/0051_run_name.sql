-- What names a run beside its data, day, parameters, seed, paths and model: its overlay. And what
-- makes it again on the data of another day: the parameters that it alone had otherwise.
set local role assetd_owner;
set local search_path = assetd, public;

-- SHA-256 of the overlay as PostgreSQL writes it; by default that of an empty one.
alter table projection_run
	add column overlay_hash text collate "C" not null
		default '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
	add column parameters_set jsonb not null default '{}' check (jsonb_typeof(parameters_set) = 'object');
