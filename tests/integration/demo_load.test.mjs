// tools/demo/load beside a daemon that is busy, as one is on a small machine that has just been built on: quickstart gives up
// where this does.

import assert from 'node:assert/strict';
import http from 'node:http';
import {after, test} from 'node:test';
import {client} from '../../tools/demo/load.mjs';

const asked = [];
let answers = [];
const server = http.createServer((request, reply) => {
	const status = answers.shift() ?? 201;
	asked.push(`${request.method} ${request.headers['idempotency-key'] ?? ''}`);
	reply.writeHead(status, {'retry-after': '0', 'content-type': 'application/json'}).end(JSON.stringify({status}));
});
await new Promise(done => server.listen(0, '127.0.0.1', done));
after(() => server.close());
const call = client(`http://127.0.0.1:${server.address().port}`, 'key');

async function ask(given, ...args) {
	answers = given;
	asked.length = 0;
	return call(...args);
}

test('what is answered 503 is sent again, as the same write', async () => {
	const made = await ask([503, 503], 'POST', '/v1/requests', {}, {'idempotency-key': 'a'});
	assert.deepEqual([made.status, asked], [201, ['POST a', 'POST a', 'POST a']]);
});

test('a change that was made although it was answered 503 is there', async () => {
	assert.equal((await ask([503, 412], 'PATCH', '/v1/assets/x', {}, {'if-match': '"1-a"'})).status, 412);
	await assert.rejects(ask([412], 'PATCH', '/v1/assets/x', {}, {'if-match': '"1-a"'}), /answered 412/);
});

test('what is refused is not sent again, and who is always busy is given up', async () => {
	await assert.rejects(ask([422], 'POST', '/v1/requests', {}), /answered 422/);
	assert.equal(asked.length, 1);
	await assert.rejects(ask(Array(99).fill(503), 'POST', '/v1/requests', {}), /answered 503/);
	assert.equal(asked.length, 30);
});
