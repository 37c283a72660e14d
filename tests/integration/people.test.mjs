// What is done to accounts by who looks after people: their name, address and roles, here and elsewhere; whatever is open of one
// ended; each act with who, when, why, before and after. Nobody gains a right by it that they could not have been given.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, problem, request, startRegister} from '../harness/index.mjs';

const reg = await startRegister({conf: {http: {workers: 1}, limits: {pages_per_minute: 0}}});
after(() => reg.stop());
const {admin, sql} = reg;
const PASSWORD = 'kettle on by nine';
const FORM = {'Content-Type': 'application/x-www-form-urlencoded', Origin: reg.url};
const made = {};
let n = 0;

before(async () => {
	for (const name of ['Own', 'Other'])
		made[name] = ok(await admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name})).id;
	const as = async options => admin.as((await makeKey(reg, options)).key);
	made.boss = await as({roles: {[made.Own]: ['ADMIN']}});
	made.stranger = await as({roles: {[made.Other]: ['ADMIN']}});
	made.both = await as({roles: {[made.Own]: ['ADMIN'], [made.Other]: ['ADMIN']}});
	made.operator = await as({isOperator: true});
});

const make = async (more = {}, who = made.boss) => ok(await who.post('/v1/accounts', {authority_id: made.Own, name: 'Mòrag', email: `p${++n}@example.org`, roles: ['ESTATES'], ...more}));
const at = item => `/v1/accounts/${item.id}`;
const acts = async item => ok(await admin.get(`${at(item)}/history?limit=1000`), 200).items;
const post = (to, fields, cookie) => request(reg.url + to, {method: 'POST', body: new URLSearchParams(fields).toString(), headers: {...FORM, ...(cookie && {Cookie: cookie})}});
const cookies = reply => Object.fromEntries([reply.headers['set-cookie'] ?? []].flat().map(c => c.split(';')[0].split(/=(.*)/s)));
async function signIn(email, password = PASSWORD) {
	const asked = await request(`${reg.url}/sign-in`);
	const [, form_csrf] = /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text);
	return cookies(await post('/sign-in', {form_csrf, next: '/', email, password}, `__Host-form=${cookies(asked)['__Host-form']}`))['__Host-sid'];
}
const page = (sid, to = '/') => request(reg.url + to, {headers: {Cookie: `__Host-sid=${sid}`}});
/** Somebody with a password, signed in; more: of the account. */
async function person(more, who) {
	const item = await make(more, who);
	assert.equal((await post('/password', {token: item.link.split('token=')[1], password: PASSWORD})).status, 303);
	return {...item, sid: await signIn(item.email)};
}

test('name, address and roles are changed by who names the version; each act says who, why, before and after', async () => {
	const item = await make({name: 'Mòrag', roles: ['ESTATES']});
	problem(await made.boss.patch(at(item), {name: 'X'}), 428, 'precondition-required');
	const {headers} = await made.boss.get(at(item));
	const changed = ok(await made.boss.patch(`${at(item)}?reason=Married`, {name: 'Mòrag Bhàn', roles: ['DECIDER', 'VIEWER']}, {match: headers.etag}), 200);
	assert.deepEqual([changed.name, changed.email, changed.roles, changed.version], ['Mòrag Bhàn', item.email, ['DECIDER', 'VIEWER'], 2]);
	// Of two tabs the second is told, and nothing of it is stored.
	problem(await made.boss.patch(at(item), {roles: ['ADMIN']}, {match: headers.etag}), 412, 'stale');
	problem(await made.boss.delete(`${at(item)}/sessions`, {match: headers.etag}), 412, 'stale');
	const both = await Promise.all(['FINANCE', 'ESTATES'].map(role => made.boss.patch(at(item), {roles: [role]}, {match: '"2-a"'})));
	assert.deepEqual(both.map(r => r.status).sort(), [200, 412]);
	ok(await made.boss.patch(at(item), {email: `moved${n}@example.org`}, {match: '*'}), 200);
	const told = await acts(item);
	assert.deepEqual(told.map(a => [a.version, a.act]), [[1, 'MADE'], [2, 'CHANGED'], [3, 'CHANGED'], [4, 'CHANGED']]);
	assert.deepEqual([told[1].reason, told[1].before, told[1].after], ['Married', {name: 'Mòrag', roles: ['ESTATES']}, {name: 'Mòrag Bhàn', roles: ['DECIDER', 'VIEWER']}]);
	assert.deepEqual([told[3].before, told[3].after, told[3].reason], [{email: item.email}, {email: `moved${n}@example.org`}, null]);
	assert.equal(told[1].actor, ok(await made.boss.get('/v1/whoami'), 200).principal_id);
	assert.match(told[1].at, /^2\d{3}-\d\d-\d\dT.*Z$/);
	// What everybody of the authority hears is that it happened, and no more.
	const events = await sql(`select type, data::text, before, after, reason from assetd.change where subject = $1 order by subject_seq`, [item.id]);
	assert.deepEqual(events.map(e => e.type), ['account.created', 'account.updated', 'account.updated', 'account.updated']);
	assert.ok(events.every(e => e.data === '{}' && !e.before && !e.after && !e.reason), JSON.stringify(events));
	assert.ok(!reg.daemon.log().includes(item.email) && !reg.daemon.log().includes('Married'));
	problem(await made.boss.patch(`${at(item)}?reason=${'x'.repeat(1001)}`, {name: 'Y'}, {match: '*'}), 400, 'bad-query');
	for (const bad of [{roles: ['OPERATOR']}, {email: 'nobody'}, {name: null}, {authority_id: made.Other}, {is_operator: true}, {link: 'x'}])
		problem(await made.boss.patch(at(item), bad, {match: '*'}), 422, 'invalid');
	assert.equal(problem(await made.boss.patch(at(item), {email: (await make()).email}, {match: '*'}), 409, 'duplicate').errors[0].pointer, '/email');
});

test('people are found by words of their name and address, of one\'s own authority', async () => {
	const item = await make({name: 'Eilidh Òg', email: 'eilidh.og@example.org'});
	for (const q of ['eilidh', 'Og', 'og@example'])
		assert.deepEqual(ok(await made.boss.get(`/v1/accounts?q=${encodeURIComponent(q)}`), 200).items.map(i => i.id), [item.id], q);
	assert.deepEqual(ok(await made.stranger.get('/v1/accounts?q=eilidh'), 200).items, []);
	assert.equal(ok(await made.operator.get(`/v1/accounts?q=eilidh&authority_id=${made.Own}`), 200).items.length, 1);
});

test('another authority\'s account is answered as one that is not there, whatever is asked of it', async () => {
	const item = await make(), none = {id: `prn_${'z'.repeat(26)}`};
	const calls = [
		i => made.stranger.get(at(i)), i => made.stranger.get(`${at(i)}/history`), i => made.stranger.patch(at(i), {name: 'X'}, {match: '*'}),
		i => made.stranger.delete(at(i), {match: '*'}), i => made.stranger.delete(`${at(i)}/sessions`, {match: '*'}),
		i => made.stranger.delete(`${at(i)}/factor`, {match: '*'}), i => made.stranger.post(`${at(i)}/link`, {}),
	];
	for (const call of calls) {
		const [there, nowhere] = [await call(item), await call(none)];
		assert.deepEqual([there.status, {...there.json, instance: 0}], [404, {...nowhere.json, instance: 0}]);
	}
	assert.equal((await acts(item)).length, 1);
});

test('nobody changes their own roles, ends their own account or what is open of it', async () => {
	const own = await person({roles: ['ADMIN', 'ESTATES']});
	const {key} = await makeKey(reg, {roles: {}});
	await sql('update assetd.api_key set principal_id = $1 where prefix = $2', [own.id, key.slice(0, 22)]);
	const self = admin.as(key);
	problem(await self.patch(at(own), {roles: ['ADMIN', 'ESTATES', 'FINANCE']}, {match: '*'}), 403, 'forbidden');
	problem(await self.patch(at(own), {roles: []}, {match: '*'}), 403, 'forbidden');
	problem(await self.delete(at(own), {match: '*'}), 403, 'forbidden');
	problem(await self.delete(`${at(own)}/factor`, {match: '*'}), 403, 'forbidden');
	assert.deepEqual(ok(await self.patch(at(own), {name: 'Renamed', roles: ['ESTATES', 'ADMIN']}, {match: '*'}), 200).roles, ['ADMIN', 'ESTATES'], 'but their name');
	// The database does not let them either.
	await assert.rejects(sql(`begin; select assetd.actor_set('${own.id}', '', 'test', now(), current_date);
		insert into assetd.principal_role (principal_id, authority_id, role) values ('${own.id}', '${made.Own}', 'FINANCE'); commit`, undefined, {user: 'assetd_api'}), /row-level security/);
});

test('a role elsewhere is given by who looks after people there; who looks after one authority then gains nothing by it', async () => {
	problem(await made.boss.post('/v1/accounts', {authority_id: made.Own, name: 'X', email: `x${++n}@example.org`, elsewhere: [{authority_id: made.Other, role: 'FINANCE'}]}), 403, 'forbidden');
	const item = await person({elsewhere: [{authority_id: made.Other, role: 'FINANCE'}]}, made.both);
	assert.deepEqual(item.elsewhere, [{authority_id: made.Other, role: 'FINANCE'}]);
	assert.equal((await page(item.sid, `/budget?authority_id=${made.Other}`)).status, 200);
	const seen = await made.boss.get(at(item)), whole = await made.operator.get(at(item));
	assert.deepEqual([ok(seen, 200).elsewhere, ok(whole, 200).elsewhere], [[], item.elsewhere]);
	assert.notEqual(seen.headers.etag, whole.headers.etag);
	problem(await made.boss.patch(at(item), {elsewhere: [{authority_id: made.Other, role: 'ADMIN'}]}, {match: '*'}), 403, 'forbidden');
	for (const refused of [made.boss.post(`${at(item)}/link`, {}), made.boss.patch(at(item), {email: 'mine@example.org'}, {match: '*'}), made.boss.delete(`${at(item)}/factor`, {match: '*'})])
		assert.match(problem(await refused, 403, 'forbidden').detail, /rights that are not yours to give/);
	// What they may do leaves the other role alone.
	assert.deepEqual(ok(await made.boss.patch(at(item), {roles: ['VIEWER'], name: 'Other'}, {match: '*'}), 200).roles, ['VIEWER']);
	assert.deepEqual(ok(await made.operator.get(at(item)), 200).elsewhere, item.elsewhere);
	assert.equal((await made.boss.delete(`${at(item)}/sessions`, {match: '*'})).status, 204);
	problem(await made.both.patch(at(item), {elsewhere: [{authority_id: made.Own, role: 'FINANCE'}]}, {match: '*'}), 422, 'invalid');
	ok(await made.both.patch(at(item), {elsewhere: []}, {match: '*'}), 200);
	assert.deepEqual(await sql('select role from assetd.principal_role where principal_id = $1', [item.id]), [{role: 'VIEWER'}]);
	ok(await made.boss.post(`${at(item)}/link`, {}), 200);
	// Those who run the register are looked after by nobody else.
	await sql('update assetd.principal set is_operator = true where id = $1', [item.id]);
	for (const refused of [made.boss.post(`${at(item)}/link`, {}), made.boss.delete(`${at(item)}/factor`, {match: '*'})])
		problem(await refused, 403, 'forbidden');
	assert.equal((await made.operator.post(`${at(item)}/link`, {})).status, 200);
});

test('sessions and a second factor are ended, and the address of a closed account is free again', async () => {
	const item = await person();
	await sql(`update assetd.account set factor = repeat('x', 43), factor_on = true where principal_id = $1`, [item.id]);
	await sql(`insert into assetd.account_recovery values ($1, sha256('x'))`, [item.id]);
	assert.equal(await signIn(item.email), undefined, 'a code is owed');
	problem(await made.boss.delete(`${at(item)}/factor`), 428, 'precondition-required');
	assert.equal((await made.boss.delete(`${at(item)}/factor?reason=Phone+lost`, {match: '*'})).status, 204);
	assert.deepEqual(await sql('select * from assetd.account_recovery where principal_id = $1', [item.id]), []);
	const second = await signIn(item.email);
	assert.ok(second);
	assert.equal((await made.boss.delete(`${at(item)}/sessions`, {match: '*'})).status, 204);
	await reg.daemon.restart(); // what a worker remembers for 5 seconds
	for (const sid of [item.sid, second])
		assert.doesNotMatch((await page(sid)).text, /Signed in as/);
	assert.equal((await made.boss.delete(`${at(item)}?reason=Left`, {match: '*'})).status, 204);
	assert.deepEqual((await acts(item)).map(a => [a.act, a.reason]), [['MADE', null], ['FACTOR', 'Phone lost'], ['SESSIONS', null], ['CLOSED', 'Left']]);
	problem(await made.boss.patch(at(item), {name: 'X'}, {match: '*'}), 410, 'gone');
	problem(await made.boss.delete(`${at(item)}/sessions`, {match: '*'}), 410, 'gone');
	problem(await made.boss.delete(`${at(item)}/factor`, {match: '*'}), 410, 'gone');
	const again = await person({email: item.email.toUpperCase()});
	assert.ok(again.sid && again.id !== item.id, 'who comes back has an account again');
});

test('of another address the link that was made for the one before ends', async () => {
	const item = await make();
	ok(await made.boss.patch(at(item), {email: `right${n}@example.org`}, {match: '*'}), 200);
	assert.equal((await post('/password', {token: item.link.split('token=')[1], password: PASSWORD})).status, 410);
});
