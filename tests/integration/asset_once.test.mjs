// What is wrong with a new asset is said in one round: what its fields hold and what they say together.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, ok, openSession, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Once Council', kind: 'COUNCIL', code: 'ONCE'}));

test('a nameless asset hears of its lease, its half of a place and its day to come with the first errors', async () => {
	const bad = {authority_id: council.id, name: '', class: 'HALL', tenure: 'OWNED', lease_starts_on: '2020-01-01', lease_ends_on: '2019-01-01',
		easting: 300000, checked_on: '2999-01-01'};
	const reply = await reg.admin.post('/v1/assets', bad);
	assert.equal(reply.status, 422);
	assert.deepEqual(reply.json.errors.map(e => e.pointer).sort(),
		['/checked_on', '/lease_ends_on', '/lease_starts_on', '/name', '/northing'], reply.text);
	// What was not understood is not said to be missing as well.
	const odd = await reg.admin.post('/v1/assets', {...bad, easting: 'x', northing: 700000, lease_ends_on: 'soon', lease_starts_on: null});
	assert.deepEqual(odd.json.errors.map(e => e.pointer).sort(), ['/checked_on', '/easting', '/lease_ends_on', '/name'], odd.text);
	// Nor is a day to come told later than what the fields say together.
	const sound = await reg.admin.post('/v1/assets', {...bad, name: 'Hall'});
	assert.deepEqual(sound.json.errors.map(e => e.pointer).sort(), ['/checked_on', '/lease_ends_on', '/lease_starts_on', '/northing'], sound.text);
});

test('the form that logs an asset shows them all beside their fields', async () => {
	const officer = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	const page = await officer.post('/assets', {authority_id: council.id, name: '', class: 'HALL', tenure: 'OWNED', lease_ends_on: '2030-01-01'});
	assert.equal(page.status, 422, page.text);
	for (const field of ['name', 'lease_ends_on'])
		assert.match(page.text, new RegExp(`<a href="#asset-${field}">`), field);
});
