// Keys through the door: which are taken, which are not, how long they are believed, and that
// roles and scopes are what decides.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey as newKey, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({conf: {http: {workers: 1}}});
after(() => reg.stop());

const council = 'aut_00000000000000000s12000005';
const makeKey = options => newKey(reg, options);

const whoami = (key, headers) => reg.anyone.get('/v1/whoami', {headers: {...(key && {Authorization: `Bearer ${key}`}), ...headers}});

test('a key is its principal, with its roles', async () => {
	const {key, id, principal} = await makeKey({roles: {[council]: ['ESTATES', 'VIEWER'], '*': ['DECIDER']}});
	const reply = await whoami(key);
	assert.equal(reply.status, 200);
	assert.deepEqual([reply.json.principal_id, reply.json.key_id, reply.json.operator], [principal, id, false]);
	assert.deepEqual(reply.json.roles, [
		{authority_id: null, roles: ['DECIDER']},
		{authority_id: council, roles: ['VIEWER', 'ESTATES']},
	]);
	assert.ok(reply.json.scopes.includes('assets:write'));
	assert.ok(!reply.json.scopes.includes('money:read'));
	assert.equal(reply.headers['cache-control'], 'private, no-cache');
});

test('scopes only narrow', async () => {
	const {key} = await makeKey({roles: {'*': ['VIEWER']}, scopes: ['self:read', 'money:read', 'no:such']});
	assert.deepEqual((await whoami(key)).json.scopes, ['self:read']);
	const none = await makeKey({roles: {'*': ['VIEWER']}, scopes: ['assets:read']});
	assert.equal((await whoami(none.key)).status, 403);
});

test('what is no key of ours is 401 with how to ask, and never a 500', async () => {
	const {key} = await makeKey({roles: {'*': ['VIEWER']}});
	const wrong = key.replace(/^akey_test_./, 'akey_test_z');
	for (const [what, headers] of Object.entries({
		'no key': {},
		'another scheme': {Authorization: `Basic ${key}`},
		'nothing after the scheme': {Authorization: 'Bearer'},
		'a wrong check digit': {Authorization: `Bearer ${wrong}`},
		'one too long': {Authorization: `Bearer ${key}0`},
		'a session': {Cookie: `__Host-sid=${key}; sid=${key}`},
	})) {
		const reply = await whoami(undefined, headers);
		assert.equal(reply.status, 401, what);
		assert.equal(reply.json.type, '/v1/problems/unauthenticated');
		assert.equal(reply.headers['www-authenticate'], 'Bearer realm="assetd"', what);
	}
	assert.equal((await whoami(undefined, {Authorization: `bearer ${key}`})).status, 200, 'the scheme has no case');
});

test('revoked, expired and closed keys are 401', async () => {
	const past = new Date(Date.now() - 1000), future = new Date(Date.now() + 3600_000);
	for (const [what, options] of Object.entries({
		revoked: {revoked: past},
		expired: {expires: past},
		closed: {closed: past},
	})) {
		const {key} = await makeKey({roles: {'*': ['VIEWER']}, ...options});
		assert.equal((await whoami(key)).status, 401, what);
	}
	const {key} = await makeKey({roles: {'*': ['VIEWER']}, expires: future});
	assert.equal((await whoami(key)).status, 200);
});

test('a key with the right prefix and another secret is 401', async () => {
	const {key, id} = await makeKey({roles: {'*': ['VIEWER']}});
	await reg.sql(`update assetd.api_key set hash = sha256('x') where id = $1`, [id]);
	assert.equal((await whoami(key)).status, 401);
});

test('a revoked key stops within the five seconds that it is believed', async () => {
	const {key, id} = await makeKey({roles: {'*': ['VIEWER']}});
	assert.equal((await whoami(key)).status, 200);
	await reg.sql('update assetd.api_key set revoked_at = now() where id = $1', [id]);
	// Five, and what a loaded machine may add; a key that is believed for longer is so for a minute.
	await until(async () => (await whoami(key)).status === 401, {deadline_ms: 20_000, what: 'the key to stop'});
});

test('the last use of a key is noted, and not more than once a minute', async () => {
	const {key, id} = await makeKey({roles: {'*': ['VIEWER']}});
	const seen = async () => (await reg.sql('select last_used_at from assetd.api_key where id = $1', [id]))[0].last_used_at;
	assert.equal(await seen(), null);
	assert.equal((await whoami(key)).status, 200);
	const first = await until(seen, {what: 'the first use to be noted'});
	await reg.sql(`update assetd.api_key set last_used_at = now() - interval '50 seconds' where id = $1`, [id]);
	await reg.daemon.restart(); // forgets what it believed
	assert.equal((await whoami(key)).status, 200);
	assert.equal((await whoami(key)).status, 200);
	assert.ok(await seen() < first, 'it was noted 50 seconds ago');
});

test('no secret of a key reaches the log', async () => {
	const {key} = await makeKey({roles: {'*': ['VIEWER']}});
	await whoami(key);
	await whoami(`${key}x`);
	assert.ok(!reg.daemon.log().includes(key.slice(22)));
	assert.ok(!reg.daemon.log().includes(reg.adminKey.slice(22)));
});

test('an unknown query name is 400, and names what there is', async () => {
	const reply = await reg.admin.get('/v1/whoami?limit=1&limit=2');
	assert.equal(reply.status, 400);
	assert.equal(reply.json.type, '/v1/problems/bad-query');
	assert.equal(reply.json.errors[0].pointer, '?limit');
	for (const bad of ['?a=%', '?a=%00', '?%C3=1'])
		assert.equal((await reg.admin.get(`/v1/whoami${bad}`)).status, 400, bad);
});

test('one line of log a request, with who and how', async () => {
	const {key, principal} = await makeKey({roles: {'*': ['VIEWER']}});
	await whoami(key, {'X-Request-Id': 'one-line-of-log'});
	const lines = await until(() => {
		const found = reg.daemon.logLines().filter(line => line.request === 'one-line-of-log');
		return found.length && found;
	}, {what: 'the line'});
	assert.equal(lines.length, 1);
	assert.deepEqual(Object.fromEntries(['what', 'method', 'route', 'status', 'principal'].map(n => [n, lines[0][n]])),
		{what: 'request', method: 'GET', route: '/v1/whoami', status: 200, principal});
});
