// The register through the door: authorities, partnerships, localities, assets, valuations,
// plans, bodies. What is answered is what is stored, and every write leaves one change.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, makeKey, ok, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());
const {admin, anyone} = reg;

const changes = subject => reg.sql('select type, subject_seq, data, before, after from assetd.change where subject = $1 order by subject_seq', [subject]);

const council = ok(await admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1', duties: [{schedule: 3, from_on: '2017-01-23'}]}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'T2'}));
const cpp = ok(await admin.post('/v1/cpps', {name: 'Test CPP', code: 'TC', partners: [council.id]}));
const estates = admin.as((await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
const finance = admin.as((await makeKey(reg, {roles: {[council.id]: ['FINANCE']}})).key);
const stranger = admin.as((await makeKey(reg, {roles: {[other.id]: ['ESTATES', 'FINANCE']}})).key);

const HALL = {authority_id: council.id, name: 'Old Hall', class: 'HALL', tenure: 'OWNED'};
let n = 0;
const newAsset = async (more = {}) => ok(await estates.post('/v1/assets', {...HALL, reference: `R${++n}`, ...more}));

test('an authority, a partnership and a locality are made, changed and shown', async () => {
	assert.equal(council.challenge_route, 'LA_REVIEW');
	assert.deepEqual(council.duties, [{schedule: 3, from_on: '2017-01-23', to_on: null}]);
	const loc = await admin.post('/v1/localities', {name: 'North', code: 'TL', cpp_id: cpp.id, kind: 'LOCALITY'});
	assert.equal(loc.headers.location, `/v1/localities/${ok(loc).id}`);
	const patched = await admin.patch(`/v1/authorities/${other.id}`, {name_gd: 'Comhairle eile', duties: [{schedule: 2, from_on: '2017-04-01'}]}, {match: '"1-a"'});
	assert.equal(patched.headers.etag, '"2-a"');
	assert.deepEqual([ok(patched, 200).name_gd, patched.json.duties.length], ['Comhairle eile', 1]);
	const grown = ok(await admin.patch(`/v1/cpps/${cpp.id}`, {partners: [council.id, other.id]}, {match: '*'}), 200);
	assert.deepEqual(grown.partners, [council.id, other.id].sort());
	ok(await admin.patch(`/v1/cpps/${cpp.id}`, {partners: [council.id]}, {match: '*'}), 200);
	ok(await admin.patch(`/v1/localities/${loc.json.id}`, {name: 'North End'}, {match: '"1-a"'}), 200);
	assert.deepEqual((await changes(other.id)).map(c => [c.type, c.subject_seq]), [['authority.created', 1], ['authority.updated', 2]]);
	assert.equal((await anyone.get('/v1/localities?code=TL')).json.items[0].name, 'North End');
	problem(await estates.post('/v1/authorities', {name: 'X', kind: 'OTHER', code: 'X'}), 403, 'forbidden');
	problem(await anyone.post('/v1/cpps', {name: 'X', code: 'X'}), 401, 'unauthenticated');
	problem(await admin.post('/v1/authorities', {name: 'Again', kind: 'OTHER', code: 'T1'}), 409, 'duplicate');
	problem(await admin.post('/v1/cpps', {name: 'X', code: 'X', partners: ['aut_' + '0'.repeat(26)]}), 422, 'invalid');
});

test('an asset gets what follows from what was sent', async () => {
	const reply = await estates.post('/v1/assets', {...HALL, reference: 'Place', easting: 256341, northing: 664697, uprn: '000123',
		postcode: 'eh1 1yz', data_zone: 'S01006506', decile: 1});
	const a = ok(reply);
	assert.equal(reply.headers.location, `/v1/assets/${a.id}`);
	assert.equal(reply.headers.etag, '"1-a"');
	assert.match(reply.headers['event-id'], /^evt_[0-9a-z]{26}$/);
	assert.deepEqual([a.version, a.cpp_id, a.uprn, a.postcode, a.lifecycle, a.published, a.owners],
		[1, cpp.id, '123', 'EH1 1YZ', 'IN_USE', true, [{authority_id: council.id, units: 1}]]);
	const [{decile}] = await reg.sql("select decile from assetd.data_zone where code = 'S01006506'");
	assert.equal(a.decile, decile);
	assert.ok(Math.abs(a.lat - 55.854) < 0.0001 && Math.abs(a.lon + 4.2965) < 0.0001);
	const [row] = await reg.sql('select uprn, easting, lat::float8, effective_on from assetd.asset where id = $1', [a.id]);
	assert.deepEqual(row, {uprn: '123', easting: 256341, lat: a.lat, effective_on: a.effective_on});
	assert.deepEqual(a.disposal, {allowed: true, why: null, request_id: null});
	const [change] = await changes(a.id);
	assert.deepEqual([change.type, change.data.name, change.before], ['asset.created', 'Old Hall', null]);
	assert.deepEqual((await anyone.get(`/v1/assets/${a.id}`)).json, a);
});

test('a patch merges; its differences are kept; the other place follows', async () => {
	const a = await newAsset({notes: 'old', easting: 256341, northing: 664697, owners: [{authority_id: council.id, units: 3}]});
	const b = ok(await estates.patch(`/v1/assets/${a.id}`, {name: 'New Hall', notes: null, lat: 55.9247827, lon: -3.2947922,
		owners: [{authority_id: council.id, units: 1}, {authority_id: other.id, units: 2}]}, {match: '"1-a"'}), 200);
	assert.deepEqual([b.version, b.name, b.notes, b.reference], [2, 'New Hall', null, a.reference]);
	assert.ok(Math.abs(b.easting - 319188) < 10 && Math.abs(b.northing - 670948) < 10);
	assert.deepEqual(b.owners, [{authority_id: council.id, units: 1}, {authority_id: other.id, units: 2}].sort((x, y) => x.authority_id < y.authority_id ? -1 : 1));
	const [, change] = await changes(a.id);
	assert.deepEqual([change.type, change.before.name, change.before.notes, change.after.name, change.before.class], ['asset.updated', 'Old Hall', 'old', 'New Hall', undefined]);
	const none = ok(await estates.patch(`/v1/assets/${a.id}`, {easting: null, northing: null}, {match: '"2-a"'}), 200);
	assert.deepEqual([none.easting, none.lat], [null, null]);
	assert.equal((await reg.sql('select count(*)::int as n from assetd.asset_owner where asset_id = $1', [a.id]))[0].n, 2);
});

test('two writers with one ETag: one 200, one 412; a hundred: one 200', async () => {
	const a = await newAsset();
	const both = await Promise.all(['A', 'B'].map(name => estates.patch(`/v1/assets/${a.id}`, {name}, {match: '"1-a"'})));
	assert.deepEqual(both.map(r => r.status).sort(), [200, 412]);
	problem(both.find(r => r.status === 412), 412, 'stale');
	const many = await Promise.all(Array.from({length: 100}, (_, i) => estates.patch(`/v1/assets/${a.id}`, {name: `N${i}`}, {match: '"2-a"'})));
	const count = status => many.filter(r => r.status === status).length;
	assert.deepEqual([count(200), count(412)], [1, 99]);
	const [row] = await reg.sql('select version, name from assetd.asset where id = $1', [a.id]);
	assert.deepEqual(row, {version: 3, name: many.find(r => r.status === 200).json.name});
	assert.deepEqual((await changes(a.id)).map(c => c.subject_seq), [1, 2, 3]);
});

test('preconditions are owed, and only the version counts', async () => {
	const a = await newAsset();
	problem(await estates.patch(`/v1/assets/${a.id}`, {name: 'X'}), 428, 'precondition-required');
	problem(await estates.delete(`/v1/assets/${a.id}`), 428, 'precondition-required');
	problem(await estates.patch(`/v1/assets/${a.id}`, {name: 'X'}, {match: '"9-a"'}), 412, 'stale');
	ok(await estates.patch(`/v1/assets/${a.id}`, {name: 'X'}, {match: '"1-anything"'}), 200);
	const got = await anyone.get(`/v1/assets/${a.id}`);
	const again = await anyone.get(`/v1/assets/${a.id}`, {headers: {'If-None-Match': got.headers.etag}});
	assert.deepEqual([again.status, again.text, again.headers.etag], [304, '', got.headers.etag]);
});

test('a removed asset is a tombstone, in no list and free of its reference', async () => {
	const a = await newAsset();
	assert.equal((await estates.delete(`/v1/assets/${a.id}`, {match: '"1-a"'})).status, 204);
	problem(await anyone.get(`/v1/assets/${a.id}`), 410, 'gone');
	problem(await anyone.get(`/v1/assets/${a.id}/valuations`), 410, 'gone');
	problem(await estates.patch(`/v1/assets/${a.id}`, {name: 'X'}, {match: '"2-a"'}), 410, 'gone');
	problem(await finance.post(`/v1/assets/${a.id}/valuations`, {amount_pence: 1, basis: 'MV', valued_on: '2026-01-01'}), 410, 'gone');
	assert.equal((await anyone.get(`/v1/assets?reference=${a.reference}`)).json.items.length, 0);
	assert.deepEqual((await changes(a.id)).map(c => c.type), ['asset.created', 'asset.removed']);
	ok(await estates.post('/v1/assets', {...HALL, reference: a.reference.toLowerCase()}));
	const twice = problem(await estates.post('/v1/assets', {...HALL, reference: a.reference}), 409, 'duplicate');
	assert.equal(twice.errors[0].pointer, '/reference');
});

test('tenants: others see what is published, and write nothing', async () => {
	const open = await newAsset(), hidden = await newAsset({published: false});
	problem(await stranger.post('/v1/assets', HALL), 403, 'forbidden');
	problem(await stranger.patch(`/v1/assets/${open.id}`, {name: 'Mine'}, {match: '*'}), 403, 'forbidden');
	problem(await stranger.get(`/v1/assets/${hidden.id}`), 404, 'not-found');
	problem(await anyone.get(`/v1/assets/${hidden.id}`), 404, 'not-found');
	problem(await stranger.patch(`/v1/assets/${hidden.id}`, {name: 'Mine'}, {match: '*'}), 404, 'not-found');
	problem(await stranger.delete(`/v1/assets/${open.id}`, {match: '*'}), 403, 'forbidden');
	problem(await finance.patch(`/v1/assets/${open.id}`, {name: 'Mine'}, {match: '*'}), 403, 'forbidden');
	assert.equal((await estates.get(`/v1/assets/${hidden.id}`)).status, 200);
	ok(await estates.patch(`/v1/assets/${hidden.id}`, {owners: [{authority_id: other.id, units: 1}]}, {match: '*'}), 200);
	assert.equal((await stranger.get(`/v1/assets/${hidden.id}`)).status, 200, 'an owner sees its share');
});

test('valuations: FINANCE records, others do not see a restricted amount', async () => {
	const a = await newAsset();
	const sent = {amount_pence: 20_000_000, basis: 'MV', valued_on: '2026-04-01', valuer: 'DVS'};
	const v = ok(await finance.post(`/v1/assets/${a.id}/valuations`, sent));
	assert.deepEqual([v.amount_pence, v.effective_on, v.restricted, v.restricted_fields], [20_000_000, '2026-04-01', true, []]);
	for (const who of [anyone, estates, stranger]) {
		const seen = ok(await who.get(`/v1/assets/${a.id}/valuations/${v.id}`), 200);
		assert.deepEqual(['amount_pence' in seen, seen.restricted_fields], [false, ['amount_pence']]);
	}
	const open = ok(await finance.post(`/v1/assets/${a.id}/valuations`, {...sent, restricted: false}));
	assert.equal((await anyone.get(`/v1/assets/${a.id}/valuations/${open.id}`)).json.amount_pence, 20_000_000);
	assert.equal((await anyone.get(`/v1/assets/${a.id}/valuations`)).json.items.length, 2);
	problem(await estates.post(`/v1/assets/${a.id}/valuations`, sent), 403, 'forbidden');
	problem(await stranger.post(`/v1/assets/${a.id}/valuations`, sent), 403, 'forbidden');
	const b = await newAsset();
	problem(await finance.get(`/v1/assets/${b.id}/valuations/${v.id}`), 404, 'not-found');
	problem(await finance.post(`/v1/assets/ast_${'0'.repeat(26)}/valuations`, sent), 404, 'not-found');
	const [, first] = await changes(a.id);
	assert.deepEqual([first.type, 'amount_pence' in first.data], ['asset.valued', false]);
	const money = await reg.sql('select m.data from assetd.change_money as m join assetd.change as c on c.id = m.change_id where c.subject = $1', [a.id]);
	assert.deepEqual(money.map(m => m.data), [{amount_pence: 20_000_000}]);
	assert.equal((await anyone.get(`/v1/assets/${a.id}`)).headers.etag, '"3-a"');
});

test('the plan: first If-None-Match, then its ETag; the lifecycle follows it', async () => {
	const a = await newAsset();
	const path = `/v1/assets/${a.id}/disposal-plan`;
	const sale = {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15', agreed_price_pence: 5};
	problem(await finance.put(path, sale), 428, 'precondition-required');
	problem(await finance.put(path, sale, {match: '"1-f"'}), 412, 'stale');
	const made = await finance.put(path, sale, {headers: {'If-None-Match': '*'}});
	assert.deepEqual([ok(made).stage, made.json.agreed_price_pence, made.headers.etag, made.headers.location], ['MARKETING', 5, '"1-f"', path]);
	assert.equal((await anyone.get(`/v1/assets/${a.id}`)).json.lifecycle, 'MARKETING');
	problem(await finance.put(path, sale, {headers: {'If-None-Match': '*'}}), 412, 'stale');
	const b = await newAsset();
	const race = await Promise.all([1, 2, 3, 4].map(() => finance.put(`/v1/assets/${b.id}/disposal-plan`, sale, {headers: {'If-None-Match': '*'}})));
	assert.deepEqual(race.map(r => r.status).sort(), [201, 412, 412, 412]);
	problem(await estates.patch(`/v1/assets/${a.id}`, {lifecycle: 'SURPLUS'}, {match: '*'}), 409, 'lifecycle-follows-plan');
	const next = await estates.put(path, {method: 'LEASE', stage: 'MISSIVES', planned_on: '2027-01-01', lease: {class: 'OPERATING', term_months: 120, rent_pa_pence: 100}}, {match: '"1-f"'});
	assert.deepEqual([ok(next, 200).version, 'lease' in next.json, next.json.restricted_fields.length], [2, false, 3]);
	assert.equal((await anyone.get(`/v1/assets/${a.id}`)).json.lifecycle, 'UNDER_OFFER');
	assert.deepEqual((await finance.get(path)).json.lease, {class: 'OPERATING', term_months: 120, rent_pa_pence: 100});
	assert.equal((await estates.delete(path, {match: '"2-r"'})).status, 204);
	problem(await anyone.get(path), 404, 'not-found');
	ok(await estates.patch(`/v1/assets/${a.id}`, {lifecycle: 'SURPLUS'}, {match: '*'}), 200);
	assert.deepEqual((await changes(a.id)).map(c => c.type), ['asset.created', 'plan.changed', 'plan.changed', 'plan.changed', 'asset.updated']);
	const invalid = problem(await finance.put(path, {method: 'SALE'}, {headers: {'If-None-Match': '*'}}), 422, 'invalid');
	assert.deepEqual(invalid.errors.map(e => e.pointer), ['/stage', '/planned_on']);
	ok(await finance.put(path, {method: 'NONE'}, {headers: {'If-None-Match': '*'}}));
});

test('a body is public, its contact is its holder’s alone', async () => {
	const b = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30,
		contact: {name: 'A Person', email: 'a@example.org'}}));
	assert.deepEqual(b.contact, {name: 'A Person', email: 'a@example.org', address: null});
	for (const who of [anyone, finance]) {
		const seen = (await who.get(`/v1/community-bodies/${b.id}`)).json;
		assert.deepEqual(['contact' in seen, seen.restricted_fields], [false, ['contact']]);
	}
	assert.equal((await stranger.get(`/v1/community-bodies/${b.id}`)).json.contact ?? null, null);
	problem(await stranger.patch(`/v1/community-bodies/${b.id}`, {name: 'Mine'}, {match: '*'}), 403, 'forbidden');
	const p = ok(await estates.patch(`/v1/community-bodies/${b.id}`, {members: 31, contact: {email: 'b@example.org'}}, {match: '"1-x"'}), 200);
	assert.deepEqual([p.members, p.contact.name, p.contact.email], [31, 'A Person', 'b@example.org']);
	ok(await estates.patch(`/v1/community-bodies/${b.id}`, {contact: null}, {match: '*'}), 200);
	assert.equal((await estates.get(`/v1/community-bodies/${b.id}`)).json.contact, null);
	ok(await admin.post('/v1/community-bodies', {name: 'National', legal_form: 'COMPANY', contact: {name: 'B'}}));
	const kept = await reg.sql(`select count(*)::int as n from assetd.change where data::text ~ 'example.org|A Person' or before::text ~ 'Person' or after::text ~ 'Person'`);
	assert.equal(kept[0].n, 0, 'no contact in the log of changes');
	assert.equal((await anyone.get('/v1/community-bodies?q=hall')).json.items.length, 1);
});

test('both time axes: true on a day, known at a moment', async () => {
	const a = await newAsset({effective_on: '2026-01-01'});
	const before = new Date().toISOString();
	ok(await estates.patch(`/v1/assets/${a.id}`, {name: 'Renamed', effective_on: '2026-06-01'}, {match: '*'}), 200);
	ok(await finance.post(`/v1/assets/${a.id}/valuations`, {amount_pence: 7, basis: 'MV', valued_on: '2026-03-01'}));
	const at = async (query, who = finance) => (await who.get(`/v1/assets/${a.id}?${query}`)).json;
	assert.equal((await at('valid_on=2026-05-31')).name, 'Old Hall');
	assert.equal((await at('valid_on=2026-06-01')).name, 'Renamed');
	assert.equal((await at(`valid_on=2026-06-01&known_at=${before}`)).name, 'Old Hall', 'not known then');
	assert.deepEqual((await at('valid_on=2026-02-28')).valuations, []);
	assert.equal((await at('valid_on=2026-03-01')).valuations[0].amount_pence, 7);
	assert.equal((await at('valid_on=2026-03-01', anyone)).valuations[0].amount_pence, undefined);
	problem(await anyone.get(`/v1/assets/${a.id}?valid_on=2025-12-31`), 404, 'not-found');
	problem(await anyone.get(`/v1/assets/${a.id}?valid_on=2026-02-30`), 400, 'bad-query');
	problem(await anyone.get(`/v1/assets/${a.id}?known_at=yesterday`), 400, 'bad-query');
	for (const moment of ['2026-11-21T25:61:61Z', '2026-11-21T1a:00:00Z', '2026-11-21T10:00:00%2B99:99'])
		problem(await anyone.get(`/v1/assets/${a.id}?known_at=${moment}`), 400, 'bad-query');
	for (const event of ['yesterday', a.id, 'evt_'])
		problem(await anyone.get(`/v1/assets/${a.id}?min_event=${event}`), 400, 'bad-query');
	const {items} = (await finance.get(`/v1/assets/${a.id}/history`)).json;
	assert.deepEqual(items.map(i => [i.version, i.type]), [[1, 'asset.created'], [2, 'asset.updated'], [3, 'asset.valued']]);
	assert.match(items[1].actor, /^prn_/);
	const {items: [, seen, valued]} = (await anyone.get(`/v1/assets/${a.id}/history`)).json;
	assert.deepEqual([seen.actor, valued.after.amount_pence], ['AUTHORITY', undefined]);
	assert.equal((await anyone.get(`/v1/assets/${a.id}/history?limit=2`)).json.items.length, 2);
	const open = await admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence: 9, basis: 'FV', valued_on: '2026-03-01', restricted: false});
	assert.equal(open.status, 201, open.text);
	assert.deepEqual((await at('valid_on=2026-03-01', anyone)).valuations.map(v => [v.basis, v.amount_pence]), [['FV', 9], ['MV', undefined]]);
});

test('what is put right for an earlier day is so from then and today, not in between', async () => {
	const a = await newAsset({effective_on: '2026-01-01'});
	for (const [name, effective_on] of [['Second', '2026-06-01'], ['Third', '2026-03-01']])
		ok(await estates.patch(`/v1/assets/${a.id}`, {name, effective_on}, {match: '*'}), 200);
	const on = async day => (await estates.get(`/v1/assets/${a.id}?valid_on=${day}`)).json.name;
	assert.equal((await estates.get(`/v1/assets/${a.id}`)).json.name, 'Third');
	const today = (await reg.sql(`select (now() at time zone 'Europe/London')::date as day`))[0].day;
	assert.deepEqual([await on('2026-02-01'), await on('2026-04-01'), await on('2026-07-01'), await on(today)],
		['Old Hall', 'Third', 'Second', 'Third']);
});

test('lists: filters in the address, pages by key while others write', async () => {
	const made = [];
	for (let i = 0; i < 12; i++)
		made.push((await newAsset({class: 'WOODLAND', name: `Wood ${i}z`, easting: 300000 + i * 1000, northing: 700000})).id);
	const seen = [];
	let next = '/v1/assets?class=WOODLAND&limit=5';
	while (next) {
		const page = await anyone.get(next);
		seen.push(...page.json.items.map(i => i.id));
		next = page.json.next;
		await newAsset({class: 'OTHER'});
		if (seen.length === 5)
			await estates.patch(`/v1/assets/${made[1]}`, {name: 'Touched'}, {match: '*'});
	}
	assert.deepEqual(seen, made);
	const ids = async query => (await anyone.get(`/v1/assets?${query}`)).json.items.map(i => i.id);
	assert.deepEqual(await ids('q=wood%207z'), [made[7]]);
	const place = (await anyone.get(`/v1/assets/${made[3]}`)).json;
	assert.deepEqual(await ids(`near=${place.lat},${place.lon},100`), [made[3]]);
	assert.equal((await ids('class=WOODLAND,HALL&limit=1000')).length > 12, true);
	assert.equal((await ids('lifecycle=DISPOSED')).length, 0);
	assert.equal((await ids(`decile=0&class=WOODLAND`)).length, 12);
	for (const query of ['limit=0', 'limit=1001', 'limit=x', 'colour=red', 'near=1,2', 'near=0,0,5', 'limit=5&limit=6'])
		problem(await anyone.get(`/v1/assets?${query}`), 400, 'bad-query');
	problem(await anyone.get('/v1/assets?cursor=bm9wZQ'), 400, 'bad-cursor');
	const cursor = new URL((await anyone.get('/v1/assets?class=WOODLAND&limit=1')).json.next, reg.url).searchParams.get('cursor');
	problem(await anyone.get(`/v1/assets?class=HALL&cursor=${cursor}`), 400, 'bad-cursor');
});

test('after all of this the register is sound', () => assertSound(reg));
