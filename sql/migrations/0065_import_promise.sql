-- What was promised of an import and has not come about.
set local role assetd_owner;
set local search_path = assetd, public;

-- Who is answered 202 is told later what became of it: that it failed, and why, which the transaction itself cannot keep, since it
-- takes all it did back with it. A row says that somebody was promised it; without failed_at, that it ended with its daemon, or
-- has not begun. request: whose promise it is. No reference to the import, whose row is held by the work while this is written.
create table import_promise (
	import_id     imp_id primary key,
	authority_id  aut_id not null references authority,
	move          code not null check (move in ('APPLY', 'UNDO')),
	request       text not null check (length(request) between 1 and 100),
	begun_at      timestamptz not null default clock_at(),
	failed_at     timestamptz,
	problem       text check (problem ~ '^[a-z-]{1,60}$'),
	title         text check (length(title) between 1 and 200),
	check ((failed_at is null) = (problem is null) and (problem is null) = (title is null))
);
create index import_promise_tenant on import_promise (authority_id, import_id);
alter table import_promise enable row level security, force row level security;
