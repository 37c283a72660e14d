// Debian's Chromium without a window under playwright-core, and axe for accessibility. No browser is downloaded.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';
import {chromium} from 'playwright-core';
import {startRegister} from './register.mjs';

const axeText = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sessions = new WeakMap(); // page → its session of the protocol

/** A headless browser; close it with browser.close(). */
export function startBrowser(options = {}) {
	return chromium.launch({
		executablePath: process.env.ASSETD_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
		// Chromium refuses its sandbox to root, and a container may not offer one.
		chromiumSandbox: false,
		// Pages are gone before V8 has earned what optimising costs: a quarter of what all this takes.
		args: ['--disable-dev-shm-usage', '--disable-gpu', '--no-first-run', '--js-flags=--no-opt --no-maglev'],
		...options,
	});
}

/**
 * A fresh page in a context of its own, that fails the test on script errors, on a broken
 * content security policy and on a request that leaves 127.0.0.1.
 * script: false switches JavaScript off. Nothing moves by itself: what scrolls smoothly is pressed where it was,
 * and the press is lost, on a machine that is busy.
 * → {page, context, complaints (array, empty when all is well)}
 */
export async function newPage(browser, {script = true, ...options} = {}) {
	const context = await browser.newContext({javaScriptEnabled: script, locale: 'en-GB', timezoneId: 'Europe/London', reducedMotion: 'reduce', ...options});
	const page = await context.newPage();
	const complaints = [];
	page.on('pageerror', error => complaints.push(`script error: ${error.message}`));
	page.on('console', message => {
		if (message.type() === 'error')
			complaints.push(`console: ${message.text()}`);
	});
	page.on('request', request => {
		const {protocol, hostname} = new URL(request.url());
		if (!['data:', 'blob:', 'about:'].includes(protocol) && hostname !== '127.0.0.1')
			complaints.push(`left the machine: ${request.url()}`);
	});
	return {page, context, complaints};
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/*
 * Contrast is half of what axe takes, and a page that is looked at in another size has most of its colours still: it is asked
 * of what does not look as it did before. What is found of it is so told once.
 */
async function look(tags, isPaleAsked) {
	const isLarge = ({fontSize, fontWeight}) => Math.ceil(parseFloat(fontSize) * 72) / 96 >= (fontWeight >= 700 ? 14 : 18);
	const looks = element => {
		const style = getComputedStyle(element);
		return [element.checkVisibility({visibilityProperty: true, opacityProperty: true}) && element.getClientRects().length > 0, style.color,
			style.backgroundColor, style.backgroundImage, style.opacity, style.textShadow, style.filter, isLarge(style), element.textContent.trim() !== ''].join();
	};
	globalThis.looked ??= new Map();
	const others = [];
	for (const element of document.querySelectorAll('body, body *')) {
		const now = looks(element), before = looked.get(element);
		looked.set(element, now);
		if (before !== now && !others.at(-1)?.contains(element))
			others.push(element);
	}
	const run = (where, which) => axe.run(where, {resultTypes: ['violations'], preload: false, ...which}).then(found => found.violations);
	const isWhole = isPaleAsked && others[0] === document.body;
	const found = await run(document, {runOnly: tags, rules: {'color-contrast': {enabled: isWhole}}});
	if (isPaleAsked && !isWhole && others.length)
		found.push(...await run({include: others}, {runOnly: ['color-contrast']}));
	return found;
}

/**
 * What axe finds against WCAG 2.2 AA: an array of "rule: target: help", empty when nothing.
 * Runs in an isolated world of the page's context, so the page's CSP stays as it is.
 * contrast: false for a page whose colours have been looked at, in another language.
 */
export async function axe(page, {tags = TAGS, contrast = true} = {}) {
	const session = sessions.get(page) ?? await page.context().newCDPSession(page);
	sessions.set(page, session);
	const {frameTree} = await session.send('Page.getFrameTree');
	const {executionContextId} = await session.send('Page.createIsolatedWorld', {frameId: frameTree.frame.id, worldName: 'axe'});
	const evaluate = async expression => {
		const {result, exceptionDetails} = await session.send('Runtime.evaluate',
			{expression, contextId: executionContextId, awaitPromise: true, returnByValue: true});
		if (exceptionDetails)
			throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
		return result.value;
	};
	// A page that is looked at in another size has it still; it needs no style sheets fetched for what is asked.
	if (!await evaluate('typeof axe === "object"'))
		await evaluate(axeText + '; undefined');
	const violations = await evaluate(`(${look})(${JSON.stringify(tags)}, ${contrast})`);
	return violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${v.help}`));
}

const WIDE = {width: 1280, height: 900}, NARROW = {width: 390, height: 844}, PAPER = {width: 794, height: 1123};

/** In a window of that size nothing is wider than it. */
export async function assertFits(page, size, name) {
	await page.setViewportSize(size);
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0,
		`${name} is wider than its window of ${size.width} px`);
}

/* The page as it is, and on paper, for people to look at, where PICTURES names a folder. */
async function takePictures(page, name) {
	const {PICTURES: folder} = process.env;
	if (!folder)
		return;
	const file = `${path.basename(process.argv[1], '.test.mjs')}-${name.replace(/\W+/g, '-')}`;
	for (const [form, size, media] of [['narrow', NARROW, 'screen'], ['paper', PAPER, 'print'], ['wide', WIDE, 'screen']]) {
		await page.emulateMedia({media});
		await page.setViewportSize(size);
		await page.screenshot({path: path.join(folder, `${file}-${form}.png`), fullPage: true});
	}
}

/**
 * axe finds nothing, nothing is wider than its window, and there is one h1: wide, narrow, and wide again.
 * Not for a page without script, on which axe does not end.
 */
export async function assertAccessible(page, name) {
	for (const size of [NARROW, WIDE]) {
		await assertFits(page, size, name);
		assert.deepEqual(await axe(page), [], `${name}, ${size.width} px`);
	}
	assert.equal(await page.locator('h1').count(), 1, name);
	await takePictures(page, name);
}

/** The same of a view of newPage(), whose console has had nothing to say either. */
export async function assertFaultless(view, name) {
	await assertAccessible(view.page, name);
	assert.deepEqual(view.complaints, [], name);
}

/**
 * Press a button or follow a link, and wait for the page that it leads to, which may have the same address. By its
 * key: a click may meet the place where it stood before what is above it opened.
 */
export const send = what => Promise.all([what.page().waitForEvent('load'), what.press('Enter')]);

/** A page of somebody who has signed in with that key. next: the path to begin at.   → as newPage() */
export async function signIn(browser, base, key, {next = '/', ...options} = {}) {
	const view = await newPage(browser, {viewport: WIDE, ...options});
	await view.page.goto(`${base}/sign-in?next=${encodeURIComponent(next)}`);
	await view.page.locator('main input[name=key]').fill(key);
	await send(view.page.locator('main form button[type=submit]'));
	return view;
}

/** By the Tab key to the element of that id. */
export async function tabTo(page, id) {
	const focused = () => page.evaluate(() => document.activeElement?.id);
	for (let i = 0; i < 60 && await focused() !== id; i++)
		await page.keyboard.press('Tab');
	assert.equal(await focused(), id, `Tab comes to ${id}`);
}

/**
 * A register and a browser to look at it with, as nearly every test here begins; stop() ends both.   options: of startRegister()
 * → {reg, newPage(options), signIn(key, options), stop()}; newPage and signIn are those above, of these two.
 */
export async function startSite(options) {
	const [reg, browser] = await Promise.all([startRegister(options), startBrowser()]);
	return {
		reg,
		newPage: more => newPage(browser, more),
		signIn: (key, more) => signIn(browser, reg.url, key, more),
		async stop() {
			await browser.close();
			await reg.stop();
		},
	};
}
