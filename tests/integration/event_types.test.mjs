// The catalogue of events, and the two that finance waits for, as a real webhook is sent them. That every event
// of every test fits the catalogue is the harness's doing (events.mjs); here it is shown that it would say so.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {TREE, ok, startRegister, startSink, until, verify} from '../harness/index.mjs';
import {contract} from '../harness/contract.mjs';
import {dataFaults, eventFaults} from '../harness/events.mjs';

const reg = await startRegister();
const sink = await startSink();
after(async () => {
	await reg.stop();
	await sink.stop();
});
const {items} = (await reg.anyone.get('/v1/event-types')).json;

test('W-52: every type has a name, a sentence, a schema that an independent validator takes, and an example that fits it', async () => {
	const ajv = formats(new Ajv({strict: true, strictTypes: false}));
	for (const item of items) {
		assert.deepEqual(Object.keys(item), ['type', 'about', 'schema_version', 'since', 'deprecated', 'data_schema', 'data_example']);
		const check = ajv.compile(item.data_schema);
		assert.ok(check(item.data_example), `${item.type}: ${JSON.stringify(check.errors)}`);
		assert.deepEqual(Object.keys(item.data_example), Object.keys(item.data_schema.properties), 'with all that there may be');
		assert.deepEqual(contract().api.components.schemas[`event_data.${item.type}`], item.data_schema, 'the description says the same');
	}
	const types = items.map(i => i.type);
	assert.equal(new Set(types).size, types.length);
	// Whatever the program can write is in it: types stand in the sources as they are sent.
	const written = new Set();
	const families = new Set(types.map(t => t.split('.')[0]));
	for (const [folder, ends] of [['daemon', /\.c$/], ['libassets', /\.(c|def)$/], ['sql/functions', /\.sql$/], ['sql/queries', /\.sql$/]]) {
		for (const file of fs.readdirSync(path.join(TREE, folder), {recursive: true}).filter(name => ends.test(name) && !path.basename(name).startsWith('event_type'))) {
			for (const [, type] of fs.readFileSync(path.join(TREE, folder, file), 'utf8').matchAll(/["']([a-z]+\.[a-z_]+)["']/g)) {
				if (families.has(type.split('.')[0]) && !/\.(h|def|json|c|id)$/.test(type))
					written.add(type);
			}
		}
	}
	assert.ok(written.size > 60);
	assert.deepEqual([...written].filter(type => !types.includes(type)), [], 'these are not in the catalogue');
});

test('W-52: no event of version 1 is other than it was published as', () => {
	const was = JSON.parse(fs.readFileSync(path.join(TREE, 'tests/data/event_types_1.json'), 'utf8')), changed = [];
	const said = (members, always) => members.map(name => always.includes(name) ? name : `${name}?`).sort().join(' ');
	for (const item of items.filter(i => i.schema_version === 1)) {
		const {properties, required = []} = item.data_schema;
		if (said(Object.keys(properties), required) !== (was.types[item.type] ?? '').split(' ').filter(Boolean).sort().join(' '))
			changed.push(`${item.type}: ${said(Object.keys(properties), required)}`);
		for (const [name, schema] of Object.entries(properties)) {
			if (JSON.stringify(schema) !== JSON.stringify(was.members[name]))
				changed.push(`${item.type} ${name}: ${JSON.stringify(schema)}`);
		}
	}
	const gone = Object.keys(was.types).filter(type => !items.some(i => i.type === type && i.schema_version === 1));
	assert.deepEqual([...changed, ...gone], [], 'one more is entered in tests/data/event_types_1.json; what goes, is no longer always there or means something else '
		+ 'is a version 2 beside this one, which is served for a year (DECISIONS 179)');
});

test('W-52: what the catalogue does not have is noticed', () => {
	const {api} = contract();
	const good = {id: `evt_${'0'.repeat(26)}`, position: 1, type: 'asset.removed', subject: `ast_${'0'.repeat(26)}`, subject_seq: 2,
		occurred_at: '2026-11-21T10:00:00Z', actor: 'SYSTEM', schema_version: 1, data: {name: 'Hall'}, traceparent: null};
	assert.deepEqual(eventFaults(api, good), []);
	for (const bad of [{...good, data: {name: 5}}, {...good, data: {surprise: true}}, {...good, type: 'asset.vanished'}, {...good, extra: 1},
		{...good, id: 'evt_1'}, {...good, data: undefined}, {...good, subject_seq: 0}])
		assert.ok(eventFaults(api, bad).length > 0, JSON.stringify(bad));
	assert.ok(dataFaults(api, 'asset.valued', {basis: 'MV'}).length > 0, 'something that is needed is missing');
});

test('projection.changed and parameters.changed reach a webhook, with old and new totals per authority and year', async () => {
	const hook = ok(await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['projection.changed', 'parameters.changed']}));
	await until(async () => (await reg.admin.get(`/v1/webhooks/${hook.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	const council = ok(await reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'})).id;
	const asset = ok(await reg.admin.post('/v1/assets', {authority_id: council, name: 'Hall', class: 'HALL', tenure: 'OWNED'})).id;
	ok(await reg.admin.post(`/v1/assets/${asset}/valuations`, {amount_pence: 20_000_000, basis: 'MV', valued_on: '2026-04-01'}));
	const plan = await reg.admin.put(`/v1/assets/${asset}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'}, {headers: {'If-None-Match': '*'}});
	ok(plan);
	const caused = event => sink.waitFor(d => d.json.type === 'projection.changed' && d.json.data.authority_id === council
		&& d.json.data.cause_event_ids.includes(event), {what: 'projection.changed'});
	const first = verify(hook.secret, await caused(plan.headers['event-id'])).data;
	assert.equal(first.totals.baseline_net_pence.old, 0);
	assert.ok(first.totals.baseline_net_pence.new > 0);
	assert.ok(first.years.some(y => /^\d{4}-\d\d$/.test(y.year) && y.baseline_net_pence.new > 0));
	assert.equal(first.years.filter(y => /^\d/.test(y.year)).reduce((sum, y) => sum + y.baseline_net_pence.new, 0), first.totals.baseline_net_pence.new, 'years add up');

	const put = await reg.admin.put('/v1/projections/parameters', {params: {scenarios: {LIKELY: {price_ppm: 500_000}}}, note: 'Half the price'},
		{headers: {'If-None-Match': '*'}});
	ok(put, 200);
	const told = await sink.waitFor(d => d.headers['webhook-id'] === put.headers['event-id'], {what: 'parameters.changed'});
	assert.deepEqual(verify(hook.secret, told).data.changes, [{path: '/scenarios/LIKELY/price_ppm', old: 1_000_000, new: 500_000}]);
	const moved = (await sink.waitFor(d => d.json.type === 'projection.changed' && d.json.data.authority_id === council && d.json.position > told.json.position,
		{what: 'the totals under the new parameters'})).json.data;
	assert.equal(moved.totals.baseline_net_pence.old, first.totals.baseline_net_pence.new, 'from where the last one left it');
	assert.ok(moved.totals.baseline_net_pence.new < moved.totals.baseline_net_pence.old);
});
