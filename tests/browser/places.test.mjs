// From a partnership to a locality of it and to a public body, without script and on a phone too.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertFaultless, send, startSite} from '../harness/browser.mjs';
import {openForecast} from '../harness/index.mjs';

const {reg, newPage, stop} = await startSite({clock: '2026-11-21T10:00:00Z', conf: {projection: {threads: 1}}});
after(stop);

let cpp, council, place;
before(async () => {
	const {add, asset, receipts} = openForecast(reg);
	council = await add('/v1/authorities', {name: 'Our council', kind: 'COUNCIL', code: 'OUR', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	cpp = await add('/v1/cpps', {name: 'Our partnership', code: 'P', partners: [council.id]});
	place = await add('/v1/localities', {name: 'Our town', code: 'T', cpp_id: cpp.id, kind: 'LOCALITY'});
	const body = await add('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO'});
	for (let i = 0; i < 6; i++) {
		const land = await asset({authority_id: council.id, cpp_id: cpp.id, locality_id: place.id, name: `Hall ${i}`, decile: 1 + i % 2},
			{amount: 1000000 + i * 12345, plan: {planned_on: '2028-06-15'}});
		const request = await add('/v1/requests', {asset_id: land.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100});
		await add(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
	}
	await receipts('group_by=YEAR');
});

for (const [name, options] of [['by script', {}], ['without script on a phone', {script: false, viewport: {width: 390, height: 844}}]]) {
	test(`from a partnership to its locality and to a body, ${name}`, async () => {
		const view = await newPage(options);
		const look = async what => options.script === false ? assert.deepEqual(view.complaints, []) : assertFaultless(view, what);
		await view.page.goto(`${reg.url}/cpps/${cpp.id}`);
		await view.page.getByRole('link', {name: 'Our town'}).click();
		await view.page.getByRole('heading', {level: 1, name: 'Our town'}).waitFor();
		await look('a locality');
		assert.ok(await view.page.getByRole('table', {name: 'Net capital receipts by financial year'}).isVisible());
		assert.equal(await view.page.getByRole('row', {name: /Friends asks for Hall/}).count(), 6);
		await view.page.getByRole('table', {name: 'By public body'}).getByRole('link', {name: 'Our council'}).click();
		await view.page.getByRole('heading', {level: 1, name: 'Our council'}).waitFor();
		await look('a public body');
		assert.equal(await view.page.getByRole('table', {name: /^Open requests to it/}).getByRole('row', {name: /in \d+ days|ago|today|tomorrow/}).count(), 6);
		await view.page.getByRole('link', {name: 'Its land and buildings on a map'}).click();
		await view.page.getByRole('heading', {name: 'On the map: 0 of 6'}).waitFor();
		for (const [path, was, is] of [[`/localities/${place.id}`, '0 buildings', '6 buildings'], [`/authorities/${council.id}`, '0 buildings', '6 buildings']]) {
			await view.page.goto(reg.url + path);
			await view.page.locator('summary', {hasText: 'As it was on a day'}).press('Enter');
			await view.page.getByLabel('How things stood on').fill('2026-11-20');
			await send(view.page.getByRole('button', {name: 'Show that day'}));
			assert.match(await view.page.getByRole('note').innerText(), /This is the past.*20 November 2026/s);
			assert.match(await view.page.locator('.figures').innerText(), new RegExp(`^${was}`.replace(' ', '\\s')));
			await look(`${path} of then`);
			await send(view.page.getByRole('link', {name: 'See it as it is now'}));
			assert.match(await view.page.locator('.figures').innerText(), new RegExp(`^${is}`.replace(' ', '\\s')));
		}
	});
}
