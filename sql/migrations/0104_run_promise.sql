-- What was promised of a forecast that is being frozen.
set local role assetd_owner;
set local search_path = assetd, public;

-- Who was told that a forecast is being frozen finds it in the list, with how far it is, and reads why it has not come about. The row
-- goes with the transaction that keeps the run; what is still there and was not heard of for a while was cut off with its daemon. No
-- reference to the run, which is there when this no longer is. done of of_all: of the present step; of_all 0 where nobody knows.
create table run_promise (
	run_id        run_id primary key,
	authority_id  aut_id references authority,
	principal_id  prn_id default actor_id(),
	name          text check (length(name) between 1 and 200),
	tag           code not null check (tag in ('LIVE', 'BUDGET', 'QUARTER', 'WHAT_IF')),
	begun_at      timestamptz not null default clock_at(),
	said_at       timestamptz not null default clock_at(),
	step          code not null default 'WAIT',
	done          int not null default 0 check (done >= 0),
	of_all        int not null default 0 check (of_all >= 0),
	failed_at     timestamptz,
	title         text check (length(title) between 1 and 200),
	detail        text check (length(detail) between 1 and 2000),
	check ((failed_at is null) = (title is null))
);
create index run_promise_tenant on run_promise (authority_id, run_id);
alter table run_promise enable row level security, force row level security;
