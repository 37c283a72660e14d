// Pages of the past and the register's filters as a browser asks for them: the date box, what stays
// hidden, links that keep the day, and the same words in the address as the API takes.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ok, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const page = async (path, status = 200) => {
	const reply = await anyone.get(path, {headers: {Accept: 'text/html'}});
	assert.equal(reply.status, status, reply.text);
	return reply.text.replace(/&#x?[0-9A-Fa-f]+;/g, ' ');
};

let council, asset, hidden, request;
before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Paged Council', kind: 'COUNCIL', code: 'S12000033X'}));
	const add = more => admin.post('/v1/assets', {authority_id: council.id, class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01', ...more});
	asset = ok(await add({name: 'Former Schoolhouse', easting: 300000, northing: 700000, postcode: 'PH2 0AA', data_zone: 'S01006506'}));
	ok(await admin.patch(`/v1/assets/${asset.id}`, {name: 'Village Hall', lifecycle: 'SURPLUS', effective_on: '2026-06-01'}, {match: '*'}), 200);
	hidden = ok(await add({name: 'Hidden Bunker', published: false, easting: 300000, northing: 701500}));
	ok(await admin.patch(`/v1/assets/${hidden.id}`, {published: true, name: 'Visitor centre', effective_on: '2026-10-01'}, {match: '*'}), 200);
	ok(await admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: 12345600, basis: 'MV', valued_on: '2026-02-01'}));
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Paged Trust', legal_form: 'SCIO', members: 30}));
	request = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-03-02', offer_pence: 7654300,
		items: [{code: 'WRITING', received_on: '2026-03-02'}]}, {idempotency: 'pages-1'}));
	for (const {code} of request.items.filter(i => !i.received_on))
		ok(await admin.post(`/v1/requests/${request.id}/events`, {event: 'ITEM_RECEIVED', on: '2026-03-10', code}));
	ok(await admin.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-03-10', acknowledged_on: '2026-03-12'}));
});

test('an asset on a day: its name and state of then, said to be the past, with a way back', async () => {
	const now = await page(`/assets/${asset.id}`);
	assert.match(now, /<h1[^>]*>Village Hall</);
	assert.ok(!now.includes('This is the past'));
	assert.ok(!now.includes('Ask for this') && now.includes('by writing to Paged Council'), 'a register without mail says before the click that it takes nothing');
	const then = await page(`/assets/${asset.id}?valid_on=2026-03-09`);
	assert.match(then, /<h1[^>]*>Former Schoolhouse</);
	assert.match(then, /This is the past.*stood on 9 March 2026, as the register knows it now/s);
	assert.ok(then.includes(`href="/assets/${asset.id}">See it as it is now`) && then.includes('value="2026-03-09"'));
	assert.ok(then.includes('In use') && !then.includes('may not be sold'), 'before the bar');
	assert.match(await page(`/assets/${asset.id}?valid_on=2026-03-10`), /may not be sold or let to others.*validated on 10 March 2026/s);
	assert.match(then, /Intermediate zone Culter, data zone S01006506.*shapes of data zones are not loaded/s);
	await page(`/assets/${asset.id}?valid_on=2025-12-31`, 404);
	await page(`/assets/${asset.id}?known_on=2026-11-19`, 404);
	assert.match(await page(`/assets/${asset.id}?known_on=2026-11-21`), /Village Hall/);
	for (const query of ['valid_on=2026-02-30', 'known_on=yesterday', 'known_at=2026-11-21T10:00:00Z'])
		await page(`/assets/${asset.id}?${query}`, 400);
	assert.ok(!(await page(`/assets/${asset.id}?valid_on=&known_on=`)).includes('This is the past'), 'an empty box asks for nothing');
	for (const query of ['', '?valid_on=2026-03-09'])
		assert.doesNotMatch(await page(`/assets/${asset.id}${query}`), /123,456|76,543/, 'no money');
});

test('the map on a day: what lay where then, by links that keep the day', async () => {
	assert.match(await page('/map'), /On the map: 2 of 2[^]*id="map-open"/);
	const then = await page('/map?valid_on=2026-05-01');
	assert.match(then, /This is the past[^]*stood on 1 May 2026[^]*On the map: 1 of 1[^]*<circle[^]*>Former Schoolhouse</, 'not what was hidden then');
	assert.doesNotMatch(then, /map-open|<script type="module" src="\/a\/map/, 'no map that moves, which is of now');
	for (const link of ['/assets?valid_on=2026-05-01', '/downloads/assets?format=geojson&amp;valid_on=2026-05-01', '/map?council='])
		assert.ok(then.includes(link), link);
	assert.match(then, /href="\/map\?council=\w+&amp;valid_on=2026-05-01"/);
	assert.ok((await page('/assets?valid_on=2026-05-01')).includes('href="/map?valid_on=2026-05-01"'));
	assert.match(await page('/map?valid_on=2025-12-31'), /On the map: 0 of 0/);
	await page('/map?valid_on=2026-02-30', 400);
});

test('the register on a day: its links keep the day, its twin is the same list', async () => {
	const then = await page('/assets?valid_on=2026-05-01&q=schoolhouse');
	assert.match(then, /1 entry with/);
	assert.ok(then.includes(`/assets/${asset.id}?valid_on=2026-05-01`), then);
	assert.match(then, /A community asks for it/);
	assert.doesNotMatch(await page('/assets?valid_on=2026-02-01&q=schoolhouse'), /A community asks for it/);
	assert.match(await page('/assets?valid_on=2026-07-01&q=schoolhouse'), /0 entries/);
	assert.doesNotMatch(await page('/assets?valid_on=2026-05-01'), /Bunker|Visitor/, 'what was hidden then');
	assert.match(await page('/assets?valid_on=2026-10-01'), /Visitor centre/);
	const twin = /href="(\/v1\/assets[^"]+)">JSON/.exec(then)[1].replaceAll('&amp;', '&');
	assert.deepEqual(ok(await anyone.get(twin), 200).items.map(i => i.name), ['Former Schoolhouse']);
	const geojson = /href="(\/downloads\/assets[^"]+)">GeoJSON/.exec(then)[1].replaceAll('&amp;', '&');
	assert.equal(ok(await anyone.get(geojson), 200).features.length, 1);
	for (let i = 0; i < 30; i++)
		ok(await admin.post('/v1/assets', {authority_id: council.id, class: 'DEPOT', tenure: 'OWNED', name: `Depot ${String(i).padStart(2, '0')}`, effective_on: '2026-01-01'}));
	const names = [];
	for (let next = '/assets?class=DEPOT&valid_on=2026-08-01'; next;) {
		const text = await page(next);
		names.push(...[...text.matchAll(/>(Depot \d\d)<\/a>/g)].map(m => m[1]));
		next = /rel="next" href="([^"]+)"/.exec(text)?.[1].replaceAll('&amp;', '&');
	}
	assert.deepEqual(names, Array.from({length: 30}, (_, i) => `Depot ${String(i).padStart(2, '0')}`));
});

test('filters of the address are those of the API, kept by the form', async () => {
	const near = `near=${asset.lat},${asset.lon},2000`;
	const text = await page(`/assets?${near}`);
	assert.match(text, /Village Hall.*0 m away.*Visitor centre.*1\.5 km away/s);
	assert.match(text, /<input type="hidden" name="near" value="[^"]+">/);
	assert.match(text, /Narrowed by near a place\./);
	assert.match(await page(`/assets?tenure=OWNED&locality_id=loc_${'0'.repeat(26)}`), /Narrowed by tenure: Owned; one locality\./, 'words, and no id');
	assert.match(await page('/assets?tenure=OWNED,LEASED_IN&decile=1,2'), /Narrowed by tenure: Owned, Leased in; decile of deprivation: 1, 2\./);
	assert.match(await page('/requests?council=S12000014'), /No request fits what is chosen above\. <a href="\/requests\?show=all">/);
	assert.match(await page('/assets?postcode=ph2'), /1 entry/);
	assert.match(await page('/assets?council=S12000033'), /1 entry/);
	assert.match(await page('/assets?intermediate_zone=Culter'), /1 entry/);
	assert.match(await page(`/assets?bbox=${asset.lon - 0.001},${asset.lat - 0.001},${asset.lon + 0.001},${asset.lat + 0.001}`), /1 entry/);
	for (const query of ['near=here', 'bbox=1,2', 'postcode=!'])
		assert.match(await page(`/assets?${query}`, 400), /<h1/);
});

test('what narrows a page is said by name, also where the form does not offer it', async () => {
	const board = ok(await admin.post('/v1/authorities', {name: 'Board without land', kind: 'HEALTH_BOARD', code: 'BWL'}));
	const cpp = ok(await admin.post('/v1/cpps', {name: 'Paged Partnership', code: 'PP', partners: [board.id]}));
	const place = ok(await admin.post('/v1/localities', {name: 'Paged Strath', code: 'PS', cpp_id: cpp.id, kind: 'LOCALITY'}));
	for (const path of ['/assets', '/map']) {
		const text = await page(`${path}?cpp_id=${cpp.id}&locality_id=${place.id}&authority_id=${board.id}&class=HALL,DEPOT&council=S12000014`);
		assert.match(text, /Narrowed by public body: Board without land; kind: Hall, Depot; council area: Falkirk Council; partnership: Paged Partnership; locality: Paged Strath\./);
		for (const chosen of [`${board.id}" selected>Board without land`, 'HALL,DEPOT" selected>Hall, Depot', 'S12000014" selected>Falkirk Council'])
			assert.ok(text.includes(`<option value="${chosen}</option>`), `${path}: ${chosen}`);
	}
	for (const path of ['/requests', '/forecast'])
		assert.ok((await page(`${path}?authority_id=${board.id}`)).includes(`<option value="${board.id}" selected>Board without land</option>`), path);
	assert.ok((await page('/requests?council=S12000014')).includes('<option value="S12000014" selected>Falkirk Council</option>'));
	assert.match(await page(`/assets?authority_id=aut_${'0'.repeat(26)}`), /Narrowed by one public body\./);
});

test('requests: soon, overdue, and one of then', async () => {
	assert.match(await page('/requests?show=overdue'), /ATR-2026-1</);
	assert.doesNotMatch(await page('/requests?show=soon'), /ATR-2026-1</);
	assert.match(await page('/requests?show=soon&valid_on=2026-09-01'), /ATR-2026-1<.*10 September 2026.*in 9 days.*/s);
	assert.doesNotMatch(await page('/requests?show=soon&valid_on=2026-08-01'), /ATR-2026-1</);
	assert.match(await page('/requests?valid_on=2026-04-01'), /Former Schoolhouse/, 'by its name of then');
	assert.doesNotMatch(await page('/requests?valid_on=2026-03-01'), /ATR-2026-1</);
	const then = await page(`/requests/${request.id}?valid_on=2026-03-09`);
	assert.match(then, /This is the past.*9 March 2026/s);
	assert.match(then, /Received/);
	assert.doesNotMatch(then, /76,543|decided in time|was validated/);
	assert.match(await page(`/requests/${request.id}?valid_on=2026-03-10`), /Being decided.*10 September 2026/s);
	await page(`/requests/${request.id}?valid_on=2026-03-01`, 404);
});
