-- Items: one view a kind, one row an item, `body` its JSON exactly as clients are sent it.
--
-- Each has id, version, view (a letter for what the reader may see, the second half of the
-- ETag), gone (removed: 410), body, and the columns that lists filter and sort by. Row policies
-- decide which rows there are; a column that the reader may not see is absent from the body and
-- named in restricted_fields. A list and its item share the view; nothing is aggregated over
-- items. Here: what belongs to nobody and everybody may read.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_authority, item_cpp, item_locality, item_body;

create view item_authority with (security_invoker = true) as
select a.id, a.version, 'a' as view, false as gone, a.name, a.kind, a.code, a.created_at, a.updated_at,
       row_to_json(x)::text as body
  from authority as a
 cross join lateral (
	select a.id, a.version, utc(a.created_at) as created_at, utc(a.updated_at) as updated_at,
	       a.name, a.name_gd, a.kind, a.code, a.challenge_route,
	       (select coalesce(json_agg(json_build_object('schedule', d.schedule, 'from_on', d.from_on, 'to_on', d.to_on)
				order by d.schedule, d.from_on), '[]')
		  from authority_duty as d where d.authority_id = a.id) as duties,
	       json_build_object('self', '/v1/authorities/' || a.id,
				 'assets', '/v1/assets?authority_id=' || a.id,
				 'requests', '/v1/requests?authority_id=' || a.id) as links
       ) as x;

create view item_cpp with (security_invoker = true) as
select c.id, c.version, 'a' as view, false as gone, c.name, c.code, c.created_at, c.updated_at,
       row_to_json(x)::text as body
  from cpp as c
 cross join lateral (
	select c.id, c.version, utc(c.created_at) as created_at, utc(c.updated_at) as updated_at, c.name, c.code,
	       (select coalesce(json_agg(p.authority_id order by p.authority_id), '[]')
		  from cpp_partner as p where p.cpp_id = c.id) as partners,
	       json_build_object('self', '/v1/cpps/' || c.id,
				 'assets', '/v1/assets?cpp_id=' || c.id,
				 'localities', '/v1/localities?cpp_id=' || c.id) as links
       ) as x;

create view item_locality with (security_invoker = true) as
select l.id, l.version, 'a' as view, false as gone, l.name, l.code, l.cpp_id, l.kind, l.created_at, l.updated_at,
       row_to_json(x)::text as body
  from locality as l
 cross join lateral (
	select l.id, l.version, utc(l.created_at) as created_at, utc(l.updated_at) as updated_at,
	       l.name, l.code, l.cpp_id, l.kind,
	       json_build_object('self', '/v1/localities/' || l.id, 'cpp', '/v1/cpps/' || l.cpp_id,
				 'assets', '/v1/assets?locality_id=' || l.id) as links
       ) as x;

-- The contact is the one that the actor's own authority holds; row policies show no other.
create view item_body with (security_invoker = true) as
select b.id, b.version, case when may.contact then 'c' else 'p' end as view, false as gone,
       b.name, b.legal_form, b.authority_id, b.search, b.created_at, b.updated_at,
       case when may.contact then row_to_json(full_item) else row_to_json(x) end::text as body
  from community_body as b
 cross join lateral (
	select b.id, b.version, utc(b.created_at) as created_at, utc(b.updated_at) as updated_at,
	       b.name, b.legal_form, b.charity_number, b.company_number, b.members, b.unmet,
	       json_build_object('self', '/v1/community-bodies/' || b.id,
				 'requests', '/v1/requests?community_body_id=' || b.id) as links,
	       '["contact"]'::json as restricted_fields
       ) as x
 cross join lateral (
	select x.id, x.version, x.created_at, x.updated_at, x.name, x.legal_form, x.charity_number,
	       x.company_number, x.members, x.unmet,
	       (select json_build_object('name', c.name, 'email', c.email, 'address', c.address)
		  from community_body_contact as c where c.community_body_id = b.id
		 order by c.authority_id limit 1) as contact,
	       x.links, '[]'::json as restricted_fields
       ) as full_item
 cross join lateral (
	select (select cardinality(actor_in('contacts')) > 0) as contact
       ) as may;
