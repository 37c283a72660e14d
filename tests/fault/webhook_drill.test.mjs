// After a bad day: what a receiver has refused for good is counted, sent once more under the same ids, and all of it comes, at a
// fifth of the webhook's rate, while what is new goes on beside it. In a long run ten thousand events, in parts, with how late new
// ones are before each part and meanwhile.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister, startSink, until} from '../harness/index.mjs';

const [EVENTS, PARTS, LIVE] = process.env.ASSETD_LONG ? [10_000, 5, 200] : [400, 1, 50];
const AT_ONCE = 1000, PER_HOUR = 3_600_000, A_SECOND = PER_HOUR / 3600 / 5;

// Each second one is refused while it is ill: a receiver that refuses more is left alone.
let isIll = true;
const refused = [];
const sink = await startSink({respond: d => {
	if (!isIll || d.n % 2)
		return undefined;
	refused.push(d.headers['webhook-id']);
	return {status: 400, headers: {'webhook-delivery': 'abort-message'}};
}});
const reg = await startRegister();
after(async () => {
	await reg.stop();
	await sink.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Recovered Council', kind: 'COUNCIL', code: 'RC'}));
let made = 0;

async function bring(events) {
	const body = `AssetCode,PropertyName\n${Array.from({length: events}, () => `E${++made},Hall ${made}\n`).join('')}`;
	const list = ok(await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${council.id}`, {headers: {'content-type': 'text/csv'}, body}));
	const applied = await reg.admin.post(list.links.apply);
	assert.ok([200, 202].includes(applied.status), applied.text); // later, where so many take longer than a reply is waited for
	await reg.sql('analyze'); // as a database does by itself in time, and a test's does not
}
/** So many new ones, one after another → milliseconds until the slowest but one of a hundred came. */
async function live() {
	const late = [];
	for (let n = 0; n < LIVE; n++) {
		const began = performance.now();
		const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Depot ${++made}`, class: 'DEPOT', tenure: 'OWNED'});
		await sink.waitFor(d => d.headers['webhook-id'] === reply.headers['event-id'], {what: 'a new one', every_ms: 1});
		late.push(performance.now() - began);
	}
	return late.sort((a, b) => a - b)[Math.ceil(0.99 * LIVE) - 1];
}

test(`W-54: of ${EVENTS} events that failed each is sent once more, and what is new comes beside them`, async t => {
	const hook = ok(await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created'], per_hour: PER_HOUR, burst: 1000}));
	const path = `/v1/webhooks/${hook.id}`;
	await until(async () => (await reg.admin.get(path)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	for (let left = 2 * EVENTS; left > 0; left -= AT_ONCE)
		await bring(Math.min(left, AT_ONCE));
	const count = async () => ok(await reg.admin.post(`${path}/recoverable`, {}), 200).count;
	await until(async () => await count() === EVENTS, {what: 'half of all to have failed', deadline_ms: 600_000, every_ms: 100});
	const failed = [...refused];
	assert.equal(new Set(failed).size, EVENTS);

	isIll = false;
	const [{first, last}] = await reg.sql('select min(position)::int as first, max(position)::int as last from assetd.webhook_attempt where position is not null');
	const step = Math.ceil((last + 1 - first) / PARTS), late = [];
	let took_s = 0;
	for (let from = first; from <= last; from += step) {
		const before = await live(), began = performance.now();
		ok(await reg.admin.post(`${path}/recover`, {from_position: from, until_position: Math.min(last, from + step - 1)}), 200);
		const over = until(async () => (await reg.sql('select from assetd.webhook_retry limit 1')).length === 0, {what: 'nothing to wait', deadline_ms: 600_000, every_ms: 20})
			.then(() => { took_s += (performance.now() - began) / 1000; });
		const meanwhile = await live();
		await over;
		late.push({before, meanwhile});
	}
	const ratio = late.map(part => part.meanwhile / part.before).sort((a, b) => a - b)[PARTS >> 1];
	t.diagnostic(`${EVENTS} in ${Math.round(took_s)} s; 99 of 100 new ones within so many ms before and meanwhile: ${late.map(part => `${Math.round(part.before)} ${Math.round(part.meanwhile)}`).join(', ')}; ratio ${ratio.toFixed(2)}`);
	assert.ok(took_s > 0.95 * EVENTS / A_SECOND, `no sooner than at a fifth of the rate: ${took_s} s`);
	assert.ok(took_s < 2 * EVENTS / A_SECOND + 5 * PARTS, `nor much later: ${took_s} s`);
	assert.equal(await count(), 0, 'nor to be left');
	const came = new Map(failed.map(id => [id, []]));
	for (const d of sink.deliveries)
		came.get(d.headers['webhook-id'])?.push(d.text);
	for (const texts of came.values())
		assert.deepEqual([texts.length, new Set(texts).size], [2, 1], 'once more, byte for byte');
});
