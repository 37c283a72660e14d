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

-- The financial year of a day, 1 April to 31 March: 2027-28 (MODEL.md 1). Nothing in it keeps it
-- from becoming part of the statement that asks, so no query, and a number is made text by itself.
create or replace function financial_year(day date) returns text
	language sql immutable parallel safe
	return extract(year from day - interval '3 months')::int::text || '-'
		|| lpad((extract(year from day + interval '9 months')::int % 100)::text, 2, '0');

-- An area's code as statistics know it (S12000036), null for one that a body gave itself.
create or replace function gss_code(code text) returns text
	language sql immutable parallel safe
	return case when code ~ '^S[0-9]{8}$' then code end;
