// What the forecast says that it includes, it includes: whoever dies between reading the register and saying how far it is read,
// or loses the database there, is never believed for more than it has. One asset's value only grows, so a total tells
// which of the values it was made of, and the feed tells where each of them stands.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {discard, ok, openForecast, scratch, startRegister, until, within} from '../harness/index.mjs';

const FIRST = 10_000_000, STEP = 1_000_000;
const folder = scratch(), faults = path.join(folder, 'plan');
const reg = await startRegister({clock: '2026-11-21T10:00:00Z', env: {ASSETD_FAULT_FILE: faults, ASSETD_PROJECTION_PATHS: '500'}});
after(() => reg.stop().then(() => discard(folder)));
const forecast = openForecast(reg);
const made = {values: []}; // the event of each value, in order
const seen = []; // {position, pence}: what anybody was told at any time
let bodies = 0, armed = 0, pence_of_first;

const met = point => reg.daemon.logLines().filter(line => line.what === 'fault point' && line.point === point).length;
function arm(line) {
	fs.writeFileSync(`${faults}.new`, line);
	fs.utimesSync(`${faults}.new`, 0, ++armed); // a time of change like no other
	fs.renameSync(`${faults}.new`, faults);
}

async function grow() {
	await forecast.value(made.asset, FIRST + made.values.length * STEP);
	made.values.push(forecast.last());
}
/** Another body makes a new book. */
const reframe = () => forecast.add('/v1/authorities', {name: `Body ${++bodies}`, kind: 'OTHER', code: `CL-${bodies}`});

async function look() {
	const reply = await reg.admin.get('/v1/projections/receipts').catch(() => ({status: 0}));
	assert.ok([0, 200, 503].includes(reply.status), reply.text);
	if (reply.status === 200) {
		const {position, simulated} = reply.json;
		assert.ok(!simulated || simulated.position <= position, `percentiles claim position ${simulated?.position}, beside sums of ${position}`);
	}
	if (reply.status === 200)
		seen.push({position: reply.json.position, pence: reply.json.totals.baseline.gross_pence});
	return reply.status === 200;
}

/** Do it while somebody looks all the time. */
async function watched(work) {
	let isDone = false;
	const looking = (async () => {
		while (!isDone)
			await look();
	})();
	await work().finally(() => { isDone = true; });
	await looking;
}

/** No total is of an older value than the last whose place is not beyond what it claims. */
async function check(claims) {
	const rows = await reg.sql('select change_id, position::int as position from assetd.feed where change_id = any ($1)', [made.values]);
	const place = new Map(rows.map(row => [row.change_id, row.position]));
	for (const {position, pence} of claims) {
		const held = Math.round((pence / pence_of_first - 1) * FIRST / STEP);
		const due = made.values.findLastIndex(event => place.get(event) <= position);
		assert.ok(held >= due && held < made.values.length, `a total of value ${held} claims position ${position}, where value ${due} is`);
	}
}

/** All that was ever told, and what the database keeps as told last. */
async function checkAll() {
	await check(seen);
	const kept = await reg.sql('select position::int as position, totals from assetd.projection where authority_id = $1', [made.council.id]);
	const net = ok(await reg.admin.get('/v1/projections/receipts'), 200).totals.baseline;
	const share = net.gross_pence / net.net_pence; // the costs of a sale are a share of it
	await check(kept.map(({position, totals}) => ({position, pence: Object.values(totals).reduce((sum, [baseline]) => sum + baseline, 0) * share})));
}

/** What was written last shows, and so does the next. */
async function follows() {
	for (let i = 0; i < 2; i++) {
		await until(async () => {
			const reply = await reg.admin.get(`/v1/projections/receipts?min_event=${forecast.last()}`).catch(() => ({status: 0}));
			return reply.status === 200;
		}, {what: 'the last change to show', deadline_ms: 30_000});
		await grow();
	}
	await forecast.receipts();
	await look();
	assert.equal(seen.at(-1).pence, await reg.admin.get('/v1/projections/receipts').then(r => r.json.totals.baseline.gross_pence));
	await checkAll();
}

before(async () => {
	made.council = await forecast.add('/v1/authorities', {name: 'Claims', kind: 'COUNCIL', code: 'CL-0'});
	const params = {partner_default: {cost_rate_ppm: 20000, cost_fixed: 0}};
	await forecast.write(reg.admin.put('/v1/projections/parameters', {params, note: 'costs are a share'}, {headers: {'If-None-Match': '*'}}), 200);
	made.asset = await forecast.asset({name: 'Hall', authority_id: made.council.id}, {plan: {}});
	await grow();
	pence_of_first = (await forecast.receipts()).totals.baseline.gross_pence;
});

test('memory is short while an asset is read: it is read again, and in no sum it is missing', async () => {
	for (const provoke of [grow, reframe]) {
		const before = met('PROJECT_READ');
		arm('PROJECT_READ error\n');
		await watched(async () => {
			await provoke();
			await until(() => met('PROJECT_READ') > before, {what: 'PROJECT_READ'});
			await forecast.receipts();
		});
		await look();
		assert.ok(seen.every(({pence}) => pence > 0), 'an asset that could not be read was left out');
		await checkAll();
	}
	assert.doesNotMatch(reg.daemon.log(), /an asset cannot be projected/);
});

for (const [point, provoke] of [['PROJECT_LOADED', reframe], ['PROJECT_FOLLOWED', grow]]) {
	test(`${point}: killed`, async () => {
		await grow();
		arm(`${point} kill\n`);
		await watched(async () => {
			await provoke().catch(error => assert.match(error.code, /^ECONN/)); // the write may be told faster than answered
			await within(reg.daemon.process.exited, 15_000, `${point} to kill the daemon`);
			arm('');
			await reg.daemon.start();
			await follows();
		});
	});

	test(`${point}: failed`, async () => {
		const before = met(point);
		await until(async () => {
			const {position, simulated} = ok(await reg.admin.get('/v1/projections/receipts'), 200);
			return simulated?.position === position;
		}, {what: 'percentiles', deadline_ms: 30_000});
		arm(`${point} error\n`);
		await watched(async () => {
			await provoke();
			await until(() => met(point) > before, {what: point});
			await grow();
			await follows();
		});
	});

	test(`${point}: the database is lost, and more was written meanwhile`, async () => {
		const before = met(point);
		arm(`${point} hold\n`);
		await provoke();
		await until(() => met(point) > before, {what: point});
		await grow();
		await reg.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'assetd_worker'`);
		arm('');
		await watched(follows);
	});
}

test('the checker sees a claim of more than is held', async () => {
	const {position, pence} = seen.at(-1);
	await assert.rejects(check([{position, pence: pence - pence_of_first * STEP / FIRST}]), /claims position/);
	assert.ok(seen.length > 20, `${seen.length} looks`);
});
