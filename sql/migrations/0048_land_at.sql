-- The parts of an asset as they were, which the register of then asks for with each asset that it shows.
set local role assetd_owner;
set local search_path = assetd, public;

create index fact_part_of on fact ((body ->> 'part_of')) where part = 'asset' and body ->> 'part_of' is not null;
