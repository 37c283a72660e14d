-- Letters to one box that nobody has confirmed are counted by where they were asked for, too, so that a stranger does not use up another's.
set local role assetd_owner;
set local search_path = assetd, public;

-- network: HMAC of the asker's network, a /24 or /48; null of what came before this.
alter table follow add column network bytea check (length(network) = 32);
