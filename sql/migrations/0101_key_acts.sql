-- Who made a key and who ended it, with which key, and why. What a key may never changes and stands in its row.
set local role assetd_owner;
set local search_path = assetd, public;

-- version: of the key, that the act made. with_key: behind the session, of a browser. Apart from the changes, which are kept for
-- ever and tell no more than that something was done, as account_act is (0100).
create table key_act (
	key_id    key_id not null references api_key on delete cascade,
	version   int not null check (version > 0),
	at        timestamptz not null default clock_at(),
	actor     prn_id not null default actor_id(),
	with_key  key_id not null default actor_key(),
	act       code not null check (act in ('MADE', 'ENDED')),
	reason    text check (length(reason) between 1 and 1000),
	primary key (key_id, version)
);
alter table key_act enable row level security, force row level security;
