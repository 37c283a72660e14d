// A partnership's page in a browser: no fault that axe finds, on a phone too, and the filters work
// without script.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, startSite} from '../harness/browser.mjs';
import {openForecast} from '../harness/index.mjs';

const {reg, newPage, stop} = await startSite({clock: '2026-11-22T10:00:00Z'});
after(stop);

let cpp, hall;
before(async () => {
	const {add} = openForecast(reg);
	const council = await add('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'});
	const board = await add('/v1/authorities', {name: 'Health board', kind: 'HEALTH_BOARD', code: 'H'});
	cpp = await add('/v1/cpps', {name: 'Our partnership', code: 'P', partners: [council.id, board.id]});
	const place = await add('/v1/localities', {name: 'Town', code: 'T', cpp_id: cpp.id, kind: 'LOCALITY'});
	for (const [name, northing, planned_on] of [['Hall', 700000, '2027-06-15'], ['Depot', 700200, '2028-06-15']]) {
		const asset = await add('/v1/assets', {authority_id: council.id, name, class: 'HALL', tenure: 'OWNED', easting: 300000, northing, locality_id: place.id, decile: 1});
		await reg.admin.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on}, {headers: {'If-None-Match': '*'}});
		hall ??= asset;
	}
	// Enough that figures are told to everybody, and a site of two bodies with a request that spans them.
	for (let i = 0; i < 8; i++) {
		const asset = await add('/v1/assets', {authority_id: (i % 2 ? council : board).id, name: `Place ${i}`, class: 'HALL', tenure: 'OWNED', cpp_id: cpp.id, ...(i > 5 && {uprn: '123'})});
		await add(`/v1/assets/${asset.id}/valuations`, {amount_pence: 20000000 + i * 1234500, basis: 'MV', valued_on: '2026-04-01'});
		await reg.admin.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: `20${28 + i % 3}-06-15`}, {headers: {'If-None-Match': '*'}});
		if (i === 7) {
			const body = await add('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO'});
			await add('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
				offer_pence: 100, benefit_score: 40});
		}
	}
});

for (const [name, options] of [['by script on a phone', {viewport: {width: 390, height: 844}}], ['without script', {script: false}]]) {
	test(`from an asset to its partnership's plans, ${name}`, async () => {
		const {page} = await newPage(options);
		await page.goto(`${reg.url}/assets/${hall.id}`);
		await page.getByRole('link', {name: 'Our partnership'}).click();
		await page.getByRole('heading', {level: 1, name: 'Our partnership'}).waitFor();
		if (options.script !== false)
			await assertAccessible(page, name);
		assert.equal(await page.getByRole('row', {name: /200 m away/}).count(), 2);
		await page.getByRole('table', {name: /^Land of more than one body/}).getByRole('row', {name: /Place 6.*Place 7.*the same property number.*Friends/s}).waitFor();
		await page.getByRole('table', {name: /^Receipts forgone/}).getByRole('row', {name: /^Council.*40 from 1.*not shown/}).waitFor();
		await page.getByRole('table', {name: /^Community ownership adjustment/}).getByRole('row', {name: /^Health board/}).waitFor();
		await page.getByRole('textbox', {name: /^Financial year/}).fill('2028-29');
		await page.getByRole('button', {name: 'Show'}).click();
		await page.getByRole('row', {name: /^Depot/}).waitFor();
		assert.equal(await page.getByRole('row', {name: /^Hall/}).count(), 0);
	});
}
