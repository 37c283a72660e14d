// Forecasts that take longer to freeze than a page waits: promised under their own address, with how far they are, in the list for
// whoever comes back, kept whole or not at all, and said so. The freezer is held at a turn, so that a short run takes as long as a long one.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {discard, fillForecast, formsOf, makeKey, ok, openSession, scratch, sendForm, startRegister, until} from '../harness/index.mjs';

const plans = scratch(), faults = `${plans}/faults`;
const reg = await startRegister({clock: '2026-11-21T10:00:00Z', env: {ASSETD_FAULT_FILE: faults}, conf: {projection: {threads: 1}}});
after(async () => {
	await reg.stop();
	discard(plans);
});
const {admin} = reg;
const me = await openSession(reg.url, reg.adminKey);
let council;

before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Slow Council', kind: 'COUNCIL', code: 'SLOW'}));
	await reg.daemon.stop();
	await fillForecast(reg, {count: 30, owners: [council.id]});
	await reg.daemon.start();
	await until(async () => (await me.get('/forecast')).status === 200, {what: 'the forecast', deadline_ms: 30_000});
});

const hold = turn => fs.writeFileSync(faults, turn ? `FREEZE_TURN hold ${turn}\n` : '');
const form = async (session = me) => formsOf('/forecast/runs', (await session.get('/forecast/runs')).text).find(one => one.action === '/forecast/runs');
const freeze = (one, name, session = me) => sendForm(reg.url, one, {fields: one.fields.map(([field, value]) => [field, {name, tag: 'BUDGET'}[field] ?? value]), cookie: session.cookie});
const promises = () => reg.sql('select run_id, step, done, of_all, title from assetd.run_promise order by run_id');
const shown = async path => {
	const {text, status, headers} = await me.get(path);
	return {text, status, refresh: headers.refresh, bar: /<progress class="progress" max="(\d+)" value="(\d+)"/.exec(text)?.slice(1).map(Number)};
};
test('what is made at once is shown at once', async () => {
	hold(0);
	const reply = await freeze(await form(), 'At once');
	assert.equal(reply.status, 303, reply.text);
	assert.equal((await shown(reply.headers.location)).status, 200);
	assert.deepEqual(await promises(), []);
	assert.match((await me.get(reply.headers.location)).text, /Frozen forecast: At once/);
});

test('a long one leads to its own address, says how far it is, is found in the list, and is there in the end', async () => {
	hold(2); // the first turn has counted; the second is to simulate
	const one = await form();
	const reply = await freeze(one, 'Long <b>');
	assert.equal(reply.status, 303, reply.text);
	const [row] = await promises();
	assert.equal(reply.headers.location, `/forecast/runs/${row.run_id}`);
	const page = await until(async () => {
		const seen = await shown(reply.headers.location);
		return /simulates futures/.test(seen.text) && seen;
	}, {what: 'what it is doing'});
	assert.deepEqual([page.status, page.refresh], [200, '2']);
	assert.match(page.text, /Long &lt;b&gt;/);
	assert.match(page.text, /Step 4 of 6: it simulates futures/);
	const list = (await me.get('/forecast/runs')).text;
	assert.match(list, new RegExp(`Being frozen[^]*<a href="/forecast/runs/${row.run_id}">Long &lt;b&gt;</a>[^]*simulates futures`));
	const again = await freeze(one, 'Long <b>');
	assert.deepEqual([again.status, again.headers.location, again.headers['idempotency-replayed']], [303, reply.headers.location, 'true'], 'sent twice it is one');
	assert.equal((await promises()).length, 1);
	const other = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['VIEWER', 'FINANCE']}})).key);
	assert.equal((await other.get(reply.headers.location)).status, 404, 'that of all bodies is not one body\'s');
	assert.ok(!(await other.get('/forecast/runs')).text.includes('Long &lt;b&gt;'));
	hold(0);
	const done = await until(async () => {
		const seen = await shown(reply.headers.location);
		return /Frozen forecast: Long &lt;b&gt;/.test(seen.text) && seen;
	}, {what: 'the forecast', deadline_ms: 30_000});
	assert.equal(done.refresh, undefined);
	assert.deepEqual(await promises(), [], 'nothing is promised any more');
	assert.equal(ok(await admin.get(`/v1/projections/runs/${row.run_id}`), 200).name, 'Long <b>');
	assert.equal((await freeze(one, 'Long <b>')).headers.location, reply.headers.location);
});

test('how far it is is as much as was done', async () => {
	const bars = new Map();
	for (let turn = 3; turn < 9; turn++) {
		hold(turn);
		const reply = await freeze(await form(), `Turn ${turn}`);
		const [row] = await promises();
		if (!row)
			break;
		const page = await until(async () => (await promises())[0]?.step !== 'WAIT' && shown(reply.headers.location), {what: 'what it is doing'});
		const {step, done, of_all: of} = (await promises())[0];
		if (page.bar)
			assert.ok(page.bar[0] >= page.bar[1], `${page.bar}`);
		bars.set(`${step} ${done}/${of}`, turn);
		hold(0);
		await until(async () => !(await promises()).length, {what: 'the end', deadline_ms: 30_000});
	}
	const steps = [...bars.keys()].map(one => one.split(' ')[0]);
	assert.ok(steps.includes('INPUTS') || steps.includes('FIGURES'), steps.join());
	for (const [seen] of bars) {
		const [, done, of] = /(\d+)\/(\d+)/.exec(seen).map(Number);
		assert.ok(done <= of && of > 0, seen);
	}
});

test('one whose client has left goes on, and one that fails says why', async () => {
	hold(2);
	const gone = new AbortController();
	const one = await form();
	const sent = fetch(`${reg.url}/forecast/runs`, {method: 'POST', redirect: 'manual', signal: gone.signal, body: new URLSearchParams(one.fields.map(([name, value]) => [name, {name: 'Left', tag: 'BUDGET'}[name] ?? value])),
		headers: {Origin: reg.url, Cookie: me.cookie}});
	const [row] = await until(async () => {
		const rows = await promises();
		return rows.length && rows;
	}, {what: 'the promise'});
	gone.abort();
	await sent.catch(() => undefined);
	hold(0);
	await until(async () => (await admin.get(`/v1/projections/runs/${row.run_id}`)).status === 200, {what: 'it to be stored', deadline_ms: 30_000});

	hold(2);
	const reply = await freeze(await form(), 'In vain');
	const path = reply.headers.location;
	await reg.sql(`create function public.taken() returns trigger language plpgsql as $$ begin raise exception 'taken' using errcode = 'AS071'; end $$`);
	await reg.sql('create trigger taken before insert on assetd.projection_run for each row execute function public.taken()');
	hold(0);
	const failed = await until(async () => {
		const seen = await shown(path);
		return /It failed/.test(seen.text) && seen;
	}, {what: 'the failure', deadline_ms: 30_000});
	await reg.sql('drop function public.taken cascade');
	assert.deepEqual([failed.status, failed.refresh], [200, undefined]);
	assert.match(failed.text, /A forecast that was not frozen[^]*nothing of it is kept/);
	assert.match((await me.get('/forecast/runs')).text, /In vain[^]*It failed/);
	await reg.sql('delete from assetd.run_promise');
});

test('a scenario that is cut off is made again with all that is otherwise in it, by whoever asked', async () => {
	const other = await openSession(reg.url, (await makeKey(reg, {roles: {'*': ['FINANCE']}})).key);
	const ask = formsOf('/forecast/compare', (await me.get('/forecast/compare')).text).find(one => one.fields.some(([field]) => field === 'parameter'));
	const said = {name: 'Half', parameter: 'price_ppm', value: '50'};
	hold(2);
	const path = (await sendForm(reg.url, ask, {fields: ask.fields.map(([field, value]) => [field, said[field] ?? value]), cookie: me.cookie})).headers.location;
	await until(async () => /simulates futures/.test((await shown(path)).text), {what: 'it to be at work'});
	await reg.daemon.kill();
	hold(0);
	await reg.daemon.start();
	await reg.sql(`update assetd.run_promise set said_at = said_at - interval '1 hour'`);
	const page = await until(async () => {
		const {text} = await shown(path);
		return /cut off/.test(text) && text;
	}, {what: 'what became of it', deadline_ms: 30_000});
	const [again] = formsOf(path, page).filter(one => one.fields.some(([field]) => field === 'again'));
	const theirs = await other.get(path);
	assert.ok(theirs.status === 200 && !theirs.text.includes('name="again"'), `${theirs.status}`);
	const made = (await sendForm(reg.url, again, {fields: again.fields, cookie: me.cookie})).headers.location;
	const run = ok(await admin.get(`/v1/projections/runs/${made.split('/').pop()}`), 200);
	assert.deepEqual([run.name, run.tag, run.parameters_set], ['Half', 'WHAT_IF', {scenarios: {LIKELY: {price_ppm: 500000}}}]);
	assert.deepEqual(await reg.sql('select run_id from assetd.run_ask where run_id = $1', [run.id]), [], 'what was asked goes once it is there');
});

test('a daemon that is killed meanwhile keeps nothing of it, and another one says so', async () => {
	hold(2);
	const path = (await freeze(await form(), 'Cut off')).headers.location;
	await until(async () => /simulates futures/.test((await shown(path)).text), {what: 'it to be at work'});
	await reg.daemon.kill();
	hold(0);
	await reg.daemon.start();
	reg.daemon.setClock('2026-11-21T10:10:00Z');
	const seen = await until(async () => {
		const page = await shown(path);
		return /cut off/.test(page.text) && page;
	}, {what: 'what became of it', deadline_ms: 30_000});
	assert.deepEqual([seen.status, seen.refresh, seen.bar], [200, undefined, undefined]);
	assert.match((await me.get('/forecast/runs')).text, /Cut off[^]*it was cut off with the service/);
	const [again] = formsOf(path, seen.text).filter(one => one.fields.some(([field]) => field === 'again'));
	const made = (await sendForm(reg.url, again, {fields: again.fields, cookie: me.cookie})).headers.location;
	assert.match((await me.get(made)).text, /Frozen forecast: Cut off/, 'whoever asked has it by a button');
	reg.daemon.setClock('2026-11-29T10:10:00Z');
	await until(async () => (await shown(path)).status === 404, {what: 'a week to pass'});
});

test('a daemon that is told to stop ends with one at work, and leaves nothing behind', async () => {
	const fresh = await openSession(reg.url, reg.adminKey);
	hold(2);
	const reply = await freeze(await form(fresh), 'Stopped', fresh);
	assert.equal(reply.status, 303, reply.text);
	hold(0);
	await reg.daemon.stop();
	await reg.daemon.start();
});
