-- A change keeps the trace that its call was part of (W3C Trace Context), so that whoever reads the
-- event finds the call behind it in the logs of the systems before us.
set local role assetd_owner;
set local search_path = assetd, public;

-- Our span of the trace that the change was part of; null: none was sent.
alter table change
	add column traceparent text collate "C" default nullif(current_setting('assetd.trace', true), '')
		check (traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$');
