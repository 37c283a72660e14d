// Who sees which totals: what is held back from the public and cannot be had by subtraction, and
// what a frozen run shows to those who read it.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({env: {ASSETD_PROJECTION_PATHS: '100'}});
after(() => reg.stop());
const forecast = openForecast(reg), {write} = forecast;
const made = {};
const selling = (authority, kind, amount = 20000000, planned_on = '2027-06-15') =>
	forecast.asset({authority_id: authority.id, name: 'One', class: kind}, {amount, plan: {planned_on}});
const client = async (roles, scopes) => reg.admin.as((await makeKey(reg, {roles, scopes})).key);
const receipts = (who, query) => forecast.receipts(query, who);
const shown = answer => Object.fromEntries(answer.items.map(i => [Object.values(i.group)[0], !i.suppressed]));

before(async () => {
	for (const name of ['Far', 'Large', 'Small'])
		made[name] = await write(reg.admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name}));
	for (const kind of ['HALL', 'HALL', 'HALL', 'HALL', 'DEPOT', 'DEPOT', 'DEPOT'])
		await selling(made.Large, kind);
});

const net = i => [i.baseline.net_pence, i.adjusted.net_pence];

test('the public has net receipts behind which enough assets stand, and the likely ones alone', async () => {
	const got = await receipts(reg.anyone, 'group_by=CLASS');
	assert.deepEqual(shown(got), {HALL: true, DEPOT: true});
	for (const i of got.items) {
		const live = (await receipts(reg.admin, 'group_by=CLASS')).items.find(l => l.group.class === i.group.class);
		assert.deepEqual(net(i), net(live), 'to the penny');
		for (const track of [i.baseline, i.adjusted])
			assert.deepEqual([track.gross_pence, track.cost_pence, track.pv_pence], [null, null, null], 'each would be one more equation');
		assert.deepEqual([i.rent_pence, i.forgone_pence], [null, null]);
	}
	for (const scenario of ['BEST', 'WORST'])
		assert.deepEqual((await receipts(reg.anyone, `group_by=CLASS&scenario=${scenario}`)).items, [], scenario);
	assert.ok((await receipts(reg.anyone, 'group_by=QUARTER')).items.every(i => i.suppressed), 'years are the finest');
});

test('years over which one asset is spread do not give it away', async () => {
	const early = Array.from({length: 2}, () => selling(made.Far, 'HALL', 10000000, '2027-06-15'));
	const late = Array.from({length: 7}, () => selling(made.Far, 'HALL', 10000000, '2031-09-15'));
	await Promise.all([...early, ...late]);
	const {items, totals} = await receipts(reg.anyone, `group_by=YEAR&authority_id=${made.Far.id}`);
	const open = items.filter(i => !i.suppressed);
	assert.ok(items.filter(i => i.group.year < '2030').every(i => i.suppressed));
	assert.ok(open.length > 0 && !totals.suppressed);
	assert.equal(open.reduce((sum, i) => sum + i.adjusted.net_pence, 0), totals.adjusted.net_pence, 'the two stay out of the total until a third joins them');
});

test('a single asset that comes, changes or goes moves nothing', async () => {
	const all = async who => JSON.stringify(await Promise.all(['CLASS', 'AUTHORITY', 'YEAR', 'DECILE'].map(async g => (await receipts(who, `group_by=${g}`)).totals)));
	const was = await all(reg.anyone);
	await selling(made.Small, 'LAND', 999900);
	assert.equal(await all(reg.anyone), was);
	const own = await client({[made.Small.id]: ['FINANCE']});
	assert.deepEqual(shown(await receipts(own, 'group_by=AUTHORITY')), {[made.Far.id]: true, [made.Large.id]: true, [made.Small.id]: true}, 'its own is its own');
	const large = await client({[made.Large.id]: ['FINANCE']});
	assert.equal(await all(large), was, 'who has all the others is told no more of the whole');
	assert.ok(!(await receipts(reg.anyone, 'group_by=CLASS')).items.some(i => i.group.class === 'LAND'));
	assert.deepEqual(net((await receipts(reg.anyone, 'class=LAND')).totals), [null, null]);

	const other = await selling(made.Small, 'SHOP');
	await selling(made.Small, 'YARD');
	assert.notEqual(await all(reg.anyone), was, 'three together are told');
	const now = await all(reg.anyone);
	await write(reg.admin.post(`/v1/assets/${other.id}/valuations`, {amount_pence: 31415900, basis: 'MV', valued_on: '2026-05-01'}));
	assert.equal(await all(reg.anyone), now);
	await write(reg.admin.delete(`/v1/assets/${other.id}`, {headers: {'If-Match': '*'}}), 204);
	assert.equal(await all(reg.anyone), now);
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
	assert.ok(!(made.Small.id in shown(live)));
	const run = await write(both.post('/v1/projections/runs', {as_of_on: '2026-11-22', name: 'Budget', tag: 'BUDGET'}));
	assert.equal(run.authority_id, made.Far.id);
	for (const who of [far, both]) {
		assert.ok(!(made.Small.id in shown(ok(await who.get(`/v1/projections/receipts?group_by=AUTHORITY&run=${run.id}`), 200))));
		const years = ok(await who.get(`/v1/projections/receipts?group_by=YEAR&authority_id=${made.Small.id}&run=${run.id}`), 200);
		assert.ok(years.items.every(i => i.suppressed), JSON.stringify(years.items));
	}
});

test('a partner has totals, and nothing that cuts them into single assets', async () => {
	const cpp = await write(reg.admin.post('/v1/cpps', {name: 'Both', code: 'BOTH', partners: [made.Small.id, made.Large.id]}));
	const lone = await forecast.asset({authority_id: made.Large.id, name: 'Lone', class: 'LAND', cpp_id: cpp.id}, {amount: 27182818, plan: {planned_on: '2027-06-15'}});
	await forecast.asset({authority_id: made.Small.id, name: 'Own', class: 'LAND', cpp_id: cpp.id}, {amount: 16180339, plan: {planned_on: '2027-06-15'}});
	const small = await client({[made.Small.id]: ['FINANCE']}), both = await client({[made.Small.id]: ['FINANCE'], [made.Large.id]: ['FINANCE']});
	const large = `authority_id=${made.Large.id}`;
	for (const query of [`group_by=YEAR&${large}`, `group_by=QUARTER&${large}`, `group_by=YEAR,AUTHORITY&cpp_id=${cpp.id}`, `group_by=AUTHORITY&cpp_id=${cpp.id}`,
		`group_by=YEAR&cpp_id=${cpp.id}&${large}`]) {
		const {items, totals} = await receipts(small, query);
		assert.ok(items.length && !totals.suppressed && items.every(i => !i.suppressed), query);
	}
	for (const query of [`group_by=CLASS&${large}`, `group_by=DECILE&cpp_id=${cpp.id}`, `group_by=YEAR&${large}&class=LAND`, `group_by=YEAR,CLASS&${large}`,
		`group_by=AUTHORITY&cpp_id=${cpp.id}&class=LAND`, `group_by=CLASS,AUTHORITY&cpp_id=${cpp.id}`]) {
		const {items, totals, exceptions} = await receipts(small, query);
		assert.deepEqual([items, totals.suppressed, totals.baseline.net_pence], [[], true, null], query);
		assert.ok(exceptions.every(e => e.asset_id !== lone.id));
		assert.ok((await receipts(both, query)).items.some(i => !i.suppressed), `${query}: who reads the money of both`);
	}
	for (const pair of ['AUTHORITY,CLASS', 'CPP,CLASS', 'AUTHORITY,DECILE']) {
		for (const item of (await receipts(small, `group_by=${pair}`)).items.filter(i => !i.suppressed))
			assert.equal(item.group.authority_id, made.Small.id, `${pair} ${JSON.stringify(item.group)}`);
	}
	assert.ok(!JSON.stringify(await receipts(small, `group_by=CLASS&authority_id=${made.Small.id}`)).includes('27182818'));
	assert.ok((await receipts(small, `group_by=CLASS&authority_id=${made.Small.id}`)).items.some(i => i.group.class === 'LAND' && !i.suppressed), 'its own');
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

test('who chooses parameters or a day cannot make a partner\'s totals those of one asset', async () => {
	const [mine, theirs] = await Promise.all(['Ours', 'Theirs'].map(name => forecast.add('/v1/authorities', {name, kind: 'COUNCIL', code: `DRAW-${name}`})));
	await forecast.add('/v1/cpps', {name: 'Draws', code: 'DRAW', partners: [mine.id, theirs.id]});
	await forecast.asset({authority_id: mine.id, name: 'Own'}, {amount: 11111111, plan: {planned_on: '2027-06-15'}});
	for (const [i, stage] of ['MARKETING', 'MARKETING', 'MISSIVES'].entries())
		await forecast.asset({authority_id: theirs.id, name: `Theirs ${i}`}, {amount: 31415927 + i * 1234567, plan: {planned_on: '2027-06-15', stage}});
	await forecast.receipts('');
	const partner = await client({[mine.id]: ['FINANCE']}), freeze = async fields => write(partner.post('/v1/projections/runs', fields));
	const of = async (run, body) => ok(await partner.get(`/v1/projections/receipts?run=${run.id}&group_by=YEAR&authority_id=${body.id}`), 200).totals;
	const plain = await freeze({parameters: {}}), NEVER = {parameters: {market_stage: {MISSIVES: {p: 0}}}};
	const was = await of(plain, theirs);
	assert.ok(was.adjusted.net_pence > 0, 'as it stands they plan together');
	for (const fields of [NEVER, {as_of_on: '2031-04-02'}, {valid_on: '2031-04-02'}, {known_at: new Date(Date.now() - 1000).toISOString()}]) {
		const run = await freeze(fields), got = await of(run, theirs);
		assert.deepEqual([got.suppressed, got.adjusted.net_pence, got.percentiles], [true, null, null], JSON.stringify(fields));
		const cpp = ok(await partner.get(`/v1/projections/receipts?run=${run.id}&group_by=CPP`), 200).items;
		assert.ok(cpp.every(i => i.suppressed), 'nor those of the partnership less its own');
		assert.equal((await of(run, mine)).suppressed, false, 'its own are its own');
		for (const [from, to] of [[run, plain], [plain, run]])
			assert.equal((await partner.get(`/v1/projections/movement?from=${from.id}&to=${to.id}&authority_id=${theirs.id}`)).status, 403);
		assert.equal((await partner.get(`/forecast/bridge?from=${run.id}&authority_id=${theirs.id}`, {headers: {Accept: 'text/html'}})).status >= 400, true);
		assert.equal((await partner.get(`/v1/projections/movement?from=${run.id}&to=${plain.id}&authority_id=${mine.id}`)).status, 200);
	}
	assert.equal((await partner.get(`/v1/projections/movement?from=${plain.id}&authority_id=${theirs.id}`)).status, 200);
});

test('partners read one another\'s totals and no percentiles, which of few assets are nearly a price', async () => {
	const [mine, theirs] = await Promise.all(['M', 'T'].map(code => forecast.add('/v1/authorities', {name: `Spread ${code}`, kind: 'COUNCIL', code: `SPREAD-${code}`})));
	const cpp = await forecast.add('/v1/cpps', {name: 'Spread', code: 'SPREAD', partners: [mine.id, theirs.id]});
	for (const body of [mine, theirs])
		await forecast.asset({authority_id: body.id, cpp_id: cpp.id, name: 'One'}, {amount: 31415927, plan: {planned_on: '2027-06-15'}});
	const partner = await client({[mine.id]: ['FINANCE']}), both = await client({[mine.id]: ['FINANCE'], [theirs.id]: ['FINANCE']});
	await until(async () => (await receipts(both, `group_by=YEAR&cpp_id=${cpp.id}`)).totals.percentiles, {what: 'percentiles for who reads all the money'});
	const shown = async query => {
		const {items, totals} = await receipts(partner, query);
		assert.ok(items.length && items.every(i => i.adjusted.net_pence !== null || i.suppressed), query);
		return [...items, totals].filter(i => i.percentiles).map(i => i.group?.authority_id ?? 'all');
	};
	for (const query of [`group_by=YEAR&authority_id=${theirs.id}`, `group_by=YEAR&cpp_id=${cpp.id}`, 'group_by=CPP', 'group_by=YEAR,CPP'])
		assert.deepEqual(await shown(query), [], query);
	for (const query of ['group_by=AUTHORITY', 'group_by=YEAR,AUTHORITY'])
		assert.deepEqual([...new Set(await shown(query))], [mine.id], query);
	for (const fields of [{}, {seed: 5}, {paths: 1}]) {
		const run = await write(partner.post('/v1/projections/runs', fields));
		const of = async (key, body) => ok(await partner.get(`/v1/projections/receipts?run=${run.id}&group_by=YEAR&${key}=${body.id}`), 200).totals;
		const [own, other, all] = [await of('authority_id', mine), await of('authority_id', theirs), await of('cpp_id', cpp)];
		assert.ok(own.percentiles && other.adjusted.net_pence > 0 && all.adjusted.net_pence > 0);
		assert.deepEqual([other.percentiles, all.percentiles], [null, null], JSON.stringify(fields));
	}
});
