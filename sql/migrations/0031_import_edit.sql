-- Imports that are edits of a filtered list (kind EDIT), and lists that are of another day: valid_on is
-- from when on what they say is so; null: from the day of applying.
set local role assetd_owner;
set local search_path = assetd, public;

alter table import drop constraint import_kind_check;
alter table import add constraint import_kind_check check (kind in ('ASSETS', 'EDIT'));
alter table import add column valid_on date;
