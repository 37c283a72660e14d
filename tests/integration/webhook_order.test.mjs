// What order each mode keeps, of a receiver that fails every third call: nothing waits that need not, and nothing passes
// what it must not. What failed is tried again when the clock is put forward, and never before, so each test sees at rest
// how far the rest has gone without it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startHooks, startRegister, until} from '../harness/index.mjs';

const WINDOW = 16, SUBJECTS = 4;

const reg = await startRegister();
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Order Council', kind: 'COUNCIL', code: 'OC'}));
let made = 0, ahead_s = 0;

const inFlight = async () => (await reg.daemon.metrics()).assetd_webhook_in_flight;
const unique = list => [...new Set(list)];

/** Events of each subject by turns: [{id, subject}, …] */
async function written(subjects, times) {
	const assets = [], events = [];
	for (let i = 0; i < times * subjects; i++) {
		const name = `Hall ${++made}`, a = assets[i % subjects];
		const reply = a ? await reg.admin.patch(`/v1/assets/${a.id}`, {name}, {match: a.etag})
			: await reg.admin.post('/v1/assets', {authority_id: council.id, name, class: 'HALL', tenure: 'OWNED'});
		const {id} = ok(reply, a ? 200 : 201);
		assets[i % subjects] = {id, etag: reply.headers.etag};
		events.push({id: reply.headers['event-id'], subject: id});
	}
	return events;
}

/**
 * A webhook of this mode that has all of these events before it at once. The first calls are held until as many are under
 * way as may be; of all calls each third fails.
 * → {events, calls: [{id, subject, isGood}, …] in the order in which they came, later(), remove()}
 */
async function receiver(mode, most, subjects, times) {
	const calls = [], held = [];
	let isHolding = true;
	const r = await hooks.receiver({mode, per_hour: 3_600_000, burst: 1000, retry: Array(8).fill({wait_s: 3600})}, d => {
		const isGood = (calls.length + 1) % 3 !== 0, answer = {status: isGood ? 200 : 500};
		calls.push({id: d.headers['webhook-id'], subject: d.json.subject, isGood});
		return isHolding ? new Promise(resolve => held.push(() => resolve(answer))) : answer;
	});
	const act = async verb => ok(await reg.admin.post(`/v1/webhooks/${r.id}/${verb}`, undefined), 200);
	await act('pause');
	const events = await written(subjects, times);
	await act('resume');
	await until(() => calls.length >= most, {what: () => `${most} calls to be under way; there are ${calls.length}`, deadline_ms: 20_000});
	assert.equal(await inFlight(), most);
	isHolding = false;
	held.forEach(answer => answer());
	return {
		events, calls, remove: () => r.remove(),
		/** Let what failed be due again. */
		later: () => reg.daemon.setClock(new Date(Date.now() + (ahead_s += 5000) * 1000).toISOString()),
		/** When so many calls have been made, no more, and all that came of them is kept, so that what may go on has gone on. */
		async rest(n) {
			const kept = async () => (await r.log()).filter(i => events.some(e => e.id === i.event_id)).length;
			await until(async () => calls.length >= n && await inFlight() === 0 && await kept() >= n,
				{what: () => `${n} calls to be kept; there were ${calls.length}`, deadline_ms: 60_000});
			assert.equal(calls.length, n);
		},
	};
}

test('W-12: UNORDERED: a window of sixteen, and what fails holds up nothing', async () => {
	const r = await receiver('UNORDERED', WINDOW, 1, 24);
	// All of one subject: each has been called once before any is due again.
	for (let waiting = r.events.map(e => e.id), n = 0; waiting.length; r.later()) {
		await r.rest(n + waiting.length);
		const round = r.calls.slice(n);
		assert.deepEqual(unique(round.map(c => c.id)).sort(), [...waiting].sort(), 'each of them once');
		waiting = round.filter(c => !c.isGood).map(c => c.id);
		n += round.length;
	}
	await r.remove();
});

test('W-12: PER_SUBJECT: what fails holds up its own subject, and no other', async () => {
	const r = await receiver('PER_SUBJECT', SUBJECTS, SUBJECTS, 6);
	const lines = new Map();
	for (const e of r.events)
		lines.set(e.subject, [...lines.get(e.subject) ?? [], e.id]);
	// Each subject goes on until it fails or is through, whatever becomes of the others.
	const done = new Map([...lines.keys()].map(subject => [subject, 0]));
	const isOver = () => [...lines].every(([subject, ids]) => done.get(subject) === ids.length);
	for (let n = 0; !isOver(); r.later()) {
		const tally = () => {
			const good = new Map(done), failed = new Set();
			for (const c of r.calls.slice(n)) {
				assert.ok(!failed.has(c.subject), 'nothing is called behind one that failed');
				assert.equal(c.id, lines.get(c.subject)[good.get(c.subject)], 'each is called when the one before it was taken');
				if (c.isGood)
					good.set(c.subject, good.get(c.subject) + 1);
				else
					failed.add(c.subject);
			}
			return {good, isAtRest: [...lines].every(([subject, ids]) => failed.has(subject) || good.get(subject) === ids.length)};
		};
		await until(() => tally().isAtRest, {what: 'each subject to have failed or to be through', deadline_ms: 60_000});
		await r.rest(r.calls.length);
		tally().good.forEach((count, subject) => done.set(subject, count));
		n = r.calls.length;
	}
	await r.remove();
});

test('W-12: STRICT: one at a time, and each is taken before the next is called', async () => {
	const r = await receiver('STRICT', 1, SUBJECTS, 2);
	const wanted = [];
	for (const e of r.events) {
		do
			wanted.push(e.id);
		while (wanted.length % 3 === 0);
	}
	for (let n = 3; n < wanted.length; n += 3) {
		await r.rest(n);
		r.later();
	}
	await r.rest(wanted.length);
	assert.deepEqual(r.calls.map(c => c.id), wanted);
	await r.remove();
});
