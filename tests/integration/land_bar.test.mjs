// The disposal bar as PostgreSQL keeps it, asked by the role that the daemon has and by nothing of
// ours above it: which land overlaps which, that no door leads around a bar, and that of two who
// write at the same moment one sees the other, whichever comes first.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import pg from 'pg';
import {startMigratedCluster, until} from '../harness/index.mjs';

let cluster;
const AUT = 'aut_' + '1'.padStart(26, '0');
const OTHER = 'aut_' + '2'.padStart(26, '0');
const PRN = 'prn_' + '1'.padStart(26, '0');
const CBO = 'cbo_' + '1'.padStart(26, '0');
const AS = `select assetd.actor_set('${PRN}', null, 'test', '2026-11-22T09:00:00Z', '2026-11-22')`;
let made = 0;
const newId = prefix => `${prefix}_${String(++made).padStart(26, '0')}`;

before(async () => {
	cluster = await startMigratedCluster();
	await cluster.session(async db => {
		await db.query(AS);
		await db.query(`set search_path = assetd, public;
			select set_config('assetd.now', '2026-11-22T09:00:00Z', false), set_config('assetd.today', '2026-11-22', false);
			select change_partitions('2026-11-20', 5);
			insert into authority (id, name, kind, code) values ('${AUT}', 'Council', 'COUNCIL', 'T1'), ('${OTHER}', 'Board', 'HEALTH_BOARD', 'T2');
			insert into principal (id, authority_id, name) values ('${PRN}', '${AUT}', 'Officer');
			insert into principal_role (principal_id, authority_id, role)
				select '${PRN}', '${AUT}', r from unnest(array['ESTATES', 'DECIDER', 'FINANCE']) as r;
			insert into community_body (id, authority_id, name, legal_form) values ('${CBO}', '${AUT}', 'Trust', 'SCIO')`);
	});
	desk = new pg.Client({host: cluster.socketDir, user: 'assetd_api', database: 'assetd'});
	await desk.connect();
});
after(async () => {
	await desk?.end();
	await cluster?.end();
});

/* A transaction of the officer, on the daemon's own role. */
const officer = fn => cluster.session(async db => {
	await db.query('begin');
	await db.query(AS);
	const result = await fn(db);
	await db.query('commit');
	return result;
}, {user: 'assetd_api'});
/* One statement in a transaction of its own; all by one connection, since each new one has everything to plan. */
let desk, turn = Promise.resolve();
const ask = (text, params) => turn = turn.catch(() => {}).then(async () => {
	await desk.query('begin');
	try {
		await desk.query(AS);
		const {rows} = await desk.query(text, params);
		await desk.query('commit');
		return rows;
	} catch (error) {
		await desk.query('rollback');
		throw error;
	}
});
const refused = (promise, code) => assert.rejects(promise, e => {
	assert.equal(e.code, code, e.message);
	return true;
});

const newAsset = async (part_of = null, authority = AUT) => {
	const id = newId('ast');
	await ask(`insert into asset (id, authority_id, name, class, tenure, part_of) values ($1, $2, 'Land', 'LAND', 'OWNED', $3)`, [id, authority, part_of]);
	await ask(`insert into asset_owner (asset_id, authority_id, published, owner_id, units) values ($1, $2, true, $2, 1)`, [id, authority]);
	return id;
};
const newRequest = async asset => {
	const id = newId('atr');
	await ask(`insert into request (id, authority_id, asset_id, community_body_id, kind, reference_year, reference_number, state, state_on,
			model_state_on, received_on, route)
		values ($1, $2, $3, $4, 'LEASE', 2026, $5, 'RECEIVED', '2026-10-01', '2026-10-01', '2026-10-01', 'LA_REVIEW')`, [id, AUT, asset, CBO, made]);
	await ask(`insert into request_item (request_id, authority_id, published, code, received_on)
		select $1, $2, true, code, '2026-10-01' from unnest(items_of_law('LEASE')) as code`, [id, AUT]);
	return id;
};
/* An act as the ledger, the row and its deadlines have it, in one statement. */
const moved = (number, event, from, to, on, set) => `with told as (
	insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind, state_from, state_to, level_to)
	select 'evt_${number}' || right(id, 25), authority_id, id, published, ${number}, '${event}', '${on}', 'AUTHORITY', '${from}', '${to}', 'FIRST'
	  from request where id = $1)
	update request set state = '${to}', ${set}, version = version + 1 where id = $1`;
const K6 = JSON.stringify([{clock: 'K6', starts_on: '2026-10-01', due_on: '2027-04-01', state: 'RUNNING', length: 6, unit: 'MONTHS', mode: 'AFTER',
	calendar: 'CALENDAR_DAYS', calendar_version: null}]);
const VALIDATE = moved(1, 'VALIDATE', 'RECEIVED', 'VALIDATED', '2026-10-01', `validated_on = '2026-10-01', bar_from = '2026-10-01', deadlines = '${K6}'`);
const DISPOSE = `insert into disposal (id, authority_id, asset_id, published, kind, completed_on, gross_pence, cost_pence, exemption, exemption_dated_on)
	values ($1, '${AUT}', $2, true, 'MARKET', '2026-11-01', 100, 0, $3, $4)`;
const GONE = `update asset set lifecycle = 'DISPOSED', version = version + 1 where id = $1`;
const pair = (one, two, state) => ask(`insert into land_pair (id, authority_id, asset_id, other_id, state, source, reason, decided_on)
	values ($1, '${AUT}', $2, $3, $4, 'OFFICER', 'seen on the plan', '2026-11-22')`, [newId('lpr'), ...[one, two].sort(), state]);
const overlap = async id => Object.fromEntries((await ask('select asset_id, relation from land_overlap($1)', [id])).map(r => [r.asset_id, r.relation]));

/* mulberry32: small, seedable. */
function randomOf(seed) {
	return n => {
		seed = (seed + 0x6D2B79F5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) % n;
	};
}

/* What land_overlap() must say, by sets: which are below, which are above, and which pairs reach both. */
function model(assets, whole, pairs) {
	const up = a => whole[a] ? [whole[a], ...up(whole[a])] : [];
	const below = a => assets.filter(b => up(b).includes(a));
	const line = a => new Set([a, ...up(a), ...below(a)]);
	const state = (a, b) => pairs.get([a, b].sort().join());
	return (a, b) => {
		if (a === b)
			return 'SAME';
		if (up(a).includes(b))
			return 'WHOLE';
		if (below(a).includes(b))
			return 'PART';
		const meets = (as, bs) => as.some(x => bs.some(y => state(x, y) === 'CONFIRMED'));
		const certain = meets([a, ...below(a)], [b, ...below(b)]);
		const possible = meets([...line(a)], [...line(b)]);
		return certain || (possible && state(a, b) !== 'REJECTED') ? 'PAIR' : undefined;
	};
}

test('overlap is the closure of parts and confirmed pairs, and the same from both sides', async () => {
	for (const seed of [1, 2, 3, 4]) {
		const random = randomOf(seed);
		const assets = [], whole = {}, pairs = new Map();
		for (let i = 0; i < 12; i++) {
			const of = i > 1 && random(3) ? assets[random(assets.length)] : null;
			const id = await newAsset(of);
			whole[id] = of;
			assets.push(id);
		}
		const up = a => whole[a] ? [whole[a], ...up(whole[a])] : [];
		for (let i = 0; i < 7; i++) {
			const [a, b] = [assets[random(12)], assets[random(12)]];
			const key = [a, b].sort().join();
			if (a === b || pairs.has(key) || up(a).includes(b) || up(b).includes(a))
				continue;
			pairs.set(key, random(3) ? 'CONFIRMED' : 'REJECTED');
			await pair(a, b, pairs.get(key));
		}
		const expected = model(assets, whole, pairs);
		for (const a of assets) {
			const said = await overlap(a);
			for (const b of assets)
				assert.equal(said[b], expected(a, b), `seed ${seed}: ${a} and ${b}`);
			assert.equal(Object.keys(said).length, assets.filter(b => expected(a, b)).length, 'and nothing else');
			for (const b of Object.keys(said))
				assert.ok(a in await overlap(b), `seed ${seed}: ${b} meets ${a} too`);
		}
	}
});

test('nothing is a part of itself, by whatever way round', async () => {
	const [park] = [await newAsset()];
	const lodge = await newAsset(park);
	const shed = await newAsset(lodge);
	await refused(ask('update asset set part_of = $2 where id = $1', [park, park]), 'AS065');
	await refused(ask('update asset set part_of = $2 where id = $1', [park, shed]), 'AS065');
	await refused(ask('update asset set part_of = $2 where id = $1', [park, lodge]), 'AS065');
	await ask('update asset set part_of = $2 where id = $1', [shed, park]);
	await refused(pair(shed, park, 'CONFIRMED'), 'AS066');
	await refused(pair(shed, park, 'REJECTED'), 'AS066');
});

test('two who would make a circle together do not', async () => {
	const [a, b] = [await newAsset(), await newAsset()];
	await bothAtOnce(db => db.query('update asset set part_of = $2 where id = $1', [a, b]),
		db => db.query('update asset set part_of = $2 where id = $1', [b, a]), 'AS065');
});

/**
 * The first writes and holds; the second comes to wait for it; the first commits.
 * second: the code that it is refused with, or null.
 */
async function bothAtOnce(first, second, code) {
	await cluster.session(one => cluster.session(async two => {
		for (const db of [one, two]) {
			await db.query('begin');
			await db.query(AS);
			await db.query(`set local lock_timeout = '20s'`);
		}
		await first(one);
		const waits = second(two).then(() => null, e => e);
		await until(async () => (await cluster.sql(`select from pg_stat_activity where wait_event_type = 'Lock' and usename = 'assetd_api'`)).length === 1,
			{what: 'the second to wait'});
		await one.query('commit');
		const error = await waits;
		assert.equal(error?.code ?? null, code, error?.message);
		await two.query(code ? 'rollback' : 'commit');
	}, {user: 'assetd_api'}), {user: 'assetd_api'});
}

// Each way in which the one asset can lie to the other.
const WAYS = {
	same: async () => { const a = await newAsset(); return [a, a]; },
	'a part of what is sold': async () => { const sold = await newAsset(); return [await newAsset(await newAsset(sold)), sold]; },
	'the whole of what is sold': async () => { const park = await newAsset(); return [park, await newAsset(await newAsset(park))]; },
	'a confirmed pair': async () => { const [a, b] = [await newAsset(), await newAsset()]; await pair(a, b, 'CONFIRMED'); return [a, b]; },
};
for (const [way, make] of Object.entries(WAYS)) {
	test(`validation and sale at the same moment, land asked for is ${way}`, async () => {
		for (const sell of [(db, asset) => db.query(DISPOSE, [newId('dsp'), asset, null, null]), (db, asset) => db.query(GONE, [asset])]) {
			let [asked, sold] = await make();
			let request = await newRequest(asked);
			await bothAtOnce(db => db.query(VALIDATE, [request]), db => sell(db, sold), 'AS056');
			assert.deepEqual(await ask(`select lifecycle from asset where id = $1`, [sold]), [{lifecycle: 'IN_USE'}]);
			[asked, sold] = await make();
			request = await newRequest(asked);
			await bothAtOnce(async db => { await sell(db, sold); await db.query(GONE, [sold]); }, db => db.query(VALIDATE, [request]), null);
			const [{flags}] = await ask('select flags from request where id = $1', [request]);
			assert.deepEqual(flags, [way === 'same' || way.startsWith('a part') ? 'LAND_DISPOSED' : 'LAND_PARTLY_DISPOSED'],
				'who validates second is told that the land went first');
		}
	});
}

test('no door leads around a bar, and an exemption is older than the request', async () => {
	const park = await newAsset();
	const lodge = await newAsset(park);
	const field = await newAsset(park);
	const request = await newRequest(lodge);
	await ask(VALIDATE, [request]);
	const insert = exemption => ask(DISPOSE, [newId('dsp'), park, ...exemption]);
	await refused(insert([null, null]), 'AS056');
	await refused(insert(['ADVERTISED', null]), 'AS056');
	for (const kind of ['ADVERTISED', 'NEGOTIATIONS', 'PROCEEDINGS'])
		await refused(insert([kind, '2026-10-01']), 'AS056');
	await refused(ask(GONE, [park]), 'AS056');
	await refused(ask(GONE, [lodge]), 'AS056');
	await refused(ask(`update asset set removed_at = clock_at(), version = version + 1 where id = $1`, [park]), 'AS057');
	await refused(ask(`update asset set removed_at = clock_at(), version = version + 1 where id = $1`, [lodge]), 'AS057');
	await refused(ask(`update asset set part_of = null where id = $1`, [lodge]), 'AS056');
	await refused(ask(`insert into asset (id, authority_id, name, class, tenure, part_of, lifecycle)
		values ($1, $2, 'Shed', 'LAND', 'OWNED', $3, 'DISPOSED')`, [newId('ast'), AUT, lodge]), 'AS056');
	const leased = whole => ask(`insert into asset (id, authority_id, name, class, tenure, part_of) values ($1, $2, 'Shed', 'LAND', 'LEASED_IN', $3)`,
		[newId('ast'), AUT, whole]);
	await refused(leased(lodge), 'AS056');
	await leased(field);
	await refused(ask(`update request set bar_to = '2026-11-01' where id = $1`, [request]), '23514');
	await refused(ask(`update request set prohibits = false where id = $1`, [request]), '23514');
	await refused(ask(`update request set bar_exemption = 'ADVERTISED', bar_dated_on = '2026-10-01' where id = $1`, [request]), '23514');
	await refused(ask(`update request set bar_from = '2026-11-20' where id = $1`, [request]), '23514');
	await refused(ask('update request set bar_from = null where id = $1', [request]), '23514');
	await ask(GONE, [field]); // beside the lodge, not over it
	await insert(['ADVERTISED', '2026-09-30']);
	await ask(GONE, [park]);
});

test('Ministers may direct on any day, and a bar that has ended bars nothing', async () => {
	const [hall, shop] = [await newAsset(), await newAsset()];
	await ask(VALIDATE, [await newRequest(hall)]);
	await ask(DISPOSE, [newId('dsp'), hall, 'DIRECTION', null]);
	const request = await newRequest(shop);
	await ask(VALIDATE, [request]);
	const withdraw = on => ask(moved(2, 'WITHDRAW', 'VALIDATED', 'WITHDRAWN', on, `bar_to = '${on}'`), [request]);
	await refused(withdraw('2026-09-30'), '23514');
	await withdraw('2026-10-31');
	await ask(DISPOSE, [newId('dsp'), shop, null, null]);
});

/* What the pair of these two says from now on. */
const SAY = `update land_pair set version = version + 1, state = $3, reason = 'not the same', was_rejected = $4 where asset_id = least($1, $2) and other_id = greatest($1, $2)`;
/* As `ask`, for an officer who has ESTATES alone. */
const CLERK = 'prn_' + '2'.padStart(26, '0');
const clerk = (text, params) => cluster.session(async db => {
	await db.query('begin');
	await db.query(AS.replace(PRN, CLERK));
	await db.query(text, params);
	await db.query('commit');
}, {user: 'assetd_api'});

test('a pair that keeps land under a bar is taken back by who may decide, and by nobody else', async () => {
	await cluster.session(async db => {
		await db.query(AS);
		await db.query(`select set_config('search_path', 'assetd, public', false), set_config('assetd.now', '2026-11-22T09:00:00Z', false), set_config('assetd.today', '2026-11-22', false)`);
		await db.query(`insert into principal (id, authority_id, name) values ('${CLERK}', '${AUT}', 'Clerk')`);
		await db.query(`insert into principal_role (principal_id, authority_id, role) values ('${CLERK}', '${AUT}', 'ESTATES')`);
	});
	const [hall, field, far, free] = [await newAsset(), await newAsset(), await newAsset(), await newAsset()];
	const shed = await newAsset(field);
	await ask(VALIDATE, [await newRequest(hall)]);
	await pair(hall, field, 'CONFIRMED');
	await pair(far, free, 'CONFIRMED');
	const no = (one, two, state) => clerk(`insert into land_pair (id, authority_id, asset_id, other_id, state, source, reason, decided_on)
		values ($1, '${AUT}', least($2, $3), greatest($2, $3), $4, 'OFFICER', 'not the same', '2026-11-22')`, [newId('lpr'), one, two, state]);
	for (const [state, was] of [['REJECTED', false], ['PROPOSED', false], ['PROPOSED', true]])
		await refused(clerk(SAY, [hall, field, state, was]), 'AS031');
	await refused(clerk('update land_pair set asset_id = least($1, $2), other_id = greatest($1, $2) where asset_id = least($1, $3) and other_id = greatest($1, $3)', [hall, far, field]), 'AS031');
	const theirs = newId('ast');
	await cluster.session(async db => {
		await db.query(AS);
		await db.query(`select set_config('search_path', 'assetd, public', false), set_config('assetd.now', '2026-11-22T09:00:00Z', false), set_config('assetd.today', '2026-11-22', false)`);
		await db.query(`insert into asset (id, authority_id, name, class, tenure) values ($1, $2, 'Clinic', 'CLINIC', 'OWNED')`, [theirs, OTHER]);
	});
	await refused(clerk('update land_pair set asset_id = $1, other_id = $2, foreign_authority_id = $3 where asset_id = least($1, $4) and other_id = greatest($1, $4)',
		[hall, theirs, OTHER, field]), 'AS031');
	await refused(no(hall, shed, 'REJECTED'), 'AS031'); // the part that was meant, for all that is known
	await pair(far, shed, 'REJECTED');
	await refused(clerk('update land_pair set asset_id = least($1, $2), other_id = greatest($1, $2) where asset_id = least($3, $2) and other_id = greatest($3, $2)', [hall, shed, far]), 'AS031');
	await refused(ask(DISPOSE, [newId('dsp'), shed, null, null]), 'AS056');
	await clerk(SAY, [far, free, 'REJECTED', false]); // over which no bar runs
	await no(hall, far, 'REJECTED'); // which was never one
	await no(far, field, 'CONFIRMED'); // what bars more is anybody's
	await ask(SAY, [hall, field, 'REJECTED', false]);
	await clerk(SAY, [hall, field, 'CONFIRMED', false]);
	await ask(DISPOSE, [newId('dsp'), await newAsset(), null, null]);
});

test('validation and the end of a pair at the same moment: the second sees the first', async () => {
	const make = async () => {
		const [hall, field] = [await newAsset(), await newAsset()];
		await pair(hall, field, 'CONFIRMED');
		return [hall, field, await newRequest(hall)];
	};
	const reject = async (db, hall, field) => {
		await db.query(`select set_config('assetd.decider', '{}', true)`); // ESTATES alone
		await db.query(SAY, [hall, field, 'REJECTED', false]);
	};
	let [hall, field, request] = await make();
	await bothAtOnce(db => db.query(VALIDATE, [request]), db => reject(db, hall, field), 'AS031');
	await refused(ask(DISPOSE, [newId('dsp'), field, null, null]), 'AS056');
	[hall, field, request] = await make();
	await bothAtOnce(db => reject(db, hall, field), db => db.query(VALIDATE, [request]), null);
	await ask(DISPOSE, [newId('dsp'), field, null, null]);
});

test('a bar is not narrowed to a part of the land that was asked for', async () => {
	const park = await newAsset();
	const [lodge, field] = [await newAsset(park), await newAsset(park)];
	const request = await newRequest(lodge);
	await ask('update request set asset_id = $2 where id = $1', [request, park]);
	await ask('update request set asset_id = $2 where id = $1', [request, lodge]); // nothing barred yet
	await ask('update request set asset_id = $2 where id = $1', [request, park]);
	await ask(VALIDATE, [request]);
	await refused(ask('update request set asset_id = $2 where id = $1', [request, lodge]), 'AS056');
	await refused(ask(DISPOSE, [newId('dsp'), field, null, null]), 'AS056');
});

test('parts and pairs stay within one authority, and an officer says why', async () => {
	const hall = await newAsset();
	const theirs = newId('ast');
	await cluster.session(async db => {
		await db.query(AS);
		await db.query(`select set_config('search_path', 'assetd, public', false), set_config('assetd.now', '2026-11-22T09:00:00Z', false), set_config('assetd.today', '2026-11-22', false)`);
		await db.query(`insert into assetd.asset (id, authority_id, name, class, tenure) values ($1, $2, 'Clinic', 'CLINIC', 'OWNED')`, [theirs, OTHER]);
	});
	await refused(ask('update asset set part_of = $2 where id = $1', [hall, theirs]), '23503');
	await refused(pair(hall, theirs, 'CONFIRMED'), '23503');
	await refused(ask(`insert into land_pair (id, authority_id, asset_id, other_id, state, source) values ($1, $2, $3, $4, 'CONFIRMED', 'OFFICER')`,
		[newId('lpr'), AUT, ...[hall, await newAsset()].sort()]), '23514');
});
