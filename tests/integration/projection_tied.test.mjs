// What everybody is told of the forecast is of two kinds, what is expected and what communities take from it, and the sum
// of both is what would be expected without them. So of one asset two tell the third, and no arithmetic on both kinds, of
// before and after, gives a single one.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {openForecast, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const forecast = openForecast(reg), {write} = forecast;
const made = {};

before(async () => {
	made.body = await write(reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
});

/* Amounts that nobody would meet by chance: a sum says which of them it holds. */
let count = 0;
const selling = authority => forecast.asset({authority_id: authority.id, name: `Place ${++count}`, class: authority.class},
	{amount: 1000000 + 7 ** (count % 9) * 100, plan: {planned_on: '2027-06-15'}});
/** A council whose land is of a class of its own, with so many assets. */
async function council(code, assets) {
	const made = {...await forecast.add('/v1/authorities', {name: `Council ${code}`, kind: 'COUNCIL', code}), class: code};
	return {authority: made, asset: await Promise.all(Array.from({length: assets}, () => selling(made)))};
}
async function asked(asset) {
	const r = await forecast.add('/v1/requests', {asset_id: asset.id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 1000});
	await forecast.add(`/v1/requests/${r.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
	return r;
}
/* By year, what the two kinds that are told amount to; null where it is not told. */
async function told(authority) {
	const {items, totals} = await forecast.receipts(`group_by=YEAR&authority_id=${authority.id}`, reg.anyone);
	const of = i => ({year: i.group?.year ?? 'TOTAL', adjusted: i.adjusted.net_pence, baseline: i.baseline.net_pence});
	return Object.fromEntries([...items, {...totals, group: null}].map(of).filter(i => !/^ACTUAL|BEYOND/.test(i.year)).map(i => [i.year, i]));
}
const own = async asset => (await forecast.seen(`/v1/assets/${asset.id}/projection`)).asset.scenarios.LIKELY;

/** No sum that is told now less one that was told is what this asset amounts to, in a year or in all. */
async function isSafe(asset, was, is) {
	const {baseline, baseline_total: total} = await own(asset), amounts = new Set([total]);
	for (const fy of new Set(Object.keys(baseline).map(q => q.slice(0, 7))))
		amounts.add(Object.entries(baseline).filter(([q]) => q.startsWith(fy)).reduce((sum, [, cell]) => sum + cell.NET, 0));
	assert.ok(amounts.size > 1 && Object.keys(is).length > 2);
	for (const {year, ...now} of Object.values(is)) {
		for (const [kind, sum] of Object.entries(now)) {
			for (const [before, then] of Object.entries(was[year] ?? {}).filter(([k, n]) => k !== 'year' && n !== null)) {
				if (sum !== null)
					assert.ok(!amounts.has(sum - then) && !amounts.has(then - sum), `${year}: ${kind} ${sum} beside ${before} ${then}`);
			}
		}
	}
}

test('where nobody had been told of what would be expected without them, both are told', async () => {
	const {authority, asset} = await council('BOTH', 6);
	for (const a of asset.slice(0, 3))
		await asked(a);
	await told(authority);
	for (const a of asset)
		await forecast.value(a, 5000000 + 7 ** count++ % 1000000);
	const mine = (await forecast.receipts(`authority_id=${authority.id}`, reg.admin)).totals, is = await told(authority);
	assert.deepEqual([is.TOTAL.baseline, is.TOTAL.adjusted], [mine.baseline.net_pence, mine.adjusted.net_pence]);
});

test('three requests that are withdrawn, and one more asset for sale', async () => {
	const {authority, asset} = await council('TWO', 6), requests = [];
	for (const a of asset.slice(0, 3))
		requests.push(await asked(a));
	const was = await told(authority);
	assert.ok(was.TOTAL.baseline > was.TOTAL.adjusted, 'new land that communities ask for has both');
	for (const r of requests)
		await forecast.add(`/v1/requests/${r.id}/events`, {event: 'WITHDRAW', on: '2026-11-20'});
	const more = await selling(authority);
	await isSafe(more, was, await told(authority));
	await reg.daemon.restart();
	await isSafe(more, was, await told(authority));
});

test('… and three that come', async () => {
	const {authority, asset} = await council('ONE', 6), was = await told(authority);
	assert.equal(was.TOTAL.baseline, was.TOTAL.adjusted);
	for (const a of asset.slice(0, 3))
		await asked(a);
	const more = await selling(authority), is = await told(authority);
	assert.equal(is.TOTAL.adjusted, was.TOTAL.adjusted, 'one asset is new, and three offers, which whoever made them knows');
	await isSafe(more, was, is);
	await reg.daemon.restart();
	await isSafe(more, was, await told(authority));
});

test('three that are sold, beside one that is gone', async () => {
	const {authority, asset} = await council('SOLD', 4), first = await told(authority);
	const sold = [await selling(authority), await selling(authority), await selling(authority)], gone = await selling(authority);
	const was = await told(authority), lost = await own(gone);
	assert.ok(asset.length && was.TOTAL.adjusted > first.TOTAL.adjusted);
	for (const a of sold)
		await forecast.add(`/v1/assets/${a.id}/disposals`, {kind: 'MARKET', completed_on: '2026-11-22', gross_pence: 900000, cost_pence: 0, to: 'Somebody'});
	await write(reg.admin.delete(`/v1/assets/${gone.id}`, {headers: {'If-Match': '*'}}), 204);
	const is = await told(authority);
	for (const fy of ['2027-28', '2028-29']) {
		const amount = Object.entries(lost.baseline).filter(([q]) => q.startsWith(fy)).reduce((sum, [, cell]) => sum + cell.NET, 0);
		assert.ok(amount > 0 && (is[fy].baseline === null || was[fy].adjusted - is[fy].baseline !== amount), `${fy}: ${was[fy].adjusted} − ${is[fy].baseline}`);
	}
});
