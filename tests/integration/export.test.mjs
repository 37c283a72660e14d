// Lists as files: every row that the reader may see, in form, out and in again, and never half of one unnoticed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import {after, before, test} from 'node:test';
import {assertSound, makeKey, startRegister, until} from '../harness/index.mjs';

const FILE = new URL('../data/land-assets-cheltenham-2021/local_authority_land_and_assets_2021.csv', import.meta.url);
const reg = await startRegister();
after(() => reg.stop());

/* A reader of CSV (RFC 4180), written for this test alone. */
function parse(text) {
	const rows = [[]];
	for (let at = 0; at < text.length;) {
		let value = '';
		if (text[at] === '"') {
			for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
				if (text[at] === '"')
					at++;
				value += text[at];
			}
			at++;
		} else {
			while (at < text.length && text[at] !== ',' && text[at] !== '\r')
				value += text[at++];
		}
		rows.at(-1).push(value);
		if (text[at] === ',') {
			at++;
			continue;
		}
		assert.equal(text.slice(at, at + 2), '\r\n');
		at += 2;
		rows.push([]);
	}
	assert.deepEqual(rows.pop(), []);
	const head = rows.shift();
	return {head, rows: rows.map(r => Object.fromEntries(r.map((v, i) => [head[i], v])))};
}
const lines = text => text.trimEnd().split('\n').map(l => JSON.parse(l));

async function all(reader, path) {
	const items = [];
	for (let next = path; next;) {
		const {json} = await reader.get(next);
		items.push(...json.items);
		next = json.next;
	}
	return items;
}

async function load(body, authority) {
	const preview = await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${authority}`,
		{body, headers: {'Content-Type': 'text/csv'}});
	assert.equal(preview.status, 201, preview.text);
	return preview.json;
}
const apply = id => reg.admin.request('POST', `/v1/imports/${id}/apply`);

let council, board, key;
const odd = {name: '=HYPERLINK("http://x")', class: 'HALL', tenure: 'LEASED_IN', reference: '+1', address: '1 "High" St,\nAyr', lat: 55.4586123,
	lon: -4.6292456, notes: "-1+1\nand more", area_m2: 120, postcode: 'KA7 1AB', uprn: '12345678'};

before(async () => {
	council = (await reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'S12999908'})).json.id;
	board = (await reg.admin.post('/v1/authorities', {name: 'Board', kind: 'HEALTH_BOARD', code: 'S08999915'})).json.id;
	assert.equal((await apply((await load(fs.readFileSync(FILE), council)).id)).status, 200);
	for (const more of [odd, {name: "'=kept", class: 'LODGE', tenure: 'OWNED'}, {name: 'Hidden', class: 'LODGE', tenure: 'OWNED', published: false}])
		assert.equal((await reg.admin.post('/v1/assets', {authority_id: board, ...more})).status, 201);
	key = await makeKey(reg, {roles: {[board]: ['VIEWER']}});
});

test('CSV holds every asset of the list, once, with its fields', async () => {
	const reply = await reg.admin.get(`/v1/assets?format=csv&guard=no&authority_id=${council},${board}`);
	assert.equal(reply.status, 200);
	assert.equal(reply.headers['content-type'], 'text/csv; charset=utf-8; header=present');
	assert.match(reply.headers['content-disposition'], /^attachment; filename="assets-\d{4}-\d\d-\d\d\.csv"$/);
	const {rows} = parse(reply.text);
	const items = await all(reg.admin, `/v1/assets?authority_id=${council},${board}&limit=1000`);
	assert.equal(rows.length, items.length);
	const byId = new Map(items.map(i => [i.id, i]));
	for (const row of rows) {
		const item = byId.get(row.id);
		assert.ok(byId.delete(row.id), 'once');
		for (const field of ['reference', 'name', 'class', 'tenure', 'lifecycle', 'decile', 'address', 'postcode', 'uprn', 'easting',
			'northing', 'lat', 'lon', 'area_m2', 'notes', 'published', 'effective_on', 'version', 'updated_at'])
			assert.equal(row[field], String(item[field] ?? ''), field);
	}
});

test('a filter narrows the file as it narrows the list', async () => {
	for (const filter of [`authority_id=${council}&tenure=LEASED_IN`, 'q=hall', 'near=51.9,-2.07,2000', 'class=LODGE', 'q=nothing-of-the-kind']) {
		const ids = parse((await reg.admin.get(`/v1/assets?format=csv&${filter}`)).text).rows.map(r => r.id);
		const items = await all(reg.admin, `/v1/assets?${filter}&limit=1000`);
		assert.deepEqual(ids.sort(), items.map(i => i.id).sort(), filter);
		const records = (await reg.admin.get(`/v1/assets?format=ndjson&${filter}`)).text.trimEnd().split('\n').filter(Boolean).map(l => JSON.parse(l).id);
		assert.deepEqual(records.sort(), ids, filter);
	}
});

test('each reader gets what that reader may see', async () => {
	const names = async reader => parse((await reader.get(`/v1/assets?format=csv&authority_id=${board}`)).text).rows.length;
	assert.equal(await names(reg.anyone), 2);
	assert.equal(await names(reg.admin), 3);
	assert.equal(await names(reg.admin.as(key.key)), 3);
	// The whole register has a statement of its own; with both sorts named it goes the general way.
	for (const reader of [reg.anyone, reg.admin, reg.admin.as(key.key)])
		assert.equal((await reader.get('/v1/assets?format=csv')).text, (await reader.get('/v1/assets?format=csv&published=true,false')).text);
	const body = (await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40})).json;
	const asset = (await reg.admin.get(`/v1/assets?authority_id=${council}&limit=1`)).json.items[0];
	const made = await reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-01-05',
		offer_pence: 1234505, reasons: 'r', benefits: 'b'}, {headers: {'Idempotency-Key': 'export-1'}});
	assert.equal(made.status, 201, made.text);
	const request = async reader => parse((await reader.get('/v1/requests?format=csv')).text).rows[0];
	assert.equal((await request(reg.admin)).offer_gbp, '12345.05');
	assert.equal((await request(reg.anyone)).offer_gbp, '', 'no price for everybody');
	assert.ok(!(await reg.anyone.get('/v1/requests?format=ndjson')).text.includes('1234505'));
	for (const list of ['community-bodies', 'authorities', 'localities']) {
		const reply = await reg.anyone.get(`/v1/${list}?format=csv`);
		assert.equal(reply.status, 200);
		assert.ok(parse(reply.text).head.includes('name'), list);
	}
});

test('no cell of a file is a formula', async () => {
	const rows = parse((await reg.admin.get(`/v1/assets?format=csv&authority_id=${board}`)).text).rows;
	for (const row of rows) {
		for (const value of Object.values(row))
			assert.ok(!/^[=+@\t\r]/.test(value) && !/^-(?![\d.]+$)/.test(value), value);
	}
	assert.ok(rows.some(r => r.name === '\'=HYPERLINK("http://x")' && r.lon === '-4.6292456'));
});

test('the same format out and in: every line is SAME, in our layout and the LGA\'s', async () => {
	for (const [id, n] of [[council, 498], [board, 3]]) {
		for (const [format, mapping] of [['csv', 'ASSETD'], ['lga', 'LGA']]) {
			// Without a guard the board's "'=kept" cannot be told from a guarded "=kept".
			for (const guard of id === council ? ['yes', 'no'] : ['yes']) {
				const file = (await reg.admin.get(`/v1/assets?format=${format}&guard=${guard}&authority_id=${id}`)).text;
				const preview = await load(file, id);
				assert.equal(preview.mapping.name, mapping);
				const changed = preview.lines.filter(l => l.action !== 'SAME');
				assert.deepEqual(changed.map(l => [l.line, l.changes]), [], `${format} ${guard}`);
				assert.equal(preview.counts.same, n);
			}
		}
	}
});

test('the layouts of others have exactly their columns', async () => {
	const catr = parse((await reg.anyone.get(`/v1/assets?format=catr&authority_id=${board}`)).text);
	assert.deepEqual(catr.head, ['type', 'site_ref', 'uprn', 'la_s_code', 'local_authority', 'address', 'sh_src', 'sh_src_id', 'sh_date_uploaded']);
	const row = catr.rows.find(r => r.uprn);
	assert.deepEqual({...row, address: row.address.replace('\n', ' ')}, {type: 'HALL', site_ref: "'+1", uprn: '12345678', la_s_code: 'S08999915',
		local_authority: 'Board', address: '1 "High" St, Ayr', sh_src: '', sh_src_id: '', sh_date_uploaded: ''});
	// A body whose code is its own has none of those that the hub knows.
	const own = (await reg.admin.post('/v1/authorities', {name: 'Park', kind: 'NATIONAL_PARK', code: 'PARK-1'})).json.id;
	await reg.admin.post('/v1/assets', {authority_id: own, name: 'Lodge', class: 'LODGE', tenure: 'OWNED', effective_on: '2025-01-01'});
	for (const query of ['', '&valid_on=2025-06-01'])
		assert.deepEqual(parse((await reg.anyone.get(`/v1/assets?format=catr&authority_id=${own}${query}`)).text).rows.map(r => [r.la_s_code, r.local_authority]), [['', 'Park']]);
	const lga = parse((await reg.anyone.get(`/v1/assets?format=lga&authority_id=${council}`)).text);
	assert.deepEqual(lga.head, ['OrganisationURI', 'OrganisationLabel', 'UPRN', 'AssetCode', 'PropertyName', 'StreetName', 'PostTown', 'PostCode',
		'GeoX', 'GeoY', 'TenureType', 'TenureDetail', 'HoldingType']);
});

test('a file of then has in each cell what the list of then has, for each reader', async () => {
	const {id: own} = (await reg.admin.post('/v1/authorities', {name: 'Then, council of', kind: 'COUNCIL', code: 'S12000099'})).json;
	const {id: cpp} = (await reg.admin.post('/v1/cpps', {name: 'Of then', code: 'THEN', partners: [own, board]})).json;
	async function add(more) {
		const reply = await reg.admin.post('/v1/assets', {authority_id: own, class: 'HALL', tenure: 'OWNED', effective_on: '2025-01-01', ...more});
		assert.equal(reply.status, 201, reply.text);
		return reply.json;
	}
	const hidden = await add({name: 'Hidden whole', published: false});
	const assets = [hidden, await add({name: 'Part of it', part_of: hidden.id}), await add({name: '"Quoted", and so on', reference: 'T-1', cpp_id: cpp,
		address: '1 High St', postcode: 'PH2 9NU', uprn: '123', title_number: 'PTH1', easting: 300000, northing: 700100, area_m2: 12, common_good: true, in_trust: false,
		restrictions: 'None', checked_on: '2025-02-01', notes: 'Kept\nin two lines', decile: 3, data_zone: 'S01006506',
		boundary: {type: 'Polygon', coordinates: [[[-3.5, 56.1], [-3.4, 56.1], [-3.4, 56.2], [-3.5, 56.1]]]}}),
	await add({name: 'Joint', owners: [{authority_id: own, units: 2}, {authority_id: board, units: 1}]}),
	await add({name: 'Leased', tenure: 'LEASED_IN', lease_starts_on: '2020-01-01', lease_ends_on: '2030-01-01', lat: 56.5, lon: -3.25})];
	const first = (await reg.admin.get(`/v1/assets/${assets.at(-1).id}`)).json.updated_at;
	for (const [i, {id}] of assets.entries())
		assert.equal((await reg.admin.patch(`/v1/assets/${id}`, {name: `Later ${i}`, notes: null, lifecycle: 'SURPLUS', effective_on: '2025-06-01'}, {match: '*'})).status, 200);
	const readers = [reg.anyone, reg.admin, reg.admin.as((await makeKey(reg, {roles: {[board]: ['ESTATES']}})).key)];
	for (const reader of readers) {
		for (const at of ['valid_on=2025-03-01', 'valid_on=2025-06-01', 'valid_on=2024-12-31', `valid_on=2025-06-01&known_at=${first}`]) {
			const items = new Map((await all(reader, `/v1/assets?authority_id=${own}&${at}&limit=1000`)).map(i => [i.id, i]));
			const {rows} = parse((await reader.get(`/v1/assets?format=csv&guard=no&authority_id=${own}&${at}`)).text);
			assert.deepEqual(rows.map(r => r.id), [...items.keys()].sort(), at);
			for (const {authority, owners, boundary, ...cells} of rows) {
				const item = items.get(cells.id), sole = item.owners.length === 1 && item.owners[0].authority_id === own;
				assert.deepEqual(cells, Object.fromEntries(Object.keys(cells).map(k => [k, String(item[k] ?? '')])), at);
				assert.deepEqual([authority, owners.split(' ').sort(), boundary && JSON.parse(boundary)], ['Then, council of',
					sole ? [''] : item.owners.map(o => `${o.authority_id}:${o.units}`).sort(), item.boundary ?? '']);
			}
		}
	}
});

test('GeoJSON is the whole list, as it is narrowed; a page of it where one is asked for', async () => {
	for (const filter of [`authority_id=${council}`, `authority_id=${board}`, 'near=51.9,-2.07,2000', 'q=nothing-of-the-kind']) {
		const reply = await reg.admin.get(`/v1/assets?format=geojson&${filter}`);
		assert.equal(reply.headers['content-type'], 'application/geo+json');
		assert.equal(reply.json.type, 'FeatureCollection');
		const want = await all(reg.admin, `/v1/assets?${filter}&limit=1000`);
		assert.deepEqual(reply.json.features.map(f => f.id).sort(), want.map(i => i.id).sort(), filter);
		assert.deepEqual(reply.json.features.map(f => f.properties).find(p => p.id === want[0].id), want[0]);
	}
	assert.equal((await reg.anyone.get(`/v1/assets?format=geojson&authority_id=${board}`)).json.features.length, 2);
	const page = (await reg.admin.get(`/v1/assets?format=geojson&limit=2&authority_id=${council}`)).json;
	assert.equal(page.features.length, 2);
	assert.ok(page.next);
	const link = /href="(\/downloads\/assets[^"]*format=geojson[^"]*)"/.exec((await reg.anyone.get(`/assets?authority_id=${council}`)).text)[1].replaceAll('&amp;', '&');
	assert.equal(JSON.parse((await reg.anyone.get(link)).text).features.length, 498);
});

test('what hangs on an asset or a request comes as a file, too, with what the reader may see', async () => {
	const asset = (await reg.admin.post('/v1/assets', {authority_id: board, name: 'Valued', class: 'HALL', tenure: 'OWNED'})).json.id;
	const valued = await reg.admin.post(`/v1/assets/${asset}/valuations`, {amount_pence: 1234505, basis: 'MV', valued_on: '2025-01-02', restricted: true});
	assert.equal(valued.status, 201, valued.text);
	const of = async (reader, path) => {
		const reply = await reader.get(path);
		assert.equal(reply.status, 200, reply.text);
		return parse(reply.text).rows;
	};
	assert.deepEqual((await of(reg.admin, `/v1/assets/${asset}/valuations?format=csv`)).map(r => [r.amount_gbp, r.valued_on]), [['12345.05', '2025-01-02']]);
	assert.deepEqual((await of(reg.anyone, `/v1/assets/${asset}/valuations?format=csv`)).map(r => r.amount_gbp), [''], 'no price for everybody');
	assert.ok(!(await reg.anyone.get(`/v1/assets/${asset}/valuations?format=ndjson`)).text.includes('1234505'));
	const request = (await reg.admin.get('/v1/requests?limit=1')).json.items[0].id;
	for (const path of [`/v1/assets/${asset}/disposals`, '/v1/documents', '/v1/cpps', `/v1/requests/${request}/notices`, `/v1/requests/${request}/representations`]) {
		const items = await all(reg.admin, path);
		assert.deepEqual((await of(reg.admin, `${path}?format=csv`)).map(r => r.id), items.map(i => i.id), path);
		assert.equal((await reg.admin.get(`${path}?format=xlsx`)).status, 200, path);
	}
	const nobody = asset.replace(/.$/, c => c === '0' ? '1' : '0');
	assert.equal((await reg.anyone.get(`/v1/assets/${nobody}/valuations?format=csv`)).status, 404);
	assert.equal((await reg.anyone.get(`/v1/requests/${request.replace(/.$/, c => c === '0' ? '1' : '0')}/notices?format=csv`)).status, 404);
});

// Lists that are no files, and why.
const NO_FILE = [
	[/\/(history|events)$/, 'what happened to one thing, as a ledger: nothing narrows it, and the whole case is file.zip'],
	[/\/(competing|earlier)$/, 'worked out for one request, by no filter'],
	[/^\/v1\/projections\/addresses$/, 'secrets of one person, of which nothing is told again'],
	[/^\/v1\/accounts$/, 'people and their addresses, of one authority'],
	[/^\/v1\/keys$/, 'keys of one person, a few'],
	[/\/deliveries$/, 'a log of tries that is cleared'],
	[/^\/v1\/cpps\/\{id\}\/plans$/, 'CSV and XLSX, its rows being of several kinds'],
	[/^\/v1\/projections\/movement$/, 'CSV alone, its rows being of one movement'],
];

test('every list that a filter narrows comes as a file, in each form that its row declares', async () => {
	const request = (await reg.admin.get('/v1/requests?limit=1')).json.items[0];
	const here = {'/v1/assets/{id}': request.asset_id, '/v1/requests/{id}': request.id, '/v1/reports/asset-transfer/{id}': council};
	const {paths} = (await reg.anyone.get('/v1/openapi.json')).json;
	const lists = Object.entries(paths).filter(([at, of]) => at.startsWith('/v1/') && (of.get?.parameters ?? []).some(p => p.name === 'limit'));
	assert.ok(lists.length > 20);
	const tables = [];
	for (const [at, {get}] of lists) {
		const types = Object.keys(get.responses['200'].content).map(t => t.split(';')[0]);
		if (NO_FILE.some(([known]) => known.test(at)))
			continue;
		assert.ok(['text/csv', 'application/x-ndjson', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'].every(t => types.includes(t)), `${at}: ${types}`);
		const path = Object.entries(here).reduce((p, [pattern, id]) => p.replace(pattern, pattern.replace('{id}', id)), at).replace('{year}', '2026-27');
		assert.ok(!path.includes('{'), path);
		for (const type of types) {
			const reply = await reg.admin.get(path, {headers: {Accept: type}});
			assert.deepEqual([reply.status, reply.headers['content-type'].split(';')[0]], [200, type], `${path} ${reply.text.slice(0, 200)}`);
			const format = {'text/csv': 'csv', 'application/x-ndjson': 'ndjson', 'application/geo+json': 'geojson', 'application/json': 'json'}[type] ?? 'xlsx';
			assert.equal((await reg.admin.get(`${path}?format=${format}`)).headers['content-type'], reply.headers['content-type'], path);
			if (format === 'csv')
				tables.push([path, parse(reply.text)]);
			if (format === 'csv' || format === 'geojson')
				assert.equal(format === 'csv' ? parse(reply.text).rows.length : reply.json.features.length, (await all(reg.admin, path)).length, `${path} ${format}`);
		}
	}
	for (const [path, {head, rows}] of tables) // An item has what a column names, or the column is always empty.
		assert.ok(rows.length === 0 || head.some(name => rows.some(row => row[name])), path);
});

test('a list that pages by itself is whole beyond a page of its file, equal names and all', async () => {
	// Put there directly, without changes that tell of them, and taken away again.
	const directly = text => reg.cluster.session(client => client.query(`begin; set local search_path = assetd, public;
		set local session_replication_role = replica; ${text}; commit`), {database: reg.database});
	await directly(`insert into authority (id, created_at, updated_at, name, kind, code) select 'aut_' || lpad(n::text, 26, '0'), now(), now(), 'Many ' || n / 3, 'OTHER', 'MANY' || n from generate_series(1, 1300) as n;
		insert into authority_duty (authority_id, schedule, from_on) select id, 3, '2017-01-23' from authority where name like 'Many %'`);
	const path = '/v1/reports/asset-transfer?year=2025-26';
	const ids = (await all(reg.anyone, `${path}&limit=1000`)).map(i => i.authority_id);
	assert.ok(ids.length >= 1300);
	assert.deepEqual(parse((await reg.anyone.get(`${path}&format=csv`)).text).rows.map(r => r.authority_id), ids);
	assert.deepEqual(lines((await reg.anyone.get(`${path}&format=ndjson`)).text).map(i => i.authority_id), ids);
	assert.equal((await reg.anyone.get(`${path}&format=csv&limit=5`)).status, 400);
	await directly(`delete from authority_duty where authority_id in (select id from authority where name like 'Many %'); delete from authority where name like 'Many %'`);
});

test('requests as features: where their land lies, as the reader may see it, now and then', async () => {
	const point = {lat: 56.2786, lon: -3.3977};
	const boundary = {type: 'Polygon', coordinates: [[[-3.4, 56.27], [-3.39, 56.27], [-3.39, 56.28], [-3.4, 56.27]]]};
	const body = (await reg.admin.get('/v1/community-bodies?limit=1')).json.items[0].id;
	let tries = 0;
	const make = async more => {
		const made = await reg.admin.post('/v1/requests', {community_body_id: body, kind: 'LEASE', received_on: '2026-02-02', reasons: 'r', benefits: 'b',
			offer_pence: 777123, ...more}, {idempotency: `feature-${++tries}`});
		assert.equal(made.status, 201, made.text);
		return made.json;
	};
	const asset = async more => (await reg.admin.post('/v1/assets', {authority_id: board, class: 'HALL', tenure: 'OWNED', effective_on: '2025-01-01', ...more})).json.id;
	const [spot, shape, hidden] = [await asset({name: 'Spot', ...point}), await asset({name: 'Shape', ...point, boundary}), await asset({name: 'Secret', ...point, published: false})];
	const made = [await make({asset_id: spot}), await make({asset_id: shape}), await make({asset_id: hidden}),
		await make({land: {authority_id: board, description: 'The green', easting: 313500, northing: 710400}})];
	const features = async (reader, query = '') => new Map((await reader.get(`/v1/requests?format=geojson&authority_id=${board}${query}`)).json.features.map(f => [f.id, f]));
	const [mine, everybody] = [await features(reg.admin), await features(reg.anyone)];
	assert.deepEqual(made.map(r => mine.get(r.id)?.geometry?.type ?? null), ['Point', 'Polygon', 'Point', null]);
	assert.deepEqual(mine.get(made[0].id).geometry.coordinates, [point.lon, point.lat]);
	assert.deepEqual(mine.get(made[1].id).geometry, boundary);
	assert.deepEqual(made.map(r => everybody.has(r.id)), [true, true, false, true]);
	assert.equal(mine.get(made[0].id).properties.offer_pence, 777123);
	assert.ok(!JSON.stringify([...everybody]).includes('777123'), 'no price for everybody');
	assert.deepEqual([...(await features(reg.admin, '&limit=1')).keys()].length, 1, 'a page of them');
	const [one] = (await features(reg.admin, '&limit=1&fields=reference')).values();
	assert.deepEqual([Object.keys(one.properties), one.geometry?.type ?? null], [['id', 'reference'], 'Point']);
	assert.deepEqual((await reg.admin.get(`/v1/assets/${spot}/requests?format=geojson`)).json.features.map(f => f.id), [made[0].id]);
	const moved = await reg.admin.patch(`/v1/assets/${spot}`, {lat: 57, lon: -4}, {match: '*'});
	assert.equal(moved.status, 200, moved.text);
	assert.deepEqual((await features(reg.admin)).get(made[0].id).geometry.coordinates, [-4, 57]);
	const then = await features(reg.admin, `&known_at=${mine.get(made[3].id).properties.created_at}`);
	assert.deepEqual(then.get(made[0].id)?.geometry.coordinates, [point.lon, point.lat], 'where it was known to be');
	assert.equal((await reg.anyone.get('/v1/requests', {headers: {Accept: 'application/geo+json'}})).headers['content-type'], 'application/geo+json');
});

test('what a file does not have is said', async () => {
	const codes = async query => {
		const reply = await reg.anyone.get(query);
		assert.equal(reply.status, 400, query);
		return reply.json.errors.map(e => [e.pointer, e.code]);
	};
	assert.deepEqual(await codes('/v1/assets?format=csv&limit=5'), [['?limit', 'NOT_HERE']]);
	assert.deepEqual(await codes('/v1/assets?format=csv&guard=perhaps'), [['?guard', 'NOT_ONE_OF']]);
	assert.deepEqual(await codes('/v1/requests?format=catr'), [['?format', 'BAD_FORM']]);
	assert.deepEqual(await codes('/v1/assets?format=xml'), [['?format', 'BAD_FORM']]);
	const accepted = await reg.anyone.get('/v1/assets', {headers: {Accept: 'text/csv'}});
	assert.match(accepted.headers['content-type'], /^text\/csv/);
	const head = await reg.anyone.request('HEAD', '/v1/assets?format=csv');
	assert.deepEqual([head.status, head.text], [200, '']);
});

test('the whole register, with the position from which the feed goes on, while others write', async () => {
	let stop = false;
	const writers = [0, 1, 2].map(async n => {
		for (let i = 0; !stop; i++) {
			const made = await reg.admin.post('/v1/assets', {authority_id: board, name: `Written ${n}.${i}`, class: 'HALL', tenure: 'OWNED'});
			assert.equal(made.status, 201, made.text);
			const patched = await reg.admin.patch(`/v1/assets/${made.json.id}`, {name: `Patched ${n}.${i}`}, {match: '*'});
			assert.equal(patched.status, 200, patched.text);
		}
	});
	const exported = [];
	for (let i = 0; i < 5; i++)
		exported.push(lines((await reg.admin.get('/v1/exports/register.ndjson')).text));
	stop = true;
	await Promise.all(writers);
	const [tip] = await reg.sql('select count(*)::int as n from assetd.change');
	await until(async () => (await reg.sql('select count(*)::int as n from assetd.feed'))[0].n >= tip.n, {what: 'the feed'});
	const now = new Map((await all(reg.admin, '/v1/assets?limit=1000')).map(i => [i.id, i.version]));

	for (const got of exported) {
		const head = got.shift(), end = got.pop();
		assert.equal(head.kind, 'register');
		assert.deepEqual(end, {kind: 'end', items: got.length});
		assert.deepEqual([...new Set(got.map(l => l.kind))], ['authority', 'cpp', 'body', 'asset', 'valuation', 'request']);
		const known = new Map(got.filter(l => l.kind === 'asset').map(l => [l.item.id, l.item.version]));
		assert.equal(known.size, got.filter(l => l.kind === 'asset').length, 'no item twice');
		// A follower: what is there, and every event behind the position, in order.
		for (let next = head.next; ;) {
			const {json} = await reg.admin.get(next);
			for (const e of json.items.filter(e => e.subject.startsWith('ast_')))
				known.set(e.subject, Math.max(known.get(e.subject) ?? 0, e.subject_seq));
			if (json.next === next)
				break;
			next = json.next;
		}
		assert.deepEqual([...known].sort(), [...now].sort(), 'nothing is missing');
	}
});

test('a client that takes its time gets all of it, and one that leaves harms nobody', async () => {
	const {hostname, port} = new URL(reg.url);
	const ask = () => {
		const socket = net.connect(Number(port), hostname);
		socket.write(`GET /v1/exports/register.ndjson HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${reg.admin.key}\r\n\r\n`);
		return socket;
	};
	const left = ask();
	await new Promise(done => left.once('data', done));
	left.destroy();

	const slow = ask();
	let text = '';
	slow.setEncoding('utf8');
	slow.on('data', data => {
		text += data;
		slow.pause();
		setImmediate(() => slow.resume());
	});
	await until(() => text.endsWith('0\r\n\r\n'), {what: 'the end of the stream'});
	slow.destroy();
	assert.match(text, /Transfer-Encoding: chunked/);
	const whole = text.slice(text.indexOf('\r\n\r\n') + 4).split(/\r\n/).filter((_, i) => i % 2 === 1).join('');
	assert.equal(lines(whole).at(-1).kind, 'end');
	const old = net.connect(Number(port), hostname);
	old.write(`GET /v1/assets?format=csv HTTP/1.0\r\nHost: ${hostname}\r\n\r\n`);
	let plain = '';
	for await (const data of old)
		plain += data;
	assert.doesNotMatch(plain, /chunked/i);
	assert.ok(parse(plain.slice(plain.indexOf('\r\n\r\n') + 4)).rows.length > 400);
	assert.equal((await reg.anyone.get('/livez')).status, 200);
});

test('after all of this the register is sound', () => assertSound(reg));
