// Gaelic in the browser: chosen by its link, by mouse, by keyboard, without script and on a phone; it stays while one signs
// in and while a form is refused; axe on what the list of every page does not see.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z', conf: {pages: {unconfirmed: 'yes'}}});
after(stop);
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Form Council', kind: 'COUNCIL', code: 'FORM'}));
const {key} = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'FINANCE']}});

const language = page => page.locator('html').getAttribute('lang');
const other = page => page.getByRole('navigation', {name: 'Site'}).locator('a[hreflang]');

for (const script of [true, false]) {
	test(`its link leads to the same page in Gaelic and back, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context, complaints} = await newPage({script});
		await page.goto(`${reg.url}/assets?q=hall`);
		assert.equal(await language(page), 'en-GB');
		assert.equal(await other(page).innerText(), 'Gàidhlig');
		await send(other(page));
		assert.equal(page.url(), `${reg.url}/assets?q=hall`);
		assert.equal(await language(page), 'gd');
		await page.goto(`${reg.url}/requests`);
		assert.equal(await page.locator('h1').innerText(), 'Iarrtasan bho choimhearsnachdan');
		assert.equal(await page.title(), 'Iarrtasan bho choimhearsnachdan – Register of public land and buildings');
		if (script)
			await assertAccessible(page, 'requests in Gaelic');
		assert.equal(await other(page).innerText(), 'English');
		await send(other(page));
		assert.equal(page.url(), `${reg.url}/requests`);
		assert.equal(await language(page), 'en-GB');
		assert.deepEqual(complaints, []);
		await context.close();
	});
}

test('on a phone it is in the menu, and whose browser wants Gaelic has it at once', async () => {
	const {page, context} = await newPage({viewport: {width: 390, height: 844}, locale: 'gd-GB'});
	await page.goto(reg.url);
	assert.equal(await language(page), 'gd');
	await page.getByRole('button', {name: 'Menu'}).click();
	await Promise.all([page.waitForEvent('load'), page.locator('#mobile-navigation a[hreflang]').click()]);
	assert.equal(await language(page), 'en-GB', 'the choice weighs more than the browser');
	await context.close();
});

test('it stays while one signs in, and while a form is refused, which passes axe', async () => {
	const {page, context, complaints} = await signIn(key, {next: '/assets/new', locale: 'gd-GB'});
	assert.equal(await language(page), 'gd');
	await Promise.all([page.waitForEvent('load'), page.locator('main form button[type=submit]').first().press('Enter')]);
	assert.equal(await language(page), 'gd');
	await page.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true; }));
	await assertAccessible(page, 'a refused form in Gaelic');
	const marked = await page.getByRole('alert').locator('a').evaluateAll(all => all.map(a => a.closest('[lang]') !== document.documentElement || a.querySelector('[lang]') !== null));
	assert.ok(marked.length > 0 && marked.every(Boolean));
	assert.deepEqual(complaints.filter(c => !/status of 422/.test(c)), []);
	await context.close();
});

test('an error is a page in Gaelic too', async () => {
	const {page, context} = await newPage({locale: 'gd'});
	await page.goto(`${reg.url}/nowhere`);
	assert.equal(await language(page), 'gd');
	await assertAccessible(page, 'an error in Gaelic');
	await context.close();
});
