-- A longer time that an authority asks its community body for, which agrees to it, or does not, by the link to its own request.
set local role assetd_owner;
set local search_path = assetd, public;

-- event: what the ledger has once it is agreed (statute T12, T28). Until then nothing of it is in the ledger, nor moves a date.
-- reasons: the authority's, for the community body. One waits for an answer at a time; another takes its place.
create table extension_offer (
	request_id    atr_id not null,
	number        int not null check (number > 0),
	authority_id  aut_id not null,
	published     boolean not null,
	event         code not null check (event in ('EXTEND', 'EXTEND_CONTRACT')),
	until_on      date not null,
	reasons       text not null check (length(reasons) between 1 and 5000),
	offered_at    timestamptz not null default clock_at(),
	offered_by    text collate "C" not null default actor_id(),
	state         code not null default 'OPEN' check (state in ('OPEN', 'AGREED', 'DECLINED', 'WITHDRAWN')),
	ended_at      timestamptz check ((ended_at is null) = (state = 'OPEN')),
	primary key (request_id, number),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index extension_offer_tenant on extension_offer (authority_id, request_id, published);
create unique index extension_offer_one on extension_offer (request_id) where state = 'OPEN';

-- The letter that tells of it, with the link by which it is answered.
alter table mail drop constraint mail_kind_check;
alter table mail add constraint mail_kind_check
	check (kind in ('CONFIRM', 'ANSWER', 'EXTENSION', 'FOLLOW', 'NEWS', 'DUE', 'WEBHOOK', 'INVITE', 'RESET', 'FORGOTTEN'));

alter table extension_offer enable row level security, force row level security;
