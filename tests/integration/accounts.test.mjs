// Accounts of people: made by who looks after them, their password set by a link that works once, and signed in
// to by e-mail address and password, whose tries wait longer and longer, but not the owner's at a browser of theirs.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {codeOf, makeKey, ok, problem, request, startRegister} from '../harness/index.mjs';

const reg = await startRegister({conf: {http: {workers: 1}, limits: {pages_per_minute: 0}}});
after(() => reg.stop());
const PASSWORD = 'kettle on by nine', SECOND = 'Ùisge-beatha agus aran';
const FORM = {'Content-Type': 'application/x-www-form-urlencoded', Origin: reg.url};
const made = {};
let n = 0;

before(async () => {
	for (const name of ['Own', 'Other'])
		made[name] = ok(await reg.admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name})).id;
	made.admin = reg.admin.as((await makeKey(reg, {roles: {[made.Own]: ['ADMIN']}})).key);
	made.stranger = reg.admin.as((await makeKey(reg, {roles: {[made.Other]: ['ADMIN']}})).key);
	made.estates = reg.admin.as((await makeKey(reg, {roles: {[made.Own]: ['ESTATES']}})).key);
});

const make = async (more = {}) => ok(await made.admin.post('/v1/accounts', {authority_id: made.Own, name: 'Mòrag', email: `m${++n}@example.org`, roles: ['ESTATES'], ...more}));
const path = link => link.slice(link.indexOf('/password'));
const post = (to, fields, cookie) => request(reg.url + to, {method: 'POST', body: new URLSearchParams(fields).toString(), headers: {...FORM, ...(cookie && {Cookie: cookie})}});
const cookies = reply => Object.fromEntries([reply.headers['set-cookie'] ?? []].flat().map(c => c.split(';')[0].split(/=(.*)/s)));
const setPassword = (link, password) => post('/password', {token: link.split('token=')[1], password});
const person = async (more, password = PASSWORD) => {
	const item = await make(more);
	assert.equal((await setPassword(item.link, password)).status, 303);
	return item;
};

/* A browser's way in. known: the cookie of one that was in before. */
async function signIn(email, password, {known, ...more} = {}) {
	const asked = await request(`${reg.url}/sign-in`);
	const [, form_csrf] = /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text);
	const reply = await post('/sign-in', {form_csrf, next: '/', email, password, ...more}, `__Host-form=${cookies(asked)['__Host-form']}${known ? `; __Host-known=${known}` : ''}`);
	return {...reply, sid: cookies(reply)['__Host-sid'], known: cookies(reply)['__Host-known']};
}
const page = (sid, to = '/') => request(reg.url + to, {headers: {Cookie: `__Host-sid=${sid}`}});
// As after so many tries: the next one counts, and who comes after it waits for minutes.
const tired = () => reg.sql('update assetd.sign_in_try set tries = 12, next_at = now()');
const hashed = async () => (await reg.daemon.metrics()).assetd_passwords_hashed_total ?? 0;

test('an account is made, its password set by the link, and signed in to', async () => {
	const item = await make({name: 'Mòrag NicDhòmhnaill', email: 'Morag@Example.org', roles: ['ESTATES', 'VIEWER']});
	assert.deepEqual([item.name, item.email, item.roles, item.authority_id], ['Mòrag NicDhòmhnaill', 'Morag@Example.org', ['ESTATES', 'VIEWER'], made.Own]);
	assert.match(item.link, /\/password\?token=acl_[0-9A-Za-z]{43}$/);
	const form = await request(reg.url + path(item.link));
	assert.equal(form.status, 200);
	assert.ok(form.text.includes('Mòrag NicDhòmhnaill'));
	assert.deepEqual([form.headers['referrer-policy'], form.headers['cache-control']], ['strict-origin', 'no-store']);
	assert.equal((await signIn('morag@example.org', PASSWORD)).status, 422, 'not yet');
	const set = await setPassword(item.link, PASSWORD);
	assert.deepEqual([set.status, set.headers.location], [303, '/sign-in?changed=password']);
	assert.match((await request(reg.url + set.headers.location)).text, /Your password is set\. Sign in with it\./);
	const opened = await signIn(' MORAG@example.org ', PASSWORD);
	assert.deepEqual([opened.status, opened.headers.location], [303, '/']);
	assert.match((await page(opened.sid)).text, /Signed in as Mòrag NicDhòmhnaill/);
	assert.equal((await page(opened.sid, '/assets/new')).status, 200, 'with the roles of it');
	assert.equal((await page(opened.sid, '/budget')).status, 403, 'and no others');
	const [row] = await reg.sql('select password, a.link, k.hash from assetd.account as a join assetd.api_key as k on k.id = a.key_id where a.principal_id = $1', [item.id]);
	assert.match(row.password, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
	assert.deepEqual([row.link, row.hash], [null, null]);
});

test('the link works once, until it expires or another is made, and is told once', async () => {
	const item = await make();
	assert.equal((await setPassword(item.link, PASSWORD)).status, 303);
	assert.equal((await setPassword(item.link, SECOND)).status, 410);
	assert.equal((await request(reg.url + path(item.link))).status, 410);
	const second = ok(await made.admin.post(`/v1/accounts/${item.id}/link`, {}), 200), third = ok(await made.admin.post(`/v1/accounts/${item.id}/link`, {}), 200);
	assert.equal((await setPassword(second.link, SECOND)).status, 410);
	assert.ok((await signIn(item.email, PASSWORD)).sid, 'a link alone changes nothing');
	assert.equal((await setPassword(third.link, SECOND)).status, 303);
	assert.equal((await signIn(item.email, PASSWORD)).status, 422);
	assert.ok((await signIn(item.email, SECOND)).sid);
	const late = await make();
	await reg.sql(`update assetd.account set link_expires_at = now() - interval '1 second' where principal_id = $1`, [late.id]);
	assert.equal((await setPassword(late.link, PASSWORD)).status, 410);
	for (const token of ['', 'x', `acl_${'0'.repeat(43)}`, `acl_${'é'.repeat(40)}`, '\0'.repeat(47)])
		assert.ok([400, 404, 410].includes((await setPassword(`?token=${token}`, PASSWORD)).status), token);
	const sent = {json: {authority_id: made.Own, name: 'Once', email: 'once@example.org', roles: ['VIEWER']}, idempotency: 'once'};
	const first = ok(await made.admin.request('POST', '/v1/accounts', sent)), again = ok(await made.admin.request('POST', '/v1/accounts', sent));
	assert.deepEqual([again.id, again.link], [first.id, undefined]);
	assert.equal(ok(await made.admin.get(`/v1/accounts/${first.id}`), 200).link, undefined);
	const dump = await reg.sql(`select (select string_agg(a::text, '') from assetd.account as a) || (select string_agg(c::text, '') from assetd.change as c)
		|| (select string_agg(i::text, '') from assetd.idempotency_key as i) as all`);
	for (const secret of [first.link.split('=')[1], PASSWORD, SECOND])
		assert.ok(!dump[0].all.includes(secret) && !reg.daemon.log().includes(secret), secret);
});

test('a password is long and not what is tried first; the form says what is wrong', async () => {
	const {link, email} = await make({name: 'Seonaidh MacAoidh', email: 'seonaidh@example.org'});
	for (const [password, why] of [['', /at least 15/], ['short', /at least 15/], ['aaaaaaaaaaaaaaaa', /again and again/], ['Seonaidh MacAoidh', /name or address/], [email, /name or address/], ['x'.repeat(10) + '\u0007abcdefgh', /can be seen/]]) {
		const reply = await setPassword(link, password);
		assert.equal(reply.status, 422, password);
		assert.match(reply.text, why, password);
		assert.ok(!password || !reply.text.includes(`value="${password}"`) || password === email);
	}
	assert.equal((await setPassword(link, `${'word '.repeat(60)}`)).status, 422);
	assert.equal((await setPassword(link, '<script>alert(1)</script> 🐑')).status, 303);
	assert.ok((await signIn(email, '<script>alert(1)</script> 🐑')).sid);
});

test('an address that nobody has is answered, counted and worked as one that somebody has', async () => {
	const {email} = await person();
	const plain = reply => reply.text.replace(/value="[^"]*"/g, '').replace(/\b[0-9a-f]{64}\b/g, '').replaceAll(email, '').replaceAll('nobody@example.org', '');
	const before = await hashed();
	for (let i = 0; i < 7; i++) {
		if (i === 4)
			await tired();
		const [there, nowhere] = [await signIn(email, 'not the password at all'), await signIn('nobody@example.org', 'not the password at all')];
		assert.deepEqual([nowhere.status, plain(nowhere).replace(/\d+ seconds?/g, '')], [there.status, plain(there).replace(/\d+ seconds?/g, '')], `${i}`);
		assert.equal(there.status, i < 5 ? 422 : 429, `${i}`);
	}
	assert.equal(await hashed() - before, 10);
});

test('tries wait, many at once are no more; a browser that was in before does not wait, and one that pretends does', async () => {
	const {email} = await person();
	const first = await signIn(email, PASSWORD);
	assert.ok(first.sid && first.known);
	const before = await hashed();
	const guesses = await Promise.all(Array.from({length: 60}, (_, i) => signIn(email, `guess number ${i} of many`)));
	assert.ok(guesses.every(g => [422, 429, 503].includes(g.status) && !g.sid));
	assert.ok(await hashed() - before <= 6, `${await hashed() - before} were looked at`);
	await tired();
	assert.equal((await signIn(email, 'the last guess for now')).status, 422);
	const late = await signIn(email, PASSWORD);
	assert.deepEqual([late.status, late.sid], [429, undefined], 'the right one waits as well, from a strange machine');
	assert.ok(Number(late.headers['retry-after']) > 200);
	assert.ok((await signIn(email, PASSWORD, {known: first.known})).sid, 'at the owner\'s own browser not');
	const other = await person();
	for (const known of [first.known.replace(/^./, c => c === 'a' ? 'b' : 'a'), first.known.slice(0, 44) + '0'.repeat(64), first.known.slice(0, 43), '.', (await signIn(other.email, PASSWORD)).known])
		assert.equal((await signIn(email, PASSWORD, {known})).status, 429, known);
	reg.daemon.setClock(new Date(Date.now() - 3_600_000).toISOString());
	const back = await signIn(email, PASSWORD);
	assert.deepEqual([back.status, Number(back.headers['retry-after']) <= 900], [429, true], 'and by a clock that was set back for no longer');
	reg.daemon.setClock(undefined);
	// What is over is forgotten.
	await reg.sql(`update assetd.sign_in_try set next_at = now() - interval '1 second'`);
	assert.ok((await signIn(email, PASSWORD)).sid);
	assert.equal((await signIn(email, 'wrong again, and again')).status, 422, 'counted anew');
});

test('hostile input is no way in', async () => {
	const {email} = await person();
	for (const [address, password] of [[email, ''], ['', PASSWORD], [email, 'x'.repeat(2000)], [`${email}' or '1'='1`, PASSWORD], [`${email}\0`, PASSWORD],
		['x'.repeat(300), PASSWORD], ['<script>alert(1)</script>', PASSWORD], [email, '\u202e' + PASSWORD], [`%`, PASSWORD]]) {
		const reply = await signIn(address, password);
		assert.ok([400, 422].includes(reply.status), `${address}: ${reply.status}`);
		assert.ok(!reply.sid && !reply.text.includes('<script>alert'));
	}
	const strange = await post('/sign-in', {form_csrf: '0'.repeat(64), email, password: PASSWORD}, `__Host-form=${'x'.repeat(43)}`);
	assert.equal(strange.status, 403, 'another site\'s form');
	assert.equal((await signIn(email, PASSWORD, {next: 'https://evil.example/'})).headers.location, '/');
	assert.equal((await signIn(email, PASSWORD, {key: 'akey_live_nonsense'})).status, 422, 'a key that is sent counts');
});

test('who has left is signed in no longer, and a new password ends what was open', async () => {
	const item = await person();
	const {sid} = await signIn(item.email, PASSWORD);
	const {link} = ok(await made.admin.post(`/v1/accounts/${item.id}/link`, {}), 200);
	assert.equal((await setPassword(link, SECOND)).status, 303);
	await reg.daemon.restart(); // what a worker remembers for 5 seconds
	assert.doesNotMatch((await page(sid)).text, /Signed in as/);
	const open = await signIn(item.email, SECOND);
	const {headers} = await made.admin.get(`/v1/accounts/${item.id}`);
	problem(await made.admin.delete(`/v1/accounts/${item.id}`), 428, 'precondition-required');
	assert.equal((await made.admin.delete(`/v1/accounts/${item.id}`, {match: headers.etag})).status, 204);
	await reg.daemon.restart();
	assert.doesNotMatch((await page(open.sid)).text, /Signed in as/);
	assert.equal((await signIn(item.email, SECOND)).status, 422);
	problem(await made.admin.get(`/v1/accounts/${item.id}`), 410, 'gone');
});

test('ADMIN makes them for its authority, gives no role elsewhere, and an address is one person\'s', async () => {
	problem(await made.stranger.post('/v1/accounts', {authority_id: made.Own, name: 'X', email: 'x@example.org'}), 403, 'forbidden');
	problem(await made.estates.post('/v1/accounts', {authority_id: made.Own, name: 'X', email: 'x@example.org'}), 403, 'forbidden');
	const item = await make();
	problem(await made.stranger.get(`/v1/accounts/${item.id}`), 404, 'not-found');
	problem(await made.stranger.post(`/v1/accounts/${item.id}/link`, {}), 404, 'not-found');
	assert.deepEqual(ok(await made.stranger.get('/v1/accounts'), 200).items, []);
	assert.ok(ok(await made.admin.get('/v1/accounts?limit=1000'), 200).items.some(one => one.id === item.id));
	assert.equal(problem(await made.admin.post('/v1/accounts', {authority_id: made.Own, name: 'X', email: item.email.toUpperCase(), roles: ['VIEWER']}), 409, 'duplicate').errors[0].pointer, '/email');
	for (const bad of [{roles: ['OPERATOR']}, {roles: ['ESTATES', 'no']}, {email: 'nobody'}, {name: ''}, {authority_id: 'aut_x'}, {is_operator: true}])
		problem(await made.admin.post('/v1/accounts', {authority_id: made.Own, name: 'X', email: 'y@example.org', roles: ['VIEWER'], ...bad}), 422, 'invalid');
});

test('nobody is invited who could do nothing anywhere', async () => {
	for (const none of [{}, {roles: []}, {roles: [], elsewhere: []}]) {
		const {errors} = problem(await made.admin.post('/v1/accounts', {authority_id: made.Own, name: 'X', email: 'none@example.org', ...none}), 422, 'invalid');
		assert.deepEqual(errors.map(e => [e.pointer, e.code]), [['/roles', 'TOO_FEW']]);
	}
	ok(await reg.admin.post('/v1/accounts', {authority_id: made.Own, name: 'X', email: 'none@example.org', elsewhere: [{authority_id: made.Other, role: 'VIEWER'}]}), 201);
});

/* Sends a form of /account in that session. */
async function own(sid, fields) {
	const [, csrf] = /name="csrf" value="([^"]+)"/.exec((await page(sid, '/account')).text);
	return post('/account', {csrf, ...fields}, `__Host-sid=${sid}`);
}

test('one sees where one is signed in, and signs out everywhere', async () => {
	const {email} = await person();
	const [desk, phone] = [await signIn(email, PASSWORD), await signIn(email, PASSWORD)];
	const other = await signIn((await person()).email, PASSWORD);
	const shown = (await page(desk.sid, '/account')).text;
	assert.deepEqual([shown.match(/>This browser</g).length, shown.match(/>Another browser</g).length], [1, 1]);
	assert.equal((await page('x'.repeat(43), '/account')).status, 401);
	assert.equal((await post('/account', {change: 'everywhere', csrf: 'x'}, `__Host-sid=${desk.sid}`)).status, 403);
	assert.equal((await request(`${reg.url}/account`, {method: 'POST', body: 'change=everywhere', headers: {...FORM, Origin: 'https://evil.example', Cookie: `__Host-sid=${desk.sid}`}})).status, 403);
	const left = await own(desk.sid, {change: 'everywhere'});
	assert.deepEqual([left.status, left.headers.location, cookies(left)['__Host-sid']], [303, '/', '']);
	await reg.daemon.restart(); // what a worker remembers for 5 seconds
	for (const {sid} of [desk, phone])
		assert.doesNotMatch((await page(sid)).text, /Signed in as/);
	assert.match((await page(other.sid)).text, /Signed in as/, 'and nobody else');
});

test('another password takes the present one, and ends the other sessions alone', async () => {
	const {email} = await person();
	const [desk, phone] = [await signIn(email, PASSWORD), await signIn(email, PASSWORD)];
	for (const [present, password, why] of [['not the present one', SECOND, /present password is not right/], ['', SECOND, /present password is not right/],
		[PASSWORD, 'short', /at least 15/], [PASSWORD, email.padStart(16, 'x'), /name or address/]]) {
		const reply = await own(desk.sid, {change: 'password', present, password});
		assert.equal(reply.status, 422);
		assert.match(reply.text, why);
		await reg.sql('delete from assetd.sign_in_try');
	}
	const changed = await own(desk.sid, {change: 'password', present: PASSWORD, password: SECOND});
	assert.deepEqual([changed.status, changed.headers.location], [303, '/account?changed=password']);
	const stolen = desk.sid;
	desk.sid = cookies(changed)['__Host-sid'];
	await reg.daemon.restart();
	assert.match((await page(desk.sid)).text, /Signed in as/);
	for (const sid of [phone.sid, stolen])
		assert.doesNotMatch((await page(sid)).text, /Signed in as/);
	assert.equal((await signIn(email, PASSWORD)).status, 422);
	assert.ok((await signIn(email, SECOND)).sid);
	// Tries at a browser left open wait, too.
	await own(desk.sid, {change: 'password', present: 'a guess of somebody', password: PASSWORD});
	await tired();
	assert.equal((await own(desk.sid, {change: 'password', present: 'a guess of somebody', password: PASSWORD})).status, 422);
	assert.equal((await own(desk.sid, {change: 'password', present: SECOND, password: PASSWORD})).status, 429);
});

test('who signed in with a key has sessions and no password', async () => {
	const {key} = await makeKey(reg, {roles: {[made.Own]: ['VIEWER']}});
	const {sid} = await signIn('', '', {key});
	assert.doesNotMatch((await page(sid, '/account')).text, /Your password/);
	assert.equal((await own(sid, {change: 'password', present: 'x', password: SECOND})).status, 404);
});

test('a second factor is set up without script, asked for, and no code counts twice', async () => {
	const item = await person();
	let {sid} = await signIn(item.email, PASSWORD);
	const phone = (await signIn(item.email, PASSWORD)).sid, stolen = sid;
	assert.equal((await own(sid, {change: 'factor'})).status, 303);
	const shown = await page(sid, '/account');
	assert.equal(shown.headers['cache-control'], 'no-store');
	const [, link] = /href="(otpauth:[^"]+)"/.exec(shown.text), [, key] = /<code class="address">([A-Z2-7]{32})</.exec(shown.text);
	const at = new URL(link.replaceAll('&amp;', '&'));
	assert.deepEqual([at.searchParams.get('secret'), decodeURIComponent(at.pathname).endsWith(`:${item.email}`)], [key, true]);
	assert.ok((await signIn(item.email, PASSWORD)).sid, 'not asked for before it is confirmed');
	for (const code of ['', codeOf(key, -5), 'x', '<b>', '1'.repeat(20)])
		assert.equal((await own(sid, {change: 'confirm', code, present: PASSWORD})).status, 422, code);
	await reg.sql('delete from assetd.sign_in_try');
	for (const present of ['', 'not the password at all']) {
		const refused = await own(sid, {change: 'confirm', code: codeOf(key), present});
		assert.ok(refused.status === 422 && refused.text.includes('present password is not right'), 'a browser left open locks nobody out');
	}
	assert.ok((await signIn(item.email, PASSWORD)).sid);
	const used = codeOf(key), on = await own(sid, {change: 'confirm', code: used, present: PASSWORD});
	assert.equal(on.status, 200, on.text);
	sid = cookies(on)['__Host-sid'];
	await reg.daemon.restart(); // what a worker remembers for 5 seconds
	for (const old of [stolen, phone])
		assert.doesNotMatch((await page(old)).text, /Signed in as/, 'what was open without a code is no longer');
	const codes = on.text.match(/<code>[A-Z2-7]{16}</g).map(c => c.slice(6, -1));
	assert.equal(new Set(codes).size, 8);
	const forgotten = (await page(sid, '/account')).text;
	assert.ok(!forgotten.includes(key) && !forgotten.includes(codes[0]), 'told once');

	const into = (code, password = PASSWORD) => signIn(item.email, password, {code});
	for (const code of ['', used, codeOf(key, -5), codeOf(key, 5)]) {
		const reply = await into(code);
		assert.deepEqual([reply.status, reply.sid], [422, undefined], code);
		await reg.sql('delete from assetd.sign_in_try');
	}
	const code = codeOf(key, 1);
	assert.equal((await into(code, 'not the password at all')).status, 422, 'a code alone is nothing');
	assert.ok((await into(`${code.slice(0, 3)} ${code.slice(3)}`)).sid);
	const again = await into(code);
	assert.deepEqual([again.status, again.sid], [422, undefined], 'used');
	await reg.sql('delete from assetd.sign_in_try');

	assert.ok((await into(` ${codes[0].toLowerCase().replace(/(.{4})/g, '$1-')}`)).sid, 'the device is lost');
	assert.equal((await into(codes[0])).status, 422, 'once');
	assert.equal((await into(codes[1].replace(/.$/, c => c === 'A' ? 'B' : 'A'))).status, 422);
	await reg.sql('delete from assetd.sign_in_try');
	const dump = (await reg.sql(`select (select string_agg(a::text, '') from assetd.account as a) || (select string_agg(r::text, '') from assetd.account_recovery as r) as all`))[0].all;
	for (const secret of [key, codes[1]])
		assert.ok(!dump.includes(secret) && !reg.daemon.log().includes(secret));

	assert.equal((await own(sid, {change: 'factor'})).status, 303, 'one that is on stays');
	assert.equal((await into('')).status, 422);
	assert.equal((await own(sid, {change: 'end', present: 'not the password at all'})).status, 422);
	const ended = await own(sid, {change: 'end', present: PASSWORD});
	assert.equal(ended.status, 303);
	sid = cookies(ended)['__Host-sid'];
	assert.ok((await into('')).sid);
	assert.equal((await own(sid, {change: 'nothing of ours'})).status, 400);
});

test('who signs in where somebody was signed in leaves that session behind, whosever it was', async () => {
	const [one, other] = [await person(), await person()];
	const {sid} = await signIn(one.email, PASSWORD), theirs = await signIn(one.email, PASSWORD);
	const asked = await request(`${reg.url}/sign-in`, {headers: {Cookie: `__Host-sid=${sid}`}});
	const fields = {form_csrf: /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text)[1], csrf: /name="csrf" value="([^"]+)"/.exec(asked.text)[1], next: '/', email: other.email};
	const send = password => post('/sign-in', {...fields, password}, `__Host-form=${cookies(asked)['__Host-form']}; __Host-sid=${sid}`);
	assert.equal((await send('not the password at all')).status, 422);
	await reg.daemon.restart();
	assert.match((await page(sid)).text, /Signed in as/, 'a try ends nothing');
	const next = cookies(await send(PASSWORD))['__Host-sid'];
	assert.ok(next && next !== sid);
	await reg.daemon.restart();
	assert.doesNotMatch((await page(sid)).text, /Signed in as/);
	assert.match((await page(theirs.sid)).text, /Signed in as/, 'another browser stays');
	assert.match((await page(next)).text, /Signed in as/);
});

test('of other roles a session is another: it begins anew, and what stays the same ends none', async () => {
	const item = await person();
	const {sid} = await signIn(item.email, PASSWORD);
	ok(await made.admin.patch(`/v1/accounts/${item.id}`, {name: 'Another name', roles: ['ESTATES']}, {match: '*'}), 200);
	await reg.daemon.restart();
	assert.match((await page(sid)).text, /Signed in as/);
	ok(await made.admin.patch(`/v1/accounts/${item.id}`, {roles: ['ESTATES', 'DECIDER']}, {match: '*'}), 200);
	await reg.daemon.restart();
	assert.doesNotMatch((await page(sid)).text, /Signed in as/);
	const next = await signIn(item.email, PASSWORD);
	assert.match((await page(next.sid)).text, /Signed in as/);
	const held = ok(await made.admin.patch(`/v1/accounts/${item.id}`, {roles: ['DECIDER', 'ESTATES']}, {match: '*'}), 200);
	assert.deepEqual([...held.roles].sort(), ['DECIDER', 'ESTATES']);
	await reg.daemon.restart();
	assert.match((await page(next.sid)).text, /Signed in as/, 'their order is none');
});

test('a cookie from yesterday, or of half an hour without a page, opens nothing, and one that somebody chose is nobody\'s', async () => {
	const item = await person();
	for (const past of ['expires_at = clock.at', `seen_at = clock.at - interval '30 minutes'`]) {
		const {sid} = await signIn(item.email, PASSWORD);
		await reg.sql(`update assetd.page_session set ${past} from (select now() as at) as clock where hash = sha256($1)`, [sid]);
		await reg.daemon.restart();
		const shown = await page(sid, '/account');
		assert.equal(shown.status, 401, past);
		assert.doesNotMatch(shown.text, /Signed in as/);
		assert.equal((await page(sid, '/account')).status, 401, 'nor is it woken by being shown');
	}
	const fixed = 'F'.repeat(43), asked = await request(`${reg.url}/sign-in`);
	const opened = await post('/sign-in', {form_csrf: /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text)[1], next: '/', email: item.email, password: PASSWORD},
		`__Host-form=${cookies(asked)['__Host-form']}; __Host-sid=${fixed}`);
	assert.notEqual(cookies(opened)['__Host-sid'], fixed);
	assert.equal((await page(fixed, '/account')).status, 401);
	for (const line of [opened.headers['set-cookie']].flat())
		assert.match(line, /^__Host-[a-z]+=[^;]*; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
	assert.equal(opened.headers['cache-control'], 'no-store');
});

test('who has lost both is let in again by a link, without the second factor', async () => {
	const item = await person();
	const {sid} = await signIn(item.email, PASSWORD);
	await own(sid, {change: 'factor'});
	const [, key] = /<code class="address">([A-Z2-7]{32})</.exec((await page(sid, '/account')).text);
	assert.equal((await own(sid, {change: 'confirm', code: codeOf(key), present: PASSWORD})).status, 200);
	assert.equal((await signIn(item.email, PASSWORD)).status, 422);
	const {link} = ok(await made.admin.post(`/v1/accounts/${item.id}/link`, {}), 200);
	assert.equal((await setPassword(link, SECOND)).status, 303);
	assert.ok((await signIn(item.email, SECOND)).sid);
	assert.equal((await reg.sql('select 1 from assetd.account_recovery where principal_id = $1', [item.id])).length, 0);
});
