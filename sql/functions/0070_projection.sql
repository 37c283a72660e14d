-- What the projector writes: that an authority's forecast has moved.
set local role assetd_owner;
set local search_path = assetd, public;

-- Tell it as projection.changed. prj: an id for the projection of an authority that has none
-- yet; totals: what is told now, kept to compare with next time. fence: the lease under which
-- the projector speaks; false when it is somebody else's, and nothing is written. Read by the authority and its partners, who read
-- these totals; not by owners of single assets beside it, to whom two of them would be the price of another.
create or replace function projection_tell(fence bigint, prj text, authority text, event_id text, data jsonb,
	totals jsonb, feed_position bigint) returns boolean
	language plpgsql
as $$
declare
	p projection;
	who text[] := array(select distinct partner.authority_id::text
		from cpp_partner as own join cpp_partner as partner on partner.cpp_id = own.cpp_id
	       where own.authority_id = authority and partner.authority_id <> authority);
begin
	perform from lease as l where l.name = 'projector' and l.fence = projection_tell.fence;
	if not found then
		return false;
	end if;
	insert into projection as j (id, authority_id) values (prj, authority)
	on conflict (authority_id) do nothing;
	update projection as j
	   set version = j.version + 1, position = feed_position, totals = projection_tell.totals
	 where j.authority_id = authority
	returning * into p;
	perform change_put(event_id, 'projection.changed', p.id, p.version, authority, null,
		jsonb_build_object('authority_id', authority), null, null, data, null, null, null, false, who, 'SYSTEM');
	return true;
end
$$;
