// A community body's page: for everybody what it is and what it asks for, never how it is reached; for officers the forms
// of its record and of their own contact of it, where another's change is met and nothing that was typed is lost.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const made = {};
const LONG = `${'Long'.repeat(40)} Trust`;

before(async () => {
	for (const name of ['Own', 'Other'])
		made[name] = ok(await admin.post('/v1/authorities', {name: `${name} Council`, kind: 'COUNCIL', code: name})).id;
	for (const name of ['Own', 'Other'])
		made[`at${name}`] = (await makeKey(reg, {roles: {[made[name]]: ['ESTATES']}})).key;
	made.viewer = (await makeKey(reg, {roles: {[made.Own]: ['VIEWER']}})).key;
	const body = ok(await admin.as(made.atOwn).post('/v1/community-bodies', {name: 'Hall <b>Trust', legal_form: 'SCIO', members: 30,
		contact: {name: 'Ann', email: 'ann@example.org'}}));
	const asset = ok(await admin.post('/v1/assets', {authority_id: made.Own, name: 'Hall & garden', class: 'HALL', tenure: 'OWNED'}));
	ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'r'}));
	made.id = body.id;
	made.path = `/community-bodies/${body.id}`;
});
const now = async (key = made.atOwn) => ok(await admin.as(key).get(`/v1${made.path}`), 200);
const sent = async (page, form, button) => send(page.getByRole('form', {name: form}).getByRole('button', {name: button}));

test('everybody comes to it from its request, and reads no contact', async () => {
	const {page, context, complaints} = await newPage();
	await page.goto(`${reg.url}/requests`);
	await page.getByRole('link', {name: /^ATR-/}).first().click();
	await page.getByRole('link', {name: 'Hall <b>Trust', exact: true}).click();
	assert.equal(await page.locator('h1').innerText(), 'Hall <b>Trust');
	assert.match(await page.locator('main').innerText(), /30\s+What it asks for\s+ATR-2026-1 · received 1 October 2026\s+Hall & garden, of Own Council/);
	assert.doesNotMatch(await page.content(), /Ann|example\.org/);
	assert.equal(await page.locator('main form').count(), 0);
	await assertAccessible(page, 'a body, for everybody');
	assert.equal((await page.goto(`${reg.url}/community-bodies/cbo_00000000000000000000000000`)).status(), 404);
	await context.close();
	assert.deepEqual(complaints.filter(c => !c.includes('status of 404')), []);
	const viewer = await signIn(made.viewer, {next: made.path});
	assert.equal(await viewer.page.locator('main form').count(), 0);
	assert.doesNotMatch(await viewer.page.content(), /example\.org/);
	await viewer.context.close();
});

test('who recorded it changes its record, without script; faults stand beside their fields', async () => {
	const {page, context} = await signIn(made.atOwn, {javaScriptEnabled: false, next: made.path});
	await page.getByLabel('Members (optional)').fill('many');
	await page.getByLabel('Name', {exact: true}).fill('');
	await sent(page, 'Change its record', 'Save the record');
	assert.match(await page.locator('#body-members-error').innerText(), /not a whole number/);
	assert.equal(await page.getByLabel('Members (optional)').inputValue(), 'many');
	await page.getByLabel('Members (optional)').fill('19');
	await page.getByLabel('Name', {exact: true}).fill(LONG);
	await page.locator('input[name^=unmet_]').first().press('Space');
	await sent(page, 'Change its record', 'Save the record');
	assert.equal(await page.locator('h1').innerText(), LONG);
	const {name, members, unmet} = await now();
	assert.deepEqual([name, members, unmet.length], [LONG, 19, 1]);
	assert.ok(await page.locator('input[name^=unmet_]').first().isChecked());
	await context.close();
	const again = await signIn(made.atOwn, {next: made.path});
	await assertAccessible(again.page, 'a body with a long name, for its officers');
	await again.context.close();
});

test('each public body keeps a contact of its own, and the other\'s is nowhere', async () => {
	const other = await signIn(made.atOther, {next: made.path});
	assert.doesNotMatch(await other.page.content(), /Ann|example\.org/);
	assert.equal(await other.page.getByRole('form', {name: 'Change its record'}).count(), 0);
	assert.ok(await other.page.getByText('Own Council recorded it and changes its record.').isVisible());
	await other.page.getByLabel('E-mail address').fill('no address');
	await sent(other.page, 'Change the contact', 'Save the contact');
	assert.match(await other.page.locator('#body-contact_email-error').innerText(), /\S/);
	await other.page.getByLabel('E-mail address').fill('bob@example.org');
	await sent(other.page, 'Change the contact', 'Save the contact');
	await assertAccessible(other.page, 'a contact');
	assert.deepEqual([(await now(made.atOther)).contact?.email, (await now()).contact?.email], ['bob@example.org', 'ann@example.org']);
	await other.page.getByLabel('E-mail address').fill('');
	await sent(other.page, 'Change the contact', 'Save the contact');
	assert.equal((await now(made.atOther)).contact ?? null, null);
	await other.context.close();
});

test('an edit that met another\'s says what they wrote, keeps what was typed, and is saved the second time', async () => {
	const {page, context} = await signIn(made.atOwn, {next: made.path});
	await page.getByLabel('Name', {exact: true}).fill('Mine');
	ok(await admin.patch(`/v1${made.path}`, {name: 'Theirs', charity_number: 'SC000001'}, {match: '*'}), 200);
	await sent(page, 'Change its record', 'Save the record');
	assert.match(await page.getByRole('alert').innerText(), /Since you opened this page[^]*became Theirs/);
	assert.equal(await page.getByLabel('Name', {exact: true}).inputValue(), 'Mine');
	assert.equal(await page.getByLabel('Charity number (optional)').inputValue(), 'SC000001', 'what was not touched is as they left it');
	await assertAccessible(page, 'a body that was changed meanwhile');
	await sent(page, 'Change its record', 'Save the record');
	assert.deepEqual([(await now()).name, (await now()).charity_number], ['Mine', 'SC000001']);
	await page.getByLabel('Who to write to (optional)').fill('Cat');
	ok(await admin.as(made.atOwn).patch(`/v1${made.path}`, {contact: {name: 'Dan'}}, {match: '*'}), 200);
	await sent(page, 'Change the contact', 'Save the contact');
	assert.match(await page.getByRole('row', {name: /Who to write to/}).innerText(), /Dan\s+Cat\s+Different/);
	await assertAccessible(page, 'a contact that was changed meanwhile');
	assert.equal(await page.getByLabel('Who to write to (optional)').inputValue(), 'Cat');
	await sent(page, 'Change the contact', 'Save the contact');
	assert.equal((await now()).contact.name, 'Cat');
	await context.close();
});

test('who may not is refused, whatever the form says', async () => {
	const session = await signIn(made.atOther, {next: made.path});
	const post = form => session.page.evaluate(async ([to, fields]) => {
		const csrf = document.querySelector('[name=csrf]').value;
		const body = new URLSearchParams({csrf, ...fields});
		return (await fetch(to, {method: 'POST', body})).status;
	}, [made.path, form]);
	const {version, name} = await now();
	assert.equal(await post({act: 'RECORD', seen_version: version, name: 'Stolen', legal_form: 'SCIO'}), 403);
	assert.ok([403, 404].includes(await post({act: 'CONTACT', seen_version: version, authority_id: made.Own, contact_name: 'Spy'})));
	assert.equal(await post({act: 'CONTACT', seen_version: version, contact_name: 'Spy'}), 422);
	assert.deepEqual([(await now()).name, (await now()).contact.name], [name, 'Cat']);
	await session.page.goto(`${reg.url}${made.path}?authority_id=${made.Own}`);
	assert.doesNotMatch(await session.page.content(), /Cat/);
	await session.context.close();
});
