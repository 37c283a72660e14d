// Fourteen real registers in fourteen layouts: each loaded as it was published, none lost, nothing let in silently.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, test} from 'node:test';
import zlib from 'node:zlib';
import {assertSound, startRegister} from '../harness/index.mjs';

const FOLDER = new URL('../data/brownfield-registers-england/', import.meta.url);
const reg = await startRegister();
after(() => reg.stop());

const bytes = name => {
	const body = fs.readFileSync(new URL(name, FOLDER));
	return name.endsWith('.gz') ? zlib.gunzipSync(body) : body;
};

let made = 0;
async function authority() {
	const reply = await reg.admin.post('/v1/authorities', {name: `List ${++made}`, kind: 'OTHER', code: `LIST-${made}`});
	assert.equal(reply.status, 201, reply.text);
	return reply.json.id;
}

async function send(id, body, mapping = 'auto') {
	const reply = await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${id}&mapping=${mapping}`,
		{body, headers: {'Content-Type': 'text/csv'}});
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
}
const apply = (id, query = '') => reg.admin.request('POST', `/v1/imports/${id}/apply${query}`);

/* All assets of an authority by their reference, or by their name where they have none. */
async function assets(id) {
	const found = new Map();
	for (let next = `/v1/assets?authority_id=${id}&limit=1000`; next;) {
		const {json} = await reg.admin.get(next);
		for (const a of json.items)
			found.set(a.reference ?? a.name, a);
		next = json.next;
	}
	return found;
}

const errors = json => json.lines.filter(l => l.action === 'ERROR')
	.map(l => [l.line, l.problems.find(p => p.severity === 'ERROR').code]);
const warnings = (json, code) => json.lines.filter(l => l.problems.some(p => p.code === code)).length;
const skipped = (json, code) => json.mapping.skipped.filter(s => s.code === code).length;

/* records: all the file's behind its header; created and refused add up to them, less those left out. */
const FILES = [
	{file: 'exeter.csv', records: 28, create: 28, encoding: 'UTF-8', at: ['102-104 Fore Street (1st, 2nd and 3rd floors only)', 291820, 92421]},
	{file: 'fylde_cleaned.csv', records: 47, create: 47, encoding: 'UTF-8', at: ['BP01', 330941, 431694]},
	{file: 'leicester.csv', records: 66, create: 66, encoding: 'UTF-8', at: ['LLU6012_20151587', 458058, 304925]},
	{file: 'london_combined.csv.gz', records: 1079, create: 1079, encoding: 'WINDOWS-1252', at: ['P052245', null, null]},
	{file: 'london_legacy.csv', records: 3, create: 3, encoding: 'UTF-8', at: ['LLDC1', 538221, 183691]},
	{file: 'mole_valley.csv', records: 18, create: 18, encoding: 'UTF-8', at: ['BLR02', 516706, 149468]},
	{file: 'new_forest.csv', records: 56, create: 55, errors: [[58, 'number']], encoding: 'WINDOWS-1252', at: ['BLR_Brans_001', 417891, 98084]},
	{file: 'preston.csv', records: 58, create: 48, left_out: 10, encoding: 'UTF-8', at: ['BR01', 353850, 431757]},
	{file: 'tonbridge_malling.csv', records: 13, create: 13, encoding: 'UTF-8', at: ['TMBC-BFR-002', 559044, 146792]},
	{file: 'west_devon.csv', records: 4, create: 4, encoding: 'UTF-8', at: ['WD_32_11_13', 245826, 86676]},
	{file: 'worcester.csv', records: 37, create: 36, errors: [[35, 'number']], encoding: 'UTF-8', at: ['SWDP43/3', 386199, 254689]},
	{file: 'wychavon.csv', records: 18, create: 18, encoding: 'UTF-8', at: ['WDCBLR/0001', 394889, 246072]},
];

for (const want of FILES) {
	test(`${want.file}: every record is an asset, an error or named as left out; a second load finds them all again`, async () => {
		const id = await authority();
		const preview = await send(id, bytes(want.file));
		assert.equal(preview.mapping.name, 'BROWNFIELD');
		assert.equal(preview.encoding, want.encoding);
		assert.deepEqual(errors(preview), want.errors ?? []);
		assert.equal(preview.counts.create, want.create);
		assert.equal(preview.mapping.skipped.length, want.left_out ?? 0);
		assert.equal(preview.counts.create + preview.counts.error + preview.mapping.skipped.length, want.records);
		const applied = await apply(preview.id, '?skip_errors=true');
		assert.equal(applied.status, 200, applied.text);
		const there = await assets(id);
		const [key, easting, northing] = want.at;
		assert.deepEqual([there.get(key)?.easting, there.get(key)?.northing], [easting, northing]);

		const again = await send(id, bytes(want.file));
		assert.deepEqual({...again.counts, warning: 0, error: 0}, {create: 0, update: 0, same: want.create, warning: 0, error: 0});
	});
}

test('places: by range and not by label, and what cannot be placed is said', async () => {
	const preview = async name => send(await authority(), bytes(name));
	const [worcester, legacy, london, exeter] = [await preview('worcester.csv'), await preview('london_legacy.csv'),
		await preview('london_combined.csv.gz'), await preview('exeter.csv')];
	assert.equal(warnings(worcester, 'axes-swapped'), 32, 'latitudes in GeoX');
	assert.equal(warnings(worcester, 'half-a-point'), 4);
	assert.equal(warnings(legacy, 'points-differ'), 2, 'degrees and metres lie 87 and 65 m apart in two of its records');
	assert.equal(warnings(legacy, 'axes-swapped'), 0);
	assert.ok(warnings(london, 'place-unknown') > 90, 'numbers of a third system are no place');
	const place = london.lines[0].problems.find(p => p.code === 'place-unknown');
	assert.deepEqual([place.column, place.value], ['GeoX', '3975323.664']);
	assert.ok(place.cure);
	assert.equal(warnings(exeter, 'outside-scotland'), 28);
});

test('a register taken from a PDF against the one repaired by hand', async () => {
	const [torn, whole] = [await authority(), await authority()];
	const scrape = await send(torn, bytes('fylde_pdf_scrape.csv'));
	assert.deepEqual(errors(scrape), [[86, 'fragment']], 'the end of an address on a line of its own');
	assert.equal(scrape.counts.create, 47);
	assert.equal(skipped(scrape, 'repeated-header'), 2);
	assert.deepEqual(scrape.mapping.header, {line: 1, records: 3});
	assert.equal((await apply(scrape.id)).status, 409, 'not before somebody has seen the error');
	assert.equal((await apply(scrape.id, '?skip_errors=true')).status, 200);
	assert.equal((await apply((await send(whole, bytes('fylde_cleaned.csv'))).id)).status, 200);

	const [a, b] = [await assets(torn), await assets(whole)];
	const one = ({name, address, easting, northing, area_m2}) => ({name, address, easting, northing, area_m2});
	// What the hand repaired besides: one reference typed anew, one name freed of its neighbour's cell.
	assert.deepEqual([...a.keys()].filter(k => !b.has(k)), ['LE09']);
	assert.deepEqual([...b.keys()].filter(k => !a.has(k)), ['E09']);
	const differing = [...a.keys()].filter(k => b.has(k) && JSON.stringify(one(a.get(k))) !== JSON.stringify(one(b.get(k))));
	assert.deepEqual(differing, ['FR10']);
	assert.deepEqual({...one(a.get('FR10')), name: '', address: ''}, {...one(b.get('FR10')), name: '', address: ''});
});

test('a table torn so that values stand beside the wrong reference lets nothing in', async () => {
	const id = await authority();
	const scrape = await send(id, bytes('tonbridge_malling_pdf_scrape.csv'));
	assert.deepEqual(scrape.mapping.header, {line: 1, records: 2});
	assert.deepEqual([scrape.counts.create, scrape.counts.update], [0, 0]);
	assert.equal(scrape.counts.error + scrape.mapping.skipped.length, 47);
	assert.ok(errors(scrape).every(([, code]) => code === 'torn-table'));
	// Beside this reference stands the place of the next site: it must not become an asset.
	const wrong = scrape.lines.find(l => l.reference === 'TMBC-BFR-004');
	assert.equal(wrong.action, 'ERROR');
	assert.equal((await apply(scrape.id, '?skip_errors=true')).status, 200);
	assert.equal((await assets(id)).size, 0);

	const repaired = await send(id, bytes('tonbridge_malling.csv'));
	assert.equal((await apply(repaired.id)).status, 200);
	assert.equal((await assets(id)).get('TMBC-BFR-004').easting, 570674);
	assert.equal(warnings(repaired, 'too-few-fields'), 7, 'ragged records');
});

test('a change of one cell is one difference of one line', async () => {
	const id = await authority();
	const text = bytes('wychavon.csv').toString();
	assert.equal((await apply((await send(id, text)).id)).status, 200);
	const changed = await send(id, text.replace('WDCBLR/0002', 'wdcblr/0002').replace('394421', '394431'));
	assert.deepEqual({...changed.counts, warning: 0}, {create: 0, update: 1, same: 17, error: 0, warning: 0});
	const line = changed.lines.find(l => l.action === 'UPDATE');
	assert.deepEqual(line.changes.filter(c => ['reference', 'easting'].includes(c.field)),
		[{field: 'reference', old: 'WDCBLR/0002', new: 'wdcblr/0002'}, {field: 'easting', old: 394421, new: 394431}]);
});

test('after all of this the register is sound', () => assertSound(reg));
