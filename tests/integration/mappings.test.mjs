// Saved mappings: a list of any layout is read by the name under which its authority keeps how.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertSound, makeKey, problem, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

let mine, theirs, member;
const columns = [{header: 'Code', field: 'reference'}, {header: 'What it is', field: 'name'}, {header: 'Ha', field: 'hectares'},
	{header: 'N', field: 'y'}, {header: 'E', field: 'x'}];
const list = 'CODE,what_it_is,Ha,N,E,Other\n7,Old Hall,0.5,673000,325000,x\n8,Depot,,,,\n';
const send = (reader, authority, mapping, body = list) => reader.request('POST',
	`/v1/imports?kind=assets&authority_id=${authority}&mapping=${encodeURIComponent(mapping)}`, {body, headers: {'Content-Type': 'text/csv'}});

before(async () => {
	[mine, theirs] = [];
	mine = (await reg.admin.post('/v1/authorities', {name: 'Mine', kind: 'OTHER', code: 'MAP-1'})).json.id;
	theirs = (await reg.admin.post('/v1/authorities', {name: 'Theirs', kind: 'OTHER', code: 'MAP-2'})).json.id;
	member = reg.admin.as((await makeKey(reg, {roles: {[theirs]: ['ESTATES']}})).key);
});

test('a mapping is saved, found by name without case, and used', async () => {
	const made = await reg.admin.post('/v1/import-mappings', {authority_id: mine, name: 'Estates list', columns,
		presets: [{field: 'class', value: 'HALL'}, {field: 'tenure', value: 'OWNED'}]});
	assert.equal(made.status, 201, made.text);
	assert.deepEqual(made.json.columns, columns);
	const preview = await send(reg.admin, mine, 'estates LIST');
	assert.equal(preview.status, 201, preview.text);
	assert.equal(preview.json.mapping.name, 'Estates list');
	assert.deepEqual({...preview.json.counts}, {create: 2, update: 0, same: 0, error: 0, warning: 1});
	assert.deepEqual(preview.json.mapping.unread, ['Other']);
	const values = Object.fromEntries(preview.json.lines[0].changes.map(c => [c.field, c.new]));
	assert.deepEqual([values.reference, values.name, values.class, values.area_m2, values.easting, values.northing],
		['7', 'Old Hall', 'HALL', 5000, 325000, 673000]);
	assert.equal((await send(reg.admin, mine, 'auto')).status, 422, 'nobody else knows these columns');
	const found = await reg.admin.get(`/v1/import-mappings?authority_id=${mine}`);
	assert.deepEqual(found.json.items.map(m => m.name), ['Estates list']);
});

test('what cannot be a mapping is refused by field', async () => {
	const codes = async body => {
		const reply = await reg.admin.post('/v1/import-mappings', {authority_id: mine, name: 'New', columns, ...body});
		assert.equal(reply.status, 422, reply.text);
		return reply.json.errors.map(e => [e.pointer, e.code]);
	};
	assert.deepEqual(await codes({name: 'brownfield'}), [['/name', 'DUPLICATE']]);
	assert.deepEqual(await codes({columns: []}), [['/columns', 'REQUIRED']]);
	assert.deepEqual(await codes({columns: [{header: 'A', field: 'price'}]}), [['/columns/0/field', 'NOT_IN_LIST'], ['/columns', 'REQUIRED']]
		.slice(0, 1));
	assert.deepEqual(await codes({presets: [{field: 'reference', value: '1'}]}), [['/presets/0/field', 'NOT_IN_LIST']]);
	problem(await reg.admin.post('/v1/import-mappings', {authority_id: mine, name: 'ESTATES list', columns}), 409, 'duplicate');
	const unknown = await send(reg.admin, mine, 'No such');
	assert.deepEqual([unknown.status, unknown.json.errors[0].code], [422, 'NOT_ONE_OF']);
});

test('a mapping is its authority\'s alone', async () => {
	assert.equal((await member.get('/v1/import-mappings')).json.items.length, 0);
	const [{id}] = (await reg.admin.get('/v1/import-mappings')).json.items;
	problem(await member.get(`/v1/import-mappings/${id}`), 404, 'not-found');
	problem(await member.post('/v1/import-mappings', {authority_id: mine, name: 'X', columns}), 403, 'forbidden');
	assert.equal((await send(member, theirs, 'Estates list')).status, 422);
	assert.equal((await reg.anyone.get('/v1/import-mappings')).status, 401);
});

test('once taken away it is gone, its name is free, and what it read stays', async () => {
	const preview = await send(reg.admin, mine, 'Estates list');
	const [{id}] = (await reg.admin.get('/v1/import-mappings')).json.items;
	problem(await reg.admin.delete(`/v1/import-mappings/${id}`), 428, 'precondition-required');
	assert.equal((await reg.admin.delete(`/v1/import-mappings/${id}`, {match: '"1-a"'})).status, 204);
	problem(await reg.admin.get(`/v1/import-mappings/${id}`), 410, 'gone');
	assert.equal((await send(reg.admin, mine, 'Estates list')).status, 422);
	assert.equal((await reg.admin.request('POST', `/v1/imports/${preview.json.id}/apply`)).status, 200);
	assert.equal((await reg.admin.post('/v1/import-mappings', {authority_id: mine, name: 'Estates list', columns})).status, 201);
});

test('after all of this the register is sound', () => assertSound(reg));
