// All plans of a partnership in one call and on one page: what, where, when, whose, beside what, with
// which request on it, and no price of a single asset to anybody who may not read it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, discard, makeKey, openSession, run, scratch, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
const folder = scratch();
after(() => reg.stop().then(() => discard(folder)));
const {admin, anyone} = reg;
const made = {};

const ok = (reply, status = 200) => {
	assert.equal(reply.status, status, reply.text);
	return reply.json;
};
const post = async (path, body) => ok(await admin.post(path, body, path === '/v1/requests' ? {idempotency: body.reasons} : {}), 201);
const plans = async (query = '', who = anyone) => ok(await who.seen(`/v1/cpps/${made.cpp.id}/plans${query}`));
const byName = ({items}) => Object.fromEntries(items.map(i => [i.name, i]));

/* The sheets of a workbook as openpyxl, which is not ours, reads them: rows of [type, value, format]. */
async function sheets(reply) {
	assert.equal(reply.status, 200, reply.text.slice(0, 300));
	const file = path.join(folder, 'plans.xlsx');
	fs.writeFileSync(file, reply.bytes);
	return JSON.parse((await run('/usr/bin/python3', [path.join(TREE, 'tests/data/read_workbook.py'), file])).stdout);
}

async function planned(authority, name, more = {}, planned_on = '2027-06-15') {
	const a = await post('/v1/assets', {authority_id: authority.id, name, class: 'HALL', tenure: 'OWNED', cpp_id: made.cpp.id, ...more});
	await post(`/v1/assets/${a.id}/valuations`, {amount_pence: 31415900, basis: 'MV', valued_on: '2026-04-01'});
	if (planned_on)
		ok(await admin.put(`/v1/assets/${a.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on}, {headers: {'If-None-Match': '*'}}), 201);
	return a;
}

before(async () => {
	made.council = await post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C1'});
	made.board = await post('/v1/authorities', {name: 'Board', kind: 'HEALTH_BOARD', code: 'H1'});
	made.cpp = await post('/v1/cpps', {name: 'Planning <together>', code: 'P1', partners: [made.council.id, made.board.id]});
	made.place = await post('/v1/localities', {name: 'Town', code: 'T1', cpp_id: made.cpp.id, kind: 'LOCALITY'});
	made.hall = await planned(made.council, 'Hall', {easting: 300000, northing: 700000, locality_id: made.place.id, decile: 2});
	made.clinic = await planned(made.board, 'Clinic', {easting: 300300, northing: 700400}, '2028-01-10');
	made.lodge = await planned(made.board, 'Lodge', {uprn: '123'}, '2028-04-01');
	made.shed = await planned(made.council, 'Shed', {uprn: '123', owners: [{authority_id: made.council.id, units: 1}, {authority_id: made.board.id, units: 1}]}, null);
	await planned(made.council, 'Far', {easting: 300000, northing: 709000}, '2027-06-15');
	await planned(made.council, 'Idle', {easting: 300001, northing: 700000}, null);
	await planned(made.council, 'Secret', {easting: 300002, northing: 700000, published: false});
	const body = await post('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO'});
	made.request = await post('/v1/requests', {asset_id: made.shed.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 2718200, reasons: 'r1'});
});

test('everybody sees what, where, when, whose and what is beside it', async () => {
	const got = await plans(), of = byName(got);
	assert.deepEqual(got.items.map(i => i.name), ['Hall', 'Far', 'Clinic', 'Lodge', 'Shed'], 'by planned day, requests without a plan last');
	assert.equal(got.cpp.name, 'Planning <together>');
	assert.deepEqual([of.Hall.locality_name, of.Hall.decile, of.Hall.plan.year, of.Hall.plan.quarter], ['Town', 2, '2027-28', '2027-28Q1']);
	assert.deepEqual([of.Clinic.plan.quarter, of.Lodge.plan.quarter], ['2027-28Q4', '2028-29Q1']);
	assert.deepEqual(of.Hall.beside.map(b => [b.name, b.distance_m, b.same_site, b.is_other_partner]), [['Clinic', 500, null, true]], 'not what is not planned, far or not public');
	assert.deepEqual(of.Lodge.beside.map(b => [b.name, b.same_site]), [['Shed', 'UPRN']]);
	assert.deepEqual(of.Shed.owners.map(o => o.name), ['Board', 'Council']);
	assert.deepEqual(of.Shed.requests.map(r => [r.id, r.community_body_name, r.state]), [[made.request.id, 'Friends', made.request.state]]);
	assert.equal(of.Shed.plan, null);
	assert.deepEqual((await plans('?within_m=499')).items[0].beside, []);
});

test('filters, and a page after a page', async () => {
	const names = async query => (await plans(query)).items.map(i => i.name);
	assert.deepEqual(await names('?year=2027-28'), ['Hall', 'Far', 'Clinic']);
	assert.deepEqual(await names(`?authority_id=${made.board.id}`), ['Clinic', 'Lodge', 'Shed'], 'a joint owner too');
	assert.deepEqual(await names(`?locality_id=${made.place.id}`), ['Hall']);
	const seen = [];
	for (let next = `/v1/cpps/${made.cpp.id}/plans?limit=2`; next;) {
		const page = ok(await anyone.get(next));
		assert.ok(page.items.length <= 2);
		seen.push(...page.items.map(i => i.name));
		({next} = page);
	}
	assert.deepEqual(seen, ['Hall', 'Far', 'Clinic', 'Lodge', 'Shed']);
	for (const query of ['year=2027', 'within_m=0', 'within_m=5001', 'limit=x', 'after=x', `after=x.${made.hall.id}`, 'x=1'])
		assert.equal((await anyone.get(`/v1/cpps/${made.cpp.id}/plans?${query}`)).status, 400, query);
	assert.equal((await anyone.get(`/v1/cpps/cpp_${'0'.repeat(26)}/plans`)).status, 404);
});

test('partners have the totals, and nobody a price', async () => {
	const partner = admin.as((await makeKey(reg, {roles: {[made.board.id]: ['FINANCE']}})).key);
	const live = (await plans('', partner)).receipts;
	assert.ok(live.totals.baseline.net_pence > 0 && live.items.every(i => !i.suppressed));
	for (const who of [anyone, partner, admin]) {
		const text = JSON.stringify((await plans('', who)).items);
		assert.ok(!/pence|31415900|2718200/.test(text));
	}
	const open = JSON.stringify((await plans()).receipts);
	assert.ok(!/31415900|2718200/.test(open));
});

test('sites of several bodies, and the requests that span them', async () => {
	const {sites} = await plans();
	assert.deepEqual(sites.map(s => [s.same_site, s.assets.map(a => a.name), s.authorities.map(a => a.name), s.requests.map(r => r.id)]).sort(), [
		['OWNERS', ['Shed'], ['Board', 'Council'], [made.request.id]],
		['UPRN', ['Lodge', 'Shed'], ['Board', 'Council'], [made.request.id]],
	]);
	// Another body's land a few metres off, and what the public may not know of.
	const hut = await planned(made.board, 'Hut', {easting: 300004, northing: 700003, published: false}, null);
	assert.equal((await plans()).sites.length, 2);
	const own = (await plans('', admin)).sites.filter(s => s.same_site === 'PLACE');
	assert.deepEqual(own.map(s => s.assets.map(a => a.name).sort()).sort(), [['Hall', 'Hut'], ['Hut', 'Idle'], ['Hut', 'Secret']]);
	assert.ok(own.flatMap(s => s.assets).some(a => a.asset_id === hut.id));
});

test('what each partner may forgo by year, beside the benefit and never netted', async () => {
	const board = admin.as((await makeKey(reg, {roles: {[made.board.id]: ['FINANCE']}})).key);
	await ok(await admin.patch(`/v1/requests/${made.request.id}`, {benefit_score: 40, benefit_pence: 161803}, {match: (await admin.get(`/v1/requests/${made.request.id}`)).headers.etag}));
	const {by_partner} = await plans('', board), of = Object.fromEntries(by_partner.items.map(i => [i.name, i]));
	assert.equal(by_partner.of_land, 'PARTNERSHIP');
	const series = ok(await board.seen(`/v1/projections/receipts?group_by=YEAR,AUTHORITY&cpp_id=${made.cpp.id}`));
	for (const [name, id] of [['Council', made.council.id], ['Board', made.board.id]]) {
		const theirs = series.items.filter(i => i.group.authority_id === id && /^\d/.test(i.group.year));
		assert.ok(theirs.length > 0);
		assert.deepEqual(of[name].years.map(y => [y.year, y.baseline_pence, y.adjusted_pence, y.adjustment_pence, y.forgone_pence]),
			theirs.map(i => [i.group.year, i.baseline.net_pence, i.adjusted.net_pence, i.adjustment_pence, i.forgone_pence]));
		assert.equal(of[name].totals.adjustment_pence, of[name].totals.baseline_pence - of[name].totals.adjusted_pence);
		assert.equal(of[name].totals.forgone_pence, theirs.reduce((sum, i) => sum + i.forgone_pence, 0));
	}
	assert.deepEqual(of.Council.benefit, {requests: 1, scored: 1, score: 40, benefit_pence: null}, 'a partner has the score, and no amount of another body');
	assert.equal((await plans('', admin)).by_partner.items.find(i => i.name === 'Council').benefit.benefit_pence, 161803);

	const open = (await plans()).by_partner;
	assert.equal(open.of_land, 'ALL_OF_PARTNER');
	for (const partner of open.items) {
		assert.ok(!partner.benefit.benefit_pence);
		assert.ok([partner.totals, ...partner.years].every(y => y.forgone_pence === null || !y.forgone_pence), 'no forgone receipt to everybody');
	}
	assert.ok(!/161803|31415900|2718200/.test(JSON.stringify(open)));
});

test('the same as CSV and as a workbook, for a spreadsheet that runs nothing', async () => {
	await planned(made.council, '=1+1', {}, '2029-06-15');
	const all = (await plans()).items;
	const csv = await anyone.get(`/v1/cpps/${made.cpp.id}/plans?format=csv`);
	assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8; header=present');
	assert.match(csv.headers['content-disposition'], /^attachment; filename="plans-\d{4}-\d\d-\d\d\.csv"$/);
	const [head, ...rows] = csv.text.trim().split('\r\n');
	assert.match(head, /^asset_id,name,class,lifecycle,authority,/);
	assert.deepEqual(rows.map(r => r.split(',')[0]), all.map(i => i.asset_id));
	assert.ok(csv.text.includes(`'=1+1`) && !/31415900|2718200|Secret|314159/.test(csv.text));
	assert.ok((await anyone.get(`/v1/cpps/${made.cpp.id}/plans?format=csv&guard=no`)).text.includes(',=1+1,'));

	for (const who of [anyone, admin]) {
		const [sheet, partners, sites] = await sheets(await who.get(`/v1/cpps/${made.cpp.id}/plans?format=xlsx`));
		const json = await plans('', who);
		assert.deepEqual([sheet.name, partners.name, sites.name], ['Plans', 'By partner', 'Shared sites']);
		assert.deepEqual(sheet.rows.slice(1).map(r => r[0][1]), json.items.map(i => i.asset_id));
		assert.ok(sheet.rows.flat().every(c => c[0] !== 'f'), 'no formula');
		const totals = partners.rows.slice(1).filter(r => r[1][1] === 'All years');
		assert.deepEqual(totals.map(r => [r[0][1], r[5][1]]), json.by_partner.items.map(i => [i.name, i.totals?.forgone_pence == null ? 'withheld' : i.totals.forgone_pence / 100]));
		assert.equal(sites.rows.length - 1, json.sites.length);
	}
	for (const query of ['format=pdf', 'format=csv&guard=x', 'format=csv&limit=5001'])
		assert.equal((await anyone.get(`/v1/cpps/${made.cpp.id}/plans?${query}`)).status, 400, query);
	assert.equal((await anyone.get(`/v1/cpps/cpp_${'0'.repeat(26)}/plans?format=xlsx`)).status, 404);
});

test('the page says the same without script, and nothing that is not public', async () => {
	const {status, text} = await anyone.get(`/cpps/${made.cpp.id}`, {headers: {Accept: 'text/html'}});
	assert.equal(status, 200, text);
	for (const words of ['Planning &lt;together&gt;', 'Hall', 'Clinic', '500 m away', 'same site', 'Friends', 'deprivation decile 2 of 10', 'Jointly owned'])
		assert.ok(text.includes(words), words);
	assert.ok(!text.includes('Secret') && !text.includes('Idle') && !text.includes('£314'));
	assert.equal((await anyone.get(`/cpps/cpp_${'0'.repeat(26)}`, {headers: {Accept: 'text/html'}})).status, 404);
});

test('the files that the page leads to are of whoever looks at it', async () => {
	const {key} = await makeKey(reg, {roles: {[made.board.id]: ['FINANCE']}});
	const session = await openSession(reg.url, key), page = (await session.get(`/cpps/${made.cpp.id}?year=2027-28`)).text;
	const file = words => new RegExp(`<a href="([^"]+)">${words}[^<]*</a>`).exec(page)[1].replaceAll('&amp;', '&');
	const [, partners] = await sheets(await session.get(file('these plans as a workbook')));
	const [, same] = await sheets(await admin.as(key).get(`/v1/cpps/${made.cpp.id}/plans?year=2027-28&format=xlsx`));
	assert.deepEqual(partners.rows, same.rows);
	assert.ok(partners.rows.slice(1).every(r => r[2][1] !== 'withheld'), 'a partner has the totals');
	const [, open] = await sheets(await anyone.get(file('these plans as a workbook')));
	assert.ok(open.rows.slice(1).some(r => r[2][1] === 'withheld'), 'and others do not');
	assert.match((await session.get(file('these plans as CSV'))).headers['content-type'], /^text\/csv/);
	assert.equal((await session.get(`/cpps/${made.cpp.id}?as=pdf`)).status, 400);
});

test('as it was true on a day and known at a moment, alone and together', async () => {
	const today = (await reg.sql(`select (now() at time zone 'Europe/London')::date::text as day`))[0].day;
	for (const who of [anyone, admin]) {
		for (const more of ['', `&authority_id=${made.board.id}`, `&locality_id=${made.place.id}`, '&year=2027-28', '&within_m=499', '&limit=2']) {
			const now = await plans(more.replace('&', '?'), who), then = await plans(`?valid_on=${today}${more}`, who);
			assert.deepEqual([then.items, then.sites, then.cpp, then.within_m], [now.items, now.sites, now.cpp, now.within_m], `today is now ${more}`);
			assert.deepEqual(then.by_partner.items.map(i => [i.authority_id, i.benefit]), now.by_partner.items.map(i => [i.authority_id, i.benefit]));
			assert.ok(then.receipts === null && then.by_partner.items.every(i => i.totals === null && !i.years.length), 'a run of then tells of receipts');
			assert.equal(then.valid_on, today);
		}
	}
	// A plan of 2020, corrected later, ended today.
	const barn = await post('/v1/assets', {authority_id: made.council.id, name: 'Barn', class: 'HALL', tenure: 'OWNED', cpp_id: made.cpp.id, easting: 300010, northing: 700000, effective_on: '2020-01-01'});
	const door = `/v1/assets/${barn.id}/disposal-plan`, names = async (query, who) => byName(await plans(query, who));
	ok(await admin.put(door, {method: 'SALE', stage: 'MARKETING', planned_on: '2021-06-15', effective_on: '2020-02-01'}, {headers: {'If-None-Match': '*'}}), 201);
	const first = ok(await admin.get(door)).updated_at;
	ok(await admin.put(door, {method: 'LEASE', stage: 'MARKETING', planned_on: '2021-07-15', effective_on: '2020-02-01'}, {match: '*'}));
	ok(await admin.put(door, {method: 'NONE'}, {match: '*'}));
	assert.equal((await names('')).Barn, undefined);
	assert.equal((await names('?valid_on=2020-01-31')).Barn, undefined, 'not planned yet');
	assert.deepEqual([(await names('?valid_on=2020-03-01')).Barn.plan.method, (await names('?valid_on=2020-03-01')).Barn.plan.planned_on], ['LEASE', '2021-07-15']);
	assert.equal((await names(`?valid_on=2020-03-01&known_at=${first}`)).Barn.plan.method, 'SALE', 'as it was known before it was corrected');
	assert.equal((await names(`?known_at=${first}`)).Barn.plan.method, 'SALE', 'that moment alone: of today, as it was known then');
	assert.deepEqual((await names('?valid_on=2020-03-01')).Barn.beside, [], 'nothing else was planned there');
	assert.deepEqual((await names(`?known_at=${first}&limit=100`)).Barn.beside.map(b => b.name), (await names(`?known_at=${first}`, admin)).Barn.beside.map(b => b.name).filter(n => n !== 'Secret'));
	assert.deepEqual((await names('?valid_on=2019-12-31')), {});

	// Hidden then or hidden now, it is nobody else's.
	ok(await admin.patch(`/v1/assets/${barn.id}`, {published: false}, {match: '*'}));
	assert.equal((await names('?valid_on=2020-03-01')).Barn, undefined);
	assert.ok((await names('?valid_on=2020-03-01', admin)).Barn);
	ok(await admin.patch(`/v1/assets/${barn.id}`, {published: true}, {match: '*'}));
	assert.ok((await names('?valid_on=2020-03-01')).Barn);

	// Page after page, as a file, and in a browser.
	const seen = [];
	for (let next = `/v1/cpps/${made.cpp.id}/plans?limit=2&known_at=${first}`; next;) {
		const page = ok(await anyone.get(next));
		seen.push(...page.items.map(i => i.name));
		({next} = page);
	}
	assert.deepEqual(seen, (await plans(`?known_at=${first}`)).items.map(i => i.name));
	assert.match((await anyone.get(`/v1/cpps/${made.cpp.id}/plans?format=csv&valid_on=2020-03-01`)).text, /Barn.*LEASE.*2021-07-15/);
	const page = await anyone.get(`/cpps/${made.cpp.id}?valid_on=2020-03-01`, {headers: {Accept: 'text/html'}});
	assert.equal(page.status, 200);
	for (const words of ['This is the past', 'Barn', '15 July 2021', `/assets/${barn.id}?valid_on=2020-03-01`, 'as=csv'])
		assert.ok(page.text.includes(words), words);
	assert.match((await anyone.get(`/cpps/${made.cpp.id}?valid_on=2020-03-01&as=csv`, {headers: {Accept: 'text/html'}})).text, /Barn/);
	for (const query of ['valid_on=x', 'known_at=2020-03-01'])
		assert.equal((await anyone.get(`/v1/cpps/${made.cpp.id}/plans?${query}`)).status, 400, query);
	assert.equal((await anyone.get(`/v1/cpps/cpp_${'0'.repeat(26)}/plans?valid_on=2020-03-01`)).status, 404);
});

test('a sum that 64 bits do not hold says so, and not that it is withheld', async () => {
	const vast = await post('/v1/authorities', {name: 'Vast', kind: 'COUNCIL', code: 'V1'});
	ok(await admin.patch(`/v1/cpps/${made.cpp.id}`, {partners: [made.council.id, made.board.id, vast.id]}, {match: (await admin.get(`/v1/cpps/${made.cpp.id}`)).headers.etag}));
	for (let i = 0; i < 12; i++) {
		const a = await planned(vast, `Vast ${i}`, {}, null);
		await post(`/v1/assets/${a.id}/valuations`, {amount_pence: 10 ** 15, basis: 'MV', valued_on: '2026-04-02'});
		ok(await admin.put(`/v1/assets/${a.id}/disposal-plan`, {method: 'SALE', stage: 'MISSIVES', planned_on: '2036-04-15'}, {headers: {'If-None-Match': '*'}}), 201);
	}
	const set = await admin.put('/v1/projections/parameters', {params: {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 1000000}}}, note: 'twice as much each year'},
		{headers: {'If-None-Match': '*'}});
	ok(set);
	const {years, totals} = (await plans(`?min_event=${set.headers['event-id']}`, admin)).by_partner.items.find(i => i.name === 'Vast');
	assert.deepEqual([years.find(y => y.year === '2036-37').baseline_pence, totals.baseline_pence, totals.adjustment_pence], ['E_OVERFLOW', 'E_OVERFLOW', 0]);
	const [, partners] = await sheets(await admin.get(`/v1/cpps/${made.cpp.id}/plans?format=xlsx`));
	assert.equal(partners.rows.filter(r => r[0]?.[1] === 'Vast' && r[2]?.[1] === 'E_OVERFLOW').length, 2, 'its year and its total');
	assert.equal((await admin.get(`/cpps/${made.cpp.id}`)).status, 200);
});
