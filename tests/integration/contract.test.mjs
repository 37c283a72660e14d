// The register as a client meets it who has only the contract's page: every field of an item comes
// back as it was sent, what is derived is derived, and what is refused says where and why.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, makeKey, ok, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

let n = 0;
const newAuthority = async (more = {}) => ok(await admin.post('/v1/authorities', {name: `Body ${++n}`, kind: 'COUNCIL', code: `C-${n}`, ...more}));
const newAsset = async (authority_id, more = {}) => ok(await admin.post('/v1/assets', {authority_id, name: `Asset ${++n}`, class: 'HALL', tenure: 'OWNED', ...more}));
const newBody = async (more = {}) => ok(await admin.post('/v1/community-bodies', {name: `Trust ${++n}`, legal_form: 'SCIO', members: 30, ...more}));
const ask = (sent, who = admin) => who.post('/v1/requests', {kind: 'OWNERSHIP', received_on: '2026-10-01', ...sent}, {idempotency: `c-${++n}`});
const act = (id, event, on, more = {}) => admin.post(`/v1/requests/${id}/events`, {event, on, ...more});
const holds = (item, sent, but = []) => {
	for (const [field, value] of Object.entries(sent).filter(([f]) => !but.includes(f)))
		assert.deepEqual(item[field], value, field);
	for (const field of ['id', 'version', 'created_at', 'updated_at', 'links'])
		assert.ok(field in item, field);
};
const newest = async subject => (await reg.sql('select id, type from assetd.change where subject = $1 order by subject_seq desc limit 1', [subject]))[0];

const council = await newAuthority();
const other = await newAuthority({kind: 'HEALTH_BOARD'});
const body = await newBody();

test('authorities: the route of a challenge follows the kind unless it is given, and every duty is kept', async () => {
	const routes = {COUNCIL: 'LA_REVIEW', SCOTTISH_MINISTERS: 'MINISTERS_REVIEW', HEALTH_BOARD: 'MINISTERS_APPEAL', COLLEGE: 'MINISTERS_APPEAL',
		ENTERPRISE: 'MINISTERS_APPEAL', NATIONAL_PARK: 'MINISTERS_APPEAL', TRANSPORT: 'MINISTERS_APPEAL', POLICE: 'MINISTERS_APPEAL',
		FIRE: 'MINISTERS_APPEAL', WATER: 'MINISTERS_APPEAL', OTHER: 'MINISTERS_APPEAL'};
	for (const [kind, route] of Object.entries(routes)) {
		const made = await newAuthority({kind});
		assert.equal(made.challenge_route, route, kind);
		const asset = await newAsset(made.id);
		assert.equal(ok(await ask({asset_id: asset.id, community_body_id: body.id, received_on: '2026-01-05'})).route, route);
	}
	const duties = [{schedule: 1, from_on: '2016-12-20', to_on: null}, {schedule: 2, from_on: '2017-04-01', to_on: null}, {schedule: 3, from_on: '2017-01-23', to_on: '2025-03-31'}];
	const sent = {name_gd: 'Comhairle', challenge_route: 'LA_STYLE_REVIEW', duties};
	holds(await newAuthority(sent), sent);
	problem(await admin.post('/v1/authorities', {name: 'X', kind: 'COUNCIL', code: 'X', duties: [{schedule: 4, from_on: '2016-12-20'}]}), 422, 'invalid', '/duties/0/schedule');
	problem(await admin.post('/v1/authorities', {name: 'X', kind: 'BANK', code: 'X'}), 422, 'invalid', '/kind');
});

test('assets: every field comes back, and what is derived', async () => {
	const cpp = ok(await admin.post('/v1/cpps', {name: 'One', code: `P-${++n}`, partners: [council.id, other.id]}));
	const loc = ok(await admin.post('/v1/localities', {name: 'L', code: `L-${n}`, cpp_id: cpp.id, kind: 'INTERMEDIATE_ZONE'}));
	const sent = {authority_id: council.id, name: 'Town House', class: 'OFFICE_2', tenure: 'LEASED_IN', reference: 'Ab/1', cpp_id: cpp.id, locality_id: loc.id,
		decile: 7, address: '1 High Street', postcode: 'EH1 1YZ', uprn: '906423456789', title_number: 'MID1234', easting: 325000, northing: 673000,
		area_m2: 1234, lifecycle: 'SURPLUS', common_good: true, exempt_reason: 'Security', owners: [{authority_id: other.id, units: 3}], published: false,
		notes: 'Slate\nroof', effective_on: '2026-01-02'};
	const reply = await admin.post('/v1/assets', sent);
	holds(ok(reply), sent);
	assert.equal(reply.headers['event-id'], (await newest(reply.json.id)).id);
	assert.deepEqual(ok(await admin.get(`/v1/assets/${reply.json.id}`), 200), reply.json);
	const alone = await newAsset(council.id);
	assert.deepEqual([alone.cpp_id, alone.decile, alone.lifecycle, alone.published, alone.owners], [cpp.id, 0, 'IN_USE', true, [{authority_id: council.id, units: 1}]]);
	ok(await admin.post('/v1/cpps', {name: 'Two', code: `Q-${n}`, partners: [council.id]}));
	assert.equal((await newAsset(council.id)).cpp_id, null, 'of two partnerships none is derived');
	const zoned = await newAsset(council.id, {data_zone: 'S01006506', decile: 1});
	assert.equal(zoned.decile, (await reg.sql(`select decile from assetd.data_zone where code = 'S01006506'`))[0].decile);
	assert.equal(ok(await admin.patch(`/v1/assets/${zoned.id}`, {data_zone: null}, {match: '*'}), 200).data_zone, null);
	const placed = await newAsset(council.id, {lat: 55.9247827, lon: -3.2947922});
	assert.ok(Math.abs(placed.easting - 319188) < 10 && Math.abs(placed.northing - 670948) < 10);
	for (const [wrong, pointer, slug] of [[{decile: 11}, '/decile'], [{uprn: '1234567890123'}, '/uprn'], [{uprn: 12}, '/uprn'], [{class: 'hall'}, '/class'],
		[{class: `A${'B'.repeat(40)}`}, '/class'], [{tenure: 'RENTED'}, '/tenure'], [{lifecycle: 'SOLD'}, '/lifecycle'], [{easting: 1}, '/northing'],
		[{lat: 91, lon: 0}, '/lat'], [{area_m2: -1}, '/area_m2'], [{owners: []}, '/owners'],
		[{owners: [{authority_id: other.id, units: 0}]}, '/owners', 'owner-units'], [{effective_on: '2026-02-29'}, '/effective_on'], [{colour: 'red'}, '/colour'],
		[{data_zone: 'E01000001'}, '/data_zone'], [{disposal: {allowed: true}}, '/disposal'], [{owners: [{authority_id: other.id, units: 1}, {authority_id: other.id, units: 1}]}, '/owners/1']]) {
		const said = await admin.post('/v1/assets', {authority_id: council.id, name: 'X', class: 'HALL', tenure: 'OWNED', ...wrong});
		assert.equal(said.status, 422, `${JSON.stringify(wrong)} ${said.text}`);
		problem(said, 422, slug ?? said.json.type.split('/').at(-1));
		assert.ok(said.json.errors.some(e => e.pointer === pointer), `${JSON.stringify(wrong)}: ${said.text}`);
	}
	problem(await admin.post('/v1/assets', {}), 422, 'invalid', '/authority_id', '/name', '/class', '/tenure');
});

test('plans: the lifecycle follows each stage, and money comes back whole', async () => {
	const a = await newAsset(council.id);
	const path = `/v1/assets/${a.id}/disposal-plan`;
	const follows = {IDENTIFIED: 'IN_USE', SURPLUS: 'SURPLUS', PREPARING: 'PREPARING', MARKETING: 'MARKETING', UNDER_OFFER: 'UNDER_OFFER', MISSIVES: 'UNDER_OFFER'};
	let sent = {method: 'SALE', stage: 'IDENTIFIED', planned_on: '2027-01-01'};
	ok(await admin.put(path, sent, {headers: {'If-None-Match': '*'}}));
	for (const [stage, lifecycle] of Object.entries(follows)) {
		ok(await admin.put(path, {...sent, stage}, {match: '*'}), 200);
		assert.equal((await anyone.get(`/v1/assets/${a.id}`)).json.lifecycle, lifecycle, stage);
	}
	const lease = {rent_pa_pence: 1, premium_pence: 2, term_months: 3, rent_free_months: 1, class: 'FINANCE', market_rent_pa_pence: 5};
	sent = {method: 'LEASE', stage: 'MARKETING', planned_on: '2027-01-01', agreed_price_pence: 10 ** 15, probability_ppm: 1_000_000, cost_fixed_pence: 0, lease, effective_on: '2026-06-01'};
	const reply = await admin.put(path, sent, {match: '*'});
	holds(ok(reply, 200), sent);
	assert.equal(reply.headers['event-id'], (await newest(a.id)).id);
	for (const [wrong, slug, pointer] of [[{agreed_price_pence: 10 ** 15 + 1}, 'out-of-range', '/agreed_price_pence'], [{probability_ppm: 1_000_001}, 'invalid', '/probability_ppm'],
		[{cost_fixed_pence: -1}, 'invalid', '/cost_fixed_pence'], [{lease: {...lease, term_months: 0}}, 'invalid', '/lease/term_months'], [{agreed_price_pence: 1.5}, 'invalid', '/agreed_price_pence']])
		assert.ok(problem(await admin.put(path, {...sent, ...wrong}, {match: '*'}), 422, slug).errors.some(e => e.pointer === pointer));
});

test('requests: every field comes back, and the rest follows from the stage', async () => {
	const asset = await newAsset(council.id);
	const sent = {asset_id: asset.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01', offer_pence: 5, lease: {rent_pa_pence: 7, term_months: 12, class: 'OPERATING'},
		agreed_price_pence: 6, benefit_pence: 8, benefit_score: 9, expected_on: '2027-10-01', release_on: '2027-11-01', reasons: 'Because', benefits: 'Warmth'};
	const reply = await ask(sent);
	const made = ok(reply);
	holds(made, sent, ['lease']);
	for (const [field, value] of Object.entries(sent.lease))
		assert.equal(made.lease[field], value);
	assert.equal(reply.headers['event-id'], (await newest(made.id)).id);
	assert.deepEqual([made.authority_id, made.state, made.level, made.validated_on], [council.id, 'RECEIVED', 'FIRST', null]);
	assert.deepEqual(made.items.map(i => i.code).filter(c => ['PRICE', 'RENT', 'RIGHTS'].includes(c)), ['RENT']);
	assert.equal((await newest(made.id)).type, 'request.received');
	const interest = ok(await ask({asset_id: asset.id, community_body_id: body.id, stage: 'EXPRESSION_OF_INTEREST'}));
	assert.equal(interest.state, 'EXPRESSION_OF_INTEREST');
	assert.equal((await newest(interest.id)).type, 'request.received');
	const partial = ok(await ask({asset_id: asset.id, community_body_id: body.id, items: [{code: 'WRITING', received_on: '2026-10-02'}]}));
	assert.equal(partial.items.find(i => i.code === 'WRITING').received_on, '2026-10-02');
	assert.equal(partial.items.find(i => i.code === 'PRICE').received_on, null);
	for (const [wrong, pointer] of [[{kind: 'GIFT'}, '/kind'], [{offer_pence: -1}, '/offer_pence'], [{received_on: '2026-02-30'}, '/received_on'], [{stage: 'VALIDATED'}, '/stage'],
		[{items: [{code: 'SMILE', received_on: '2026-10-01'}]}, '/items/0/code'], [{community_body_id: 'cbo_x'}, '/community_body_id'], [{state: 'AGREED'}, '/state'], [{reference: 'ATR-2026-9'}, '/reference']])
		assert.ok(problem(await ask({asset_id: asset.id, community_body_id: body.id, ...wrong}), 422, 'invalid').errors.some(e => e.pointer === pointer), JSON.stringify(wrong));
});

test('moving: fields of VALIDATE and AGREE, and the last event of the transaction', async () => {
	const asset = await newAsset(council.id);
	const {id} = ok(await ask({asset_id: asset.id, community_body_id: body.id}));
	for (const bar of [{prohibits: false, exemption: 'GUESS'}, {prohibits: false}, {prohibits: false, dated_on: '2026-09-01'}])
		problem(await act(id, 'VALIDATE', '2026-10-01', {bar}), 422, 'invalid', '/bar/exemption');
	const validated = ok(await act(id, 'VALIDATE', '2026-10-01', {bar: {exemption: 'ADVERTISED', dated_on: '2026-09-01'}, acknowledged_on: '2026-10-02'}));
	assert.deepEqual([validated.bar.exemption, validated.bar.dated_on, validated.acknowledged_on], ['ADVERTISED', '2026-09-01', '2026-10-02']);
	assert.equal((await anyone.get(`/v1/assets/${asset.id}`)).json.disposal.allowed, true, 'an exempted bar bars nothing');
	problem(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-28'}), 422, 'invalid', '/representations_close_on');
	ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	problem(await act(id, 'AGREE', '2026-10-30', {terms: 'as asked', matters: MATTERS, offer_by_on: '2027-04-29'}), 422, 'invalid', '/offer_by_on');
	problem(await act(id, 'AGREE', '2026-10-30', {}), 422, 'invalid', '/terms');
	for (const matters of [undefined, [], MATTERS.slice(1), [...MATTERS.slice(1), MATTERS[1]]])
		problem(await act(id, 'AGREE', '2026-10-30', {terms: 'as asked', matters}), 422, 'invalid', '/matters');
	const agreed = ok(await act(id, 'AGREE', '2026-10-30', {terms: 'as asked', offer_by_on: '2027-05-05', price_pence: 9, terms_differ: true, matters: [...MATTERS.filter(m => m.matter !== 'C1'), {matter: 'C1', text: 'jobs'}]}));
	assert.equal(agreed.deadlines.find(d => d.clock === 'K18').due_on, '2027-05-05');
	ok(await act(id, 'OFFER', '2026-10-31', {price_pence: 10}));
	ok(await act(id, 'CONCLUDE_CONTRACT', '2026-11-01'));
	const done = await act(id, 'COMPLETE', '2026-11-02', {price_pence: 11, cost_pence: 1});
	assert.equal(ok(done).state, 'COMPLETED');
	const [last] = await reg.sql(`select c.id from assetd.change as c where c.request = (select request from assetd.change where subject = $1 order by subject_seq desc limit 1)
		order by c.id desc limit 1`, [id]);
	assert.equal(done.headers['event-id'], last.id, 'of all that COMPLETE wrote');
	const [disposal] = (await anyone.get(`/v1/assets/${asset.id}/disposals`)).json.items;
	assert.deepEqual([disposal.gross_pence, disposal.cost_pence, disposal.kind], [11, 1, 'TRANSFER']);
});

test('contacts: each authority its own, nobody another\'s', async () => {
	const [ours, theirs] = [await newAuthority(), await newAuthority()];
	const us = admin.as((await makeKey(reg, {roles: {[ours.id]: ['ESTATES']}})).key);
	const them = admin.as((await makeKey(reg, {roles: {[theirs.id]: ['ESTATES']}})).key);
	const viewer = admin.as((await makeKey(reg, {roles: {[ours.id]: ['VIEWER', 'FINANCE', 'DECIDER', 'ADMIN']}})).key);
	const made = ok(await us.post('/v1/community-bodies', {name: 'Both know it', legal_form: 'SCIO', contact: {name: 'Ann', email: 'ann@example.org', address: '1 Road'}}));
	assert.equal(made.contact.name, 'Ann');
	assert.equal(ok(await them.get(`/v1/community-bodies/${made.id}`), 200).contact, null);
	const path = `/v1/community-bodies/${made.id}`;
	for (const sent of [{name: 'Mine'}, {name: 'Mine', contact: {name: 'Ben'}}, {}])
		problem(await them.patch(path, sent, {match: '*'}), 403, 'forbidden');
	problem(await them.patch(path, {contact: {name: 'Ben'}}, {match: '"9-c"'}), 412, 'stale');
	const before = await us.get(path);
	const second = await them.patch(path, {contact: {name: 'Ben', email: 'ben@example.org'}}, {match: before.headers.etag});
	assert.deepEqual(ok(second, 200).contact, {name: 'Ben', email: 'ben@example.org', address: null}, 'an authority holds a contact of its own');
	assert.equal(second.headers['event-id'], (await newest(made.id)).id);
	assert.notEqual(second.headers.etag, before.headers.etag);
	assert.deepEqual([second.json.name, ok(await us.get(path), 200).contact.name], ['Both know it', 'Ann']);
	ok(await them.patch(path, {contact: null}, {match: '*'}), 200);
	assert.deepEqual([(await us.get(path)).json.contact.name, (await them.get(path)).json.contact], ['Ann', null]);
	for (const who of [anyone, viewer])
		assert.equal('contact' in ok(await who.get(`/v1/community-bodies/${made.id}`), 200), false);
	assert.equal('contact' in ok(await anyone.get('/v1/community-bodies?q=both'), 200).items[0], false);
});

test('references have no gaps, of a hundred at once of which a third fail', async () => {
	const authority = await newAuthority();
	const asset = await newAsset(authority.id);
	const wrong = [{community_body_id: `cbo_${'0'.repeat(26)}`}, {kind: 'GIFT'}, {received_on: '2026-11-22'}];
	const replies = await Promise.all(Array.from({length: 100}, (_, i) => ask({asset_id: asset.id, community_body_id: body.id, ...(i % 3 === 0 && wrong[i / 3 % 3])})));
	const got = replies.filter(r => r.status === 201).map(r => Number(r.json.reference.match(/^ATR-2026-(\d+)$/)[1])).sort((a, b) => a - b);
	for (const reply of replies.filter(r => r.status !== 201))
		assert.ok([422, 503].includes(reply.status), reply.text);
	assert.deepEqual(got, got.map((_, i) => 1 + i));
	assert.ok(got.length >= 20, `${got.length} of 66`); // a loaded machine answers some with 503
	assert.equal((await reg.sql('select count(*)::int as n from assetd.request where authority_id = $1', [authority.id]))[0].n, got.length);
	assert.equal(ok(await ask({asset_id: asset.id, community_body_id: body.id})).reference, `ATR-2026-${got.length + 1}`);
	const elsewhere = await newAsset(other.id);
	assert.equal(ok(await ask({asset_id: elsewhere.id, community_body_id: body.id, received_on: '2024-05-05'})).reference, 'ATR-2024-1', 'counted by authority and year');
});

test('after all of this the register is sound', () => assertSound(reg));
