// Bad input through the door: each a problem document (RFC 9457) that names the place and the
// cure, and nothing is stored. Files that are bad as CSV are import.test.mjs's.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;

const own = ok(await admin.post('/v1/authorities', {name: 'Own', kind: 'COUNCIL', code: 'OWN'})).id;
const body = ok(await admin.post('/v1/community-bodies', {name: 'B', legal_form: 'SCIO', members: 30})).id;
const asset = ok(await admin.post('/v1/assets', {authority_id: own, name: 'Hall', class: 'HALL', tenure: 'OWNED', reference: 'R1'})).id;
const request = ok(await admin.post('/v1/requests', {asset_id: asset, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'r'})).id;

/** How many rows each table of ours has, but for the note of when a key was used. */
async function census() {
	const tables = await reg.sql(`select c.relname as name from pg_class as c where c.relnamespace = 'assetd'::regnamespace
		and c.relkind in ('r', 'p') and not c.relispartition and c.relname not in ('feed', 'feed_state', 'lease', 'projection') order by 1`);
	// The projector tells what moved in its own time.
	const own = {change: `where type <> 'projection.changed'`,
		change_money: `where change_id not in (select id from assetd.change where type = 'projection.changed')`};
	const [counts] = await reg.sql('select ' + tables.map(t =>
		`(select count(*)::int from assetd.${t.name} ${own[t.name] ?? ''}) as ${t.name}`).join(', '));
	const [versions] = await reg.sql('select sum(version)::int as versions from assetd.asset');
	return {...counts, ...versions};
}

/** RFC 9457: the members that every problem of ours has, and of what kind they are. */
function checkProblem(reply) {
	const p = reply.json;
	assert.equal(reply.headers['content-type'], 'application/problem+json', reply.text);
	assert.match(p.type, /^\/v1\/problems\/[a-z0-9-]+$/);
	assert.ok(typeof p.title === 'string' && p.title.length > 5);
	assert.equal(p.status, reply.status);
	assert.equal(p.instance, reply.headers['x-request-id'] ?? p.instance);
	assert.ok(['undefined', 'string'].includes(typeof p.detail));
	for (const e of p.errors ?? [])
		assert.deepEqual([typeof e.pointer, typeof e.code, typeof e.detail, typeof e.cure], ['string', 'string', 'string', 'string'], reply.text);
	return p;
}

const ASSET = {authority_id: own, name: 'New', class: 'HALL', tenure: 'OWNED'};
const VALUE = {amount_pence: 1, basis: 'MV', valued_on: '2026-01-01'};
const PLAN = {method: 'SALE', stage: 'MARKETING', planned_on: '2027-01-01'};
const ASK = {asset_id: asset, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'};
const post = (path, json) => ({method: 'POST', path, json, idempotency: 'bad'});
const put = (path, json) => ({method: 'PUT', path, json, headers: {'If-None-Match': '*'}});
const raw = text => ({method: 'POST', path: '/v1/assets', body: text, headers: {'Content-Type': 'application/json'}});
const withMember = (base, text) => JSON.stringify(base).replace(/\}$/, `,${text}}`);

// [what, call, status, slug, pointer, code, a word of the cure]
const CASES = [
	['unknown field', post('/v1/assets', {...ASSET, postcod: 'EH1 1YZ'}), 422, 'invalid', '/postcod', 'UNKNOWN_FIELD', 'postcode'],
	['unknown field of a part', post('/v1/assets', {...ASSET, owners: [{authority_id: own, unit: 1, units: 1}]}), 422, 'invalid', '/owners/0/unit', 'UNKNOWN_FIELD', 'units'],
	['read-only field', post('/v1/assets', {...ASSET, version: 7}), 422, 'invalid', '/version', 'READ_ONLY', 'Leave it out'],
	['missing field', post('/v1/assets', {...ASSET, name: undefined}), 422, 'invalid', '/name', 'REQUIRED', 'name'],
	['wrong type', post('/v1/assets', {...ASSET, name: 7}), 422, 'invalid', '/name', 'WRONG_TYPE', 'text'],
	['a number in quotes', post(`/v1/assets/${asset}/valuations`, {...VALUE, amount_pence: '100'}), 422, 'invalid', '/amount_pence', 'WRONG_TYPE', 'pence'],
	['a number with a point', raw(withMember(ASSET, '"decile":1.0')), 422, 'invalid', '/decile', 'WRONG_TYPE', 'whole'],
	['an exponent', raw(withMember(ASSET, '"area_m2":1e3')), 422, 'invalid', '/area_m2', 'WRONG_TYPE', 'whole'],
	['amount beyond what we keep', post(`/v1/assets/${asset}/valuations`, {...VALUE, amount_pence: 1_000_000_000_000_001}), 422, 'out-of-range', '/amount_pence', 'OUT_OF_RANGE', '1000000000000000'],
	['amount beyond int64', {...post(`/v1/assets/${asset}/valuations`), json: undefined, body: '{"amount_pence":9223372036854775808,"basis":"MV","valued_on":"2026-01-01"}', headers: {'Content-Type': 'application/json'}}, 422, 'out-of-range', '/amount_pence', 'OUT_OF_RANGE', ''],
	['an amount of a thousand digits', {...post(`/v1/assets/${asset}/valuations`), json: undefined, body: `{"amount_pence":${'9'.repeat(1000)},"basis":"MV","valued_on":"2026-01-01"}`, headers: {'Content-Type': 'application/json'}}, 422, 'out-of-range', '/amount_pence', 'OUT_OF_RANGE', ''],
	['negative where not allowed', post(`/v1/assets/${asset}/disposals`, {kind: 'MARKET', completed_on: '2026-01-01', gross_pence: -1}), 422, 'invalid', '/gross_pence', 'OUT_OF_RANGE', '0 or more'],
	['negative units', post('/v1/assets', {...ASSET, owners: [{authority_id: own, units: -1}]}), 422, 'invalid', '/owners/0/units', 'OUT_OF_RANGE', ''],
	['date that does not exist', post(`/v1/assets/${asset}/valuations`, {...VALUE, valued_on: '2026-02-29'}), 422, 'invalid', '/valued_on', 'NOT_A_DATE', 'YYYY-MM-DD'],
	['date of another country', put(`/v1/assets/${asset}/disposal-plan`, {...PLAN, planned_on: '06/15/2027'}), 422, 'invalid', '/planned_on', 'NOT_A_DATE', ''],
	['UPRN of 13 digits', post('/v1/assets', {...ASSET, uprn: '1234567890123'}), 422, 'invalid', '/uprn', 'BAD_FORM', '12 digits'],
	['half a postcode', post('/v1/assets', {...ASSET, postcode: 'EH1'}), 422, 'invalid', '/postcode', 'BAD_FORM', 'EH1 1YZ'],
	['owner units that sum to nothing', post('/v1/assets', {...ASSET, owners: [{authority_id: own, units: 0}]}), 422, 'owner-units', '/owners', 'OUT_OF_RANGE', 'unit'],
	['no owners at all', post('/v1/assets', {...ASSET, owners: []}), 422, 'owner-units', '/owners', 'OUT_OF_RANGE', ''],
	['one owner twice', post('/v1/assets', {...ASSET, owners: [{authority_id: own, units: 1}, {authority_id: own, units: 1}]}), 422, 'invalid', '/owners/1', 'DUPLICATE', 'once'],
	['an owner nobody knows', post('/v1/assets', {...ASSET, owners: [{authority_id: `aut_${'0'.repeat(26)}`, units: 1}]}), 422, 'invalid', '/owners', 'NOT_FOUND', ''],
	['a locality nobody knows', post('/v1/assets', {...ASSET, locality_id: `loc_${'0'.repeat(26)}`}), 422, 'invalid', '/locality_id', 'NOT_FOUND', ''],
	['an id of another kind', post('/v1/assets', {...ASSET, cpp_id: own}), 422, 'invalid', '/cpp_id', 'BAD_FORM', 'cpp_'],
	['half a place', post('/v1/assets', {...ASSET, easting: 300000}), 422, 'invalid', '/northing', 'REQUIRED', 'both'],
	['a place in the sea off Africa', post('/v1/assets', {...ASSET, lat: 0, lon: 0}), 422, 'invalid', '/lat', 'OUT_OF_RANGE', 'swapped'],
	['a reference that is taken', post('/v1/assets', {...ASSET, reference: 'r1'}), 409, 'duplicate', '/reference', 'DUPLICATE', 'another'],
	['a code that is taken', post('/v1/authorities', {name: 'X', kind: 'OTHER', code: 'OWN'}), 409, 'duplicate', '/code', 'DUPLICATE', 'another'],
	['a data zone that is none', post('/v1/assets', {...ASSET, data_zone: 'S01999999'}), 422, 'invalid', '/data_zone', 'NOT_FOUND', ''],
	['a control character', post('/v1/assets', {...ASSET, name: 'a\u0007b'}), 422, 'invalid', '/name', 'CONTROL_CHARACTER', 'one line'],
	['a name of 301 characters', post('/v1/assets', {...ASSET, name: 'é'.repeat(301)}), 422, 'invalid', '/name', 'WRONG_LENGTH', 'at most 300'],
	['101 owners', post('/v1/assets', {...ASSET, owners: Array.from({length: 101}, () => ({authority_id: own, units: 1}))}), 422, 'invalid', '/owners', 'TOO_MANY', '100'],
	['a request about nothing', post('/v1/requests', {...ASK, asset_id: undefined}), 422, 'invalid', '/asset_id', 'REQUIRED', 'land'],
	['an item of another kind', post('/v1/requests', {...ASK, items: [{code: 'PRICE'}]}), 422, 'invalid', '/items/0', 'NOT_ASKED', ''],
	['an event that is none', post(`/v1/requests/${request}/events`, {event: 'FLY', on: '2026-10-01'}), 422, 'invalid', '/event', 'NOT_IN_LIST', 'VALIDATE'],
	['a field of another event', post(`/v1/requests/${request}/events`, {event: 'WITHDRAW', on: '2026-10-01', terms: 'x'}), 422, 'invalid', '/terms', 'UNKNOWN_FIELD', 'event and on'],
	['a day to come', post(`/v1/requests/${request}/events`, {event: 'WITHDRAW', on: '2026-11-22'}), 422, 'date-in-future', '/on', 'DATE_IN_FUTURE', ''],
	['mail to nowhere', post('/v1/community-bodies', {name: 'X', legal_form: 'SCIO', contact: {email: 'nowhere'}}), 422, 'invalid', '/contact/email', 'BAD_FORM', '@'],
	['a plan without its day', put(`/v1/assets/${asset}/disposal-plan`, {...PLAN, planned_on: undefined}), 422, 'invalid', '/planned_on', 'REQUIRED', ''],
	['a duty that ends before it begins', post('/v1/authorities', {name: 'X', kind: 'OTHER', code: 'X', duties: [{schedule: 1, from_on: '2026-01-02', to_on: '2026-01-01'}]}), 422, 'invalid', '/duties/0/to_on', 'BEFORE_START', ''],
	['a member twice', raw(withMember(ASSET, '"name":"Again"')), 400, 'bad-json', '', 'NOT_JSON', ''],
	['a NUL, escaped', raw(withMember(ASSET, '"notes":"a\\u0000b"')), 400, 'bad-json', '', 'NOT_JSON', ''],
	['half a document', raw('{"name":'), 400, 'bad-json', '', 'NOT_JSON', 'RFC 8259'],
	['two documents', raw(`${JSON.stringify(ASSET)}{}`), 400, 'bad-json', '', 'NOT_JSON', ''],
	['too deep', raw('['.repeat(40) + ']'.repeat(40)), 400, 'bad-json'],
	['not an object', raw('[]'), 400, 'bad-json'],
	['nothing', raw(''), 400, 'bad-json'],
	['a NUL', raw(Buffer.from(JSON.stringify({...ASSET, notes: 'a\u0000b'}).replace('\\u0000', '\u0000'))), 400, 'bad-json'],
	['Windows-1252', raw(Buffer.from(JSON.stringify({...ASSET, name: 'Café'}), 'latin1')), 400, 'bad-json'],
	['another media type', {...raw('a=b'), headers: {'Content-Type': 'application/x-www-form-urlencoded'}}, 415, 'unsupported-media-type'],
	['more than a body may be', raw(withMember(ASSET, `"notes":"${'x'.repeat(1 << 20)}"`)), 413, 'too-large'],
	['no such address', post('/v1/asset', {}), 404, 'not-found'],
	['no such method', {method: 'PUT', path: '/v1/assets', json: {}}, 405, 'method-not-allowed'],
	['an unknown parameter', {method: 'GET', path: '/v1/assets?colour=red'}, 400, 'bad-query', '?colour', 'UNKNOWN_PARAMETER', 'limit'],
	['a precondition that is owed', {method: 'PATCH', path: `/v1/assets/${asset}`, json: {name: 'X'}}, 428, 'precondition-required'],
	['an Idempotency-Key that is owed', {...post('/v1/requests', ASK), idempotency: undefined}, 400, 'bad-idempotency-key'],
	['an Idempotency-Key with a blank', {...post('/v1/requests', ASK), idempotency: 'a b'}, 400, 'bad-idempotency-key'],
];

for (const [what, {method, path, ...send}, status, slug, pointer, code, cure] of CASES) {
	test(what, async () => {
		const before = await census();
		const reply = await admin.request(method, path, send);
		assert.deepEqual([reply.status, reply.json?.type], [status, `/v1/problems/${slug}`], reply.text);
		const problem = checkProblem(reply);
		if (pointer !== undefined) {
			const [error] = problem.errors;
			assert.deepEqual([error.pointer, error.code], [pointer, code], reply.text);
			assert.ok(error.cure.includes(cure), error.cure);
			assert.ok(error.detail.length > 5);
		}
		assert.deepEqual(await census(), before, 'nothing stored');
	});
}

test('all faults of a body are told at once', async () => {
	const reply = await admin.post('/v1/assets', {nam: 1, class: 2, tenure: 'X', uprn: '1'.repeat(13), lat: 91, owners: [{}]});
	assert.deepEqual(checkProblem(reply).errors.map(e => e.pointer).sort(),
		['/authority_id', '/class', '/lat', '/nam', '/name', '/owners/0/authority_id', '/owners/0/units', '/tenure', '/uprn']);
});

test('a hundred faults are shown and the rest counted', async () => {
	const reply = await admin.post('/v1/assets', Object.fromEntries(Array.from({length: 500}, (_, i) => [`f${i}`, i])));
	assert.deepEqual([checkProblem(reply).errors.length, reply.json.errors_in_all], [100, 504]);
});

test('HEAD of a problem is its head alone', async () => {
	const reply = await admin.head(`/v1/assets/ast_${'z'.repeat(26)}`);
	assert.deepEqual([reply.status, reply.bytes.length, reply.headers['content-type']], [404, 0, 'application/problem+json']);
});
