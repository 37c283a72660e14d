-- What stands in a line of a list that cannot be loaded, cell by cell, so that it can be had back, mended and loaded again: the columns
-- that are read alone (null: one that is not), since nothing else of a list is kept.
set local role assetd_owner;
set local search_path = assetd, public;

alter table import_line add column cells jsonb check (cells is null or (jsonb_typeof(cells) = 'array' and action = 'ERROR'));
