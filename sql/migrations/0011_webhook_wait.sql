-- A webhook that keeps each subject in order: while an event of a subject waits to be tried again,
-- the later ones of that subject wait behind it, not yet tried (attempts 0, due at infinity).
set local role assetd_owner;
set local search_path = assetd, public;

alter table webhook_retry drop constraint webhook_retry_attempts_check;
alter table webhook_retry add constraint webhook_retry_attempts_check check (attempts >= 0);
create index webhook_retry_subject on webhook_retry (webhook_id, subject, position);
