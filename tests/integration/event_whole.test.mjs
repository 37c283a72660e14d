// Each event by itself: kept with its change or not at all, and what it says of itself.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const [council] = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by name limit 1`);
const make = () => reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Mill', class: 'HALL', tenure: 'OWNED'});
const counts = async () => (await reg.sql(`select (select count(*)::int from assetd.change) as events, (select count(*)::int from assetd.asset) as assets`))[0];

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
