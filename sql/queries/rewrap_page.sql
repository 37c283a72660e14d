-- rewrap_page: secrets of webhooks, after one of them, that are under another key than this.
-- as:  owner
-- in:  key text, after_id text, after_kind text, after_number int, most int
-- out: many webhook_id text, kind text, number int, wrap_key text, nonce text, sealed text
select webhook_id, kind, number::int as number, wrap_key, encode(nonce, 'hex') as nonce, encode(sealed, 'hex') as sealed
  from webhook_secret
 where wrap_key <> $1 and (webhook_id::text, kind::text, number::int) > ($2, $3, $4)
 order by webhook_id::text, kind::text, number
 limit $5
