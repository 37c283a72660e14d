// Receipts by two dimensions: every pair of them sums to what the one-dimensional answers say, to the penny, in every
// scenario and for every reader; and nothing is shown in two that one holds back. And the files that finance takes of them.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, discard, makeKey, ok, openForecast, run, scratch, startRegister} from '../harness/index.mjs';

const GROUPS = ['YEAR', 'QUARTER', 'AUTHORITY', 'CPP', 'LOCALITY', 'DECILE', 'CLASS'];
const MEMBER = {YEAR: 'year', QUARTER: 'quarter', AUTHORITY: 'authority_id', CPP: 'cpp_id', LOCALITY: 'locality_id', DECILE: 'decile', CLASS: 'class'};
const TIME = ['YEAR', 'QUARTER'];
const PAIRS = GROUPS.flatMap((a, i) => GROUPS.slice(i + 1).map(b => [a, b]));

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
const folder = scratch();
after(() => reg.stop().then(() => discard(folder)));

const {write, receipts: ask, last, ...forecast} = openForecast(reg);
const made = {};

/* The amounts of an item, as they must add up; null is what is not for this reader. */
const amounts = i => [i.baseline.gross_pence, i.baseline.cost_pence, i.baseline.net_pence, i.baseline.pv_pence, i.adjusted.gross_pence,
	i.adjusted.cost_pence, i.adjusted.net_pence, i.adjusted.pv_pence, i.rent_pence, i.adjustment_pence, i.forgone_pence]
	.map(n => n === null ? null : BigInt(n));
/* Sums of items by what a group says of them; keys whose sums are all zero count for nothing. */
function sums(items, member) {
	const by = new Map();
	for (const i of items) {
		const key = String(i.group[member]);
		by.set(key, amounts(i).map((a, n) => a + (by.get(key)?.[n] ?? 0n)));
	}
	return new Map([...by].filter(([, v]) => v.some(a => a !== 0n)).sort());
}

before(async () => {
	const random = (n => () => (n = (n * 48271) % 2147483647) / 2147483647)(20261121);
	const authority = [];
	for (const [i, kind] of ['COUNCIL', 'HEALTH_BOARD', 'COUNCIL'].entries())
		authority.push(await write(reg.admin.post('/v1/authorities', {name: `Body ${i}`, kind, code: `PAIR-${i}`})));
	const cpp = [await write(reg.admin.post('/v1/cpps', {name: 'North', code: 'PN', partners: [authority[0].id, authority[1].id]})),
		await write(reg.admin.post('/v1/cpps', {name: 'South', code: 'PS', partners: [authority[2].id]}))];
	const locality = [await write(reg.admin.post('/v1/localities', {name: 'Shore', code: 'L1', kind: 'LOCALITY', cpp_id: cpp[0].id})),
		await write(reg.admin.post('/v1/localities', {name: 'Hill', code: 'L2', kind: 'LOCALITY', cpp_id: cpp[1].id}))];
	const body = await write(reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	Object.assign(made, {authority, cpp, locality});
	for (let i = 0; i < 14; i++) {
		const pick = list => list[Math.floor(random() * list.length)];
		const where = i % 5 === 4 ? undefined : pick(locality);
		const owner = pick(authority), other = pick(authority.filter(a => a !== owner));
		const a = await forecast.asset({
			name: `Place ${i}`, class: pick(['HALL', 'DEPOT', 'LAND']), authority_id: owner.id,
			...(where && {locality_id: where.id, cpp_id: where.cpp_id}), ...(i % 3 === 0 && {decile: 1 + i % 10}),
			...(i % 4 === 1 && {owners: [{authority_id: owner.id, units: 2}, {authority_id: other.id, units: 1}]}),
		}, {
			amount: 1 + Math.floor(random() * 90000000),
			plan: {stage: pick(['MARKETING', 'MISSIVES', 'SURPLUS']), planned_on: `${2026 + Math.ceil(random() * 12)}-06-15`},
		});
		if (i % 4 === 0) {
			const r = await write(reg.admin.post('/v1/requests', {asset_id: a.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
				offer_pence: 1000 * (i + 1)}, {idempotency: `pair-${i}`}));
			await write(reg.admin.post(`/v1/requests/${r.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
		}
	}
	// Nothing is planned with it, and a community asks for it.
	const asked = await forecast.asset({name: 'Asked for', class: 'HALL', authority_id: authority[2].id}, {amount: 7000001});
	const {id} = await write(reg.admin.post('/v1/requests', {asset_id: asked.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
		offer_pence: 5000001}, {idempotency: 'pair-asked'}));
	await write(reg.admin.post(`/v1/requests/${id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
});

test('each pair sums to each of its two, to the penny, in every scenario and under a filter', async () => {
	for (const more of ['&scenario=BEST', '&scenario=WORST', '', `&authority_id=${made.authority[1].id}`, `&cpp_id=${made.cpp[0].id}&class=HALL`]) {
		const one = Object.fromEntries(await Promise.all(GROUPS.map(async g => [g, await ask(`group_by=${g}${more}`)])));
		assert.ok(one.YEAR.items.length > 2, more);
		for (const pair of PAIRS) {
			const got = await ask(`group_by=${pair}${more}`);
			assert.deepEqual(got.totals, one.YEAR.totals.percentiles === null ? one.YEAR.totals : {...one.YEAR.totals, percentiles: got.totals.percentiles}, `${pair}${more}`);
			const keys = got.items.map(i => JSON.stringify(pair.map(g => i.group[MEMBER[g]])));
			assert.equal(new Set(keys).size, keys.length, `${pair} says something twice`);
			// What came in before the horizon, or comes after it, is in the items of time and in no total.
			const inside = got.items.filter(i => !/^(ACTUAL|BEYOND)/.test(i.group.quarter ?? i.group.year ?? ''));
			for (const g of pair) {
				const items = TIME.includes(g) ? got.items : inside;
				assert.deepEqual(sums(items, MEMBER[g]), sums(one[g].items, MEMBER[g]), `${pair}${more} by ${g}`);
			}
		}
	}
});

test('the order in which the two are named changes nothing', async () => {
	for (const [a, b] of PAIRS)
		assert.deepEqual((await ask(`group_by=${b},${a}`)).items, (await ask(`group_by=${a},${b}`)).items);
	for (const bad of ['YEAR,YEAR', 'YEAR,', ',YEAR', 'YEAR,CPP,CLASS', 'YEAR, CPP', ','])
		assert.equal((await reg.admin.get(`/v1/projections/receipts?group_by=${encodeURIComponent(bad)}`)).status, 400, bad);
});

test('a frozen run has the years of each authority, partnership, locality and class', async () => {
	const run = await write(reg.admin.post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'Pairs', tag: 'WHAT_IF'}));
	for (const pair of ['YEAR,AUTHORITY', 'CPP,YEAR', 'YEAR,LOCALITY', 'CLASS,YEAR', 'DECILE,YEAR']) {
		const kept = await ask(`group_by=${pair}&run=${run.id}&scenario=BEST`), now = await ask(`group_by=${pair}&scenario=BEST`);
		assert.deepEqual([kept.run, kept.totals], [run.id, now.totals], pair);
		// Land without a partnership or a locality is in a run's whole alone.
		const named = now.items.filter(i => Object.values(i.group).every(v => v !== null));
		assert.deepEqual(kept.items.map(i => [i.group, amounts(i)]), named.map(i => [i.group, amounts(i)]), pair);
	}
	for (const query of ['group_by=QUARTER,CPP', 'group_by=CPP,CLASS', `group_by=YEAR,CPP&authority_id=${made.authority[0].id}`])
		assert.equal((await reg.admin.get(`/v1/projections/receipts?run=${run.id}&${query}`)).status, 400, query);
	assert.equal((await reg.anyone.get(`/v1/projections/receipts?run=${run.id}&group_by=YEAR,CPP`)).status, 403);
});

test('two dimensions show nobody what one holds back', async () => {
	const own = reg.admin.as((await makeKey(reg, {roles: {[made.authority[2].id]: ['FINANCE']}})).key);
	for (const who of [reg.anyone, own]) {
		for (const pair of PAIRS) {
			const got = await ask(`group_by=${pair}`, who);
			const keyed = pair.filter(g => !TIME.includes(g));
			if (keyed.length === 2 && who === reg.anyone)
				assert.equal(got.items.length, 0, `${pair}: work for nobody`);
			else if (!keyed.length || (who === own && pair.includes('AUTHORITY')))
				assert.ok(got.items.length > 0, `${pair}`);
			for (const item of got.items.filter(i => !i.suppressed)) {
				if (keyed.length === 2) {
					assert.ok(who === own && (item.group.authority_id === made.authority[2].id || item.group.cpp_id === made.cpp[1].id), `${pair} ${item.group}`);
					continue;
				}
				if (!keyed.length || item.group.year?.startsWith('ACTUAL') || item.group.quarter?.startsWith('ACTUAL'))
					continue;
				// A key's series is what its own filter answers.
				const [g] = keyed, time = pair.find(t => TIME.includes(t)), value = item.group[MEMBER[g]];
				if (g === 'DECILE' || value === null)
					continue;
				const alone = await ask(`group_by=${time}&${MEMBER[g]}=${value}`, who);
				const twin = alone.items.find(i => i.group[MEMBER[time]] === item.group[MEMBER[time]]);
				assert.equal(twin.suppressed, false, `${pair} ${JSON.stringify(item.group)}`);
				assert.deepEqual(amounts(item), amounts(twin));
			}
			for (const item of got.items.filter(i => i.suppressed))
				assert.deepEqual([...Object.values(item.baseline), ...Object.values(item.adjusted)], Array(8).fill(null));
		}
		const filtered = await ask(`group_by=CLASS,DECILE&locality_id=${made.locality[0].id}`, reg.anyone);
		assert.deepEqual([filtered.items, filtered.totals.suppressed], [[], true]);
	}
});

test('stages of what is planned sum to the whole, to the penny, and are shown to whoever reads all of its money, and to nobody else', async () => {
	const own = reg.admin.as((await makeKey(reg, {roles: {[made.authority[2].id]: ['FINANCE']}})).key);
	const inside = items => items.filter(i => !/^(ACTUAL|BEYOND)/.test(i.group.quarter ?? i.group.year ?? ''));
	for (const [who, more] of [[reg.admin, ''], [reg.admin, '&scenario=WORST'], [reg.admin, `&authority_id=${made.authority[1].id}`], [reg.admin, `&cpp_id=${made.cpp[0].id}&class=HALL`],
		[own, `&authority_id=${made.authority[2].id}`]]) {
		const years = await ask(`group_by=YEAR${more}`, who), whole = await ask(`group_by=STAGE${more}`, who);
		assert.ok(whole.items.length > 1, more);
		if (!more.startsWith('&cpp') && !more.includes(made.authority[1].id))
			assert.ok(whole.items.some(i => i.group.stage === null), `what has no plan has its row: ${more}`);
		assert.ok(whole.items.every(i => ['MARKETING', 'MISSIVES', 'SURPLUS', null].includes(i.group.stage)), JSON.stringify(whole.items.map(i => i.group)));
		assert.deepEqual(sums(whole.items.map(i => ({...i, group: {all: 1}})), 'all'), sums(inside(years.items).map(i => ({...i, group: {all: 1}})), 'all'), more);
		for (const time of TIME) {
			const alone = await ask(`group_by=${time}${more}`, who), got = await ask(`group_by=${time},STAGE${more}`, who);
			assert.deepEqual(sums(got.items, MEMBER[time]), sums(alone.items, MEMBER[time]), `${time}${more}`);
			assert.deepEqual(sums(inside(got.items), 'stage'), sums(whole.items, 'stage'), `${time}${more}`);
			assert.equal(got.percentiles_absent, 'NOT_BY_STAGE');
			assert.ok(got.items.every(i => i.percentiles === null));
		}
	}
	for (const [who, more] of [[reg.anyone, ''], [reg.anyone, `&authority_id=${made.authority[2].id}`], [own, ''], [own, `&authority_id=${made.authority[0].id}`], [own, `&class=HALL`]]) {
		const told = await ask(`group_by=YEAR${more}`, who);
		for (const group of ['STAGE', 'YEAR,STAGE', 'QUARTER,STAGE']) {
			const got = await ask(`group_by=${group}${more}`, who);
			assert.deepEqual(got.items, [], `${group}${more}`);
			assert.ok(got.totals.suppressed || got.totals.adjusted.net_pence === told.totals.adjusted.net_pence, `${group}${more}`);
		}
	}
	const {id} = await write(reg.admin.post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'Staged', tag: 'WHAT_IF'}));
	for (const query of ['group_by=STAGE,CPP', 'group_by=CLASS,STAGE', `group_by=STAGE&run=${id}`, `group_by=YEAR,STAGE&run=${id}`])
		assert.equal((await reg.admin.get(`/v1/projections/receipts?${query}`)).status, 400, query);
	const [head, ...rows] = lines((await reg.admin.seen('/v1/projections/receipts?format=csv&group_by=YEAR,STAGE')).text);
	const {totals} = await ask('group_by=YEAR'), at = head.indexOf('total_gbp');
	assert.equal(rows.filter(r => r[0] === 'Adjusted' && r[1] !== 'All together').reduce((sum, r) => sum + pence(r[at]), 0), totals.adjusted.net_pence);
});

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/* The sheets of a workbook as openpyxl, which is not ours, reads them: rows of [type, value, format]. */
async function sheets(reply) {
	assert.deepEqual([reply.status, reply.headers['content-type']], [200, XLSX], reply.text.slice(0, 300));
	const file = path.join(folder, 'forecast.xlsx');
	fs.writeFileSync(file, reply.bytes);
	return JSON.parse((await run('/usr/bin/python3', [path.join(TREE, 'tests/data/read_workbook.py'), file])).stdout);
}
const pence = text => Number(BigInt(text.replace('.', '')));
const lines = csv => csv.trim().split('\r\n').map(l => l.split(','));

/* Each parameter is there as the API has it. */
function hasParameters(sheet, expected) {
	const [head, ...rows] = sheet.rows.map(r => r.map(c => c?.[1] ?? null));
	assert.deepEqual(head, ['label', 'path', 'value', 'default', 'unit', 'origin']);
	const cell = v => typeof v === 'object' || typeof v === 'boolean' ? JSON.stringify(v) : v;
	assert.ok(rows.length > 100);
	assert.deepEqual(rows, expected.map(p => head.map(key => cell(p[key]))));
}

test('a workbook has the years across, bodies down, and what the JSON says to the penny', async () => {
	const json = await ask('group_by=YEAR,AUTHORITY'), years = await ask('group_by=YEAR');
	const reply = await reg.admin.seen('/v1/projections/receipts?format=xlsx');
	assert.match(reply.headers['content-disposition'], /^attachment; filename="forecast-\d{4}-\d\d-\d\d\.xlsx"$/);
	const [forecast, provenance, parameters] = await sheets(reply);
	assert.deepEqual([forecast.name, provenance.name, parameters.name], ['Forecast', 'Provenance', 'Parameters']);
	assert.deepEqual([forecast.frozen, provenance.frozen], ['C2', 'A2'], 'measure and body stay beside the years');
	for (const sheet of [forecast, provenance, parameters])
		assert.deepEqual(sheet.paper, ['landscape', 0, true, '$1:$1'], 'as wide as a page, with its head on each');
	const head = forecast.rows.shift().map(c => c[1]);
	const labels = [...new Set(json.items.map(i => i.group.year))].sort((a, b) => b.startsWith('ACTUAL') - a.startsWith('ACTUAL') || (a < b ? -1 : 1));
	assert.deepEqual(head, ['measure', 'group', 'group_id', ...labels.map(l => `${l}_gbp`), 'total_gbp']);
	const measures = {Baseline: i => i.baseline.net_pence, Adjusted: i => i.adjusted.net_pence, Adjustment: i => i.adjustment_pence};
	for (const [name, of] of Object.entries(measures)) {
		const block = forecast.rows.filter(r => r[0][1] === name);
		assert.deepEqual(block.map(r => r[1][1]), ['Body 0', 'Body 1', 'Body 2', 'All together']);
		for (const row of block.slice(0, 3)) {
			let total = 0;
			for (const [n, label] of labels.entries()) {
				const item = json.items.find(i => i.group.authority_id === row[2][1] && i.group.year === label), cell = row[3 + n];
				if (!item) {
					assert.equal(cell?.[1] ?? null, null);
					continue;
				}
				assert.deepEqual(cell, ['n', of(item) / 100, '#,##0.00'], `${name} ${label}`);
				total += /^\d/.test(label) ? of(item) : 0;
			}
			assert.equal(Math.round(row[head.length - 1][1] * 100), total);
		}
		assert.deepEqual(block[3].slice(3, -1).map(c => Math.round(c[1] * 100)), labels.map(l => of(years.items.find(i => i.group.year === l))));
		assert.equal(Math.round(block[3].at(-1)[1] * 100), of(json.totals));
	}
	assert.ok(forecast.rows.flat().every(c => c[0] !== 'f'), 'no formula');
	const facts = Object.fromEntries(provenance.rows.slice(1).map(r => [r[0][1], r[1]?.[1]]));
	assert.equal(facts['SHA-256 of the parameters'], json.parameters_hash);
	assert.equal(facts['As of'], json.as_of);
	assert.equal(facts['Figures withheld'], '0');
	assert.match(facts.Percentiles, /^Not additive/);
	const {items, totals} = ok(await reg.admin.get(facts['The same for programs']), 200);
	assert.deepEqual([items, totals], [json.items, json.totals]);
	hasParameters(parameters, ok(await reg.admin.get('/v1/projections/parameters'), 200).parameters);
	const other = await write(reg.admin.post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'Dearer', tag: 'WHAT_IF',
		parameters: {scenarios: {LIKELY: {price_ppm: 1250000}}, slip: {MID: [[0, 1000000]]}}}));
	const [, , of] = await sheets(await reg.admin.seen(`/v1/projections/receipts?format=xlsx&run=${other.id}`));
	const was = new Map(of.rows.map(r => [r[1][1], r[2][1]]));
	assert.deepEqual(['/scenarios/LIKELY/price_ppm', '/slip/MID', '/scenarios/BEST/price_ppm'].map(at => was.get(at)), [1250000, '[[0,1000000]]', 1100000]);
});

test('CSV says the same, a frozen run too, and where it comes from in each line', async () => {
	const run = await write(reg.admin.post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'File', tag: 'QUARTER', seed: 7}));
	for (const query of ['', `&run=${run.id}`]) {
		const json = await ask(`group_by=YEAR,AUTHORITY${query}`);
		const reply = await reg.admin.seen(`/v1/projections/receipts?format=csv${query}`);
		assert.equal(reply.headers['content-type'], 'text/csv; charset=utf-8; header=present');
		const [head, ...rows] = lines(reply.text);
		const at = Object.fromEntries(head.map((name, i) => [name, i]));
		for (const item of json.items) {
			const row = rows.find(r => r[0] === 'Adjusted' && r[at.group_id] === item.group.authority_id);
			assert.equal(pence(row[at[`${item.group.year}_gbp`]]), item.adjusted.net_pence);
			assert.deepEqual([row[at.parameters_hash], row[at.as_of], row[at.run]], [json.parameters_hash, json.as_of, query ? run.id : '']);
		}
	}
	for (const [query, down] of [['group_by=CLASS,CPP', 'North'], ['group_by=DECILE', 'No decile'], ['group_by=QUARTER', 'All']]) {
		const [head, ...rows] = lines((await reg.admin.seen(`/v1/projections/receipts?format=csv&${query}`)).text);
		assert.ok(rows.some(r => r[1] === down), query);
		const json = await ask(query), at = head.indexOf('total_gbp');
		const own = rows.filter(r => r[0] === 'Baseline' && r[1] !== 'All together');
		assert.equal(own.reduce((sum, r) => sum + pence(r[at]), 0), json.totals.baseline.net_pence, query);
	}
	const alone = lines((await reg.admin.seen(`/v1/projections/receipts?format=csv&run=${run.id}&authority_id=${made.authority[0].id}`)).text);
	assert.deepEqual([...new Set(alone.slice(1).map(r => r[1]))], ['All'], 'of one body its years');
	for (const bad of ['format=ods', 'format=csv&guard=maybe'])
		assert.equal((await reg.admin.get(`/v1/projections/receipts?${bad}`)).status, 400, bad);
});

test('a script that has it is told so, until a receipt moves and not while others write', async () => {
	const get = (query, tag) => reg.admin.get(`/v1/projections/receipts?min_event=${last()}&${query}`, {headers: tag ? {'If-None-Match': tag} : {}});
	const queries = ['group_by=YEAR', 'format=csv', 'format=xlsx', 'format=csv&guard=no', 'scenario=BEST&format=csv'];
	const tags = [];
	for (const query of queries)
		tags.push((await get(query)).headers.etag);
	assert.equal(new Set(tags).size, queries.length, tags);
	await write(reg.admin.post('/v1/authorities', {name: 'Nothing to sell', kind: 'COUNCIL', code: 'PAIR-N'}));
	for (const [i, query] of queries.entries()) {
		const again = await get(query, tags[i]);
		assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', tags[i]], query);
	}
	await forecast.asset({name: 'More', authority_id: made.authority[0].id}, {amount: 100, plan: {}});
	for (const [i, query] of queries.entries())
		assert.equal((await get(query, tags[i])).status, 200, query);
});

test('a file holds back what the page holds back, and says so', async () => {
	const json = await ask('group_by=YEAR,AUTHORITY', reg.anyone);
	const withheld = json.items.filter(i => i.suppressed).length;
	assert.ok(withheld, 'three bodies with few assets');
	const [forecast, provenance] = await sheets(await reg.anyone.get('/downloads/forecast?format=xlsx'));
	assert.equal(forecast.rows.flat().filter(c => c[1] === 'withheld').length > withheld, true);
	assert.equal(Object.fromEntries(provenance.rows.map(r => [r[0][1], r[1]?.[1]]))['Figures withheld'], String(withheld));
	const shown = new Set(json.items.filter(i => !i.suppressed).flatMap(i => amounts(i).map(String)));
	const [head, ...rows] = lines((await reg.anyone.get('/downloads/forecast')).text);
	for (const row of rows.filter(r => r[1] !== 'All together')) {
		for (const cell of row.slice(3, head.indexOf('total_gbp')).filter(c => c !== ''))
			assert.ok(shown.has(String(pence(cell))), cell);
	}
	assert.match((await reg.anyone.get('/forecast')).text, /href="\/downloads\/forecast\?format=xlsx&amp;group_by=YEAR/);
});
