-- account_key: the key that nobody has, on which an account's sessions stand.
-- in:  key_id text, id text
insert into api_key (id, principal_id, name, prefix, scopes) values ($1, $2, 'account', 'account_' || $1, '{*}')
