// G-S10: ten thousand guesses at one account from a hundred addresses within a minute. Some twenty at most are looked at, nobody gets in
// by them, and meanwhile the account's owner signs in at a browser of theirs, others sign in from anywhere, and pages are read as before.

import assert from 'node:assert/strict';
import {Worker} from 'node:worker_threads';
import {after, test} from 'node:test';
import {ok, openSession, request, startRegister, until} from '../harness/index.mjs';

const TRIES = process.env.ASSETD_LONG ? 10_000 : 1_000;
const ADDRESSES = 100, PER_SECOND = 200, AT_ONCE = 50, MOST = 20, MINUTE_MS = 60_000;
const PASSWORD = 'kettle on by nine';
const reg = await startRegister({conf: {http: {workers: 1}}});
after(() => reg.stop());

const form = {'Content-Type': 'application/x-www-form-urlencoded', Origin: reg.url};
const cookie = (reply, name) => [reply.headers['set-cookie'] ?? []].flat().map(c => c.split(';')[0]).find(c => c.startsWith(`${name}=`));
const send = (path, fields, Cookie) => request(reg.url + path, {method: 'POST', body: new URLSearchParams(fields).toString(), headers: {...form, ...(Cookie && {Cookie})}});
const hashed = async () => (await reg.daemon.metrics()).assetd_passwords_hashed_total ?? 0;
const asked = await request(`${reg.url}/sign-in`);
const blank = {word: /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text)[1], cookie: cookie(asked, '__Host-form')};
const signIn = (email, known) => send('/sign-in', {form_csrf: blank.word, next: '/', email, password: PASSWORD}, [blank.cookie, known].filter(Boolean).join('; '));

async function person(name) {
	const item = ok(await reg.admin.post('/v1/accounts', {authority_id: council.id, name, email: `${name}@example.org`, roles: ['ESTATES']}));
	assert.equal((await send('/password', {token: item.link.split('token=')[1], password: PASSWORD})).status, 303);
	return item.email;
}

/** Read a page again and again until `isOver()`, 20 times at least. → the 99th percentile and the slowest, in ms */
async function read(session, isOver) {
	const took = [];
	while (took.length < 20 || !isOver()) {
		const began = performance.now();
		const {status} = await session.get('/account');
		took.push(performance.now() - began);
		assert.equal(status, 200);
	}
	took.sort((a, b) => a - b);
	return {times: took.length, p99: took[Math.ceil(took.length * 0.99) - 1], most: took.at(-1)};
}

const council = ok(await reg.admin.post('/v1/authorities', {name: 'Own', kind: 'COUNCIL', code: 'Own'}));
const [owner, other] = [await person('owner'), await person('other')];

test(`${TRIES} guesses at one account from ${ADDRESSES} addresses`, async () => {
	const known = cookie(await signIn(owner), '__Host-known');
	const session = await openSession(reg.url, reg.adminKey);
	let left = 200;
	const quiet = await read(session, () => !left--);
	const before = await hashed();

	const guesser = new Worker(new URL('./guesser.mjs', import.meta.url),
		{workerData: {url: reg.url, tries: TRIES, per_second: PER_SECOND, at_once: AT_ONCE, addresses: ADDRESSES, email: owner, word: blank.word, cookie: blank.cookie}});
	let isOver = false;
	const over = new Promise((resolve, reject) => guesser.once('message', resolve).once('error', reject)).finally(() => { isOver = true; });
	await until(async () => await hashed() > before, {what: 'the guesses to come'});
	const own = [];
	const [result, crowded] = await Promise.all([over, read(session, () => isOver),
		// Who is new here may find the places where strangers' passwords wait taken, and comes again.
		until(async () => (await signIn(other)).status === 303, {what: 'somebody else to sign in at a browser that is new'}),
		(async () => {
			while (own.length < 3)
				own.push(await signIn(owner, known));
		})()]);
	const looked = await hashed() - before - own.length - 1;
	const late = await signIn(owner);
	console.log(`# ${TRIES} guesses from ${ADDRESSES} addresses in ${(result.took_ms / 1000).toFixed(1)} s: ${JSON.stringify(result.tally)}, ${looked} looked at; ` +
		`a page's p99 ${crowded.p99.toFixed(1)} ms meanwhile (${crowded.times} times, ${crowded.most.toFixed(1)} at most), ${quiet.p99.toFixed(1)} ms before (${quiet.most.toFixed(1)} at most)`);
	assert.equal(Object.values(result.tally).reduce((a, b) => a + b), TRIES, 'each was answered');
	assert.deepEqual(Object.keys(result.tally).filter(status => !['422', '429', '503'].includes(status)), []);
	assert.equal(result.opened, 0);
	assert.ok(looked <= MOST, `${looked} were looked at`);
	assert.ok(result.tally[429] > 0.9 * TRIES, 'the others were told to wait, and took nobody the places where passwords wait');
	assert.deepEqual(own.map(r => [r.status, !!cookie(r, '__Host-sid')]), Array(3).fill([303, true]), 'the owner, at a browser of theirs');
	assert.ok(late.status === 303 || late.status === 429 && Number(late.headers['retry-after']) <= 900, `the owner on a strange machine waits for minutes at most: ${late.status}`);
	if (process.env.ASSETD_LONG)
		assert.ok(result.took_ms <= MINUTE_MS, `${result.took_ms} ms`);
});

test('the account is locked to nobody: what was tried is forgotten, and the owner signs in anywhere', async () => {
	await reg.sql(`update assetd.sign_in_try set next_at = now() - interval '1 second'`);
	assert.equal((await signIn(owner)).status, 303);
});
