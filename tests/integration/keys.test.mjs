// Keys of programs: made by whoever acts, for themselves, of at most what they and the key in use have; said once, listed with their
// last use, ended by whose they are and by who looks after them. Nobody gains anything by one.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {formsOf, makeKey, ok, openSession, problem, request, sendForm, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z', conf: {http: {workers: 1}, limits: {pages_per_minute: 0}}});
after(() => reg.stop());
const {admin, anyone, sql} = reg;
const ALL = ['VIEWER', 'ESTATES', 'DECIDER', 'FINANCE', 'ADMIN'];
const SECRET = /^akey_live_[0-9A-Za-z]{49}$/;
const made = {};
let n = 0;

before(async () => {
	for (const name of ['Own', 'Other'])
		made[name] = ok(await admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name})).id;
	made.boss = await person(made.Own, ['ADMIN'], 'Boss');
	made.stranger = await person(made.Other, ALL, 'Stranger');
	made.operator = admin.as((await makeKey(reg, {isOperator: true})).key);
});

/** Somebody at home in an authority with these roles there, and a key of theirs. → {client, key, id (prn_), keyId} */
async function person(home, roles, name, options = {}) {
	const {key, id: keyId, principal: id} = await makeKey(reg, {roles: {[home]: roles}, ...options});
	await sql('update assetd.principal set authority_id = $2, name = $3 where id = $1', [id, home, name]);
	return {client: admin.as(key), key, id, keyId};
}
const body = (more = {}) => ({name: `Load ${++n}`, scopes: ['self:read', 'assets:write'], ...more});
const make = async (who, more) => ok(await who.client.post('/v1/keys', body(more)));
const at = item => `/v1/keys/${item.id}`;
const forget = () => reg.daemon.restart(); // what a worker remembers for 5 seconds
const count = async () => (await sql('select count(*)::int as n from assetd.api_key'))[0].n;

test('a key is told once, does what it may and no more, shows when it was last used, and ends', async () => {
	const who = await person(made.Own, ALL, 'Mòrag');
	const item = ok(await who.client.post('/v1/keys?reason=The+list+of+every+night', {name: 'Nightly load', scopes: ['self:read', 'assets:write', 'self:read'], expires_on: '2027-03-31'}));
	assert.match(item.secret, SECRET);
	assert.deepEqual([item.name, item.scopes, item.expires_at, item.last_used_at, item.principal_id, item.principal_name, item.prefix],
		['Nightly load', ['assets:write', 'self:read'], '2027-03-31T23:00:00.000000Z', null, who.id, 'Mòrag', item.secret.slice(0, 22)], 'to the end of the day in London');
	const program = admin.as(item.secret);
	const whoami = ok(await program.get('/v1/whoami'), 200);
	assert.deepEqual([whoami.principal_id, whoami.key_id, whoami.scopes], [who.id, item.id, ['self:read', 'assets:write']]);
	ok(await program.post('/v1/assets', {authority_id: made.Own, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
	problem(await program.post('/v1/assets', {authority_id: made.Other, name: 'Hall', class: 'HALL', tenure: 'OWNED'}), 403, 'forbidden');
	problem(await program.get(`/v1/projections/runs`), 403, 'forbidden');
	const seen = await who.client.get(at(item));
	assert.match(ok(seen, 200).last_used_at, /^2026-11-21T10:/);
	assert.ok(!('secret' in seen.json));
	assert.deepEqual(ok(await who.client.get('/v1/keys?q=nightly'), 200).items, [seen.json]);
	problem(await who.client.delete(at(item)), 428, 'precondition-required');
	problem(await who.client.delete(at(item), {match: '"2-k"'}), 412, 'stale');
	assert.equal((await who.client.delete(`${at(item)}?reason=Left+on+a+train`, {match: seen.headers.etag})).status, 204);
	await forget();
	problem(await program.get('/v1/whoami'), 401, 'unauthenticated');
	assert.deepEqual(ok(await who.client.get('/v1/keys?q=nightly'), 200).items, []);
	for (const again of [who.client.get(at(item)), who.client.delete(at(item), {match: '*'})])
		problem(await again, 410, 'gone');
	const acts = await sql('select version, actor, with_key, act, reason from assetd.key_act where key_id = $1 order by version', [item.id]);
	assert.deepEqual(acts, [{version: 1, actor: who.id, with_key: who.keyId, act: 'MADE', reason: 'The list of every night'},
		{version: 2, actor: who.id, with_key: who.keyId, act: 'ENDED', reason: 'Left on a train'}]);
	const other = await make(who);
	assert.deepEqual(ok(await who.client.get(`${at(other)}/history`), 200).items.map(a => [a.version, a.act, a.actor, a.with_key, a.at.slice(0, 13)]), [[1, 'MADE', who.id, who.keyId, '2026-11-21T10']]);
	// What everybody of the authority hears is that it happened, and no more; the key stands nowhere.
	const events = await sql('select type, data::text, reason from assetd.change where subject = $1 order by subject_seq', [item.id]);
	assert.deepEqual(events, [{type: 'key.created', data: '{}', reason: null}, {type: 'key.ended', data: '{}', reason: null}]);
	assert.ok(!reg.daemon.log().includes(item.secret) && !reg.daemon.log().includes('on a train'));
	const [{all}] = await sql(`select (select string_agg(k::text, '') from assetd.api_key as k) || (select string_agg(c::text, '') from assetd.change as c)
		|| (select coalesce(string_agg(i::text, ''), '') from assetd.idempotency_key as i) as all`);
	assert.ok(all.includes(item.prefix) && !all.includes(item.secret.slice(22)));
});

test('sent again with its Idempotency-Key it is made once, and the secret is not told again', async () => {
	const who = await person(made.Own, ['VIEWER'], 'Twice');
	const fields = {name: 'Once', scopes: ['self:read']};
	const one = await who.client.post('/v1/keys', fields, {idempotency: 'k1'}), two = await who.client.post('/v1/keys', fields, {idempotency: 'k1'});
	assert.match(ok(one).secret, SECRET);
	assert.deepEqual([ok(two).id, two.json.secret, two.headers['idempotency-replayed']], [one.json.id, undefined, 'true']);
	problem(await who.client.post('/v1/keys', {...fields, name: 'Other'}, {idempotency: 'k1'}), 422, 'idempotency-key-reused');
	assert.equal(ok(await who.client.get('/v1/keys'), 200).items.length, 2);
});

test('what is not a key is refused at its field', async () => {
	const {client} = await person(made.Own, ['ESTATES'], 'Wrong');
	const was = await count();
	for (const [bad, pointer] of [[{name: ''}, '/name'], [{name: undefined}, '/name'], [{scopes: []}, '/scopes'], [{scopes: undefined}, '/scopes'], [{scopes: ['*']}, '/scopes/0'],
		[{scopes: ['self:read', 'no:such']}, '/scopes/1'], [{expires_on: '2026-11-20'}, '/expires_on'], [{expires_on: '2027-11-22'}, '/expires_on'], [{principal_id: made.boss.id}, '/principal_id'],
		[{secret: 'x'}, '/secret'], [{authority_id: made.Own}, '/authority_id']])
		problem(await client.post('/v1/keys', body(bad)), 422, 'invalid', pointer);
	assert.equal(await count(), was);
	assert.equal(ok(await client.post('/v1/keys', body({expires_on: '2027-11-21'}))).expires_at, '2027-11-22T00:00:00.000000Z');
	assert.equal(ok(await client.post('/v1/keys', body())).expires_at, '2027-11-22T00:00:00.000000Z', 'a year, where nothing is said');
});

test('nobody gives what they have not: neither another role\'s rights, nor more than the key in use, nor for longer, nor the right to go on', async () => {
	const officer = await person(made.Own, ['ESTATES'], 'Officer');
	const all = await person(made.Own, ALL, 'All of it');
	const narrow = await person(made.Own, ALL, 'Narrow', {scopes: ['self:read', 'keys:write', 'assets:write']});
	const mute = await person(made.Own, ALL, 'Mute', {scopes: ['self:read', 'assets:write', 'money:read']});
	const brief = await person(made.Own, ALL, 'Brief', {expires: '2026-11-22T12:00:00Z'});
	const was = await count();
	for (const [who, scopes] of [[officer, ['money:read']], [officer, ['requests:decide']], [officer, ['accounts:write']], [officer, ['assets:write', 'installation:write']], [all, ['installation:write']],
		[narrow, ['money:read']], [narrow, ['assets:write', 'valuations:write']], [mute, ['assets:write']], [all, ['keys:write']], [officer, ['keys:write']], [narrow, ['self:read', 'keys:write']]])
		problem(await who.client.post('/v1/keys', body({scopes})), 403, 'forbidden');
	assert.equal(await count(), was);
	assert.match(problem(await officer.client.post('/v1/keys', body({scopes: ['self:read', 'money:read']})), 403, 'forbidden').detail, /^money:read is not yours to give/);
	assert.deepEqual((await make(narrow, {scopes: ['assets:write']})).scopes, ['assets:write']);
	assert.equal((await make(brief)).expires_at, '2026-11-22T12:00:00.000000Z', 'no longer than the key in use');
	// A key makes none, whatever it was given.
	const most = await make(all, {scopes: ok(await all.client.get('/v1/whoami'), 200).scopes.filter(s => s !== 'keys:write')});
	problem(await admin.as(most.secret).post('/v1/keys', body()), 403, 'forbidden');
	problem(await admin.as(most.secret).delete(at(most), {match: '*'}), 403, 'forbidden');
	// The right that its maker loses it loses, and one that they gain later it has only where it was said.
	const lost = await make(officer);
	await sql('delete from assetd.principal_role where principal_id = $1', [officer.id]);
	await sql(`insert into assetd.principal_role (principal_id, authority_id, role, created_at) values ($1, $2, 'FINANCE', now())`, [officer.id, made.Own]);
	await forget();
	assert.deepEqual(ok(await admin.as(lost.secret).get('/v1/whoami'), 200).scopes, ['self:read']);
	await sql('update assetd.principal set closed_at = now() where id = $1', [officer.id]);
	await forget();
	problem(await admin.as(lost.secret).get('/v1/whoami'), 401, 'unauthenticated');
});

/** One statement as the daemon's own role, on behalf of that person by that key. */
const asApi = (who, text) => sql(`begin; select assetd.actor_set('${who.id}', '${who.keyId}', 'test', '2026-11-21T10:00:00Z', '2026-11-21'); ${text}; commit`, undefined, {user: 'assetd_api'});
const insert = (principal, {scopes = '{self:read}', hash = `sha256('${++n}')`, expires = `'2026-12-01'`, prefix = `akey_test_${String(++n).padStart(12, '0')}`} = {}) =>
	`insert into assetd.api_key (id, principal_id, name, prefix, hash, scopes, expires_at) values ('key_${String(++n).padStart(26, 'x')}', '${principal}', 'X', '${prefix}', ${hash}, '${scopes}', ${expires})`;

test('the database itself lets nobody give more, for somebody else, for longer, or change what was given', async () => {
	const narrow = await person(made.Own, ALL, 'Narrow', {scopes: ['keys:write', 'self:read', 'assets:write'], expires: '2026-12-24T00:00:00Z'});
	const mute = await person(made.Own, ALL, 'Mute', {scopes: ['self:read']});
	const victim = await person(made.Own, ['FINANCE'], 'Victim');
	await asApi(narrow, insert(narrow.id));
	await asApi(narrow, insert(narrow.id, {scopes: '{self:read,assets:write}', expires: `'2026-12-24'`}));
	for (const [who, text] of [[narrow, insert(narrow.id, {scopes: '{money:read}'})], [narrow, insert(narrow.id, {scopes: '{*}'})], [narrow, insert(narrow.id, {scopes: '{keys:write}'})],
		[narrow, insert(narrow.id, {expires: `'2026-12-25'`})], [narrow, insert(narrow.id, {expires: 'null'})], [mute, insert(mute.id)], [made.boss, insert(victim.id)],
		[victim, insert(victim.id, {hash: 'null', prefix: `account_${++n}xxxxxx`, scopes: '{*}'})]])
		await assert.rejects(asApi(who, text), /row-level security/, text);
	for (const change of ['scopes = \'{*}\'', 'hash = sha256(\'x\')', 'prefix = \'akey_live_other00000000\'', `principal_id = '${made.boss.id}'`])
		await assert.rejects(asApi(victim, `update assetd.api_key set ${change} where id = '${victim.keyId}'`), /permission denied/, change);
	for (const longer of ['expires_at = null', `expires_at = '2026-12-24T00:00:01Z'`])
		await assert.rejects(asApi(narrow, `update assetd.api_key set ${longer} where id = '${narrow.keyId}'`), /works no longer than it was made for/, longer);
	await asApi(narrow, `update assetd.api_key set expires_at = '2026-12-23T00:00:00Z' where id = '${narrow.keyId}'`);
	await sql('update assetd.api_key set revoked_at = now() where id = $1', [narrow.keyId]);
	await assert.rejects(asApi(narrow, insert(narrow.id)), /row-level security/, 'a key that was ended a moment ago makes none');
});

test('an ADMIN sees and ends the keys of those at home in their authority; a stranger is answered as if there were none', async () => {
	const who = await person(made.Own, ['VIEWER'], 'Looked after');
	const item = await make(who, {scopes: ['self:read']}), none = {id: `key_${'z'.repeat(26)}`};
	assert.deepEqual(ok(await made.boss.client.get(`/v1/keys?principal_id=${who.id}&sort=-id`), 200).items.map(i => i.id).sort(), [item.id, who.keyId].sort());
	assert.deepEqual(ok(await made.boss.client.get('/v1/keys?q=looked+after'), 200).items.length, 2);
	const colleague = await person(made.Own, ['ESTATES', 'FINANCE'], 'Colleague');
	for (const other of [made.stranger, colleague]) {
		assert.deepEqual(ok(await other.client.get(`/v1/keys?principal_id=${who.id}`), 200).items, []);
		for (const call of [i => other.client.get(at(i)), i => other.client.get(`${at(i)}/history`), i => other.client.delete(at(i), {match: '*'})]) {
			const [there, nowhere] = [await call(item), await call(none)];
			assert.deepEqual([there.status, {...there.json, instance: 0}], [404, {...nowhere.json, instance: 0}]);
		}
	}
	assert.equal((await made.boss.client.delete(`${at(item)}?reason=Found+on+a+page`, {match: '*'})).status, 204);
	const [, ended] = await sql('select actor, with_key, reason from assetd.key_act where key_id = $1 order by version', [item.id]);
	assert.deepEqual(ended, {actor: made.boss.id, with_key: made.boss.keyId, reason: 'Found on a page'});
	// Those who run the register see all, and are nobody else's to look after, wherever they are at home.
	const runs = await person(made.Own, ['VIEWER'], 'Runs it', {isOperator: true});
	assert.equal((await made.boss.client.get(`/v1/keys/${runs.keyId}`)).status, 404);
	assert.equal(ok(await made.operator.get(`/v1/keys/${runs.keyId}`), 200).principal_name, 'Runs it');
	assert.equal((await made.operator.delete(`/v1/keys/${who.keyId}`, {match: '*'})).status, 204);
	problem(await anyone.get('/v1/keys'), 401, 'unauthenticated');
});

test('what stands behind an account is no key: it is neither listed nor ended', async () => {
	const account = ok(await made.boss.client.post('/v1/accounts', {authority_id: made.Own, name: 'Has an account', email: 'account@example.org', roles: ['VIEWER']}));
	const [{key_id}] = await sql('select key_id from assetd.account where principal_id = $1', [account.id]);
	assert.deepEqual(ok(await made.boss.client.get(`/v1/keys?principal_id=${account.id}`), 200).items, []);
	for (const reply of [made.boss.client.get(`/v1/keys/${key_id}`), made.boss.client.delete(`/v1/keys/${key_id}`, {match: '*'}), made.boss.client.get(`/v1/keys/${key_id}/history`)])
		problem(await reply, 404, 'not-found');
});

test('who signs in with a password makes keys that live on without it, and end with their account', async () => {
	const account = ok(await made.boss.client.post('/v1/accounts', {authority_id: made.Own, name: 'Eilidh', email: 'eilidh@example.org', roles: ['ESTATES']}));
	const form = {'Content-Type': 'application/x-www-form-urlencoded', Origin: reg.url}, password = 'kettle on by nine';
	const post = (to, fields, Cookie) => request(reg.url + to, {method: 'POST', body: new URLSearchParams(fields).toString(), headers: {...form, ...(Cookie && {Cookie})}});
	const cookie = (reply, name) => [reply.headers['set-cookie']].flat().map(c => c.split(';')[0]).find(c => c.startsWith(`${name}=`));
	assert.equal((await post('/password', {token: account.link.split('token=')[1], password})).status, 303);
	const asked = await request(`${reg.url}/sign-in`);
	const opened = await post('/sign-in', {form_csrf: /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text)[1], next: '/', email: account.email, password}, cookie(asked, '__Host-form'));
	const sid = cookie(opened, '__Host-sid');
	const page = await request(`${reg.url}/keys`, {headers: {Cookie: sid}});
	assert.match(page.text, /You have none\./);
	const fields = {csrf: /name="csrf" value="([^".]+)/.exec(page.text)[1], name: 'Of an account', expires_on: '', 'may_self:read': 'yes'};
	// A browser left open is not its owner: a wrong password makes none, nor does a key, and what is typed is counted before it is compared.
	assert.match(page.text, /<label[^>]*for="present">Your password</);
	for (const present of ['', 'kettle on by ten', made.boss.key]) {
		const refused = await post('/keys', {...fields, ...(present && {present})}, sid);
		assert.deepEqual([refused.status, /akey_live_/.test(refused.text), refused.text.includes('value="Of an account"')], [422, false, true], refused.text);
		assert.match(refused.text, /<a href="#present">The password is not right/);
		assert.ok(!present || !refused.text.includes(present));
	}
	await sql('update assetd.sign_in_try set tries = 12, next_at = $1', ['2026-11-21T12:00:00Z']);
	const tired = await post('/keys', {...fields, present: password}, sid);
	assert.deepEqual([tired.status, /too many tries at your password/.test(tired.text), tired.text.includes('value="Of an account"')], [429, true, true], tired.text);
	await sql('delete from assetd.sign_in_try');
	const sent = await post('/keys', {...fields, present: password}, sid);
	assert.deepEqual(await sql('select from assetd.sign_in_try'), [], 'who was right has not tried');
	const [secret] = /akey_live_[0-9A-Za-z]{49}/.exec(sent.text);
	assert.deepEqual(ok(await admin.as(secret).get('/v1/whoami'), 200).scopes, ['self:read']);
	assert.equal((await made.boss.client.delete(`/v1/accounts/${account.id}/sessions`, {match: '*'})).status, 204);
	await forget();
	ok(await admin.as(secret).get('/v1/whoami'), 200);
	assert.equal((await made.boss.client.delete(`/v1/accounts/${account.id}`, {match: '*'})).status, 204);
	await forget();
	problem(await admin.as(secret).get('/v1/whoami'), 401, 'unauthenticated');
	assert.deepEqual(ok(await made.boss.client.get('/v1/keys?q=of+an+account'), 200).items, []);
});

const history = async (who, item) => ok(await who.client.get(`${at(item)}/history`), 200).items;

test('a key is named anew and ends sooner, never later, and may for good what it may', async () => {
	const who = await person(made.Own, ['ESTATES'], 'Changes'), item = await make(who, {name: 'Load', expires_on: '2027-03-31'});
	const patch = (fields, options) => who.client.patch(at(item), fields, options);
	problem(await patch({name: 'Other'}), 428, 'precondition-required');
	problem(await patch({name: 'Other'}, {match: '"7-k"'}), 412, 'stale');
	for (const [bad, pointer] of [[{name: ''}, '/name'], [{name: null}, '/name'], [{scopes: ['self:read']}, '/scopes'], [{expires_on: null}, '/expires_on'], [{expires_on: '2027-04-01'}, '/expires_on'],
		[{expires_on: '2026-11-20'}, '/expires_on'], [{secret: 'x'}, '/secret'], [{principal_id: made.boss.id}, '/principal_id'], [{revoked_at: null}, '/revoked_at']])
		problem(await patch(bad, {match: '*'}), 422, 'invalid', pointer);
	const named = ok(await who.client.patch(`${at(item)}?reason=It+loads+more`, {name: 'Nightly load'}, {match: '"1-k"'}), 200);
	assert.deepEqual([named.version, named.name, named.expires_at, named.scopes, named.secret], [2, 'Nightly load', item.expires_at, item.scopes, undefined]);
	assert.equal(ok(await patch({expires_on: '2027-03-31'}, {match: '*'}), 200).expires_at, item.expires_at, 'its own last day is no other');
	assert.equal(ok(await made.boss.client.patch(at(item), {expires_on: '2026-11-21'}, {match: '*'}), 200).expires_at, '2026-11-22T00:00:00.000000Z', 'by who looks after them, too');
	problem(await made.stranger.client.patch(at(item), {name: 'Mine'}, {match: '*'}), 404, 'not-found');
	problem(await admin.as(item.secret).patch(at(item), {name: 'Mine'}, {match: '*'}), 403, 'forbidden');
	ok(await admin.as(item.secret).get('/v1/whoami'), 200);
	assert.deepEqual((await history(who, item)).map(a => [a.version, a.act, a.actor, a.reason, a.before, a.after]), [[1, 'MADE', who.id, null, null, null],
		[2, 'CHANGED', who.id, 'It loads more', {name: 'Load'}, {name: 'Nightly load'}], [3, 'CHANGED', who.id, null, null, null],
		[4, 'CHANGED', made.boss.id, null, {expires_on: '2027-03-31'}, {expires_on: '2026-11-21'}]]);
	assert.deepEqual((await sql('select distinct type, data::text from assetd.change where subject = $1 order by 1', [item.id])).map(c => [c.type, c.data]), [['key.created', '{}'], ['key.updated', '{}']]);
	// One without an end is given one, and one without a name keeps none.
	const bare = {id: who.keyId};
	assert.equal(ok(await who.client.patch(at(bare), {expires_on: '2027-12-31'}, {match: '*'}), 200).expires_at, '2028-01-01T00:00:00.000000Z');
	assert.equal((await who.client.delete(at(item), {match: '*'})).status, 204);
	problem(await patch({name: 'Late'}, {match: '*'}), 410, 'gone');
});

test('another takes the place of a key, with its scopes; both work until the overlap is over', async () => {
	const who = await person(made.Own, ['ESTATES'], 'Rotates'), old = await make(who, {name: 'Load', expires_on: '2027-03-31'});
	const next = ok(await who.client.post(`${at(old)}/rotate?reason=As+every+quarter`, {expires_on: '2027-06-30', overlap_s: 3600}));
	assert.match(next.secret, SECRET);
	assert.notEqual(next.secret, old.secret);
	assert.deepEqual([next.name, next.scopes, next.expires_at, next.version, next.principal_id], ['Load', old.scopes, '2027-06-30T23:00:00.000000Z', 1, who.id]);
	const was = ok(await who.client.get(at(old)), 200);
	assert.match(was.expires_at, /^2026-11-21T11:0/);
	for (const one of [old, next])
		assert.equal(ok(await admin.as(one.secret).get('/v1/whoami'), 200).key_id, one.id);
	assert.deepEqual((await history(who, old)).map(a => [a.version, a.act, a.reason, a.before, a.after]),
		[[1, 'MADE', null, null, null], [2, 'ROTATED', 'As every quarter', null, {next: next.id, overlap_s: 3600}]]);
	assert.deepEqual((await history(who, next)).map(a => [a.act, a.reason]), [['MADE', 'As every quarter']]);
	assert.deepEqual((await sql('select type, data::text from assetd.change where subject = $1 order by subject_seq', [old.id])).map(c => [c.type, c.data]), [['key.created', '{}'], ['key.rotated', '{}']]);
	// A day where nothing is said, never longer than it would have worked; at once; and again, since an answer may be lost.
	const brief = await make(who, {expires_on: '2026-11-21'});
	ok(await who.client.post(`${at(brief)}/rotate`, {}));
	assert.equal(ok(await who.client.get(at(brief)), 200).expires_at, '2026-11-22T00:00:00.000000Z');
	const again = ok(await who.client.post(`${at(next)}/rotate`, {}));
	assert.match(ok(await who.client.get(at(next)), 200).expires_at, /^2026-11-22T10:0/);
	assert.equal(again.expires_at, '2027-11-22T00:00:00.000000Z', 'a year, where nothing is said');
	const last = ok(await who.client.post(`${at(again)}/rotate`, {overlap_s: 0}));
	await forget();
	problem(await admin.as(again.secret).get('/v1/whoami'), 401, 'unauthenticated');
	for (const one of [old, next, last])
		ok(await admin.as(one.secret).get('/v1/whoami'), 200);
	reg.daemon.setClock('2026-11-21T11:30:00Z');
	await forget();
	problem(await admin.as(old.secret).get('/v1/whoami'), 401, 'unauthenticated');
	ok(await admin.as(next.secret).get('/v1/whoami'), 200);
	const [{all}] = await sql(`select (select string_agg(k::text, '') from assetd.api_key as k) || (select string_agg(a::text, '') from assetd.key_act as a) as all`);
	assert.ok(!all.includes(last.secret.slice(22)) && !reg.daemon.log().includes(last.secret));
	reg.daemon.setClock('2026-11-21T10:00:00Z');
	await forget();
});

test('no key that takes the place of another may more than its maker could give; it is made once and for oneself', async () => {
	const who = await person(made.Own, ['ESTATES', 'FINANCE'], 'Turns'), item = await make(who, {scopes: ['self:read', 'money:read']});
	const rotate = (client, one = item, body = {}, options) => client.post(`${at(one)}/rotate`, body, options);
	for (const [bad, pointer] of [[{overlap_s: -1}, '/overlap_s'], [{overlap_s: 2_592_001}, '/overlap_s'], [{expires_on: '2026-11-20'}, '/expires_on'], [{expires_on: '2027-11-22'}, '/expires_on'],
		[{scopes: ['self:read']}, '/scopes'], [{name: 'Other'}, '/name']])
		problem(await rotate(who.client, item, bad), 422, 'invalid', pointer);
	problem(await rotate(admin.as(item.secret)), 403, 'forbidden');
	problem(await rotate(made.boss.client), 403, 'forbidden');
	problem(await rotate(made.stranger.client), 404, 'not-found');
	problem(await rotate(anyone), 401, 'unauthenticated');
	// The key by which they are signed in, which has all; and one by which not all may be given.
	assert.match(problem(await rotate(who.client, {id: who.keyId}), 403, 'forbidden').detail, /^\* is not yours to give/);
	const {key: slight, id: slightId} = await makeKey(reg, {scopes: ['self:read', 'keys:write']});
	await sql('update assetd.api_key set principal_id = $1 where id = $2', [who.id, slightId]);
	assert.match(problem(await rotate(admin.as(slight)), 403, 'forbidden').detail, /^money:read is not yours to give/);
	problem(await rotate(who.client, {id: slightId}), 403, 'forbidden');
	const [one, two] = [await rotate(who.client, item, {}, {idempotency: 'r'}), await rotate(who.client, item, {}, {idempotency: 'r'})];
	assert.deepEqual([ok(two).id, two.json.secret, two.headers['idempotency-replayed']], [ok(one).id, undefined, 'true']);
	await sql(`delete from assetd.principal_role where principal_id = $1 and role = 'FINANCE'`, [who.id]);
	await forget();
	problem(await rotate(who.client, one.json), 403, 'forbidden');
	assert.equal((await who.client.delete(at(item), {match: '*'})).status, 204);
	problem(await rotate(who.client), 410, 'gone');
	assert.deepEqual((await sql('select version, act from assetd.key_act where key_id = $1 order by 1', [item.id])).map(a => a.act), ['MADE', 'ROTATED', 'ENDED']);
});

test('fifty that work are as many as one may have', async () => {
	const who = await person(made.Own, ['VIEWER'], 'Many');
	const items = [];
	for (let i = 1; i < 50; i++)
		items.push(await make(who, {scopes: ['self:read']}));
	for (const path of ['/v1/keys', `${at(items[0])}/rotate`])
		problem(await who.client.post(path, path === '/v1/keys' ? body({scopes: ['self:read']}) : {}), 409, 'too-many');
	assert.equal((await who.client.delete(at(items[0]), {match: '*'})).status, 204);
	await make(who, {scopes: ['self:read']});
	await sql(`update assetd.api_key set expires_at = '2026-11-21T09:00Z' where id = $1`, [items[1].id]);
	await make(who, {scopes: ['self:read']});
});

test('the page makes one, shows it once and to nobody\'s store, and ends it; of two tabs the second hears so', async () => {
	const who = await person(made.Own, ['ESTATES'], 'At the page');
	const session = await openSession(reg.url, who.key);
	assert.notEqual((await anyone.get('/keys')).status, 200);
	const first = await session.get('/keys');
	assert.doesNotMatch(first.text, /may_money:read|may_keys:write|may_installation:write|id="others"/, 'what is not theirs is not offered');
	const wish = {name: 'Load <b>', expires_on: '', 'may_assets:write': 'yes', 'may_self:read': 'yes'};
	// Who signed in by a key types that one again, and no other does, not even one of theirs.
	assert.match(first.text, /<label[^>]*for="present">The key that you signed in with</);
	for (const present of [undefined, 'x', who.key.slice(0, -1), made.boss.key, (await make(who)).secret]) {
		const refused = await session.post('/keys', {...wish, ...(present && {present})});
		assert.equal(refused.status, 422, present);
		assert.match(refused.text, /<a href="#present">This is not the key that you signed in with/);
		assert.ok(!/akey_live_[0-9A-Za-z]{49}/.test(refused.text));
	}
	const sent = await session.post('/keys', {...wish, present: who.key});
	assert.equal(sent.status, 200, sent.text);
	assert.match([sent.headers['cache-control']].flat().join(), /no-store/);
	assert.equal(sent.headers['referrer-policy'], 'strict-origin', 'not even the path goes on');
	const [secret] = /akey_live_[0-9A-Za-z]{49}/.exec(sent.text);
	assert.deepEqual(ok(await admin.as(secret).get('/v1/whoami'), 200).scopes, ['self:read', 'assets:write']);
	const page = (await session.get('/keys')).text;
	assert.ok(!page.includes(secret) && !page.includes('Load <b>') && page.includes('Load &lt;b&gt;'));
	for (const [fields, status] of [[{name: 'None'}, 422], [{name: '', 'may_self:read': 'yes'}, 422], [{name: 'More', 'may_money:read': 'yes'}, 403], [{name: 'More', 'may_keys:write': 'yes'}, 403]])
		assert.equal((await session.post('/keys', {...fields, present: who.key})).status, status, JSON.stringify(fields));
	const [, id] = /Load &lt;b&gt;[^]*?name="end" value="(key_[^"]+)"/.exec(page);
	const end = {end: id, seen_version: '1'};
	assert.equal((await session.post('/keys', end)).headers.location, '/keys');
	assert.equal((await session.post('/keys', end)).status, 410);
	assert.doesNotMatch((await session.get('/keys')).text, /Load &lt;b&gt;/);
	assert.equal((await (await openSession(reg.url, made.stranger.key)).post('/keys', {end: who.keyId, seen_version: '1'})).status, 404);
	await forget();
	problem(await admin.as(secret).get('/v1/whoami'), 401, 'unauthenticated');
	// The key by which one is signed in can be ended, too, and then one is signed in no longer.
	assert.equal((await session.post('/keys', {end: who.keyId, seen_version: '1'})).status, 303);
	await forget();
	assert.doesNotMatch((await session.get('/')).text, /Signed in as/);
});

test('the form sent twice makes one key, which is not shown a second time', async () => {
	const who = await person(made.Own, ['ESTATES'], 'Twice at the page');
	const session = await openSession(reg.url, who.key);
	const form = formsOf('/keys', (await session.get('/keys')).text).find(one => one.written.includes('name'));
	const fields = [...form.fields.map(([name, value]) => [name, name === 'name' ? 'Pressed twice' : name === 'present' ? who.key : value]), ['may_self:read', 'yes']];
	const both = await Promise.all([1, 2].map(() => sendForm(reg.url, form, {fields, cookie: session.cookie})));
	const late = await sendForm(reg.url, form, {fields, cookie: session.cookie});
	assert.equal(both.concat(late).filter(reply => /akey_live_/.test(reply.text)).length, 1);
	assert.deepEqual([late.status, late.headers.location, late.headers['idempotency-replayed']], [303, '/keys', 'true']);
	assert.equal((await sql(`select from assetd.api_key where name = 'Pressed twice'`)).length, 1);
});

test('a key\'s own page changes it, makes the next one, shows that once, and ends it', async () => {
	const who = await person(made.Own, ['ESTATES'], 'At its page'), item = await make(who, {name: 'Load <b>', expires_on: '2027-03-31'}), page = `/keys/${item.id}`;
	const session = await openSession(reg.url, who.key);
	const formOf = (text, act) => formsOf(page, text).find(one => one.fields.some(([name, value]) => name === 'act' && value === act));
	const save = (form, values = {}) => sendForm(reg.url, form, {fields: form.fields.map(([name, value]) => [name, values[name] ?? value]), cookie: session.cookie});
	assert.match((await session.get('/keys')).text, new RegExp(`<a href="${page}">Load &lt;b&gt;</a>`));
	const begun = (await session.get(page)).text;
	assert.equal((await save(formOf(begun, 'CHANGE'), {name: 'Load', expires_on: '2026-12-31'})).headers.location, page);
	const stale = await save(formOf(begun, 'CHANGE'), {name: 'Mine'});
	assert.equal(stale.status, 412);
	assert.match(stale.text, />What it is for<\/a><\/th><td[^>]*>Load<\/td><td[^>]*><strong>Mine<\/strong>/, 'beside what it is now');
	assert.match(stale.text, /value="Mine"/);
	const late = await save(formOf((await session.get(page)).text, 'CHANGE'), {expires_on: '2027-01-01'});
	assert.equal(late.status, 422);
	assert.match(late.text, /id="k-expires_on-error"><span[^>]*>Error:<\/span> No key is made to work longer/);
	const shown = (await session.get(page)).text;
	assert.match(shown, /It was for: Load &lt;b&gt;\. Its last day was 31 March 2027\./);
	for (const present of ['', made.boss.key]) {
		const refused = await save(formOf(shown, 'ROTATE'), {overlap_s: '604800', present});
		assert.equal(refused.status, 422);
		assert.match(refused.text, /<a href="#present">This is not the key that you signed in with/);
	}
	const sent = await save(formOf(shown, 'ROTATE'), {overlap_s: '604800', present: who.key});
	assert.equal(sent.status, 200, sent.text);
	assert.match([sent.headers['cache-control']].flat().join(), /no-store/);
	const [secret] = /akey_live_[0-9A-Za-z]{49}/.exec(sent.text);
	const {key_id: next} = ok(await admin.as(secret).get('/v1/whoami'), 200);
	assert.ok(sent.text.includes(`<a href="/keys/${next}">`) && /works until 28 November 2026/.test(sent.text));
	ok(await admin.as(item.secret).get('/v1/whoami'), 200);
	const twice = await save(formOf(shown, 'ROTATE'), {overlap_s: '604800', present: who.key});
	assert.deepEqual([twice.status, twice.headers.location], [303, page]);
	assert.ok(!(await session.get(page)).text.includes(secret) && !(await session.get(`/keys/${next}`)).text.includes(secret));
	// Who looks after them sees and ends it, and makes none in its place.
	const boss = await openSession(reg.url, made.boss.key), theirs = (await boss.get(page)).text;
	assert.ok(/At its page/.test(theirs) && formOf(theirs, 'CHANGE') && !formOf(theirs, 'ROTATE'));
	assert.equal((await boss.post(page, {act: 'ROTATE', present: made.boss.key})).status, 403);
	assert.equal((await (await openSession(reg.url, made.stranger.key)).get(page)).status, 404);
	assert.ok(!formOf((await session.get(`/keys/${who.keyId}`)).text, 'ROTATE'), 'a key that makes keys is not rotated');
	assert.equal((await session.post(page, {act: 'END', seen_version: '3'})).headers.location, '/keys');
	assert.equal((await session.get(page)).status, 410);
	await forget();
	problem(await admin.as(item.secret).get('/v1/whoami'), 401, 'unauthenticated');
	ok(await admin.as(secret).get('/v1/whoami'), 200);
});
