// After a bad day: what a receiver has refused for good is counted, sent once more under the same ids, and all of it comes, while
// what is new goes on beside it. In a long run ten thousand events, with how late the new ones are before and meanwhile.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister, startSink, until} from '../harness/index.mjs';

const EVENTS = process.env.ASSETD_LONG ? 10_000 : 400, AT_ONCE = 5000, LIVE = 200;

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
	const hook = ok(await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created'], per_hour: 3_600_000, burst: 1000}));
	const path = `/v1/webhooks/${hook.id}`;
	await until(async () => (await reg.admin.get(path)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	for (let left = 2 * EVENTS; left > 0; left -= AT_ONCE)
		await bring(Math.min(left, AT_ONCE));
	const count = async () => ok(await reg.admin.post(`${path}/recoverable`, {}), 200).count;
	await until(async () => await count() === EVENTS, {what: 'half of all to have failed', deadline_ms: 600_000, every_ms: 100});
	const failed = [...refused];
	assert.equal(new Set(failed).size, EVENTS);

	isIll = false;
	const before = await live();
	ok(await reg.admin.post(`${path}/recover`, {}), 200);
	const meanwhile = await live();
	t.diagnostic(`99 of 100 new ones within ${Math.round(before)} ms before and ${Math.round(meanwhile)} ms meanwhile`);
	await until(async () => (await reg.sql('select from assetd.webhook_retry limit 1')).length === 0, {what: 'nothing to wait', deadline_ms: 1_800_000});
	assert.equal(await count(), 0, 'nor to be left');
	const came = new Map(failed.map(id => [id, []]));
	for (const d of sink.deliveries)
		came.get(d.headers['webhook-id'])?.push(d.text);
	for (const texts of came.values())
		assert.deepEqual([texts.length, new Set(texts).size], [2, 1], 'once more, byte for byte');
});
