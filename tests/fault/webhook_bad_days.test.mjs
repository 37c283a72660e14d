// Receivers on their worst day, certificates that must not be believed, a clock that goes back, and two daemons of
// which one is frozen past its lease: what is told is told in order, and never twice under another id.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import {after, test} from 'node:test';
import {certificates} from '../harness/certificates.mjs';
import {discard, ok, prepareDaemon, run, startRegister, startSink, until} from '../harness/index.mjs';

const FREEZES = process.env.ASSETD_LONG ? 10 : 1;

const own = await certificates();
const reg = await startRegister({conf: {hooks: {ca_file: own.caFile}}});
const ends = [];
after(async () => {
	await reg.stop();
	for (const end of ends)
		await end();
	discard(own.folder);
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Bad Council', kind: 'COUNCIL', code: 'BC'}));
let made = 0;
const asset = async () => (await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'})).headers['event-id'];
const log = async id => (await reg.admin.get(`/v1/webhooks/${id}/deliveries?limit=1000`)).json.items;
const attempt = (id, event, n = 1) => until(async () => {
	const mine = (await log(id)).filter(i => i.event_id === event);
	return mine.length >= n && mine[0];
}, {what: `attempt ${n} in the log`, deadline_ms: 40_000});

/**
 * A receiver that speaks bytes: `answer(socket, n)` gets where the nth whole request came from; pings are echoed.
 * → {url, requests, connections, close(): nobody is there any more}
 */
async function raw(answer, {secure, close = false} = {}) {
	const r = {requests: [], connections: 0};
	const serve = socket => {
		r.connections++;
		let bytes = Buffer.alloc(0);
		socket.on('error', () => {});
		socket.on('data', part => {
			bytes = Buffer.concat([bytes, part]);
			for (;;) {
				const head = bytes.indexOf('\r\n\r\n');
				const length = head < 0 ? 0 : Number(/content-length: (\d+)/i.exec(bytes.subarray(0, head).toString())?.[1] ?? 0);
				if (head < 0 || bytes.length < head + 4 + length)
					return;
				const body = bytes.subarray(head + 4, head + 4 + length).toString();
				bytes = bytes.subarray(head + 4 + length);
				const json = JSON.parse(body);
				if (json.type === 'endpoint.ping') {
					socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 32\r\n${close ? 'Connection: close\r\n' : ''}\r\n${json.data.nonce}`);
					continue;
				}
				r.requests.push({id: json.id, body, socket});
				answer(socket, r.requests.length);
			}
		});
	};
	const server = secure ? tls.createServer(secure, serve) : net.createServer(serve);
	server.on('tlsClientError', () => {});
	const sockets = new Set();
	server.on('connection', socket => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	r.close = async () => {
		sockets.forEach(socket => socket.destroy());
		if (server.listening)
			await new Promise(resolve => server.close(resolve));
	};
	ends.push(r.close);
	r.url = `${secure ? 'https' : 'http'}://127.0.0.1:${server.address().port}/`;
	return r;
}
async function hook(url, fields = {}) {
	const made = ok(await reg.admin.post('/v1/webhooks', {url, types: ['asset.created'], ...fields}));
	await until(async () => (await reg.admin.get(`/v1/webhooks/${made.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	return made;
}
const remove = async id => assert.equal((await reg.admin.delete(`/v1/webhooks/${id}`, {match: (await reg.admin.get(`/v1/webhooks/${id}`)).headers.etag})).status, 204);

test('W-16: a 2xx is a success once its head is there: cut body, no close_notify, no end', async () => {
	const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n';
	const days = [
		[await raw(socket => socket.end(`${HEAD}half`))],
		[await raw(socket => socket.write(`${HEAD}half`, () => socket.destroy()))],
		[await raw(socket => socket.write('HTTP/1.1 204 No Content\r\n\r\n', () => socket.destroy()))],
		[await raw(socket => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nhalf', () => socket.destroy()))],
		// Without close_notify: the plain socket under TLS is cut.
		[await raw(socket => socket.write(`${HEAD}half`, () => socket._parent?.destroy() ?? socket.destroy()), {secure: {key: own.key, cert: own.cert}})],
	];
	for (const [r] of days)
		r.hook = await hook(r.url, {timeout_s: 3});
	const event = await asset();
	for (const [i, [r]] of days.entries()) {
		const item = await attempt(r.hook.id, event);
		assert.equal(item.result, 'DELIVERED', `day ${i}: ${JSON.stringify(item)}`);
		assert.equal(r.requests.length, 1, 'and nobody is told twice');
		await remove(r.hook.id);
	}
});

test('W-18 W-19: who hangs, drips, cuts the head, sends without end or is not there is given up in time, and tried again', async () => {
	const timers = new Set();
	ends.push(() => timers.forEach(clearInterval));
	const days = {
		hangs: [await raw(() => {}), 'TIMED_OUT'],
		drips: [await raw(socket => timers.add(setInterval(() => socket.writable && socket.write('H'), 1000))), 'TIMED_OUT'],
		cuts: [await raw(socket => socket.write('HTTP/1.1 200 O', () => socket.destroy())), 'NO_ANSWER'],
		head: [await raw(socket => { // fields without end, as fast as anybody takes them
			socket.write('HTTP/1.1 200 OK\r\n');
			const more = () => {
				while (socket.writable && socket.write(`X-A: ${'x'.repeat(1000)}\r\n`.repeat(64)))
					;
			};
			socket.on('drain', more);
			more();
		}), 'NO_ANSWER'],
		fields: [await raw(socket => timers.add(setInterval(() => socket.writable && socket.write(made % 2 ? 'X-A: b\r\n' : 'X-B: c\r\n'), 500)) && socket.write('HTTP/1.1 200 OK\r\n')), 'TIMED_OUT'],
	};
	for (const [r] of Object.values(days))
		r.hook = await hook(r.url, {timeout_s: 2});
	// For the whole exchange it has time; the first byte is waited for 15 s at most.
	const silent = await raw(() => {}), patient = await hook(silent.url, {timeout_s: 30});
	const gone = await raw(() => {});
	days.gone = [gone, 'NO_ANSWER'];
	gone.hook = await hook(gone.url);
	await gone.close();
	const endless = await raw(socket => { // 1 GB, as far as anybody takes it
		socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n');
		const part = Buffer.alloc(1 << 16, 'x');
		const more = () => {
			while (socket.writable && socket.write(part))
				;
		};
		socket.on('drain', more);
		more();
	});
	const gigabyte = await hook(endless.url, {timeout_s: 10});
	const before = process.hrtime.bigint();
	const event = await asset();
	const big = await attempt(gigabyte.id, event);
	assert.deepEqual([big.result, big.status, big.excerpt.length], ['DELIVERED', 200, 16384]);
	assert.ok(endless.requests[0].socket.bytesWritten < 50_000_000, 'little of it was taken');
	for (const [name, [r, result]] of Object.entries(days)) {
		const item = await attempt(r.hook.id, event);
		assert.equal(item.result, result, `${name}: ${JSON.stringify(item)}`);
		assert.ok(item.next_attempt_at, name);
	}
	assert.match((await attempt(days.head[0].hook.id, event)).error, /too long/, 'of a head no more is read than of a body');
	assert.ok(Number(process.hrtime.bigint() - before) / 1e9 < 15, 'all of them side by side');
	const late = await attempt(patient.id, event);
	assert.deepEqual([late.result, late.error], ['TIMED_OUT', 'no first byte in time']);
	assert.ok(late.total_us > 14.9e6 && late.total_us < 25e6 && late.next_attempt_at, JSON.stringify(late)); // its timer counts from when the loop last looked
	for (const id of [gigabyte.id, patient.id, ...Object.values(days).map(([r]) => r.hook.id)])
		await remove(id);
});

test('W-17: webhook-delivery ends a message or the webhook, and a redirect to the metadata address is not followed', async () => {
	let answer;
	const sink = await startSink({respond: () => answer});
	ends.push(() => sink.stop());
	const {id} = await hook(sink.url);
	answer = {status: 302, headers: {location: 'http://169.254.169.254/latest/meta-data/'}};
	const moved = await attempt(id, await asset());
	assert.deepEqual([moved.result, moved.status, moved.address], ['REFUSED', 302, '127.0.0.1']);
	answer = {status: 400, headers: {'webhook-delivery': 'abort-message'}};
	const aborted = await attempt(id, await asset());
	assert.deepEqual([aborted.result, aborted.next_attempt_at], ['ABORTED', null]);
	assert.equal((await reg.admin.get(`/v1/webhooks/${id}`)).json.state, 'ACTIVE');
	answer = {status: 500, headers: {'webhook-delivery': 'disable'}};
	await asset();
	await until(async () => (await reg.admin.get(`/v1/webhooks/${id}`)).json.state === 'DISABLED', {what: 'the webhook to be disabled'});
	await remove(id);
});

test('W-20: a kept connection that was closed before a byte is followed by a fresh one at once, a fresh one is not', async () => {
	// Each answers one call and then closes without a word: the next call finds a dead connection.
	const kept = await raw(socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', () => socket.end()));
	const fresh = await raw((socket, n) => n === 1 ? socket.destroy() : socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), {close: true});
	const one = await hook(kept.url), other = await hook(fresh.url);
	for (let i = 0; i < 3; i++) {
		const event = await asset();
		const item = await attempt(one.id, event);
		assert.deepEqual([item.number, item.result], [1, 'DELIVERED']);
		if (i === 0)
			assert.equal((await attempt(other.id, event)).result, 'NO_ANSWER', 'it may have been taken: the schedule says when again');
	}
	assert.equal(fresh.requests.filter(r => r.id === fresh.requests[0].id).length, 1, 'not twice in one step');
	await remove(one.id);
	await remove(other.id);
});

test('W-18: a kept connection is used again, for half a minute at most', {skip: !process.env.ASSETD_LONG && 'half a minute'}, async () => {
	const KEPT_MS = 30_000, used = new Map(), now = () => performance.now();
	const r = await raw(socket => {
		used.set(socket, [...used.get(socket) ?? [], now()]);
		socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
	});
	const {id} = await hook(r.url), began = now();
	for (let n = 1; now() - began < KEPT_MS * 1.5; n++) { // never at rest for long
		const event = await asset();
		await until(() => r.requests.some(one => one.id === event), {what: 'it to come'});
		await until(() => now() - began > n * 1000, {what: 'the next second'});
	}
	const lives = [...used.values()].map(times => ({calls: times.length, ms: times.at(-1) - times[0]}));
	assert.ok(lives.length > 1 && lives.some(life => life.calls > 5) && lives.every(life => life.ms <= KEPT_MS + 1000), JSON.stringify(lives));
	await remove(id);
});

/** A certificate with its key: for these names, from now − days to days, by our authority or by itself. */
async function certificate(name, {names = 'IP:127.0.0.1', expired = false, self = false} = {}) {
	const file = end => path.join(own.folder, `${name}.${end}`);
	const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	const dates = expired ? ['-not_before', '20200101000000Z', '-not_after', '20200201000000Z'] : ['-days', '2'];
	if (self) {
		await run('openssl', ['req', '-x509', ...ec, '-keyout', file('key'), '-out', file('pem'), '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', `subjectAltName=${names}`]);
	} else {
		await run('openssl', ['req', ...ec, '-keyout', file('key'), '-out', file('csr'), '-subj', '/CN=127.0.0.1']);
		fs.writeFileSync(file('names'), `subjectAltName=${names}\n`);
		if (expired) { // x509 takes no dates in OpenSSL 3.0; ca does
			fs.writeFileSync(file('index'), '');
			fs.writeFileSync(file('cnf'), `[ca]\ndefault_ca=d\n[d]\ndatabase=${file('index')}\nnew_certs_dir=${own.folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n`);
			await run('openssl', ['ca', '-batch', '-config', file('cnf'), '-cert', own.caFile, '-keyfile', path.join(own.folder, 'ca.key'), '-in', file('csr'),
				'-out', file('pem'), '-notext', '-startdate', '20200101000000Z', '-enddate', '20200201000000Z', '-extfile', file('names')]);
		} else {
			await run('openssl', ['x509', '-req', '-in', file('csr'), '-CA', own.caFile, '-CAkey', path.join(own.folder, 'ca.key'), '-CAcreateserial', ...dates,
				'-extfile', file('names'), '-out', file('pem')]);
		}
	}
	return {key: fs.readFileSync(file('key')), cert: fs.readFileSync(file('pem'))};
}

test('W-47: expired, for another name, of nobody we know, too old a TLS: not a byte is sent; nor when a good one turns bad', async () => {
	const good = {key: own.key, cert: own.cert};
	const bad = {
		expired: await certificate('expired', {expired: true}), stranger: await certificate('stranger', {names: 'DNS:other.example'}),
		self: await certificate('self', {self: true}), old: {...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'},
	};
	for (const [name, secure] of Object.entries(bad)) {
		const r = await raw(() => {}, {secure});
		const {id} = ok(await reg.admin.post('/v1/webhooks', {url: r.url, types: ['asset.created']}));
		const [ping] = await until(async () => {
			const items = await log(id);
			return items.length && items;
		}, {what: 'the ping to be logged'});
		assert.equal(ping.result, 'NO_PONG', name);
		assert.match(ping.error, /certificate|SSL|TLS|peer/i, name);
		assert.equal(r.requests.length, 0);
		await remove(id);
	}
	let secure = {...good};
	const seen = [];
	const server = https.createServer(secure, (request, response) => {
		const parts = [];
		request.on('data', part => parts.push(part));
		request.on('end', () => {
			const json = JSON.parse(Buffer.concat(parts));
			seen.push(json);
			response.writeHead(200, {connection: 'close'}).end(json.data?.nonce ?? '');
		});
	});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	ends.push(() => new Promise(resolve => server.close(resolve)));
	const {id} = await hook(`https://127.0.0.1:${server.address().port}/`);
	const first = await asset();
	assert.equal((await attempt(id, first)).result, 'DELIVERED');
	assert.match((await attempt(id, first)).tls, /^TLSv1\.[23]$/);
	secure = bad.self;
	server.setSecureContext(secure);
	const event = await asset();
	const unbelieved = await attempt(id, event);
	assert.equal(unbelieved.result, 'NO_ANSWER');
	assert.ok(unbelieved.next_attempt_at, 'it is tried again');
	assert.ok(!seen.some(json => json.id === event), 'not a byte of it');
	server.setSecureContext(good);
	await remove(id);
});

test('W-47: the authority of a webhook of its own is believed for that one alone, and its certificates are still held to their name and day', async () => {
	const theirs = await certificates();
	ends.push(() => discard(theirs.folder));
	const ca = fs.readFileSync(theirs.caFile, 'utf8');
	const seen = [];
	const server = await startSink({tls: true, authority: theirs, respond: d => void seen.push(d)});
	ends.push(() => server.stop());
	const pinged = (url, fields) => reg.admin.post('/v1/webhooks', {url, types: ['asset.created'], ...fields}).then(ok);
	const isRefused = async ({id}) => {
		const [ping] = await until(async () => {
			const items = await log(id);
			return items.length && items;
		}, {what: 'the ping to be logged'});
		assert.equal(ping.result, 'NO_PONG');
		assert.match(ping.error, /certificate|SSL|peer/i);
		await remove(id);
	};
	await isRefused(await pinged(server.url, {}));
	assert.equal(server.deliveries.length, 0);
	const mine = await hook(server.url, {ca});
	assert.equal(mine.ca, ca.trim());
	const beside = await pinged(`${server.url}/other`, {});
	const event = await asset();
	assert.match((await attempt(mine.id, event)).tls, /^TLSv1\.[23]$/);
	await isRefused(beside);
	assert.ok(server.deliveries.every(d => d.path === '/hook'), 'another webhook to the same machine does not borrow it');
	// Whoever trusts an authority of their own no longer trusts that of whoever runs us.
	const usual = await startSink({tls: true, authority: own});
	ends.push(() => usual.stop());
	await isRefused(await pinged(usual.url, {ca}));
	await remove((await hook(usual.url)).id);
	// Its certificates are looked at like any other's.
	for (const options of [{expired: true}, {names: 'DNS:other.example'}]) {
		const bad = await raw(() => {}, {secure: await certificate(`own-${Object.keys(options)[0]}`, options)});
		await isRefused(await pinged(bad.url, {ca: fs.readFileSync(own.caFile, 'utf8')}));
	}
	// Taken away, the next call is refused; given again, it goes on.
	const patch = async more => ok(await reg.admin.patch(`/v1/webhooks/${mine.id}`, more, {match: (await reg.admin.get(`/v1/webhooks/${mine.id}`)).headers.etag}), 200);
	assert.equal((await patch({ca: null})).ca, null);
	assert.equal((await attempt(mine.id, await asset())).result, 'NO_ANSWER');
	await patch({ca: `${fs.readFileSync(own.caFile, 'utf8')}\n# ours\r\n${ca}`});
	assert.equal((await attempt(mine.id, await asset())).result, 'DELIVERED');
	const key = fs.readFileSync(theirs.keyFile, 'utf8');
	// Nobody is asked for a password at the daemon's terminal.
	const locked = ca.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n');
	for (const wrong of ['x', key, locked, ca + key, ca.replace(/[A-Za-z0-9]{8}/, 'AAAAAAAA'), ca.slice(0, -40), ca.repeat(11), ca + 'x'.repeat(17_000)]) {
		const reply = await reg.admin.post('/v1/webhooks', {url: server.url, ca: wrong});
		assert.deepEqual([reply.status, reply.json.errors?.[0].pointer], [422, '/ca'], wrong.slice(0, 60));
	}
	await remove(mine.id);
});

test('W-12: two daemons, the one that sends is frozen past its lease and woken: in order, and under one id each', async () => {
	let slow = false;
	const sink = await startSink({respond: () => slow ? new Promise(resolve => setTimeout(resolve, 20)) : undefined});
	ends.push(() => sink.stop());
	const second = await prepareDaemon(reg.cluster, {migrate: false, conf: {hooks: {ca_file: own.caFile}}});
	for (const name of ['pepper', 'hooks.key'])
		fs.copyFileSync(path.join(reg.daemon.folder, name), path.join(second.folder, name));
	const strict = await hook(sink.url, {mode: 'STRICT'});
	await second.start();
	const events = [];
	const write = async (daemon, n) => {
		for (let i = 0; i < n; i++) {
			const reply = await daemon.client(reg.adminKey).post('/v1/assets', {authority_id: council.id, name: `F ${++made}`, class: 'HALL', tenure: 'OWNED'});
			events.push(ok(reply) && reply.headers['event-id']);
		}
	};
	const came = (event, what) => sink.waitFor(d => d.headers['webhook-id'] === event, {deadline_ms: 40_000, what});
	const sender = async () => (await reg.sql(`select split_part(holder, '/', 2)::int as pid from assetd.lease where name = 'hooks'`))[0].pid;
	try {
		for (let round = 0; round < FREEZES; round++) { // who took over is frozen next
			const [frozen, other] = round % 2 ? [second, reg.daemon] : [reg.daemon, second];
			slow = false;
			await write(other, 10);
			await came(events.at(-6), 'some of them');
			assert.equal(await sender(), frozen.process.pid, 'who is frozen is who sends');
			slow = true;
			frozen.process.signal('SIGSTOP');
			await write(other, 30);
			await came(events.at(-1), 'the other to have taken over');
			assert.equal(await sender(), other.process.pid);
			const writing = write(other, 30);
			frozen.process.signal('SIGCONT');
			await writing;
			await came(events.at(-1), 'the last event');
			await until(async () => (await frozen.client(reg.adminKey).get('/readyz')).status === 200, {what: 'the frozen one to be back', deadline_ms: 30_000});
		}
		const told = sink.deliveries.filter(d => events.includes(d.headers['webhook-id']));
		for (const d of told)
			assert.equal(d.json.id, d.headers['webhook-id']);
		assert.deepEqual([...new Set(told.map(d => d.headers['webhook-id']))], events, 'in order');
		let most = 0;
		for (const n of told.map(d => events.indexOf(d.headers['webhook-id']))) {
			assert.ok(n >= most - 1, `${n} after ${most}: what comes again is what was under way, and nothing older`);
			most = Math.max(most, n);
		}
		await remove(strict.id);
	} finally {
		for (const daemon of [reg.daemon, second])
			daemon.process.signal('SIGCONT');
		await second.stop();
		discard(second.folder);
	}
});

test('W-10: the clock set back an hour loses nothing and holds nothing up', async () => {
	let ill = false;
	const sink = await startSink({respond: () => ill ? {status: 500} : undefined});
	ends.push(() => sink.stop());
	const {id} = await hook(sink.url, {mode: 'STRICT', retry: [{wait_s: 2}, {wait_s: 2}]});
	const events = [await asset()];
	await sink.waitFor(d => d.headers['webhook-id'] === events[0]);
	reg.daemon.setClock(new Date(Date.now() - 3_600_000).toISOString());
	for (let i = 0; i < 5; i++)
		events.push(await asset());
	await sink.waitFor(d => d.headers['webhook-id'] === events.at(-1), {deadline_ms: 20_000, what: 'what happened after it'});
	ill = true;
	events.push(await asset());
	await sink.waitFor(d => d.headers['webhook-id'] === events.at(-1), {deadline_ms: 20_000, what: 'a failure'});
	ill = false;
	events.push(await asset());
	await sink.waitFor(d => d.headers['webhook-id'] === events.at(-1), {deadline_ms: 20_000, what: 'what came behind it'});
	reg.daemon.setClock(undefined);
	const order = [...new Set(sink.deliveries.map(d => d.headers['webhook-id']).filter(one => events.includes(one)))];
	assert.deepEqual(order, events);
	await remove(id);
});

test('W-10: what was put off before the clock was set back an hour waits for no longer than it was to', async () => {
	let ill = true;
	const sink = await startSink({respond: () => ill ? {status: 500} : undefined, echo: false}), well = await startSink();
	ends.push(() => sink.stop(), () => well.stop());
	const has = (sink, id, n) => until(() => sink.deliveries.filter(d => d.headers['webhook-id'] === id).length >= n, {what: `${n} of ${id}`, deadline_ms: 30_000});
	const kept = id => until(async () => (await reg.sql(`select due_at - due_from as wait from assetd.webhook_retry where webhook_id = $1 and due_at < 'infinity'`, [id])).length,
		{what: 'it to be put off'});
	// One that is refused and holds up the next, and one whose receiver has yet to prove itself.
	const first = await hook(well.url, {per_hour: 5000});
	const unproven = ok(await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created']}));
	await until(async () => (await log(unproven.id)).length, {what: 'the ping to be refused'});
	const refused = await startSink({respond: () => ill ? {status: 500} : undefined});
	ends.push(() => refused.stop());
	const {id} = await hook(refused.url, {mode: 'STRICT', retry: [{wait_s: 3}, {wait_s: 3}]});
	const events = [await asset(), await asset()];
	await kept(id);
	await has(well, events[1], 1);
	// Nor what is sent once more, each after the one before.
	const {position} = (await reg.admin.get(`/v1/events/${events[0]}`)).json;
	await until(async () => ok(await reg.admin.post(`/v1/webhooks/${first.id}/recoverable`, {from_position: position, only: 'ALL'}), 200).count === 2, {what: 'both to be taken'});
	ok(await reg.admin.post(`/v1/webhooks/${first.id}/recover`, {from_position: position, only: 'ALL'}), 200);

	reg.daemon.setClock(new Date(Date.now() - 3_600_000).toISOString());
	ill = false;
	sink.echo = true;
	await has(refused, events[0], 2);
	await has(refused, events[1], 1);
	await has(well, events[1], 2);
	await until(async () => (await reg.admin.get(`/v1/webhooks/${unproven.id}`)).json.state === 'ACTIVE', {what: 'the other to have proven itself', deadline_ms: 30_000});
	assert.deepEqual(refused.deliveries.filter(d => events.includes(d.headers['webhook-id'])).map(d => events.indexOf(d.headers['webhook-id'])), [0, 0, 1]);
	reg.daemon.setClock(undefined);
	for (const one of [first.id, id, unproven.id])
		await remove(one);
});
