-- Time acts by itself: when a request has to be looked at next, what was told of its deadlines, and
-- which requests cannot be worked out for the moment.
set local role assetd_owner;
set local search_path = assetd, public;

-- Derived from ledger and calendars (request_look_on of libassets): on this day time next does
-- something. null: never, as things stand. What stood here before is looked at once.
alter table request add column look_on date default '-infinity';
create index request_look on request (look_on, id) where look_on is not null;

-- Told by time: a deadline approaches, or was missed. Once for each last day that a clock had,
-- whoever acts for the clock and however often.
create table request_reminder (
	request_id    atr_id not null,
	authority_id  aut_id not null,
	published     boolean not null,
	clock         code not null,
	starts_on     date not null,
	due_on        date not null,
	what          code not null check (what in ('APPROACHING', 'MISSED')),
	happened_on   date not null,
	recorded_at   timestamptz not null default clock_at(),
	primary key (request_id, clock, starts_on, due_on, what),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index request_reminder_tenant on request_reminder (authority_id, request_id, published);

-- What could not be done for a request as it stood at a version, and when it is tried again. It
-- holds up nobody else, and counts no longer once the request has moved.
create table request_trouble (
	request_id  atr_id not null references request,
	work        code not null check (work in ('TICK', 'RECOUNT')),
	version     int not null,
	failures    int not null check (failures > 0),
	again_at    timestamptz not null,
	primary key (request_id, work)
);

alter table request_reminder enable row level security, force row level security;
alter table request_trouble enable row level security, force row level security;

-- A correction puts an entry in the place of another: entries are in the order of their places, and
-- of one place in that of their numbers. null: its number is its place.
alter table request_event add column place int check (place > 0);
