// What must be true of a register whatever was done to it. Called at the end of tests that
// write through the doors.

import assert from 'node:assert/strict';

// Each: what it promises, and the rows that break it.
const BROKEN = {
	'the kept item of an asset is what the tables say': `
		select a.id from asset as a left join item_asset_live as l using (id)
		 where a.removed_at is null and a.rendered is distinct from l.body`, // what has gone is never shown
	'a subject\'s version is the number of its changes, told one by one': `
		select s.id, s.version, c.n, c.last
		  from (select id::text, version from authority union all select id, version from asset
			union all select id, version from community_body union all select id, version from request) as s
		  left join (select subject, count(*) as n, max(subject_seq) as last from change group by 1) as c on c.subject = s.id
		 where c.n is distinct from s.version or c.last is distinct from s.version`,
	'money is in no public part of a change': `
		select id, type from change
		 where (coalesce(data, '{}')::text || coalesce(before, '{}')::text || coalesce(after, '{}')::text)
			~ '"(amount|offer|agreed_price|benefit|cost_fixed|rent_pa|premium)_pence"'
		   and type not like 'projection.%' and data ->> 'restricted' is distinct from 'false'`,
	'an asset is known from its first day on, one body a day': `
		select a.id, f.day from asset as a
		 cross join lateral (select (min(lower(valid)) + n)::date as day from fact, generate_series(0, 400, 50) as n
			where subject = a.id and part = 'asset' group by n) as f
		 where 1 <> (select count(*) from fact as x where x.subject = a.id and x.part = 'asset'
			and upper_inf(x.known) and x.valid @> f.day)`,
	'what is known of today is what the register says': `
		select a.id, a.effective_on, f.body, to_jsonb(a) as row from asset as a
		 cross join lateral (select body from fact where subject = a.id and part = 'asset' and upper_inf(known)
			and valid @> greatest(a.effective_on, (a.updated_at at time zone 'Europe/London')::date)) as f
		 where f.body is distinct from to_jsonb(a) - '{id,model_id,version,created_at,updated_at,effective_on,search,rendered}'::text[]`,
	'no event names to everybody what nobody but members may ever have looked up': `
		select c.id, c.type, x.id as names
		  from change as c
		 cross join lateral (values (c.data - c.hidden), (c.before - c.hidden), (c.after - c.hidden)) as p (o)
		 cross join lateral (select (regexp_matches(p.o::text, '"([a-z]{3}_[0-9a-z]{26})"', 'g'))[1] as id) as x
		 where c.is_public and not case when left(x.id, 3) in ('ast', 'atr', 'doc')
			then exists (select from change as s where s.subject = x.id and s.is_public)
			when left(x.id, 3) = 'ntc' then exists (select from notice as n where n.id = x.id and n.is_public and n.state <> 'DRAFT')
			when left(x.id, 3) = 'rep' then exists (select from change as s where s.type = 'representation.published' and s.data ->> 'representation_id' = x.id)
			else left(x.id, 3) in ('aut', 'cpp', 'loc', 'cbo', 'cal', 'rpt', 'val', 'pln', 'dsp', 'evt') end`,
	'every part has its asset\'s authority and publicity': `
		select a.id from asset as a join fact as f on f.asset_id = a.id where f.published <> a.published
		union select a.id from asset as a join request as r on r.asset_id = a.id where r.published <> a.published`,
};

/** Throws, naming the promise and the first rows that break it. reg: of startRegister(). */
export async function assertSound(reg) {
	await reg.cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		for (const [promise, text] of Object.entries(BROKEN))
			assert.deepEqual((await db.query(text)).rows.slice(0, 5), [], promise);
	}, {database: reg.database});
}
