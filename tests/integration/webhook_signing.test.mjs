// Signatures and secrets of webhooks, as receivers see them: upstream verifiers in JavaScript and node's own Ed25519
// accept what is sent, through a rotation too, and whoever looks for a public key finds it.

import assert from 'node:assert/strict';
import {createPublicKey, verify as verifyBytes} from 'node:crypto';
import {after, test} from 'node:test';
import {Webhook as StandardWebhook} from 'standardwebhooks';
import {Webhook as SvixWebhook} from 'svix';
import {makeKey, ok, startRegister, startSink, until} from '../harness/index.mjs';

const reg = await startRegister({conf: {log: {level: 'debug'}}});
const sink = await startSink();
after(async () => {
	await reg.stop();
	await sink.stop();
});

const council = (await reg.admin.post('/v1/authorities', {name: 'Signed Council', kind: 'COUNCIL', code: 'SC'})).json;
let made = 0;
/** A new asset → its event. */
async function asset() {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'});
	return ok(reply) && reply.headers['event-id'];
}
/** The same, as the sink got it. */
async function told(where = sink) {
	const event = await asset();
	return where.waitFor(d => d.headers['webhook-id'] === event, {what: 'the event', deadline_ms: 20_000});
}
async function hook(fields = {}) {
	const reply = await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created'], ...fields});
	assert.equal(reply.status, 201, reply.text);
	await until(async () => (await reg.admin.get(`/v1/webhooks/${reply.json.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	return reply.json;
}
const gone = async id => assert.equal((await reg.admin.delete(`/v1/webhooks/${id}`, {match: (await reg.admin.get(`/v1/webhooks/${id}`)).headers.etag})).status, 204);
/** Is a v1a signature of this delivery by that key? */
function isSignedBy(publicKey, d) {
	assert.match(publicKey, /^whpk_[A-Za-z0-9+/]{43}=$/);
	// The header of an Ed25519 key in DER, RFC 8410, before the 32 bytes.
	const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey.slice(5), 'base64')]);
	const key = createPublicKey({key: der, format: 'der', type: 'spki'});
	const content = Buffer.concat([Buffer.from(`${d.headers['webhook-id']}.${d.headers['webhook-timestamp']}.`), d.body]);
	return d.headers['webhook-signature'].split(' ').filter(s => s.startsWith('v1a,'))
		.some(s => verifyBytes(null, content, key, Buffer.from(s.slice(4), 'base64')));
}
const accepts = (Library, secret, d) => {
	try {
		new Library(secret).verify(d.text, d.headers);
		return true;
	} catch {
		return false;
	}
};

test('W-40 W-41: standardwebhooks, svix and Ed25519 accept what is sent, and refuse it changed', async () => {
	const {id, secret, public_key} = await hook();
	assert.equal(Buffer.from(secret.slice('whsec_'.length), 'base64').length, 32);
	const d = await told();
	assert.deepEqual(Object.keys(d.headers).filter(name => name.startsWith('webhook-')).sort(), ['webhook-id', 'webhook-signature', 'webhook-timestamp']);
	assert.doesNotMatch(d.headers['webhook-id'], /\./);
	assert.ok(Math.abs(Date.now() / 1000 - Number(d.headers['webhook-timestamp'])) < 60);
	assert.deepEqual(d.headers['webhook-signature'].split(' ').map(s => s.split(',')[0]), ['v1', 'v1a']);
	for (const Library of [StandardWebhook, SvixWebhook]) {
		assert.ok(accepts(Library, secret, d));
		assert.ok(!accepts(Library, secret, {...d, text: `${d.text} `}));
		assert.ok(!accepts(Library, secret, {...d, headers: {...d.headers, 'webhook-id': 'evt_other'}}));
		assert.ok(!accepts(Library, secret.replace(/.{4}$/, 'AAA='), d));
	}
	assert.ok(isSignedBy(public_key, d));
	assert.ok(!isSignedBy(public_key, {...d, body: Buffer.from('{}')}));
	const {keys} = (await reg.anyone.get('/.well-known/webhook-keys.json')).json;
	assert.ok(keys.includes(public_key), 'whoever was given the key finds that it is ours');
	await gone(id);
	assert.ok(!(await reg.anyone.get('/.well-known/webhook-keys.json')).json.keys.includes(public_key));
});

test('W-42: through a rotation every delivery is accepted with the old secret and with the new one', async () => {
	const first = await hook({per_hour: 3_600_000, burst: 1000});
	const seen = sink.deliveries.length, written = [];
	let isOver = false;
	// As fast as eight of them are answered, with a window of deliveries under way all the while.
	const writing = Promise.all(Array.from({length: 8}, async () => {
		while (!isOver)
			written.push(await asset());
	}));
	const more = n => until(() => written.length >= n && sink.deliveries.length >= seen + n - 100, {what: `${n} to be written and most of them to come`});
	await more(200);
	const rotated = await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {});
	assert.equal(rotated.status, 200, rotated.text);
	const second = rotated.json;
	assert.match(second.secret, /^whsec_/);
	assert.notEqual(second.secret, first.secret);
	assert.notEqual(second.public_key, first.public_key);
	await more(written.length + 300);
	isOver = true;
	await writing;
	await until(() => sink.deliveries.length >= seen + written.length, {what: 'all to come'});
	for (const d of sink.deliveries.slice(seen)) {
		assert.ok(accepts(StandardWebhook, first.secret, d), 'the old one is good for a day');
		assert.ok(isSignedBy(first.public_key, d));
	}
	const last = await told();
	assert.ok(accepts(StandardWebhook, second.secret, last) && accepts(SvixWebhook, second.secret, last) && isSignedBy(second.public_key, last));
	assert.equal((await reg.admin.get(`/v1/webhooks/${first.id}`)).json.secret, undefined);

	// At once: the old ones are over with the answer, and three at most are ever good.
	const third = (await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {overlap_s: 0})).json;
	const d = await until(async () => {
		const one = await told();
		return !accepts(StandardWebhook, second.secret, one) && one;
	}, {what: 'the old secret to be over'});
	assert.ok(accepts(StandardWebhook, third.secret, d) && !accepts(StandardWebhook, first.secret, d));
	// A fourth would end one before its time. Who must end them can.
	const fourth = ok(await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {overlap_s: 3600}), 200);
	const fifth = ok(await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {overlap_s: 604_800}), 200);
	const refused = await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {overlap_s: 3600});
	assert.deepEqual([refused.status, refused.json.type], [409, '/v1/problems/webhook-signed-thrice']);
	const all = await until(async () => {
		const one = await told();
		return one.headers['webhook-signature'].split(' ').length === 6 && one;
	}, {what: 'three secrets and three keys'});
	for (const {secret, public_key} of [third, fourth, fifth])
		assert.ok(accepts(StandardWebhook, secret, all) && isSignedBy(public_key, all), 'none was cut short');
	// When its time is over the old one signs no more; the library would refuse the time, so the keys are asked.
	reg.daemon.setClock(new Date(Date.now() + 3_660_000).toISOString());
	const later = await told();
	assert.deepEqual([third, fourth, fifth].map(one => isSignedBy(one.public_key, later)), [false, true, true]);
	for (const overlap_s of [3600, 0])
		ok(await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {overlap_s}), 200);
	reg.daemon.setClock(undefined);
	for (const overlap_s of [-1, 604_801, 'x'])
		assert.equal((await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {overlap_s})).status, 422);
	await gone(first.id);
	assert.equal((await reg.admin.post(`/v1/webhooks/${first.id}/rotate`, {})).status, 410);
});

test('W-43: secrets are sealed in every table, and neither log nor answer holds one', async () => {
	const {id, secret, public_key} = await hook();
	const rotated = (await reg.admin.post(`/v1/webhooks/${id}/rotate`, {}, {idempotency: 'turn'})).json;
	const again = await reg.admin.post(`/v1/webhooks/${id}/rotate`, {}, {idempotency: 'turn'});
	assert.equal(again.headers['idempotency-replayed'], 'true');
	assert.equal(again.json.secret, undefined, 'what is kept nowhere cannot be shown twice');
	await told();
	const rows = JSON.stringify(await reg.sql(`select to_jsonb(t) as row from assetd.webhook_secret as t union all select to_jsonb(w) from assetd.webhook as w
		union all select to_jsonb(k) from assetd.idempotency_key as k union all select to_jsonb(c) from assetd.change as c`));
	const said = [(await reg.admin.get(`/v1/webhooks/${id}`)).text, (await reg.admin.get('/v1/webhooks')).text,
		(await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).text, (await reg.admin.get(`/v1/events?limit=1000&after=0`)).text, reg.daemon.log()].join();
	for (const one of [secret, rotated.secret]) {
		const bytes = Buffer.from(one.slice(6), 'base64');
		for (const form of [one.slice(6), bytes.toString('hex'), bytes.toString('base64url')])
			assert.ok(!rows.includes(form) && !said.includes(form));
	}
	assert.ok(rows.includes(rotated.public_key) && !rows.includes(public_key), 'public keys are no secret');
	await gone(id);
});

test('W-42: nobody rotates the secret of what somebody else is sent', async () => {
	const {key} = await makeKey(reg, {roles: {[council.id]: ['ADMIN']}});
	const mine = await hook();
	const other = await reg.admin.as(key).post(`/v1/webhooks/${mine.id}/rotate`, {});
	assert.ok([403, 404].includes(other.status), other.text);
	assert.equal((await reg.anyone.post(`/v1/webhooks/${mine.id}/rotate`, {})).status, 401);
	await gone(mine.id);
});
