// Receivers that ask for patience, answer too much or never end, and what a webhook may be told to be:
// each value that the API names does what it says, every other one is refused by name.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import {after, test} from 'node:test';
import {makeKey, startRegister, startSink, until} from '../harness/index.mjs';

const reg = await startRegister();
const ends = [];
after(async () => {
	await reg.stop();
	for (const end of ends)
		await end();
});

const council = (await reg.admin.post('/v1/authorities', {name: 'Patient Council', kind: 'COUNCIL', code: 'PC'})).json;
let made = 0;

async function asset(more = {}) {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED', ...more});
	assert.equal(reply.status, 201, reply.text);
	return {...reply.json, event: reply.headers['event-id']};
}

async function sinkOf(options) {
	const sink = await startSink(options);
	ends.push(() => sink.stop());
	return sink;
}

async function hook(url, more = {}, client = reg.admin) {
	const reply = await client.post('/v1/webhooks', {url, types: ['asset.*'], ...more});
	assert.equal(reply.status, 201, reply.text);
	await until(async () => (await client.get(`/v1/webhooks/${reply.json.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	return reply.json;
}

/** The first attempt at an event, as the log has it. */
const attempt = (id, event) => until(async () => (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items.find(i => i.event_id === event),
	{what: 'the attempt to be logged'});
const waited_s = item => (Date.parse(item.next_attempt_at) - Date.parse(item.attempted_at)) / 1000;

test('W-15: 429 and 503 with Retry-After, in seconds or as a date, are waited for', async () => {
	const answers = [
		[{status: 429, headers: {'retry-after': '240'}}, 240, 300],
		[{status: 503, headers: {'retry-after': '300'}}, 300, 370],
		[{status: 503, headers: {'retry-after': new Date(Date.now() + 600_000).toUTCString()}}, 580, 730],
		[{status: 429}, 60, 80], // who is too busy is left alone for a minute
		[{status: 429, headers: {'retry-after': '1'}}, 60, 80],
		[{status: 429, headers: {'retry-after': 'soon'}}, 60, 80],
		[{status: 503, headers: {'retry-after': '99999999'}}, 86_000, 110_000], // a day at most
		[{status: 500, headers: {'retry-after': '240'}}, 5, 10],
	];
	let answer;
	const sink = await sinkOf({respond: () => answer});
	for (const [given, least, most] of answers) {
		const {id} = await hook(sink.url); // one each: a receiver that fails often is paused
		answer = given;
		const item = await attempt(id, (await asset()).event);
		assert.equal(item.status, given.status);
		assert.ok(waited_s(item) >= least && waited_s(item) <= most, `${JSON.stringify(given)}: ${waited_s(item)} s`);
		answer = undefined;
		const {headers} = await reg.admin.get(`/v1/webhooks/${id}`);
		assert.equal((await reg.admin.delete(`/v1/webhooks/${id}`, {match: headers.etag})).status, 204);
	}
});

test('W-18: an answer of any length counts by its status, and little of it is kept', async () => {
	const sink = await sinkOf({respond: () => ({status: 200, body: 'x'.repeat(8 << 20)})});
	const {id} = await hook(sink.url);
	const item = await attempt(id, (await asset()).event);
	assert.deepEqual([item.result, item.status], ['DELIVERED', 200]);
	assert.ok(item.excerpt.length <= 16384);
	assert.equal(sink.ofType('asset.created').length, 1);
});

test('W-16: an answer that never ends counts by its status too', async () => {
	const server = http.createServer((request, response) => {
		const parts = [];
		request.on('data', part => parts.push(part));
		request.on('end', () => {
			const {type, data} = JSON.parse(Buffer.concat(parts));
			response.writeHead(200);
			if (type === 'endpoint.ping')
				response.end(data.nonce);
			else
				response.write('and so on'); // and no end
		});
	});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	ends.push(() => new Promise(resolve => {
		server.closeAllConnections?.();
		server.close(resolve);
	}));
	const {id} = await hook(`http://127.0.0.1:${server.address().port}/`);
	const event = (await asset()).event;
	const item = await until(async () => (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items.find(i => i.event_id === event),
		{what: 'the attempt to be logged', deadline_ms: 40_000});
	assert.deepEqual([item.result, item.status], ['DELIVERED', 200]);
});

test('what is sent again is what its principal may read by then', async () => {
	let isIll = true;
	const sink = await sinkOf({respond: d => isIll && d.json.type !== 'endpoint.ping' ? {status: 500} : undefined});
	const {key, principal} = await makeKey(reg, {roles: {[council.id]: ['ADMIN', 'FINANCE']}});
	await hook(sink.url, {}, reg.admin.as(key));
	const a = await asset();
	const valued = await reg.admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence: 12345, basis: 'MV', valued_on: '2026-04-01'});
	const event = valued.headers['event-id'];
	const first = await sink.waitFor(d => d.headers['webhook-id'] === event, {deadline_ms: 20_000});
	assert.equal(first.json.data.amount_pence, 12345);
	await reg.sql(`delete from assetd.principal_role where principal_id = $1 and role = 'FINANCE'`, [principal]);
	isIll = false;
	const of = () => sink.deliveries.filter(d => d.headers['webhook-id'] === event);
	for (let ahead_s = 60; of().length < 2; ahead_s += 60) {
		reg.daemon.setClock(new Date(Date.now() + ahead_s * 1000).toISOString());
		await until(() => of().length > 1, {deadline_ms: 1000}).catch(() => {});
		assert.ok(ahead_s < 1800, 'it was not sent again');
	}
	assert.equal(of()[1].json.data.amount_pence, undefined, 'it may read no money any more');
	reg.daemon.setClock(undefined);
});

test('what waits for its turn is what its principal may read by then', async () => {
	const sink = await sinkOf();
	const {key, principal} = await makeKey(reg, {roles: {[council.id]: ['ADMIN', 'FINANCE']}});
	await hook(sink.url, {per_hour: 60, burst: 1}, reg.admin.as(key));
	const a = await asset();
	const value = async (amount_pence, valued_on) => (await reg.admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence, basis: 'MV', valued_on})).headers['event-id'];
	const events = [await value(12345, '2026-04-01'), await value(23456, '2026-04-02')], came = event => sink.deliveries.find(d => d.headers['webhook-id'] === event);
	let ahead_s = 0;
	const turn = async event => {
		for (; !came(event) && ahead_s < 1800; ahead_s += 61) {
			reg.daemon.setClock(new Date(Date.now() + ahead_s * 1000).toISOString());
			await until(() => came(event), {deadline_ms: 1500}).catch(() => {});
		}
		return came(event).json.data.amount_pence;
	};
	assert.equal(await turn(events[0]), 12345);
	assert.ok(!came(events[1]), 'which was read together with it');
	await reg.sql(`delete from assetd.principal_role where principal_id = $1 and role = 'FINANCE'`, [principal]);
	assert.equal(await turn(events[1]), undefined, 'it may read no money any more');
	reg.daemon.setClock(undefined);
});

test('nobody is sent a contact, whoever may read it', async () => {
	const sink = await sinkOf();
	await hook(sink.url, {types: ['*']});
	const body = await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30,
		contact: {name: 'A Person', email: 'person@example.org', address: 'A Street'}});
	assert.equal(body.status, 201, body.text);
	const delivery = await sink.waitFor(d => d.headers['webhook-id'] === body.headers['event-id']);
	assert.equal(delivery.json.type, 'body.created');
	assert.doesNotMatch(delivery.text, /person@example|A Person|A Street/);
});

test('what a webhook may be told to be is what the API says, and nothing else', async () => {
	const sink = await sinkOf({echo: false});
	for (const [fields, pointer] of [[{mode: 'STRICT_ISH'}, '/mode'], [{mode: null, payload: 'FAT'}, '/payload'], [{envelope: 'XML'}, '/envelope'],
		[{envelope: 'cloudevents'}, '/envelope'], [{schema_version: 2}, '/schema_version'], [{schema_version: 0}, '/schema_version'],
		[{schema_version: '1'}, '/schema_version'], [{filter: []}, '/filter'], [{filter: {subject: 'x'}}, '/filter/subject'],
		[{filter: {moon: 'x'}}, '/filter/moon'], [{types: []}, '/types'], [{types: ['*', 'asset']}, '/types/1'], [{public_key: 'x'}, '/public_key']]) {
		const reply = await reg.admin.post('/v1/webhooks', {url: sink.url, ...fields});
		assert.equal(reply.status, 422, `${JSON.stringify(fields)}: ${reply.text}`);
		assert.equal(reply.json.errors[0].pointer, pointer);
		assert.ok(reply.json.errors[0].cure, pointer);
	}
	for (const fields of [{mode: 'UNORDERED'}, {mode: 'PER_SUBJECT'}, {mode: 'STRICT'}, {payload: 'FULL'}, {payload: 'THIN'}, {envelope: 'STANDARD'},
		{envelope: 'CLOUDEVENTS'}, {schema_version: 1}, {filter: {authority_id: council.id}}, {types: ['request.*', 'asset.created']}]) {
		const reply = await reg.admin.post('/v1/webhooks', {url: sink.url, ...fields});
		assert.equal(reply.status, 201, reply.text);
		assert.match(reply.headers['event-id'], /^evt_/);
		for (const [name, value] of Object.entries(fields))
			assert.deepEqual(reply.json[name], value);
	}
});

/* Bytes of files and pipes, not of sockets. */
const read_kb = () => Number(/rchar: (\d+)/.exec(fs.readFileSync(`/proc/${reg.daemon.process.pid}/io`, 'utf8'))[1]) / 1024;

test('W-47: what the system trusts is not read anew for each receiver', async () => {
	const sink = await sinkOf({tls: true}); // of an authority that nobody knows: looked for among the system's, and not found
	const before = read_kb(), receivers = 4;
	for (let n = 0; n < receivers; n++) {
		const {id} = (await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.*']})).json;
		await until(async () => (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items.some(i => /certificate|peer|SSL/i.test(i.error)), {what: 'the ping to be refused'});
	}
	const each_kb = (read_kb() - before) / receivers;
	assert.ok(each_kb < 100, `${each_kb} KiB were read for each`); // the system's list has 200
});

test('W-11: a cursor that passes what its webhook does not want moves once a second at most', async () => {
	const sink = await sinkOf();
	const hooks = await Promise.all(Array.from({length: 8}, () => hook(sink.url, {types: ['run.*']})));
	const ids = hooks.map(h => h.id);
	const cursors = async () => (await reg.sql('select position::int as at from assetd.webhook_cursor where webhook_id = any ($1) order by webhook_id', [ids])).map(row => row.at);
	const began = performance.now();
	let moves = 0, was = await cursors();
	while (performance.now() - began < 3000) {
		await asset();
		const now = await cursors();
		moves += now.filter((at, i) => at !== was[i]).length;
		was = now;
	}
	const seconds = (performance.now() - began) / 1000;
	assert.ok(moves > 0 && moves <= ids.length * (seconds + 1), `${moves} moves of ${ids.length} in ${seconds} s`);
});
