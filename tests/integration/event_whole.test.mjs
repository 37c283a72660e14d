// Each event by itself: kept with its change or not at all, and what it says of itself.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const [council] = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by name limit 1`);
const make = () => reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Mill', class: 'HALL', tenure: 'OWNED'});
const counts = async () => (await reg.sql(`select (select count(*)::int from assetd.change) as events, (select count(*)::int from assetd.asset) as assets`))[0];
/** All that each table of ours holds, but for what says who came and when, and for what the daemon does by itself. */
async function everything() {
	const tables = await reg.sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace and relkind in ('r', 'p') and not relispartition
		and relname <> all ('{lease,idempotency_key,api_key,projection,projection_public,projection_public_mark,feed,feed_state,follow_state,change,change_money}') order by 1`);
	const told = `(select c.* from assetd.change as c where actor_kind <> 'SYSTEM')`;
	return Object.fromEntries(await Promise.all([...tables.map(({relname}) => [relname, `assetd.${relname}`]), ['change', told]].map(async ([name, from]) =>
		[name, (await reg.sql(`select count(*)::int as n, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as of from ${from} as t`))[0]])));
}

test('W-01: what is undone leaves no event, and what gets no event is undone', async () => {
	await reg.sql(`create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'refused' using errcode = 'P0099'; end $$`);
	for (const [table, trigger] of [
		['change', 'create trigger refuse before insert on assetd.change for each row'],
		['asset', 'create trigger refuse after insert on assetd.asset for each row'],
		['asset', 'create constraint trigger refuse after insert on assetd.asset deferrable initially deferred for each row'], // when it commits
	]) {
		const before = await counts();
		await reg.sql(`${trigger} execute function public.refuse()`);
		assert.equal((await make()).status, 500, trigger);
		await reg.sql(`drop trigger refuse on assetd.${table}`);
		assert.deepEqual(await counts(), before, trigger);
	}
	const before = await counts();
	assert.equal((await make()).status, 201);
	assert.deepEqual(await counts(), {events: before.events + 1, assets: before.assets + 1});
	// Whatever is written: refused at its event, and when all of it is done and it commits.
	const asset = ok(await make()), spare = ok(await make()), body = ok(await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	const asked = ok(await reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'asked'}));
	const match = {match: '*'}, writes = {
		'an asset is changed': () => reg.admin.patch(`/v1/assets/${asset.id}`, {name: 'Old mill'}, match),
		'a valuation': () => reg.admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: 5, basis: 'MV', valued_on: '2026-04-01'}),
		'a plan': () => reg.admin.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'}, {headers: {'If-None-Match': '*'}}),
		'a request moves': () => reg.admin.post(`/v1/requests/${asked.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}),
		'a body': () => reg.admin.post('/v1/community-bodies', {name: 'Other trust', legal_form: 'SCIO', members: 30}),
		'an authority': () => reg.admin.post('/v1/authorities', {name: 'New Council', kind: 'COUNCIL', code: 'NEW'}),
		'an asset is removed': () => reg.admin.delete(`/v1/assets/${spare.id}`, match),
		'a webhook': () => reg.admin.post('/v1/webhooks', {url: 'https://receiver.example/'}), // last, since it is tried by itself
	};
	for (const [what, write] of Object.entries(writes)) {
		for (const when of ['trigger refuse before insert on assetd.change', 'constraint trigger refuse after insert on assetd.change deferrable initially deferred']) {
			const before = await everything();
			await reg.sql(`create ${when} for each row execute function public.refuse()`);
			assert.equal((await write()).status, 500, `${what}: ${when}`);
			await reg.sql('drop trigger refuse on assetd.change');
			assert.deepEqual(await everything(), before, `${what}: ${when}`);
		}
		const {events} = await counts(), reply = await write();
		assert.ok(reply.status < 300 && (await counts()).events > events, `${what}: ${reply.status} ${reply.text}`);
	}
	await reg.sql('drop function public.refuse');
});

test('W-07: each event has its id and place, what it is of and the next number of that, its moment, who did it, and the number of its form', async () => {
	const made = ok(await make(), 201), asset = made.id;
	for (const name of ['Old mill', 'Older mill'])
		ok(await reg.admin.patch(`/v1/assets/${asset}`, {name}, {match: '*'}), 200);
	const {events} = await counts(), seq = new Map();
	const all = await until(async () => {
		const {items} = ok(await reg.admin.get('/v1/events?after=0&limit=1000'), 200);
		return items.length === events && items;
	}, {what: 'all to be told'});
	for (const [i, e] of all.entries()) {
		assert.match(e.id, /^evt_[0-9a-hjkmnp-tv-z]{26}$/);
		assert.equal(e.position, i + 1);
		assert.match(e.type, /^[a-z_]+(\.[a-z_]+)+$/);
		assert.match(e.subject, /^[a-z]{3}_[0-9a-z]{26}$/);
		assert.equal(e.subject_seq, (seq.get(e.subject) ?? 0) + 1, `${e.id} of ${e.subject}`);
		assert.ok(Date.parse(e.occurred_at) <= Date.now() && e.occurred_at.endsWith('Z'), e.occurred_at);
		assert.ok(e.schema_version >= 1 && e.actor, e.id);
		seq.set(e.subject, e.subject_seq);
	}
	assert.equal(new Set(all.map(e => e.id)).size, all.length);
	assert.ok(seq.get(asset) >= 3, `${seq.get(asset)}`);
});
