// What everybody sees of an asset, the stage and the day of its plan and who asks for it, does to its receipts what everybody
// can work out. So it makes nothing new: of three assets that move on beside a fourth that came with them, the totals before,
// between and after are three sums of the same three prices and that one.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {openForecast, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const forecast = openForecast(reg), {write} = forecast;
const made = {asset: []};

/* What everybody is told is expected; what is nobody's year any more is left out. */
const told = async () => JSON.stringify(await Promise.all(['group_by=YEAR', 'group_by=AUTHORITY'].map(async query => {
	const {items, totals} = await forecast.receipts(query, reg.anyone);
	return [...items.filter(i => !i.suppressed && i.adjusted.net_pence), totals].map(({group, adjusted}) => [group, adjusted.net_pence]);
})));
const total = async who => (await forecast.receipts('', who)).totals.adjusted.net_pence;

let price = 20000000;
async function selling() {
	const a = await forecast.asset({authority_id: made.council.id, name: `Hall ${made.asset.length}`}, {amount: price += 1234567, plan: {planned_on: '2027-06-15'}});
	made.asset.push(a);
	return a;
}
async function isHidden(what, move) {
	const lone = await selling(), three = [await selling(), await selling(), await selling()], was = await told();
	assert.equal(await total(reg.anyone), await total(reg.admin), 'four that came are told');
	await move(three);
	assert.equal(await told(), was, `${what}: what is left of ${lone.name}`);
	await reg.daemon.restart();
	assert.equal(await told(), was, `${what}, after a restart`);
	for (const a of made.asset)
		await forecast.value(a, price += 1234567);
	assert.equal(await total(reg.anyone), await total(reg.admin), 'and is told with the next that are new');
}

before(async () => {
	made.council = await forecast.add('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C1'});
	made.body = await write(reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	for (let i = 0; i < 4; i++)
		await selling();
});

const planned = plan => three => Promise.all(three.map(a => forecast.plan(a, plan)));
test('a stage', () => isHidden('under offer', planned({planned_on: '2027-06-15', stage: 'UNDER_OFFER'})));
test('a day in another year', () => isHidden('two years late', planned({planned_on: '2029-06-15'})));
test('requests without an offer, and what becomes of them', () => isHidden('asked for, and withdrawn', async three => {
	const was = await told();
	const requests = await Promise.all(three.map(a => forecast.add('/v1/requests', {asset_id: a.id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'})));
	for (const [event, on] of [['VALIDATE', '2026-10-01'], ['WITHDRAW', '2026-11-20']]) {
		for (const r of requests)
			await forecast.add(`/v1/requests/${r.id}/events`, {event, on});
		assert.equal(await told(), was, event);
	}
}));

test('prices that are agreed, which are read once it is sold, and valuations beside them, which move nothing', async () => {
	const was = await told(), three = made.asset.slice(0, 3), agreed = {planned_on: '2027-06-15', stage: 'MISSIVES'};
	for (const [i, a] of three.entries())
		await forecast.plan(a, {...agreed, agreed_price_pence: 30000000 + 7 ** (i + 3)});
	assert.equal(await told(), was);
	for (const [i, a] of three.entries()) {
		await forecast.value(a, price += 1234567);
		await forecast.plan(a, {...agreed, stage: 'UNDER_OFFER', agreed_price_pence: 30000000 + 7 ** (i + 3)});
	}
	assert.equal(await told(), was);
	for (const a of three)
		await forecast.plan(a, {...agreed, stage: 'UNDER_OFFER', agreed_price_pence: null});
	assert.notEqual(await told(), was, 'without them three are valued anew');
});
