// Webhooks at the browser: made from the first page on, its secret shown once; how each fares; what was tried, sent again,
// counted first; paused and resumed without script; a new secret; taken away. Nobody else finds them.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, assertFaultless, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok, startHooks, until, verify} from '../harness/index.mjs';

const {reg, signIn, stop} = await startSite();
const hooks = startHooks(reg);
after(async () => {
	await stop();
	await hooks.stop();
});
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Hooked Council', kind: 'COUNCIL', code: 'HOOK'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'}));
const key = async (at, ...roles) => (await makeKey(reg, {roles: {[at.id]: roles}})).key;
const [boss, officer, stranger] = await Promise.all([key(council, 'ADMIN'), key(council, 'ESTATES'), key(board, 'ADMIN')]);

let n = 0;
/* → the id of the event that says so. */
async function asset() {
	const reply = await admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'});
	return ok(reply) && reply.headers['event-id'];
}
const value = (page, key) => page.locator('.ds_summary-list__item', {has: page.getByText(key, {exact: true})}).locator('dd').innerText();

test('an ADMIN makes one from the first page on; its secret is shown once, and verifies what comes', async () => {
	const r = await hooks.receiver(); // its address is taken twice
	const view = await signIn(boss), {page, context} = view;
	await send(page.getByRole('link', {name: /^Webhooks: who is called/}));
	assert.ok(await page.getByText('None was made yet').isVisible(), 'that of the operator is not theirs');
	await page.getByLabel('Address of the receiver').fill('https://user@receiver.example/');
	await page.getByLabel('Which events').fill('asset.created, no type');
	await page.getByLabel('What is sent of an event').selectOption('THIN');
	await send(page.getByRole('button', {name: 'Make the webhook'}));
	const alert = page.getByRole('alert');
	assert.equal(await alert.getByRole('link', {name: /^Which events:/}).count(), 1, 'two words of one field, one line');
	await alert.getByRole('link').first().click();
	assert.match(await page.evaluate(() => document.activeElement.id), /^hook-(url|types)$/);
	assert.equal(await page.locator('#hook-types').inputValue(), 'asset.created, no type');
	assert.equal(await page.locator('#hook-types').getAttribute('aria-invalid'), 'true');
	assert.equal(await page.locator('#hook-payload').inputValue(), 'THIN');
	await assertAccessible(page, 'a webhook that was refused');
	await page.locator('#hook-types').fill('asset.created');
	await send(page.getByRole('button', {name: 'Make the webhook'}));
	assert.match(await alert.innerText(), /Address of the receiver: /);
	assert.equal(await page.locator('#hook-url').getAttribute('aria-invalid'), 'true');
	await page.locator('#hook-url').fill(r.sink.url);
	view.complaints.length = 0;
	await send(page.getByRole('button', {name: 'Make the webhook'}));
	const secret = await page.locator('#made code').innerText();
	assert.match(secret, /^whsec_/);
	await assertFaultless(view, 'a webhook just made');
	await until(async () => {
		await page.goto(`${reg.url}/webhooks`);
		return await page.getByRole('row', {name: /127\.0\.0\.1/}).getByText('Active', {exact: true}).isVisible();
	}, {what: 'it to be active'});
	assert.ok(!(await page.content()).includes(secret), 'never again');
	const event = await asset();
	const come = await until(() => r.of(event).length === 2 && r.of(event), {what: 'both to come'});
	const mine = come.find(d => !d.json.data);
	assert.equal(verify(secret, mine).id, event, 'the thin one is ours');
	await r.remove();
	await send(page.getByRole('link', {name: r.sink.url}));
	await page.getByText('Take it away', {exact: true}).first().click();
	await send(page.getByRole('button', {name: 'Take it away'}));
	assert.equal(new URL(page.url()).pathname, '/webhooks');
	assert.ok(await page.getByText('None was made yet').isVisible());
	await context.close();
});

test('one is made with its filter, waits and headers at once, without script; what is refused comes back with all that was typed', async () => {
	const {page, context} = await signIn(boss, {script: false});
	const press = async () => {
		await page.getByRole('button', {name: 'Make the webhook'}).focus();
		await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
	};
	await page.goto(`${reg.url}/webhooks`);
	assert.ok(!await page.getByLabel('Only of one authority').isVisible(), 'what most leave alone is folded away');
	await page.getByLabel('Address of the receiver').fill('https://receiver.example/made');
	await page.locator('summary', {hasText: 'Its filter, waits, headers and certificates'}).focus();
	await page.keyboard.press('Enter');
	await page.getByLabel('Seconds that the receiver has to answer').fill('9');
	await page.getByLabel('Waits before it is tried again').fill('60\nsoon');
	await page.getByLabel('Further headers of each call').fill('X-Gateway-Key: abc');
	await page.getByLabel('Only of one authority').fill(council.id);
	await page.getByLabel('Only where an event’s data say so').fill('/class=HALL');
	await press();
	await page.getByRole('alert').getByRole('link', {name: /^Waits before it is tried again: Line 2: /}).click();
	assert.equal(new URL(page.url()).hash, '#hook-retry');
	assert.equal(await page.locator('#hook-retry').inputValue(), '60\nsoon');
	assert.equal(await page.locator('#hook-filter_where').inputValue(), '/class=HALL');
	await page.locator('#hook-retry').fill('60');
	await press();
	assert.match(await page.locator('#made code').innerText(), /^whsec_/);
	const id = (await page.locator('#made a').getAttribute('href')).split('/').at(-1);
	const {timeout_s, retry, headers, filter} = ok(await admin.as(boss).get(`/v1/webhooks/${id}`), 200);
	assert.deepEqual([timeout_s, retry, headers], [9, [{wait_s: 60}], [{name: 'X-Gateway-Key', value: 'abc'}]]);
	assert.deepEqual([filter.authority_id, filter.where], [council.id, ['/class=HALL']]);
	await admin.as(boss).delete(`/v1/webhooks/${id}`, {match: '*'});
	await context.close();

	const seen = await signIn(boss);
	await seen.page.goto(`${reg.url}/webhooks`);
	await seen.page.locator('summary', {hasText: 'Its filter, waits, headers and certificates'}).click();
	await assertFaultless(seen, 'all that a new webhook may be given');
	await seen.context.close();
});

test('what was tried is listed, and sent again: one by the keyboard, or those of a time, counted first', async () => {
	const r = await hooks.receiver({types: ['asset.created'], retry: [{wait_s: 86400}]}, () => ({status: 500, body: 'out <b>of</b> order'}));
	const failed = [await asset(), await asset()];
	await r.came(failed);
	await until(async () => (await r.log('&result=REFUSED')).length === 2, {what: 'both to be logged'});
	const view = await signIn(reg.adminKey), {page, context} = view;
	const path = `/webhooks/${r.id}`;
	await page.goto(reg.url + path);
	const rows = page.locator('#attempts ~ .table-region tbody tr');
	assert.equal(await rows.count(), 3, 'two events and the ping');
	assert.match(await rows.first().innerText(), /asset\.created[\s\S]*Refused[\s\S]*status 500/);
	assert.match(await rows.first().locator('td[data-label="Next attempt"]').innerText(), /^\d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC$/);
	assert.equal(await rows.last().getByRole('button').count(), 0, 'a ping is no event');
	assert.match(await value(page, 'Waiting to be sent again'), /^2, the next at /);
	assert.match(await value(page, 'Failing'), /failed since: 2$/);
	await assertFaultless(view, 'a webhook that fails');
	await page.goto(`${reg.url}/webhooks`);
	assert.match(await page.getByRole('row', {name: new RegExp(r.sink.url)}).innerText(), /2 failed since/);

	r.respond = () => undefined;
	await page.goto(reg.url + path);
	await page.getByText('Send events again').click();
	await page.locator('#h-from_position').fill('first');
	await send(page.getByRole('button', {name: 'See how many'}));
	await page.getByRole('alert').getByRole('link', {name: /^From position: /}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'h-from_position');
	assert.equal(await page.locator('#h-from_position').inputValue(), 'first');
	await assertAccessible(page, 'a position that is none');
	await page.locator('#h-from_position').fill('1');
	await page.getByText(/^All, taken or not/).click();
	await page.locator('#h-until').fill('2020-01-01');
	await send(page.getByRole('button', {name: 'See how many'}));
	assert.match(await page.locator('#found').innerText(), /^0 would be sent/);
	assert.ok(await page.getByLabel(/^All, taken or not/).isChecked());
	await page.locator('#h-until').fill('');
	await send(page.getByRole('button', {name: 'See how many'}));
	assert.match(await page.locator('#found').innerText(), /^\d+ would be sent/);
	await assertAccessible(page, 'counted');

	// Those two wait for a day, and come at once when they are asked for by name.
	await page.goto(`${reg.url}${path}?result=REFUSED`);
	assert.equal(await rows.count(), 2);
	await rows.first().getByRole('button').focus();
	await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
	await r.came(failed[1], 2);
	await until(async () => (await r.log('&result=DELIVERED')).some(l => l.event_id === failed[1]), {what: 'it to be taken'});
	await until(async () => {
		await page.goto(reg.url + path);
		return /UTC$/.test(await value(page, 'Last taken'));
	}, {what: 'it to be said that one was taken'});
	assert.match(await rows.first().innerText(), /Taken/);
	await page.getByText('Send events again').click();
	await page.getByText(/^All, taken or not/).click();
	await send(page.getByRole('button', {name: 'Send them again'}));
	await r.came(failed[1], 3);
	await r.remove();
	assert.equal((await page.goto(reg.url + path)).status(), 410);
	await context.close();
});

test('paused and resumed without script and by keyboard; verified again; a new secret', async () => {
	const r = await hooks.receiver(), other = await hooks.receiver();
	const {page, context} = await signIn(reg.adminKey, {script: false});
	const path = `/webhooks/${r.id}`;
	const press = async name => {
		const button = page.getByRole('button', {name, exact: true});
		await button.focus();
		await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
	};
	await page.goto(reg.url + path);
	await press('Pause it');
	assert.equal((await r.show()).state, 'PAUSED');
	assert.ok(await page.getByText('It is left alone.').isVisible());
	assert.equal(await page.getByRole('button', {name: 'Pause it'}).count(), 0);
	// What was on its way while the sender heard of it may still come.
	const event = await until(async () => {
		const told = await asset();
		await other.came(told);
		return !r.ids().includes(told) && told;
	}, {what: 'it to be left alone'});
	await page.goto(reg.url + path);
	assert.match(await value(page, 'Positions behind'), /^[1-9]\d*, so many of the feed/);
	assert.ok(!r.ids().includes(event));
	await press('Resume it');
	await r.came(event);
	assert.equal((await r.show()).state, 'ACTIVE');
	await press('Verify it again');
	await until(async () => r.sink.ofType('endpoint.ping').length === 2 && (await r.show()).state === 'ACTIVE', {what: 'it to prove itself again'});
	await page.goto(reg.url + path);
	await page.getByText('Give it a new secret').click();
	await press('Make a new secret');
	const secret = await page.locator('#made code').innerText();
	assert.notEqual(secret, r.hook.secret);
	const signed = await asset();
	await r.came(signed);
	for (const one of [secret, r.hook.secret])
		assert.equal(verify(one, r.of(signed)[0]).id, signed, 'both sign for a day');
	await page.goto(reg.url + path);
	assert.equal(await page.locator('#made').count(), 0);
	await r.remove();
	await other.remove();
	await context.close();
});

test('its waits, headers and filter are changed as lines, by keyboard and without script; a line that is refused is led to', async () => {
	const r = await hooks.receiver();
	const {page, context} = await signIn(reg.adminKey, {script: false});
	const save = async () => {
		await page.getByRole('button', {name: 'Save', exact: true}).focus();
		await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
	};
	await page.goto(`${reg.url}/webhooks/${r.id}`);
	await page.locator('summary', {hasText: 'Change it'}).focus();
	await page.keyboard.press('Enter');
	await page.getByLabel('Waits before it is tried again').fill('60\nsoon');
	await page.getByLabel('Further headers of each call').fill('X-Gateway-Key: abc');
	await page.getByLabel('Only where an event’s data say so').fill('/class=HALL');
	await save();
	await page.getByRole('alert').getByRole('link', {name: /^Waits before it is tried again: Line 2: /}).click();
	assert.equal(new URL(page.url()).hash, '#hook-retry');
	assert.equal(await page.locator('#hook-retry').getAttribute('aria-invalid'), 'true');
	await page.locator('#hook-retry').fill('60\n300');
	await save();
	const now = await r.show();
	assert.deepEqual([now.retry, now.headers, now.filter.where], [[{wait_s: 60}, {wait_s: 300}], [{name: 'X-Gateway-Key', value: 'abc'}], ['/class=HALL']]);
	await context.close();

	const seen = await signIn(reg.adminKey);
	await seen.page.goto(`${reg.url}/webhooks/${r.id}`);
	await seen.page.locator('summary', {hasText: 'Change it'}).click();
	assert.equal(await seen.page.locator('#hook-retry').inputValue(), '60\n300');
	await seen.page.locator('#hook-headers').fill('no colon');
	await send(seen.page.getByRole('button', {name: 'Save', exact: true}));
	await assertAccessible(seen.page, 'a change that was refused');
	await seen.context.close();
	await r.remove();
});

test('whoever is no ADMIN has no such page, and another authority\'s is not to be found', async () => {
	const own = ok(await admin.as(boss).post('/v1/webhooks', {url: 'https://receiver.example/'}));
	const view = await signIn(officer), elsewhere = await signIn(stranger);
	for (const path of ['/webhooks', `/webhooks/${own.id}`])
		assert.equal((await view.page.goto(reg.url + path)).status(), 403, path);
	await view.page.goto(reg.url);
	assert.equal(await view.page.getByRole('link', {name: /^Webhooks/}).count(), 0);
	assert.equal((await elsewhere.page.goto(`${reg.url}/webhooks/${own.id}`)).status(), 404);
	await elsewhere.page.goto(`${reg.url}/webhooks`);
	assert.ok(await elsewhere.page.getByText('None was made yet').isVisible());
	// What is somebody else's is looked after, not signed for in their name.
	const operator = await signIn(reg.adminKey);
	await operator.page.goto(`${reg.url}/webhooks/${own.id}`);
	assert.equal(await operator.page.getByText('Give it a new secret').count(), 0);
	assert.ok(await operator.page.getByRole('button', {name: 'Verify it again'}).isVisible());
	await assertAccessible(operator.page, 'somebody else\'s');
	for (const {context} of [view, elsewhere, operator])
		await context.close();
});
