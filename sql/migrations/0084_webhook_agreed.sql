-- How often a receiver of CloudEvents has agreed to be called, when it was asked for its consent; null: it did not say.
set local role assetd_owner;
set local search_path = assetd, public;

alter table webhook add column agreed_per_hour int check (agreed_per_hour between 60 and 3600000);
