// How a receiver of CloudEvents proves that it wants to be called: asked by OPTIONS it consents, and says how often; who
// does not is pinged like any other receiver. (HTTP 1.1 Web Hooks for Event Delivery 1.0.2, section 4.)

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister, startSink, until, verify} from '../harness/index.mjs';

const NAME = 'register.example.scot';
const sinks = [];
const first = await sinkOf();
const reg = await startRegister({conf: {hooks: {ca_file: first.ca}, http: {base_url: `https://${NAME}:8443/`}}});
after(async () => {
	await reg.stop();
	for (const sink of sinks)
		await sink.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Asking Council', kind: 'COUNCIL', code: 'AC'}));
let made = 0, ahead_s = 0;

async function asset() {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'});
	assert.equal(reply.status, 201, reply.text);
	return reply.headers['event-id'];
}
/** A real HTTPS receiver; consent: what it answers to OPTIONS. Its answers to all else are the sink's own. */
async function sinkOf(consent, options = {}) {
	const sink = await startSink({tls: true, authority: sinks[0]?.authority, respond: d => d.method === 'OPTIONS' ? sink.consent : undefined, ...options});
	sink.consent = consent;
	sinks.push(sink);
	return sink;
}
const hook = async (sink, fields = {}) =>
	ok(await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created'], envelope: 'CLOUDEVENTS', ...fields}));
const show = async id => (await reg.admin.get(`/v1/webhooks/${id}`)).json;
const active = id => until(async () => {
	const item = await show(id);
	return item.state === 'ACTIVE' && item;
}, {what: 'the webhook to be active'});
const log = async id => (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items;
const asked = sink => sink.deliveries.filter(d => d.method === 'OPTIONS');
const remove = async id => assert.equal((await reg.admin.delete(`/v1/webhooks/${id}`, {match: (await reg.admin.get(`/v1/webhooks/${id}`)).headers.etag})).status, 204);

test('W-35: who consents by CloudEvents is proven without a ping, and every call says who calls', async () => {
	first.consent = {headers: {'WebHook-Allowed-Origin': NAME.toUpperCase(), 'WebHook-Allowed-Rate': '*'}};
	const {id, secret, agreed_per_hour} = await hook(first, {headers: [{name: 'Authorization', value: 'Bearer abc'}], per_hour: 7200});
	assert.equal(agreed_per_hour, null);
	assert.equal((await active(id)).agreed_per_hour, null, 'as often as its owner wants');
	const [ask] = asked(first);
	assert.deepEqual([ask.headers['webhook-request-origin'], ask.headers['webhook-request-rate'], ask.headers.authorization], [NAME, '120', 'Bearer abc']);
	assert.deepEqual([ask.text, ask.path, ask.headers['webhook-signature']], ['', '/hook', undefined]);
	const event = await asset();
	const d = await first.waitFor(one => one.headers['webhook-id'] === event);
	verify(secret, d);
	assert.equal(d.headers['webhook-request-origin'], NAME);
	assert.equal(first.ofType('endpoint.ping').length, 0);
	const [proof] = (await log(id)).filter(i => i.type === 'endpoint.ping');
	assert.deepEqual([proof.result, proof.status, proof.number, proof.next_attempt_at], ['CONSENT', 200, 1, null]);
	// CloudEvents 1.0, JSON format 1.0.2: names of small letters and digits, texts but for data, no attribute of null but as unset.
	const {data, ...attributes} = d.json;
	assert.equal(d.headers['content-type'], 'application/cloudevents+json');
	assert.deepEqual([attributes.specversion, attributes.id, attributes.type, attributes.datacontenttype], ['1.0', event, 'asset.created', 'application/json']);
	for (const [name, value] of Object.entries(attributes))
		assert.ok(/^[a-z0-9]{1,20}$/.test(name) && (value === null || typeof value === 'string' && value), `${name}: ${value}`);
	assert.match(attributes.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
	assert.equal(new URL(attributes.source, reg.url).pathname, '/v1/events');
	assert.equal(data.class, 'HALL');
	await remove(id);
});

test('W-33 W-35: an agreed rate is kept to, is never more than its owner wants, and a new proof agrees anew', async () => {
	const sink = await sinkOf({headers: {'webhook-allowed-origin': '*', 'webhook-allowed-rate': '1'}});
	const {id} = await hook(sink);
	assert.equal((await active(id)).agreed_per_hour, 60);
	const events = [];
	while (events.length < 5)
		events.push(await asset());
	for (let n = 1; n <= 5; n++) {
		await sink.waitFor(d => d.headers['webhook-id'] === events[n - 1]);
		await until(async () => (await log(id)).filter(i => i.result === 'DELIVERED').length === n, {what: 'it to be logged'});
		await asset(); // the sender has looked meanwhile
		assert.equal(sink.ofType('asset.created').length, n, 'one a minute, though its owner lets 100 go at once');
		reg.daemon.setClock(new Date(Date.now() + (ahead_s += 60) * 1000).toISOString());
	}
	sink.consent = {headers: {'webhook-allowed-origin': '*', 'webhook-allowed-rate': '50000'}};
	ok(await reg.admin.post(`/v1/webhooks/${id}/verify`), 200);
	assert.equal((await active(id)).agreed_per_hour, 3_000_000);
	assert.equal((await show(id)).per_hour, 180_000);
	const moved = await sinkOf({headers: {'webhook-allowed-origin': '*', 'webhook-allowed-rate': 'often'}});
	const {headers} = await reg.admin.get(`/v1/webhooks/${id}`);
	assert.equal(ok(await reg.admin.patch(`/v1/webhooks/${id}`, {url: moved.url}, {match: headers.etag}), 200).state, 'UNVERIFIED');
	assert.equal((await active(id)).agreed_per_hour, null);
	assert.equal(asked(moved).length, 1, 'a new address is asked');
	await remove(id);
});

test('W-35: whose OPTIONS is no consent is pinged; who does neither is sent nothing else', async () => {
	const NO = [{}, {status: 405}, {headers: {'webhook-allowed-origin': 'other.example'}}, {headers: {'webhook-allowed-rate': '*'}}, {status: 200, body: NAME}];
	for (const consent of NO) {
		const sink = await sinkOf(consent);
		const {id, secret} = await hook(sink);
		await active(id);
		const [ask, ping] = sink.deliveries;
		assert.deepEqual([ask.method, ping.method, sink.deliveries.length], ['OPTIONS', 'POST', 2]);
		assert.equal(verify(secret, ping).data.nonce.length, 32);
		assert.equal((await log(id)).at(-1).result, 'PONG');
		await remove(id);
	}
	const deaf = await sinkOf({status: 404}, {echo: false});
	const {id} = await hook(deaf);
	await until(async () => (await log(id)).length, {what: 'the ping to be logged'});
	await asset();
	assert.deepEqual([(await log(id))[0].result, (await show(id)).state], ['NO_PONG', 'UNVERIFIED']);
	assert.ok(deaf.deliveries.every(d => d.method === 'OPTIONS' || d.json.type === 'endpoint.ping'));
	const plain = await sinkOf({headers: {'webhook-allowed-origin': '*'}});
	const usual = await hook(plain, {envelope: 'STANDARD'});
	await active(usual.id);
	assert.equal(asked(plain).length, 0, 'who takes no CloudEvents is not asked');
	assert.equal(plain.deliveries[0].headers['webhook-request-origin'], undefined);
	assert.equal((await reg.admin.post('/v1/webhooks', {url: plain.url, agreed_per_hour: 60})).status, 422);
	await remove(id);
	await remove(usual.id);
});
