// Finding things: by place, postcode, council and zone, by what is due, and the same list as GeoJSON.
// What a filter keeps is compared with a plain model: the same items, picked out here one by one.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const refused = (reply, pointer) => {
	assert.deepEqual([reply.status, reply.json?.type, reply.json?.errors?.[0].pointer], [400, '/v1/problems/bad-query', pointer], reply.text);
};

let council, board, zones;
const assets = [];

before(async () => {
	zones = await reg.sql(`select distinct on (intermediate_zone) code, council_code, intermediate_zone, decile from assetd.data_zone
		order by intermediate_zone, code limit 8`);
	council = ok(await admin.post('/v1/authorities', {name: 'Places', kind: 'COUNCIL', code: zones[0].council_code.replace(/.$/, 'X')}));
	board = ok(await admin.post('/v1/authorities', {name: 'Board', kind: 'HEALTH_BOARD', code: 'HB-1'}));
	const codes = ['EH1 1YZ', 'EH1 2AB', 'EH11 1AA', 'G1 1AA', null];
	for (let i = 0; i < 60; i++) {
		assets.push(ok(await admin.post('/v1/assets', {
			authority_id: (i % 3 ? council : board).id, name: `Place ${i}`, class: 'HALL', tenure: 'OWNED', reference: `Ref-${i}`,
			...(i % 10 ? {easting: 320000 + (i * 733) % 9000, northing: 670000 + (i * 577) % 9000} : {}),
			...(codes[i % 5] ? {postcode: codes[i % 5]} : {}), ...(i % 4 ? {data_zone: zones[i % 8].code} : {}),
			...(i % 6 ? {} : {uprn: String(100 + i)}),
		})));
	}
});

const found = async (query, who = anyone) => {
	const items = [];
	for (let next = `/v1/assets?limit=7&${query}`; next;) {
		const page = ok(await who.get(next), 200);
		items.push(...page.items);
		next = page.next;
	}
	return items;
};
const same = async (query, keep) => {
	const [got, want] = [(await found(query)).map(a => a.name).sort(), assets.filter(keep).map(a => a.name).sort()];
	assert.deepEqual(got, want, query);
	assert.ok(want.length > 0 && want.length < assets.length, `${query} says something: ${want.length}`);
};

test('postcode, district, UPRN, reference, council, zone: as picked out one by one', async () => {
	await same('postcode=eh11yz', a => a.postcode === 'EH1 1YZ');
	await same('postcode=EH1', a => a.postcode?.startsWith('EH1 '));
	await same('postcode=G1,EH11%201AA', a => ['G1 1AA', 'EH11 1AA'].includes(a.postcode));
	await same('uprn=000106', a => a.uprn === '106');
	await same('reference=ref-7', a => a.reference === 'Ref-7');
	await same(`data_zone=${zones[1].code},${zones[2].code}`, a => [zones[1].code, zones[2].code].includes(a.data_zone));
	await same(`intermediate_zone=${encodeURIComponent(zones[3].intermediate_zone)}`, a => a.data_zone === zones[3].code);
	await same(`council=${council.code}`, a => a.authority_id === council.id);
	const zonesOf = zones.filter(z => z.council_code === zones[1].council_code).map(z => z.code);
	await same(`council=${zones[1].council_code}`, a => zonesOf.includes(a.data_zone));
	for (const [query, pointer] of [['postcode=E', '?postcode'], ['postcode=12345', '?postcode'], ['postcode=EH1%25', '?postcode'], ['uprn=12x', '?uprn'],
		['uprn=1234567890123', '?uprn'], ['format=kml', '?format']])
		refused(await anyone.get(`/v1/assets?${query}`), pointer);
	assert.deepEqual(await found("council=x'),('&intermediate_zone=';--"), []);
});

test('words are found however their apostrophes, accents and hyphens are written, of today and of then, by API and page', async () => {
	const add = name => admin.post('/v1/assets', {authority_id: council.id, name, class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-05'});
	const names = ["St Andrew's Mission", 'St. Mary’s Mission', 'St Ninians Mission', "O'Neill Mission", 'Mission-on-Sea', 'Mission under Edge',
		'Taigh Dòrain Mission', 'Taigh De\u0300orsa Mission', 'Skårvik Mission'];
	for (const name of names)
		ok(await add(name));
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Friends of St Andrew’s', legal_form: 'SCIO', members: 30}));
	const request = ok(await admin.post('/v1/requests', {land: {authority_id: council.id, description: 'Field behind St Magnus’ kirk'}, community_body_id: body.id,
		kind: 'LEASE', received_on: '2026-11-02'}, {idempotency: 'words'}));
	const gone = ok(await add("St Colm's Mission"));
	ok(await admin.patch(`/v1/assets/${gone.id}`, {name: 'Renamed', effective_on: '2026-06-01'}, {match: '*'}), 200);
	const cases = {
		'st andrews mission': [names[0]], "ST ANDREW'S": [names[0]], 'st andrew’s': [names[0]], 'st marys': [names[1]], "st ninian's mission": [names[2]],
		oneill: [names[3]], "o'neill": [names[3]], 'mission on sea': [names[4]], 'mission-under-edge': [names[5]], 'taigh dorain': [names[6]], 'Dòrain': [names[6]],
		'taigh deorsa': [names[7]], skarvik: [names[8]],
	};
	for (const [words, want] of Object.entries(cases)) {
		const q = encodeURIComponent(words);
		assert.deepEqual((await found(`q=${q}`)).map(a => a.name), want, words);
		assert.ok((await anyone.get(`/assets?q=${q}`)).text.includes('1 entry'), words);
	}
	for (const words of ['st colms', "st colm's mission", 'St Colm’s'])
		assert.deepEqual((await found(`q=${encodeURIComponent(words)}&valid_on=2026-03-01`)).map(a => a.id), [gone.id], words);
	for (const words of ['friends st andrews', 'st magnus kirk', "behind st magnus'", request.reference])
		assert.ok((await anyone.get(`/assets?q=${encodeURIComponent(words)}`)).text.includes(`/requests/${request.id}`), words);
	for (const words of ["'", '’ `'])
		assert.ok((await anyone.get(`/assets?q=${encodeURIComponent(words)}`)).status === 200, words);
});

test('a box holds what lies in it, however large, and nothing else', async () => {
	const inside = (w, s, e, n) => a => a.lat !== null && a.lat >= s && a.lat <= n && a.lon >= w && a.lon <= e;
	const placed = assets.filter(a => a.lat !== null);
	const at = k => placed[Math.floor(placed.length * k)];
	for (const [a, b] of [[0.1, 0.8], [0.2, 0.5], [0.4, 0.45], [0.6, 0.9]]) {
		const box = [Math.min(at(a).lon, at(b).lon), Math.min(at(a).lat, at(b).lat), Math.max(at(a).lon, at(b).lon), Math.max(at(a).lat, at(b).lat)];
		await same(`bbox=${box}`, inside(...box));
	}
	await same('bbox=-180,-90,180,90', a => a.lat !== null);
	await same('bbox=-10,49,3,62', a => a.lat !== null);
	const {lon, lat} = at(0.3);
	assert.deepEqual((await found(`bbox=${lon},${lat},${lon},${lat}`)).map(a => a.name), [at(0.3).name], 'a box without width');
	assert.deepEqual(await found('bbox=-1.5,60,-1,60.5'), []);
	for (const box of ['', '1,2,3', '1,2,3,4,5', '-3,56,-4,57', '-3,57,-2,56', '-3,56,-2,x', '-300,56,-2,57', 'nan,56,-2,57', '-3,56,-2,1e999'].slice(1))
		refused(await anyone.get(`/v1/assets?bbox=${box}`), '?bbox');
});

test('near a point: with the distance, the nearest first, page after page', async () => {
	const from = assets.find(a => a.lat !== null);
	const away = a => Math.hypot(a.easting - from.easting, a.northing - from.northing);
	const near = `near=${from.lat},${from.lon},4000`;
	const items = await found(`${near}&sort=distance`);
	assert.deepEqual(items.map(a => a.name).sort(), assets.filter(a => a.lat !== null && away(a) <= 4000).map(a => a.name).sort());
	assert.ok(items.length > 10);
	items.forEach((a, i) => {
		assert.ok(Math.abs(a.distance_m - away(a)) <= 8, `${a.distance_m} ${away(a)}`); // five decimals of a degree
		assert.ok(i === 0 || a.distance_m >= items[i - 1].distance_m);
	});
	assert.deepEqual((await found(`${near}&sort=-distance`)).map(a => a.id), [...items].reverse().map(a => a.id));
	assert.deepEqual(Object.keys((await found(`${near}&fields=name,distance_m`))[0]), ['id', 'name', 'distance_m']);
	assert.ok(!('distance_m' in (await found('q=place'))[0]));
	refused(await anyone.get('/v1/assets?sort=distance'), '?sort');
});

test('the list as GeoJSON: by Accept or by name, the same items, paged', async () => {
	const geo = {Accept: 'application/geo+json'};
	const reply = await anyone.get('/v1/assets?sort=name&limit=7', {headers: geo});
	assert.equal(reply.headers['content-type'], 'application/geo+json');
	const plain = ok(await anyone.get('/v1/assets?sort=name&limit=7'), 200);
	const {type, features, next} = ok(reply, 200);
	assert.equal(type, 'FeatureCollection');
	assert.deepEqual(features.map(f => f.properties), plain.items);
	for (const f of features) {
		assert.deepEqual([f.type, f.id], ['Feature', f.properties.id]);
		assert.deepEqual(f.geometry, f.properties.lon === null ? null : {type: 'Point', coordinates: [f.properties.lon, f.properties.lat]});
	}
	assert.ok(features.some(f => f.geometry === null) && features.some(f => f.geometry));
	const more = ok(await anyone.get(next, {headers: geo}), 200);
	assert.equal(more.features.length, 7);
	assert.ok(!features.some(f => f.id === more.features[0].id));
	const few = ok(await anyone.get('/v1/assets?format=geojson&fields=name&limit=9&bbox=-10,49,3,62'), 200);
	assert.deepEqual(Object.keys(few.features[0].properties), ['id', 'name']);
	assert.equal(few.features[0].geometry.type, 'Point', 'whatever fields are asked for');
	const typed = async accept => (await anyone.get('/v1/assets?limit=1', {headers: {Accept: accept}})).headers['content-type'];
	assert.equal(await typed('*/*'), 'application/json');
	assert.equal(await typed('application/geo+json, application/json;q=0.9'), 'application/geo+json');
	assert.equal(await typed('application/json, application/geo+json;q=0.9'), 'application/json');
	assert.equal(await typed('application/geo+json;q=0, */*;q=0.1'), 'application/json');
	assert.equal((await anyone.get('/v1/assets', {headers: {Accept: 'application/vnd.google-earth.kml+xml'}})).status, 406);
	assert.equal((await anyone.get('/v1/authorities', {headers: geo})).status, 406);
	const etag = reply.headers.etag;
	assert.equal((await anyone.get('/v1/assets?sort=name&limit=7', {headers: {...geo, 'If-None-Match': etag}})).status, 304);
	assert.equal((await anyone.get('/v1/assets?sort=name&limit=7', {headers: {'If-None-Match': etag}})).status, 200, 'another format is another text');
});

test('what is due soon and what is overdue', async () => {
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO', members: 30}));
	const ask = async (i, day) => {
		const r = ok(await admin.post('/v1/requests', {asset_id: assets[i].id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: day}, {idempotency: `due-${i}`}));
		return ok(await admin.post(`/v1/requests/${r.id}/events`, {event: 'VALIDATE', on: day, acknowledged_on: day}));
	};
	const [late, soon, far] = [await ask(1, '2026-04-01'), await ask(2, '2026-05-26'), await ask(4, '2026-11-20')];
	const list = async query => ok(await anyone.get(`/v1/requests?${query}`), 200).items.map(r => r.id);
	const due = r => r.deadlines.find(d => d.clock === 'K6').due_on;
	assert.deepEqual([late, soon, far].map(due), ['2026-10-01', '2026-11-26', '2027-05-20']);
	const within = async n => list(`due_within=${n}`);
	assert.ok((await within(5)).includes(soon.id));
	assert.ok(!(await within(4)).includes(soon.id), 'the day before it is within');
	assert.ok(!(await within(179)).includes(late.id), 'what has passed is not ahead');
	assert.ok((await within(180)).includes(far.id));
	const overdue = await list('overdue=true');
	assert.ok(overdue.includes(late.id) && !overdue.includes(far.id), String(overdue));
	const not = await list('overdue=false');
	assert.deepEqual([...overdue, ...not].sort(), (await list('limit=1000')).sort(), 'one or the other');
	ok(await admin.post(`/v1/requests/${late.id}/events`, {event: 'WITHDRAW', on: '2026-11-20'}));
	assert.ok(!(await list('overdue=true')).includes(late.id), 'what is closed is not');
	assert.deepEqual(ok(await anyone.get(`/v1/assets/${assets[4].id}/requests?due_within=180`), 200).items.map(r => r.id), [far.id]);
	for (const [query, pointer] of [['due_within=x', '?due_within'], ['due_within=-1', '?due_within'], ['due_within=99999', '?due_within'], ['overdue=yes', '?overdue']])
		refused(await anyone.get(`/v1/requests?${query}`), pointer);
});

test('nobody finds by any filter what is hidden from him', async () => {
	const hidden = assets.find(a => a.lat !== null && a.postcode === 'G1 1AA' && a.data_zone && a.authority_id === council.id);
	ok(await admin.patch(`/v1/assets/${hidden.id}`, {published: false}, {match: '*'}), 200);
	const other = admin.as((await makeKey(reg, {roles: {[board.id]: ['VIEWER']}})).key);
	const ours = admin.as((await makeKey(reg, {roles: {[council.id]: ['VIEWER']}})).key);
	for (const query of ['postcode=G1', `council=${council.code}`, `data_zone=${hidden.data_zone}`, `reference=${hidden.reference}`, 'format=json',
		`bbox=${hidden.lon},${hidden.lat},${hidden.lon},${hidden.lat}`, `near=${hidden.lat},${hidden.lon},100&sort=distance`]) {
		for (const who of [anyone, other])
			assert.ok(!(await found(query, who)).some(a => a.id === hidden.id), query);
		assert.ok((await found(query, ours)).some(a => a.id === hidden.id), query);
	}
	const {features} = ok(await anyone.get('/v1/assets?format=geojson&limit=1000'), 200);
	assert.ok(!features.some(f => f.id === hidden.id));
});
