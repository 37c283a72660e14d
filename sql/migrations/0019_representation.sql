-- What people say of a request (statute 7 and 10, regs 6 to 9), and what the community body answers.
-- Who wrote, and what exactly, stands in representation_original alone, in no change and no fact: erasing that
-- row erases the person, and what was redacted stays.
set local role assetd_owner;
set local search_path = assetd, public;

create domain rep_id as text collate "C" check (value ~ '^rep_[0-9a-z]{26}$');
create domain rpd_id as text collate "C" check (value ~ '^rpd_[0-9a-z]{26}$');
create domain mal_id as text collate "C" check (value ~ '^mal_[0-9a-z]{26}$');

-- kind COMMENTS: the community body's answer to the representations. event_id: the entry of the ledger that
-- it made; null where it came when the request took none any more. timing: by the closing date that was
-- printed. mark: what an officer made of it. shown: everybody may read the redacted text.
create table representation (
	id                rep_id primary key,
	version           int not null default 1 check (version > 0),
	created_at        timestamptz not null default clock_at(),
	updated_at        timestamptz not null default clock_at(),
	authority_id      aut_id not null,
	request_id        atr_id not null,
	published         boolean not null,
	kind              code not null default 'REPRESENTATION' check (kind in ('REPRESENTATION', 'COMMENTS')),
	number            int not null check (number > 0),
	event_id          evt_id,
	channel           code not null check (channel in ('FORM', 'LETTER', 'EMAIL', 'IN_PERSON')),
	received_on       date not null,
	timing            code not null check (timing in ('IN_TIME', 'LATE_ON_ONE_READING', 'LATE')),
	mark              code not null default 'UNREAD' check (mark in
		('UNREAD', 'COUNTED', 'NOT_A_REPRESENTATION', 'DUPLICATE')),
	mark_reasons      text check (length(mark_reasons) between 1 and 2000),
	duplicate_of      rep_id,
	marked_by         text collate "C",
	marked_at         timestamptz,
	redacted_text     text check (length(redacted_text) between 1 and 10000),
	redacted_by       text collate "C",
	redacted_at       timestamptz,
	shown             boolean not null default false,
	shown_at          timestamptz,
	withheld_reasons  text check (length(withheld_reasons) between 1 and 2000),
	erased_at         timestamptz,
	check (duplicate_of <> id),
	check ((mark = 'DUPLICATE') = (duplicate_of is not null)),
	check (mark in ('UNREAD', 'COUNTED') or mark_reasons is not null),
	check ((mark = 'UNREAD') = (marked_at is null)),
	constraint representation_is_redacted check ((redacted_text is null) = (redacted_at is null)),
	constraint representation_shown_when_redacted
		check (not shown or redacted_text is not null and mark = 'COUNTED' and shown_at is not null),
	unique (request_id, kind, number),
	unique (authority_id, request_id, id),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade,
	foreign key (authority_id, request_id, event_id) references request_event (authority_id, request_id, id),
	foreign key (authority_id, request_id, duplicate_of) references representation (authority_id, request_id, id)
);
create index representation_tenant on representation (authority_id, request_id, published);
create index representation_event on representation (event_id) where event_id is not null;
create trigger touch before update on representation for each row execute function row_touch();

-- Personal data. text: as it came.
create table representation_original (
	representation_id  rep_id primary key,
	authority_id       aut_id not null,
	request_id         atr_id not null,
	text               text not null check (length(text) between 1 and 10000),
	name               text check (length(name) between 1 and 200),
	email              text check (length(email) between 3 and 254),
	address            text check (length(address) between 1 and 500),
	foreign key (authority_id, request_id, representation_id) references representation (authority_id, request_id, id)
);
create index representation_original_tenant on representation_original (authority_id, request_id);

-- What somebody sent by the form and has not confirmed yet: personal data, gone when it is confirmed or too
-- old. submitted_on: the day it will count as received.
create table representation_draft (
	id            rpd_id primary key,
	created_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null,
	request_id    atr_id not null,
	published     boolean not null,
	submitted_on  date not null default clock_day(),
	expires_at    timestamptz not null,
	text          text not null check (length(text) between 1 and 10000),
	name          text not null check (length(name) between 1 and 200),
	email         text not null check (length(email) between 3 and 254),
	address       text check (length(address) between 1 and 500),
	unique (authority_id, id),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index representation_draft_tenant on representation_draft (authority_id, request_id, published);
create index representation_draft_expires on representation_draft (expires_at);
create index representation_draft_email on representation_draft (lower(email), created_at);

-- Letters on their way, without a word of their text or whom they go to: both are found when they are sent, so
-- that what is erased meanwhile is not sent. ticket: the signature of the link that it carries, until then.
create table mail (
	id            mal_id primary key,
	created_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null references authority,
	kind          code not null check (kind in ('CONFIRM')),
	draft_id      rpd_id,
	ticket        text collate "C",
	state         code not null default 'WAITING' check (state in ('WAITING', 'SENT', 'DEAD')),
	attempts      smallint not null default 0 check (attempts >= 0),
	due_at        timestamptz not null default clock_at(),
	ended_at      timestamptz,
	error         text check (length(error) <= 200),
	check ((state = 'WAITING') = (ended_at is null)),
	check (state = 'WAITING' or ticket is null),
	foreign key (authority_id, draft_id) references representation_draft (authority_id, id) on delete set null (draft_id)
) with (fillfactor = 70);
create index mail_authority on mail (authority_id, id);
create index mail_draft on mail (draft_id) where draft_id is not null;
create index mail_due on mail (due_at) where state = 'WAITING';
create index mail_ended on mail (ended_at) where state <> 'WAITING';

alter table representation_draft enable row level security, force row level security;
alter table mail enable row level security, force row level security;
alter table representation enable row level security, force row level security;
alter table representation_original enable row level security, force row level security;
