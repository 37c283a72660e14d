// Public bodies at the browser: found by everybody; entered and put into a partnership by who runs the register, without script as well.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, assertFaultless, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite();
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', name_gd: 'Comhairle Ghleann Fearg', kind: 'COUNCIL', code: 'GC'}));
const cpp = ok(await admin.post('/v1/cpps', {name: 'Glenfarg Partnership', code: 'GP', partners: [council.id]}));
const operator = (await makeKey(reg, {isOperator: true})).key;

test('everybody walks from the first page to a public body', async () => {
	const view = await newPage(), {page, context} = view;
	await page.goto(reg.url);
	await send(page.getByRole('link', {name: 'All public bodies'}));
	await assertFaultless(view, 'public bodies');
	await page.getByLabel('Words of the name').fill('ghleann');
	await page.getByLabel('Kind', {exact: true}).selectOption('COUNCIL');
	await send(page.getByRole('button', {name: 'Show'}));
	assert.deepEqual(await page.locator('tbody th a').allInnerTexts(), ['Glenfarg Council']);
	assert.equal(await page.getByLabel('Kind', {exact: true}).inputValue(), 'COUNCIL');
	assert.equal(await page.locator('tbody [lang=gd]').innerText(), 'Comhairle Ghleann Fearg');
	assert.equal(await page.locator('main form[method=post]').count(), 0);
	await send(page.getByRole('link', {name: 'Glenfarg Council'}));
	assert.equal(await page.locator('h1').innerText(), 'Glenfarg Council');
	await send(page.locator('main, nav').getByRole('link', {name: 'Public bodies'}));
	await page.goto(`${reg.url}/authorities?q=nowhere`);
	assert.ok(await page.getByText('No public body was found.').isVisible());
	await context.close();
});

for (const script of [true, false]) {
	test(`who runs the register enters one and puts it into a partnership, ${script ? 'with' : 'without'} script`, async () => {
		const name = `NHS Glenfarg ${script ? 'South' : 'North'}`;
		const view = await signIn(operator, {script, next: '/authorities'}), {page, context} = view;
		if (script)
			await assertAccessible(page, 'public bodies for who runs the register');
		const body = page.getByRole('form', {name: 'Enter a public body'}), join = page.getByRole('form', {name: 'Put a public body into a partnership'});
		await body.getByLabel('Name', {exact: true}).fill(name);
		await body.getByLabel('Kind of public body').selectOption('HEALTH_BOARD');
		await body.getByLabel('Code').fill('GC');
		await send(body.getByRole('button'));
		const wrong = page.getByRole('alert').getByRole('link', {name: /^Code: /});
		await wrong.click();
		if (script) {
			assert.equal(await page.evaluate(() => document.activeElement.id), 'b-code');
			await assertAccessible(page, 'a code that is taken');
		}
		assert.equal(await body.getByLabel('Name', {exact: true}).inputValue(), name);
		await body.getByLabel('Code').fill(script ? 'NHS-S' : 'NHS-N');
		await send(body.getByRole('button'));
		assert.match(page.url(), /\/authorities\/aut_\w+\/settings$/);
		await page.goto(`${reg.url}/authorities`);
		await join.getByLabel('Public body').selectOption({label: name});
		await join.getByLabel('Partnership').selectOption(cpp.id);
		await send(join.getByRole('button'));
		assert.equal(await page.locator('h1').innerText(), name);
		assert.ok(await page.getByRole('link', {name: 'Glenfarg Partnership'}).isVisible());
		await context.close();
	});
}
