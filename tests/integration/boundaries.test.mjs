// Boundaries of assets: what is taken as one, where it is shown, and which pairs of land it proposes
// to the officers of whose land it is. What a pair then bars is land.test.mjs's.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {TREE, assertSound, makeKey, ok, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const council = ok(await admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'T2'}));
const as = async (authority, ...roles) => admin.as((await makeKey(reg, {roles: {[authority.id]: roles}})).key);
const [estates, finance, neighbour] = [await as(council, 'ESTATES'), await as(council, 'FINANCE'), await as(board, 'ESTATES')];

/* A rectangle of so many metres by so many, its south-west corner so far east and north of Edinburgh's middle. */
const E = m => Number((-3.2 + m / 62500).toFixed(7));
const N = m => Number((55.95 + m / 111300).toFixed(7));
const ring = (x, y, w, h = w) => [[E(x), N(y)], [E(x + w), N(y)], [E(x + w), N(y + h)], [E(x), N(y + h)], [E(x), N(y)]];
const box = (...args) => ({type: 'Polygon', coordinates: [ring(...args)]});
const many = (...polygons) => ({type: 'MultiPolygon', coordinates: polygons});

let n = 0;
const add = (more = {}, who = estates, authority = council) => who.post('/v1/assets',
	{authority_id: authority.id, name: `Land ${++n}`, class: 'LAND', tenure: 'OWNED', ...more});
const land = async (...args) => ok(await add(...args)).id;
const draw = async (id, boundary, who = estates) => ok(await who.patch(`/v1/assets/${id}`, {boundary}, {match: '*'}), 200);
const show = async (id, query = '', who = estates) => ok(await who.get(`/v1/assets/${id}${query}`), 200);
const pairs = async (who = estates, query = '') => ok(await who.get(`/v1/land-pairs?limit=200${query}`), 200).items;
const pairOf = async (one, other, who = estates) => (await pairs(who)).find(p => [one, other].sort().join() === `${p.asset_id},${p.other_id}`);
const say = (asset_id, other_id, state, who = estates) => who.post('/v1/land-pairs', {asset_id, other_id, state, reason: 'seen on the plan'});

test('a boundary is kept in one form, and shown wherever the asset is', async () => {
	const clockwise = [...ring(0, 0, 100)].reverse();
	const id = await land({boundary: {type: 'Polygon', coordinates: [clockwise]}, lat: 55.95, lon: -3.2});
	const {boundary} = await show(id);
	assert.equal(boundary.type, 'Polygon');
	assert.deepEqual(boundary.coordinates[0].length, 5, 'outlines go anticlockwise');
	assert.deepEqual((await show(await land({boundary}))).boundary, boundary, 'what came out goes in');
	const [feature] = ok(await anyone.get(`/v1/assets?authority_id=${council.id}&format=geojson&limit=1&sort=id`), 200).features;
	assert.deepEqual(feature.geometry, boundary, 'not the point');
	const hole = many([ring(1000, 0, 100), ring(1020, 20, 20)], [ring(1200, 0, 50)]);
	assert.deepEqual((await draw(id, hole)).boundary.coordinates.map(p => p.length), [2, 1]);
	assert.equal((await draw(id, null)).boundary, null);
});

const csv = (list, authority = council) => estates.request('POST', `/v1/imports?kind=assets&authority_id=${authority.id}`,
	{body: list, headers: {'Content-Type': 'text/csv'}});
const cell = text => `"${text.replaceAll('"', '""')}"`;

test('a boundary leaves in a list and comes back in one, to the last figure', async () => {
	const most = Array.from({length: 999}, (_, i) => [Number((-3.2 + 0.0123456 * Math.cos(i / 159.1)).toFixed(7)), Number((56.1 + 0.0098765 * Math.sin(i / 159.1)).toFixed(7))]);
	const shapes = {A: box(9000, 0, 100), B: many([ring(9200, 0, 100), ring(9220, 20, 20)], [ring(9400, 0, 50)]),
		C: {type: 'Polygon', coordinates: [[[-3, 56], [-2.9999999, 56], [-2.99, 56.01], [-3, 56.01], [-3, 56]]]}, D: {type: 'Polygon', coordinates: [[...most, most[0]]]}};
	const ids = {};
	for (const [reference, boundary] of Object.entries(shapes))
		ids[reference] = await land({reference: `CSV-${reference}`, boundary});
	const kept = {};
	for (const [reference, id] of Object.entries(ids))
		kept[reference] = (await show(id)).boundary;
	const list = (await estates.get(`/v1/assets?authority_id=${council.id}&format=csv`)).text;
	for (const reference of Object.keys(shapes))
		assert.ok(list.includes(cell(JSON.stringify(kept[reference]))), `${reference} as the API writes it`);
	const then = (await estates.get(`/v1/assets?authority_id=${council.id}&format=csv&valid_on=2026-11-22`)).text;
	assert.ok(then.includes(cell(JSON.stringify(kept.B))), 'and in the register of a day');
	const xlsx = await estates.get(`/v1/assets?authority_id=${council.id}&format=xlsx`);
	assert.equal(xlsx.status, 200);

	const again = ok(await csv(list));
	assert.deepEqual([again.counts.update, again.counts.create, again.counts.error], [0, 0, 0], 'the list itself changes nothing');
	const fresh = ok(await admin.post('/v1/authorities', {name: 'Fresh Council', kind: 'COUNCIL', code: 'T3'}));
	const load = ok(await admin.request('POST', `/v1/imports?kind=assets&authority_id=${fresh.id}`, {body: list, headers: {'Content-Type': 'text/csv'}}));
	ok(await admin.request('POST', `/v1/imports/${load.id}/apply`), 200);
	const rows = await reg.sql(`select o.reference, o.boundary::text = n.boundary::text as is_same from assetd.asset as o
		join assetd.asset as n using (reference) where o.authority_id = $1 and n.authority_id = $2 and o.reference like 'CSV-%'`, [council.id, fresh.id]);
	assert.deepEqual(rows.map(r => r.is_same), [true, true, true, true], 'the same text, by which pairs are told apart');
	ok(await admin.request('POST', `/v1/imports/${load.id}/undo`), 200);
});

test('a list may write a boundary its own way, an empty cell takes it away, and a fault is named', async () => {
	const id = await land({reference: 'WKT-1', boundary: box(9600, 0, 30)});
	const line = text => `reference,name,class,tenure,boundary\nWKT-1,Field,LAND,OWNED,${cell(text)}\n`;
	const apply = async list => ok(await estates.request('POST', `/v1/imports/${ok(await csv(list)).id}/apply`), 200);
	const done = await apply(line(`POLYGON ((${ring(9600, 0, 40).map(p => p.join(' ')).join(', ')}))`));
	assert.deepEqual((await show(id)).boundary, box(9600, 0, 40));
	await apply('reference,name,class,tenure\nWKT-1,Meadow,LAND,OWNED\n');
	assert.deepEqual((await show(id)).boundary, box(9600, 0, 40), 'a list without the column says nothing of it');
	ok(await estates.request('POST', `/v1/imports/${ok(await csv(line(''))).id}/apply`), 200);
	assert.equal((await show(id)).boundary, null);
	assert.ok(done);
	const faults = async text => ok(await csv(line(text))).lines[0].problems.map(p => [p.severity, p.column, p.code, p.message]);
	assert.deepEqual(await faults('behind the hall'), [['ERROR', 'boundary', 'boundary', 'This is no shape of land.']]);
	assert.deepEqual(await faults('POLYGON ((1 2, 3 4, 5 6, 1 2))').then(all => all.map(p => p.slice(0, 3))[0]), ['ERROR', 'boundary', 'OUT_OF_RANGE']);
	assert.match((await faults('POLYGON ((1 2, 3 4, 5 6, 1 2))'))[0][3], /^At coordinates\/0\/0: /);
	const mapping = {authority_id: council.id, name: 'Planning data', columns: [{header: 'ref', field: 'reference'}, {header: 'geometry', field: 'boundary'}]};
	ok(await estates.post('/v1/import-mappings', mapping));
	const mapped = ok(await estates.request('POST', `/v1/imports?kind=assets&authority_id=${council.id}&mapping=Planning%20data`,
		{body: `ref,geometry\nWKT-1,${cell(`MULTIPOLYGON (((${ring(9600, 0, 25).map(p => p.join(' ')).join(',')})))`)}\n`, headers: {'Content-Type': 'text/csv'}}));
	assert.deepEqual(mapped.lines[0].changes.map(c => c.field), ['boundary']);
});

test('a boundary is a fact on both axes of time, and history tells it', async () => {
	const [was, is] = [box(5000, 0, 40), box(5000, 0, 60)];
	const id = await land({boundary: was, effective_on: '2026-01-01'});
	const first = (await show(id)).updated_at;
	ok(await estates.patch(`/v1/assets/${id}`, {boundary: is, effective_on: '2026-06-01'}, {match: '*'}), 200);
	const at = async query => (await show(id, query)).boundary;
	assert.deepEqual(await at('?valid_on=2026-05-31'), was);
	assert.deepEqual(await at('?valid_on=2026-06-01'), is);
	assert.deepEqual(await at(`?valid_on=2026-06-01&known_at=${first}`), was);
	const part = ok(await estates.post(`/v1/assets/${id}/parts`, {name: 'Corner'}));
	assert.equal(part.boundary, null, 'a part is somewhere within, which nobody has said');
});

const HOSTILE = [
	['a text', 'POLYGON((0 0))', '/boundary', 'WRONG_TYPE'],
	['a list', [], '/boundary', 'WRONG_TYPE'],
	['nothing in it', {}, '/boundary/type', 'REQUIRED'],
	['a point', {type: 'Point', coordinates: [-3, 56]}, '/boundary/type', 'NOT_IN_LIST'],
	['a feature', {type: 'Feature', geometry: box(0, 0, 10)}, '/boundary/type', 'NOT_IN_LIST'],
	['a type that is no text', {type: 3, coordinates: []}, '/boundary/type', 'NOT_IN_LIST'],
	['another reference system', {...box(0, 0, 10), crs: {}}, '/boundary/crs', 'UNKNOWN_FIELD'],
	['no rings', {type: 'Polygon', coordinates: []}, '/boundary/coordinates', 'WRONG_LENGTH'],
	['no polygons', many(), '/boundary/coordinates', 'WRONG_LENGTH'],
	['a polygon of nothing', many([]), '/boundary/coordinates/0', 'WRONG_LENGTH'],
	['a ring that is a text', {type: 'Polygon', coordinates: ['x']}, '/boundary/coordinates/0', 'WRONG_TYPE'],
	['coordinates that are an object', {type: 'Polygon', coordinates: {}}, '/boundary/coordinates', 'WRONG_TYPE'],
	['a place that is a number', {type: 'Polygon', coordinates: [[1, 2, 3, 1]]}, '/boundary/coordinates/0/0', 'WRONG_TYPE'],
	['a place that is null', many([[null]]), '/boundary/coordinates/0/0/0', 'WRONG_TYPE'],
	['degrees in quotes', many([[['-3', '56']]]), '/boundary/coordinates/0/0/0/0', 'WRONG_TYPE'],
	['heights', {type: 'Polygon', coordinates: [ring(0, 0, 9).map(p => [...p, 12])]}, '/boundary/coordinates/0/0', 'WRONG_LENGTH'],
	['two corners', {type: 'Polygon', coordinates: [[[-3, 56], [-3.1, 56], [-3, 56]]]}, '/boundary/coordinates/0', 'WRONG_LENGTH'],
	['one corner many times', {type: 'Polygon', coordinates: [Array(9).fill([-3, 56])]}, '/boundary/coordinates/0', 'WRONG_LENGTH'],
	['no end', {type: 'Polygon', coordinates: [ring(0, 0, 10).slice(0, 4)]}, '/boundary/coordinates/0', 'NOT_CLOSED'],
	['no area', {type: 'Polygon', coordinates: [[[-3, 56], [-3.1, 56], [-3.2, 56], [-3, 56]]]}, '/boundary/coordinates/0', 'NO_AREA'],
	['a bow tie', {type: 'Polygon', coordinates: [[[-3, 56], [-3.1, 56.2], [-3.1, 56], [-3, 56.1], [-3, 56]]]}, '/boundary/coordinates/0', 'CROSSES'],
	['a hole that leads out', {type: 'Polygon', coordinates: [ring(0, 0, 50), ring(40, 10, 50, 5)]}, '/boundary/coordinates/1', 'CROSSES'],
	['a hole beside', {type: 'Polygon', coordinates: [ring(0, 0, 50), ring(60, 0, 9)]}, '/boundary/coordinates/1', 'OUTSIDE'],
	['the latitude first', {type: 'Polygon', coordinates: [ring(0, 0, 9).map(p => p.slice().reverse())]}, '/boundary/coordinates/0/0', 'OUT_OF_RANGE'],
	['grid metres', {type: 'Polygon', coordinates: [[[325000, 673000], [325100, 673000], [325100, 673100], [325000, 673000]]]}, '/boundary/coordinates/0/0', 'OUT_OF_RANGE'],
	['the other side of the earth', {type: 'Polygon', coordinates: [[[176, -56], [177, -56], [177, -57], [176, -56]]]}, '/boundary/coordinates/0/0', 'OUT_OF_RANGE'],
	['too many positions', {type: 'Polygon', coordinates: [Array.from({length: 1001}, (_, i) => [-3 - i * 1e-5, 56])]}, '/boundary/coordinates', 'TOO_MANY'],
	['too many rings', many(...Array.from({length: 101}, () => [[]])), '/boundary/coordinates', 'TOO_MANY'],
];

test('what is no boundary is refused with the place of each fault', async () => {
	for (const [what, boundary, pointer, code] of HOSTILE) {
		const told = (await add({boundary})).json;
		assert.ok(told.status === 422 && told.errors.some(e => e.pointer === pointer && e.code === code && e.cure.length > 5),
			`${what}: ${JSON.stringify(told)}`);
	}
	const raw = text => estates.request('POST', '/v1/assets', {body: `{"authority_id":"${council.id}","name":"X","class":"LAND","tenure":"OWNED","boundary":${text}}`,
		headers: {'content-type': 'application/json'}});
	const polygon = text => `{"type":"Polygon","coordinates":${text}}`;
	for (const number of ['1e308', '-1e308', '99999999999999999999999', '5e-324'])
		problem(await raw(polygon(`[[[${number},80],[-3,56],[-3,57],[-4,56]]]`)), 422, 'invalid', '/boundary/coordinates/0/0');
	for (const [what, text] of [['NaN', polygon('[[[NaN,56]]]')], ['infinite', polygon('[[[1e999,56]]]')], ['a member twice', '{"type":"Polygon","type":"Point","coordinates":[]}'],
		['deep', polygon('['.repeat(2000) + ']'.repeat(2000))], ['100,000 points', polygon(`[[${Array(100000).fill('[-3,56]').join()}]]`)]]) {
		const reply = await raw(text);
		assert.ok([400, 413].includes(reply.status), `${what}: ${reply.status} ${reply.text.slice(0, 200)}`);
	}
	problem(await finance.patch(`/v1/assets/${await land()}`, {boundary: null}, {match: '*'}), 403, 'forbidden');
	problem(await neighbour.patch(`/v1/assets/${await land()}`, {boundary: box(0, 0, 5)}, {match: '*'}), 403, 'forbidden');
	problem(await anyone.patch(`/v1/assets/${await land()}`, {boundary: box(0, 0, 5)}, {match: '*'}), 401, 'unauthenticated');
});

test('a boundary of as many corners as there may be is taken in a moment', async () => {
	const comb = Array.from({length: 999}, (_, i) => [Number((-4 + (i % 2 ? 0.01 : 0) + i * 1e-7).toFixed(7)), Number((56 + i * 1e-4).toFixed(7))]);
	const begun = Date.now();
	await land({boundary: {type: 'Polygon', coordinates: [[...comb, comb[0]]]}}).catch(e => assert.match(e.message, /CROSSES|invalid/));
	assert.ok(Date.now() - begun < 1000);
});

test('boundaries that meet propose a pair, neighbours do not, and the register decides nothing by itself', async () => {
	const [hall, field, next, far] = [await land({boundary: box(10000, 0, 100)}), await land({boundary: box(10050, 50, 100)}),
		await land({boundary: box(10100, -100, 100, 150)}), await land({boundary: box(19000, 0, 10)})];
	const pair = await pairOf(hall, field);
	assert.deepEqual([pair.state, pair.source, pair.reason, pair.version], ['PROPOSED', 'BOUNDARY', null, 1]);
	assert.equal(await pairOf(hall, next), undefined, 'they share a fence');
	assert.equal(await pairOf(hall, far), undefined);
	const inside = await land({boundary: box(10010, 10, 10)});
	assert.equal((await pairOf(hall, inside)).state, 'PROPOSED', 'one within the other');
	const road = await land({boundary: box(9900, 20, 400, 4)});
	assert.equal((await pairOf(hall, road)).state, 'PROPOSED', 'no corner of one lies in the other');
	const same = await land({boundary: box(10000, 0, 100)});
	assert.equal((await pairOf(hall, same)).state, 'PROPOSED');
	const part = ok(await estates.post(`/v1/assets/${hall}/parts`, {name: 'Corner', boundary: box(10000, 0, 10)}));
	assert.equal(await pairOf(hall, part.id), undefined, 'the register says already that it is a part');
	assert.equal((await show(field)).disposal.allowed, true);
	assert.deepEqual([await pairs(anyone), (await pairs(neighbour)).filter(p => p.asset_id === hall || p.other_id === hall)], [[], []]);
	await draw(field, box(15000, 0, 10));
	assert.equal(await pairOf(hall, field), undefined, 'what was proposed of the old shape alone is taken back');
	await draw(road, null);
	assert.equal(await pairOf(hall, road), undefined);
});

test('what lies in a hole does not meet, and each piece of land counts', async () => {
	const park = await land({boundary: {type: 'Polygon', coordinates: [ring(20000, 0, 200), ring(20050, 50, 100)]}});
	const island = await land({boundary: box(20050, 50, 100)});
	assert.equal(await pairOf(park, island), undefined);
	const two = await land({boundary: many([ring(25000, 0, 10)], [ring(20000, 0, 20)])});
	assert.equal((await pairOf(park, two)).state, 'PROPOSED');
	assert.equal(await pairOf(island, two), undefined);
});

test('real shapes that share their lines are taken as they are, and are neighbours', async () => {
	const {features} = JSON.parse(fs.readFileSync(path.join(TREE, 'tests/data/boundaries/wards.geojson'), 'utf8'));
	const wards = [];
	for (const {geometry} of features) {
		const id = await land({boundary: geometry, class: 'WARD'});
		const {boundary} = await show(id);
		const sorted = g => JSON.stringify(g.coordinates.flat(g.type === 'Polygon' ? 1 : 2).map(String).sort().filter((p, i, all) => p !== all[i - 1]));
		assert.deepEqual([boundary.type, sorted(boundary)], [geometry.type, sorted(geometry)], 'each corner is where it was');
		wards.push(id);
	}
	const made = (await pairs()).filter(p => wards.includes(p.asset_id) && wards.includes(p.other_id));
	assert.deepEqual(made, []);
	const [bucksburn] = features;
	const again = await land({boundary: bucksburn.geometry});
	assert.deepEqual((await pairs()).filter(p => [p.asset_id, p.other_id].includes(again)).map(p => [p.asset_id, p.other_id].filter(id => id !== again)), [[wards[0]]]);
	assert.match((await anyone.request('GET', `/assets/${wards[0]}`)).text, /<path class="map__land" d="M[\d. LZM]+"\/>/);
});

test('a rejected pair is asked about once more when a shape has changed, and stays rejected till somebody decides', async () => {
	const [hall, field] = [await land({boundary: box(30000, 0, 100)}), await land({boundary: box(30050, 0, 100)})];
	const first = await pairOf(hall, field);
	ok(await say(hall, field, 'REJECTED'));
	const version = async () => (await pairOf(hall, field)).version;
	ok(await estates.patch(`/v1/assets/${hall}`, {name: 'Hall'}, {match: '*'}), 200);
	await draw(hall, box(39000, 0, 10));
	await draw(hall, box(30000, 0, 100));
	assert.deepEqual([(await pairOf(hall, field)).state, await version()], ['REJECTED', 2], 'the same shapes');
	await draw(field, box(30040, 0, 100));
	const again = await pairOf(hall, field);
	assert.deepEqual([again.id, again.state, again.was_rejected, again.decided_on], [first.id, 'PROPOSED', true, '2026-11-22']);
	await draw(field, box(38000, 0, 10));
	assert.deepEqual([(await pairOf(hall, field)).state, (await pairOf(hall, field)).was_rejected], ['REJECTED', false], 'and no more when they part');
	await draw(field, box(30030, 0, 100));
	ok(await say(field, hall, 'CONFIRMED'));
	await draw(field, box(37000, 0, 10));
	assert.equal((await pairOf(hall, field)).state, 'CONFIRMED', 'what an officer said no drawing takes back');
});

test('a pair over two authorities is both\'s, of what both may know of, and bars nothing', async () => {
	const ours = await land({boundary: box(40000, 0, 100)});
	const theirs = await land({boundary: box(40050, 0, 100)}, neighbour, board);
	const hidden = await land({boundary: box(40060, 0, 20), published: false}, neighbour, board);
	assert.deepEqual([(await pairOf(ours, theirs)).state, (await pairOf(ours, theirs, neighbour)).state], ['PROPOSED', 'PROPOSED']);
	assert.deepEqual([await pairOf(ours, hidden), await pairOf(ours, hidden, neighbour)], [undefined, undefined], 'it would tell of what is not published');
	assert.equal((await pairOf(theirs, hidden, neighbour)).state, 'PROPOSED');
	const pair = ok(await say(ours, theirs, 'CONFIRMED', neighbour));
	assert.deepEqual([pair.state, [pair.authority_id, pair.other_authority_id].sort()], ['CONFIRMED', [board.id, council.id].sort()]);
	assert.deepEqual([(await show(ours)).disposal.allowed, (await show(theirs)).disposal.allowed], [true, true]);
	const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30})).id;
	const request = ok(await estates.post('/v1/requests', {asset_id: ours, community_body_id: body, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'two'}));
	ok(await estates.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-10-01', acknowledged_on: '2026-10-01'}));
	assert.deepEqual([(await show(ours)).disposal.allowed, (await show(theirs)).disposal.allowed], [false, true], 'it binds whom it was made to');
	ok(await neighbour.patch(`/v1/assets/${theirs}`, {published: false}, {match: '*'}), 200);
	assert.equal(await pairOf(ours, theirs), undefined, 'what is no longer public is no longer told of');
	problem(await say(ours, theirs, 'REJECTED'), 422, 'invalid', '/other_id');
	problem(await estates.get(`/v1/land-pairs/${pair.id}`), 404, 'not-found');
});

test('of those who draw at the same moment none is missed, and a pair is there once', async () => {
	const ids = await Promise.all(Array.from({length: 8}, () => land()));
	const two = await Promise.all(Array.from({length: 2}, () => land({}, neighbour, board)));
	await Promise.all([...ids.map(id => draw(id, box(50000, 0, 50))), ...two.map(id => draw(id, box(50000, 0, 50), neighbour))]);
	const made = (await pairs(estates, '&state=PROPOSED')).filter(p => [...ids, ...two].includes(p.asset_id));
	assert.equal(made.length, 8 * 7 / 2 + 8 * 2);
});

test('the register is sound', () => assertSound(reg));
