-- What the bearer of a link reads, and what ends with a link. All run with their owner's rights, because a link holds no
-- role and letters are nobody's to read, and show no more than their comments say.
set local role assetd_owner;
set local search_path = assetd, public;

-- The copies that the community body was sent of what others said, as they are redacted now, without one that an
-- officer has set aside since; its own answers; by when it may answer and why; whose request that is. No writer, no
-- price, no contact. No row: the link works no longer.
create or replace function answer_show(link text, after int, most int) returns table (state text, body text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select r.state::text, json_build_object(
		'request_id', r.id, 'reference', r.reference, 'authority_name', o.name, 'community_body_name', b.name,
		'land', coalesce(a.name, r.land ->> 'description'), 'expires_at', utc(l.expires_at),
		'window', (select w.deadline from jsonb_array_elements(r.deadlines) with ordinality as w (deadline, n)
			    where w.deadline ->> 'clock' = 'K5' order by w.n desc limit 1),
		'representations', (select coalesce(json_agg(json_build_object('number', p.number, 'received_on', p.received_on,
				'timing', p.timing, 'text', p.redacted_text) order by p.number), '[]')
			  from (select x.number, x.received_on, x.timing, x.redacted_text from representation as x
				 where x.request_id = r.id and x.kind = 'REPRESENTATION' and x.copied_at is not null
				   and x.mark = 'COUNTED' and x.number > after
				 order by x.number limit most) as p),
		'answers', (select coalesce(json_agg(json_build_object('number', p.number, 'received_on', p.received_on,
				'timing', p.timing, 'text', coalesce(t.text, p.redacted_text)) order by p.number), '[]')
			  from representation as p left join representation_original as t on t.representation_id = p.id
			 where p.request_id = r.id and p.kind = 'COMMENTS'))::text
	  from answer_link as l
	  join request as r on r.id = l.request_id
	  join authority as o on o.id = r.authority_id
	  join community_body as b on b.id = r.community_body_id
	  left join asset as a on a.id = r.asset_id
	 where l.id = link and l.revoked_at is null and l.expires_at > clock_at()
$$;

-- Whether the community body has given this very answer already: a form that is sent twice is one answer.
create or replace function answer_is_there(link text, words text) returns boolean
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	select exists (select from answer_link as l
		  join representation as p on p.request_id = l.request_id and p.kind = 'COMMENTS'
		  join representation_original as t on t.representation_id = p.id
		 where l.id = link and t.text = words)
$$;

-- The letter that would bring a link that has ended is not sent any more.
create or replace function answer_link_ended() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	delete from mail as m where m.link_id = new.id and m.authority_id = new.authority_id and m.state = 'WAITING';
	return null;
end
$$;

create or replace trigger ended after update of revoked_at on answer_link
	for each row when (new.revoked_at is not null) execute function answer_link_ended();
