// The settings of an authority at the browser: settled by its ADMIN without script and by keyboard, its record
// changed by an operator; refused with what was typed, met by somebody else's change, and told below.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite, tabTo} from '../harness/browser.mjs';
import {makeKey, ok, problem} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Own <b>Council</b>', kind: 'COUNCIL', code: 'OWN', duties: [{schedule: 3, from_on: '2017-01-23'}]}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'}));
const key = async (at, ...roles) => (await makeKey(reg, {roles: {[at.id]: roles}})).key;
const [boss, viewer, stranger] = await Promise.all([key(council, 'ADMIN'), key(council, 'VIEWER'), key(board, 'ADMIN', 'ESTATES')]);
const operator = (await makeKey(reg, {isOperator: true})).key;
const door = `/v1/authorities/${council.id}`;
const path = `/authorities/${council.id}/settings`;

const history = page => page.locator('#history + ul li').allInnerTexts();

test('an ADMIN settles by keyboard and without script, from the first page on', async () => {
	const {page, context} = await signIn(boss, {javaScriptEnabled: false});
	await send(page.getByRole('link', {name: 'Own <b>Council</b>: settings and record'}));
	assert.equal(new URL(page.url()).pathname, path);
	await tabTo(page, 'set-second_person');
	await page.keyboard.press('Space');
	await tabTo(page, 'set-inspect_at');
	await page.keyboard.type('Town House,\nroom 2');
	await tabTo(page, 'set-respond_to');
	await page.keyboard.press('Tab');
	await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
	const set = ok(await admin.get(`${door}/settings`), 200);
	assert.deepEqual([set.second_person, set.inspect_at, set.respond_to, set.version], [true, 'Town House,\nroom 2', null, 1]);
	const [told] = await history(page);
	assert.match(told, /^21 November 2026\s+You: Settings changed\. A decision needs a second person: no became yes\. Where documents can be seen: set to “Town House,\s+room 2”\.$/);
	assert.equal(await page.getByRole('button', {name: 'Save the record'}).count(), 0, 'the record is the operators\'');
	assert.ok(await page.getByText('Those who run the register change the record.').isVisible());
	await context.close();
});

test('what is refused is shown again with what was typed; what others changed is said and not overwritten', async () => {
	const {page, context, complaints} = await signIn(boss);
	await page.goto(reg.url + path);
	await assertAccessible(page, 'the settings');
	await page.locator('#set-inspect_at').evaluate(e => e.removeAttribute('maxlength'));
	await page.locator('#set-inspect_at').fill('x'.repeat(2001));
	await page.locator('#set-respond_to').fill('Write to <us>.');
	await send(page.getByRole('button', {name: 'Save the settings'}));
	assert.equal(await page.locator('#set-respond_to').inputValue(), 'Write to <us>.');
	assert.equal(await page.locator('#set-inspect_at').getAttribute('aria-invalid'), 'true');
	await assertAccessible(page, 'refused');
	await page.getByRole('alert').getByRole('link', {name: /^Where documents can be seen:/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'set-inspect_at');
	ok(await admin.put(`${door}/settings`, {second_person: false, inspect_at: 'Library', respond_to: 'By post.'}, {match: '*'}), 200);
	await page.locator('#set-inspect_at').fill('Town House');
	await send(page.getByRole('button', {name: 'Save the settings'}));
	const alert = page.getByRole('alert');
	assert.match(await alert.innerText(), /A decision needs a second person: yes became no[\s\S]*How to make representations: set to “By post/);
	assert.equal(await page.locator('#set-inspect_at').inputValue(), 'Town House');
	assert.ok(!await page.locator('#set-second_person').isChecked(), 'what was not touched here is as the others left it');
	await assertAccessible(page, 'somebody was faster');
	await page.locator('#set-respond_to').fill('');
	await send(page.getByRole('button', {name: 'Save the settings'}));
	const set = ok(await admin.get(`${door}/settings`), 200);
	assert.deepEqual([set.second_person, set.inspect_at, set.respond_to, set.version], [false, 'Town House', null, 3]);
	assert.match((await history(page))[0], /Where documents can be seen: “Library” became “Town House”\. How to make representations: “By post\.” was taken out/);
	assert.deepEqual(complaints.filter(c => !/status of 4(12|22)/.test(c)), []);
	await context.close();
});

test('an operator changes the record, with its schedules', async () => {
	const {page, context, complaints} = await signIn(operator);
	await page.goto(reg.url + path);
	const form = page.getByRole('form', {name: 'Its record'});
	const row = n => form.getByRole('group', {name: `Row ${n}`, exact: true});
	assert.equal(await row(1).getByLabel('Schedule').inputValue(), '3');
	await form.getByLabel('How its decisions are challenged').selectOption('MINISTERS_APPEAL');
	await row(3).getByLabel('Schedule').selectOption('3');
	await row(3).getByLabel('First day').fill('2018-01-01');
	await send(page.getByRole('button', {name: 'Save the record'}));
	assert.match(await row(2).innerText(), /Two entries of one schedule overlap/, 'said at the row that is wrong, as it now stands');
	assert.equal(await row(2).getByLabel('First day').inputValue(), '2018-01-01');
	assert.equal(await form.getByLabel('How its decisions are challenged').inputValue(), 'MINISTERS_APPEAL');
	await assertAccessible(page, 'a record that was refused');
	await row(2).getByLabel('Schedule').selectOption('2');
	await send(page.getByRole('button', {name: 'Save the record'}));
	const now = ok(await admin.get(door), 200);
	assert.deepEqual([now.challenge_route, now.duties.map(d => [d.schedule, d.from_on])], ['MINISTERS_APPEAL', [[2, '2018-01-01'], [3, '2017-01-23']]]);
	assert.match((await history(page))[0], /Record changed\. How its decisions are challenged: set to Appeal to Ministers\. Schedules of the 2015 Act: 3 from 23 January 2017 became .*2 from 1 January 2018/);
	await row(1).getByLabel('Schedule').selectOption('');
	await row(1).getByLabel('First day').fill('');
	await send(page.getByRole('button', {name: 'Save the record'}));
	assert.deepEqual(ok(await admin.get(door), 200).duties.map(d => d.schedule), [3]);
	ok(await admin.patch(door, {name_gd: 'Comhairle'}, {match: '*'}), 200);
	await form.getByLabel('Name', {exact: true}).fill('New Council');
	await send(page.getByRole('button', {name: 'Save the record'}));
	assert.match(await page.getByRole('alert').innerText(), /Name in Gaelic: set to Comhairle/);
	await send(page.getByRole('button', {name: 'Save the record'}));
	const last = ok(await admin.get(door), 200);
	assert.deepEqual([last.name, last.name_gd, last.duties.length], ['New Council', 'Comhairle', 1]);
	assert.deepEqual(complaints.filter(c => !/status of 4(12|22)/.test(c)), []);
	await context.close();
});

test('a viewer reads it and has no form; for anybody else there is none', async () => {
	const {page, context} = await signIn(viewer);
	assert.equal((await page.goto(reg.url + path)).status(), 200);
	assert.equal(await page.locator('main form').count(), 0);
	assert.ok(await page.getByText('Town House', {exact: true}).isVisible());
	await assertAccessible(page, 'for reading');
	await page.goto(reg.url);
	assert.equal(await page.locator('#settings').count(), 0);
	const elsewhere = await signIn(stranger), open = await newPage();
	for (const view of [elsewhere, open])
		assert.equal((await view.page.goto(reg.url + path)).status(), 404);
	// A form of one's own, bent towards another authority's address or to what only operators do.
	const bent = async (page, from, form) => {
		await page.goto(reg.url + from);
		const [reply] = await Promise.all([page.waitForNavigation(), page.locator('main form').first().evaluate((e, [to, names]) => {
			e.action = to;
			for (const [name, value] of Object.entries(names))
				e.insertAdjacentHTML('beforeend', `<input type="hidden" name="${name}" value="${value}">`);
			for (const old of e.querySelectorAll('[name=act]:not(:last-child)'))
				if (names.act)
					old.value = names.act;
			e.submit();
		}, [path, form])]);
		return reply.status();
	};
	const there = `/authorities/${board.id}/settings`;
	assert.deepEqual([await bent(elsewhere.page, there, {}), await bent(elsewhere.page, there, {act: 'RECORD', name: 'Taken over'}),
		await bent(elsewhere.page, there, {act: 'OTHER'})], [403, 403, 404]);
	const own = await signIn(boss);
	assert.equal(await bent(own.page, path, {act: 'RECORD', name: 'Mine'}), 403);
	assert.equal(ok(await admin.get(door), 200).name, 'New Council');
	problem(await admin.as(stranger).get(`${door}/settings`), 404, 'not-found');
	for (const view of [{context}, elsewhere, open, own])
		await view.context.close();
});
