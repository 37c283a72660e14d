// The forecast's pages in their states, for a screen, a phone and paper: nothing there, one asset, several bodies with
// percentiles, refused words, no right; the outcome tree of an asset; addresses for spreadsheets; the bridge.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, send, startSite, tabTo} from '../harness/browser.mjs';
import {makeKey, ok, openForecast, until} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z', env: {ASSETD_PROJECTION_PATHS: undefined}, conf: {projection: {paths: 500}}});
after(stop);
const {admin} = reg;
const forecast = openForecast(reg);
const made = {};

before(async () => {
	made.council = ok(await admin.post('/v1/authorities', {name: 'Own <b>Council</b>', kind: 'COUNCIL', code: 'OWN'}));
	made.board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'}));
	const key = async roles => (await makeKey(reg, {roles})).key;
	made.finance = await key({'*': ['FINANCE']});
	made.own = await key({[made.council.id]: ['FINANCE']});
	made.viewer = await key({[made.council.id]: ['VIEWER']});
});

test('of nothing', async () => {
	const {page, context} = await signIn(made.finance, {next: '/forecast'});
	await assertAccessible(page, 'forecast of nothing');
	assert.match(await page.locator('main').innerText(), /No receipts are expected here/);
	for (const at of ['/forecast/addresses', '/forecast/bridge', '/forecast/compare']) {
		await page.goto(reg.url + at);
		await assertAccessible(page, `${at.slice(10)} of nothing`);
	}
	await page.goto(`${reg.url}/forecast?scenario=NONE`);
	await assertAccessible(page, 'forecast refused');
	await context.close();
});

test('from the start page one step leads to the forecast of one\'s own body', async () => {
	for (const [key, steps] of [[made.own, ['Own <b>Council</b>: forecast of capital receipts', 'Own <b>Council</b>: budget for receipts']], [made.finance, ['Forecast of capital receipts']]]) {
		for (const name of steps) {
			const {page, context} = await signIn(key, {next: '/'});
			const receipts = page.getByRole('region', {name: 'Receipts'});
			assert.equal(await receipts.getByRole('link').count(), steps.length + 3, 'what moved it, beside what, and the frozen ones');
			await send(receipts.getByRole('link', {name, exact: true}));
			assert.match(await page.locator('main').innerText(), /receipts/);
			assert.equal(new URL(page.url()).searchParams.get('authority_id'), key === made.own ? made.council.id : null);
			await context.close();
		}
	}
	const {page, context} = await signIn(made.viewer, {next: '/'});
	assert.equal(await page.getByRole('region', {name: 'Receipts'}).count(), 0, 'of who reads no money');
	await context.close();
});

test('of one asset: its tree says what may become of it', async () => {
	made.hall = await forecast.asset({authority_id: made.council.id, name: 'Hall <i>'}, {amount: 20000000, plan: {planned_on: '2027-06-15'}});
	const {page, context} = await signIn(made.finance, {next: `/assets/${made.hall.id}`});
	await send(page.getByRole('link', {name: 'What the forecast says of it, and why'}));
	const text = await page.locator('main').innerText();
	assert.match(text, /What the forecast says of Hall <i>/);
	assert.match(text, /Sold on the market\s+15 June 2027 if nothing slips\s+75%/);
	assert.match(text, /April to June 2027\s+41\.25%\s+£204,000\.00\s+£6,580\.00/);
	assert.match(text, /It stays\s+25%/);
	await assertAccessible(page, 'projection of one asset');
	made.body = ok(await admin.post('/v1/community-bodies', {name: 'Trust & Co', legal_form: 'SCIO', members: 30}));
	const request = await forecast.write(admin.post('/v1/requests', {asset_id: made.hall.id, community_body_id: made.body.id, kind: 'OWNERSHIP',
		received_on: '2026-10-01', offer_pence: 5000000}, {idempotency: 'tree'}));
	await page.reload();
	assert.match(await page.locator('main').innerText(), new RegExp(`Request ${request.reference}`));
	assert.match(await page.locator('svg.chart--one').innerHTML(), new RegExp(`Request ${request.reference} · [\\d.]+%`));
	await assertAccessible(page, 'projection with a request');
	const plain = await forecast.asset({authority_id: made.council.id, name: 'Depot'}, {amount: 1});
	await page.goto(`${reg.url}/assets/${plain.id}/projection?scenario=WORST`);
	await assertAccessible(page, 'projection of nothing');
	await page.goto(`${reg.url}/forecast`);
	await assertAccessible(page, 'forecast of one asset');
	await context.close();
	const viewer = await signIn(made.viewer, {next: `/assets/${made.hall.id}/projection`});
	assert.equal(await viewer.page.getByText('Sold on the market').count(), 0);
	await assertAccessible(viewer.page, 'projection without the right');
	await viewer.page.goto(`${reg.url}/forecast`);
	assert.equal(await viewer.page.getByText('How sure is that').count(), 0);
	await assertAccessible(viewer.page, 'forecast without the right');
	await viewer.page.goto(`${reg.url}/forecast/addresses`);
	assert.equal(await viewer.page.getByRole('button', {name: 'Make the address'}).count(), 0);
	await assertAccessible(viewer.page, 'addresses without the right');
	await viewer.context.close();
});

test('of several bodies: a fan with its table, years by body', async () => {
	for (let n = 0; n < 6; n++)
		await forecast.asset({authority_id: n % 2 ? made.board.id : made.council.id, name: `Hall ${n}`},
			{amount: 3000000 * (n + 1), plan: {planned_on: `20${28 + n}-06-15`}});
	await until(async () => {
		const {simulated, position} = await forecast.receipts('group_by=YEAR');
		return simulated?.position === position;
	}, {what: 'percentiles'});
	const {page, context} = await signIn(made.finance, {next: '/forecast'});
	assert.ok(await page.locator('svg[aria-labelledby^="fan-wide"] polygon').count() > 3);
	assert.equal(await page.locator('svg[aria-labelledby^="fan-wide"]').isVisible(), true);
	const table = page.getByRole('table', {name: /simulated futures/});
	assert.match(await table.innerText(), /Expected\s+P10[^]*2029-30\s+£[\d,.]+\s+£/);
	const bodies = page.getByRole('table', {name: /By public body/});
	assert.match(await bodies.innerText(), /Other Board\s+–[^]*£[^]*Own <b>Council<\/b>\s+£/);
	await assertAccessible(page, 'forecast of several bodies');
	await page.goto(`${reg.url}/forecast?authority_id=${made.board.id}&scenario=WORST`);
	await assertAccessible(page, 'forecast of a body in the worst case');
	await context.close();
});

test('rows by what is chosen, each leading to its own forecast, in which the choice stays', async () => {
	const cpp = await forecast.add('/v1/cpps', {name: 'Partners <i> of Fife', code: 'P', partners: [made.council.id]});
	const place = await forecast.add('/v1/localities', {name: 'Old Town', code: 'OLD', cpp_id: cpp.id, kind: 'LOCALITY'});
	await forecast.asset({authority_id: made.council.id, cpp_id: cpp.id, locality_id: place.id, name: 'Yard', class: 'TIMBER_YARD'}, {amount: 70000000, plan: {stage: 'MISSIVES', planned_on: '2027-06-15'}});
	await forecast.receipts('group_by=YEAR');
	const {page, context} = await signIn(made.finance, {next: '/forecast'});
	const choose = async words => {
		await page.getByLabel('Rows').selectOption(words);
		await send(page.getByRole('button', {name: 'Show', exact: true}));
	};
	const rows = () => page.getByRole('table', {name: /adjusted net receipts of the years/}).locator('tbody th').allInnerTexts();
	await choose('By partnership');
	assert.deepEqual(await rows(), ['None', 'Partners <i> of Fife']);
	assert.match(page.url(), /group_by=CPP/);
	assert.match(await page.getByRole('link', {name: 'CSV'}).getAttribute('href'), /group_by=YEAR%2CCPP|group_by=YEAR,CPP/);
	await assertAccessible(page, 'forecast by partnership');
	await choose('By locality');
	assert.deepEqual(await rows(), ['None', 'Old Town']);
	await choose('By deprivation decile');
	assert.deepEqual(await rows(), ['None']);
	await choose('By year alone');
	assert.equal(await page.getByRole('table', {name: /adjusted net receipts of the years/}).count(), 0);
	await choose('By kind of land or building');
	assert.deepEqual(await rows(), ['Hall', 'Timber yard']);
	const amount = await page.getByRole('row', {name: /Timber yard/}).locator('td').first().innerText();
	await send(page.getByRole('link', {name: 'Timber yard'}));
	assert.match(await page.locator('main').innerText(), /Kind\s+Timber yard/);
	assert.ok((await page.getByRole('table', {name: 'Net capital receipts by financial year'}).innerText()).includes(amount), 'the same figure as in its row');
	await choose('By locality');
	assert.deepEqual(await rows(), ['Old Town']);
	assert.match(page.url(), /class=TIMBER_YARD/);
	await assertAccessible(page, 'forecast of depots by locality');
	await send(page.getByRole('link', {name: 'All of the forecast'}));
	assert.deepEqual(await rows(), ['Other Board', 'Own <b>Council</b>']);
	await choose('By stage of what is planned');
	assert.deepEqual(await rows(), ['Contract being concluded', 'On the market']);
	await assertAccessible(page, 'forecast by stage');
	await page.goto(`${reg.url}/forecast?group_by=TENURE`);
	assert.match(await page.locator('main').innerText(), /There is no such grouping/);
	await context.close();
	const anybody = await newPage();
	await anybody.page.goto(`${reg.url}/authorities/${made.council.id}`);
	assert.ok(await anybody.page.getByRole('link', {name: 'Timber yard', exact: true}).isVisible(), 'a kind without a label of its own');
	for (const by of ['CPP', 'LOCALITY', 'CLASS', 'DECILE']) {
		await anybody.page.goto(`${reg.url}/forecast?group_by=${by}`);
		assert.doesNotMatch(await anybody.page.locator('main').innerText(), /£7\d\d,\d\d\d/, 'one depot alone');
	}
	assert.equal(await anybody.page.getByRole('option', {name: 'By stage of what is planned'}).count(), 0);
	await anybody.page.goto(`${reg.url}/forecast?group_by=STAGE`);
	assert.ok(await anybody.page.getByText('Stages are shown of money that you may read').isVisible());
	assert.equal(await anybody.page.getByRole('table', {name: /adjusted net receipts of the years/}).count(), 0);
	await assertAccessible(anybody.page, 'forecast by decile for everybody');
	await anybody.context.close();
});

test('addresses and the bridge, with something in them', async () => {
	const {page, context} = await signIn(made.finance, {next: '/forecast/addresses'});
	await page.getByLabel('What it is for').fill('Capital plan & sheet 4');
	await page.getByLabel('Rows and columns').selectOption('YEAR,AUTHORITY');
	await send(page.getByRole('button', {name: 'Make the address'}));
	assert.match(await page.locator('#made').innerText(), /token=fct_\w{43}&format=csv/);
	assert.equal(await page.getByLabel('What it is for').inputValue(), '', 'the form is for the next one');
	assert.equal(await page.getByLabel('Rows and columns').inputValue(), 'YEAR');
	await assertAccessible(page, 'addresses just made');
	await page.getByLabel('What it is for').fill('Too long');
	await page.getByLabel('Its last day').fill('2031-01-01');
	await send(page.getByRole('button', {name: 'Make the address'}));
	assert.equal(await page.getByLabel('What it is for').inputValue(), 'Too long');
	assert.match(await page.locator('#a-expires_on-error').innerText(), /^Error:\s+\S/, 'beside its field');
	await page.getByRole('alert').getByRole('link', {name: /^Its last day: /}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'a-expires_on');
	await assertAccessible(page, 'addresses refused');
	await send(page.getByRole('button', {name: 'End Capital plan & sheet 4'}));
	assert.match(await page.locator('main').innerText(), /None was made yet/);
	const lodge = await forecast.asset({authority_id: made.council.id, name: 'Lodge'}, {amount: 20000000, plan: {planned_on: '2027-06-15'}});
	await until(async () => (await admin.post('/v1/projections/runs', {name: 'Before', tag: 'QUARTER'})).status === 201, {what: 'a run'});
	await forecast.value(lodge, 26000000);
	await page.goto(`${reg.url}/forecast/bridge`);
	await assertAccessible(page, 'bridge with a revaluation');
	await context.close();
});

test('something came in, and somebody asks', async () => {
	const barn = ok(await admin.post('/v1/assets', {authority_id: made.council.id, name: 'Barn', class: 'OTHER', tenure: 'OWNED'}));
	ok(await admin.post(`/v1/assets/${barn.id}/disposals`, {kind: 'MARKET', completed_on: '2026-10-20', gross_pence: 12000000, cost_pence: 300000, to: 'A Buyer'}));
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
	ok(await admin.post('/v1/requests', {asset_id: made.hall.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'r'}));
});

for (const script of [true, false]) {
	test(`on a phone figures stand on the first screen below what was chosen, and the choices behind one press, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context} = await signIn(made.finance, {script, viewport: {width: 390, height: 844}});
		const figures = page.locator('main :is(svg.chart, table)').filter({visible: true}).first();
		const rows = [
			[`/forecast?authority_id=${made.board.id}&scenario=WORST&group_by=CLASS`, ['Other Board', 'Worst case for receipts', 'By kind of land or building'], 'f-scenario', 'WORST'],
			['/forecast/bridge', ['Before (quarter, as of 21 November 2026)', 'The register as it is now', 'All together'], 'f-to', 'live'],
			[`/forecast/compare?authority_id=${made.council.id}`, ['Own <b>Council</b>', 'Likely'], 'f-scenario', 'LIKELY'],
			['/forecast/outturn', ['All together'], 'f-of', ''],
			['/requests?show=all', ['All, closed too'], 'f-show', 'all'],
		];
		for (const [path, chosen, field, value] of rows) {
			await page.goto(reg.url + path);
			const {top} = await figures.evaluate(e => e.getBoundingClientRect());
			assert.ok(top <= 740, `${path}: ${top} px down`); // so that the first of them are seen whole
			assert.deepEqual(await page.locator('.filters-chosen span').allInnerTexts(), chosen, path);
			assert.ok(await page.locator('.filters-chosen').isVisible() && !await page.locator(`#${field}`).isVisible(), path);
			await tabTo(page, 'show-filters');
			await page.keyboard.press('Space');
			assert.equal(await page.locator(`#${field}`).inputValue(), value, path);
			assert.ok(await page.getByRole('button', {name: 'Show', exact: true}).isVisible(), path);
			await page.setViewportSize({width: 1000, height: 700});
			assert.ok(!await page.locator('.filters-chosen').isVisible() && await page.locator(`#${field}`).isVisible(), `${path}, where there is room`);
			await page.emulateMedia({media: 'print'});
			await page.setViewportSize({width: 700, height: 900});
			assert.ok(!await page.locator('.filters-chosen').isVisible() && await page.locator(`#${field}`).isVisible(), `${path}, on paper`);
			await page.emulateMedia({media: 'screen'});
			await page.setViewportSize({width: 390, height: 844});
		}
		await context.close();
	});
}
