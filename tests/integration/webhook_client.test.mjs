// The certificate that a receiver knows us by: a receiver that asks for one takes calls under it and no others; its key is shown
// nowhere, sealed as secrets are, and goes with the webhook.

import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import {after, test} from 'node:test';
import {certificates} from '../harness/certificates.mjs';
import {discard, formsOf, makeKey, ok, openSession, problem, run, sendForm, startRegister, until} from '../harness/index.mjs';

const own = await certificates(), theirs = await certificates();
const reg = await startRegister({conf: {hooks: {ca_file: own.caFile}, log: {level: 'debug'}}});
const seen = [];
// Sessions are taken up again as usual: node tells of a resumed one whose it was, too.
const server = https.createServer({key: own.key, cert: own.cert, ca: fs.readFileSync(theirs.caFile), requestCert: true, rejectUnauthorized: true}, (request, response) => {
	const parts = [];
	request.on('data', part => parts.push(part));
	request.on('end', () => {
		const json = JSON.parse(Buffer.concat(parts));
		seen.push({path: request.url, id: json.id, name: request.socket.getPeerCertificate().subject.CN});
		response.writeHead(200).end(json.data?.nonce ?? '');
	});
});
const turnedAway = []; // with what reason
server.on('tlsClientError', error => turnedAway.push(error.code));
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const url = `https://127.0.0.1:${server.address().port}`;
after(async () => {
	await reg.stop();
	server.closeAllConnections();
	await new Promise(resolve => server.close(resolve));
	discard(own.folder);
	discard(theirs.folder);
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Known Council', kind: 'COUNCIL', code: 'KNC'}));
let made = 0;
const asset = async () => (await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'})).headers['event-id'];
const log = async id => (await reg.admin.get(`/v1/webhooks/${id}/deliveries`)).json.items;
const attempt = (id, event) => until(async () => (await log(id)).find(i => i.event_id === event), {what: 'the attempt in the log', deadline_ms: 40_000});
const ping = id => until(async () => (await log(id))[0], {what: 'the ping in the log'});
const isActive = id => until(async () => (await reg.admin.get(`/v1/webhooks/${id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
const change = async (id, fields) => reg.admin.patch(`/v1/webhooks/${id}`, fields, {match: (await reg.admin.get(`/v1/webhooks/${id}`)).headers.etag});
const remove = async id => assert.equal((await reg.admin.delete(`/v1/webhooks/${id}`, {match: '*'})).status, 204);
const keys = () => reg.sql("select webhook_id, wrap_key, length(sealed) as bytes from assetd.webhook_secret where kind = 'TLS' order by 1");

const EC = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], rsa = bits => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
/** A client certificate and its key, as what is sent; by: whose authority signs it. */
async function client(name, {algorithm = EC, expired = false, by = theirs} = {}) {
	const file = end => path.join(theirs.folder, `${name}.${end}`), ca = ['-cert', by.caFile, '-keyfile', path.join(by.folder, 'ca.key')];
	await run('openssl', ['genpkey', ...algorithm, '-out', file('key')]);
	await run('openssl', ['req', '-new', '-key', file('key'), '-out', file('csr'), '-subj', `/CN=${name}`]);
	fs.writeFileSync(file('index'), '');
	fs.writeFileSync(file('cnf'), `[ca]\ndefault_ca=d\n[d]\ndatabase=${file('index')}\nnew_certs_dir=${theirs.folder}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n`);
	await run('openssl', ['ca', '-batch', '-config', file('cnf'), ...ca, '-in', file('csr'), '-out', file('pem'), '-notext',
		...expired ? ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'] : ['-days', '2']]);
	return {client_certificate: fs.readFileSync(file('pem'), 'utf8'), client_key: fs.readFileSync(file('key'), 'utf8')};
}
const one = await client('one'), other = await client('other', {algorithm: rsa(2048)}), long = await client('long', {algorithm: rsa(4096)});

test('W-47: a receiver that asks for a certificate takes the calls of the webhook that has it, under its name, and of no other', async () => {
	const fields = name => ({url: `${url}/${name}`, types: ['asset.created']});
	for (const [name, pair] of [['none', {}], ['stranger', await client('stranger', {by: own})]]) {
		const {id} = ok(await reg.admin.post('/v1/webhooks', {...fields(name), ...pair}));
		assert.equal((await ping(id)).result, 'NO_PONG', name);
		await remove(id);
	}
	assert.equal(turnedAway[0], 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE');
	assert.ok(turnedAway.length >= 2);
	assert.deepEqual(seen, []);

	const hooks = {};
	for (const [name, pair] of Object.entries({one, other, long})) {
		hooks[name] = ok(await reg.admin.post('/v1/webhooks', {...fields(name), ...pair}));
		assert.equal(hooks[name].client_certificate, pair.client_certificate.trim());
		assert.ok(!('client_key' in hooks[name]));
		await isActive(hooks[name].id);
	}
	for (let i = 0; i < 3; i++) { // connections that are kept, and sessions
		const event = await asset();
		for (const {id} of Object.values(hooks))
			assert.equal((await attempt(id, event)).result, 'DELIVERED');
	}
	assert.ok(seen.length >= 12 && seen.every(s => s.path === `/${s.name}`), JSON.stringify(seen));

	// A key that stays stays; another pair takes its place from the next call; without one it is refused again.
	assert.equal(ok(await change(hooks.one.id, {burst: 50}), 200).client_certificate, one.client_certificate.trim());
	assert.equal((await attempt(hooks.one.id, await asset())).result, 'DELIVERED');
	ok(await change(hooks.one.id, other), 200);
	const event = await asset();
	assert.equal((await attempt(hooks.one.id, event)).result, 'DELIVERED');
	assert.equal(seen.find(s => s.id === event && s.path === '/one').name, 'other');
	assert.equal((await keys()).length, 3);
	assert.equal(ok(await change(hooks.one.id, {client_certificate: null}), 200).client_certificate, null);
	assert.equal((await attempt(hooks.one.id, await asset())).result, 'NO_ANSWER');
	assert.equal((await keys()).length, 2);

	// Another key of ours: they are sealed by it as the secrets are, and read by it.
	const [old, now] = ['hooks.key', 'new.key'].map(name => path.join(reg.daemon.folder, name));
	fs.writeFileSync(now, randomBytes(32), {mode: 0o600});
	Object.assign(reg.daemon.env, {ASSETD_HOOKS_KEY_FILE: now, ASSETD_HOOKS_FORMER_KEY_FILE: old});
	await reg.daemon.stop();
	await reg.daemon.start();
	const [before] = await keys();
	ok(await reg.admin.post(`/v1/webhooks/${hooks.other.id}/rotate`, {overlap_s: 0}), 200); // secrets alone
	const {code, stdout, stderr} = await reg.daemon.command('rewrap', [], {ok: [0, 1], env: reg.daemon.env});
	assert.equal(code, 0, stderr);
	assert.ok((await keys()).every(k => k.wrap_key !== before.wrap_key));
	Object.assign(reg.daemon.env, {ASSETD_HOOKS_FORMER_KEY_FILE: ''});
	await reg.daemon.stop();
	await reg.daemon.start();
	const later = await asset();
	for (const name of ['other', 'long'])
		assert.equal((await attempt(hooks[name].id, later)).result, 'DELIVERED');

	// Gone with the webhook.
	for (const {id} of Object.values(hooks))
		await remove(id);
	assert.deepEqual(await keys(), []);
	assert.ok(seen.every(s => s.path === `/${s.name}` || s.path === '/one'));

	const said = [stdout, stderr, reg.daemon.log(), JSON.stringify((await reg.admin.get('/v1/events?limit=1000')).json)].join();
	for (const {client_key} of [one, other, long])
		assert.ok(!said.includes(client_key.split('\n')[2]));
});

test('W-47: a pair that no receiver could take is refused at its field, and the key is kept and shown nowhere', async () => {
	const bare = {url: 'https://hooks.example/bad', types: ['asset.created']}, {client_certificate, client_key} = one;
	const weak = await client('weak', {algorithm: rsa(1024)}), small = await client('small', {algorithm: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-224']});
	const edwards = await client('edwards', {algorithm: ['-algorithm', 'ED25519']}), gone = await client('gone', {expired: true});
	const locked = path.join(theirs.folder, 'locked');
	await run('openssl', ['pkey', '-in', path.join(theirs.folder, 'one.key'), '-aes256', '-passout', 'pass:word', '-out', locked]);
	const isRefused = async (pair, pointer) => {
		const reply = await reg.admin.post('/v1/webhooks', {...bare, ...pair});
		assert.deepEqual([reply.status, reply.json.errors?.[0].pointer], [422, pointer], JSON.stringify(reply.json));
		assert.ok(!pair.client_key || !reply.text.includes(pair.client_key.split('\n')[1]));
	};
	await isRefused({client_certificate}, '/client_key');
	await isRefused({client_key}, '/client_certificate');
	await isRefused({client_certificate, client_key: other.client_key}, '/client_key');
	await isRefused(gone, '/client_certificate');
	for (const pair of [weak, small, edwards])
		await isRefused(pair, '/client_key');
	for (const wrong of ['x', client_certificate, fs.readFileSync(locked, 'utf8'), client_key.slice(0, -40), client_key + '\n'.repeat(5) + 'x'.repeat(5000)])
		await isRefused({client_certificate, client_key: wrong}, '/client_key');
	for (const wrong of ['x', client_key, client_certificate + client_key])
		await isRefused({client_certificate: wrong, client_key}, '/client_certificate');

	const first = await reg.admin.post('/v1/webhooks', {...bare, ...one}, {idempotency: 'known'});
	const again = await reg.admin.post('/v1/webhooks', {...bare, ...one}, {idempotency: 'known'});
	assert.deepEqual([first.status, again.status, again.headers['idempotency-replayed']], [201, 201, 'true']);
	const {id} = first.json, got = await reg.admin.get(`/v1/webhooks/${id}`);
	for (const [fields, pointer] of [[{client_key: null}, '/client_key'], [{client_certificate: other.client_certificate}, '/client_key'],
		[{client_key: other.client_key}, '/client_key'], [{client_certificate: null, client_key}, '/client_certificate']]) {
		const reply = await change(id, fields);
		assert.deepEqual([reply.status, reply.json.errors?.[0].pointer], [422, pointer], JSON.stringify(fields).slice(0, 60));
	}
	ok(await change(id, {client_certificate: null, client_key: null}), 200);
	assert.deepEqual(await keys(), []);
	ok(await change(id, one), 200);
	const [{tables}] = await reg.sql(`select string_agg(query_to_xml(format('select * from %I.%I', schemaname, tablename), false, false, '')::text, '') as tables
		from pg_tables where schemaname = 'assetd' and (tablename like 'webhook%' or tablename in ('change', 'feed', 'idempotency_key', 'mail'))`);
	assert.ok(tables.includes(id) && (await keys()).length === 1);
	const line = client_key.split('\n')[1], bytes = Buffer.from(client_key);
	for (const where of [first.text, again.text, got.text, (await reg.admin.get(`/webhooks/${id}`)).text, tables, reg.daemon.log()])
		assert.ok(!where.includes(line) && !where.includes(bytes.toString('base64').slice(60, 120)) && !where.includes(bytes.toString('hex').slice(60, 120)));
	const {api} = (await import('../harness/contract.mjs')).contract();
	assert.ok(JSON.stringify(api).includes('"writeOnly":true'));
});

test('W-47: on the page of the webhook, which gives the key back to nobody', async () => {
	const {id} = ok(await reg.admin.post('/v1/webhooks', {url: 'https://hooks.example/page', types: ['asset.created']})), at = `/webhooks/${id}`;
	const me = await openSession(reg.url, reg.adminKey);
	const formOf = text => formsOf(at, text).find(one => one.fields.some(([, value]) => value === 'CHANGE'));
	const form = async () => formOf((await me.get(at)).text);
	const save = (one, values, cookie = me.cookie) => sendForm(reg.url, one, {fields: one.fields.map(([name, value]) => [name, values[name] ?? value]), cookie});
	const kept = async () => [(await reg.admin.get(`/v1/webhooks/${id}`)).json.client_certificate, (await keys()).filter(k => k.webhook_id === id).length];
	const hasKey = text => text.includes(one.client_key.split('\n')[1]);
	const begun = await form();
	assert.equal((await save(begun, one)).status, 303);
	const full = [one.client_certificate.trim(), 1];
	assert.deepEqual(await kept(), full);
	const page = (await me.get(at)).text;
	assert.ok(page.includes(one.client_certificate.split('\n')[1]) && !hasKey(page));
	assert.match(page, /<textarea[^>]* id="hook-client_key"[^>]* autocomplete="off" spellcheck="false"[^>]*><\/textarea>/);
	// Saved as it stands the key stays; another certificate alone is refused beside its key.
	assert.equal((await save(formOf(page), {burst: '60'})).status, 303);
	assert.deepEqual(await kept(), full);
	const alone = await save(await form(), {client_certificate: other.client_certificate});
	assert.equal(alone.status, 422);
	assert.match(alone.text, /id="hook-client_key-error"/);
	// Refused, of an earlier version, and without a session.
	for (const [reply, status] of [[await save(await form(), {...one, timeout_s: '99'}), 422], [await save(begun, {...one, burst: '9'}), 412], [await save(begun, one, ''), 401]]) {
		assert.equal(reply.status, status);
		assert.ok(reply.text.includes(one.client_certificate.split('\n')[1]) && !hasKey(reply.text), `${status}`);
	}
	assert.equal((await save(await form(), {client_certificate: ''})).status, 303);
	assert.deepEqual(await kept(), [null, 0]);
	// A new one is given both at once; with as much besides as may be typed there is room for it all.
	const fresh = formsOf('/webhooks', (await me.get('/webhooks')).text).find(form => form.action === '/webhooks');
	const first = {...one, url: 'https://hooks.example/new'}, many = one.client_certificate.repeat(10);
	const refused = await save(fresh, {...first, ca: many.padEnd(20_000, '\n+'), client_certificate: many.padEnd(20_000, '\n+'), headers: '\n+'.repeat(10_000)});
	assert.equal(refused.status, 422);
	assert.ok(refused.text.includes(one.client_certificate.split('\n')[1]) && !hasKey(refused.text));
	assert.equal((await save(fresh, first)).status, 200);
	const [{id: born}] = await reg.sql('select id from assetd.webhook where url = $1', [first.url]);
	assert.deepEqual((await keys()).filter(k => k.webhook_id === born).length, 1);
	assert.ok(!hasKey(reg.daemon.log()));
});

test('W-47: the certificate is changed by whose webhook it is', async () => {
	const {key, principal} = await makeKey(reg, {roles: {[council.id]: ['ADMIN']}}), colleague = await makeKey(reg, {roles: {[council.id]: ['ADMIN']}});
	await reg.sql('update assetd.principal set authority_id = $2 where id = $1', [principal, council.id]);
	const mine = ok(await reg.admin.as(key).post('/v1/webhooks', {url: `${url}/mine`, types: ['asset.created'], payload: 'THIN', ...one}));
	await isActive(mine.id); // which changes it, too
	const by = (who, fields) => reg.admin.as(who.key).patch(`/v1/webhooks/${mine.id}`, fields, {match: '*'});
	for (const fields of [other, one, {client_certificate: null}])
		problem(await by(colleague, fields), 403, 'forbidden');
	ok(await by(colleague, {burst: 7}), 200);
	assert.equal(ok(await by({key}, other), 200).client_certificate, other.client_certificate.trim());
});
