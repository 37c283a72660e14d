// The parameters of the projection: shown with default, range and origin, set as versions that every
// daemon follows, an authority's own rows, series of prices from CSV, and what a run keeps of them.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, makeKey, ok, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const P = '/v1/projections/parameters';
const data = name => fs.readFileSync(path.join(TREE, 'tests/data', name), 'utf8');
const DEFLATOR = data('gdp-deflator/ons_ybgb_ukea_2025-06-30.csv');
const made = {};
const NONE = {headers: {'If-None-Match': '*'}};

async function selling(authority, amount_pence) {
	const a = ok(await admin.post('/v1/assets', {authority_id: authority, name: 'One', class: 'HALL', tenure: 'OWNED'}));
	ok(await admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence, basis: 'MV', valued_on: '2026-04-01'}));
	ok(await admin.put(`/v1/assets/${a.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'}, NONE));
}
const client = async options => admin.as((await makeKey(reg, options)).key);
const row = (answer, at) => answer.parameters.find(r => r.path === at);
const net = async (event, query = '') => {
	const {totals, parameters_version, items} = ok(await admin.seen(`/v1/projections/receipts?min_event=${event}${query}`), 200);
	assert.equal(items.filter(i => /^\d/.test(i.group.year)).reduce((sum, i) => sum + i.baseline.net_pence, 0), totals.baseline.net_pence,
		'the sum of its parts');
	return {version: parameters_version, net: totals.baseline.net_pence};
};
const put = async (who, body, {match, query = '', headers} = {}) => {
	const reply = await who.put(P + query, body, match ? {match} : {headers: {'If-None-Match': '*', ...headers}});
	ok(reply, 200);
	return {...reply.json, etag: reply.headers.etag, event: reply.headers['event-id']};
};
const csv = (who, text, query, headers = {}) => who.request('PUT', `${P}?${query}`, {body: text, headers: {'Content-Type': 'text/csv', 'If-Match': '*', ...headers}});
const preview = async (who, text, query) => ok(await who.request('POST', `${P}?${query}`, {body: text, headers: {'Content-Type': 'text/csv'}}), 200);

before(async () => {
	for (const [name, kind] of [['council', 'COUNCIL'], ['board', 'HEALTH_BOARD']])
		made[name] = ok(await admin.post('/v1/authorities', {name, kind, code: name})).id;
	for (const at of ['council', 'council', 'board'])
		await selling(made[at], 20000000);
	made.operator = await client({isOperator: true});
	made.finance = await client({roles: {[made.council]: ['FINANCE']}});
	made.viewer = await client({roles: {[made.council]: ['VIEWER']}});
	made.stranger = await client({roles: {[made.board]: ['FINANCE', 'ADMIN']}});
});

test('before anybody sets one they are the defaults, each with its range and where it is from', async () => {
	const got = ok(await anyone.get(P), 200);
	assert.deepEqual([got.version, got.is_current, got.params, got.versions.length], [0, true, {}, 1]);
	assert.match(got.meaning, /for receipts, not for communities/);
	assert.ok(got.parameters.length > 100);
	assert.deepEqual(row(got, '/scenarios/WORST/price_ppm'), {path: '/scenarios/WORST/price_ppm', value: 850000, default: 850000, min: 0,
		max: 3000000, unit: 'ppm', origin: 'J', label: 'Price, of the valuation', source: 'Worst: about one standard deviation of valuations'});
	assert.deepEqual(row(got, '/slip/MID').value, [[0, 550000], [1, 250000], [2, 120000], [4, 80000]]);
	assert.deepEqual(row(got, '/request_state/VALIDATED/p').origin, 'D');
	for (const r of got.parameters) {
		assert.ok(['S', 'D', 'J'].includes(r.origin) && r.unit && r.label, r.path);
		assert.deepEqual(r.value, r.default);
	}
});

test('what cannot be is refused whole, each fault at its place; who may not set it is', async () => {
	const bad = problem(await made.operator.put(P, {params: {horizon_quarters: 3, nonsense: 1, scenarios: {BEST: {price_ppm: 'x'}, MIDDLE: {}},
		slip: {MID: [[0, 1]]}, market_stage: {NEW: {p: 1}}}, note: 'Try', more: 1}, NONE), 422, 'invalid');
	assert.deepEqual(bad.errors.map(e => e.pointer).sort(), ['/more', '/params/horizon_quarters', '/params/market_stage/NEW/slip', '/params/nonsense',
		'/params/scenarios/BEST/price_ppm', '/params/scenarios/MIDDLE', '/params/slip/MID']);
	for (const body of [{}, {params: []}, {params: {}, note: ' '}, {params: {}, note: 5}, {params: {}, note: 'x'.repeat(2001)}])
		assert.equal((await made.operator.put(P, body, NONE)).status, 422);
	assert.equal((await made.operator.put(P, {params: {}, note: 'Why'})).status, 428);
	assert.equal((await anyone.put(P, {params: {}, note: 'Why'}, NONE)).status, 401);
	for (const who of [made.finance, made.viewer, made.stranger])
		assert.equal((await who.put(P, {params: {}, note: 'Why'}, NONE)).status, 403);
	assert.equal(ok(await anyone.get(P), 200).version, 0);
});

test('a version is set with its reason, told as an event, followed by the forecast, and never overwritten', async () => {
	const was = await net((await admin.get('/v1/events?limit=1000')).json.items.at(-1).id);
	const half = {scenarios: {LIKELY: {price_ppm: 500000}}};
	const one = await put(made.operator, {params: half, note: 'Half the price'});
	assert.deepEqual([one.version, one.note, one.params, one.etag], [1, 'Half the price', half, '"1-o1.1"']);
	const now = await net(one.event);
	assert.equal(now.version, 1);
	assert.ok(now.net > 0 && now.net < was.net * 0.55, `${now.net} of ${was.net}`);
	const event = await until(async () => {
		const reply = await anyone.get(`/v1/events/${one.event}`);
		return reply.status === 200 && reply.json;
	}, {what: 'the event'});
	assert.deepEqual([event.type, event.actor, event.data], ['parameters.changed', 'AUTHORITY', {authority_id: null, version: 1, note: 'Half the price',
		change_count: 1, changes: [{path: '/scenarios/LIKELY/price_ppm', old: 1000000, new: 500000}]}]);
	assert.equal((await made.operator.put(P, {params: {}, note: 'Late'}, NONE)).status, 412);
	assert.equal((await made.operator.put(P, {params: {}, note: 'Late'}, {match: '"7-o"'})).status, 412);
	const same = await made.operator.put(P, {params: half, note: 'Again'}, {match: '*'});
	assert.deepEqual([ok(same, 200).version, same.headers['event-id']], [1, one.event], 'nothing is new');
	const two = await put(made.operator, {params: {}, note: 'Back'}, {match: one.etag});
	assert.deepEqual(await net(two.event), {version: 2, net: was.net});
	const first = ok(await anyone.get(`${P}?version=1`), 200);
	assert.deepEqual([first.is_current, first.params, row(first, '/scenarios/LIKELY/price_ppm').value], [false, half, 500000]);
	const all = ok(await anyone.get(P), 200).versions;
	assert.deepEqual(all.map(v => [v.version, v.note]), [[2, 'Back'], [1, 'Half the price'], [0, null]]);
	assert.ok(all.every(v => !('actor' in v)), 'who it was is not for everybody');
	assert.match(ok(await made.operator.get(P), 200).versions[0].actor, /^prn_/);
	problem(await anyone.get(`${P}?version=9`), 404, 'not-found');
	assert.equal((await anyone.get(`${P}?version=x`)).status, 400);
	await assert.rejects(reg.sql(`update assetd.model_parameter set note = 'x'`), /append-only/);
	const {headers: {etag}} = await anyone.get(`${P}?version=1`);
	assert.equal(etag, '"1-p2.2"');
	assert.equal((await anyone.get(`${P}?version=1`, {headers: {'If-None-Match': etag}})).status, 304);
});

test('an authority\'s FINANCE sets its own rows, seen by its people and by nobody else', async () => {
	const own = `?authority_id=${made.council}`, event = (await admin.get('/v1/events?limit=1000')).json.items.at(-1).id;
	const was = await net(event, `&authority_id=${made.council}`);
	assert.equal(row(ok(await made.viewer.get(P + own), 200), '/cost_rate_ppm').default, 20000);
	for (const who of [made.viewer, made.operator, made.stranger])
		assert.ok([403, 404].includes((await who.put(P + own, {params: {}, note: 'Why'}, NONE)).status));
	const bad = problem(await made.finance.put(P + own, {params: {cost_rate_ppm: 100001, horizon_quarters: 8}, note: 'Why'}, NONE), 422, 'invalid');
	assert.deepEqual(bad.errors.map(e => e.pointer).sort(), ['/params/cost_rate_ppm', '/params/horizon_quarters']);
	const set = await put(made.finance, {params: {cost_rate_ppm: 100000, cost_fixed: 0}, note: 'Our agents'}, {query: own});
	assert.deepEqual([set.version, row(set, '/cost_fixed').value, row(set, '/cost_fixed').default], [1, 0, 250000]);
	const now = await net(set.event, `&authority_id=${made.council}`);
	assert.ok(now.net < was.net);
	assert.equal(now.version, was.version, 'the register\'s stay as they are');
	for (const who of [anyone, made.stranger]) {
		problem(await who.get(P + own), 404, 'not-found');
		problem(await who.get(`/v1/events/${set.event}`), 404, 'not-found');
	}
	assert.deepEqual(ok(await made.viewer.get(`/v1/events/${set.event}`), 200).data.changes.map(c => [c.path, c.old, c.new]),
		[['/cost_rate_ppm', 20000, 100000], ['/cost_fixed', 250000, 0]]);
	const again = await put(made.finance, {params: {}, note: 'As the others'}, {query: own, match: set.etag});
	assert.deepEqual(await net(again.event, `&authority_id=${made.council}`), was);
	for (const id of ['nonsense', `aut_${'0'.repeat(26)}`, made.operator.key])
		problem(await admin.get(`${P}?authority_id=${id}`), 404, 'not-found');
});

test('a series is previewed, then loaded, and moves the years that it has', async () => {
	const before = ok(await anyone.get(P), 200);
	const seen = await preview(made.operator, DEFLATOR, 'series=DEFLATOR');
	assert.deepEqual([seen.series.periods, seen.series.used, seen.series.passed_over, seen.series.first_year, seen.series.last_year],
		['QUARTERS', 281, 77, 1955, 2023]);
	/* 2023-24 and 2024-25 by their quarters, and so by the table that was made of them. */
	const mean = Object.fromEntries(data('gdp-deflator/financial_year_mean_derived.csv').trim().split('\n').map(l => l.split(',')));
	const growth = Math.round((mean['2024-25'] / mean['2023-24'] - 1) * 1e6);
	assert.deepEqual(seen.changes.find(c => c.path === '/deflator/growth/2023'), {path: '/deflator/growth/2023', old: null, new: growth});
	assert.equal(ok(await anyone.get(P), 200).version, before.version, 'nothing is stored yet');
	const loaded = await csv(made.operator, DEFLATOR, `series=DEFLATOR&note=${encodeURIComponent('ONS YBGB, 30 June 2025')}`);
	const set = ok(loaded, 200);
	assert.deepEqual([set.version, set.params], [before.version + 1, seen.params]);
	assert.equal((await net(loaded.headers['event-id'])).version, set.version);
	const derived = await preview(made.operator, data('gdp-deflator/financial_year_mean_derived.csv'), 'series=DEFLATOR');
	assert.deepEqual(derived.changes, [], 'the same by either file');
	const homes = await preview(made.operator, data('uk-hpi-scotland/uk_region_average_price_2005_2018.csv'), 'series=HOMES');
	assert.deepEqual([homes.series.periods, homes.series.years, homes.params.index.HOMES.base_fy], ['CALENDAR_YEARS', 12, 2005]);
});

test('bands of the discount rate are loaded from a file likewise, and present values follow them', async () => {
	const BANDS = 'last_year,rate\n30,10\n75,2.57\n,0.86\n', before = ok(await anyone.get(P), 200);
	const ofYears = async event => Object.fromEntries(ok(await admin.seen(`/v1/projections/receipts?min_event=${event}`), 200).items
		.filter(i => i.baseline.pv_pence).map(i => [i.group.year, i.baseline]));
	const was = await ofYears((await admin.get('/v1/events?limit=1000')).json.items.at(-1).id);
	const seen = await preview(made.operator, BANDS, 'series=DISCOUNT');
	assert.deepEqual(seen.changes, [{path: '/discount', old: row(before, '/discount').default, new: [[30, 100000], [75, 25700], [1000000, 8600]]}]);
	assert.deepEqual([seen.series.name, seen.series.periods, seen.series.used], ['DISCOUNT', 'BANDS', 3]);
	for (const [text, pointer, code] of [['last_year,rate\n30,x\n,3\n', '/lines/2', 'NOT_A_NUMBER'], ['last_year,rate\n30,3.5\n', '', 'INCOMPLETE']]) {
		const {errors} = problem(await csv(made.operator, text, 'series=DISCOUNT&note=Dirty'), 422, 'invalid');
		assert.deepEqual(errors.map(e => [e.pointer, e.code]), [[pointer, code]]);
	}
	assert.equal(problem(await csv(made.operator, BANDS, 'series=DISCOUNT&note=Where&area=Scotland'), 422, 'invalid').errors[0].pointer, '/area');
	assert.equal((await csv(made.finance, BANDS, 'series=DISCOUNT&note=Who')).status, 403);
	assert.equal(ok(await anyone.get(P), 200).version, before.version, 'nothing is stored yet');
	const loaded = await csv(made.operator, BANDS, 'series=DISCOUNT&note=Ten+in+a+hundred');
	assert.deepEqual(ok(loaded, 200).params, {...before.params, discount: [[30, 100000], [75, 25700], [1000000, 8600]]});
	const now = await ofYears(loaded.headers['event-id']);
	assert.deepEqual(Object.keys(now), ['2027-28', '2028-29']);
	for (const [n, year] of Object.keys(now).entries()) {
		assert.equal(now[year].net_pence, was[year].net_pence);
		assert.ok(Math.abs(now[year].pv_pence - was[year].pv_pence * (1.035 / 1.1) ** (n + 1)) < 20, `${year}: ${now[year].pv_pence} of ${was[year].pv_pence}`);
	}
});

test('a dirty series is refused with the lines that are wrong', async () => {
	const text = 'Period,Value\n2020 Q2,100\n2020 Q3,x\n2020 Q9,1\n2020 Q2,101\n2020 Q4,-1\n"2021 Q1,5\n';
	const bad = problem(await csv(made.operator, text, 'series=DEFLATOR&note=Dirty'), 422, 'invalid');
	assert.deepEqual(bad.errors.map(e => [e.pointer, e.code]), [['/lines/3', 'NOT_A_NUMBER'], ['/lines/4', 'NOT_A_PERIOD'], ['/lines/5', 'DUPLICATE'],
		['/lines/6', 'NOT_A_NUMBER'], ['/lines/7', 'BAD_CSV']]);
	const gaps = problem(await csv(made.operator, data('uk-hpi-scotland/uk_hpi_scotland_sample.csv'), 'series=PROPERTY&note=Sample'), 422, 'invalid');
	assert.deepEqual(gaps.errors.map(e => e.code), ['NOTHING_HERE']);
	assert.equal((await csv(made.operator, DEFLATOR, 'series=DEFLATOR')).status, 422, 'without a reason');
	assert.equal((await csv(made.operator, DEFLATOR, 'series=../x&note=Why')).status, 422);
	assert.equal((await csv(made.finance, DEFLATOR, `series=DEFLATOR&note=Why&authority_id=${made.council}`)).status, 422);
	assert.equal((await csv(made.operator, DEFLATOR, 'series=DEFLATOR&note=Why', {'Content-Type': 'text/plain'})).status, 415);
});

test('a run keeps its own and says which; parameters that change meanwhile leave it whole', async () => {
	let {version, etag} = {version: ok(await anyone.get(P), 200).version, etag: '*'};
	const changing = (async () => {
		for (let i = 0; i < 5; i++) {
			const set = await put(made.operator, {params: {scenarios: {LIKELY: {price_ppm: 1000000 - 100000 * (i + 1)}}}, note: `Round ${i}`}, {match: etag});
			etag = set.etag;
			version = set.version;
		}
	})();
	const runs = [];
	for (let i = 0; i < 4; i++)
		runs.push(await until(async () => {
			const reply = await admin.post('/v1/projections/runs', {name: `R${i}`, tag: 'QUARTER'});
			return reply.status === 201 && reply.json;
		}, {what: 'a run'}));
	await changing;
	for (const run of runs) {
		const used = ok(await anyone.get(`${P}?version=${run.parameters_version}`), 200);
		assert.deepEqual(run.parameters, used.params, 'the version that it names');
		const {items, totals, parameters_version} = ok(await admin.get(`/v1/projections/receipts?run=${run.id}`), 200);
		assert.equal(parameters_version, run.parameters_version);
		assert.equal(items.filter(i => /^\d/.test(i.group.year)).reduce((s, i) => s + i.adjusted.net_pence, 0), totals.adjusted.net_pence);
	}
	assert.equal(ok(await anyone.get(P), 200).version, version);
	const racers = await Promise.all([1, 2, 3, 4].map(n => made.operator.put(P, {params: {horizon_quarters: 40 + n}, note: `Racer ${n}`}, {match: etag})));
	assert.deepEqual(racers.map(r => r.status).sort(), [200, 412, 412, 412]);
});
