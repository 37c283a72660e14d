// What failed comes back in the order in which it is due, not in that in which it happened: who
// asked for a shorter patience is not kept waiting by those who asked for a longer one.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startRegister, startSink, until} from '../harness/index.mjs';

const WINDOW = 12; // of the deliveries under way to one receiver, those that are sent again: new ones have a place left
const EVENTS = 20;

const reg = await startRegister();
const held = []; // what the receiver has been sent again and not answered yet
const patience = new Map(); // event → seconds that the receiver asked for
const sink = await startSink({respond});
after(async () => {
	held.forEach(answer => answer({status: 200}));
	await reg.stop();
	await sink.stop();
});

/* The first time "not now", a shorter while each: the last is due first. Then nothing until the test says. */
function respond(delivery) {
	const event = delivery.headers['webhook-id'];
	if (delivery.json.type !== 'asset.created')
		return undefined;
	if (!patience.has(event)) {
		// Up to a fifth is added by chance, so each asks for less than that below the one before.
		patience.set(event, Math.round(20_000 * 0.8 ** patience.size));
		return {status: 503, headers: {'retry-after': String(patience.get(event))}};
	}
	return new Promise(resolve => held.push(resolve));
}

test('the longest due is sent again first', async () => {
	const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
	const hook = (await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created', 'asset.valued']})).json;
	await until(async () => (await reg.admin.get(`/v1/webhooks/${hook.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	for (let i = 0; i < EVENTS; i++) {
		const made = await reg.admin.post('/v1/assets', {authority_id: council, name: `Hall ${i}`, class: 'HALL', tenure: 'OWNED'});
		assert.equal(made.status, 201, made.text);
		// One by one, so that what is asked for falls with the position.
		await sink.waitFor(d => d.headers['webhook-id'] === made.headers['event-id'], {what: `event ${i}`, deadline_ms: 30_000});
		// Every other one is taken, or the receiver would be left alone for a while.
		const valued = await reg.admin.post(`/v1/assets/${made.json.id}/valuations`, {amount_pence: 1, basis: 'MV', valued_on: '2026-04-01'});
		await sink.waitFor(d => d.headers['webhook-id'] === valued.headers['event-id'], {what: `event ${i}`, deadline_ms: 30_000});
	}
	const waiting = () => reg.sql(`select change_id as event from assetd.webhook_retry where webhook_id = $1 order by due_at, position`, [hook.id]);
	const due = await until(async () => {
		const rows = await waiting();
		return rows.length === EVENTS && rows.map(r => r.event);
	}, {what: 'all of them to be kept', deadline_ms: 30_000});
	assert.deepEqual(due, [...patience.keys()].reverse(), 'the one that asked for least is due first');

	const first = sink.deliveries.length;
	reg.daemon.setClock(new Date(Date.now() + 2 * 86_400_000).toISOString()); // all are due
	const again = () => sink.deliveries.slice(first).map(d => d.headers['webhook-id']);
	await until(() => again().length >= WINDOW, {what: 'a full window', deadline_ms: 30_000});
	assert.deepEqual(again().sort(), due.slice(0, WINDOW).sort());
	held.splice(0).forEach(answer => answer({status: 200}));
	await until(() => again().length >= EVENTS, {what: 'the others', deadline_ms: 30_000});
	assert.deepEqual(again().slice(WINDOW).sort(), due.slice(WINDOW).sort());
	held.splice(0).forEach(answer => answer({status: 200}));
	await until(async () => (await waiting()).length === 0, {what: 'nothing to wait any more', deadline_ms: 30_000});
});
