// Land through the door: parts split off an asset, and what a request for one asset means for the
// others whose land it is too. What PostgreSQL keeps by itself is land_bar.test.mjs's.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, makeKey, ok, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const council = ok(await admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'T2'}));
const as = async (...roles) => admin.as((await makeKey(reg, {roles: {[council.id]: roles}})).key);
const [estates, decider, finance] = [await as('ESTATES'), await as('DECIDER'), await as('FINANCE')];
const stranger = admin.as((await makeKey(reg, {roles: {[board.id]: ['ESTATES', 'DECIDER', 'FINANCE']}})).key);
const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30})).id;
const rival = ok(await estates.post('/v1/community-bodies', {name: 'Field Society', legal_form: 'BENCOM', members: 40})).id;

let n = 0;
const newAsset = async (more = {}) => ok(await estates.post('/v1/assets',
	{authority_id: council.id, name: `Land ${++n}`, class: 'LAND', tenure: 'OWNED', ...more}));
const split = async (whole, more = {}, who = estates) => ok(await who.post(`/v1/assets/${whole}/parts`, {name: `Part ${++n}`, ...more}));
const ask = async (asset_id, more = {}) => ok(await estates.post('/v1/requests',
	{asset_id, community_body_id: body, kind: 'OWNERSHIP', received_on: '2026-10-01', ...more}, {idempotency: `ask-${++n}`}));
const act = (id, event, on, more = {}, who = decider) => who.post(`/v1/requests/${id}/events`, {event, on, ...more});
const validate = async id => ok(await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}, estates));
const show = async (id, who = estates) => ok(await who.get(`/v1/assets/${id}`), 200);
const sell = (id, more = {}, who = finance) => who.post(`/v1/assets/${id}/disposals`,
	{kind: 'MARKET', completed_on: '2026-11-20', gross_pence: 100, to: 'A developer', ...more});
const changes = subject => reg.sql('select type, data from assetd.change where subject = $1 order by subject_seq', [subject]);

test('a part is split off, like the whole where nothing else is said, and each leads to the other', async () => {
	const park = await newAsset({owners: [{authority_id: council.id, units: 3}, {authority_id: board.id, units: 1}], postcode: 'EH1 1AA',
		reference: 'P-1', uprn: '12', easting: 320000, northing: 670000, area_m2: 5000, published: false, common_good: true});
	const lodge = await split(park.id, {name: 'Lodge', area_m2: 200, class: 'LODGE'});
	assert.deepEqual([lodge.part_of, lodge.authority_id, lodge.class, lodge.tenure, lodge.postcode, lodge.area_m2, lodge.common_good, lodge.published],
		[park.id, council.id, 'LODGE', 'OWNED', 'EH1 1AA', 200, true, false]);
	assert.deepEqual(lodge.owners.map(o => o.units).sort(), [1, 3], 'the shares are those of the whole');
	assert.deepEqual([lodge.reference, lodge.uprn, lodge.easting], [null, null, null]);
	assert.deepEqual(ok(await estates.get(park.links.parts), 200).items.map(i => i.id), [lodge.id]);
	assert.deepEqual((await changes(park.id)).map(c => [c.type, c.data.part_id]), [['asset.created', undefined], ['asset.updated', lodge.id]]);
	assert.equal((await anyone.get(`/v1/assets/${park.id}/parts`)).status, 404, 'what is not public has no public parts');
	const money = {amount_pence: 500, basis: 'MV', valued_on: '2026-10-01'};
	ok(await finance.post(`/v1/assets/${lodge.id}/valuations`, money));
	const partner = admin.as((await makeKey(reg, {roles: {[board.id]: ['FINANCE']}})).key);
	const read = async who => ok(await who.get(`/v1/assets/${lodge.id}/valuations`), 200).items[0].amount_pence;
	assert.deepEqual([await read(finance), await read(partner), await read(estates)], [500, 500, undefined], 'joint owners read the money of their part');
	const at = ok(await estates.get(`/v1/assets/${lodge.id}?valid_on=2026-11-22`), 200);
	assert.equal(at.part_of, park.id, 'also as at a day');
});

test('a part is refused where it makes no sense', async () => {
	const park = await newAsset();
	const lodge = await split(park.id);
	const foreign = ok(await stranger.post('/v1/assets', {authority_id: board.id, name: 'Clinic', class: 'CLINIC', tenure: 'OWNED'}));
	const at = `/v1/assets/${park.id}/parts`;
	problem(await estates.post(at, {}), 422, 'invalid', '/name');
	problem(await estates.post(at, {name: 'X', authority_id: board.id}), 422, 'invalid', '/authority_id');
	problem(await estates.post(at, {name: 'X', part_of: lodge.id}), 422, 'invalid', '/part_of');
	problem(await stranger.post(at, {name: 'X'}), 403, 'forbidden');
	problem(await finance.post(at, {name: 'X'}), 403, 'forbidden');
	problem(await anyone.post(at, {name: 'X'}), 401, 'unauthenticated');
	problem(await estates.post('/v1/assets/ast_00000000000000000000000000/parts', {name: 'X'}), 404, 'not-found');
	const patch = async (id, part_of) => estates.patch(`/v1/assets/${id}`, {part_of}, {match: '*'});
	problem(await patch(park.id, lodge.id), 409, 'part-of-itself');
	problem(await patch(park.id, park.id), 409, 'part-of-itself');
	problem(await patch(park.id, foreign.id), 422, 'invalid', '/part_of');
	problem(await patch(park.id, 'ast_00000000000000000000000000'), 422, 'invalid', '/part_of');
	assert.equal(ok(await patch(lodge.id, null), 200).part_of, null);
	assert.equal(ok(await patch(lodge.id, park.id), 200).part_of, park.id);
	ok(await sell(lodge.id));
	problem(await estates.post(`/v1/assets/${lodge.id}/parts`, {name: 'X'}), 409, 'land-disposed');
});

test('a bar on a part is shown on the whole and the other way round, and neither is sold', async () => {
	const park = (await newAsset()).id;
	const lodge = (await split(park)).id;
	const field = (await split(park)).id;
	const before = await show(park);
	const request = await ask(lodge);
	problem(await estates.delete(`/v1/assets/${park}`, {match: '*'}), 409, 'asset-under-request');
	problem(await estates.delete(`/v1/assets/${lodge}`, {match: '*'}), 409, 'asset-under-request');
	await validate(request.id);
	const barred = await show(park);
	assert.deepEqual([barred.disposal.allowed, barred.disposal.request_id], [false, null], 'other land is not named: it may not be published');
	assert.match(barred.disposal.why, /^A request for a part of this bars/);
	assert.equal(barred.version, before.version + 1, 'what it shows has moved its version');
	assert.deepEqual((await changes(park)).at(-1).data, {request_id: request.id, is_barred: true});
	assert.equal((await show(field)).disposal.allowed, true, 'what lies beside it is free');
	const nook = (await split(lodge)).id;
	const listed = ok(await estates.get(`/v1/assets/${lodge}/parts`), 200).items.map(a => [a.id, a.disposal.allowed]);
	assert.deepEqual(listed, [[nook, false]], 'what is split off under a bar shows it from the beginning');
	const whyNot = problem(await sell(park), 409, 'disposal-barred');
	assert.match(whyNot.detail, new RegExp(request.reference));
	problem(await estates.patch(`/v1/assets/${park}`, {lifecycle: 'DISPOSED'}, {match: '*'}), 409, 'disposal-barred');
	problem(await estates.patch(`/v1/assets/${lodge}`, {part_of: null}, {match: '*'}), 409, 'disposal-barred');
	problem(await sell(park, {exemption: 'NEGOTIATIONS'}), 422, 'invalid', '/exemption_dated_on');
	problem(await sell(park, {exemption: 'NEGOTIATIONS', exemption_dated_on: '2026-10-01'}), 409, 'disposal-barred', '/exemption_dated_on');
	problem(await sell(park, {exemption: 'NEGOTIATIONS', exemption_dated_on: '2026-11-23'}), 422, 'date-in-future', '/exemption_dated_on');
	problem(await sell(park, {exemption_dated_on: '2026-09-01'}), 422, 'invalid', '/exemption');
	const sold = ok(await sell(park, {exemption: 'NEGOTIATIONS', exemption_dated_on: '2026-09-30'}));
	assert.deepEqual([sold.exemption, sold.exemption_dated_on], ['NEGOTIATIONS', '2026-09-30']);
	const told = ok(await estates.get(`/v1/requests/${request.id}`), 200);
	assert.deepEqual([told.state, told.flags], ['VALIDATED', ['LAND_DISPOSED']], 'it stays, and is told that its land is gone');
});

test('a bar is shown at once on all that land becomes a part of, and on all of its parts, however deep', async () => {
	const estate = (await newAsset()).id, park = (await split(estate)).id;
	const garden = (await newAsset()).id, lodge = (await split(garden)).id, nook = (await split(lodge)).id;
	const join = async (id, part_of) => ok(await estates.patch(`/v1/assets/${id}`, {part_of}, {match: '*'}), 200);
	const bars = (...ids) => Promise.all(ids.map(async id => !(await show(id)).disposal.allowed));
	const before = await Promise.all([nook, lodge, estate].map(id => show(id)));
	const request = await ask(estate);
	await validate(request.id);
	assert.deepEqual(await bars(park, garden, lodge, nook), [true, false, false, false]);
	await join(garden, park);
	assert.deepEqual(await bars(garden, lodge, nook), Array(3).fill(true));
	assert.match((await show(nook)).disposal.why, /for the whole of which this is a part/);
	assert.deepEqual((await changes(nook)).at(-1), {type: 'asset.updated', data: {request_id: request.id, is_barred: true}});
	assert.deepEqual((await Promise.all([nook, lodge].map(id => show(id)))).map(a => a.version), [before[0].version + 1, before[1].version + 1]);
	problem(await sell(nook), 409, 'disposal-barred');

	const barn = (await newAsset()).id, shed = (await split(barn)).id, farm = (await newAsset()).id, field = (await split(farm)).id, beside = (await split(farm)).id;
	const own = await ask(shed);
	await validate(own.id);
	const was = await show(farm);
	await join(barn, field);
	assert.deepEqual(await bars(field, farm, beside), [true, true, false], 'and upwards');
	assert.equal((await show(farm)).version, was.version + 1);
	const twin = (await newAsset()).id, of = (await newAsset()).id, part = (await split(of)).id;
	const third = await ask(twin);
	await validate(third.id);
	ok(await estates.post(`/v1/assets/${of}/merge`, {into: twin}, {match: '*'}), 200);
	assert.deepEqual(await bars(part), [true], 'as a part of what was merged into it');
});

test('an event tells everybody no id that leads nobody anywhere, and members all of them', async () => {
	const park = (await newAsset()).id, hall = (await newAsset()).id;
	const secret = (await split(park, {published: false})).id, open = (await split(park)).id, kept = (await newAsset({published: false})).id;
	ok(await estates.patch(`/v1/assets/${hall}`, {part_of: kept}, {match: '*'}), 200);
	ok(await estates.patch(`/v1/assets/${hall}`, {part_of: null}, {match: '*'}), 200);
	const pair = ok(await estates.post('/v1/land-pairs', {asset_id: hall, other_id: park, state: 'CONFIRMED', reason: 'seen'})).id;
	const data = async (id, who, member = 'data') => ok(await who.get(`/v1/assets/${id}/history`), 200).items.map(i => i[member]);
	const names = async (id, who, ...members) => (await data(id, who)).flatMap(d => members.map(m => d[m]).filter(v => v));
	assert.deepEqual(await names(park, estates, 'part_id', 'pair_id'), [secret, open, pair]);
	assert.deepEqual(await names(park, anyone, 'part_id', 'pair_id'), [open]);
	assert.deepEqual((await data(hall, estates, 'after')).map(a => a?.part_of).filter(v => v), [kept]);
	assert.doesNotMatch(JSON.stringify(ok(await anyone.get(`/v1/assets/${hall}/history`), 200)), new RegExp(kept));
	ok(await estates.patch(`/v1/assets/${secret}`, {published: true}, {match: '*'}), 200);
	assert.deepEqual(await names(park, anyone, 'part_id'), [open], 'what was told then is not told otherwise now');

	// The whole feed, as it is, and every id in it.
	await until(async () => JSON.stringify((await anyone.get(`/v1/events?subject=${hall}`)).json).includes('CONFIRMED'), {what: 'the feed'});
	const ids = new Set();
	for (let next = '/v1/events?limit=200'; next;) {
		const page = ok(await anyone.get(next), 200);
		for (const [id] of JSON.stringify(page.items.map(i => i.data)).matchAll(/(ast|atr|lpr|ntc|rep|doc|imp|prn|key|prp)_[0-9a-z]{26}/g))
			ids.add(id);
		next = page.items.length ? page.next : null;
	}
	assert.ok(ids.size > 10 && !ids.has(kept) && !ids.has(pair), `${ids.size} ids`);
	const path = {ast: 'assets', atr: 'requests', rep: 'representations', doc: 'documents'};
	for (const id of ids)
		assert.ok([200, 301, 410].includes((await anyone.get(`/v1/${path[id.slice(0, 3)]}/${id}`)).status), `${id} leads nobody anywhere`);
});

test('a part names its whole to nobody who may not know of that, by whatever door', async () => {
	const open = (await newAsset()).id, secret = (await newAsset({published: false})).id, reference = `LODGE-${n}`;
	const lodge = (await split(secret, {reference, published: true})).id;
	const wing = (await split(open, {published: true})).id;
	const doors = [`/v1/assets/${lodge}`, `/v1/assets?reference=${reference}`, `/v1/assets?authority_id=${council.id}&limit=200`, '/v1/assets?limit=200',
		`/v1/assets?reference=${reference}&fields=part_of`, `/v1/assets/${lodge}/history`, `/v1/assets/${lodge}?valid_on=2026-11-22`, '/v1/assets?valid_on=2026-11-22&limit=200',
		...['csv', 'ndjson', 'geojson', 'lga', 'catr'].flatMap(f => [`/v1/assets?format=${f}`, `/v1/assets?format=${f}&reference=${reference}`]),
		`/v1/assets?format=csv&valid_on=2026-11-22&reference=${reference}`, `/v1/events?subject=${lodge}`, '/v1/events?types=asset.*&limit=200',
		`/assets/${lodge}`, `/assets/${lodge}?valid_on=2026-11-22`, `/assets?q=${reference}`];
	await until(async () => (await anyone.get(`/v1/events?subject=${lodge}`)).json.items.length, {what: 'the feed'});
	for (const who of [anyone, stranger]) {
		for (const door of doors) {
			const reply = await who.get(door);
			assert.equal(reply.status, 200, `${door}: ${reply.text}`);
			assert.ok(!reply.text.includes(secret), door);
		}
		assert.deepEqual([(await show(lodge, who)).part_of, (await show(wing, who)).part_of], [null, open]);
	}
	for (const door of [`/v1/assets/${lodge}`, `/v1/assets/${lodge}?valid_on=2026-11-22`, `/v1/assets?format=csv&reference=${reference}`, '/v1/assets?format=ndjson', `/v1/assets/${lodge}/history`])
		assert.ok((await estates.get(door)).text.includes(secret), `its own people read it: ${door}`);

	const {etag} = (await anyone.get(`/v1/assets/${lodge}`)).headers;
	ok(await estates.patch(`/v1/assets/${secret}`, {published: true}, {match: '*'}), 200);
	const told = await anyone.get(`/v1/assets/${lodge}`, {headers: {'If-None-Match': etag}});
	assert.deepEqual([told.status, told.json?.part_of], [200, secret], 'whoever kept the other text is told anew');
	ok(await estates.patch(`/v1/assets/${secret}`, {published: false}, {match: '*'}), 200);
	const again = await anyone.get(`/v1/assets/${lodge}`, {headers: {'If-None-Match': told.headers.etag}});
	assert.deepEqual([again.status, again.json?.part_of], [200, null]);
});

test('an agreement is refused once the whole is gone', async () => {
	const park = (await newAsset()).id;
	const lodge = (await split(park)).id;
	const request = await ask(lodge);
	await validate(request.id);
	ok(await act(request.id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}, estates));
	ok(await sell(park, {exemption: 'DIRECTION'}));
	problem(await act(request.id, 'AGREE', '2026-11-21', {terms: 'as asked', matters: MATTERS, price_pence: 100}), 409, 'land-disposed');
	ok(await act(request.id, 'REFUSE', '2026-11-21', {grounds: [{matter: 'I', text: 'the land is gone'}]}));
});

test('the end of a bar frees all that it was shown on', async () => {
	const park = (await newAsset()).id;
	const lodge = (await split((await split(park)).id)).id;
	const request = await ask(park);
	await validate(request.id);
	assert.match((await show(lodge)).disposal.why, /for the whole of which this is a part/);
	ok(await act(request.id, 'WITHDRAW', '2026-11-21', {}, estates));
	assert.deepEqual((await show(lodge)).disposal, {allowed: true, why: null, request_id: null});
	problem(await sell(lodge, {completed_on: '2026-11-21'}), 409, 'disposal-barred');
	ok(await sell(lodge, {completed_on: '2026-11-22'}));
});

/* A park that is asked for, and then its lodge by another body; both have been offered a lease. */
async function twoOffers() {
	const park = (await newAsset()).id;
	const lodge = (await split(park)).id;
	const first = await ask(park, {kind: 'LEASE'});
	const second = await ask(lodge, {kind: 'LEASE', community_body_id: rival});
	for (const r of [first, second]) {
		await validate(r.id);
		ok(await act(r.id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}, estates));
		ok(await act(r.id, 'AGREE', '2026-11-20', {terms: 'as asked', matters: MATTERS}));
		ok(await act(r.id, 'OFFER', '2026-11-21', {}, estates));
	}
	return {park, lodge, first, second};
}
const missives = (asset, who = finance) => who.put(`/v1/assets/${asset}/disposal-plan`, {method: 'LEASE', stage: 'MISSIVES', planned_on: '2027-06-01'}, {headers: {'If-None-Match': '*'}});

test('of two requests for overlapping land the earlier one\'s contract goes first', async () => {
	const {first, second} = await twoOffers();
	problem(await act(second.id, 'CONCLUDE_CONTRACT', '2026-11-21', {}, estates), 409, 'disposal-barred');
	ok(await act(first.id, 'CONCLUDE_CONTRACT', '2026-11-21', {}, estates));
});

test('missives are the contract of the earlier request once it is concluded, whatever bar a later one set', async () => {
	const {park, lodge, first, second} = await twoOffers();
	const plans = () => Promise.all([park, lodge].map(id => missives(id).then(r => r.status)));
	assert.deepEqual(await plans(), [409, 409], 'an offer is no contract yet');
	ok(await act(first.id, 'CONCLUDE_CONTRACT', '2026-11-21', {}, estates));
	assert.match((await show(park)).disposal.why, /A request for a part of this bars disposal to anybody else/, 'the later bar still holds');
	assert.match(problem(await sell(park), 409, 'disposal-barred').detail, /bars disposal/);
	const {headers} = await finance.put(`/v1/assets/${park}/disposal-plan`, {method: 'LEASE', stage: 'UNDER_OFFER', planned_on: '2027-06-01'}, {headers: {'If-None-Match': '*'}});
	assert.equal(ok(await finance.put(`/v1/assets/${park}/disposal-plan`, {method: 'LEASE', stage: 'MISSIVES', planned_on: '2027-06-01'}, {match: headers.etag}), 200).stage, 'MISSIVES');
	ok(await missives(lodge), 201);
});

test('missives are no contract of a later request while the bar of an earlier one runs', async () => {
	const {park, lodge, first, second} = await twoOffers();
	problem(await act(second.id, 'CONCLUDE_CONTRACT', '2026-11-21', {}, estates), 409, 'disposal-barred');
	assert.match(problem(await missives(lodge), 409, 'disposal-barred').detail, new RegExp(`Request ${first.reference} .* missives`));
	ok(await act(first.id, 'WITHDRAW', '2026-11-21', {}, estates));
	assert.match(problem(await missives(lodge), 409, 'disposal-barred').detail, new RegExp(`Request ${second.reference} .* missives`), 'its own bar, until its contract');
	ok(await act(second.id, 'CONCLUDE_CONTRACT', '2026-11-22', {}, estates));
	ok(await missives(lodge), 201);
	problem(await missives(park), 409, 'disposal-barred'); // a contract for the lodge is none for the park, whose bar runs to the end of this day
});

test('two live requests for overlapping land are told of one another, the earlier first', async () => {
	const park = (await newAsset()).id;
	const lodge = (await split(park)).id;
	const field = (await split(park)).id;
	const first = await ask(park);
	assert.deepEqual(first.flags, []);
	const second = await ask(lodge, {community_body_id: rival, received_on: '2026-10-02'});
	const beside = await ask(field, {community_body_id: rival, stage: 'ENQUIRY'});
	const read = async (id, who = anyone) => ok(await who.get(`/v1/requests/${id}`), 200);
	assert.deepEqual([second.flags, (await read(first.id)).flags, beside.flags], [['COMPETING'], ['COMPETING'], ['COMPETING']]);
	assert.deepEqual((await changes(first.id)).at(-1), {type: 'request.updated', data: {flag: 'COMPETING', request_id: second.id}}, 'told once');
	assert.equal((await changes(second.id)).length, 1, 'the field is not the lodge');
	await validate(first.id);
	const of = async id => ok(await anyone.get((await read(id)).links.competing), 200).items;
	const [rivals] = [await of(second.id)];
	assert.deepEqual(rivals.map(r => [r.id, r.relation, r.is_earlier, r.bars]), [[first.id, 'WHOLE', true, true]]);
	assert.deepEqual((await of(first.id)).map(r => [r.id, r.relation, r.is_earlier, r.bars]),
		[[beside.id, 'PART', false, false], [second.id, 'PART', false, false]]);
	const page = (await anyone.request('GET', `/requests/${second.id}`)).text;
	assert.match(page, /Other requests for the same land/);
	assert.match(page, /Hall Trust<\/a> asks for .*the whole of which this is a part.*made earlier/);
	assert.doesNotMatch(page, /Earlier requests like this one/, 'which is for officers');
	assert.match((await anyone.request('GET', `/requests/${first.id}`)).text, new RegExp(`${second.reference} · received 2 October 2026<`),
		'and not made on the day on which the request was that the page is of');
	ok(await act(first.id, 'WITHDRAW', '2026-11-21', {}, estates));
	assert.deepEqual(await of(second.id), []);
	assert.deepEqual([(await read(first.id)).flags, (await read(second.id)).flags, (await read(beside.id)).flags], [[], [], []], 'nobody competes with what has ended');
	assert.deepEqual((await changes(second.id)).at(-1), {type: 'request.updated', data: {flag_ended: 'COMPETING', request_id: first.id}});
	problem(await anyone.get('/v1/requests/atr_00000000000000000000000000/competing'), 404, 'not-found');
});

test('land that was not listed is asked for, and its bar covers it once it is', async () => {
	const request = ok(await estates.post('/v1/requests', {land: {authority_id: council.id, description: 'The old quarry'}, community_body_id: body,
		kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100}, {idempotency: 'quarry'}));
	await validate(request.id);
	const whole = (await newAsset({name: 'Quarry and field'})).id;
	const quarry = (await split(whole)).id;
	const foreign = ok(await stranger.post('/v1/assets', {authority_id: board.id, name: 'Clinic', class: 'CLINIC', tenure: 'OWNED'})).id;
	const link = (asset_id, who = estates) => who.patch(`/v1/requests/${request.id}`, {asset_id}, {match: '*'});
	problem(await link(foreign), 422, 'invalid', '/asset_id');
	problem(await link('ast_00000000000000000000000000'), 422, 'invalid', '/asset_id');
	problem(await link(quarry, stranger), 403, 'forbidden');
	const linked = ok(await link(quarry), 200);
	assert.deepEqual([linked.asset_id, linked.land.description, linked.state, linked.offer_pence === undefined], [quarry, 'The old quarry', 'VALIDATED', true]);
	assert.deepEqual([(await show(quarry)).disposal.request_id, (await show(whole)).disposal.request_id, (await show(whole)).disposal.allowed], [request.id, null, false]);
	problem(await sell(whole), 409, 'disposal-barred');
	problem(await link(whole), 422, 'invalid', '/asset_id');
	assert.equal(ok(await finance.get(`/v1/requests/${request.id}`), 200).offer_pence, 100);
	const rivals = await ask(whole, {community_body_id: rival});
	assert.ok(rivals.flags.includes('COMPETING'));
	problem(await link(null), 422, 'invalid', '/asset_id');
});

test('an officer sees which refused requests section 93 is about', async () => {
	const park = (await newAsset()).id;
	const lodge = (await split(park)).id;
	const refusedOn = async (asset, validated, more = {}) => {
		const r = await ask(asset, {received_on: validated, ...more});
		ok(await act(r.id, 'VALIDATE', validated, {acknowledged_on: validated}, estates));
		const on = n => new Date(Date.parse(validated) + n * 86_400_000).toISOString().slice(0, 10);
		ok(await act(r.id, 'NOTICES_ISSUED', validated, {representations_close_on: on(40)}, estates));
		ok(await act(r.id, 'REFUSE', on(50), {grounds: [{matter: 'H', text: 'needed for the school'}]}));
		return r;
	};
	const old = await refusedOn(lodge, '2024-05-10');
	const likely = await refusedOn(lodge, '2024-11-05');
	const other = await refusedOn(park, '2025-02-03', {community_body_id: rival});
	await refusedOn(lodge, '2025-03-03', {kind: 'LEASE'});
	const fresh = await ask(lodge, {received_on: '2026-10-01'});
	const earlier = async id => ok(await estates.get(`/v1/requests/${id}/earlier`), 200).items.map(r => [r.id, r.verdict, r.until_on]);
	assert.deepEqual(await earlier(fresh.id), [[other.id, 'ASK_OFFICER', '2027-02-03'], [likely.id, 'MAY_DECLINE', '2026-11-05']]);
	const boundary = await ask(lodge, {received_on: '2026-11-05'});
	assert.deepEqual((await earlier(boundary.id)).at(-1), [likely.id, 'ASK_OFFICER', '2026-11-05'], 'the day itself');
	const after_ = await ask(lodge, {received_on: '2026-11-06'});
	assert.ok(!(await earlier(after_.id)).some(([id]) => id === likely.id));
	const decline = (id, more) => act(id, 'DECLINE_REPEAT', '2026-11-20', {reasons: 'asked before', ...more}, estates);
	problem(await decline(fresh.id, {}), 422, 'invalid', '/earlier_request_id');
	problem(await decline(fresh.id, {earlier_request_id: old.id}), 422, 'invalid', '/earlier_request_id');
	problem(await decline(fresh.id, {earlier_request_id: other.id}), 422, 'invalid', '/override_reason');
	problem(await decline(boundary.id, {earlier_request_id: likely.id}), 422, 'invalid', '/override_reason');
	assert.equal(ok(await decline(fresh.id, {earlier_request_id: likely.id})).state, 'DECLINED_REPEAT');
	assert.equal(ok(await decline(after_.id, {earlier: 'the request of 2025, held on paper'})).state, 'DECLINED_REPEAT');
});

test('who was refused was refused, whatever became of the request since, unless the answer became yes', async () => {
	const GROUNDS = {grounds: [{matter: 'H', text: 'needed for the school'}]};
	const refused = async (more = {}) => {
		const asset = (await newAsset()).id;
		const r = await ask(asset, {received_on: '2026-08-03', ...more});
		ok(await act(r.id, 'VALIDATE', '2026-08-03', {}, estates));
		ok(await act(r.id, 'NOTICES_ISSUED', '2026-08-03', {representations_close_on: '2026-09-01'}, estates));
		ok(await act(r.id, 'REFUSE', '2026-11-02', GROUNDS));
		return {...r, again: (await ask(asset, {received_on: '2026-11-05'})).id};
	};
	const earlier = async r => ok(await estates.get(`/v1/requests/${r.again}/earlier`), 200).items.map(i => [i.id, i.state, i.verdict]);
	const then = async (r, day) => ok(await estates.get(`/v1/requests/${r.again}/earlier?valid_on=${day}`), 200).items.map(i => [i.id, i.state]);
	const decline = (r, on = '2026-11-20') => act(r.again, 'DECLINE_REPEAT', on, {reasons: 'asked before', earlier_request_id: r.id}, estates);

	const withdrawn = await refused();
	ok(await act(withdrawn.id, 'WITHDRAW', '2026-11-10', {}, estates));
	assert.deepEqual([await earlier(withdrawn), await then(withdrawn, '2026-11-09'), await then(withdrawn, '2026-11-10')],
		[[[withdrawn.id, 'WITHDRAWN', 'MAY_DECLINE']], [[withdrawn.id, 'REFUSED']], [[withdrawn.id, 'WITHDRAWN']]]);
	assert.equal(ok(await decline(withdrawn)).state, 'DECLINED_REPEAT');

	const reviewed = await refused();
	ok(await act(reviewed.id, 'REVIEW_APPLIED', '2026-11-06', {}, estates));
	assert.deepEqual(await earlier(reviewed), [[reviewed.id, 'UNDER_REVIEW', 'MAY_DECLINE']], 'the refusal stands until it is replaced');
	ok(await act(reviewed.id, 'REVIEW_DECIDED', '2026-11-12', {outcome: 'CONFIRM'}));
	ok(await act(reviewed.id, 'APPEAL_LODGED', '2026-11-13', {}, estates));
	assert.deepEqual(await earlier(reviewed), [[reviewed.id, 'UNDER_APPEAL', 'MAY_DECLINE']]);
	assert.equal(ok(await decline(reviewed)).state, 'DECLINED_REPEAT');

	const overturned = await refused();
	ok(await act(overturned.id, 'REVIEW_APPLIED', '2026-11-06', {}, estates));
	ok(await act(overturned.id, 'REVIEW_DECIDED', '2026-11-12', {outcome: 'SUBSTITUTE', decision: 'AGREE', terms: 'as asked', matters: MATTERS}));
	ok(await act(overturned.id, 'WITHDRAW', '2026-11-13', {}, estates));
	assert.deepEqual([await earlier(overturned), await then(overturned, '2026-11-11')], [[], [[overturned.id, 'UNDER_REVIEW']]], 'it was agreed to in the end');
	problem(await decline(overturned), 422, 'invalid', '/earlier_request_id');

	const withdrawnFirst = (await newAsset()).id;
	const never = await ask(withdrawnFirst, {received_on: '2026-08-03'});
	ok(await act(never.id, 'VALIDATE', '2026-08-03', {}, estates));
	ok(await act(never.id, 'WITHDRAW', '2026-09-03', {}, estates));
	const r = {id: never.id, again: (await ask(withdrawnFirst, {received_on: '2026-11-05'})).id};
	assert.deepEqual(await earlier(r), [], 'nobody refused it');
	problem(await decline(r), 422, 'invalid', '/earlier_request_id');

	const later = await refused();
	ok(await act(later.again, 'WITHDRAW', '2026-11-20', {}, estates));
	const asset = later.asset_id;
	later.again = (await ask(asset, {received_on: '2026-10-20'})).id;
	problem(await decline(later, '2026-11-01'), 422, 'invalid', '/earlier_request_id');
	assert.equal(ok(await decline(later, '2026-11-02')).state, 'DECLINED_REPEAT', 'from the day of the refusal');
});

test('an officer says that two assets overlap, and from then on one bar is shown on both and their lines', async () => {
	const [hall, field] = [(await newAsset()).id, (await newAsset()).id];
	const shed = (await split(field)).id;
	const foreign = ok(await stranger.post('/v1/assets', {authority_id: board.id, name: 'Clinic', class: 'CLINIC', tenure: 'OWNED'})).id;
	const say = (asset_id, other_id, state, who = estates) => who.post('/v1/land-pairs', {asset_id, other_id, state, reason: 'seen on the plan'});
	await validate((await ask(hall)).id);
	ok(await act((await ask(field, {kind: 'LEASE', community_body_id: rival})).id, 'WITHDRAW', '2026-11-20', {}, estates));
	assert.equal((await show(shed)).disposal.allowed, true);
	problem(await estates.post('/v1/land-pairs', {asset_id: hall, other_id: field, state: 'CONFIRMED'}), 422, 'invalid', '/reason');
	problem(await say(hall, field, 'PROPOSED'), 422, 'invalid', '/state');
	problem(await say(hall, foreign, 'CONFIRMED'), 422, 'invalid', '/other_id');
	problem(await say(hall, 'ast_00000000000000000000000000', 'CONFIRMED'), 422, 'invalid', '/other_id');
	problem(await say(field, shed, 'CONFIRMED'), 409, 'land-overlaps-already');
	problem(await say(hall, hall, 'CONFIRMED'), 409, 'land-overlaps-already');
	problem(await say(hall, field, 'CONFIRMED', stranger), 403, 'forbidden');
	problem(await say(hall, field, 'CONFIRMED', finance), 403, 'forbidden');
	const pair = ok(await say(field, hall, 'CONFIRMED'));
	assert.deepEqual([pair.state, pair.source, pair.reason, pair.decided_on, pair.version], ['CONFIRMED', 'OFFICER', 'seen on the plan', '2026-11-22', 1]);
	for (const id of [field, shed])
		assert.match((await show(id)).disposal.why, /for land that overlaps this/);
	assert.deepEqual((await changes(shed)).at(-1).data, {pair_id: pair.id, pair_state: 'CONFIRMED'});
	assert.doesNotMatch(JSON.stringify(await changes(shed)), /seen on the plan/, 'the reason may speak of what is not published');
	problem(await sell(field), 409, 'disposal-barred');
	problem(await say(hall, shed, 'REJECTED'), 403, 'forbidden');
	const both = await as('ESTATES', 'DECIDER');
	ok(await say(hall, shed, 'REJECTED', both));
	assert.equal((await show(shed)).disposal.allowed, true, 'the shed is not the part that was meant');
	assert.equal((await show(field)).disposal.allowed, false);
	const list = async (who, query = '') => ok(await who.get(`/v1/land-pairs?authority_id=${council.id}${query}`), 200).items.map(p => p.id);
	assert.ok((await list(estates, '&state=CONFIRMED')).includes(pair.id));
	assert.deepEqual([await list(anyone), await list(stranger)], [[], []], 'for its authority alone');
	problem(await anyone.get(`/v1/land-pairs/${pair.id}`), 404, 'not-found');
	problem(await say(hall, field, 'REJECTED'), 403, 'forbidden');
	const back = ok(await say(hall, field, 'REJECTED', both));
	assert.deepEqual([back.id, back.version, back.state], [pair.id, 2, 'REJECTED'], 'the newest word stands');
	assert.equal((await show(field)).disposal.allowed, true);
	ok(await sell(field));
});

test('two live requests whose land is said to overlap are told of one another', async () => {
	const [hall, field, far] = [(await newAsset()).id, (await newAsset()).id, (await newAsset()).id];
	const [first, second, other] = [await ask(hall), await ask(field, {community_body_id: rival}), await ask(far, {community_body_id: rival})];
	const flags = async id => ok(await estates.get(`/v1/requests/${id}`), 200).flags;
	const say = (other_id, state) => estates.post('/v1/land-pairs', {asset_id: hall, other_id, state, reason: 'seen on the plan'});
	ok(await say(far, 'REJECTED'));
	ok(await say(field, 'CONFIRMED'));
	assert.deepEqual([await flags(first.id), await flags(second.id), await flags(other.id)], [['COMPETING'], ['COMPETING'], []]);
	const told = ok(await estates.get(`/v1/requests/${second.id}/history`), 200).items.at(-1);
	assert.deepEqual([told.type, told.data], ['request.updated', {flag: 'COMPETING', request_id: first.id}]);
	const {version} = ok(await estates.get(`/v1/requests/${first.id}`), 200);
	ok(await say(field, 'CONFIRMED'));
	assert.equal(ok(await estates.get(`/v1/requests/${first.id}`), 200).version, version, 'once');
});

test('who competes follows what the register knows: pairs, parts and what time ends', async () => {
	const [hall, field, park] = [(await newAsset()).id, (await newAsset()).id, (await newAsset()).id];
	const [one, other] = [await ask(hall), await ask(field, {community_body_id: rival})];
	const flags = async (...ids) => Promise.all(ids.map(async ({id}) => ok(await anyone.get(`/v1/requests/${id}`), 200).flags.includes('COMPETING')));
	const say = async (state, who = estates) => ok(await who.post('/v1/land-pairs', {asset_id: hall, other_id: field, state, reason: 'seen'}));
	assert.deepEqual(await flags(one, other), [false, false]);
	await say('CONFIRMED');
	assert.deepEqual(await flags(one, other), [true, true]);
	assert.deepEqual((await changes(other.id)).at(-1), {type: 'request.updated', data: {flag: 'COMPETING', request_id: one.id}});
	await say('REJECTED');
	assert.deepEqual(await flags(one, other), [false, false]);
	const third = await ask(park, {community_body_id: rival});
	const join = async part_of => ok(await estates.patch(`/v1/assets/${hall}`, {part_of}, {match: '*'}), 200);
	await join(park);
	assert.deepEqual(await flags(one, other, third), [true, false, true]);
	await join(null);
	assert.deepEqual(await flags(one, other, third), [false, false, false]);
	await join(park);
	await validate(one.id);
	ok(await act(one.id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}, estates));
	ok(await act(one.id, 'REFUSE', '2026-10-30', {grounds: [{matter: 'H', text: 'needed'}]}));
	assert.deepEqual(await flags(one, third), [true, true], 'it may still be reviewed');
	assert.equal((await show(park)).disposal.allowed, false);
	const again = await ask(hall, {community_body_id: rival});
	ok(await act(third.id, 'WITHDRAW', '2026-11-20', {}, estates));
	assert.deepEqual(await flags(one, third, again), [true, false, true], 'another is there still');
});

test('what a constitution lacks is named at validation, and one reason of a decider overrides it', async () => {
	const group = ok(await estates.post('/v1/community-bodies', {name: 'Green Group', legal_form: 'COMPANY', members: 12, unmet: ['CC4', 'WINDING_UP']}));
	assert.deepEqual(group.unmet, ['CC4', 'WINDING_UP']);
	problem(await estates.post('/v1/community-bodies', {name: 'X', legal_form: 'COMPANY', unmet: ['CC7']}), 422, 'invalid', '/unmet/0');
	const land = (await newAsset({tenure: 'LEASED_IN'})).id;
	const own = await ask(land, {community_body_id: group.id});
	const told = problem(await act(own.id, 'VALIDATE', '2026-10-01', {}, estates), 422, 'not-eligible', ...Array(4).fill('/override_reason'));
	assert.deepEqual(told.errors.map(e => /members of|let every member|fewer than 20|winding up|leases it in/.exec(e.detail)?.[0]),
		['let every member', 'winding up', 'fewer than 20', 'leases it in']);
	assert.ok(told.errors.every(e => e.cure), 'each with its cure');
	const lease = await ask(land, {community_body_id: group.id, kind: 'LEASE'});
	assert.equal(problem(await act(lease.id, 'VALIDATE', '2026-10-01', {}, estates), 422, 'not-eligible').errors.length, 1);
	problem(await act(lease.id, 'VALIDATE', '2026-10-01', {override_reason: 'designated by order'}, estates), 403, 'forbidden');
	const both = await as('ESTATES', 'DECIDER');
	const valid = ok(await act(lease.id, 'VALIDATE', '2026-10-01', {override_reason: 'designated by order'}, both));
	assert.deepEqual([valid.override_reason, valid.flags.includes('ELIGIBILITY_OVERRIDDEN')], ['designated by order', true]);
	const mended = ok(await estates.patch(`/v1/community-bodies/${group.id}`, {unmet: null}, {match: '*'}), 200);
	assert.deepEqual(mended.unmet, []);
});

test('the register is sound', () => assertSound(reg));
