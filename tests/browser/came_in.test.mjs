// The pages of receipts that came in at the browser: said against came in, the budget, what outcomes suggest, a sale
// recorded; each wide and narrow, and without a fault that axe finds. Without script: integration/came_in.test.mjs.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, assertFits, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok, openForecast} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-02-10T10:00:00Z'});
after(stop);
const {add, asset} = openForecast(reg);
const council = await add('/v1/authorities', {name: 'Council of Came In', kind: 'COUNCIL', code: 'C'});
const key = (await makeKey(reg, {roles: {[council.id]: ['FINANCE', 'ESTATES']}, isOperator: true})).key;
const land = await Promise.all(['Town hall', 'Old depot', 'School field', 'Lodge', 'Pavilion'].map((name, n) => asset({name, authority_id: council.id},
	{amount: 12500000 * (n + 1), plan: {planned_on: '2026-03-15', stage: 'MISSIVES'}})));
await add('/v1/projections/runs', {tag: 'BUDGET', name: 'Budget 2025-26'});
ok(await reg.admin.as(key).post('/v1/projections/runs', {tag: 'BUDGET', name: 'Our budget 2025-26'}), 201);
reg.daemon.setClock('2026-03-25T10:00:00Z');
for (const [n, a] of land.slice(0, 3).entries())
	await add(`/v1/assets/${a.id}/disposals`, {kind: 'MARKET', completed_on: '2026-03-20', gross_pence: 12000000 * (n + 1), cost_pence: 300000, to: 'A Buyer'});
await add(`/v1/assets/${land[4].id}/disposals`, {kind: 'TRANSFER', completed_on: '2026-03-21', gross_pence: 100400, cost_pence: 25000});
reg.daemon.setClock('2026-04-10T10:00:00Z');

/* … and on a phone that is narrower than most. */
async function look(page, name) {
	await assertFits(page, {width: 360, height: 900}, name);
	await assertAccessible(page, name);
}

test('a budget is pasted, refused with its line, and set; it stands beside the forecast', async () => {
	const {page, context} = await signIn(key);
	await page.goto(`${reg.url}/budget?authority_id=${council.id}`);
	const form = page.getByRole('form', {name: 'Set the budget'});
	await form.getByLabel('Years and amounts').fill('2025-26,800000\n2026-27,1.5');
	await form.getByLabel('Where it is from').fill('Council of 5 March 2026, paper 7');
	await send(form.getByRole('button', {name: 'Set the budget'}));
	assert.match(await page.getByRole('alert').innerText(), /Line 2: This is no amount/);
	await look(page, 'budget refused');
	await form.getByLabel('Years and amounts').fill('2025-26,800000\n2026-27,"450,000"');
	await send(form.getByRole('button', {name: 'Set the budget'}));
	assert.match(await page.getByRole('region', {name: /^Version 1: Council of 5 March/}).innerText(), /2026-27\s+£450,000\.00/);
	await look(page, 'budget');
	await send(page.getByRole('link', {name: 'The forecast beside it'}));
	assert.match(await page.getByRole('region', {name: 'Net capital receipts by financial year'}).innerText(), /2026-27.*£450,000\.00/);
	await look(page, 'forecast with budget');
	await context.close();
});

test('what was said and what came in, each figure leading to what is behind it', async () => {
	const {page, context} = await signIn(key);
	await page.goto(`${reg.url}/forecast?authority_id=${council.id}`);
	await send(page.getByRole('link', {name: 'What was said, and what came in'}));
	assert.match(await page.getByRole('region', {name: 'What came in, by financial year'}).innerText(), /2025-26\s+4\s+disposals of 2025-26\s+£721,004\.00/);
	assert.match(await page.getByRole('region', {name: 'What was said of 2025-26'}).innerText(), /Our budget 2025-26/);
	await look(page, 'said and came in');
	await send(page.getByRole('link', {name: '4 disposals of 2025-26'}));
	assert.match(await page.getByRole('region', {name: 'Disposals of 2025-26'}).innerText(), /Town hall\s+Sold on the market\s+20 March 2026/i);
	await look(page, 'disposals of a year');
	await send(page.getByRole('link', {name: 'Town hall'}));
	assert.equal(new URL(page.url()).pathname, `/assets/${land[0].id}`);
	await context.close();
	const open = await newPage();
	await open.page.goto(`${reg.url}/forecast`);
	await send(open.page.getByRole('link', {name: 'What communities took over, what it cost and what it brought'}));
	assert.equal(new URL(open.page.url()).hash, '#taken-over');
	assert.match(await open.page.getByRole('region', {name: 'Taken over by communities, by financial year'}).innerText(), /2025-26\s+1\s+£1,004\.00\s+£250\.00\s+£754\.00/);
	assert.equal(await open.page.getByText('Our budget').count(), 0);
	await look(open.page, 'came in for everybody');
	await open.context.close();
});

test('what outcomes suggest is looked at with its totals, and applied by one button', async () => {
	const {page, context} = await signIn(reg.adminKey);
	await page.goto(`${reg.url}/parameters`);
	const form = page.getByRole('form', {name: 'Apply what outcomes suggest'});
	assert.match(await page.getByRole('region', {name: /^Probability that a plan/}).innerText(), /contract being concluded\s+97%\s+97%\s+3\s+3\s+97\.6923%/);
	await send(form.getByRole('button', {name: 'Show what they would change'}));
	assert.ok(await page.getByRole('region', {name: 'Expected net receipts now, and as they would be'}).isVisible());
	await look(page, 'parameters looked at');
	await form.getByLabel('Why').fill('Outcomes up to April 2026');
	await send(form.getByRole('button', {name: 'Apply what outcomes suggest'}));
	assert.match(await page.locator('#versions + ul').innerText(), /Version 1, 10 April 2026: Outcomes up to April 2026/);
	await context.close();
});

test('a sale is recorded by a form, and corrected by one', async () => {
	const {page, context} = await signIn(key);
	await page.goto(`${reg.url}/assets/${land[3].id}/edit`);
	const form = page.getByRole('form', {name: 'Record a sale or transfer'});
	await form.getByLabel('To whom').selectOption('MARKET');
	await form.getByLabel('Completed on').fill('2026-04-08');
	await form.getByLabel('Receipt in pounds').fill('480,000');
	await send(form.getByRole('button', {name: 'Record it'}));
	await page.goto(`${reg.url}/assets/${land[3].id}/edit`);
	const mend = page.getByRole('form', {name: 'Correct the recorded sale or transfer'});
	await mend.getByLabel('Costs in pounds').fill('2,500');
	await mend.getByLabel('What was wrong').fill('Costs were left out');
	await look(page, 'a sale to be corrected');
	await send(mend.getByRole('button', {name: 'Save the correction'}));
	const [sold] = ok(await reg.anyone.get(`/v1/assets/${land[3].id}/disposals`), 200).items;
	assert.deepEqual([sold.gross_pence, sold.cost_pence], [48000000, 250000]);
	await context.close();
});
