-- The community body's turn to answer the representations: which of them it was sent, and the link by which it
-- reads those and answers without an account.
set local role assetd_owner;
set local search_path = assetd, public;

create domain anl_id as text collate "C" check (value ~ '^anl_[0-9a-z]{26}$');

-- copied_at: since when the community body has a copy, of the text without personal data.
alter table representation add column copied_at timestamptz;
alter table representation add constraint representation_copied_when_redacted
	check (copied_at is null or redacted_text is not null and kind = 'REPRESENTATION');

-- One link of a request works at a time; who sends another ends the one before. What the link carries stands in no
-- column: it is signed (link.h), and only the letter on its way has the signature, until it is sent.
create table answer_link (
	id            anl_id primary key,
	created_at    timestamptz not null default clock_at(),
	created_by    text collate "C" not null default actor_id(),
	authority_id  aut_id not null,
	request_id    atr_id not null,
	published     boolean not null,
	expires_at    timestamptz not null,
	revoked_at    timestamptz,
	unique (authority_id, id),
	foreign key (authority_id, request_id, published) references request (authority_id, id, published)
		on update cascade
);
create index answer_link_tenant on answer_link (authority_id, request_id, published);
create unique index answer_link_one on answer_link (request_id) where revoked_at is null;

alter table mail add column link_id anl_id;
alter table mail add foreign key (authority_id, link_id) references answer_link (authority_id, id);
alter table mail drop constraint mail_kind_check;
alter table mail add constraint mail_kind_check check (kind in ('CONFIRM', 'ANSWER'));
create index mail_link on mail (authority_id, link_id) where link_id is not null;

alter table answer_link enable row level security, force row level security;
