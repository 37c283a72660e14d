-- Following without an account: who asked, by a letter box that proved itself, to be told of what.
-- Personal data, the address alone: it stands in no change, no fact and no log, nobody reads it but the sender of letters
-- (functions/0091_follow.sql), and it is gone with the row when its owner has had enough.
set local role assetd_owner;
set local search_path = assetd, public;

create domain fol_id as text collate "C" check (value ~ '^fol_[0-9a-z]{26}$');

-- kind NEWS: what happens to what everybody may see; DUE: what is due in an authority, for one of its people, who is
-- principal_id. question: what is followed, as the query of a list of assets; filter: the same as the lists' functions take it.
-- keys: ids of which an event must concern one to be looked at, or '*'. position: the reader has been told of what stands up to
-- there in the feed. is_stale: something may have come since. due_at: not before, a letter. ticket: the signature of its links.
create table follow (
	id            fol_id primary key,
	created_at    timestamptz not null default clock_at(),
	kind          code not null check (kind in ('NEWS', 'DUE')),
	rhythm        code not null check (rhythm in ('INSTANT', 'DAILY', 'WEEKLY')),
	email         text not null check (length(email) between 3 and 254),
	ticket        text collate "C" not null,
	question      text not null check (length(question) <= 2000),
	filter        jsonb not null check (jsonb_typeof(filter) = 'object'),
	keys          text[] not null check (cardinality(keys) between 1 and 20),
	authority_id  aut_id references authority,
	principal_id  prn_id references principal on delete cascade,
	expires_at    timestamptz not null,
	confirmed_at  timestamptz,
	position      bigint not null default 0 check (position >= 0),
	is_stale      boolean not null default false,
	due_at        timestamptz not null default '-infinity',
	check ((kind = 'DUE') = (rhythm = 'WEEKLY')),
	check ((kind = 'DUE') = (principal_id is not null)),
	check ((kind = 'DUE') = (authority_id is not null))
) with (fillfactor = 70);
create index follow_mailbox on follow (mailbox(email));
create index follow_expires on follow (expires_at) where confirmed_at is null;
create index follow_keys on follow using gin (keys) where confirmed_at is not null and kind = 'NEWS';
create index follow_stale on follow (id) where is_stale;
create index follow_due on follow (due_at) where kind = 'DUE';
create index follow_authority on follow (authority_id) where authority_id is not null;
create index follow_principal on follow (principal_id) where principal_id is not null;

-- How far the sender has looked whom an event concerns.
create table follow_state (
	only_one  boolean primary key default true check (only_one),
	position  bigint not null default 0 check (position >= 0)
) with (fillfactor = 50);
insert into follow_state default values;

-- A letter to a follower is no authority's. Ending the follow takes its letters with it.
alter table mail alter column authority_id drop not null;
alter table mail add column follow_id fol_id references follow on delete cascade;
alter table mail drop constraint mail_kind_check;
alter table mail add constraint mail_kind_check check (kind in ('CONFIRM', 'ANSWER', 'FOLLOW', 'NEWS', 'DUE'));
alter table mail add constraint mail_whose_check check ((kind in ('FOLLOW', 'NEWS', 'DUE')) = (authority_id is null));
create index mail_follow on mail (follow_id) where follow_id is not null;

alter table follow enable row level security, force row level security;
alter table follow_state enable row level security, force row level security;
