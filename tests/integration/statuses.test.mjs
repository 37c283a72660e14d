// Each status that /v1/openapi.json declares for an operation, provoked. What a
// kind of operation has in common is provoked here for every one of them, from the description
// itself; successes and what belongs to one operation alone are met by the tests of its subject. The
// last step of the integration suite holds all that was met against all that is declared.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, test} from 'node:test';
import {keyText, makeKey, request, startRegister, until} from '../harness/index.mjs';
import {contract} from '../harness/contract.mjs';
import {startServer} from './server.mjs';

const {api} = contract();
const operations = Object.entries(api.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({
	path, method: method.toUpperCase(), operation, name: `${method.toUpperCase()} ${path}`,
	body: Object.keys(operation.requestBody?.content ?? {})[0],
})));
const declaring = status => operations.filter(o => o.operation.responses[status]);
// A letter's link says all that it is about: submissions, answers and follow.test.mjs have such as were never sent and such as
// have ended.
const named = o => !['/v1/confirmations', '/v1/answers', '/v1/mine', '/v1/asks', '/v1/follows', '/v1/follows/end'].includes(o.path);

const reg = await startRegister({conf: {http: {base_url: 'https://register.example'}, mail: {smtp_url: 'smtp://127.0.0.1:1', from: 'a@register.example'}},
	clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
const made = async reply => {
	const {status, json, text} = await reply;
	assert.ok(status === 200 || status === 201, text);
	return json.id;
};

// Something there is, something that was removed, and ids that name nothing.
const authority = await made(admin.post('/v1/authorities', {name: 'One', kind: 'COUNCIL', code: 'ONE'}));
const another = await made(admin.post('/v1/authorities', {name: 'Another', kind: 'COUNCIL', code: 'ANOTHER'}));
const cpp = await made(admin.post('/v1/cpps', {name: 'One', code: 'ONE', partners: [authority]}));
const locality = await made(admin.post('/v1/localities', {name: 'One', code: 'ONE', cpp_id: cpp, kind: 'OTHER'}));
const hall = more => made(admin.post('/v1/assets', {authority_id: authority, name: 'Hall', class: 'HALL', tenure: 'OWNED', ...more}));
const asset = await hall(), sold = await hall(), gone = await hall();
const valuation = await made(admin.post(`/v1/assets/${asset}/valuations`, {amount_pence: 1, basis: 'MV', valued_on: '2026-01-01'}));
await made(admin.put(`/v1/assets/${asset}/disposal-plan`, {method: 'NONE'}, {headers: {'If-None-Match': '*'}}));
const disposal = await made(admin.post(`/v1/assets/${sold}/disposals`, {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1}));
const body = await made(admin.post('/v1/community-bodies', {name: 'Body', legal_form: 'SCIO'}));
const request_id = await made(admin.post('/v1/requests', {asset_id: asset, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'},
	{idempotency: 'one'}));
await made(admin.post(`/v1/requests/${request_id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
const notice = await made(admin.post(`/v1/requests/${request_id}/notices`, {code: 'N2'}));
const REFUSE = {event: 'REFUSE', on: '2026-10-01', grounds: [{matter: 'H', text: 'Needed.'}]};
const proposer = admin.as((await makeKey(reg, {roles: {'*': ['ESTATES']}})).key);
const proposal = (await proposer.post(`/v1/requests/${request_id}/proposals`, REFUSE)).json.proposals[0].id;
await made(admin.put(`/v1/authorities/${authority}/settings`, {}, {headers: {'If-None-Match': '*'}}));
await made(admin.post(`/v1/requests/${request_id}/events`, {event: 'NOTICES_ISSUED', on: '2026-10-01', representations_close_on: '2026-10-29'}));
const REPRESENTATION = {channel: 'LETTER', received_on: '2026-10-20', text: 'For it'};
const representation = await made(admin.post(`/v1/requests/${request_id}/representations`, REPRESENTATION));
const pair = await made(admin.post('/v1/land-pairs', {asset_id: asset, other_id: sold, state: 'REJECTED', reason: 'A wall apart'}));
const REPORT = {promotion: 'A page of our site', support: 'An officer'};
await made(admin.put(`/v1/reports/asset-transfer/${authority}/2025-26`, REPORT, {headers: {'If-None-Match': '*'}}));
const mapping = () => made(admin.post('/v1/import-mappings', {authority_id: authority, name: `M${Math.random()}`, columns: [{header: 'A', field: 'name'}]}));
const own_mapping = await mapping(), lost_mapping = await mapping();
const webhook = await made(admin.post('/v1/webhooks', {url: 'https://receiver.example/'}));
const lost_webhook = await made(admin.post('/v1/webhooks', {url: 'https://receiver.example/'}));
const linked = async () => (await admin.post('/v1/projections/addresses', {name: 'Sheet'})).json;
const {id: own_address} = await linked(), {id: lost_address, address: lost_link} = await linked();
const somebody = name => made(admin.post('/v1/accounts', {authority_id: authority, name, email: `${name}@example.org`, roles: ['VIEWER']}));
const account = await somebody('one'), lost_account = await somebody('two');
const own_key = await made(admin.post('/v1/keys', {name: 'One', scopes: ['self:read']})), lost_key = await made(admin.post('/v1/keys', {name: 'Two', scopes: ['self:read']}));
const csv = {body: 'reference,name\nA,B\n', headers: {'Content-Type': 'text/csv'}};
const imported = await made(admin.request('POST', `/v1/imports?kind=assets&authority_id=${authority}`, csv));
const calendar = await made(admin.post('/v1/calendars', {instruments: {}}));
await made(admin.post(`/v1/calendars/${calendar}/apply`, {}));
const paper = () => made(admin.post('/v1/documents', {asset_id: asset, kind: 'OTHER', title: 'Paper', file_name: 'paper.txt'}));
const there_is = id => made(admin.request('PUT', `/v1/documents/${id}/content`, {body: 'words', match: '*'}));
const [document, lost_document, to_fill] = [await paper(), await paper(), await paper()];
await there_is(document);
await there_is(lost_document);
const run = await until(async () => {
	const reply = await admin.post('/v1/projections/runs', {name: 'R', tag: 'BUDGET'});
	return reply.status === 201 && reply.json.id;
}, {what: 'a frozen run'});
await admin.put(`/v1/projections/budget?authority_id=${authority}`, {years: [], note: 'None'}, {headers: {'If-None-Match': '*'}});
await admin.put('/v1/projections/parameters', {params: {}, note: 'The defaults'}, {headers: {'If-None-Match': '*'}});
const event = (await admin.get('/v1/events?limit=1&wait=2')).json.items[0].id;
for (const path of [`/v1/assets/${gone}`, `/v1/webhooks/${lost_webhook}`, `/v1/documents/${lost_document}`, `/v1/import-mappings/${lost_mapping}`, `/v1/projections/addresses/${lost_address}`, `/v1/accounts/${lost_account}`, `/v1/keys/${lost_key}`]) {
	const {headers} = await admin.get(path);
	assert.equal((await admin.delete(path, {match: headers.etag})).status, 204);
}
const narrow = await makeKey(reg, {roles: {'*': ['VIEWER', 'ESTATES', 'DECIDER', 'FINANCE', 'ADMIN']}, scopes: []});
const outsider = await makeKey(reg, {roles: {[another]: ['VIEWER', 'ESTATES', 'DECIDER', 'FINANCE', 'ADMIN']}});
const {json: {principal_id: principal}} = await admin.get('/v1/whoami');

const THERE = {authorities: authority, cpps: cpp, localities: locality, assets: asset, 'community-bodies': body, requests: request_id,
	calendars: calendar, representations: representation, 'land-pairs': pair, reports: authority, 'import-mappings': own_mapping, documents: document, webhooks: webhook, imports: imported, runs: run, addresses: own_address, accounts: account, keys: own_key, events: event};

/** The operation's address with {…} filled. */
function address(o, which = 'there') {
	const kind = /\/(runs|addresses)\//.exec(o.path)?.[1] ?? o.path.split('/')[2];
	const id = {
		there: o.path.includes('{disposal_id}') ? sold : o.name === 'PUT /v1/documents/{id}/content' ? to_fill : THERE[kind],
		gone: {webhooks: lost_webhook, documents: lost_document, 'import-mappings': lost_mapping, addresses: lost_address, accounts: lost_account, keys: lost_key}[kind] ?? gone,
		nothing: `xxx_${'0'.repeat(26)}`,
	}[which];
	const part = (name, there) => which === 'nothing' ? `${name}_${'0'.repeat(26)}` : there;
	return o.path.replace('{id}', id).replace('{valuation_id}', part('val', valuation)).replace('{disposal_id}', part('dsp', disposal))
		.replace('{notice_id}', part('ntc', notice)).replace('{proposal_id}', part('prp', proposal))
		.replace('{year}', '2025-26').replace('{slug}', which === 'nothing' ? 'nothing' : 'stale').replace('{file}', which === 'nothing' ? 'nothing' : 'changes.atom');
}

/** Enough of a well-meant call that only what is provoked can be wrong with it. */
function sending(o, {json = {}, headers = {}} = {}) {
	const key = o.name === 'POST /v1/requests' ? {'Idempotency-Key': `c${Math.random()}`} : {};
	if (o.body === 'text/csv' && !o.path.startsWith('/v1/projections/'))
		return {body: csv.body, headers: {...csv.headers, ...key, ...headers}};
	if (o.body === 'application/octet-stream')
		return {body: Buffer.alloc(262144), headers: {'Content-Type': o.body, 'Content-Range': 'bytes 0-262143/300000', ...headers}};
	return o.body ? {json, headers: {...key, ...(o.body.startsWith('application/merge') && {'Content-Type': o.body}), ...headers}}
		: {headers: {...key, ...headers}};
}

const IMPORT = `?kind=assets&authority_id=${authority}`;
const query = o => o.name === 'POST /v1/imports' ? IMPORT : o.path.endsWith('/budget') ? `?authority_id=${authority}`
	: /^(PUT|DELETE) .*\{disposal_id\}$/.test(o.name) ? '?reason=Typed' : '';
const ask = (o, which, options, more = query(o)) => request(`${reg.url}${address(o, which)}${more}`, {method: o.method, key: reg.adminKey, ...options});

/** Try fn on every operation that declares the status; all deviations are told together. */
async function each(list, status, fn) {
	assert.ok(list.length > 0, `nobody declares ${status}`);
	const wrong = [];
	for (const o of list) {
		const reply = await fn(o);
		if (reply.status !== status)
			wrong.push(`${o.name}: ${reply.status} ${reply.text.slice(0, 300)}`);
	}
	assert.deepEqual(wrong, [], String(status));
}

test('400: a name in the query that there is none of', () =>
	each(declaring(400), 400, o => ask(o, 'there', sending(o), '?no_such_name=1')));

test('401: a key that is none', () =>
	each(declaring(401), 401, o => ask(o, 'there', {...sending(o), key: 'akey_live_nonsense'})));

test('403: a key that does not permit it', () =>
	each(declaring(403).filter(named), 403, o => ask(o, 'there', {...sending(o), key: (o.path.endsWith('/file.zip') ? outsider : narrow).key}, o.path.endsWith('/receipts') ? `?run=${run}` : o.path.endsWith('/file.zip') ? '?variant=full' : o.name === 'GET /v1/projections/parameters' ? '?calibrate=yes' : query(o))));

test('404: nothing there', () =>
	each(declaring(404).filter(named), 404, o => ask(o, 'nothing', sending(o, {headers: {'If-Match': '"1-a"'}, json: sample(o)}),
		o.path.endsWith('/receipts') ? `?run=run_${'0'.repeat(26)}` : o.path.endsWith('/movement') ? `?from=run_${'0'.repeat(26)}` : /\/(parameters|budget|outturn)$/.test(o.path) ? `?authority_id=aut_${'0'.repeat(26)}` : query(o))));

test('406: nothing that the client accepts', async () => {
	await each(declaring(406), 406, o => ask(o, 'there', sending(o, {headers: {Accept: 'text/html, image/*;q=0.5'}})));
	const list = operations.find(o => o.name === 'GET /v1/assets'), calendar = operations.find(o => o.path.endsWith('.ics'));
	for (const [o, accept, status] of [[list, 'text/html, application/json;q=0', 406], [list, 'application/*;q=0.1', 200],
		[list, 'text/csv, */*;q=0.1', 200], [list, 'APPLICATION/JSON; charset=utf-8', 200], [list, '', 200],
		[list, 'application/problem+json', 406], [list, 'app/*', 406], [calendar, 'text/calendar', 200], [calendar, 'application/json', 406]])
		assert.equal((await ask(o, 'there', {headers: {Accept: accept}})).status, status, accept);
});

/** A body that passes the reading, where one is read before what it is about is looked at. */
function sample(o) {
	return {
		'POST /v1/assets/{id}/valuations': {amount_pence: 1, basis: 'MV', valued_on: '2026-01-01'},
		'PUT /v1/assets/{id}/disposal-plan': {method: 'NONE'},
		'POST /v1/assets/{id}/disposals': {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1},
		'PUT /v1/assets/{id}/disposals/{disposal_id}': {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1},
		'POST /v1/assets/{id}/merge': {into: sold},
		'POST /v1/requests/{id}/representations': REPRESENTATION,
		'POST /v1/requests/{id}/submissions': {text: 'For it', name: 'M', email: 'm@example.org'},
		'POST /v1/requests/{id}/answer-links': {event: 'SEND'},
		'POST /v1/requests/{id}/extensions': {event: 'OFFER', until_on: '2027-12-01', reasons: 'Typed'},
		'POST /v1/representations/{id}/events': {event: 'WITHHOLD'},
		'PUT /v1/projections/parameters': {params: {}, note: 'The defaults'},
		'POST /v1/projections/parameters': {params: {}},
		'PUT /v1/projections/budget': {years: [], note: 'None'},
		'PUT /v1/reports/asset-transfer/{id}/{year}': REPORT,
		'POST /v1/requests/{id}/events': {event: 'CONCLUDE_CONTRACT', on: '2026-11-01'},
		'POST /v1/requests/{id}/corrections': {event: 'CORRECT', event_id: `evt_${'0'.repeat(26)}`, on: '2026-10-01', reasons: 'Typed in wrongly'},
		'POST /v1/requests/{id}/notices': {code: 'N2'},
		'POST /v1/requests/{id}/notes': {text: 'Noted'},
		'POST /v1/requests/{id}/proposals': REFUSE,
		'POST /v1/requests/{id}/proposals/{proposal_id}/reject': {reasons: 'No'},
		'POST /v1/requests/{id}/notices/{notice_id}/served': {recipients: [{kind: 'COMMUNITY_BODY', manner: 'POST'}]},
	}[o.name] ?? {};
}

/** As if a POST with this key had been begun by the administrator, in these words or others. */
async function begun(key, method, target, text) {
	const hash = createHash('sha256').update(`${method} ${target.length} ${Buffer.byteLength(text)} ${target}${text}`).digest();
	await reg.sql(`insert into assetd.idempotency_key (principal_id, key, hash, created_at, expires_at)
		values ($1, $2, $3, now(), now() + interval '2 days')`, [principal, key, hash]);
}

let keys = 0;
const posts = declaring(409).filter(o => o.method === 'POST');

test('409: the same is being done', () => each(posts, 409, async o => {
	const key = `running-${++keys}`, text = o.body === 'text/csv' ? csv.body : JSON.stringify(sample(o));
	await begun(key, 'POST', address(o) + query(o), text);
	const reply = await ask(o, 'there', {body: text, headers: {'Content-Type': o.body, 'Idempotency-Key': key}});
	assert.equal(reply.json.type, '/v1/problems/in-progress', o.name);
	assert.equal(reply.headers['retry-after'], '1');
	return reply;
}));

test('422: the key was used for something else, whatever is wrong besides', () =>
	each(operations.filter(o => o.method === 'POST'), 422, async o => {
		const key = `used-${++keys}`;
		await begun(key, 'POST', '/v1/elsewhere', '{}');
		for (const body of o.body === 'text/csv' ? [csv.body] : ['{}', '{"no_such_field":1}', '{']) {
			const reply = await ask(o, 'there', {body, headers: {'Content-Type': o.body, 'Idempotency-Key': key}});
			assert.equal(reply.json.type, '/v1/problems/idempotency-key-reused', `${o.name} ${body}`);
			assert.equal(reply.json.errors, undefined);
		}
		return ask(o, 'there', {body: '', headers: {'Content-Type': o.body, 'Idempotency-Key': key}});
	}));

test('409: what is there forbids it', async () => {
	const lead = operations.filter(o => o.method === 'PATCH');
	const forbidden = {
		'PATCH /v1/authorities/{id}': {code: 'ANOTHER'},
		'PATCH /v1/cpps/{id}': {code: 'OTHER'},
		'PATCH /v1/localities/{id}': {code: 'OTHER'},
	};
	await made(admin.post('/v1/cpps', {name: 'Other', code: 'OTHER'}));
	await made(admin.post('/v1/localities', {name: 'Other', code: 'OTHER', cpp_id: cpp, kind: 'OTHER'}));
	assert.ok(another);
	await each(lead.filter(o => forbidden[o.name]), 409, o => ask(o, 'there', sending(o, {json: forbidden[o.name], headers: {'If-Match': '*'}})));
	const remove = operations.find(o => o.name === 'DELETE /v1/assets/{id}');
	const reply = await ask(remove, 'there', {headers: {'If-Match': '*'}});
	assert.deepEqual([reply.status, reply.json.type], [409, '/v1/problems/asset-under-request']);
});

// A disposal goes by a correction alone: correct_completion.test.mjs.
test('410: what was removed', () =>
	each(declaring(410).filter(o => named(o) && !o.path.includes('{disposal_id}')), 410, o => o.name === 'GET /v1/projections/receipts'
		? request(reg.url + lost_link.slice(lost_link.indexOf('/v1'))) : ask(o, 'gone', sending(o, {headers: {'If-Match': '*'}, json: sample(o)}))));

test('412: another version is meant', () =>
	each(declaring(412), 412, o => ask(o, 'there', sending(o, {headers: {'If-Match': '"999-a"'}, json: sample(o)}))));

test('413: larger than the place allows', () => each(declaring(413).filter(o => o.body), 413, o => ask(o, 'there',
	{headers: {...sending(o).headers, 'Content-Type': o.body, 'Content-Length': (26 << 20)}, agent: false})));

test('415: another media type', () => each(declaring(415), 415, o => ask(o, 'there',
	{body: 'x', headers: {'Content-Type': 'text/plain', 'If-Match': '*', 'Idempotency-Key': `type-${++keys}`}})));

test('422: a field that there is none of', () =>
	each(declaring(422).filter(o => api.paths[o.path][o.method.toLowerCase()].requestBody?.required), 422, o =>
		ask(o, 'there', sending(o, {json: {no_such_field: 1}, headers: {'If-Match': '*'}}))));

test('428: no version is meant', () =>
	each(declaring(428), 428, o => ask(o, 'there', sending(o, {json: sample(o)}))));

test('200, then 304: what has not changed', () => each(declaring(304), 304, async o => {
	const first = await ask(o, 'there');
	assert.equal(first.status, 200, `${o.name}: ${first.text}`);
	return ask(o, 'there', {headers: {'If-None-Match': first.headers.etag}});
}));

test('204: Prefer: return=minimal', async () => {
	const changes = operations.filter(o => o.method === 'PATCH' || o.method === 'PUT');
	await each(changes, 204, o => ask(o, 'there', sending(o, {json: sample(o), headers: {'If-Match': '*', Prefer: 'return=minimal'}})));
});

test('429: too often', async () => {
	const strict = await startServer({conf: {limits: {anonymous_per_minute: 1}}});
	try {
		assert.equal((await request(`${strict.url}/v1/assets`)).status, 503, 'the first one may');
		await each(declaring(429), 429, o => request(`${strict.url}${address(o)}`, {method: o.method, ...sending(o)}));
	} finally {
		await strict.stop();
	}
});

test('503: the database is away', async () => {
	const alone = await startServer();
	try {
		const keyed = declaring(503).filter(o => o.operation.responses[401]);
		await each(keyed, 503, async o => {
			const reply = await request(`${alone.url}${address(o)}`, {method: o.method, key: keyText(1), ...sending(o)});
			assert.ok(Number(reply.headers['retry-after']) >= 1, o.name);
			return reply;
		});
		assert.equal((await request(`${alone.url}/readyz`)).status, 503);
	} finally {
		await alone.stop();
	}
});

test('what needs no database is given to whoever asks', () =>
	each(operations.filter(o => !o.operation.responses[401]), 200, o => request(`${reg.url}${address(o)}`)));
