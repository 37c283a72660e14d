// Receivers that cannot be reached though nobody refuses: a port whose queue is full, and one that takes connections and says
// nothing of TLS. Each is given up after [hooks] connect_ms, long before the time for an answer, and the log says what was
// waited for.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import {after, test} from 'node:test';
import {certificates} from '../harness/certificates.mjs';
import {ASSETD, discard, ok, run, scratch, start, startRegister, until} from '../harness/index.mjs';

const CONNECT_MS = 500, WHOLE_S = 30;

const own = await certificates(), folder = scratch();
const reg = await startRegister({conf: {hooks: {ca_file: own.caFile, connect_ms: String(CONNECT_MS)}}});
const ends = [];
after(async () => {
	await reg.stop();
	for (const end of ends)
		await end();
	[own.folder, folder].forEach(discard);
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Silent Council', kind: 'COUNCIL', code: 'SC'}));
let made = 0;
const asset = async () => (await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'})).headers['event-id'];
async function hook(url) {
	const {id} = ok(await reg.admin.post('/v1/webhooks', {url, types: ['asset.created'], timeout_s: WHOLE_S}));
	await until(async () => (await reg.admin.get(`/v1/webhooks/${id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	return id;
}
const attempt = (id, event, result) => until(async () => (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items.find(i => i.event_id === event && i.result === result),
	{what: `${result} in the log`, deadline_ms: 40_000});

/* It was given up by the limit of connections, and by none of those that come later. */
function assertLimited(item) {
	assert.ok(item.total_us >= CONNECT_MS * 1000 && item.total_us < 10e6, JSON.stringify(item));
	assert.ok(item.next_attempt_at, 'it is tried again');
	assert.equal(item.first_byte_us, null);
}
/* Called again, now that it is well, by the daemon's clock. */
async function assertWell(id, event) {
	reg.daemon.setClock(new Date(Date.now() + 3_600_000).toISOString());
	assert.equal((await attempt(id, event, 'DELIVERED')).number, 2);
	reg.daemon.setClock(undefined);
}

test('W-18: a port that takes no connection is given up after the time for one', async () => {
	// A process that stands still: the kernel takes connections for it until its queue of two is full.
	const program = `require('http').createServer((q, s) => { const parts = []; q.on('data', p => parts.push(p)); q.on('end', () => {
		s.writeHead(200, {connection: 'close'}).end(JSON.parse(Buffer.concat(parts)).data.nonce); }); })
		.listen(0, '127.0.0.1', 1, function () { require('fs').writeFileSync('port.new', String(this.address().port)); require('fs').renameSync('port.new', 'port'); })`;
	const child = start(process.execPath, ['-e', program], {cwd: folder, label: 'receiver', logFile: path.join(folder, 'log')});
	ends.push(() => child.stop('SIGKILL'));
	const port = Number(await until(() => fs.existsSync(path.join(folder, 'port')) && fs.readFileSync(path.join(folder, 'port'), 'utf8'), {what: 'the receiver'}));
	const id = await hook(`http://127.0.0.1:${port}/`);
	child.signal('SIGSTOP');
	const waiting = Array.from({length: 4}, () => net.connect(port, '127.0.0.1').on('error', () => {}));
	await until(() => waiting.filter(socket => !socket.connecting).length === 2, {what: 'its queue to be full'});
	const event = await asset(), item = await attempt(id, event, 'TIMED_OUT');
	assert.equal(item.error, 'no connection in time');
	assert.deepEqual([item.connect_us, item.tls_us], [null, null]);
	assertLimited(item);
	waiting.forEach(socket => socket.destroy());
	child.signal('SIGCONT');
	await assertWell(id, event);
});

test('W-18: TLS belongs to the connection: who takes that and says no more is given up after the time for both', async () => {
	let isSilent = false;
	const inner = tls.createServer({key: own.key, cert: own.cert}, socket => {
		socket.on('error', () => {}).once('data', bytes => {
			const {data} = JSON.parse(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4));
			socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${data.nonce ?? ''}`);
		});
	});
	const sockets = new Set();
	const server = net.createServer(socket => {
		sockets.add(socket.on('error', () => {}));
		if (!isSilent)
			inner.emit('connection', socket);
	});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	ends.push(() => {
		sockets.forEach(socket => socket.destroy());
		return new Promise(resolve => server.close(resolve));
	});
	const id = await hook(`https://127.0.0.1:${server.address().port}/`);
	isSilent = true;
	const event = await asset(), item = await attempt(id, event, 'TIMED_OUT');
	assert.equal(item.error, 'TLS was not agreed in time');
	assert.ok(item.connect_us > 0 && item.tls_us === null, JSON.stringify(item));
	assertLimited(item);
	isSilent = false;
	await assertWell(id, event);
});

test('W-18: ten seconds is the most that a connection is given, and the usual', async () => {
	const check = ms => reg.daemon.command('check', [], {ok: null, env: {...reg.daemon.env, ASSETD_HOOKS_CONNECT_MS: ms}});
	assert.deepEqual([(await check('10000')).code, (await check('10001')).code], [0, 1]);
	const {stdout} = await run(ASSETD, ['--dump-settings']);
	assert.match(stdout, /^hooks\tconnect_ms\tnumber\t10000\t/mi);
});
