// The key that secrets of webhooks are encrypted with is changed: `assetd rewrap`, cut off midway and run again, beside a
// daemon that signs all the while, and nothing is lost.

import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {ok, startRegister, startSink, until, verify} from '../harness/index.mjs';

const HOOKS = 70; // of two secrets each: more than one transaction of the command

const tls = await startSink({tls: true});
const reg = await startRegister({conf: {hooks: {ca_file: tls.ca}}});
after(async () => {
	await reg.stop();
	await tls.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Keyed Council', kind: 'COUNCIL', code: 'KC'}));
let made = 0;
const keyFile = name => {
	const file = path.join(reg.daemon.folder, name);
	fs.writeFileSync(file, randomBytes(32), {mode: 0o600});
	return file;
};
const state = async id => (await reg.admin.get(`/v1/webhooks/${id}`)).json.state;
/** A new asset's event comes, signed by each webhook's own secret. */
async function isSigned(hooks) {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'});
	const event = ok(reply) && reply.headers['event-id'];
	const came = await until(() => {
		const mine = tls.deliveries.filter(d => d.headers['webhook-id'] === event);
		return mine.length >= hooks.length && mine;
	}, {what: 'all calls', deadline_ms: 60_000});
	for (const hook of hooks)
		assert.ok(came.some(d => d.path === new URL(hook.url).pathname && verify(hook.secret, d)), hook.id);
}
const rewrap = (env = {}) => reg.daemon.command('rewrap', [], {ok: [0, 1], env: {...reg.daemon.env, ...env}});
/** How many secrets are under which key. */
const under = async () => Object.fromEntries((await reg.sql('select wrap_key, count(*)::int as n from assetd.webhook_secret group by 1'))
	.map(({wrap_key, n}) => [wrap_key, n]));
async function restart(env) {
	Object.assign(reg.daemon.env, env);
	await reg.daemon.stop();
	await reg.daemon.start();
}

test('W-43: another key: all secrets are sealed by it, cut off midway too, while webhooks are sent', async () => {
	const hooks = [];
	while (hooks.length < HOOKS)
		hooks.push(ok(await reg.admin.post('/v1/webhooks', {url: `${tls.url}/${hooks.length}`, types: ['asset.created']})));
	for (const {id} of hooks)
		await until(async () => await state(id) === 'ACTIVE', {what: 'the webhook to be active', deadline_ms: 60_000});
	await isSigned(hooks);
	const [before] = Object.keys(await under());
	const rows = () => reg.sql(`select webhook_id, kind, number, wrap_key, encode(sealed, 'hex') as sealed from assetd.webhook_secret order by 1, 2, 3`);
	const was = await rows();
	const still = await rewrap();
	assert.deepEqual([still.code, await under()], [0, {[before]: 2 * HOOKS}], 'no other key: nothing to do');

	const [old, now] = [path.join(reg.daemon.folder, 'hooks.key'), keyFile('new.key')];
	const without = await rewrap({ASSETD_HOOKS_KEY_FILE: now});
	assert.deepEqual([without.code, await under()], [1, {[before]: 2 * HOOKS}], 'what cannot be opened is left as it is');
	assert.match(without.stderr, new RegExp(`${hooks[0].id}.*${before}`));

	await restart({ASSETD_HOOKS_KEY_FILE: now, ASSETD_HOOKS_FORMER_KEY_FILE: old});
	await isSigned(hooks);
	const last = was.at(-1);
	await reg.sql(`create function assetd.cut_off() returns trigger language plpgsql as $$ begin
		if old.webhook_id = '${last.webhook_id}' then raise exception 'cut off'; end if; return new; end $$`);
	await reg.sql('create trigger cut_off before update on assetd.webhook_secret for each row execute function assetd.cut_off()');
	const cut = await rewrap();
	assert.equal(cut.code, 1);
	const half = await under();
	assert.equal(Object.keys(half).length, 2, JSON.stringify(half));
	assert.equal(Object.values(half).reduce((a, b) => a + b), 2 * HOOKS);
	await restart({}); // everything is read anew
	await isSigned(hooks);
	const late = ok(await reg.admin.post('/v1/webhooks', {url: `${tls.url}/late`, types: ['asset.created']}));
	await until(async () => await state(late.id) === 'ACTIVE', {what: 'it to be active'});
	hooks.push(late);
	await reg.sql('drop trigger cut_off on assetd.webhook_secret');
	await reg.sql('drop function assetd.cut_off()');

	const [one, other] = await Promise.all([rewrap(), rewrap(), isSigned(hooks)]);
	assert.deepEqual([one.code, other.code], [0, 0], one.stderr + other.stderr);
	const [after_, ...more] = Object.entries(await under());
	assert.deepEqual([after_[1], more], [2 * hooks.length, []], 'all under one key');
	assert.notEqual(after_[0], before);
	assert.match(one.stdout, /nothing is left/);
	const sealed = new Set((await rows()).map(r => r.sealed));
	assert.ok(was.every(r => !sealed.has(r.sealed)));

	fs.rmSync(old);
	await restart({ASSETD_HOOKS_FORMER_KEY_FILE: ''});
	await isSigned(hooks);
	const said = [one, other, cut, without].map(r => r.stdout + r.stderr).join() + reg.daemon.log();
	for (const {secret} of hooks)
		assert.ok(!said.includes(secret.slice(6)) && !said.includes(Buffer.from(secret.slice(6), 'base64').toString('hex')));
});
