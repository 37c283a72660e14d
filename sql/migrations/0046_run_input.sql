-- The inputs of a frozen run, in pages: what a movement starts from. Nothing was ever kept in the
-- table that had a row for each asset.
set local role assetd_owner;
set local search_path = assetd, public;

drop table projection_run_asset;

-- Page 0 is the frame ({"asof", "params", "partners", "cpps"}), each other one a list of assets as
-- MODEL.md 9 has them, with the asset's id: UTF-8 JSON. A row an asset would take ten seconds of
-- checks for a register of 150,000.
create table projection_run_input (
	run_id  run_id not null references projection_run,
	number  int not null check (number between 0 and 60),
	body    bytea not null check (octet_length(body) > 1),
	primary key (run_id, number)
);
alter table projection_run_input enable row level security, force row level security;
