// The register on a map: what its script is told of a box, singly and gathered, and that both it and what is counted for
// everybody show each reader exactly what the row policies do.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {anyone} = reg;

/* More than are shown one by one. */
const MANY = 9000;
const EDINBURGH = '-3.4,55.8,-3.0,56.0';
let council, other, hall, hidden;

const points = async (query = '', who = anyone) => ok(await who.get(`/map/points${query}`), 200);
const pageOf = async query => (await anyone.get(`/map${query}`, {headers: {Accept: 'text/html'}})).text;
const {add} = openForecast(reg);

before(async () => {
	council = await add('/v1/authorities', {name: 'Our council', kind: 'COUNCIL', code: 'OUR'});
	[other] = await reg.sql(`select id from assetd.authority where code = 'S12000034'`);
	const land = {authority_id: council.id, class: 'HALL', tenure: 'OWNED'};
	hall = await add('/v1/assets', {...land, name: 'A "hall" <b>', easting: 325000, northing: 673500});
	hidden = await add('/v1/assets', {...land, name: 'Not published', easting: 325100, northing: 673500, published: false});
	await add('/v1/assets', {...land, name: 'Nowhere'});
	// In the area of Aberdeen City by its data zone, and of Aberdeenshire by whose it is.
	const [zone] = await reg.sql(`select code from assetd.data_zone where council_code = 'S12000033' order by code limit 1`);
	await add('/v1/assets', {authority_id: other.id, class: 'DEPOT', tenure: 'OWNED', name: 'Depot', easting: 393000, northing: 806000, data_zone: zone.code});
	const body = await add('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO'});
	await add('/v1/requests', {asset_id: hall.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100});
});

test('each asset by itself, with what a map says of it and no more', async () => {
	const {type, features} = await points();
	assert.equal(type, 'FeatureCollection');
	assert.deepEqual(features.map(f => f.properties.name), ['Depot', 'A "hall" <b>'], 'from north to south, none that is hidden or nowhere');
	assert.deepEqual(features[1], {type: 'Feature', id: hall.id, geometry: {type: 'Point', coordinates: [hall.lon, hall.lat]},
		properties: {name: 'A "hall" <b>', lifecycle: 'IN_USE', is_requested: true}});
	assert.deepEqual((await points(`?bbox=${EDINBURGH}`)).features.map(f => f.id), [hall.id]);
	assert.deepEqual((await points(`?class=DEPOT&bbox=${EDINBURGH}`)).features, []);
	for (const query of ['?bbox=1,2,3', '?class=A&class=B'])
		assert.equal((await anyone.get(`/map/points${query}`)).status, 400, query);
});

test('the page counts as its filters do, and names whoever has no place', async () => {
	const page = await pageOf('');
	assert.match(page, /On the map: 2 of 3/);
	assert.match(page, /Not on it, because nobody has recorded where they lie: 1\./);
	assert.match(page, /<a href="\/map\?council=S12000033">Aberdeen City<\/a><\/th><td class="number">1</);
	assert.match(page, /<a href="\/map\?council=S12000034">Aberdeenshire<\/a><\/th><td class="number">1</, 'also of the council that owns it');
	for (const code of ['S12000033', 'S12000034']) {
		const narrowed = await pageOf(`?council=${code}`);
		assert.match(narrowed, /On the map: 1 of 1/, 'as many as the area was said to have');
		assert.match(narrowed, />Depot<\/a>/);
	}
	assert.match(await pageOf('?class=HALL'), /<a href="\/map\?class=HALL&amp;council=|On the map: 1 of 2/);
	assert.match(await pageOf(`?bbox=${EDINBURGH}`), /On the map: 1 of 1/);
});

test('everybody is shown what the row policies say', async () => {
	const member = reg.admin.as((await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	// Pages know who asks by a session alone; the functions by whoever the batch acts for.
	const seen = async principal => reg.cluster.session(async client => {
		await client.query('set search_path = assetd, public; set role assetd_api');
		await client.query('begin');
		await client.query('select actor_set($1, null, \'r\', now(), current_date)', [principal]);
		const {rows: [row]} = await client.query(`select array(select id from asset_spots('{}', 1000, 100) order by id) as spots,
			array(select id::text from asset where easting is not null and removed_at is null order by id) as ruled,
			(asset_glance('{}', null, null) -> 'tally' ->> 'total')::int as total, (select count(*)::int from asset where removed_at is null) as all,
			(asset_glance_at('{}', 1000, 100, '2026-11-21', 'infinity', 100) -> 'tally' ->> 'total')::int as then`);
		await client.query('rollback');
		return row;
	}, {database: reg.database});
	const {principal_id: id} = ok(await member.get('/v1/whoami'), 200);
	for (const principal of [null, id]) {
		const row = await seen(principal);
		assert.deepEqual(row.spots, row.ruled);
		assert.equal(row.total, row.all);
		assert.equal(row.then, row.all, 'of today as of a day');
		assert.equal(row.spots.includes(hidden.id), principal !== null);
	}
});

test('very many are gathered in squares that are the smaller the less is in view', async () => {
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		alter table asset enable always trigger write_first;
		insert into asset (id, authority_id, name, class, tenure, easting, northing, lat, lon)
		select 'ast_' || lpad(n::text, 26, '0'), '${council.id}', 'Place ' || n, 'OTHER', 'OWNED', 300000 + n % 100 * 1000, 700000 + n / 100 * 1000,
			56.19 + n / 100 * 0.009, -3.61 + n % 100 * 0.016
		  from generate_series(1, ${MANY}) as n;
		alter table asset enable trigger write_first; commit`);
	const {features} = await points('?class=OTHER');
	assert.ok(features.length > 1 && features.length < 100, `${features.length} squares`);
	assert.equal(features.reduce((n, f) => n + f.properties.number, 0), MANY);
	const near = (await points('?class=OTHER&bbox=-3.2,56.4,-2.8,56.6')).features;
	assert.ok(near.length > 400 && near.every(f => f.properties.name), 'of few enough each by itself');
	assert.match(await pageOf('?class=OTHER'), /On the map: 9,000 of 9,000/);
	await reg.sql(`insert into assetd.fact (subject, part, authority_id, asset_id, published, is_money, valid, known, body)
		select id, 'asset', authority_id, id, true, false, '[2026-11-01,)', '[2026-11-20,)', to_jsonb(a) from assetd.asset as a where class = 'OTHER'`);
	const then = await pageOf('?class=OTHER&valid_on=2026-11-21');
	assert.match(then, /Too many for a map of that day/);
	assert.match(then, /at most 8,000 are drawn/);
	assert.match(then, />Place 1<\/a>/, 'the list has them');
	assert.match(await pageOf('?bbox=-3.2,56.4,-2.8,56.6&valid_on=2026-11-21'), /On the map: \d+ of \d+/, 'a part of them is drawn');
});
