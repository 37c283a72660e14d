// An officer at the browser enters a letter: which land, which body, what it says; refused once with what was typed,
// the body recorded on the way, by mouse, by keyboard and without script; axe on every state.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite, tabTo} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Paper Council', kind: 'COUNCIL', code: 'PAPER', duties: [{schedule: 3, from_on: '2017-01-23'}]}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'}));
const log = async (name, more) => ok(await admin.post('/v1/assets', {authority_id: council.id, name, class: 'HALL', tenure: 'OWNED', ...more}));
const [hall, leased] = [await log('Old <b>Hall</b>', {reference: 'H-1', postcode: 'PH2 9PL', published: true}), await log('Old shop', {tenure: 'LEASED_IN'})];
const theirs = await log('Old surgery', {authority_id: other.id});
const {key} = await makeKey(reg, {roles: {[council.id]: ['ESTATES']}});
const requests = async () => ok(await admin.get(`/v1/requests?authority_id=${council.id}&sort=created_at`), 200).items;
const asset = (page, label) => page.getByRole('link', {name: label, exact: true});

test('a letter: the land, a body that is new, the words, refused once, then logged', async () => {
	const {page, context, complaints} = await signIn(key, {next: '/requests'});
	await send(page.getByRole('link', {name: 'Log a request that came on paper'}));
	await assertAccessible(page, 'which land');
	await page.getByLabel('Name, reference, UPRN or postcode').fill('old');
	await send(page.getByRole('button', {name: 'Find the land'}));
	assert.equal(await asset(page, 'Old surgery').count(), 0, 'no land of others');
	await assertAccessible(page, 'land found');
	await send(asset(page, 'Old <b>Hall</b>'));
	await page.getByLabel('Name or number of the community body').fill('Glen <i>Trust</i>');
	await send(page.getByRole('button', {name: 'Find the body'}));
	await assertAccessible(page, 'no body of that name');
	await send(page.getByRole('link', {name: 'Record a new body'}));
	assert.equal(await page.getByLabel('Name', {exact: true}).inputValue(), 'Glen <i>Trust</i>');
	await page.getByLabel('Members (optional)').fill('a few');
	await page.getByLabel('E-mail address (optional)').fill('nobody');
	await page.getByLabel(/surplus/).press('Space');
	await send(page.getByRole('button', {name: 'Record it'}));
	await assertAccessible(page, 'a body refused');
	assert.equal(await page.getByLabel('Members (optional)').inputValue(), 'a few');
	assert.ok(await page.getByLabel(/surplus/).isChecked());
	await page.getByRole('alert').getByRole('link', {name: /^Members:/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'body-members');
	await page.getByLabel('Members (optional)').fill('12');
	await page.getByLabel('E-mail address (optional)').fill('secretary@glen.example');
	await page.getByLabel('Legal form').selectOption('SCIO');
	await send(page.getByRole('button', {name: 'Record it'}));
	assert.ok(await page.getByText(/fewer than the 20 members/).isVisible());
	assert.ok(await page.getByText(/keep surplus for the benefit/).isVisible(), 'what the constitution lacks is said again');
	await assertAccessible(page, 'the questions');
	await page.getByLabel('What is asked for').selectOption('OWNERSHIP');
	await page.getByLabel('Received on').fill('2026-11-22');
	await page.getByLabel('Price offered in pounds (optional)').fill('much');
	await page.getByLabel('Reasons (optional)').fill('A <place> to meet.');
	await page.locator('#item-FUNDING').press('Space');
	await send(page.getByRole('button', {name: 'Log it'}));
	assert.deepEqual([await page.getByLabel('Reasons (optional)').inputValue(), await page.getByLabel('Price offered in pounds (optional)').inputValue(),
		await page.locator('#item-FUNDING').isChecked(), await page.locator('#item-WRITING').isChecked()], ['A <place> to meet.', 'much', false, true]);
	await assertAccessible(page, 'refused');
	await page.getByRole('alert').getByRole('link', {name: /^Price offered in pounds:/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'request-offer_pence');
	await page.getByLabel('Price offered in pounds (optional)').fill('12,500');
	await send(page.getByRole('button', {name: 'Log it'}));
	await page.getByRole('alert').getByRole('link', {name: /^Received on: That day has not come yet/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'request-received_on');
	await page.getByLabel('Received on').fill('2026-11-20');
	await send(page.getByRole('button', {name: 'Log it'}));
	const [made] = await requests();
	assert.equal(new URL(page.url()).pathname, `/requests/${made.id}`);
	assert.deepEqual([made.asset_id, made.kind, made.offer_pence, made.received_on, made.reasons, made.items.filter(i => !i.received_on).map(i => i.code)],
		[hall.id, 'OWNERSHIP', 1250000, '2026-11-20', 'A <place> to meet.', ['FUNDING']]);
	const body = ok(await admin.get(`/v1/community-bodies/${made.community_body_id}`), 200);
	assert.deepEqual([body.name, body.members, body.unmet], ['Glen <i>Trust</i>', 12, ['CC6']]);
	assert.deepEqual(complaints.filter(c => !/status of 4(09|12|22)/.test(c)), []);
	await context.close();
});

test('the same letter again, and the same body, are told and not entered; without script', async () => {
	const {page, context} = await signIn(key, {next: `/assets/${hall.id}`, javaScriptEnabled: false});
	const [made] = await requests();
	await send(page.getByRole('link', {name: 'Log a request for it'}));
	await page.getByLabel('Name or number of the community body').fill('glen');
	await send(page.getByRole('button', {name: 'Find the body'}));
	await send(page.getByRole('link', {name: 'Glen <i>Trust</i>', exact: true}));
	await page.getByLabel('What is asked for').selectOption('OWNERSHIP');
	await page.getByLabel('Received on').fill('2026-11-20');
	await send(page.getByRole('button', {name: 'Log it'}));
	assert.match(await page.getByRole('alert').innerText(), /A request like this one is open already/);
	assert.ok(await page.getByText('The same body asks for the same in it.').isVisible());
	assert.equal((await requests()).length, 1);
	await page.getByLabel('This is another request').press('Space');
	await send(page.getByRole('button', {name: 'Log it'}));
	assert.equal((await requests()).length, 2);
	await page.goto(`${reg.url}/community-bodies/new?asset_id=${leased.id}`);
	await page.getByLabel('Name', {exact: true}).fill('GLEN <i>trust</i>');
	await page.getByLabel('Legal form').selectOption('TRUST');
	await send(page.getByRole('button', {name: 'Record it'}));
	assert.match(await page.getByRole('alert').innerText(), /A body like this one is recorded already/);
	assert.equal(await page.getByLabel('Legal form').inputValue(), 'TRUST');
	await send(page.getByRole('link', {name: /Log its request/}));
	assert.equal(new URL(page.url()).searchParams.get('community_body_id'), made.community_body_id);
	assert.ok(await page.getByText(/leases this land in/).isVisible());
	await context.close();
});

test('what was refused as a double is shown to axe; land that is not listed goes by keyboard', async () => {
	const {page, context} = await signIn(key, {next: '/requests/new'});
	const [made] = await requests();
	await send(page.getByRole('link', {name: 'The land is not in the register'}));
	await page.getByLabel('Name or number of the community body').fill('glen');
	await page.keyboard.press('Enter');
	await send(page.getByRole('link', {name: 'Glen <i>Trust</i>', exact: true}));
	for (const again of [false, true]) {
		await tabTo(page, 'request-land_authority_id');
		await page.keyboard.type('Paper');
		await tabTo(page, 'request-land_description');
		await page.keyboard.press('Control+A');
		await page.keyboard.type('The green');
		await tabTo(page, 'request-kind');
		await page.keyboard.type('A lease');
		await page.getByLabel('Received on').fill('2026-11-20');
		await page.locator('summary', {hasText: 'Terms of a lease'}).evaluate(e => { e.parentElement.open = true; });
		await page.getByLabel('Kind of lease (optional)').selectOption('OPERATING');
		await page.getByLabel('Term in months (optional)').fill('120');
		await send(page.getByRole('button', {name: 'Log it'}));
		if (again)
			break;
		const last = (await requests()).at(-1);
		assert.deepEqual([last.asset_id, last.land.description, last.kind, last.lease.term_months, last.community_body_id],
			[null, 'The green', 'LEASE', 120, made.community_body_id]);
		await page.goto(`${reg.url}/requests/new?land=unlisted&community_body_id=${made.community_body_id}`);
	}
	assert.match(await page.getByRole('alert').innerText(), /open already/);
	await assertAccessible(page, 'a double');
	await context.close();
});

test('others have no such form, and nobody logs for others', async () => {
	const {page, context} = await newPage();
	await page.goto(`${reg.url}/requests`);
	assert.equal(await page.getByRole('link', {name: 'Log a request that came on paper'}).count(), 0);
	await page.goto(`${reg.url}/requests/new`);
	assert.match(page.url(), /requests\/new|sign-in/);
	assert.equal(await page.getByRole('button', {name: 'Find the land'}).count(), 0);
	await context.close();
	const officer = await signIn(key, {next: '/'});
	assert.equal((await officer.page.goto(`${reg.url}/requests/new?asset_id=${theirs.id}`)).status(), 403);
	await officer.context.close();
});
