// Both time axes. Random facts are put, corrected and taken away; a model that knows nothing
// of ranges keeps, for each moment of knowledge, what was believed of every single day. The
// database must say the same of every day at every moment, then and ever after.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {prepareDaemon, startMigratedCluster} from '../harness/index.mjs';
import {putModel, randomOf} from './fact_model.mjs';

const DAYS = 40;
const FIRST = Date.UTC(2026, 0, 1);
const dayText = n => new Date(FIRST + n * 86_400_000).toISOString().slice(0, 10);
const id = (prefix, n) => `${prefix}_${String(n).padStart(26, '0')}`;

let cluster;
before(async () => {
	cluster = await startMigratedCluster();
});
after(() => cluster?.end());

const sorted = body => body && Object.fromEntries(Object.entries(body).sort());

test('every day at every moment of knowledge is as a model without ranges says', async () => {
	await cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		for (let seed = 1; seed <= 40; seed++) {
			const random = randomOf(seed);
			const subject = id('ast', 1000 + seed);
			let days = Array(DAYS).fill(undefined);
			const history = [];
			let clock = Date.UTC(2026, 5, 1);
			for (let step = 0; step < 25; step++) {
				const from = random(DAYS);
				// The first names every field, as an insert does; later ones some of them.
				const patch = random(10) === 0 ? null : Object.fromEntries(['a', 'b', 'c', ...(random(4) ? [] : ['id'])]
					.filter(() => days.every(d => d === undefined) || random(2)).map(f => [f, random(3)]));
				if (patch && Object.keys(patch).length === 0)
					continue;
				clock += [0, 0, 1000, 60_000, -5000][random(5)]; // clocks also stand still and go back
				await db.query('begin');
				await db.query(`select actor_set('', '', 'fact', $1, '2026-06-01')`, [new Date(clock).toISOString()]);
				await db.query(`select fact_put($1, 'asset', $2, $1, true, false, $3, $4)`,
					[subject, id('aut', 1), dayText(from), patch]);
				await db.query('commit');
				days = putModel(days, from, patch);
				const {rows: [{moment}]} = await db.query(
					`select max(lower(known))::text as moment from fact where subject = $1`, [subject]);
				history.push({moment, days, seed, step, from, patch});
			}
			const moments = history.filter(h => h.moment);
			const {rows} = await db.query(`
				select m.n::int, d.n::int as day, count(f.id)::int as bodies, min(f.body::text)::jsonb as body
				  from unnest($2::timestamptz[]) with ordinality as m (at, n)
				 cross join generate_series(0, ${DAYS - 1}) as d (n)
				  left join fact as f on f.subject = $1 and f.known @> m.at and f.valid @> (date '2026-01-01' + d.n)
				 group by 1, 2`, [subject, moments.map(h => h.moment)]);
			for (const r of rows) {
				// A put that changed nothing made no moment: the last with that moment speaks for all.
				const said = moments.findLast(h => h.moment === moments[r.n - 1].moment);
				const want = said.days[r.day];
				const where = JSON.stringify({seed, step: said.step, day: r.day});
				assert.equal(r.bodies, want === undefined ? 0 : 1, where);
				assert.deepEqual(sorted(r.body), want === undefined ? null : sorted(want), where);
			}
		}
	});
});

test('what the register does is kept by itself, as patches and from the day it says', async () => {
	await cluster.session(async db => {
		const at = async (time, day, ...statements) => {
			await db.query('begin');
			await db.query(`select actor_set('', '', 'fact', $1, $2)`, [time, day]);
			for (const s of statements)
				await db.query(s);
			await db.query('commit');
		};
		const asset = id('ast', 1), authority = id('aut', 1);
		await db.query('set search_path = assetd, public');
		await at('2026-03-01T09:00:00Z', '2026-03-01',
			`insert into authority (id, name, kind, code) values ('${authority}', 'A', 'COUNCIL', 'A')`,
			`insert into asset (id, authority_id, name, class, tenure) values ('${asset}', '${authority}', 'Hall', 'HALL', 'OWNED')`,
			`insert into asset_owner (asset_id, authority_id, published, owner_id, units)
				values ('${asset}', '${authority}', true, '${authority}', 1)`);
		await at('2026-05-01T09:00:00Z', '2026-05-01',
			`update asset set version = 2, name = 'Old Hall', effective_on = '2026-05-01' where id = '${asset}'`);
		// Found out in June: it has been a library since April.
		await at('2026-06-01T09:00:00Z', '2026-06-01',
			`update asset set version = 3, class = 'LIBRARY', effective_on = '2026-04-01' where id = '${asset}'`);
		const as = async (valid, known) => (await db.query(`select body ->> 'name' as name, body ->> 'class' as class from fact
			where subject = $1 and part = 'asset' and valid @> $2::date and known @> $3::timestamptz`, [asset, valid, known])).rows;
		assert.deepEqual(await as('2026-04-15', '2026-05-15'), [{name: 'Hall', class: 'HALL'}]);
		assert.deepEqual(await as('2026-04-15', '2026-06-15'), [{name: 'Hall', class: 'LIBRARY'}]);
		assert.deepEqual(await as('2026-05-15', '2026-06-15'), [{name: 'Old Hall', class: 'LIBRARY'}]);
		assert.deepEqual(await as('2026-03-15', '2026-06-15'), [{name: 'Hall', class: 'HALL'}]);
		assert.deepEqual(await as('2026-02-15', '2026-06-15'), []);
		const {rows: [owners]} = await db.query(`select body from fact where subject = $1 and part = 'owners'`, [asset]);
		assert.deepEqual(owners.body, {owners: [{authority_id: authority, units: 1}]});
		// A version that moves without a fact makes none; hiding the asset hides its history.
		const {rows: [{n}]} = await db.query('select count(*)::int as n from fact where subject = $1', [asset]);
		await at('2026-07-01T09:00:00Z', '2026-07-01', `update asset set version = 4 where id = '${asset}'`);
		assert.equal((await db.query('select count(*)::int as n from fact where subject = $1', [asset])).rows[0].n, n);
		await at('2026-07-02T09:00:00Z', '2026-07-02', `update asset set version = 5, published = false where id = '${asset}'`);
		assert.equal((await db.query('select count(*)::int as n from fact where subject = $1 and published', [asset])).rows[0].n, 0);
	});
});

test('a version moves by one or not at all', async () => {
	await assert.rejects(cluster.session(async db => {
		await db.query(`set search_path = assetd, public; select actor_set('', '', 'v', '2026-08-01T09:00:00Z', '2026-08-01')`);
		await db.query(`update asset set version = version + 2 where id = $1`, [id('ast', 1)]);
	}), /version of asset moved from 5 to 7/);
});

test('what is kept rendered is what the tables say, when a transaction has ended', async () => {
	await cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		const asset = id('ast', 7), authority = id('aut', 1);
		const kept = async () => (await db.query(`select a.body as kept, l.body as live from item_asset as a
			join item_asset_live as l using (id) where id = $1`, [asset])).rows[0];
		const run = async (...statements) => {
			await db.query('begin');
			await db.query(`select actor_set('', '', 'render', '2026-09-01T09:00:00Z', '2026-09-01')`);
			for (const s of statements)
				await db.query(s);
			const before = await kept();
			await db.query('commit');
			const {kept: now, live} = await kept();
			assert.equal(now, live);
			return [before, JSON.parse(now)];
		};
		const [first, made] = await run(
			`insert into asset (id, authority_id, name, class, tenure) values ('${asset}', '${authority}', 'Hut', 'HALL', 'OWNED')`,
			`insert into asset_owner (asset_id, authority_id, published, owner_id, units) values ('${asset}', '${authority}', true, '${authority}', 2)`);
		assert.equal(JSON.parse(first.kept).owners[0].units, 1, 'the usual, until the shares are known');
		assert.deepEqual(made.owners, [{authority_id: authority, units: 2}]);
		assert.deepEqual(made.disposal, {allowed: true, why: null, request_id: null});
		// Shares and a bar written after the version moved are in it all the same.
		const [during, barred] = await run(
			`update asset set version = version + 1 where id = '${asset}'`,
			`update asset set version = version + 1, name = 'Hut "2"' where id = '${asset}'`,
			`update asset_owner set units = 3 where asset_id = '${asset}'`,
			`insert into community_body (id, name, legal_form) values ('${id('cbo', 1)}', 'Body', 'SCIO')`,
			`insert into request (id, authority_id, asset_id, community_body_id, kind, reference_year, reference_number, state,
				state_on, model_state_on, route, validated_on, bar_from, deadlines) values ('${id('atr', 1)}', '${authority}', '${asset}',
				'${id('cbo', 1)}', 'OWNERSHIP', 2026, 12, 'VALIDATED', '2026-08-01', '2026-08-01', 'LA_REVIEW', '2026-08-01', '2026-08-01',
				'[{"clock": "K6", "starts_on": "2026-08-01", "due_on": "2027-02-01", "state": "RUNNING", "length": 6, "unit": "MONTHS",
				"mode": "AFTER", "calendar": "CALENDAR_DAYS", "calendar_version": null}]')`,
			`insert into request_item (request_id, authority_id, published, code, received_on)
				select '${id('atr', 1)}', '${authority}', true, code, '2026-08-01' from unnest(items_of_law('OWNERSHIP')) as code`,
			`insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind, state_to, level_to)
				values ('${id('evt', 77)}', '${authority}', '${id('atr', 1)}', true, 1, 'VALIDATE', '2026-08-01', 'AUTHORITY', 'VALIDATED', 'FIRST')`);
		assert.deepEqual([JSON.parse(during.kept).name, JSON.parse(during.kept).disposal.allowed], ['Hut "2"', true]);
		assert.equal(JSON.parse(during.live).name, 'Hut "2"');
		assert.deepEqual([barred.version, barred.name, barred.owners[0].units], [3, 'Hut "2"', 3]);
		assert.deepEqual(barred.disposal, {allowed: false, request_id: id('atr', 1), why: 'Request ATR-2026-12, validated on '
			+ '1 August 2026, bars disposal to anybody else (section 84 of the 2015 Act).'});
		// A release that renders otherwise makes all anew when it migrates.
		await db.query(`update asset set rendered = '{}'; comment on column asset.rendered is 'older';
			comment on schema assetd is 'sql older'`);
		await prepareDaemon(cluster);
		const {kept: again, live} = await kept();
		assert.equal(again, live);
		// A few at a time: nobody who writes one waits until all are done.
		await db.query(`select set_config('assetd.now', '2026-09-02T09:00:00Z', false), set_config('assetd.today', '2026-09-02', false)`);
		await db.query(`insert into asset (id, authority_id, name, class, tenure)
			select 'ast_' || lpad((1000000 + n)::text, 26, '0'), '${authority}', 'Hut ' || n, 'HALL', 'OWNED' from generate_series(1, 1200) as n`);
		await db.query(`update asset set rendered = '{}'; comment on column asset.rendered is 'older'`);
		await prepareDaemon(cluster);
		const {rows: [{wrong, times}]} = await db.query(`select count(*) filter (where l.body <> a.rendered)::int as wrong,
			count(distinct a.xmin::text)::int as times from asset as a join item_asset_live as l using (id)`);
		assert.equal(wrong, 0);
		assert.ok(times >= 3, `${times} transactions`);
	});
});
