-- How values are written in items.
set local role assetd_owner;
set local search_path = assetd, public;

-- RFC 3339 in UTC, with Z.
create or replace function utc(t timestamptz) returns text
	language sql stable parallel safe
	return to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- A day as people write it in a sentence: 1 October 2026.
create or replace function day_in_words(d date) returns text
	language sql stable parallel safe
	return to_char(d, 'FMDD FMMonth YYYY');
