-- asset_owner_show: whose an asset is, and whether it was removed.
-- in:  id text
-- out: one? authority_id text, gone bool
select authority_id::text, removed_at is not null as gone from asset where id = $1
