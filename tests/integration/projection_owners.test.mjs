// Who owns some of the land knows what it is worth, and takes it off what everybody is told. What is left rests on two assets of
// others or more, or on none; so it does for the bodies of a partnership, who read one another's totals.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {openForecast, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const forecast = openForecast(reg), made = {};

let count = 0;
const selling = (name, fields) => forecast.asset({authority_id: made[name].id, name: `Place ${++count}`, cpp_id: made.land.id, ...fields},
	{amount: 10000000 + 7 ** (count % 9) * 100, plan: {planned_on: '2027-06-15'}});
const several = (n, name) => Promise.all(Array.from({length: n}, () => selling(name)));
const told = async () => (await forecast.receipts('', reg.anyone)).totals;
const known = async () => (await forecast.receipts()).totals.adjusted.net_pence;

before(async () => {
	for (const name of ['A', 'B', 'C', 'D', 'E', 'F'])
		made[name] = await forecast.add('/v1/authorities', {name: `Council ${name}`, kind: 'COUNCIL', code: name});
	await forecast.add('/v1/cpps', {name: 'Both', code: 'BOTH', partners: [made.C.id, made.D.id]});
	made.land = await forecast.add('/v1/cpps', {name: 'Whose land it all is', code: 'LAND', partners: []});
});

test('beside two of its own a body does not read the third', async () => {
	await several(2, 'A');
	await selling('B');
	assert.equal((await told()).suppressed, true);
	await selling('B');
	assert.equal((await told()).adjusted.net_pence, await known());
});

test('nor do two who read each other\'s totals read the fifth', async () => {
	const was = await told();
	await several(2, 'C');
	await several(2, 'D');
	await selling('E');
	assert.deepEqual(await told(), was);
	await selling('E');
	assert.equal((await told()).adjusted.net_pence, await known());
});

test('nor does a body that leads what others own altogether', async () => {
	const was = await told(), ownedBy = name => ({owners: [{authority_id: made[name].id, units: 1}]});
	await selling('F', ownedBy('A'));
	await selling('F', ownedBy('B'));
	await selling('E');
	assert.deepEqual(await told(), was);
	await selling('E');
	assert.equal((await told()).adjusted.net_pence, await known());
});

test('three of its own do not show a body what moved beside them', async () => {
	const moved = await selling('B');
	await several(2, 'A');
	await selling('B');
	assert.equal((await told()).adjusted.net_pence, await known());
	const was = await told();
	await forecast.plan(moved, {planned_on: '2027-06-15', stage: 'MISSIVES'});
	await several(3, 'A');
	assert.deepEqual(await told(), was);
	await several(2, 'E');
	assert.notDeepEqual(await told(), was, 'beside two of another it is told');
});

test('three in one body\'s hands alone are told', async () => {
	const body = await forecast.add('/v1/authorities', {name: 'Alone', kind: 'COUNCIL', code: 'ALONE'});
	await Promise.all([1, 2, 3].map(n => forecast.asset({authority_id: body.id, name: `Field ${n}`}, {amount: 30000000 + n, plan: {planned_on: '2027-06-15'}})));
	const {totals} = await forecast.receipts(`authority_id=${body.id}`, reg.anyone);
	assert.equal(totals.adjusted.net_pence, (await forecast.receipts(`authority_id=${body.id}`)).totals.adjusted.net_pence);
});
