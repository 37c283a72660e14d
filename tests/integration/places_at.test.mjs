// A public body's and a locality's page of a day: what they count is what the lists of that day hold, for each reader; a request is in
// the state that it had, a clock is where it was, a report that came later is not there; and a way back.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {MATTERS, makeKey, ok, openSession, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

let council, board, cpp, town, village, body, member, session, known;
const halls = [], requests = [];
const add = async (path, more, options) => ok(await admin.post(path, more, options), 201);
const asset = (authority, name, more) => add('/v1/assets', {authority_id: authority.id, cpp_id: cpp.id, locality_id: town.id, name, class: 'HALL', tenure: 'OWNED',
	decile: 1, effective_on: '2026-01-01', ...more});
const change = async ({id}, more) => ok(await admin.patch(`/v1/assets/${id}`, more, {match: '*'}), 200);
const act = async (id, event, on, more = {}) => ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));

before(async () => {
	council = await add('/v1/authorities', {name: 'Our council', kind: 'COUNCIL', code: 'OUR', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	board = await add('/v1/authorities', {name: 'Our board', kind: 'HEALTH_BOARD', code: 'BOARD'});
	cpp = await add('/v1/cpps', {name: 'Our partnership', code: 'P', partners: [council.id, board.id]});
	[town, village] = [await add('/v1/localities', {name: 'Our town', code: 'T', cpp_id: cpp.id, kind: 'LOCALITY'}),
		await add('/v1/localities', {name: 'Our village', code: 'V', cpp_id: cpp.id, kind: 'LOCALITY'})];
	body = await add('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO', members: 30});
	for (let i = 0; i < 6; i++)
		halls.push(await asset(council, `Hall ${i}`, {decile: 1 + i % 3}));
	await asset(board, 'Clinic');
	await asset(board, 'Hidden', {published: false});
	const late = await asset(council, 'Published late', {published: false});
	await change(late, {published: true, effective_on: '2026-04-01'});
	await change(halls[0], {lifecycle: 'SURPLUS', class: 'DEPOT', effective_on: '2026-05-01'});
	await change(halls[1], {locality_id: village.id, decile: 9, effective_on: '2026-06-01'});
	ok(await admin.request('DELETE', `/v1/assets/${halls[2].id}`, {match: '*'}), 204);
	await asset(council, 'Began late', {effective_on: '2026-07-01'});
	for (let i = 3; i < 6; i++) {
		const r = await add('/v1/requests', {asset_id: halls[i].id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-03-02', offer_pence: 5}, {idempotency: `r${i}`});
		await act(r.id, 'VALIDATE', '2026-03-02', {acknowledged_on: '2026-03-12'});
		requests.push(r.id);
	}
	await act(requests[0], 'WITHDRAW', '2026-08-03');
	known = (await admin.get(`/v1/assets/${late.id}`)).json.updated_at;
	member = admin.as((await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	session = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
});

const READERS = () => [[anyone, path => anyone.get(path, {headers: {Accept: 'text/html'}})], [member, path => session.get(path)]];
const shown = async (get, path) => {
	const reply = await get(path);
	assert.equal(reply.status, 200, reply.text);
	return reply.text.replace(/\s+/g, ' ');
};
/* The numbers of a page's cells and figures that lead to the list with such a filter: {value of the filter: number}. */
const numbers = (text, filter) => Object.fromEntries([...text.matchAll(new RegExp(`href="/assets\\?[^"]*${filter}=(\\w+)[^"]*">([^<]*)</a>(?:</th><td class="number">(\\d+)<)?`, 'g'))]
	.map(([, value, words, cell]) => [value, Number(cell ?? words)]));
const count = (items, by) => items.reduce((n, i) => ({...n, [i[by]]: (n[i[by]] ?? 0) + 1}), {});

test('what is counted is what the list of that day holds, for everybody and for its own', async () => {
	for (const day of ['2025-12-31', '2026-01-01', '2026-04-30', '2026-05-01', '2026-06-01', '2026-06-30', '2026-07-01', '2026-11-20', '2026-11-21']) {
		for (const [who, get] of READERS()) {
			const list = async filter => ok(await who.get(`/v1/assets?${filter}&valid_on=${day}&limit=100`), 200).items;
			const of = await list(`authority_id=${council.id}`), text = await shown(get, `/authorities/${council.id}?valid_on=${day}`);
			assert.match(text, new RegExp(`authority_id=${council.id}&amp;valid_on=${day}">${of.length}</a></b> buildings`), day);
			assert.deepEqual([numbers(text, 'class'), numbers(text, 'lifecycle')], [count(of, 'class'), count(of, 'lifecycle')], day);
			for (const place of [town, village]) {
				const there = await list(`locality_id=${place.id}`), page = await shown(get, `/localities/${place.id}?valid_on=${day}`);
				assert.deepEqual([numbers(page, 'authority_id'), numbers(page, 'decile')], [count(there, 'authority_id'), count(there, 'decile')], `${place.name}, ${day}`);
				assert.match(page, new RegExp(`<b>${there.filter(i => i.lifecycle === 'SURPLUS').length}</b> of them surplus`));
			}
		}
	}
});

test('as it was known on a day: what was entered today was not known yesterday', async () => {
	const text = await shown(path => anyone.get(path, {headers: {Accept: 'text/html'}}), `/authorities/${council.id}?valid_on=2026-11-20&known_on=2026-11-20`);
	assert.match(text, /stood on 20 November 2026, as the register knew it on 20 November 2026/);
	assert.match(text, new RegExp(`authority_id=${council.id}&amp;valid_on=2026-11-20&amp;known_on=2026-11-20">0</a></b> buildings`));
	const rows = await reg.sql(`select count(*)::int as n from assetd.asset_rows_at($1, null, '2026-11-21', assetd.known_by($2))`, [council.id, known]);
	const list = ok(await anyone.get(`/v1/assets?authority_id=${council.id}&valid_on=2026-11-21&known_at=${known}`), 200).items;
	assert.deepEqual([rows[0].n, list.length > 0], [list.length, true]);
});

test('requests in the state of then, with the dates of then, by links that keep the day', async () => {
	const [, get] = READERS()[0], figure = (text, words) => Number(new RegExp(`>(\\d+)(?:</a>)?</b> ${words}`).exec(text)[1]);
	for (const [day, open, all] of [['2026-03-01', 0, 0], ['2026-03-02', 3, 3], ['2026-08-02', 3, 3], ['2026-08-03', 2, 3]]) {
		const text = await shown(get, `/authorities/${council.id}?valid_on=${day}`);
		assert.deepEqual([figure(text, 'open requests'), figure(text, 'requests in all'), text.match(/<a href="\/requests\/atr_/g)?.length ?? 0], [open, all, open], day);
		const place = await shown(get, `/localities/${town.id}?valid_on=${day}`);
		assert.equal(place.match(/Friends asks for/g)?.length ?? 0, open, day);
	}
	const then = await shown(get, `/authorities/${council.id}?valid_on=2026-09-01`);
	assert.match(then, /10 September 2026|2 September 2026/);
	assert.match(then, /tomorrow: Decision notice/, 'as seen from that day');
	assert.match(then, new RegExp(`href="/requests/${requests[1]}\\?valid_on=2026-09-01"`));
	assert.match(await shown(get, `/localities/${town.id}?valid_on=2026-09-01`), new RegExp(`/assets/${halls[4].id}\\?valid_on=2026-09-01`));
});

test('reports as they stood: published later is not published then, and the years are those of the day', async () => {
	const [, get] = READERS()[0];
	ok(await admin.put(`/v1/reports/asset-transfer/${council.id}/2025-26`, {promotion: 'We told everybody.', support: 'We helped.'}, {headers: {'If-None-Match': '*'}}));
	ok(await admin.post(`/v1/reports/asset-transfer/${council.id}/2025-26/publish`, {}, {match: '*'}), 200);
	const of = async query => [...(await shown(get, `/authorities/${council.id}${query}`)).matchAll(/\/reports\/\w+\/([\d-]+)">[\d-]+<\/a>: ([^<]+)</g)].map(([, year, words]) => [year, words]);
	const now = Object.fromEntries(await of('')), then = Object.fromEntries(await of('?valid_on=2026-07-01'));
	assert.notEqual(now['2025-26'], then['2025-26']);
	assert.match(then['2025-26'], /late|overdue|not published/i);
	assert.deepEqual(Object.keys(Object.fromEntries(await of('?valid_on=2024-05-01'))).sort(), ['2022-23', '2023-24', '2024-25']);
});

test('a page of then says so and leads back; today of then counts what today counts; what is no day is refused', async () => {
	for (const path of [`/authorities/${council.id}`, `/localities/${town.id}`]) {
		const [, get] = READERS()[0], now = await shown(get, path), then = await shown(get, `${path}?valid_on=2026-11-21`);
		assert.ok(!now.includes('This is the past') && now.includes('name="valid_on"') && now.includes('name="known_on"'));
		assert.ok(then.includes(`This is the past`) && then.includes(`href="${path}">See it as it is now`));
		const plain = text => text.slice(text.indexOf('<ul class="figures">'), text.indexOf('<h2 id="re')).replace(/(\?|&amp;)valid_on=2026-11-21/g, '');
		assert.equal(plain(then), plain(now));
		assert.ok(!(await shown(get, `${path}?valid_on=&known_on=`)).includes('This is the past'));
		for (const query of ['valid_on=2026-02-30', 'known_on=yesterday', 'known_at=2026-11-21T10:00:00Z'])
			assert.equal((await get(`${path}?${query}`)).status, 400, query);
	}
	assert.equal((await anyone.get('/localities/loc_00000000000000000000000000?valid_on=2026-11-01')).status, 404);
	assert.match(await shown(READERS()[0][1], `/localities/${town.id}?valid_on=2026-11-01`),
		new RegExp(`/forecast\\?locality_id=${town.id}&amp;valid_on=2026-11-01">the newest of that day`));
});

test('how long its decisions took is told of those that were made and known by then', async () => {
	for (let i = 0; i < 5; i++) {
		const land = await asset(board, `Ward ${i}`);
		const {id} = await add('/v1/requests', {asset_id: land.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-03-02', offer_pence: 5}, {idempotency: `w${i}`});
		await act(id, 'VALIDATE', '2026-03-02');
		await act(id, 'NOTICES_ISSUED', '2026-03-03', {representations_close_on: '2026-04-10'});
		await act(id, 'REFUSE', '2026-08-11', {grounds: [{matter: 'H', text: 'It is needed.'}], matters: MATTERS});
	}
	const says = async query => /Half of its \d+ decisions came within \d+ days/.exec(await shown(READERS()[0][1], `/authorities/${board.id}${query}`))?.[0];
	const words = 'Half of its 5 decisions came within 162 days';
	assert.deepEqual([await says(''), await says('?valid_on=2026-08-11'), await says('?valid_on=2026-08-10'), await says('?valid_on=2026-08-11&known_on=2026-11-20')],
		[words, words, undefined, undefined]);
});
