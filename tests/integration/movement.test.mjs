// The movement between two runs, or since one: sums by code that add up to the difference of the
// totals, single assets for who reads their money alone, and the change behind each row.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {discard, makeKey, ok, openForecast, openSession, scratch, startRegister, until} from '../harness/index.mjs';

const CLOCK = Date.parse('2026-11-21T10:00:00Z');
const plans = scratch(), faults = `${plans}/faults`;
const reg = await startRegister({clock: new Date(CLOCK).toISOString(), env: {ASSETD_FAULT_FILE: faults}});
after(() => reg.stop().then(() => discard(plans)));
const {add, patch, plan, tagOf, value, ...forecast} = openForecast(reg);
const made = {};

const asset = (name, amount, fields) => forecast.asset({name, authority_id: made.council.id, ...fields}, {amount, plan: {}});
const freeze = (fields = {}, who = reg.admin) => until(async () => {
	const reply = await who.post('/v1/projections/runs', {as_of_on: '2026-11-21', tag: 'QUARTER', ...fields});
	return reply.status === 201 && reply.json;
}, {what: 'a frozen run'});
const movement = async (query, who = reg.admin) => ok(await who.get(`/v1/projections/movement?${query}`), 200);
const net = async query => ok(await reg.admin.get(`/v1/projections/receipts?${query}`), 200).totals.adjusted.net_pence;
const client = async roles => reg.admin.as((await makeKey(reg, {roles})).key);
const codes = totals => Object.fromEntries(totals.codes.map(c => [c.code, c.value_pence]));
const sum = list => list.reduce((a, b) => a + b, 0);

/** What holds of every movement, whoever asks. */
function expectWhole(m) {
	const {totals} = m;
	assert.equal(totals.old_pence + totals.value_pence, totals.new_pence);
	assert.equal(sum(totals.codes.map(c => c.value_pence)), totals.value_pence);
	for (const key of ['old_pence', 'new_pence', 'value_pence'])
		assert.equal(sum(m.items.map(i => i[key])), totals[key], key);
	for (const i of m.items)
		assert.equal(sum(i.codes.map(c => c.value_pence)), i.value_pence, JSON.stringify(i.group));
	return m;
}

/** Every row of a movement, by its pages. */
async function pages(query, who = reg.admin, limit = 2) {
	const rows = [];
	for (let next = `/v1/projections/movement?${query}&limit=${limit}`; next;) {
		const m = ok(await who.get(next), 200);
		assert.ok(m.rows.length <= limit);
		rows.push(...m.rows);
		next = m.next;
	}
	return rows;
}

before(async () => {
	made.council = await add('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'MO-1'});
	made.board = await add('/v1/authorities', {name: 'Board', kind: 'HEALTH_BOARD', code: 'MO-2'});
	made.far = await add('/v1/authorities', {name: 'Far', kind: 'COUNCIL', code: 'MO-3'});
	made.cpp = await add('/v1/cpps', {name: 'Plan', code: 'MO-CPP', partners: [made.council.id, made.board.id]});
	made.body = await add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
	made.hall = await asset('Hall', 20000000);
	made.shed = await asset('Shed', 8000000, {class: 'DEPOT'});
	made.joint = await asset('Joint', 10000001, {owners: [
		{authority_id: made.council.id, units: 1}, {authority_id: made.board.id, units: 1}]});
	made.gone = await asset('Gone', 5000000);
	made.sold = await asset('Sold', 7000000);
	made.still = await asset('Still', 3000000);
	made.theirs = await asset('Theirs', 9000000, {authority_id: made.far.id});
	made.old = await freeze({name: 'Budget', tag: 'BUDGET'});
	made.oldNet = await net(`run=${made.old.id}`);

	await value(made.hall, 22000000);
	const request = await add('/v1/requests', {asset_id: made.hall.id, community_body_id: made.body.id, kind: 'OWNERSHIP',
		received_on: '2026-10-01', offer_pence: 5000000});
	await add(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
	await plan(made.shed, {planned_on: '2027-12-01'});
	await patch(`/v1/assets/${made.joint.id}`, {owners: [
		{authority_id: made.council.id, units: 1}, {authority_id: made.board.id, units: 3}]});
	ok(await reg.admin.delete(`/v1/assets/${made.gone.id}`, {match: await tagOf(`/v1/assets/${made.gone.id}`)}), 204);
	await add(`/v1/assets/${made.sold.id}/disposals`, {kind: 'MARKET', completed_on: '2026-11-21', gross_pence: 7100000, cost_pence: 10000});
	made.fresh = await asset('Fresh', 6000000);
	await value(made.theirs, 9500000);
});

test('since the newest run, by itself: every kind of change, each with what caused it', async () => {
	const m = expectWhole(await movement(''));
	assert.equal(m.from.run, made.old.id);
	assert.equal(m.from.tag, 'BUDGET');
	assert.equal(m.to.run, null);
	assert.equal(m.authority_id, null);
	assert.equal(m.next, null);
	const rows = Object.fromEntries(m.rows.map(r => [`${r.code} ${r.asset_id}`, r]));
	assert.deepEqual(Object.keys(rows).sort(), [`DEL ${made.gone.id}`, `DONE ${made.sold.id}`, `NEW ${made.fresh.id}`, `OWN ${made.joint.id}`,
		`PLAN ${made.shed.id}`, `REQ ${made.hall.id}`, `VALN ${made.hall.id}`, `VALN ${made.theirs.id}`].sort());
	assert.equal(rows[`OWN ${made.joint.id}`].value_pence, 0);
	assert.ok(rows[`OWN ${made.joint.id}`].moved_pence > 0);
	assert.ok(rows[`PLAN ${made.shed.id}`].moved_pence > 0);
	const cause = code => Object.values(rows).filter(r => r.code === code).map(r => r.changes.map(c => c.type).at(-1));
	assert.deepEqual([cause('VALN'), cause('REQ'), cause('PLAN'), cause('OWN'), cause('DEL'), cause('DONE')],
		[['asset.valued', 'asset.valued'], ['request.validated'], ['plan.changed'], ['asset.updated'], ['asset.removed'], ['asset.disposed']]);
	assert.deepEqual(rows[`NEW ${made.fresh.id}`].changes.map(c => c.type), ['asset.created', 'asset.valued', 'plan.changed']);
	for (const row of m.rows)
		assert.equal(ok(await reg.admin.get(`/v1/events/${row.changes[0].id}`), 200).id, row.changes[0].id);
});

test('the two ends are the receipts of run and register', async () => {
	const {totals} = await movement('');
	assert.equal(totals.old_pence, made.oldNet);
	const live = ok(await reg.admin.get('/v1/projections/receipts'), 200);
	assert.equal(totals.new_pence, sum(live.items.map(i => i.adjusted.net_pence)));
});

test('pages of any size are the whole, and a code is a part of it', async () => {
	const {rows} = await movement('');
	assert.deepEqual(await pages('', reg.admin, 1), rows);
	assert.deepEqual(await pages('', reg.admin, 3), rows);
	assert.deepEqual((await movement('code=VALN')).rows, rows.filter(r => r.code === 'VALN'));
	assert.deepEqual(await pages('code=VALN', reg.admin, 1), rows.filter(r => r.code === 'VALN'));
	// Pounds in files, as everywhere, and all of it whatever the length of a page.
	const pounds = pence => `${pence < 0 ? '-' : ''}${Math.trunc(Math.abs(pence) / 100)}.${String(Math.abs(pence) % 100).padStart(2, '0')}`;
	const csv = await reg.admin.get('/v1/projections/movement?format=csv&limit=1');
	assert.match(csv.headers['content-type'], /^text\/csv/);
	const lines = csv.text.trim().split('\r\n');
	assert.equal(lines.shift(), 'asset_id,code,authority_id,value_gbp,moved_gbp');
	assert.deepEqual(lines, rows.map(r => [r.asset_id, r.code, r.authority_id, pounds(r.value_pence), pounds(r.moved_pence)].join()));
});

test('from run to run nothing but what lies between them; the same run twice is no movement', async () => {
	const second = await freeze();
	const between = await movement(`from=${made.old.id}&to=${second.id}`), since = await movement(`from=${made.old.id}`);
	assert.deepEqual(between.totals, since.totals);
	assert.deepEqual(between.rows, since.rows);
	assert.equal(between.to.run, second.id);
	const none = expectWhole(await movement(`from=${second.id}&to=${second.id}`));
	assert.deepEqual([none.totals.value_pence, none.rows], [0, []]);
	await value(made.still, 3100000);
	const after = await movement(`from=${second.id}`);
	assert.deepEqual(after.rows.map(r => [r.code, r.asset_id]), [['VALN', made.still.id]]);
	const back = expectWhole(await movement(`from=${second.id}&to=${made.old.id}`));
	assert.equal(back.totals.value_pence, -between.totals.value_pence);
});

test('another day and other parameters have codes of their own, and behind these what set them', async () => {
	const later = await freeze({as_of_on: '2027-09-01'});
	const rolled = expectWhole(await movement(`from=${later.id}`));
	assert.ok(codes(rolled.totals).ROLL > 0 || rolled.totals.codes[0].moved_pence > 0);
	assert.deepEqual(new Set(rolled.rows.map(r => r.code)), new Set(['ROLL']));
	assert.ok(rolled.rows.every(r => r.changes.length === 0));
	const dear = await freeze({parameters: {partner_default: {cost_fixed: 1000000}}});
	const parm = expectWhole(await movement(`from=${dear.id}`));
	assert.deepEqual(Object.keys(codes(parm.totals)), ['PARM']);
	assert.ok(codes(parm.totals).PARM > 0, 'costs are lower again');
	assert.ok(parm.rows.every(r => r.changes.length === 0), 'those of a run alone are nobody\'s change');
	const before = await freeze();
	const set = await reg.admin.put('/v1/projections/parameters', {params: {partner_default: {cost_fixed: 900000}}, note: 'Dearer sales'}, {headers: {'If-None-Match': '*'}});
	ok(set, 200);
	const dearer = expectWhole(await movement(`from=${before.id}`));
	assert.deepEqual(Object.keys(codes(dearer.totals)), ['PARM']);
	assert.ok(dearer.rows.every(r => r.changes.length === 1 && r.changes[0].type === 'parameters.changed' && r.changes[0].id === set.headers['event-id']));
	ok(await reg.admin.put('/v1/projections/parameters', {params: {}, note: 'As before'}, {match: await tagOf('/v1/projections/parameters')}), 200);
	assert.deepEqual((await movement(`from=${before.id}`)).rows, [], 'and back');
});

test('of another kind an asset follows another index, and what made it so is named', async () => {
	const at = '/v1/projections/parameters', params = {index: {FIELDS: {base_fy: 2016, growth: {}, default: 100000}}, class_index: {FIELD: 'FIELDS'}};
	ok(await reg.admin.put(at, {params, note: 'Fields grow'}, {match: await tagOf(at)}), 200);
	const before = await freeze();
	await patch(`/v1/assets/${made.still.id}`, {class: 'FIELD'});
	const m = expectWhole(await movement(`from=${before.id}`));
	assert.deepEqual(m.rows.map(r => [r.code, r.asset_id, r.changes.map(c => c.type)]), [['ASSET', made.still.id, ['asset.updated']]]);
	assert.ok(m.rows[0].value_pence > 0);
	await patch(`/v1/assets/${made.still.id}`, {class: 'HALL'});
	ok(await reg.admin.put(at, {params: {}, note: 'As before'}, {match: await tagOf(at)}), 200);
});

test('to a scenario it is what the overlay does, and nobody\'s change', async () => {
	const now = await freeze();
	const whatIf = await freeze({tag: 'WHAT_IF', name: 'A year late', overlay: [{asset_id: made.still.id, set: {plan: {planned_on: '2028-06-15'}}}]});
	const m = expectWhole(await movement(`from=${now.id}&to=${whatIf.id}`));
	assert.deepEqual(m.rows.map(r => [r.code, r.asset_id, r.changes]), [['PLAN', made.still.id, []]]);
	assert.ok(m.rows[0].moved_pence > 0);
	assert.equal(m.totals.new_pence, sum(ok(await reg.admin.get(`/v1/projections/receipts?run=${whatIf.id}`), 200).items.map(i => i.adjusted.net_pence)));
});

test('between every two runs of every kind, there and back, it sums to what they say', async () => {
	const runs = [await freeze(), await freeze({parameters: {horizon_quarters: 8}}), await freeze({parameters: {horizon_quarters: 80}}),
		await freeze({as_of_on: '2029-05-01'}), await freeze({as_of_on: '2031-01-01', parameters: {horizon_quarters: 6, partner_default: {cost_fixed: 7}}}),
		await freeze({tag: 'WHAT_IF', overlay: [{asset_id: made.still.id, set: {valuation: null}}, {asset_id: made.shed.id, set: {plan: {planned_on: '2035-01-01'}}}]}),
		await freeze({valid_on: '2027-03-31'}), made.old];
	const items = run => reg.admin.get(`/v1/projections/receipts?group_by=YEAR${run ? `&run=${run.id}` : ''}`).then(reply => ok(reply, 200).items);
	const says = new Map();
	for (const run of [...runs, null])
		says.set(run, (await items(run)).reduce((by, i) => {
			const year = i.group.year.replace('ACTUAL:', '');
			return by.set(year, (by.get(year) ?? 0) + i.adjusted.net_pence);
		}, new Map()));
	for (const from of runs) {
		for (const to of [...runs, null]) {
			const what = `${JSON.stringify(from.parameters_set)} ${from.as_of_on} to ${to && `${JSON.stringify(to.parameters_set)} ${to.as_of_on}`}`;
			const m = expectWhole(await movement(`from=${from.id}${to ? `&to=${to.id}` : ''}&limit=1000`));
			assert.deepEqual([m.totals.old_pence, m.totals.new_pence], [from, to].map(r => sum([...says.get(r).values()])), what);
			assert.equal(sum(m.rows.map(r => r.value_pence)), m.totals.value_pence, what);
			// A movement is by the year in which money comes, also behind a horizon, where receipts say BEYOND.
			for (const {group, old_pence, new_pence} of [from, to].some(r => r?.parameters_set.horizon_quarters) ? [] : m.items)
				assert.deepEqual([old_pence, new_pence], [from, to].map(r => says.get(r).get(group.year) ?? 0), `${what}: ${group.year}`);
		}
	}
});

test('a run of the past keeps its inputs too', async () => {
	const then = await freeze({valid_on: '2026-11-20', known_at: new Date(CLOCK - 3600_000).toISOString()});
	const m = expectWhole(await movement(`from=${then.id}`));
	assert.deepEqual(Object.keys(codes(m.totals)), ['NEW']);
	assert.equal(m.totals.old_pence, 0);
});

test('an authority has its own share of it, and adds up with the others', async () => {
	const whole = await movement(`from=${made.old.id}&group_by=AUTHORITY`);
	expectWhole(whole);
	assert.equal(whole.items.length, 3);
	for (const {group, old_pence, new_pence} of whole.items) {
		const part = expectWhole(await movement(`from=${made.old.id}&authority_id=${group.authority_id}`));
		assert.deepEqual([part.totals.old_pence, part.totals.new_pence], [old_pence, new_pence]);
		assert.equal(sum(part.rows.map(r => r.value_pence)), part.totals.value_pence);
		assert.ok(part.rows.every(r => r.authority_id === group.authority_id));
	}
	const own = await movement(`from=${made.old.id}&authority_id=${made.board.id}`);
	assert.deepEqual(own.rows.map(r => [r.code, r.asset_id]), [['OWN', made.joint.id]]);
	assert.ok(own.rows[0].value_pence > 0 && own.rows[0].moved_pence === 0, 'what is no gain of all is one of the Board\'s');
});

test('who reads an authority\'s money sees its assets, who plans with it sums, others nothing', async () => {
	const council = await client({[made.council.id]: ['FINANCE']}), board = await client({[made.board.id]: ['FINANCE']});
	const far = await client({[made.far.id]: ['FINANCE']});
	const run = await freeze({name: 'Ours'}, council);
	await value(made.shed, 8100000);
	const at = `/v1/projections/movement?from=${run.id}`;
	const own = expectWhole(ok(await council.get(at), 200));
	assert.equal(own.authority_id, made.council.id, 'the only one there is');
	assert.deepEqual(own.rows.map(r => r.asset_id), [made.shed.id]);
	assert.equal(own.rows[0].changes.at(-1).type, 'asset.valued');

	const partner = expectWhole(ok(await board.get(`${at}&authority_id=${made.council.id}`), 200));
	assert.deepEqual(partner.totals, own.totals);
	assert.equal(partner.rows, null);
	assert.equal(partner.next, null);
	assert.ok(!JSON.stringify(partner).includes('ast_'));
	assert.deepEqual(ok(await board.get(at), 200).rows, []);
	assert.equal((await board.get(`${at}&authority_id=${made.council.id}&format=csv`)).status, 403);
	assert.equal((await board.get(`${at}&authority_id=${made.far.id}`)).status, 403);
	// What a scenario supposes of one asset is the whole difference between it and the forecast.
	const supposed = await freeze({name: 'Supposed', overlay: [{asset_id: made.hall.id, set: {plan: null}}]}, council);
	assert.deepEqual((await movement(`from=${run.id}&to=${supposed.id}`, council)).rows.map(r => r.asset_id), [made.hall.id, made.shed.id]);
	for (const ends of [`from=${run.id}&to=${supposed.id}`, `from=${supposed.id}`]) {
		const refused = await board.get(`/v1/projections/movement?${ends}&authority_id=${made.council.id}`);
		assert.equal(refused.status, 403, refused.text);
	}
	assert.equal((await council.get(`/v1/projections/movement?from=${made.old.id}`)).status, 404, 'a run of the whole register is not its');
	assert.equal((await far.get(at)).status, 404);
	assert.equal((await reg.anyone.get(at)).status, 401);
	assert.equal((await (await client({[made.council.id]: ['VIEWER', 'ESTATES', 'DECIDER', 'ADMIN']})).get(at)).status, 403);
	const two = await client({[made.council.id]: ['FINANCE'], [made.board.id]: ['FINANCE']});
	assert.equal((await two.get(at)).status, 400);
	assert.equal(ok(await two.get(`${at}&authority_id=${made.board.id}`), 200).totals.value_pence, 0);
});

test('what cannot be asked is said', async () => {
	const status = async query => (await reg.admin.get(`/v1/projections/movement?${query}`)).status;
	for (const query of ['code=NONE', 'group_by=CLASS', 'limit=0', 'limit=x', 'after=here', `after=${made.hall.id}.REQ.x`, 'format=xlsx'])
		assert.equal(await status(query), 400, query);
	for (const query of [`from=run_${'0'.repeat(26)}`, `to=run_${'0'.repeat(26)}`, 'from=here'])
		assert.equal(await status(query), 404, query);
	assert.equal(await status(`from=${made.old.id}&authority_id=here`), 200, 'nobody has a part in it');
});

/** A browser without script: a session of its own. */
const visitor = async roles => (await openSession(reg.url, (await makeKey(reg, {roles})).key)).get;

test('the page is the bridge with its table, by year, and each asset with the change behind it', async () => {
	const see = await visitor({'*': ['VIEWER', 'FINANCE']});
	const {text, status} = await see(`/forecast/bridge?from=${made.old.id}`);
	assert.equal(status, 200, text);
	const {totals, rows} = await movement(`from=${made.old.id}&limit=1000`);
	assert.equal(text.match(/<svg class="chart chart--wide"[^]*?<\/svg>/)[0].match(/<rect /g).length, 2 + totals.codes.filter(c => c.value_pence).length);
	assert.match(text, /Before: Budget \(budget, as of 21 November 2026\)/);
	assert.match(text, /After: The register as it is now/);
	for (const row of rows)
		assert.ok(text.includes(`href="/assets/${row.asset_id}"`), row.asset_id);
	const request = rows.find(r => r.code === 'REQ').changes[0];
	assert.match(text, new RegExp(`href="/requests/${request.subject}">[^<]+, 21 November 2026<`));
	assert.match(text, /−£/);
	assert.ok(!text.includes('Nothing has moved') && !text.includes('no change of this asset'));
	const same = (await see(`/forecast/bridge?from=${made.old.id}&to=${made.old.id}`)).text;
	assert.match(same, /Nothing has moved between the two/);
	assert.match(same, /No asset has moved it/);

	const narrowed = (await see(`/forecast/bridge?from=${made.old.id}&code=PLAN`)).text;
	assert.match(narrowed, /Asset by asset: Plan/);
	assert.ok(narrowed.includes(`href="/assets/${made.shed.id}"`) && !narrowed.includes(`href="/assets/${made.gone.id}"`));
	const file = await see(/href="(\/downloads\/movement[^"]*)"/.exec(text)[1].replaceAll('&amp;', '&'));
	assert.match(file.headers['content-type'], /^text\/csv/);
	assert.equal(file.text.trim().split('\r\n').length, rows.length + 1);
});

test('the page of who plans with a body has its sums and no asset; of a stranger there is none', async () => {
	const own = await client({[made.council.id]: ['FINANCE']});
	const run = await freeze({name: 'Theirs & "ours" <b>'}, own);
	await value(made.hall, 22100000);
	const mine = await visitor({[made.council.id]: ['FINANCE']});
	const theirs = await mine('/forecast/bridge');
	assert.match(theirs.text, new RegExp(`href="/assets/${made.hall.id}">[^]*?href="/assets/${made.hall.id}">[^<]*, 2`), 'its own run by itself, each asset with its changes');
	assert.ok(!theirs.text.includes(made.theirs.id) && !theirs.text.includes('Single assets are shown'));
	const partner = await visitor({[made.board.id]: ['FINANCE']});
	const at = `/forecast/bridge?from=${run.id}&authority_id=${made.council.id}`;
	const {text, status} = await partner(at);
	assert.equal(status, 200, text);
	assert.match(text, /Single assets are shown to those who read its money/);
	assert.ok(text.includes('Theirs &amp; &quot;ours&quot; &lt;b&gt;') || text.includes('Theirs &amp; &#34;ours&#34; &lt;b&gt;'));
	assert.ok(!text.includes('ast_') && !text.includes('/downloads/'));
	assert.equal((await partner(`/downloads/movement?from=${run.id}&authority_id=${made.council.id}`)).status, 403);
	assert.equal((await reg.anyone.get(at)).status, 401);
	const stranger = await visitor({[made.far.id]: ['FINANCE']});
	assert.equal((await stranger(at)).status, 404);
	assert.match((await stranger('/forecast/bridge')).text, /No forecast has been frozen yet/);
	const both = await visitor({[made.council.id]: ['FINANCE'], [made.board.id]: ['FINANCE']});
	assert.equal((await both('/forecast/bridge')).status, 200, 'the first of several, to choose from');
});

test('nobody waits for a movement, or a look at totals, until a long run is made', async () => {
	const done = [], told = what => reply => done.push(what) && reply;
	await value(made.hall, 22200000);
	fs.writeFileSync(faults, 'FREEZE_TURN hold 1\n'); // the run has begun and what comes then waits
	const long = reg.admin.post('/v1/projections/runs', {tag: 'QUARTER', paths: 40000}).then(told('run'));
	await forecast.receipts('group_by=YEAR'); // the projector has passed it on
	const short = [reg.admin.get(`/v1/projections/movement?from=${made.old.id}`).then(told('movement')),
		reg.admin.post('/v1/projections/parameters?totals=yes', {params: {}}).then(told('look'))];
	await forecast.receipts('group_by=YEAR');
	fs.writeFileSync(faults, '');
	for (const reply of await Promise.all(short))
		ok(reply, 200);
	ok(await long, 201);
	assert.equal(done.at(-1), 'run');
});
