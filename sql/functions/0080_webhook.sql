-- Events in the forms that webhooks send.
set local role assetd_owner;
set local search_path = assetd, public;

-- body: the event as it is read, which is what FULL sends, byte for byte, up to 20 KiB. THIN says
-- only where to read it. CLOUD_…: the same as CloudEvents 1.0, structured JSON.
create or replace function hook_body(body text, type text, subject text, form text) returns text
	language sql immutable parallel safe
as $$
	select case
		when form = 'FULL' and octet_length(body) <= 20480 then body
		when form like 'CLOUD\_%' then json_build_object('specversion', '1.0', 'id', e -> 'id', 'source', '/v1/events',
			'type', type, 'subject', subject, 'time', e -> 'occurred_at', 'datacontenttype', 'application/json',
			'sequence', e ->> 'position', 'traceparent', e -> 'traceparent', 'data', case when form = 'CLOUD_FULL' and octet_length(body) <= 20480
				then e -> 'data' else json_build_object('self', '/v1/events/' || (e ->> 'id')) end)::text
		else json_build_object('id', e -> 'id', 'position', e -> 'position', 'type', type, 'subject', subject,
			'subject_seq', e -> 'subject_seq', 'occurred_at', e -> 'occurred_at', 'schema_version', e -> 'schema_version',
			'links', json_build_object('self', '/v1/events/' || (e ->> 'id')))::text
	       end
	  from (select body::json as e) as x
$$;
