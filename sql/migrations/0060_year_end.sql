-- The run that closes a financial year is made by nobody, once: two daemons that both make it write one row.
set local role assetd_owner;
set local search_path = assetd, public;

alter table projection_run
	add column year_end_on date unique
		check (year_end_on is null
			or extract(month from year_end_on) = 3 and extract(day from year_end_on) = 31 and authority_id is null);
