-- asset_merge_load: the entry that is to stand for another, before that one is merged into it.
-- in:  id text
-- out: one? authority_id text, gone bool
select authority_id::text, removed_at is not null as gone from asset where id = $1
