-- Following: who is to be told of what, and what there is to tell. What runs with its owner's rights does so because addresses
-- are nobody's to read; it answers the same whether an address is known or not.
set local role assetd_owner;
set local search_path = assetd, public;

-- When the next letter of that rhythm may go: five minutes after the last; at seven in the morning, in London; at seven on Monday.
create or replace function follow_next(rhythm text, from_at timestamptz) returns timestamptz
	language sql stable parallel safe
	return case rhythm when 'INSTANT' then from_at + interval '5 minutes'
		else (select (case rhythm when 'WEEKLY' then date_trunc('week', l.here - interval '7 hours') + interval '7 days 7 hours'
				else date_trunc('day', l.here - interval '7 hours') + interval '1 day 7 hours' end) at time zone 'Europe/London'
			from (select from_at at time zone 'Europe/London' as here) as l) end;

-- Somebody would have letters sent to an address, which a letter asks to confirm it. To one letter box so many such letters
-- go out a day (mailbox_is_full), those of our other forms counted with them; what is asked beyond that is taken in silence, because a refusal
-- would tell whoever asks that somebody else did. To be told of what is due one has to belong to the authority (error 31).
drop function if exists follow_put(text, text, text, text, text, text, jsonb, text[], text, int, text);
create or replace function follow_put(id text, kind text, rhythm text, email text, ticket text, question text, filter jsonb,
	keys text[], authority text, days int, mail_id text, network bytea default null) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
#variable_conflict use_variable
declare
	box constant text := mailbox(email);
begin
	perform must(kind <> 'DUE' or authority = any (actor_in('member')) or actor_everywhere('member'), 31);
	perform pg_advisory_xact_lock(hashtextextended(box, 0));
	if mailbox_is_full(email, network) then
		return true;
	end if;
	insert into follow (id, kind, rhythm, email, ticket, question, filter, keys, authority_id, principal_id, expires_at, network)
	values (id, kind, rhythm, email, ticket, question, filter, keys, authority, case when kind = 'DUE' then actor_id() end,
		clock_at() + make_interval(days => days), network)
	on conflict do nothing; -- a form that was sent twice
	insert into mail (id, kind, follow_id) values (mail_id, 'FOLLOW', id) on conflict do nothing;
	return true;
end
$$;

-- Whoever bears a follow's link confirms it: from here on it tells. What the same letter box followed in the same words is
-- replaced, so that asking again changes the rhythm. At most a hundred for one box (error 47). The letter that asked has arrived,
-- whatever its sender knows of that by now: it is over, and neither sent again nor in the way of the first that tells.
create or replace function follow_confirm(follow text) returns boolean
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
declare
	mine follow%rowtype;
begin
	select * into mine from follow as f where f.id = follow_confirm.follow and f.id = actor_id()
		and (f.confirmed_at is not null or f.expires_at > clock_at()) for update;
	perform must(found, 42);
	if mine.confirmed_at is not null then
		return true;
	end if;
	perform pg_advisory_xact_lock(hashtextextended(mailbox(mine.email), 0));
	delete from follow as f where mailbox(f.email) = mailbox(mine.email) and f.kind = mine.kind and f.question = mine.question
		and f.confirmed_at is not null;
	perform must((select count(*) from follow as f where mailbox(f.email) = mailbox(mine.email)
		and f.confirmed_at is not null) < 100, 47);
	update follow as f
	   set confirmed_at = clock_at(), position = (select s.position from feed_state as s),
	       due_at = case when mine.kind = 'DUE' then follow_next(mine.rhythm, clock_at()) else f.due_at end
	 where f.id = mine.id;
	delete from mail as m where m.follow_id = mine.id and m.kind = 'FOLLOW' and m.state = 'WAITING';
	return true;
end
$$;

-- The ids of the assets that a question means and of the requests for them, where these are few enough to be looked up one by
-- one; null where they are not. As everybody sees them.
create or replace function followed_subjects(filter jsonb) returns text[]
	language plpgsql stable
as $$
declare
	few   constant int := 1000;
	found text[];
begin
	if filter = '{}' then
		return null;
	elsif filter ? 'request_id' then
		return array(select jsonb_array_elements_text(filter -> 'request_id'));
	elsif filter ? 'asset_id' then
		found := asset_with_merged(array(select jsonb_array_elements_text(filter -> 'asset_id')));
	else
		found := array(select id from asset_found(filter, 'id', null, few + 1));
	end if;
	if cardinality(found) > few then
		return null;
	end if;
	return found || array(select r.id::text from request as r where r.asset_id = any (found)
			union select r.id::text from request as r where filter = jsonb_build_object('authority_id', filter -> 'authority_id')
				and r.asset_id is null and r.authority_id = any (array(select jsonb_array_elements_text(filter -> 'authority_id'))));
end
$$;

-- What stands in the way of telling an event as it was: the act was corrected since (superseded), or the day of which it
-- speaks is another by now.
create or replace function followed_is_past(id text, type text, data jsonb, deadlines jsonb) returns boolean
	language sql stable
	return exists (select from request_event as e where e.id = followed_is_past.id and e.superseded_by <> e.id) -- itself: it struck out
		or type in ('deadline.approaching', 'deadline.moved') and data ? 'clock' and not exists (
			select from jsonb_array_elements(deadlines) as d where d ->> 'clock' = data ->> 'clock'
			   and d ->> 'state' = 'RUNNING' and (data ->> 'due_on' is null or d ->> 'due_on' = data ->> 'due_on'));

-- What a stranger wrote of themselves or of land, as it may stand in a letter, which else speaks in our name: a line and no more, and where it
-- would lead to another place than the register, what stands here instead. Mail programs make a link of whatever looks like a name on
-- the Internet, in any script and however its letters are written. What looks like the end of a sentence as much (evil.Com, hall.The,
-- e.g.the) gets a blank behind its dot, so that it is no link and its words stay.
create or replace function told_words(words text, instead text) returns text
	language sql immutable parallel safe
	return (select case
		when w.line ~* '://|www[.]|@' or w.line ~ '[\w\u00c0-\U0010ffff-]{2}[.。．｡․﹒]([a-z\u00df-\u1fff\u2c00-\u2dff\u3040-\ud7ff]{2}|[A-Z\u00c0-\u00de]{2})'
			then told_words.instead
		when length(t.line) > 120 then left(t.line, 119) || '…' else t.line end
		from (values (regexp_replace(told_words.words, '\s+', ' ', 'g'))) as w (line)
	       cross join lateral (values (regexp_replace(w.line, '([^ ][.。．｡․﹒])(?=[a-zA-Z\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff]{2})', '\1 ', 'g'))) as t (line));

-- What land is called to whoever is told of it: as the register does, else as a stranger did who asks for it.
create or replace function told_land(name text, land jsonb) returns text
	language sql immutable parallel safe
	return coalesce(told_land.name, told_words(told_land.land ->> 'description', 'land that is not listed'), 'land that is not listed');

-- What a subject is at this moment, for whoever is told of it.
create or replace function followed_about(subject text) returns json
	language plpgsql stable
as $$
begin
	if left(subject, 4) = 'atr_' then
		return (select json_build_object('reference', r.reference, 'state', r.state, 'deadlines', r.deadlines, 'authority_name', o.name,
				'community_body_name', told_words(b.name, 'A community body'),
				'land', told_land(a.name, r.land), 'asset_id', a.id)
			  from request as r
			  join authority as o on o.id = r.authority_id
			  join community_body as b on b.id = r.community_body_id
			  left join asset as a on a.id = r.asset_id
			 where r.id = subject);
	end if;
	return (select json_build_object('name', a.name, 'lifecycle', a.lifecycle, 'address', a.address, 'authority_name', o.name,
			'is_removed', a.removed_at is not null)
		  from asset as a join authority as o on o.id = a.authority_id
		 where a.id = subject);
end
$$;

-- Events of assets and requests that a question means, as everybody reads them, from behind one position to another, in their
-- order or (is_newest) the last first. name: of what it is. due_on: the day that it speaks of, or until which a longer time was agreed; due_name: of
-- which deadline that is the day. about: of the newest event of each subject that still holds only; the others say no more than what happened.
drop function if exists followed(jsonb, bigint, bigint, int, boolean);
create or replace function followed(filter jsonb, after bigint, upto bigint, most int, is_newest boolean)
	returns table (pos bigint, id text, type text, subject text, name text, at text, due_on text, due_name text, is_past boolean, about json)
	language plpgsql stable
as $$
declare
	subjects constant text[] := case when is_newest then followed_subjects(filter) end;
	chosen   constant text := case
		when subjects is not null then 'f.subject = any ($4)'
		when filter = '{}' then 'true'
		when filter ? 'request_id' then 'f.subject = any (array(select jsonb_array_elements_text($1 -> ''request_id'')))'
		when filter ? 'asset_id' then 'coalesce(r.asset_id, f.subject) = any (asset_with_merged(array(select jsonb_array_elements_text($1 -> ''asset_id''))))'
		else format('(exists (select from (select * from asset where asset.id = coalesce(r.asset_id, f.subject)) as asset where true%s)
			or r.asset_id is null and $1 = jsonb_build_object(''authority_id'', $1 -> ''authority_id'')
			   and r.authority_id = any (array(select jsonb_array_elements_text($1 -> ''authority_id''))))', item_condition(filter, false)) end;
begin
	return query execute format(
		'with hit as materialized (
			select f.position, f.change_id, f.change_at, f.type, f.subject, r.reference, r.asset_id, r.land, r.deadlines
			  from feed as f left join request as r on r.id = f.subject
			 where f.position > $2 and f.position <= $3 and f.is_public and left(f.subject, 4) in (''ast_'', ''atr_'') and %s
			 order by f.position %s limit %s)
		select h.position, h.change_id::text, h.type, h.subject::text,
		       coalesce(h.reference || '', '', '''') || told_land(a.name, h.land), utc(h.change_at),
		       coalesce(c.data ->> ''due_on'', case when h.type in (''request.extended'', ''request.contract_extended'') then c.data ->> ''until_on'' end),
		       case when h.type like ''deadline.%%'' then c.data ->> ''name'' end, p.is_past,
		       case when not p.is_past and row_number() over (partition by h.subject, p.is_past order by h.position desc) = 1
			    then followed_about(h.subject) end
		  from hit as h
		  join change as c on c.id = h.change_id and c.at = h.change_at
		  left join asset as a on a.id = coalesce(h.asset_id, h.subject)
		 cross join lateral (select followed_is_past(h.change_id, h.type, c.data, h.deadlines) as is_past) as p
		 order by h.position %s', chosen, case when is_newest then 'desc' else '' end, most, case when is_newest then 'desc' else '' end)
		using filter, after, upto, subjects;
end
$$;
