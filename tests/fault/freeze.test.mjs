// A daemon that is killed while it freezes a run: no half of it is ever seen, and the next one is
// whole. A run frozen while changes stream in: every total is the sum of its parts, to the penny.
// The same run twice, and on another daemon with other threads: the same bytes.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {discard, ok, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const CLOCK = '2026-11-21T10:00:00Z';
const folder = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'freeze-'));
const file = path.join(folder, 'plan');
const reg = await startRegister({clock: CLOCK, conf: {http: {workers: 1}}, env: {ASSETD_FAULT_FILE: file}});
after(async () => {
	await reg.stop();
	fs.rmSync(folder, {recursive: true});
});
const {admin} = reg;
const made = {assets: []};
let planned = 0, keys = 0;

function arm(line) {
	fs.writeFileSync(`${file}.new`, line);
	fs.utimesSync(`${file}.new`, 0, ++planned); // a time of change like no other
	fs.renameSync(`${file}.new`, file);
}

const add = async (at, fields) => ok(await admin.post(at, fields, {idempotency: `freeze-${++keys}`}));
const value = (a, amount) => add(`/v1/assets/${a.id}/valuations`, {amount_pence: amount, basis: 'MV', valued_on: '2026-04-01'});
const later = () => [{asset_id: made.assets[0].id, set: {plan: {planned_on: '2028-06-15'}}}];
const freeze = (fields = {}, options = {}, who = admin) => who.post('/v1/projections/runs',
	{as_of_on: '2026-11-21', tag: 'WHAT_IF', paths: 500, overlay: later(), ...fields}, options);
const counts = async () => (await reg.sql(`select (select count(*)::int from assetd.projection_run) as runs,
	(select count(*)::int from assetd.projection_run_receipt) as figures, (select count(*)::int from assetd.change where type = 'run.frozen') as told`))[0];

async function figures(run) {
	const out = {};
	for (const scenario of ['BEST', 'LIKELY', 'WORST']) {
		for (const group of ['YEAR', 'QUARTER', 'AUTHORITY', 'CPP', 'LOCALITY', 'DECILE', 'CLASS']) {
			const reply = await admin.get(`/v1/projections/receipts?run=${run.id}&scenario=${scenario}&group_by=${group}`);
			assert.equal(reply.status, 200, reply.text);
			out[`${scenario} ${group}`] = reply.text.replaceAll(run.id, 'RUN');
		}
	}
	return out;
}

/** What must hold of the receipts of anything: sums of parts are totals, the difference of tracks is the adjustment. */
function check(receipts, what) {
	for (const one of [...receipts.items, receipts.totals])
		assert.equal(one.adjustment_pence, one.baseline.net_pence - one.adjusted.net_pence, what);
	for (const track of ['baseline', 'adjusted']) {
		for (const line of ['gross_pence', 'cost_pence', 'net_pence', 'pv_pence']) {
			const parts = receipts.items.filter(i => !/^(ACTUAL:|BEYOND)/.test(i.group.year ?? i.group.quarter ?? ''));
			assert.equal(parts.reduce((sum, i) => sum + i[track][line], 0), receipts.totals[track][line], `${what}: ${track} ${line}`);
		}
	}
}

before(async () => {
	made.council = await add('/v1/authorities', {name: 'Freeze Council', kind: 'COUNCIL', code: 'FR-1'});
	made.board = await add('/v1/authorities', {name: 'Freeze Board', kind: 'HEALTH_BOARD', code: 'FR-2'});
	for (let i = 0; i < 8; i++) {
		const a = await add('/v1/assets', {name: `Hall ${i}`, authority_id: (i % 2 ? made.council : made.board).id, class: i % 3 ? 'HALL' : 'DEPOT', tenure: 'OWNED'});
		await value(a, 10000001 + i * 7);
		ok(await admin.put(`/v1/assets/${a.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: `2027-0${1 + i}-15`},
			{headers: {'If-None-Match': '*'}}));
		made.assets.push(a);
	}
});

test('killed at any moment of a freeze, nothing of the run is there, and the next one is whole', async () => {
	const whole = await figures(ok(await freeze()));
	for (const line of ['FREEZE_TURN kill 2\n', 'FLOW_BEFORE_STORE kill 1\n']) {
		const was = await counts();
		arm(line);
		await until(async () => {
			const reply = await freeze({}, {agent: false}).catch(error => ({status: 0, error}));
			assert.ok([0, 503].includes(reply.status), `${line}: ${reply.text}`);
			return reply.status === 0; // the feed waits for the lease of the one that was killed
		}, {what: `${line} to kill the daemon`});
		arm('');
		await reg.daemon.kill();
		await reg.daemon.start();
		assert.deepEqual(await counts(), was, line);
		const next = await until(async () => {
			const again = await freeze();
			return again.status !== 503 && again;
		}, {what: 'the projector to be there again'});
		const now = await figures(ok(next));
		for (const key of Object.keys(whole))
			assert.equal(now[key].replace(/"position": ?\d+/g, ''), whole[key].replace(/"position": ?\d+/g, ''), `${line} ${key}`);
	}
});

test('the same run twice, and from another daemon with other threads: the same bytes', async () => {
	reg.daemon.setClock('2026-11-21T11:00:00Z');
	const name = {valid_on: '2026-11-21', known_at: '2026-11-21T10:30:00Z'};
	const [a, b] = [ok(await freeze(name)), ok(await freeze(name))];
	const first = await figures(a);
	assert.deepEqual(await figures(b), first);
	const other = await prepareDaemon(reg.cluster, {database: reg.database, migrate: false, clock: '2026-11-21T11:00:00Z', conf: {http: {workers: 3}}});
	await other.start();
	try {
		const there = other.client(await other.adminKey());
		const run = ok(await until(async () => {
			const reply = await freeze(name, {}, there);
			return reply.status !== 503 && reply;
		}, {what: 'the other daemon to freeze'}));
		assert.deepEqual(await figures(run), first);
	} finally {
		await other.stop();
		discard(other.folder);
	}
});

test('frozen while changes stream in, every total is the sum of its parts', async () => {
	let isOver = false, written = 0;
	const stream = (async () => {
		while (!isOver) {
			const a = made.assets[1 + written % 7];
			await value(a, 5000003 + ++written * 1009);
		}
	})();
	const looks = (async () => {
		while (!isOver) {
			for (const group of ['YEAR', 'AUTHORITY', 'CLASS'])
				check(ok(await admin.get(`/v1/projections/receipts?group_by=${group}`), 200), `live by ${group}`);
		}
	})();
	for (let i = 0; i < 10; i++) {
		const run = ok(await freeze({overlay: i % 2 ? later() : []}));
		const totals = new Set();
		for (const group of ['YEAR', 'QUARTER', 'AUTHORITY', 'DECILE', 'CLASS']) {
			const receipts = ok(await admin.get(`/v1/projections/receipts?run=${run.id}&group_by=${group}`), 200);
			check(receipts, `run ${i} by ${group}`);
			totals.add(JSON.stringify([receipts.totals.baseline.net_pence, receipts.totals.adjusted.net_pence]));
		}
		assert.equal(totals.size, 1, 'every grouping has the same total');
	}
	isOver = true;
	await Promise.all([stream, looks]);
	assert.ok(written > 3, `${written} changes`);
});
