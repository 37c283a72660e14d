// A list writes in stretches what is otherwise written one by one: whatever it leaves behind is the same, in each table.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, startRegister} from '../harness/index.mjs';

const CLOCK = '2026-11-21T10:00:00Z';
const reg = await startRegister({clock: CLOCK});
after(() => reg.stop());

const ROWS = [
	{reference: 'A1', name: 'Hall', class: 'HALL', tenure: 'OWNED'},
	{reference: 'A2', name: 'Depot "North", old', class: 'DEPOT', tenure: 'LEASED_IN', address: '1 High Street', postcode: 'AB10 1AB', uprn: '100000001',
		easting: 390000, northing: 800000, area_m2: 1200, notes: 'Ask for\nthe key', lease_starts_on: '2020-01-01', lease_ends_on: '2030-01-01'},
	{reference: 'A3', name: 'Not for all', class: 'LAND', tenure: 'OWNED', published: false, title_number: 'ABN123', common_good: true},
	// A word that looks like an id of something that not everybody may look up.
	{reference: 'prn_00000000000000000000000001', name: 'evt_00000000000000000000000001', class: 'LAND', tenure: 'OWNED', lat: 57.1, lon: -2.1},
];
/* What becomes of them, by reference. */
const EDITS = {A1: {name: 'Old hall', address: '2 High Street'}, A2: {area_m2: 1300, published: false}, A3: {published: true, notes: 'Now for all'}};

async function authority(code) {
	const reply = await reg.admin.post('/v1/authorities', {name: 'Equals', kind: 'OTHER', code});
	assert.equal(reply.status, 201, reply.text);
	return reply.json.id;
}

async function load(id, rows) {
	const columns = [...new Set(rows.flatMap(Object.keys))];
	const cell = value => value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`;
	const body = [columns, ...rows.map(row => columns.map(c => cell(row[c])))].map(cells => cells.join(',')).join('\n');
	const preview = await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${id}&mapping=ASSETD`, {body, headers: {'Content-Type': 'text/csv'}});
	assert.equal(preview.status, 201, preview.text);
	assert.equal(preview.json.counts.error, 0, preview.text);
	const applied = await reg.admin.request('POST', `/v1/imports/${preview.json.id}/apply`);
	assert.equal(applied.status, 200, applied.text);
	return preview.json.counts;
}

/* Each table's rows of the assets of an authority, in the words of no authority and no asset, by reference. */
async function left(id) {
	const anonymous = `replace(replace(x::text, a.id, 'ast'), a.authority_id, 'aut')`;
	const of = async (rows, order) => (await reg.sql(`select a.reference, ${anonymous}::jsonb as row from assetd.asset as a
		cross join lateral (${rows}) as r (x) where a.authority_id = $1 order by a.reference, ${order}`, [id])).map(r => [r.reference, r.row]);
	return {
		assets: await of(`select to_jsonb(a) - '{model_id,rendered,created_at,updated_at}'::text[]`, '1'),
		items: await of(`select a.rendered::jsonb - '{created_at,updated_at}'::text[]`, '1'),
		owners: await of('select to_jsonb(o) from assetd.asset_owner as o where o.asset_id = a.id', 'r.x'),
		facts: await of(`select jsonb_build_object('part', f.part, 'valid', f.valid, 'known', not upper_inf(f.known), 'body', f.body, 'published', f.published,
			'is_money', f.is_money, 'asset_id', f.asset_id, 'authority_id', f.authority_id) from assetd.fact as f where f.subject = a.id`,
		`r.x ->> 'part', r.x ->> 'known', r.x ->> 'valid', r.x::text`),
		// What an event of a list tells is less, and names the list; to whom, and what of it not to everybody, is the same.
		changes: await of(`select jsonb_build_object('type', c.type, 'seq', c.subject_seq, 'is_public', c.is_public, 'readers', c.readers,
			'actor_kind', c.actor_kind, 'hidden', array_remove(c.hidden, 'import_id'), 'authority_id', c.authority_id) from assetd.change as c where c.subject = a.id`, `r.x -> 'seq'`),
	};
}

test('assets of a list are those made one by one, in each table, and so is what is changed of them', async () => {
	const [listed, single] = [await authority('EQ-1'), await authority('EQ-2')];
	assert.equal((await load(listed, ROWS)).create, ROWS.length);
	const ids = {};
	for (const row of ROWS) {
		const reply = await reg.admin.post('/v1/assets', {...row, authority_id: single});
		assert.equal(reply.status, 201, reply.text);
		ids[row.reference] = reply.json.id;
	}
	const made = await left(listed);
	assert.deepEqual(made, await left(single));
	assert.deepEqual(made.changes.map(([reference, {hidden}]) => [reference, hidden]), ROWS.map(({reference}) => [reference,
		reference.startsWith('prn_') ? ['reference'] : []]));

	const edited = ROWS.map(row => ({...row, ...EDITS[row.reference]}));
	assert.equal((await load(listed, edited)).update, Object.keys(EDITS).length);
	for (const [reference, edit] of Object.entries(EDITS)) {
		const reply = await reg.admin.patch(`/v1/assets/${ids[reference]}`, edit, {match: '*'});
		assert.equal(reply.status, 200, reply.text);
	}
	assert.deepEqual(await left(listed), await left(single));
	await assertSound(reg);
});
