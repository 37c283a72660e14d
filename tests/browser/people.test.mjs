// People at the browser: found, invited, their roles changed from two tabs, sent a link, signed out, ended; by keyboard and without
// script. Nobody finds another authority's people, changes their own roles, or takes over who has rights elsewhere.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, assertFaultless, send, startSite, tabTo} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite();
after(stop);
const {admin, sql} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Own <b>Council</b>', kind: 'COUNCIL', code: 'OWN'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'}));
const keyOf = async options => (await makeKey(reg, options)).key;
const [boss, officer, stranger, operator] = await Promise.all([keyOf({roles: {[council.id]: ['ADMIN']}}), keyOf({roles: {[council.id]: ['ESTATES']}}),
	keyOf({roles: {[board.id]: ['ADMIN']}}), keyOf({isOperator: true})]);
const PASSWORD = 'kettle on by nine';
let n = 0;
const make = async (more = {}) => ok(await admin.post('/v1/accounts', {authority_id: council.id, name: `Person ${++n}`, email: `b${n}@example.org`, roles: ['VIEWER'], ...more}));
const show = async item => ok(await admin.get(`/v1/accounts/${item.id}`), 200);
const history = page => page.locator('#history + ul li').allInnerTexts();
const press = async (page, name) => {
	const button = page.getByRole('button', {name, exact: true});
	await button.focus();
	await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
};

test('an ADMIN invites somebody from the first page on; the link is shown once, and lets them choose a password', async () => {
	const view = await signIn(boss), {page, context} = view;
	await send(page.getByRole('link', {name: /^People: who signs in/}));
	await assertFaultless(view, 'nobody yet');
	assert.ok(await page.getByText('Nobody has an account yet.').isVisible());
	assert.equal(await page.locator('#new-authority_id').inputValue(), council.id, 'who looks after one is not asked which');
	await page.getByLabel('Name', {exact: true}).fill('Mòrag <i>Bhàn</i>');
	await page.locator('#new-email').fill('no address');
	await page.getByLabel('Estates', {exact: true}).check({force: true});
	await send(page.getByRole('button', {name: 'Invite them'}));
	await page.getByRole('alert').getByRole('link', {name: /^E-mail address: /}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'new-email');
	assert.equal(await page.getByLabel('Name', {exact: true}).inputValue(), 'Mòrag <i>Bhàn</i>');
	assert.ok(await page.getByLabel('Estates', {exact: true}).isChecked() && !await page.getByLabel('Finance', {exact: true}).isChecked());
	await assertAccessible(page, 'an invitation that was refused');
	await page.locator('#new-email').fill('morag@example.org');
	view.complaints.length = 0;
	await send(page.getByRole('button', {name: 'Invite them'}));
	const link = await page.locator('#made code').innerText();
	assert.match(link, new RegExp(`^${reg.url}/password\\?token=acl_[0-9A-Za-z]{43}$`));
	await assertFaultless(view, 'somebody was invited');
	const row = page.getByRole('row', {name: /Mòrag <i>Bhàn/});
	assert.match(await row.innerText(), /morag@example\.org[\s\S]*Estates[\s\S]*Invited/);
	await page.goto(`${reg.url}/people`);
	assert.ok(!(await page.content()).includes('token='), 'never again');
	const owner = await newPage();
	await owner.page.goto(link);
	await owner.page.getByLabel('Password').fill(PASSWORD);
	await send(owner.page.getByRole('button', {name: /password/i}));
	await owner.page.locator('main input[name=email]').fill('morag@example.org');
	await owner.page.locator('main input[name=password]').fill(PASSWORD);
	await send(owner.page.locator('main form button[type=submit]'));
	assert.ok((await owner.page.locator('#signed-in').innerText()).includes('Mòrag <i>Bhàn</i>'));
	await send(row.getByRole('link'));
	assert.match(await page.locator('main').innerText(), /Active[\s\S]*Browsers signed in now\s+1\n/);
	await assertFaultless(view, 'somebody');
	// The same address again is said at its field.
	await page.goto(`${reg.url}/people`);
	await page.getByLabel('Name', {exact: true}).fill('Twice');
	await page.locator('#new-email').fill('MORAG@example.org');
	await send(page.getByRole('button', {name: 'Invite them'}));
	await page.getByRole('alert').getByRole('link', {name: /Choose at least one/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'roles');
	await assertAccessible(page, 'no role');
	await page.locator('#role-VIEWER').check({force: true});
	await send(page.getByRole('button', {name: 'Invite them'}));
	assert.match(await page.getByRole('alert').innerText(), /Somebody has an account with that address already/);
	for (const one of [context, owner.context])
		await one.close();
});

test('roles are changed by keyboard and without script; of two tabs the second hears what the first did, and loses nothing typed', async () => {
	const item = await make({name: 'Eilidh', roles: ['VIEWER']});
	const {page, context} = await signIn(boss, {script: false, next: `/people/${item.id}`});
	const other = await context.newPage();
	await other.goto(`${reg.url}/people/${item.id}`);
	await tabTo(page, 'role-DECIDER');
	await page.keyboard.press('Space');
	await page.locator('#p-reason').fill('Acts up for the winter');
	await press(page, 'Save');
	assert.deepEqual((await show(item)).roles, ['DECIDER', 'VIEWER']);
	assert.match((await history(page))[0], /You: Changed\. Roles: Viewer became Viewer, Decider\. Why: Acts up for the winter/);
	await other.locator('#p-name').fill('Eilidh Òg');
	await press(other, 'Save');
	const alert = other.getByRole('alert');
	assert.match(await alert.innerText(), /It has changed since you read it[\s\S]*You: Changed\. Roles: Viewer became Viewer, Decider/);
	assert.equal(await other.locator('#p-name').inputValue(), 'Eilidh Òg');
	assert.ok(await other.locator('#role-DECIDER').isChecked(), 'what was not touched here is as the first left it');
	await press(other, 'Save');
	assert.deepEqual([(await show(item)).name, (await show(item)).roles], ['Eilidh Òg', ['DECIDER', 'VIEWER']]);
	// Of several roles as well: who changes the name alone sends none of them back.
	await other.locator('#p-name').fill('Eilidh Bheag');
	ok(await admin.patch(`/v1/accounts/${item.id}`, {roles: ['FINANCE']}, {match: '*'}), 200);
	await press(other, 'Save');
	await press(other, 'Save');
	assert.deepEqual([(await show(item)).name, (await show(item)).roles], ['Eilidh Bheag', ['FINANCE']]);
	ok(await admin.patch(`/v1/accounts/${item.id}`, {roles: ['VIEWER', 'DECIDER']}, {match: '*'}), 200);
	await page.goto(`${reg.url}/people/${item.id}`);
	await page.locator('#role-VIEWER').uncheck({force: true});
	await page.locator('#p-email').fill('nobody');
	await press(page, 'Save');
	assert.equal(await page.locator('#p-email').getAttribute('aria-invalid'), 'true');
	assert.ok(!await page.locator('#role-VIEWER').isChecked(), 'ticks are kept');
	await context.close();
});

test('a link anew, codes, sessions and the end of an account', async () => {
	const item = await make({name: 'Seonaidh', email: 'seonaidh@example.org'});
	await sql(`update assetd.account set factor = repeat('x', 43), factor_on = true where principal_id = $1`, [item.id]);
	const view = await signIn(boss, {next: `/people/${item.id}`}), {page, context} = view;
	await press(page, 'Make a link');
	const link = await page.locator('#made code').innerText();
	assert.notEqual(link.split('=')[1], item.link.split('=')[1]);
	await assertFaultless(view, 'another link');
	await page.goto(`${reg.url}/people/${item.id}`);
	assert.equal(await page.locator('#made').count(), 0);
	await press(page, 'Do without their codes');
	assert.equal(await page.getByRole('button', {name: 'Do without their codes'}).count(), 0);
	await press(page, 'Sign them out everywhere');
	assert.deepEqual((await history(page)).map(t => t.replace(/^.*?: /s, '')), ['Signed out everywhere.', 'Codes are not asked for any more.', 'Another link to choose a password.',
		'Account made. Name: Seonaidh. E-mail address: seonaidh@example.org. Roles: Viewer.']);
	await page.getByText('End the account', {exact: true}).first().click();
	await page.locator('#close-reason').fill('Left us');
	await press(page, 'End the account');
	assert.equal(new URL(page.url()).pathname, '/people');
	assert.equal(await page.getByRole('link', {name: 'Seonaidh'}).count(), 0);
	assert.equal((await page.goto(`${reg.url}/people/${item.id}`)).status(), 410);
	await context.close();
});

test('people are found by words, and walked page by page; an operator sees all, by public body', async () => {
	await Promise.all(Array.from({length: 51}, (_, i) => admin.post('/v1/accounts', {authority_id: board.id, name: `Walker ${String(i).padStart(2, '0')}`, email: `w${i}@example.org`, roles: ['VIEWER']})));
	const {page, context} = await signIn(operator, {next: '/people'});
	await page.locator('#f-authority').selectOption(board.id);
	await send(page.getByRole('button', {name: 'Show'}));
	assert.equal(await page.locator('tbody tr').count(), 50);
	await assertAccessible(page, 'a page of people');
	await send(page.getByRole('link', {name: 'Next page'}));
	assert.deepEqual(await page.locator('tbody th').allInnerTexts(), ['Walker 50']);
	await page.goto(`${reg.url}/people?q=walker+w7%40`);
	assert.deepEqual(await page.locator('tbody th').allInnerTexts(), ['Walker 07']);
	await page.goto(`${reg.url}/people?q=%25`);
	assert.ok(await page.getByText('Nobody was found.').isVisible());
	// A role elsewhere is given and taken by who looks after people there.
	const item = await make({name: 'Lent'});
	await page.goto(`${reg.url}/people/${item.id}`);
	await page.locator('#more-authority').selectOption(board.id);
	await page.locator('#more-role').selectOption('FINANCE');
	await send(page.getByRole('button', {name: 'Save'}));
	assert.deepEqual((await show(item)).elsewhere, [{authority_id: board.id, role: 'FINANCE'}]);
	assert.match((await history(page))[0], /Roles elsewhere: set to Finance at Other Board/);
	await assertAccessible(page, 'with a role elsewhere');
	const home = await signIn(boss, {next: `/people/${item.id}`});
	assert.ok(await home.page.getByText('They have rights that are not yours to give.').isVisible());
	assert.equal(await home.page.getByRole('button', {name: 'Make a link'}).count(), 0);
	await page.getByLabel('Finance at Other Board').uncheck({force: true});
	await send(page.getByRole('button', {name: 'Save'}));
	assert.deepEqual((await show(item)).elsewhere, []);
	for (const one of [context, home.context])
		await one.close();
});

test('another authority\'s people are not to be found; who looks after nobody has no such page; one\'s own roles are others\'', async () => {
	const item = await make({name: 'Private Person'}), none = `prn_${'z'.repeat(26)}`;
	const elsewhere = await signIn(stranger), view = await signIn(officer);
	assert.equal((await elsewhere.page.goto(`${reg.url}/people/${item.id}`)).status(), 404);
	const said = async () => (await elsewhere.page.locator('main').innerText()).replace(/req_\w+/, '');
	const there = await said();
	await elsewhere.page.goto(`${reg.url}/people/${none}`);
	assert.equal(await said(), there);
	await elsewhere.page.goto(`${reg.url}/people?q=private`);
	assert.ok(await elsewhere.page.getByText('Nobody was found.').isVisible());
	for (const path of ['/people', `/people/${item.id}`])
		assert.equal((await view.page.goto(reg.url + path)).status(), 403, path);
	await view.page.goto(reg.url);
	assert.equal(await view.page.getByRole('link', {name: /^People/}).count(), 0);
	const self = await make({name: 'Myself', roles: ['ADMIN']});
	await sql('update assetd.api_key set principal_id = $1 where prefix = $2', [self.id, boss.slice(0, 22)]);
	await reg.daemon.restart(); // what a worker remembers for 5 seconds
	const own = await signIn(boss, {next: `/people/${self.id}`});
	assert.ok(await own.page.getByText('This is your own account').isVisible());
	assert.equal(await own.page.locator('[name^=role_]').count(), 0);
	assert.equal(await own.page.getByRole('button', {name: 'End the account'}).count(), 0);
	await assertAccessible(own.page, 'one\'s own');
	for (const {context} of [elsewhere, view, own])
		await context.close();
});
