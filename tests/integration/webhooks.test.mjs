// Webhooks through their own door to a real HTTPS receiver: made, proven, signed (checked by the
// upstream standardwebhooks package), retried, never lost when the daemon dies.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey} from '../harness/keys.mjs';
import {startRegister, startSink, until, verify} from '../harness/index.mjs';

const tls = await startSink({tls: true});
const reg = await startRegister({conf: {hooks: {ca_file: tls.ca}}});
const sinks = [tls];
after(async () => {
	await reg.stop();
	for (const sink of sinks)
		await sink.stop();
});

const council = (await reg.admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'TC'})).json;
let made = 0;

async function asset(name = `Hall ${++made}`, more = {}) {
	const reply = await reg.admin.post('/v1/assets',
		{authority_id: council.id, name, class: 'HALL', tenure: 'OWNED', ...more});
	assert.equal(reply.status, 201, reply.text);
	return {...reply.json, event: reply.headers['event-id'], etag: reply.headers.etag};
}

async function rename(a, name) {
	const {headers} = await reg.admin.get(`/v1/assets/${a.id}`);
	const reply = await reg.admin.patch(`/v1/assets/${a.id}`, {name}, {match: headers.etag});
	assert.equal(reply.status, 200, reply.text);
	return reply.headers['event-id'];
}

async function sinkOf(options) {
	const sink = await startSink(options);
	sinks.push(sink);
	return sink;
}

/** A webhook that has proven itself. */
async function hook(sink, more = {}, client = reg.admin) {
	const reply = await client.post('/v1/webhooks', {url: sink.url, types: ['asset.*'], ...more});
	assert.equal(reply.status, 201, reply.text);
	await active(reply.json.id);
	return reply.json;
}

const state = async id => (await reg.admin.get(`/v1/webhooks/${id}`)).json.state;
const active = id => until(async () => await state(id) === 'ACTIVE', {what: 'the webhook to be active'});
const of = (sink, event) => sink.deliveries.filter(d => d.headers['webhook-id'] === event);
const arrived = (sink, event) => sink.waitFor(d => d.headers['webhook-id'] === event, {what: `event ${event}`, deadline_ms: 20_000});
/** Let what is to be tried again be due: the daemon's clock is put forward. */
let ahead_s = 0;
const later = seconds => reg.daemon.setClock(new Date(Date.now() + (ahead_s += seconds) * 1000).toISOString());

test('W-35 W-50 W-55: a receiver proves itself, then is sent events that the upstream library verifies', async () => {
	const reply = await reg.admin.post('/v1/webhooks', {url: tls.url, types: ['asset.created'], filter: {authority_id: council.id}});
	assert.equal(reply.status, 201, reply.text);
	const {secret, ...item} = reply.json;
	assert.match(secret, /^whsec_/);
	assert.equal(item.state, 'UNVERIFIED');
	assert.deepEqual(item.types, ['asset.created']);
	assert.equal(item.mode, 'UNORDERED');
	await active(item.id);
	const ping = tls.ofType('endpoint.ping')[0];
	assert.equal(verify(secret, ping).data.nonce.length, 32);
	assert.equal(ping.headers['content-type'], 'application/json');

	const a = await asset();
	const delivery = await arrived(tls, a.event);
	const event = verify(secret, delivery);
	assert.equal(event.type, 'asset.created');
	assert.equal(event.subject, a.id);
	assert.equal(delivery.method, 'POST');
	// The same bytes as the feed's.
	assert.equal(delivery.text, (await reg.admin.get(`/v1/events/${a.event}`)).text);
	assert.throws(() => verify(secret.replace(/.{4}$/, 'AAAA'), delivery));
	await rename(a, 'Renamed');
	const b = await asset();
	await arrived(tls, b.event);
	assert.ok(tls.deliveries.every(d => ['endpoint.ping', 'asset.created'].includes(d.json.type)));
	await reg.admin.delete(`/v1/webhooks/${item.id}`, {match: (await reg.admin.get(`/v1/webhooks/${item.id}`)).headers.etag});
});

test('the secret is shown once, and sealed at rest', async () => {
	const sink = await sinkOf();
	const first = await reg.admin.post('/v1/webhooks', {url: sink.url}, {idempotency: 'once'});
	const again = await reg.admin.post('/v1/webhooks', {url: sink.url}, {idempotency: 'once'});
	// The answer that there was, without what is kept nowhere as it is shown: see the changelog for who has lost it.
	assert.deepEqual([again.status, again.headers['idempotency-replayed']], [201, 'true']);
	const {secret, ...shown} = first.json;
	assert.match(secret, /^whsec_/);
	assert.deepEqual(again.json, shown);
	assert.equal((await reg.admin.get(`/v1/webhooks/${first.json.id}`)).json.secret, undefined);
	const dump = JSON.stringify([await reg.sql('select * from assetd.webhook_secret'), await reg.sql('select * from assetd.idempotency_key')]);
	const plain = Buffer.from(first.json.secret.slice(6), 'base64');
	assert.ok(!dump.includes(plain.toString('hex')) && !dump.includes(first.json.secret));
	assert.ok(!reg.daemon.log().includes(first.json.secret));
});

test('W-46: addresses that may not be called are refused by name', async () => {
	for (const url of ['ftp://example.com/', 'https://10.0.0.1/', 'https://169.254.169.254/', 'https://user@example.com/', 'https://example.com/#x',
		'https://[::ffff:127.0.0.1]/', 'https://2130706433/', 'https://0177.0.0.1/', `${reg.url}/v1/webhooks`]) {
		const reply = await reg.admin.post('/v1/webhooks', {url});
		assert.equal(reply.status, 422, url);
		assert.equal(reply.json.errors[0].pointer, '/url', url);
	}
	for (const [body, pointer] of [[{}, '/url'], [{url: tls.url, types: ['asset']}, '/types/0'], [{url: tls.url, types: ['requests.*']}, '/types/0'], [{url: tls.url, mode: 'FAST'}, '/mode'],
		[{url: tls.url, filter: {name: 'x'}}, '/filter/name'], [{url: tls.url, secret: 'x'}, '/secret'], [{url: tls.url, state: 'ACTIVE'}, '/state']]) {
		const reply = await reg.admin.post('/v1/webhooks', body);
		assert.equal(reply.status, 422, JSON.stringify(body));
		assert.equal(reply.json.errors[0].pointer, pointer);
	}
});

test('W-35: who does not echo the nonce is sent nothing else, and what happened meanwhile follows', async () => {
	const quiet = await sinkOf({echo: false, respond: () => ({status: 204})});
	const {json} = await reg.admin.post('/v1/webhooks', {url: quiet.url, types: ['asset.created']});
	await quiet.waitFor(d => d.json.type === 'endpoint.ping');
	const a = await asset();
	await until(async () => (await reg.admin.get(`/v1/webhooks/${json.id}/deliveries`)).json.items.length > 0,
		{what: 'the ping to be logged'});
	const [ping] = (await reg.admin.get(`/v1/webhooks/${json.id}/deliveries`)).json.items;
	assert.equal(ping.result, 'NO_PONG');
	assert.equal(ping.status, 204);
	assert.equal(await state(json.id), 'UNVERIFIED');
	assert.ok(quiet.deliveries.every(d => d.json.type === 'endpoint.ping'));
	quiet.echo = true;
	const again = await reg.admin.post(`/v1/webhooks/${json.id}/verify`);
	assert.equal(again.status, 200, again.text);
	await active(json.id);
	assert.equal((await arrived(quiet, a.event)).json.subject, a.id);
});

test('W-35: the nonce is answered by nothing but itself: a server that sends back what it is sent has proven nothing', async () => {
	const answers = {
		whole: d => d.text, wrapped: d => JSON.stringify({headers: d.headers, data: d.text, json: d.json}), member: d => JSON.stringify(d.json.data),
		twice: d => `${d.json.data.nonce}${d.json.data.nonce}`, half: d => d.json.data.nonce.slice(1), other: d => d.json.data.nonce.replace(/./g, 'f'),
	};
	for (const [name, of] of Object.entries(answers)) {
		const mirror = await sinkOf({echo: false, respond: d => ({body: of(d)})});
		const {json} = await reg.admin.post('/v1/webhooks', {url: mirror.url, types: ['asset.created']});
		const log = async () => (await reg.admin.get(`/v1/webhooks/${json.id}/deliveries`)).json.items;
		await until(async () => (await log()).length > 0, {what: 'the ping to be logged'});
		assert.equal((await log())[0].result, 'NO_PONG', name);
		assert.equal(await state(json.id), 'UNVERIFIED', name);
		const nonce = () => mirror.deliveries.at(-1).json.data.nonce, shown = nonce(), {etag} = (await reg.admin.get(`/v1/webhooks/${json.id}`)).headers;
		assert.equal((await reg.admin.patch(`/v1/webhooks/${json.id}`, {headers: [{name: 'X-Answer', value: shown}]}, {match: etag})).status, 200);
		await mirror.waitFor(d => d.json.data.nonce !== shown, {what: 'another nonce for who has seen this one in the log'});
		assert.equal((await reg.admin.delete(`/v1/webhooks/${json.id}`, {match: '*'})).status, 204);
	}
	for (const of of [d => ` ${d.json.data.nonce}\r\n`, d => JSON.stringify(d.json.data.nonce)])
		await hook(await sinkOf({echo: false, respond: d => ({body: d.json.data.nonce ? of(d) : ''})}));
});

test('W-51: thin and CloudEvents forms', async () => {
	const thin = await sinkOf(), cloud = await sinkOf();
	await hook(thin, {payload: 'THIN'});
	const {secret} = await hook(cloud, {envelope: 'CLOUDEVENTS'});
	const a = await asset();
	const t = await arrived(thin, a.event), c = await arrived(cloud, a.event);
	assert.deepEqual(Object.keys(t.json), ['id', 'position', 'type', 'subject', 'subject_seq', 'occurred_at', 'schema_version', 'links']);
	assert.equal(t.json.links.self, `/v1/events/${a.event}`);
	assert.equal(c.headers['content-type'], 'application/cloudevents+json');
	assert.equal(c.json.specversion, '1.0');
	assert.equal(c.json.data.name, a.name);
	verify(secret, c);
});

test('W-44 W-47 W-56: a name is resolved, vetted and pinned; a certificate must be for it; the log has the time of each phase', async () => {
	const {id} = (await reg.admin.post('/v1/webhooks', {url: tls.url.replace('127.0.0.1', 'localhost'), types: ['run.*']})).json;
	await active(id);
	const [pong] = (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items, phases = [pong.dns_us, pong.connect_us, pong.tls_us, pong.first_byte_us, pong.total_us];
	assert.ok(phases.every((us, i) => us > 0 && us >= (phases[i - 1] ?? 0)), `each phase in its order: ${phases}`);
	assert.match(pong.tls, /^TLSv1\.[23]$/);
	const stranger = await sinkOf({tls: true}); // signed by an authority that we do not know
	const {json} = await reg.admin.post('/v1/webhooks', {url: stranger.url});
	const [ping] = await until(async () => {
		const {items} = (await reg.admin.get(`/v1/webhooks/${json.id}/deliveries`)).json;
		return items.length && items;
	}, {what: 'the ping to be logged'});
	assert.equal(ping.result, 'NO_PONG');
	assert.match(ping.error, /certificate|peer|SSL/i);
	assert.equal(stranger.deliveries.length, 0);
	const nobody = await reg.admin.post('/v1/webhooks', {url: 'https://nobody.invalid/'});
	const [lost] = await until(async () => {
		const {items} = (await reg.admin.get(`/v1/webhooks/${nobody.json.id}/deliveries`)).json;
		return items.length && items;
	}, {what: 'the ping to be logged', deadline_ms: 30_000});
	assert.equal(lost.status, null);
	assert.match(lost.error, /name/);
});

test('W-10: a failure is tried again with the same id, until it is answered', async () => {
	const sink = await sinkOf({respond: (d, n) => d.json.type !== 'endpoint.ping' && of(sink, d.headers['webhook-id']).length < 3
		? {status: 500, body: `no\u0007 ${n}`} : undefined});
	const {id, secret} = await hook(sink);
	const a = await asset();
	verify(secret, await arrived(sink, a.event));
	for (const tries of [2, 3]) {
		await until(async () => {
			later(60);
			return of(sink, a.event).length >= tries;
		}, {deadline_ms: 20_000, every_ms: 200, what: `attempt ${tries}`});
	}
	assert.equal(new Set(of(sink, a.event).map(d => d.text)).size, 1);
	const items = await until(async () => {
		const {json} = await reg.admin.get(`/v1/webhooks/${id}/deliveries`);
		const mine = json.items.filter(i => i.event_id === a.event);
		return mine.length === 3 && mine;
	}, {what: 'three attempts in the log'});
	assert.deepEqual(items.map(i => [i.number, i.result, i.status]).reverse(),
		[[1, 'REFUSED', 500], [2, 'REFUSED', 500], [3, 'DELIVERED', 200]]);
	assert.match(items.at(-1).excerpt, /^no  \d/); // the bell is gone
	assert.ok(items.at(-1).next_attempt_at > items.at(-1).attempted_at);
	assert.equal(items[0].address, '127.0.0.1');
	await until(async () => (await reg.sql('select count(*)::int as n from assetd.webhook_retry where webhook_id = $1', [id]))[0].n === 0,
		{what: 'the retry to be over'});
});

test('W-17: redirects are not followed, and 410 ends it', async () => {
	const there = await sinkOf();
	let answer = {status: 302, headers: {location: there.url}};
	const sink = await sinkOf({respond: () => answer});
	const {id} = await hook(sink);
	const a = await asset();
	await arrived(sink, a.event);
	const [item] = await until(async () => {
		const items = (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items.filter(i => i.event_id === a.event);
		return items.length && items;
	});
	assert.equal(item.result, 'REFUSED');
	assert.equal(item.error, there.url);
	answer = {status: 410};
	const b = await asset();
	await arrived(sink, b.event);
	await until(async () => await state(id) === 'DISABLED', {what: 'the webhook to be disabled'});
	const count = sink.deliveries.length;
	await asset();
	const told = await until(async () => (await reg.admin.get('/v1/events?types=webhook.disabled')).json.items.find(e => e.subject === id),
		{what: 'webhook.disabled'});
	assert.equal(told.data.reason, 'The receiver answered 410.');
	assert.equal(sink.deliveries.length, count);
	assert.equal(there.deliveries.length, 0);
});

test('W-32: a receiver that hangs holds up nobody else', async () => {
	const deaf = await sinkOf({respond: d => d.json.type === 'endpoint.ping' ? undefined : 'hang'});
	const well = await sinkOf();
	await hook(deaf);
	await hook(well);
	const begun = performance.now();
	for (const {event} of await Promise.all(Array.from({length: 40}, () => asset())))
		await arrived(well, event);
	const took_ms = performance.now() - begun;
	assert.ok(took_ms < 15_000, `after ${took_ms} ms, when the deaf one has been given up`);
	assert.equal(new Set(deaf.deliveries.map(d => d.headers['webhook-id'])).size <= 17, true); // its window and the ping
});

test('it delivers what its principal may read, and no more', async () => {
	const other = (await reg.admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'OC'})).json;
	const {key} = await makeKey(reg, {roles: {[other.id]: ['ADMIN']}});
	const theirs = await sinkOf(), ours = await sinkOf();
	await hook(theirs, {}, reg.admin.as(key));
	await hook(ours);
	const hidden = await asset('Hidden', {published: false});
	const open = await asset('Open');
	await arrived(ours, hidden.event);
	const delivery = await arrived(theirs, open.event);
	assert.equal(of(theirs, hidden.event).length, 0);
	assert.equal(delivery.json.actor, 'AUTHORITY');
	assert.match((await arrived(ours, open.event)).json.actor, /^prn_/);
	const valued = await reg.admin.post(`/v1/assets/${open.id}/valuations`, {amount_pence: 12345, basis: 'MV', valued_on: '2026-04-01'});
	const mine = await arrived(ours, valued.headers['event-id']), foreign = await arrived(theirs, valued.headers['event-id']);
	assert.equal(mine.json.data.amount_pence, 12345);
	assert.equal(foreign.json.data.amount_pence, undefined);
});

test('W-35: a webhook that moves house proves itself again', async () => {
	const old = await sinkOf(), now = await sinkOf();
	const {id} = await hook(old);
	const before = await reg.admin.get(`/v1/webhooks/${id}`);
	assert.equal((await reg.admin.patch(`/v1/webhooks/${id}`, {url: now.url})).status, 428);
	const moved = await reg.admin.patch(`/v1/webhooks/${id}`, {url: now.url}, {match: before.headers.etag});
	assert.equal(moved.status, 200, moved.text);
	assert.equal(moved.json.state, 'UNVERIFIED');
	await active(id);
	const a = await asset();
	await arrived(now, a.event);
	assert.equal(of(old, a.event).length, 0);
	const {headers} = await reg.admin.get(`/v1/webhooks/${id}`);
	const gone = await reg.admin.delete(`/v1/webhooks/${id}`, {match: headers.etag});
	assert.equal(gone.status, 204);
	assert.equal((await reg.admin.get(`/v1/webhooks/${id}`)).status, 410);
	const {json} = await reg.admin.get('/v1/webhooks?limit=1000');
	assert.ok(json.items.length > 0 && json.items.every(w => w.id !== id));
	const told = (await reg.admin.seen(`/v1/events?subject=${id}&min_event=${gone.headers['event-id']}`)).json.items;
	assert.deepEqual(told.map(e => [e.type, e.subject_seq]), [['webhook.created', 1], ['webhook.verified', 2], ['webhook.updated', 3],
		['webhook.verified', 4], ['webhook.removed', 5]]);
	assert.ok(told.every(e => !JSON.stringify(e).includes('http')), 'its address is nobody else\'s business');
});

test('W-10: kill -9 during delivery: every event arrives, each time with the same id', {timeout: 120_000}, async () => {
	const sink = await sinkOf();
	await hook(sink);
	const events = [];
	for (let round = 0; round < 3; round++) {
		const writing = (async () => {
			for (let i = 0; i < 30; i++) {
				const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `K ${round}-${i}`, class: 'HALL', tenure: 'OWNED'})
					.catch(() => undefined);
				if (reply?.status === 201)
					events.push(reply.headers['event-id']);
			}
		})();
		await until(() => events.length > round * 30 + 10 || sink.deliveries.length > round * 30 + 10, {what: 'deliveries to begin', deadline_ms: 30_000})
			.catch(() => {});
		await reg.daemon.kill();
		await writing;
		await reg.daemon.start();
	}
	for (const event of events)
		await arrived(sink, event);
	for (const event of events)
		assert.equal(new Set(of(sink, event).map(d => d.text)).size, 1);
	const extra = sink.deliveries.length - new Set(sink.deliveries.map(d => d.headers['webhook-id'])).size;
	assert.ok(extra <= 3 * 16, `${extra} duplicates`);
});
