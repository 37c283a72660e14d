// How far one's downloads are, at the browser: a bar that moves by itself, also without script, and is found again by the links beside
// the files.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, assertFits, send, startSite} from '../harness/browser.mjs';
import {makeKey, multiply, openForecast, readSlowly, until} from '../harness/index.mjs';

const {reg, signIn, stop} = await startSite();
after(stop);
const {add, asset} = openForecast(reg);
const ASSETS = 12000;

test('the bar of a file moves by itself without script, until it is said to have been cut off', async () => {
	const council = await add('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'OWN'});
	await multiply(reg, (await asset({name: 'Hall', authority_id: council.id, notes: 'n'.repeat(4000)})).id, ASSETS);
	const {key} = await makeKey(reg, {roles: {[council.id]: ['ESTATES']}});
	const client = await readSlowly(reg, '/v1/assets?format=ndjson', `Authorization: Bearer ${key}`);
	const {page, context} = await signIn(key, {javaScriptEnabled: false, next: '/assets'});
	await send(page.getByRole('link', {name: 'How far is it?'}));
	assert.equal(await page.locator('h1').innerText(), 'How far your downloads are');
	const value = async () => Number(await page.locator('progress').getAttribute('value'));
	const first = await value();
	assert.equal(await page.locator('progress').getAttribute('max'), String(ASSETS));
	assert.ok(client.rows <= first && first < ASSETS, String(first));
	const goal = client.rows + 3000;
	client.socket.resume();
	await until(() => client.rows >= goal, {what: 'rows received'});
	client.socket.pause();
	await until(async () => await value() > first, {what: 'the bar to move'});

	// A window that does not look again by itself, which nobody who measures it can wait for.
	const still = await signIn(key, {next: '/account'});
	await still.page.route('**/downloads', async route => {
		const response = await route.fetch();
		await route.fulfill({response, headers: {...response.headers(), refresh: ''}});
	});
	await send(still.page.getByRole('link', {name: 'How far your downloads are'}));
	const [done, of] = await still.page.locator('progress').evaluate(bar => [bar.value, bar.max]);
	const said = `${done.toLocaleString('en-GB')} of ${of.toLocaleString('en-GB')} lines, ${Math.floor(100 * done / of)}%`;
	assert.ok((await still.page.locator('main').innerText()).includes(said), said);
	await assertAccessible(still.page, 'a file that goes out');
	await assertFits(still.page, {width: 320, height: 256}, 'at 400 % zoom');

	client.socket.destroy();
	await page.getByText('was cut off', {exact: true}).waitFor();
	assert.equal(await page.locator('progress').count(), 0);
	await send(still.page.getByRole('link', {name: 'Look again'}));
	await still.page.getByText('was cut off', {exact: true}).waitFor();
	await assertAccessible(still.page, 'a file that was cut off');
	await Promise.all([context.close(), still.context.close()]);
});
