// Out and in again: whatever can be said of an asset survives a file of our own, and what a file says in vain is said.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertSound, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

/* Members that a file does not carry over: who the register says they are, and since when it knows them. */
const OWN = ['id', 'authority_id', 'version', 'created_at', 'updated_at', 'links', 'effective_on', 'disposal'];
const SEED = Number(process.env.SEED ?? 7);
let state = SEED;
// By its high bits: the low ones of such a generator hardly change.
const random = n => Math.floor((state = (state * 48271) % 2147483647) / 2147483647 * n);
const pick = list => list[random(list.length)];

let ours, theirs, third, cpp, locality;
const texts = ['Hall', 'a  b', '"quoted"', '=SUM(1)', "'+1", 'comma, and; semicolon', 'Taigh-òsta', 'n/a', '-5', '1,000', '@x', 'TRUE', '0012'];
const lines = [...texts, 'two\nlines', 'a blank  line\n\nbelow', '"x",\ny'];

function asset(n) {
	const leased = random(2) === 0, west = -4 - n / 10, south = 55 + random(9999999) / 1e7;
	const all = {
		reference: `R${n}${pick(['', '/a', ' b', '=1'])}`, name: pick(texts), class: pick(['HALL', 'LODGE', 'A_B']), tenure: leased ? 'LEASED_IN' : 'OWNED',
		cpp_id: cpp, locality_id: locality, decile: random(11), address: pick(lines), postcode: 'KA7 1AB', uprn: String(1 + random(1e9)),
		title_number: pick(['AYR1', 'MID  22']), area_m2: random(100000), lifecycle: pick(['IN_USE', 'SURPLUS']), common_good: random(2) === 0,
		in_trust: random(2) === 0, restrictions: pick(lines), exempt_reason: pick(texts), published: random(2) === 0, notes: pick(lines), checked_on: '2025-04-0' + (1 + random(9)),
		...random(2) ? {lat: 55 + random(9999999) / 1e7, lon: -4 + random(9999999) / 1e7} : {easting: 250000 + random(90000), northing: 650000 + random(90000)},
		...leased ? {lease_starts_on: '2001-02-03', lease_ends_on: '2099-12-31'} : {},
		boundary: {type: 'Polygon', coordinates: [[[west, south], [west, south + 0.001], [west + 0.001, south], [west, south]]]},
		owners: random(2) ? [{authority_id: ours, units: 1}] : [{authority_id: ours, units: random(5)}, {authority_id: third, units: 1 + random(3)}],
	};
	const needed = ['reference', 'name', 'class', 'tenure', 'published', 'lat', 'lon', 'easting', 'northing'];
	return Object.fromEntries(Object.entries(all).filter(([field]) => needed.includes(field) || random(5) > 0));
}

async function send(body, authority, mapping = 'auto') {
	const reply = await reg.admin.request('POST', `/v1/imports?authority_id=${authority}&mapping=${mapping}`, {body, headers: {'Content-Type': 'text/csv'}});
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
}
const apply = (id, how = 'apply') => reg.admin.request('POST', `/v1/imports/${id}/${how}`);
const file = async (authority, format = 'csv') => (await reg.admin.get(`/v1/assets?format=${format}&authority_id=${authority}`)).text;
const items = async (authority, reader = reg.admin) =>
	(await reader.get(`/v1/assets?limit=1000&authority_id=${authority}`)).json.items.sort((a, b) => a.reference < b.reference ? -1 : 1);
const said = item => Object.fromEntries(Object.entries(item).filter(([field]) => !OWN.includes(field)));

const cell = s => /[",\n\r]|^ | $/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
const sheet = (...rows) => [Object.keys(rows[0]), ...rows.map(r => Object.values(r))].map(r => r.map(v => cell(String(v))).join(',') + '\r\n').join('');

before(async () => {
	const add = async (path, body) => {
		const reply = await reg.admin.post(path, body);
		assert.equal(reply.status, 201, reply.text);
		return reply.json.id;
	};
	[ours, theirs, third] = await Promise.all([1, 2, 3].map(n => add('/v1/authorities', {name: `Council ${n}`, kind: 'COUNCIL', code: `ROUND-${n}`})));
	cpp = await add('/v1/cpps', {name: 'Partnership', code: 'CPP-R'});
	locality = await add('/v1/localities', {name: 'Place', code: 'P1', cpp_id: cpp, kind: 'LOCALITY'});
});

test('random assets with every field: out, in for another authority, and they are the same', async () => {
	for (let n = 0; n < 25; n++) {
		const made = await reg.admin.post('/v1/assets', {authority_id: ours, ...asset(n)});
		assert.equal(made.status, 201, `seed ${SEED}, ${made.text}`);
	}
	const text = await file(ours);
	const same = await send(text, ours);
	assert.deepEqual(same.lines.filter(l => l.action !== 'SAME' || l.problems.length).map(l => [l.reference, l.changes, l.problems]), [], `seed ${SEED}`);
	const preview = await send(text, theirs);
	assert.deepEqual(preview.counts, {create: 25, update: 0, same: 0, error: 0, warning: 0});
	assert.equal((await apply(preview.id)).status, 200);
	const [here, there] = [await items(ours), await items(theirs)];
	const owners = (list, lead) => list.length === 1 && list[0].authority_id === lead && list[0].units === 1 ? 'alone' : list;
	for (const [i, item] of here.entries()) {
		assert.deepEqual({...said(there[i]), owners: owners(there[i].owners, theirs)}, {...said(item), owners: owners(item.owners, ours)}, `seed ${SEED}`);
	}
	const hidden = here.filter(i => !i.published).length;
	assert.ok(hidden > 0);
	assert.equal((await items(theirs, reg.anyone)).length, 25 - hidden, 'what is hidden there is hidden here');
	assert.ok((await send(await file(theirs), theirs)).lines.every(l => l.action === 'SAME'));
	assert.equal((await apply(preview.id, 'undo')).status, 200);
	assert.equal((await items(theirs)).length, 0);
});

test('what is changed in any column is a difference of that field, applied and taken back', async () => {
	const base = {reference: 'Z', name: 'Hall', class: 'HALL', tenure: 'LEASED_IN', easting: 300000, northing: 650000, exempt_reason: 'operational', published: false,
		common_good: true, in_trust: true, cpp_id: cpp};
	const id = (await reg.admin.post('/v1/assets', {authority_id: theirs, ...base})).json.id;
	const [head, row] = (await file(theirs)).trimEnd().split('\r\n').map(l => l.split(','));
	const cells = Object.fromEntries(head.map((h, i) => [h, row[i]]));
	const want = {
		name: ['Lodge', 'Lodge'], class: ['LODGE', 'LODGE'], lifecycle: ['SURPLUS', 'SURPLUS'], locality_id: [locality, locality], decile: ['4', 4],
		address: ['1 High St', '1 High St'], postcode: ['KA7 1AB', 'KA7 1AB'], uprn: ['77', '77'], title_number: ['AYR2', 'AYR2'], easting: ['300100', 300100],
		northing: ['650100', 650100], lat: ['55.5', 55.5], lon: ['-3.5', -3.5], area_m2: ['5', 5], common_good: ['', null], in_trust: ['false', false],
		restrictions: ['None', 'None'], lease_starts_on: ['01/02/2003', '2003-02-01'], lease_ends_on: ['2050-01-01', '2050-01-01'], checked_on: ['2025-01-01', '2025-01-01'],
		exempt_reason: ['', null], published: ['TRUE', true], notes: ['More', 'More'], boundary: ['"POLYGON((-4 55,-4 55.001,-3.9 55,-4 55))"', undefined],
		owners: [`${third}:2`, [{authority_id: third, units: 2}]],
	};
	for (const [field, [sent, now]] of Object.entries(want)) {
		const preview = await send(`${head}\r\n${head.map(h => h === field ? sent : cells[h])}\r\n`, theirs);
		const change = preview.lines[0].changes.find(c => c.field === field);
		assert.ok(change, `${field}: ${JSON.stringify(preview.lines[0])}`);
		if (now !== undefined)
			assert.deepEqual(change.new, now, field);
	}
	const {lat, lon, ...others} = want;
	const all = await send(`${head}\r\n${head.map(h => others[h]?.[0] ?? cells[h])}\r\n`, theirs);
	assert.equal((await apply(all.id)).status, 200);
	const item = (await reg.admin.get(`/v1/assets/${id}`)).json;
	for (const [field, [, now]] of Object.entries(others).filter(([, [, now]]) => now !== undefined))
		assert.deepEqual(item[field], now, field);
	assert.equal((await apply(all.id, 'undo')).status, 200);
	const back = (await reg.admin.get(`/v1/assets/${id}`)).json;
	assert.deepEqual(said(back).owners, [{authority_id: theirs, units: 1}]);
	assert.deepEqual([back.published, back.common_good, back.exempt_reason, back.name], [false, true, 'operational', 'Hall']);
});

test('what is said in vain is said', async () => {
	const one = async (cells, authority = theirs) => (await send(sheet(cells), authority)).lines[0];
	const codes = line => line.problems.map(p => [p.severity, p.column, p.code]);
	const zone = (await reg.sql('select code, decile from assetd.data_zone limit 1'))[0];
	if (zone)
		assert.deepEqual(codes(await one({reference: 'Q1', name: 'x', class: 'HALL', tenure: 'OWNED', data_zone: zone.code, decile: zone.decile % 10 + 1})),
			[['WARNING', 'decile', 'decile-of-zone']]);
	assert.deepEqual((await one({reference: 'Z', published: ''})).action, 'SAME', 'a blank shows nothing to anybody');
	assert.deepEqual(codes(await one({reference: 'Z', published: 'perhaps'})), [['ERROR', 'published', 'wrong-type']]);
	assert.deepEqual(codes(await one({reference: 'Z', cpp_id: cpp.replace(/.$/, c => c === '0' ? '1' : '0')})), [['ERROR', 'cpp_id', 'NOT_FOUND']]);
	assert.deepEqual(codes(await one({reference: 'Z', owners: `${cpp}:1`})), [['ERROR', 'owners', 'BAD_FORM']]);
	const refused = await one({reference: 'Z', part_of: 'something'});
	assert.deepEqual(codes(refused), [['ERROR', 'part_of', 'part-of']]);
	for (const words of ['bars and competing requests hang on it', "then say it on the asset's page"])
		assert.ok(JSON.stringify(refused).includes(words), words);

	const ignored = await send(sheet({reference: 'Z', Ward: '3', 'Price paid': '1'}), theirs);
	assert.deepEqual([ignored.counts.warning, ignored.mapping.unread], [2, ['Ward', 'Price paid']]);
	const lga = await reg.admin.request('POST', `/v1/imports?authority_id=${theirs}&mapping=LGA`, {body: sheet({AssetCode: 'Z', PropertyName: 'Hall', published: 'no'}),
		headers: {'Content-Type': 'text/csv'}});
	assert.equal(lga.status, 422);
	assert.match(lga.json.errors[0].detail, /published .* LGA does not read it/);
});

test('a list between tabs or semicolons, or in UTF-16, is read as it is', async () => {
	const rows = [['reference', 'name', 'class', 'tenure', 'notes'], ['T1', 'Hall, old; big', 'HALL', 'OWNED', '"Two\nlines, ""quoted"""'], ['T2', 'Taigh-òsta', 'HALL', 'OWNED', '']];
	for (const separator of ['\t', ';', ',']) {
		const text = rows.map(r => r.map(v => v.includes(separator) && v[0] !== '"' ? `"${v}"` : v).join(separator)).join('\r\n') + '\r\n';
		const utf16 = Buffer.from('\ufeff' + text, 'utf16le');
		for (const [body, encoding] of [[text, 'UTF-8'], [utf16, 'UTF-16'], [Buffer.from(utf16).swap16(), 'UTF-16']]) {
			const preview = await send(body, theirs);
			assert.equal(preview.encoding, encoding);
			const values = preview.lines.map(l => Object.fromEntries(l.changes.map(c => [c.field, c.new])));
			assert.deepEqual(values.map(v => [v.reference, v.name, v.notes ?? null]), [['T1', 'Hall, old; big', 'Two\nlines, "quoted"'], ['T2', 'Taigh-òsta', null]]);
		}
	}
	for (const body of [Buffer.concat([Buffer.from('\ufeffname\r\n', 'utf16le'), Buffer.from([0x41])]), Buffer.from('name\r\nA\r\n', 'utf16le')]) {
		const reply = await reg.admin.request('POST', `/v1/imports?authority_id=${theirs}`, {body, headers: {'Content-Type': 'text/csv'}});
		assert.equal(reply.status, 422);
		assert.match(reply.json.errors[0].cure, /CSV UTF-8/);
	}
});

test('the Spatial Hub\'s file of our own is read again: nothing changes there, and elsewhere names are made of addresses', async () => {
	await reg.admin.post('/v1/assets', {authority_id: ours, reference: 'CATR', name: 'Town House', class: 'HALL', tenure: 'OWNED', address: '1 High St, Ayr', uprn: '5'});
	const text = await file(ours, 'catr');
	const same = await send(text, ours);
	assert.equal(same.mapping.name, 'CATR');
	assert.deepEqual([same.counts.warning, same.mapping.unread], [0, []]);
	// Quotes round a whole address are taken off, as lists of others have them by mistake.
	const unquoted = l => l.changes.every(c => c.field === 'address' && c.old === `"${c.new}"`);
	assert.deepEqual(same.lines.filter(l => l.action !== 'SAME' && !unquoted(l)), []);
	const made = (await send(text, theirs)).lines.find(l => l.reference === 'CATR');
	assert.deepEqual(['name', 'class', 'address', 'uprn'].map(f => made.changes.find(c => c.field === f).new), ['1 High St', 'HALL', '1 High St, Ayr', '5']);
	assert.deepEqual(made.problems.map(p => p.code), ['name-made-up', 'tenure-assumed']);
});

test('after all of this the register is sound', () => assertSound(reg));
