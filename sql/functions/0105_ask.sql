-- What people ask for by the form, until they have confirmed it, and what the bearer of the link to a request reads and is sent.
-- Functions with their owner's rights show no more than their comments say.
set local role assetd_owner;
set local search_path = assetd, public;

-- The authority to which the actor asks for something, or whose request their link is for; null without one.
create or replace function actor_asks() returns text
	language sql stable parallel safe
	return nullif(current_setting('assetd.asks', true), '');

-- The land that what the actor does by a link may be seen on: that of the request, and what overlaps it.
create or replace function actor_land() returns text[]
	language plpgsql stable
as $$
begin
	return case when actor_asks() is null then '{}'
		else array(select o.asset_id from land_overlap((select r.asset_id from request as r where r.id = actor_link())) as o) end;
end
$$;

-- Nobody's letter box is filled by our forms (mailbox_is_full), and no asset has more than two hundred that wait, no authority more than
-- two thousand. A further one is taken all the same, and another gives way (draft_giving_way, 0090_mail.sql). So whoever fills the room, by as many boxes as they like, pushes out their own. What gave way is emptied and stays a day, to count as a letter.
create or replace function request_draft_bound() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	perform pg_advisory_xact_lock(hashtextextended(mailbox(new.email), 0));
	perform must(not mailbox_is_full(new.email, new.network), 32);
	update request_draft set expires_at = clock_at(), form = '{}'
	 where id = (select draft_giving_way(array_agg(d.id::text), array_agg(d.network), array_agg(d.created_at), new.network, 200)
		from request_draft as d where d.asset_id = new.asset_id and d.expires_at > clock_at());
	update request_draft set expires_at = clock_at(), form = '{}'
	 where id = (select draft_giving_way(array_agg(d.id::text), array_agg(d.network), array_agg(d.created_at), new.network, 2000)
		from request_draft as d where d.authority_id = new.authority_id and d.expires_at > clock_at());
	return new;
end
$$;

create or replace trigger bound before insert on request_draft
	for each row execute function request_draft_bound();

-- The community body of that name of which the authority has the confirmed address already: it is the same one. Null: a new one.
create or replace function ask_body(draft text) returns text
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select b.id::text
	  from request_draft as d
	  join community_body_contact as c on c.authority_id = d.authority_id and mailbox(c.email) = mailbox(d.email)
	  join community_body as b on b.id = c.community_body_id and plain(b.name) = plain(d.form ->> 'body_name')
	 where d.id = draft and d.id = actor_id()
	 order by b.id
	 limit 1
$$;

-- All that the bearer of a link is shown of the request: what everybody may read of it, its own items, its own words, its own prices, and
-- whether copies of what others said wait for it. No contact, nothing of officers. No row: the link works no longer.
create or replace function mine_show(link text) returns table (body text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select json_build_object(
		'request_id', r.id, 'reference', r.reference, 'state', r.state, 'level', r.level, 'route', r.route, 'kind', r.kind,
		'received_on', r.received_on, 'validated_on', r.validated_on, 'allowed', r.allowed, 'flags', r.flags, 'deadlines', r.deadlines,
		'authority_id', r.authority_id, 'authority_name', o.name, 'community_body_name', b.name, 'asset_id', r.asset_id,
		'land', coalesce(a.name, r.land ->> 'description'), 'expires_at', utc(l.expires_at),
		'offer_pence', m.offer_pence, 'agreed_price_pence', m.agreed_price_pence,
		'extension', (select json_build_object('event', x.event, 'until_on', x.until_on, 'due_on', extension_due(r, x.event), 'reasons', x.reasons,
				'offered_at', utc(x.offered_at)) from extension_offer as x where x.request_id = r.id and extension_stands(r, x)),
		'items', (select coalesce(json_agg(json_build_object('code', i.code, 'received_on', i.received_on) order by i.code), '[]')
			    from request_item as i where i.request_id = r.id),
		'sent', (select coalesce(json_agg(json_build_object('code', s.code, 'said_on', s.said_on, 'text', s.text) order by s.number), '[]')
			   from request_sent as s where s.request_id = r.id),
		'events', (select coalesce(json_agg(json_build_object('event', e.event, 'happened_on', e.happened_on, 'code', e.payload ->> 'code')
				order by coalesce(e.place, e.number), e.number), '[]')
			     from request_event as e where e.request_id = r.id and e.superseded_by is null))::text
	  from answer_link as l
	  join request as r on r.id = l.request_id
	  join authority as o on o.id = r.authority_id
	  join community_body as b on b.id = r.community_body_id
	  left join request_money as m on m.request_id = r.id
	  left join asset as a on a.id = r.asset_id
	 where l.id = link and l.revoked_at is null and l.expires_at > clock_at()
$$;

-- Somebody asks for their link again by an address: the requests whose authority writes to it, newest first, each with the link that
-- works now. Told to the daemon alone, which answers the same whatever there is.
create or replace function mine_find(email text) returns table (request_id text, link_id text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select r.id::text, l.id::text
	  from community_body_contact as c
	  join request as r on r.authority_id = c.authority_id and r.community_body_id = c.community_body_id and r.published
	  join request_state as s on s.code = r.state
	  left join answer_link as l on l.request_id = r.id and l.revoked_at is null and l.expires_at > clock_at() + interval '7 days'
	 where mailbox(c.email) = mailbox(mine_find.email)
	 order by s.is_open desc, r.received_on desc, r.id desc
	 limit 5
$$;

-- The row of an address for which somebody asks, known or not, beside those of whoever forgot a password: an answer that stores
-- nothing comes sooner, and would say that nobody is known by it.
create or replace function mine_try(who bytea) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_variable
begin
	insert into sign_in_try as t (who, tries, next_at, forget_at) values (who, 1, clock_at(), clock_at() + interval '1 day')
	on conflict on constraint sign_in_try_pkey do update set tries = least(t.tries + 1, 1000), forget_at = clock_at() + interval '1 day';
	return true;
end
$$;

-- Send such a link: the one that works for some days yet, or this new one in its place. At most three letters a day go out for one request:
-- beyond that nothing happens, and nobody is told so; nor where another link was made meanwhile, which has a letter of its own.
create or replace function mine_send(email text, request text, link text, ticket text, letter text, days int) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_variable
declare
	works text;
begin
	perform pg_advisory_xact_lock(hashtextextended(request, 105));
	if not exists (select from mine_find(email) as f where f.request_id = request)
		or (select count(*) from mail as m join answer_link as l on l.id = m.link_id where l.request_id = request
			and m.created_at > clock_at() - interval '1 day') >= 3 then
		return true;
	end if;
	select l.id into works from answer_link as l
	  where l.request_id = request and l.revoked_at is null and l.expires_at > clock_at() + interval '7 days';
	if works is distinct from link then
		if works is not null or exists (select from answer_link as l where l.id = link) then
			return true;
		end if;
		update answer_link set revoked_at = clock_at() where request_id = request and revoked_at is null;
		insert into answer_link (id, authority_id, request_id, published, purpose, expires_at, created_by)
		select link, r.authority_id, r.id, r.published, 'CASE', clock_at() + make_interval(days => days), link
		  from request as r where r.id = request;
	end if;
	insert into mail (id, authority_id, kind, link_id, ticket)
	select letter, r.authority_id, 'ANSWER', link, ticket from request as r where r.id = request;
	return true;
end
$$;

-- The request of a link, whether its authority has a postal address of the body: of an item that is the address nobody says anything then; and
-- the longer time that it is offered and can agree to.
drop function if exists mine_load(text);
create function mine_load(link text) returns table (request_id text, has_address boolean, extension text, until_on text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select l.request_id::text, exists (select from request as r join community_body_contact as c on c.community_body_id = r.community_body_id
			and c.authority_id = r.authority_id and c.address is not null where r.id = l.request_id), x.event::text, x.until_on::text
	  from answer_link as l
	  join request as r on r.id = l.request_id
	  left join extension_offer as x on x.request_id = r.id and extension_stands(r, x)
	 where l.id = link and l.id = actor_id() and l.revoked_at is null and l.expires_at > clock_at()
$$;
