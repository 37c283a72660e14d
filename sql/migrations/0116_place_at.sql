-- What lay in a locality on a day, counted without looking at all the register of then.
set local role assetd_owner;
set local search_path = assetd, public;

create index fact_locality on fact ((body ->> 'locality_id')) where part = 'asset' and body ->> 'locality_id' is not null;
