-- What is known of all that everybody was told is kept by year, of each asset once, whatever rules did to it since.
set local role assetd_owner;
set local search_path = assetd, public;

-- Marks of before have no year, and 8 bytes each; the next telling puts all that is known in their place.
alter table projection_public_mark drop constraint projection_public_mark_marks_check;
alter table projection_public_mark add column is_by_year boolean not null default false;
alter table projection_public_mark alter column is_by_year set default true;

-- A program of before tells nothing new beside one of now: it would not understand what that has kept.
drop function if exists projection_publish(bigint, bytea, bytea, bytea);
