// Keys at the browser: made, copied once, ended; by keyboard and without script; with those of people whom an ADMIN looks after.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, assertFaultless, send, startSite, tabTo} from '../harness/browser.mjs';
import {makeKey, ok, until} from '../harness/index.mjs';

const {reg, signIn, stop} = await startSite();
after(stop);
const {admin, sql} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Own <b>Council</b>', kind: 'COUNCIL', code: 'OWN'}));
async function person(roles, name) {
	const {key, principal} = await makeKey(reg, {roles: {[council.id]: roles}});
	await sql('update assetd.principal set authority_id = $2, name = $3 where id = $1', [principal, council.id, name]);
	return key;
}
const [boss, officer] = await Promise.all([person(['ADMIN'], 'Boss'), person(['ESTATES'], 'Mòrag <i>Bhàn</i>')]);

test('an officer makes a key from their sign-in on, copies it once, and ends it', async () => {
	const view = await signIn(officer, {next: '/account'}), {page, context} = view;
	await send(page.getByRole('link', {name: 'Your keys for programs'}));
	await assertFaultless(view, 'the key by which they are signed in');
	assert.ok(await page.getByText('used right now').isVisible());
	assert.equal(await page.locator('#others').count(), 0, 'who looks after nobody sees nobody\'s');
	await page.getByLabel('What it is for').fill('Load <b>lists</b>');
	await send(page.getByRole('button', {name: 'Make the key'}));
	await page.getByRole('alert').getByRole('link', {name: /A key of no scope/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'scopes');
	assert.equal(await page.getByLabel('What it is for').inputValue(), 'Load <b>lists</b>');
	await assertAccessible(page, 'a key without a scope');
	await page.getByLabel('Load lists', {exact: true}).check({force: true});
	await page.getByLabel('Its last day').fill('2031-01-01');
	await send(page.getByRole('button', {name: 'Make the key'}));
	assert.match(await page.locator('#k-expires_on-error').innerText(), /A key works until a day of the next 365/);
	assert.ok(await page.getByLabel('Load lists', {exact: true}).isChecked(), 'what was chosen still is');
	await page.getByLabel('Its last day').fill('');
	await page.getByLabel('The key that you signed in with').fill(boss);
	await send(page.getByRole('button', {name: 'Make the key'}));
	await page.getByRole('alert').getByRole('link', {name: /This is not the key/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'present');
	await assertAccessible(page, 'another key');
	await page.keyboard.type(officer);
	view.complaints.length = 0;
	await send(page.getByRole('button', {name: 'Make the key'}));
	const secret = await page.locator('#made code.address').innerText();
	assert.match(secret, /^akey_live_[0-9A-Za-z]{49}$/);
	await assertFaultless(view, 'a key just made');
	assert.equal(ok(await admin.as(secret).get('/v1/keys'), 403).type, '/v1/problems/forbidden', 'it may what was chosen, and no more');
	assert.equal(await page.getByLabel('What it is for').inputValue(), '', 'the form is for the next one');
	await page.goto(`${reg.url}/keys`);
	assert.ok(!(await page.content()).includes(secret));
	const row = page.getByRole('row', {name: /Load <b>lists/});
	// The use of a key is written down beside what it asked for.
	await until(async () => {
		await page.reload();
		return /akey_live_\w{12}…\s+Load lists\s+\d+ \w+ \d{4}\s+\d+ \w+ \d{4}/.test(await row.innerText());
	}, {what: 'until when, and when last'});
	await send(row.getByRole('button'));
	assert.equal(await page.getByText('Load <b>lists').count(), 0);
	await context.close();
});

test('without script and by keyboard alone', async () => {
	const {page, context} = await signIn(officer, {script: false, next: '/keys'});
	await tabTo(page, 'k-name');
	await page.keyboard.type('Typed');
	await tabTo(page, 'may-self:read');
	await page.keyboard.press('Space');
	await tabTo(page, 'present');
	await page.keyboard.type(officer);
	await send(page.getByRole('button', {name: 'Make the key'}));
	assert.match(await page.locator('#made code.address').innerText(), /^akey_live_/);
	await context.close();
});

test('a key is named anew and another takes its place, from its page, by keyboard and without script', async () => {
	const item = ok(await admin.as(officer).post('/v1/keys', {name: 'Turned', scopes: ['self:read'], expires_on: '2027-03-31'}));
	const still = await signIn(officer, {script: false, next: '/keys'});
	await send(still.page.getByRole('link', {name: 'Turned', exact: true}));
	await tabTo(still.page, 'k-name');
	await still.page.keyboard.press('Control+A');
	await still.page.keyboard.type('Turned <b>round</b>');
	await send(still.page.getByRole('button', {name: 'Save', exact: true}));
	assert.equal(await still.page.getByRole('heading', {level: 1}).innerText(), 'Turned <b>round</b>');
	await still.context.close();

	const view = await signIn(officer, {next: `/keys/${item.id}`}), {page, context} = view;
	await assertFaultless(view, 'a key');
	await page.getByLabel('Its last day').fill('2027-04-30');
	await send(page.getByRole('button', {name: 'Save', exact: true}));
	await page.getByRole('alert').getByRole('link', {name: /No key is made to work longer/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'k-expires_on');
	await assertAccessible(page, 'a last day that is later');
	view.complaints.length = 0;
	await page.goto(`${reg.url}/keys/${item.id}`);
	await page.getByLabel('This one works on for').selectOption('a week');
	await page.getByLabel('The key that you signed in with').fill(officer);
	await send(page.getByRole('button', {name: 'Make the new key'}));
	const secret = await page.locator('#made code.address').innerText();
	await assertFaultless(view, 'a key in the place of another');
	for (const one of [item.secret, secret])
		ok(await admin.as(one).get('/v1/whoami'), 200);
	await send(page.locator('#made').getByRole('link', {name: 'The new key'}));
	assert.equal(await page.getByRole('heading', {level: 1}).innerText(), 'Turned <b>round</b>');
	assert.ok(!(await page.content()).includes(secret));
	await send(page.getByRole('button', {name: 'End it'}));
	assert.equal(new URL(page.url()).pathname, '/keys');
	await context.close();
});

test('an ADMIN finds the keys of those at home in their authority, and ends one', async () => {
	const view = await signIn(boss), {page, context} = view;
	await send(page.getByRole('link', {name: /^Keys for programs/}));
	const row = page.getByRole('row', {name: /Typed.*Mòrag <i>Bhàn<\/i>, Own <b>Council/});
	assert.ok(await row.isVisible());
	await assertFaultless(view, 'keys of others');
	await page.getByLabel('Words of the person’s or the key’s name').fill('morag typed');
	await send(page.getByRole('button', {name: 'Show'}));
	assert.equal(await page.locator('#others ~ .table-region tbody tr').count(), 1);
	await send(row.getByRole('button', {name: 'End Typed'}));
	await page.goto(`${reg.url}/keys?q=typed`);
	assert.ok(await page.getByText('No such key was found.').isVisible());
	await assertAccessible(page, 'none found');
	await context.close();
});
