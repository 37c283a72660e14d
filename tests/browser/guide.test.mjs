// The guides (daemon/guide) cannot go stale: each picture is of a page whose words are compared with those that were there when it
// was taken, each word in bold stands on a page of those jobs, and the guides are found and shown.
//
// GUIDE=renew takes the pictures anew, with the words beside them.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {startSite} from '../harness/browser.mjs';
import {smallPng} from './small_png.mjs';
import {TOWN, fillTown} from './town.mjs';

const FOLDER = new URL('../../daemon/guide/', import.meta.url);
const RENEW = process.env.GUIDE === 'renew';
const HOW = 'if the page is right, take the picture anew: GUIDE=renew node --test tests/browser/guide.test.mjs';
const BYTES_MAX = 600_000;
const WIDE = 1100, PHONE = 390; // a guide's column is 740 wide: of a page that is much wider nothing could be read in it
const HEAD = '.ds_page-header';

const GUIDES = fs.readdirSync(FOLDER).filter(f => f.endsWith('.md') && f !== 'README.md').map(f => f.slice(0, -3));
const {reg, newPage, signIn, stop} = await startSite(TOWN);
after(stop);
let town;
before(async () => {
	town = await fillTown(reg);
});

/*
 * Picture → of whose page, at which address, from which element to which, of those that a locator finds the first.
 * The pages of a guide without a picture, whose words it uses, stand behind.
 */
const PICTURES = {
	'forecast': {who: 'finance', at: t => `/forecast?authority_id=${t.council.id}`, from: HEAD, to: 'table'},
	'estates-work': {who: 'estates', at: () => '/work', from: HEAD, to: '.halves'},
	'estates-log': {who: 'estates', at: () => '/assets/new', from: HEAD, to: 'form button[type=submit]'},
	'estates-list': {who: 'estates', at: t => `/imports/${t.list.id}`, from: HEAD, to: 'table'},
	'estates-case': {who: 'estates', at: t => `/requests/${t.requests.wood.id}/case`, from: HEAD, to: 'button:has-text("Validate the request")'},
	'estates-report': {who: 'estates', at: t => `/reports/${t.council.id}/2026-27`, from: HEAD, to: 'tbody tr:nth-child(4)'},
	'community-found': {at: () => '/assets?q=glenord', from: 'h2:has-text("Requests that match")', to: '.ds_search-result', width: PHONE},
	'community-request': {at: t => `/requests/${t.requests.hall.id}`, from: HEAD, to: '.next', width: PHONE},
	'community-follow': {at: t => `/follow?request_id=${t.requests.hall.id}`, from: HEAD, to: 'form', width: PHONE},
	'community-ask': {at: t => `/assets/${t.land[6].id}/ask`, from: HEAD, to: 'dl', width: PHONE},
	'finance-tree': {who: 'finance', at: t => `/assets/${t.land[0].id}/projection`, from: HEAD, to: 'svg.chart--one'},
	'finance-bridge': {who: 'finance', at: t => `/forecast/bridge?from=${t.run.id}&to=live&authority_id=${t.council.id}`, from: 'svg', to: 'table'},
	'finance-compare': {who: 'finance', at: t => `/forecast/compare?run=${t.run.id}&second=live&authority_id=${t.council.id}`, from: 'h2', to: 'svg'},
	'admin-people': {who: 'admin', at: () => '/people', from: HEAD, to: 'table'},
	'admin-settings': {who: 'admin', at: t => `/authorities/${t.council.id}/settings`, from: HEAD, to: 'form button[type=submit]'},
	'admin-calendars': {who: 'operator', at: () => '/calendars', from: HEAD, to: '#bank_holidays'},
	'admin-webhooks': {who: 'admin', at: () => '/webhooks', from: HEAD, to: 'form button[type=submit]'},
};

const ALSO = {
	estates: [{at: () => '/'}, {who: 'estates', at: () => '/'}, {who: 'estates', at: () => '/assets'}, {who: 'estates', at: t => `/assets/${t.land[0].id}`},
		{who: 'estates', at: t => `/assets/${t.land[0].id}/edit`}, {who: 'estates', at: () => '/imports/new'}, {who: 'estates', at: () => '/requests'},
		{who: 'estates', at: t => `/requests/${t.requests.school.id}/case`}, {at: t => `/requests/${t.requests.hall.id}`}],
	community: [{at: () => '/'}, {at: () => '/assets'}, {at: t => `/assets/${t.land[6].id}`}, {at: () => '/mine'}],
	finance: [{who: 'finance', at: t => `/assets/${t.land[0].id}`}, {who: 'finance', at: t => `/assets/${t.land[0].id}/edit`},
		{who: 'finance', at: () => '/forecast/runs'}],
	admin: [{who: 'admin', at: () => '/'}, {who: 'operator', at: () => '/forecast'}],
};
const inGuide = {forecast: 'finance'};
const guideOf = picture => inGuide[picture] ?? picture.split('-')[0];

const views = {};
async function open({who = 'anyone', at, width = WIDE}) {
	const key = {...town.keys, operator: reg.adminKey}[who];
	views[who] ??= await (key ? signIn(key) : newPage());
	const {page} = views[who];
	await page.setViewportSize({width, height: 900});
	await page.goto(reg.url + at(town));
	return page;
}

/* The part of a page from one element to another: its words as they are seen, and where it is. */
async function partOf(page, {from, to}) {
	const ends = [from, to].map(selector => page.locator('main').locator(selector).filter({visible: true}).first());
	const [first, last] = await Promise.all(ends.map(end => end.elementHandle()));
	return page.evaluate(([first, last]) => {
		const range = document.createRange(), selection = getSelection();
		range.setStartBefore(first);
		range.setEndAfter(last);
		selection.removeAllRanges();
		selection.addRange(range);
		const words = selection.toString();
		selection.removeAllRanges();
		const {left, width, top, height} = range.getBoundingClientRect();
		return {words, clip: {x: left - 8, y: top + scrollY - 8, width: width + 16, height: height + 16}};
	}, [first, last]);
}

/* Where the feed stood is no matter of the page. */
const plain = words => words.replace(/after change \d+/g, 'after change …').replace(/[ \t\u00a0]+/g, ' ').replace(/\s*\n\s*/g, '\n').trim() + '\n';

const seen = {}; // guide → the words of its pages
async function remember(guide, page) {
	const words = await page.evaluate(() => document.body.textContent);
	seen[guide] = `${seen[guide] ?? ''} ${words.replace(/\s+/g, ' ')}`;
}

test('each picture is of what the page says today', async () => {
	const today = [];
	for (const [name, picture] of Object.entries(PICTURES)) {
		const page = await open(picture), {words, clip} = await partOf(page, picture);
		await remember(guideOf(name), page);
		if (RENEW) {
			fs.writeFileSync(new URL(`${name}.txt`, FOLDER), plain(words));
			fs.writeFileSync(new URL(`${name}.png`, FOLDER), smallPng(await page.screenshot({fullPage: true, clip})));
		}
		today.push([name, plain(words)]);
	}
	for (const [name, words] of today)
		assert.equal(words, fs.readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8'), `${name}: ${HOW}`);
});

test('pictures are those that the guides show, and small', () => {
	const kept = fs.readdirSync(FOLDER).filter(f => f.endsWith('.png')), names = Object.keys(PICTURES);
	const shown = GUIDES.flatMap(guide => [...fs.readFileSync(new URL(`${guide}.md`, FOLDER), 'utf8').matchAll(/!\[([^\]]+)\]\(([^)]+)\.png\)/g)].map(m => m[2]));
	assert.deepEqual(shown.sort(), names.sort());
	assert.deepEqual(kept.sort(), names.map(name => `${name}.png`).sort());
	const bytes = kept.reduce((sum, f) => sum + fs.statSync(new URL(f, FOLDER)).size, 0);
	assert.ok(bytes < BYTES_MAX, `${bytes} bytes of pictures`);
});

test('what a guide has in bold stands on the pages that it is about', async () => {
	for (const guide of GUIDES) {
		for (const more of ALSO[guide])
			await remember(guide, await open(more));
		const text = fs.readFileSync(new URL(`${guide}.md`, FOLDER), 'utf8').replace(/\s+/g, ' ');
		const missing = [...text.matchAll(/\*\*(.+?)\*\*/g)].map(m => m[1]).filter(words => !seen[guide].includes(words));
		assert.deepEqual(missing, [], `${guide}.md`);
	}
});

test('Help at the foot of a page leads to each guide, which shows its pictures', async () => {
	const {page, context, complaints} = await newPage();
	for (const guide of GUIDES) {
		await page.goto(`${reg.url}/rules`);
		await page.getByRole('contentinfo').getByRole('link', {name: 'Help'}).click();
		await page.locator(`main a[href="/guide/${guide}"]`).click();
		assert.equal(await page.locator('h1').count(), 1);
		await page.getByRole('navigation', {name: 'On this page'}).getByRole('link').last().click();
		assert.ok(await page.locator(':target').count(), 'a heading to go to');
		const pictures = page.locator('main img');
		assert.ok(await pictures.count(), guide);
		for (const picture of await pictures.all()) {
			const src = await picture.getAttribute('src'), reply = await reg.anyone.get(src);
			assert.equal(reply.status, 200, src);
			assert.equal(reply.headers['content-type'], 'image/png');
			assert.equal(Number(await picture.getAttribute('width')), reply.bytes.readUInt32BE(16), src);
			assert.ok((await picture.getAttribute('alt')).length > 10);
		}
	}
	assert.equal((await page.goto(`${reg.url}/guide/nobody`)).status(), 404);
	assert.deepEqual(complaints.filter(c => !/status of 404/.test(c)), []);
	await context.close();
});
