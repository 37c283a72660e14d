// Keys and sessions that are none have to be asked of the database. How often an address may
// make it be asked, and whom that does not concern.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {keyText, startRegister} from '../harness/index.mjs';

const reg = await startRegister({proxied: true, conf: {
	http: {workers: 1},
	limits: {anonymous_per_minute: 6, pages_per_minute: 8},
}});
after(() => reg.stop());
const {proxy} = reg;

const asked = statement => proxy.batches.filter(batch => batch.includes(statement)).length;
const statusesOf = async (n, call) => {
	const statuses = {};
	for (let i = 0; i < n; i++) {
		const {status} = await call(i);
		statuses[status] = (statuses[status] ?? 0) + 1;
	}
	return statuses;
};

test('wrong keys are looked up as often as an address may ask without one, then no more', async () => {
	assert.equal((await reg.admin.get('/v1/whoami')).status, 200);
	const before = asked('key_find');
	const statuses = await statusesOf(40, i => reg.anyone.as(keyText(7000 + i)).get('/v1/whoami'));
	assert.ok(statuses[401] >= 6 && statuses[429] >= 30, JSON.stringify(statuses));
	assert.ok(asked('key_find') - before <= 8, `${asked('key_find') - before} look-ups`);
	const over = await reg.anyone.as(keyText(7999)).get('/v1/whoami');
	assert.equal(over.status, 429);
	assert.ok(Number(over.headers['retry-after']) > 0);
});

test('who has shown a good key from there before is looked up again and served', async () => {
	const before = asked('key_find');
	const until = Date.now() + 30_000;
	while (asked('key_find') === before && Date.now() < until) // once what is known of it is old
		assert.equal((await reg.admin.get('/v1/whoami')).status, 200);
	assert.ok(asked('key_find') > before);
});

test('so are wrong sessions', async () => {
	const statuses = await statusesOf(30, i => reg.anyone.get('/sign-in', {headers: {Cookie: `__Host-sid=${String(i).padStart(43, 'x')}`}}));
	assert.ok(statuses[429] >= 20, JSON.stringify(statuses));
	assert.ok(asked('session_find') <= 10, `${asked('session_find')} look-ups`);
});
