// Every page in every state: no accessibility violation, no policy report, nothing wider than a
// phone, light enough, and nothing that came from a person taken for markup.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import zlib from 'node:zlib';
import {axe, newPage, startBrowser} from '../harness/browser.mjs';
import {startRegister} from '../harness/index.mjs';
import {HOSTILE, NOW, STATES, fill, id} from './sample.mjs';

const WEIGHT_MAX = 60_000;

const reg = await startRegister({
	clock: NOW,
	conf: {pages: {name: 'Assets of Glenfarg', notice: 'Made up for a test.'}},
});
const browser = await startBrowser();
after(async () => {
	await browser.close();
	await reg.stop();
});

const pages = [
	{name: 'home', path: '/'},
	{name: 'register', path: '/assets'},
	{name: 'register, further on', path: `/assets?after_name=Village%20Hall%20003&after=${id('ast', 10)}`},
	{name: 'register, found', path: '/assets?q=hall'},
	{name: 'register, narrowed', path: `/assets?authority_id=${id('aut', 2)}&class=HALL&lifecycle=IN_USE`},
	{name: 'register of a day, narrowed by the address', path: '/assets?valid_on=2026-11-21&known_on=2026-11-21&tenure=OWNED&decile=0'},
	{name: 'asset of a day', path: `/assets/${id('ast', 1)}?valid_on=2026-11-21`},
	{name: 'request of a day', path: `/requests/${id('atr', 2)}?valid_on=2026-11-21`},
	{name: 'requests of a day, overdue', path: '/requests?show=overdue&valid_on=2026-11-21'},
	{name: 'register, nothing found', path: '/assets?q=nowhere'},
	{name: 'asset with a plan, barred, shared', path: `/assets/${id('ast', 1)}`},
	{name: 'asset in use', path: `/assets/${id('ast', 6)}`},
	{name: 'asset disposed of', path: `/assets/${id('ast', 4)}`},
	{name: 'asset with a hostile name', path: `/assets/${id('ast', 5)}`},
	{name: 'requests', path: '/requests'},
	{name: 'requests, all', path: '/requests?show=all'},
	{name: 'requests, none', path: '/requests?authority_id=aut_none'},
	...STATES.map((state, i) => ({name: `request ${state}`, path: `/requests/${id('atr', i + 1)}`})),
	{name: 'forecast', path: '/forecast'},
	{name: 'forecast of one body, worst case', path: `/forecast?authority_id=${id('aut', 2)}&scenario=WORST`},
	{name: 'forecast of a body without plans', path: `/forecast?authority_id=aut_none`},
	{name: 'sign in', path: '/sign-in'},
	{name: 'not found', path: `/assets/${id('ast', 999)}`, status: 404},
	{name: 'no such address', path: '/nonsense', status: 404},
	{name: 'bad query', path: '/assets?nonsense=1', status: 400},
];

/* Bytes on the wire of a page and its parts, fonts apart, as nginx and the daemon compress them. */
async function weightOf(page, path) {
	const {body, headers} = await fetched(path);
	assert.match(headers['content-type'], /^text\/html/);
	const parts = await page.evaluate(() => performance.getEntriesByType('resource').map(r => new URL(r.name).pathname));
	let bytes = zlib.gzipSync(body, {level: 6}).length;
	for (const part of parts.filter(p => p.startsWith('/a/') && !p.endsWith('.woff2')))
		bytes += (await fetched(part, {'Accept-Encoding': 'gzip'})).body.length;
	return bytes;
}

async function fetched(path, headers = {Accept: 'text/html'}) {
	const reply = await reg.anyone.get(path, {headers});
	return {body: reply.bytes, headers: reply.headers};
}

const PHONE = {width: 390, height: 844};
const WIDE = {width: 1280, height: 900};

/* What must hold of a page in a window of some size. */
async function checkSize(page, name, size) {
	await page.setViewportSize(size);
	assert.deepEqual(await axe(page), [], `${name}, ${size.width} px: axe`);
	const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	assert.equal(wide, 0, `${name}: ${wide} px wider than the window of ${size.width}`);
}

/* status: what the console may complain about. */
async function check({name, path, status = 200}) {
	const {page, context, complaints} = await newPage(browser, {viewport: WIDE});
	const reply = await page.goto(reg.url + path);
	assert.equal(reply.status(), status, name);
	await checkSize(page, name, WIDE);
	await checkSize(page, name, PHONE);
	assert.deepEqual(complaints.filter(c => status === 200 || !c.includes(`status of ${status}`)), [], name);
	assert.equal(await page.locator('h1').count(), 1, `${name}: one h1`);
	assert.match(await page.title(), / – Assets of Glenfarg$/);
	assert.equal(await page.getByText('Made up for a test.').count(), 2, `${name}: the notice above and below`);
	const weight = await weightOf(page, path);
	assert.ok(weight < WEIGHT_MAX, `${name}: ${weight} bytes`);
	await context.close();
}

test('home of an empty register', async () => {
	await check({name: 'empty home', path: '/'});
	await fill(reg);
});

for (const row of pages)
	test(row.name, () => check(row));

test('every request says whose turn it is, whether a date runs or not', async () => {
	const {page, context} = await newPage(browser);
	const turns = [];
	for (const i of STATES.keys()) {
		await page.goto(`${reg.url}/requests/${id('atr', i + 1)}`);
		turns.push(await page.locator('dt:text("Who must act") + dd').innerText());
	}
	assert.deepEqual(turns, ['The authority', 'The authority', 'The community body', 'The community body, if it wants to challenge that',
		'Both sides', 'Both sides', 'Nobody', 'Nobody']);
	await context.close();
});

test('names from people are text on every page', async () => {
	const view = await newPage(browser);
	for (const path of ['/', '/assets?q=script', `/assets/${id('ast', 5)}`, `/assets?q=${encodeURIComponent(HOSTILE)}`]) {
		await view.page.goto(reg.url + path);
		assert.equal(await view.page.locator('main script').count(), 0);
	}
	assert.equal(await view.page.getByRole('link', {name: HOSTILE}).count(), 1, 'found by its own words');
	assert.deepEqual(view.complaints, []);
	await view.context.close();
});

test('the printed page has no menu, no form, and shows what is folded away', async () => {
	const {page, context} = await newPage(browser);
	await page.goto(`${reg.url}/requests/${id('atr', 2)}`);
	await page.emulateMedia({media: 'print'});
	assert.ok(await page.getByText('So the last day is Thursday 1 April 2027, to midnight.').isVisible());
	assert.ok(!await page.locator('nav.ds_site-navigation').first().isVisible());
	assert.ok(!await page.getByRole('search').isVisible());
	await context.close();
});
