-- References are the same but for the case of ASCII letters, as an import's preview compares them. By the
-- database's own lower() they were also so but for that of further letters, as its locale had it: a list with
-- É1 and é1 was previewed as two new assets, and then refused.
drop index asset_reference;
create unique index asset_reference on asset (authority_id, lower(reference collate "C")) where removed_at is null;
