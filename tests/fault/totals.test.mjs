// The bad days of the forecast, with somebody who looks all the time: whatever happens, every total that a client
// can see is the sum of its parts, to the penny, live and in every run that is frozen meanwhile.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, startRegister, until} from '../harness/index.mjs';

const folder = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'totals-'));
const faults = path.join(folder, 'plan');
const reg = await startRegister({clock: '2027-03-30T10:00:00Z', env: {ASSETD_FAULT_FILE: faults}});
const forecast = openForecast(reg);
const GROUPS = ['YEAR', 'AUTHORITY', 'QUARTER', 'CPP', 'DECILE', 'YEAR,AUTHORITY', 'CLASS', 'LOCALITY', 'YEAR,CLASS'];
const LARGEST = 10 ** 15;
const made = {assets: []};
let armed = 0;

/** Numbers as they were written: sums are larger than what a number of JavaScript holds. */
const exact = text => JSON.parse(text.replace(/([:[,]\s*)(-?\d+)(?=\s*[,}\]])/g, '$1"#$2"'),
	(key, value) => typeof value === 'string' && value[0] === '#' ? BigInt(value.slice(1)) : value);
const isPart = item => !/^(ACTUAL:|BEYOND)/.test(item.group.year ?? item.group.quarter ?? '');

/**
 * Sums of parts are totals and the difference of the tracks is the adjustment; what does not fit says so in its place alone. Of
 * what is held back from a reader nothing can be said, and where no part of a total is, they are its sum.
 */
function check(receipts, what) {
	const fits = (...values) => values.every(v => typeof v === 'bigint');
	for (const one of [...receipts.items, receipts.totals]) {
		if (fits(one.adjustment_pence, one.baseline.net_pence, one.adjusted.net_pence))
			assert.equal(one.adjustment_pence, one.baseline.net_pence - one.adjusted.net_pence, what);
		for (const track of ['baseline', 'adjusted']) {
			if (fits(...Object.values(one[track])))
				assert.equal(one[track].net_pence, one[track].gross_pence - one[track].cost_pence, what);
		}
	}
	for (const track of ['baseline', 'adjusted']) {
		for (const line of ['gross_pence', 'cost_pence', 'net_pence', 'pv_pence']) {
			const parts = receipts.items.filter(isPart).map(i => i[track][line]), total = receipts.totals[track][line];

			if (receipts.groups_left_out || [total, ...parts].includes(null))
				continue;
			if (fits(total, ...parts))
				assert.equal(parts.reduce((sum, p) => sum + p, 0n), total, `${what}: ${track} ${line}`);
			else
				assert.ok([total, ...parts].includes('E_OVERFLOW'), `${what}: ${total}`);
		}
	}
}

/** All of a run: by every grouping the same total. */
async function checkRun(run, who = reg.admin) {
	for (const scenario of ['LIKELY', 'BEST']) {
		const totals = new Set();
		for (const group of GROUPS) {
			const reply = await who.get(`/v1/projections/receipts?run=${run.id}&group_by=${group}&scenario=${scenario}`);
			ok(reply, 200);
			const receipts = exact(reply.text);
			check(receipts, `${run.name} by ${group}`);
			totals.add(['baseline', 'adjusted'].map(t => receipts.totals[t].net_pence).join());
		}
		assert.equal(totals.size, 1, `${run.name}: ${[...totals].join(' ')}`);
	}
}

const freeze = async (fields = {}, options = {}) => reg.admin.post('/v1/projections/runs', {name: 'A run', tag: 'WHAT_IF', paths: 50, ...fields}, options);

/* Who look all the time, each with what may be asked; what they find ends the test that is running. */
const looker = {isOver: false, looks: 0, told: 0, found: undefined};

async function look(who, queries) {
	for (let i = 0; !looker.isOver; i++) {
		const query = queries[i % queries.length];
		const reply = await who().get(`/v1/projections/receipts?${query}`).catch(() => ({status: 0}));
		try {
			assert.ok([0, 200, 503].includes(reply.status), reply.text);
			if (reply.status === 200) {
				const receipts = exact(reply.text);
				check(receipts, `live, ${query}`);
				looker.looks += who() === reg.admin;
				looker.told += who() !== reg.admin && receipts.items.length > 0 && receipts.items.every(item => item.adjusted.net_pence !== null);
			} else {
				await new Promise(done => setTimeout(done, 20));
			}
		} catch (error) {
			looker.found ??= error;
		}
	}
}
const EVERYTHING = GROUPS.flatMap(group => ['LIKELY', 'LIKELY', 'WORST'].map(scenario => `group_by=${group}&scenario=${scenario}`));

/** Do it while somebody looks and others write; writers go on until it is done. */
async function meanwhile(work, write) {
	const from = looker.looks;
	let isDone = false, written = 0;
	const writing = (async () => {
		while (write && !isDone) {
			await write(written);
			written++;
		}
	})();
	try {
		await work();
	} finally {
		isDone = true;
		await writing;
	}
	await until(() => looker.found || looker.looks >= from + GROUPS.length, {what: 'all to be looked at'});
	if (looker.found)
		throw looker.found;
	return written;
}

const revalue = n => forecast.value(made.assets[n % made.assets.length], 5000003 + (n * 7919) % 1000003 * 101);
const all = async () => exact((await reg.admin.get(`/v1/projections/receipts?min_event=${forecast.last()}`)).text).totals.baseline.net_pence;

before(async () => {
	made.council = await forecast.add('/v1/authorities', {name: 'Sum Council', kind: 'COUNCIL', code: 'SU-1'});
	made.board = await forecast.add('/v1/authorities', {name: 'Sum Board', kind: 'HEALTH_BOARD', code: 'SU-2'});
	await forecast.add('/v1/cpps', {name: 'Sum CPP', code: 'SU-CPP', partners: [made.council.id, made.board.id]});
	for (let i = 0; i < 6; i++) {
		made.assets.push(await forecast.asset({name: `Hall ${i}`, authority_id: (i % 2 ? made.council : made.board).id, class: i % 3 ? 'HALL' : 'DEPOT', decile: i,
			owners: i % 3 ? undefined : [{authority_id: made.council.id, units: 1}, {authority_id: made.board.id, units: 2}]},
		{amount: 10000001 + i * 7, plan: {planned_on: `2027-0${4 + i}-15`}}));
	}
	// Nobody writes of this one: a load that loses it is not mended by the next change.
	await forecast.asset({name: 'Still', authority_id: made.board.id}, {amount: 30000001, plan: {}});
	const partner = reg.admin.as((await makeKey(reg, {roles: {[made.council.id]: ['FINANCE']}})).key);
	looker.running = [look(() => reg.admin, EVERYTHING), look(() => reg.admin, EVERYTHING.toReversed()),
		look(() => reg.anyone, ['YEAR', 'AUTHORITY', 'CLASS', 'CPP'].map(group => `group_by=${group}`)),
		look(() => partner, ['YEAR', 'QUARTER'].map(group => `group_by=${group}&authority_id=${made.board.id}`))];
});
after(async () => {
	looker.isOver = true;
	await Promise.all(looker.running ?? []);
	await reg.stop();
	fs.rmSync(folder, {recursive: true});
});

test('a value is taken away and given back, an asset goes: nothing of it stays in any sum', async () => {
	const without = await all();
	const one = await forecast.asset({name: 'Now and then', authority_id: made.council.id}, {amount: 77777777, plan: {}});
	const withIt = await all();
	await meanwhile(async () => {
		for (let i = 0; i < 5; i++) {
			await forecast.value(one, 0, {valued_on: `2027-03-${10 + 2 * i}`});
			assert.ok(await all() < withIt);
			await forecast.value(one, 77777777, {valued_on: `2027-03-${11 + 2 * i}`});
		}
		await forecast.write(reg.admin.delete(`/v1/assets/${one.id}`, {match: await forecast.tagOf(`/v1/assets/${one.id}`)}), 204);
	});
	assert.equal(await all(), without, 'it went with its value and its plan');
	const run = ok(await freeze({overlay: [{asset_id: made.assets[1].id, set: {valuation: null}}]}));
	await checkRun(run);
});

test('parameters change while runs are computed: each run is of one set of them', async () => {
	const versions = new Set(), rates = new Map();
	await meanwhile(async () => {
		for (let i = 0; i < 4; i++) {
			const cost_rate_ppm = 20000 * (i + 1);
			const [put, run] = await Promise.all([
				reg.admin.put('/v1/projections/parameters', {params: {partner_default: {cost_rate_ppm, cost_fixed: 0}}, note: 'a bad day'},
					i ? {match: '*'} : {headers: {'If-None-Match': '*'}}),
				until(async () => {
					const reply = await freeze({name: `While version ${i} came`});
					return reply.status !== 503 && reply;
				}, {what: 'a run'}),
			]);
			assert.ok([200, 201].includes(put.status), put.text);
			rates.set(put.json.version, cost_rate_ppm);
			versions.add(ok(run).parameters_version);
			await checkRun(ok(run));
			// What a sale costs is that share of what it brings, but for a penny a cell: of the version it names, and of no other.
			const {gross_pence, cost_pence} = ok(await reg.admin.get(`/v1/projections/receipts?run=${run.json.id}`), 200).totals.baseline;
			const rate = rates.get(run.json.parameters_version);
			assert.ok(rate === undefined || Math.abs(cost_pence - gross_pence * rate / 1e6) < 500, `version ${run.json.parameters_version}: ${cost_pence} of ${gross_pence}`);
		}
	}, revalue);
	assert.ok(versions.size > 1, [...versions].join());
});

test('an asset of the greatest amount that growth carries past it counts; one that is carried past 64 bits is named, and in no sum', async () => {
	const huge = await forecast.asset({name: 'Huge', authority_id: made.board.id, class: 'DEPOT'}, {amount: LARGEST, plan: {planned_on: '2036-06-15'}});
	await meanwhile(async () => {
		for (const growth of [1000000, 1000000, 0]) {
			const run = ok(await freeze({name: `Growth ${growth}`, parameters: {index: {PROPERTY: {base_fy: 2016, growth: {}, default: growth}}}}));
			await checkRun(run);
			const receipts = exact((await reg.admin.get(`/v1/projections/receipts?run=${run.id}`)).text), {exceptions, simulated} = receipts;
			assert.equal(simulated.left_out.includes(huge.id), growth > 0, 'of what the simulation cannot hold it says so');
			assert.ok(!exceptions.some(e => e.asset_id === huge.id && e.flag === 'E_OVERFLOW'), JSON.stringify(exceptions));
			if (growth)
				assert.ok(receipts.totals.baseline.gross_pence > 100n * BigInt(LARGEST), 'nine times doubled, for three of four chances');
		}
	}, revalue);
	// Valued five years ago it doubles five times more: past 64 bits, and as if it had no value at all.
	const doubled = async valuation => {
		const run = ok(await freeze({name: 'Doubled', parameters: {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 1000000}}},
			overlay: [{asset_id: huge.id, set: {valuation}}]}));
		await checkRun(run);
		return exact((await reg.admin.get(`/v1/projections/receipts?run=${run.id}`)).text);
	};
	const past = await doubled({basis: 'MV', valued_on: '2022-04-15', amount_pence: LARGEST}), none = await doubled(null);
	assert.ok(past.exceptions.some(e => e.asset_id === huge.id && e.flag === 'E_OVERFLOW'), 'it is named');
	assert.deepEqual(past.totals.baseline, none.totals.baseline);
	assert.deepEqual(past.totals.adjusted, none.totals.adjusted);
	const send = amount => reg.admin.post('/v1/projections/runs', undefined, {headers: {'Content-Type': 'application/json'},
		body: JSON.stringify({name: 'Past 64 bits', tag: 'WHAT_IF', paths: 50,
			overlay: [{asset_id: huge.id, set: {valuation: {basis: 'MV', valued_on: '2027-03-01', amount_pence: 4242}}}]}).replace('4242', amount)});
	const run = ok(await until(async () => {
		const reply = await send('9223372036854775807');
		return reply.status !== 503 && reply;
	}, {what: 'a run'}));
	await checkRun(run);
	const {exceptions} = ok(await reg.admin.get(`/v1/projections/receipts?run=${run.id}`), 200);
	assert.ok(exceptions.some(e => e.asset_id === huge.id && e.flag === 'E_OVERFLOW'), JSON.stringify(exceptions));
	await forecast.plan(huge, {method: 'NONE', stage: undefined, planned_on: undefined});
});

test('another frame is loaded while changes stream in', async () => {
	const written = await meanwhile(async () => {
		for (let i = 0; i < 4; i++) {
			await forecast.add('/v1/authorities', {name: `Newcomer ${i}`, kind: 'OTHER', code: `NEW-${i}`});
			await forecast.receipts('group_by=AUTHORITY');
		}
	}, revalue);
	assert.ok(written > 0);
	const was = await all();
	await forecast.add('/v1/authorities', {name: 'Newcomer at last', kind: 'OTHER', code: 'NEW-L'});
	assert.equal(await all(), was, 'one more frame, with nobody who writes');
});

test('a year ends at midnight in London while changes arrive', async () => {
	reg.daemon.setClock('2027-03-31T22:59:57Z');
	const written = await meanwhile(() => until(async () => {
		const [{n}] = await reg.sql('select count(*)::int as n from assetd.projection_run where year_end_on is not null');
		return n === 1 && ok(await reg.admin.get('/v1/projections/receipts'), 200).as_of === '2027-04-01';
	}, {what: 'the year to be closed'}), revalue);
	assert.ok(written > 1, `${written} changes`);
	const [run] = ok(await reg.admin.get('/v1/projections/runs?name=Year end 2026-27'), 200).items;
	await checkRun(run);
	const moved = await until(async () => {
		const reply = await reg.admin.get(`/v1/projections/movement?from=${run.id}`);
		return reply.status === 200 && exact(reply.text);
	}, {what: 'the movement since'});
	const {totals} = moved, sum = list => list.reduce((n, one) => n + one.value_pence, 0n);
	assert.deepEqual([sum(moved.rows), sum(totals.codes), totals.old_pence + totals.value_pence], [totals.value_pence, totals.value_pence, totals.new_pence]);
});

test('after all of this the live sums are those of what is known, read anew', async () => {
	const live = await forecast.receipts('group_by=AUTHORITY');
	const run = ok(await freeze({name: 'Read anew', as_of_on: live.as_of, valid_on: live.as_of}));
	const read = ok(await reg.admin.get(`/v1/projections/receipts?run=${run.id}&group_by=AUTHORITY`), 200);
	const sums = ({items, totals}) => [...items, totals].map(({group, baseline, adjusted, rent_pence, forgone_pence}) =>
		({group, baseline, adjusted, rent_pence, forgone_pence}));
	assert.deepEqual(sums(read), sums(live));
	await checkRun(run);
});

test('killed in the midst of a freeze, and there again', async () => {
	fs.writeFileSync(faults, 'FREEZE_TURN kill 3\n');
	fs.utimesSync(faults, 0, ++armed);
	await meanwhile(async () => {
		await until(async () => {
			await freeze({name: 'Killed', paths: 5000}, {agent: false}).catch(() => {});
			return !reg.daemon.process.isRunning;
		}, {what: 'the daemon to be killed'});
		fs.writeFileSync(faults, '');
		await reg.daemon.start();
	});
	const kept = await until(async () => {
		const reply = await reg.admin.get('/v1/projections/runs?name=Killed');
		return reply.status !== 503 && reply;
	}, {what: 'the database to be there again'});
	assert.deepEqual(ok(kept, 200).items, []);
	await checkRun(ok(await until(async () => {
		const reply = await freeze({name: 'After it'});
		return reply.status !== 503 && reply;
	}, {what: 'a run'})));
	assert.ok(looker.looks > 10 * GROUPS.length, `${looker.looks} looks`);
	assert.ok(looker.told > 10, `${looker.told} looks of a partner and of everybody`);
});
