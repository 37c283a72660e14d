// conf/nginx.conf, the front of a production site: what it promises to the daemon behind it.
// The daemon here is a listener that keeps the bytes it was sent: what is tested is nginx.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import {after, test} from 'node:test';
import {exchange, request, startNginx, until} from '../harness/index.mjs';

/* Keeps each connection's bytes; answers one request when its body is complete, then waits. */
const connections = [];
const upstream = net.createServer(socket => {
	const connection = {text: '', ended: false};
	connections.push(connection);
	socket.on('error', () => {});
	socket.on('end', () => { connection.ended = true; });
	socket.on('data', data => {
		connection.text += data.toString('latin1');
		const [head, body] = connection.text.split('\r\n\r\n');
		const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
		if (body !== undefined && body.length >= length && !connection.answered) {
			connection.answered = true;
			socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
		}
	});
});
await new Promise(resolve => upstream.listen(0, '127.0.0.1', resolve));
upstream.unref();
const nginx = await startNginx({upstream: upstream.address().port});
const secure = await startNginx({upstream: upstream.address().port, tls: true});
after(async () => {
	await nginx.stop();
	await secure.stop();
	upstream.close();
});

const last = () => connections.at(-1);
const field = (text, name) => [...text.matchAll(new RegExp(`^${name}: (.*)\r$`, 'gim'))].map(m => m[1]);

test('what a client claims about its address or the connection is replaced', async () => {
	const reply = await request(`${nginx.url}/v1//assets/%7Ba%7D?q=1`, {headers: {
		'X-Forwarded-For': '10.0.0.1', Forwarded: 'for=10.0.0.1', 'X-Forwarded-Proto': 'https', Upgrade: 'h2c',
	}});
	assert.equal(reply.text, 'ok');
	const {text} = last();
	assert.match(text, /^GET \/v1\/\/assets\/%7Ba%7D\?q=1 HTTP\/1\.1\r\n/, 'the path goes on as it came');
	assert.deepEqual(field(text, 'X-Forwarded-For'), ['127.0.0.1']);
	assert.deepEqual(field(text, 'X-Forwarded-Proto'), ['http']);
	assert.deepEqual(field(text, 'Connection'), ['close']);
	assert.deepEqual(field(text, 'Host'), ['127.0.0.1']);
	assert.deepEqual([...field(text, 'Forwarded'), ...field(text, 'Upgrade')], []);
});

test('the secret of a link is not written down', async () => {
	const token = 'anl_secret.0123';
	await request(`${nginx.url}/answer?token=${token}`, {headers: {Referer: `${nginx.url}/confirm?token=${token}`}});
	const log = await until(() => {
		const text = fs.readFileSync(`${nginx.folder}/site.log`, 'utf8');
		return text.includes('"GET /answer"') && text;
	}, {what: 'the line of the log'});
	assert.doesNotMatch(log, /secret/);
});

test('a slow or chunked body reaches the daemon whole, once, with its length', async () => {
	const before = connections.length;
	const got = await exchange({port: nginx.port}, [
		'POST /v1/imports HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n', 50,
		'3\r\nabc\r\n', 50, '2\r\nde\r\n0\r\n\r\n']);
	assert.equal(got.replies[0].status, 200);
	assert.equal(connections.length, before + 1);
	assert.match(last().text, /\r\n\r\nabcde$/);
	assert.deepEqual(field(last().text, 'Content-Length'), ['5']);
	assert.deepEqual(field(last().text, 'Transfer-Encoding'), []);
});

test('pipelined requests reach the daemon on a connection each', async () => {
	const before = connections.length;
	const get = 'GET /a HTTP/1.1\r\nHost: h\r\n\r\n';
	const got = await exchange({port: nginx.port}, get + get + get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
	assert.deepEqual(got.replies.map(r => r.status), [200, 200, 200]);
	assert.equal(connections.length, before + 3);
	assert.ok(connections.slice(before).every(c => c.text.match(/HTTP\/1\.1\r\n/g).length === 1));
});

test('who reads pages is told by a page, with nothing to load, and a program by a problem document', async () => {
	const post = (path, accept) => exchange({port: nginx.port}, `POST ${path} HTTP/1.1\r\nHost: h\r\nAccept: ${accept}\r\nContent-Length: ${30 * 1024 * 1024}\r\n\r\n`);
	const browser = 'text/html,application/xhtml+xml,*/*;q=0.8';
	for (const [path, accept, isPage] of [['/imports', browser, true], ['/', browser, true], ['/imports', '*/*', false], ['/v1/imports', browser, false]]) {
		const [reply] = (await post(path, accept)).replies, text = reply.body.toString();
		assert.deepEqual([reply.status, reply.header('content-type')], [413, isPage ? 'text/html; charset=utf-8' : 'application/problem+json'], path);
		assert.match(text, isPage ? /<h1>What you sent is too large<\/h1><p>At most 25 MB may be sent here at once\./ : /"status":413/);
		assert.doesNotMatch(text, /(src|style|link)[= ]/, 'nothing to load');
	}
	const away = await startNginx({upstream: 1});
	const reply = await request(`${away.url}/assets`, {headers: {Accept: browser}});
	assert.deepEqual([reply.status, reply.headers['retry-after'], reply.headers['content-type']], [503, '5', 'text/html; charset=utf-8']);
	assert.match(reply.text, /<h1>The register is being restarted<\/h1>/);
	assert.equal((await request(`${away.url}/v1/assets`)).json.type, '/v1/problems/not-ready');
	await away.stop();
});

test('what nginx refuses is a problem document, and the daemon never hears of it', async () => {
	const before = connections.length;
	const cases = [
		['GET /a HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n', 400],
		['POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
		['POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
		[`POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: ${27 * 1024 * 1024}\r\n\r\n`, 413],
		[`GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, 414],
		[`GET / HTTP/1.1\r\nHost: h\r\nX-Long: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
	];
	for (const [bytes, status] of cases) {
		const {replies, closed} = await exchange({port: nginx.port}, bytes);
		assert.deepEqual(replies.map(r => r.status), [status], bytes.slice(0, 60));
		assert.equal(replies[0].header('content-type'), 'application/problem+json');
		assert.equal(JSON.parse(replies[0].body).status, status);
		assert.ok(closed);
	}
	assert.equal(connections.length, before);
});

test('without the daemon the answer is 503, with a time to come back', async () => {
	const lonely = await startNginx({upstream: 1});
	try {
		const reply = await request(`${lonely.url}/`);
		assert.equal(reply.status, 503);
		assert.equal(reply.headers['retry-after'], '5');
		assert.equal(reply.headers['content-type'], 'application/problem+json');
		assert.equal(reply.json.status, 503);
	} finally {
		await lonely.stop();
	}
});

test('TLS serves the site, and port 80 only points at it', async () => {
	const ca = fs.readFileSync(secure.ca);
	assert.equal((await request(`${secure.url}/`, {ca})).text, 'ok');
	assert.deepEqual(field(last().text, 'X-Forwarded-Proto'), ['https']);
	const reply = await request(`http://127.0.0.1:${secure.redirectPort}/assets?q=1`);
	assert.equal(reply.status, 308);
	assert.equal(reply.headers.location, 'https://127.0.0.1/assets?q=1');
	await until(() => connections.every(c => c.ended || c.answered));
});
