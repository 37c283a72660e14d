-- What was planned on a day, of all land at once.
set local role assetd_owner;
set local search_path = assetd, public;

create index fact_plan on fact (subject) where part = 'plan';
