-- Notices with their recipients, the matters that a decision weighed, who deals with a case and what
-- they note, and the second pair of eyes before a decision. What must never be so is refused here,
-- whoever writes.
set local role assetd_owner;
set local search_path = assetd, public;

create domain ntc_id as text collate "C" check (value ~ '^ntc_[0-9a-z]{26}$');
create domain prp_id as text collate "C" check (value ~ '^prp_[0-9a-z]{26}$');

-- A refusal has its grounds, an agreement its terms and at least six months for the offer (2015 Act
-- ss.82(5), 83). By the corresponding date, which is how PostgreSQL adds months as well.
create function decision_is_sound(event text, happened_on date, payload jsonb) returns boolean
	language sql immutable
	return case
		when event = 'REFUSE' or event = 'REVIEW_DECIDED' and payload ->> 'decision' = 'REFUSE'
		then coalesce(jsonb_typeof(payload -> 'grounds') = 'array' and jsonb_array_length(payload -> 'grounds') > 0, false)
		when event = 'AGREE' or event = 'REVIEW_DECIDED' and payload ->> 'decision' = 'AGREE'
		then coalesce(payload ->> 'terms' <> '', false)
		     and coalesce((payload ->> 'offer_by_on')::date >= (happened_on + interval '6 months')::date, false)
		else true end;
alter table request_event add constraint request_event_decision_is_sound
	check (assetd.decision_is_sound(event, happened_on, payload));

alter table request add constraint request_tenant_id unique (authority_id, id);

-- What an authority settles once for all its notices and decisions.
create table authority_setting (
	authority_id   aut_id primary key references authority,
	version        int not null default 1 check (version > 0),
	created_at     timestamptz not null default clock_at(),
	updated_at     timestamptz not null default clock_at(),
	second_person  boolean not null default false,
	inspect_at     text check (length(inspect_at) between 1 and 2000),
	respond_to     text check (length(respond_to) between 1 and 2000)
);
create trigger touch before update on authority_setting for each row execute function row_touch();

-- A notice: drafted and changed any number of times, issued once, then never changed again; another
-- may take its place. form: what an officer added; content: what it says; missing: what it lacks;
-- dates: the deadlines that it names, as they were worked out.
create table notice (
	id             ntc_id primary key,
	version        int not null default 1 check (version > 0),
	created_at     timestamptz not null default clock_at(),
	updated_at     timestamptz not null default clock_at(),
	authority_id   aut_id not null,
	request_id     atr_id not null,
	published      boolean not null,
	number         int not null check (number > 0),
	code           code not null check (code ~ '^N([1-9]|1[0-3])$'),
	variant        code not null,
	event_id       evt_id not null,
	is_public      boolean not null,
	state          code not null default 'DRAFT' check (state in ('DRAFT', 'ISSUED')),
	form           jsonb not null check (jsonb_typeof(form) = 'object'),
	content        jsonb not null check (jsonb_typeof(content) = 'object'),
	missing        jsonb not null check (jsonb_typeof(missing) = 'array'),
	dates          jsonb not null default '[]' check (jsonb_typeof(dates) = 'array'),
	dated_on       date,
	drafted_by     text collate "C" not null default actor_id(),
	issued_by      text collate "C",
	issued_at      timestamptz,
	superseded_by  ntc_id,
	unique (request_id, number),
	unique (authority_id, id),
	unique (authority_id, request_id, id),
	check ((state = 'ISSUED') = (issued_at is not null)),
	check (state = 'DRAFT' or num_nonnulls(dated_on, issued_by) = 2),
	constraint notice_is_complete check (state = 'DRAFT' or missing = '[]'),
	check (superseded_by is null or state = 'ISSUED' and superseded_by <> id),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade,
	foreign key (authority_id, request_id, event_id) references request_event (authority_id, request_id, id),
	foreign key (authority_id, request_id, superseded_by) references notice (authority_id, request_id, id)
);
create index notice_tenant on notice (authority_id, request_id, published);
create index notice_event on notice (event_id);
create index notice_superseded on notice (superseded_by) where superseded_by is not null;
create unique index notice_current_decision on notice (request_id)
	where code = 'N7' and state = 'ISSUED' and superseded_by is null;
create unique index notice_current on notice (event_id, code) where state = 'ISSUED' and superseded_by is null;
create trigger touch before update on notice for each row execute function row_touch();

-- Whom a notice went to, how and when; who they are by name stands apart, so that it can be erased.
create table notice_recipient (
	notice_id     ntc_id not null,
	number        int not null check (number > 0),
	authority_id  aut_id not null,
	kind          code not null,
	manner        code not null check (manner in ('POST', 'EMAIL', 'HAND', 'SITE', 'WEB')),
	served_on     date,
	recorded_by   text collate "C" not null default actor_id(),
	recorded_at   timestamptz not null default clock_at(),
	primary key (notice_id, number),
	unique (authority_id, notice_id, number),
	foreign key (authority_id, notice_id) references notice (authority_id, id)
);
create index notice_recipient_tenant on notice_recipient (authority_id, notice_id);

create table notice_recipient_contact (
	notice_id     ntc_id not null,
	number        int not null,
	authority_id  aut_id not null,
	name          text check (length(name) between 1 and 200),
	address       text check (length(address) between 1 and 500),
	primary key (notice_id, number),
	foreign key (authority_id, notice_id, number) references notice_recipient (authority_id, notice_id, number)
);
create index notice_recipient_contact_tenant on notice_recipient_contact (authority_id, notice_id);

-- What a decision weighed (2015 Act s.82(3)), a row each, as its notice was issued.
create table decision_matter (
	notice_id     ntc_id not null,
	matter        code not null check (matter in ('A', 'B', 'C1', 'C2', 'C3', 'C4', 'C5', 'D', 'E', 'F', 'G', 'H', 'I', 'J')),
	authority_id  aut_id not null,
	request_id    atr_id not null,
	published     boolean not null,
	text          text not null check (length(text) between 1 and 20000),
	primary key (notice_id, matter),
	foreign key (authority_id, request_id, notice_id) references notice (authority_id, request_id, id),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index decision_matter_tenant on decision_matter (authority_id, request_id, published);

-- Who deals with a case: the newest row does; without a principal nobody does.
create table case_officer (
	request_id    atr_id not null,
	number        int not null check (number > 0),
	authority_id  aut_id not null,
	principal_id  prn_id,
	assigned_by   text collate "C" not null default actor_id(),
	assigned_at   timestamptz not null default clock_at(),
	primary key (request_id, number),
	foreign key (authority_id, request_id) references request (authority_id, id)
);
create index case_officer_tenant on case_officer (authority_id, request_id);
create trigger append_only before update or delete on case_officer for each row execute function row_refuse();

-- What is noted on a case, for its authority alone.
create table case_note (
	request_id    atr_id not null,
	number        int not null check (number > 0),
	authority_id  aut_id not null,
	text          text not null check (length(text) between 1 and 10000),
	written_by    text collate "C" not null default actor_id(),
	written_at    timestamptz not null default clock_at(),
	primary key (request_id, number),
	foreign key (authority_id, request_id) references request (authority_id, id)
);
create index case_note_tenant on case_note (authority_id, request_id);
create trigger append_only before update or delete on case_note for each row execute function row_refuse();

-- A decision that one person proposes and another has to approve.
create table proposal (
	id            prp_id primary key,
	request_id    atr_id not null,
	authority_id  aut_id not null,
	state         code not null default 'OPEN' check (state in ('OPEN', 'APPROVED', 'REJECTED')),
	act           jsonb not null check (jsonb_typeof(act) = 'object'),
	proposed_by   text collate "C" not null default actor_id(),
	proposed_at   timestamptz not null default clock_at(),
	decided_by    text collate "C",
	decided_at    timestamptz,
	reasons       text check (length(reasons) between 1 and 5000),
	event_id      evt_id,
	check ((state = 'OPEN') = (decided_by is null)),
	check ((state = 'OPEN') = (decided_at is null)),
	check ((state = 'APPROVED') = (event_id is not null)),
	constraint proposal_is_approved_by_another check (state <> 'APPROVED' or decided_by <> proposed_by),
	foreign key (authority_id, request_id) references request (authority_id, id),
	foreign key (authority_id, request_id, event_id) references request_event (authority_id, request_id, id)
		deferrable initially deferred
);
create index proposal_tenant on proposal (authority_id, request_id);
create unique index proposal_event on proposal (event_id) where event_id is not null;

alter table authority_setting enable row level security, force row level security;
alter table notice enable row level security, force row level security;
alter table notice_recipient enable row level security, force row level security;
alter table notice_recipient_contact enable row level security, force row level security;
alter table decision_matter enable row level security, force row level security;
alter table case_officer enable row level security, force row level security;
alter table case_note enable row level security, force row level security;
alter table proposal enable row level security, force row level security;
