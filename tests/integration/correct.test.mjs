// CORRECT: what was recorded wrongly is replaced, the rest worked out again, and what stood stays to
// be seen.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, makeKey, ok, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-06-01T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other', kind: 'COUNCIL', code: 'O'}));
const as = async (roles, of = council) => admin.as((await makeKey(reg, {roles: {[of.id]: roles}})).key);
const [estates, decider, stranger] = [await as(['ESTATES']), await as(['ESTATES', 'DECIDER']), await as(['ESTATES', 'DECIDER'], other)];
const body = ok(await estates.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30})).id;

let n = 0;
const act = async (id, event, on, more = {}) => ok(await decider.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const GROUNDS = {grounds: [{matter: 'H', text: 'It is needed for the school.'}]};
async function made(more = {}) {
	const asset = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	return ok(await estates.post('/v1/requests', {asset_id: asset.id, community_body_id: body, kind: 'OWNERSHIP', received_on: '2026-01-05', ...more},
		{idempotency: `c${n}`}));
}
const history = async id => ok(await decider.get(`/v1/requests/${id}/events`), 200).items;
/** The entry that stands of an event. */
const entry = async (id, event) => (await history(id)).findLast(e => e.event === event && !e.superseded_by);
const correct = (id, event, on, more = {}, who = decider) => who.post(`/v1/requests/${id}/events`,
	{event: 'CORRECT', event_id: event.id, on, reasons: 'It was typed in wrongly', ...more});
const clock = (request, of) => request.deadlines.findLast(d => d.clock === of);
const changes = id => reg.sql('select id, type, subject_seq, reason, data from assetd.change where subject = $1 order by subject_seq', [id]);
async function refused(on) {
	const r = await made();
	await act(r.id, 'VALIDATE', '2026-01-05', {acknowledged_on: '2026-01-05'});
	await act(r.id, 'NOTICES_ISSUED', '2026-01-05', {representations_close_on: '2026-02-04'});
	return act(r.id, 'REFUSE', on, GROUNDS);
}

test('an item came later than was recorded: the validation and every date with it', async () => {
	const r = await made();
	await act(r.id, 'VALIDATE', '2026-01-05', {acknowledged_on: '2026-01-14'});
	const before = await act(r.id, 'NOTICES_ISSUED', '2026-01-14', {representations_close_on: '2026-02-16'});
	assert.deepEqual([before.validated_on, before.bar.from_on, clock(before, 'K6').due_on], ['2026-01-05', '2026-01-05', '2026-07-05']);
	const received = await entry(r.id, 'RECEIVED');
	const items = r.items.map(i => ({...i, received_on: i.code === 'PRICE' ? '2026-01-12' : '2026-01-05'}));
	const now = ok(await correct(r.id, received, '2026-01-05', {items}));
	assert.deepEqual([now.validated_on, now.bar.from_on, now.received_on, now.state], ['2026-01-12', '2026-01-12', '2026-01-05', before.state]);
	assert.deepEqual([clock(now, 'K6').starts_on, clock(now, 'K6').due_on, clock(now, 'K3').due_on], ['2026-01-12', '2026-07-12', '2026-02-02']);
	assert.equal(now.items.find(i => i.code === 'PRICE').received_on, '2026-01-12');
	const all = await history(r.id);
	const stands = all.filter(e => !e.superseded_by);
	assert.deepEqual(stands.filter(e => e.actor !== 'SYSTEM').map(e => `${e.on} ${e.event}`).sort(),
		['2026-01-05 RECEIVED', '2026-01-12 VALIDATE', '2026-01-14 NOTICES_ISSUED']);
	assert.deepEqual(all.filter(e => e.superseded_by).map(e => `${e.on} ${e.event}`).sort(), ['2026-01-05 RECEIVED', '2026-01-05 VALIDATE', '2026-02-16 REPRESENTATIONS_CLOSED'],
		'what stood is still there, and what time made behind it is made anew');
	const replaced = all.find(e => e.id === received.id).superseded_by;
	const [told, ...more] = (await changes(r.id)).filter(c => c.type === 'request.corrected');
	assert.deepEqual([told.id, told.reason, told.data.event_id, more], [replaced, 'It was typed in wrongly', received.id, []]);
	assert.equal(all.find(e => e.event === 'VALIDATE' && e.superseded_by).actor, all.find(e => e.event === 'VALIDATE' && !e.superseded_by).actor);
	assert.equal(now.version, (await changes(r.id)).length);
});

test('a whole request came a day later: what came with it follows', async () => {
	const r = await made();
	await act(r.id, 'VALIDATE', '2026-01-05', {acknowledged_on: '2026-01-08'});
	const now = ok(await correct(r.id, await entry(r.id, 'RECEIVED'), '2026-01-06'));
	assert.deepEqual([now.received_on, now.validated_on, clock(now, 'K6').due_on], ['2026-01-06', '2026-01-06', '2026-07-06']);
	assert.ok(now.items.every(i => i.received_on === '2026-01-06'));
	problem(await correct(r.id, await entry(r.id, 'RECEIVED'), '2026-01-09'), 409, 'transition-not-allowed');
});

test('a decision of an earlier day: time is worked out again, and back', async () => {
	const r = await refused('2026-05-20');
	assert.deepEqual([r.state, clock(r, 'K8').due_on], ['REFUSED', '2026-06-16']);
	const closed = ok(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-03-20'));
	assert.deepEqual([closed.state, closed.state_on, closed.bar.to_on, closed.allowed], ['CLOSED_REFUSED', '2026-04-17', '2026-04-17', []]);
	assert.equal(ok(await anyone.get(`/v1/assets/${r.asset_id}`), 200).disposal.allowed, true);
	const lapsed = (await history(r.id)).find(e => e.event === 'RIGHT_LAPSED');
	assert.deepEqual([lapsed.on, lapsed.actor, lapsed.state_to], ['2026-04-17', 'SYSTEM', 'CLOSED_REFUSED']);
	const open = ok(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-05-21'));
	assert.deepEqual([open.state, open.state_on, open.bar.to_on, clock(open, 'K8').due_on], ['REFUSED', '2026-05-21', null, '2026-06-17']);
	assert.equal((await history(r.id)).find(e => e.id === lapsed.id).superseded_by, (await entry(r.id, 'REFUSE')).id);
	assert.equal(ok(await anyone.get(`/v1/assets/${r.asset_id}`), 200).disposal.allowed, false);
	// Again and again: what time made stands behind what it followed from, whatever was put in its place.
	ok(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-03-20'));
	ok(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-03-20', {grounds: [{matter: 'H', text: 'It is needed for the nursery.'}]}));
	const [{chain}] = await reg.sql(`select array_agg(event::text order by coalesce(place, number), number) as chain from assetd.request_event
		where request_id = $1 and superseded_by is null`, [r.id]);
	assert.deepEqual(chain, ['RECEIVED', 'VALIDATE', 'NOTICES_ISSUED', 'REPRESENTATIONS_CLOSED', 'REFUSE', 'RIGHT_LAPSED']);
	ok(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-05-21'));
	// It goes on from there as if it had been recorded so.
	assert.equal((await act(r.id, 'REVIEW_APPLIED', '2026-05-29')).state, 'UNDER_REVIEW');
	assert.deepEqual((await history(r.id)).filter(e => !e.superseded_by && e.actor !== 'SYSTEM').map(e => e.event).sort(),
		['NOTICES_ISSUED', 'RECEIVED', 'REFUSE', 'REVIEW_APPLIED', 'VALIDATE']);
});

test('what a person did later must still be possible', async () => {
	const r = await refused('2026-05-20');
	await act(r.id, 'REVIEW_APPLIED', '2026-05-22');
	const why = problem(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-05-25'), 409, 'transition-not-allowed');
	assert.match(why.detail, /REVIEW_APPLIED of 2026-05-22 would then not be possible/);
	const same = ok(await anyone.get(`/v1/requests/${r.id}`), 200);
	assert.deepEqual([same.state, same.state_on], ['UNDER_REVIEW', '2026-05-22']);
});

test('a field that was typed in wrongly: terms, price, and what the law made of the day', async () => {
	const r = await made({offer_pence: 100});
	await act(r.id, 'VALIDATE', '2026-01-05', {acknowledged_on: '2026-01-05'});
	await act(r.id, 'NOTICES_ISSUED', '2026-01-05', {representations_close_on: '2026-02-04'});
	const agreed = await act(r.id, 'AGREE', '2026-05-20', {terms: 'as asked', matters: MATTERS, price_pence: 500});
	assert.equal(clock(agreed, 'K18').due_on, '2026-11-20');
	const now = ok(await correct(r.id, await entry(r.id, 'AGREE'), '2026-05-21', {price_pence: 5000, terms: 'as asked, and a wall'}));
	assert.deepEqual([now.state, clock(now, 'K18').due_on], ['AGREED', '2026-11-21']);
	const [{agreed_price_pence}] = await reg.sql('select agreed_price_pence from assetd.request_money where request_id = $1', [r.id]);
	assert.equal(agreed_price_pence, 5000);
	const stands = await entry(r.id, 'AGREE');
	assert.equal(stands.payload.terms, 'as asked, and a wall');
	assert.equal((await reg.sql('select payload from assetd.request_event_money where event_id = $1', [stands.id]))[0].payload.price_pence, 5000);
	problem(await correct(r.id, stands, '2026-05-21', {grounds: GROUNDS.grounds}), 422, 'invalid', '/grounds');
	problem(await correct(r.id, stands, '2026-05-21', {offer_by_on: '2026-06-01'}), 422, 'invalid', '/offer_by_on');
	for (const c of (await changes(r.id)))
		assert.ok(!JSON.stringify(c.data).includes('price_pence'), 'money is in no public part');
});

test('who may, and what is refused', async () => {
	const r = await refused('2026-05-20');
	const refuse = await entry(r.id, 'REFUSE');
	problem(await correct(r.id, refuse, '2026-05-19', {}, estates), 403, 'forbidden');
	problem(await correct(r.id, refuse, '2026-05-19', {}, stranger), 403, 'forbidden');
	problem(await correct(r.id, refuse, '2026-05-19', {}, anyone), 401, 'unauthenticated');
	problem(await correct(r.id, refuse, '2026-05-19', {reasons: null}), 422, 'invalid', '/reasons');
	problem(await correct(r.id, refuse, '2026-06-02'), 422, 'date-in-future', '/on');
	problem(await correct(r.id, refuse, '2026-01-04'), 409, 'transition-not-allowed');
	problem(await correct(r.id, {id: `evt_${'0'.repeat(26)}`}, '2026-05-19'), 422, 'invalid', '/event_id');
	problem(await correct(r.id, await entry(r.id, 'REPRESENTATIONS_CLOSED'), '2026-02-05'), 422, 'invalid', '/event_id');
	problem(await correct((await refused('2026-05-20')).id, refuse, '2026-05-19'), 422, 'invalid', '/event_id');
	ok(await correct(r.id, refuse, '2026-05-19'));
	problem(await correct(r.id, refuse, '2026-05-18'), 422, 'invalid', '/event_id'); // it stands no more
	const stale = await decider.post(`/v1/requests/${r.id}/events`, {event: 'CORRECT', event_id: (await entry(r.id, 'REFUSE')).id, on: '2026-05-18', reasons: 'x'},
		{headers: {'If-Match': '"1-f"'}});
	assert.equal(stale.status, 412, stale.text);
});

const preview = (id, event, on, more = {}, who = decider) => who.post(`/v1/requests/${id}/corrections`,
	{event: 'CORRECT', event_id: event.id, on, reasons: 'It was typed in wrongly', ...more});

test('a preview says which dates would move, and changes nothing', async () => {
	const r = await refused('2026-05-20');
	const refuse = await entry(r.id, 'REFUSE');
	const seen = ok(await preview(r.id, refuse, '2026-03-20'), 200);
	assert.deepEqual([seen.state, seen.level], [{was: 'REFUSED', is: 'CLOSED_REFUSED'}, {was: 'FIRST', is: 'FIRST'}]);
	const k8 = seen.moves.find(m => m.clock === 'K8');
	assert.deepEqual([k8.was_due_on, k8.due_on, k8.was_state, k8.state], ['2026-06-16', '2026-04-16', 'RUNNING', 'MISSED']);
	assert.deepEqual(seen.entries, [{what: 'CORRECTED', was_event: 'REFUSE', was_on: '2026-05-20', event: 'REFUSE', on: '2026-03-20'},
		{what: 'MADE_ANEW', event: 'RIGHT_LAPSED', on: '2026-04-17'}]);
	const now = ok(await anyone.get(`/v1/requests/${r.id}`), 200);
	assert.deepEqual([now.version, now.state], [r.version, 'REFUSED']);
	assert.deepEqual(ok(await preview(r.id, refuse, '2026-05-20'), 200).moves, [], 'as it was');
	problem(await preview(r.id, refuse, '2026-01-02'), 409, 'transition-not-allowed');
	assert.equal(ok(await preview(r.id, refuse, '2026-03-20', {}, estates), 200).state.is, 'CLOSED_REFUSED', 'who may propose may look');
	problem(await preview(r.id, refuse, '2026-03-20', {}, stranger), 403, 'forbidden');
});

test('an entry on the wrong request is struck out, and stays to be seen', async () => {
	const r = await refused('2026-05-20');
	const refuse = await entry(r.id, 'REFUSE');
	problem(await correct(r.id, refuse, '2026-05-20', {strike_out: true, grounds: GROUNDS.grounds}), 422, 'invalid', '/grounds');
	problem(await correct(r.id, refuse, '2026-05-20', {strike_out: true, becomes: 'AGREE'}), 422, 'invalid', '/becomes');
	problem(await correct(r.id, await entry(r.id, 'RECEIVED'), '2026-01-05', {strike_out: true}), 422, 'invalid', '/strike_out');
	problem(await correct(r.id, await entry(r.id, 'VALIDATE'), '2026-01-05', {strike_out: true}), 409, 'transition-not-allowed');
	const now = ok(await correct(r.id, refuse, '2026-05-20', {strike_out: true}));
	assert.deepEqual([now.state, now.bar.to_on, clock(now, 'K6').state, clock(now, 'K8')], ['UNDER_ASSESSMENT', null, 'RUNNING', undefined]);
	const all = await history(r.id);
	const struck = all.find(e => e.id === refuse.id);
	const by = all.find(e => e.id === struck.superseded_by);
	assert.deepEqual([by.event, by.superseded_by, by.payload], ['CORRECT', by.id, {strike_out: true}]);
	assert.equal((await changes(r.id)).at(-1).id, by.id);
	problem(await correct(r.id, refuse, '2026-05-20', {strike_out: true}), 422, 'invalid', '/event_id');
	problem(await correct(r.id, by, '2026-05-20', {strike_out: true}), 422, 'invalid', '/event_id');
	assert.equal((await act(r.id, 'AGREE', '2026-05-21', {terms: 'as asked', matters: MATTERS, price_pence: 7})).state, 'AGREED');
	const agree = await entry(r.id, 'AGREE');
	ok(await correct(r.id, agree, '2026-05-21', {strike_out: true}));
	assert.equal((await reg.sql('select agreed_price_pence from assetd.request_money where request_id = $1', [r.id]))[0].agreed_price_pence, null,
		'a price that nobody agreed to is none');
});

test('an entry becomes the event that it should have been', async () => {
	const r = await refused('2026-05-20');
	const refuse = await entry(r.id, 'REFUSE');
	problem(await correct(r.id, refuse, '2026-05-20', {becomes: 'AGREE'}), 422, 'invalid', '/terms');
	problem(await correct(r.id, refuse, '2026-05-20', {becomes: 'AGREE', terms: 'x', matters: MATTERS, grounds: GROUNDS.grounds}), 422, 'invalid', '/grounds');
	for (const wrong of ['COMPLETE', 'CORRECT', 'NO_DECISION'])
		problem(await correct(r.id, refuse, '2026-05-20', {becomes: wrong}), 422, 'invalid', '/becomes');
	problem(await correct(r.id, refuse, '2026-05-20', {becomes: 'OFFER'}), 409, 'transition-not-allowed');
	const now = ok(await correct(r.id, refuse, '2026-05-20', {becomes: 'AGREE', terms: 'as asked', matters: MATTERS}));
	assert.deepEqual([now.state, clock(now, 'K18').due_on, clock(now, 'K8')], ['AGREED', '2026-11-20', undefined]);
	const stands = await entry(r.id, 'AGREE');
	assert.deepEqual([stands.payload.terms, stands.payload.grounds], ['as asked', undefined]);
	assert.equal((await history(r.id)).find(e => e.id === refuse.id).superseded_by, stands.id);
	const closed = ok(await correct(r.id, stands, '2026-05-20', {becomes: 'WITHDRAW'}));
	assert.equal(closed.state, 'WITHDRAWN');
	const back = ok(await correct(r.id, await entry(r.id, 'WITHDRAW'), '2026-05-20', {becomes: 'REFUSE', ...GROUNDS}));
	assert.equal(back.state, 'REFUSED');
});

test('of the days gone by is known what the ledger now says, and what was known is known of then', async () => {
	const r = await refused('2026-03-20');
	assert.equal(r.state, 'CLOSED_REFUSED');
	const then = new Date(Date.parse(r.updated_at) + 1).toISOString();
	const of = async (day, known) => ok(await anyone.get(`/v1/requests/${r.id}?valid_on=${day}${known ? `&known_at=${known}` : ''}`), 200);
	const told = q => [q.state, q.state_on, q.bar.to_on, q.deadlines.map(d => `${d.clock} ${d.state}`).join(' ')];
	const days = ['2026-01-05', '2026-02-20', '2026-03-20', '2026-04-17', '2026-05-19', '2026-05-20', '2026-06-01'];
	const before = await Promise.all(days.map(async day => told(await of(day))));
	const now = ok(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-05-20'));
	assert.deepEqual(await Promise.all(days.map(async day => told(await of(day, then)))), before, 'as it was known');
	const deciding = 'K6 RUNNING K1 MET K3 MET K4 MISSED';
	assert.deepEqual(await Promise.all(days.map(async day => told(await of(day)))), [
		before[0], ...Array(4).fill(['UNDER_ASSESSMENT', '2026-02-04', null, deciding]),
		...Array(2).fill(['REFUSED', '2026-05-20', null, 'K6 MET K1 MET K3 MET K4 MISSED K8 RUNNING'])]);
	assert.deepEqual((await of('2026-03-25')).allowed.includes('REFUSE'), true);
	assert.equal((await of('2026-05-20')).deadlines.at(-1).due_on, clock(now, 'K8').due_on);
	ok(await correct(r.id, await entry(r.id, 'REFUSE'), '2026-05-20', {strike_out: true}));
	assert.deepEqual(told(await of('2026-05-25')), ['UNDER_ASSESSMENT', '2026-02-04', null, deciding]);
	// The public page of a day says the same.
	const page = (await anyone.get(`/requests/${r.id}?valid_on=2026-05-25`)).text;
	assert.doesNotMatch(page, /Refused/);
	// It came on another day: earlier, or later than was known.
	const moved = await made();
	const there = async day => (await anyone.get(`/v1/requests/${moved.id}?valid_on=${day}`)).json.state ?? null;
	for (const [on, want] of [['2026-01-02', [null, 'RECEIVED', 'RECEIVED', 'RECEIVED']], ['2026-01-07', [null, null, null, 'RECEIVED']],
		['2026-06-01', [null, null, null, null]],
		['2026-01-05', [null, null, 'RECEIVED', 'RECEIVED']]]) {
		ok(await correct(moved.id, await entry(moved.id, 'RECEIVED'), on));
		assert.deepEqual([on, await Promise.all(['2026-01-01', '2026-01-03', '2026-01-06', '2026-02-01'].map(there))], [on, want]);
	}
	assert.equal(await there('2026-06-01'), 'RECEIVED');
	// An act of before that is recorded late, and takes back what time did, is of its own day.
	const late = await refused('2026-03-20');
	assert.equal((await act(late.id, 'REVIEW_APPLIED', '2026-04-16')).state, 'UNDER_REVIEW');
	for (const [day, state] of [['2026-04-15', 'REFUSED'], ['2026-04-16', 'UNDER_REVIEW'], ['2026-04-17', 'UNDER_REVIEW'], ['2026-05-30', 'UNDER_REVIEW']])
		assert.deepEqual([day, ok(await anyone.get(`/v1/requests/${late.id}?valid_on=${day}`), 200).state], [day, state]);
});

test('a field is taken away, and the reasons of what was recorded are its own', async () => {
	const r = await made();
	await act(r.id, 'VALIDATE', '2026-01-05', {acknowledged_on: '2026-01-14'});
	const validated = await entry(r.id, 'VALIDATE');
	const now = ok(await correct(r.id, validated, '2026-01-05', {acknowledged_on: null}));
	assert.deepEqual([now.acknowledged_on, clock(now, 'K1').state], [null, 'MISSED'], 'nobody has acknowledged it');
	assert.ok(!('acknowledged_on' in (await entry(r.id, 'VALIDATE')).payload));
	problem(await correct(r.id, await entry(r.id, 'VALIDATE'), null), 422, 'invalid', '/on');
	const wrong = await made();
	await act(wrong.id, 'INELIGIBLE', '2026-01-08', {reasons: 'It has no constitution.'});
	const said = await entry(wrong.id, 'INELIGIBLE');
	problem(await correct(wrong.id, said, '2026-01-08', {event_reasons: null}), 422, 'invalid', '/event_reasons');
	problem(await correct(r.id, await entry(r.id, 'VALIDATE'), '2026-01-05', {event_reasons: 'x'}), 422, 'invalid', '/event_reasons');
	problem(await decider.post(`/v1/requests/${r.id}/events`, {event: 'INELIGIBLE', on: '2026-01-08', reasons: 'x', event_reasons: 'x'}), 422, 'invalid', '/event_reasons');
	problem(await correct(wrong.id, said, '2026-01-08', {strike_out: true, event_reasons: 'x'}), 422, 'invalid', '/event_reasons');
	assert.equal(ok(await correct(wrong.id, said, '2026-01-08', {event_reasons: 'Its constitution names no community.'})).state, 'INELIGIBLE');
	const stands = await entry(wrong.id, 'INELIGIBLE');
	assert.deepEqual([stands.payload, (await changes(wrong.id)).at(-1).reason], [{reasons: 'Its constitution names no community.'}, 'It was typed in wrongly']);
	ok(await correct(wrong.id, stands, '2026-01-09'));
	assert.equal((await entry(wrong.id, 'INELIGIBLE')).payload.reasons, 'Its constitution names no community.', 'nothing was said of them');
	ok(await correct(wrong.id, await entry(wrong.id, 'INELIGIBLE'), '2026-01-09', {becomes: 'DECLINE_REPEAT', earlier: 'a letter', event_reasons: 'As before.'}));
	assert.deepEqual((await entry(wrong.id, 'DECLINE_REPEAT')).payload, {reasons: 'As before.', earlier: 'a letter'});
});

test('where two have to decide, two have to correct a decision', async () => {
	const boss = await as(['ADMIN']), second = await as(['DECIDER']);
	const r = await refused('2026-05-20');
	const settings = `/v1/authorities/${council.id}/settings`;
	assert.equal((await boss.put(settings, {second_person: true}, {headers: {'If-None-Match': '*'}})).status, 201);
	const refuse = await entry(r.id, 'REFUSE');
	for (const more of [{grounds: [{matter: 'I', text: 'A burden on the title.'}]}, {strike_out: true}, {becomes: 'WITHDRAW'}])
		problem(await correct(r.id, refuse, '2026-05-21', more), 409, 'approval-owed');
	assert.equal(ok(await preview(r.id, refuse, '2026-05-21', {strike_out: true}), 200).state.is, 'UNDER_ASSESSMENT', 'to look is one person\'s');
	problem(await preview(r.id, refuse, '2026-05-21', {event: 'WITHDRAW', event_id: undefined, reasons: undefined}), 422, 'invalid', '/event');
	// What is no decision is one person's to correct, also under a decision that stays as it is.
	const notices = await entry(r.id, 'NOTICES_ISSUED');
	ok(await correct(r.id, notices, '2026-01-06', {representations_close_on: '2026-02-05'}));
	const propose = async (on, more) => ok(await estates.post(`/v1/requests/${r.id}/proposals`,
		{event: 'CORRECT', event_id: (await entry(r.id, 'REFUSE')).id, on, reasons: 'Typed in wrongly', ...more})).proposals.at(-1);
	const door = p => `/v1/requests/${r.id}/proposals/${p.id}/approve`;
	const first = await propose('2026-05-21', {});
	assert.deepEqual([first.act.event, first.state], ['CORRECT', 'OPEN']);
	problem(await estates.post(door(first), {}), 403, 'forbidden');
	const now = ok(await second.post(door(first), {}));
	assert.deepEqual([now.state, now.state_on], ['REFUSED', '2026-05-21']);
	const done = ok(await decider.get(`/v1/requests/${r.id}/case`), 200).proposals.find(p => p.id === first.id);
	assert.deepEqual([done.state, done.event_id], ['APPROVED', (await entry(r.id, 'REFUSE')).id]);
	problem(await second.post(door(first), {}), 409, 'approval-owed');
	const struck = await propose('2026-05-21', {strike_out: true});
	assert.equal(ok(await second.post(door(struck), {})).state, 'UNDER_ASSESSMENT');
	problem(await second.post(door(first), {}), 409, 'approval-owed');
	assert.equal((await boss.put(settings, {second_person: false}, {match: '*'})).status, 200);
});

test('two who correct at once: one is told to read again', async () => {
	const r = await refused('2026-05-20');
	const refuse = await entry(r.id, 'REFUSE');
	const replies = await Promise.all(['2026-05-18', '2026-05-19'].map(on => correct(r.id, refuse, on)));
	assert.deepEqual(replies.map(a => a.status).sort(), [201, replies.find(a => a.status !== 201)?.status ?? 409]);
	assert.ok(replies.some(a => a.status === 409 || a.status === 422), replies.map(a => a.text).join('\n'));
});

test('after all of this the register is sound', () => assertSound(reg));
