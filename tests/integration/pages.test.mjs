// Pages as HTTP: sessions and their ends, forms that others send, headers, static parts, and
// what is shown while the database is away.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, test} from 'node:test';
import zlib from 'node:zlib';
import {startRegister, until} from '../harness/index.mjs';

const MORNING = '2026-11-21T10:00:00Z';
const reg = await startRegister({clock: MORNING});
after(() => reg.stop());

const form = (path, fields, headers = {}) => reg.anyone.request('POST', path, {
	body: new URLSearchParams(fields).toString(),
	headers: {'Content-Type': 'application/x-www-form-urlencoded', ...headers},
});

const page = (path, headers = {}) => reg.anyone.get(path, {headers: {Accept: 'text/html', ...headers}});

const cookies = reply => Object.fromEntries((reply.headers['set-cookie'] ?? []).map(c => c.split(';')[0].split(/=(.*)/)));

/* The sign-in form: its cookie, and the word that goes with it. */
async function openForm() {
	const reply = await page('/sign-in');
	return {
		cookie: `__Host-form=${cookies(reply)['__Host-form']}`,
		word: /name="form_csrf" value="([0-9a-f]{64})"/.exec(reply.text)[1],
	};
}

async function signIn({key = reg.adminKey, next = '/', headers = {}} = {}) {
	const {cookie, word} = await openForm();
	return form('/sign-in', {key, next, form_csrf: word}, {Cookie: cookie, ...headers});
}

/* A session: its cookie, and the word its forms carry. */
async function session() {
	const token = cookies(await signIn())['__Host-sid'];
	const cookie = `__Host-sid=${token}`;
	const home = await page('/', {Cookie: cookie});
	return {token, cookie, csrf: /name="csrf" value="([^"]+)"/.exec(home.text)?.[1]};
}

const isIn = async cookie => (await page('/', {Cookie: cookie})).text.includes('Signed in as');

test('a key opens a session whose token is kept as its hash alone', async () => {
	const reply = await signIn();
	assert.equal(reply.status, 303);
	assert.equal(reply.headers.location, '/');
	const [cookie] = reply.headers['set-cookie'];
	assert.match(cookie, /^__Host-sid=[0-9A-Za-z]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200$/);
	const token = cookies(reply)['__Host-sid'];
	assert.ok(await isIn(`__Host-sid=${token}`));
	const hash = createHash('sha256').update(token).digest();
	assert.equal((await reg.sql('select 1 from assetd.page_session where hash = $1', [hash])).length, 1);
	assert.ok(!reg.daemon.log().includes(token));
	assert.ok(!reg.daemon.log().includes(reg.adminKey));
});

test('no other key does, and the form says so', async () => {
	for (const key of ['', 'akey_live_', reg.adminKey.slice(0, -1), `${reg.adminKey.slice(0, -1)}!`, 'x'.repeat(3000)]) {
		const reply = await signIn({key});
		assert.equal(reply.status, 422, key);
		assert.match(reply.text, /That key is not one of ours/);
		assert.equal(cookies(reply)['__Host-sid'], undefined);
		assert.ok(!reply.text.includes(reg.adminKey.slice(0, -1)), 'the key is not sent back');
	}
});

test('afterwards one comes back to a path of ours and to nowhere else', async () => {
	const rows = [['/assets?q=hall', '/assets?q=hall'], ['', '/'], ['//evil.example/', '/'], ['/\\evil.example', '/'],
		['https://evil.example/', '/'], ['/a\r\nSet-Cookie: x=y', '/'], ['/ä', '/'], ['/'.padEnd(1002, 'a'), '/']];
	for (const [next, location] of rows)
		assert.equal((await signIn({next})).headers.location, location, next);
});

test('a form from elsewhere opens nothing', async () => {
	const mine = await openForm(), theirs = await openForm();
	const key = reg.adminKey;
	const rows = [
		[{key}, {Cookie: mine.cookie}],
		[{key, form_csrf: mine.word}, {}],
		[{key, form_csrf: theirs.word}, {Cookie: mine.cookie}],
		[{key, form_csrf: mine.word}, {Cookie: mine.cookie, Origin: 'https://evil.example'}],
		[{key, form_csrf: mine.word}, {Cookie: mine.cookie, 'Sec-Fetch-Site': 'cross-site'}],
	];
	for (const [fields, headers] of rows) {
		const reply = await form('/sign-in', fields, headers);
		assert.equal(reply.status, 403, JSON.stringify([Object.keys(fields), headers]));
		assert.match(reply.headers['content-type'], /^text\/html/);
		assert.equal(cookies(reply)['__Host-sid'], undefined);
	}
});

test('signing out needs the session\'s word, ends the session, and clears the cookie', async () => {
	const {token, cookie, csrf} = await session();
	assert.equal((await form('/sign-out', {}, {Cookie: cookie})).status, 403);
	assert.equal((await form('/sign-out', {csrf: 'x'}, {Cookie: cookie})).status, 403);
	assert.ok(await isIn(cookie));
	const reply = await form('/sign-out', {csrf}, {Cookie: cookie});
	assert.equal(reply.status, 303);
	assert.match(reply.headers['set-cookie'][0], /^__Host-sid=; .*Max-Age=0$/);
	const hash = createHash('sha256').update(token).digest();
	assert.equal((await reg.sql('select 1 from assetd.page_session where hash = $1', [hash])).length, 0);
	await until(async () => !await isIn(cookie), {what: 'every worker to forget the session'});
});

test('a session ends after half an hour without a page, and after twelve hours with', async () => {
	const {cookie} = await session();
	const at = async moment => {
		reg.daemon.setClock(moment);
		// What a worker has looked up it believes for five seconds of its own.
		return until(async () => {
			const known = await isIn(cookie);
			return known === (moment < '2026-11-21T22:0') ? {known} : false;
		}, {deadline_ms: 20_000, what: `the session to be as it should at ${moment}`});
	};
	for (let minutes = 10 * 60; minutes < 22 * 60; minutes += 25)
		await at(`2026-11-21T${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}:00Z`);
	await at('2026-11-21T22:01:00Z');
	reg.daemon.setClock(MORNING);
	const idle = await session();
	assert.ok(await isIn(idle.cookie));
	reg.daemon.setClock('2026-11-21T10:31:00Z');
	await until(async () => !await isIn(idle.cookie), {deadline_ms: 20_000, what: 'the idle session to end'});
	reg.daemon.setClock(MORNING);
});

test('a session ends with its key', async () => {
	const key = await reg.daemon.adminKey();
	const token = cookies(await signIn({key}))['__Host-sid'];
	assert.ok(await isIn(`__Host-sid=${token}`));
	await reg.cluster.session(async client => {
		await client.query(`set search_path = assetd, public; set assetd.now = '${MORNING}'`);
		await client.query('update api_key set revoked_at = $1, version = version + 1 where prefix = $2', [MORNING, key.slice(0, 22)]);
	}, {database: reg.database});
	await until(async () => !await isIn(`__Host-sid=${token}`), {deadline_ms: 20_000, what: 'the session to end with its key'});
});

test('what others put on the address of a page is left out of it, and of every link on; the API refuses it', async () => {
	const get = async target => {
		const {status, text} = await reg.anyone.get(target, {headers: {Accept: 'text/html'}});
		return {status, text};
	};
	const FOREIGN = ['fbclid=1', 'utm_source=a&utm_source=b', 'x%79z', 'a=%ff', 'fbclid='];
	for (const [path, own] of [['/', ''], ['/assets', ''], ['/assets', 'q=hall&class=HALL'], ['/map', 'bbox=-4,56,-3,57'], ['/requests', 'show=all'], ['/sign-in', 'next=%2Frequests'], ['/forecast', 'group_by=CLASS']]) {
		const plain = await get(own ? `${path}?${own}` : path);
		assert.equal(plain.status, 200, `${path} ${own}`);
		for (const foreign of FOREIGN)
			for (const query of own ? [`${foreign}&${own}`, `${own}&${foreign}`] : [foreign]) {
				const got = await get(`${path}?${query}`);
				assert.equal(got.status, 200, `${path}?${query}`);
				const steady = text => text.replaceAll(/name="(?:csrf|form_csrf|once)" value="[^"]*"/g, '');
				assert.equal(steady(got.text), steady(plain.text), `${path}?${query}`);
			}
	}
	for (const target of ['/v1/assets?fbclid=1', '/v1/requests?utm_source=a'])
		assert.equal((await reg.anyone.get(target)).status, 400, target);
	assert.equal((await get('/reports?fbclid=1&valid_on=2026-01-01')).status, 400, 'a day is no stranger: what has no past says so');
});

test('pages take no key and the API no cookie', async () => {
	const {cookie} = await session();
	assert.ok(!(await page('/', {Authorization: `Bearer ${reg.adminKey}`})).text.includes('Signed in as'));
	assert.equal((await reg.anyone.get('/v1/whoami', {headers: {Cookie: cookie}})).status, 401);
});

test('every page carries its headers, an error too', async () => {
	const rows = [['/', 200], ['/assets', 200], ['/requests', 200], ['/sign-in', 200], ['/nonsense', 404],
		['/assets/ast_00000000000000000000000000', 404], ['/assets?q=a&q=b', 400]];
	for (const [path, status] of rows) {
		const {headers, status: got, text} = await page(path);
		assert.equal(got, status, path);
		assert.equal(headers['content-type'], 'text/html; charset=utf-8', path);
		assert.equal(headers['content-security-policy'], "default-src 'none'; script-src 'self'; style-src 'self'; " +
			"img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
		assert.equal(headers['x-content-type-options'], 'nosniff');
		assert.equal(headers['referrer-policy'], 'same-origin');
		assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
		assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
		assert.ok(headers['permissions-policy']);
		assert.equal(headers['cache-control'], 'private, no-cache');
		assert.doesNotMatch(text, /<[^>]+ (style|on[a-z]+)=/, `${path}: nothing that the policy would refuse`);
	}
});

test('who must sign in first comes to what they had asked for, and an address with a secret is not carried along', async () => {
	const asked = '/requests/new?q=two%20words&land=%22';
	const reply = await page(asked);
	assert.equal(reply.status, 401);
	const nexts = [.../<main[^]*<\/main>/.exec(reply.text)[0].matchAll(/href="\/sign-in\?next=([^"]*)"/g)].map(m => decodeURIComponent(m[1]));
	assert.deepEqual(nexts, [asked]);
	assert.equal((await signIn({next: nexts[0]})).headers.location, asked);
	const gone = await page('/requests/atr_00000000000000000000000000/case');
	assert.equal(gone.status, 404);
	assert.ok(gone.text.includes('href="/sign-in?next=%2Frequests%2Fatr_00000000000000000000000000%2Fcase"'), 'what nobody may know of, too');
	const secret = await page('/password?token=acl_secret');
	assert.equal(secret.status, 404);
	assert.doesNotMatch(secret.text, /acl_secret/);
});

/* Whom a page takes its reader for: the name, with the button that signs them out; '' nobody, who may sign in; undefined: it does not say. */
function readerOf({text}) {
	const names = [...text.matchAll(/Signed in as ([^<]*?) ?</g)].map(m => m[1]), offers = text.split('href="/sign-in').length - 1;
	assert.ok(names.length ? offers === 0 && text.includes('action="/sign-out"') && new Set(names).size === 1 : !text.includes('/sign-out'), text);
	return names[0] ?? (offers ? '' : undefined);
}

test('an error says who is signed in as every page does, and where nobody could look neither that nor that they should', async () => {
	const {cookie, csrf} = await session(), stranger = '__Host-sid='.padEnd(54, 'x');
	const name = readerOf(await page('/', {Cookie: cookie}));
	assert.ok(name.length);
	const get = path => Cookie => page(path, Cookie && {Cookie});
	const post = (path, fields) => Cookie => form(path, fields, {Accept: 'text/html', ...(Cookie && {Cookie})});
	for (const [what, status, send, isRead = true] of [
		['nothing is there', 404, get('/assets/ast_00000000000000000000000000')],
		['a question that is none', 400, get('/assets?q=a&q=b')],
		['a form of another session', 403, post('/account', {csrf: 'x'})],
		['a form that says nothing', 400, post('/account', {csrf, change: 'none'})],
		['no such page', 404, get('/nonsense'), false],
		['no such part', 404, get('/a/none'), false],
		['no such way', 405, post('/rules', {}), false],
		['more than is read', 413, post('/account', {csrf, change: 'x'.repeat(5000)}), false],
	]) {
		const shown = [];
		for (const Cookie of [cookie, stranger, undefined]) {
			const reply = await send(Cookie);
			assert.ok(Cookie !== cookie || reply.status === status, `${what}: ${reply.status}`);
			shown.push(readerOf(reply));
		}
		assert.deepEqual(shown, isRead ? [name, '', ''] : [undefined, undefined, ''], what);
	}
	const [, word] = /action="\/sign-out"><input type="hidden" name="csrf" value="([^"]+)"/.exec((await page('/assets?q=a&q=b', {Cookie: cookie})).text);
	assert.equal((await form('/sign-out', {csrf: word}, {Cookie: cookie})).status, 303, 'and its button signs them out');
});

test('an unknown address is a page for a browser and a problem for a program', async () => {
	assert.match((await page('/nonsense')).headers['content-type'], /^text\/html/);
	assert.equal((await reg.anyone.get('/nonsense')).headers['content-type'], 'application/problem+json');
	assert.equal((await page('/v1/nonsense')).headers['content-type'], 'application/problem+json');
});

test('static parts are kept for ever under their content\'s name, compressed where that is understood', async () => {
	const home = (await page('/')).text;
	const css = /href="(\/a\/assetd\.[0-9a-f]{12}\.css)"/.exec(home)[1];
	const plain = await reg.anyone.get(css);
	assert.equal(plain.status, 200);
	assert.equal(plain.headers['content-type'], 'text/css; charset=utf-8');
	assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
	assert.equal(plain.headers.vary, 'Accept-Encoding');
	assert.equal(plain.headers['content-encoding'], undefined);
	for (const [accept, coding] of [['gzip, br', 'gzip'], ['br, GZIP;q=0.5', 'gzip'], ['gzip;q=0', undefined], ['br', undefined]]) {
		const reply = await reg.anyone.get(css, {headers: {'Accept-Encoding': accept}});
		assert.equal(reply.headers['content-encoding'], coding, accept);
		assert.deepEqual(coding ? zlib.gunzipSync(reply.bytes) : reply.bytes, plain.bytes);
		const again = await reg.anyone.get(css, {headers: {'Accept-Encoding': accept, 'If-None-Match': reply.headers.etag}});
		assert.equal(again.status, 304);
		assert.equal(again.bytes.length, 0);
	}
	for (const font of plain.text.match(/\/a\/[^")]+\.woff2/g))
		assert.equal((await reg.anyone.get(font)).headers['content-type'], 'font/woff2');
	assert.equal((await reg.anyone.get('/a/assetd.css')).status, 404);
	assert.equal((await reg.anyone.head(css)).headers['content-length'], String(plain.bytes.length));
});

test('a search as long as an address may be is taken, whatever its letters', async () => {
	for (const letter of ['_', 'a', '%25', '%5C', '%22']) {
		const words = letter.repeat(Math.floor(4000 / letter.length));
		const reply = await page(`/assets?q=${words}`);
		assert.equal(reply.status, 200, letter);
		assert.match(reply.text, /0 entries/);
	}
});

test('while the database is away a page says so, and when it is back it is a page again', async () => {
	const {cookie} = await session();
	await reg.cluster.stop();
	const away = await page('/assets');
	assert.equal(away.status, 503);
	assert.match(away.headers['content-type'], /^text\/html/);
	assert.match(away.text, /Wait a minute, then try again/);
	assert.ok(Number(away.headers['retry-after']) > 0);
	assert.equal(readerOf(away), '');
	await until(async () => readerOf(await page('/assets', {Cookie: cookie})) === undefined, {deadline_ms: 20_000, what: 'what was known of the session to be old'});
	assert.equal((await page('/a/none')).status, 404, 'what needs no database is served');
	await reg.cluster.start();
	await until(async () => (await page('/assets')).status === 200, {deadline_ms: 20_000, what: 'the page to come back'});
});
