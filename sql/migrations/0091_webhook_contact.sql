-- Whom a webhook is looked after by, to be written to when it fails: personal data, which stands in the item of the webhook alone,
-- in no change, fact or log, and is gone when the webhook is. The worker, who is to know whether there is one, does not see it.
set local role assetd_owner;
set local search_path = assetd, public;

alter table webhook
	add column contact text check (length(contact) between 3 and 254),
	add column has_contact boolean not null generated always as (contact is not null) stored,
	add constraint webhook_removed_is_nobodys check (removed_at is null or contact is null);

-- A letter to a contact is no authority's, since a webhook need not be. What it says is found when it is sent: at most one waits.
alter table mail add column webhook_id whk_id references webhook on delete cascade;
alter table mail drop constraint mail_kind_check;
alter table mail add constraint mail_kind_check check (kind in ('CONFIRM', 'ANSWER', 'FOLLOW', 'NEWS', 'DUE', 'WEBHOOK'));
alter table mail drop constraint mail_whose_check;
alter table mail add constraint mail_whose_check check ((kind in ('FOLLOW', 'NEWS', 'DUE', 'WEBHOOK')) = (authority_id is null));
alter table mail add constraint mail_webhook_check check ((kind = 'WEBHOOK') = (webhook_id is not null));
create index mail_webhook on mail (webhook_id) where webhook_id is not null;
