// P10, P50 and P90 of the live forecast: the figures that `assetctl project` has for the same inputs, by
// change as after a restart, with the position that they include, and to nobody who may not read the money.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {BUILD, discard, fillForecast, makeKey, ok, openForecast, openSession, run, scratch, startRegister, until} from '../harness/index.mjs';

const PATHS = 200, SEED = 7;
const LARGEST = 10 ** 15;
const DOUBLING = {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 1000000}}};
const folder = scratch(), faults = path.join(folder, 'faults');
const reg = await startRegister({clock: '2026-11-21T10:00:00Z', env: {ASSETD_PROJECTION_PATHS: undefined, ASSETD_FAULT_FILE: faults},
	conf: {projection: {paths: PATHS, seed: SEED, threads: 2}}});
after(() => reg.stop().then(() => discard(folder)));
const forecast = openForecast(reg), {write} = forecast;
const made = {};
const selling = (authority, amount, planned_on) => forecast.asset({authority_id: authority.id, name: 'One'}, {amount, plan: planned_on ? {planned_on} : {}});

/** The answer once its percentiles include all that it includes. */
async function receipts(query, who = reg.admin) {
	return until(async () => {
		const got = await forecast.receipts(query, who);
		return got.simulated && got.simulated.position === got.position && got;
	}, {what: 'percentiles of all that has changed'});
}

/* What assetctl makes of the same assets, by its own way: total of everything. */
async function byTool(assets) {
	const input = {asof: '2026-11-21', mc: {seed: SEED, paths: PATHS}, assets: []};
	for (const {asset, amount} of assets) {
		const {model_id} = ok(await reg.admin.get(`/v1/assets/${asset.id}/projection`), 200);
		input.assets.push({id: model_id, lead: 'A', owners: [{partner: 'A', units: 1}], cpp: 'C', locality: 'L', class: 'HALL', decile: 0,
			valuation: {date: '2026-04-01', amount, basis: 'MV'}, plan: {method: 'SALE', stage: 'MARKETING', date: '2027-06-15'}});
	}
	const file = path.join(reg.daemon.folder, 'input.json');
	fs.writeFileSync(file, JSON.stringify(input));
	const {stdout} = await run(path.join(BUILD, 'tools/assetctl'), ['project', file]);
	const spread = ({p10, p50, p90}) => ({p10_pence: p10, p50_pence: p50, p90_pence: p90});
	const node = name => JSON.parse(stdout).mc.nodes.find(n => n.dim === name);
	const figures = n => ({baseline: spread(n.baseline), adjusted: spread(n.adjusted), adjustment: spread(n.adjustment)});
	return {total: figures(node('ALL')), year: figures(node('FY'))};
}

const freeze = (fields = {}, who = reg.admin) => write(who.post('/v1/projections/runs', {as_of_on: '2026-11-21', seed: SEED, paths: PATHS, ...fields}));
const ofRun = async (run, query, who = reg.admin) => ok(await who.get(`/v1/projections/receipts?run=${run.id}&${query}`), 200);

before(async () => {
	for (const name of ['Large', 'Small'])
		made[name] = await write(reg.admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name}));
	await write(reg.admin.post('/v1/cpps', {name: 'CPP', code: 'CPP', partners: [made.Large.id, made.Small.id]}));
	made.assets = [];
	for (const amount of [20000000, 7000001, 990000, 123456789])
		made.assets.push({asset: await selling(made.Large, amount), amount});
});

test('they are those of the tool, by year, authority and partnership', async () => {
	const expected = await byTool(made.assets);
	const years = await receipts('group_by=YEAR');
	assert.deepEqual(years.totals.percentiles, expected.total);
	assert.deepEqual(years.items[0].percentiles, expected.year);
	assert.deepEqual([years.seed, years.paths, years.simulated.left_out], [SEED, PATHS, []]);
	for (const group of ['AUTHORITY', 'CPP'])
		assert.deepEqual((await receipts(`group_by=${group}`)).items[0].percentiles, expected.total, group);
	const one = await receipts(`group_by=YEAR&authority_id=${made.Large.id}`);
	assert.deepEqual([one.totals.percentiles, one.items[0].percentiles], [expected.total, expected.year]);
});

test('a change changes them, to the bits of a run from nothing', async () => {
	made.assets[1].amount = 31000000;
	await forecast.value(made.assets[1].asset, 31000000);
	const moved = await receipts('group_by=YEAR');
	assert.deepEqual(moved.totals.percentiles, (await byTool(made.assets)).total);
	await reg.daemon.restart();
	assert.deepEqual((await receipts('group_by=YEAR')).items, moved.items, 'after a restart');
});

test('the page has them too, for whom the answer has them', async () => {
	const {totals} = await receipts('group_by=YEAR');
	const officer = await openSession(reg.url, reg.adminKey);
	const page = await officer.get('/forecast');
	assert.equal(page.status, 200);
	const pounds = (totals.percentiles.adjusted.p50_pence / 100).toLocaleString('en-GB', {minimumFractionDigits: 2});
	assert.ok(page.text.includes(`£${pounds}`), `£${pounds}`);
	assert.match(page.text, /simulated futures/);
	assert.doesNotMatch(page.text, /not in them yet/);
	assert.doesNotMatch((await officer.get('/forecast?scenario=BEST')).text, /simulated futures/);
	assert.doesNotMatch((await reg.anyone.get('/forecast', {headers: {Accept: 'text/html'}})).text, /simulated futures/);
});

test('other groups, scenarios and filters have none, and the answer says why', async () => {
	const why = {'group_by=CLASS': 'IN_A_RUN', 'group_by=LOCALITY': 'IN_A_RUN', 'group_by=DECILE': 'IN_A_RUN', 'group_by=YEAR,CLASS': 'IN_A_RUN',
		'group_by=QUARTER': 'NOT_BY_QUARTER', 'group_by=QUARTER,CPP': 'NOT_BY_QUARTER', 'group_by=YEAR&scenario=BEST': 'LIKELY_ONLY',
		'group_by=CLASS,DECILE': 'NOT_BY_TWO_KEYS', 'group_by=YEAR&class=HALL': 'IN_A_RUN',
		[`group_by=YEAR&class=HALL&authority_id=${made.Large.id}`]: 'NOT_FILTERED', [`group_by=CLASS&authority_id=${made.Large.id}`]: 'NOT_FILTERED'};
	for (const [query, reason] of Object.entries(why)) {
		const {items, percentiles_absent} = await receipts(query);
		assert.ok(items.length && items.every(i => i.percentiles === null), query);
		assert.equal(percentiles_absent, reason, query);
	}
	for (const query of ['group_by=YEAR', 'group_by=AUTHORITY', 'group_by=CPP', 'group_by=YEAR,AUTHORITY', 'group_by=YEAR,CPP'])
		assert.equal((await receipts(query)).percentiles_absent, null, query);
	assert.equal((await receipts('group_by=YEAR', reg.anyone)).percentiles_absent, 'WITHHELD');
});

test('the public is shown none, beside whatever sum: of few assets they are nearly a price', async () => {
	for (const query of ['group_by=AUTHORITY', 'group_by=YEAR', 'group_by=CPP', `group_by=YEAR&authority_id=${made.Large.id}`]) {
		const {items, totals} = await receipts(query, reg.anyone);
		assert.ok([...items, totals].every(i => i.percentiles === null), query);
		assert.ok(items.some(i => !i.suppressed), query);
	}
	made.small = {asset: await selling(made.Small, 5000000), amount: 5000000};
	const own = reg.admin.as((await makeKey(reg, {roles: {[made.Small.id]: ['FINANCE']}})).key);
	assert.ok((await receipts(`group_by=YEAR&authority_id=${made.Small.id}`, own)).totals.percentiles);
});

test('who reads the money of one body is led from the page of all to its percentiles', async () => {
	const {totals} = await receipts(`group_by=YEAR&authority_id=${made.Small.id}`);
	const officer = await openSession(reg.url, (await makeKey(reg, {roles: {[made.Small.id]: ['FINANCE']}})).key);
	const all = (await officer.get('/forecast')).text;
	assert.doesNotMatch(all, /simulated futures/);
	const [, href] = /is shown to those who read the money behind it: <a href="([^"]*)">Small[^<]*<\/a>\./.exec(all);
	assert.equal(href, `/forecast?authority_id=${made.Small.id}`);
	const own = (await officer.get(href)).text;
	assert.match(own, /simulated futures/);
	assert.ok(own.includes(`£${(totals.percentiles.adjusted.p50_pence / 100).toLocaleString('en-GB', {minimumFractionDigits: 2})}`));
	for (const page of [own, (await officer.get(`/forecast?authority_id=${made.Large.id}`)).text,
		(await reg.anyone.get('/forecast', {headers: {Accept: 'text/html'}})).text, (await (await openSession(reg.url, reg.adminKey)).get('/forecast')).text])
		assert.doesNotMatch(page, /is shown to those who read the money/);
});

test('a frozen run has them of every group, each as if it were all there is', async () => {
	const places = {HALL: made.assets.slice(1), DEPOT: made.assets.slice(0, 1)};
	await forecast.patch(`/v1/assets/${places.DEPOT[0].asset.id}`, {class: 'DEPOT', decile: 3});
	const run = await freeze();
	const all = await ofRun(run, 'group_by=YEAR');
	assert.deepEqual([all.seed, all.paths, all.simulated], [SEED, PATHS, {left_out: [], position: run.position}]);
	for (const group of ['YEAR', 'AUTHORITY', 'CPP']) {
		const figures = ({items, totals}) => [...items, totals].map(i => [i.group, i.percentiles]);
		assert.deepEqual(figures(await ofRun(run, `group_by=${group}`)), figures(await receipts(`group_by=${group}`)), `${group}, as they are live`);
	}
	for (const [name, assets] of Object.entries(places)) {
		const expected = await byTool(name === 'HALL' ? [...assets, made.small] : assets);
		const {items} = await ofRun(run, 'group_by=CLASS');
		assert.deepEqual(items.find(i => i.group.class === name).percentiles, expected.total, name);
		const years = await ofRun(run, `group_by=YEAR&class=${name}`);
		assert.deepEqual([years.totals.percentiles, years.items[0].percentiles], [expected.total, expected.year], name);
		const both = (await ofRun(run, 'group_by=YEAR,CLASS')).items.find(i => i.group.class === name);
		assert.deepEqual(both.percentiles, expected.year, `${name} by year`);
	}
	const decile = (await ofRun(run, 'group_by=DECILE')).items.find(i => i.group.decile === 3);
	assert.deepEqual(decile.percentiles, (await byTool(places.DEPOT)).total);
	assert.deepEqual((await ofRun(run, 'group_by=LOCALITY')).items[0].percentiles, all.totals.percentiles, 'none has a locality');
	const byDecile = await ofRun(run, 'group_by=DECILE,YEAR');
	assert.deepEqual(byDecile.items.find(i => i.group.decile === 3 && i.group.year === '2027-28').percentiles, (await byTool(places.DEPOT)).year, 'decile by year');
	const live = await receipts('group_by=YEAR,DECILE');
	assert.deepEqual(byDecile.items.map(({percentiles, ...i}) => i), live.items.map(({percentiles, ...i}) => i));
	for (const [query, reason] of Object.entries({'group_by=QUARTER': 'NOT_BY_QUARTER', 'group_by=CLASS&scenario=BEST': 'LIKELY_ONLY'})) {
		const {items, percentiles_absent} = await ofRun(run, query);
		assert.ok(items.every(i => i.percentiles === null), query);
		assert.equal(percentiles_absent, reason, query);
	}
	for (const query of ['CLASS', 'LOCALITY', 'DECILE', 'YEAR,CLASS', 'YEAR,DECILE', 'YEAR', 'AUTHORITY', 'CPP', 'YEAR,AUTHORITY', 'YEAR,CPP'])
		assert.equal((await ofRun(run, `group_by=${query}`)).percentiles_absent, null, query);
});

test('another seed or number of paths is another run, that says so and has other figures', async () => {
	const bodies = [];
	for (const fields of [{}, {}, {seed: SEED + 1}, {paths: 3 * PATHS}]) {
		const got = await ofRun(await freeze(fields), 'group_by=CLASS');
		assert.deepEqual([got.seed, got.paths], [fields.seed ?? SEED, fields.paths ?? PATHS]);
		bodies.push(JSON.stringify(got.totals.percentiles));
	}
	assert.equal(bodies[0], bodies[1]);
	assert.equal(new Set(bodies).size, 3, bodies.join('\n'));
});

test('the file of a run has them, by class too', async () => {
	const run = await freeze();
	const [item] = (await ofRun(run, 'group_by=CLASS')).items;
	const csv = await reg.admin.get(`/v1/projections/receipts?run=${run.id}&group_by=CLASS&format=csv`);
	assert.equal(csv.status, 200);
	assert.match(csv.text, /Adjusted P10 \(not additive\)/);
	assert.ok(csv.text.includes((item.percentiles.adjusted.p10_pence / 100).toFixed(2)), csv.text);
});

test('a run of one authority has its own and no others', async () => {
	const own = reg.admin.as((await makeKey(reg, {roles: {[made.Small.id]: ['FINANCE']}})).key);
	const run = await freeze({}, own);
	const mine = await ofRun(run, `group_by=YEAR&authority_id=${made.Small.id}`, own);
	assert.deepEqual(mine.totals.percentiles, (await byTool([made.small])).total);
	for (const group of ['YEAR', 'CLASS', 'DECILE', 'LOCALITY'])
		assert.ok((await ofRun(run, `group_by=${group}`, own)).items.every(i => i.percentiles === null), group);
	assert.equal((await reg.anyone.get(`/v1/projections/receipts?run=${run.id}`)).status, 403);
});

test('an asset that growth carries beyond the limit is named, to those who may read its money', async () => {
	const huge = await selling(made.Small, LARGEST / 10, '2031-06-15');
	assert.deepEqual((await receipts('group_by=YEAR')).simulated.left_out, []);
	await reg.sql('insert into assetd.model_parameter (version, created_at, actor, params) values (2, now(), null, $1)', [JSON.stringify(DOUBLING)]);
	await write(reg.admin.post('/v1/authorities', {name: 'Other', kind: 'COUNCIL', code: 'Other'})); // a new frame: parameters are read anew
	const got = await until(async () => {
		const now = await receipts('group_by=YEAR');
		return now.simulated.left_out.length && now;
	}, {what: 'other parameters'});
	assert.deepEqual(got.simulated.left_out, [huge.id]);
	assert.ok(got.totals.percentiles.baseline.p90_pence < LARGEST);
	assert.deepEqual((await receipts('group_by=YEAR', reg.anyone)).simulated.left_out, []);
});

test('where nothing but such an asset is expected there are none, which is said: nothing on each path would be no figure of it', async () => {
	const [huge] = (await receipts('group_by=YEAR')).simulated.left_out, lone = await forecast.add('/v1/authorities', {name: 'Lone', kind: 'COUNCIL', code: 'LONE'});
	await write(reg.admin.patch(`/v1/assets/${huge}`, {owners: [{authority_id: lone.id, units: 1}]}, {match: '*'}), 200);
	const query = `group_by=YEAR&authority_id=${lone.id}`, got = await receipts(query);
	assert.ok(got.totals.adjusted.net_pence > LARGEST / 10);
	assert.deepEqual([got.totals.percentiles, got.percentiles_absent, got.simulated.left_out], [null, 'LEFT_OUT', [huge]]);
	for (const year of got.items.filter(i => /^\d/.test(i.group.year)))
		assert.equal(year.percentiles === null, year.adjusted.net_pence !== 0, year.group.year);
	const all = await receipts('group_by=AUTHORITY');
	assert.deepEqual([all.percentiles_absent, all.items.filter(i => !i.percentiles).map(i => i.group.authority_id)], ['LEFT_OUT', [lone.id]]);
	assert.ok(all.totals.percentiles, 'beside others they are of those, and it is named');
	const session = await openSession(reg.url, reg.adminKey);
	const page = (await session.get(`/forecast?authority_id=${lone.id}`)).text;
	assert.match(page, /All years<\/th><td[^>]*>[^<]*<\/td><td[^>]*>not available</);
	assert.match(page, new RegExp(`may bring more than £10,000,000,000,000: <a href="/assets/${huge}">`));
	const frozen = await freeze({name: 'Lone'}), kept = await ofRun(frozen, query);
	assert.deepEqual([kept.totals.percentiles, kept.percentiles_absent, kept.simulated.left_out], [null, 'LEFT_OUT', [huge]]);
});

test('a file says what its percentiles include, which may be less than its sums do', async () => {
	await receipts('group_by=YEAR');
	fs.writeFileSync(faults, 'SIMULATE_SPAN hold 1\n');
	await selling(made.Small, 4000000);
	const {position, simulated} = await forecast.receipts('group_by=YEAR');
	assert.ok(simulated.position < position, `${simulated.position} of ${position}`);
	const [head, ...rows] = (await reg.admin.get('/v1/projections/receipts?group_by=YEAR&format=csv')).text.trim().split('\r\n').map(line => line.split(','));
	fs.writeFileSync(faults, '');
	const all = name => [...new Set(rows.map(row => row[head.indexOf(name)]))].map(Number);
	assert.deepEqual(all('simulated_position'), [simulated.position]);
	assert.ok(all('position').length === 1 && all('position')[0] >= position, 'all rows of one position');
	await receipts('group_by=YEAR');
});

test('at midnight all of them are made anew, by the settings of the start', async () => {
	const before = await receipts('group_by=YEAR');
	const text = fs.readFileSync(reg.daemon.confFile, 'utf8');
	fs.writeFileSync(reg.daemon.confFile, text.replace(`paths = ${PATHS}`, 'paths = 0').replace(`seed = ${SEED}`, 'seed = 8'));
	process.kill(reg.daemon.process.pid, 'SIGHUP');
	await until(() => reg.daemon.log().includes('settings read again'), {what: 'SIGHUP'});
	reg.daemon.setClock('2026-11-22T10:00:00Z');
	const next = await until(async () => {
		const got = await forecast.receipts('group_by=YEAR');
		return got.as_of === '2026-11-22' && got.simulated?.position === got.position && got;
	}, {what: 'the next day'});
	assert.deepEqual([next.seed, next.paths], [SEED, PATHS]);
	assert.deepEqual(next.totals.percentiles.baseline, before.totals.percentiles.baseline, 'a day later nothing is worth another amount');
});

test('where the sums would take more memory than they may there are none, which the log says once', async () => {
	const kept = async () => {
		const run = await freeze({as_of_on: '2026-11-22', paths: 20000});
		const got = await Promise.all(['YEAR', 'AUTHORITY', 'CPP', 'LOCALITY', 'DECILE', 'CLASS'].map(group => ofRun(run, `group_by=${group}`)));
		return got.map(({items, totals}) => [items, totals]);
	};
	const before = await kept();
	const text = fs.readFileSync(reg.daemon.confFile, 'utf8');
	fs.writeFileSync(reg.daemon.confFile, text.replace(/^paths = .*$/m, 'paths = 20000\nmemory_mib = 2'));
	await reg.daemon.restart();
	assert.deepEqual(await until(() => kept().catch(() => false), {what: 'a run'}), before, 'a run has them, one node after the other');
	const said = () => reg.daemon.log().match(/memory_mib is too little/g)?.length;
	await until(said, {what: 'the log'});
	await selling(made.Small, 4000000);
	const got = await forecast.receipts('group_by=YEAR');
	assert.deepEqual([got.simulated, got.totals.percentiles, got.percentiles_absent, said()], [null, null, 'NOT_SIMULATED', 1]);
	assert.ok(got.totals.adjusted.net_pence > 0);
});

test('runs that wait hold no more copies of the inputs than there is room for', async () => {
	await fillForecast(reg, {count: 1500, owners: [made.Large.id], classes: 1});
	await reg.daemon.restart();
	const post = name => reg.admin.post('/v1/projections/runs', {name, paths: 1});
	await forecast.receipts('group_by=YEAR');
	fs.writeFileSync(faults, 'FREEZE_TURN hold 1\n'); // whichever comes first is held
	const both = [post('One'), post('Two')], refused = await Promise.race(both);
	assert.deepEqual([refused.status, refused.json.type], [503, '/v1/problems/busy'], 'two copies of 1,500 assets are more than half a mebibyte');
	fs.writeFileSync(faults, '');
	assert.deepEqual((await Promise.all(both)).map(reply => reply.status).sort(), [201, 503]);
	ok(await post('Two'), 201);
});
