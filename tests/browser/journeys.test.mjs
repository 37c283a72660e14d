// The public's journeys: by keyboard, without script, on a phone; and signing in, which shows
// an officer what nobody else sees.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {axe, startSite, tabTo} from '../harness/browser.mjs';
import {NOW, fill, id} from './sample.mjs';

const {reg, newPage, stop} = await startSite({clock: NOW});
after(stop);
await fill(reg);

const PHONE = {viewport: {width: 390, height: 844}};

async function open(path, options) {
	const view = await newPage(options);
	await view.page.goto(reg.url + path);
	return view;
}

const focused = page => page.evaluate(() => document.activeElement?.textContent.trim() || document.activeElement?.name);

for (const script of [true, false]) {
	test(`a group finds its request in two page loads, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context, complaints} = await open('/', {script});
		await page.getByLabel('Find an asset or a request').fill('atr-2026-2');
		await page.getByRole('button', {name: 'Search'}).click();
		await page.getByRole('link', {name: 'ATR-2026-2'}).click();
		assert.equal(await page.locator('h1').textContent(), 'Glenfarg Hall Trust asks for Gate Lodge, Kirkton Park');
		assert.ok(await page.getByText('1 April 2027').first().isVisible());
		assert.ok(await page.getByText('in 131 days').isVisible());
		assert.ok(await page.getByLabel('Where it stands').getByText('the authority', {exact: true}).isVisible());
		assert.ok(!await page.getByText('So the last day is Thursday 1 April 2027, to midnight.').isVisible());
		await page.getByText('How we worked out this date').click();
		assert.ok(await page.getByText('Fifteen working days.').isVisible());
		await page.getByText('Decision notice: 1 April 2027').click();
		assert.ok(await page.getByText('So the last day is Thursday 1 April 2027, to midnight.').isVisible());
		const other = page.getByText('Acknowledgement: 22 October 2026, done in time');
		const saturday = page.getByText('3 October 2026: Saturday');
		assert.ok(!await saturday.isVisible());
		await other.click();
		assert.ok(await saturday.isVisible());
		assert.ok(await page.getByText('Public bodies work by it').isVisible());
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test(`the menu opens on a phone, ${script ? 'with' : 'without'} script, and its links can be followed`, async () => {
		const {page, context, complaints} = await open('/', {script, ...PHONE});
		const menu = page.locator('#mobile-navigation');
		assert.ok(!await menu.isVisible());
		await page.locator('.js-toggle-menu').filter({visible: true}).click();
		assert.ok(await menu.isVisible());
		await menu.getByRole('link', {name: 'Requests'}).click();
		assert.equal(await page.locator('h1').textContent(), 'Requests by communities');
		assert.deepEqual(complaints, []);
		await context.close();
	});

	test(`on a phone what is searched for at home is found on the first screen, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context} = await open('/', {script, ...PHONE});
		const search = async words => {
			await page.goto(reg.url);
			await page.getByLabel('Find an asset or a request').fill(words);
			await page.getByRole('button', {name: 'Search'}).click();
			await page.waitForURL(/q=/);
		};
		const isInView = what => what.evaluate(e => e.getBoundingClientRect().top >= 0 && e.getBoundingClientRect().bottom <= window.innerHeight);
		await search('library');
		assert.ok(await isInView(page.getByRole('link', {name: 'Library, Aberfeldy'})));
		await search('lodge');
		const found = page.getByRole('listitem').filter({hasText: 'ATR-2026-2'});
		assert.ok(await isInView(found));
		assert.ok(await found.getByText('Kirkton Council (not a real body)').isVisible(), 'and whose request it is');
		await context.close();
	});

	test(`on a phone the register's filters are closed, open by keyboard, and say what was chosen, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context} = await open(`/assets?q=hall&class=HALL&authority_id=${id('aut', 1)}`, {script, ...PHONE});
		const words = page.locator('#f-q');
		assert.ok(!await words.isVisible());
		assert.ok(await page.getByText('Narrowed by public body: Glenfarg Council (not a real body); kind: Hall.').isVisible(), 'what narrows it is said');
		await tabTo(page, 'show-filters');
		await page.keyboard.press('Space');
		assert.ok(await words.isVisible());
		assert.deepEqual([await words.inputValue(), await page.getByLabel('Kind').inputValue()], ['hall', 'HALL']);
		await page.setViewportSize({width: 1000, height: 700});
		await page.goto(page.url());
		assert.ok(await words.isVisible() && !await page.locator('.filters-toggle').isVisible(), 'and always where there is room');
		await context.close();
	});

	test(`the menu opens by keyboard on a phone, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context} = await open('/', {script, ...PHONE});
		for (let i = 0; i < 4 && !await page.locator('#mobile-navigation').isVisible(); i++) {
			await page.keyboard.press('Tab');
			await page.keyboard.press('Space');
		}
		assert.ok(await page.locator('#mobile-navigation').isVisible());
		await context.close();
	});

	test(`filters stand in the address, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context} = await open('/assets', {script});
		await page.getByLabel('Public body').selectOption({label: 'Kirkton Council (not a real body)'});
		await page.getByLabel('Kind').selectOption('LODGE');
		await page.getByRole('button', {name: 'Show'}).click();
		const at = new URL(page.url());
		assert.equal(at.searchParams.get('authority_id'), id('aut', 2));
		assert.equal(at.searchParams.get('class'), 'LODGE');
		assert.equal(await page.getByText('1 entry').count(), 1);
		assert.equal(await page.getByRole('link', {name: 'Gate Lodge, Kirkton Park'}).count(), 1);
		assert.equal(await page.getByLabel('Kind').inputValue(), 'LODGE');
		await page.getByRole('link', {name: 'Clear all'}).click();
		assert.equal(await page.getByText('37 entries').count(), 1);
		await context.close();
	});
}

test('by keyboard alone: skip to the content, search, open the second result', async () => {
	const {page, context} = await open('/assets');
	await page.keyboard.press('Tab');
	assert.equal(await focused(page), 'Skip to main content');
	await page.keyboard.press('Enter');
	assert.ok(page.url().endsWith('#main-content'));
	await page.keyboard.press('Tab');
	assert.equal(await focused(page), 'q', 'the first thing after the skip is the filter');
	await page.keyboard.type('village hall');
	await page.keyboard.press('Enter');
	await page.waitForURL(/q=village/);
	while (await focused(page) !== 'Village Hall 002')
		await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/assets\/ast_/);
	assert.equal(await page.locator('h1').textContent(), 'Village Hall 002');
	await context.close();
});

test('a list is walked to its end and no entry is met twice', async () => {
	const {page, context} = await open('/assets');
	const met = [];
	for (let n = 0; n < 5; n++) {
		met.push(...await page.locator('.ds_search-result__link').allTextContents());
		const next = page.getByRole('link', {name: 'Next page'});
		if (!await next.count())
			break;
		await next.click();
	}
	assert.equal(met.length, 37);
	assert.equal(new Set(met).size, 37);
	await context.close();
});

test('a table of figures is cards on a phone, each figure with its word', async () => {
	const {page, context} = await open('/forecast', PHONE);
	const region = page.getByRole('region', {name: 'Net capital receipts by financial year'});
	assert.ok(await region.evaluate(r => r.scrollWidth <= r.clientWidth));
	assert.match(await region.locator('td[data-label]').first().evaluate(td => getComputedStyle(td, '::before').content), /Baseline/);
	await context.close();
});

test('signing in shows money, signing out hides it again', async () => {
	const {page, context, complaints} = await open(`/assets/${id('ast', 1)}`);
	assert.equal(await page.getByText('£200,000').count(), 0);
	await page.getByRole('navigation', {name: 'Site'}).getByRole('link', {name: 'Sign in'}).click();
	await page.getByLabel('API key').fill('akey_live_wrong');
	await page.getByRole('button', {name: 'Sign in'}).click();
	assert.ok(await page.getByRole('alert').isVisible());
	await page.getByRole('link', {name: 'That key is not one of ours'}).click();
	assert.equal(await focused(page), 'key', 'the summary leads to the field');
	await page.getByLabel('API key').fill(reg.adminKey);
	await page.getByRole('button', {name: 'Sign in'}).click();
	assert.equal(new URL(page.url()).pathname, `/assets/${id('ast', 1)}`, 'back where it began');
	assert.equal(await page.getByText('£200,000').count(), 1);
	const [cookie] = (await context.cookies()).filter(c => c.name === '__Host-sid');
	assert.deepEqual({httpOnly: cookie.httpOnly, secure: cookie.secure, sameSite: cookie.sameSite, path: cookie.path},
		{httpOnly: true, secure: true, sameSite: 'Lax', path: '/'});
	await page.getByRole('button', {name: 'Sign out'}).click();
	assert.equal(new URL(page.url()).pathname, '/');
	await page.goto(`${reg.url}/assets/${id('ast', 1)}`);
	assert.equal(await page.getByText('£200,000').count(), 0);
	assert.deepEqual(complaints.filter(c => !c.includes('status of 422')), []);
	await context.close();
});

test('a list is dropped on its form, looked at and applied', async () => {
	const {page, context, complaints} = await open('/sign-in?next=/imports/new');
	await page.getByLabel('API key').fill(reg.adminKey);
	await page.getByRole('button', {name: 'Sign in'}).click();
	for (const path of ['/assets/change?class=HALL', '/imports/new']) {
		await page.goto(reg.url + path);
		assert.deepEqual(await axe(page), [], path);
	}
	const files = await page.evaluateHandle(() => {
		const data = new DataTransfer();
		data.items.add(new File(['reference,name,class,tenure\nDROP-1,Dropped hall,HALL,OWNED\n'], 'list.csv', {type: 'text/csv'}));
		return data;
	});
	const form = page.locator('form[data-drop]');
	await form.dispatchEvent('dragover', {dataTransfer: files});
	assert.ok(await form.evaluate(f => f.classList.contains('is-dropped-on')));
	await form.dispatchEvent('drop', {dataTransfer: files});
	await page.getByRole('button', {name: 'Show the differences'}).click();
	await page.getByText('1 new, 0 changed').waitFor();
	await page.getByRole('button', {name: 'Apply'}).click();
	await page.getByText('This list has been applied.').waitFor();
	await page.getByRole('button', {name: 'Undo all of it'}).click();
	await page.getByText('applied and undone').waitFor();
	assert.deepEqual(complaints, []);
	await context.close();
});
