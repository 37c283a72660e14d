// Whoever writes sends no NOTIFY and nobody LISTENs: at commit each would wait for a lock of the whole cluster. Held against what
// PostgreSQL itself counted, statements within functions and triggers included.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, openForecast, startHooks, startRegister} from '../harness/index.mjs';

const reg = await startRegister({settings: {shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'all'}});
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});

/** Statements that were sent or made within others → {all: how many, loud: the texts of those that notify or listen}. */
async function sent() {
	const rows = await reg.sql('select query from pg_stat_statements');
	return {all: rows.length, loud: rows.map(row => row.query).filter(query => /\b(notify|listen|pg_notify)\b/i.test(query) && !query.includes('pg_stat_statements'))};
}

test('W-02: nothing that changes the register notifies or listens, nor does what tells of it', async () => {
	await reg.sql('create extension pg_stat_statements');
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
