-- Documents of assets and requests. Those of an entry that was merged are there while the one that stands for it is. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_document;

-- byte_count and sha256 are those of the file as this reader is sent it; of a photograph the public gets a copy.
-- What retention and redaction are about is the authority's own. While a file is being sent, what
-- has arrived of it is part of the view's name, as it does not move the version. retain_until_on
-- may move with the request or the asset, so it is for lists alone; null: for ever, or not yet known.
create view item_document with (security_invoker = true) as
select d.id, d.version,
       case when not may.sees then 'p' when d.state = 'UPLOADING' then 'm' || got.bytes else 'm' end as view,
       d.state = 'REMOVED' or (a.removed_at is not null and asset_is_gone(a.id)) as gone,
       d.authority_id, d.asset_id, d.request_id, d.kind, d.state, d.published, d.redaction, d.scan, d.retention, d.media_type,
       d.received_on, d.title, d.created_at, d.updated_at,
       (case d.retention_from
	when 'RECEIVED' then d.received_on
	when 'CLOSED' then (select r.state_on from request as r join request_state as s on s.code = r.state
		where r.id = d.request_id and not s.is_open)
	when 'DISPOSED' then (select o.completed_on from disposal as o where o.asset_id = d.asset_id and o.undone_at is null) end
	+ make_interval(months => d.retention_months))::date as retain_until_on,
       case when may.sees then row_to_json(full_item) else row_to_json(x) end::text as body
  from document as d
  left join asset as a on a.id = d.asset_id
 cross join lateral (
	select d.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member')) as sees
       ) as may
 cross join lateral (
	select case when d.state = 'UPLOADING' then (select coalesce(sum(octet_length(p.bytes)), 0)
		from document_part as p where p.document_id = d.id and p.number < 1000) else d.byte_count end as bytes
       ) as got
 cross join lateral (
	select d.id, d.version, utc(d.created_at) as created_at, utc(d.updated_at) as updated_at, d.authority_id,
	       d.asset_id, d.request_id, d.kind, d.title, d.alt, d.file_name, d.received_on, d.state, d.media_type,
	       coalesce(d.clean_byte_count, d.byte_count) as byte_count,
	       encode(coalesce(d.clean_sha256, d.sha256), 'hex') as sha256, d.published, d.redaction, d.scan,
	       json_build_object('self', '/v1/documents/' || d.id, 'content', '/v1/documents/' || d.id || '/content',
		case when d.asset_id is null then 'request' else 'asset' end,
		coalesce('/v1/assets/' || d.asset_id, '/v1/requests/' || d.request_id)) as links
       ) as x
 cross join lateral (
	select x.id, x.version, x.created_at, x.updated_at, x.authority_id, x.asset_id, x.request_id, x.kind, x.title, x.alt,
	       x.file_name, x.received_on, x.state, x.media_type, d.byte_count, encode(d.sha256, 'hex') as sha256,
	       x.byte_count as public_byte_count, x.sha256 as public_sha256,
	       got.bytes as received_byte_count, x.published, x.redaction, x.scan, d.scan_signature, utc(d.scanned_at) as scanned_at,
	       d.redaction_by, utc(d.redaction_at) as redaction_at,
	       d.redacts_id, d.retention, d.retention_from, d.retention_months, x.links
       ) as full_item;
