-- What strangers send by our forms and nobody has confirmed is counted by where it came from, so that one who sends much keeps nobody out.
set local role assetd_owner;
set local search_path = assetd, public;

-- network: HMAC of the sender's network, a /24 or /48; null of what came before this.
alter table request_draft add column network bytea check (length(network) = 32);
alter table representation_draft add column network bytea check (length(network) = 32);
