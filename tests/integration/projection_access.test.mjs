// Who sees which totals: what is held back from the public and cannot be had by subtraction, and
// what a frozen run shows to those who read it.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const ok = (reply, status = 200) => {
	assert.equal(reply.status, status, reply.text);
	return reply.json;
};
const made = {};
let last; // the Event-Id of the latest write

async function write(reply, status = 201) {
	const r = await reply;
	ok(r, status);
	last = r.headers['event-id'] ?? last;
	return r.json;
}

async function selling(authority, kind, amount_pence = 20000000, planned_on = '2027-06-15') {
	const a = await write(reg.admin.post('/v1/assets', {authority_id: authority.id, name: 'One', class: kind, tenure: 'OWNED'}));
	await write(reg.admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence, basis: 'MV', valued_on: '2026-04-01'}));
	await write(reg.admin.put(`/v1/assets/${a.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on},
		{headers: {'If-None-Match': '*'}}));
}

const client = async (roles, scopes) => reg.admin.as((await makeKey(reg, {roles, scopes})).key);
const receipts = async (who, query) => ok(await who.seen(`/v1/projections/receipts?min_event=${last}&${query}`));
const shown = answer => Object.fromEntries(answer.items.map(i => [Object.values(i.group)[0], !i.suppressed]));

before(async () => {
	for (const name of ['Far', 'Large', 'Small'])
		made[name] = await write(reg.admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name}));
	for (const kind of ['HALL', 'HALL', 'HALL', 'HALL', 'DEPOT', 'DEPOT', 'DEPOT'])
		await selling(made.Large, kind);
});

test('what is held back is not had from the total and the others', async () => {
	assert.deepEqual(shown(await receipts(reg.anyone, 'group_by=CLASS')), {HALL: true, DEPOT: true});
	await selling(made.Small, 'LAND', 999900);
	const one = await receipts(reg.anyone, 'group_by=CLASS');
	assert.deepEqual(shown(one), {HALL: true, DEPOT: false, LAND: false}, 'the smallest of the others with it');
	assert.equal(one.totals.suppressed, false);
	for (const item of one.items.filter(i => i.suppressed))
		assert.deepEqual(Object.values(item.baseline), [null, null, null, null]);

	await selling(made.Small, 'SHOP');
	assert.deepEqual(shown(await receipts(reg.anyone, 'group_by=CLASS')), {HALL: true, DEPOT: false, LAND: false, SHOP: false});
	const own = await client({[made.Small.id]: ['FINANCE']});
	assert.deepEqual(shown(await receipts(own, 'group_by=AUTHORITY')), {[made.Large.id]: true, [made.Small.id]: true}, 'its own is its own');
});

test('nor from the whole and a filter, nor by who knows the rest', async () => {
	const whole = await receipts(reg.anyone, 'group_by=YEAR');
	assert.ok(whole.items.every(i => !i.suppressed) && !whole.totals.suppressed, 'the public has the whole');
	for (const group of ['YEAR', 'QUARTER']) {
		const large = await receipts(reg.anyone, `group_by=${group}&authority_id=${made.Large.id}`);
		assert.ok(large.items.length && large.items.every(i => i.suppressed) && large.totals.suppressed, 'or it would have Small as the difference');
	}
	const large = await client({[made.Large.id]: ['FINANCE']});
	assert.ok((await receipts(large, `group_by=YEAR&authority_id=${made.Large.id}`)).items.every(i => !i.suppressed));
	const rest = await receipts(large, 'group_by=YEAR');
	assert.ok(rest.items.every(i => i.suppressed) && rest.totals.suppressed, 'who has all the others is not told the whole');
});

test('nor from years, over which one asset is spread', async () => {
	const early = Array.from({length: 2}, () => selling(made.Far, 'HALL', 10000000, '2027-06-15'));
	const late = Array.from({length: 7}, () => selling(made.Far, 'HALL', 10000000, '2031-09-15'));
	await Promise.all([...early, ...late]);
	const {items, totals} = await receipts(reg.anyone, `group_by=YEAR&authority_id=${made.Far.id}`);
	const open = items.filter(i => !i.suppressed);
	assert.ok(items.filter(i => i.group.year < '2030').every(i => i.suppressed));
	assert.ok(open.length > 0 && items.some(i => i.group.year > '2030' && i.suppressed), 'one of the late years is held back with the early ones');
	assert.equal(totals.suppressed, false);
	const quarters = (await receipts(reg.anyone, `group_by=QUARTER&authority_id=${made.Far.id}`)).items.filter(i => !i.suppressed);
	const years = new Set(open.map(i => i.group.year));
	assert.ok(quarters.every(i => years.has(i.group.quarter.slice(0, 7))), 'no quarter of a year that is held back');
});

test('small sets by several filters are for those who are shown everything in them', async () => {
	for (const query of [`group_by=CLASS&authority_id=${made.Large.id}`, `group_by=YEAR&authority_id=${made.Large.id}&class=HALL`]) {
		const {items, totals} = await receipts(reg.anyone, query);
		assert.deepEqual([items, totals.suppressed, totals.baseline.net_pence], [[], true, null]);
		const own = await receipts(await client({[made.Large.id]: ['FINANCE']}), query);
		assert.ok(own.items.length && own.items.every(i => !i.suppressed));
	}
});

test('a frozen run shows nobody more than its authority may see', async () => {
	const both = await client({[made.Far.id]: ['FINANCE'], [made.Small.id]: ['FINANCE']});
	const far = await client({[made.Far.id]: ['FINANCE']});
	const live = await receipts(far, 'group_by=AUTHORITY');
	assert.equal(shown(live)[made.Small.id], false);
	const run = await write(both.post('/v1/projections/runs', {as_of_on: '2026-11-22', name: 'Budget', tag: 'BUDGET'}));
	assert.equal(run.authority_id, made.Far.id);
	for (const who of [far, both]) {
		assert.equal(shown(ok(await who.get(`/v1/projections/receipts?group_by=AUTHORITY&run=${run.id}`)))[made.Small.id], false);
		const years = ok(await who.get(`/v1/projections/receipts?group_by=YEAR&authority_id=${made.Small.id}&run=${run.id}`));
		assert.ok(years.items.every(i => i.suppressed), JSON.stringify(years.items));
	}
});

test('a frozen run is for those who read its authority\'s money', async () => {
	await write(reg.admin.post('/v1/cpps', {name: 'Plan', code: 'PLAN', partners: [made.Small.id, made.Far.id]}));
	const small = await client({[made.Small.id]: ['FINANCE']});
	const run = await write(small.post('/v1/projections/runs', {as_of_on: '2026-11-22', name: 'Ours', tag: 'BUDGET'}));
	const read = who => who.get(`/v1/projections/receipts?group_by=YEAR&run=${run.id}`);
	assert.equal((await read(small)).status, 200);
	assert.equal((await read(await client({[made.Far.id]: ['FINANCE']}))).status, 404, 'a partner knows of it, and has totals of its own');
	assert.equal((await read(await client({[made.Small.id]: ['VIEWER'], [made.Large.id]: ['FINANCE']}))).status, 404);
	assert.equal((await read(reg.admin)).status, 200);
});
