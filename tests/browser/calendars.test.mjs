// The calendars in a browser: everybody reads by which days working days are counted; an operator pastes
// a list, is warned of what it lacks, sees what it would move, and applies it, by keyboard and without script.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertFaultless, axe, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2027-06-01T10:00:00Z'});
after(stop);
const LIST = JSON.stringify({scotland: {division: 'scotland', events: [{title: 'A <b>new</b> holiday', date: '2027-06-14', notes: '', bunting: false}]}});

let request;

before(async () => {
	const council = ok(await reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
	const body = ok(await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	const asset = ok(await reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
	request = ok(await reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2027-06-01'}, {idempotency: 'q'}));
	ok(await reg.admin.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2027-06-01'}));
});

const signedIn = (key, next, options) => signIn(key, {next, ...options});

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
	assert.ok(await page.getByText('Acknowledgement (K1): 10 working days, from 1 July 2027 on').isVisible());
	await context.close();
});

test('what is wrong with a list is said, and what was typed stays', async () => {
	const view = await signedIn(reg.adminKey, '/calendars');
	const {page} = view;
	await assertFaultless(view, 'the form');
	for (const [text, said] of [['{"scotland"', /This is not JSON/], ['{"scotland": {"events": [{"title": "A", "date": "2027-02-30"}]}}', /Bank holidays: At scotland\/events\/0\/date: /], ['', /nothing that would change/]]) {
		await page.getByLabel('Bank holidays, as GOV.UK publishes them').fill(text);
		await page.getByRole('button', {name: 'Load and look'}).press('Enter');
		await page.getByRole('alert').getByText(said).waitFor();
		assert.equal(await page.getByLabel('Bank holidays, as GOV.UK publishes them').inputValue(), text);
	}
	assert.deepEqual(await axe(page), []);
	await page.getByLabel('Clock', {exact: true}).selectOption('K1');
	await page.getByLabel('Its length, in the same unit').fill('ten');
	await page.getByLabel('For what begins on this day or later').fill('2027-07-01');
	await page.getByRole('button', {name: 'Load and look'}).press('Enter');
	await page.getByRole('alert').getByRole('link', {name: 'Its length: This is not a number.'}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'length', 'the summary leads to the field');
	assert.match(await page.locator('#length-error').innerText(), /This is not a number/);
	assert.equal(await page.getByLabel('For what begins on this day or later').inputValue(), '2027-07-01');
	await page.getByLabel('Clock', {exact: true}).selectOption('');
	await page.getByLabel('Bank holidays, as GOV.UK publishes them').fill(LIST.replace('06-14', '06-15'));
	await page.getByRole('button', {name: 'Load and look'}).press('Enter');
	await page.waitForURL(/\/calendars\/cal_/);
	view.complaints.length = 0; // the refusals above, which the console tells of
	await assertFaultless(view, 'a preview');
	await view.context.close();
});

test('everybody reads what was applied, and nothing else', async () => {
	const view = await newPage();
	const {page} = view;
	await page.goto(reg.url);
	await page.getByRole('link', {name: 'Working days'}).click();
	assert.equal(await page.locator('tbody tr').count(), 1, 'what is not applied is its operators\' alone');
	assert.equal(await page.locator('main form').count(), 0);
	await assertFaultless(view, 'the list');
	await page.getByRole('link', {name: 'Version 1'}).click();
	assert.ok(await page.getByText('Weekends and bank holidays in Scotland do not count').isVisible());
	assert.ok(await page.getByText('From: GOV.UK & us.').isVisible());
	await assertFaultless(view, 'a version');
	const officer = (await makeKey(reg, {roles: {'*': ['ESTATES']}})).key;
	const theirs = await signedIn(officer, '/calendars');
	assert.equal(await theirs.page.locator('main form').count(), 0);
	await theirs.context.close();
	await view.context.close();
});
