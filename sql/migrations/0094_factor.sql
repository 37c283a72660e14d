-- A second factor of an account: codes by time, and a few that are good once, for when the device is lost.
set local role assetd_owner;
set local search_path = assetd, public;

-- factor: random; the key of the codes is made from it and the pepper, and stands nowhere. factor_step: of the last code used.
alter table account add column factor text collate "C" check (length(factor) = 43);
alter table account add column factor_on boolean not null default false check (not factor_on or factor is not null);
alter table account add column factor_step bigint not null default 0;

create table account_recovery (
	principal_id  prn_id not null references account on delete cascade,
	hash          bytea not null check (length(hash) = 32),
	primary key (principal_id, hash)
);
alter table account_recovery enable row level security, force row level security;
