-- What was asked for of a forecast that is being frozen.
set local role assetd_owner;
set local search_path = assetd, public;

-- A run that is promised may be cut off with its daemon, or fail: whoever asked for it has it frozen again as it was asked, a scenario
-- with all that is otherwise in it. The row is made with the promise (0104_run_promise.sql) and goes with the transaction that keeps the run.
create table run_ask (
	run_id       run_id primary key,
	authority_id aut_id references authority,
	principal_id prn_id default actor_id(),
	asked_at     timestamptz not null default clock_at(),
	asked        text not null check (length(asked) between 2 and 1000000)
);
create index run_ask_tenant on run_ask (authority_id, run_id);
alter table run_ask enable row level security, force row level security;
