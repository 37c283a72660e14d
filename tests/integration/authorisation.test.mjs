// Who may call what: every address of the table compiled into the daemon,
// as every role on the right authority and on another, with keys that live, are revoked, have
// expired or are none. What is right stands in tests/data/route_matrix.csv, written from
// what each role is for and not from the code; an address without a line there fails.
//
//   roles  who may, at the authority that the thing belongs to
//   where  -          no authority matters        authority  the one that the body or query names
//          asset, request   that of the thing; what is not published does not exist for others
//          money      as asset, for readers of money alone     hidden  exists for its own authority alone
//          mine       one's own alone, and this is nobody's
//          published  made for the public: of what is not published there is none, for anybody

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {ASSETD, TREE, keyText, makeKey, startRegister, until} from '../harness/index.mjs';

const routes = execFileSync(ASSETD, ['--dump-routes'], {encoding: 'utf8'}).trim().split('\n').map(line => {
	const [method, path, scope, kind] = line.split('\t');
	return {method, path, scope, kind};
}).filter(r => r.kind === 'api');
const lines = fs.readFileSync(path.join(TREE, 'tests/data/route_matrix.csv'), 'utf8').trim().split('\n').slice(1).map(line => {
	const [method, path, roles, where] = line.split(',');
	return {method, path, roles: roles.split(' '), where};
});

test('every address has a line, and every line an address', () => {
	const name = r => `${r.method} ${r.path}`;
	assert.deepEqual(lines.map(name).sort(), routes.map(name).sort());
});

const reg = await startRegister({conf: {http: {base_url: 'https://register.example'}, mail: {smtp_url: 'smtp://127.0.0.1:1', from: 'a@register.example'}},
	clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const made = async reply => {
	const got = await reply;
	assert.ok(got.status === 200 || got.status === 201, got.text);
	return got.json;
};

const own = (await made(admin.post('/v1/authorities', {name: 'Own', kind: 'COUNCIL', code: 'OWN'}))).id;
const other = (await made(admin.post('/v1/authorities', {name: 'Other', kind: 'COUNCIL', code: 'OTHER'}))).id;
const cpp = (await made(admin.post('/v1/cpps', {name: 'C', code: 'C'}))).id;
const locality = (await made(admin.post('/v1/localities', {name: 'L', code: 'L', cpp_id: cpp, kind: 'OTHER'}))).id;
await made(admin.put(`/v1/authorities/${own}/settings`, {}, {headers: {'If-None-Match': '*'}}));
const REFUSE = {event: 'REFUSE', on: '2026-10-30', grounds: [{matter: 'H', text: 'Needed.'}]};
let n = 0;

/** An asset with all that can hang on it; published or not. */
async function thing(published) {
	const asset = (await made(admin.post('/v1/assets', {authority_id: own, name: 'Hall', class: 'HALL', tenure: 'OWNED', published}))).id;
	const valuation = (await made(admin.post(`/v1/assets/${asset}/valuations`, {amount_pence: 1, basis: 'MV', valued_on: '2026-01-01'}))).id;
	await made(admin.put(`/v1/assets/${asset}/disposal-plan`, {method: 'NONE'}, {headers: {'If-None-Match': '*'}}));
	const request = (await made(admin.post('/v1/requests', {asset_id: asset, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: `r${++n}`}))).id;
	const step = (event, more) => made(admin.post(`/v1/requests/${request}/events`, {event, on: '2026-10-01', ...more}));
	await step('VALIDATE');
	await step('NOTICES_ISSUED', {representations_close_on: '2026-10-29'});
	const representation = (await made(admin.post(`/v1/requests/${request}/representations`, {channel: 'LETTER', received_on: '2026-10-20', text: 'For it'}))).id;
	for (const what of [{event: 'MARK', mark: 'COUNTED'}, {event: 'REDACT', text: 'For it'}, {event: 'PUBLISH'}])
		await made(admin.post(`/v1/representations/${representation}/events`, what));
	const notices = `/v1/requests/${request}/notices`;
	const notice = (await made(admin.post(notices, {code: 'N4', gist: 'A hall', inspect_at: 'Here', respond_to: 'Write.'}))).id;
	await made(admin.post(`${notices}/${notice}/issue`, {}));
	const proposal = (await made(admin.post(`/v1/requests/${request}/proposals`, REFUSE))).proposals[0].id;
	const sold = (await made(admin.post('/v1/assets', {authority_id: own, name: 'Sold', class: 'HALL', tenure: 'OWNED', published}))).id;
	const disposal = (await made(admin.post(`/v1/assets/${sold}/disposals`, {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1}))).id;
	const paper = (await made(admin.post('/v1/documents', {asset_id: asset, kind: 'OTHER', title: 'Paper', file_name: 'paper.txt'}))).id;
	await made(admin.request('PUT', `/v1/documents/${paper}/content`, {body: 'words', match: '*'}));
	if (published)
		await made(admin.patch(`/v1/documents/${paper}`, {published, redaction: 'NOT_NEEDED'}, {match: '*'}));
	const pair = (await made(admin.post('/v1/land-pairs', {asset_id: asset, other_id: sold, state: 'REJECTED', reason: 'A wall apart'}))).id;
	return {asset, valuation, request, representation, notice, proposal, sold, disposal, paper, pair};
}
const roles = ['VIEWER', 'ESTATES', 'DECIDER', 'FINANCE', 'ADMIN'];
const keys = {};
for (const role of roles) {
	keys[`${role} of it`] = {role, at: 'own', ...await makeKey(reg, {roles: {[own]: [role]}})};
	keys[`${role} elsewhere`] = {role, at: 'other', ...await makeKey(reg, {roles: {[other]: [role]}})};
}
keys['OPERATOR'] = {role: 'OPERATOR', ...await makeKey(reg, {isOperator: true})};
keys['a narrow key'] = {role: 'NONE', at: 'own', ...await makeKey(reg, {roles: {[own]: roles}, scopes: []})};
keys['nobody'] = {role: 'ANONYMOUS'};
keys['a revoked key'] = {role: 'DEAD', ...await makeKey(reg, {roles: {[own]: roles}, isOperator: true, revoked: '2026-11-20'})};
keys['an expired key'] = {role: 'DEAD', ...await makeKey(reg, {roles: {[own]: roles}, isOperator: true, expires: '2026-11-21T09:59:59Z'})};
keys['a closed principal'] = {role: 'DEAD', ...await makeKey(reg, {roles: {[own]: roles}, isOperator: true, closed: '2026-11-20'})};
keys['an unknown key'] = {role: 'DEAD', key: keyText(999_999)};
const estates = admin.as(keys['ESTATES of it'].key);
const body = (await made(estates.post('/v1/community-bodies', {name: 'B', legal_form: 'SCIO'}))).id;
const things = {open: await thing(true), shut: await thing(false)};
const hook = (await made(admin.as(keys['ADMIN of it'].key).post('/v1/webhooks', {url: 'https://receiver.example/'}))).id;
const imported = (await made(admin.request('POST', `/v1/imports?kind=assets&authority_id=${own}`, {body: 'reference,name\nA,B\n', headers: {'Content-Type': 'text/csv'}}))).id;
const mapping = (await made(admin.post('/v1/import-mappings', {authority_id: own, name: 'Own', columns: [{header: 'A', field: 'name'}]}))).id;
const account = (await made(admin.post('/v1/accounts', {authority_id: own, name: 'Somebody', email: 'somebody@example.org', roles: ['VIEWER']}))).id;
const lost = `fca_${'0'.repeat(26)}`;
const calendar = (await made(admin.post('/v1/calendars', {instruments: {}}))).id;
await made(admin.post(`/v1/calendars/${calendar}/apply`, {}));
const run = (await until(async () => {
	const reply = await admin.as(keys['FINANCE of it'].key).post('/v1/projections/runs', {name: 'R', tag: 'BUDGET'});
	return reply.status === 201 && reply;
}, {what: 'a frozen run'})).json.id;
const event = (await made(anyone.get('/v1/events?limit=1&wait=2'))).items[0].id;

/** The path's parameters filled, for a thing. */
function address(path, t) {
	if (path.startsWith('/v1/reports'))
		return path.replace('{id}', own).replace('{year}', '2025-26');
	const id = path.startsWith('/v1/authorities') ? own : path.startsWith('/v1/cpps') ? cpp : path.startsWith('/v1/localities') ? locality
		: path.startsWith('/v1/accounts') ? account : path.includes('/addresses/') ? lost : path.startsWith('/v1/keys') ? lost.replace('fca', 'key') : path.startsWith('/v1/community') ? body : path.startsWith('/v1/requests') ? t.request : path.startsWith('/v1/representations') ? t.representation : path.startsWith('/v1/imports') ? imported : path.startsWith('/v1/import-mappings') ? mapping
			: path.startsWith('/v1/calendars') ? calendar : path.startsWith('/v1/documents') ? t.paper : path.startsWith('/v1/land-pairs') ? t.pair : path.startsWith('/v1/webhooks') ? hook : path.startsWith('/v1/events') ? event : path.includes('/runs/') ? run : path.includes('{disposal_id}') ? t.sold : t.asset;
	return path.replace('{id}', id).replace('{valuation_id}', t.valuation).replace('{disposal_id}', t.disposal).replace('{notice_id}', t.notice)
		.replace('{proposal_id}', t.proposal).replace('{file}', 'changes.atom');
}

/** What a well-meant call sends: enough to get past the reading, and to change as little as can be. */
function sending({method, path}, t) {
	const json = {
		'POST /v1/authorities': {name: 'X', kind: 'OTHER', code: 'OWN'},
		'POST /v1/cpps': {name: 'X', code: 'C'},
		'POST /v1/localities': {name: 'X', code: 'L', cpp_id: cpp, kind: 'OTHER'},
		'POST /v1/calendars': {instruments: {}},
		'POST /v1/import-mappings': {authority_id: own, name: 'X', columns: [{header: 'A', field: 'name'}]},
		'POST /v1/assets': {authority_id: own, name: 'X', class: 'X', tenure: 'OWNED'},
		'POST /v1/assets/{id}/merge': {into: t.asset},
		'POST /v1/assets/{id}/valuations': {amount_pence: 1, basis: 'MV', valued_on: '2026-01-01'},
		'PUT /v1/assets/{id}/disposal-plan': {method: 'NONE'},
		'POST /v1/assets/{id}/disposals': {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1},
		'PUT /v1/assets/{id}/disposals/{disposal_id}': {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1},
		'POST /v1/community-bodies': {name: 'X', legal_form: 'SCIO'},
		'POST /v1/land-pairs': {asset_id: t.asset, other_id: t.sold, state: 'REJECTED', reason: 'A wall apart'},
		'POST /v1/requests': {asset_id: t.asset, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'},
		'POST /v1/requests/{id}/events': {event: 'CONCLUDE_CONTRACT', on: '2026-11-01'},
		'POST /v1/requests/{id}/corrections': {event: 'CORRECT', event_id: `evt_${'0'.repeat(26)}`, on: '2026-10-01', reasons: 'Typed in wrongly'},
		'POST /v1/requests/{id}/notices': {code: 'N4'},
		'POST /v1/requests/{id}/notes': {text: 'Noted'},
		'POST /v1/requests/{id}/proposals': REFUSE,
		'POST /v1/requests/{id}/proposals/{proposal_id}/reject': {reasons: 'No'},
		'POST /v1/requests/{id}/notices/{notice_id}/served': {recipients: [{kind: 'PUBLIC', manner: 'WEB'}]},
		'POST /v1/requests/{id}/representations': {channel: 'LETTER', received_on: '2026-10-20', text: 'For it'},
		'POST /v1/requests/{id}/submissions': {text: 'For it', name: 'M', email: 'm@example.org'},
		'POST /v1/confirmations': {token: ''},
		'POST /v1/answers': {token: ''},
		'POST /v1/asks': {asset_id: t.asset},
		'POST /v1/mine': {token: ''},
		'POST /v1/mine/links': {email: 'm@example.org'},
		'POST /v1/follows': {email: 'm@example.org'},
		'POST /v1/follows/end': {token: ''},
		'POST /v1/requests/{id}/answer-links': {event: 'SEND'},
		'POST /v1/requests/{id}/extensions': {event: 'OFFER', until_on: '2027-12-01', reasons: 'Typed'},
		'POST /v1/representations/{id}/events': {event: 'WITHHOLD'},
		'POST /v1/documents': {asset_id: t.asset, kind: 'OTHER', title: 'X', file_name: 'x'},
		'POST /v1/projections/runs': {name: 'X', tag: 'BUDGET'},
		'POST /v1/projections/addresses': {name: 'X'},
		'POST /v1/keys': {name: 'X', scopes: ['self:read']},
		'POST /v1/accounts': {authority_id: own, name: 'X', email: 'somebody@example.org', roles: ['VIEWER']},
	}[`${method} ${path}`];
	if (path === '/v1/imports')
		return {query: `?kind=assets&authority_id=${own}`, body: 'reference,name\nA,B\n', headers: {'Content-Type': 'text/csv'}};
	if (path.endsWith('{disposal_id}') && method !== 'GET')
		return {query: '?reason=Typed', json: json ?? undefined, match: '"999-x"'};
	if (method === 'GET' || method === 'DELETE')
		return {match: method === 'DELETE' ? '"999-x"' : undefined};
	return {json: json ?? {}, idempotency: method === 'POST' ? `k${++n}` : undefined, match: method === 'POST' ? undefined : '"999-x"'};
}

/** ok: not refused for who asks. */
function expected(line, who, isShut) {
	const {role, at} = who;
	const isHere = at === 'own' || role === 'OPERATOR';
	if (role === 'DEAD')
		return 401;
	const isMember = at === 'own' && role !== 'NONE';
	if (line.roles.includes('EVERYBODY'))
		return line.where === 'hidden' && at !== 'own' || isShut && (line.where === 'published' || ['asset', 'request'].includes(line.where) && at !== 'own') ? 404 : 'ok';
	if (role === 'ANONYMOUS')
		return 401;
	const has = line.roles.includes('SIGNED_IN') ? role !== 'NONE' : line.roles.includes(role);
	if (!has)
		return 403;
	if (line.where === 'mine')
		return 404;
	// Each event of a request needs one of two rights; the one that is sent needs that of ESTATES.
	if (line.where === '-' || isHere || isMember)
		return line.path.endsWith('/{id}/events') && role === 'DECIDER' ? 403 : 'ok';
	if (line.where === 'authority')
		return 403;
	return isShut || line.where === 'hidden' ? 404 : 403;
}

const outcome = status => [401, 403, 404].includes(status) ? status : 'ok';
let tried = 0;

for (const line of lines) {
	test(`${line.method} ${line.path}`, async () => {
		const cells = [];
		for (const [name, who] of Object.entries(keys)) {
			for (const [shape, t] of Object.entries(things)) {
				if (shape === 'shut' && !['asset', 'request', 'money', 'published'].includes(line.where))
					continue;
				const {query = '', ...send} = sending(line, t);
				cells.push((async () => {
					const reply = await anyone.as(who.key).request(line.method, address(line.path, t) + query, send);
					assert.ok(reply.status < 500, `${name}: ${reply.text}`);
					if (reply.status >= 400)
						assert.equal(reply.headers['content-type'], 'application/problem+json');
					return [`${name}, ${shape}: ${outcome(reply.status)}`, `${name}, ${shape}: ${expected(line, who, shape === 'shut')}`];
				})());
			}
		}
		const got = await Promise.all(cells);
		tried += got.length;
		assert.deepEqual(got.map(c => c[0]), got.map(c => c[1]));
	});
}

test('what one may not know of is answered as what is not there', async () => {
	const stranger = anyone.as(keys['ESTATES elsewhere'].key);
	for (const who of [anyone, stranger]) {
		for (const [there, missing] of [
			[`/v1/assets/${things.shut.asset}`, `/v1/assets/ast_${'z'.repeat(26)}`],
			[`/v1/requests/${things.shut.request}`, `/v1/requests/atr_${'z'.repeat(26)}`],
			[`/v1/assets/${things.shut.asset}/valuations`, `/v1/assets/ast_${'z'.repeat(26)}/valuations`],
			[`/v1/assets/${things.shut.asset}/history`, `/v1/assets/ast_${'z'.repeat(26)}/history`],
		]) {
			const [a, b] = [await who.get(there), await who.get(missing)];
			assert.deepEqual([a.status, {...a.json, instance: 0}], [404, {...b.json, instance: 0}]);
		}
	}
	assert.ok(tried > 1000, `${tried} cells tried`);
});
