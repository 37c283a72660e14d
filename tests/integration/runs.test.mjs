// Frozen runs as at another day and another moment: what was true on `valid_on` as it was known at
// `known_at`, whatever has happened since. Equal names, equal bytes.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {MATTERS, discard, makeKey, ok, openForecast, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const CLOCK = Date.parse('2026-11-21T10:00:00Z');
const GROUPS = ['YEAR', 'QUARTER', 'AUTHORITY', 'CPP', 'LOCALITY', 'DECILE', 'CLASS'];
const ZERO = {baseline: 0, adjusted: 0};

const reg = await startRegister({clock: new Date(CLOCK).toISOString()});
after(() => reg.stop());
const {add, patch, plan, tagOf, value, ...forecast} = openForecast(reg);

/** Put the daemon's clock so far behind the beginning of the test; it goes on from there. */
const clockAt = seconds => reg.daemon.setClock(new Date(CLOCK + seconds * 1000).toISOString());
const made = {};

const asset = (name, amount, fields) => forecast.asset({name, authority_id: made.council.id, ...fields}, amount === undefined ? {} : {amount, plan: {}});
const freeze = (fields = {}) => add('/v1/projections/runs', {as_of_on: '2026-11-21', tag: 'QUARTER', paths: 500, ...fields});

/** Everything a run keeps, as it was sent; without what names the run. */
async function bodies(run) {
	const out = {};
	const take = async (key, query) => {
		const reply = await reg.admin.get(`/v1/projections/receipts?run=${run.id}&${query}`);
		out[key] = ok(reply, 200) && reply.text.replace(run.id, 'RUN').replace(/"position": ?\d+/g, '"position": 0');
	};
	for (const scenario of ['BEST', 'LIKELY', 'WORST']) {
		for (const group of GROUPS)
			await take(`${scenario} ${group}`, `scenario=${scenario}&group_by=${group}`);
		for (const filter of [`authority_id=${made.council.id}`, `authority_id=${made.board.id}`, `cpp_id=${made.cpp.id}`, 'class=HALL'])
			await take(`${scenario} ${filter}`, `scenario=${scenario}&${filter}`);
	}
	return out;
}

async function totals(run) {
	const {totals: t} = ok(await reg.admin.get(`/v1/projections/receipts?run=${run.id}`), 200);
	return {baseline: t.baseline.net_pence, adjusted: t.adjusted.net_pence};
}

before(async () => {
	made.council = await add('/v1/authorities', {name: 'Past Council', kind: 'COUNCIL', code: 'PA-1'});
	made.board = await add('/v1/authorities', {name: 'Past Board', kind: 'HEALTH_BOARD', code: 'PA-2'});
	made.cpp = await add('/v1/cpps', {name: 'Past CPP', code: 'PA-CPP', partners: [made.council.id, made.board.id]});
	made.body = await add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
	made.hall = await asset('Hall', 20000000);
	made.shed = await asset('Shed', 8000000, {class: 'DEPOT', decile: 3});
	made.gone = await asset('Gone', 5000000);
	made.sold = await asset('Sold', 7000000);
	made.request = await add('/v1/requests', {asset_id: made.hall.id, community_body_id: made.body.id, kind: 'OWNERSHIP',
		received_on: '2026-10-01', offer_pence: 5000000});
	await add(`/v1/requests/${made.request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
	clockAt(120);
	made.first = await freeze({name: 'As it was'});
	made.known = new Date(CLOCK + 130_000).toISOString();
	made.bodies = await bodies(made.first);
	clockAt(300);
});

test('a run of the data as they are says where the feed stood, and of no other day', () => {
	assert.equal(made.first.valid_on, null);
	assert.equal(made.first.known_at, null);
	assert.ok(made.first.position > 0);
});

test('as known before everything changed, the bytes are those of the run that was frozen then', async () => {
	await value(made.hall, 30000000);
	await patch(`/v1/requests/${made.request.id}`, {offer_pence: 9000000});
	await add(`/v1/requests/${made.request.id}/events`, {event: 'NOTICES_ISSUED', on: '2026-10-01', representations_close_on: '2026-10-29'});
	await add(`/v1/requests/${made.request.id}/events`, {event: 'AGREE', on: '2026-11-21', terms: 'As asked', matters: MATTERS, offer_by_on: '2027-05-21', price_pence: 9000000});
	await plan(made.shed, {stage: 'UNDER_OFFER', agreed_price_pence: 8500000, planned_on: '2027-01-15'});
	await patch(`/v1/assets/${made.shed.id}`, {class: 'WORKSHOP', decile: 9, owners: [
		{authority_id: made.council.id, units: 1}, {authority_id: made.board.id, units: 2}]});
	ok(await reg.admin.delete(`/v1/assets/${made.gone.id}`, {match: await tagOf(`/v1/assets/${made.gone.id}`)}), 204);
	await add(`/v1/assets/${made.sold.id}/disposals`, {kind: 'MARKET', completed_on: '2026-11-21', gross_pence: 7100000, cost_pence: 10000});
	await asset('New', 60000000);
	clockAt(600);
	const then = await freeze({known_at: made.known});
	assert.equal(then.valid_on, '2026-11-21');
	assert.equal(Date.parse(then.known_at), Date.parse(made.known));
	assert.ok(then.position > made.first.position, 'the freezing itself was an event');
	assert.equal(then.parameters_hash, made.first.parameters_hash);
	assert.deepEqual(await bodies(then), made.bodies);
});

test('as known now, it is the run of the data as they are', async () => {
	const now = await freeze();
	const read = await freeze({valid_on: '2026-11-21', known_at: new Date(CLOCK + 590_000).toISOString()});
	const got = await bodies(read);
	assert.deepEqual(got, await bodies(now));
	assert.notDeepEqual(got, made.bodies);
	assert.ok(read.position > made.first.position && read.position <= now.position);
});

test('equal names, equal bytes, and other parameters another name', async () => {
	const parameters = {deflator: {base_fy: 2016, growth: {}, default: 0}};
	const [a, b] = [await freeze({known_at: made.known, parameters}), await freeze({known_at: made.known, parameters})];
	for (const field of ['as_of_on', 'valid_on', 'known_at', 'position', 'parameters_hash', 'seed', 'paths', 'model_version'])
		assert.equal(a[field], b[field], field);
	assert.notEqual(a.parameters_hash, made.first.parameters_hash);
	assert.deepEqual(await bodies(a), await bodies(b));
	// The same moment in another zone is the same moment.
	const c = await freeze({known_at: made.known.replace('10:02:10.000Z', '11:02:10+01:00'), parameters});
	assert.equal(c.known_at, a.known_at);
});

test('by one thread or by two, equal bytes: figures, percentiles and the inputs that are kept', async () => {
	const name = {known_at: made.known, paths: 3000, tag: 'QUARTER'}; // six blocks of paths to share out
	const clock = new Date(CLOCK + 600_000).toISOString();
	const runs = [];
	for (const threads of [1, 2]) {
		const daemon = await prepareDaemon(reg.cluster, {database: reg.database, migrate: false, clock, conf: {projection: {threads}}});
		try {
			await daemon.start();
			const there = daemon.client(await daemon.adminKey());
			runs.push(ok(await until(async () => {
				const reply = await there.post('/v1/projections/runs', name);
				return reply.status !== 503 && reply;
			}, {what: `a run by ${threads}`, deadline_ms: 30_000})));
		} finally {
			await daemon.stop();
			discard(daemon.folder);
		}
	}
	const [one, two] = await Promise.all(runs.map(bodies));
	assert.match(one['LIKELY CLASS'], /"p90_pence": ?[1-9]/, 'with percentiles');
	assert.deepEqual(two, one);
	const kept = run => reg.sql(`select number, encode(body, 'hex') as body from assetd.projection_run_input where run_id = $1 order by number`, [run.id]);
	assert.deepEqual(await kept(runs[1]), await kept(runs[0]));
});

test('what begins on another day is in the runs of that day', async () => {
	clockAt(700);
	const late = await asset('Late', undefined, {class: 'LATE', effective_on: '2026-01-10'});
	const of = async fields => {
		const {items} = ok(await reg.admin.get(`/v1/projections/receipts?run=${(await freeze(fields)).id}&group_by=CLASS`), 200);
		const item = items.find(i => i.group.class === 'LATE');
		return item ? item.baseline.gross_pence : 0;
	};
	// A plan of spring, entered in November; a value that was known to be another before that.
	await value(late, 10000000, {valued_on: '2026-01-31', effective_on: '2026-02-01'});
	await value(late, 20000000, {valued_on: '2026-08-01', effective_on: '2026-08-01'});
	await plan(late, {effective_on: '2026-03-01'});
	clockAt(900);
	const known_at = new Date(CLOCK + 890_000).toISOString();
	const FLAT = {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 0}}};
	const on = valid_on => of({valid_on, known_at, parameters: FLAT});
	assert.equal(await on('2026-02-15'), 0, 'no plan yet');
	assert.equal(await on('2026-03-01'), 7500000);
	assert.equal(await on('2026-07-31'), 7500000);
	assert.equal(await on('2026-08-01'), 15000000);
	assert.equal(await on('2027-06-01'), 15000000, 'and so it stays, as far as anybody knows');
	assert.equal(await of({valid_on: '2026-08-01', known_at: made.known}), 0, 'nobody knew of it');
	// A correction of the past holds until what is known to have changed.
	await plan(late, {stage: 'MISSIVES', effective_on: '2026-05-01'});
	clockAt(950);
	const corrected = valid_on => of({valid_on, known_at: new Date(CLOCK + 940_000).toISOString(), parameters: FLAT});
	assert.equal(await corrected('2026-04-30'), 7500000);
	assert.equal(await corrected('2026-05-01'), 9700000);
	assert.equal(await on('2026-05-01'), 7500000, 'which was not known yet');
});

test('a request stands where it stood, and an asset that was removed is where it was', async () => {
	clockAt(1000);
	const was = await totals(await freeze());
	const road = await asset('Road', 10000000);
	const {id} = await add('/v1/requests', {asset_id: road.id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-09-01',
		offer_pence: 1000000});
	clockAt(1200);
	await add(`/v1/requests/${id}/events`, {event: 'VALIDATE', on: '2026-09-01'});
	clockAt(1400);
	const received = await totals(await freeze({known_at: new Date(CLOCK + 1_100_000).toISOString()}));
	const validated = await totals(await freeze({known_at: new Date(CLOCK + 1_300_000).toISOString()}));
	assert.deepEqual(validated, await totals(await freeze()));
	assert.equal(received.baseline, validated.baseline);
	assert.notEqual(received.adjusted, validated.adjusted);
	await add(`/v1/requests/${id}/events`, {event: 'WITHDRAW', on: '2026-11-21'});
	ok(await reg.admin.delete(`/v1/assets/${road.id}`, {match: await tagOf(`/v1/assets/${road.id}`)}), 204);
	assert.deepEqual(await totals(await freeze()), was);
	clockAt(1600);
	assert.deepEqual(await totals(await freeze({known_at: new Date(CLOCK + 1_300_000).toISOString()})), validated);
	assert.deepEqual(await totals(await freeze({known_at: new Date(CLOCK + 1_590_000).toISOString()})), was);
});

test('before anything was there, nothing is: empty totals', async () => {
	for (const fields of [{known_at: '2001-01-01T00:00:00Z'}, {valid_on: '1999-12-31'}, {known_at: '2026-11-20T10:00:00Z', valid_on: '2030-01-01'}]) {
		const run = await freeze(fields);
		assert.deepEqual(await totals(run), ZERO, JSON.stringify(fields));
		const got = ok(await reg.admin.get(`/v1/projections/receipts?run=${run.id}&group_by=AUTHORITY`), 200);
		assert.deepEqual([got.items, got.exceptions], [[], []]);
	}
});

test('of a class that nothing has, a run says what the live projection says: nothing', async () => {
	const of = async query => ok(await reg.admin.get(`/v1/projections/receipts?group_by=YEAR&class=NOBODYS_CLASS${query}`), 200);
	const [kept, live] = [await of(`&run=${made.first.id}`), await of('')];
	for (const field of ['items', 'totals', 'exceptions', 'scenario'])
		assert.deepEqual(kept[field], live[field], field);
	assert.deepEqual([kept.run, kept.items, kept.totals.baseline.net_pence], [made.first.id, [], 0]);
	const {key} = await makeKey(reg, {roles: {[made.council.id]: ['FINANCE']}});
	const own = await reg.admin.as(key).post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'Own', tag: 'WHAT_IF'});
	const held = ok(await reg.admin.as(key).get(`/v1/projections/receipts?class=NOBODYS_CLASS&run=${own.json.id}`), 200);
	assert.deepEqual([held.items, held.totals.suppressed, held.totals.adjusted.net_pence], [[], true, null]);
	assert.equal((await reg.admin.get('/v1/projections/receipts?class=HALL&run=run_00000000000000000000000000')).status, 404);
});

test('a moment that has only just passed is waited for until nothing can be said of it any more', async () => {
	clockAt(1701);
	// A write that began before the moment and ends after it is asked for.
	const slow = reg.cluster.session(async db => {
		await db.query(`set search_path = assetd, public; begin`);
		await db.query(`select actor_set('', '', 'slow', $1, '2026-11-21')`, [new Date(CLOCK + 1_699_000).toISOString()]);
		await db.query(`insert into valuation (id, authority_id, asset_id, published, basis, valued_on, effective_on)
			values ('val_' || repeat('0', 26), $1, $2, true, 'MV', '2026-11-20', '2026-11-20')`, [made.council.id, made.shed.id]);
		await db.query(`insert into valuation_money (valuation_id, authority_id, asset_id, published, restricted, amount_pence)
			values ('val_' || repeat('0', 26), $1, $2, true, true, 100000000)`, [made.council.id, made.shed.id]);
		made.isBegun();
		await made.mayEnd;
		await db.query('commit');
	}, {database: reg.database});
	let end;
	made.mayEnd = new Promise(resolve => end = resolve);
	await new Promise(resolve => made.isBegun = resolve);
	const asked = freeze({known_at: new Date(CLOCK + 1_700_000).toISOString()});
	const isOver = asked.then(() => true);
	for (let i = 0; i < 30; i++)
		assert.notEqual(await Promise.race([isOver, reg.sql('select pg_sleep(0.1)')]), true, 'it answered before the write had ended');
	end();
	await slow;
	const first = await bodies(await asked);
	clockAt(1900);
	assert.deepEqual(await bodies(await freeze({known_at: new Date(CLOCK + 1_700_000).toISOString()})), first);
});

test('what cannot be frozen is refused with the place and the cure', async () => {
	const refused = async (fields, pointer, code) => {
		const reply = await reg.admin.post('/v1/projections/runs', fields);
		assert.equal(reply.status, 422, reply.text);
		assert.deepEqual([reply.json.errors[0].pointer, reply.json.errors[0].code], [pointer, code]);
		assert.ok(reply.json.errors[0].cure.length > 20);
	};
	await refused({known_at: '2099-01-01T00:00:00Z'}, '/known_at', 'MOMENT_IN_FUTURE');
	for (const bad of ['yesterday', '2026-11-21', '2026-11-21T10:00:00', '2026-02-30T10:00:00Z', '2026-11-21T24:00:00Z'])
		await refused({known_at: bad}, '/known_at', 'BAD_FORM');
	await refused({known_at: 12}, '/known_at', 'WRONG_TYPE');
	await refused({valid_on: '2026-13-01'}, '/valid_on', 'NOT_A_DATE');
	await refused({known_at: made.known, parameters: {moon: 1}}, '/parameters/moon', 'UNKNOWN_FIELD');
});

test('others are served while runs are made, one after the other', async () => {
	const many = Array.from({length: 12}, (_, i) => reg.admin.post('/v1/projections/runs', {known_at: made.known, name: `Run ${i}`}));
	ok(await reg.admin.get('/v1/projections/receipts'), 200);
	for (const reply of await Promise.all(many))
		ok(reply);
});
