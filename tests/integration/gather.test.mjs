// Reads by key that are asked for at the same time share a batch (daemon/db/db_gather.h), and nobody
// can tell: in any crowd each gets what it gets alone. Where a test needs a batch under way it is held
// up: by a lock, which PostgreSQL gives up waiting for, by stopping its backends, or on its way back.

import assert from 'node:assert/strict';
import net from 'node:net';
import {after, test} from 'node:test';
import {makeKey, ok, startRegister, until, within} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z', proxied: true, conf: {http: {workers: 1, kept_mib: 0}}}); // all from the database
after(() => reg.stop());
const {admin, proxy} = reg;
const SHARE = 64; // askers of one batch, at most

const councils = [];
for (const code of ['G1', 'G2'])
	councils.push(ok(await admin.post('/v1/authorities', {name: code, kind: 'COUNCIL', code})).id);
const assets = [];
for (const authority_id of councils) {
	for (const published of [true, true, false])
		assets.push(ok(await admin.post('/v1/assets', {authority_id, name: `Hall ${assets.length}`, class: 'HALL', tenure: 'OWNED', published})).id);
}
const gone = ok(await admin.post('/v1/assets', {authority_id: councils[0], name: 'Gone', class: 'HALL', tenure: 'OWNED'})).id;
ok(await admin.post(`/v1/assets/${assets[0]}/valuations`, {amount_pence: 1, basis: 'MV', valued_on: '2026-01-01'}));
await admin.put(`/v1/assets/${assets[2]}/disposal-plan`, {method: 'NONE'}, {headers: {'If-None-Match': '*'}});
const body = ok(await admin.post('/v1/community-bodies', {name: 'B', legal_form: 'SCIO'})).id;
const request = ok(await admin.post('/v1/requests', {asset_id: assets[0], community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'},
	{idempotency: 'r1'})).id;
assert.equal((await admin.delete(`/v1/assets/${gone}`, {match: '*'})).status, 204);
const missing = `ast_${'0'.repeat(26)}`;

const keys = [undefined, reg.adminKey];
for (const council of councils) {
	keys.push((await makeKey(reg, {roles: {[council]: ['VIEWER']}})).key, (await makeKey(reg, {roles: {[council]: ['FINANCE']}})).key);
}
const paths = [
	...assets.flatMap(id => [`/v1/assets/${id}`, `/v1/assets/${id}`]), `/v1/assets/${gone}`, `/v1/assets/${missing}`,
	...councils.map(id => `/v1/authorities/${id}`), `/v1/authorities/${missing}`, `/v1/assets/${councils[0]}`,
	`/v1/requests/${request}`, `/v1/community-bodies/${body}`, `/v1/assets/${assets[2]}/disposal-plan`,
	// What no id of ours can be, and what an array of PostgreSQL's would stumble on.
	'/v1/assets/%22%7D%2C%7B', '/v1/assets/NULL', '/v1/assets/%5C', `/v1/assets/${'a'.repeat(200)}`, '/v1/assets/%C3%A9', '/v1/assets/%01',
];

/** What matters of a reply: all but the request's own name and what moves by the second. */
function essence({status, headers, text}) {
	return {status, etag: headers.etag, caching: headers['cache-control'], type: headers['content-type'],
		text: text.replace(/"instance":"req_\w+"/, '"instance":"…"')};
}

const ask = async ({path, key, tag}) =>
	essence(await admin.as(key).get(path, {headers: tag ? {'If-None-Match': tag} : {}, deadline_ms: 15_000}));

/** The same random numbers in each run. */
function dice(seed) {
	return n => {
		seed = Math.imul(seed ^ seed >>> 15, 0x2c1b3c6d) + 0x9e3779b9 | 0;
		return (seed >>> 0) % n;
	};
}

/** Every question there is, with its answer when nobody else asks. */
async function answersAlone() {
	const all = [];
	for (const path of paths) {
		for (const key of keys) {
			const question = {path, key};
			const answer = await ask(question);
			all.push({question, answer});
			if (answer.etag)
				all.push({question: {...question, tag: answer.etag}, answer: await ask({...question, tag: answer.etag})});
		}
	}
	return all;
}

const backends = `select pid from pg_stat_activity where usename = 'assetd_api' and wait_event_type = 'Lock'`;

/** While work(isHeld) runs nobody reads an asset; isHeld() waits until a batch is held up. */
async function whileHeld(work) {
	return reg.cluster.session(async session => {
		await session.query('begin');
		await session.query('lock table assetd.asset in access exclusive mode');
		const release = () => session.query('rollback');
		return work({release, isHeld: () => until(async () => (await reg.sql(backends)).length > 0, {what: 'a batch to be held up'})});
	});
}

/** While work({isHeld, release}) runs the backends stand still; isHeld() waits until they owe an answer. */
async function whileStopped(work) {
	const pids = (await reg.sql(`select pid from pg_stat_activity where usename = 'assetd_api'`)).map(row => row.pid);
	const tell = signal => pids.forEach(pid => process.kill(pid, signal));
	const before = await gathered();
	tell('SIGSTOP');
	try {
		return await work({
			isHeld: () => until(async () => (await gathered()).batches >= before.batches + 2, {what: 'batches to be under way'}),
			release: () => tell('SIGCONT'),
		});
	} finally {
		tell('SIGCONT');
	}
}

const gathered = async () => {
	const metrics = await reg.daemon.metrics();
	return {reads: metrics.assetd_db_gathered_total, batches: metrics.assetd_db_gatherings_total};
};

/* So many readers of all the assets there are, by so many actors, each with what it must be told. */
async function crowd(count, actors = 3) {
	const questions = Array.from({length: count}, (_, i) => ({path: `/v1/assets/${assets[i % assets.length]}`, key: keys[i % actors]}));
	const alone = new Map();
	for (const q of questions) {
		const name = `${q.path} ${q.key}`;
		if (!alone.has(name))
			alone.set(name, await ask(q));
	}
	return questions.map(q => ({question: q, answer: alone.get(`${q.path} ${q.key}`)}));
}

test('in a crowd each gets what it gets alone', async () => {
	const all = await answersAlone();
	const kinds = new Set(all.map(({answer}) => answer.status));
	assert.deepEqual([...kinds].sort(), [200, 304, 404, 410]);
	const pick = dice(1);
	const before = await gathered();
	for (let round = 0; round < 6; round++) {
		const asked = Array.from({length: 200}, () => all[pick(all.length)]);
		const got = await Promise.all(asked.map(({question}) => ask(question)));
		for (let i = 0; i < asked.length; i++)
			assert.deepEqual(got[i], asked[i].answer, JSON.stringify(asked[i].question));
	}
	const now = await gathered();
	assert.ok(now.reads - before.reads > 2 * (now.batches - before.batches), 'most of them shared a batch');
});

test('who writes sees what was written in the next read, though an older answer is on its way', async () => {
	const id = assets[1];
	const read = headers => admin.get(`/v1/assets/${id}`, {headers});
	const before = await read();
	let letGo;
	const held = new Promise(resolve => { letGo = resolve; });
	let isHeld = false;
	proxy.hold = batch => {
		if (isHeld || !batch.includes('item_gather'))
			return undefined;
		isHeld = true;
		return held;
	};
	const older = read();
	await until(() => isHeld, {what: 'an answer to be held'});
	const written = await admin.patch(`/v1/assets/${id}`, {notes: 'Written meanwhile'}, {match: '*'});
	assert.equal(written.status, 200, written.text);
	const newer = [read(), read({'If-None-Match': written.headers.etag}), read({'If-None-Match': before.headers.etag})];
	// Who asks after them is answered, so they have come.
	assert.equal((await reg.anyone.get('/v1/assets')).status, 200);
	letGo();
	assert.equal((await older).json.version, before.json.version);
	const [plain, same, changed] = await Promise.all(newer);
	assert.deepEqual([plain.json.notes, plain.headers.etag], ['Written meanwhile', written.headers.etag]);
	assert.deepEqual([same.status, changed.status], [304, 200]);
});

/** What each of them is told when backends are ended while a batch is held up, and how many hear 503. */
async function lose(asked, which) {
	const got = await whileHeld(async ({isHeld, release}) => {
		const replies = asked.map(({question}) => ask(question));
		await isHeld();
		await reg.sql(`select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = 'assetd_api' and ${which}`);
		await release();
		return within(Promise.all(replies), 15_000, 'an answer to each');
	});
	for (let i = 0; i < got.length; i++) {
		if (got[i].status !== 503)
			assert.deepEqual(got[i], asked[i].answer);
	}
	await until(async () => (await ask(asked[0].question)).status !== 503, {what: 'the daemon to be back'});
	return got.filter(reply => reply.status === 503).length;
}

test('a connection lost is 503 to those whose batch it had, and the others go by the next', async () => {
	const asked = await crowd(2 * SHARE + 1, 1);
	for (let round = 0; round < 3; round++) {
		const lost = await lose(asked, `wait_event_type = 'Lock'`);
		assert.ok(lost >= 1 && lost <= SHARE, `${lost} lost`);
	}
});

test('a database lost under a crowd is 503 or the right answer to each, and hangs nobody', async () => {
	const asked = await crowd(90);
	for (let round = 0; round < 5; round++)
		assert.ok(await lose(asked, 'true') >= 1, 'some were lost');
});

test('what is waited for too long is busy to each, those who waited for the wait included', async () => {
	const asked = await crowd(SHARE + SHARE / 2, 1);
	await whileHeld(async ({isHeld}) => {
		const replies = asked.map(({question}) => ask(question));
		await isHeld();
		for (const {status, text} of await within(Promise.all(replies), 20_000, 'an answer to each'))
			assert.deepEqual([status, JSON.parse(text).type], [503, '/v1/problems/busy']);
	});
	for (const {question, answer} of asked.slice(0, 12))
		assert.deepEqual(await ask(question), answer);
});

test('clients that leave change nothing for those who stay', async () => {
	const asked = await crowd(60);
	await whileStopped(async ({isHeld, release}) => {
		const leaving = asked.map(({question: {path, key}}) => {
			const socket = net.connect(reg.daemon.ports.http, '127.0.0.1');
			socket.on('error', () => {});
			socket.write(`GET ${path} HTTP/1.1\r\nHost: h\r\n${key ? `Authorization: Bearer ${key}\r\n` : ''}\r\n`);
			return socket;
		});
		const staying = asked.map(({question}) => ask(question));
		await isHeld();
		for (const socket of leaving)
			socket.destroy();
		release();
		const got = await within(Promise.all(staying), 15_000, 'an answer to each');
		for (let i = 0; i < got.length; i++)
			assert.deepEqual(got[i], asked[i].answer);
	});
});

test('a daemon told to end answers what it has gathered', async () => {
	const asked = await crowd(90);
	const got = await whileStopped(async ({isHeld, release}) => {
		const replies = asked.map(({question}) => ask(question));
		await isHeld();
		reg.daemon.process.signal('SIGTERM');
		await until(() => reg.daemon.log().includes('"draining"'), {what: 'the daemon to hear of it'});
		release();
		return within(Promise.all(replies), 15_000, 'an answer to each');
	});
	for (let i = 0; i < got.length; i++)
		assert.deepEqual(got[i], asked[i].answer);
	assert.equal(await within(reg.daemon.process.exited, 40_000, 'the daemon to end'), 0);
	await reg.daemon.start();
});
