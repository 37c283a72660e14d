// Asset transfer reports in a browser: the public sees who has published and follows a figure to its
// requests; an officer is reminded, writes the texts and publishes, without script too, and loses
// nothing that was typed.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertFaultless, axe, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-22T10:00:00Z'});
after(stop);

let council, address, officer, other;

before(async () => {
	const {admin} = reg;
	council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg <b>Council</b>', kind: 'COUNCIL', code: 'G', duties: [{schedule: 3, from_on: '2017-01-23'}]}));
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
	for (const published of [true, false]) {
		const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: published ? 'Hall' : 'Hidden hall', class: 'HALL', tenure: 'OWNED', published, area_m2: 12345}));
		const request = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2025-06-02'}, {idempotency: asset.id}));
		ok(await admin.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2025-06-02'}));
	}
	address = `/reports/${council.id}/2025-26`;
	officer = (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key;
	other = (await makeKey(reg, {roles: {[ok(await admin.post('/v1/authorities', {name: 'B', kind: 'COUNCIL', code: 'B'})).id]: ['ESTATES']}})).key;
});

const signedIn = (key, next, options) => signIn(key, {next, ...options});

test('before it is published everybody sees that it is owed, and no figure', async () => {
	const view = await newPage();
	await view.page.goto(`${reg.url}/reports`);
	assert.ok(await view.page.getByText('Glenfarg <b>Council</b>').isVisible());
	assert.match(await view.page.locator('main').innerText(), /Published: 0 of \d+ that keep/);
	await assertFaultless(view, 'list');
	await view.page.getByRole('link', {name: 'Glenfarg'}).click();
	assert.ok(await view.page.getByRole('heading', {name: 'Not published'}).isVisible());
	assert.ok(await view.page.getByText('It was due by 30 June 2026, 145 days ago.').isVisible());
	assert.equal(await view.page.locator('main table, main form').count(), 0);
	await assertFaultless(view, 'unpublished');
	await view.context.close();
});

test('an officer is reminded, and told what is still missing', async () => {
	const view = await signedIn(officer, '/requests');
	const alarm = view.page.locator('#report-alarms');
	assert.match(await alarm.innerText(), /Asset transfer report 2025-26 of Glenfarg <b>Council<\/b>: due on 30 June 2026, 145 days ago/);
	await assertFaultless(view, 'reminded');
	await alarm.getByRole('link').click();
	assert.ok(await view.page.getByText('This is the draft.').isVisible());
	await assertFaultless(view, 'draft');
	const reply = view.page.waitForResponse(r => r.request().method() === 'POST');
	await view.page.getByRole('button', {name: 'Publish the draft'}).click();
	assert.equal((await reply).status(), 409);
	await view.context.close();
	const stranger = await signedIn(other, address);
	assert.equal(await stranger.page.locator('main form').count(), 0);
	await stranger.page.goto(`${reg.url}/requests`);
	assert.equal(await stranger.page.locator('#report-alarms').count(), 0);
	await stranger.context.close();
});

for (const script of [false, true]) {
	test(`writing and publishing by keyboard, ${script ? 'with' : 'without'} script`, async () => {
		const view = await signedIn(officer, `${address}?version=draft`, {script});
		const {page} = view;
		await page.getByLabel('What was done to promote requests').fill(`A page & two evenings.\nA leaflet (${script}).`);
		await page.getByLabel('What was done to support community bodies').fill('One officer.');
		await page.getByRole('button', {name: 'Save the draft'}).press('Enter');
		await page.waitForURL(/version=draft$/);
		await page.getByText(`A leaflet (${script}).`).first().waitFor();
		assert.equal(await page.locator('.typed').first().innerText(), `A page & two evenings.\nA leaflet (${script}).`);
		await page.getByRole('button', {name: 'Publish the draft'}).press('Enter');
		await page.waitForURL(reg.url + address);
		assert.ok(await page.getByRole('heading', {name: 'Published on 22 November 2026'}).isVisible());
		assert.ok(await page.getByText(`This is version ${script ? 2 : 1}.`).isVisible());
		if (script)
			await assertFaultless(view, 'published');
		await page.goto(`${reg.url}/requests`);
		assert.equal(await page.locator('#report-alarms').count(), 0, 'there is nothing left to remind of');
		await view.context.close();
	});
}

test('what was typed is shown again when somebody else was faster', async () => {
	const [one, two] = [await signedIn(officer, address), await signedIn(officer, address)];
	await one.page.getByLabel('What was done to support community bodies').fill('First.');
	await two.page.getByLabel('What was done to support community bodies').fill('Second <i>');
	await one.page.getByRole('button', {name: 'Save the draft'}).click();
	await two.page.getByRole('button', {name: 'Save the draft'}).click();
	assert.ok(await two.page.getByRole('alert').isVisible());
	assert.match(await two.page.getByRole('alert').innerText(), /Somebody else has changed the report/);
	assert.equal(await two.page.getByLabel('What was done to support community bodies').inputValue(), 'Second <i>');
	assert.ok((await two.page.locator('.typed').allInnerTexts()).includes('First.'));
	assert.deepEqual(await axe(two.page), []);
	await two.page.getByRole('button', {name: 'Save the draft'}).click();
	assert.ok((await two.page.locator('.typed').allInnerTexts()).includes('Second <i>'));
	await one.context.close();
	await two.context.close();
});

test('the public follows a figure to its requests, of those that are public', async () => {
	const view = await newPage();
	const {page} = view;
	await page.goto(reg.url + address);
	await assertFaultless(view, 'public');
	await page.getByRole('row', {name: /^Requests received Counted by the day on which the request was complete/}).getByRole('link').click();
	assert.equal(await page.locator('h1').innerText(), 'Requests received');
	assert.ok(await page.getByText('The report counts 2.').isVisible());
	assert.equal(await page.locator('tbody tr').count(), 1);
	assert.equal(await page.getByText('Hidden hall').count(), 0);
	await assertFaultless(view, 'behind a figure');
	await page.getByRole('link', {name: /^ATR-2025-/}).click();
	assert.match(page.url(), /\/requests\/atr_/);
	await page.goto(`${reg.url}${address}?version=1`);
	assert.ok(await page.getByText('A leaflet (false).').isVisible(), 'the first version stays as it was');
	const csv = await reg.anyone.get(await page.getByRole('link', {name: 'This report as CSV'}).getAttribute('href'));
	assert.match(csv.headers['content-type'], /^text\/csv/);
	await page.emulateMedia({media: 'print'});
	assert.ok(await page.getByText('Requests refused').first().isVisible());
	for (const [path, status] of [[`${address}?version=draft`, 404], [`${address}?version=9`, 404], ['/reports?year=1', 400], [`${address}/requests?line=Z`, 404]])
		assert.equal((await reg.anyone.get(path, {headers: {Accept: 'text/html'}})).status, status, path);
	await view.context.close();
});
