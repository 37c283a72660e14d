// A community group asks for a hall, from the first page to its own page, without script and without an account, on a phone; then what
// it and the officer see, with axe on each page.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, assertFits, send, startSite} from '../harness/browser.mjs';
import {ok, startMail} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const HOSTILE = '<b>not bold</b> & "quoted"';
const PHONE = {viewport: {width: 390, height: 844}};
const mail = await startMail();
const {reg, newPage, signIn, stop} = await startSite({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: BASE}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}}});
after(async () => {
	await stop();
	await mail.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const asset = ok(await reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Memorial Hall', class: 'HALL', tenure: 'OWNED'}));
const addressIn = (letter, path) => new RegExp(`${BASE}(/${path}\\?token=[0-9a-z_.]+)`).exec(letter.text.replace(/\r\n/g, ''))?.[1];
const letter = path => mail.waitFor(l => l.to[0] === 'group@private.example' && addressIn(l, path)).then(l => addressIn(l, path));

async function seen(path) {
	const {page, context, complaints} = await newPage();
	await page.goto(reg.url + path);
	const shut = page.locator('details:not([open]) > summary');
	while (await shut.count())
		await shut.first().press('Enter');
	await assertAccessible(page, path.split('?')[0]);
	await assertFits(page, {width: 320, height: 256}, `${path.split('?')[0]} at 400 % zoom`);
	assert.deepEqual(complaints, []);
	await context.close();
}

test('from the first page to a request of its own, without script, on a phone; what is wrong loses nothing', async () => {
	const {page, context} = await newPage({script: false, ...PHONE});
	await page.goto(reg.url);
	assert.match(await page.locator('.figures').innerText(), /1\s+building or piece of land[^]*0\s+open requests[^]*1\s+public body$/m);
	await page.getByLabel('Find an asset or a request').fill('memorial');
	await send(page.getByRole('button', {name: 'Search'}));
	await send(page.getByRole('link', {name: 'Memorial Hall'}));
	await send(page.getByRole('link', {name: 'Ask for this'}));
	assert.equal(await page.locator('h1').innerText(), 'Ask for this');
	await page.getByLabel('What you send').selectOption('RECEIVED');
	await page.getByLabel('What you ask for, or have in mind').selectOption('LEASE');
	await page.getByLabel('Name of your group').fill(`Hall Trust ${HOSTILE}`);
	await page.getByLabel('What kind of group it is').selectOption('SCIO');
	await page.getByLabel('Your name').fill('Morag Private');
	await page.getByLabel('Your e-mail address').fill('group at private');
	await page.getByText('What the law wants a request to say').press('Enter');
	await page.getByLabel('Why you ask for it').fill(HOSTILE);
	await send(page.getByRole('button', {name: 'Send it'}));
	assert.ok(await page.getByRole('link', {name: /^Your e-mail address:/}).isVisible());
	assert.equal(await page.getByLabel('Why you ask for it').inputValue(), HOSTILE);
	await page.getByLabel('Your e-mail address').fill('group@private.example');
	await send(page.getByRole('button', {name: 'Send it'}));
	assert.equal(await page.locator('h1').innerText(), 'Check your e-mail');
	assert.equal(ok(await reg.anyone.get(`/v1/assets/${asset.id}/requests`), 200).items.length, 0);

	await page.goto(reg.url + await letter('confirm'));
	await send(page.getByRole('button', {name: 'Confirm'}));
	assert.equal(await page.locator('h1').innerText(), 'Your request for Memorial Hall');
	assert.ok(await page.getByText('Test Council has it').isVisible());
	assert.ok(await page.getByText('What is still missing').isVisible());
	await page.getByText('the benefits that you expect', {exact: true}).press('Enter');
	await page.getByLabel('In your own words: the benefits that you expect').fill('Room for all');
	await send(page.getByRole('button', {name: 'Send it : the benefits that you expect'}));
	assert.ok(await page.getByText('it has been recorded, as of today').isVisible());
	assert.equal(await page.getByText('Room for all').count(), 1);
	await context.close();
});

test('the forms and the page of its own have no fault that axe finds', async () => {
	for (const path of [`/assets/${asset.id}`, `/assets/${asset.id}/ask`, '/ask', '/mine', await letter('mine')])
		await seen(path);
});

test('whoever lost the link to its page finds where it is sent again: from the first page, from its request, and where others sign in', async () => {
	const {items: [request]} = ok(await reg.anyone.get(`/v1/assets/${asset.id}/requests`), 200);
	for (const [path, name] of [['/', 'Your own page for what you asked for'], [`/requests/${request.id}`, /Have the link to your own page sent again/],
		['/sign-in', 'Have that link sent again']]) {
		const {page, context} = await newPage({script: false, ...PHONE});
		await page.goto(reg.url + path);
		await send(page.getByRole('main').getByRole('link', {name}));
		assert.ok(await page.getByRole('button', {name: 'Send the link again'}).isVisible(), path);
		await context.close();
	}
	const {page, context} = await newPage();
	await page.goto(reg.url);
	await send(page.getByRole('main').getByRole('link', {name: 'Ask for what is not listed'}));
	assert.equal(await page.locator('main form[method=post]').count(), 1);
	await page.goto(reg.url);
	await send(page.getByRole('main').getByRole('link', {name: 'How it works, step by step'}));
	assert.equal(new URL(page.url()).pathname, '/guide/community');
	await context.close();
});

test('on paper a page says where it is, but for the group\'s own, whose address is its key', async () => {
	const {page, context} = await newPage();
	await page.emulateMedia({media: 'print'});
	await page.goto(`${reg.url}/assets/${asset.id}?valid_on=2026-10-20`);
	assert.equal(await page.locator('.on-paper').innerText(), `${BASE}/assets/${asset.id}?valid_on=2026-10-20`);
	await page.goto(reg.url + await letter('mine'));
	assert.equal(await page.locator('.on-paper').count(), 0);
	const folds = await page.locator('.ds_details__text').evaluateAll(all => all.filter(e => e.checkVisibility()).map(e => e.innerText.trim()));
	assert.ok(folds.length > 0 && folds.every(Boolean), 'no fold of a form alone leaves its empty box');
	await context.close();
});

test('the officer finds it as new, reads what was written, and ends the link', async () => {
	const {page, context, complaints} = await signIn(reg.adminKey, {next: '/work'});
	await send(page.getByRole('link', {name: /Memorial Hall/}).first());
	assert.ok(await page.locator('.said__text', {hasText: HOSTILE}).isVisible());
	await assertAccessible(page, 'case');
	assert.ok(await page.getByText('A link was sent on 20 October 2026 and works until 19 January 2027').isVisible());
	await send(page.getByRole('button', {name: 'End the link'}));
	assert.ok(await page.getByText('No link works now.').isVisible());
	assert.equal((await reg.anyone.get(await letter('mine'), {headers: {Accept: 'text/html'}})).status, 410);
	assert.deepEqual(complaints, []);
	await context.close();
});

test('an officer publishes why it asks, and asks for a longer time, to which the group agrees on its own page', async () => {
	const [{id, items}] = ok(await reg.anyone.get(`/v1/assets/${asset.id}/requests`), 200).items;
	const act = (event, more) => reg.admin.post(`/v1/requests/${id}/events`, {event, on: '2026-10-20', ...more});
	for (const {code} of items.filter(i => !i.received_on))
		ok(await act('ITEM_RECEIVED', {code}));
	ok(await act('VALIDATE', {acknowledged_on: '2026-10-20'}));
	const {page, context, complaints} = await signIn(reg.adminKey, {next: `/requests/${id}/case`});
	await page.getByText('Publish its reasons and benefits, or change what is published').press('Enter');
	const why = page.getByLabel('Why it asks, as everybody reads it');
	assert.equal(await why.inputValue(), HOSTILE, 'it begins with what the group wrote');
	await why.fill(`A room for all ${HOSTILE}`);
	ok(await reg.admin.post(`/v1/requests/${id}/notes`, {text: 'Meanwhile'}, {idempotency: 'meanwhile'}));
	await send(page.getByRole('button', {name: 'Publish them'}));
	assert.equal(ok(await reg.anyone.get(`/v1/requests/${id}`), 200).reasons, null, 'somebody else changed the case meanwhile');
	assert.equal(await why.inputValue(), `A room for all ${HOSTILE}`);
	await assertAccessible(page, 'case, refused');
	await send(page.getByRole('button', {name: 'Publish them'}));
	const {reasons, benefits} = ok(await reg.anyone.get(`/v1/requests/${id}`), 200);
	assert.deepEqual([reasons, benefits], [`A room for all ${HOSTILE}`, 'Room for all']);

	await page.getByText('Ask for a longer time').press('Enter');
	await page.getByLabel('Last day of the longer time').fill('2027-04-20');
	await page.getByLabel('Why it is needed').fill(HOSTILE);
	await send(page.getByRole('button', {name: 'Ask for it'}));
	assert.ok(await page.getByRole('link', {name: /^Last day of the longer time:/}).isVisible());
	assert.equal(await page.getByLabel('Why it is needed').inputValue(), HOSTILE);
	await page.getByLabel('Last day of the longer time').fill('2027-06-01');
	await send(page.getByRole('button', {name: 'Ask for it'}));
	assert.ok(await page.getByText('It waits for an answer.').isVisible());
	await assertAccessible(page, 'case, a longer time waits');

	const own = await newPage(PHONE);
	await own.page.goto(reg.url + addressIn(await mail.waitFor(l => l.to[0] === 'group@private.example' && /^A longer time/.test(l.head.subject)), 'mine'));
	assert.ok(await own.page.getByText(HOSTILE, {exact: true}).first().isVisible());
	await assertAccessible(own.page, 'mine, a longer time is asked');
	await send(own.page.getByRole('button', {name: 'Agree to 1 June 2027'}));
	assert.ok(await own.page.getByText('it has been recorded, as of today').isVisible());
	await page.reload();
	assert.ok(await page.getByText('It was agreed to.').isVisible());
	assert.deepEqual(complaints.filter(c => !/status of (412|422)/.test(c)), []);
	await Promise.all([context.close(), own.context.close()]);
});
