-- What a community group does without an account: it asks for something by a form, and acts on its own request by a link.
set local role assetd_owner;
set local search_path = assetd, public;

create domain rqd_id as text collate "C" check (value ~ '^rqd_[0-9a-z]{26}$');

-- What somebody asked for by the form and has not confirmed yet: personal data, gone when it is confirmed or too old.
-- submitted_on: the day it will count as received. request_id: the request that it will be. form: all that was sent (ask.def).
create table request_draft (
	id            rqd_id primary key,
	created_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null references authority,
	asset_id      ast_id,
	published     boolean not null default true,
	request_id    atr_id not null unique,
	submitted_on  date not null default clock_day(),
	expires_at    timestamptz not null,
	email         text not null check (length(email) between 3 and 254),
	form          jsonb not null check (jsonb_typeof(form) = 'object'),
	unique (authority_id, id),
	foreign key (authority_id, asset_id, published) references asset (authority_id, id, published)
		on update cascade
);
create index request_draft_tenant on request_draft (authority_id, asset_id, published);
create index request_draft_asset on request_draft (asset_id) where asset_id is not null;
create index request_draft_expires on request_draft (expires_at);
create index request_draft_mailbox on request_draft (mailbox(email), created_at);

-- What a community body said by the form or by its link, in its own words: of an item of the request under that item's code. Of officers
-- and of itself alone; what everybody reads an officer writes. In no change and no fact, so that erasing the row erases what it says.
create table request_sent (
	request_id    atr_id not null,
	number        int not null check (number > 0),
	created_at    timestamptz not null default clock_at(),
	authority_id  aut_id not null,
	published     boolean not null,
	code          code not null,
	said_on       date not null,
	text          text not null check (length(text) between 1 and 10000),
	primary key (request_id, number),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index request_sent_tenant on request_sent (authority_id, request_id, published);

-- The link by which a body answers leads to all that is asked of it. purpose: what the letter that brings it says.
alter table answer_link add column purpose code not null default 'ANSWER' check (purpose in ('ANSWER', 'CASE'));

alter table mail add column request_draft_id rqd_id;
alter table mail add foreign key (authority_id, request_draft_id) references request_draft (authority_id, id)
	on delete set null (request_draft_id);
create index mail_request_draft on mail (request_draft_id) where request_draft_id is not null;

alter table request_draft enable row level security, force row level security;
alter table request_sent enable row level security, force row level security;
