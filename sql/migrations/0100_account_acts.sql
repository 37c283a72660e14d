-- What was done to an account, by whom, why, and what it was before; letters that bring its link; and an address that is free
-- again once its account was closed.
set local role assetd_owner;
set local search_path = assetd, public;

-- Apart from the changes, which are kept for ever and tell no more than that something was done: names and addresses are personal
-- data, and go with the account. version: that the act made.
create table account_act (
	principal_id  prn_id not null references account on delete cascade,
	version       int not null check (version > 0),
	at            timestamptz not null default clock_at(),
	actor         prn_id not null default actor_id(),
	act           code not null check (act in ('MADE', 'CHANGED', 'LINK', 'SESSIONS', 'FACTOR', 'CLOSED')),
	reason        text check (length(reason) between 1 and 1000),
	before        jsonb,
	after         jsonb,
	primary key (principal_id, version)
);
alter table account_act enable row level security, force row level security;

alter table account add column is_closed boolean not null default false;
update account as a set is_closed = true from principal as p where p.id = a.principal_id and p.closed_at is not null;
drop index account_email;
create unique index account_email on account (lower(email)) where not is_closed;

-- Who asked for the link themselves, having forgotten the password, keeps the second factor.
alter table account add column link_is_own boolean not null default false;

-- The letter holds nothing but whom it is for: the token is made when it is sent (functions/0095_account.sql).
alter table mail add column account_id prn_id references account on delete cascade;
alter table mail drop constraint mail_kind_check;
alter table mail add constraint mail_kind_check
	check (kind in ('CONFIRM', 'ANSWER', 'FOLLOW', 'NEWS', 'DUE', 'WEBHOOK', 'INVITE', 'RESET', 'FORGOTTEN'));
alter table mail drop constraint mail_whose_check;
alter table mail add constraint mail_whose_check
	check ((kind in ('FOLLOW', 'NEWS', 'DUE', 'WEBHOOK', 'INVITE', 'RESET', 'FORGOTTEN')) = (authority_id is null));
alter table mail add constraint mail_account_check check ((kind in ('INVITE', 'RESET', 'FORGOTTEN')) = (account_id is not null));
create unique index mail_account on mail (account_id) where account_id is not null and state = 'WAITING';
