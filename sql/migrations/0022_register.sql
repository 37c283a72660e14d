-- The register: what lists are narrowed by.
set local role assetd_owner;
set local search_path = assetd, public;

alter table asset
	add column in_trust boolean,
	add column restrictions text check (length(restrictions) between 1 and 2000),
	add column lease_starts_on date,
	add column lease_ends_on date,
	add column checked_on date,
	-- Of a tombstone: why it was removed, and the entry that stands for the same thing.
	add column removed_reason text check (length(removed_reason) between 1 and 1000),
	add column merged_into ast_id,
	add check (tenure = 'LEASED_IN' or num_nonnulls(lease_starts_on, lease_ends_on) = 0),
	add check (lease_ends_on >= lease_starts_on),
	add check (removed_at is not null or num_nonnulls(removed_reason, merged_into) = 0),
	add check (merged_into <> id),
	add foreign key (authority_id, merged_into) references asset (authority_id, id);
create index asset_merged on asset (merged_into, id) where merged_into is not null;

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
