// The main story, with a person at the browser and a program at the API: search, add, value,
// plan, request, validate; the frozen run's figures; and the live forecast that moves as one looks.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {startSite} from '../harness/browser.mjs';
import {ok, until} from '../harness/index.mjs';

const FLAT = {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 0}}, deflator: {base_fy: 2016, growth: {}, default: 0}};

const {reg, newPage, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);

const write = async reply => ok(await reply);

const totals = page => page.locator('tfoot td').allTextContents();
const pence = text => Math.round(Number(text.replace(/[£,]/g, '')) * 100);

test('from a search to a forecast that moves', async () => {
	const {page, context, complaints} = await newPage();
	const council = await write(reg.admin.post('/v1/authorities', {name: 'Story Council', kind: 'COUNCIL', code: 'STORY'}));
	const hall = await write(reg.admin.post('/v1/assets',
		{authority_id: council.id, name: 'Story Memorial Hall', class: 'HALL', tenure: 'OWNED'}));

	// A search finds it, and its page has no money for the public.
	await page.goto(reg.url);
	await page.getByLabel('Find an asset or a request').fill('memorial story');
	await page.keyboard.press('Enter');
	await page.getByRole('link', {name: 'Story Memorial Hall'}).click();
	assert.equal(await page.locator('h1').textContent(), 'Story Memorial Hall');
	assert.ok(await page.getByText('There is no plan to sell or let it.').isVisible());

	// Value, plan, request, validation: the frozen run has the figures of MODEL.md C1 and C2.
	await write(reg.admin.post(`/v1/assets/${hall.id}/valuations`, {amount_pence: 20000000, basis: 'MV', valued_on: '2026-04-01'}));
	await write(reg.admin.put(`/v1/assets/${hall.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'},
		{headers: {'If-None-Match': '*'}}));
	const body = await write(reg.admin.post('/v1/community-bodies', {name: 'Story Trust', legal_form: 'SCIO', members: 30}));
	const request = await write(reg.admin.post('/v1/requests',
		{asset_id: hall.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 5000000},
		{idempotency: 'story'}));
	await write(reg.admin.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
	const run = await write(reg.admin.post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'Story', tag: 'WHAT_IF', parameters: FLAT}));
	const frozen = (await reg.admin.get(`/v1/projections/receipts?run=${run.id}&group_by=YEAR`)).json.totals;
	assert.deepEqual([frozen.baseline.net_pence, frozen.adjusted.net_pence, frozen.adjustment_pence], [14512500, 7938125, 6574375]);

	// The page of the request says what it means; the asset's page that it bars a sale.
	await page.reload();
	assert.ok(await page.getByText('It may not be sold or let to others at present.').isVisible());
	await page.getByRole('link', {name: 'Story Trust'}).click();
	assert.ok(await page.getByLabel('Where it stands').getByText('1 April 2027', {exact: true}).isVisible());
	await page.getByText('How we worked out this date').click();
	assert.ok(await page.getByText('So the last day is Thursday 1 April 2027').isVisible());
	assert.ok(await page.getByText('6 months after that day end on the same-numbered day').isVisible());
	assert.ok(await page.getByText('Law: s.82(8)(a) of the 2015 Act').isVisible());
	assert.ok(await page.getByText('The law itself says so.').isVisible());

	// The public is not shown one hall's money; its owner's finance is, and sees it move.
	await page.goto(`${reg.url}/forecast`);
	assert.deepEqual(await totals(page), ['too few assets to show']);
	assert.equal(await page.locator('td', {hasText: '£'}).count(), 0);
	await page.goto(`${reg.url}/sign-in?next=/forecast`);
	await page.getByLabel('API key').fill(reg.adminKey);
	await page.getByRole('button', {name: 'Sign in'}).click();
	const before = (await totals(page)).map(pence);
	assert.ok(before[0] > before[1] && before[1] > 0, before.join(' '));
	const now = (await reg.admin.get(`/v1/requests/${request.id}`));
	const raised = await reg.admin.patch(`/v1/requests/${request.id}`, {offer_pence: 9000000}, {match: now.headers.etag});
	assert.equal(raised.status, 200, raised.text);
	const began = performance.now();
	await until(async () => {
		await page.reload();
		const [baseline, adjusted] = (await totals(page)).map(pence);
		return baseline === before[0] && adjusted > before[1];
	}, {what: 'the forecast to follow the raised offer'});
	assert.ok(performance.now() - began < 15_000, 'within a second, and what pages take under sanitizers on a loaded machine');
	assert.deepEqual(complaints, []);
	await context.close();
});
