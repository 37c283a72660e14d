// /v1/openapi.json against the daemon: each operation is asked in good and bad ways, and whatever
// comes back must be described, by status, media type and schema. No reply of the API is HTML,
// every refusal is a problem document.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {exchange, request, startRegister} from '../harness/index.mjs';
import {faults, resolve} from '../harness/json_schema.mjs';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
// Ids of the right form that name nothing.
const NOBODY = {id: 'xxx_01jd0000000000000000000000', valuation_id: 'val_01jd0000000000000000000000',
	disposal_id: 'dsp_01jd0000000000000000000000', slug: 'stale', year: '2025-26'};

let reg, api, operations;

before(async () => {
	reg = await startRegister();
	api = (await reg.anyone.get('/v1/openapi.json')).json;
	operations = Object.entries(api.paths).flatMap(([path, item]) => METHODS.filter(m => item[m]).map(m => ({
		path, method: m.toUpperCase(), operation: item[m], name: `${m.toUpperCase()} ${path}`,
		url: path.replace(/\{(\w+)\}/g, (_, name) => NOBODY[name]),
	})));
});

after(() => reg.stop());

/* The reply is described by the operation; → problems found, as lines. */
function check({name, operation}, reply) {
	const described = operation.responses[reply.status] ?? (reply.status >= 400 ? operation.responses.default : undefined);
	if (!described)
		return [`${name}: ${reply.status} is not described: ${reply.text}`];
	const {content = {}} = described.$ref ? resolve(api, described.$ref) : described;
	const type = reply.headers['content-type'];
	if (reply.headers['x-content-type-options'] !== 'nosniff' || !reply.headers['content-security-policy']?.startsWith("default-src 'none'"))
		return [`${name}: ${reply.status} does not say what a browser must not do`];
	if (reply.status >= 400 && type === 'application/problem+json' && reply.json.instance !== reply.headers['x-request-id'])
		return [`${name}: ${reply.status} is the problem of another request`];
	if (!reply.bytes.length)
		return Object.keys(content).length && reply.status !== 304 ? [`${name}: ${reply.status} without a body`] : [];
	if (!content[type])
		return [`${name}: ${reply.status} as ${type}, not ${Object.keys(content)}`];
	return faults(api, content[type].schema, reply.json ?? reply.text).map(f => `${name}: ${reply.status} ${f}`);
}

test('the description is whole', () => {
	assert.equal(api.openapi, '3.1.0');
	assert.ok(operations.length > 40);
	const refs = [...JSON.stringify(api).matchAll(/"\$ref":"([^"]+)"/g)].map(m => m[1]);
	new Set(refs).forEach(ref => resolve(api, ref));
	const ids = operations.map(o => o.operation.operationId);
	assert.equal(new Set(ids).size, ids.length, 'operation ids are unique');
	for (const {path, operation, name} of operations) {
		const declared = operation.parameters.filter(p => p.in === 'path').map(p => p.name);
		assert.deepEqual(declared, [...path.matchAll(/\{(\w+)\}/g)].map(m => m[1]), name);
		assert.ok(operation.summary && operation.security, name);
		// What has to be sent is told by its fields.
		const {required, content} = operation.requestBody ?? {};
		if (required)
			assert.ok(Object.values(content).every(({schema}) => resolve(api, schema.$ref).properties), name);
	}
});

test('whoever asks, whatever is sent: each reply is described', async () => {
	const bodies = [undefined, {json: {}}, {json: {no_such_field: 1}}, {json: []}, {body: '{', headers: {'Content-Type': 'application/json'}},
		{body: 'x', headers: {'Content-Type': 'text/plain'}}, {json: {}, headers: {'If-Match': '"0-x"'}},
		{json: {}, headers: {'Idempotency-Key': 'k', 'If-None-Match': '*'}}];
	const wrong = [], seen = new Set();
	for (const op of operations) {
		const takesBody = op.operation.requestBody !== undefined;
		for (const key of [undefined, reg.adminKey, 'akey_live_nonsense']) {
			for (const query of ['', '?no_such_name=1', '?limit=0', '?cursor=nonsense']) {
				for (const body of takesBody && !query ? bodies : [undefined]) {
					const reply = await request(`${reg.url}${op.url}${query}`, {method: op.method, key, ...body});
					wrong.push(...check(op, reply));
					seen.add(`${op.name} ${reply.status}`);
					if (query === '?no_such_name=1' && op.operation.responses[429]) // what flows answer
						assert.ok(reply.status >= 400, `${op.name} passes over a name it does not know`);
				}
			}
		}
	}
	assert.deepEqual([...new Set(wrong)], []);
	for (const op of operations)
		assert.ok([...seen].some(s => s.startsWith(`${op.name} `)), op.name);
});

test('HEAD is GET without a body, other methods are refused by name', async () => {
	const at = {port: reg.daemon.ports.http};
	for (const [path, item] of Object.entries(api.paths)) {
		const url = path.replace(/\{(\w+)\}/g, (_, name) => NOBODY[name]);
		const ask = async (method, fields = '') => (await exchange(at,
			`${method} ${url} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${reg.adminKey}\r\n${fields}\r\n`,
			{finish: 1, heads: method === 'HEAD' ? [0] : []})).replies[0];
		const there = METHODS.filter(m => item[m]).map(m => m.toUpperCase());
		const allow = [...(item.get ? ['GET', 'HEAD'] : []), ...there.filter(m => m !== 'GET')].sort();
		const options = await ask('OPTIONS');
		assert.equal(options.status, 204);
		assert.deepEqual(options.header('allow').split(', ').filter(m => m !== 'OPTIONS').sort(), allow, path);
		for (const method of ['HEAD', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(m => !allow.includes(m))) {
			const reply = await ask(method);
			assert.equal(reply.status, 405, `${method} ${path}`);
			assert.deepEqual(reply.header('allow').split(', ').filter(m => m !== 'OPTIONS').sort(), allow);
		}
		if (!item.get)
			continue;
		const [get, head] = [await ask('GET'), await ask('HEAD')];
		// What differs from one reply to the next may: when it was made, and its name.
		const rest = ({status, headers}) => [status, headers.filter(([n]) => !['date', 'x-request-id', 'ratelimit'].includes(n))];
		assert.deepEqual(rest(head), rest(get), `HEAD ${path}`);
		assert.equal(head.body.length, 0);
	}
});

test('items are as their schemas say', async () => {
	const schema = name => ({$ref: `#/components/schemas/${name}`});
	const made = async (name, reply, kind = name) => {
		assert.equal(reply.status, 201, `${name}: ${reply.text}`);
		assert.deepEqual(faults(api, schema(kind), reply.json), [], name);
		return reply.json;
	};
	const post = async (name, path, body, options) => {
		assert.deepEqual(faults(api, schema(`${name}_create`), body), [], 'what is sent fits too');
		return made(name, await reg.admin.post(path, body, options));
	};
	const authority = await post('authority', '/v1/authorities', {name: 'Contract Council', kind: 'COUNCIL', code: 'S12990001'});
	await post('cpp', '/v1/cpps', {name: 'Contract Partnership', code: 'CPP1', partners: [authority.id]});
	const asset = await post('asset', '/v1/assets', {authority_id: authority.id, name: 'Hall', class: 'HALL', tenure: 'OWNED',
		lat: 55.95, lon: -3.2, owners: [{authority_id: authority.id, units: 3}]});
	await post('valuation', `/v1/assets/${asset.id}/valuations`, {amount_pence: 20_000_000, basis: 'MV', valued_on: '2026-04-01'});
	const plan = {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'};
	assert.deepEqual(faults(api, schema('plan_create'), plan), []);
	await made('plan', await reg.admin.put(`/v1/assets/${asset.id}/disposal-plan`, plan, {headers: {'If-None-Match': '*'}}));
	const body = await post('body', `/v1/community-bodies?authority_id=${authority.id}`, {name: 'Hall Trust', legal_form: 'SCIO', members: 40});
	await post('request', '/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-09-01'},
		{idempotency: 'contract-1'});
	for (const path of ['authorities', 'cpps', 'assets', 'community-bodies', 'requests']) {
		const op = operations.find(o => o.name === `GET /v1/${path}`);
		assert.deepEqual(check(op, await reg.admin.get(`/v1/${path}`)), []);
		assert.deepEqual(check(op, await reg.anyone.get(`/v1/${path}`)), []);
	}
	assert.ok(faults(api, schema('asset_create'), {name: 1}).length >= 4, 'the checker sees faults');
});

test('the type of a problem leads somewhere', async () => {
	for (const type of api.components.schemas.problem.properties.type.enum) {
		const reply = await reg.anyone.get(type);
		assert.equal(reply.status, 200);
		assert.equal(reply.json.type, type);
	}
	assert.equal((await reg.anyone.get('/v1/problems/nonsense')).status, 404);
});
