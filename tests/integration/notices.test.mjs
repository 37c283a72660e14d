// Notices through the door: drafted from the data, named for what they lack, issued once and then as they
// were, served one by one, superseded and never overwritten; and nothing of it for the wrong eyes.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, makeKey, ok, openSession, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

let n = 0;
const council = ok(await admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'T2'}));
const as = async (at, ...roles) => admin.as((await makeKey(reg, {roles: {[at]: roles}})).key);
const [estates, decider, viewer, finance] = await Promise.all(['ESTATES', 'DECIDER', 'VIEWER', 'FINANCE'].map(role => as(council.id, role)));
const stranger = await as(board.id, 'ESTATES', 'DECIDER', 'FINANCE');
const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));

const ask = async (more = {}) => {
	const asset = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', address: 'Main Street', ...more.asset}));
	return ok(await estates.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
		reasons: 'To keep it open.', offer_pence: 7654321, ...more.request}, {idempotency: `n${n}`}));
};
const act = async (id, event, on, more = {}) => ok(await (['AGREE', 'REFUSE', 'REVIEW_DECIDED', 'CORRECT'].includes(event) ? decider : estates).post(`/v1/requests/${id}/events`, {event, on, ...more}));
const validated = async () => act((await ask()).id, 'VALIDATE', '2026-10-01');
const assessed = async () => act((await validated()).id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
const GROUNDS = {grounds: [{matter: 'H', text: 'The school needs it.'}]};
const CODES = ['A', 'B', 'C1', 'C2', 'C3', 'C4', 'C5', 'D', 'E', 'F', 'G', 'H', 'I', 'J'];
const MATTERS = CODES.map(matter => ({matter, text: matter === 'I' ? 'Not relevant.' : `Weighed ${matter}.`}));

const draft = async (id, code, more = {}) => ok(await estates.post(`/v1/requests/${id}/notices`, {code, ...more}));
const door = notice => `/v1/requests/${notice.request_id}/notices/${notice.id}`;
const issue = (notice, more = {}, who = estates) => who.post(`${door(notice)}/issue`, more);
/** Past the daemon and its roles, as the one who owns the database. */
const raw = (statement, values) => reg.cluster.session(async db => {
	await db.query('set search_path = assetd, public');
	return db.query(statement, values);
}, {database: reg.database});
const events = async id => (await reg.sql('select type, is_public, data from assetd.change where subject = $1 order by subject_seq', [id]));
const text = notice => notice.content.sections.flatMap(s => [s.heading, ...s.lines, ...s.items]).join('\n');

test('an acknowledgement is drafted from the data, issued, served, and then stays', async () => {
	const request = await act((await ask()).id, 'VALIDATE', '2026-10-01');
	const made = await estates.post(`/v1/requests/${request.id}/notices`, {code: 'N2'});
	const notice = ok(made);
	assert.equal(made.headers.location, door(notice));
	assert.deepEqual([notice.number, notice.code, notice.variant, notice.state, notice.missing, notice.dated_on], [1, 'N2', 'BARRED', 'DRAFT', [], null]);
	assert.match(text(notice), /1 April 2027/);
	assert.match(text(notice), /review of the decision by councillors \(section 86/);
	assert.match(text(notice), /we may not sell, let or otherwise dispose of it/);
	assert.deepEqual(notice.dates.map(d => [d.clock, d.due_on]), [['K6', '2027-04-01']]);
	assert.ok(notice.dates[0].how.length > 2);
	const sent = await issue(notice, {dated_on: '2026-10-05', recipients: [
		{kind: 'COMMUNITY_BODY', name: 'Jane Doe', address: '1 Main Street', manner: 'EMAIL', served_on: '2026-10-05'},
		{kind: 'COMMUNITY_BODY', name: 'John Roe', manner: 'POST'}]});
	const issued = ok(sent, 200);
	assert.deepEqual([issued.state, issued.dated_on, issued.recipients.map(r => [r.number, r.manner, r.served_on, r.name])],
		['ISSUED', '2026-10-05', [[1, 'EMAIL', '2026-10-05', 'Jane Doe'], [2, 'POST', null, 'John Roe']]]);
	problem(await issue(issued), 409, 'notice-issued');
	problem(await estates.patch(door(issued), {gist: 'x'}, {match: '*'}), 409, 'notice-issued');
	const served = ok(await estates.post(`${door(issued)}/served`, {served: [{number: 2, served_on: '2026-10-07'}]}), 200);
	assert.deepEqual(served.recipients.map(r => r.served_on), ['2026-10-05', '2026-10-07']);
	problem(await estates.post(`${door(issued)}/served`, {served: [{number: 2, served_on: '2026-10-08'}]}), 409, 'notice-issued');
	problem(await estates.post(`${door(issued)}/served`, {served: [{number: 9, served_on: '2026-10-08'}]}), 404, 'not-found');
	problem(await estates.post(`${door(issued)}/served`, {}), 422, 'invalid', '/recipients');
	problem(await estates.post(`${door(issued)}/served`, {recipients: [{kind: 'COMMUNITY_BODY', manner: 'POST', served_on: '2026-10-04'}]}), 422, 'invalid', '/recipients/0/served_on');
	problem(await estates.post(`${door(issued)}/served`, {served: [{number: 2, served_on: '2026-11-22'}]}), 422, 'invalid', '/served/0/served_on');
	const told = (await events(request.id)).filter(e => e.type.startsWith('notice.'));
	assert.deepEqual(told.map(e => [e.type, e.is_public, e.data.code]), [['notice.drafted', false, 'N2'], ['notice.issued', false, 'N2'], ['notice.served', false, 'N2']]);
	assert.doesNotMatch(JSON.stringify(told), /Jane|John/, 'no event names a recipient');
});

test('a notice whose sending is the act itself is recorded as it with it, and only once: N2 and N9, and no other', async () => {
	const clock = (request, id) => request.deadlines.filter(d => d.clock === id).map(d => d.state);
	const acts = async id => (await reg.sql('select event, happened_on::text as on from assetd.request_event where request_id = $1 order by number', [id]))
		.map(e => `${e.event} ${e.on}`);
	const show = id => reg.admin.get(`/v1/requests/${id}`).then(reply => ok(reply, 200));
	const {id} = await validated();
	ok(await issue(await draft(id, 'N2'), {dated_on: '2026-10-05'}), 200);
	assert.deepEqual((await acts(id)).slice(-1), ['ACKNOWLEDGED 2026-10-05']);
	assert.deepEqual(clock(await show(id), 'K1'), ['MET']);
	problem(await estates.post(`/v1/requests/${id}/events`, {event: 'ACKNOWLEDGED', on: '2026-10-06'}), 409, 'transition-not-allowed');
	const told = (await events(id)).map(e => e.type);
	assert.ok(told.indexOf('request.acknowledged') < told.indexOf('notice.issued') && told.includes('request.acknowledged'), String(told));

	const known = (await ask()).id;
	await act(known, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-02'});
	const before = await acts(known);
	ok(await issue(await draft(known, 'N2')), 200);
	assert.deepEqual(await acts(known), before, 'it was acknowledged before');

	const own = (await validated()).id;
	await act(own, 'ACKNOWLEDGED', '2026-10-03');
	ok(await issue(await draft(own, 'N2'), {dated_on: '2026-10-03'}), 200);
	assert.equal((await acts(own)).filter(e => e.startsWith('ACKNOWLEDGED')).length, 1);

	await act(own, 'NOTICES_ISSUED', '2026-10-05', {representations_close_on: '2026-11-02'});
	const asked = await acts(own);
	const form = {gist: 'A hall.', inspect_at: 'The office.', respond_to: 'The clerk.'};
	for (const code of ['N3', 'N4'])
		ok(await issue(await draft(own, code, form)), 200);
	await act(own, 'EXTEND', '2026-11-10', {until_on: '2027-06-01'});
	ok(await issue(await draft(own, 'N6', {agreed_by: 'Both'})), 200);
	assert.deepEqual(await acts(own), [...asked, 'EXTEND 2026-11-10'], 'what a notice tells of stands before it');
});

test('the response to an appeal enters the ledger with its notice', async () => {
	const agency = ok(await admin.post('/v1/authorities', {name: 'Appealed Agency', kind: 'ENTERPRISE', code: 'APPEALED'}));
	const land = ok(await admin.post('/v1/assets', {authority_id: agency.id, name: 'Appealed Lodge', class: 'LODGE', tenure: 'OWNED'}));
	const trust = ok(await admin.post('/v1/community-bodies', {name: 'Appealed Trust', legal_form: 'SCIO', members: 30}));
	const {id} = ok(await admin.post('/v1/requests', {asset_id: land.id, community_body_id: trust.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'n9'}));
	const does = async (event, on, more = {}) => ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));
	await does('VALIDATE', '2026-10-01');
	await does('NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	await does('REFUSE', '2026-10-30', GROUNDS);
	await does('APPEAL_LODGED', '2026-11-03');
	const notice = ok(await admin.post(`/v1/requests/${id}/notices`, {code: 'N9', matters_weighed: 'All.', procedure: 'In writing.', documents: 'The file.'}));
	assert.deepEqual(notice.missing, []);
	ok(await admin.post(`${door(notice)}/issue`, {dated_on: '2026-11-10'}), 200);
	const now = ok(await admin.get(`/v1/requests/${id}`), 200);
	assert.deepEqual(now.deadlines.filter(d => ['K16', 'K17'].includes(d.clock)).map(d => [d.clock, d.state]), [['K17', 'MET'], ['K16', 'RUNNING']]);
});

test('who may not know of a notice does not: drafts and letters are the authority\'s, decisions everybody\'s', async () => {
	const request = await assessed();
	const letter = ok(await issue(await draft(request.id, 'N2'), {recipients: [{kind: 'COMMUNITY_BODY', name: 'Jane Doe', manner: 'POST'}]}), 200);
	await act(request.id, 'AGREE', '2026-10-30', {terms: 'As asked.', matters: MATTERS, price_pence: 7654321});
	const decision = await draft(request.id, 'N7', {matters: MATTERS});
	for (const who of [anyone, stranger]) {
		assert.deepEqual(ok(await who.get(`/v1/requests/${request.id}/notices`), 200).items, []);
		for (const notice of [letter, decision])
			problem(await who.get(door(notice)), 404, 'not-found');
	}
	ok(await issue(decision, {recipients: [{kind: 'COMMUNITY_BODY', name: 'Jane Doe', address: '1 Main Street', manner: 'POST'}]}), 200);
	for (const who of [anyone, stranger]) {
		const {items} = ok(await who.get(`/v1/requests/${request.id}/notices`), 200);
		assert.deepEqual(items.map(i => i.code), ['N7']);
		assert.deepEqual([items[0].recipients, items[0].form, items[0].drafted_by, items[0].price_pence], [undefined, undefined, undefined, null]);
		assert.doesNotMatch(JSON.stringify(items), /Jane|1 Main|7654321/);
		problem(await who.get(door(letter)), 404, 'not-found');
	}
	const seen = ok(await viewer.get(door(decision)), 200);
	assert.deepEqual([seen.recipients[0].manner, seen.recipients[0].name], ['POST', undefined], 'a viewer reads no contacts');
	assert.equal(ok(await estates.get(door(decision)), 200).recipients[0].name, 'Jane Doe');
	assert.equal(ok(await finance.get(door(decision)), 200).price_pence, 7654321);
	for (const who of [viewer, finance])
		problem(await who.post(`/v1/requests/${request.id}/notices`, {code: 'N2'}), 403, 'forbidden');
	problem(await stranger.post(`/v1/requests/${request.id}/notices`, {code: 'N2'}), 403, 'forbidden');
	problem(await anyone.post(`/v1/requests/${request.id}/notices`, {code: 'N2'}), 401, 'unauthenticated');
	const public_ = (await events(request.id)).filter(e => e.is_public && e.type.startsWith('notice.'));
	assert.deepEqual(public_.map(e => [e.type, e.data.code, e.data.variant]), [['notice.issued', 'N7', 'AGREED']]);
});

test('nothing is issued incomplete: what is missing is named with its cure', async () => {
	const request = await validated();
	const open = await act(request.id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	const notice = await draft(open.id, 'N4');
	assert.deepEqual(notice.missing.map(m => m.field), ['inspect_at', 'respond_to']);
	const refused = problem(await issue(notice), 409, 'notice-incomplete', '/inspect_at', '/respond_to');
	assert.deepEqual(refused.errors.map(e => [e.pointer, e.code]), [['/inspect_at', 'REQUIRED'], ['/respond_to', 'REQUIRED']]);
	assert.ok(refused.errors.every(e => e.detail && e.cure));
	problem(await estates.patch(door(notice), {inspect_at: 'Town House'}), 428, 'precondition-required');
	problem(await estates.patch(door(notice), {inspect_at: 'Town House'}, {match: '"9-c"'}), 412, 'stale');
	problem(await estates.patch(door(notice), {code: 'N3'}, {match: '*'}), 422, 'invalid', '/code');
	problem(await estates.patch(door(notice), {nonsense: 1}, {match: '*'}), 422, 'invalid', '/nonsense');
	const whole = ok(await estates.patch(door(notice), {inspect_at: 'Town House', respond_to: 'Write to us.'}, {match: '*'}), 200);
	assert.deepEqual([whole.version, whole.missing], [2, []]);
	problem(await issue(whole, {recipients: [{kind: 'OWNER', manner: 'POST'}]}), 422, 'invalid', '/recipients/0/kind');
	problem(await issue(whole, {dated_on: '2026-09-30'}), 422, 'invalid', '/dated_on');
	problem(await issue(whole, {dated_on: '2026-11-22'}), 422, 'date-in-future', '/dated_on');
	problem(await estates.post(`${door(whole)}/issue`, {}, {match: '"1-c"'}), 412, 'stale');
	const sent = ok(await issue(whole, {recipients: [{kind: 'PUBLIC', manner: 'SITE', served_on: '2026-11-21'}, {kind: 'PUBLIC', manner: 'WEB'}]}), 200);
	assert.equal(sent.dated_on, '2026-10-01', 'the day of the act, from which its answers are counted, where nothing is said');
	assert.equal(ok(await anyone.get(door(sent)), 200).state, 'ISSUED');
	await assert.rejects(raw(`update assetd.notice set missing = '[{}]', state = 'ISSUED' where id = $1`, [(await draft(open.id, 'N3')).id]), /notice_is_complete|null value|check/);
});

test('owners and the public are given their notices before that is recorded, and not asked for them again of the record', async () => {
	const {id} = await validated();
	const due = async () => ok(await estates.get(`/v1/requests/${id}/notices-due`), 200).items.map(d => `${d.code} ${d.variant}`);
	assert.deepEqual(await due(), ['N2 BARRED', 'N3 AHEAD', 'N4 AHEAD']);
	const {get} = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	const bare = await draft(id, 'N3', {inspect_at: 'Town House', respond_to: 'Write to us.'});
	assert.deepEqual([bare.variant, bare.missing.map(m => m.field)], ['AHEAD', ['close_on']]);
	problem(await issue(bare), 409, 'notice-incomplete', '/close_on');
	const page = await get(door(bare).slice(3));
	assert.match(page.text, /type="date" id="in-close_on" name="close_on" value=""/);
	assert.match(page.text, /case#step-NOTICES_ISSUED">record that on the case/);
	const whole = ok(await estates.patch(door(bare), {close_on: '2026-10-30'}, {match: '*'}), 200);
	assert.match(text(whole), /What you send must reach us by 30 October 2026/);
	const late = problem(await issue(whole, {dated_on: '2026-10-05'}), 422, 'invalid', '/dated_on');
	assert.match(late.errors[0].detail, /fewer than 20 working days are left until 30 October 2026/);
	assert.match(late.errors[0].cure, /draft it again with a later last day/);
	problem(await issue(whole), 422, 'invalid', '/dated_on');
	const file = (await get(`/requests/${id}/case`)).text;
	assert.match(file, new RegExp(`href="/requests/${id}/notices/${bare.id}">Go on with its draft`));
	assert.match(file, /name="representations_close_on" value="2026-10-30"/, 'the record says the day that the notice told');
	const sent = ok(await issue(whole, {dated_on: '2026-10-02', recipients: [{kind: 'OWNER', manner: 'POST'}]}), 200);
	assert.deepEqual([sent.state, sent.serve_by_on], ['ISSUED', '2026-10-04']);
	assert.deepEqual(await due(), ['N2 BARRED', 'N4 AHEAD']);
	const open = await draft(id, 'N4', {inspect_at: 'Town House', respond_to: 'Write to us.', close_on: '2026-11-06'});
	assert.match((await get(`/requests/${id}/case`)).text, /name="representations_close_on" value="2026-10-30"/, 'and not what is still to be told');
	const sooner = problem(await estates.post(`/v1/requests/${id}/events`, {event: 'NOTICES_ISSUED', on: '2026-10-01', representations_close_on: '2026-10-29'}), 422, 'invalid', '/representations_close_on');
	assert.match(sooner.errors[0].detail, /Others were told that it closes on 30 October 2026|2026-10-30/);
	await act(id, 'NOTICES_ISSUED', '2026-10-02', {representations_close_on: '2026-10-30'});
	assert.deepEqual(await due(), ['N2 BARRED', 'N4 PUBLIC'], 'N3 was given');
	problem(await issue(open, {dated_on: '2026-10-02'}), 409, 'notice-changed');
	assert.doesNotMatch((await get(door(open).slice(3))).text, /name="close_on"/, 'the day is recorded, and asked for no more');
	const same = ok(await estates.patch(door(open), {close_on: '2026-11-06'}, {match: '*'}), 200);
	assert.equal(same.form.close_on, '2026-10-30');
	assert.match(text(same), /What you send must reach us by 30 October 2026/, 'everybody is told the same day');
	ok(await issue(same, {dated_on: '2026-10-02', recipients: [{kind: 'PUBLIC', manner: 'SITE'}]}), 200);
	assert.deepEqual(await due(), ['N2 BARRED'], 'and N4, though it was written down after the record');
	assert.doesNotMatch((await get(door(sent).slice(3))).text, /record that on the case/);
});

test('a notice that asks for answers leaves the days that the law wants, from its own date on', async () => {
	const {id} = await validated();
	await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-30'});
	const first = await draft(id, 'N3', {inspect_at: 'Town House', respond_to: 'Write to us.'});
	for (const dated_on of ['2026-10-05', '2026-11-21']) {
		const late = problem(await issue(first, {dated_on}), 422, 'invalid', '/dated_on');
		assert.match(late.errors[0].detail, /fewer than 20 working days are left until 30 October 2026/);
	}
	const sent = ok(await issue(first, {dated_on: '2026-10-02', recipients: [{kind: 'OWNER', manner: 'POST'}]}), 200);
	assert.deepEqual([sent.dated_on, sent.serve_by_on], ['2026-10-02', '2026-10-04'], 'twenty are left, and from the Sunday after it');
	const {get} = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	const page = await get(door(await draft(id, 'N4', {inspect_at: 'Town House', respond_to: 'Write.'})).slice(3));
	assert.match(page.text, /name="dated_on" value="2026-10-01"/, 'the form proposes the day of the act');
	const served = ok(await estates.post(`${door(sent)}/served`, {served: [{number: 1, served_on: '2026-10-05'}],
		recipients: [{kind: 'OWNER', manner: 'HAND', served_on: '2026-10-04'}]}), 200);
	assert.match(served.recipients[0].warning, /^Served after 4 October 2026: fewer working days than the law wants/, 'recorded, and said');
	assert.equal(served.recipients[1].warning, null);
	assert.equal((await get(door(sent).slice(3))).text.match(/Served after 4 October 2026/g).length, 1);
	await act(id, 'REPRESENTATION_RECEIVED', '2026-10-20');
	await act(id, 'REPRESENTATIONS_SENT', '2026-11-02', {comments_close_on: '2026-11-30'});
	const copies = await draft(id, 'N5', {documents: 'A letter'});
	problem(await issue(copies, {dated_on: '2026-11-03'}), 422, 'invalid', '/dated_on');
	assert.equal(ok(await issue(copies), 200).dated_on, '2026-11-02');
});

test('each of the fourteen matters is addressed before a decision is issued, and recorded by itself', async () => {
	const request = await assessed();
	await act(request.id, 'REFUSE', '2026-10-30', GROUNDS);
	const notice = await draft(request.id, 'N7');
	assert.deepEqual(notice.missing.map(m => m.field), CODES.filter(c => c !== 'H').map(c => `matters/${c}`), 'the ground speaks of H');
	problem(await issue(notice), 409, 'notice-incomplete');
	const most = ok(await estates.patch(door(notice), {matters: MATTERS.slice(0, 13)}, {match: '*'}), 200);
	assert.deepEqual(most.missing.map(m => m.field), ['matters/J']);
	const whole = ok(await estates.patch(door(notice), {matters: MATTERS}, {match: '*'}), 200);
	problem(await issue(whole, {dated_on: '2026-10-31'}), 422, 'invalid', '/dated_on');
	const sent = ok(await issue(whole), 200);
	assert.deepEqual([sent.variant, sent.dated_on], ['REFUSED', '2026-10-30']);
	assert.match(text(sent), /\(i\) .*: Not relevant\./);
	const rows = await reg.sql('select matter, text from assetd.decision_matter where notice_id = $1 order by matter', [sent.id]);
	assert.deepEqual(rows.map(r => r.matter), CODES);
	await assert.rejects(raw('update assetd.decision_matter set text = $2 where notice_id = $1', [sent.id, 'x']), /append-only/);
	await assert.rejects(raw('delete from assetd.decision_matter where notice_id = $1', [sent.id]), /append-only/);
});

test('a refusal without grounds, an agreement without terms or with less than six months for the offer cannot be written', async () => {
	const request = await assessed();
	const write = (event, payload, on = '2026-10-30') => raw(`insert into assetd.request_event (id, authority_id, request_id, published, number, event,
		happened_on, actor_kind, state_to, level_to, payload, actor, recorded_at)
		values ($1, $2, $3, true, 900, $4, $6, 'AUTHORITY', 'REFUSED', 'FIRST', $5, 'x', '2026-11-21')`,
	[`evt_${'0'.repeat(26)}`, council.id, request.id, event, JSON.stringify(payload), on]);
	for (const [event, payload] of [['REFUSE', {}], ['REFUSE', {grounds: []}], ['REFUSE', {grounds: 'x'}], ['REVIEW_DECIDED', {outcome: 'SUBSTITUTE', decision: 'REFUSE'}],
		['AGREE', {matters: MATTERS, terms: 'x'}], ['AGREE', {matters: MATTERS, offer_by_on: '2027-04-30'}], ['AGREE', {matters: MATTERS, terms: 'x', offer_by_on: '2027-04-29'}],
		['REVIEW_DECIDED', {decision: 'AGREE', terms: 'x', offer_by_on: '2027-04-29'}]])
		await assert.rejects(write(event, payload), /decision_is_sound/, JSON.stringify(payload));
	await assert.rejects(write('AGREE', {matters: MATTERS, terms: 'x', offer_by_on: '2026-02-27'}, '2025-08-31'), /decision_is_sound/);
});

test('a review\'s notice takes the place of the first and leaves it as it was', async () => {
	const request = await assessed();
	await act(request.id, 'REFUSE', '2026-10-30', GROUNDS);
	const first = await draft(request.id, 'N7', {matters: MATTERS});
	const late = await draft(request.id, 'N7', {matters: MATTERS});
	const was = ok(await issue(first), 200);
	await act(request.id, 'REVIEW_APPLIED', '2026-11-02');
	const ack = await draft(request.id, 'N8', {parties: 'All who made representations', procedure: 'By written submissions.'});
	assert.deepEqual([ack.variant, ack.missing], ['ACKNOWLEDGED', []]);
	await act(request.id, 'REVIEW_DECIDED', '2026-11-10', {outcome: 'CONFIRM'});
	const second = await draft(request.id, 'N7', {matters: MATTERS});
	assert.deepEqual([second.variant, second.missing], ['REVIEW_REFUSED', []], 'the grounds are those that the review confirms');
	assert.match(text(second), /The school needs it/);
	assert.match(text(second), /section 88/);
	const now = ok(await issue(second), 200);
	const old = ok(await anyone.get(door(was)), 200);
	assert.deepEqual([old.superseded_by, now.superseded_by, old.content, old.dated_on], [now.id, null, was.content, was.dated_on]);
	problem(await issue(late), 409, 'notice-issued');
	const current = await reg.sql(`select id from assetd.notice where request_id = $1 and code = 'N7' and state = 'ISSUED' and superseded_by is null`, [request.id]);
	assert.deepEqual(current.map(r => r.id), [now.id]);
	await assert.rejects(raw('update assetd.notice set superseded_by = null where id = $1', [was.id]), {code: 'AS085'});
	await assert.rejects(raw(`update assetd.notice set content = '{}' where id = $1`, [now.id]), {code: 'AS085'});
	await assert.rejects(raw('delete from assetd.notice where id = $1', [now.id]), /not deleted/);
	assert.equal((await estates.delete(door(late), {match: '*'})).status, 204, 'the draft that came too late can go');
	await assert.rejects(raw('update assetd.notice set superseded_by = null, version = version + 1 where id = $1', [was.id]), {code: 'AS085'});
});

test('what leaves is what was read: data that moved since the draft stop it', async () => {
	const request = await validated();
	const notice = await draft(request.id, 'N2');
	await act(request.id, 'EXTEND', '2026-10-02', {until_on: '2027-05-03'});
	problem(await issue(notice), 409, 'notice-changed');
	const again = ok(await estates.patch(door(notice), {}, {match: '*'}), 200);
	assert.match(text(again), /3 May 2027/);
	ok(await issue(again), 200);
	const record = await draft(request.id, 'N6', {agreed_by: 'The head of estates\nThe chair of the trust'});
	assert.match(text(record), /The decision was due by 1 April 2027\. It is now due by 3 May 2027\./);
	assert.deepEqual(record.missing, []);
});

test('two who issue at once: one does', async () => {
	const request = await assessed();
	await act(request.id, 'REFUSE', '2026-10-30', GROUNDS);
	const notice = await draft(request.id, 'N7', {matters: MATTERS});
	const replies = await Promise.all([estates, decider, estates, decider].map(who => issue(notice, {}, who)));
	assert.equal(replies.filter(r => r.status === 200).length, 1);
	assert.ok(replies.every(r => r.status === 200 || r.status === 409), replies.map(r => r.text).join('\n'));
	const others = await Promise.all([1, 2, 3].map(() => draft(request.id, 'N7', {matters: MATTERS})));
	await Promise.all(others.map(o => issue(o)));
	const [{count}] = await reg.sql(`select count(*)::int from assetd.notice where request_id = $1 and code = 'N7' and state = 'ISSUED' and superseded_by is null`, [request.id]);
	assert.equal(count, 1, 'one decision notice is current');
	const numbers = (await reg.sql('select number from assetd.notice where request_id = $1 order by number', [request.id])).map(r => r.number);
	assert.deepEqual(numbers, numbers.map((_, i) => i + 1));
});

test('a draft is discarded, and the record says by whom; what was issued stays', async () => {
	const request = await validated();
	const gone = await draft(request.id, 'N2');
	for (const [who, status, slug] of [[viewer, 403, 'forbidden'], [finance, 403, 'forbidden'], [stranger, 404, 'not-found'], [anyone, 401, 'unauthenticated']])
		problem(await who.delete(door(gone), {match: '*'}), status, slug);
	problem(await estates.delete(door(gone)), 428, 'precondition-required');
	problem(await estates.delete(door(gone), {match: '"9-c"'}), 412, 'stale');
	problem(await estates.delete(`/v1/requests/${(await validated()).id}/notices/${gone.id}`, {match: '*'}), 404, 'not-found');
	const {headers} = await estates.get(door(gone));
	assert.equal((await estates.delete(door(gone), {match: headers.etag})).status, 204);
	for (const again of [estates.get(door(gone)), estates.delete(door(gone), {match: '*'}), estates.patch(door(gone), {gist: 'x'}, {match: '*'}), issue(gone)])
		problem(await again, 404, 'not-found');
	const {principal_id: me} = ok(await estates.get('/v1/whoami'), 200);
	const history = ok(await viewer.get(`/v1/requests/${request.id}/history`), 200).items;
	const {actor, data} = history.find(c => c.type === 'notice.discarded');
	assert.deepEqual([actor, data.notice_id, data.code, data.variant, data.event_id], [me, gone.id, 'N2', gone.variant, gone.event_id]);
	for (const who of [anyone, stranger])
		assert.doesNotMatch(JSON.stringify((await who.get(`/v1/requests/${request.id}/history`)).json), /notice[.]d/);
	const kept = ok(await issue(await draft(request.id, 'N2')), 200);
	for (const match of ['*', '"1-c"'])
		problem(await estates.delete(door(kept), {match}), 409, 'notice-issued');
});

test('of those who issue and discard at once, one does', async () => {
	const request = await validated();
	for (let round = 0; round < 5; round++) {
		const notice = await draft(request.id, 'N2');
		const [discarded, issued] = await Promise.all([estates.delete(door(notice), {match: '*'}), issue(notice)]);
		const won = await estates.get(door(notice));
		if (discarded.status === 204) {
			assert.ok([404, 409].includes(issued.status), issued.text);
			problem(won, 404, 'not-found');
		} else {
			problem(discarded, 409, 'notice-issued');
			assert.deepEqual([ok(issued, 200).state, won.json.state], ['ISSUED', 'ISSUED']);
		}
	}
});

test('a draft of an act that was struck out can go', async () => {
	const request = await validated();
	const notice = await draft(request.id, 'N2');
	ok(await admin.post(`/v1/requests/${request.id}/events`, {event: 'CORRECT', event_id: notice.event_id, on: '2026-10-01', strike_out: true, reasons: 'Another request was meant.'}));
	problem(await issue(notice), 409, 'notice-not-due');
	assert.equal((await estates.delete(door(notice), {match: '*'})).status, 204);
	const told = (await events(request.id)).find(e => e.type === 'notice.discarded');
	assert.deepEqual([told.is_public, told.data.event_id], [false, notice.event_id]);
});

test('an acknowledgement names who else asks for the land, whole or part, and for whom it is kept first', async () => {
	const rival = ok(await estates.post('/v1/community-bodies', {name: 'Pitch Trust', legal_form: 'SCIO', members: 30}));
	const first = await validated();
	const part = ok(await estates.post(`/v1/assets/${first.asset_id}/parts`, {name: 'Pitch'}));
	const ask = ok(await estates.post('/v1/requests', {asset_id: part.id, community_body_id: rival.id, kind: 'LEASE', received_on: '2026-10-02'}, {idempotency: `n${++n}`}));
	const second = await act(ask.id, 'VALIDATE', '2026-10-02');
	const told = text(await draft(second.id, 'N2'));
	assert.ok(told.includes(`All or part of this land is also asked for in: ${first.reference}.`), told);
	assert.ok(told.includes(`kept first for a request that was made before yours (${first.reference})`), told);
	const earlier = text(await draft(first.id, 'N2'));
	assert.ok(earlier.includes(`also asked for in: ${second.reference}.`), earlier);
	assert.doesNotMatch(earlier, /kept first/);
});

test('what was corrected keeps its place: before what came after it', async () => {
	const {id} = await validated();
	const entry = async event => ok(await decider.get(`/v1/requests/${id}/events`), 200).items.find(e => e.event === event && !e.superseded_by);
	const correct = async (event, on, more) => act(id, 'CORRECT', on, {event_id: (await entry(event)).id, reasons: 'It was typed in wrongly.', ...more});
	await act(id, 'EXTEND', '2026-10-02', {until_on: '2027-05-03'});
	await act(id, 'EXTEND', '2026-10-05', {until_on: '2027-06-01'});
	await correct('EXTEND', '2026-10-02', {until_on: '2027-05-10'});
	assert.match(text(await draft(id, 'N6', {agreed_by: 'Both'})), /was due by 10 May 2027\. It is now due by 1 June 2027\./);
	await act(id, 'NOTICES_ISSUED', '2026-10-06', {representations_close_on: '2026-11-03'});
	await act(id, 'REFUSE', '2026-11-04', GROUNDS);
	ok(await issue(await draft(id, 'N7', {matters: MATTERS})), 200);
	await act(id, 'REVIEW_APPLIED', '2026-11-05');
	await act(id, 'REVIEW_DECIDED', '2026-11-10', {outcome: 'CONFIRM'});
	const now = ok(await issue(await draft(id, 'N7', {matters: MATTERS})), 200);
	await correct('REFUSE', '2026-11-04', {grounds: [{matter: 'H', text: 'The nursery needs it.'}]});
	assert.doesNotMatch(JSON.stringify(ok(await estates.get(`/v1/requests/${id}/notices-due`), 200)), /"N7"/, 'the newest decision has its notice');
	const again = await draft(id, 'N7', {matters: MATTERS});
	assert.deepEqual([again.variant, again.missing], ['REVIEW_REFUSED', []]);
	assert.match(text(again), /The nursery needs it/);
	const old = await draft(id, 'N7', {matters: MATTERS, event_id: (await entry('REFUSE')).id});
	assert.match(problem(await issue(old), 409, 'notice-issued').detail, /later decision/);
	assert.equal(ok(await anyone.get(door(now)), 200).superseded_by, null);
});

test('a notice is of an act that asks for it', async () => {
	const request = await ask();
	problem(await estates.post(`/v1/requests/${request.id}/notices`, {code: 'N7'}), 409, 'notice-not-due');
	problem(await estates.post(`/v1/requests/${request.id}/notices`, {code: 'N14'}), 422, 'invalid', '/code');
	problem(await estates.post(`/v1/requests/${request.id}/notices`, {}), 422, 'invalid', '/code');
	problem(await estates.post(`/v1/requests/${request.id}/notices`, {code: 'N2', event_id: `evt_${'0'.repeat(26)}`}), 409, 'notice-not-due');
	problem(await estates.post(`/v1/requests/atr_${'0'.repeat(26)}/notices`, {code: 'N2'}), 404, 'not-found');
	const draftOf = await validated();
	const notice = await draft(draftOf.id, 'N2');
	problem(await estates.post(`${door(notice)}/served`, {recipients: [{kind: 'COMMUNITY_BODY', manner: 'POST'}]}), 409, 'notice-not-due');
	problem(await estates.get(`/v1/requests/${request.id}/notices/${notice.id}`), 404, 'not-found');
	problem(await estates.patch(`/v1/requests/${request.id}/notices/${notice.id}`, {}, {match: '*'}), 404, 'not-found');
	problem(await estates.post(`/v1/requests/${request.id}/notices/${notice.id}/issue`, {}), 404, 'not-found');
	problem(await anyone.get(`/v1/requests/atr_${'0'.repeat(26)}/notices`), 404, 'not-found');
	const {items} = ok(await estates.get(`/v1/requests/${draftOf.id}/notices?code=N2,N7&state=DRAFT&sort=-number&limit=1`), 200);
	assert.deepEqual(items.map(i => i.id), [notice.id]);
});

test('other notices are drafted from their acts', async () => {
	const missing = await ask({request: {items: ['WRITING', 'PART5', 'NAME', 'ADDRESS'].map(code => ({code, received_on: '2026-10-01'}))}});
	await act(missing.id, 'MISSING_ITEMS', '2026-10-02');
	const n1 = await draft(missing.id, 'N1');
	assert.deepEqual(n1.missing, []);
	assert.equal(n1.content.sections[1].items.length, 13);
	assert.ok(n1.content.sections[1].items.includes('the price that you offer'));
	const declined = await ask();
	await act(declined.id, 'DECLINE_REPEAT', '2026-10-02', {reasons: 'It is the same.', earlier: 'Our letter of 2025'});
	const n13 = await draft(declined.id, 'N13');
	assert.match(text(n13), /Our letter of 2025[\s\S]*It is the same\./);
	const bodyNotice = ok(await issue(n13), 200);
	assert.equal(bodyNotice.state, 'ISSUED');
});

test('after all of this the register is sound', () => assertSound(reg));
