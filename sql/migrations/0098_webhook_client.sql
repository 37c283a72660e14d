-- What a receiver may know us by: a certificate, as PEM, and its private key, sealed as the other secrets are and longer than they.
set local role assetd_owner;
set local search_path = assetd, public;

alter table webhook add column client_certificate text check (length(client_certificate) <= 16384);
alter table webhook_secret
	drop constraint webhook_secret_kind_check,
	drop constraint webhook_secret_sealed_check,
	add constraint webhook_secret_kind_check check (kind in ('HMAC', 'ED25519', 'TLS')),
	add constraint webhook_secret_sealed_check check (length(sealed) between 17 and case kind when 'TLS' then 4112 else 200 end);
