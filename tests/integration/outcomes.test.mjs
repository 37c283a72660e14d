// What became of requests, on a partnership's page and its twin: what communities took over, what was refused, withdrawn or lapsed,
// by partner and financial year, of land in the partnership; now and on a day; and nothing of what is not public.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {MATTERS, ok, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const GROUNDS = {grounds: [{matter: 'H', text: 'The school needs it.'}], matters: MATTERS};

let council, board, cpp, other, body, hall;
const add = async (path, more, options) => ok(await admin.post(path, more, options), 201);
const act = async (id, event, on, more = {}) => ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));

async function ask(of, on, more = {}) {
	const request = await add('/v1/requests', {...of.land ? of : {asset_id: of.id}, community_body_id: body.id, kind: 'OWNERSHIP', received_on: on, offer_pence: 5, ...more},
		{idempotency: `${on}-${of.id ?? of.land.authority_id}`});
	return request.id;
}
const land = (authority, name, more = {}) => add('/v1/assets', {authority_id: authority.id, cpp_id: cpp.id, name, class: 'HALL', tenure: 'OWNED',
	effective_on: '2020-01-01', ...more});

async function takeOver(asset, on) {
	const id = await ask(asset, '2025-01-06');
	await act(id, 'VALIDATE', '2025-01-06');
	await act(id, 'NOTICES_ISSUED', '2025-01-07', {representations_close_on: '2025-02-05'});
	await act(id, 'AGREE', '2025-02-20', {terms: 'as asked', matters: MATTERS, price_pence: 5});
	await act(id, 'OFFER', '2025-03-03');
	await act(id, 'CONCLUDE_CONTRACT', '2025-03-10');
	await act(id, 'COMPLETE', on);
	return id;
}
async function refuse(asset, from, on) {
	const id = await ask(asset, from);
	await act(id, 'VALIDATE', from);
	await act(id, 'NOTICES_ISSUED', from, {representations_close_on: '2026-10-20'});
	await act(id, 'REFUSE', on, GROUNDS);
	return id;
}

const outcomes = async (query = '', of = cpp, who = anyone) => ok(await who.get(`/v1/cpps/${of.id}/plans${query}`), 200).outcomes;
const counts = ({items}) => items.map(i => [i.year, i.name, i.taken_over_count, i.refused_count, i.withdrawn_count, i.lapsed_count, i.other_count]);

before(async () => {
	council = await add('/v1/authorities', {name: 'Our council', kind: 'COUNCIL', code: 'OUR'});
	board = await add('/v1/authorities', {name: 'Health board', kind: 'HEALTH_BOARD', code: 'BOARD'});
	cpp = await add('/v1/cpps', {name: 'Our partnership', code: 'P', partners: [council.id, board.id]});
	other = await add('/v1/cpps', {name: 'Next partnership', code: 'Q', partners: [board.id]});
	body = await add('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO', members: 30});
	hall = await land(council, 'Old hall');
	ok(await admin.patch(`/v1/assets/${hall.id}`, {name: 'Hall', effective_on: '2025-06-01'}, {match: '*'}), 200);
	await takeOver(hall, '2025-03-31');
	await takeOver(await land(council, 'Depot'), '2025-04-01');
	await refuse(await land(board, 'Clinic'), '2026-09-01', '2026-11-02');
	await act(await ask(await land(council, 'Yard'), '2026-05-01'), 'WITHDRAW', '2026-05-10');
	// Elsewhere, not public, still open, and land that is not listed: of the council it is here, of the board, which plans in two places, nowhere.
	await act(await ask(await land(board, 'Far clinic', {cpp_id: other.id}), '2026-05-02'), 'WITHDRAW', '2026-05-10');
	await act(await ask(await land(council, 'Secret', {published: false}), '2026-05-03'), 'WITHDRAW', '2026-05-10');
	await ask(await land(council, 'Open'), '2026-05-04');
	for (const authority of [council, board])
		await act(await ask({land: {authority_id: authority.id, description: 'Strip by the river'}}, '2026-05-05'), 'WITHDRAW', '2026-05-10');
});

test('by partner and financial year, of land in the partnership, the same for every reader', async () => {
	const want = [
		['2026-27', 'Health board', 0, 1, 0, 0, 0],
		['2026-27', 'Our council', 0, 0, 2, 0, 0],
		['2025-26', 'Our council', 1, 0, 0, 0, 0],
		['2024-25', 'Our council', 1, 0, 0, 0, 0],
	];
	for (const who of [anyone, admin])
		assert.deepEqual(counts(await outcomes('', cpp, who)), want);
	assert.deepEqual(counts(await outcomes('', other)), [['2026-27', 'Health board', 0, 0, 1, 0, 0]]);
	assert.deepEqual((await outcomes()).taken_over.map(t => [t.asset_name, t.completed_on, t.community_body_name, t.authority_name]),
		[['Depot', '2025-04-01', 'Friends', 'Our council'], ['Hall', '2025-03-31', 'Friends', 'Our council']]);
});

test('a refusal that is challenged runs again', async () => {
	const [{id}] = ok(await anyone.get(`/v1/requests?authority_id=${board.id}&state=REFUSED`), 200).items;
	await act(id, 'APPEAL_LODGED', '2026-11-10');
	assert.deepEqual(counts(await outcomes()).filter(([, name]) => name === 'Health board'), []);
	assert.deepEqual(counts(await outcomes('?valid_on=2026-11-09'))[0], ['2026-27', 'Health board', 0, 1, 0, 0, 0], 'and counted on the days before');
});

test('on a day what had come about, by names of then', async () => {
	assert.deepEqual(counts(await outcomes('?valid_on=2025-03-31')), [['2024-25', 'Our council', 1, 0, 0, 0, 0]]);
	assert.deepEqual((await outcomes('?valid_on=2025-04-30')).taken_over.map(t => t.asset_name), ['Depot', 'Old hall']);
	assert.deepEqual(counts(await outcomes('?valid_on=2025-03-30')), []);
	const now = await outcomes();
	assert.deepEqual(await outcomes('?valid_on=2026-11-21'), now, 'today of then is today');
	ok(await admin.patch(`/v1/assets/${hall.id}`, {published: false}, {match: '*'}), 200);
	assert.equal((await outcomes('?valid_on=2025-04-30')).taken_over.length, 1, 'what is hidden today is hidden in its past');
	ok(await admin.patch(`/v1/assets/${hall.id}`, {published: true}, {match: '*'}), 200);
});

test('the page says the same, with a way to each that was taken over', async () => {
	const page = async query => (await anyone.get(`/cpps/${cpp.id}${query}`, {headers: {Accept: 'text/html'}})).text.replace(/\s+/g, ' ');
	const now = await page('');
	assert.match(now, /2025-26<\/th><td data-label="Partner"><a[^>]*>Our council<\/a><\/td><td class="number" data-label="Taken over">1<\/td><td class="number" data-label="Refused">0</);
	assert.match(now, new RegExp(`31 March 2025 · Our council</span> Friends: <a href="/assets/${hall.id}">Hall</a>, <a href="/requests/`));
	assert.ok(now.includes(`/forecast/outturn?cpp_id=${cpp.id}#taken-over`) && !now.includes('Secret'));
	const then = await page('?valid_on=2025-03-31');
	assert.match(then, new RegExp(`<a href="/assets/${hall.id}\\?valid_on=2025-03-31">Old hall</a>`));
	assert.match(await page('?valid_on=2024-12-31'), /No request for land of this partnership has ended yet/);
});
