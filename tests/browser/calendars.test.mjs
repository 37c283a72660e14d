// The calendars in a browser: everybody reads by which days working days are counted; an operator pastes
// a list, is warned of what it lacks, sees what it would move, and applies it, by keyboard and without script.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {axe, newPage, startBrowser} from '../harness/browser.mjs';
import {makeKey, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2027-06-01T10:00:00Z'});
const browser = await startBrowser();
after(async () => {
	await browser.close();
	await reg.stop();
});
const WIDE = {width: 1280, height: 900};
const LIST = JSON.stringify({scotland: {division: 'scotland', events: [{title: 'A <b>new</b> holiday', date: '2027-06-14', notes: '', bunting: false}]}});

let request;

before(async () => {
	const ok = reply => {
		assert.ok([200, 201].includes(reply.status), reply.text);
		return reply.json;
	};
	const council = ok(await reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
	const body = ok(await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	const asset = ok(await reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
	request = ok(await reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2027-06-01'}, {idempotency: 'q'}));
	ok(await reg.admin.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2027-06-01'}));
});

async function sound(view, name) {
	for (const size of [WIDE, {width: 390, height: 844}]) {
		await view.page.setViewportSize(size);
		assert.deepEqual(await axe(view.page), [], `${name}, ${size.width} px`);
		assert.equal(await view.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0, `${name}, ${size.width} px`);
	}
	assert.equal(await view.page.locator('h1').count(), 1, name);
	assert.deepEqual(view.complaints, [], name);
}

async function signedIn(key, path, options) {
	const view = await newPage(browser, {viewport: WIDE, ...options});
	await view.page.goto(`${reg.url}/sign-in?next=${encodeURIComponent(path)}`);
	await view.page.getByLabel('API key').fill(key);
	await view.page.getByRole('button', {name: 'Sign in'}).press('Enter');
	await view.page.waitForURL(reg.url + path);
	return view;
}

test('a list is pasted, looked at and applied, without script', async () => {
	const {page, context} = await signedIn(reg.adminKey, '/calendars', {script: false});
	await page.getByLabel('Bank holidays, as GOV.UK publishes them').fill(LIST);
	await page.getByLabel('Where the list is from').fill('GOV.UK & us');
	await page.getByLabel('Clock', {exact: true}).selectOption('K1');
	await page.getByLabel('Its length, in the same unit').fill('10');
	await page.getByLabel('For what begins on this day or later').fill('2027-07-01');
	await page.getByLabel('Working days of SSI 2016/357').selectOption('BANK_HOLIDAYS_SCOTLAND');
	await page.getByRole('button', {name: 'Load and look'}).press('Enter');
	await page.waitForURL(/\/calendars\/cal_/);
	assert.match(await page.locator('#missing').innerText(), /1 January 2027/, 'a day of the rules that the list lacks');
	const row = page.getByRole('row', {name: new RegExp(`^${request.reference} `)}).first();
	assert.match(await row.innerText(), /22 June 2027, then 23 June 2027/);
	assert.ok(await page.getByText('14 June 2027: A <b>new</b> holiday').first().isVisible());
	await page.getByRole('button', {name: 'Apply it'}).press('Enter');
	await page.getByText('Version 1, applied on 1 June 2027.').waitFor();
	assert.equal(await page.getByRole('button', {name: 'Apply it'}).count(), 0);
	assert.ok(await page.getByText('K1, Acknowledgement: 10 working days, from 1 July 2027 on').isVisible());
	await context.close();
});

test('what is wrong with a list is said, and what was typed stays', async () => {
	const view = await signedIn(reg.adminKey, '/calendars');
	const {page} = view;
	await sound(view, 'the form');
	for (const [text, said] of [['{"scotland"', /This is not JSON/], ['{"scotland": {"events": [{"title": "A", "date": "2027-02-30"}]}}', /\/bank_holidays\/scotland\/events\/0\/date/], ['', /nothing that would change/]]) {
		await page.getByLabel('Bank holidays, as GOV.UK publishes them').fill(text);
		await page.getByRole('button', {name: 'Load and look'}).press('Enter');
		await page.getByRole('alert').getByText(said).waitFor();
		assert.equal(await page.getByLabel('Bank holidays, as GOV.UK publishes them').inputValue(), text);
	}
	assert.deepEqual(await axe(page), []);
	await page.getByLabel('Bank holidays, as GOV.UK publishes them').fill(LIST.replace('06-14', '06-15'));
	await page.getByRole('button', {name: 'Load and look'}).press('Enter');
	await page.waitForURL(/\/calendars\/cal_/);
	view.complaints.length = 0; // the refusals above, which the console tells of
	await sound(view, 'a preview');
	await view.context.close();
});

test('everybody reads what was applied, and nothing else', async () => {
	const view = await newPage(browser, {viewport: WIDE});
	const {page} = view;
	await page.goto(reg.url);
	await page.getByRole('link', {name: 'Working days'}).click();
	assert.equal(await page.locator('tbody tr').count(), 1, 'what is not applied is its operators\' alone');
	assert.equal(await page.locator('main form').count(), 0);
	await sound(view, 'the list');
	await page.getByRole('link', {name: 'Version 1'}).click();
	assert.ok(await page.getByText('Weekends and bank holidays in Scotland do not count').isVisible());
	assert.ok(await page.getByText('From: GOV.UK & us.').isVisible());
	await sound(view, 'a version');
	const officer = (await makeKey(reg, {roles: {'*': ['ESTATES']}})).key;
	const theirs = await signedIn(officer, '/calendars');
	assert.equal(await theirs.page.locator('main form').count(), 0);
	await theirs.context.close();
	await view.context.close();
});
