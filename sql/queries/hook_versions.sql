-- hook_versions: which webhooks there are, and at which version.
-- out: many id text, version int
select id, version from webhook where removed_at is null order by id
