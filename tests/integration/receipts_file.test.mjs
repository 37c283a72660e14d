// Files of receipts that are too long to be made at once: 20,000 groups go out as they are made, whole and to the penny,
// while others are served; one that somebody leaves half-way leaves nothing behind.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {discard, fillForecast, ok, openForecast, run, scratch, startRegister, until} from '../harness/index.mjs';

const ASSETS = 5000, BODIES = 4, ITEMS = ASSETS * BODIES;
const folder = scratch();
const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop().then(() => discard(folder)));
const forecast = openForecast(reg);
const made = {};

/* On a loaded machine so many figures take the projector longer than one request waits. */
const get = (path, options, method = 'GET') => until(async () => {
	const reply = await reg.admin.request(method, path, options);
	return reply.status !== 503 && reply;
}, {what: path});

/* Each asset has a class of its own and four owners, who sell it next year. From then on nothing moves the feed. */
before(async () => {
	made.bodies = [];
	for (let i = 0; i < BODIES; i++)
		made.bodies.push(await forecast.add('/v1/authorities', {name: `Body ${i}`, kind: 'COUNCIL', code: `FILE-${i}`}));
	await fillForecast(reg, {count: ASSETS, owners: made.bodies.map(b => b.id)});
	await reg.daemon.restart();
	await until(async () => {
		const [{told, all}] = await reg.sql(`select count(*) filter (where type = 'projection.changed')::int as told, count(*)::int as all from assetd.change`);
		return told === BODIES && (await get('/v1/projections/receipts?group_by=YEAR')).json.position === all;
	}, {what: 'the forecast of each body to be told, which is a change too', deadline_ms: 90_000});
	made.json = await get('/v1/projections/receipts?group_by=AUTHORITY,CLASS');
	assert.equal(made.json.json.items.length, ITEMS);
});

const MEASURES = {
	Baseline: i => i.baseline.net_pence, Adjusted: i => i.adjusted.net_pence, Adjustment: i => i.adjustment_pence,
	'Baseline gross': i => i.baseline.gross_pence, 'Baseline costs': i => i.baseline.cost_pence, 'Adjusted gross': i => i.adjusted.gross_pence,
	'Adjusted costs': i => i.adjusted.cost_pence, 'Adjusted rent (revenue)': i => i.rent_pence,
};
const pence = text => Number(text.replace('.', ''));
const lines = csv => csv.trim().split('\r\n').map(l => l.split(','));
const url = (format, groups = 'AUTHORITY,CLASS') => `/v1/projections/receipts?group_by=${groups}&format=${format}`;

/* The texts and figures of each row of a workbook, in order. A library takes a minute over so many. */
const ROWS = `
import re, sys, zipfile
for row in re.findall(r"<row .*?</row>", zipfile.ZipFile(sys.argv[1]).read("xl/worksheets/sheet1.xml").decode(), re.S):
    print(",".join(text or number for text, number in re.findall(r"<t[^>]*>([^<]*)</t>|<v>([^<]*)</v>", row)))
`;

/* Every row is an item's, and every item has its row in each block. */
function compare(head, rows, json) {
	const at = Object.fromEntries(head.map((name, i) => [name, i]));
	const items = new Map(json.items.map(i => [`${i.group.authority_id} ${i.group.class}`, i]));
	for (const [name, of] of Object.entries(MEASURES)) {
		const block = rows.filter(r => r[0] === name), all = block.pop();
		assert.equal(block.length, ITEMS, name);
		assert.equal(new Set(block.map(r => `${r[at.group_id]} ${r[at.second_group_id]}`)).size, ITEMS, `${name}: a pair twice`);
		for (const row of block)
			assert.equal(pence(row[at.total_gbp]), of(items.get(`${row[at.group_id]} ${row[at.second_group_id]}`)), `${name} ${row}`);
		assert.equal(all[1], 'All together');
		assert.equal(pence(all[at.total_gbp]), of(json.totals), name);
		assert.equal(block.reduce((sum, r) => sum + pence(r[at.total_gbp]), 0), of(json.totals), name);
	}
	assert.ok(rows.every(r => r[0] in MEASURES), 'no block more');
	assert.deepEqual([...new Set(rows.map(r => r[at.position]))], [String(json.position)], 'each row of one position');
}

test('20,000 groups come as CSV, each to the penny', async () => {
	assert.ok(made.json.text.length > 4 << 20, `${made.json.text.length} bytes of JSON`);
	const reply = await get(url('csv'));
	assert.equal(reply.status, 200, reply.text.slice(0, 300));
	made.csv = reply.bytes;
	const [head, ...rows] = lines(reply.text);
	assert.deepEqual(head.slice(0, 6), ['measure', 'group', 'group_id', 'second_group', 'second_group_id', 'total_gbp']);
	compare(head, rows, made.json.json);
	assert.deepEqual(rows[0].slice(1, 3), ['Body 0', made.bodies[0].id], 'by name');
});

test('years stand across as many rows as there are classes, in a workbook too', async () => {
	const json = ok(await get('/v1/projections/receipts?group_by=YEAR,CLASS'), 200);
	const csv = lines((await get(url('csv', 'YEAR,CLASS'))).text);
	const block = new Map(csv.filter(r => r[0] === 'Adjusted').map(r => [r[2], r]));
	assert.equal(block.size, ASSETS + 1);
	for (const i of json.items)
		assert.equal(pence(block.get(i.group.class)[csv[0].indexOf(`${i.group.year}_gbp`)]), i.adjusted.net_pence);
	const reply = await get(url('xlsx', 'YEAR,CLASS'));
	assert.deepEqual([reply.status, reply.bytes.subarray(0, 2).toString()], [200, 'PK'], reply.text.slice(0, 300));
	const file = path.join(folder, 'forecast.xlsx');
	fs.writeFileSync(file, reply.bytes);
	const {stdout} = await run('/usr/bin/python3', ['-c', ROWS, file], {deadline_ms: 60_000});
	const rows = stdout.trimEnd().split('\n').map(l => l.split(',')), columns = csv[0].indexOf('total_gbp') + 1;
	assert.deepEqual(rows, csv.map(row => row.slice(0, columns).filter(cell => cell !== '')));
});

test('whoever has it is told so', async () => {
	const tags = {};
	for (const format of ['csv', 'xlsx']) {
		const head = await get(url(format, 'YEAR,CLASS'), {}, 'HEAD');
		tags[format] = head.headers.etag;
		assert.deepEqual([head.status, head.text], [200, '']);
		const again = await get(url(format, 'YEAR,CLASS'), {headers: {'If-None-Match': tags[format]}});
		assert.deepEqual([again.status, again.text], [304, '']);
	}
	assert.notEqual(tags.csv, tags.xlsx);
});

/* The request on a connection of its own, once the first of the reply is there. */
const begin = format => until(() => new Promise((resolve, reject) => http.get(`${reg.url}${url(format)}`,
	{agent: false, headers: {Authorization: `Bearer ${reg.adminKey}`}}, reply => reply.once('readable', () => {
		assert.ok([200, 503].includes(reply.statusCode));
		resolve(reply.statusCode === 200 ? reply : reply.destroy() && false);
	})).on('error', reject)), {what: 'the first of a file'});
const resident = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${reg.daemon.process.pid}/status`, 'utf8'))[1]) / 1024;

test('those who leave half-way or read nothing cost what waits for them, and others are served', async () => {
	const was = resident();
	for (const format of ['csv', 'xlsx', 'csv'])
		(await begin(format)).destroy();
	const slow = await begin('csv');
	ok(await get('/v1/projections/receipts?group_by=YEAR'), 200);
	assert.ok(resident() - was < 200, `${resident() - was} MiB, of four answers of ${made.json.text.length} bytes`);
	await forecast.value({id: `ast_${'1'.padStart(26, '0')}`}, 99_999_999);
	const now = await forecast.receipts('group_by=YEAR');
	assert.ok(now.position > made.json.json.position && now.totals.baseline.net_pence > made.json.json.totals.baseline.net_pence, 'it has moved meanwhile');
	const parts = [];
	for await (const part of slow)
		parts.push(part);
	const [got, want] = [Buffer.concat(parts).toString().split('\r\n'), made.csv.toString().split('\r\n')];
	const at = got.findIndex((line, i) => line !== want[i]);
	assert.deepEqual([got.length, got[at]], [want.length, want[at]], 'of the position with which it began, to its last line');
});
