// What is not asked of PostgreSQL, held against what it counted itself, statements within functions and triggers included.
// Whoever writes sends no NOTIFY and nobody LISTENs: at commit each would wait for a lock of the whole cluster.
// Whoever waits for the feed to move has nobody look whether it did.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {COUNTED, TREE, ok, openForecast, startHooks, startRegister, timesSent, until} from '../harness/index.mjs';

const reg = await startRegister({settings: COUNTED});
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});
await reg.sql('create extension pg_stat_statements');

/** Statements that were sent or made within others → {all: how many, loud: the texts of those that notify or listen}. */
async function sent() {
	const rows = await reg.sql('select query from pg_stat_statements');
	return {all: rows.length, loud: rows.map(row => row.query).filter(query => /\b(notify|listen|pg_notify)\b/i.test(query) && !query.includes('pg_stat_statements'))};
}

const looks = () => timesSent(reg, /^feed_tick\./);

test('who waits for the feed to move has nobody look', async () => {
	const WAITERS = 150;
	await until(async () => await looks() > 2, {what: 'looks to be counted', deadline_ms: 10_000});
	const [{position}] = await reg.sql('select position from assetd.feed_state');
	await until(async () => { // and to have become rare: one a second
		const [before, at] = [await looks(), performance.now()];
		await until(() => performance.now() - at > 300);
		return await looks() - before <= 1;
	}, {what: 'nothing to happen'});
	const before = await looks(), waiting = [];
	for (let i = 0; i < WAITERS; i++) { // one after another, each as long after the last as a look takes
		waiting.push(reg.admin.get(`/v1/events?after=${position}&wait=4`));
		await reg.admin.get('/v1/whoami');
	}
	const made = await looks() - before;
	for (const reply of await Promise.all(waiting))
		assert.deepEqual(reply.json.items, []);
	assert.ok(made < WAITERS / 4, `${made} looks for ${WAITERS} who wait`);
});

test('W-02: no statement that the daemon has notifies or listens', () => {
	const said = /\b(notify|listen|unlisten|pg_notify)\b/i, folder = path.join(TREE, 'sql');
	const files = fs.readdirSync(folder, {recursive: true}).filter(name => name.endsWith('.sql'));
	assert.ok(files.length > 400, `${files.length}`);
	assert.deepEqual(files.filter(name => said.test(fs.readFileSync(path.join(folder, name), 'utf8').replaceAll(/--.*/g, ''))), []);
});

test('W-02: nothing that changes the register notifies or listens, nor does what tells of it', async () => {
	const council = ok(await reg.admin.post('/v1/authorities', {name: 'Quiet Council', kind: 'COUNCIL', code: 'QC'}));
	const r = await hooks.receiver({types: ['*']});
	const forecast = openForecast(reg), asset = {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'};
	const {id} = await forecast.asset(asset, {amount: 500_000, plan: true});
	await forecast.patch(`/v1/assets/${id}`, {name: 'Village hall'});
	const body = ok(await reg.admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
	const asked = ok(await reg.admin.post('/v1/requests', {asset_id: id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'asked'}));
	ok(await reg.admin.post(`/v1/requests/${asked.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
	const made = await reg.admin.post('/v1/assets', asset);
	await r.came(made.headers['event-id']);
	const {all, loud} = await sent();
	assert.ok(all > 100, `${all} statements were counted`);
	assert.deepEqual(loud, []);

	await reg.sql(`create function public.loud() returns trigger language plpgsql as $$ begin perform pg_notify('assets', new.id); return null; end $$;
		create trigger loud after insert on assetd.asset for each row execute function public.loud()`);
	ok(await reg.admin.post('/v1/assets', {...asset, name: 'Depot'}));
	assert.equal((await sent()).loud.filter(query => /^select pg_notify/i.test(query)).length, 1, 'one that did would have been seen');
});
