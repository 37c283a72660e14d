// Nothing is left lying, and nothing is told twice that was taken: what holds a webhook up is asked about until it is
// over, what waits behind another goes on when that is over, and a webhook that is changed lets what is on its way end.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startHooks, startRegister, until} from '../harness/index.mjs';

const WINDOW = 16, ONE_HOST = 32; // under way to one webhook, and to one machine
const ABORT = {status: 400, headers: {'webhook-delivery': 'abort-message'}};

const reg = await startRegister();
const hooks = startHooks(reg);
const held = []; // answers that somebody waits for
const release = () => held.splice(0).forEach(answer => answer());
after(async () => {
	release();
	await reg.stop();
	await hooks.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Held Council', kind: 'COUNCIL', code: 'HC'}));
let made = 0, ahead_s = 0;

async function asset(more = {}) {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED', ...more});
	return {...ok(reply), event: reply.headers['event-id']};
}
async function rename(a) {
	const {headers} = await reg.admin.get(`/v1/assets/${a.id}`);
	const reply = await reg.admin.patch(`/v1/assets/${a.id}`, {name: `Hall ${++made}`}, {match: headers.etag});
	return ok(reply, 200) && reply.headers['event-id'];
}
const value = async a => (await reg.admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence: 5, basis: 'MV', valued_on: '2026-04-01'})).headers['event-id'];
const hold = () => new Promise(answer => held.push(answer));
const later = seconds => reg.daemon.setClock(new Date(Date.now() + (ahead_s += seconds) * 1000).toISOString());
const waiting = async r => (await reg.sql('select count(*)::int as n from assetd.webhook_retry where webhook_id = $1', [r.id]))[0].n;
const nothingWaits = r => until(async () => await waiting(r) === 0, {what: 'nothing to wait any more'});
const delivered = async () => (await reg.daemon.metrics())['assetd_webhook_attempts_total{result="DELIVERED",class="2xx"}'] ?? 0;

test('W-33: a bucket that has filled is noticed, however often somebody else makes the sender look', async () => {
	const slow = await hooks.receiver({filter: {where: ['/class=DEPOT']}, per_hour: 7200, burst: 1});
	// In each turn something of one of these may go, and each time the sender looks at all webhooks.
	const busy = [await hooks.receiver({filter: {where: ['/class=HALL']}, per_hour: 18_000, burst: 1})];
	while (busy.length < 8)
		busy.push(await hooks.receiver({filter: {where: ['/class=HALL']}, per_hour: 18_000, burst: 1}, undefined, busy[0].sink));
	await Promise.all(Array.from({length: 40}, () => asset()));
	const depots = await Promise.all(Array.from({length: 8}, () => asset({class: 'DEPOT'})));
	await slow.came(depots.map(a => a.event));
	assert.equal(slow.ids().length, 8);
	for (const r of [slow, ...busy])
		await r.remove();
});

test('W-32: who was held up by the cap of a machine goes on, though those before it in the line have nothing to send', async () => {
	const hog = await hooks.receiver({types: ['asset.created']}, hold);
	const second = await hooks.receiver({types: ['asset.created']}, undefined, hog.sink);
	const idle = [];
	while (idle.length < ONE_HOST + 8)
		idle.push(await hooks.receiver({types: ['asset.removed']}, undefined, hog.sink));
	const last = await hooks.receiver({types: ['asset.valued']}, undefined, hog.sink);
	const elsewhere = await hooks.receiver({types: ['asset.valued']});
	const all = [];
	for (let i = 0; i < WINDOW; i++)
		all.push(await asset());
	await until(() => held.length === ONE_HOST, {what: 'the machine to have all that it may'});
	const event = await value(all[0]);
	await elsewhere.came(event);
	assert.equal(last.of(event).length, 0, 'it waits');
	hog.respond = () => undefined;
	release();
	await last.came(event);
	for (const r of [hog, second, last, elsewhere, ...idle])
		await r.remove();
});

test('W-12: what comes behind a retry in the moment in which that is taken goes on', async () => {
	const r = await hooks.receiver({mode: 'PER_SUBJECT', retry: [{wait_s: 1}, {wait_s: 1}]});
	const a = await asset();
	await r.came(a.event);
	let tried = 0, second;
	r.respond = d => d.json.subject !== a.id || d.headers['webhook-id'] === second ? undefined : tried++ ? hold() : {status: 500};
	const first = await rename(a);
	await until(() => held.length === 1, {what: 'the second attempt'});
	await reg.cluster.session(async db => {
		await db.query('begin; lock table assetd.webhook_retry in share mode');
		// Being kept, so that what follows is kept together.
		const count = await delivered();
		await asset();
		await until(async () => await delivered() > count, {what: 'another to be taken'});
		second = await rename(a);
		await r.came((await asset()).event);
		await until(async () => await delivered() > count + 1, {what: 'it to be taken'});
		release();
		// Where this takes so long that the sender starts over, it will not be counted, and comes again.
		await until(async () => await delivered() > count + 2, {what: 'the retry to be taken', deadline_ms: 5000}).catch(() => {});
		await db.query('rollback');
	});
	await r.came(second);
	await nothingWaits(r);
	assert.deepEqual([...new Set(r.ids().filter(id => [first, second].includes(id)))], [first, second]);
	await r.remove();
});

test('W-12: what waits in one order goes on when the webhook is given another', async () => {
	const r = await hooks.receiver({mode: 'STRICT'}, () => ABORT);
	const events = [(await asset()).event, (await asset()).event];
	await until(async () => ok(await reg.admin.post(`/v1/webhooks/${r.id}/recoverable`, {}), 200).count === 2, {what: 'both to be given up'});
	r.respond = () => ({status: 500});
	ok(await reg.admin.post(`/v1/webhooks/${r.id}/recover`, {}), 200);
	await until(async () => (await r.log('&result=REFUSED')).length === 1, {what: 'the first to fail again'});
	await r.patch({mode: 'PER_SUBJECT'});
	r.respond = () => undefined;
	later(60);
	await r.came(events[0], 3);
	await r.came(events[1], 2);
	await nothingWaits(r);
	await r.remove();
});

test('W-10: what waits to be tried again is not taken for new after a kill, and so does not wait behind itself', async () => {
	let isIll = true;
	const r = await hooks.receiver({mode: 'PER_SUBJECT'});
	const hung = await asset(), refused = await asset();
	await r.came([hung.event, refused.event]);
	r.respond = d => isIll && (d.json.subject === hung.id ? hold() : {status: 500});
	const before = await value(hung);
	const failed = await value(refused);
	await r.came([before, failed]);
	await until(async () => await waiting(r) === 1, {what: 'it to be kept'});
	await reg.daemon.kill();
	isIll = false;
	release();
	await reg.daemon.start();
	await r.came(before, 2);
	later(60);
	await r.came(failed, 2);
	await nothingWaits(r);
	const after = await value(refused);
	await r.came(after);
	assert.deepEqual([r.of(failed).length, r.of(after).length], [2, 1]);
	await r.remove();
});

test('W-54: what is on its way when its webhook changes is let end, and is not sent twice', async () => {
	const r = await hooks.receiver({mode: 'STRICT'}, hold);
	await r.patch({timeout_s: 30}); // the first of its kind is looked at for long, and what is on its way is not waited for as long
	for (let round = 1; round <= 10; round++) {
		const {event} = await asset();
		await until(() => held.length === 1, {what: 'it to be on its way'});
		await r.patch({timeout_s: 30 - round});
		await r.show();
		release();
		r.respond = () => undefined;
		await r.came((await asset()).event); // by the version after
		assert.equal(r.of(event).length, 1, `round ${round}`);
		r.respond = hold;
	}
	await r.remove();
});
