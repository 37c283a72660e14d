// The forecast through its door: figures of libassets/MODEL.md 10, who sees what, and that whatever
// changes in the register has changed the forecast by the time the change is answered for.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ok, openForecast, startRegister, until} from '../harness/index.mjs';

const CLOCK = '2026-11-21T10:00:00Z';
const FLAT = {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 0}}, deflator: {base_fy: 2016, growth: {}, default: 0}};

const reg = await startRegister({clock: CLOCK});
after(() => reg.stop());
const forecast = openForecast(reg), {receipts, write} = forecast;
const made = {};
const asset = (fields, more) => forecast.asset({authority_id: made.council.id, ...fields}, more);

before(async () => {
	made.council = await write(reg.admin.post('/v1/authorities', {name: 'Forecast Council', kind: 'COUNCIL', code: 'FC-1'}));
	made.board = await write(reg.admin.post('/v1/authorities', {name: 'Forecast Board', kind: 'HEALTH_BOARD', code: 'FC-2'}));
	made.cpp = await write(reg.admin.post('/v1/cpps', {name: 'Forecast CPP', code: 'FC-CPP', partners: [made.council.id]}));
	made.asset = await asset({name: 'First hall'}, {amount: 20000000, plan: {}});
	made.body = await write(reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
});

async function freeze(query) {
	const run = await write(reg.admin.post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'Test', tag: 'WHAT_IF', parameters: FLAT}));
	return ok(await reg.admin.get(`/v1/projections/receipts?run=${run.id}${query}`), 200);
}

test('the open market alone: MODEL.md C1', async () => {
	const got = await freeze('&group_by=YEAR');
	assert.equal(got.totals.baseline.net_pence, 14512500);
	assert.equal(got.totals.adjusted.net_pence, 14512500);
	const quarters = await freeze('&group_by=QUARTER');
	assert.deepEqual(quarters.items.map(i => [i.group.quarter, i.baseline.net_pence, i.baseline.pv_pence]), [
		['2027-28Q1', 7981875, 7711957], ['2027-28Q2', 3628125, 3505435], ['2027-28Q3', 1741500, 1682609], ['2028-29Q1', 1161000, 1083806]]);
});

test('a validated request of £50,000: MODEL.md C2, in every grouping the same totals', async () => {
	made.request = await write(reg.admin.post('/v1/requests', {
		asset_id: made.asset.id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 5000000,
	}, {idempotency: 'c2'}));
	await write(reg.admin.post(`/v1/requests/${made.request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
	for (const group of ['YEAR', 'QUARTER', 'AUTHORITY', 'CPP', 'LOCALITY', 'DECILE', 'CLASS']) {
		const got = await freeze(`&group_by=${group}`);
		assert.equal(got.totals.baseline.net_pence, 14512500, group);
		assert.equal(got.totals.adjusted.net_pence, 7938125, group);
		assert.equal(got.totals.adjustment_pence, 6574375, group);
		assert.equal(got.totals.forgone_pence, 10050000, group);
		assert.equal(got.items.reduce((sum, i) => sum + i.adjusted.net_pence, 0), 7938125, group);
	}
	const one = await forecast.seen(`/v1/assets/${made.asset.id}/projection`);
	assert.equal(one.asset.id, made.asset.id);
	assert.equal(one.asset.ltbc, 'APPRAISAL_REQUIRED');
});

test('each live grouping sums to the same totals, and filters to their parts', async () => {
	await asset({name: 'Shared hall', owners: [{authority_id: made.council.id, units: 2}, {authority_id: made.board.id, units: 1}]},
		{amount: 10000001, plan: {planned_on: '2028-02-01'}});
	const year = await receipts();
	for (const group of ['QUARTER', 'AUTHORITY', 'CPP', 'LOCALITY', 'DECILE', 'CLASS']) {
		const got = await receipts(`group_by=${group}`);
		assert.deepEqual(got.totals, year.totals, group);
		assert.equal(got.items.reduce((sum, i) => sum + i.baseline.net_pence, 0), year.totals.baseline.net_pence, group);
	}
	const shares = (await receipts('group_by=AUTHORITY')).items;
	assert.equal(shares.length, 2);
	for (const share of shares) {
		const alone = await receipts(`authority_id=${share.group.authority_id}`);
		assert.equal(alone.totals.baseline.net_pence, share.baseline.net_pence);
		const byClass = await receipts(`group_by=CLASS&authority_id=${share.group.authority_id}`);
		assert.equal(byClass.totals.adjusted.net_pence, share.adjusted.net_pence);
	}
});

test('a rebuild gives the same bytes', async () => {
	const bytes = async () => Promise.all(['YEAR', 'AUTHORITY', 'CLASS'].map(async g => {
		const {items, totals, exceptions} = await receipts(`group_by=${g}`);
		return JSON.stringify({items, totals, exceptions});
	}));
	const was = await bytes();
	await reg.daemon.restart();
	assert.deepEqual(await bytes(), was);
});

test('the money of an unsold asset is for those it names', async () => {
	assert.equal((await reg.anyone.get(`/v1/assets/${made.asset.id}/projection`)).status, 401);
	const got = await receipts('', reg.anyone);
	assert.equal(got.totals.suppressed, true, 'two assets stand behind it');
	assert.equal(got.totals.baseline.net_pence, null);
	assert.ok(got.items.every(i => i.suppressed && i.adjusted.net_pence === null));
	assert.deepEqual(got.exceptions, []);
	await asset({name: 'Third hall'}, {amount: 30000000, plan: {}});
	await asset({name: 'Fourth hall'}, {amount: 40000000, plan: {}});
	const open = await receipts('', reg.anyone);
	assert.equal(open.totals.suppressed, false);
	assert.ok(open.items.length > 0 && open.items.every(i => i.suppressed), 'of four of which two are for sale alike, two years would give the others');
});

test('exceptions name the assets that give no figure, to those who read their money', async () => {
	const late = await asset({name: 'Unvalued hall'}, {plan: {}});
	const mine = e => e.asset_id === late.id;
	const got = await receipts();
	assert.deepEqual(got.exceptions.filter(mine).map(e => e.flag), ['MISSING_VALUATION', 'UNPROJECTABLE_MARKET']);
	assert.deepEqual((await receipts(`authority_id=${made.council.id}`)).exceptions.filter(mine).length, 2);
	assert.deepEqual((await receipts(`authority_id=${made.board.id}`)).exceptions, [], 'the board has no share in it');
	assert.deepEqual((await receipts('', reg.anyone)).exceptions, []);
	await forecast.value(late, 1000000);
	assert.deepEqual((await receipts()).exceptions.filter(mine), [], 'a valuation mends it');
});

test('a row that cannot be projected costs its own figures and nobody else\'s', async () => {
	const was = (await receipts()).totals;
	const odd = await asset({name: 'Odd hall'}, {amount: 10000000, plan: {}});
	assert.notDeepEqual((await receipts()).totals, was);
	// No door lets such a stage in; the table itself is made to hold what the model does not know.
	await reg.sql(`alter table assetd.disposal_plan drop constraint disposal_plan_stage_check`);
	await reg.sql(`begin; set local session_replication_role = replica;
		update assetd.disposal_plan set stage = 'UNHEARD_OF' where asset_id = '${odd.id}'; commit`);
	await reg.daemon.restart();
	assert.deepEqual((await receipts()).totals, was);
	assert.ok(reg.daemon.logLines().some(l => l.what === 'an asset cannot be projected' && l.asset === odd.id));
	await reg.sql(`begin; set local session_replication_role = replica;
		delete from assetd.disposal_plan_money where asset_id = '${odd.id}'; delete from assetd.disposal_plan where asset_id = '${odd.id}'; commit`);
});

test('an asset that can produce no receipt has a projection of its own all the same', async () => {
	const bare = await asset({name: 'Bare hall'}, {});
	const {asset: got} = await forecast.seen(`/v1/assets/${bare.id}/projection`);
	assert.equal(got.status, 'OK');
	assert.deepEqual(got.flags, ['MISSING_VALUATION']);
	assert.deepEqual(got.scenarios.LIKELY.baseline, {});
});

test('what cannot be asked is refused with the place', async () => {
	for (const [query, status] of [['group_by=MOON', 400], ['scenario=MAYBE', 400], ['nonsense=1', 400], ['group_by=YEAR,MOON', 400]])
		assert.equal((await reg.admin.get(`/v1/projections/receipts?${query}`)).status, status, query);
	const bad = await reg.admin.post('/v1/projections/runs', {as_of_on: '2026-13-01', parameters: {horizon_quarters: 4000, moon: 1}, overlay: 1});
	assert.equal(bad.status, 422, bad.text);
	assert.deepEqual(bad.json.errors.map(e => e.pointer).sort(), ['/as_of_on', '/overlay']);
	const worse = await reg.admin.post('/v1/projections/runs', {parameters: {horizon_quarters: 4000, moon: 1}});
	assert.equal(worse.status, 422, worse.text);
	assert.deepEqual(worse.json.errors.map(e => e.pointer).sort(), ['/parameters/horizon_quarters', '/parameters/moon']);
});

test('what an event must bring is waited for, and no longer than promised', async () => {
	const never = await reg.admin.get('/v1/projections/receipts?min_event=evt_00000000000000000000000000');
	assert.equal(never.status, 503);
	assert.equal(never.json.type, '/v1/problems/not-ready');
	assert.ok(never.headers['retry-after']);
});

test('projection.changed tells old and new, by authority, with its cause', async () => {
	const before = (await receipts(`authority_id=${made.board.id}`)).totals.baseline.net_pence;
	const changed = await asset({name: 'Board clinic', authority_id: made.board.id}, {amount: 50000000, plan: {}});
	const now = (await receipts(`authority_id=${made.board.id}`)).totals.baseline.net_pence;
	let event;
	for (let after = 0; !event;) {
		const page = ok(await reg.admin.get(`/v1/events?after=${after}&types=projection.changed&wait=5&limit=1000`), 200);
		event = page.items.find(e => e.data.authority_id === made.board.id && e.data.totals?.baseline_net_pence.new === now);
		after = new URL(page.next, reg.url).searchParams.get('after');
	}
	// That it names them and no others is causes.test.mjs's.
	const causes = await Promise.all(event.data.cause_event_ids.map(async id => ok(await reg.admin.get(`/v1/events/${id}`), 200).subject));
	assert.ok(causes.includes(changed.id), `${changed.id} caused it, not ${causes}`);
	assert.equal(event.data.totals.baseline_net_pence.new - before > 0, true);
	const moved = event.data.years.reduce((sum, y) => sum + y.baseline_net_pence.new - y.baseline_net_pence.old, 0);
	assert.equal(moved, event.data.totals.baseline_net_pence.new - event.data.totals.baseline_net_pence.old);
});

test('an authority is told of at most ten times a second, and the last state always', async () => {
	const valued = await asset({name: 'Often valued hall'}, {amount: 10000000, plan: {}});
	const [{position}] = await reg.sql('select position from assetd.feed_state');
	for (let i = 1; i <= 25; i++)
		await forecast.value(valued, 10000000 + i * 1000000);
	const now = (await receipts(`authority_id=${made.council.id}`)).totals;
	const told = [];
	for (let after = position; told.at(-1)?.data.totals.baseline_net_pence.new !== now.baseline.net_pence;) {
		const page = ok(await reg.admin.get(`/v1/events?after=${after}&types=projection.changed&wait=5&limit=1000`), 200);
		told.push(...page.items.filter(e => e.data.authority_id === made.council.id));
		after = new URL(page.next, reg.url).searchParams.get('after');
	}
	const at = told.map(e => Date.parse(e.occurred_at));
	assert.ok(at.length > 1);
	at.slice(1).forEach((t, i) => assert.ok(t - at[i] >= 80, `told ${t - at[i]} ms apart`));
});

test('sums beyond 64 bits are told as such: by an event as by receipts, and back again', async () => {
	const vast = await write(reg.admin.post('/v1/authorities', {name: 'Vast Council', kind: 'COUNCIL', code: 'FC-3'}));
	for (let i = 0; i < 12; i++)
		await asset({name: `Vast land ${i}`, authority_id: vast.id}, {amount: 10 ** 15, plan: {stage: 'MISSIVES', planned_on: '2036-04-15'}});
	const small = (await receipts(`authority_id=${vast.id}`)).totals.baseline.net_pence;
	/** The last that was told of it, once it has that new total. */
	const all = async () => ok(await reg.admin.get('/v1/events?types=projection.changed&limit=1000'), 200).items.filter(e => e.data.authority_id === vast.id).map(e => e.data);
	const told = total => until(async () => {
		const last = (await all()).at(-1);
		return last?.totals.baseline_net_pence.new === total && last;
	}, {what: `${total} to be told`});
	await told(small);
	// Worth twice as much each year.
	await write(reg.admin.put('/v1/projections/parameters', {params: {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 1000000}}}, note: 'a bad day'},
		{headers: {'If-None-Match': '*'}}), 200);
	const {items, totals} = await receipts(`authority_id=${vast.id}`);
	assert.deepEqual([totals.baseline.net_pence, totals.adjusted.net_pence, totals.adjustment_pence], ['E_OVERFLOW', 'E_OVERFLOW', 0]);
	const over = await told('E_OVERFLOW');
	assert.deepEqual(over.totals, {baseline_net_pence: {old: small, new: 'E_OVERFLOW'}, adjusted_net_pence: {old: small, new: 'E_OVERFLOW'},
		adjustment_pence: {old: 0, new: 0}});
	assert.deepEqual(over.years.map(y => [y.year, y.baseline_net_pence.new, y.adjusted_net_pence.new]),
		items.filter(i => i.group.year !== 'BEYOND').map(i => [i.group.year, i.baseline.net_pence, i.adjusted.net_pence]));
	// Whoever takes over knows what was said, beyond 64 bits too.
	const count = (await all()).length;
	await reg.daemon.restart();
	await write(reg.admin.put('/v1/projections/parameters', {params: {}, note: 'a better one'}, {match: '*'}), 200);
	const back = await told(small);
	assert.deepEqual([back.totals, back.years.map(y => y.baseline_net_pence.old)], [
		{baseline_net_pence: {old: 'E_OVERFLOW', new: small}, adjusted_net_pence: {old: 'E_OVERFLOW', new: small}, adjustment_pence: {old: 0, new: 0}},
		over.years.map(y => y.baseline_net_pence.new)]);
	assert.equal((await all()).length, count + 1);
});
