-- Authorities that a receiver may have its certificate from, beside the system's: certificates as PEM.
set local role assetd_owner;
set local search_path = assetd, public;

alter table webhook add column ca text check (length(ca) <= 16384);
