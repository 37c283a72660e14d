-- What a webhook's owner may ask of the sender, and what the sender knows of how a receiver fares.
set local role assetd_owner;
set local search_path = assetd, public;

alter table webhook
	-- At most so many attempts an hour, and so many at once after a rest.
	add column per_hour int not null default 180000 check (per_hour between 36 and 3600000),
	add column burst smallint not null default 100 check (burst between 1 and 1000),
	-- For one exchange, in seconds.
	add column timeout_s smallint not null default 20 check (timeout_s between 1 and 30),
	-- [{"wait_s": 5}, …] between attempts; empty: the usual schedule.
	add column retry jsonb not null default '[]' check (jsonb_typeof(retry) = 'array' and jsonb_array_length(retry) <= 20),
	-- [{"name": …, "value": …}] sent with each call.
	add column headers jsonb not null default '[]' check (jsonb_typeof(headers) = 'array' and jsonb_array_length(headers) <= 10);

-- failures and failing_since count from the last success; warned: the last share of the time until it is
-- disabled that its owner was told of, in per cent.
alter table webhook_cursor add column warned smallint not null default 0 check (warned between 0 and 100);
create index webhook_cursor_failing on webhook_cursor (failing_since) where failing_since is not null;

-- What is due of one webhook, however much is due of another.
create index webhook_retry_webhook_due on webhook_retry (webhook_id, due_at, position);
