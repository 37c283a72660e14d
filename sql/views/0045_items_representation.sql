-- Representations as items, redacted or not: everybody reads those that are shown, members of the authority
-- all of them without the writer, those who deal with requests the text as it came, and the writer where they
-- may be shown contacts. A case file reads this view. See views/0020_items_public.sql for what an item view is.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_representation;

create view item_representation with (security_invoker = true) as
select p.id, p.version, case when not may.is_member then 'p' when may.is_officer and may.contact then 'c'
	when may.is_officer then 'o' else 'm' end as view, false as gone,
       p.authority_id, p.request_id, p.kind, p.number, p.mark, p.timing, p.shown, p.received_on, p.created_at, p.updated_at,
       case when may.is_member then row_to_json(full_item) else row_to_json(x) end::text as body
  from representation as p
 cross join lateral (
	select p.authority_id = any ((select actor_in('member'))::text[]) or (select actor_everywhere('member')) as is_member,
	       p.authority_id = any ((select actor_in('estates'))::text[]) or (select actor_everywhere('estates'))
	       or p.authority_id = any ((select actor_in('decider'))::text[]) or (select actor_everywhere('decider')) as is_officer,
	       p.authority_id = any ((select actor_in('contacts'))::text[]) or (select actor_everywhere('contacts')) as contact
       ) as may
 cross join lateral (
	select p.id, p.version, utc(p.created_at) as created_at, utc(p.updated_at) as updated_at,
	       p.authority_id, p.request_id, p.kind, p.number, p.received_on, p.timing, p.redacted_text as text,
	       utc(p.shown_at) as shown_at,
	       json_build_object('self', '/v1/representations/' || p.id, 'request', '/v1/requests/' || p.request_id) as links
       ) as x
  left join representation_original as o on o.representation_id = p.id
 cross join lateral (
	select x.id, x.version, x.created_at, x.updated_at, x.authority_id, x.request_id, x.kind, x.number, x.received_on,
	       x.timing, x.text, x.shown_at, p.channel, p.event_id, p.mark, p.mark_reasons, p.duplicate_of, p.marked_by,
	       utc(p.marked_at) as marked_at, p.redacted_by, utc(p.redacted_at) as redacted_at, p.shown, p.withheld_reasons,
	       utc(p.copied_at) as copied_at, utc(p.erased_at) as erased_at,
	       case when may.is_officer then o.text end as original,
	       case when may.is_officer and may.contact and o.representation_id is not null
		    then json_build_object('name', o.name, 'email', o.email, 'address', o.address) end as writer,
	       x.links
       ) as full_item;
