-- Accounts: people who sign in with an e-mail address and a password, and how often somebody has tried to.
set local role assetd_owner;
set local search_path = assetd, public;

-- An account's sessions stand on a key that nobody has, so that they are counted, named and ended as those of other keys are.
alter table api_key alter column hash drop not null;
alter table api_key add constraint api_key_held_check check ((hash is null) = (prefix like 'account\_%'));

-- Its name, home and end are its principal's. password: Argon2id, with its parameters. link: SHA-256 of the token that sets one.
create table account (
	principal_id     prn_id primary key references principal on delete cascade,
	key_id           key_id not null references api_key on delete cascade,
	email            text not null check (length(email) between 3 and 254),
	password         text collate "C" check (length(password) between 60 and 200),
	password_set_at  timestamptz check ((password_set_at is null) = (password is null)),
	link             bytea unique check (length(link) = 32),
	link_expires_at  timestamptz check ((link_expires_at is null) = (link is null))
);
create unique index account_email on account (lower(email));
create index account_key on account (key_id);

-- who: HMAC of an address, known or not, or of an address and a browser that has signed in to it before.
create table sign_in_try (
	who        bytea primary key check (length(who) = 32),
	tries      int not null check (tries > 0),
	next_at    timestamptz not null,
	forget_at  timestamptz not null
);
create index sign_in_try_forget on sign_in_try (forget_at);

alter table account enable row level security, force row level security;
alter table sign_in_try enable row level security, force row level security;
