-- The register: what lists are narrowed by.
set local role assetd_owner;
set local search_path = assetd, public;

-- Postcodes and their districts (a range of codes); references whoever's they are.
create index asset_postcode on asset (postcode collate "C") where postcode is not null;
drop index asset_reference;
create unique index asset_reference on asset (lower(reference collate "C"), authority_id) where removed_at is null;
create index asset_zone on asset (data_zone) where data_zone is not null;

-- The past of assets. What is so without end on both axes is found by the table of assets; these find versions that
-- were replaced or corrected, and which facts there were at all on an early day.
create function fact_words(body jsonb) returns text
	language sql immutable parallel safe
	return fold((body ->> 'name') || coalesce(' ' || (body ->> 'reference'), '') || coalesce(' ' || (body ->> 'uprn'), '')
		|| coalesce(' ' || (body ->> 'title_number'), '')
		|| coalesce(' ' || (body ->> 'postcode') || ' ' || replace(body ->> 'postcode', ' ', ''), '')
		|| coalesce(' ' || (body ->> 'address'), ''));
create index fact_last_valid on fact (lower(valid))
	where part = 'asset' and upper_inf(known) and upper_inf(valid) and body is not null;
create index fact_last_known on fact (lower(known))
	where part = 'asset' and upper_inf(known) and upper_inf(valid) and body is not null;
create index fact_past on fact using gist (valid, known) where part = 'asset' and not (upper_inf(known) and upper_inf(valid));
create index fact_past_id on fact (subject) where part = 'asset' and not (upper_inf(known) and upper_inf(valid));
create index fact_past_name on fact ((body ->> 'name'), subject) where part = 'asset' and not (upper_inf(known) and upper_inf(valid));
create index fact_past_authority on fact (authority_id, (body ->> 'name'), subject)
	where part = 'asset' and not (upper_inf(known) and upper_inf(valid));
create index fact_past_words on fact using gin (fact_words(body) gin_trgm_ops)
	where part = 'asset' and not (upper_inf(known) and upper_inf(valid));
