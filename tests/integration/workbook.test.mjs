// Lists as workbooks: what CSV has, typed, opened by a reader that is not ours; no formula, nobody's secrets, and
// never half of one that opens. And files of another day, of both kinds.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, discard, makeKey, run, scratch, startRegister, until} from '../harness/index.mjs';

const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const reg = await startRegister();
const folder = scratch();
after(() => reg.stop().then(() => discard(folder)));

/* The sheets of a file as openpyxl has them: rows of {column: [type, value, format]} by the head. */
async function open(bytes) {
	const file = path.join(folder, 'book.xlsx');
	fs.writeFileSync(file, bytes);
	// Debian's own, to which the package belongs, whatever else is called python3 here.
	const {stdout} = await run('/usr/bin/python3', [path.join(TREE, 'tests/data/read_workbook.py'), file]);
	return JSON.parse(stdout).map(sheet => {
		const head = sheet.rows.shift().map(([, value]) => value);
		return {...sheet, head, rows: sheet.rows.map(row => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ['n', null, 'General']])))};
	});
}
async function book(reader, query) {
	const reply = await reader.get(query);
	assert.equal(reply.status, 200, reply.text.slice(0, 500));
	assert.equal(reply.headers['content-type'], TYPE);
	const sheets = await open(reply.bytes);
	assert.equal(sheets.length, 1);
	return {...sheets[0], reply};
}

let council, other, officer, stranger;
const long = 'Ò'.repeat(150);
const odd = [
	{name: '=HYPERLINK("http://x","y")', reference: '+1', class: 'HALL', notes: "-1+1\n@SUM(A1) |cmd' /C calc'!A0"},
	{name: long, reference: '_x0041_', class: 'LODGE', notes: 'a < b & "c" ]]> <f>1</f>', lat: 55.4586123, lon: -4.6292456, area_m2: 120, uprn: '12345678'},
	{name: 'Hidden', reference: '3', class: 'LODGE', published: false,
		boundary: {type: 'Polygon', coordinates: [[[-4.63, 55.45], [-4.6299999, 55.45], [-4.62, 55.46], [-4.63, 55.45]]]}},
];

before(async () => {
	council = (await reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'S12999920'})).json.id;
	other = (await reg.admin.post('/v1/authorities', {name: 'Other', kind: 'OTHER', code: 'BOOK-2'})).json.id;
	for (const more of odd) {
		const made = await reg.admin.post('/v1/assets', {authority_id: council, tenure: 'OWNED', ...more});
		assert.equal(made.status, 201, made.text);
	}
	officer = reg.admin.as((await makeKey(reg, {roles: {[council]: ['ESTATES']}})).key);
	stranger = reg.admin.as((await makeKey(reg, {roles: {[other]: ['ESTATES', 'FINANCE']}})).key);
});

test('a workbook has the rows and columns of the CSV, typed, and no formula', async () => {
	const sheet = await book(officer, `/v1/assets?format=xlsx&authority_id=${council}`);
	assert.match(sheet.reply.headers['content-disposition'], /^attachment; filename="assets-\d{4}-\d\d-\d\d\.xlsx"$/);
	assert.deepEqual([sheet.name, sheet.frozen, sheet.filter], ['assets', 'A2', 'A1:AJ4']);
	const csv = (await officer.get(`/v1/assets?format=csv&authority_id=${council}`)).text;
	assert.deepEqual(sheet.head, csv.slice(0, csv.indexOf('\r\n')).split(','));
	assert.deepEqual(sheet.rows.map(r => r.name[1]), odd.map(o => o.name));
	for (const [i, row] of sheet.rows.entries()) {
		assert.deepEqual(Object.values(row).filter(c => c[0] === 'f'), [], 'a formula');
		assert.equal(row.notes[1], odd[i].notes ?? null);
		assert.equal(row.reference[0], 's', 'a reference is no number');
		assert.equal(row.boundary[1], odd[i].boundary ? JSON.stringify(odd[i].boundary) : null);
		assert.deepEqual(row.published, ['b', odd[i].published !== false, 'General']);
		assert.deepEqual(row.version.slice(0, 2), ['n', 1]);
		assert.equal(row.effective_on[0], 'd');
		assert.match(row.effective_on[1], /^20\d\d-\d\d-\d\d$/);
	}
	assert.deepEqual([sheet.rows[1].lat[1], sheet.rows[1].lon[1], sheet.rows[1].area_m2[1]], [55.4586123, -4.6292456, 120]);
	assert.deepEqual(sheet.rows[1].uprn, ['s', '12345678', 'General']);
	// openpyxl takes the escape off, as Excel does; what was typed comes back.
	assert.equal(sheet.rows[1].reference[1].replace('_x005F_', '_'), '_x0041_');
});

test('money is a number with two decimals for whom it is for, and dates are dates', async () => {
	const body = (await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40})).json;
	const [asset] = (await officer.get('/v1/assets?reference=_x0041_')).json.items;
	const made = await reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-01-05',
		offer_pence: 1234505, reasons: '=r', benefits: 'b'}, {idempotency: 'book-1'});
	assert.equal(made.status, 201, made.text);
	const {rows: [mine]} = await book(reg.admin, '/v1/requests?format=xlsx');
	assert.deepEqual(mine.offer_gbp, ['n', 12345.05, '#,##0.00']);
	assert.deepEqual(mine.received_on.slice(0, 2), ['d', '2026-01-05']);
	assert.deepEqual(mine.reasons.slice(0, 2), ['s', '=r']);
	for (const reader of [reg.anyone, stranger]) {
		const {rows: [row]} = await book(reader, '/v1/requests?format=xlsx');
		assert.equal(row.offer_gbp[1], null, 'no price for others');
	}
	for (const list of ['community-bodies', 'authorities', 'localities']) {
		const reply = await reg.anyone.get(`/v1/${list}?format=xlsx`);
		assert.deepEqual([reply.status, reply.headers['content-type']], [200, TYPE], list);
	}
});

test('who asks gets what they may see, by every door', async () => {
	const names = async (reader, query = '') => (await book(reader, `/v1/assets?format=xlsx&authority_id=${council}${query}`)).rows.length;
	assert.equal(await names(reg.anyone), 2);
	assert.equal(await names(stranger), 2);
	assert.equal(await names(officer), 3);
	assert.equal(await names(officer, '&class=HALL'), 1);
	assert.equal(await names(officer, `&q=${encodeURIComponent('nothing" OR 1=1 --')}`), 0, 'an empty list is a workbook, too');
	const accepted = await reg.anyone.get('/v1/assets', {headers: {Accept: TYPE}});
	assert.equal(accepted.headers['content-type'], TYPE);
	assert.equal((await reg.anyone.get('/downloads/assets?format=xlsx')).headers['content-type'], TYPE);
	assert.equal((await reg.anyone.get('/downloads/requests?format=xlsx&due_within=14')).headers['content-type'], TYPE);
	for (const page of ['assets', 'requests'])
		assert.match((await reg.anyone.get(`/${page}`)).text, new RegExp(`href="/downloads/${page}\\?[^"]*format=xlsx`));
	const head = await reg.anyone.request('HEAD', '/v1/assets?format=xlsx');
	assert.deepEqual([head.status, head.text], [200, '']);
	assert.equal((await reg.anyone.get('/v1/assets?format=xlsx&limit=5')).status, 400);
	assert.equal((await reg.anyone.get('/v1/events?format=xlsx')).status, 400);
});

test('a file of another day holds what was so then', async () => {
	const made = (await reg.admin.post('/v1/assets', {authority_id: council, name: 'Was', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'})).json;
	assert.equal((await reg.admin.patch(`/v1/assets/${made.id}`, {name: 'Is', effective_on: '2026-06-01'}, {match: '*'})).status, 200);
	const name = async at => (await book(officer, `/v1/assets?format=xlsx&authority_id=${council}${at}`)).rows.find(r => r.id[1] === made.id)?.name[1];
	assert.deepEqual([await name(''), await name('&valid_on=2026-03-01'), await name('&valid_on=2025-03-01')], ['Is', 'Was', undefined]);
	const csv = await officer.get(`/v1/assets?format=csv&authority_id=${council}&valid_on=2026-03-01`);
	assert.match(csv.headers['content-disposition'], /assets-2026-03-01\.csv/);
	assert.match(csv.text, new RegExp(`^${made.id},,Was,HALL,OWNED,IN_USE,${council},Council,`, 'm'));
	const lga = await officer.get(`/v1/assets?format=lga&authority_id=${council}&valid_on=2026-03-01`);
	assert.match(lga.text, /,Council,,,Was,/);
	const ndjson = await officer.get(`/v1/assets?format=ndjson&authority_id=${council}&known_at=2020-01-01T00:00:00Z`);
	assert.equal(ndjson.text, '', 'nothing was known yet');
	assert.match((await officer.get('/v1/requests?format=csv&valid_on=2026-02-01')).text, /12345\.05|RECEIVED/);
	assert.match((await reg.anyone.get('/downloads/assets?format=csv&valid_on=2026-03-01&known_on=')).text, /,Was,/);
	assert.equal((await officer.get('/v1/assets?format=csv&valid_on=yesterday')).status, 400);
});

test('a file whose daemon dies on the way is seen not to be whole', async () => {
	await reg.cluster.session(client => client.query(`set session_replication_role = replica;
		insert into assetd.asset (id, created_at, updated_at, effective_on, authority_id, published, name, class, tenure, notes, rendered)
		select 'ast_' || lpad(n::text, 26, '0'), now(), now(), current_date, '${council}', true, 'Many ' || n, 'HALL', 'OWNED',
		       (select string_agg(md5(n::text || g::text), '') from generate_series(1, 120) as g), '{}'
		  from generate_series(1, 1500) as n`));
	const {hostname, port} = new URL(reg.url);
	for (const format of ['xlsx', 'csv']) {
		const parts = [];
		const socket = net.connect(Number(port), hostname);
		socket.write(`GET /v1/assets?format=${format} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
		await new Promise(done => socket.once('data', data => { parts.push(data); socket.pause(); done(); }));
		socket.on('data', data => parts.push(data));
		const over = new Promise(done => socket.once('close', done));
		socket.on('error', () => {});
		await reg.daemon.kill();
		socket.resume();
		await over;
		const got = Buffer.concat(parts).toString('latin1');
		assert.match(got, /^HTTP\/1\.1 200 .*Transfer-Encoding: chunked/s);
		assert.ok(!got.endsWith('0\r\n\r\n'), `${format}: no last chunk`);
		assert.ok(!got.includes('PK\x05\x06'), 'no directory: no reader opens it');
		await reg.daemon.start();
	}
	const whole = await until(async () => reg.anyone.get('/v1/assets?format=xlsx').catch(() => false), {what: 'the daemon'});
	assert.equal(whole.bytes.lastIndexOf('PK\x05\x06'), whole.bytes.length - 22, 'and asked again, it is');
});
