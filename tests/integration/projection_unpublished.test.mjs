// What is not published is nobody else's to know of: neither that it is there, nor its class, owner, place, nor when it is to be sold.
// The forecast says the same of it by every door, before it is there and after. What is sold is no secret.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const forecast = openForecast(reg), made = {};
const GROUPS = ['YEAR', 'QUARTER', 'AUTHORITY', 'CPP', 'LOCALITY', 'CLASS', 'DECILE', 'STAGE'];
const PAIRS = ['YEAR,AUTHORITY', 'YEAR,CPP', 'YEAR,CLASS', 'YEAR,DECILE', 'QUARTER,CLASS', 'AUTHORITY,CLASS', 'YEAR,STAGE'];

const selling = (authority, more, plan) => forecast.asset({authority_id: authority.id, name: 'Land', ...more}, {amount: 20000000, plan: {planned_on: '2027-06-15', ...plan}});
const council = code => forecast.add('/v1/authorities', {name: `Council ${code}`, kind: 'COUNCIL', code});

before(async () => {
	[made.large, made.small, made.none] = await Promise.all(['LARGE', 'SMALL', 'NONE'].map(council));
	made.cpp = await forecast.add('/v1/cpps', {name: 'Partners', code: 'CPP', partners: [made.small.id]});
	await Promise.all(Array.from({length: 4}, () => selling(made.large)));
	made.reader = reg.admin.as((await makeKey(reg, {roles: {[made.large.id]: ['FINANCE']}})).key);
});

const filters = () => ['class=KILN', `authority_id=${made.small.id}`, `authority_id=${made.none.id}`, `cpp_id=${made.cpp.id}`];
/* Each answer by its address, with no word of when. */
async function doors(who) {
	const questions = [...GROUPS, ...PAIRS].map(g => `group_by=${g}`).concat(filters(), ['group_by=CLASS&scenario=BEST'], filters().map(f => `group_by=QUARTER&${f}`));
	const paths = questions.flatMap(q => [`/v1/projections/receipts?${q}`, `/downloads/forecast?${q}`])
		.concat(['', ...filters(), ...['AUTHORITY', 'CPP', 'LOCALITY', 'CLASS', 'DECILE'].map(g => `group_by=${g}`)].map(q => `/forecast?${q}`));
	await forecast.receipts('', who);
	const said = new Map();
	for (const path of paths) {
		const {status, text} = await who.get(path);
		said.set(path, `${status} ${text.replace(/"position":\d+|\d+,,(?=LIKELY|BEST)|(?<=after change )\d+|nonce[-="]+[^"' ]+/g, '')}`);
	}
	return said;
}

test('what nobody else may know of changes no answer', async () => {
	const was = new Map();
	for (const who of [reg.anyone, made.reader])
		was.set(who, await doors(who));
	const [first] = await Promise.all([selling(made.small, {class: 'KILN', cpp_id: made.cpp.id, published: false}, {planned_on: '2031-02-15'}),
		selling(made.small, {class: 'KILN', cpp_id: made.cpp.id, published: false}, {planned_on: '2032-02-15', method: 'LEASE', lease: {rent_pa_pence: 100000, term_months: 120, class: 'OPERATING'}})]);
	assert.equal((await reg.anyone.get(`/v1/assets/${first.id}`)).status, 404);
	for (const [who, before] of was) {
		const now = await doors(who);
		for (const [path, text] of before)
			assert.ok(now.get(path) === text, `${path}: ${text} and then ${now.get(path)}`);
	}
	const {items} = await forecast.receipts('group_by=CLASS');
	assert.ok(items.some(i => i.group.class === 'KILN'), 'who may read it has it');
});

test('groups of which something is told are there, and an answer says that others may be', async () => {
	const by = async (query, who = reg.anyone) => ok(await who.get(`/v1/projections/receipts?${query}`), 200);
	const {items, groups_left_out: left_out} = await by('group_by=AUTHORITY');
	assert.deepEqual([items.map(i => [i.group.authority_id, i.suppressed]), left_out], [[[made.large.id, false]], true]);
	assert.equal((await by('group_by=AUTHORITY', reg.admin)).groups_left_out, false);
	const years = await by('group_by=YEAR');
	assert.equal(years.groups_left_out, false);
	assert.ok(years.items.length > 10 && years.items.filter(i => i.suppressed).length > 5, 'of time there is all');
	const of = async query => (await by(query)).totals;
	assert.deepEqual(await of(`authority_id=${made.none.id}`), await of(`authority_id=${made.small.id}`));
	assert.equal((await of(`authority_id=${made.none.id}`)).suppressed, true);
});

test('what is sold is everybody\'s, be it one alone: in its year, and once that is over', async () => {
	const classes = async kind => (await forecast.receipts('group_by=CLASS', reg.anyone)).items.filter(i => i.group.class === kind);
	const sold = async (kind, completed_on) => {
		const land = await selling(made.none, {class: kind});
		assert.deepEqual(await classes(kind), []);
		await forecast.add(`/v1/assets/${land.id}/disposals`, {kind: 'MARKET', completed_on, gross_pence: 21000000, cost_pence: 500000});
	};
	await sold('LODGE', '2026-11-20');
	const [now] = await classes('LODGE');
	assert.deepEqual([now.suppressed, now.adjusted.net_pence, now.baseline.net_pence], [false, 20500000, null], 'but not what had been expected of it');
	await sold('PIER', '2025-11-20');
	const [then] = (await forecast.receipts('group_by=YEAR&class=PIER', reg.anyone)).items;
	assert.deepEqual([then.group.year, then.suppressed, then.adjusted, then.baseline.net_pence],
		['ACTUAL:2025-26', false, {gross_pence: 21000000, cost_pence: 500000, net_pence: 20500000, pv_pence: null}, null]);
});
