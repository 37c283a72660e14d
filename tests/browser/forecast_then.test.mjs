// The forecast as it was on a day, by the browser: from the page of the live one, by keyboard and without script, to the figures that stood
// then, to the penny; a day that is none is led to.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok, openForecast} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-03-05T10:00:00Z', conf: {projection: {seed: 7, threads: 1}}});
after(stop);
const {add, asset, value, receipts} = openForecast(reg);
const council = await add('/v1/authorities', {name: 'Then Council', kind: 'COUNCIL', code: 'THEN'});
const land = await Promise.all(['Hall', 'Depot', 'Yard'].map((name, i) => asset({name, authority_id: council.id}, {amount: 20000001 * (i + 1), plan: {planned_on: '2027-06-15'}})));
const {key} = await makeKey(reg, {roles: {'*': ['FINANCE']}});
const was = (await receipts('group_by=YEAR')).totals;
reg.daemon.setClock('2026-04-20T10:00:00Z');
await value(land[0], 90000000, {valued_on: '2026-04-15'});
const now = (await receipts('group_by=YEAR')).totals;

test('as it was true and known on a day: seen from that day, to the penny of what it said then', async () => {
	assert.notEqual(now.baseline.net_pence, was.baseline.net_pence);
	const {page, context} = await signIn(key, {next: '/forecast', script: false});
	await send(page.getByRole('link', {name: 'The forecast as it was on a day'}));
	const form = page.getByRole('form', {name: 'Freeze the forecast'});
	await form.getByLabel('Name').fill('As we knew it');
	await form.getByLabel('What it is for').selectOption('LIVE');
	await form.locator('summary').focus();
	await page.keyboard.press('Enter');
	await form.getByLabel('As the register knew it on').fill('2026-03-05');
	await form.getByRole('button', {name: 'Freeze it'}).focus();
	await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
	assert.match(await page.locator('dt:text("Data") + dd').innerText(), /^What was true on 5 March 2026, as it was known on 5 March 2026/);
	const id = page.url().split('/').at(-1);
	const run = ok(await reg.admin.get(`/v1/projections/runs/${id}`), 200);
	assert.deepEqual([run.as_of_on, run.valid_on, run.known_at], ['2026-03-05', '2026-03-05', '2026-03-05T23:59:59.999999Z']);
	const then = ok(await reg.admin.get(`/v1/projections/receipts?group_by=YEAR&run=${id}`), 200).totals;
	assert.deepEqual([then.baseline.net_pence, then.adjusted.net_pence], [was.baseline.net_pence, was.adjusted.net_pence]);
	await context.close();
});

for (const script of [true, false]) {
	test(`the date box of the live forecast leads to what was frozen by then, and back, ${script ? 'by script' : 'without script'}`, async () => {
		const {page, context} = await signIn(key, {next: '/forecast', script});
		await page.getByLabel('Rows').selectOption('NONE');
		await page.locator('summary', {hasText: 'As it was on a day'}).focus();
		await page.keyboard.press('Enter');
		await page.getByLabel('How things stood on').fill('2026-03-20');
		await send(page.getByRole('button', {name: 'Show', exact: true}));
		await page.getByRole('heading', {level: 1, name: 'Frozen forecast: As we knew it'}).waitFor();
		assert.match(await page.getByRole('note').innerText(), /You asked for the forecast of 20 March 2026\. .*what was so on 5 March 2026, as it was known on 5 March 2026/s);
		if (script)
			await assertAccessible(page, 'a forecast of then');
		await page.getByLabel('How things stood on').fill('2026-03-04');
		await send(page.getByRole('button', {name: 'Show that day'}));
		assert.match(await page.getByRole('note').innerText(), /No forecast of 4 March 2026 or of a day before was frozen/);
		await send(page.getByRole('link', {name: 'See it as it is now'}));
		await page.getByRole('table', {name: /by financial year/}).first().waitFor();
		await context.close();
	});
}

test('a day that is none is said beside its field, with what was typed; without days it is of now', async () => {
	const {page, context} = await signIn(key, {next: '/forecast/runs'});
	const form = page.getByRole('form', {name: 'Freeze the forecast'});
	await form.getByLabel('Name').fill('Now');
	await form.getByLabel('What it is for').selectOption('LIVE');
	await form.locator('summary').click();
	await form.getByLabel('How things stood on').evaluate(field => { field.type = 'text'; });
	await form.getByLabel('How things stood on').fill('soon');
	await send(form.getByRole('button', {name: 'Freeze it'}));
	await page.getByRole('alert').getByRole('link', {name: /^How things stood on: /}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'z-valid_on');
	assert.equal(await form.getByLabel('Name').inputValue(), 'Now');
	await assertAccessible(page, 'a day that is none');
	await form.getByLabel('How things stood on').fill('');
	await send(form.getByRole('button', {name: 'Freeze it'}));
	const run = ok(await reg.admin.get(`/v1/projections/runs/${page.url().split('/').at(-1)}`), 200);
	assert.deepEqual([run.as_of_on, run.valid_on, run.known_at], ['2026-04-20', null, null]);
	await context.close();
	const anybody = await newPage();
	await anybody.page.goto(`${reg.url}/forecast`);
	assert.equal(await anybody.page.getByRole('link', {name: 'The forecast as it was on a day'}).count(), 0);
	await anybody.context.close();
});
