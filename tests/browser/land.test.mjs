// An officer at the browser with land: splits a part off an asset, says which asset a request is
// about that was not listed, and decides on what boundaries propose; each page without a violation.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Land Council', kind: 'COUNCIL', code: 'LAND'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
const officer = await makeKey(reg, {roles: {[council.id]: ['ESTATES']}});

const square = (east, north) => ({type: 'Polygon', coordinates: [[[east, north], [east + 0.002, north], [east + 0.002, north + 0.001], [east, north + 0.001],
	[east, north]].map(p => p.map(d => Number(d.toFixed(6))))]});
const add = async (name, more = {}) => ok(await admin.post('/v1/assets', {authority_id: council.id, name, class: 'LAND', tenure: 'OWNED', ...more})).id;
const view = await signIn(officer.key);
const {page} = view;

test('a part is split off, and the whole leads to it', async () => {
	const park = await add('Old Park', {lat: 55.9505, lon: -3.1995, boundary: square(-3.2, 55.95)});
	await page.goto(`${reg.url}/assets/${park}`);
	await page.getByRole('img', {name: /boundary of this asset/}).waitFor();
	// Both at one moment: while fonts come the page still moves.
	const [map, drawn] = await page.locator('svg.map').evaluateAll(all => [all[0], all.find(e => /boundary of this asset/.test(e.getAttribute('aria-label')))]
		.map(e => e.getBoundingClientRect().toJSON()));
	assert.ok(drawn.y >= map.y + map.height, 'the boundary stands below the map, not on it');
	await assertAccessible(page, 'asset');
	await page.getByText('Split off a part').press('Enter');
	await page.getByLabel('Name of the part').fill('The lodge');
	await send(page.getByRole('button', {name: 'Split it off'}));
	assert.equal(new URL(page.url()).pathname, `/assets/${park}`);
	await send(page.getByRole('link', {name: 'The lodge'}));
	assert.ok(await page.getByRole('link', {name: 'Old Park'}).isVisible());
});

test('land that was not listed gets its asset', async () => {
	const request = ok(await admin.post('/v1/requests', {land: {authority_id: council.id, description: 'The old quarry'}, community_body_id: body.id,
		kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'quarry'}));
	const quarry = await add('Quarry');
	await page.goto(`${reg.url}/requests/${request.id}`);
	const form = page.locator(`form[action="/requests/${request.id}/asset"]`);
	const summary = page.locator('details', {has: form}).locator('summary');
	if (await summary.count())
		await summary.first().press('Enter');
	await form.locator('input[name=asset_id]').fill(quarry);
	await send(form.locator('button[type=submit]'));
	assert.equal(ok(await admin.get(`/v1/requests/${request.id}`), 200).asset_id, quarry);
	await assertAccessible(page, 'request');
});

test('what boundaries propose waits on the first page, and is confirmed and rejected by form', async () => {
	const [hall, field, shed] = [await add('Hall', {boundary: square(-3.4, 55.95)}), await add('Field', {boundary: square(-3.401, 55.95)}),
		await add('Shed', {boundary: square(-3.399, 55.9505)})];
	await page.goto(`${reg.url}/`);
	await assertAccessible(page, 'home');
	await send(page.getByRole('link', {name: /Land Council: assets whose boundaries meet/}));
	await assertAccessible(page, 'pairs');
	const item = (one, other) => page.locator('main li', {has: page.locator(`a[href="/assets/${one}"]`)}).filter({has: page.locator(`a[href="/assets/${other}"]`)});
	const decide = async (one, other, name) => {
		await item(one, other).locator('summary').press('Enter');
		await item(one, other).getByLabel('How that is known').fill('Seen on the plan.');
		await send(item(one, other).getByRole('button', {name}));
	};
	await decide(hall, field, 'They overlap');
	await decide(hall, shed, 'They do not');
	assert.equal(await item(hall, field).count(), 0);
	await send(page.getByRole('link', {name: 'Overlaps (1)', exact: true}));
	assert.ok(await item(hall, field).getByText('Seen on the plan.').isVisible());
	await send(page.getByRole('link', {name: 'Does not overlap (1)'}));
	assert.ok(await item(hall, shed).isVisible());
	await assertAccessible(page, 'rejected');
	const states = ok(await admin.get('/v1/land-pairs'), 200).items.map(p => p.state);
	assert.deepEqual(states.filter(s => s !== 'PROPOSED').sort(), ['CONFIRMED', 'REJECTED']);
	await page.goto(`${reg.url}/assets/${field}`);
	await send(page.getByRole('link', {name: /All land of Land Council that may overlap/}));
	const open = await newPage();
	assert.equal((await open.page.goto(`${reg.url}/authorities/${council.id}/pairs`)).status(), 404);
	assert.deepEqual(view.complaints, []);
	await open.context.close();
});
