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

-- The financial year of a day, 1 April to 31 March: 2027-28 (MODEL.md 1).
create or replace function financial_year(day date) returns text
	language sql immutable parallel safe
	return (select y || '-' || lpad(((y + 1) % 100)::text, 2, '0')
		  from (values (extract(year from day)::int - (extract(month from day) < 4)::int)) as v (y));

-- An area's code as statistics know it (S12000036), null for one that a body gave itself.
create or replace function gss_code(code text) returns text
	language sql immutable parallel safe
	return case when code ~ '^S[0-9]{8}$' then code end;
