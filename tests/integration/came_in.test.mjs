// What was said against what came in, the budget beside it, probabilities that outcomes suggest, and what totals would become.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, openSession, problem, startRegister} from '../harness/index.mjs';

const CLOCK = Date.parse('2026-02-10T10:00:00Z');
const reg = await startRegister({clock: new Date(CLOCK).toISOString()});
after(() => reg.stop());
const {admin, anyone} = reg;
const {add, plan, value, tagOf, seen, ...forecast} = openForecast(reg);
const made = {};
const B = '/v1/projections/budget', O = '/v1/projections/outturn', P = '/v1/projections/parameters';
const client = async options => admin.as((await makeKey(reg, options)).key);
const asset = (name, amount, fields) => forecast.asset({name, authority_id: made.council.id, ...fields}, {amount, plan: {planned_on: '2026-03-15', stage: 'MISSIVES'}});
const freeze = fields => add('/v1/projections/runs', {tag: 'BUDGET', ...fields});
const sell = (a, fields) => add(`/v1/assets/${a.id}/disposals`, {kind: 'MARKET', completed_on: '2026-03-20', ...fields});
const year = (answer, of) => answer.items.find(i => i.year === of);

before(async () => {
	made.council = await add('/v1/authorities', {name: 'Said Council', kind: 'COUNCIL', code: 'SA-1'});
	made.board = await add('/v1/authorities', {name: 'Said Board', kind: 'HEALTH_BOARD', code: 'SA-2'});
	made.cpp = await add('/v1/cpps', {name: 'Said CPP', code: 'SA-CPP', partners: [made.council.id, made.board.id]});
	made.finance = await client({roles: {[made.council.id]: ['FINANCE']}});
	made.viewer = await client({roles: {[made.council.id]: ['VIEWER']}});
	made.other = await client({roles: {[made.board.id]: ['FINANCE']}});
	made.operator = await client({isOperator: true});
	made.hall = await asset('Hall', 20000000, {cpp_id: made.cpp.id});
	made.shared = await asset('Shared', 10000001, {owners: [{authority_id: made.council.id, units: 1}, {authority_id: made.board.id, units: 2}]});
	made.first = ok(await made.finance.post('/v1/projections/runs', {tag: 'BUDGET', name: 'Budget 2025-26'}), 201);
	made.whatif = ok(await made.finance.post('/v1/projections/runs', {tag: 'WHAT_IF', name: 'If'}), 201);
});

test('of a year that is not over: what was said, and nothing came in yet', async () => {
	const got = ok(await made.finance.get(`${O}?authority_id=${made.council.id}`), 200);
	const [now] = got.items;
	assert.deepEqual([got.items.length, now.year, now.is_over, now.budget_pence], [1, '2025-26', false, null]);
	assert.deepEqual(now.came_in, {disposal_count: 0, transfer_count: 0, gross_pence: 0, cost_pence: 0, net_pence: 0, expected_net_pence: 0,
		transfer_gross_pence: 0, transfer_cost_pence: 0, transfer_net_pence: 0, transfer_adjustment_pence: 0});
	assert.deepEqual(now.runs.map(r => r.run_id), [made.first.id], 'a scenario is not what was said');
	const [{adjusted_net_pence: said, baseline_net_pence, difference_pence}] = now.runs;
	const live = ok(await made.finance.get(`/v1/projections/receipts?run=${made.first.id}&authority_id=${made.council.id}`), 200);
	const item = live.items.find(i => i.group.year === '2025-26');
	assert.equal(said, item.adjusted.net_pence);
	assert.equal(baseline_net_pence, item.baseline.net_pence);
	assert.ok(said > 10000000);
	assert.equal(difference_pence, -said);
});

test('what came in is the disposals, an owner\'s share to the penny, beside what was expected of them', async () => {
	reg.daemon.setClock('2026-03-25T10:00:00Z');
	made.sale = await sell(made.hall, {gross_pence: 21000000, cost_pence: 500000});
	await sell(made.shared, {gross_pence: 10000001, cost_pence: 100});
	const all = year(ok(await admin.get(`${O}?year=2025-26`), 200), '2025-26');
	assert.deepEqual([all.came_in.disposal_count, all.came_in.gross_pence, all.came_in.cost_pence, all.came_in.net_pence], [2, 31000001, 500100, 30499901]);
	assert.ok(all.came_in.expected_net_pence > 0);
	assert.deepEqual(all.disposals.map(d => [d.name, d.gross_pence, d.kind]).sort(), [['Hall', 21000000, 'MARKET'], ['Shared', 10000001, 'MARKET']]);
	assert.equal(ok(await admin.get(all.disposals[0].links.disposal), 200).id, all.disposals[0].id);
	const parts = [];
	for (const at of [made.council, made.board]) {
		const mine = year(ok(await admin.get(`${O}?authority_id=${at.id}`), 200), '2025-26').came_in;
		const {items} = await seen(`/v1/projections/receipts?authority_id=${at.id}&group_by=YEAR`);
		const came = items.find(i => i.group.year === '2025-26');
		assert.equal(mine.net_pence, came.adjusted.net_pence, 'as the model has it');
		parts.push(mine);
	}
	assert.deepEqual(parts.map(p => p.gross_pence), [21000000 + 3333334, 6666667]);
	for (const member of ['gross_pence', 'cost_pence', 'net_pence', 'expected_net_pence'])
		assert.equal(parts[0][member] + parts[1][member], all.came_in[member], member);
	const cpp = year(ok(await admin.get(`${O}?cpp_id=${made.cpp.id}`), 200), '2025-26');
	assert.equal(cpp.came_in.disposal_count, ok(await admin.get(`/v1/assets/${made.shared.id}`), 200).cpp_id ? 2 : 1);
	assert.equal(year(ok(await made.finance.get(`${O}?authority_id=${made.council.id}`), 200), '2025-26').runs[0].difference_pence,
		parts[0].net_pence - year(ok(await made.finance.get(`${O}?authority_id=${made.council.id}`), 200), '2025-26').runs[0].adjusted_net_pence);
});

test('everybody sees what came in; what was said and expected is for who reads the money', async () => {
	for (const who of [anyone, made.viewer, made.operator, await client({roles: {[made.council.id]: ['FINANCE']}, scopes: ['assets:read']})]) {
		const got = year(ok(await who.get(`${O}?authority_id=${made.council.id}&year=2025-26`), 200), '2025-26');
		assert.equal(got.came_in.gross_pence, 24333334);
		assert.deepEqual([got.runs, got.budget_pence, got.came_in.expected_net_pence, got.came_in.transfer_adjustment_pence], [[], null, null, null]);
		assert.ok(got.disposals.every(d => d.expected_net_pence === null));
	}
	const other = year(ok(await made.other.get(`${O}?year=2025-26`), 200), '2025-26');
	assert.deepEqual([other.runs, other.came_in.expected_net_pence], [[], null], 'one of the two is not theirs');
	assert.deepEqual(other.disposals.map(d => [d.name, d.expected_net_pence !== null]).sort(), [['Hall', false], ['Shared', true]]);
	problem(await anyone.get(`${O}?authority_id=aut_${'0'.repeat(26)}`), 404, 'not-found');
	for (const query of ['year=2025', 'year=2025-27', `authority_id=${made.council.id}&cpp_id=${made.cpp.id}`])
		assert.equal((await anyone.get(`${O}?${query}`)).status, 400, query);
});

test('a run made within the year says what had come in and what was still to come; one made after it says nothing of it', async () => {
	const late = ok(await made.finance.post('/v1/projections/runs', {tag: 'QUARTER', name: 'Late'}), 201);
	reg.daemon.setClock('2026-04-02T10:00:00Z');
	ok(await made.finance.post('/v1/projections/runs', {tag: 'QUARTER', name: 'After'}), 201);
	const got = ok(await made.finance.get(`${O}?authority_id=${made.council.id}`), 200);
	assert.deepEqual(got.items.map(i => [i.year, i.is_over]), [['2026-27', false], ['2025-26', true]]);
	const said = year(got, '2025-26').runs;
	assert.deepEqual(said.map(r => r.name), ['Budget 2025-26', 'Late']);
	assert.equal(said[1].run_id, late.id);
	assert.equal(said[1].difference_pence, 0);
	const csv = await made.finance.get(`${O}?authority_id=${made.council.id}&format=csv`);
	const lines = csv.text.trim().split('\r\n').map(l => l.split(','));
	assert.match(csv.headers['content-type'], /^text\/csv/);
	const [head, ...rows] = lines;
	assert.deepEqual(rows.map(r => [r[0], r[2], r[head.indexOf('came_in_net_gbp')]]), [
		['2026-27', 'Budget 2025-26', '0.00'], ['2026-27', 'Late', '0.00'], ['2026-27', 'After', '0.00'],
		['2025-26', 'Budget 2025-26', '238333.01'], ['2025-26', 'Late', '238333.01']]);
});

test('percentiles past 64 bits are no figures, and take nothing else away', async () => {
	const of = async id => year(ok(await admin.get(`${O}?authority_id=${made.council.id}`), 200), '2025-26').runs.find(r => r.run_id === id);
	const run = made.first, id = run.id.replace(/.$/, c => (c === '0' ? '1' : '0'));
	const was = await of(run.id);
	assert.ok(Number.isInteger(was.p90_pence), JSON.stringify(was));
	await reg.sql(`insert into assetd.projection_run select (jsonb_populate_record(r, jsonb_build_object('id', $2::text))).* from assetd.projection_run as r where id = $1`,
		[run.id, id]);
	await reg.sql(`insert into assetd.projection_run_receipt select $2, scenario, grouping_by, filter, number,
		regexp_replace(body::text, '("p\\d0_pence": )-?\\d+', '\\1"E_OVERFLOW"', 'g')::jsonb from assetd.projection_run_receipt where run_id = $1`, [run.id, id]);
	const none = {p10_pence: null, p50_pence: null, p90_pence: null};
	assert.deepEqual(await of(id), {...was, ...none, run_id: id, links: {run: `/v1/projections/runs/${id}`}});
});

test('a budget is set whole, version by version, from JSON or from lines', async () => {
	const at = `${B}?authority_id=${made.council.id}`;
	assert.deepEqual(ok(await made.finance.get(B), 200).years, [], 'the only one whose money it reads');
	const body = {years: [{year: '2026-27', amount_pence: 5}, {year: '2025-26', amount_pence: 25000000}], note: 'Council of 5 March'};
	assert.equal((await made.finance.put(at, body)).status, 428);
	const one = await made.finance.put(at, body, {headers: {'If-None-Match': '*'}});
	assert.deepEqual([ok(one, 200).version, one.json.years.map(y => y.year)], [1, ['2025-26', '2026-27']]);
	assert.equal((await made.finance.put(at, body, {headers: {'If-None-Match': '*'}})).status, 412);
	const same = await made.finance.put(at, body, {match: one.headers.etag});
	assert.deepEqual([ok(same, 200).version, same.headers['event-id']], [1, one.headers['event-id']]);
	const csv = (text, match = '*') => made.finance.request('PUT', `${at}&note=Paper%207`, {body: text, headers: {'Content-Type': 'text/csv', 'If-Match': match}});
	const two = await csv('Financial year\tBudget (GBP)\r\n2026/27\t£1,250,000\r\n2025/2026\t"250,000.00"\r\n');
	assert.deepEqual([ok(two, 200).version, two.json.years], [2, [{year: '2025-26', amount_pence: 25000000}, {year: '2026-27', amount_pence: 125000000}]]);
	for (const [text, ...codes] of [['', 'NOTHING_HERE'], ['a,b\n1,2\n', 'NO_HEADER'], ['year,amount_gbp\n2026,1\n2026-27,1.5\n2026-27,-1\n"x,1', 'NOT_A_YEAR', 'NOT_A_NUMBER', 'NOT_A_NUMBER', 'BAD_CSV'],
		['2026-27,1\n2026/27,2', 'DUPLICATE'], ['2026-2028,1', 'NO_HEADER']])
		assert.deepEqual(problem(await csv(text), 422, 'invalid').errors.map(e => e.code), codes, text);
	for (const [bad, pointer] of [[{years: 1, note: 'x'}, '/years'], [{note: 'x'}, '/years'], [{years: []}, '/note'], [{years: [{year: '2026-28', amount_pence: 1}], note: 'x'}, '/years/0/year'],
		[{years: [{year: '2026-27', amount_pence: -1}], note: 'x'}, '/years/0/amount_pence'], [{years: [], note: 'x', more: 1}, '/more']])
		assert.deepEqual(problem(await made.finance.put(at, bad, {match: '*'}), 422, 'invalid').errors.map(e => e.pointer), [pointer]);
	for (const [who, status] of [[anyone, 401], [made.viewer, 403], [made.other, 403], [made.operator, 403]]) {
		assert.equal((await who.get(at)).status, status);
		assert.equal((await who.put(at, body, {match: '*'})).status, status);
	}
	assert.deepEqual(ok(await made.finance.get(`${at}&version=1`), 200).years[1].amount_pence, 5);
	problem(await made.finance.get(`${at}&version=9`), 404, 'not-found');
	problem(await made.finance.get(`${B}?authority_id=aut_x`), 404, 'not-found');
	await assert.rejects(reg.sql(`update assetd.receipt_budget set note = 'x'`), /append-only/);
	const event = ok(await made.viewer.seen(`/v1/events/${two.headers['event-id']}`), 200);
	assert.deepEqual([event.type, event.data], ['budget.changed', {authority_id: made.council.id, version: 2, note: 'Paper 7', year_count: 2}]);
	assert.equal((await anyone.get(`/v1/events/${two.headers['event-id']}`)).status, 404);
});

test('it stands beside the forecast and beside what came in, for who reads the money, and in its files', async () => {
	const at = `authority_id=${made.council.id}`;
	const got = ok(await made.finance.get(`/v1/projections/receipts?${at}`), 200);
	assert.equal(got.items.find(i => i.group.year === '2026-27').budget_pence, 125000000);
	assert.equal(got.totals.budget_pence, 125000000);
	const by = ok(await admin.get('/v1/projections/receipts?group_by=YEAR,AUTHORITY'), 200);
	assert.deepEqual(by.items.filter(i => 'budget_pence' in i).map(i => [i.group.year, i.group.authority_id, i.budget_pence]), [['2026-27', made.council.id, 125000000]]);
	for (const who of [anyone, made.viewer, made.other])
		assert.ok(!(await who.get(`/v1/projections/receipts?${at}`)).text.includes('budget'));
	const csv = (await made.finance.get(`/v1/projections/receipts?${at}&format=csv`)).text.split('\r\n').filter(l => l.startsWith('Budget'));
	assert.equal(csv.length, 1);
	assert.match(csv[0], /1250000\.00/);
	assert.ok(!(await made.other.get(`/v1/projections/receipts?authority_id=${made.board.id}&format=csv`)).text.includes('Budget'));
	assert.equal(year(ok(await made.finance.get(`${O}?${at}`), 200), '2025-26').budget_pence, 25000000);
});

test('outcomes suggest probabilities, few cases none, and nothing changes by itself', async () => {
	await sell(await asset('Sold', 1000000), {gross_pence: 1000000, completed_on: '2026-04-01'});
	const given = [await asset('Given up', 1000000), await asset('Given up too', 1000000)];
	reg.daemon.setClock('2026-04-03T10:00:00Z');
	for (const {id} of given)
		ok(await admin.delete(`/v1/assets/${id}/disposal-plan`, {match: await tagOf(`/v1/assets/${id}/disposal-plan`)}), 204);
	const got = ok(await made.operator.get(`${P}?calibrate=yes`), 200).calibration;
	const missives = got.items.find(i => i.path === '/market_stage/MISSIVES/p');
	// Hall, Shared and one more were sold, two were given up: (970000 * 10 + 3 * 10^6) / 15 is 846,666⅔, and rounded, not cut.
	assert.deepEqual([missives.finished, missives.succeeded, missives.default_ppm, missives.current_ppm, missives.suggested_ppm, missives.held_back],
		[5, 3, 970000, 970000, 846667, false]);
	const few = got.items.find(i => i.path === '/market_stage/SURPLUS/p');
	assert.deepEqual([few.held_back, few.finished, few.succeeded, few.suggested_ppm], [true, null, null, null]);
	assert.equal(got.items.length, 15);
	assert.deepEqual(got.params, {market_stage: {MISSIVES: {p: 846667}}});
	for (const [who, status] of [[anyone, 403], [made.viewer, 403], [made.finance, 200]])
		assert.equal((await who.get(`${P}?calibrate=yes`)).status, status);
	assert.equal((await made.finance.get(`${P}?calibrate=yes&authority_id=${made.council.id}`)).status, 400);
	assert.equal((await made.operator.get(`${P}?calibrate=perhaps`)).status, 400);
	assert.equal(ok(await anyone.get(P), 200).version, 0);
	made.suggested = got.params;
});

test('what the totals would become is shown before anything is set, to whom they are shown', async () => {
	made.live = await asset('For sale', 30000000);
	await plan(made.live, {planned_on: '2026-09-01', stage: 'MISSIVES'});
	const was = (await seen('/v1/projections/receipts')).totals;
	const look = async (who, query, body) => ok(await who.request('POST', `${P}?totals=yes${query}`, {json: body}), 200);
	const {totals, changes} = await look(admin, '', {params: made.suggested});
	assert.deepEqual(changes, [{path: '/market_stage/MISSIVES/p', old: 970000, new: 846667}]);
	const run = await freeze({tag: 'WHAT_IF', name: 'The same', parameters: made.suggested});
	const kept = ok(await admin.get(`/v1/projections/receipts?run=${run.id}`), 200).totals;
	for (const track of ['baseline', 'adjusted']) {
		assert.equal(totals.all.was[`${track}_net_pence`], was[track].net_pence);
		assert.equal(totals.all.would_be[`${track}_net_pence`], kept[track].net_pence, 'to the penny what a run of them says');
	}
	assert.ok(kept.baseline.net_pence < was.baseline.net_pence);
	for (const side of ['was', 'would_be'])
		assert.equal(totals.items.filter(i => /^\d/.test(i.year)).reduce((sum, i) => sum + i[side].baseline_net_pence, 0), totals.all[side].baseline_net_pence);
	const own = await look(made.finance, `&authority_id=${made.council.id}`, {params: {cost_rate_ppm: 0, cost_fixed: 0}});
	assert.ok(own.totals.all.would_be.baseline_net_pence > own.totals.all.was.baseline_net_pence);
	for (const [who, query] of [[made.operator, ''], [made.other, `&authority_id=${made.council.id}`]])
		assert.ok([403, 404].includes((await who.request('POST', `${P}?totals=yes${query}`, {json: {params: {}}})).status), 'not without the money behind them');
	assert.equal('totals' in ok(await made.operator.request('POST', P, {json: {params: made.suggested}}), 200), false);
	assert.equal(ok(await anyone.get(P), 200).version, 0);
});

test('a disposal recorded by hand is corrected: another takes its place, or none, and what was known before stays', async () => {
	const self = made.sale.links.self, at = await tagOf(self);
	const fields = {kind: 'MARKET', completed_on: '2026-03-20', gross_pence: 22000000, cost_pence: 400000, to: 'A Buyer Ltd'};
	const put = (who, path, body, match) => who.put(`${path}?reason=Typed%20wrongly`, body, {match});
	assert.equal((await made.finance.put(self, fields, {match: at})).status, 400, 'not without a reason');
	problem(await put(made.finance, self, {...fields, gross_pence: -1}, at), 422, 'invalid');
	for (const [who, status] of [[anyone, 401], [made.viewer, 403], [made.other, 403]])
		assert.equal((await put(who, self, fields, at)).status, status);
	assert.equal((await made.finance.put(`${self}?reason=x`, fields)).status, 428);
	assert.equal((await put(made.finance, self, fields, '"7-a"')).status, 412);
	const baseline = ok(await made.finance.get(`${O}?year=2025-26&authority_id=${made.council.id}`), 200).items[0].came_in.expected_net_pence;
	const then = new Date(Date.parse('2026-04-03T12:00:00Z')).toISOString();
	reg.daemon.setClock('2026-04-04T10:00:00Z');
	const now = ok(await put(made.finance, self, fields, at), 200);
	assert.notEqual(now.id, made.sale.id);
	assert.deepEqual([now.gross_pence, now.to], [22000000, 'A Buyer Ltd']);
	assert.equal((await anyone.get(self)).status, 410);
	const list = `/v1/assets/${made.hall.id}/disposals`;
	assert.deepEqual(ok(await anyone.get(list), 200).items.map(d => d.gross_pence), [22000000]);
	assert.deepEqual(ok(await anyone.get(`${list}?known_at=${then}`), 200).items.map(d => d.gross_pence), [21000000], 'as it was known');
	const came = ok(await made.finance.get(`${O}?year=2025-26&authority_id=${made.council.id}`), 200).items[0].came_in;
	assert.deepEqual([came.gross_pence, came.expected_net_pence], [22000000 + 3333334, baseline], 'the frozen baseline goes along');
	assert.equal(ok(await anyone.get(`/v1/assets/${made.hall.id}`), 200).lifecycle, 'DISPOSED');
	const told = await reg.sql(`select type, reason from assetd.change where subject = $1 order by subject_seq desc limit 2`, [made.hall.id]);
	assert.deepEqual(told, [{type: 'asset.disposed', reason: null}, {type: 'asset.updated', reason: 'Typed wrongly'}]);
	const later = ok(await put(made.finance, now.links.self, {...fields, completed_on: '2026-04-02'}, await tagOf(now.links.self)), 200);
	assert.deepEqual(ok(await made.finance.get(`${O}?authority_id=${made.council.id}`), 200).items.map(i => [i.year, i.came_in.disposal_count]),
		[['2026-27', 2], ['2025-26', 1]]);
	assert.equal((await made.finance.delete(`${later.links.self}`, {match: '*'})).status, 400);
	ok(await made.finance.delete(`${later.links.self}?reason=It%20fell%20through`, {match: await tagOf(later.links.self)}), 204);
	const free = ok(await anyone.get(`/v1/assets/${made.hall.id}`), 200);
	assert.deepEqual([free.id, free.lifecycle, free.disposal.allowed], [made.hall.id, 'UNDER_OFFER', true]);
	assert.deepEqual(ok(await anyone.get(list), 200).items, []);
	assert.equal((await made.finance.delete(`${later.links.self}?reason=Twice`, {match: '*'})).status, 410);
	assert.equal((await put(made.finance, later.links.self, fields, '*')).status, 410);
	ok(await made.finance.post(list, {...fields, completed_on: '2026-03-20'}), 201);
});

test('the pages: a budget pasted, what came in, suggestions looked at and applied, a sale recorded and corrected', async () => {
	const page = await openSession(reg.url, (await makeKey(reg, {roles: {[made.council.id]: ['FINANCE', 'ESTATES']}, isOperator: true})).key);
	const at = `authority_id=${made.council.id}`;
	const refused = await page.post('/budget', {authority_id: made.council.id, seen_version: '2', lines: '2027-28,1.5', note: ''});
	assert.equal(refused.status, 422);
	assert.match(refused.text, /Line 1: This is no amount/);
	assert.match(refused.text, /2027-28,1\.5/, 'nothing typed is lost');
	assert.equal((await page.post('/budget', {authority_id: made.council.id, seen_version: '1', lines: '2027-28,1', note: 'x'})).status, 412);
	const set = await page.post('/budget', {authority_id: made.council.id, seen_version: '2', lines: '2026/27\t£2,000,000\n2025-26\t250000', note: 'Paper 9'});
	assert.deepEqual([set.status, set.headers.location], [303, `/budget?${at}`]);
	assert.match((await page.get(`/budget?${at}`)).text, /2026-27<\/th><td class="number">£2,000,000\.00/);
	assert.match((await page.get(`/forecast?${at}`)).text, /Budget<\/th>[\s\S]*£2,000,000\.00/);
	const came = (await page.get(`/forecast/outturn?${at}&year=2025-26`)).text;
	assert.match(came, /What was said of 2025-26[\s\S]*Budget 2025-26[\s\S]*Disposals of 2025-26[\s\S]*Hall/);
	assert.match(came, /<svg class="chart/);
	const [, file] = /As a file: <a href="([^"]+)"/.exec(came);
	const csv = await page.get(file.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='));
	assert.match(csv.headers['content-type'] ?? csv.text, /^text\/csv/, file);
	const open = (await anyone.get('/forecast/outturn')).text;
	assert.match(open, /What came in/);
	assert.ok(!/What was said of|Budget 2025-26|Expected/.test(open), 'not for everybody');

	assert.match((await anyone.get('/parameters')).text, /^(?![\s\S]*What outcomes suggest)[\s\S]*Price, of the valuation/, 'everybody reads them without it');
	const shown = (await page.get('/parameters')).text;
	const [, laid] = /name="laid" value="([^"]+)"/.exec(shown);
	assert.match(shown, /fewer than 3/);
	const own = await page.post('/parameters', {seen_version: '0', laid, act: 'LOOK', note: ''});
	assert.match(own.text, /What it would change[\s\S]*shown to those who read all the money/);
	const all = await openSession(reg.url, reg.adminKey);
	const look = await all.post('/parameters', {seen_version: '0', laid, act: 'LOOK', note: ''});
	assert.equal(look.status, 200);
	assert.match(look.text, /What it would change[\s\S]*Expected net receipts now, and as they would be/);
	assert.equal((await page.post('/parameters', {seen_version: '0', laid: 'x', act: 'SET', note: 'x'})).status, 422);
	assert.equal((await page.post('/parameters', {seen_version: '0', laid, act: 'SET', note: ''})).status, 422);
	assert.equal((await page.post('/parameters', {seen_version: '0', laid, act: 'SET', note: 'The year\'s outcomes'})).status, 303);
	const now = ok(await anyone.get(P), 200);
	assert.deepEqual([now.version, Object.keys(now.params)], [1, ['market_stage']]);
	assert.match((await page.get('/parameters')).text, /suggest nothing that does not stand already/);

	const sale = {act: 'DISPOSE', kind: 'MARKET', completed_on: '2026-04-03', gross_pence: '310,000', cost_pence: '', to: '', exemption: '', exemption_dated_on: ''};
	const edit = `/assets/${made.live.id}/edit`;
	assert.equal((await page.post(edit, {...sale, gross_pence: ''})).status, 422);
	assert.equal((await page.post(edit, sale)).status, 303);
	const [first] = ok(await anyone.get(`/v1/assets/${made.live.id}/disposals`), 200).items;
	assert.deepEqual([first.gross_pence, first.cost_pence], [31000000, 0]);
	assert.match((await page.get(edit)).text, /Correct the recorded sale[\s\S]*£?310,000/);
	const mend = {...sale, act: 'CORRECT_DISPOSAL', disposal_id: first.id, seen_version: '1', cost_pence: '1,000'};
	assert.equal((await page.post(edit, mend)).status, 422, 'not without a reason');
	assert.equal((await page.post(edit, {...mend, reason: 'Costs were left out'})).status, 303);
	const [second] = ok(await anyone.get(`/v1/assets/${made.live.id}/disposals`), 200).items;
	assert.deepEqual([second.gross_pence, second.cost_pence], [31000000, 100000]);
	assert.equal((await page.post(edit, {act: 'UNDO_DISPOSAL', disposal_id: second.id, seen_version: '1', reason: 'It fell through'})).status, 303);
	assert.deepEqual(ok(await anyone.get(`/v1/assets/${made.live.id}/disposals`), 200).items, []);
});
