// How a receiver that fails is treated: its own schedule, the breaker, the rate, and what happens when it never comes
// back. Days pass by the daemon's clock.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startHooks, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});

const council = (await reg.admin.post('/v1/authorities', {name: 'Paced Council', kind: 'COUNCIL', code: 'PC'})).json;
let made = 0, ahead_s = 0;

async function asset() {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'});
	assert.equal(reply.status, 201, reply.text);
	return reply.headers['event-id'];
}
/** n assets; → their events, in the order of their positions. */
const assets = async n => {
	const events = [];
	while (events.length < n)
		events.push(await asset());
	return events;
};
const well = () => undefined, ill = () => ({status: 500}), away = () => 'reset';
const later = seconds => reg.daemon.setClock(new Date(Date.now() + (ahead_s += seconds) * 1000).toISOString());
const log = r => r.log('&type=asset.created'); // no ping
/** Put the clock forward in steps until it is so. */
const passing = (what, seconds, is) => until(async () => {
	later(seconds);
	return is();
}, {what, deadline_ms: 40_000, every_ms: 250});
const waiting = async r => (await reg.sql('select count(*)::int as n from assetd.webhook_retry where webhook_id = $1', [r.id]))[0].n;
const gauge = async which => Object.entries(await reg.daemon.metrics()).find(([name]) => name.startsWith(`assetd_webhook_${which}`))?.[1];
const paused = () => gauge('paused');

test('W-13: a schedule of its own is kept to, and no longer than 14 days', async () => {
	const r = await hooks.receiver({retry: [{wait_s: 30}, {wait_s: 600}]});
	r.respond = ill;
	const event = await asset();
	await r.came([event]);
	// The wait begins when what came of it is known: the clock is not moved before.
	await until(async () => (await log(r)).length === 1, {what: 'the first attempt in the log'});
	await passing('the last attempt', 60, () => r.of(event).length === 3);
	const tried = await until(async () => {
		const items = (await log(r)).reverse();
		return items.length === 3 && items;
	}, {what: 'three attempts in the log'});
	assert.deepEqual(tried.map(i => [i.number, i.result]), [[1, 'REFUSED'], [2, 'REFUSED'], [3, 'EXHAUSTED']]);
	const waits = tried.map(i => i.next_attempt_at && (Date.parse(i.next_attempt_at) - Date.parse(i.attempted_at)) / 1000);
	assert.ok(waits[0] >= 30 && waits[0] < 40 && waits[1] >= 600 && waits[1] < 740 && waits[2] === null, `${waits}`);
	later(86_400);
	await asset();
	assert.equal(r.of(event).length, 3);
	for (const retry of [[{wait_s: 0}], [{}], [{wait_s: 700_000}, {wait_s: 700_000}], Array(21).fill({wait_s: 1}), [{wait_s: 5, more: 1}]])
		assert.equal((await reg.admin.post('/v1/webhooks', {url: r.sink.url, retry})).status, 422, JSON.stringify(retry).slice(0, 60));
	const most = [{wait_s: 14 * 86_400 - 19}, ...Array(19).fill({wait_s: 1})]; // twenty steps and fourteen days
	assert.deepEqual((await r.patch({retry: most})).retry, most);
	assert.equal((await reg.admin.post('/v1/webhooks', {url: r.sink.url, retry: [{wait_s: 7 * 86_400}, {wait_s: 7 * 86_400 + 1}]})).status, 422);
	await r.remove();
});

const attempts = async r => (await reg.sql('select count(*)::int as n from assetd.webhook_attempt where webhook_id = $1', [r.id]))[0].n;

test('W-30 W-31: a receiver that is away for hours is left alone, uses up no attempt, and gets all of it in order', async () => {
	const r = await hooks.receiver({mode: 'STRICT'});
	const many = await hooks.receiver();
	r.respond = many.respond = away;
	const events = await assets(12);
	await until(async () => await paused() >= 1, {what: 'the many to be paused', deadline_ms: 30_000});
	await until(async () => (await log(many)).length >= 5, {what: 'attempts to be logged'});
	const before = many.sink.deliveries.length;
	await assets(3); // nobody is asked meanwhile
	assert.equal(many.sink.deliveries.length, before);
	for (let hours = 0; hours < 24; hours++) { // of an outage; a probe now and then
		const probes = many.sink.deliveries.length, noted = await attempts(many);
		later(3600);
		await until(() => many.sink.deliveries.length > probes, {what: 'a probe', deadline_ms: 20_000});
		assert.ok(many.sink.deliveries.length <= probes + 2, 'one probe at a time');
		// The next pause counts from when the daemon knows what came of it.
		await until(async () => await attempts(many) - noted >= many.sink.deliveries.length - probes, {what: 'it to be noted'});
	}
	const [{most}] = await reg.sql('select max(attempts)::int as most from assetd.webhook_retry where webhook_id = $1', [many.id]);
	assert.ok(most <= 2, `${most} attempts were counted in a day of which the receiver was away`);
	assert.ok(!(await log(many)).some(i => i.result === 'EXHAUSTED'));
	r.respond = many.respond = well;
	await passing('all to arrive', 1800, async () => await waiting(r) === 0 && await waiting(many) === 0
		&& events.every(event => [r, many].every(x => x.of(event).length > 0)));
	assert.equal(await paused(), 0);
	const order = [...new Map(r.sink.deliveries.filter(d => events.includes(d.headers['webhook-id'])).map(d => [d.headers['webhook-id'], d])).keys()];
	assert.deepEqual(order, events);
	await r.remove();
	await many.remove();
});

test('W-30 W-58: of those that are paused it is told which are being probed', async () => {
	const r = await hooks.receiver();
	r.respond = away;
	const events = await assets(6);
	await until(async () => await paused() === 1, {what: 'it to be paused', deadline_ms: 30_000});
	assert.equal(await gauge('probed'), 0);
	let say;
	r.respond = () => new Promise(resolve => { say = resolve; });
	await passing('a probe', 600, () => say);
	await until(async () => await gauge('probed') === 1, {what: 'it to be probed'});
	assert.equal(await paused(), 1, 'and still paused');
	r.respond = well;
	say();
	await passing('all to arrive', 600, async () => await waiting(r) === 0 && events.every(event => r.of(event).length > 0));
	await until(async () => await paused() === 0 && await gauge('probed') === 0, {what: 'it to be as any other'});
	await r.remove();
});

test('W-33: five events at one a minute: one is sent, and the others wait without failing', async () => {
	const r = await hooks.receiver({per_hour: 60, burst: 1});
	const events = await assets(5);
	await r.came([events[0]]);
	await until(async () => (await log(r)).length === 1, {what: 'it to be logged'});
	await asset(); // the sender has looked meanwhile
	assert.equal(r.sink.ofType('asset.created').length, 1);
	for (let n = 2; n <= 5; n++) {
		later(60);
		await r.came([events[n - 1]]);
		assert.equal(r.sink.ofType('asset.created').length, n);
	}
	assert.ok((await log(r)).every(i => i.result === 'DELIVERED'));
	for (const fields of [{per_hour: 35}, {per_hour: 3_600_001}, {burst: 0}, {burst: 1001}, {timeout_s: 0}, {timeout_s: 31}])
		assert.equal((await reg.admin.post('/v1/webhooks', {url: r.sink.url, ...fields})).status, 422, JSON.stringify(fields));
	for (const fields of [{per_hour: 36, burst: 1, timeout_s: 1}, {per_hour: 3_600_000, burst: 1000, timeout_s: 30}])
		assert.deepEqual({...await r.patch(fields), ...fields}, await r.show(), 'from one in a hundred seconds to a thousand a second');
	const usual = await r.patch({per_hour: null, burst: null, timeout_s: null});
	assert.deepEqual([usual.per_hour, usual.burst, usual.timeout_s], [50 * 3600, 100, 20], 'where nothing is said');
	await r.remove();
});

test('W-33: what is to be tried again has its turn among new events that never end, new ones have theirs, and each takes its share of the rate', async () => {
	for (const mode of ['UNORDERED', 'PER_SUBJECT']) {
		const r = await hooks.receiver({mode, per_hour: 60, burst: 1, retry: [{wait_s: 1}, {wait_s: 1}]});
		const ids = () => r.sink.ofType('asset.created').map(d => d.headers['webhook-id']);
		// The first three of them fail once.
		r.respond = d => ({status: r.of(d.headers['webhook-id']).length === 1 && new Set(ids()).size <= 3 ? 500 : 200});
		const events = await assets(12);
		for (let n = 1; n <= 15; n++) { // three of them twice
			await until(() => ids().length >= n, {what: `call ${n}`});
			await until(async () => (await log(r)).length >= n, {what: 'it to be noted'});
			await asset(); // the sender has looked meanwhile
			assert.equal(ids().length, n, 'one a minute');
			later(60);
		}
		const came = ids(), again = came.map((id, i) => came.indexOf(id) < i);
		assert.ok(again.indexOf(true) <= 3, `${mode}: tried again after ${again.indexOf(true)} calls`);
		assert.ok(again.every((is, i) => !is || !again[i - 1]), `${mode}: two that failed one after another, while new ones wait: ${again}`);
		assert.equal(again.filter(is => is).length, 3);
		assert.deepEqual([...new Set(came)], events);
		await r.remove();
	}
});

test('W-54: what is recovered takes a fifth of the rate, and what is new does not wait for it', async () => {
	const r = await hooks.receiver({types: ['asset.created'], per_hour: 36});
	r.respond = () => ({status: 400, headers: {'webhook-delivery': 'abort-message'}});
	const events = await assets(4);
	await r.came(events);
	await until(async () => (await reg.admin.post(`/v1/webhooks/${r.id}/recoverable`, {})).json.count === 4, {what: 'all to be given up'});
	r.respond = well;
	assert.equal((await reg.admin.post(`/v1/webhooks/${r.id}/recover`, {})).status, 200);
	const again = () => events.filter(event => r.of(event).length > 1).length;
	for (let n = 1; n <= 4; n++) {
		await until(() => again() >= n, {what: `recovered event ${n}`});
		await r.came(await asset());
		assert.equal(again(), n, 'one in five times the hundred seconds that an attempt takes');
		later(500);
	}
	assert.deepEqual(r.ids().filter(id => events.includes(id)).slice(4), events, 'in order');
	await r.remove();
});

test('W-58: for how long the oldest event waits, to be tried again or not yet tried, and after how long each was taken', async () => {
	const metric = async name => (await reg.daemon.metrics())[`assetd_webhook_${name}`];
	const taken = async le => metric(`delivery_seconds_bucket{le="${le}"}`);
	const oldest = (what, is) => until(async () => is(await metric('oldest_seconds')), {what: `the oldest to be ${what}`, deadline_ms: 30_000});
	await oldest('none', n => n === 0);
	const r = await hooks.receiver();
	const [quick, hour, all, sum] = [await taken('3600.0'), await taken('86400.0'), await metric('delivery_seconds_count'), await metric('delivery_seconds_sum')];
	const counted = (result, of) => metric(`attempts_total{result="${result}",class="${of}"}`).then(n => n ?? 0);
	const [refused, cut] = [await counted('REFUSED', '5xx'), await counted('NO_ANSWER', 'none')];
	r.respond = ill;
	const [event] = await assets(1);
	await r.came(event);
	await until(async () => (await log(r)).length === 1, {what: 'it to be logged'});
	assert.equal(await metric('delivery_seconds_count'), all, 'who refuses has taken nothing');
	assert.deepEqual([await counted('REFUSED', '5xx') - refused, await counted('NO_ANSWER', 'none') - cut], [1, 0]);
	later(7200);
	await oldest('two hours old', n => n >= 7200 && n < 7300);
	r.respond = well;
	await passing('it to be taken', 1200, async () => await waiting(r) === 0 && r.of(event).length > 1);
	await oldest('none', n => n === 0);
	assert.deepEqual([await taken('3600.0') - quick, await taken('86400.0') - hour, await metric('delivery_seconds_count') - all], [0, 1, 1]);
	assert.ok(await metric('delivery_seconds_sum') - sum >= 7200);
	await r.remove();

	const slow = await hooks.receiver({per_hour: 60, burst: 1});
	const [first] = await assets(2);
	await slow.came(first);
	await until(async () => await taken('3600.0') - quick >= 1, {what: 'it to be counted'});
	later(30);
	await oldest('that which has no token yet', n => n >= 30);
	assert.equal(slow.sink.ofType('asset.created').length, 1);
	await slow.remove();
	await oldest('none', n => n === 0);
});

test('W-34: warned at 50, 70 and 90 per cent of five days, then disabled; proven again it goes on from where it stood', async () => {
	const r = await hooks.receiver();
	r.respond = ill;
	const events = await assets(8);
	await r.came(events[0]);
	const told = async type => (await reg.admin.get(`/v1/events?types=${type}&subject=${r.id}&limit=1000`)).json.items;
	// Hour by hour until it has failed often enough, then from one share to the next: none is passed before it is told.
	const fares = async () => (await reg.sql('select failures, failing_since from assetd.webhook_cursor where webhook_id = $1', [r.id]))[0];
	for (let tried = 0; (await fares()).failures < 20;) {
		later(3600);
		tried = await until(async () => {
			const n = await attempts(r);
			return n > tried && n;
		}, {what: 'it to be tried again'});
	}
	const since = Date.parse((await fares()).failing_since);
	const toShare = percent => later((since + percent * 0.05 * 86_400_000 - Date.now()) / 1000 - ahead_s + 60);
	for (const percent of [50, 70, 90]) {
		toShare(percent);
		await until(async () => (await told('webhook.failing')).at(-1)?.data.percent === percent, {what: `the warning at ${percent} per cent`});
	}
	toShare(100);
	await until(async () => (await r.show()).state === 'DISABLED', {what: 'it to be disabled'});
	const warned = await told('webhook.failing');
	assert.deepEqual(warned.map(e => e.data.percent), [50, 70, 90]);
	const [over] = await until(async () => {
		const items = await told('webhook.disabled');
		return items.length && items;
	}, {what: 'webhook.disabled'});
	const days = (Date.parse(over.occurred_at) - Date.parse(warned[0].data.failing_since)) / 86_400_000;
	assert.ok(days >= 5 && days < 6, `${days} days`);
	assert.match((await r.show()).state_reason, /5 days/);
	assert.ok((await log(r)).length >= 20);

	const missed = await assets(2);
	const count = r.sink.deliveries.length;
	r.respond = well;
	assert.equal((await reg.admin.post(`/v1/webhooks/${r.id}/verify`)).status, 200);
	await passing('the backlog', 600, () => missed.every(event => r.of(event).length > 0));
	await passing('what had failed', 86_400, async () => await waiting(r) === 0);
	assert.ok(events.every(event => r.sink.deliveries.slice(count).some(d => d.headers['webhook-id'] === event)), 'what had failed as well');
	await r.remove();
});

test('W-34: to be pinged, resumed or given a secret is no success, and time for which it was not called is no failure', async () => {
	const DAY_S = 86_400, r = await hooks.receiver({retry: Array(20).fill({wait_s: 43_200})});
	r.respond = ill;
	await r.came(await asset());
	const fares = async () => (await reg.sql('select failures, warned, extract(epoch from failing_since)::float8 as since from assetd.webhook_cursor where webhook_id = $1', [r.id]))[0];
	const {since} = await until(async () => {
		const now = await fares();
		return now.since && now;
	}, {what: 'it to fail'});
	const act = async (verb, body) => assert.equal((await reg.admin.post(`/v1/webhooks/${r.id}/${verb}`, body)).status, 200);
	const state = is => until(async () => (await r.show()).state === is, {what: `it to be ${is}`});
	const warned = percent => until(async () => (await fares()).warned === percent, {what: `${percent} per cent`});
	let rested = 0;
	/** It has failed from when it did, but for the days for which it was not called. */
	const assertSince = async what => {
		const late = (await fares()).since - since - rested * DAY_S;
		assert.ok(late >= 0 && late < 600, `${what}: ${late} s`);
	};

	later(4 * DAY_S);
	await warned(70);
	const {failures} = await fares();
	await act('verify');
	await state('ACTIVE');
	await assertSince('verified');
	assert.ok((await fares()).failures >= failures);
	assert.equal((await fares()).warned, 70);

	await act('pause');
	later(3 * DAY_S);
	await act('rotate', {});
	later(3 * DAY_S);
	await act('resume');
	rested = 6;
	await assertSince('resumed');

	r.sink.echo = false;
	await act('verify');
	later(2 * DAY_S);
	await r.patch({burst: 99});
	later(2 * DAY_S);
	r.sink.echo = true;
	await act('verify');
	await state('ACTIVE');
	rested = 10;
	await assertSince('verified at last');
	await reg.sql('update assetd.webhook_cursor set failures = 20 where webhook_id = $1', [r.id]);
	later(1.1 * DAY_S);
	await state('DISABLED');
	await r.remove();
});

test('W-34: what a webhook that was disabled is still to be sent is kept, thirty days and longer, and comes in its order from where it stopped', async () => {
	for (const days of [29, 31]) {
		const r = await hooks.receiver({mode: 'STRICT'});
		const [taken] = await assets(1);
		await r.came(taken);
		r.respond = () => ({status: 500, headers: {'webhook-delivery': 'disable'}});
		const [failed] = await assets(1);
		await until(async () => (await r.show()).state === 'DISABLED', {what: 'it to be disabled'});
		await reg.sql(`update assetd.webhook_cursor set failing_since = '2020-01-01', failures = 99, warned = 90 where webhook_id = $1`, [r.id]);
		const missed = await assets(2);
		later(days * 86_400);
		const [last] = await assets(1);
		r.respond = well;
		assert.equal((await reg.admin.post(`/v1/webhooks/${r.id}/verify`)).status, 200);
		await r.came(last);
		assert.deepEqual(r.ids(), [taken, failed, failed, ...missed, last], `after ${days} days`);
		assert.equal((await r.show()).state, 'ACTIVE', 'it has the whole five days again');
		await r.remove();
	}
});
