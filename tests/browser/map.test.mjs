// The register on a map, and council areas by requests: as a picture made on the server, by script as a map that moves,
// and in words for whoever has neither.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, send, startSite, tabTo} from '../harness/browser.mjs';
import {openForecast, until} from '../harness/index.mjs';

const {reg, newPage, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);

const PHONE = {viewport: {width: 390, height: 844}};
const MANY = 9000;
let hall;

before(async () => {
	const {add} = openForecast(reg);
	const [{id: authority_id}] = await reg.sql(`select id from assetd.authority where code = 'S12000036'`);
	const land = {authority_id, class: 'HALL', tenure: 'OWNED'};
	hall = await add('/v1/assets', {...land, name: 'Old <i>Hall</i>', easting: 325000, northing: 673500, postcode: 'EH1 1AA'});
	await add('/v1/assets', {...land, name: 'New Hall', easting: 326500, northing: 674000});
	await add('/v1/assets', {...land, name: 'Northern Depot', class: 'DEPOT', easting: 393000, northing: 806000});
	await add('/v1/assets', {...land, name: 'Nowhere'});
	const body = await add('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO'});
	await add('/v1/requests', {asset_id: hall.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100});
});

/* The map has what it asked for last. */
const shown = (page, n) => until(async () => await page.locator('#map').getAttribute('data-shown') === String(n), {what: `${n} marks`});
const openMap = async page => {
	await page.getByRole('button', {name: 'Open the map that moves'}).press('Enter');
	await page.locator('#map[data-shown]').waitFor();
};

test('without script: from the first page to the map, its areas and its list, narrowed and back', async () => {
	const {page, complaints} = await newPage({script: false, ...PHONE});
	await page.goto(reg.url);
	assert.ok(await page.getByRole('img', {name: 'Map of Scotland: council areas by open requests'}).isVisible());
	await page.getByText('The map as a table').click();
	const row = page.getByRole('table', {name: 'Council areas by open requests'}).getByRole('row', {name: /^City of Edinburgh 1 4/});
	await row.getByRole('link', {name: '1', exact: true}).click();
	await page.getByRole('row', {name: /Friends asks for Old <i>Hall/}).waitFor();
	assert.equal(await page.getByLabel('Council area').inputValue(), 'S12000036');
	await page.getByLabel('Choose the requests', {exact: true}).first().check({force: true});
	await page.getByLabel('Council area').selectOption('S12000047');
	await page.getByRole('button', {name: 'Show'}).click();
	assert.equal(await page.getByRole('row', {name: /Friends/}).count(), 0);
	await page.goto(reg.url);
	await page.getByRole('link', {name: 'Every building and piece of land on a map'}).click();
	await page.getByRole('heading', {level: 1, name: 'Map of land and buildings'}).waitFor();
	assert.ok(await page.getByRole('img', {name: /^Map of where they lie/}).isVisible());
	assert.equal(await page.getByRole('button', {name: 'Open the map that moves'}).count(), 0, 'nothing that needs script');
	assert.ok(await page.getByText('Not on it, because nobody has recorded where they lie: 1.').isVisible());
	await page.getByText('Narrow the list').first().click();
	await page.getByLabel('Kind').selectOption('Depot');
	await page.getByRole('button', {name: 'Show'}).click();
	await page.getByRole('heading', {name: 'On the map: 1 of 1'}).waitFor();
	await page.getByRole('link', {name: 'The same as a list alone'}).click();
	assert.equal(new URL(page.url()).search, '?class=DEPOT');
	await page.getByRole('link', {name: 'The same on a map'}).click();
	await page.getByRole('heading', {name: 'On the map: 1 of 1'}).waitFor();
	assert.deepEqual(complaints, []);
});

test('by script: the map opens by keyboard, says of an asset what the list says, and lists what is in view', async () => {
	const {page, complaints} = await newPage();
	await page.goto(`${reg.url}/map`);
	await tabTo(page, 'map-open');
	await page.keyboard.press('Enter');
	await shown(page, 3);
	await assertAccessible(page, 'the map that moves');
	const box = [hall.lon - 0.05, hall.lat - 0.05, hall.lon + 0.05, hall.lat + 0.05].map(n => n.toFixed(5)).join(',');
	await page.goto(`${reg.url}/map?q=old&bbox=${box}#move`); // an address opens it too, where it says
	await shown(page, 1);
	const {width, height, x, y} = await page.locator('#map').boundingBox();
	await page.mouse.click(x + width / 2, y + height / 2);
	const link = page.locator('.leaflet-popup').getByRole('link', {name: 'Old <i>Hall</i>'});
	assert.equal(new URL(await link.evaluate(a => a.href)).pathname, `/assets/${hall.id}`);
	assert.ok(await page.locator('.leaflet-popup').getByText('In use · A community asks for it').isVisible());
	await page.goto(`${reg.url}/map?class=HALL#move`);
	await shown(page, 2);
	await page.getByRole('button', {name: 'Zoom in'}).press('Enter');
	await until(async () => (await page.locator('#map-list a').getAttribute('href')).includes('bbox='), {what: 'the address of what is in view'});
	await page.getByRole('link', {name: 'List what the map shows'}).click();
	await page.getByRole('heading', {name: /^On the map: [12] of [12]$/}).waitFor();
	assert.match(page.url(), /class=HALL&bbox=/);
	assert.deepEqual(complaints, []);
});

test('on a phone very many are numbers, each a button that goes closer', async () => {
	const [{id}] = await reg.sql(`select id from assetd.authority where code = 'S12000047'`);
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		alter table asset enable always trigger write_first;
		insert into asset (id, authority_id, name, class, tenure, easting, northing, lat, lon)
		select 'ast_' || lpad(n::text, 26, '0'), '${id}', 'Place ' || n, 'OTHER', 'OWNED', 300000 + n % 100 * 1000, 700000 + n / 100 * 1000,
			56.19 + n / 100 * 0.009, -3.61 + n % 100 * 0.016
		  from generate_series(1, ${MANY}) as n;
		alter table asset enable trigger write_first; commit`);
	const {page, complaints} = await newPage(PHONE);
	await page.goto(`${reg.url}/map?class=OTHER`);
	await openMap(page);
	const numbers = page.locator('#map').getByRole('button', {name: /^[\d,]+$/});
	const before = await numbers.count();
	assert.ok(before > 4 && before < 100, `${before} numbers`);
	const sum = (await numbers.allInnerTexts()).reduce((n, text) => n + Number(text.replace(',', '')), 0);
	assert.equal(sum, MANY);
	await assertAccessible(page, 'numbers');
	const view = await page.locator('#map-list a').getAttribute('href');
	await numbers.nth(Math.floor(before / 2)).press('Enter');
	await until(async () => await page.locator('#map-list a').getAttribute('href') !== view, {what: 'to be closer'});
	assert.deepEqual(complaints, []);
});

test('an empty map says so', async () => {
	const {page} = await newPage();
	await page.goto(`${reg.url}/map?q=nothing-of-that-name`);
	await page.getByRole('heading', {name: 'On the map: 0 of 0'}).waitFor();
	await openMap(page);
	await send(page.getByRole('link', {name: 'The same as a list alone'}));
	assert.ok(await page.getByText('Nothing in the register fits').isVisible());
});
