// P10, P50 and P90 of the live forecast: the figures that `assetctl project` has for the same inputs, by
// change as after a restart, with the position that they include, and to nobody who may not read the money.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {BUILD, makeKey, openSession, run, startRegister, until} from '../harness/index.mjs';

const PATHS = 200;
const LARGEST = 10 ** 15;
const DOUBLING = {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 1000000}}};
const reg = await startRegister({clock: '2026-11-21T10:00:00Z', env: {ASSETD_PROJECTION_PATHS: String(PATHS)}});
after(() => reg.stop());

const ok = (reply, status = 200) => {
	assert.equal(reply.status, status, reply.text);
	return reply.json;
};
const made = {};
let last; // the Event-Id of the latest write

async function write(reply, status = 201) {
	const r = await reply;
	ok(r, status);
	last = r.headers['event-id'] ?? last;
	return r.json;
}

const valued = (asset, amount_pence) => write(reg.admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence, basis: 'MV', valued_on: '2026-04-01'}));

async function selling(authority, amount_pence, planned_on = '2027-06-15') {
	const a = await write(reg.admin.post('/v1/assets', {authority_id: authority.id, name: 'One', class: 'HALL', tenure: 'OWNED'}));
	await valued(a, amount_pence);
	await write(reg.admin.put(`/v1/assets/${a.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on},
		{headers: {'If-None-Match': '*'}}));
	return a;
}

const ask = async (query, who) => ok(await who.seen(`/v1/projections/receipts?min_event=${last}&${query}`));

/** The answer once its percentiles include all that it includes. */
async function receipts(query, who = reg.admin) {
	return until(async () => {
		const got = await ask(query, who);
		return got.simulated && got.simulated.position === got.position && got;
	}, {what: 'percentiles of all that has changed'});
}

/* What assetctl makes of the same assets, by its own way: total of everything. */
async function byTool(assets) {
	const input = {asof: '2026-11-21', mc: {seed: 1, paths: PATHS}, assets: []};
	for (const {asset, amount} of assets) {
		const {model_id} = ok(await reg.admin.get(`/v1/assets/${asset.id}/projection`));
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
	assert.deepEqual([years.seed, years.paths, years.simulated.left_out], [1, PATHS, []]);
	for (const group of ['AUTHORITY', 'CPP'])
		assert.deepEqual((await receipts(`group_by=${group}`)).items[0].percentiles, expected.total, group);
	const one = await receipts(`group_by=YEAR&authority_id=${made.Large.id}`);
	assert.deepEqual([one.totals.percentiles, one.items[0].percentiles], [expected.total, expected.year]);
});

test('a change changes them, to the bits of a run from nothing', async () => {
	made.assets[1].amount = 31000000;
	await valued(made.assets[1].asset, 31000000);
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

test('other groups and scenarios have none', async () => {
	for (const query of ['group_by=CLASS', 'group_by=LOCALITY', 'group_by=DECILE', 'group_by=QUARTER', 'group_by=YEAR&scenario=BEST'])
		assert.ok((await receipts(query)).items.every(i => i.percentiles === null), query);
	assert.equal((await receipts('group_by=YEAR&class=HALL')).totals.percentiles, null);
});

test('the public is shown none, beside whatever sum: of few assets they are nearly a price', async () => {
	for (const query of ['group_by=AUTHORITY', 'group_by=YEAR', 'group_by=CPP', `group_by=YEAR&authority_id=${made.Large.id}`]) {
		const {items, totals} = await receipts(query, reg.anyone);
		assert.ok([...items, totals].every(i => i.percentiles === null), query);
		assert.ok(items.some(i => !i.suppressed), query);
	}
	await selling(made.Small, 5000000);
	const own = reg.admin.as((await makeKey(reg, {roles: {[made.Small.id]: ['FINANCE']}})).key);
	assert.ok((await receipts(`group_by=YEAR&authority_id=${made.Small.id}`, own)).totals.percentiles);
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

test('at midnight all of them are made anew', async () => {
	const before = await receipts('group_by=YEAR');
	reg.daemon.setClock('2026-11-22T10:00:00Z');
	const next = await until(async () => {
		const got = await ask('group_by=YEAR', reg.admin);
		return got.as_of === '2026-11-22' && got.simulated?.position === got.position && got;
	}, {what: 'the next day'});
	assert.deepEqual(next.totals.percentiles.baseline, before.totals.percentiles.baseline, 'a day later nothing is worth another amount');
});
