// Imports that take longer than anybody waits: answered with how far they are, and whole or not at all whatever happens
// meanwhile. Statements that write assets are made to wait in the database, so that a short list takes as long as a long one.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertSound, openSession, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const LINES = 1200; // two stretches, of a thousand lines at most
let made = 0;

async function authority() {
	made++;
	const reply = await reg.admin.post('/v1/authorities', {name: `Long import ${made}`, kind: 'OTHER', code: `LNG-${made}`});
	assert.equal(reply.status, 201, reply.text);
	return reply.json.id;
}

const preview = async (id, lines = LINES) => (await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${id}`, {headers: {'Content-Type': 'text/csv'},
	body: 'reference,name,class,tenure\n' + Array.from({length: lines}, (_, i) => `A${i},Hall ${i},HALL,OWNED\n`).join('')})).json.id;
const post = (id, what, wait = 0) => reg.admin.request('POST', `/v1/imports/${id}/${what}`, {headers: {Prefer: `wait=${wait}`}});
const show = async id => (await reg.admin.get(`/v1/imports/${id}`)).json;
const count = async id => (await reg.sql('select count(*)::int as n from assetd.asset where authority_id = $1 and removed_at is null', [id]))[0].n;
const shown = (id, ...states) => until(async () => {
	const {state} = await show(id);
	return states.includes(state) && state;
}, {what: states.join(' or ')});

/* So many seconds for each statement that makes or changes assets, in every session. */
async function slow(seconds) {
	await reg.sql('drop function if exists public.linger cascade');
	if (!seconds)
		return;
	await reg.sql(`create function public.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(${seconds}); return null; end $$`);
	await reg.sql('create trigger linger before insert or update on assetd.asset for each statement execute function public.linger()');
}

before(() => slow(0.3));

test('a long apply and its undo are answered with how far they are, and again with what came of them', async t => {
	const id = await authority(), list = await preview(id);

	for (const [what, at_work, done, left] of [['apply', 'APPLYING', 'APPLIED', LINES], ['undo', 'UNDOING', 'UNDONE', 0]]) {
		await t.test(what, async () => {
			const begun = await until(async () => {
				const reply = await post(list, what);
				assert.equal(reply.status, 202, reply.text);
				return reply.json.state === at_work && reply;
			}, {what: 'it to begin'});
			assert.deepEqual([begun.json.id, begun.json.state, begun.json.progress.of, begun.headers.location],
				[list, at_work, LINES, `/v1/imports/${list}`], begun.text);
			const seen = await until(async () => {
				const json = await show(list);
				return json.progress?.done > 0 ? json : json.state === done && {};
			}, {what: 'progress'});
			assert.equal(seen.state, at_work);
			assert.ok(seen.progress.done % 1000 === 0 || seen.progress.done === LINES, `${seen.progress.done} of ${LINES}`);
			const other = await post(list, what === 'apply' ? 'undo' : 'apply');
			assert.equal(other.status, 409, 'not both at once');
			assert.equal(await shown(list, done), done);
			assert.equal((await show(list)).progress, null);
			assert.equal(await count(id), left);
			const again = await post(list, what);
			assert.deepEqual([again.status, again.json.state], [200, done]);
		});
	}
});

test('one Idempotency-Key, sent again while it goes on and after', async () => {
	const id = await authority(), list = await preview(id);
	const send = () => reg.admin.request('POST', `/v1/imports/${list}/apply`, {headers: {Prefer: 'wait=0', 'Idempotency-Key': 'once'}});
	assert.equal((await send()).status, 202);
	const second = await send();
	assert.ok([202, 409, 503].includes(second.status), second.text);
	await shown(list, 'APPLIED');
	const replayed = await send();
	assert.deepEqual([replayed.status, replayed.json.state, replayed.headers['idempotency-replayed']], [200, 'APPLIED', 'true']);
	assert.equal(await count(id), LINES);
});

test('a daemon that is killed meanwhile leaves it applied or as it was, and a new one says which', async () => {
	const id = await authority(), list = await preview(id);
	assert.equal((await post(list, 'apply')).status, 202);
	await reg.daemon.kill();
	await reg.daemon.start();
	await shown(list, 'APPLYING', 'APPLIED', 'PREVIEWED');
	const state = await shown(list, 'APPLIED', 'PREVIEWED');
	assert.equal(await count(id), state === 'APPLIED' ? LINES : 0);
	const left = (await show(list)).not_done;
	assert.deepEqual([left?.move, left?.failed_at], state === 'APPLIED' ? [undefined, undefined] : ['APPLY', null]);
	assert.match(left?.detail ?? 'begun', /begun/, 'it says that somebody was promised it');
	const again = await until(async () => {
		const reply = await post(list, 'apply', 5);
		return reply.status === 200 && reply;
	}, {what: 'the outcome'});
	assert.equal(again.json.state, 'APPLIED');
	assert.equal(await count(id), LINES);
});

test('whoever comes back after a 202 reads that it failed, why, and what to do, also from another daemon', async () => {
	const id = await authority(), list = await preview(id);
	const failed = async () => until(async () => {
		const {json, headers} = await reg.admin.get(`/v1/imports/${list}`);
		return json.not_done?.failed_at && {...json.not_done, state: json.state, etag: headers.etag};
	}, {what: 'the failure'});
	const takeAway = async when => {
		await reg.sql(`create function public.taken() returns trigger language plpgsql as $$ begin raise exception 'taken' using errcode = 'AS071'; end $$`);
		await reg.sql(`create trigger taken before ${when} on assetd.asset for each row when (new.reference = 'A${LINES - 1}') execute function public.taken()`);
	};
	await takeAway('insert');
	const before = (await reg.admin.get(`/v1/imports/${list}`)).headers.etag;
	const begun = await post(list, 'apply');
	assert.equal(begun.status, 202, begun.text);
	const told = await failed();
	assert.deepEqual([told.state, told.move, told.type], ['PREVIEWED', 'APPLY', '/v1/problems/import-stale']);
	assert.ok(told.title && /Nothing of it is stored|nothing of it is stored/.test(told.detail), told.detail);
	assert.notEqual(told.etag, before);
	assert.equal(await count(id), 0);
	await reg.daemon.stop();
	await reg.daemon.start();
	assert.deepEqual(await failed(), told, 'a new daemon says the same');
	const page = await (await openSession(reg.url, reg.adminKey)).get(`/imports/${list}`);
	assert.ok(page.text.includes('id="not-done"') && page.text.includes(told.title) && page.text.includes('>Apply</button>'), page.text);
	await reg.sql('drop function public.taken cascade');
	await slow(0);
	const applied = await until(async () => {
		const reply = await post(list, 'apply', 9);
		return reply.status === 200 && reply;
	}, {what: 'the outcome'});
	assert.deepEqual([applied.json.state, applied.json.not_done], ['APPLIED', null], 'and it can be done after all');
	await slow(0.3);
	await takeAway('update');
	assert.equal((await post(list, 'undo')).status, 202);
	const {state, move} = await failed();
	assert.deepEqual([state, move, await count(id)], ['APPLIED', 'UNDO', LINES]);
	await reg.sql('drop function public.taken cascade');
});

test('a transaction that is lost leaves the import as it was', async () => {
	const id = await authority(), list = await preview(id);
	assert.equal((await post(list, 'apply')).status, 202);
	await reg.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like $1`, [`${list} %`]);
	await shown(list, 'PREVIEWED');
	assert.equal(await count(id), 0);
	assert.equal((await show(list)).not_done.move, 'APPLY');
	await slow(0);
	const applied = await until(async () => {
		const reply = await post(list, 'apply', 10);
		return reply.status === 200 && reply;
	}, {what: 'a connection'});
	assert.equal(applied.json.state, 'APPLIED');
});

test('after all of this the register is sound', () => assertSound(reg));
