// Scenarios at the browser, without script: from an asset's page a sale a year late, a transfer at £1,
// another chance of sales; beside the live forecast, and again on the data of another day.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const made = {};
const path = '/forecast/compare';

before(async () => {
	made.council = ok(await admin.post('/v1/authorities', {name: 'Own <b>Council</b>', kind: 'COUNCIL', code: 'OWN'}));
	made.board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'}));
	made.hall = ok(await admin.post('/v1/assets', {name: 'Hall <i>', authority_id: made.council.id, class: 'HALL', tenure: 'OWNED'}));
	ok(await admin.post(`/v1/assets/${made.hall.id}/valuations`, {amount_pence: 20000000, basis: 'MV', valued_on: '2026-04-01'}));
	ok(await admin.put(`/v1/assets/${made.hall.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'},
		{headers: {'If-None-Match': '*'}}));
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust & Co', legal_form: 'SCIO', members: 30}));
	made.request = ok(await admin.post('/v1/requests', {asset_id: made.hall.id, community_body_id: body.id, kind: 'OWNERSHIP',
		received_on: '2026-10-01', offer_pence: 5000000}, {idempotency: 'scenarios-1'}));
	const key = async (at, ...roles) => (await makeKey(reg, {roles: {[at.id]: roles}})).key;
	[made.finance, made.viewer, made.stranger] = await Promise.all([key(made.council, 'FINANCE'), key(made.council, 'VIEWER'), key(made.board, 'FINANCE')]);
});

const runs = async () => ok(await admin.get('/v1/projections/runs?tag=WHAT_IF&sort=-id'), 200).items;
const table = page => page.locator('table').first().locator('tbody tr').evaluateAll(rows =>
	Object.fromEntries(rows.map(r => [r.cells[0].innerText, [...r.cells].slice(1).map(c => c.innerText)])));

test('a sale a year late and a transfer at a pound, from the asset\'s page, by form alone', async () => {
	const {page, context} = await signIn(made.finance, {javaScriptEnabled: false, next: `/assets/${made.hall.id}`});
	await send(page.getByRole('link', {name: 'What if it stood otherwise?'}));
	assert.match(await page.locator('#s-planned-now').innerText(), /planned for 15 June 2027/);
	await page.fill('#s-name', 'A year late & <b>more');
	await page.fill('#s-planned_on', '2028-06-15');
	await send(page.getByRole('button', {name: 'Make it', exact: true}));
	assert.equal(new URL(page.url()).pathname, path);
	const [late] = await runs();
	assert.deepEqual(late.overlay, [{asset_id: made.hall.id, set: {plan: {planned_on: '2028-06-15'}}}]);
	assert.deepEqual([late.name, late.authority_id, late.as_of_on], ['A year late & <b>more', made.council.id, '2026-11-21']);
	const rows = await table(page);
	assert.notEqual(rows['2027-28'][0], '£0.00');
	assert.equal(rows['2027-28'][1], '£0.00', JSON.stringify(rows));
	assert.match(rows['2027-28'][2], /^−£/, JSON.stringify(rows));

	await page.goto(`${reg.url}${path}?run=live&second=${late.id}&asset_id=${made.hall.id}`);
	await page.fill('#s-name', 'At a pound');
	await page.selectOption('#s-request_id', made.request.id);
	await page.fill('#s-request_price', '£1');
	await send(page.getByRole('button', {name: 'Make it', exact: true}));
	const [pound] = await runs();
	assert.deepEqual(pound.overlay, [{asset_id: made.hall.id, set: {request: {id: made.request.id, agreed_price_pence: 100}}}]);

	await page.goto(`${reg.url}${path}`);
	await page.fill('#s-name', 'Fewer sales');
	await page.selectOption('#s-parameter', 'p_market_mult');
	await page.fill('#s-value', '80%');
	await send(page.getByRole('button', {name: 'Make it', exact: true}));
	const [fewer] = await runs();
	assert.deepEqual(fewer.parameters_set, {scenarios: {LIKELY: {p_market_mult: 800000}}});
	assert.deepEqual(fewer.overlay, []);
	await page.goto(`${reg.url}${path}?run=live&second=${late.id}&third=${pound.id}&fourth=${fewer.id}&scenario=LIKELY&authority_id=${made.council.id}`);
	assert.equal(await page.locator('ol li').filter({hasText: 'after change'}).count(), 4);
	// Each difference is of the figures that stand beside it, and a column adds up to its total.
	const pence = text => Number(text.replace('−', '-').replace(/[£,]/g, '')) * 100;
	for (const at of await page.locator('table').all()) {
		const cells = await at.locator('tr').evaluateAll(all => all.slice(1).map(r => [...r.cells].slice(1).map(c => c.innerText)));
		for (const [first, ...rest] of cells.map(r => r.map(pence))) {
			for (let i = 0; i < rest.length; i += 2)
				assert.equal(Math.round(rest[i] - first), Math.round(rest[i + 1]));
		}
	}
	await context.close();
});

test('a scenario again on the data of today has its overlay and another position', async () => {
	const {page, context} = await signIn(made.finance, {next: path});
	const [fewer, , late] = await runs();
	ok(await admin.post(`/v1/assets/${made.hall.id}/valuations`, {amount_pence: 30000000, basis: 'MV', valued_on: '2026-05-01'}));
	await page.goto(`${reg.url}${path}?run=${late.id}&second=${fewer.id}`);
	await send(page.getByRole('button', {name: /Make it again on the data of today.*A year late/}));
	const [again] = await runs();
	assert.notEqual(again.id, late.id);
	assert.deepEqual([again.overlay, again.overlay_hash, again.name], [late.overlay, late.overlay_hash, late.name]);
	assert.ok(again.position > late.position);
	const totals = async run => ok(await admin.get(`/v1/projections/receipts?run=${run.id}&authority_id=${made.council.id}`), 200).totals.baseline.net_pence;
	assert.ok(await totals(again) > await totals(late), 'it has the new valuation');
	await context.close();
});

test('it reads well at every width, with chart and words', async () => {
	const {page, context, complaints} = await signIn(made.finance, {next: path});
	const list = (await runs()).slice(0, 3);
	await page.goto(`${reg.url}${path}?run=live&second=${list[0].id}&third=${list[1].id}&fourth=${list[2].id}&asset_id=${made.hall.id}`);
	await assertAccessible(page, 'four forecasts');
	assert.equal(await page.locator('svg.chart--one rect').count() > 3, true);
	assert.deepEqual(complaints, []);
	await context.close();
});

test('what is wrong is said; who does not read the money comes nowhere near', async () => {
	const {page, context} = await signIn(made.finance, {next: `${path}?asset_id=${made.hall.id}`});
	await page.fill('#s-name', 'Bad');
	await page.fill('#s-price', 'much');
	await send(page.getByRole('button', {name: 'Make it', exact: true}));
	assert.match(await page.locator('#s-price-error').innerText(), /This is no amount/);
	assert.deepEqual([await page.inputValue('#s-name'), await page.inputValue('#s-price')], ['Bad', 'much'], 'nothing is lost');
	await page.getByRole('alert').getByRole('link', {name: /^At an agreed price/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 's-price');
	await assertAccessible(page, 'a scenario refused');
	// What the steps of the API refuse stands beside its field, too.
	for (const [field, value, wrong] of [['price', '-5', 'price'], ['value', '999999', 'value']]) {
		await page.goto(`${reg.url}${path}?asset_id=${made.hall.id}`);
		await page.fill('#s-name', 'Kept & <b>typed');
		await page.selectOption('#s-parameter', field === 'value' ? 'slip_add' : '');
		await page.fill(`#s-${field}`, value);
		await send(page.getByRole('button', {name: 'Make it', exact: true}));
		assert.deepEqual([await page.inputValue('#s-name'), await page.inputValue(`#s-${field}`)], ['Kept & <b>typed', value]);
		assert.ok(await page.locator(`#s-${wrong}-error`).isVisible(), `${field}: ${await page.getByRole('alert').innerText()}`);
		assert.doesNotMatch(await page.getByRole('alert').innerText(), /\d{10}/, 'no largest number');
	}
	await page.goto(`${reg.url}${path}?asset_id=${made.hall.id}`);
	await page.fill('#s-name', 'Empty');
	await send(page.getByRole('button', {name: 'Make it', exact: true}));
	assert.match(await page.locator('#s-name-error').innerText(), /Nothing is otherwise/);
	const before = (await runs()).length;
	assert.equal((await page.goto(`${reg.url}${path}?run=run_00000000000000000000000000`)).status(), 404);
	await context.close();

	const viewer = await signIn(made.viewer, {next: '/'});
	assert.equal((await viewer.page.goto(reg.url + path)).status(), 403);
	await viewer.context.close();
	const [run] = await runs();
	const stranger = await signIn(made.stranger, {next: '/'});
	assert.equal((await stranger.page.goto(`${reg.url}${path}?run=live&second=${run.id}`)).status(), 404);
	await stranger.page.goto(`${reg.url}${path}?asset_id=${made.hall.id}`);
	await stranger.page.fill('#s-name', 'Spy');
	await stranger.page.fill('#s-planned_on', '2028-06-15');
	await send(stranger.page.getByRole('button', {name: 'Make it', exact: true}));
	assert.match(await stranger.page.locator('main').innerText(), /may not read the money/);
	await stranger.page.goto(`${reg.url}/assets/${made.hall.id}`);
	assert.equal(await stranger.page.getByText('What if it stood otherwise?').count(), 0);
	await stranger.context.close();
	const {page: open, context: nobody} = await newPage();
	assert.equal((await open.goto(reg.url + path)).status(), 401);
	await nobody.close();
	assert.equal((await runs()).length, before);
});
