// When 31 March has ended in London the register is frozen as it was then, by itself and once: on time,
// after downtime, and with two daemons of which the one that makes it is killed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {discard, makeKey, ok, openForecast, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const folder = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'year-'));
const plan = path.join(folder, 'plan');
const reg = await startRegister({clock: '2027-03-30T10:00:00Z', env: {ASSETD_FAULT_FILE: plan}});
after(async () => {
	await reg.stop();
	fs.rmSync(folder, {recursive: true});
});
const forecast = openForecast(reg);
const made = {};

/** It is that moment now; a key of the administrator lasts a year, and some of these lie further apart. */
async function move(moment) {
	reg.daemon.setClock(moment);
	reg.admin = reg.daemon.client(await reg.daemon.adminKey());
}
const closed = () => reg.sql(`select id, name, tag, as_of_on::text, valid_on::text, year_end_on::text, known_at, actor, seed::int, paths, position::int
	from assetd.projection_run where year_end_on is not null order by id`);
const closedBy = n => until(async () => {
	const runs = await closed();
	return runs.length >= n && runs;
}, {what: `${n} years to be closed`});
const ofRun = async (run, query, who = reg.admin) => ok(await who.get(`/v1/projections/receipts?run=${run.id ?? run}&${query}`), 200);
/** No daemon has anything left to look for: it has looked since the clock was moved. */
const looked = day => until(async () => (await forecast.receipts('group_by=YEAR')).as_of === day, {what: `it to be ${day}`});

before(async () => {
	made.council = await forecast.add('/v1/authorities', {name: 'Year Council', kind: 'COUNCIL', code: 'YE-1'});
	made.board = await forecast.add('/v1/authorities', {name: 'Year Board', kind: 'HEALTH_BOARD', code: 'YE-2'});
	made.hall = await forecast.asset({name: 'Hall', authority_id: made.council.id}, {amount: 20000000, plan: {planned_on: '2027-09-15'}});
	made.ward = await forecast.asset({name: 'Ward', authority_id: made.board.id}, {amount: 7000001, plan: {planned_on: '2028-01-15'}});
	made.joint = await forecast.asset({name: 'Joint', authority_id: made.board.id, owners: [
		{authority_id: made.council.id, units: 1}, {authority_id: made.board.id, units: 2}]}, {amount: 3000000, plan: {planned_on: '2027-06-15'}});
});

test('before midnight in London there is none; after it there is one, of the day before', async () => {
	await move('2027-03-31T22:58:30Z'); // 23:58 in London
	await forecast.value(made.hall, 21000000);
	await looked('2027-03-31');
	assert.deepEqual(await closed(), []);
	await move('2027-03-31T23:00:30Z');
	await forecast.value(made.hall, 99000000); // of the new year
	const [run, ...more] = await closedBy(1);
	assert.deepEqual(more, []);
	const {id, position, known_at, ...rest} = run;
	assert.deepEqual(rest, {name: 'Year end 2026-27', tag: 'QUARTER', as_of_on: '2027-03-31', valid_on: '2027-03-31', year_end_on: '2027-03-31',
		actor: null, seed: 1, paths: 10000});
	assert.equal(new Date(known_at).toISOString(), '2027-03-31T23:00:00.000Z');
	const frozen = await ofRun(run, 'group_by=YEAR');
	assert.equal(frozen.as_of, '2027-03-31');
	assert.ok(position > 0 && frozen.totals.percentiles, 'with percentiles');
	made.first = id;
	// The same by hand, of that day and moment: the same bytes.
	const again = await forecast.add('/v1/projections/runs', {as_of_on: '2027-03-31', valid_on: '2027-03-31', known_at: '2027-03-31T23:00:00Z'});
	for (const group of ['YEAR', 'QUARTER', 'AUTHORITY', 'CLASS', 'DECILE'])
		assert.deepEqual({...await ofRun(again, `group_by=${group}`), run: 0}, {...await ofRun(run, `group_by=${group}`), run: 0}, group);
	const [{type, actor_kind, data}] = await reg.sql('select type, actor_kind, data from assetd.change where subject = $1', [id]);
	assert.deepEqual([type, actor_kind, data.name], ['run.frozen', 'SYSTEM', 'Year end 2026-27']);
});

test('an authority reads its share of it, its movement since, and of others nothing', async () => {
	const officer = reg.admin.as((await makeKey(reg, {roles: {[made.council.id]: ['FINANCE']}})).key);
	const listed = ok(await officer.get('/v1/projections/runs?tag=QUARTER'), 200).items;
	assert.deepEqual(listed.map(r => [r.id, r.year_end_on, r.totals]).filter(r => r[1]), [[made.first, '2027-03-31', null]]);
	const mine = await ofRun(made.first, `group_by=YEAR&authority_id=${made.council.id}`, officer);
	assert.deepEqual({...mine, run: 0}, {...await ofRun(made.first, `group_by=YEAR&authority_id=${made.council.id}`), run: 0});
	assert.ok(mine.totals.percentiles);
	for (const query of ['group_by=YEAR', 'group_by=AUTHORITY', `group_by=YEAR&authority_id=${made.board.id}`, 'group_by=YEAR&class=HALL'])
		assert.equal((await officer.get(`/v1/projections/receipts?run=${made.first}&${query}`)).status, 404, query);
	const {receipts} = listed.find(r => r.id === made.first).links;
	const theirs = ok(await officer.get(receipts), 200), all = ok(await reg.admin.get(receipts), 200);
	assert.deepEqual(theirs.items, mine.items.map(i => ({...i, group: {...i.group, authority_id: made.council.id}})), 'where the run itself leads');
	assert.deepEqual(all.items.filter(i => i.group.authority_id === made.council.id), theirs.items);
	assert.deepEqual([theirs.totals.suppressed, theirs.totals.baseline.net_pence, theirs.totals.percentiles], [true, null, null], 'no sum of all');
	assert.ok(all.totals.baseline.net_pence > 0 && !JSON.stringify(theirs).includes(made.board.id));
	assert.equal((await officer.get(`/v1/projections/receipts?run=${made.first}&group_by=YEAR,CPP`)).status, 404);
	await forecast.receipts('group_by=YEAR');
	const moved = ok(await officer.get(`/v1/projections/movement?from=${made.first}&authority_id=${made.council.id}`), 200);
	assert.ok(moved.rows.some(r => r.asset_id === made.hall.id && r.code === 'VALN'), JSON.stringify(moved));
	const viewer = reg.admin.as((await makeKey(reg, {roles: {[made.council.id]: ['VIEWER']}})).key);
	assert.equal((await viewer.get(`/v1/projections/receipts?run=${made.first}&group_by=YEAR&authority_id=${made.council.id}`)).status, 403);
	assert.equal((await reg.anyone.get(`/v1/projections/runs/${made.first}`)).status, 401);
	const page = await reg.admin.get('/v1/projections/runs?name=Year end 2026-27');
	assert.equal(ok(page, 200).items.length, 1);
});

test('after a restart it is still one', async () => {
	await reg.daemon.restart();
	await looked('2027-04-01');
	await forecast.value(made.ward, 8000000);
	await forecast.receipts('group_by=YEAR');
	assert.equal((await closed()).length, 1);
});

test('two daemons, and the one that makes it is killed in the midst: one run, as if nobody had died', async () => {
	await reg.daemon.stop();
	reg.daemon.setClock('2028-05-20T10:00:00Z'); // seven weeks late
	fs.writeFileSync(plan, 'FREEZE_TURN kill 3\n');
	await reg.daemon.start().catch(e => assert.match(e.message, /SIGKILL/, 'before it serves or after'));
	await until(() => !reg.daemon.process.isRunning, {what: 'the daemon to be killed while it freezes'});
	assert.equal((await closed()).length, 1, 'nothing of it is there');
	fs.writeFileSync(plan, '');
	const other = await prepareDaemon(reg.cluster, {database: reg.database, migrate: false, clock: '2028-05-20T10:00:00Z'});
	try {
		await Promise.all([other.start(), reg.daemon.start()]);
		const runs = await closedBy(2);
		assert.deepEqual(runs.map(r => r.year_end_on), ['2027-03-31', '2028-03-31']);
		assert.equal(new Date(runs[1].known_at).toISOString(), '2028-03-31T23:00:00.000Z');
		await move('2028-05-20T10:05:00Z');
		await looked('2028-05-20');
		const {totals} = await ofRun(runs[1], 'group_by=YEAR');
		const again = await forecast.add('/v1/projections/runs', {as_of_on: '2028-03-31', valid_on: '2028-03-31', known_at: '2028-03-31T23:00:00Z'});
		assert.deepEqual((await ofRun(again, 'group_by=YEAR')).totals, totals);
		assert.equal((await closed()).length, 2);
	} finally {
		await other.stop();
		discard(other.folder);
	}
});
