// Scenarios: runs with an overlay that never touches the register. Each figure is that of the
// register as if it stood so: the same is really done afterwards, and the two are compared.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, openSession, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());

const FLAT = {index: {PROPERTY: {base_fy: 2016, growth: {}, default: 0}}};
const made = {};
const {add, plan, value, ...forecast} = openForecast(reg);
const PLAN = {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'};

const asset = (name, amount, owner = made.council) => forecast.asset({name, authority_id: owner.id}, amount === undefined ? {} : {amount, plan: PLAN});

async function request(a, fields = {}) {
	const r = await add('/v1/requests', {asset_id: a.id, community_body_id: made.body.id, kind: 'OWNERSHIP',
		received_on: '2026-10-01', offer_pence: 5000000, ...fields});
	await add(`/v1/requests/${r.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
	return r;
}

const post = (fields, who = reg.admin) => who.post('/v1/projections/runs',
	{as_of_on: '2026-11-21', tag: 'WHAT_IF', parameters: FLAT, ...fields});
const freeze = async (fields, who) => ok(await post(fields, who));
const overlay = (a, set) => [{asset_id: a.id, set}];

/** What a run says of all its groupings and scenarios; without what names it. */
async function figures(run, {who = reg.admin} = {}) {
	const out = {};
	for (const scenario of ['BEST', 'LIKELY', 'WORST']) {
		for (const group of ['YEAR', 'QUARTER', 'AUTHORITY', 'CLASS', 'DECILE']) {
			const reply = await who.get(`/v1/projections/receipts?run=${run.id}&scenario=${scenario}&group_by=${group}`);
			const {items, totals, exceptions} = ok(reply, 200);
			out[`${scenario} ${group}`] = {items, totals, exceptions};
		}
	}
	return out;
}

async function refused(fields, pointer, code, who) {
	const reply = await post(fields, who);
	assert.equal(reply.status, 422, reply.text);
	assert.deepEqual([reply.json.errors[0].pointer, reply.json.errors[0].code], [pointer, code], reply.text);
	assert.ok(reply.json.errors[0].cure.length > 3);
}

before(async () => {
	made.council = await add('/v1/authorities', {name: 'What If Council', kind: 'COUNCIL', code: 'WI-1'});
	made.board = await add('/v1/authorities', {name: 'What If Board', kind: 'HEALTH_BOARD', code: 'WI-2'});
	made.body = await add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
	made.hall = await asset('Hall', 20000000);
	made.shed = await asset('Shed', 8000000);
	made.plot = await asset('Plot');
	made.theirs = await asset('Theirs', 9000000, made.board);
	made.asked = await request(made.hall);
	made.base = await freeze({name: 'Base', tag: 'QUARTER'});
	made.figures = await figures(made.base);
	made.finance = reg.admin.as((await makeKey(reg, {roles: {[made.council.id]: ['FINANCE']}})).key);
});

test('a run with an overlay is what the register says when it stands so', async () => {
	const cases = [
		[overlay(made.hall, {plan: {planned_on: '2028-06-15'}}),
			() => plan(made.hall, {...PLAN, planned_on: '2028-06-15'})],
		[overlay(made.hall, {request: {id: made.asked.id, offer_pence: 100}}), async () => {
			const path = `/v1/requests/${made.asked.id}`;
			ok(await reg.admin.patch(path, {offer_pence: 100}, {match: (await reg.admin.get(path)).headers.etag}), 200);
		}],
		[overlay(made.shed, {plan: null}), async () => {
			const path = `/v1/assets/${made.shed.id}/disposal-plan`;
			ok(await reg.admin.delete(path, {match: (await reg.admin.get(path)).headers.etag}), 204);
		}],
		[overlay(made.plot, {plan: PLAN, valuation: {amount_pence: 3000000, basis: 'MV', valued_on: '2026-04-01'}}), async () => {
			await value(made.plot, 3000000);
			await plan(made.plot, PLAN);
		}],
		[overlay(made.hall, {request: {id: made.asked.id, state: 'WITHDRAWN'}}), () =>
			add(`/v1/requests/${made.asked.id}/events`, {event: 'WITHDRAW', on: '2026-11-21'})],
		[overlay(made.shed, {plan: {...PLAN, method: 'LEASE', lease: {class: 'OPERATING', term_months: 120, rent_pa_pence: 1200000}}}),
			() => plan(made.shed, {...PLAN, method: 'LEASE',
				lease: {class: 'OPERATING', term_months: 120, rent_pa_pence: 1200000}})],
	];
	let was = made.figures;
	for (const [over, really] of cases) {
		const would = await figures(await freeze({overlay: over}));
		assert.notDeepEqual(would, was, JSON.stringify(over));
		assert.deepEqual(await figures(await freeze({})), was, 'the register is as it was');
		await really();
		assert.deepEqual(would, was = await figures(await freeze({})), JSON.stringify(over));
	}
});

test('of another day the overlay lies over what was so then', async () => {
	const at = {valid_on: '2026-11-21', known_at: '2026-11-21T10:00:00Z'};
	reg.daemon.setClock('2026-11-21T10:10:00Z');
	const then = {...at, known_at: '2026-11-21T10:05:00Z'};
	const over = overlay(made.hall, {plan: {planned_on: '2029-06-15'}});
	assert.deepEqual(await figures(await freeze({...then, overlay: over})), await figures(await freeze({overlay: over})));
	await refused({...at, known_at: '2020-01-01T00:00:00Z', overlay: over}, '/overlay/0/asset_id', 'NOT_FOUND');
});

test('an overlay is kept in one form, which names the run', async () => {
	const [one, two] = [{asset_id: made.hall.id, set: {plan: {stage: 'SURPLUS', planned_on: '2028-01-01'}}},
		{asset_id: made.shed.id, set: {valuation: null}}];
	const a = await freeze({overlay: [one, two]});
	const b = await freeze({overlay: [two, {set: {plan: {planned_on: '2028-01-01', stage: 'SURPLUS'}}, asset_id: made.hall.id}]});
	const c = await freeze({overlay: [one]});
	assert.equal(a.overlay.length, 2);
	assert.deepEqual(a.overlay, b.overlay);
	assert.equal(a.overlay_hash, b.overlay_hash);
	assert.notEqual(a.overlay_hash, c.overlay_hash);
	assert.equal(made.base.overlay_hash, (await freeze({overlay: []})).overlay_hash);
	assert.deepEqual(await figures(a), await figures(b));
	// Again on the data of today: the same overlay, as it was given back.
	assert.equal((await freeze({overlay: a.overlay})).overlay_hash, a.overlay_hash);
});

test('what an overlay cannot say is refused at its place', async () => {
	const set = (a, s) => ({overlay: overlay(a, s)});
	const later = {plan: {planned_on: '2028-06-15'}};
	await refused({overlay: {}}, '/overlay', 'WRONG_TYPE');
	await refused({overlay: [3]}, '/overlay/0', 'WRONG_TYPE');
	await refused({overlay: [{set: later}]}, '/overlay/0/asset_id', 'REQUIRED');
	await refused({overlay: [{asset_id: made.hall.id}]}, '/overlay/0/set', 'REQUIRED');
	await refused(set(made.hall, {}), '/overlay/0/set', 'REQUIRED');
	await refused(set(made.hall, {owners: []}), '/overlay/0/set/owners', 'UNKNOWN_FIELD');
	await refused(set(made.hall, {plan: {planned_on: '2028-13-01'}}), '/overlay/0/set/plan/planned_on', 'NOT_A_DATE');
	await refused(set(made.hall, {plan: {method: null}}), '/overlay/0/set/plan/method', 'REQUIRED');
	await refused(set(made.hall, {plan: {price: 1}}), '/overlay/0/set/plan/price', 'UNKNOWN_FIELD');
	await refused(set(made.hall, {valuation: {basis: 'GUESS'}}), '/overlay/0/set/valuation/basis', 'NOT_IN_LIST');
	await refused(set(made.hall, {request: null}), '/overlay/0/set/request', 'WRONG_TYPE');
	await refused(set(made.hall, {request: {offer_pence: 1}}), '/overlay/0/set/request/id', 'REQUIRED');
	await refused(set(made.hall, {request: {id: 'atr_00000000000000000000000000', offer_pence: 1}}), '/overlay/0/set/request/id', 'UNKNOWN_REQUEST');
	await refused(set(made.hall, {request: {id: made.asked.id, offer_pence: 1}}), '/overlay/0/set/request/id', 'NOT_LIVE');
	await refused(set({id: 'ast_00000000000000000000000000'}, later), '/overlay/0/asset_id', 'NOT_FOUND');
	await refused({overlay: [...overlay(made.shed, later), ...overlay(made.hall, later), ...overlay(made.shed, later)]}, '/overlay/2/asset_id', 'DUPLICATE');
	await refused({overlay: Array(201).fill(overlay(made.hall, later)[0])}, '/overlay', 'TOO_MANY');
	const bare = await asset('Bare');
	await refused(set(bare, later), '/overlay/0/set/plan/method', 'REQUIRED');
	await refused(set(bare, {plan: {method: 'SALE'}}), '/overlay/0/set/plan/stage', 'REQUIRED');
	await refused(set(bare, {valuation: {amount_pence: 1}}), '/overlay/0/set/valuation/basis', 'REQUIRED');
	const sold = await asset('Sold', 1000000);
	await add(`/v1/assets/${sold.id}/disposals`, {kind: 'MARKET', completed_on: '2026-11-20', gross_pence: 900000, cost_pence: 0});
	await refused(set(sold, later), '/overlay/0/asset_id', 'DISPOSED');
});

test('nobody makes a scenario of another\'s asset, and none learns of it', async () => {
	const later = {plan: {planned_on: '2028-06-15'}};
	await refused({overlay: overlay(made.theirs, later)}, '/overlay/0/asset_id', 'NOT_PERMITTED', made.finance);
	// A sound or an unsound overlay of it is answered alike.
	await refused({overlay: overlay(made.theirs, {request: {id: made.asked.id}})}, '/overlay/0/asset_id', 'NOT_PERMITTED', made.finance);
	const own = await freeze({overlay: overlay(made.hall, later)}, made.finance);
	assert.equal(own.authority_id, made.council.id);
	assert.equal((await made.finance.get(`/v1/projections/runs/${own.id}`)).json.overlay.length, 1);
	// Who keeps the finances of both makes one for the body whose asset it is, and not for both at once.
	const both = reg.admin.as((await makeKey(reg, {roles: {[made.council.id]: ['FINANCE'], [made.board.id]: ['FINANCE']}})).key);
	assert.equal((await freeze({overlay: overlay(made.theirs, later)}, both)).authority_id, made.board.id);
	assert.equal((await freeze({overlay: overlay(made.hall, later)}, both)).authority_id, made.council.id);
	const mixed = [...overlay(made.hall, later), ...overlay(made.theirs, later)];
	const reply = await post({overlay: mixed}, both);
	assert.equal(reply.json.errors[0].code, 'NOT_TOGETHER', reply.text);
	assert.equal((await freeze({overlay: mixed})).authority_id, null);
	// A partner of the plan may know of the run, and not what it supposes.
	await add('/v1/cpps', {name: 'What If CPP', code: 'WI-CPP', partners: [made.council.id, made.board.id]});
	const partner = reg.admin.as((await makeKey(reg, {roles: {[made.board.id]: ['FINANCE']}})).key);
	const seen = ok(await partner.get(`/v1/projections/runs/${own.id}`), 200);
	assert.deepEqual([seen.overlay, seen.overlay_hash, seen.totals], [undefined, undefined, null]);
	assert.deepEqual(seen.restricted_fields, ['overlay', 'overlay_hash']);
});

test('an amount past 64 bits by overlay takes that asset out and names it, and nothing wraps', async () => {
	const send = amount => reg.admin.post('/v1/projections/runs', undefined, {headers: {'Content-Type': 'application/json'},
		body: JSON.stringify({as_of_on: '2026-11-21', tag: 'WHAT_IF', overlay: overlay(made.shed, {plan: PLAN,
			valuation: {basis: 'MV', valued_on: '2026-04-01', amount_pence: 4242}})}).replace('4242', amount)});
	const run = ok(await send('9223372036854775807'));
	const got = ok(await reg.admin.get(`/v1/projections/receipts?run=${run.id}`), 200);
	assert.ok(got.exceptions.some(e => e.asset_id === made.shed.id && e.flag === 'E_OVERFLOW'), JSON.stringify(got.exceptions));
	const without = ok(await reg.admin.get(`/v1/projections/receipts?run=${(await freeze({parameters: undefined, overlay: overlay(made.shed, {plan: null})})).id}`), 200);
	assert.deepEqual(got.totals, without.totals);
	const beyond = await send('9223372036854775808');
	assert.equal(beyond.status, 422, beyond.text);
	assert.deepEqual([beyond.json.errors[0].pointer, beyond.json.errors[0].code], ['/overlay/0/set/valuation/amount_pence', 'OUT_OF_RANGE']);
});

test('sums past 64 bits, and what no chart can show, are too large on each page, and do not look held back', async () => {
	const vast = {plan: PLAN, valuation: {basis: 'MV', valued_on: '2026-04-01', amount_pence: 4242}};
	const all = [made.hall, made.shed, made.plot, made.theirs].flatMap(a => overlay(a, vast));
	const run = ok(await reg.admin.post('/v1/projections/runs', undefined, {headers: {'Content-Type': 'application/json'},
		body: JSON.stringify({as_of_on: '2026-11-21', tag: 'WHAT_IF', overlay: all, parameters: FLAT}).replaceAll('4242', '4000000000000000000')}));
	const {totals} = ok(await reg.admin.get(`/v1/projections/receipts?run=${run.id}&group_by=YEAR`), 200);
	assert.deepEqual([totals.baseline.net_pence, totals.adjusted.net_pence], ['E_OVERFLOW', 'E_OVERFLOW']);
	const see = (await openSession(reg.url, (await makeKey(reg, {roles: {'*': ['VIEWER', 'FINANCE']}})).key)).get;
	for (const page of [`/forecast/runs/${run.id}`, `/forecast/bridge?from=${run.id}&to=live`]) {
		const {status, text} = await see(page);
		assert.equal(status, 200, page);
		assert.match(text, />too large</, page);
		assert.doesNotMatch(text, /not shown<|data-label="(Receipts|Change|Moved|Before|After|Adjusted)"><\/td>/, page);
	}
	assert.match((await see('/forecast/runs')).text, /data-label="Adjusted">too large</);
});

test('stages are called in a scenario as in the asset\'s own plan', async () => {
	const {id} = await asset('Unplanned');
	const {get} = await openSession(reg.url, (await makeKey(reg, {roles: {'*': ['ESTATES', 'FINANCE']}})).key);
	const stages = async (path, field) => [...new RegExp(`id="${field}".*?</select>`, 's').exec((await get(path)).text)[0].matchAll(/<option value="([A-Z_]+)">([^<]+)</g)].map(m => m.slice(1));
	const own = await stages(`/assets/${id}/edit`, 'plan-stage');
	assert.deepEqual(await stages(`/forecast/compare?asset_id=${id}`, 's-stage'), own);
	assert.ok(own.some(([code, words]) => code === 'MARKETING' && words === 'On the market'), JSON.stringify(own));
});

test('runs are listed, newest first where asked, with totals, by tag, authority and name', async () => {
	const mine = ok(await made.finance.get(`/v1/projections/runs?tag=WHAT_IF&authority_id=${made.council.id}&sort=-id`), 200);
	assert.ok(mine.items.length > 0);
	assert.ok(mine.items.every(r => r.authority_id === made.council.id && r.tag === 'WHAT_IF'));
	const {items} = ok(await reg.admin.get('/v1/projections/runs?name=Base'), 200);
	assert.deepEqual(items, [ok(await reg.admin.get(`/v1/projections/runs/${made.base.id}`), 200)]);
	const [run] = items;
	assert.deepEqual(run.totals, made.figures['LIKELY YEAR'].totals);
	for (const field of ['as_of_on', 'seed', 'paths', 'model_version', 'parameters_hash', 'overlay_hash', 'position'])
		assert.ok(run[field] !== undefined && run[field] !== null, field);
	assert.deepEqual(ok(await reg.admin.get(`/v1/projections/runs?authority_id=${made.board.id}&tag=BUDGET`), 200).items, []);
	let all = [], next = '/v1/projections/runs?limit=3';
	while (next) {
		const page = ok(await reg.admin.get(next), 200);
		all = all.concat(page.items.map(r => r.id));
		next = page.links?.next ?? page.next ?? null;
	}
	assert.equal(new Set(all).size, all.length);
	assert.equal(all.length, Number((await reg.sql('select count(*) from assetd.projection_run'))[0].count));
	assert.equal((await reg.admin.get('/v1/projections/runs?tag=NEVER')).json.items?.length ?? 0, 0);
	assert.ok([401, 403].includes((await reg.anyone.get('/v1/projections/runs')).status));
});

test('the database refuses to change or remove a run, whoever asks', async () => {
	for (const table of ['projection_run', 'projection_run_receipt']) {
		for (const statement of [`update assetd.${table} set scenario = scenario`, `delete from assetd.${table}`, `truncate assetd.${table} cascade`]) {
			const text = table === 'projection_run' ? statement.replace('scenario = scenario', 'name = name') : statement;
			await assert.rejects(reg.sql(`set role assetd_owner; ${text}`), /neither changed nor removed/, text);
		}
	}
});
