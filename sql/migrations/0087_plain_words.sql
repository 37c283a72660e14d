-- Words are found however their apostrophes are written, or whether they are: St Andrews Hall, St Andrew's Hall.
set local role assetd_owner;
set local search_path = assetd, public;

-- Text as people search it: no case, no accents, however they are composed, and no apostrophes. Columns are generated with it,
-- so it may never change; a better one gets another name.
create function plain(t text) returns text
	language sql immutable parallel safe strict
	return translate(lower(normalize(t, nfc)), 'àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ''’‘ʼ´`', 'aaaaaaceeeeiiiinoooooouuuuyy');

create or replace function fact_words(body jsonb) returns text
	language sql immutable parallel safe
	return plain((body ->> 'name') || coalesce(' ' || (body ->> 'reference'), '') || coalesce(' ' || (body ->> 'uprn'), '')
		|| coalesce(' ' || (body ->> 'title_number'), '')
		|| coalesce(' ' || (body ->> 'postcode') || ' ' || replace(body ->> 'postcode', ' ', ''), '')
		|| coalesce(' ' || (body ->> 'address'), ''));

-- Each is made anew with its index; the views that name them are, too, after the migrations.
alter table asset drop column search cascade;
alter table asset add column search text collate "C" not null generated always as (assetd.plain(name
	|| coalesce(' ' || reference, '') || coalesce(' ' || uprn, '') || coalesce(' ' || title_number, '')
	|| coalesce(' ' || postcode || ' ' || replace(postcode, ' ', ''), '')
	|| coalesce(' ' || address, ''))) stored;
create index asset_search on asset using gin (search gin_trgm_ops);

alter table community_body drop column search cascade;
alter table community_body add column search text collate "C" not null generated always as (assetd.plain(name
	|| coalesce(' ' || charity_number, '') || coalesce(' ' || company_number, ''))) stored;
create index community_body_search on community_body using gin (search gin_trgm_ops);

alter table fact drop column words;
alter table fact add column words text generated always as
	(case when part = 'asset' and not (upper_inf(known) and upper_inf(valid)) then fact_words(body) end) stored;
create index fact_past_words on fact using gin (words gin_trgm_ops)
	where part = 'asset' and not (upper_inf(known) and upper_inf(valid));

drop function fold(text);
