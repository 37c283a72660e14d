// Section 95 reports through the door: what is counted, in which year, and by whom it may be seen; drafts,
// publishing, further versions. The cases are made by hand from the counting rules: each says in its
// name what it is for, and the whole of a year's figures is compared.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {ASSETCTL, MATTERS, makeKey, ok, run, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

let n = 0;
const problem = (reply, status, slug, ...pointers) => {
	assert.deepEqual([reply.status, reply.json?.type], [status, `/v1/problems/${slug}`], reply.text);
	if (pointers.length)
		assert.deepEqual(reply.json.errors.map(e => e.pointer), pointers);
	return reply.json;
};
const newAuthority = async (kind, more = {}) => ok(await admin.post('/v1/authorities', {name: `Authority ${++n}`, kind, code: `A-${n}`,
	duties: [{schedule: 3, from_on: '2017-01-23'}], ...more}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));

async function ask(authority, received_on, {kind = 'OWNERSHIP', published = true, area_m2 = 5000, ...more} = {}) {
	const asset = ok(await admin.post('/v1/assets', {authority_id: authority.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', published, area_m2}));
	return ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind, received_on, ...more}, {idempotency: `q${n}`}));
}
const act = async (request, event, on, more = {}) => ok(await admin.post(`/v1/requests/${request.id}/events`, {event, on, ...more}));
/** One that has been looked at, and waits for its answer. closes: at least 20 working days on. */
async function assessed(authority, on, closes, more) {
	const request = await ask(authority, on, more);
	await act(request, 'VALIDATE', on);
	await act(request, 'NOTICES_ISSUED', on, {representations_close_on: closes});
	return request;
}
const grounds = {grounds: [{matter: 'H', text: 'It is needed for the school.'}]};
const terms = {terms: 'As asked for.', matters: MATTERS};

const at = (authority, year, rest = '') => `/v1/reports/asset-transfer/${authority.id}/${year}${rest}`;
const draft = async (authority, year) => ok(await admin.get(at(authority, year, '?version=draft')), 200);
/** The figures that are not nought. */
const figures = async (authority, year) => Object.fromEntries(Object.entries((await draft(authority, year)).figures).filter(([, v]) => v));
const texts = {promotion: 'A page, two evenings, and a leaflet.', support: 'One officer, half a day a week.'};
const put = (authority, year, more = {}, options = {headers: {'If-None-Match': '*'}}) => admin.put(at(authority, year), {...texts, ...more}, options);
const publish = (authority, year, client = admin) => client.post(at(authority, year, '/publish'), {});

let council, board;

before(async () => {
	council = await newAuthority('COUNCIL');
	board = await newAuthority('HEALTH_BOARD');
	// Received in one year and answered in the next: neither figure follows from the other.
	const agreed = await assessed(council, '2025-02-03', '2025-03-10');
	await act(agreed, 'AGREE', '2025-04-01', terms);
	await act(agreed, 'OFFER', '2025-05-01');
	await act(agreed, 'CONCLUDE_CONTRACT', '2025-09-01');
	await act(agreed, 'COMPLETE', '2026-03-31', {price_pence: 100});
	// Arrived in one year, complete in the next.
	const late = await ask(council, '2025-03-25', {items: ['WRITING', 'NAME', 'ADDRESS', 'PART5'].map(code => ({code, received_on: '2025-03-25'}))});
	for (const item of late.items.filter(i => !i.received_on))
		await act(late, 'ITEM_RECEIVED', '2025-04-02', {code: item.code});
	await act(late, 'VALIDATE', '2025-04-02');
	await act(late, 'WITHDRAW', '2025-06-01');
	// Refused on the last day of one year, agreed to on review in the next: no second refusal or agreement.
	const reviewed = await assessed(council, '2025-11-03', '2025-12-08', {kind: 'LEASE'});
	await act(reviewed, 'REFUSE', '2026-03-31', grounds);
	await act(reviewed, 'REVIEW_APPLIED', '2026-04-10');
	await act(reviewed, 'REVIEW_DECIDED', '2026-05-05', {outcome: 'SUBSTITUTE', decision: 'AGREE', ...terms});
	// Not a request under the Act, and one that nobody else may know of.
	await act(await ask(council, '2025-07-01', {kind: 'LEASE'}), 'INELIGIBLE', '2025-07-10', {reasons: 'No constitution.'});
	const hidden = await assessed(council, '2025-08-04', '2025-09-08', {published: false});
	await act(hidden, 'REFUSE', '2025-10-01', grounds);
	// An enquiry is none; what it leads to is received when it is submitted.
	const enquiry = await ask(council, '2025-04-10', {stage: 'ENQUIRY'});
	await act(enquiry, 'SUBMIT', '2025-05-10');
	// Appeals to the Ministers: one allowed and varied, one dismissed, both refused the year before.
	for (const outcome of ['ALLOW', 'DISMISS']) {
		const appealed = await assessed(board, '2024-09-02', '2024-10-07');
		await act(appealed, 'REFUSE', '2025-01-15', grounds);
		await act(appealed, 'APPEAL_LODGED', '2025-01-20');
		await act(appealed, 'APPEAL_DECIDED', '2025-06-02', outcome === 'ALLOW' ? {outcome, varied: true, ...terms} : {outcome});
	}
});

test('a year counts by what happened in it, and nothing has to add up', async () => {
	assert.deepEqual(await figures(council, '2024-25'), {A: 1, A_FIRST: 2});
	assert.deepEqual(await figures(council, '2025-26'), {A: 3, A_FIRST: 3, B_I: 1, B_II: 2, C_I: 1, AREA: 5000});
	assert.deepEqual(await figures(council, '2026-27'), {E_III: 1});
	assert.deepEqual(await figures(board, '2024-25'), {A: 2, A_FIRST: 2, B_II: 2});
	assert.deepEqual(await figures(board, '2025-26'), {D_I: 1, D_II: 1, D_III: 1});
	const {lines} = await draft(council, '2025-26');
	assert.deepEqual(lines.map(l => l.line), ['A', 'A_FIRST', 'B_I', 'B_II', 'C_I', 'C_II', 'C_III', 'D_I', 'D_II', 'D_III', 'E_I', 'E_II', 'E_III', 'AREA']);
	for (const line of lines)
		assert.ok(line.label && line.rule && line.citation && /^[CGPU]$/.test(line.confidence), line.line);
});

test('every line of section 95(2) counts its own kind of entry, on its own days', async () => {
	const rows = [['VALIDATE', {}, ['A']], ['RECEIVED', {}, ['A_FIRST']], ['SUBMIT', {}, ['A_FIRST']], ['AGREE', {...terms, offer_by_on: '2030-01-01'}, ['B_I']], ['REFUSE', grounds, ['B_II']],
		['COMPLETE', {}, ['C_III', 'AREA']], ['APPEAL_DECIDED', {outcome: 'ALLOW'}, ['D_I']], ['APPEAL_DECIDED', {outcome: 'DISMISS'}, ['D_II']],
		['APPEAL_DECIDED', {outcome: 'DISMISS', varied: true}, ['D_II', 'D_III']], ['APPEAL_DECIDED', {outcome: 'ALLOW', varied: false}, ['D_I']],
		['REVIEW_DECIDED', {outcome: 'CONFIRM'}, ['E_I']], ['REVIEW_DECIDED', {outcome: 'MODIFY'}, ['E_II']], ['REVIEW_DECIDED', {outcome: 'SUBSTITUTE'}, ['E_III']],
		['NO_DECISION', {}, []], ['WITHDRAW', {}, []], ['NO_CONTRACT_APPEAL_DECIDED', {outcome: 'ALLOW'}, []]];
	const one = await newAuthority('COUNCIL');
	const {id} = await ask(one, '2026-10-01', {kind: 'OTHER_RIGHTS', area_m2: 7});
	// Entries as the ledger keeps them, on the last day of a year and the first of the next.
	await reg.cluster.session(async client => {
		await client.query('begin; set local search_path = assetd, public');
		await client.query(`select set_config('assetd.now', '2026-11-22T10:00:00Z', true), set_config('assetd.today', '2026-11-22', true)`);
		for (const [i, [event, payload]] of rows.entries()) {
			for (const [k, on] of ['2022-03-31', '2022-04-01', '2023-03-31', '2023-04-01'].entries())
				await client.query(`insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind, state_to,
					level_to, payload) values ($1, $2, $3, true, $4, $5, $6, 'AUTHORITY', 'RECEIVED', 'FIRST', $7)`,
				[`evt_${String(100 * i + k + 1).padStart(26, '0')}`, one.id, id, 10 + 10 * i + k, event, on, JSON.stringify(payload)]);
		}
		await client.query('commit');
	}, {database: reg.database});
	const want = {};
	for (const [, , lines] of rows)
		lines.forEach(line => want[line] = (want[line] ?? 0) + (line === 'AREA' ? 14 : 2));
	assert.deepEqual(await figures(one, '2022-23'), want, 'both ends of the year and no day beyond');
	await reg.cluster.session(async client => {
		await client.query('set search_path = assetd, public');
		await client.query(`update request_event set superseded_by = $1 where request_id = $2 and event = 'AGREE' and happened_on = '2022-04-01'`,
			[`evt_${String(1).padStart(26, '0')}`, id]);
	}, {database: reg.database});
	assert.equal((await figures(one, '2022-23')).B_I, 1, 'what a correction replaced is not counted');
	assert.equal((await figures(one, '2021-22')).B_I, 1);
});

test('a correction moves a case into the year in which it happened', async () => {
	const one = await newAuthority('COUNCIL');
	const request = await assessed(one, '2025-11-03', '2025-12-08');
	await act(request, 'REFUSE', '2026-03-31', grounds);
	assert.deepEqual([(await figures(one, '2025-26')).B_II, (await figures(one, '2026-27')).B_II], [1, undefined]);
	const {id} = ok(await admin.get(`/v1/requests/${request.id}/events`), 200).items.find(e => e.event === 'REFUSE');
	await act(request, 'CORRECT', '2026-04-01', {event_id: id, reasons: 'The notice is dated a day later.'});
	assert.deepEqual([(await figures(one, '2025-26')).B_II, (await figures(one, '2026-27')).B_II], [undefined, 1]);
});

test('the first reporting year began with the Act', async () => {
	const first = await draft(council, '2017-18');
	assert.deepEqual([first.from_on, first.to_on, first.due_on], ['2017-01-23', '2018-03-31', '2018-06-30']);
	for (const year of ['2016-17', '2025-27', '2025', '25-26', '2025-6', '+025-26', '2027-28', '9999-00'])
		problem(await admin.get(at(council, year)), 404, 'not-found');
	problem(await anyone.get('/v1/reports/asset-transfer?year=2025'), 400, 'bad-query', '?year');
	problem(await anyone.get(at({id: `aut_${'z'.repeat(26)}`}, '2025-26')), 404, 'not-found');
});

test('the last day to publish is that of clock K26', async () => {
	const file = path.join(reg.daemon.folder, 'k26.json');
	fs.writeFileSync(file, JSON.stringify({clock: 'K26', start: '2026-03-31'}));
	const {due_on} = await draft(council, '2025-26');
	assert.equal(due_on, JSON.parse((await run(ASSETCTL, ['deadline', file])).stdout).last_day);
});

test('before it is published nobody else sees a figure, and everybody that it is owed', async () => {
	const stranger = admin.as((await makeKey(reg, {roles: {[board.id]: ['ESTATES']}})).key);
	for (const who of [anyone, stranger]) {
		const seen = ok(await who.get(at(council, '2025-26')), 200);
		assert.deepEqual([seen.state, seen.shown, seen.figures, seen.lines, seen.promotion, seen.differs], ['OVERDUE', null, null, [], null, false]);
		problem(await who.get(at(council, '2025-26', '?version=draft')), 404, 'not-found');
		problem(await who.get(at(council, '2025-26', '/requests?line=A&version=draft')), 404, 'not-found');
		assert.deepEqual(ok(await who.get(at(council, '2025-26', '/requests?line=A')), 200).items, []);
		assert.equal((await who.get(at(council, '2025-26', '/report.csv'))).text.trim().split('\r\n').length, 1, 'no row but the head');
	}
	assert.deepEqual([(await draft(council, '2026-27')).state, (await draft(council, '2025-26')).state], ['RUNNING', 'OVERDUE']);
	const item = ok(await anyone.get(`/v1/reports/asset-transfer?year=2025-26&authority_id=${council.id}`), 200).items;
	assert.deepEqual(item.map(i => [i.authority_id, i.state, i.figures, i.due_on]), [[council.id, 'OVERDUE', null, '2026-06-30']]);
});

test('of no body it is said that a report is overdue that it does not owe', async () => {
	const none = await newAuthority('OTHER', {duties: []});
	const young = await newAuthority('ENTERPRISE', {duties: [{schedule: 3, from_on: '2020-04-01'}]});
	await makeKey(reg, {roles: {[young.id]: ['ESTATES']}});
	for (const [authority, year, state] of [[none, '2025-26', 'NOT_OWED'], [none, '2026-27', 'NOT_OWED'], [young, '2019-20', 'NOT_OWED'], [young, '2020-21', 'OVERDUE']]) {
		const seen = ok(await anyone.get(at(authority, year)), 200);
		assert.deepEqual([seen.state, seen.is_owed], [state, state === 'OVERDUE']);
		assert.equal(/due by 30 June/.test((await anyone.get(`/reports/${authority.id}/${year}`)).text), state === 'OVERDUE');
	}
	assert.match((await anyone.get(`/reports/${none.id}/2025-26`)).text, /2024-25<\/a>: not owed/);
});

test('of a body that keeps no register here it is not said that it published nothing', async () => {
	const away = await newAuthority('COUNCIL', {name: 'Away Council'});
	const seen = async () => {
		const {state, is_owed} = ok(await anyone.get(at(away, '2025-26')), 200);
		const list = (await anyone.get('/reports?year=2025-26')).text;
		const row = /<tr><th scope="row"><a [^>]*>Away Council<\/a>.*?<\/tr>/.exec(list)[0];
		const [, published, kept] = /Published: (\d+) of (\d+)/.exec(list);
		return {state, is_owed, row, kept: Number(kept), published: Number(published), more: Number(/(\d+) more must report too/.exec(list)[1]),
			page: (await anyone.get(`/reports/${away.id}/2025-26`)).text, body: (await anyone.get(`/authorities/${away.id}`)).text};
	};
	const before = await seen();
	assert.deepEqual([before.state, before.is_owed], ['NOT_KEPT', true]);
	assert.match(before.row, />not kept here<.*data-label="Published">not known</i);
	assert.match(before.page, /<h2>Not kept here<\/h2>/);
	assert.doesNotMatch(before.page + before.body, /overdue|Not published/i);
	assert.match(before.body, /2025-26<\/a>: not kept here/);
	// Nor by a request that somebody else made to it, and by land of theirs that nobody is shown.
	const hidden = ok(await admin.post('/v1/assets', {authority_id: away.id, name: 'Yard', class: 'LAND', tenure: 'OWNED', published: false}));
	ok(await admin.post('/v1/requests', {asset_id: hidden.id, community_body_id: body.id, kind: 'LEASE', received_on: '2025-06-02'}, {idempotency: 'away'}));
	assert.equal((await seen()).state, 'NOT_KEPT');
	// By land in the register; by an account; by a report that it published here.
	ok(await admin.patch(`/v1/assets/${hidden.id}`, {published: true}, {match: '*'}), 200);
	const after = await seen();
	assert.deepEqual([after.state, after.kept, after.more, after.published], ['OVERDUE', before.kept + 1, before.more - 1, before.published]);
	assert.match(after.row, />overdue<.*data-label="Published">no</i);
	const works = await newAuthority('COUNCIL'), wrote = await newAuthority('COUNCIL');
	await makeKey(reg, {roles: {[works.id]: ['VIEWER']}});
	ok(await put(wrote, '2024-25'));
	ok(await publish(wrote, '2024-25'), 200);
	for (const of of [works, wrote])
		assert.equal(ok(await anyone.get(at(of, '2025-26')), 200).state, 'OVERDUE');
	const order = ok(await anyone.get('/v1/reports/asset-transfer?year=2025-26&limit=100'), 200).items.map(i => i.state === 'NOT_KEPT');
	assert.deepEqual(order, [...order].sort(), 'those that are kept here come first');
});

test('texts go by their version, and are asked for before anything is published', async () => {
	problem(await publish(council, '2025-26'), 409, 'report-state');
	problem(await put(council, '2025-26', {}, {}), 428, 'precondition-required');
	problem(await put(council, '2025-26', {promotion: 'x'.repeat(20001)}), 422, 'invalid', '/promotion');
	problem(await put(council, '2025-26', {figures: {A: 9}}), 422, 'invalid', '/figures');
	const first = await put(council, '2025-26', {support: null});
	assert.deepEqual([ok(first).promotion, first.json.support, first.json.shown], [texts.promotion, null, 'DRAFT']);
	assert.match(problem(await publish(council, '2025-26'), 409, 'report-state').detail, /what was done to promote/);
	problem(await put(council, '2025-26'), 412, 'stale');
	const second = await put(council, '2025-26', {}, {match: first.headers.etag});
	assert.equal(ok(second, 200).support, texts.support);
	problem(await put(council, '2025-26', {}, {match: first.headers.etag}), 412, 'stale');
	ok(await put(council, '2026-27'));
	assert.match(problem(await publish(council, '2026-27'), 409, 'report-state').detail, /has not ended/);
	problem(await put(council, '2027-28'), 404, 'not-found');
});

test('only those who act for the authority write or publish', async () => {
	for (const [roles, status] of [[{[board.id]: ['ESTATES', 'DECIDER']}, 403], [{[council.id]: ['VIEWER', 'FINANCE', 'ADMIN']}, 403]]) {
		const who = admin.as((await makeKey(reg, {roles})).key);
		assert.equal((await who.put(at(council, '2025-26'), texts, {match: '*'})).status, status);
		assert.equal((await publish(council, '2025-26', who)).status, status);
	}
	problem(await publish(council, '2025-26', anyone), 401, 'unauthenticated');
	const viewer = admin.as((await makeKey(reg, {roles: {[council.id]: ['VIEWER']}})).key);
	assert.equal(ok(await viewer.get(at(council, '2025-26')), 200).shown, 'DRAFT');
});

test('published, everybody sees the figures, and of the cases those that are public', async () => {
	const officer = admin.as((await makeKey(reg, {roles: {[council.id]: ['DECIDER']}})).key);
	const reply = await publish(council, '2025-26', officer);
	const made = ok(reply, 200);
	assert.deepEqual([made.state, made.shown, made.number, made.published_on, made.is_late, made.differs], ['PUBLISHED', 'PUBLISHED', 1, '2026-11-22', true, false]);
	assert.match(problem(await publish(council, '2025-26'), 409, 'report-state').detail, /Nothing has changed/);
	const seen = ok(await anyone.get(at(council, '2025-26')), 200);
	assert.deepEqual(seen.figures, made.figures);
	assert.deepEqual([seen.figures.B_II, seen.promotion], [2, texts.promotion]);
	const refused = async who => ok(await who.get(at(council, '2025-26', '/requests?line=B_II')), 200).items;
	assert.deepEqual((await refused(officer)).map(i => i.on), ['2025-10-01', '2026-03-31']);
	assert.deepEqual((await refused(anyone)).map(i => [i.on, i.kind, i.community_body_name]), [['2026-03-31', 'LEASE', 'Hall Trust']]);
	const all = ok(await officer.get(at(council, '2025-26', '/requests?line=A&limit=2')), 200);
	assert.equal(all.items.length, 2);
	assert.equal(ok(await officer.get(all.next), 200).items.length, 1);
	const whole = ok(await officer.get(at(council, '2025-26', '/requests')), 200).items;
	assert.equal(whole.length, 11, 'every case of every line');
	assert.deepEqual(whole.map(i => i.on), whole.map(i => i.on).sort());
	const pages = [];
	for (let next = at(council, '2025-26', '/requests?limit=3'); next;) {
		const page = ok(await officer.get(next), 200);
		pages.push(...page.items);
		next = page.next;
	}
	assert.deepEqual(pages, whole, 'page by page the same');
	problem(await anyone.get(at(council, '2025-26', '/requests?line=Z')), 400, 'bad-query', '?line');
	const event = await until(async () => (await anyone.get(`/v1/events/${reply.headers['event-id']}`)).json?.type && anyone.get(`/v1/events/${reply.headers['event-id']}`),
		{what: 'the event'});
	assert.deepEqual([event.json.type, event.json.subject, event.json.data], ['report.published', made.id, {authority_id: council.id, year: '2025-26', number: 1}]);
	const told = await reg.sql(`select type, is_public from assetd.change where subject = $1 order by subject_seq`, [made.id]);
	assert.deepEqual(told.map(t => [t.type, t.is_public]), [['report.drafted', false], ['report.drafted', false], ['report.published', true]]);
});

test('what turns out otherwise is a further version, and the one that was published stays', async () => {
	const found = await ask(council, '2025-12-01');
	await act(found, 'VALIDATE', '2025-12-01');
	const mine = ok(await admin.get(at(council, '2025-26')), 200);
	assert.deepEqual([mine.shown, mine.figures.A, mine.differs, (await draft(council, '2025-26')).figures.A], ['PUBLISHED', 3, true, 4]);
	assert.deepEqual((({figures, differs}) => [figures.A, differs])(ok(await anyone.get(at(council, '2025-26')), 200)), [3, false]);
	assert.equal(ok(await publish(council, '2025-26'), 200).number, 2);
	const now = ok(await anyone.get(at(council, '2025-26')), 200);
	assert.deepEqual([now.figures.A, now.number, now.versions.map(v => v.number)], [4, 2, [1, 2]]);
	assert.equal(ok(await anyone.get(at(council, '2025-26', '?version=1')), 200).figures.A, 3);
	assert.equal(ok(await anyone.get(at(council, '2025-26', '/requests?line=A&version=1')), 200).items.length, 2);
	problem(await anyone.get(at(council, '2025-26', '?version=3')), 404, 'not-found');
	problem(await anyone.get(at(council, '2025-26', '?version=first')), 400, 'bad-query', '?version');
	await assert.rejects(reg.sql('update assetd.report_version set promotion = promotion'), /append-only/);
	await assert.rejects(reg.sql('delete from assetd.report_case'), /append-only/);
});

test('two who publish at once make one version', async () => {
	ok(await put(board, '2024-25'));
	const replies = await Promise.all([1, 2, 3].map(() => publish(board, '2024-25')));
	assert.equal(replies.filter(r => r.status === 200).length, 1, replies.map(r => r.text).join());
	for (const reply of replies)
		assert.ok([200, 409, 503].includes(reply.status), reply.text); // 503: it waited too long for the row
	assert.equal((await reg.sql('select count(*)::int as n from assetd.report_version where authority_id = $1', [board.id]))[0].n, 1);
});

test('a nil report is a report, and the list says who has published', async () => {
	const nil = await newAuthority('COLLEGE', {name: '=Nil College'});
	ok(await put(nil, '2025-26', {promotion: '-We, "asked"\nall'}));
	assert.equal(Object.values(ok(await publish(nil, '2025-26'), 200).figures).some(v => v), false);
	const names = [];
	for (let next = '/v1/reports/asset-transfer?year=2025-26&limit=20'; next;) {
		const page = ok(await anyone.get(next), 200);
		names.push(...page.items);
		next = page.next;
	}
	const order = i => `${i.state === 'NOT_KEPT' ? 1 : 0}${i.authority_name}`;
	assert.deepEqual(names.map(order), names.map(order).sort((a, b) => (a < b ? -1 : 1)));
	assert.ok(names.length > 46, 'the reference bodies too');
	const state = Object.fromEntries(names.map(i => [i.authority_id, i.state]));
	assert.deepEqual([state[nil.id], state[council.id], state[board.id]], ['PUBLISHED', 'PUBLISHED', 'OVERDUE']);
	const none = await newAuthority('OTHER', {duties: []});
	assert.deepEqual(ok(await anyone.get(`/v1/reports/asset-transfer?authority_id=${none.id}`), 200).items, [], 'it owes none');
	const csv = await anyone.get(at(nil, '2025-26', '/report.csv'));
	assert.equal(csv.headers['content-type'], 'text/csv; charset=utf-8');
	const rows = csv.text.trim().split('\r\n');
	assert.equal(rows.length, 17);
	assert.match(rows[1], /^"'=Nil College","2025-26",1,"A","Requests received",0,"COUNT","s\.95\(2\)\(a\)","U",/);
	assert.ok(csv.text.includes(`"'-We, ""asked""\nall"`), csv.text);
});

test('a report that nobody publishes is told of a week before its last day and when that has passed, once, to its own body', async () => {
	const [late, early] = [await newAuthority('COUNCIL'), await newAuthority('COUNCIL')];
	const duty = of => `rdt_${of.id.slice(4)}`;
	const told = async of => (await reg.sql(`select type, data, is_public, actor_kind from assetd.change where subject = $1 and type like 'deadline.%'
		order by subject_seq`, [duty(of)])).map(e => [e.type.slice(9), e.data.clock, e.data.year, e.data.starts_on, e.data.due_on, e.data.on, e.is_public, e.actor_kind]);
	const rows = n => until(async () => (await told(late)).length === n, {what: `${n} events of the report`});
	for (const of of [late, early])
		await ask(of, '2026-11-16');
	const etag = (await anyone.get(`/v1/authorities/${late.id}`)).headers.etag;
	reg.daemon.setClock('2027-06-22T22:59:00Z'); // 23:59 in London
	const council_is_told = n => until(async () => (await told(council)).length >= n, {what: 'the first look of a day'});
	reg.daemon.setClock('2027-06-22T23:00:30Z'); // the 23rd has begun
	await rows(1);
	const later = reg.daemon.client(await reg.daemon.adminKey());
	ok(await later.put(at(early, '2026-27'), texts, {headers: {'If-None-Match': '*'}}));
	ok(await publish(early, '2026-27', later), 200);
	reg.daemon.setClock('2027-06-30T22:59:00Z');
	await reg.daemon.stop();
	await reg.daemon.start();
	reg.daemon.setClock('2027-06-30T22:59:30Z');
	assert.equal((await told(late)).length, 1, 'the whole of the last day is left, and nothing is told twice');
	reg.daemon.setClock('2027-06-30T23:00:30Z');
	await rows(2);
	await council_is_told(2);
	const want = (what, on) => [what, 'K26', '2026-27', '2027-03-31', '2027-06-30', on, false, 'SYSTEM'];
	assert.deepEqual(await told(late), [want('approaching', '2027-06-23'), want('missed', '2027-06-30')]);
	assert.deepEqual(await told(early), [want('approaching', '2027-06-23')]);
	assert.equal(ok(await later.get(at(late, '2026-27')), 200).state, 'OVERDUE', 'it stays due');
	const {items} = ok(await later.get(`/v1/events?subject=${duty(late)}&limit=50`), 200);
	assert.deepEqual(items.map(e => [e.type, e.subject_seq]), [['deadline.approaching', 1], ['deadline.missed', 2]]);
	assert.deepEqual(ok(await anyone.get(`/v1/events?subject=${duty(late)}&limit=50`), 200).items, []);
	assert.equal((await anyone.get(`/v1/authorities/${late.id}`)).headers.etag, etag, 'nothing of the body itself has changed');
	await reg.daemon.stop();
	reg.daemon.setClock('2028-07-05T10:00:00Z');
	await reg.daemon.start();
	await rows(4);
	assert.deepEqual((await told(late)).slice(2).map(([what, , year, , , on]) => [what, year, on]),
		[['approaching', '2027-28', '2028-06-23'], ['missed', '2027-28', '2028-06-30']], 'as if nobody had been away');
});
