// Who knows the model, and something that is no secret of the owner's: what they offered themselves, what a price was agreed at
// once the land is sold, what a lease costs. None of it makes an asset one of three behind which a fourth is hidden; and how one year
// of a sale follows from another, and what of it communities take, give no asset when all totals are solved together.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {openForecast, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const forecast = openForecast(reg);
const made = {};

before(async () => {
	made.body = await forecast.add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
});

let count = 0;
const council = code => forecast.add('/v1/authorities', {name: `Council ${code}`, kind: 'COUNCIL', code});
const selling = (authority, plan) => forecast.asset({authority_id: authority.id, name: `Place ${++count}`, class: `OF_${authority.code}`},
	{amount: 20000000 + 1234567 * count, plan: {planned_on: '2027-06-15', ...plan}});
const several = (n, authority, plan) => Promise.all(Array.from({length: n}, () => selling(authority, plan)));
async function asked(asset, more) {
	const r = await forecast.add('/v1/requests', {asset_id: asset.id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', ...more});
	await forecast.add(`/v1/requests/${r.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
}

/* Everything that everybody is told of an authority: by year or TOTAL and kind, in pence. */
async function told(authority) {
	const {items, totals} = await forecast.receipts(`group_by=YEAR&authority_id=${authority.id}`, reg.anyone), all = new Map();
	for (const {group, suppressed, adjusted, baseline} of [...items, totals].filter(i => !/ACTUAL|BEYOND/.test(i.group?.year))) {
		for (const [kind, {net_pence}] of Object.entries({adjusted, baseline}).filter(([, t]) => !suppressed && t.net_pence !== null))
			all.set(`${group?.year ?? 'TOTAL'} ${kind}`, net_pence);
	}
	return all;
}
/* The same of one asset, as its owner reads it. */
async function own(asset) {
	const {asset: {scenarios: {LIKELY}}} = await forecast.seen(`/v1/assets/${asset.id}/projection`), all = new Map();
	const add = (key, n) => all.set(key, (all.get(key) ?? 0) + n);
	for (const kind of ['adjusted', 'baseline']) {
		for (const [quarter, {NET}] of Object.entries(LIKELY[kind])) {
			add(`${quarter.slice(0, 7)} ${kind}`, NET);
			add(`TOTAL ${kind}`, NET);
		}
	}
	return all;
}
/** Who knows how much of some assets, and of one more, each figure has, looks for two that give both → how many such two there are. */
async function solve(lone, others, all) {
	const one = await own(lone), rest = await Promise.all(others.map(own));
	const figures = [...all].map(([key, sum]) => ({key, sum, one: one.get(key) ?? 0, rest: rest.reduce((n, m) => n + (m.get(key) ?? 0), 0)}));
	let pairs = 0;
	for (const a of figures) {
		for (const b of figures) {
			const det = a.rest * b.one - b.rest * a.one;
			if (Math.abs(det) < 1e9)
				continue;
			pairs++;
			const found = (a.rest * b.sum - b.rest * a.sum) / det;
			assert.ok(Math.abs(found - 1) > 1e-4, `${a.key} ${a.sum} and ${b.key} ${b.sum}: ${found} times what it is`);
		}
	}
	return pairs;
}

test('one that is for sale a year after three others', async () => {
	const authority = await council('YEAR'), three = await several(3, authority), lone = await selling(authority, {planned_on: '2028-06-15'});
	const is = await told(authority);
	assert.deepEqual([...is.keys()].filter(k => is.get(k)), ['TOTAL adjusted', 'TOTAL baseline'], 'of the four together it is told');
	await solve(lone, three, is);
	await several(2, authority, {planned_on: '2028-06-15'});
	await forecast.value(lone, 30000000 + 1234567 * ++count);
	const more = await told(authority);
	assert.equal(more.get('TOTAL adjusted'), (await forecast.receipts(`authority_id=${authority.id}`)).totals.adjusted.net_pence, 'three are new');
	await solve(lone, three, more);
});

test('years are told in which three others begin with each', async () => {
	const authority = await council('YEARS'), begun = [];
	for (const year of [2027, 2028, 2029])
		begun.push(await several(3, authority, {planned_on: `${year}-06-15`}));
	const is = await told(authority);
	assert.deepEqual([...is.keys()].filter(k => is.get(k) && k.endsWith('adjusted')), ['2027-28 adjusted', '2028-29 adjusted', '2029-30 adjusted', '2030-31 adjusted', 'TOTAL adjusted'],
		'the last is what the others leave of it, and tells nothing');
	assert.ok(await solve(begun[1][0], begun[0], is) > 0, 'else nothing was solved');
});

test('three that communities ask for, beside one that they do not', async () => {
	const authority = await council('KINDS'), three = await several(3, authority);
	await Promise.all(three.map(a => asked(a)));
	const lone = await selling(authority), was = await told(authority);
	assert.deepEqual([was.has('TOTAL adjusted'), was.has('TOTAL baseline')], [true, false], 'what is expected goes before what they take');
	const plain = await several(2, authority);
	for (const a of [...three, lone, ...plain])
		await forecast.value(a, 30000000 + 1234567 * ++count);
	const is = await told(authority);
	assert.ok(is.has('TOTAL adjusted') && is.has('TOTAL baseline'), 'beside three that they do not both are told');
	assert.ok(await solve(lone, three, is) > 0, 'else nothing was solved');
});

const expected = async authority => (await told(authority)).get('TOTAL adjusted');
/* Nothing new is told by it of four that were told together. */
async function tellsNothing(code, move) {
	const authority = await council(code), four = await several(4, authority), was = await expected(authority);
	assert.ok(was > 0);
	await move(four.slice(0, 3));
	assert.equal(await expected(authority), was);
	await reg.daemon.restart();
	assert.equal(await expected(authority), was, 'after a restart');
	await several(3, authority);
	assert.notEqual(await expected(authority), was, 'it is told with three that come');
}
test('offers, which whoever makes them knows', () => tellsNothing('OFFERS', three => Promise.all(three.map((a, i) => asked(a, {offer_pence: 1000000 + i})))));
test('rents and premiums that are offered, likewise', () => tellsNothing('RENTS', three => Promise.all(three.map((a, i) =>
	asked(a, {kind: 'LEASE', lease: {rent_pa_pence: 100, premium_pence: 50000 + i, term_months: 120, class: 'FINANCE'}})))));
test('prices that are agreed, which everybody reads once it is sold', () => tellsNothing('AGREED', three => Promise.all(three.map((a, i) =>
	forecast.plan(a, {stage: 'MISSIVES', agreed_price_pence: 30000000 + i})))));
test('what a sale costs', () => tellsNothing('COSTS', three => Promise.all(three.map((a, i) => forecast.plan(a, {planned_on: '2027-06-15', cost_fixed_pence: 300000 + i})))));

test('three whose price is agreed hide none beside them, since two of them may be sold', async () => {
	const authority = await council('SOLD');
	for (let i = 0; i < 3; i++)
		await selling(authority, {stage: 'MISSIVES', agreed_price_pence: 30000000 + 7 ** (i + 3)});
	await several(2, authority);
	assert.equal((await told(authority)).has('TOTAL adjusted'), false);
	await selling(authority);
	assert.equal((await told(authority)).has('TOTAL adjusted'), true);
});

test('what everybody works out hides none beside it: leases without a premium, and rights', async () => {
	const authority = await council('KNOWN');
	const lease = {rent_pa_pence: 100000, term_months: 120, class: 'OPERATING'};
	await Promise.all([selling(authority, {method: 'LEASE', lease}), selling(authority, {method: 'LEASE', lease})]);
	const unused = await Promise.all([1, 2].map(n => forecast.asset({authority_id: authority.id, name: `Field ${n}`}, {amount: 5000000 + n})));
	await Promise.all(unused.map(a => asked(a, {kind: 'OTHER_RIGHTS'})));
	await several(2, authority);
	assert.equal((await told(authority)).has('TOTAL adjusted'), false);
	await selling(authority);
	assert.equal((await told(authority)).has('TOTAL adjusted'), true);
});

test('three that are removed and entered anew, as with an import that is undone and made again', async () => {
	const authority = await council('ANEW'), enter = amount => forecast.asset({authority_id: authority.id, name: 'Hall'}, {amount, plan: {planned_on: '2027-06-15'}});
	const worth = [20000001, 30000002, 40000003], three = [];
	for (const amount of worth)
		three.push(await enter(amount));
	const was = await expected(authority);
	assert.ok(was > 0);
	await enter(50000005);
	for (const [i, a] of three.entries()) {
		await forecast.write(reg.admin.delete(`/v1/assets/${a.id}`, {headers: {'If-Match': '*'}}), 204);
		await enter(worth[i]);
		assert.ok([was, undefined].includes(await expected(authority)), 'beside the fourth that came');
	}
	await reg.daemon.restart();
	assert.equal(await expected(authority), was);
	await enter(worth[0]);
	await enter(50000006);
	assert.notEqual(await expected(authority), was, 'three are new: one is worth what another is that is there');
});

test('a valuation that moves nothing hides none beside it', async () => {
	const authority = await council('NOTHING'), insured = {basis: 'INS'};
	const [...three] = (await several(4, authority)).slice(1), was = await expected(authority);
	for (const [i, a] of three.entries())
		await forecast.plan(a, {stage: 'MISSIVES', agreed_price_pence: 30000000 + 7 ** (i + 3)});
	for (const a of three)
		await forecast.value(a, 90000000 + 1234567 * ++count, {...insured, valued_on: '2026-05-01'});
	for (const [i, a] of three.entries())
		await asked(a, {offer_pence: 1000000 + i});
	assert.equal(await expected(authority), was);
});
