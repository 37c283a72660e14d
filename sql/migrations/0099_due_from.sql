-- What is put off is put off by a wait, and a clock that is set back does not make the wait longer: beside each moment at which something
-- is due stands the one from which that was counted. One that lies ahead was told by a clock that has been set back since.
set local role assetd_owner;
set local search_path = assetd, public;

-- What was put off before this counts as before.
alter table webhook_retry add column due_from timestamptz not null default '-infinity';
alter table webhook_retry alter column due_from set default clock_at();
alter table mail add column due_from timestamptz not null default '-infinity';
alter table mail alter column due_from set default clock_at();

-- Such rows are looked for all the time, and there are none.
create index webhook_retry_from on webhook_retry (due_from) where due_at < 'infinity';
create index mail_from on mail (due_from) where state = 'WAITING';

-- What is due is found by webhook (0073), and who may send it by the one lease (0006): nobody wrote these, or read them.
drop index webhook_retry_due;
alter table webhook_retry drop column lease_until, drop column fence;
