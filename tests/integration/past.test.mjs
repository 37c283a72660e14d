// Every read of asset, valuation, plan and request takes valid_on and known_at: asked of the table of routes itself, so
// that a new one cannot pass them over. And what of then is shown of notices, cases, competing requests, the history
// and an asset's projection, to whom, and that what is hidden or taken back today does not come back.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import * as files from '../harness/files.mjs';
import {MATTERS, makeKey, ok, openSession, problem, startRegister} from '../harness/index.mjs';

// Reads that have no past, and why. Each has to refuse the two names, or it does not belong here.
const NO_PAST = {
	'/assets/new': 'a form', '/requests/new': 'a form', '/assets/{id}/edit': 'a form', '/assets/{id}/ask': 'a form', '/assets/change': 'a form',
	'/requests/{id}/comment': 'a form', '/requests/{id}/corrections/{event_id}': 'a form: what is to be corrected is so now',
	'/v1/documents/{id}/content': 'bytes, which are never changed', '/documents/{id}/content': 'bytes, which are never changed',
	'/v1/requests/{id}/file.zip': 'documents as they may be given out today, with the feed\'s position',
	'/requests/{id}/file.zip': 'documents as they may be given out today, with the feed\'s position',
	'/requests/{id}/file': 'the page of that file',
};
const OF_PAST = /^(\/v1)?\/(assets|requests|representations|documents)(\/|$)|^\/downloads\/(assets|requests)$/;

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const as = async (at, ...roles) => admin.as((await makeKey(reg, {roles: {[at]: roles}})).key);
const GROUNDS = {grounds: [{matter: 'H', text: 'The school needs it.'}]};
/* A form that changes something, but for that which signs out. */
const TO_DO = /<form method="post"(?! action="\/sign)/;

const officer = await openSession(reg.url, reg.adminKey); // pages as an officer's browser asks for them

let council, board, body, asset, sold, request, rival, notice, doc, said, ids, estates, decider, stranger, finance;
const path = (more = '') => `/v1/requests/${request.id}${more}`;
const act = (id, event, on, more = {}) => admin.post(`/v1/requests/${id}/events`, {event, on, ...more});
const items = async (of, who = admin) => ok(await who.get(of), 200).items;
const moment = async () => (await admin.get(path())).json.updated_at;

before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Past Council', kind: 'COUNCIL', code: 'PAST'}));
	board = ok(await admin.post('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'PASTB'}));
	[estates, decider, finance, stranger] = await Promise.all([as(council.id, 'ESTATES'), as(council.id, 'ESTATES', 'DECIDER'), as(council.id, 'FINANCE'),
		as(board.id, 'ESTATES', 'DECIDER', 'FINANCE')]);
	body = ok(await admin.post('/v1/community-bodies', {name: 'Past Trust', legal_form: 'SCIO', members: 30}));
	const other = ok(await admin.post('/v1/community-bodies', {name: 'Rival Trust', legal_form: 'SCIO', members: 30}));
	const add = name => admin.post('/v1/assets', {authority_id: council.id, name, class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'});
	asset = ok(await add('Hall'));
	sold = ok(await add('Lodge'));
	const valuation = ok(await admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: 10000000, basis: 'MV', valued_on: '2026-02-01', effective_on: '2026-02-01'}));
	ok(await admin.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'SALE', stage: 'SURPLUS', planned_on: '2028-06-01', effective_on: '2026-02-01'}, {headers: {'If-None-Match': '*'}}));
	const disposal = ok(await admin.post(`/v1/assets/${sold.id}/disposals`, {kind: 'MARKET', completed_on: '2026-06-01', gross_pence: 500, cost_pence: 0, to: 'X'}));
	const ask = (who, on, key) => admin.post('/v1/requests', {asset_id: asset.id, community_body_id: who.id, kind: 'OWNERSHIP', received_on: on, offer_pence: 5000000}, {idempotency: key});
	request = ok(await ask(body, '2026-10-01', 'p1'));
	ok(await act(request.id, 'VALIDATE', '2026-10-01'));
	rival = ok(await ask(other, '2026-10-10', 'p2'));
	notice = ok(await admin.post(path('/notices'), {code: 'N2'}));
	doc = ok(await admin.post('/v1/documents', {request_id: request.id, kind: 'OTHER', title: 'Paper', file_name: 'a.pdf', received_on: '2026-10-10'}));
	await admin.request('PUT', `/v1/documents/${doc.id}/content`, {body: files.pdf(), headers: {'If-None-Match': '*'}});
	ok(await act(request.id, 'NOTICES_ISSUED', '2026-10-02', {representations_close_on: '2026-10-30'}));
	said = ok(await admin.post(path('/representations'), {channel: 'LETTER', received_on: '2026-10-20', text: 'My name is Morag', writer: {name: 'Morag'}}));
	ids = {asset: asset.id, sold: sold.id, request: request.id, valuation_id: valuation.id, disposal_id: disposal.id, notice_id: notice.id,
		event_id: (await items(path('/events')))[0].id, representations: said.id, documents: doc.id};
});

/* A route's address with ids of things that are there. */
function address(route) {
	const kind = /^(?:\/v1)?\/(\w+)/.exec(route)[1];
	const id = kind === 'assets' ? ids[route.includes('disposals') ? 'sold' : 'asset'] : kind === 'requests' ? ids.request : ids[kind];
	return route.replace('{id}', id).replace(/\{(\w+)\}/g, (_, name) => ids[name]);
}

test('every GET of assets, valuations, plans and requests takes both, or says why not', async () => {
	const folder = new URL('../../daemon/route/', import.meta.url);
	const source = fs.readdirSync(folder).filter(name => /^routes\w*\.(c|inc)$/.test(name)).map(name => fs.readFileSync(new URL(name, folder), 'utf8')).join('');
	const routes = [...source.matchAll(/\{METHOD_GET, "([^"]+)"/g)].map(m => m[1]).filter(route => OF_PAST.test(route));
	assert.ok(routes.length > 40, `${routes.length}`);
	assert.deepEqual(Object.keys(NO_PAST).filter(route => !routes.includes(route)), [], 'of no route any more');
	const wrong = [];
	for (const route of routes) {
		const isPage = !route.startsWith('/v1/'), known = isPage ? 'known_on=1990-01-01' : 'known_at=1990-01-01T00:00:00Z';
		const look = query => (isPage ? officer : admin).get(`${address(route)}?${query}`);
		if (NO_PAST[route]) {
			for (const query of ['valid_on=2026-11-01', known]) {
				const {status, text} = await look(query);
				if (status !== 400 || !text.includes('has no past') || !text.includes(isPage ? 'Take it out of the address' : 'Leave it out'))
					wrong.push(`${route}?${query}: ${status}, and not why it has no past: ${text.slice(0, 300)}`);
			}
			continue;
		}
		for (const query of ['valid_on=1990-01-01', known, `valid_on=1990-01-01&${known}`, `valid_on=2026-11-21&${known}`]) {
			const {status, text} = await look(query);
			// Nothing was known: not there, or a list that says nothing.
			if (status !== 404 && (status !== 200 || (isPage ? /Past Trust|Rival Trust|href="\/\w+\/a(st|tr)_/ : /_[0-9a-z]{26}/).test(text)))
				wrong.push(`${route}?${query}: ${status} ${text.slice(0, 200)}`);
		}
		for (const query of ['valid_on=yesterday', `${known.split('=')[0]}=then`]) {
			if ((await look(query)).status !== 400)
				wrong.push(`${route}?${query} passes`);
		}
		if (!/notice_id/.test(route)) { // a draft has no past
			const {status, text} = await look('valid_on=2026-11-21');
			if (status !== 200)
				wrong.push(`${route} today: ${status} ${text}`);
		}
	}
	assert.deepEqual(wrong, []);
});

test('notices of then: once issued, as they were served and replaced by then; drafts have no past', async () => {
	const list = async (query, who = estates) => (await items(path(`/notices${query}`), who)).map(n => n.number);
	const door = path(`/notices/${notice.id}`);
	assert.deepEqual([await list(''), await list('?valid_on=2026-11-21')], [[1], []], 'a draft is now alone');
	assert.match(problem(await estates.get(`${door}?valid_on=2026-11-21`), 404, 'not-found').detail, /a draft is asked for without valid_on/);
	ok(await estates.post(`${door}/issue`, {dated_on: '2026-10-06', recipients: [{kind: 'COMMUNITY_BODY', name: 'Jane Doe', manner: 'POST'}]}), 200);
	const issued = ok(await estates.get(door), 200).issued_at;
	ok(await estates.post(`${door}/served`, {served: [{number: 1, served_on: '2026-10-08'}]}), 200);
	assert.deepEqual([await list('?valid_on=2026-10-05'), await list('?valid_on=2026-10-06'), await list('?code=N3&valid_on=2026-10-06'),
		await list(`?known_at=${request.created_at}`)], [[], [1], [], []]);
	const served = async query => ok(await estates.get(door + query), 200).recipients.map(r => r.served_on);
	assert.deepEqual([await served('?valid_on=2026-10-07'), await served('?valid_on=2026-10-08'), await served(`?known_at=${issued}`)], [[null], ['2026-10-08'], [null]]);
	for (const who of [anyone, stranger])
		assert.equal((await who.get(`${door}?valid_on=2026-10-08`)).status, 404, 'a letter is the authority\'s of then too');
	assert.doesNotMatch((await finance.get(`${door}?valid_on=2026-10-08`)).text, /Jane/);
	const page = await officer.get(`/requests/${request.id}/notices/${notice.id}?valid_on=2026-10-07`);
	assert.match(page.text, /This is the past/);
	assert.doesNotMatch(page.text, TO_DO, 'and nothing to do there');
	assert.match((await officer.get(`/requests/${request.id}/notices/${notice.id}`)).text, TO_DO);
});

test('a case of then: who dealt with it, what was noted, what was proposed and not decided yet', async () => {
	const person = ok(await estates.get('/v1/whoami'), 200).principal_id;
	const case_ = async (query, who = estates) => ok(await who.get(path(`/case${query}`)), 200);
	ok(await estates.post(path('/officers'), {principal_id: person}));
	const first = ok(await estates.post(path('/notes'), {text: 'First'})).notes[0].written_at;
	ok(await estates.post(path('/officers'), {}));
	ok(await estates.post(path('/notes'), {text: 'Second'}));
	const then = await case_(`?known_at=${first}`);
	assert.deepEqual([then.officer.principal_id, then.notes.map(n => n.text), then.officers.length], [person, ['First'], 1]);
	assert.equal((await case_('')).officer, null);
	assert.deepEqual((await case_('?valid_on=2026-11-20')).notes, [], 'the day before');
	assert.equal((await case_('?valid_on=2026-10-03')).state, (await admin.get(path('?valid_on=2026-10-03'))).json.state);
	const made = ok(await estates.post(path('/proposals'), {event: 'REFUSE', on: '2026-11-20', ...GROUNDS, matters: MATTERS})).proposals[0];
	ok(await decider.post(path(`/proposals/${made.id}/reject`), {reasons: 'Not yet'}), 200);
	const open = (await case_(`?known_at=${made.proposed_at}`)).proposals[0];
	assert.deepEqual([open.state, open.decided_by, open.reasons], ['OPEN', null, null]);
	assert.equal((await case_('?valid_on=2026-11-21')).proposals[0].state, 'REJECTED');
	for (const who of [anyone, stranger, finance])
		assert.ok([401, 403, 404].includes((await who.get(path('/case?valid_on=2026-11-21'))).status));
	for (const more of ['case', 'representations', 'documents']) {
		assert.match((await officer.get(`/requests/${request.id}/${more}`)).text, TO_DO, more);
		const page = await officer.get(`/requests/${request.id}/${more}?known_on=2026-11-21`);
		assert.equal(page.status, 200);
		assert.match(page.text, /This is the past/, more);
		assert.doesNotMatch(page.text, TO_DO, more);
	}
	const due = async query => (await items(path(`/notices-due${query}`), estates)).map(n => n.code);
	assert.ok((await due('?valid_on=2026-10-05')).includes('N2') && !(await due('')).includes('N2'), 'it was due until it was issued');
});

test('competing and earlier requests of then', async () => {
	const of = async (query, who = anyone) => (await items(path(`/competing${query}`), who)).map(r => r.id);
	assert.deepEqual([await of(''), await of('?valid_on=2026-10-09'), await of('?valid_on=2026-10-10'), await of(`?known_at=${request.created_at}`)],
		[[rival.id], [], [rival.id], []]);
	const strip = list => list.map(one => Object.fromEntries(Object.entries(one).sort()));
	assert.deepEqual(strip(await items(path('/competing?valid_on=2026-11-21'))), strip(await items(path('/competing'))), 'today of then is today');
	ok(await act(rival.id, 'WITHDRAW', '2026-11-01'));
	assert.deepEqual([await of(''), await of('?valid_on=2026-10-31')], [[], [rival.id]]);
	const barn = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Barn', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'}));
	const ask = (on, idempotency) => admin.post('/v1/requests', {asset_id: barn.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: on}, {idempotency});
	const first = ok(await ask('2026-10-01', 'e1'));
	ok(await act(first.id, 'VALIDATE', '2026-10-01'));
	ok(await act(first.id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	ok(await act(first.id, 'REFUSE', '2026-11-02', {...GROUNDS, matters: MATTERS}));
	const again = ok(await ask('2026-11-01', 'e2'));
	const earlier = async query => (await items(`/v1/requests/${again.id}/earlier${query}`)).map(r => [r.id, r.verdict]);
	const found = [[first.id, 'MAY_DECLINE']];
	assert.deepEqual([await earlier(''), await earlier('?valid_on=2026-11-01'), await earlier('?valid_on=2026-11-02')], [found, [], found]);
	problem(await admin.get(`/v1/requests/${again.id}/earlier?valid_on=2026-10-31`), 404, 'not-found');
	const page = await admin.get(`/requests/${request.id}?valid_on=2026-10-31`, {headers: {Accept: 'text/html'}});
	assert.match(page.text, /Rival Trust/);
});

test('the history of then: what was known, and said something of that day', async () => {
	const types = async (of, query) => (await items(`${of}/history${query}`)).map(c => c.type);
	const made = asset.created_at;
	assert.deepEqual(await types(`/v1/assets/${asset.id}`, `?known_at=${made}`), ['asset.created']);
	assert.ok((await types(`/v1/assets/${asset.id}`, '?valid_on=2026-01-31')).every(t => t !== 'asset.valued'), 'dated later');
	assert.ok((await types(`/v1/assets/${asset.id}`, '?valid_on=2026-02-01')).includes('asset.valued'));
	const before_ = await types(path(), '?valid_on=2026-10-01');
	assert.ok(before_.includes('request.validated') && !before_.includes('request.notices_issued'), before_.join());
	problem(await admin.get(`/v1/assets/${asset.id}/history?valid_on=2025-12-31`), 404, 'not-found');
});

test('a projection of then: today of then is today, before a plan there is no receipt, and for readers of money alone', async () => {
	const door = `/v1/assets/${asset.id}/projection`;
	const now = ok(await finance.get(door), 200), today = ok(await finance.get(`${door}?valid_on=2026-11-21`), 200);
	assert.deepEqual([today.asset, today.model_id, today.as_of], [now.asset, now.model_id, now.as_of]);
	assert.deepEqual([today.valid_on, typeof today.known_at], ['2026-11-21', 'string']);
	const early = ok(await finance.get(`${door}?valid_on=2026-01-15`), 200);
	assert.equal(early.as_of, '2026-01-15');
	assert.notDeepEqual(early.asset, now.asset);
	const was = ok(await finance.get(`${door}?known_at=${(await moment())}`), 200).asset;
	assert.deepEqual(was, now.asset);
	ok(await admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: 90000000, basis: 'MV', valued_on: '2026-11-01', effective_on: '2026-11-01'}));
	const fresh = ok(await finance.get(`${door}?valid_on=2026-11-21`), 200);
	assert.notDeepEqual(fresh.asset, was);
	assert.deepEqual(ok(await finance.get(`${door}?known_at=${today.known_at}`), 200).asset, was, 'what is known since does not change what was known');
	const run = ok(await admin.post('/v1/projections/runs', {as_of_on: '2026-11-21', name: 'Then', tag: 'WHAT_IF', valid_on: '2026-11-21', known_at: today.known_at}));
	assert.ok(run.id, 'the run of that moment is the same question of the whole register');
	for (const [who, status] of [[anyone, 401], [stranger, 403], [estates, 403]])
		assert.equal((await who.get(`${door}?valid_on=2026-11-21`)).status, status);
	problem(await finance.get(`${door}?valid_on=2025-12-31`), 404, 'not-found');
	const page = async (query, who = officer) => who.get(`/assets/${asset.id}/projection${query}`);
	const [then, is] = [(await page('?valid_on=2026-11-21&scenario=BEST')).text, (await page('?valid_on=&known_on=')).text];
	assert.match(then, /This is the past.*21 November 2026/s);
	assert.match(then, /What may become of it/);
	assert.doesNotMatch(is, /This is the past/);
	const theirs = await openSession(reg.url, (await makeKey(reg, {roles: {[board.id]: ['FINANCE']}})).key);
	assert.equal((await page('?valid_on=2026-11-21', theirs)).status, 403);
});

test('a joint owner is shown the same of then as of now, with everybody\'s settings and of what is not published; and of what was removed since', async () => {
	const joint = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Shared', class: 'HALL', tenure: 'OWNED', published: false, effective_on: '2026-01-01',
		owners: [{authority_id: council.id, units: 1}, {authority_id: board.id, units: 2}]}));
	ok(await admin.post(`/v1/assets/${joint.id}/valuations`, {amount_pence: 10000000, basis: 'MV', valued_on: '2026-02-01', effective_on: '2026-02-01'}));
	ok(await admin.put(`/v1/assets/${joint.id}/disposal-plan`, {method: 'SALE', stage: 'SURPLUS', planned_on: '2028-06-01', effective_on: '2026-02-01'}, {headers: {'If-None-Match': '*'}}));
	ok(await admin.post('/v1/requests', {asset_id: joint.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 5000000}, {idempotency: 'j1'}));
	const set = await finance.put(`/v1/projections/parameters?authority_id=${council.id}`, {params: {cost_rate_ppm: 100000, cost_fixed: 0}, note: 'Ours'}, {headers: {'If-None-Match': '*'}});
	ok(set, 200);
	const door = `/v1/assets/${joint.id}/projection`, owner = await as(board.id, 'FINANCE');
	for (const who of [finance, owner]) {
		const now = ok(await who.get(`${door}?min_event=${set.headers['event-id']}`), 200);
		assert.deepEqual(ok(await who.get(`${door}?valid_on=2026-11-21`), 200).asset, now.asset);
	}
	const was = ok(await owner.get(`${door}?known_at=${joint.created_at}`), 200).asset;
	assert.notDeepEqual(was, ok(await owner.get(`${door}?valid_on=2026-11-21`), 200).asset, 'nothing was planned then');
	const lone = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Gone', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'}));
	ok(await admin.request('DELETE', `/v1/assets/${lone.id}`, {match: '*'}), 204);
	problem(await finance.get(`/v1/assets/${lone.id}/projection?valid_on=2026-11-21`), 410, 'gone');
	ok(await finance.get(`/v1/assets/${lone.id}/projection?valid_on=2026-11-20`), 200);
	problem(await owner.get(`/v1/assets/${lone.id}/projection?valid_on=2026-11-20`), 403, 'forbidden');
});

test('what was published late: of what it was nothing is told but to its own, whatever is asked of then', async () => {
	const secret = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Secret store', class: 'HALL', tenure: 'OWNED', published: false, effective_on: '2026-01-01'}));
	const of = ok(await admin.post('/v1/requests', {asset_id: secret.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'late'}));
	const shown = ok(await admin.patch(`/v1/assets/${secret.id}`, {published: true, name: 'Store', effective_on: '2026-10-10'}, {match: '*'}), 200);
	for (const [who, names] of [[anyone, false], [stranger, false], [estates, true]])
		for (const query of ['', '?valid_on=2026-10-10', `?known_at=${shown.updated_at}`]) {
			const [told] = (await items(`/v1/assets/${secret.id}/history${query}`, who)).slice(-1);
			assert.deepEqual([told.before.published, told.before.name, told.after.name], [false, names ? 'Secret store' : undefined, 'Store'], query);
		}
	problem(await stranger.get(`/v1/requests/${of.id}/notices-due?valid_on=2026-10-10`), 403, 'forbidden');
});

test('going back undoes nothing: what is unpublished, withheld or erased today', async () => {
	const rep = `/v1/representations/${said.id}`;
	for (const what of [{event: 'MARK', mark: 'COUNTED'}, {event: 'REDACT', text: 'Left out'}, {event: 'PUBLISH'}])
		assert.ok((await admin.post(`${rep}/events`, what)).status < 300);
	const shown = (await admin.get(rep)).json.updated_at;
	assert.equal(ok(await anyone.get(`${rep}?valid_on=2026-10-20`), 200).text, 'Left out');
	assert.equal((await anyone.get(`${rep}?valid_on=2026-10-19`)).status, 404);
	assert.ok((await admin.post(`${rep}/events`, {event: 'WITHHOLD', reasons: 'Wrong'})).status < 300);
	for (const of of [rep, path('/representations')])
		assert.doesNotMatch((await anyone.get(`${of}?known_at=${shown}`)).text, /Left out/);
	assert.doesNotMatch((await anyone.get(`/requests/${request.id}/representations?valid_on=2026-11-21`, {headers: {Accept: 'text/html'}})).text, /Left out/);
	ok(await admin.patch(`/v1/assets/${asset.id}`, {published: false}, {match: '*'}), 200);
	for (const of of [path('/competing'), path('/notices'), path('/history'), path('/earlier'), path('/events'), `/v1/assets/${asset.id}/history`])
		assert.equal((await anyone.get(`${of}?valid_on=2026-11-01`)).status, 404, of);
});
