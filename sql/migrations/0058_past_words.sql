-- A page of the register of then, of one authority or by words, in the time of a page of today.
set local role assetd_owner;
set local search_path = assetd, public;

-- What words of a version that was replaced are looked for in, kept: a trigram index finds rows that have to be read again,
-- and to make the text of each anew took most of the time. Null of what is so without end, whose words are its asset's.
alter table fact add column words text generated always as
	(case when part = 'asset' and not (upper_inf(known) and upper_inf(valid)) then fact_words(body) end) stored;
drop index fact_past_words;
create index fact_past_words on fact using gin (words gin_trgm_ops)
	where part = 'asset' and not (upper_inf(known) and upper_inf(valid));

-- One authority's: its list by name, and whether it had few of the one or the other on a day.
create index asset_authority_name on asset (authority_id, name, id) where removed_at is null;
create index fact_last_authority on fact (authority_id, lower(valid), lower(known))
	where part = 'asset' and upper_inf(known) and upper_inf(valid) and body is not null;
create index fact_past_day on fact using gist (authority_id, valid, known)
	where part = 'asset' and not (upper_inf(known) and upper_inf(valid));
