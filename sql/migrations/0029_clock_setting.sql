-- How long a clock runs, where the law's own words were not seen, is set by a version of the calendars
-- from a day on (libassets/clock_setting.def); no row: as the table of clocks says.
set local role assetd_owner;
set local search_path = assetd, public;

alter table calendar add column clocks jsonb not null default '[]' check (jsonb_typeof(clocks) = 'array');
