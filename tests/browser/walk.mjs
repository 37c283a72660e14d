// A person at the pages whose work is counted, page loads, clicks and required answers, in one of the manners that people
// have: at a desk by mouse, on a phone that runs no script, by keyboard alone in a window of 400 % zoom.

import assert from 'node:assert/strict';
import {assertFits, axe} from '../harness/browser.mjs';

const DESK = {width: 1280, height: 900}, PHONE = {width: 390, height: 844}, ZOOM = {width: 320, height: 256}, PAPER = {width: 700, height: 900};

/* By Tab alone; a list has no more stops than that before what a job needs. */
const STOPS = 150;

async function reach(what) {
	for (let i = 0; i < STOPS; i++) {
		if (await what.evaluate(e => e === document.activeElement))
			return;
		await what.page().keyboard.press('Tab');
	}
	assert.fail(`Tab does not come to ${what}`);
}

const labelOf = (select, value) => select.evaluate((e, v) => [...e.options].find(o => o.value === v || o.label === v)?.label, value);

/* Days are typed digit by digit; one whose day and month are alike is the same in every country's order. */
async function type(what, text) {
	const {keyboard} = what.page();
	const [kind, tag] = await what.evaluate(e => [e.type, e.tagName]);
	await reach(what);
	if (kind === 'date')
		return keyboard.type(text.replace(/(\d+)-(\d+)-(\d+)/, '$3$2$1'));
	if (tag === 'SELECT')
		return keyboard.type(await labelOf(what, text));
	await keyboard.press('Control+A');
	return keyboard.insertText(text);
}

async function strike(what) {
	await reach(what);
	await what.page().keyboard.press(await what.evaluate(e => ['A', 'BUTTON', 'SUMMARY'].includes(e.tagName)) ? 'Enter' : 'Space');
}

const fill = async (what, text) => await what.evaluate(e => e.tagName) === 'SELECT' ? what.selectOption({label: await labelOf(what, text)}) : what.fill(text);

/* What is pressed of a box is its label, which lies over it. */
const click = async what => (await what.evaluate(e => e.type === 'checkbox') ? what.page().locator(`label[for="${await what.getAttribute('id')}"]`) : what).click();

/** Manner → how a page is opened in it, and what a hand does there. At a desk each page is also looked at by axe and on paper. */
export const MANNERS = {
	'at a desk': {options: {viewport: DESK}, press: click, say: fill, isDesk: true},
	'on a phone without script': {options: {viewport: PHONE, script: false}, press: click, say: fill},
	'by keyboard alone at 400 % zoom': {options: {viewport: ZOOM}, press: strike, say: type},
};

/* What holds of each page on the way of a job. */
async function look(page, {options, isDesk}) {
	const name = page.url();
	await assertFits(page, options.viewport, name);
	assert.deepEqual([await page.locator('h1').count(), await page.locator('main').count()], [1, 1], name);
	if (!isDesk)
		return;
	assert.deepEqual(await axe(page), [], name);
	await page.emulateMedia({media: 'print'});
	await assertFits(page, PAPER, `${name} on paper`);
	await page.emulateMedia({media: 'screen'});
	await page.setViewportSize(options.viewport);
}

/* One page in that manner, signed in with a key or for anybody. */
async function begin(site, manner, key) {
	const {page, complaints, context} = key ? await site.signIn(key, manner.options) : await site.newPage(manner.options);
	const cost = {};
	page.setDefaultTimeout(90_000);
	const to = path => page.goto(site.reg.url + path);
	let last;
	// A page that shows progress asks again by itself: what costs a person is another page.
	page.on('framenavigated', frame => {
		if (frame !== page.mainFrame() || frame.url() === last)
			return;
		last = frame.url();
		cost.loads++;
	});
	return {
		page, cost, manner,
		/* Where a job begins, which costs nothing. */
		async open(path) {
			await to(path);
			complaints.length = 0;
			Object.assign(cost, {loads: 0, clicks: 0, fields: 0});
			await look(page, manner);
		},
		/* Where something else than a page leads, such as a letter. */
		async arrive(path) {
			await to(path);
			await look(page, manner);
		},
		/* A required answer. */
		async say(what, text) {
			cost.fields++;
			await manner.say(what, text);
			assert.ok([text, await labelOf(what, text).catch(() => '')].includes(await what.evaluate(e => e.selectedOptions?.[0].label ?? e.value)), `${text} stands there`);
		},
		/* A click that stays on the page, and one that leads to another. */
		async press(what) {
			cost.clicks++;
			await manner.press(what);
		},
		async go(what) {
			cost.clicks++;
			await Promise.all([page.waitForEvent('load'), manner.press(what)]);
			await look(page, manner);
		},
		assertQuiet: () => assert.deepEqual(complaints.filter(c => !/status of 422/.test(c)), []),
		close: () => context.close(),
	};
}

/** People of one manner at a site of startSite(), each of whom has one page. → {as(key, path, name), end()}: as(null, …) is anybody. */
export function startPeople(site, manner) {
	const people = new Map();
	return {
		async as(key, path, name = key) {
			if (!people.has(name))
				people.set(name, await begin(site, MANNERS[manner], key));
			const person = people.get(name);
			await person.open(path);
			return person;
		},
		end: () => Promise.all([...people.values()].map(person => person.close())),
	};
}
