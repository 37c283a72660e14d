// The parameters of the projection at the browser: read by everybody, looked at first and then set by an
// operator without script, refused with what was typed, a series pasted, and an authority's own rows.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {TREE, makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin, anyone} = reg;
const P = '/v1/projections/parameters';
const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'})).id;
const operator = (await makeKey(reg, {isOperator: true})).key;
const finance = (await makeKey(reg, {roles: {[council]: ['FINANCE']}})).key;
const now = async () => ok(await anyone.get(P), 200);

test('everybody reads them, from the forecast on, and nobody else has a form', async () => {
	const {page, context} = await newPage();
	await page.goto(`${reg.url}/forecast`);
	await send(page.getByRole('link', {name: 'What it is worked out with'}));
	assert.ok(await page.getByText('mean for receipts, not for communities').isVisible());
	assert.match(await page.getByRole('row', {name: /How far ahead is projected/}).innerText(), /40 quarters\s+40 quarters\s+4 quarters to 400 quarters\s+J/);
	assert.equal(await page.locator('main form').count(), 0);
	await assertAccessible(page, 'the parameters');
	await context.close();
});

test('an operator looks first, then sets one, without script', async () => {
	const {page, context} = await signIn(operator, {javaScriptEnabled: false});
	await page.goto(`${reg.url}/parameters`);
	assert.match(await page.getByRole('row', {name: /^How late a sale at this stage is: thought of/}).innerText(), /\tearly in a sale \(EARLY\)\t/, 'in words, and as it is typed');
	const form = page.getByRole('form', {name: 'Set a parameter'});
	await form.getByLabel('Parameter', {exact: true}).selectOption('/scenarios/WORST/price_ppm');
	await form.getByLabel('Value').fill('300.0001%');
	await form.getByLabel('Why').fill('The market <fell>');
	await send(form.getByRole('button', {name: 'Show what it would change'}));
	assert.match(await page.getByRole('alert').innerText(), /^There is a problem\s+Value: \S/);
	assert.equal(await page.getByRole('alert').getByRole('link').getAttribute('href'), '#value');
	assert.match(await page.locator('#value-error').innerText(), /^Error:\s+\S/, 'beside its field');
	assert.equal(await form.getByLabel('Value').getAttribute('aria-describedby'), 'value-hint value-error');
	assert.equal(await form.getByLabel('Value').inputValue(), '300.0001%');
	await form.getByLabel('Value').fill('70%');
	await send(form.getByRole('button', {name: 'Show what it would change'}));
	assert.match(await page.getByRole('region', {name: 'Values now, and as they would be'}).innerText(), /Price, of the valuation: worst case for receipts\s+85%\s+70%/);
	assert.equal((await now()).version, 0);
	assert.equal(await form.getByLabel('Parameter', {exact: true}).inputValue(), '/scenarios/WORST/price_ppm');
	await send(form.getByRole('button', {name: 'Set it'}));
	assert.equal(new URL(page.url()).pathname, '/parameters');
	assert.deepEqual((await now()).params, {scenarios: {WORST: {price_ppm: 700000}}});
	assert.match(await page.locator('#versions + ul').innerText(), /Version 1, 21 November 2026: The market <fell>/);
	ok(await admin.as(operator).put(P, {params: {}, note: 'Another'}, {match: '*'}), 200);
	await form.getByLabel('Parameter', {exact: true}).selectOption('/slip/MID');
	await form.getByLabel('Value').fill('[[0, 1000000]]');
	await form.getByLabel('Why').fill('In time');
	await send(form.getByRole('button', {name: 'Set it'}));
	assert.match(await page.getByRole('alert').innerText(), /Somebody else has changed the parameters/);
	await send(form.getByRole('button', {name: 'Set it'}));
	assert.deepEqual((await now()).params, {slip: {MID: [[0, 1000000]]}});
	await context.close();
});

test('a series is pasted, looked at and loaded', async () => {
	const {page, context} = await signIn(operator);
	await page.goto(`${reg.url}/parameters`);
	const form = page.getByRole('form', {name: 'Load a series'});
	await form.getByLabel('Series').fill('DEFLATOR');
	await form.getByLabel('The file (CSV)').fill('Period,Value\n2020-21,100\n2021-22,x\n');
	await send(form.getByRole('button', {name: 'Show what the series would change'}));
	assert.match(await page.getByRole('alert').innerText(), /The file: Line 3: \S/);
	assert.match(await page.locator('#file-error').innerText(), /^Error:\s+Line 3: \S/);
	for (const other of ['value', 'note', 'series-note'])
		assert.equal(await page.locator(`#${other}-error`).count(), 0, other);
	await form.getByLabel('The file (CSV)').fill(fs.readFileSync(path.join(TREE, 'tests/data/gdp-deflator/financial_year_mean_derived.csv'), 'utf8'));
	await form.getByLabel('Where it is from').fill('ONS YBGB');
	await send(form.getByRole('button', {name: 'Show what the series would change'}));
	assert.match(await page.getByRole('region', {name: 'Values now, and as they would be'}).innerText(), /Growth of prices: 2023-24\s+none\s+−?[\d.]+% a year/);
	await assertAccessible(page, 'what a series would change');
	await send(form.getByRole('button', {name: 'Load it'}));
	assert.match(await page.getByRole('region', {name: /^Growth by financial year/}).innerText(), /Growth of prices: 2023-24/);
	assert.deepEqual(await Promise.all(['note', 'series-note'].map(field => page.locator(`#${field}`).inputValue())), ['', '']);
	await context.close();
});

test('an authority\'s FINANCE sets its own rows', async () => {
	const {page, context} = await signIn(finance);
	await page.goto(`${reg.url}/parameters`);
	assert.equal(await page.locator('main form').count(), 0, 'the register\'s are the operators\'');
	await page.goto(`${reg.url}/parameters?authority_id=${council}`);
	await page.getByLabel('Parameter', {exact: true}).selectOption('/cost_fixed');
	await page.getByLabel('Value').fill('85%');
	await page.getByLabel('Why').fill('Our agent');
	await send(page.getByRole('button', {name: 'Set it'}));
	assert.match(await page.getByRole('alert').innerText(), /Value: \S/, 'no share of anything is so many pounds');
	await page.getByLabel('Value').fill('£3,000');
	await send(page.getByRole('button', {name: 'Set it'}));
	assert.match(await page.getByRole('row', {name: /Cost of a market sale, fixed/}).innerText(), /£3,000\.00\s+£2,500\.00/);
	assert.deepEqual(ok(await admin.as(finance).get(`${P}?authority_id=${council}`), 200).params, {cost_fixed: 300000});
	const open = await newPage();
	assert.equal((await open.page.goto(`${reg.url}/parameters?authority_id=${council}`)).status(), 404);
	for (const view of [{context}, open])
		await view.context.close();
});
