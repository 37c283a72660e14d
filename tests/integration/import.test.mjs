// Import through its door: the real Cheltenham list with all its dirt, and files nobody should send.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, test} from 'node:test';
import {assertSound, makeKey, openSession, startRegister, until} from '../harness/index.mjs';

const FILE = new URL('../data/land-assets-cheltenham-2021/local_authority_land_and_assets_2021.csv', import.meta.url);
const cheltenham = fs.readFileSync(FILE);

const reg = await startRegister();
after(() => reg.stop());

let made = 0;

async function authority() {
	made++;
	const reply = await reg.admin.post('/v1/authorities', {name: `Import test ${made}`, kind: 'OTHER', code: `IMP-${made}`});
	assert.equal(reply.status, 201, reply.text);
	return reply.json.id;
}

const send = (id, body, query = '') => reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${id}&mapping=auto${query}`,
	{body, headers: {'Content-Type': 'text/csv'}});
const apply = (id, query = '') => reg.admin.request('POST', `/v1/imports/${id}/apply${query}`);
const undo = id => reg.admin.request('POST', `/v1/imports/${id}/undo`);

/* Whoever waits too long for another's lock is told to come again (503), or that the same is being done (202). */
async function patiently(call) {
	return until(async () => {
		const reply = await call();
		return ![202, 503].includes(reply.status) && reply;
	}, {what: 'a turn'});
}
const countAssets = async id => Number((await reg.sql(
	'select count(*)::int as n from assetd.asset where authority_id = $1 and removed_at is null', [id]))[0].n);

test('the Cheltenham list: no record lost, none invented, each oddity said', async t => {
	const id = await authority();
	const preview = await send(id, cheltenham);
	assert.equal(preview.status, 201, preview.text);
	const {json} = preview;

	await t.test('the preview counts every record and stores no asset', async () => {
		assert.equal(json.state, 'PREVIEWED');
		assert.equal(json.encoding, 'WINDOWS-1252');
		assert.equal(json.columns.length, 15);
		assert.deepEqual({...json.counts, warning: 0}, {create: 498, update: 0, same: 0, error: 0, warning: 0});
		assert.equal(json.lines.length, 498);
		assert.equal(await countAssets(id), 0);
	});

	await t.test('a duplicate reference is created as X~2 with a warning', () => {
		const twice = json.lines.filter(l => l.problems.some(p => p.code === 'duplicate-reference'));
		assert.equal(twice.length, 6);
		for (const line of twice)
			assert.match(line.reference, /~2$/);
		assert.equal(new Set(json.lines.map(l => l.reference.toLowerCase().replace(/~2$/, ''))).size, 492);
	});

	await t.test('a problem names line, column, value and cure', () => {
		const line = json.lines.find(l => l.problems.some(p => p.code === 'outside-scotland'));
		const problem = line.problems.find(p => p.code === 'outside-scotland');
		assert.equal(problem.severity, 'WARNING');
		assert.equal(problem.line, line.line);
		assert.equal(problem.column, 'GeoX');
		assert.match(problem.value, /^\d{6}/);
		assert.ok(problem.cure);
		assert.equal(json.lines[0].line, 2);
		assert.equal(json.lines[1].line, 4, 'the first record holds a line break');
		assert.ok(json.counts.warning >= 498);
	});

	await t.test('apply creates them all, in one transaction, and says so once', async () => {
		const first = await apply(json.id);
		assert.equal(first.status, 200, first.text);
		assert.equal(first.json.state, 'APPLIED');
		assert.equal(await countAssets(id), 498);
		const again = await apply(json.id);
		assert.equal(again.status, 200);
		assert.deepEqual(again.json, first.json);
		const events = await reg.sql(`select type, count(*)::int as n from assetd.change where authority_id = $1 group by 1`, [id]);
		assert.deepEqual(Object.fromEntries(events.map(e => [e.type, e.n])),
			{'authority.created': 1, 'import.previewed': 1, 'asset.created': 498, 'import.applied': 1});
	});

	await t.test('values came in clean', async () => {
		const [row] = await reg.sql(`select * from assetd.asset where authority_id = $1 and reference = '09/00025/Land and Building'`, [id]);
		assert.equal(row.name, '1 Berkeley Mews');
		assert.equal(row.address, 'High Street, Cheltenham');
		assert.equal(row.postcode, 'GL50 1DY');
		assert.equal(row.class, 'LAND_AND_BUILDING');
		assert.equal(row.uprn, '100121228178');
		assert.equal(row.easting, 395265);
		const leased = await reg.sql(`select count(*)::int as n from assetd.asset where authority_id = $1 and tenure = 'LEASED_IN'`, [id]);
		assert.equal(leased[0].n, 8);
		const named = await reg.sql(`select name from assetd.asset where authority_id = $1 and reference = '09/02653/Land and Building'`, [id]);
		assert.equal(named[0].name, '21 Lynworth Exchange');
	});

	await t.test('the same file again changes nothing', async () => {
		const again = await send(id, cheltenham);
		assert.equal(again.status, 201);
		assert.deepEqual({...again.json.counts, warning: 0}, {create: 0, update: 0, same: 498, error: 0, warning: 0});
	});

	await t.test('a changed line is an update with the field, old and new; undo puts it back', async () => {
		const changed = cheltenham.toString('latin1').replace('1 Berkeley Mews,High Street', 'One Berkeley Mews,High Street');
		const second = await send(id, Buffer.from(changed, 'latin1'));
		assert.equal(second.json.counts.update, 1);
		const line = second.json.lines.find(l => l.action === 'UPDATE');
		assert.deepEqual(line.changes, [{field: 'name', old: '1 Berkeley Mews', new: 'One Berkeley Mews'}]);
		assert.equal((await apply(second.json.id)).status, 200);
		const name = async () => (await reg.sql('select name from assetd.asset where id = $1', [line.asset_id]))[0].name;
		assert.equal(await name(), 'One Berkeley Mews');
		const undone = await undo(second.json.id);
		assert.equal(undone.status, 200, undone.text);
		assert.equal(undone.json.state, 'UNDONE');
		assert.equal(await name(), '1 Berkeley Mews');
		assert.equal(await countAssets(id), 498);
	});

	await t.test('undo of the first takes every asset away again', async () => {
		const undone = await undo(json.id);
		assert.equal(undone.status, 409, 'one of them was changed by another import');
		assert.equal(undone.json.type, '/v1/problems/import-changed-since');
	});
});

test('undo of a fresh import takes away what it made, by tombstones', async () => {
	const id = await authority();
	const preview = await send(id, 'reference,name,class,tenure\nA1,Hall,HALL,OWNED\nA2,Lodge,LODGE,OWNED\n');
	assert.equal((await apply(preview.json.id)).status, 200);
	assert.equal(await countAssets(id), 2);
	assert.equal((await undo(preview.json.id)).status, 200);
	assert.equal(await countAssets(id), 0);
	const rows = await reg.sql('select id from assetd.asset where authority_id = $1', [id]);
	assert.equal((await reg.anyone.get(`/v1/assets/${rows[0].id}`)).status, 410);
	const again = await send(id, 'reference,name,class,tenure\nA1,Hall,HALL,OWNED\n');
	assert.equal(again.json.counts.create, 1, 'a reference is free again after undo');
});

test('errors bar apply unless they are skipped, and lose nothing', async () => {
	const id = await authority();
	const preview = await send(id, 'reference,name,class,tenure,uprn\nA1,Hall,HALL,OWNED,1234567890123\nA2,Lodge,LODGE,OWNED,42\n,,,,\n');
	assert.deepEqual(preview.json.counts, {create: 1, update: 0, same: 0, error: 1, warning: 1});
	const bad = preview.json.lines.find(l => l.action === 'ERROR').problems.find(p => p.severity === 'ERROR');
	assert.equal(bad.column, 'uprn');
	assert.equal(bad.value, '1234567890123');
	const refused = await apply(preview.json.id);
	assert.equal(refused.status, 409);
	assert.equal(refused.json.type, '/v1/problems/import-has-errors');
	assert.equal(await countAssets(id), 0);
	assert.equal((await apply(preview.json.id, '?skip_errors=true')).status, 200);
	assert.equal(await countAssets(id), 1);
});

test('a register that has moved since the preview is not overwritten', async () => {
	const id = await authority();
	const csv = 'reference,name,class,tenure\nA1,Hall,HALL,OWNED\n';
	assert.equal((await apply((await send(id, csv)).json.id)).status, 200);
	const preview = await send(id, csv.replace('Hall', 'Great Hall'));
	const [asset] = await reg.sql('select id, version from assetd.asset where authority_id = $1', [id]);
	const patched = await reg.admin.patch(`/v1/assets/${asset.id}`, {name: 'Old Hall'}, {match: `"${asset.version}-a"`});
	assert.equal(patched.status, 200, patched.text);
	const stale = await apply(preview.json.id);
	assert.equal(stale.status, 409);
	assert.equal(stale.json.type, '/v1/problems/import-stale');
	const both = await send(id, csv.replace('A1', 'A9'));
	assert.equal((await apply((await send(id, csv.replace('A1', 'A9'))).json.id)).status, 200);
	assert.equal((await apply(both.json.id)).status, 409, 'a new asset took the reference meanwhile');
});

test('a line that would dispose of land under a bar is an error of that line, which names the request; so is an edit of many', async () => {
	const id = await authority();
	const csv = 'reference,name,class,tenure,lifecycle\nA1,Hall,HALL,OWNED,IN_USE\nA2,Depot,DEPOT,OWNED,IN_USE\n';
	assert.equal((await apply((await send(id, csv)).json.id)).status, 200);
	const [{id: hall}] = await reg.sql(`select id from assetd.asset where authority_id = $1 and reference = 'A1'`, [id]);
	const body = await reg.admin.post('/v1/community-bodies', {name: 'Bar Trust', legal_form: 'SCIO', members: 30});
	const request = await reg.admin.post('/v1/requests', {asset_id: hall, community_body_id: body.json.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'bar'});
	assert.equal((await reg.admin.post(`/v1/requests/${request.json.id}/events`, {event: 'VALIDATE', on: '2026-10-01'})).status, 201);
	const said = lines => lines.map(l => [l.action, l.problems.map(p => [p.code, p.column, p.message.includes(request.json.reference)])]);
	const sold = await send(id, csv.replaceAll('IN_USE', 'DISPOSED'));
	assert.deepEqual(said(sold.json.lines), [['ERROR', [['DISPOSAL_BARRED', 'lifecycle', true]]], ['UPDATE', []]]);
	assert.equal((await apply(sold.json.id, '?skip_errors=true')).status, 200, 'the rest goes in');
	const many = await reg.admin.post(`/v1/imports?kind=edit&authority_id=${id}&class=HALL`, {lifecycle: 'DISPOSED'});
	assert.deepEqual(said(many.json.lines).map(([action, [[code]]]) => [action, code]), [['ERROR', 'DISPOSAL_BARRED']], many.text);
	assert.deepEqual((await send(id, csv.replace('Hall', 'Great Hall').replaceAll('IN_USE', 'SURPLUS'))).json.lines[0].action, 'UPDATE', 'all else may change');
});

test('files nobody should send are refused with line and cure, and store nothing', async () => {
	const id = await authority();
	const before = await reg.sql('select count(*)::int as n from assetd.import');
	const wide = n => Array.from({length: n}, (_, i) => `c${i}`).join(',');
	const utf16 = Buffer.from('\ufeffreference,name\r\nA1,Hall\r\n', 'utf16le');
	const files = {
		'an empty file': ['', 422, 'EMPTY'],
		'nothing but blank lines': ['\r\n \r\n', 422, 'EMPTY'],
		'a byte order mark and nothing': [Buffer.from([0xef, 0xbb, 0xbf]), 422, 'EMPTY'],
		'UTF-16 with half a character at its end': [utf16.subarray(0, -1), 422, 'ENCODING'],
		'UTF-16 without its mark': [utf16.subarray(2), 422, 'NUL'],
		'a byte of no encoding': [Buffer.from('reference,name\nA1,\x81\n', 'latin1'), 422, 'ENCODING'],
		'a record of 100,000 columns': [`reference,name\n${','.repeat(99_999)}\n`, 413, 'TOO_LARGE'],
		'a header of 100,000 columns': [`${wide(100_000)}\n`, 413, 'TOO_LARGE'],
		'200,000 records': [`reference,name\n${'A,B\n'.repeat(200_000)}`, 413, 'TOO_LARGE'],
		'a field longer than 64 KiB': [`reference,name\nA1,${'x'.repeat(65_537)}\n`, 413, 'TOO_LARGE'],
		'a reference named twice': ['reference,name,Reference\nA1,Hall,A2\n', 422, 'COLUMNS'],
		'a cut quote': ['reference,name\nA1,"Hall\n', 422, 'UNCLOSED_QUOTE'],
		'a NUL': ['reference,name\nA1,Ha\0ll\n', 422, 'NUL'],
		'ten million commas': [','.repeat(10_000_000), 413, 'TOO_LARGE'],
		'an empty collection of GeoJSON': ['{"type":"FeatureCollection","features":[]}', 422, 'JSON'],
		'lines of JSON': ['{"id":"ast_1"}\n{"id":"ast_2"}\n', 422, 'JSON'],
		'a spreadsheet': ['PK\x03\x04 and so on', 422, 'SPREADSHEET'],
		'columns nobody knows': ['a,b\n1,2\n', 422, 'COLUMNS'],
	};
	for (const [what, [body, status, code]] of Object.entries(files)) {
		const reply = await send(id, body);
		assert.equal(reply.status, status, `${what}: ${reply.text}`);
		assert.equal(reply.headers['content-type'], 'application/problem+json');
		assert.equal(reply.json.errors[0].code, code, what);
		assert.match(reply.json.errors[0].pointer, /^\/line\/\d+$/, what);
		assert.ok(reply.json.errors[0].cure, what);
	}
	assert.deepEqual(await reg.sql('select count(*)::int as n from assetd.import'), before);
});

test('what is lawful though odd is taken', async t => {
	const lines = async (body, lines) => {
		const reply = await send(await authority(), body);
		assert.equal(reply.status, 201, reply.text);
		assert.deepEqual(reply.json.lines.map(l => [l.line, l.reference]), lines);
		return reply.json;
	};
	await t.test('only a header: nothing to do, which apply says too', async () => {
		const json = await lines('reference,name\n', []);
		assert.deepEqual(json.counts, {create: 0, update: 0, same: 0, error: 0, warning: 0});
		assert.match(json.nothing_to_do, /names the columns \(reference, name\) and has no lines below/);
		const page = await (await openSession(reg.url, reg.adminKey)).get(`/imports/${json.id}`);
		assert.ok(page.text.includes('has no lines below') && !page.text.includes('>Apply</button>'), 'there is nothing to press');
		const applied = await apply(json.id);
		assert.equal(applied.status, 200, applied.text);
		assert.deepEqual([json.state, applied.json.state, applied.json.version, applied.json.applied_at], ['NOTHING_TO_DO', 'NOTHING_TO_DO', json.version, null]);
		assert.deepEqual((await reg.admin.get(`/v1/imports/${json.id}`)).json.nothing_to_do, json.nothing_to_do);
		assert.deepEqual(await reg.sql(`select from assetd.change where subject = $1 and type = 'import.applied'`, [json.id]), []);
		assert.equal((await lines('reference,name\nA1,Hall\n', [[2, 'A1']])).nothing_to_do, null);
	});
	await t.test('a byte order mark is no part of the first column', async () => {
		const json = await lines('\ufeffreference,name\nA1,Hall\n', [[2, 'A1']]);
		assert.equal(json.encoding, 'UTF-8');
		assert.deepEqual(json.columns, ['reference', 'name']);
	});
	await t.test('lines that end in CR alone', () => lines('reference,name\rA1,Hall\rA2,Lodge\r', [[2, 'A1'], [3, 'A2']]));
	await t.test('Windows-1252', async () => {
		const json = await lines(Buffer.from('reference,name\nA1,Caf\xe9 \x93Old\x94\n', 'latin1'), [[2, 'A1']]);
		assert.equal(json.encoding, 'WINDOWS-1252');
		await apply(json.id);
		const [row] = await reg.sql('select name from assetd.asset where id = (select asset_id from assetd.import_line where import_id = $1)', [json.id]);
		assert.equal(row.name, 'Café “Old”');
	});
	await t.test('a record cut short, and one with a field too many', async () => {
		const json = await lines('reference,name,class,tenure\nA1\nA2,Lodge,LODGE,OWNED,what is this\n', [[2, 'A1'], [3, 'A2']]);
		assert.ok(json.lines[1].problems.some(p => p.code === 'too-many-fields' && p.value === 'what is this' && p.cure), JSON.stringify(json.lines[1]));
	});
	await t.test('text, quotes and commas inside quotes', async () => {
		const json = await lines('reference,name\nA1,"Hall, ""Old"""\n', [[2, 'A1']]);
		await apply(json.id);
		const [row] = await reg.sql('select name from assetd.asset where id = (select asset_id from assetd.import_line where import_id = $1)', [json.id]);
		assert.equal(row.name, 'Hall, "Old"');
	});
});

test('references are the same by one rule: but for the case of ASCII letters', async () => {
	const id = await authority();
	const there = (await reg.admin.post('/v1/assets', {authority_id: id, name: 'There', class: 'HALL', tenure: 'OWNED', reference: 'É1a'})).json;
	const preview = await send(id, 'reference,name,class,tenure\né1a,One,HALL,OWNED\nÉ1A,Two,HALL,OWNED\nſ1,Long,HALL,OWNED\nS1,Short,HALL,OWNED\n');
	assert.deepEqual(preview.json.lines.map(l => [l.action, l.asset_id ?? null]),
		[['CREATE', null], ['UPDATE', there.id], ['CREATE', null], ['CREATE', null]]);
	const applied = await apply(preview.json.id);
	assert.equal(applied.status, 200, applied.text);
	assert.equal(await countAssets(id), 4);
	const twice = await reg.admin.post('/v1/assets', {authority_id: id, name: 'Twice', class: 'HALL', tenure: 'OWNED', reference: 'É1A'});
	assert.deepEqual([twice.status, twice.json.type], [409, '/v1/problems/duplicate']);
	const other = await reg.admin.post('/v1/assets', {authority_id: id, name: 'Other', class: 'HALL', tenure: 'OWNED', reference: 'ſ1A'});
	assert.equal(other.status, 201, other.text);
	const moved = await reg.admin.patch(`/v1/assets/${other.json.id}`, {reference: 'é1A'}, {match: '*'});
	assert.deepEqual([moved.status, moved.json.type], [409, '/v1/problems/duplicate'], 'that is the first line');
});

test('a list unchanged changes no asset and tells of none', async () => {
	const id = await authority();
	const csv = 'reference,name,class,tenure,area_m2\nA1,Hall,HALL,OWNED,120\nA2,Lodge,LODGE,OWNED,\n';
	assert.equal((await apply((await send(id, csv)).json.id)).status, 200);
	const state = () => reg.sql(`select id, version, updated_at from assetd.asset where authority_id = $1 order by id`, [id]);
	const events = () => reg.sql(`select type, count(*)::int as n from assetd.change where authority_id = $1 group by 1 order by 1`, [id]);
	const before = await state();
	const again = await send(id, csv);
	assert.deepEqual(again.json.counts, {create: 0, update: 0, same: 2, error: 0, warning: 0});
	assert.ok(again.json.lines.every(l => l.action === 'SAME' && l.changes.length === 0));
	assert.equal((await apply(again.json.id)).status, 200);
	assert.deepEqual(await state(), before);
	assert.deepEqual(await events(), [{type: 'asset.created', n: 2}, {type: 'authority.created', n: 1}, {type: 'import.applied', n: 2},
		{type: 'import.previewed', n: 2}]);
});

test('two who apply the same import at once apply it once', async () => {
	const id = await authority();
	const preview = await send(id, 'reference,name,class,tenure\n' + Array.from({length: 50}, (_, i) => `A${i},Hall,HALL,OWNED\n`).join(''));
	const replies = await Promise.all([1, 2, 3, 4].map(() => patiently(() => apply(preview.json.id))));
	for (const reply of replies) {
		assert.equal(reply.status, 200, reply.text);
		assert.deepEqual(reply.json, replies[0].json);
	}
	assert.equal(await countAssets(id), 50);
	const [n] = await reg.sql(`select count(*)::int as n from assetd.change where authority_id = $1 and type = 'asset.created'`, [id]);
	assert.equal(n.n, 50);
	const undone = await Promise.all([1, 2].map(() => patiently(() => undo(preview.json.id))));
	for (const reply of undone)
		assert.equal(reply.status, 200, reply.text);
	assert.equal(await countAssets(id), 0);
	assert.equal((await apply(preview.json.id)).status, 409, 'what is undone is not applied again');
});

test('two lists over the same register at once: one is stale, nothing is mixed', async () => {
	const id = await authority();
	const csv = name => `reference,name,class,tenure\n${Array.from({length: 20}, (_, i) => `A${i},${name},HALL,OWNED\n`).join('')}`;
	assert.equal((await apply((await send(id, csv('Hall'))).json.id)).status, 200);
	const previews = [await send(id, csv('Great hall')), await send(id, csv('Small hall'))];
	const replies = await Promise.all(previews.map(p => patiently(() => apply(p.json.id))));
	assert.deepEqual(replies.map(r => r.status).sort(), [200, 409]);
	const names = await reg.sql('select distinct name from assetd.asset where authority_id = $1', [id]);
	assert.equal(names.length, 1);
	const lost = replies.find(r => r.status === 409);
	assert.equal(lost.json.type, '/v1/problems/import-stale');
});

test('undo puts back what was there, and both time axes keep what was not', async () => {
	const id = await authority();
	const csv = 'reference,name,class,tenure,area_m2,notes\nA1,Hall,HALL,OWNED,120,Slate roof\n';
	assert.equal((await apply((await send(id, csv)).json.id)).status, 200);
	const [asset] = await reg.sql('select id from assetd.asset where authority_id = $1', [id]);
	const item = async () => (await reg.admin.get(`/v1/assets/${asset.id}`)).json;
	const pick = ({name, class: c, area_m2, notes}) => ({name, c, area_m2, notes});
	const before = await item();
	const second = await send(id, csv.replace('Hall,HALL,OWNED,120,Slate roof', 'Great hall,LIBRARY,OWNED,,'));
	assert.deepEqual(second.json.lines[0].changes.map(c => c.field).sort(), ['area_m2', 'class', 'name', 'notes']);
	assert.equal((await apply(second.json.id)).status, 200);
	const between = await item();
	assert.deepEqual(pick(between), {name: 'Great hall', c: 'LIBRARY', area_m2: null, notes: null});
	assert.equal((await undo(second.json.id)).status, 200);
	const after = await item();
	assert.deepEqual(pick(after), pick(before));
	assert.equal(after.version, between.version + 1, 'it is a change like any other');
	const then = await reg.admin.get(`/v1/assets/${asset.id}?known_at=${between.updated_at}`);
	assert.equal(then.json.name, 'Great hall', 'what we knew then is still what we knew then');
	const history = (await reg.admin.get(`/v1/assets/${asset.id}/history`)).json.items;
	assert.deepEqual(history.map(h => h.type), ['asset.created', 'asset.updated', 'asset.updated']);
});

test('undo of what somebody else has changed since is refused whole', async () => {
	const id = await authority();
	const preview = await send(id, 'reference,name,class,tenure\nA1,Hall,HALL,OWNED\nA2,Lodge,LODGE,OWNED\n');
	assert.equal((await apply(preview.json.id)).status, 200);
	const [asset] = await reg.sql(`select id from assetd.asset where authority_id = $1 and reference = 'A2'`, [id]);
	assert.equal((await reg.admin.patch(`/v1/assets/${asset.id}`, {notes: 'Leaks'}, {match: '"1-a"'})).status, 200);
	const refused = await undo(preview.json.id);
	assert.equal(refused.status, 409);
	assert.equal(refused.json.type, '/v1/problems/import-changed-since');
	assert.equal(await countAssets(id), 2, 'the other is not taken away either');
	assert.equal((await reg.admin.get(`/v1/imports/${preview.json.id}`)).json.state, 'APPLIED');
});

test('an import is another authority\'s neither to see nor to move', async () => {
	const [mine, theirs] = [await authority(), await authority()];
	const member = reg.admin.as((await makeKey(reg, {roles: {[theirs]: ['ESTATES']}})).key);
	const preview = await send(mine, 'reference,name\nA1,Hall\n');
	for (const reply of [await member.get(`/v1/imports/${preview.json.id}`), await member.post(`/v1/imports/${preview.json.id}/apply`),
		await member.post(`/v1/imports/${preview.json.id}/undo`), await member.get('/v1/imports/imp_00000000000000000000000000')]) {
		assert.equal(reply.status, 404, reply.text);
		assert.equal(reply.json.type, '/v1/problems/not-found');
	}
	const forbidden = await member.request('POST', `/v1/imports?kind=assets&authority_id=${mine}`,
		{body: 'reference,name\nA1,Hall\n', headers: {'Content-Type': 'text/csv'}});
	assert.equal(forbidden.status, 403);
	assert.equal(await countAssets(mine), 0);
});

test('an import is nobody else\'s', async () => {
	const id = await authority();
	const preview = await send(id, 'reference,name\nA1,Hall\n');
	assert.equal((await reg.anyone.get(`/v1/imports/${preview.json.id}`)).status, 401);
	assert.equal((await reg.admin.get(`/v1/imports/${preview.json.id}`)).status, 200);
});

test('after all of this the register is sound', () => assertSound(reg));
