// The page of the forecast with a day: it shows the newest forecast that was frozen of that day or before, as it was known then, says of
// which day that one is, or that there is none; to whoever may read it, and to nobody else anything of it.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, openSession, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-03-05T10:00:00Z', conf: {projection: {seed: 7, threads: 1}}});
after(() => reg.stop());
const {add, asset, value, receipts} = openForecast(reg);

let council, board, land, finance;
const runs = {}, sessions = {};
const freeze = async (name, fields, who = finance) => {
	runs[name] = ok(await who.post('/v1/projections/runs', {name, tag: 'QUARTER', paths: 50, ...fields}), 201);
};
const who = async roles => (await makeKey(reg, {roles})).key;

before(async () => {
	council = await add('/v1/authorities', {name: 'Then Council', kind: 'COUNCIL', code: 'THEN'});
	board = await add('/v1/authorities', {name: 'Then Board', kind: 'HEALTH_BOARD', code: 'THENB'});
	land = await Promise.all(['Hall', 'Depot', 'Yard'].map((name, i) => asset({name, authority_id: council.id, effective_on: '2026-01-01'}, {amount: 20000001 * (i + 1), plan: {planned_on: '2027-06-15'}})));
	const keys = {all: await who({'*': ['FINANCE']}), council: await who({[council.id]: ['FINANCE']}), board: await who({[board.id]: ['FINANCE']}), estates: await who({[council.id]: ['ESTATES']})};
	finance = reg.admin.as(keys.all);
	await receipts('group_by=YEAR');
	await freeze('First');
	reg.daemon.setClock('2026-03-20T10:00:00Z');
	await freeze('Theirs', {}, reg.admin.as(keys.council));
	reg.daemon.setClock('2026-04-20T10:00:00Z');
	await value(land[0], 90000000, {valued_on: '2026-04-15'});
	await receipts('group_by=YEAR');
	await freeze('Second');
	reg.daemon.setClock('2026-04-25T10:00:00Z');
	await freeze('What if', {tag: 'WHAT_IF'});
	await freeze('Otherwise', {parameters: {nominal_floor: 2}});
	await freeze('Of a day', {as_of_on: '2026-03-10', valid_on: '2026-03-10'});
	reg.daemon.setClock('2026-05-01T10:00:00Z'); // sessions begin with what is now
	for (const [name, key] of Object.entries(keys))
		sessions[name] = await openSession(reg.url, key);
});

const page = async (query, session = sessions.all, status = 200) => {
	const reply = await (session?.get ?? ((path) => reg.anyone.get(path, {headers: {Accept: 'text/html'}}))).call(session, `/forecast?${query}`);
	assert.equal(reply.status, status, reply.text);
	return reply.text.replace(/\s+/g, ' ');
};
/* Which run a page shows: by its name. */
const shown = async (query, session) => /<h1[^>]*>Frozen forecast: ([^<]+)</.exec(await page(query, session))?.[1];
const pounds = pence => `£${Math.floor(pence / 100).toLocaleString('en-GB')}.${String(pence % 100).padStart(2, '0')}`;

test('the newest of that day or before, as known then; no scenarios; what is of a day counts from that day', async () => {
	for (const [query, name] of [
		['valid_on=2026-03-04', undefined], ['valid_on=2026-03-05', 'First'], ['valid_on=2026-03-09', 'First'],
		['valid_on=2026-03-10', 'Of a day'], ['valid_on=2026-03-19', 'Of a day'], ['valid_on=2026-03-20', 'Theirs'],
		['valid_on=2026-04-20', 'Second'], ['valid_on=2026-05-01', 'Second'],
		['valid_on=2026-03-19&known_on=2026-04-24', 'First'], ['known_on=2026-03-05', 'First'], ['known_on=2026-03-04', undefined],
		['valid_on=2026-04-20&known_on=2026-03-20', 'Theirs'],
	])
		assert.equal(await shown(query), name, query);
});

test('it says which day was asked for and which it has, with the figures of that run, and a way back', async () => {
	const text = await page('valid_on=2026-04-24&known_on=2026-04-30');
	assert.match(text, /You asked for the forecast of 24 April 2026, as it was known on 30 April 2026\. .*it has what was so on 20 April 2026, as it was known on 20 April 2026\./);
	const then = ok(await finance.get(`/v1/projections/receipts?group_by=YEAR&run=${runs.Second.id}`), 200).totals;
	assert.ok(text.includes(pounds(then.adjusted.net_pence)), pounds(then.adjusted.net_pence));
	const first = ok(await finance.get(`/v1/projections/receipts?group_by=YEAR&run=${runs.First.id}`), 200).totals;
	assert.notEqual(first.adjusted.net_pence, then.adjusted.net_pence);
	assert.ok((await page('valid_on=2026-03-06')).includes(pounds(first.adjusted.net_pence)));
	assert.ok(text.includes('href="/forecast">See it as it is now') && text.includes(`href="/forecast/runs/${runs.Second.id}"`));
	assert.ok(text.includes('name="valid_on" value="2026-04-24"') && text.includes('name="known_on" value="2026-04-30"'), 'the choice of a case keeps the day');
	assert.doesNotMatch(await page(''), /This is the past/);
	assert.doesNotMatch((await sessions.all.get(`/forecast/runs/${runs.Second.id}`)).text, /This is the past|name="valid_on"/, 'at its own address it is itself');
});

test('what is chosen stays chosen: a body, a kind, a case; two filters no frozen forecast keeps', async () => {
	const text = await page(`valid_on=2026-04-24&authority_id=${council.id}&scenario=BEST`);
	assert.match(text, /<h2>Public body: Then Council<\/h2>/);
	assert.ok(text.includes(`href="/forecast?scenario=BEST&amp;authority_id=${council.id}">See it as it is now`));
	const best = ok(await finance.get(`/v1/projections/receipts?run=${runs.Second.id}&authority_id=${council.id}&scenario=BEST`), 200).totals;
	assert.ok(text.includes(pounds(best.adjusted.net_pence)));
	for (const hidden of [`name="authority_id" value="${council.id}"`, 'name="scenario" value="BEST"'])
		assert.ok(text.includes(hidden), `the date box keeps ${hidden}`);
	assert.equal(await shown('valid_on=2026-04-24&class=HALL'), 'Second');
	assert.match(await page(`valid_on=2026-04-24&class=HALL&authority_id=${council.id}`, sessions.all, 400), /for one filter/);
	for (const query of ['valid_on=2026-02-30', 'known_on=yesterday', 'valid_on=2026-04-24&scenario=GOOD'])
		await page(query, sessions.all, 400);
	assert.equal(await shown('valid_on=&known_on='), undefined);
});

test('of those that the reader may read; for others it says for whom they are, and nothing of them', async () => {
	assert.equal(await shown('valid_on=2026-04-24', sessions.council), 'Theirs');
	assert.equal(await shown('valid_on=2026-03-19', sessions.council), undefined);
	assert.match(await page('valid_on=2026-03-19', sessions.council), /No forecast of 19 March 2026 or of a day before was frozen that you may read\. .*Freeze the forecast as it was on that day/);
	assert.match(await page('valid_on=2026-04-24&known_on=2026-03-01', sessions.council), /as it was known on 1 March 2026 or before/);
	assert.match(await page('valid_on=2026-04-24', sessions.board), /No forecast of 24 April 2026/);
	for (const session of [sessions.estates, null]) {
		const text = await page('valid_on=2026-04-24', session);
		assert.match(text, /which are for those who may read the money in them/);
		assert.doesNotMatch(text, /First|Second|Theirs|£|run_/);
		assert.ok(text.includes('href="/assets?valid_on=2026-04-24"'));
		assert.doesNotMatch(await page('', session), /name="valid_on"/, 'no box that leads nowhere');
	}
	assert.match(await page(''), /name="valid_on"/);
});
