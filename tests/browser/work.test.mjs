// What an officer has before them: the first page after signing in shows it, one click leads to each case. Of their own
// authorities alone, and of what waits for themselves nobody else's.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertFaultless, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Busy Council', kind: 'COUNCIL', code: 'BUSY'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall <Trust>', legal_form: 'SCIO', members: 30}));
const officer = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'DECIDER']}, name: 'Officer'});
const colleague = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'DECIDER']}, name: 'Colleague'});
const stranger = await makeKey(reg, {roles: {[board.id]: ['ESTATES']}, name: 'Stranger'});

let n = 0;
async function ask(name, received_on, at = council) {
	const asset = ok(await admin.post('/v1/assets', {authority_id: at.id, name, class: 'HALL', tenure: 'OWNED'}));
	return ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on},
		{idempotency: `w${++n}`})).id;
}
const act = async (id, event, on, more) => ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const deal = async (id, who) => ok(await admin.post(`/v1/requests/${id}/officers`, {principal_id: who.principal}));

// One has had no decision in six months, the other is to be acknowledged by Wednesday.
const late = await ask('Late Hall', '2026-05-18'), soon = await ask('Soon Hall', '2026-11-04');
const fresh = await ask('New Hall', '2026-11-20'), mine = await ask('My Hall', '2026-11-02'), theirs = await ask('Elsewhere Hall', '2026-11-20', board);
await act(late, 'VALIDATE', '2026-05-18');
await act(soon, 'VALIDATE', '2026-11-04');
for (const id of [late, soon])
	await deal(id, colleague);
await deal(mine, officer);

const parts = async page => Object.fromEntries(await Promise.all(['overdue', 'week', 'waiting', 'new'].map(async part =>
	[part, await page.getByRole('region', {name: new RegExp(`^${{overdue: 'Overdue', week: 'Due in the next', waiting: 'Waiting for you', new: 'New'}[part]}`)})
		.locator('a[href$="/case"]').evaluateAll(all => all.map(a => a.getAttribute('href').split('/')[2]))])));

test('the first page after signing in shows it, and one click leads to a case', async () => {
	const view = await signIn(officer.key), {page, context} = view;
	const found = await parts(page);
	assert.deepEqual(found, {overdue: [late], week: [soon], waiting: [mine], new: [fresh]});
	assert.match(await page.getByRole('region', {name: /^Due in the next/}).innerText(), /\(1\)[\s\S]*25 November 2026 · in 4 days[\s\S]*Soon Hall: Acknowledgement, due from the authority/);
	await assertFaultless(view, 'the first page of an officer');
	await send(page.getByRole('link', {name: /Soon Hall$/}).first());
	assert.equal(new URL(page.url()).pathname, `/requests/${soon}/case`);
	await context.close();
});

test('it has a page of its own, without script; what waits for one is not what waits for another', async () => {
	ok(await admin.put(`/v1/authorities/${council.id}/settings`, {second_person: true}, {headers: {'If-None-Match': '*'}}), 201);
	const REFUSE = {event: 'REFUSE', on: '2026-11-20', grounds: [{matter: 'H', text: 'Needed.'}]};
	ok(await admin.as(colleague.key).post(`/v1/requests/${soon}/proposals`, REFUSE));
	const {page, context} = await signIn(officer.key, {script: false, next: '/work'});
	assert.deepEqual((await parts(page)).waiting.sort(), [mine, soon].sort());
	assert.match(await page.getByRole('region', {name: 'Waiting for you'}).innerText(), /Soon Hall: a decision that somebody proposed waits for your approval/);
	await context.close();
	const view = await signIn(colleague.key, {next: '/work'});
	assert.deepEqual((await parts(view.page)).waiting, [soon], 'a case of theirs, and not the decision that they proposed');
	assert.match(await view.page.getByRole('region', {name: 'Waiting for you'}).innerText(), /it is your case/);
	await assertFaultless(view, 'the work list');
	await view.context.close();
});

test('more than the first page shows is told, and is all on the other', async () => {
	const more = [];
	for (let i = 0; i < 6; i++)
		more.push(await ask(`Further Hall ${i}`, '2026-11-21'));
	const {page, context} = await signIn(officer.key);
	assert.equal((await parts(page)).new.length, 5);
	await page.getByRole('link', {name: 'All 7'}).click();
	await page.waitForURL(/\/work#work-new$/);
	assert.deepEqual((await parts(page)).new.sort(), [fresh, ...more].sort());
	await context.close();
});

test('each has their own authorities\', and who deals with none has no list', async () => {
	const other = await signIn(stranger.key);
	assert.deepEqual(await parts(other.page), {overdue: [], week: [], waiting: [], new: [theirs]});
	assert.ok(await other.page.getByText('No date has passed.').isVisible());
	const open = await newPage();
	await open.page.goto(reg.url);
	assert.equal(await open.page.getByRole('heading', {name: 'Your work'}).count(), 0);
	assert.equal((await open.page.goto(`${reg.url}/work`)).status(), 401);
	for (const {context} of [other, open])
		await context.close();
});

test('from the first page an officer begins, and an administrator settles, without knowing an address; nobody else sees how', async () => {
	const boss = await makeKey(reg, {roles: {[council.id]: ['ADMIN']}});
	for (const [key, links] of [[officer.key, {'Log an asset': '/assets/new', 'Load a list from a spreadsheet': '/imports/new', 'Log a request that came on paper': '/requests/new'}],
		[boss.key, {'People: ': '/people', 'Keys for programs: ': '/keys', 'Webhooks: ': '/webhooks', 'Parameters: ': '/parameters', 'Working days: ': '/calendars',
			'Rules that are not confirmed': '/rules', 'Gaelic that is missing': '/translations'}]]) {
		const {page, context} = await signIn(key);
		for (const [name, path] of Object.entries(links)) {
			await page.goto(reg.url);
			await send(page.getByRole('main').getByRole('link', {name}));
			assert.equal(new URL(page.url()).pathname, path);
			assert.equal(await page.locator('h1').count(), 1);
		}
		await context.close();
	}
	const {page, context} = await newPage();
	await page.goto(reg.url);
	for (const name of ['Log an asset', 'Parameters: '])
		assert.equal(await page.getByRole('main').getByRole('link', {name}).count(), 0, name);
	await context.close();
});
