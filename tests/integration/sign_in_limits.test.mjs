// What guessing at passwords and keys by the form comes to: from many addresses at one account, from one at many accounts, many at the
// same moment, with an invented address. And whom it does not keep out.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {keyText, ok, request, startRegister} from '../harness/index.mjs';

const PER_MINUTE = 20, PASSWORD = 'kettle on by nine';
const reg = await startRegister({conf: {http: {workers: 1, trusted_proxy: '127.0.0.1'}, limits: {sign_ins_per_minute: PER_MINUTE}}});
after(() => reg.stop());

const form = {'Content-Type': 'application/x-www-form-urlencoded', Origin: reg.url};
const cookie = (reply, name) => [reply.headers['set-cookie'] ?? []].flat().map(c => c.split(';')[0]).find(c => c.startsWith(`${name}=`));
const hashed = async () => (await reg.daemon.metrics()).assetd_passwords_hashed_total ?? 0;
const address = i => `198.51.${i >> 8}.${i & 255}`;
let blank, who, known;

/* A try from a client's address; known: the cookie of a browser that was in before. */
function signIn(from, fields, more = '') {
	return request(`${reg.url}/sign-in`, {method: 'POST', body: new URLSearchParams({form_csrf: blank.word, next: '/', ...fields}).toString(),
		headers: {...form, 'X-Forwarded-For': from, Cookie: `${blank.cookie}${more ? `; ${more}` : ''}`}});
}
const tally = replies => replies.reduce((n, {status}) => ({...n, [status]: (n[status] ?? 0) + 1}), {});

before(async () => {
	const asked = await request(`${reg.url}/sign-in`);
	blank = {word: /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text)[1], cookie: cookie(asked, '__Host-form')};
	const authority = ok(await reg.admin.post('/v1/authorities', {name: 'Own', kind: 'COUNCIL', code: 'Own'})).id;
	who = ok(await reg.admin.post('/v1/accounts', {authority_id: authority, name: 'Kirsty', email: 'kirsty@kirk.gov.uk', roles: ['ESTATES']}));
	assert.equal((await request(`${reg.url}/password`, {method: 'POST', headers: form,
		body: new URLSearchParams({token: who.link.split('token=')[1], password: PASSWORD}).toString()})).status, 303);
	const opened = await signIn('192.0.2.1', {email: who.email, password: PASSWORD});
	assert.equal(opened.status, 303);
	known = cookie(opened, '__Host-known');
});

test('one account from a hundred addresses, written in every way, at once: some twenty guesses at most are looked at in a minute', async () => {
	const began = Date.now(), before = await hashed();
	const spelt = i => i % 3 ? who.email.toUpperCase() : i % 2 ? ` ${who.email}\t` : who.email;
	const replies = (await Promise.all(Array.from({length: 100}, async (_, i) => {
		const mine = [];
		for (let n = 0; n < 6; n++)
			mine.push(await signIn(address(i), {email: spelt(n), password: `guess ${n} of address ${i}`}));
		return mine;
	}))).flat();
	assert.ok(replies.every(r => [422, 429, 503].includes(r.status) && !cookie(r, '__Host-sid')), JSON.stringify(tally(replies)));
	// Five at once, then after one, two, four … seconds.
	const most = 5 + Math.ceil(Math.log2((Date.now() - began) / 1000 + 2));
	assert.ok(await hashed() - before <= most, `${await hashed() - before} were looked at, ${most} may be`);
	assert.equal((await signIn('203.0.113.1', {email: who.email, password: PASSWORD})).status, 429, 'a strange machine waits');
	const own = await signIn('203.0.113.1', {email: who.email, password: PASSWORD}, known);
	assert.ok(own.status === 303 && cookie(own, '__Host-sid'), 'the owner at a browser of theirs does not');
});

test('an address is not somebody\'s by letters that only look alike: each such spelling would be counted by itself', async () => {
	const k = '\u212A'; // the sign of kelvin, whose small letter is k
	await reg.sql('delete from assetd.sign_in_try');
	for (const email of [`${k}irsty@kirk.gov.uk`, `kirsty@${k}irk.gov.uk`, `kirsty@kir${k}.gov.u${k}`])
		assert.equal((await signIn('203.0.113.2', {email, password: PASSWORD})).status, 422, 'it is nobody\'s');
	assert.equal((await signIn('203.0.113.2', {email: 'Kirsty@KIRK.gov.UK', password: PASSWORD})).status, 303);
});

test('one address tries everybody: so many a minute, at once or in turn; it keeps nobody else out, nor who was in before', async () => {
	const began = Date.now(), before = await hashed();
	const at = '192.0.2.77', guess = i => signIn(at, {email: `person${i}@example.org`, password: 'one password for all'});
	const first = await Promise.all(Array.from({length: 100}, (_, i) => guess(i)));
	const then = [];
	for (let i = 0; i < 20; i++)
		then.push(await guess(100 + i));
	const most = PER_MINUTE + Math.ceil((Date.now() - began) / 1000 * PER_MINUTE / 60) + 1;
	const through = [...first, ...then].filter(r => r.status !== 429);
	assert.ok(through.length <= most && await hashed() - before <= most, JSON.stringify(tally([...first, ...then])));
	const over = then.find(r => r.status === 429);
	assert.ok(Number(over.headers['retry-after']) > 0 && over.headers['ratelimit-policy'].startsWith('"sign-ins";q=20'), JSON.stringify(over.headers));
	assert.equal((await signIn('192.0.2.78', {email: who.email, password: PASSWORD})).status, 303, 'another address');
	assert.equal((await signIn(at, {email: who.email, password: PASSWORD}, known)).status, 303, 'the same address, a browser that was in before');
	assert.equal((await request(reg.url, {headers: {'X-Forwarded-For': at}})).status, 200, 'pages are read');
});

test('an address is what our proxy says it is, also where it says so in a field of its own behind the client\'s', async () => {
	const through = [];
	for (let i = 0; i < 3 * PER_MINUTE; i++)
		through.push(await signIn([address(i), '192.0.2.88'], {email: `q${i}@example.org`, password: 'a password'}));
	assert.ok(through.filter(r => r.status === 429).length >= PER_MINUTE, JSON.stringify(tally(through)));
	const behind = await signIn(['192.0.2.88', '192.0.2.89, 127.0.0.1'], {email: 'q@example.org', password: 'a password'});
	assert.equal(behind.status, 422, 'two proxies, the first in a field of its own');
	// IPv4 in the dress of IPv6 is the same client, and the same proxy.
	for (const dressed of ['::ffff:192.0.2.88', '192.0.2.90, ::ffff:c000:258', '192.0.2.88, ::FFFF:127.0.0.1'])
		assert.equal((await signIn(dressed, {email: 'q@example.org', password: 'a password'})).status, 429, dressed);
});

test('whoever fills the places where passwords wait, from wherever, keeps nobody out who was in before', async () => {
	const flood = Promise.all(Array.from({length: 60}, (_, i) => signIn(address(1000 + i), {email: `s${i}@example.org`, password: 'a password'})));
	const own = [];
	for (let i = 0; i < 3; i++)
		own.push(await signIn('192.0.2.1', {email: who.email, password: PASSWORD}, known));
	const strangers = await flood;
	assert.deepEqual(own.map(r => r.status), [303, 303, 303]);
	assert.ok(strangers.some(r => r.status === 503), JSON.stringify(tally(strangers)));
});

test('keys that are typed in are counted with them', async () => {
	const replies = [];
	for (let i = 0; i < 2 * PER_MINUTE; i++)
		replies.push(await signIn('192.0.2.99', {key: keyText(9000 + i)}));
	assert.ok(replies.filter(r => r.status === 429).length >= PER_MINUTE / 2, JSON.stringify(tally(replies)));
});
