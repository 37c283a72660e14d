-- Letters and the links that they carry. Each function that runs with its owner's rights shows no more than its
-- comment says.
set local role assetd_owner;
set local search_path = assetd, public;

-- The request that the actor may do one thing with, because of a link that it was sent; null without one.
create or replace function actor_link() returns text
	language sql stable parallel safe
	return nullif(current_setting('assetd.link', true), '');

-- Is there still something to tell the contact of a webhook: it is switched off, or has taken nothing since it was last warned of?
create or replace function webhook_is_to_tell(has_contact boolean, state text, failing_since timestamptz, warned int) returns boolean
	language sql immutable parallel safe
	return has_contact and (state = 'DISABLED' or state = 'ACTIVE' and failing_since is not null and warned > 0);

-- Whose server a letter to this address waits for in the end.
create or replace function mail_domain(email text) returns text
	language sql immutable parallel safe
	return lower(substring(email collate "C" from '[^@]*$'));

-- The letters that are to be sent by now, the longest due first, but for those to the domains of `full`, each with whom it goes to and what it speaks of.
-- One whose draft is gone, whose link has ended, or whose reader has no address any more has nobody to go to, and is not
-- among them; nor is one that asks to confirm what was confirmed, nor one about a webhook that is well again. by_on: the last day on
-- which an answer is in time, or that of the longer time that is offered; state: of its request. The columns between them: of letters to followers (0091_follow.sql), and the two before the last of letters about
-- webhooks, of which `kind` is what there is to say by now, FAILING or DISABLED, and `reference` no more of the address than its host.
-- Of letters that bring an account's link `body_name` is whose it is.
drop function if exists mail_due(int);
drop function if exists mail_due(int, text[]);
create function mail_due(most int, "full" text[])
	returns table (id text, kind text, attempts int, recipient text, ticket text, about text, reference text,
		authority_name text, body_name text, expires_at text, by_on text,
		rhythm text, question text, filter jsonb, since bigint, authority_id text, principal_id text, failing_since text, reason text,
		state text)
	language sql stable security definer
	set search_path = assetd, pg_temp
as $$
	(select m.id::text, case when m.kind = 'EXTENSION' then x.event when l.purpose = 'CASE' then 'CASE' else m.kind end::text, m.attempts::int, coalesce(d.email, c.email), m.ticket, coalesce(d.id, l.id)::text,
	       r.reference, a.name, b.name, utc(coalesce(d.expires_at, l.expires_at)),
	       case when m.kind = 'EXTENSION' then x.until_on::text else (select w.deadline ->> 'due_on'
			from jsonb_array_elements(r.deadlines) with ordinality as w (deadline, n)
		       where l.id is not null and w.deadline ->> 'clock' = 'K5' order by w.n desc limit 1) end,
	       '', '', '{}', 0, null, null, null, null, r.state::text
	  from mail as m
	  left join representation_draft as d on d.id = m.draft_id and d.expires_at > clock_at()
	  left join answer_link as l on l.id = m.link_id and l.revoked_at is null and l.expires_at > clock_at()
	  join request as r on r.id = coalesce(d.request_id, l.request_id)
	  join community_body as b on b.id = r.community_body_id
	  join authority as a on a.id = m.authority_id
	  left join community_body_contact as c on l.id is not null and c.community_body_id = r.community_body_id
		and c.authority_id = r.authority_id
	  left join extension_offer as x on m.kind = 'EXTENSION' and x.request_id = r.id and x.state = 'OPEN'
	 where m.state = 'WAITING' and m.due_at <= clock_at() and coalesce(d.email, c.email) is not null
	   and (m.kind <> 'EXTENSION' or x.request_id is not null)
	   and mail_domain(coalesce(d.email, c.email)) <> all ("full")
	 order by m.due_at, m.id
	 limit most)
	union all
	(select m.id::text, m.kind::text, m.attempts::int, f.email, f.ticket, f.id::text, '', coalesce(a.name, ''), '', utc(f.expires_at), null,
	       f.rhythm, f.question, f.filter, f.position, f.authority_id::text, f.principal_id::text, null, null, ''
	  from mail as m
	  join follow as f on f.id = m.follow_id
		and (m.kind = 'FOLLOW') = (f.confirmed_at is null) and (m.kind <> 'FOLLOW' or f.expires_at > clock_at())
	  left join authority as a on a.id = f.authority_id
	 where m.state = 'WAITING' and m.due_at <= clock_at() and mail_domain(f.email) <> all ("full")
	 order by m.kind <> 'FOLLOW', m.due_at, m.id -- who waits for a link goes before who waits for news
	 limit most)
	union all
	(select m.id::text, case w.state when 'DISABLED' then 'DISABLED' else 'FAILING' end, m.attempts::int, w.contact, null, w.id::text,
	       substring(w.url from '^[^/]*//[^/?#]*'), coalesce(a.name, ''), '', '', null,
	       '', '', '{}', 0, null, null, utc(c.failing_since), w.state_reason, ''
	  from mail as m
	  join webhook as w on w.id = m.webhook_id
	  join webhook_cursor as c on c.webhook_id = w.id
	  left join authority as a on a.id = w.authority_id
	 where m.state = 'WAITING' and m.due_at <= clock_at() and webhook_is_to_tell(w.has_contact, w.state, c.failing_since, c.warned)
	   and mail_domain(w.contact) <> all ("full")
	 order by m.due_at, m.id
	 limit most)
	union all
	(select m.id::text, m.kind::text, m.attempts::int, a.email, null, a.principal_id::text, '', coalesce(u.name, ''), p.name, '', null,
	       '', '', '{}', 0, null, null, null, null, ''
	  from mail as m
	  join account as a on a.principal_id = m.account_id and not a.is_closed
	  join principal as p on p.id = a.principal_id
	  left join authority as u on u.id = p.authority_id
	 where m.state = 'WAITING' and m.due_at <= clock_at() and mail_domain(a.email) <> all ("full")
	 order by m.due_at, m.id
	 limit most)
	union all -- who would ask for land: its name is the register's, and no word of theirs goes to an address that is nobody's yet
	(select m.id::text, 'ASK', m.attempts::int, d.email, m.ticket, d.id::text, coalesce(t.name, 'land that is not listed'), a.name, '', utc(d.expires_at), null,
	       '', '', '{}', 0, null, null, null, null, ''
	  from mail as m
	  join request_draft as d on d.id = m.request_draft_id and d.expires_at > clock_at()
	  join authority as a on a.id = m.authority_id
	  left join asset as t on t.id = d.asset_id
	 where m.state = 'WAITING' and m.due_at <= clock_at() and mail_domain(d.email) <> all ("full")
	 order by m.due_at, m.id
	 limit most)
$$;

-- Have enough letters gone out to a box within a day that ask it to confirm something, and that nobody has confirmed? Five of what one
-- network asked for, so that nobody uses up the letters of a box that is another's, and ten of all.
drop function if exists mailbox_unconfirmed(text);
create or replace function mailbox_is_full(email text, network bytea) returns boolean
	language sql stable
	return (select count(*) >= 10 or count(*) filter (where u.network is not distinct from mailbox_is_full.network) >= 5
		from (select f.network from follow as f where mailbox(f.email) = mailbox(mailbox_is_full.email) and f.confirmed_at is null
			and f.created_at > clock_at() - interval '1 day'
		union all
		select d.network from representation_draft as d where mailbox(d.email) = mailbox(mailbox_is_full.email)
			and d.created_at > clock_at() - interval '1 day'
		union all
		select d.network from request_draft as d where mailbox(d.email) = mailbox(mailbox_is_full.email)
			and d.created_at > clock_at() - interval '1 day') as u);

-- Which of the drafts that wait gives way to a further one of that network, once there are so many: the oldest of the network that has most
-- of them, the new one with it. Null while there is room.
create or replace function draft_giving_way(ids text[], networks bytea[], moments timestamptz[], network bytea, most int) returns text
	language sql immutable
	return (select d.id from unnest(ids, networks, moments) as d (id, network, created_at) where cardinality(ids) >= most
		order by count(*) over (partition by d.network) + (d.network is not distinct from draft_giving_way.network)::int desc,
			d.created_at, d.id collate "C" limit 1);

-- Nobody's letter box is filled by our form, whichever of its addresses one names; and two thousand drafts wait for one request. Those for one box are counted one after another, so that
-- of many at the same moment no more get through.
create or replace function representation_draft_bound() returns trigger
	language plpgsql security definer
	set search_path = assetd, pg_temp
as $$
begin
	perform pg_advisory_xact_lock(hashtextextended(mailbox(new.email), 0));
	perform must(not mailbox_is_full(new.email, new.network), 32);
	update representation_draft set expires_at = clock_at(), text = '-', name = '-', address = null
	 where id = (select draft_giving_way(array_agg(d.id::text), array_agg(d.network), array_agg(d.created_at), new.network, 2000)
		from representation_draft as d where d.request_id = new.request_id and d.expires_at > clock_at());
	return new;
end
$$;

create or replace trigger bound before insert on representation_draft
	for each row execute function representation_draft_bound();
