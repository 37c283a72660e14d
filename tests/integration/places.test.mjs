// A public body's and a locality's page: what they count is what the lists behind them hold, and of how often a body was in
// time nothing is said where one case would be the figure.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ok, openForecast, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z', conf: {projection: {threads: 1}}});
after(() => reg.stop());
const forecast = openForecast(reg);

const LEAST = 5; // that ended, of a clock
const requests = [];
let council, board, cpp, place;

const pageOf = async path => {
	const reply = await reg.anyone.get(path, {headers: {Accept: 'text/html'}});
	assert.equal(reply.status, 200, path);
	return reply.text.replace(/\s+/g, ' ');
};

before(async () => {
	const {add, asset} = forecast;
	council = await add('/v1/authorities', {name: 'Our council', kind: 'COUNCIL', code: 'OUR', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	board = await add('/v1/authorities', {name: 'Our board', kind: 'HEALTH_BOARD', code: 'BOARD'});
	cpp = await add('/v1/cpps', {name: 'Our partnership', code: 'P', partners: [council.id, board.id]});
	place = await add('/v1/localities', {name: 'Our town', code: 'T', cpp_id: cpp.id, kind: 'LOCALITY'});
	const body = await add('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO'});
	for (let i = 0; i < LEAST + 1; i++) {
		const land = await asset({authority_id: (i < 5 ? council : board).id, cpp_id: cpp.id, locality_id: place.id, name: `Hall ${i}`, decile: 1 + i % 2},
			{amount: 1000000 + i * 12345, plan: {planned_on: '2028-06-15'}});
		requests.push(await add('/v1/requests', {asset_id: land.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100}));
	}
	// Who owns all the rest would have the one that another owns, so the board has two.
	await asset({authority_id: board.id, cpp_id: cpp.id, locality_id: place.id, name: 'Clinic', decile: 1}, {amount: 1100000, plan: {planned_on: '2028-06-15'}});
	await asset({authority_id: council.id, name: 'Hidden', published: false, locality_id: place.id});
});

/* Of the first so many requests to the council a clock has ended so. */
const clock = state => JSON.stringify([{clock: 'K6', name: 'Decision notice', starts_on: '2026-10-01', due_on: '2027-04-01', whose: 'AUTHORITY', state,
	confidence: 'C', how: ['Six months.'], skipped: [], length: 6, unit: 'MONTHS', mode: 'AFTER', calendar: 'CALENDAR_DAYS', calendar_version: null}]);
const end = states => reg.sql(`begin; set local session_replication_role = replica; ${states.map((state, i) =>
	`update assetd.request set version = version + 1, deadlines = '${clock(state)}' where id = '${requests[i].id}'`).join(';')}; commit`);

test('how often a body was in time is told of five and more', async () => {
	await end(['MET', 'MET', 'MISSED', 'MET']);
	const before = await pageOf(`/authorities/${council.id}`);
	assert.match(before, /Decision notice<\/th><td colspan="3">fewer than five: not shown<\/td><td class="number" data-label="Still running">0</);
	assert.doesNotMatch(before, /Per cent in time">\d/);
	await end(['MET', 'MET', 'MISSED', 'MET', 'MET']);
	assert.match(await pageOf(`/authorities/${council.id}`),
		/Decision notice<\/th><td class="number" data-label="In time">4<\/td><td class="number" data-label="Late">1<\/td><td class="number" data-label="Per cent in time">80</);
});

test('a body’s page counts what its lists hold, and names its reports and partnerships', async () => {
	const page = await pageOf(`/authorities/${council.id}`);
	assert.match(page, new RegExp(`<a href="/assets\\?authority_id=${council.id}">5</a></b> buildings`), 'nothing that is hidden');
	assert.match(page, new RegExp(`<a href="/requests\\?authority_id=${council.id}">5</a></b> open requests`));
	assert.match(page, /class=HALL">Village or town hall<\/a><\/th><td class="number">5<|class=HALL">Hall<\/a><\/th><td class="number">5</);
	assert.match(page, new RegExp(`<a href="/reports/${council.id}/2025-26">2025-26</a>: `));
	assert.match(page, new RegExp(`<a href="/cpps/${cpp.id}">Our partnership</a>`));
	assert.equal((await reg.anyone.get('/authorities/aut_00000000000000000000000000')).status, 404);
});

test('a locality’s page has its bodies, its requests, and what is expected of it all together', async () => {
	await forecast.receipts('group_by=YEAR'); // the forecast knows of all of it
	const page = await pageOf(`/localities/${place.id}`);
	assert.match(page, new RegExp(`<a href="/assets\\?locality_id=${place.id}">7</a></b> buildings`));
	assert.match(page, new RegExp(`<a href="/authorities/${board.id}">Our board</a></th><td[^>]*><a [^>]*>2</a>`));
	assert.match(page, /decile=2">3<\/a>/);
	assert.equal(page.match(/Friends asks for/g).length, requests.length);
	const told = ok(await reg.anyone.get(`/v1/projections/receipts?group_by=YEAR&locality_id=${place.id}`), 200);
	const pence = told.totals.adjusted.net_pence;
	assert.ok(pence > 0);
	const pounds = `£${Math.floor(pence / 100).toLocaleString('en-GB')}.${String(pence % 100).padStart(2, '0')}`;
	assert.ok(page.includes(pounds), `${pounds} as the API tells everybody`);
	assert.equal((await reg.anyone.get('/localities/loc_00000000000000000000000000')).status, 404);
});
