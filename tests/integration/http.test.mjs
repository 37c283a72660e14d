// What the HTTP layer promises of every address: methods, heads, identity, keep-alive, order,
// bodies, rates. The daemon has no database here; whatever needs one is not asked.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import {once} from 'node:events';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {ASSETD, discard, exchange, request, run, until} from '../harness/index.mjs';
import {alive, prepareServer, startServer} from './server.mjs';

const GET = (target = '/livez', fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
const POST = '/v1/imports'; // takes a body, and asks for a key only when it is there

let server, at;

before(async () => {
	server = await startServer();
	at = {port: server.ports.http};
});

after(() => server.stop());

const one = async (bytes, options = {}) => (await exchange(at, bytes, {finish: 1, ...options})).replies[0];

test('HEAD is GET without its body, with the same headers', async () => {
	for (const target of ['/livez', '/nothing', '/v1/whoami']) {
		const get = await one(GET(target));
		const head = await one(GET(target).replace('GET', 'HEAD'), {heads: [0]});
		assert.equal(head.status, get.status);
		const rest = ({headers}) => headers.filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name));
		assert.deepEqual(rest(head), rest(get));
		assert.equal(head.body.length, 0);
		if (get.status === 200)
			assert.equal(head.header('content-length'), get.header('content-length'));
	}
});

test('405 names the methods there are, OPTIONS tells them', async () => {
	const post = await one(GET().replace('GET', 'POST'));
	assert.equal(post.status, 405);
	assert.equal(post.header('allow'), 'GET, HEAD, OPTIONS');
	assert.equal(post.header('content-type'), 'application/problem+json');
	const options = await one(GET(POST).replace('GET', 'OPTIONS'));
	assert.equal(options.status, 204);
	assert.equal(options.header('allow'), 'POST, OPTIONS');
	assert.equal(options.header('content-length'), undefined, 'RFC 9110 8.6: none with 204');
	assert.equal((await one(GET('/nothing').replace('GET', 'OPTIONS'))).status, 404);
});

test('a preflight for open data is answered', async () => {
	const reply = await one(GET('/livez', 'Origin: https://elsewhere.example\r\nAccess-Control-Request-Method: GET\r\n')
		.replace('GET', 'OPTIONS'));
	assert.equal(reply.header('access-control-allow-origin'), '*');
	assert.equal(reply.header('access-control-allow-methods'), 'GET, HEAD');
});

test('every reply says what a browser must not do with it', async () => {
	for (const target of ['/livez', '/nothing']) {
		const reply = await one(GET(target));
		assert.match(reply.header('content-security-policy'), /^default-src 'none'/);
		assert.equal(reply.header('x-content-type-options'), 'nosniff');
		assert.equal(reply.header('access-control-allow-origin'), '*');
		assert.equal(reply.header('strict-transport-security'), undefined, 'the address is not known to be https');
		assert.equal(reply.header('server'), undefined);
		assert.match(reply.header('date'), /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
		assert.ok(Math.abs(Date.parse(reply.header('date')) - Date.now()) < 5_000);
	}
	const keyed = await one(GET('/livez', 'Authorization: Bearer x\r\n'));
	assert.equal(keyed.header('access-control-allow-origin'), undefined, 'not what needs a key');
});

test('errors are problem documents that name the request', async () => {
	const reply = await one(GET('/nothing', 'X-Request-Id: mine-1.2_3\r\n'));
	const problem = JSON.parse(reply.body);
	assert.deepEqual(problem, {
		type: '/v1/problems/not-found', status: 404, instance: 'mine-1.2_3',
		title: 'There is nothing here, or nothing you may know of',
	});
	assert.equal(reply.header('x-request-id'), 'mine-1.2_3');
});

test('a request id of another form is replaced', async () => {
	for (const id of ['a b', 'x'.repeat(65), 'a"b', '<a>', 'é']) {
		const reply = await one(GET('/livez', `X-Request-Id: ${id}\r\n`));
		assert.match(reply.header('x-request-id'), /^req_[0-9a-hjkmnp-tv-z]{26}$/);
	}
});

test('pipelined requests are answered one after another, in order', async () => {
	const n = 300;
	const bytes = Array.from({length: n}, (_, i) => GET('/livez', `X-Request-Id: n${i}\r\n`)).join('');
	const got = await exchange(at, bytes, {finish: n});
	assert.deepEqual(got.replies.map(r => r.header('x-request-id')), Array.from({length: n}, (_, i) => `n${i}`));
});

test('who pipelines much leaves room for others between', async () => {
	const busy = await startServer({conf: {http: {workers: 1, requests: 1_000_000}, log: {level: 'debug'}}});
	const connect = async () => {
		const socket = net.connect(busy.ports.http, '127.0.0.1').on('error', () => {}).on('data', () => {});
		await once(socket, 'connect');
		return socket;
	};
	const [many, other] = [await connect(), await connect()];
	const ids = () => busy.logLines().filter(line => line.what === 'request').map(line => line.request);
	try {
		// 500 arrive by one read, and one of somebody else a moment later, while they are served. (If it is
		// there when that begins, or comes when all is over, the round says nothing.)
		let between = false;
		for (let round = 0; round < 40 && !between; round++) {
			const before = ids().length;
			many.write(GET().repeat(500));
			for (const began = performance.now(); performance.now() - began < round / 4;)
				; // a timer would be too coarse
			other.write(GET('/livez', `X-Request-Id: other${round}\r\n`));
			await until(() => ids().length === before + 501, {what: 'all to be answered'});
			const at = ids().indexOf(`other${round}`) - before;
			between = at > 64 && at < 500;
		}
		assert.ok(between, 'nobody was ever served between them');
	} finally {
		many.destroy();
		other.destroy();
		await busy.stop();
	}
});

test('a client that has closed its side still gets its answers', async () => {
	const got = await exchange(at, GET() + GET('/nothing') + GET('/v1/whoami'), {finish: 'half'});
	assert.deepEqual(got.replies.map(r => r.status), [200, 404, 401]);
});

test('a body is read to its end before the answer, and the connection goes on', async () => {
	const body = 'x'.repeat(300_000);
	const post = `POST ${POST} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
	const got = await exchange(at, [post, body.slice(0, 1000), 10, body.slice(1000) + GET()], {finish: 2});
	assert.deepEqual(got.replies.map(r => r.status), [401, 200]);
});

test('too large a body is refused before it is read', async () => {
	const head = length => `POST ${POST} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`;
	const over = await exchange(at, [head((25 << 20) + 1), 'x'.repeat(100_000) + GET()]);
	assert.deepEqual(over.replies.map(r => r.status), [413]);
	assert.ok(over.closed && !over.reset, 'the refusal is not lost to a reset');
	const half = await exchange(at, head(25 << 20), {finish: 'half'});
	assert.deepEqual(half.replies, [], 'one that fits is waited for');
});

test('too large a form is refused by a page that says how much may be sent, and a call of the API by a problem', async () => {
	const pages = (await run(ASSETD, ['--dump-routes'])).stdout.split('\n').map(line => line.split('\t'))
		.filter(([method, , , kind]) => method === 'POST' && kind === 'page').map(([, target]) => target.replaceAll(/{.*?}/g, 'x'));
	assert.ok(pages.length > 40, `${pages.length}`);
	const refused = (target, length) => one(`POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`);
	for (const target of pages) {
		const reply = await refused(target, 1 << 30), text = reply.body.toString();
		assert.deepEqual([reply.status, reply.header('content-type')], [413, 'text/html; charset=utf-8'], target);
		assert.match(text, /<h1[^>]*>What you sent is too large<\/h1>/, target);
		assert.match(text, /<p>At most \d+ [KM]B may be sent here, and this has \d+ [KM]B\.<\/p>/, target);
		assert.match(text, /browser’s Back button: what you typed still stands there/, target);
	}
	assert.match((await refused('/keys', (16 << 10) + 1)).body.toString(), /At most 16 KB may be sent here, and this has 17 KB\./);
	assert.match((await refused('/imports', 30 << 20)).body.toString(), /At most 25 MB may be sent here, and this has 30 MB\./, 'as the form says that asks for the file');
	const call = await refused(POST, (25 << 20) + 1);
	assert.equal(call.header('content-type'), 'application/problem+json');
	assert.equal(JSON.parse(call.body).detail, 'At most 25 MB may be sent here, and this has 26 MB.');
});

test('an address that cannot be is told of to a browser by a page, in words, and to a program by a problem', async () => {
	const TECHNICAL = /escape|NUL|UTF-8|query|request head|method|KiB|It takes: /i;
	const long = `/assets?q=${'a'.repeat(5000)}`;
	const cases = [['/assets/%00', 400, 'This address cannot be read'], ['/assets?q=%zz', 400, 'This address cannot be read'], [long, 414, 'This address is too long'],
		['/assets?q=%ff', 400, 'Something in this address is wrong'],
		['/assets?q=a&q=b', 400, 'Something in this address is wrong', '“words”: It stands in the address twice.'],
		['/reports?valid_on=2026-01-01', 400, 'Something in this address is wrong', '“how things stood on”: This page shows what is so now, and has no past.'],
		['/sign-out', 405, 'This address shows no page'], ['/nowhere', 404, 'There is nothing here']];
	for (const [target, status, title, more = ''] of cases) {
		const get = accept => one(`GET ${target} HTTP/1.1\r\nHost: a\r\nAccept: ${accept}\r\n\r\n`);
		const reply = await get('text/html,application/xhtml+xml;q=0.9,*/*;q=0.8');
		const main = /<main[^]*<\/main>/.exec(reply.body.toString())?.[0].replace(/&#x?[0-9A-Fa-f]+;/g, "'") ?? reply.body.toString();
		assert.deepEqual([reply.status, reply.header('content-type')], [status, 'text/html; charset=utf-8'], target);
		assert.ok(main.includes(`>${title}`) && main.includes(more), `${target}: ${main}`);
		assert.doesNotMatch(main.replace(/<[^>]*>/g, ''), TECHNICAL, target);
		const api = await one(`GET /v1${target} HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n`);
		assert.equal(api.header('content-type'), 'application/problem+json', target);
	}
});

test('100 Continue comes after the checks and before the body', async () => {
	const expecting = (method, target, length) =>
		`${method} ${target} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`;
	const socket = net.connect(at.port, '127.0.0.1');
	let text = '';
	socket.on('data', d => { text += d; });
	socket.write(expecting('POST', POST, 3));
	await until(() => text === 'HTTP/1.1 100 Continue\r\n\r\n', {what: '100'});
	socket.write('abc');
	await until(() => text.includes('HTTP/1.1 401'), {what: '401'});
	socket.destroy();
	for (const [method, target, length, status] of [['POST', POST, 1 << 30, 413], ['POST', '/livez', 3, 405], ['PUT', '/nothing', 3, 404]]) {
		const got = await exchange(at, expecting(method, target, length));
		assert.deepEqual(got.replies.map(r => r.status), [status], 'a refusal instead of 100');
		assert.equal(got.rest.length, 0);
	}
});

test('a connection ends after its requests and its life', async () => {
	const short = await startServer({conf: {http: {requests: 3, lifetime_s: 1}}});
	try {
		const got = await exchange({port: short.ports.http}, GET().repeat(5));
		assert.deepEqual(got.replies.map(r => r.header('connection')), [undefined, undefined, 'close']);
		const old = await exchange({port: short.ports.http}, [GET(), 1_100, GET()]);
		assert.deepEqual(old.replies.map(r => r.header('connection')), [undefined, 'close']);
	} finally {
		await short.stop();
	}
});

test('rates: by address, pages and keys apart, and not for health', async () => {
	const strict = await startServer({conf: {limits: {anonymous_per_minute: 3}}});
	try {
		const ask = (target, headers) => request(`${strict.url}${target}`, {headers});
		const statuses = [];
		for (let i = 0; i < 5; i++)
			statuses.push((await ask('/v1/whoami')).status);
		assert.deepEqual(statuses, [401, 401, 401, 429, 429]);
		const refused = await ask('/v1/whoami');
		assert.equal(refused.headers['ratelimit-policy'], '"anonymous";q=3;w=60');
		assert.match(refused.headers.ratelimit, /^"anonymous";r=0;t=(60|59|58)$/);
		assert.ok(Number(refused.headers['retry-after']) > 10);
		assert.equal(refused.json.type, '/v1/problems/rate-limited');
		assert.equal((await ask('/v1/whoami', {Authorization: 'Bearer akey_live_guess'})).status, 429, 'a guess is no way round');
		assert.equal((await ask('/livez')).status, 200);
		assert.equal((await ask('/livez')).headers.ratelimit, undefined);
		assert.equal((await ask('/v1/whoami', {'X-Forwarded-For': '192.0.2.1'})).status, 429, 'no stranger says who he is');
		assert.ok((await strict.metrics())['assetd_http_rate_limited_total'] >= 4);
	} finally {
		await strict.stop();
	}
});

test('a trusted proxy says for whom it asks', async () => {
	const behind = await startServer({conf: {
		http: {trusted_proxy: '127.0.0.1, 192.0.2.9', base_url: 'https://register.example'},
		limits: {anonymous_per_minute: 1, connections_per_address: 1},
	}});
	try {
		const ask = (from, options) => request(`${behind.url}/v1/whoami`, {agent: false, headers: {'X-Forwarded-For': from}, ...options});
		assert.equal((await ask('198.51.100.1')).status, 401);
		assert.equal((await ask('198.51.100.1')).status, 429);
		assert.equal((await ask('198.51.100.2, 198.51.100.1, 192.0.2.9')).status, 429, 'the last that is not ours');
		assert.equal((await ask('198.51.100.1, 198.51.100.2')).status, 401, 'what stands before may be invented');
		assert.equal((await ask('2001:db8::1')).status, 401);
		assert.equal((await ask('2001:db8::2')).status, 429, 'a /64 is one client');
		assert.equal((await ask('2001:db8:1::1')).status, 401);
		assert.equal((await ask('198.51.100.3')).headers['strict-transport-security'], 'max-age=63072000; includeSubDomains');
		await Promise.all(Array.from({length: 20}, () => request(`${behind.url}/livez`, {agent: false})));
	} finally {
		await behind.stop();
	}
});

test('a traceparent is no hindrance, whatever its form', async () => {
	// Traces are not kept: X-Request-Id is what joins a request to its log line and its changes.
	for (const trace of ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-' + '0'.repeat(32) + '-b7ad6b7169203331-01', 'ff-x', ''])
		assert.equal((await one(GET('/livez', `traceparent: ${trace}\r\n`))).status, 200);
});

test('a Unix socket serves too, and its leftover is no hindrance', async () => {
	const daemon = await prepareServer();
	const socketPath = path.join(daemon.folder, 'http.sock');
	// A name that is left when nobody listens: closing removes the first name, not the second.
	const stale = net.createServer();
	await new Promise(resolve => { stale.listen(`${socketPath}.old`, resolve); });
	fs.linkSync(`${socketPath}.old`, socketPath);
	await new Promise(resolve => { stale.close(resolve); });
	const metricsPath = path.join(daemon.folder, 'metrics');
	await daemon.start({ready: false, env: {ASSETD_HTTP_LISTEN: `unix:${socketPath}`, ASSETD_METRICS_LISTEN: `unix:${metricsPath}`}});
	try {
		const got = await until(() => exchange({path: socketPath}, GET(), {finish: 1}), {what: 'the socket'});
		assert.equal(got.replies[0].status, 200);
		// As assetd-hooks.service has it, whom no address of this machine reaches.
		const {replies: [metrics]} = await exchange({path: metricsPath}, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n', {finish: 1});
		assert.match(String(metrics.body), /^assetd_mail_dead 0$/m);
	} finally {
		await daemon.stop();
		discard(daemon.folder);
	}
});

test('settings are read again on SIGHUP, all or none', async () => {
	const live = await startServer({conf: {limits: {anonymous_per_minute: 0}}});
	try {
		const text = fs.readFileSync(live.confFile, 'utf8');
		const ask = () => request(`${live.url}/v1/whoami`, {agent: false});
		assert.equal((await ask()).headers.ratelimit, undefined);
		fs.writeFileSync(live.confFile, text.replace('anonymous_per_minute = 0', 'anonymous_per_minute = many'));
		process.kill(live.process.pid, 'SIGHUP');
		await until(() => live.log().includes('settings not taken'));
		assert.match(live.log(), /\[limits\] anonymous_per_minute: \\u0022many\\u0022 is not a whole number/);
		assert.equal((await ask()).headers.ratelimit, undefined);
		fs.writeFileSync(live.confFile, text.replace('anonymous_per_minute = 0', 'anonymous_per_minute = 50'));
		process.kill(live.process.pid, 'SIGHUP');
		await until(async () => (await ask()).headers['ratelimit-policy'] === '"anonymous";q=50;w=60', {what: 'the new limit'});
	} finally {
		await live.stop();
	}
});

test('a second daemon on the same address is refused with the reason', async () => {
	const {code, stderr} = await run(ASSETD, ['--config', server.confFile, '--role', 'api'], {ok: null, env: server.env});
	assert.equal(code, 1);
	assert.match(stderr, /"cannot listen".*"somebody listens there already"/);
});

test('/metrics is OpenMetrics and nowhere else', async () => {
	const {status, headers, text} = await request(server.metricsUrl);
	assert.equal(status, 200);
	assert.match(headers['content-type'], /^application\/openmetrics-text; version=1\.0\.0/);
	assert.match(text, /# EOF\n$/);
	// Every sample belongs to the family declared last, and no family is declared twice.
	const declared = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(m => m[1]);
	assert.equal(new Set(declared).size, declared.length);
	let family;
	for (const line of text.trim().split('\n')) {
		family = /^# TYPE (\S+)/.exec(line)?.[1] ?? family;
		assert.ok(line.startsWith('#') || line.startsWith(family), `${line} within ${family}`);
		assert.match(line, /^# (TYPE|HELP|UNIT) \S+ .+$|^# EOF$|^[a-z_]+(\{[^}]*(\{\w+\}[^}]*)*\})? -?[0-9.]+$/);
	}
	const metrics = await server.metrics();
	assert.ok(metrics.process_cpu_seconds_total > 0 && metrics.process_resident_memory_bytes > 1e6);
	assert.ok(metrics.process_open_fds > 5 && metrics.process_max_fds >= metrics.process_open_fds);
	assert.equal((await exchange({port: server.ports.metrics}, GET('/livez'), {finish: 1})).replies[0].status, 404);
	assert.equal((await request(server.metricsUrl, {method: 'POST'})).status, 405);
	assert.equal((await request(`${server.url}/metrics`)).status, 404);
});

test('health', async () => {
	const live = await request(`${server.url}/livez`);
	assert.deepEqual([live.status, live.headers['content-type'], live.json], [200, 'application/health+json', {status: 'pass'}]);
	const ready = await request(`${server.url}/readyz`);
	assert.deepEqual([ready.status, ready.json], [503, {status: 'fail', output: 'The database does not answer.'}]);
	await alive(server);
});
