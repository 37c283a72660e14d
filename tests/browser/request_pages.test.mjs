// The pages of requests in every state (page_check.mjs says what must hold), whose turn it is, and on paper.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startPages} from './page_check.mjs';
import {STATES, fill, id} from './sample.mjs';

const {reg, newPage, check, stop} = await startPages();
after(stop);

await fill(reg);

const pages = [
	{name: 'request of a day', path: `/requests/${id('atr', 2)}?valid_on=2026-11-21`},
	{name: 'requests of a day, overdue', path: '/requests?show=overdue&valid_on=2026-11-21'},
	{name: 'requests', path: '/requests'},
	{name: 'requests, all', path: '/requests?show=all'},
	{name: 'requests, none', path: '/requests?authority_id=aut_none'},
	...STATES.map((state, i) => ({name: `request ${state}`, path: `/requests/${id('atr', i + 1)}`})),
];

for (const row of pages)
	test(row.name, () => check(row));

test('every request says whose turn it is, whether a date runs or not', async () => {
	const {page, context} = await newPage();
	const turns = [];
	for (const i of STATES.keys()) {
		await page.goto(`${reg.url}/requests/${id('atr', i + 1)}`);
		turns.push(await page.locator('dt:text("Who must act") + dd').innerText());
	}
	assert.deepEqual(turns, ['The authority', 'The authority', 'The community body', 'The community body, if it wants to challenge that',
		'Both sides', 'Both sides', 'Nobody', 'Nobody']);
	await context.close();
});

test('the next date is the one whose day comes first, and behind a reminder stands the one that matters, on the page, in the list and at home', async () => {
	const {page, context} = await newPage();
	const plain = async locator => (await locator.innerText()).replace(/\s+/g, ' ').trim();
	await page.goto(`${reg.url}/requests/${id('atr', 2)}`);
	assert.match(await plain(page.locator('dt:text("Next date") + dd')), /^25 November 2026 .*: Notices to the public$/);
	assert.match(await plain(page.locator('section.next')), /reminds the authority.* depends is 1 April 2027, in 131 days: Decision notice/);
	assert.ok(await page.getByText(/^Decision notice: 1 April 2027/).isVisible(), 'among the other dates');
	await page.goto(`${reg.url}/requests`);
	assert.match(await plain(page.locator('tr', {hasText: 'ATR-2026-2'}).locator('td[data-label="Next date"]')),
		/^25 November 2026 .*: Notices to the public; after it, 1 April 2027: Decision notice$/);
	await page.goto(`${reg.url}/`);
	assert.match(await plain(page.locator('.happenings').first()), /25 November 2026/);
	await context.close();
});

test('the printed page has no menu, no form, and shows what is folded away', async () => {
	const {page, context} = await newPage();
	await page.goto(`${reg.url}/requests/${id('atr', 2)}`);
	await page.emulateMedia({media: 'print'});
	assert.ok(await page.getByText('So the last day is Thursday 1 April 2027, to midnight.').isVisible());
	assert.ok(!await page.locator('nav.ds_site-navigation').first().isVisible());
	assert.ok(!await page.getByRole('search').isVisible());
	await context.close();
});
