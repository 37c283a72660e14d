// Whose eyes a webhook has: nobody comes to read through one what they may not read themselves.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, startRegister, startSink, until} from '../harness/index.mjs';

const reg = await startRegister();
const ours = await startSink(), theirs = await startSink();
after(async () => {
	await reg.stop();
	await ours.stop();
	await theirs.stop();
});

const made = async (path, json) => {
	const reply = await reg.admin.post(path, json);
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};
const here = await made('/v1/authorities', {name: 'Here', kind: 'COUNCIL', code: 'HERE'});
const there = await made('/v1/authorities', {name: 'There', kind: 'COUNCIL', code: 'THERE'});
const principal = async options => {
	const key = await makeKey(reg, options);
	return Object.assign(reg.admin.as(key.key), {principal: key.principal});
};
/** A private asset of the other council; → the id of the event that says what it is worth. */
const valued = async () => {
	const asset = await made('/v1/assets', {authority_id: there.id, name: 'Depot', class: 'DEPOT', tenure: 'OWNED', published: false});
	const reply = await reg.admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: 1234567, basis: 'MV', valued_on: '2026-04-01'});
	assert.equal(reply.status, 201, reply.text);
	return reply.headers['event-id'];
};
const active = (client, id) => until(async () => (await client.get(`/v1/webhooks/${id}`)).json.state === 'ACTIVE',
	{what: 'the webhook to be active'});

test('an ADMIN cannot turn what somebody else may read to an address of its own', async () => {
	const both = await principal({roles: {[here.id]: ['ADMIN'], [there.id]: ['FINANCE']}});
	const admin = await principal({roles: {[here.id]: ['ADMIN']}});
	const hook = (await both.post('/v1/webhooks', {url: ours.url, types: ['*']})).json;
	await active(both, hook.id);
	const seen = await admin.get(`/v1/webhooks/${hook.id}`);
	assert.equal(seen.status, 200, 'it looks after the webhooks of its authority');

	const turned = await admin.patch(`/v1/webhooks/${hook.id}`, {url: theirs.url}, {match: seen.headers.etag});
	assert.equal(turned.status, 403, turned.text);
	assert.match(turned.json.detail, /somebody else/);
	const event = await valued();
	await ours.waitFor(d => d.headers['webhook-id'] === event, {what: 'the event'});
	assert.equal(theirs.deliveries.length, 0);

	const moved = await both.patch(`/v1/webhooks/${hook.id}`, {url: `${ours.url}?moved`}, {match: seen.headers.etag});
	assert.equal(moved.status, 200, moved.text);
	const gone = await admin.delete(`/v1/webhooks/${hook.id}`, {match: moved.headers.etag});
	assert.notEqual(gone.status, 403, 'taking it away is looking after it');
});

test('a webhook is not moved to an address that may not be called, nor a name followed there', async () => {
	const {json: hook} = await reg.admin.post('/v1/webhooks', {url: ours.url, types: ['*']});
	const {headers} = await until(async () => { // its proof moves its version
		const reply = await reg.admin.get(`/v1/webhooks/${hook.id}`);
		return reply.json.state === 'ACTIVE' && reply;
	}, {what: 'the webhook to be proven'});
	for (const url of ['https://169.254.169.254/', 'https://10.0.0.1/', `${reg.url}/v1/assets`]) {
		const reply = await reg.admin.patch(`/v1/webhooks/${hook.id}`, {url}, {match: headers.etag});
		assert.equal(reply.status, 422, url);
		assert.equal(reply.json.errors[0].code, 'WEBHOOK_URL', url);
	}
	// localhost is ::1 and 127.0.0.1; a network elsewhere is what may be reached here.
	const strict = await startRegister({conf: {hooks: {allow_http: 'yes', allow_cidr: '192.0.2.0/24'}}});
	try {
		const {port} = new URL(ours.url);
		const seen = ours.deliveries.length;
		const made = await strict.admin.post('/v1/webhooks', {url: `https://localhost:${port}/`, types: ['*']});
		assert.equal(made.status, 201, made.text);
		const tried = await until(async () => {
			const {items} = (await strict.admin.get(`/v1/webhooks/${made.json.id}/deliveries`)).json;
			return items.length > 0 && items;
		}, {what: 'the ping to be tried'});
		assert.match(tried[0].error, /loopback|not|only/i, tried[0].error);
		assert.equal(tried[0].address, null);
		assert.equal(ours.deliveries.length, seen);
	} finally {
		await strict.stop();
	}
});

test('a key without money:read makes no webhook that is sent money', async () => {
	const roles = {[here.id]: ['ADMIN', 'FINANCE']};
	const narrow = await principal({roles, scopes: ['webhooks:write']});
	const full = await narrow.post('/v1/webhooks', {url: ours.url, types: ['*']});
	assert.equal(full.status, 403, full.text);
	assert.match(full.json.detail, /money:read/);
	const thin = await narrow.post('/v1/webhooks', {url: ours.url, types: ['*'], payload: 'THIN'});
	assert.equal(thin.status, 201, thin.text);
	await active(narrow, thin.json.id);
	const {etag} = (await narrow.get(`/v1/webhooks/${thin.json.id}`)).headers;
	assert.equal((await narrow.patch(`/v1/webhooks/${thin.json.id}`, {payload: 'FULL'}, {match: etag})).status, 403);

	const wide = await principal({roles, scopes: ['webhooks:write', 'money:read']});
	assert.equal((await wide.post('/v1/webhooks', {url: ours.url, types: ['*']})).status, 201);
	const poor = await principal({roles: {[here.id]: ['ADMIN']}, scopes: ['webhooks:write']});
	assert.equal((await poor.post('/v1/webhooks', {url: ours.url, types: ['*']})).status, 201, 'who reads no money is sent none');
});

test('who has left is sent no more than anybody may read', async () => {
	const leaver = await principal({roles: {[here.id]: ['ADMIN'], [there.id]: ['FINANCE']}, isOperator: true});
	const hook = (await leaver.post('/v1/webhooks', {url: theirs.url, types: ['asset.*']})).json;
	await active(leaver, hook.id);
	const before = await valued();
	await theirs.waitFor(d => d.headers['webhook-id'] === before, {what: 'the event before'});

	await reg.sql('update assetd.principal set closed_at = now() where id = $1', [leaver.principal]);
	const hidden = await valued();
	const open = await made('/v1/assets', {authority_id: there.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'});
	await theirs.waitFor(d => d.json.subject === open.id, {what: 'a public event'});
	assert.ok(!theirs.deliveries.some(d => d.headers['webhook-id'] === hidden));
});
