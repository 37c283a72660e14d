// The register's pages and the forecast's for everybody in every state (page_check.mjs says what must hold), and nothing
// that came from a person taken for markup. Those of requests stand in request_pages.test.mjs.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {axe} from '../harness/browser.mjs';
import {startPages} from './page_check.mjs';
import {HOSTILE, fill, id} from './sample.mjs';

const {reg, newPage, check, stop} = await startPages();
after(stop);

const pages = [
	{name: 'home', path: '/'},
	{name: 'register', path: '/assets'},
	{name: 'register, further on', path: `/assets?after_name=Village%20Hall%20003&after=${id('ast', 10)}`},
	{name: 'register, found', path: '/assets?q=hall'},
	{name: 'register, narrowed', path: `/assets?authority_id=${id('aut', 2)}&class=HALL&lifecycle=IN_USE`},
	{name: 'register of a day, narrowed by the address', path: '/assets?valid_on=2026-11-21&known_on=2026-11-21&tenure=OWNED&decile=0'},
	{name: 'asset of a day', path: `/assets/${id('ast', 1)}?valid_on=2026-11-21`},
	{name: 'map', path: '/map'},
	{name: 'map, narrowed', path: `/map?authority_id=${id('aut', 2)}&class=HALL`},
	{name: 'map, nothing found', path: '/map?q=nowhere'},
	{name: 'register, nothing found', path: '/assets?q=nowhere'},
	{name: 'asset with a plan, barred, shared', path: `/assets/${id('ast', 1)}`},
	{name: 'asset in use', path: `/assets/${id('ast', 6)}`},
	{name: 'asset disposed of', path: `/assets/${id('ast', 4)}`},
	{name: 'asset with a hostile name', path: `/assets/${id('ast', 5)}`},
	{name: 'public body', path: `/authorities/${id('aut', 1)}`},
	{name: 'forecast', path: '/forecast'},
	{name: 'forecast of one body, worst case', path: `/forecast?authority_id=${id('aut', 2)}&scenario=WORST`},
	{name: 'forecast of a body without plans', path: `/forecast?authority_id=aut_none`},
	{name: 'sign in', path: '/sign-in'},
	{name: 'not found', path: `/assets/${id('ast', 999)}`, status: 404},
	{name: 'no such address', path: '/nonsense', status: 404},
	{name: 'bad query', path: '/assets?q=a&q=b', status: 400},
];

test('home of an empty register', async () => {
	await check({name: 'empty home', path: '/'});
	await fill(reg);
});

for (const row of pages)
	test(row.name, () => check(row));

test('names from people are text on every page', async () => {
	const view = await newPage();
	for (const path of ['/', '/assets?q=script', `/assets/${id('ast', 5)}`, `/assets?q=${encodeURIComponent(HOSTILE)}`]) {
		await view.page.goto(reg.url + path);
		assert.equal(await view.page.locator('main script').count(), 0);
	}
	assert.equal(await view.page.getByRole('link', {name: HOSTILE}).count(), 1, 'found by its own words');
	assert.deepEqual(view.complaints, []);
	await view.context.close();
});

test('what is pale in one size alone is found in that size, and what is pale later then', async () => {
	const {page, context} = await newPage();
	await page.setContent(`<!doctype html><html lang=en><title>Pale</title><style>@media (width < 600px) { .narrow { color: #aaa } }
		@media (width >= 600px) { .wide { background: #333 } }</style><main><h1>Pale</h1><p class=narrow>Narrow</p><div class=wide><p class=in>Wide</p></div><p class=later>Later</p></main>`);
	const pale = async width => {
		await page.setViewportSize({width, height: 800});
		return (await axe(page)).map(said => /^color-contrast: (.*?):/.exec(said)?.[1] ?? said);
	};
	assert.deepEqual(await pale(390), ['.narrow']);
	assert.deepEqual(await pale(1280), ['.in']);
	await page.locator('.later').evaluate(p => (p.style.color = '#bbb'));
	assert.deepEqual(await pale(1280), ['.later']);
	await context.close();
});
