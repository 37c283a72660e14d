// A register of an earlier release comes to this one: its database has the migrations of then and the rows
// that were lawful then, clocks running. `assetd migrate` brings it here, and the daemon acts on it as on one that
// began here, to the penny.
//
// No earlier program is built. The register is filled once, by the API; what tables of then had room for is
// copied into a database that was migrated as far as then.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, assertSound, ok, openForecast, prepareDaemon, startMigratedCluster, startRegister, until} from '../harness/index.mjs';
import * as files from '../harness/files.mjs';

const AT = '2026-01-05T10:00:00Z';
const BROUGHT = '2026-01-05T11:00:00Z'; // later than all that was written then
const MIGRATIONS = path.join(TREE, 'sql/migrations');
/* The last migration that each earlier release had: before budgets and rows that hold the law, and before photographs had public copies. */
const RELEASES = ['0051_run_name', '0031_import_edit'];
const names = fs.readdirSync(MIGRATIONS).filter(name => name.endsWith('.sql')).sort();

const cluster = await startMigratedCluster();
after(() => cluster.end());

const CSV = rows => ['reference,name,class,tenure,published', ...rows].join('\n') + '\n';
const made = {};
let fresh;

/** Send a list and bring it in. */
async function bringIn(admin, text) {
	const preview = ok(await admin.request('POST', `/v1/imports?kind=assets&authority_id=${made.council.id}&mapping=auto`,
		{body: text, headers: {'Content-Type': 'text/csv'}}));
	assert.equal(preview.counts.error, 0);
	return until(async () => {
		const reply = await admin.request('POST', `/v1/imports/${preview.id}/apply`);
		return ![202, 503].includes(reply.status) && ok(reply, 200);
	}, {what: 'the list to be brought in'});
}

/** Everything of then that is still to come to something: requests with running clocks, a run, papers, a list. */
async function fill(reg) {
	const {admin} = reg, {add, plan, value} = openForecast(reg);
	const act = (id, event, on, more = {}) => add(`/v1/requests/${id}/events`, {event, on, ...more});
	const asset = (name, more) => add('/v1/assets', {authority_id: made.council.id, name, class: 'HALL', tenure: 'OWNED', ...more});
	async function asked(name, more) {
		const {id} = await asset(name);
		return add('/v1/requests', {asset_id: id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-01-05', ...more});
	}
	made.council = await add('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'});
	made.board = await add('/v1/authorities', {name: 'Board', kind: 'HEALTH_BOARD', code: 'B'});
	made.cpp = await add('/v1/cpps', {name: 'Partnership', code: 'P', partners: [made.council.id, made.board.id]});
	made.body = await add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
	made.silent = await asked('Silent Hall', {offer_pence: 5_000_000});
	made.waiting = await asked('Waiting Hall', {items: [{code: 'NAME', received_on: '2026-01-05'}]});
	made.decided = await asked('Decided Hall');
	for (const {id} of [made.silent, made.decided]) {
		await act(id, 'VALIDATE', '2026-01-05');
		await act(id, 'NOTICES_ISSUED', '2026-01-05', {representations_close_on: '2026-02-04'});
	}
	for (const [which, amount] of [['silent', 20_000_001], ['decided', 7_000_003]]) {
		await value({id: made[which].asset_id}, amount, {valued_on: '2025-04-01'});
		await plan({id: made[which].asset_id});
	}
	made.joint = await asset('Joint Depot', {class: 'DEPOT', owners: [{authority_id: made.council.id, units: 2}, {authority_id: made.board.id, units: 1}]});
	await value(made.joint, 33_333_333, {valued_on: '2025-04-01'});
	await plan(made.joint);
	// Everybody sees the hut, and nobody but members what it is part of.
	made.yard = await asset('Hidden Yard', {published: false});
	made.hut = await asset('Open Hut', {part_of: made.yard.id});
	made.paper = await add('/v1/documents', {asset_id: made.joint.id, kind: 'OTHER', title: 'Plan', file_name: 'plan.pdf'});
	ok(await admin.request('PUT', `/v1/documents/${made.paper.id}/content`, {body: files.pdf(),
		headers: {'Content-Type': 'application/octet-stream', 'If-None-Match': '*'}}));
	made.list = await bringIn(admin, CSV(['L1,Listed Hall,HALL,OWNED,true', 'L2,Listed Shed,SHED,OWNED,false']));
	made.run = await add('/v1/projections/runs', {as_of_on: '2026-01-05', tag: 'QUARTER', paths: 500, name: 'Of then'});
}

/* What a deadline said of itself before migration 0056. */
const before56 = row => row.deadlines && row.deadlines.forEach(d => ['length', 'unit', 'mode', 'calendar_version'].forEach(key => delete d[key]));

/** A database with the migrations up to `last`, each recorded as `assetd migrate` does it. */
async function migrateTo(db, last) {
	await db.query(`set search_path = assetd, public; set timezone = 'UTC'`);
	const begin = () => db.query(`begin; select set_config('assetd.now', '${AT}', true), set_config('assetd.today', '${AT.slice(0, 10)}', true)`);
	for (const name of names.filter(name => name <= `${last}.sql`)) {
		const text = fs.readFileSync(path.join(MIGRATIONS, name), 'utf8');
		await begin();
		await db.query(text);
		await db.query('insert into assetd.migration (number, name, sha256, applied_at) values ($1, $2, $3, $4)',
			[Number(name.slice(0, 4)), name, createHash('sha256').update(text).digest('hex'), AT]);
		await db.query('commit');
	}
	// Its partitions were made by that release's own function.
	const text = fs.readFileSync(path.join(TREE, 'sql/functions/0010_access.sql'), 'utf8');
	await begin();
	await db.query('set local role assetd_owner');
	await db.query(/^create or replace function change_partitions[^]*?^\$\$;/m.exec(text)[0]);
	await db.query(`select change_partitions('2026-01-01', 40); commit`);
}

/** All rows that tables of then had, with the columns that they had. */
async function copyRows(from, to) {
	const tables = (await to.query(`select relname as name, (select array_agg(format('%I', attname) order by attnum) from pg_attribute
			where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
		from pg_class as c where relnamespace = 'assetd'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migration'`)).rows;
	const today = new Set((await from.query(`select relname from pg_class where relnamespace = 'assetd'::regnamespace`)).rows.map(r => r.relname));
	await to.query(`begin; set local role none; set local session_replication_role = replica`);
	for (const {name, columns} of tables.filter(table => today.has(table.name))) {
		const rows = (await from.query(`select to_jsonb(t) as row from assetd.${name} as t`)).rows.map(r => r.row);
		const there = new Set(rows.flatMap(Object.keys));
		const both = columns.filter(column => there.has(column.replaceAll('"', '')));
		rows.forEach(before56);
		await to.query(`delete from assetd.${name}`); // what a migration itself put there
		if (rows.length)
			await to.query(`insert into assetd.${name} (${both}) overriding system value
				select ${both} from jsonb_populate_recordset(null::assetd.${name}, $1::jsonb)`, [JSON.stringify(rows)]);
	}
	for (const {name} of (await to.query(`select sequencename as name from pg_sequences where schemaname = 'assetd'`)).rows)
		await to.query(`select setval('assetd.${name}', $1, $2)`, (await from.query(`select last_value, is_called from assetd.${name}`, [])).rows
			.flatMap(r => [r.last_value, r.is_called]));
	await to.query('commit');
	return tables.length;
}

/** A register as `release` left it, brought to this one; its daemon is not started. */
async function upgraded(release) {
	const database = `of_${release}`;
	await cluster.createDatabase(database);
	await cluster.session(from => cluster.session(async to => {
		await migrateTo(to, release);
		assert.ok(await copyRows(from, to) > 20);
	}, {database}), {database: fresh.database});
	return database;
}

/** The same, as what tests hold: a running daemon of this release, by the secrets and the keys of then. */
async function open(database) {
	const secrets = name => path.join(fresh.daemon.folder, name);
	const daemon = await prepareDaemon(cluster, {database, clock: BROUGHT, conf: {auth: {pepper_file: secrets('pepper')}, hooks: {key_file: secrets('hooks.key')}}});
	await daemon.start();
	return {daemon, admin: daemon.client(fresh.adminKey), sql: (text, params) => cluster.sql(text, params, {database}), database, cluster};
}

/* Of a document: what does not hang on when, and by which daemon, it was said. */
const plain = text => text.replace(/"(?:position|as_of_position|event_id)": ?"?\d+"?/g, '"at": 0')
	.replace(/"(?:created_at|updated_at|at|recorded_at|computed_at|applied_at|known_at)": ?"[^"]*"/g, '"when": 0');

/** What the register says of everything that was filled in, and of what came later without what it is called by. */
async function told(reg) {
	const known = new Set(made.ids);
	const get = async path => {
		// A machine that is busy may take its time over a first plan.
		const reply = await until(async () => {
			const got = await reg.admin.get(path);
			return got.status !== 503 && got;
		}, {what: path});
		assert.equal(reply.status, 200, `${path}: ${reply.text}`);
		return [path, plain(reply.text).replace(/\b[a-z]{3}_[0-9a-z]{26}\b/g, id => known.has(id) ? id : 'one that came later')];
	};
	const paths = ['/v1/assets?limit=100', '/v1/requests?limit=100', `/v1/assets/${made.joint.id}`, `/v1/documents/${made.paper.id}`, `/v1/imports/${made.list.id}`,
		...['silent', 'waiting', 'decided'].map(which => `/v1/requests/${made[which].id}`),
		...['YEAR', 'AUTHORITY', 'CLASS'].map(group => `/v1/projections/receipts?run=${made.run.id}&group_by=${group}`)];
	return Object.fromEntries(await Promise.all(paths.map(get)));
}

/** The forecast of now, in every scenario, when it has all that was written. */
async function forecast(reg, event) {
	const out = {};
	for (const scenario of ['BEST', 'LIKELY', 'WORST']) {
		for (const group of ['YEAR', 'QUARTER', 'AUTHORITY', 'CLASS'])
			out[`${scenario} ${group}`] = plain((await reg.admin.seen(`/v1/projections/receipts?scenario=${scenario}&group_by=${group}&min_event=${event}`)).text);
	}
	return out;
}

const show = async (reg, which) => ok(await reg.admin.get(`/v1/requests/${made[which].id}`), 200);
const inState = (reg, which, state) => until(async () => (await show(reg, which)).state === state, {what: `${which} to be ${state}`});

/** Half a year in which somebody decides, somebody does not, a name is put right and a list comes. */
async function halfAYear(reg) {
	reg.daemon.setClock('2026-06-22T10:00:00Z');
	await inState(reg, 'decided', 'UNDER_ASSESSMENT');
	ok(await reg.admin.post(`/v1/requests/${made.decided.id}/events`, {event: 'REFUSE', on: '2026-06-22', grounds: [{matter: 'H', text: 'It is needed.'}]}));
	reg.daemon.setClock('2026-07-05T23:01:00Z');
	await inState(reg, 'silent', 'NO_DECISION');
	const path = `/v1/assets/${made.joint.id}`;
	ok(await reg.admin.patch(path, {name: 'Joint Depot, east'}, {match: (await reg.admin.get(path)).headers.etag}), 200);
	await bringIn(reg.admin, CSV(['L1,Listed Hall and garden,HALL,OWNED,true', 'L3,Listed Lodge,LODGE,OWNED,true']));
	const last = await reg.admin.post(`${path}/valuations`, {basis: 'MV', valued_on: '2026-07-01', amount_pence: 44_444_441});
	ok(last);
	return forecast(reg, last.headers['event-id']);
}

/** What everybody is told, without a key, of what happened and of the hut's past: neither lists that assets came by nor the yard. */
async function toldToAll(reg) {
	const anybody = reg.daemon.client();
	const events = ok(await anybody.get('/v1/events?limit=1000'), 200), past = ok(await anybody.get(`/v1/assets/${made.hut.id}/history`), 200);
	assert.ok(events.items.some(event => event.subject === made.hut.id) && past.items.length === 1);
	for (const id of [made.list.id, made.yard.id])
		assert.ok(!JSON.stringify([events, past]).includes(id), id);
	return {events: events.items.map(({id, type, subject, data}) => ({id, type, subject, data})), past: past.items.map(({id, before, after}) => ({id, before, after}))};
}

const outcome = {};
before(async () => {
	fresh = await startRegister({cluster, database: 'fresh', clock: AT});
	await fill(fresh);
	await fresh.daemon.stop(); // what is copied stands still
	for (const release of RELEASES)
		await upgraded(release);
	await fresh.daemon.start();
	made.ids = JSON.stringify((await fresh.sql('select subject, data, before, after from assetd.change')))
		.match(/\b[a-z]{3}_[0-9a-z]{26}\b/g);
	outcome.then = await told(fresh);
	outcome.all = await toldToAll(fresh);
	outcome.forecast = await halfAYear(fresh);
	outcome.now = await told(fresh);
});
after(() => fresh?.daemon.stop());

for (const release of RELEASES) {
	test(`of ${release}: it says what it said, and what happens next happens here as there`, async t => {
		const reg = await open(`of_${release}`);
		t.after(() => reg.daemon.stop());
		assert.deepEqual((await reg.sql('select name from assetd.migration order by name')).map(r => r.name), names);
		assert.deepEqual(await told(reg), outcome.then);
		assert.deepEqual(await toldToAll(reg), outcome.all);
		assert.deepEqual((await show(reg, 'waiting')).deadlines.map(d => [d.clock, d.due_on, d.state]), [['K2', '2026-01-26', 'RUNNING']]);
		assert.ok((await reg.admin.get(`/v1/documents/${made.paper.id}/content`)).bytes.equals(files.pdf()));

		assert.deepEqual(await halfAYear(reg), outcome.forecast, 'to the penny');
		const silent = await show(reg, 'silent');
		assert.deepEqual(silent.deadlines.filter(d => d.state === 'RUNNING').map(d => [d.clock, d.starts_on, d.due_on]), [['K9', '2026-07-05', '2026-07-31']]);
		const decided = await show(reg, 'decided');
		assert.equal(decided.state, 'REFUSED');
		assert.deepEqual(decided.deadlines.filter(d => d.state === 'RUNNING').map(d => d.clock), ['K8']);
		assert.deepEqual(await told(reg), outcome.now);
		await assertSound(reg);
	});
}
