// Asset transfer requests through the door: made once, moved by events, dated by law, each move
// one change; disposals with their frozen baseline.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, makeKey, ok, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const council = ok(await admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'T2'}));
const as = async (...roles) => admin.as((await makeKey(reg, {roles: {[council.id]: roles}})).key);
const [estates, decider, finance] = [await as('ESTATES'), await as('DECIDER'), await as('FINANCE')];
const stranger = admin.as((await makeKey(reg, {roles: {[other.id]: ['ESTATES', 'DECIDER', 'FINANCE']}})).key);
const newBody = async (more = {}) => ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30, ...more})).id;
const body = await newBody();

let n = 0;
const newAsset = async (more = {}) => ok(await estates.post('/v1/assets',
	{authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', ...more})).id;
const ask = (sent, who = estates, key = `key-${++n}`) => who.post('/v1/requests',
	{community_body_id: body, kind: 'OWNERSHIP', received_on: '2026-10-01', ...sent}, {idempotency: key});
const newRequest = async (sent = {}) => ok(await ask({asset_id: sent.asset_id ?? await newAsset(), ...sent}));
const act = (id, event, on, more = {}, who = estates) => who.post(`/v1/requests/${id}/events`, {event, on, ...more});
const AGREE = {terms: 'as asked', matters: MATTERS, price_pence: 100};
const REFUSE = {grounds: [{matter: 'H', text: 'the land is needed for the school'}]};
/** Notices given on the day of validation, and the time for representations over: from 30 October 2026 on it is assessed. */
const assess = async id => {
	ok(await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}));
	return ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
};
const OF_RECEIVED = ['INELIGIBLE', 'DECLINE_REPEAT', 'MISSING_ITEMS', 'ITEM_RECEIVED', 'VALIDATE', 'WITHDRAW'];
const rows = async table => (await reg.sql(`select count(*)::int as n from assetd.${table}`))[0].n;
const changes = subject => reg.sql('select type, subject_seq, data from assetd.change where subject = $1 order by subject_seq', [subject]);

test('a request is made once for its key, with the next reference', async () => {
	const asset_id = await newAsset();
	problem(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}), 400, 'bad-idempotency-key');
	const first = await ask({asset_id, kind: 'LEASE', offer_pence: 100, reasons: 'To keep it open'}, estates, 'same');
	const r = ok(first);
	assert.equal(first.headers.location, `/v1/requests/${r.id}`);
	assert.deepEqual([r.reference, r.state, r.level, r.route, r.state_on, r.validated_on], ['ATR-2026-1', 'RECEIVED', 'FIRST', 'LA_REVIEW', '2026-10-01', null]);
	assert.deepEqual(r.allowed, OF_RECEIVED);
	assert.deepEqual([r.deadlines, r.flags], [[], []]);
	assert.equal(r.items.length, 17);
	assert.ok(r.items.every(i => i.received_on === '2026-10-01'));
	const again = await ask({asset_id, kind: 'LEASE', offer_pence: 100, reasons: 'To keep it open'}, estates, 'same');
	assert.deepEqual([again.status, again.json.id, again.headers['idempotency-replayed']], [201, r.id, 'true']);
	problem(await ask({asset_id, kind: 'LEASE', offer_pence: 101}, estates, 'same'), 422, 'idempotency-key-reused');
	assert.equal((await newRequest()).reference, 'ATR-2026-2');
	assert.equal((await newRequest({received_on: '2025-12-31'})).reference, 'ATR-2025-1');
});

test('one key a hundred times at once: one request', async () => {
	const asset_id = await newAsset();
	const before = await rows('request');
	const replies = await Promise.all(Array.from({length: 100}, () => ask({asset_id}, estates, 'hundred')));
	assert.equal(await rows('request'), before + 1);
	const ids = new Set(replies.filter(r => r.status === 201).map(r => r.json.id));
	assert.equal(ids.size, 1);
	assert.ok(replies.every(r => r.status === 201 || (r.status === 409 && r.json.type === '/v1/problems/in-progress')));
});

test('references have no gaps, whoever fails between', async () => {
	const asset_id = await newAsset();
	const start = Number((await newRequest({asset_id})).reference.split('-')[2]);
	// Whoever waits for half a second in the authority's turn is told to come again (503), and does, with the same key.
	let busy = 0;
	const served = (sent, key) => until(async () => {
		const reply = await ask(sent, estates, key);
		busy += reply.status === 503;
		return reply.status !== 503 && reply;
	}, {what: 'its turn'});
	const replies = await reg.cluster.session(async db => {
		await db.query('begin');
		await db.query('select from assetd.land_turn where authority_id = $1 for update', [council.id]);
		const all = Array.from({length: 20}, (_, i) => served({asset_id, ...(i % 2 && {community_body_id: `cbo_${'0'.repeat(26)}`})}, `gap-${i}`));
		await until(() => busy > 0, {what: 'somebody to wait in vain'});
		await db.query('commit');
		return Promise.all(all);
	}, {database: reg.database});
	assert.deepEqual(new Set(replies.map(r => r.status)), new Set([201, 422]));
	const got = replies.filter(r => r.status === 201).map(r => Number(r.json.reference.split('-')[2])).sort((a, b) => a - b);
	assert.deepEqual(got, Array.from({length: got.length}, (_, i) => start + 1 + i));
	// They take turns at the land; who waits too long on a busy machine, or meets more rivals than were there, is told to come again.
	const said = replies.map(r => `${r.status} ${r.json.type ?? ''}`);
	assert.ok(got.length > 0 && said.every((line, i) => i % 2 ? line.startsWith('422') : /^(201|409 .*conflict|503 .*busy)/.test(line)), said.join());
});

test('only a challenge can be late on one reading', async () => {
	const {id} = await newRequest({received_on: '2026-06-01'});
	ok(await act(id, 'VALIDATE', '2026-06-01', {acknowledged_on: '2026-06-01'}));
	ok(await act(id, 'NOTICES_ISSUED', '2026-06-01', {representations_close_on: '2026-06-30'}));
	const refused = ok(await act(id, 'REFUSE', '2026-07-15', REFUSE, decider));
	const k8 = refused.deadlines.find(d => d.clock === 'K8');
	assert.deepEqual([k8.due_on, k8.late_after_on], ['2026-08-11', '2026-08-12'], '3 August is a bank holiday');
	ok(await act(id, 'REVIEW_APPLIED', '2026-08-03'));
	const told = ok(await act(id, 'PARTIES_NOTIFIED', '2026-08-12'));
	assert.deepEqual([told.state, told.flags], ['UNDER_REVIEW', []], 'the council acted between the two, the body in time');
	// The time for representations has ended since, and nothing follows it.
	const k16 = told.deadlines.find(d => d.clock === 'K16');
	assert.deepEqual([k16.due_on, k16.state, told.deadlines.find(d => d.clock === 'K14').state], ['2026-08-26', 'MISSED', 'RUNNING']);
	const closed = ok(await anyone.get(`/v1/requests/${id}/events`), 200).items.findLast(e => e.event === 'REPRESENTATIONS_CLOSED');
	assert.deepEqual([closed.on, closed.actor, closed.state_from, closed.state_to], ['2026-08-26', 'SYSTEM', 'UNDER_REVIEW', 'UNDER_REVIEW']);
	assert.equal((await reg.sql('select type from assetd.change where id = $1', [closed.id]))[0].type, 'request.representations_closed');
	assert.match((await anyone.get(`/requests/${id}`)).text, /Representations in a review or appeal: 26 August 2026, <span>time is over</);
});

test('the straight way to the end, dated by law', async () => {
	const asset_id = await newAsset();
	const {id} = await newRequest({asset_id, offer_pence: 5_000_000});
	const validated = ok(await act(id, 'VALIDATE', '2026-10-01'));
	assert.deepEqual([validated.state, validated.validated_on, validated.version], ['VALIDATED', '2026-10-01', 4], 'acknowledgement and notices are late');
	const [k6] = validated.deadlines;
	assert.deepEqual([k6.clock, k6.starts_on, k6.due_on, k6.late_after_on, k6.state, k6.whose, k6.confidence, k6.held, k6.provisional, k6.skipped],
		['K6', '2026-10-01', '2027-04-01', '2027-04-01', 'RUNNING', 'AUTHORITY', 'C', false, false, []]);
	assert.ok(k6.how.every(s => /\.$/.test(s)) && k6.how.join(' ').includes('1 April 2027') && k6.citation.includes('82(8)'));
	const asset = ok(await anyone.get(`/v1/assets/${asset_id}`), 200);
	assert.deepEqual([asset.disposal.allowed, asset.disposal.request_id, asset.version], [false, id, 2]);
	const open = ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	assert.deepEqual([open.state, open.version], ['UNDER_ASSESSMENT', 6], 'what time has done since comes with it');
	const agreed = ok(await act(id, 'AGREE', '2026-10-30', AGREE, decider));
	const clocks = r => r.deadlines.map(d => [d.clock, d.due_on, d.state]);
	assert.deepEqual(clocks(agreed), [['K6', '2027-04-01', 'MET'], ['K1', '2026-10-22', 'MISSED'], ['K3', '2026-10-22', 'MET'],
		['K4', '2026-10-29', 'MISSED'], ['K18', '2027-04-30', 'RUNNING']]);
	ok(await act(id, 'OFFER', '2026-10-31'));
	const contracted = ok(await act(id, 'CONCLUDE_CONTRACT', '2026-11-01'));
	assert.deepEqual(clocks(contracted).slice(-2), [['K18', '2027-04-30', 'MET'], ['K19', '2027-04-30', 'MET']]);
	assert.equal((await anyone.get(`/v1/assets/${asset_id}`)).json.disposal.allowed, true);
	const done = ok(await act(id, 'COMPLETE', '2026-11-20', {cost_pence: 300}));
	assert.deepEqual([done.state, done.allowed], ['COMPLETED', []]);
	assert.deepEqual((await changes(id)).map(c => c.type), ['request.received', 'request.validated', 'deadline.missed', 'deadline.missed',
		'request.notices_issued', 'request.representations_closed', 'request.agreed', 'request.offered', 'request.contracted', 'request.completed']);
	assert.deepEqual((await changes(asset_id)).map(c => c.type), ['asset.created', 'asset.updated', 'asset.updated', 'asset.disposed']);
	const [disposal] = (await anyone.get(`/v1/assets/${asset_id}/disposals`)).json.items;
	assert.deepEqual([disposal.kind, disposal.completed_on, disposal.gross_pence, disposal.cost_pence, disposal.to, disposal.request_id],
		['TRANSFER', '2026-11-20', 100, 300, 'Hall Trust', id]);
	assert.equal((await anyone.get(`/v1/assets/${asset_id}`)).json.lifecycle, 'DISPOSED');
	const {items} = (await anyone.get(`/v1/requests/${id}/events`)).json;
	assert.deepEqual(items.map(e => [e.number, e.event, e.on, e.state_from, e.state_to]), [
		[1, 'RECEIVED', '2026-10-01', null, 'RECEIVED'], [2, 'VALIDATE', '2026-10-01', 'RECEIVED', 'VALIDATED'],
		[3, 'NOTICES_ISSUED', '2026-10-01', 'VALIDATED', 'REPRESENTATIONS_OPEN'],
		[4, 'REPRESENTATIONS_CLOSED', '2026-10-29', 'REPRESENTATIONS_OPEN', 'UNDER_ASSESSMENT'],
		[5, 'AGREE', '2026-10-30', 'UNDER_ASSESSMENT', 'AGREED'], [6, 'OFFER', '2026-10-31', 'AGREED', 'OFFER_MADE'],
		[7, 'CONCLUDE_CONTRACT', '2026-11-01', 'OFFER_MADE', 'CONTRACT_CONCLUDED'], [8, 'COMPLETE', '2026-11-20', 'CONTRACT_CONCLUDED', 'COMPLETED']]);
	assert.deepEqual([items[4].payload.terms, items[4].payload.price_pence, items[4].actor, items[3].actor], ['as asked', undefined, 'AUTHORITY', 'SYSTEM']);
	const {items: full} = (await finance.get(`/v1/requests/${id}/events`)).json;
	assert.deepEqual([full[4].payload.price_pence, full[3].actor], [100, 'SYSTEM'], 'nobody did what time does');
});

test('what the state forbids is refused with what it allows', async () => {
	const {id} = await newRequest();
	const before = await rows('request_event');
	assert.deepEqual(problem(await act(id, 'AGREE', '2026-10-02', AGREE, admin), 409, 'transition-not-allowed').allowed, OF_RECEIVED);
	problem(await act(id, 'VALIDATE', '2026-11-22'), 422, 'date-in-future', '/on');
	problem(await act(id, 'VALIDATE', '2026-10-02'), 422, 'validation-date', '/on');
	problem(await act(id, 'FLY', '2026-10-01'), 422, 'invalid', '/event');
	problem(await act(id, 'WITHDRAW', '2026-09-30'), 409, 'before-cause', '/on');
	problem(await act(id, 'WITHDRAW', '2026-10-01', {terms: 'x'}), 422, 'invalid', '/terms');
	assert.equal(await rows('request_event'), before, 'nothing stored');
	const gone = ok(await act(id, 'WITHDRAW', '2026-10-01'));
	assert.deepEqual([gone.state, gone.allowed], ['WITHDRAWN', []]);
	assert.deepEqual(problem(await act(id, 'WITHDRAW', '2026-10-02'), 409, 'transition-not-allowed').allowed, []);
	problem(await estates.patch(`/v1/requests/${id}`, {offer_pence: 1}, {match: '*'}), 409, 'transition-not-allowed');
});

test('who may: ESTATES moves, DECIDER decides and overrides', async () => {
	const {id} = await newRequest({community_body_id: await newBody({legal_form: 'UNINCORPORATED'})});
	problem(await act(id, 'VALIDATE', '2026-10-01', {}, decider), 403, 'forbidden');
	problem(await act(id, 'VALIDATE', '2026-10-01', {}, stranger), 403, 'forbidden');
	problem(await act(id, 'VALIDATE', '2026-10-01'), 422, 'not-eligible', '/override_reason');
	problem(await act(id, 'VALIDATE', '2026-10-01', {override_reason: 'designated by order'}), 403, 'forbidden');
	const both = await as('ESTATES', 'DECIDER');
	const r = ok(await act(id, 'VALIDATE', '2026-10-01', {override_reason: 'designated by order'}, both));
	assert.deepEqual([r.flags, r.override_reason], [['ELIGIBILITY_OVERRIDDEN'], 'designated by order']);
	ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	problem(await act(id, 'REFUSE', '2026-10-30', REFUSE), 403, 'forbidden');
	problem(await act(id, 'REFUSE', '2026-10-30', {}, decider), 422, 'invalid', '/grounds');
	assert.equal(ok(await act(id, 'REFUSE', '2026-10-30', REFUSE, decider)).state, 'REFUSED');
	problem(await act(id, 'WITHDRAW', '2026-10-31', {}, anyone), 401, 'unauthenticated');
	problem(await act(`atr_${'0'.repeat(26)}`, 'WITHDRAW', '2026-10-06'), 404, 'not-found');
});

test('the offer is seen by FINANCE, changed by PATCH, and told as request.updated', async () => {
	const {id} = await newRequest({offer_pence: 100, expected_on: '2028-01-01'});
	assert.equal('offer_pence' in (await anyone.get(`/v1/requests/${id}`)).json, false);
	assert.equal((await finance.get(`/v1/requests/${id}`)).json.offer_pence, 100);
	problem(await estates.patch(`/v1/requests/${id}`, {offer_pence: 200}), 428, 'precondition-required');
	const p = await estates.patch(`/v1/requests/${id}`, {offer_pence: 200, expected_on: null}, {match: '"1-r"'});
	assert.deepEqual([ok(p, 200).version, p.json.expected_on], [2, null]);
	assert.equal((await finance.get(`/v1/requests/${id}`)).json.offer_pence, 200);
	problem(await estates.patch(`/v1/requests/${id}`, {kind: 'LEASE'}, {match: '*'}), 422, 'invalid', '/kind');
	const [, change] = await reg.sql(`select c.type, c.data, m.before, m.after from assetd.change as c left join assetd.change_money as m on m.change_id = c.id
		where c.subject = $1 order by subject_seq`, [id]);
	assert.deepEqual([change.type, change.before, change.after, 'offer_pence' in change.data], ['request.updated', {offer_pence: 100}, {offer_pence: 200}, false]);
	problem(await stranger.patch(`/v1/requests/${id}`, {offer_pence: 1}, {match: '*'}), 403, 'forbidden');
});

test('both time axes: as it was true on a day, as it was known at a moment', async () => {
	const r = await newRequest({received_on: '2026-08-03', offer_pence: 100});
	const early = (await reg.sql('select max(lower(known)) as at from assetd.fact where subject = $1', [r.id]))[0].at.toISOString().replace('Z', '999Z');
	ok(await act(r.id, 'VALIDATE', '2026-08-03'));
	ok(await act(r.id, 'NOTICES_ISSUED', '2026-08-03', {representations_close_on: '2026-09-01'}));
	ok(await estates.patch(`/v1/requests/${r.id}`, {offer_pence: 250, expected_on: '2027-05-01'}, {match: '*'}), 200);
	ok(await act(r.id, 'AGREE', '2026-11-20', AGREE, decider));
	const at = async (query, who = finance) => ok(await who.get(`/v1/requests/${r.id}?${query}`), 200);
	const states = {};
	for (const day of ['2026-08-03', '2026-11-19', '2026-11-20', '2026-11-21'])
		states[day] = (await at(`valid_on=${day}`)).state;
	assert.deepEqual(states, {'2026-08-03': 'REPRESENTATIONS_OPEN', '2026-11-19': 'UNDER_ASSESSMENT', '2026-11-20': 'AGREED', '2026-11-21': 'AGREED'});
	const then = await at(`known_at=${early}`);
	assert.deepEqual([then.state, then.offer_pence, then.version, then.expected_on], ['RECEIVED', 100, 1, null], 'what was known then');
	const now = await at('valid_on=2026-11-21');
	assert.deepEqual([now.version, now.offer_pence, now.expected_on, now.bar.from_on, now.restricted_fields], [8, 250, '2027-05-01', '2026-08-03', []]);
	const present = ok(await finance.get(`/v1/requests/${r.id}`), 200);
	for (const field of Object.keys(present).filter(f => !['items', 'deadlines', 'allowed', 'links'].includes(f)))
		assert.deepEqual(now[field], present[field], field);
	const seen = await at('valid_on=2026-11-21', anyone);
	assert.equal('offer_pence' in seen, false);
	assert.ok(seen.restricted_fields.includes('offer_pence'));
	problem(await anyone.get(`/v1/requests/${r.id}?valid_on=2026-08-02`), 404, 'not-found');
	for (const query of ['valid_on=2026-02-30', 'known_at=yesterday', 'known_at=2026-01-01T25:00:00Z', 'known_at=2026-01-01T10:00:00',
		'known_at=2026-01-01T10:00:00.Z', 'known_at=2026-01-01T10:00:00%2B99:00', 'valid_on=2026-01-01&valid_on=2026-01-02'])
		problem(await anyone.get(`/v1/requests/${r.id}?${query}`), 400, 'bad-query');
});

test('two events at one version: one is told to read again', async () => {
	const {id} = await newRequest();
	const both = await Promise.all([1, 2].map(() => act(id, 'WITHDRAW', '2026-10-02')));
	assert.equal(both.filter(r => r.status === 201).length, 1);
	assert.ok(both.every(r => [201, 409].includes(r.status)), both.map(r => r.text).join());
	assert.deepEqual((await changes(id)).map(c => c.subject_seq), [1, 2]);
});

test('from enquiry to request, and land that is in no list', async () => {
	const r = await newRequest({stage: 'ENQUIRY', received_on: '2026-09-01'});
	assert.deepEqual([r.state, r.items.length, r.allowed], ['ENQUIRY', 0, ['EXPRESS_INTEREST', 'SUBMIT', 'WITHDRAW']]);
	ok(await act(r.id, 'EXPRESS_INTEREST', '2026-09-05'));
	const s = ok(await act(r.id, 'SUBMIT', '2026-10-05', {items: [{code: 'WRITING', received_on: '2026-10-05'}]}));
	assert.deepEqual([s.state, s.received_on, s.items.filter(i => i.received_on).length], ['RECEIVED', '2026-10-05', 1]);
	const lacks = problem(await act(r.id, 'VALIDATE', '2026-10-05'), 409, 'items-missing').errors[0].detail;
	assert.match(lacks, /^Still missing: words saying that it is an asset transfer request under Part 5 of the Act; the name of the body; a contact address; /, 'in words');
	const one = ok(await act(r.id, 'ITEM_RECEIVED', '2026-10-09', {code: 'PRICE'}));
	assert.equal(one.items.find(i => i.code === 'PRICE').received_on, '2026-10-09');
	const land = ok(await ask({land: {authority_id: council.id, description: 'The strip behind the old mill'}}));
	assert.deepEqual([land.asset_id, land.land.description, land.authority_id], [null, 'The strip behind the old mill', council.id]);
	problem(await ask({land: {authority_id: council.id, description: 'x'}}, stranger), 403, 'forbidden');
	problem(await ask({}), 422, 'invalid', '/asset_id');
	problem(await ask({asset_id: `ast_${'0'.repeat(26)}`}), 422, 'invalid', '/asset_id');
	problem(await ask({asset_id: await newAsset(), received_on: '2026-11-22'}), 422, 'date-in-future', '/received_on');
});

test('a live request holds its asset, and the first bars the second', async () => {
	const asset_id = await newAsset();
	const first = await newRequest({asset_id});
	problem(await estates.delete(`/v1/assets/${asset_id}`, {match: '*'}), 409, 'asset-under-request');
	const rival = await newBody({name: 'Rival'});
	const second = await newRequest({asset_id, community_body_id: rival, received_on: '2026-10-02'});
	ok(await act(first.id, 'VALIDATE', '2026-10-01'));
	ok(await act(second.id, 'VALIDATE', '2026-10-02'));
	ok(await act(second.id, 'NOTICES_ISSUED', '2026-10-02', {representations_close_on: '2026-10-30'}));
	for (const [event, on, more] of [['AGREE', '2026-11-02', AGREE], ['OFFER', '2026-11-03', {}]])
		ok(await act(second.id, event, on, more, admin));
	assert.match(problem(await act(second.id, 'CONCLUDE_CONTRACT', '2026-11-04'), 409, 'disposal-barred').errors[0].detail, new RegExp(first.reference));
	const sale = {kind: 'MARKET', completed_on: '2026-11-04', gross_pence: 1, to: 'A developer'};
	problem(await finance.post(`/v1/assets/${asset_id}/disposals`, sale), 409, 'disposal-barred');
	ok(await act(first.id, 'WITHDRAW', '2026-11-05'));
	ok(await act(second.id, 'CONCLUDE_CONTRACT', '2026-11-06'));
	assert.deepEqual((await anyone.get(`/v1/assets/${asset_id}/requests`)).json.items.map(r => r.state), ['WITHDRAWN', 'CONTRACT_CONCLUDED']);
	assert.equal((await anyone.get(`/v1/requests?asset_id=${asset_id}&is_open=true`)).json.items.length, 1);
});

test('a disposal freezes the baseline to the penny and flags who asked for the land', async () => {
	const asset_id = await newAsset();
	ok(await finance.post(`/v1/assets/${asset_id}/valuations`, {amount_pence: 20_000_000, basis: 'MV', valued_on: '2026-04-01'}));
	ok(await finance.put(`/v1/assets/${asset_id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15', agreed_price_pence: 20_000_000}, {headers: {'If-None-Match': '*'}}));
	const r = await newRequest({asset_id});
	const sale = {kind: 'MARKET', completed_on: '2026-11-21', gross_pence: 19_000_000, cost_pence: 5, to: 'A developer', exemption: 'ADVERTISED'};
	problem(await estates.post(`/v1/assets/${asset_id}/disposals`, sale), 403, 'forbidden');
	problem(await finance.post(`/v1/assets/${asset_id}/disposals`, {...sale, completed_on: '2026-11-22'}), 422, 'date-in-future', '/completed_on');
	problem(await finance.post(`/v1/assets/${asset_id}/disposals`, {...sale, gross_pence: -1}), 422, 'invalid', '/gross_pence');
	const d = ok(await finance.post(`/v1/assets/${asset_id}/disposals`, sale));
	assert.deepEqual([d.kind, d.gross_pence, d.to, d.exemption], ['MARKET', 19_000_000, 'A developer', 'ADVERTISED']);
	const [{baseline}] = await reg.sql('select baseline from assetd.disposal_money where asset_id = $1', [asset_id]);
	// MODEL.md C1: 0.75 of the price, spread 55, 25, 12 and 8 in a hundred; 2 % + £2,500 of cost.
	assert.deepEqual(Object.keys(baseline).sort(), ['2027-28Q1', '2027-28Q2', '2027-28Q3', '2028-29Q1']);
	assert.deepEqual(baseline['2027-28Q1'], {GM: 8_250_000, CM: 268_125, RENT: 0});
	assert.equal(Object.values(baseline).reduce((sum, c) => sum + c.GM - c.CM, 0), 14_512_500);
	const flagged = ok(await anyone.get(`/v1/requests/${r.id}`), 200);
	assert.deepEqual([flagged.state, flagged.flags, flagged.version], ['RECEIVED', ['LAND_DISPOSED'], 2]);
	await assess(r.id);
	problem(await act(r.id, 'AGREE', '2026-10-30', AGREE, decider), 409, 'land-disposed');
	problem(await finance.post(`/v1/assets/${asset_id}/disposals`, sale), 409, 'land-disposed');
	problem(await finance.put(`/v1/assets/${asset_id}/disposal-plan`, {method: 'NONE'}, {match: '*'}), 409, 'land-disposed');
	problem(await estates.patch(`/v1/assets/${asset_id}`, {lifecycle: 'SURPLUS'}, {match: '*'}), 409, 'lifecycle-follows-plan');
	assert.deepEqual((await anyone.get(`/v1/assets/${asset_id}/disposals/${d.id}`)).json, d);
});

test('deadlines as iCalendar: whole days, cancelled when met', async () => {
	const {id, reference} = await newRequest();
	ok(await act(id, 'VALIDATE', '2026-10-01'));
	const got = await anyone.get(`/v1/requests/${id}/deadlines.ics`);
	assert.deepEqual([got.status, got.headers['content-type'], got.headers.etag], [200, 'text/calendar; charset=utf-8', '"4-i"']);
	const lines = got.text.replaceAll('\r\n ', '').split('\r\n');
	assert.ok(lines.some(line => line.startsWith(`SUMMARY:${reference}\\, `) && line.endsWith(': Decision notice')), 'and for what');
	assert.ok(lines.includes('DTSTART;VALUE=DATE:20270401') && lines.includes('DTEND;VALUE=DATE:20270402') && lines.includes('STATUS:CONFIRMED'));
	assert.ok(lines.includes(`UID:${id}-K6-1`));
	assert.equal((await anyone.get(`/v1/requests/${id}/deadlines.ics`, {headers: {'If-None-Match': '"4-i"'}})).status, 304);
	ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	ok(await act(id, 'AGREE', '2026-10-30', AGREE, decider));
	const after = (await anyone.get(`/v1/requests/${id}/deadlines.ics`)).text;
	assert.match(after, /UID:atr_\w+-K6[^]*?STATUS:CANCELLED[^]*?K18[^]*?STATUS:CONFIRMED/);
});

test('incomplete, ineligible, declined as a repeat: three different things', async () => {
	const some = ['NAME', 'ADDRESS', 'PART5'].map(code => ({code, received_on: '2026-10-01'}));
	const one = await newRequest({items: some});
	problem(await act(one.id, 'MISSING_ITEMS', '2026-10-02', {items: ['NAME']}), 422, 'invalid', '/items/0');
	const waits = ok(await act(one.id, 'MISSING_ITEMS', '2026-10-02', {items: ['PRICE', 'USE']}));
	assert.deepEqual([waits.state, waits.deadlines.map(d => [d.clock, d.state])], ['INCOMPLETE', [['K2', 'MET']]]);
	assert.deepEqual(waits.allowed, OF_RECEIVED.filter(e => e !== 'MISSING_ITEMS'));
	problem(await act(one.id, 'INELIGIBLE', '2026-10-03'), 422, 'invalid', '/reasons');
	assert.equal(ok(await act(one.id, 'INELIGIBLE', '2026-10-03', {reasons: 'No constitution'})).state, 'INELIGIBLE');

	const asset_id = await newAsset();
	const first = await newRequest({asset_id});
	await assess(first.id);
	const again = await newRequest({asset_id, received_on: '2026-11-05'});
	const decline = (more, who) => act(again.id, 'DECLINE_REPEAT', '2026-11-06', {reasons: 'As before', ...more}, who);
	problem(await decline({earlier_request_id: first.id}), 422, 'invalid', '/earlier_request_id');
	ok(await act(first.id, 'REFUSE', '2026-10-30', REFUSE, decider));
	problem(await decline({}), 422, 'invalid', '/earlier_request_id');
	problem(await decline({earlier_request_id: one.id}), 422, 'invalid', '/earlier_request_id');
	assert.equal(ok(await decline({earlier_request_id: first.id})).state, 'DECLINED_REPEAT');
});

test('recorded late: judged on its own day, and what time did since is taken back', async () => {
	const {id} = await newRequest({received_on: '2026-01-05'});
	ok(await act(id, 'VALIDATE', '2026-01-05'));
	const silent = ok(await act(id, 'BAR_LIFTED', '2026-08-20', {exemption: 'DIRECTION', dated_on: '2026-08-19', reasons: 'For the school'}, decider));
	assert.deepEqual([silent.state, silent.flags, silent.bar.to_on], ['NO_DECISION', ['CHALLENGE_LAPSED'], '2026-08-20']);
	const asked = ok(await act(id, 'REVIEW_APPLIED', '2026-08-25'));
	assert.deepEqual([asked.state, asked.flags], ['NO_DECISION', ['CHALLENGE_LAPSED', 'LATE_CHALLENGE']], 'kept, and late');
	assert.match(problem(await act(id, 'REVIEW_APPLIED', '2026-07-30'), 409, 'transition-not-allowed').detail,
		/recorded as late stands before this one.*Correct its day/, 'and says how one that was in time is got in');

	const two = await newRequest({received_on: '2026-01-05'});
	ok(await act(two.id, 'VALIDATE', '2026-01-05'));
	ok(await act(two.id, 'NOTICES_ISSUED', '2026-01-06', {representations_close_on: '2026-02-06'}));
	assert.equal(ok(await anyone.get(`/v1/requests/${two.id}`), 200).state, 'NO_DECISION');
	const refused = ok(await act(two.id, 'REFUSE', '2026-07-03', REFUSE, decider));
	assert.deepEqual([refused.state, refused.state_on, refused.bar.to_on], ['CLOSED_REFUSED', '2026-07-30', '2026-07-30'], 'and nobody challenged it');
	const under = ok(await act(two.id, 'REVIEW_APPLIED', '2026-07-30'));
	assert.deepEqual([under.state, under.level, under.bar.to_on], ['UNDER_REVIEW', 'FIRST', null], 'posted on the last day');
	problem(await act(two.id, 'REVIEW_DECIDED', '2026-09-01', {outcome: 'MODIFY'}, decider), 422, 'invalid', '/decision');
	const decided = ok(await act(two.id, 'REVIEW_DECIDED', '2026-11-02', {outcome: 'CONFIRM'}, decider));
	assert.deepEqual([decided.state, decided.level, decided.allowed], ['REFUSED_AFTER_REVIEW', 'REVIEW', ['APPEAL_LODGED', 'WITHDRAW', 'BAR_LIFTED']]);
	assert.equal(decided.deadlines.find(d => d.clock === 'K13').due_on, '2026-11-27');
	const {items} = (await anyone.get(`/v1/requests/${two.id}/events`)).json;
	const undone = items.filter(e => e.superseded_by);
	assert.deepEqual(undone.map(e => [e.event, items.find(o => o.id === e.superseded_by).event]),
		[...['NOTICES_ISSUED', 'REFUSE'].flatMap(by => [['NO_DECISION', by], ['RIGHT_LAPSED', by]]), ['RIGHT_LAPSED', 'REVIEW_APPLIED']]);
	assert.ok(undone.every(e => e.actor === 'SYSTEM'));
	const told = await changes(two.id);
	assert.deepEqual(told.map(c => c.subject_seq), told.map((_, i) => i + 1));
	assert.equal(told.filter(c => c.type.startsWith('request.')).length, items.length, 'each is a change');
	// What was known too late to approach is told as missed alone, and nothing twice, though time was taken back three times.
	assert.deepEqual(told.filter(c => c.type.startsWith('deadline.')).map(c => [c.type.slice(9), c.data.clock, c.data.due_on]),
		[['missed', 'K1', '2026-01-26'], ['missed', 'K3', '2026-01-26'], ['missed', 'K6', '2026-07-05'], ['approaching', 'K9', '2026-07-31'],
			['missed', 'K15', '2026-08-13'], ['approaching', 'K13', '2026-11-27']]);
});

test('the tables themselves hold what is confirmed, whoever writes', async () => {
	const {id} = await newRequest();
	ok(await act(id, 'VALIDATE', '2026-10-01'));
	const fresh = await newRequest();
	await reg.cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		for (const [set, rule, of] of [["level = 'REVIEW', route = 'MINISTERS_APPEAL'", 'request_level_has_route', id],
			["bar_from = '2026-10-02'", 'request_bar_begins', id], ["bar_to = '2026-10-02'", 'request_bar_ends', fresh.id]]) {
			await db.query('begin; set local session_replication_role = replica'); // no triggers, which want an actor
			await assert.rejects(db.query(`update request set ${set} where id = $1`, [of]), {constraint: rule});
			await db.query('rollback');
		}
	}, {database: reg.database});
});

test('after all of this the register is sound', () => assertSound(reg));
