// assetctl webhook: verify checks one call, listen makes real ones to a program of this machine.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {Webhook as SvixWebhook} from 'svix';
import {ASSETCTL, discard, run, scratch, start, startRegister, startSink, until, verify} from '../harness/index.mjs';

const reg = await startRegister();
const sink = await startSink();
const folder = scratch();
after(async () => {
	await reg.stop();
	await sink.stop();
	discard(folder);
});
const keyFile = path.join(folder, 'key');
fs.writeFileSync(keyFile, `${reg.adminKey}\n`, {mode: 0o600});
const env = more => ({...process.env, ASSETD_URL: reg.url, ASSETD_KEY_FILE: keyFile, ...more});
const ctl = (args, more = {}) => run(ASSETCTL, ['webhook', ...args], {deadline_ms: 60_000, ok: null, cwd: folder, env: env(more)});
const council = (await reg.admin.post('/v1/authorities', {name: 'Listening Council', kind: 'COUNCIL', code: 'LC'})).json;
let made = 0;
const asset = async () => (await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'})).headers['event-id'];
/** A call as a receiver that writes it down has it. */
function saved(d, {body = d.body, headers = d.headers} = {}) {
	const file = path.join(folder, 'call');
	fs.writeFileSync(file, Buffer.concat([Buffer.from(`${d.method} ${d.path} HTTP/1.1\r\n${Object.entries(headers)
		.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`), body]));
	return file;
}

test('W-57: verify takes what a webhook was sent, by secret and by public key, and refuses it changed', async () => {
	const hook = (await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created']})).json;
	await until(async () => (await reg.admin.get(`/v1/webhooks/${hook.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	const event = await asset();
	const d = await sink.waitFor(one => one.headers['webhook-id'] === event);
	for (const ASSETD_WEBHOOK_SECRET of [hook.secret, hook.public_key]) {
		const good = await ctl(['verify', saved(d)], {ASSETD_WEBHOOK_SECRET});
		assert.equal(good.code, 0, good.stderr);
		const {age_s, timestamp, ...told} = JSON.parse(good.stdout);
		assert.deepEqual(told, {id: event, fresh: true, valid: true, type: 'asset.created'});
		assert.ok(age_s >= 0 && age_s < 120 && timestamp > 1.7e9);
		for (const change of [{body: Buffer.concat([d.body, Buffer.from('\n')])}, {headers: {...d.headers, 'webhook-id': 'evt_other'}},
			{headers: {...d.headers, 'webhook-timestamp': '1'}}, {headers: {...d.headers, 'webhook-signature': 'v1,AAAA v1a,AAAA'}}]) {
			const bad = await ctl(['verify', saved(d, change)], {ASSETD_WEBHOOK_SECRET});
			assert.equal(bad.code, 1, JSON.stringify(change).slice(0, 80));
			const {valid, fresh} = JSON.parse(bad.stdout);
			assert.deepEqual([valid, fresh], [false, change.headers?.['webhook-timestamp'] !== '1']);
		}
		assert.equal((await ctl(['verify', saved(d, {headers: {}})], {ASSETD_WEBHOOK_SECRET})).code, 2);
	}
	assert.equal((await ctl(['verify', saved(d)], {ASSETD_WEBHOOK_SECRET: ''})).code, 2);
	assert.equal((await ctl(['verify', saved(d)], {ASSETD_WEBHOOK_SECRET: 'whsec_x'})).code, 2);
	assert.equal((await ctl(['verify', path.join(folder, 'none')], {ASSETD_WEBHOOK_SECRET: hook.secret})).code, 1);
	const there = await reg.admin.get(`/v1/webhooks/${hook.id}`);
	assert.equal((await reg.admin.delete(`/v1/webhooks/${hook.id}`, {match: there.headers.etag})).status, 204);
	// The address of the API of that name has another verb.
	assert.equal((await ctl(['prove', hook.id])).code, 3);
});

test('W-57: listen forwards what happens to a program of this machine, with signatures that upstream accepts', async () => {
	let ill = 1;
	const program = await startSink({respond: () => ill-- > 0 ? {status: 500} : undefined});
	const before = await asset();
	const listening = start(ASSETCTL, ['webhook', 'listen', program.url, 'types=asset.created', 'count=3'],
		{label: 'assetctl', logFile: path.join(folder, 'listen.log'), env: env({ASSETD_WEBHOOK_SECRET: ''})});
	const log = () => fs.readFileSync(path.join(folder, 'listen.log'), 'utf8');
	const secret = await until(() => fs.existsSync(path.join(folder, 'listen.log')) && log().match(/whsec_\S+/)?.[0], {what: 'the secret to be said'});
	const events = [await asset(), await asset(), await asset()];
	assert.equal(await listening.exited, 0);
	const came = program.deliveries;
	assert.deepEqual(came.map(d => d.headers['webhook-id']), [events[0], ...events], 'the first was tried again, and none before it began is among them');
	assert.ok(!came.some(d => d.headers['webhook-id'] === before));
	for (const d of came) {
		verify(secret, d);
		new SvixWebhook(secret).verify(d.text, d.headers);
		assert.equal(d.text, (await reg.admin.get(`/v1/events/${d.headers['webhook-id']}`)).text, 'byte for byte what is pushed');
		assert.equal(d.headers.authorization, undefined, 'the key is for the service alone');
	}
	await program.stop();
});

test('W-57: listen refuses what it cannot do, and says so', async () => {
	for (const args of [['listen'], ['listen', 'http://192.0.2.1/'], ['listen', sink.url, 'colour=red'], ['listen', sink.url, 'count=0'], ['hear', sink.url]]) {
		const refused = await ctl(args);
		assert.equal(refused.code, 2, `${args}: ${refused.stderr}`);
		assert.ok(refused.stderr.length > 10);
	}
	assert.match((await ctl(['listen', 'http://127.0.0.1:1/x y'])).stderr, /x y: an address has no blanks; write %20/);
	assert.equal((await ctl(['listen', sink.url, 'count=1'], {ASSETD_URL: 'http://127.0.0.1:9'})).code, 8);
	const past = await ctl(['listen', sink.url, 'after=0', 'types=asset.created', 'count=2'], {ASSETD_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 7).toString('base64')}`});
	assert.equal(past.code, 0, past.stderr);
	assert.match(past.stdout, /^evt_\S+ asset\.created 200\nevt_\S+ asset\.created 200\n$/);
	assert.doesNotMatch(past.stderr, /whsec_/);
	const [taken] = past.stdout.split(' ');
	const ill = await startSink({respond: () => ({status: 500})});
	const passed = await ctl(['listen', ill.url, 'after=0', 'types=asset.created', 'count=1']);
	await ill.stop();
	assert.equal(passed.code, 1, passed.stderr);
	assert.equal(passed.stdout, `${taken} asset.created 500\n`);
	assert.ok(passed.stderr.includes(`${taken} was not taken, and is passed over`), passed.stderr);
});
