-- request_offer_put: the price that a request offers, which was missing.
-- in:  request_id text, offer_pence bigint
update request_money set offer_pence = $2 where request_id = $1
