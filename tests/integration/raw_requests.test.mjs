// Every case of tests/data/raw-requests against the real daemon, on the wire: alone, as the second
// request of a connection, and in the middle of a pipeline; and through nginx. What must never
// happen: more replies than requests, a request hidden in another that is answered, a connection
// that goes on after a refusal.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, exchange, request, startNginx} from '../harness/index.mjs';
import {startServer} from './server.mjs';

const cases = JSON.parse(fs.readFileSync(path.join(TREE, 'tests/data/raw-requests/cases.json'), 'utf8'));
const PLAIN = 'GET /livez HTTP/1.1\r\nHost: plain\r\n\r\n';
const REFUSALS = [400, 411, 413, 414, 415, 417, 431, 501];
const AT_ONCE = 16; // connections that wait at one time

// nginx reads these as two honest requests, where we refuse: it takes chunks apart, bare LF for
// a line's end, and leading zeros. The second is no secret to it, and so not smuggled.
const HONEST_TO_NGINX = new Set(['length with 13 digits', 'coding chunked', 'coding chunked without a blank',
	'coding in capitals', 'coding of GET', 'bare LF throughout', 'bare LF as the empty line']);

let server, at;

before(async () => {
	server = await startServer({conf: {http: {head_ms: 1500}, log: {level: 'debug'}}});
	at = {port: server.ports.http};
});

after(() => server.stop());

/* Run fn over all cases, some at a time; every failure is told, with the case's name. */
async function each(list, fn) {
	const failures = [];
	const left = [...list];
	await Promise.all(Array.from({length: AT_ONCE}, async () => {
		for (let c = left.shift(); c; c = left.shift())
			await fn(c).catch(error => failures.push(`${c.name}: ${error.message}`));
	}));
	assert.deepEqual(failures, []);
}

function check(got, want, c, {closes = c.closes} = {}) {
	assert.deepEqual(got.replies.map(r => r.status), want);
	assert.equal(got.rest.length, 0, 'whole replies only');
	assert.equal(got.closed, closes, closes ? 'closes' : 'stays open');
	assert.ok(!got.reset, 'the last reply is not lost to a reset');
	for (const reply of got.replies)
		assert.notEqual(reply.header('x-request-id'), 'marker', 'the hidden request was answered');
}

const heads = (c, n) => c.raw.startsWith('HEAD ') ? [n] : [];

test('there are enough cases', () => {
	assert.ok(cases.filter(c => c.head !== 'OK').length >= 150);
});

test('alone', () => each(cases, async c => {
	const got = await exchange(at, c.raw, {finish: c.closes ? 'close' : c.replies.length, heads: heads(c, 0)});
	check(got, c.replies, c);
	if (c.head !== 'OK')
		assert.ok(REFUSALS.includes(got.replies[0].status));
	if (got.replies[0].status >= 400 && !c.raw.startsWith('HEAD '))
		assert.equal(JSON.parse(got.replies[0].body).status, got.replies[0].status, 'a problem document');
}));

test('as the second request of a connection', () => each(cases, async c => {
	const got = await exchange(at, [PLAIN, 20, c.raw], {finish: c.closes ? 'close' : c.replies.length + 1, heads: heads(c, 1)});
	check(got, [200, ...c.replies], c);
}));

test('pipelined, with another request after it', () => each(cases, async c => {
	// A head without an end swallows what follows; so does the case itself when it closes.
	const got = await exchange(at, PLAIN + c.raw + PLAIN,
		{finish: c.closes ? 'close' : c.replies.length + 2, heads: heads(c, 1)});
	check(got, [200, ...c.replies, ...(c.closes ? [] : [200])], c);
}));

test('byte by byte', () => each(cases.filter(c => c.raw.length < 120), async c => {
	const got = await exchange(at, [...c.raw], {finish: c.closes ? 'close' : c.replies.length, heads: heads(c, 0)});
	check(got, c.replies, c);
}));

test('no hidden request was worked on', () => {
	assert.doesNotMatch(server.log(), /"request":"marker"/);
});

const served = async () => Object.entries(await server.metrics())
	.filter(([name]) => name.startsWith('assetd_http_requests_total')).reduce((sum, [, n]) => sum + n, 0);

test('through nginx: the daemon answers nothing that nginx did not ask', async () => {
	const nginx = await startNginx({upstream: at.port});
	try {
		const before = await served();
		await each(cases, async c => {
			const got = await exchange({port: nginx.port}, c.raw + PLAIN, {finish: 'quiet', quiet_ms: 700, heads: heads(c, 0)});
			const isHonest = HONEST_TO_NGINX.has(c.name) || c.raw.includes('Connection: close\r\n\r\nGET');
			assert.ok(got.replies.length <= (isHonest ? 3 : 2), `${got.replies.length} replies`);
			assert.ok(isHonest || got.replies.every(r => r.header('x-request-id') !== 'marker'), 'the hidden request was answered');
		});
		const asked = fs.readFileSync(path.join(nginx.folder, 'site.log'), 'utf8').trim().split('\n').length;
		const answered = await served() - before - 1; // less the first look at /metrics
		assert.ok(answered <= asked, `nginx asked ${asked} times, the daemon answered ${answered}`);
		assert.ok(answered > 50, 'nginx lets some of it through');
	} finally {
		await nginx.stop();
	}
});

test('the daemon is well after all that', async () => {
	assert.equal((await request(`${server.url}/livez`)).status, 200);
	const metrics = await server.metrics();
	assert.ok(metrics['assetd_http_heads_refused_total'] > 400);
});
