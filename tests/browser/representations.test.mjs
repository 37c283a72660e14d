// Representations in the browser, without script: what an officer does with one by the forms, and what the
// public then reads; and the community body's turn to answer, from the officer's form by the letter's link to the
// case page; with axe on each page.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {ok, startMail, until} from '../harness/index.mjs';

const HOSTILE = '<b>not bold</b> & "quoted"\nsecond line';

const mail = await startMail();
const {reg, newPage, signIn, stop} = await startSite({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: 'https://register.example.scot'}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}}});
after(async () => {
	await stop();
	await mail.stop();
});

const write = async reply => ok(await reply);
const council = await write(reg.admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const body = await write(reg.admin.post(`/v1/community-bodies?authority_id=${council.id}`, {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
const asset = await write(reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
const request = await write(reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'r'}));
const act = (event, more) => write(reg.admin.post(`/v1/requests/${request.id}/events`, {event, on: '2026-10-01', ...more}));
await act('VALIDATE', {acknowledged_on: '2026-10-01'});
await act('NOTICES_ISSUED', {representations_close_on: '2026-10-29'});
const path = `/requests/${request.id}/representations`;

const signedIn = options => signIn(reg.adminKey, {next: path, ...options});
const open = async page => {
	const shut = page.locator('details:not([open]) > summary');
	while (await shut.count())
		await shut.first().press('Enter');
};

test('an officer records, marks, redacts, publishes and erases by forms alone, and the public reads', async () => {
	const {page, context} = await signedIn({script: false});
	await page.getByLabel('How it came').selectOption('LETTER');
	await page.getByLabel('Day on which it arrived').fill('2026-10-19');
	await page.getByLabel('What it says').fill(HOSTILE);
	await page.getByLabel('Name of the writer').fill('Morag Private');
	await send(page.getByRole('button', {name: 'Record'}));
	assert.equal(new URL(page.url()).pathname, path);
	assert.ok(await page.getByRole('heading', {name: 'Representation 1'}).isVisible());
	await open(page);
	assert.ok(await page.getByText('By Morag Private').isVisible());

	await send(page.getByRole('button', {name: 'Mark', exact: true}));
	await open(page);
	await page.getByLabel('The text without personal data').fill(HOSTILE);
	await send(page.getByRole('button', {name: 'Keep as redacted'}));
	await open(page);
	await send(page.getByRole('button', {name: 'Publish the redacted text'}));

	const {page: reader, context: outside} = await newPage({script: false});
	await reader.goto(reg.url + path);
	assert.equal(await reader.locator('.said__text').innerText(), HOSTILE);
	assert.equal(await reader.getByText('Morag').count(), 0);
	assert.equal(await reader.locator('form[method=post]').count(), 0);

	await open(page);
	await send(page.getByRole('button', {name: 'Erase who wrote it'}));
	await open(page);
	assert.ok(await page.getByText('Erased on').isVisible());
	assert.equal(await page.getByText('Morag').count(), 0);
	await outside.close();
	await context.close();
});

test('the pages have no fault that axe finds, for officers and for the public', async () => {
	const officer = await signedIn();
	await open(officer.page);
	await assertAccessible(officer.page, 'officer');
	assert.deepEqual(officer.complaints, []);
	await officer.context.close();
	const reader = await newPage();
	await reader.page.goto(`${reg.url}/requests/${request.id}`);
	await reader.page.getByRole('link', {name: 'Representations on this request'}).click();
	await assertAccessible(reader.page, 'public');
	assert.deepEqual(reader.complaints, []);
	await reader.context.close();
});

test('the community body reads the copies by its link and answers; the officer reads that on the case page', async () => {
	const own = await write(reg.admin.post(`/v1/community-bodies?authority_id=${council.id}`, {name: 'Mill Trust', legal_form: 'SCIO', members: 30,
		contact: {name: 'Morag Private', email: 'trust@private.example'}}));
	const mill = await write(reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Mill', class: 'HALL', tenure: 'OWNED'}));
	const {id} = await write(reg.admin.post('/v1/requests', {asset_id: mill.id, community_body_id: own.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'm'}));
	for (const [event, more] of [['VALIDATE', {}], ['NOTICES_ISSUED', {representations_close_on: '2026-10-29'}]])
		await write(reg.admin.post(`/v1/requests/${id}/events`, {event, on: '2026-10-01', ...more}));
	const rep = await write(reg.admin.post(`/v1/requests/${id}/representations`, {channel: 'LETTER', received_on: '2026-10-19', text: `Morag: ${HOSTILE}`}));
	reg.daemon.setClock('2026-10-30T10:00:00Z');
	await until(async () => (await reg.admin.get(`/v1/requests/${id}`)).json.state === 'CTB_COMMENT', {what: 'the window to close'});

	const officer = await signedIn();
	await officer.page.goto(`${reg.url}/requests/${id}/case`);
	assert.ok(await officer.page.getByText('not read yet').isVisible());
	assert.equal(await officer.page.getByRole('button', {name: 'Send the copies'}).count(), 0);
	await write(reg.admin.post(`/v1/representations/${rep.id}/events`, {event: 'MARK', mark: 'COUNTED'}));
	await write(reg.admin.post(`/v1/representations/${rep.id}/events`, {event: 'REDACT', text: HOSTILE}));
	await officer.page.reload();
	await officer.page.getByLabel('Last day for an answer').fill('2026-11-30');
	await assertAccessible(officer.page, 'case before');
	await send(officer.page.getByRole('button', {name: 'Send the copies'}));
	assert.ok(await officer.page.getByText('A link was sent on 30 October 2026').isVisible());

	const {text} = await mail.waitFor(l => l.to[0] === 'trust@private.example');
	const [, address] = /https:\/\/register\.example\.scot(\/answer\?token=\S+)/.exec(text);
	const {page, context} = await newPage({script: false});
	await page.goto(reg.url + address);
	assert.equal(await page.locator('.said__text').innerText(), HOSTILE);
	assert.ok(await page.getByText('30 November 2026').first().isVisible());
	assert.equal(await page.getByText('Morag').count(), 0);
	await send(page.getByRole('button', {name: 'Send the answer'}));
	assert.ok(await page.getByRole('link', {name: 'Write your answer.'}).isVisible());
	await page.getByLabel('What you want to answer').fill('We <i>disagree</i>.');
	await send(page.getByRole('button', {name: 'Send the answer'}));
	assert.ok(await page.getByText('Thank you: your answer has been received.').isVisible());
	assert.equal(await page.locator('.said__text').last().innerText(), 'We <i>disagree</i>.');
	await context.close();
	const bearer = await newPage();
	await bearer.page.goto(reg.url + address);
	await open(bearer.page);
	await assertAccessible(bearer.page, 'the link');
	// Whatever the page leads to learns nothing of its address.
	const [asked] = await Promise.all([bearer.page.waitForRequest(r => r.isNavigationRequest()), bearer.page.getByRole('link', {name: 'Home'}).first().click()]);
	assert.equal((await asked.allHeaders()).referer?.includes('token') ?? false, false);
	assert.deepEqual(bearer.complaints, []);
	await bearer.context.close();

	await officer.page.reload();
	assert.equal(await officer.page.locator('.said__text').innerText(), 'We <i>disagree</i>.');
	await assertAccessible(officer.page, 'case after');
	await send(officer.page.getByRole('button', {name: 'End the link'}));
	assert.ok(await officer.page.getByText('No link works now.').isVisible());
	assert.equal((await reg.anyone.get(address, {headers: {Accept: 'text/html'}})).status, 410);
	await officer.context.close();
});
