// CORRECT of a completion: the disposal that came of it is undone or stands anew, with the asset's life, the requests
// that were told of it, the projection and both time axes; what happened to the land since stands in the way by name.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, makeKey, ok, openSession, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-06-01T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const as = async roles => admin.as((await makeKey(reg, {roles: {[council.id]: roles}})).key);
const [estates, decider, alone, finance] = [await as(['ESTATES']), await as(['ESTATES', 'DECIDER']), await as(['DECIDER']), await as(['FINANCE'])];
const [trust, club] = await Promise.all(['Trust', 'Club'].map(async name =>
	ok(await estates.post('/v1/community-bodies', {name, legal_form: 'SCIO', members: 30})).id));

let n = 0;
const act = async (id, event, on, more = {}) => ok(await decider.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const newAsset = async (more = {}) => ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED',
	effective_on: '2026-01-01', ...more}));
const received = async (asset, body = trust, on = '2026-01-05') => ok(await estates.post('/v1/requests', {asset_id: asset.id, community_body_id: body,
	kind: 'OWNERSHIP', received_on: on, offer_pence: 100_000}, {idempotency: `c${++n}`}));
/** A request for land with a plan and a price, on its way to a contract of 20 April. */
async function contracted(asset, body = trust, day = 5) {
	const r = await received(asset, body, `2026-01-0${day}`);
	await act(r.id, 'VALIDATE', `2026-01-0${day}`, {acknowledged_on: '2026-01-09'});
	await act(r.id, 'NOTICES_ISSUED', '2026-01-09', {representations_close_on: '2026-02-10'});
	await act(r.id, 'AGREE', '2026-03-20', {terms: 'as asked', matters: MATTERS, price_pence: 500_000});
	await act(r.id, 'OFFER', '2026-04-01');
	return act(r.id, 'CONCLUDE_CONTRACT', '2026-04-20');
}
async function planned() {
	const asset = await newAsset();
	const put = await estates.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2026-12-01', effective_on: '2026-02-01'},
		{headers: {'If-None-Match': '*'}});
	assert.equal(put.status, 201, put.text);
	ok(await finance.post(`/v1/assets/${asset.id}/valuations`, {basis: 'MV', valued_on: '2026-01-02', amount_pence: 900_000, valuer: 'V'}));
	return asset;
}
async function completed(on = '2026-05-04', more = {}) {
	const asset = await planned(), r = await contracted(asset);
	return {asset, r: await act(r.id, 'COMPLETE', on, more)};
}
const show = async path => ok(await anyone.get(path), 200);
const entry = async (id, event) => ok(await decider.get(`/v1/requests/${id}/events`), 200).items.findLast(e => e.event === event && !e.superseded_by);
const correct = async (id, on, more = {}, who = decider, path = 'events') => who.post(`/v1/requests/${id}/${path}`,
	{event: 'CORRECT', event_id: (await entry(id, 'COMPLETE')).id, on, reasons: 'It was typed in wrongly', ...more});
const disposals = async asset => (await show(`/v1/assets/${asset.id}/disposals`)).items;
const changes = id => reg.sql('select type, subject_seq, reason, data from assetd.change where subject = $1 order by subject_seq', [id]);

test('struck out: the land was never disposed of, and what was known before can still be asked for', async () => {
	const {asset, r} = await completed();
	const [before] = await disposals(asset);
	assert.deepEqual([before.completed_on, before.gross_pence, (await show(`/v1/assets/${asset.id}`)).lifecycle], ['2026-05-04', 500_000, 'DISPOSED']);
	const then = new Date(Date.parse((await show(`/v1/assets/${asset.id}`)).updated_at) + 1).toISOString();
	const seen = ok(await correct(r.id, '2026-05-04', {strike_out: true}, estates, 'corrections'), 200);
	assert.deepEqual([seen.state, seen.disposal], [{was: 'COMPLETED', is: 'CONTRACT_CONCLUDED'},
		{was_completed_on: '2026-05-04', was_gross_pence: 500_000, was_cost_pence: 0, lifecycle: 'MARKETING'}]);
	problem(await correct(r.id, '2026-05-04', {strike_out: true}, estates), 403, 'forbidden');
	const now = ok(await correct(r.id, '2026-05-04', {strike_out: true}, alone));
	assert.deepEqual([now.state, now.state_on, now.bar.to_on], ['CONTRACT_CONCLUDED', '2026-04-20', '2026-04-20']);
	const again = await show(`/v1/assets/${asset.id}`);
	assert.deepEqual([again.lifecycle, again.disposal.allowed, again.effective_on], ['MARKETING', true, '2026-05-04']);
	assert.deepEqual(await disposals(asset), []);
	assert.equal((await anyone.get(before.links.self)).status, 410);
	const told = (await changes(asset.id)).at(-1);
	assert.deepEqual([told.type, told.reason, told.data], ['asset.updated', 'It was typed in wrongly', {undone_disposal_id: before.id, lifecycle: 'MARKETING'}]);
	// Both axes: what stood was known then, of that day and of today; of that day it is known otherwise now.
	const at = (day, known) => `?valid_on=${day}${known ? `&known_at=${known}` : ''}`;
	for (const day of ['2026-05-04', '2026-06-01']) {
		assert.equal((await show(`/v1/assets/${asset.id}${at(day, then)}`)).lifecycle, 'DISPOSED');
		assert.equal((await show(`/v1/assets/${asset.id}${at(day, then)}`)).disposals.length, 1);
		assert.equal((await show(`/v1/assets/${asset.id}/disposals${at(day, then)}`)).items.length, 1);
		assert.equal((await show(`/v1/assets/${asset.id}${at(day)}`)).lifecycle, 'MARKETING');
		assert.equal((await show(`/v1/assets/${asset.id}${at(day)}`)).disposals.length, 0);
		assert.equal((await show(`/v1/assets/${asset.id}/disposals${at(day)}`)).items.length, 0);
		assert.equal((await show(`/v1/requests/${r.id}${at(day, then)}`)).state, 'COMPLETED');
		assert.deepEqual([day, (await show(`/v1/requests/${r.id}${at(day)}`)).state], [day, 'CONTRACT_CONCLUDED']);
	}
	const page = await anyone.get(`/assets/${asset.id}`);
	assert.equal(page.status, 200);
	assert.ok(!page.text.includes('It was disposed of'));
	// It goes on: the land can go to them again, once.
	assert.equal((await act(r.id, 'COMPLETE', '2026-05-11', {price_pence: 7})).state, 'COMPLETED');
	assert.deepEqual((await disposals(asset)).map(d => [d.completed_on, d.gross_pence]), [['2026-05-11', 7]]);
	assert.equal((await show(`/v1/assets/${asset.id}`)).lifecycle, 'DISPOSED');
	ok(await correct(r.id, '2026-05-11', {strike_out: true}));
	assert.equal((await show(`/v1/assets/${asset.id}`)).lifecycle, 'MARKETING');
});

test('of another day, price or cost: another disposal stands in its place', async () => {
	const {asset, r} = await completed();
	const [first] = await disposals(asset);
	const byHand = {kind: 'TRANSFER', completed_on: '2026-05-04', gross_pence: 1};
	for (const reply of [await finance.put(`${first.links.self}?reason=Typed`, byHand, {match: '*'}), await finance.delete(`${first.links.self}?reason=Typed`, {match: '*'})])
		assert.match(problem(reply, 409, 'transition-not-allowed').detail, /correct the entry COMPLETE/, 'not by hand');
	const [{baseline}] = await reg.sql('select baseline from assetd.disposal_money where disposal_id = $1', [first.id]);
	for (const [on, more, want] of [
		['2026-05-04', {price_pence: 450_000, cost_pence: 1_000}, ['2026-05-04', 450_000, 1_000]],
		['2026-05-18', {}, ['2026-05-18', 450_000, 1_000]],
		['2026-04-27', {}, ['2026-04-27', 450_000, 1_000]],
		['2026-04-27', {price_pence: null}, ['2026-04-27', 500_000, 1_000]],
	]) {
		ok(await correct(r.id, on, more, alone));
		const list = await disposals(asset);
		assert.deepEqual(list.map(d => [d.completed_on, d.gross_pence, d.cost_pence, d.to, d.request_id]), [[...want, 'Trust', r.id]]);
		const now = await show(`/v1/assets/${asset.id}`);
		assert.deepEqual([now.lifecycle, now.effective_on, now.disposal.why.match(/on (.*)\./)[1]], ['DISPOSED', on, `${Number(on.slice(8))} ${on.slice(6, 7) === '5' ? 'May' : 'April'} 2026`]);
		assert.equal((await show(`/v1/requests/${r.id}`)).state_on, on);
		for (const day of ['2026-04-26', '2026-04-27', '2026-05-04', '2026-05-18', '2026-06-01']) {
			const then = await show(`/v1/assets/${asset.id}?valid_on=${day}`);
			assert.deepEqual([day, then.lifecycle, then.disposals.length], [day, ...(day < on ? ['MARKETING', 0] : ['DISPOSED', 1])]);
		}
	}
	const kept = await reg.sql('select d.completed_on::text, m.baseline from assetd.disposal as d join assetd.disposal_money as m on m.disposal_id = d.id where d.asset_id = $1 order by d.created_at', [asset.id]);
	assert.equal(kept.length, 5, 'each stays to be asked for');
	assert.deepEqual(kept[1].baseline, baseline, 'what was frozen stays, where the day does');
	ok(await correct(r.id, '2026-04-27'), 201);
	assert.equal((await reg.sql('select from assetd.disposal where asset_id = $1', [asset.id])).length, 5, 'nothing is otherwise');
	// What was agreed is what is paid, where nothing else was said: the price of the agreement moves it too.
	const agree = await entry(r.id, 'AGREE');
	ok(await decider.post(`/v1/requests/${r.id}/events`, {event: 'CORRECT', event_id: agree.id, on: '2026-03-20', price_pence: 510_000, reasons: 'A slip'}));
	assert.deepEqual((await disposals(asset)).map(d => d.gross_pence), [510_000]);
	problem(await correct(r.id, '2026-04-19'), 409, 'before-cause');
	problem(await correct(r.id, '2026-06-02'), 422, 'date-in-future', '/on');
	problem(await correct(r.id, '2026-04-27', {becomes: 'COMPLETE'}), 422, 'invalid', '/becomes');
	problem(await decider.post(`/v1/requests/${r.id}/events`, {event: 'CORRECT', event_id: (await entry(r.id, 'CONCLUDE_CONTRACT')).id, on: '2026-04-20',
		strike_out: true, reasons: 'x'}), 409, 'transition-not-allowed');
});

test('it was another event: the body withdrew', async () => {
	const {asset, r} = await completed();
	const now = ok(await correct(r.id, '2026-05-04', {becomes: 'WITHDRAW'}));
	assert.deepEqual([now.state, now.allowed], ['WITHDRAWN', []]);
	assert.equal((await show(`/v1/assets/${asset.id}`)).lifecycle, 'MARKETING');
	assert.deepEqual(await disposals(asset), []);
});

test('who asked for the land, or the whole of it, is told that it is there again', async () => {
	const whole = await newAsset({name: 'Campus'});
	const asset = await newAsset({part_of: whole.id});
	const r = await contracted(asset), rival = await received(asset, club, '2026-05-01'), wide = await received(whole, club, '2026-05-01');
	await act(r.id, 'COMPLETE', '2026-05-04');
	const flags = async id => (await show(`/v1/requests/${id}`)).flags.sort();
	assert.deepEqual([await flags(rival.id), await flags(wide.id)], [['COMPETING', 'LAND_DISPOSED'], ['COMPETING', 'LAND_PARTLY_DISPOSED']]);
	const late = await received(asset, club, '2026-05-20');
	assert.ok((await flags(late.id)).includes('LAND_DISPOSED'));
	ok(await correct(r.id, '2026-05-06', {}));
	assert.ok((await flags(rival.id)).includes('LAND_DISPOSED'), 'another day tells them nothing');
	ok(await correct(r.id, '2026-05-06', {strike_out: true}));
	for (const q of [rival, wide, late]) {
		assert.deepEqual(await flags(q.id), ['COMPETING']);
		const told = (await changes(q.id)).filter(c => c.data.flag_ended);
		assert.deepEqual(told.map(c => [c.type, c.data]), [['request.updated', {flag_ended: q === wide ? 'LAND_PARTLY_DISPOSED' : 'LAND_DISPOSED', request_id: r.id}]]);
	}
	assert.ok((await flags(r.id)).includes('COMPETING'), 'it is live again');
	// A part of it was sold before, which still holds.
	const field = await newAsset({name: 'Field'}), strip = await newAsset({name: 'Strip', part_of: field.id});
	ok(await finance.post(`/v1/assets/${strip.id}/disposals`, {kind: 'MARKET', completed_on: '2026-01-02', gross_pence: 5}));
	const one = await contracted(field), two = await received(field, club, '2026-05-01');
	await act(one.id, 'COMPLETE', '2026-05-04');
	assert.ok((await flags(two.id)).includes('LAND_DISPOSED'));
	ok(await correct(one.id, '2026-05-04', {strike_out: true}));
	assert.deepEqual(await flags(two.id), ['COMPETING', 'LAND_PARTLY_DISPOSED']);
	assert.deepEqual((await changes(two.id)).at(-1).data, {flag: 'LAND_PARTLY_DISPOSED', flag_ended: 'LAND_DISPOSED', request_id: one.id});
});

test('what happened to the land since stands in the way, by name', async () => {
	const whole = await newAsset({name: 'Estate'});
	const part = await newAsset({part_of: whole.id, name: 'Lodge'});
	const r = await contracted(whole);
	await act(r.id, 'COMPLETE', '2026-05-04');
	ok(await finance.post(`/v1/assets/${part.id}/disposals`, {kind: 'MARKET', completed_on: '2026-05-11', gross_pence: 5}));
	for (const [on, more] of [['2026-05-04', {strike_out: true}], ['2026-05-04', {becomes: 'WITHDRAW'}], ['2026-05-12', {}]])
		assert.match(problem(await correct(r.id, on, more), 409, 'transition-not-allowed').detail, /the disposal of Lodge on 11 May 2026/);
	assert.match(problem(await correct(r.id, '2026-05-04', {strike_out: true}, decider, 'corrections'), 409, 'transition-not-allowed').detail, /Lodge/);
	ok(await correct(r.id, '2026-05-11'));
	ok(await correct(r.id, '2026-05-10', {price_pence: 9}));
	assert.match(problem(await correct(r.id, '2026-05-10', {strike_out: true}), 409, 'transition-not-allowed').detail, /Lodge/, 'also behind a correction');
	assert.equal((await show(`/v1/requests/${r.id}`)).state, 'COMPLETED');
	// Another's contract on the same land.
	const field = await newAsset({name: 'Field'}), plot = await newAsset({part_of: field.id, name: 'Plot'});
	const [one, two] = [await contracted(plot), await (async () => {
		const q = await received(field, trust, '2026-01-06');
		await act(q.id, 'VALIDATE', '2026-01-06', {acknowledged_on: '2026-01-09'});
		await act(q.id, 'NOTICES_ISSUED', '2026-01-09', {representations_close_on: '2026-02-10'});
		await act(q.id, 'AGREE', '2026-03-20', {terms: 'as asked', matters: MATTERS});
		return act(q.id, 'OFFER', '2026-04-01');
	})()];
	await act(one.id, 'COMPLETE', '2026-05-04');
	await act(two.id, 'CONCLUDE_CONTRACT', '2026-05-20');
	assert.match(problem(await correct(one.id, '2026-05-04', {strike_out: true}), 409, 'transition-not-allowed').detail, new RegExp(`request ${two.reference}, with its contract of 20 May 2026`));
});

test('taken out of the register meanwhile: nothing is left to correct', async () => {
	const {asset, r} = await completed();
	const gone = await estates.delete(`/v1/assets/${asset.id}`, {match: '*'});
	assert.equal(gone.status, 204, gone.text);
	for (const [on, more] of [['2026-05-04', {strike_out: true}], ['2026-05-05', {}]])
		assert.match(problem(await correct(r.id, on, more), 409, 'transition-not-allowed').detail, /taken out of the register/);
});

test('the projection follows: its plan is expected again, and its receipt is of the day that it was', async () => {
	const {asset, r} = await completed();
	const sums = a => [a.flags, ...Object.values(a.scenarios).map(s => [s.baseline_total, s.adjusted_total, s.p_transfer_ppb, s.planned])];
	const as_of_now = async id => {
		const [newest] = await reg.sql('select id from assetd.change order by id desc limit 1');
		return ok(await finance.seen(`/v1/assets/${id}/projection?min_event=${newest.id}`), 200).asset;
	};
	const of = () => as_of_now(asset.id);
	const first = await of();
	ok(await correct(r.id, '2026-05-04', {price_pence: 1}));
	const cheap = await of();
	assert.notDeepEqual(sums(cheap), sums(first));
	const run = await until(async () => {
		const made = await admin.post('/v1/projections/runs', {as_of_on: '2026-06-01', tag: 'QUARTER'});
		return made.status === 201 && made.json.id;
	}, {what: 'a frozen run'});
	ok(await correct(r.id, '2026-05-04', {strike_out: true}));
	const back = await of();
	const moved = ok(await admin.get(`/v1/projections/movement?from=${run}`), 200).rows;
	assert.deepEqual(moved.map(m => [m.asset_id, m.code, ...m.changes.map(c => [c.type, c.subject])]),
		[[asset.id, 'DONE', ['request.corrected', r.id]]], 'the movement names the correction');
	const other = await contracted(await planned());
	const same = await as_of_now(other.asset_id);
	assert.deepEqual(sums(back), sums(same), 'as if it had never been completed');
	await until(async () => {
		const live = ok(await finance.get(`/v1/projections/receipts?group_by=YEAR&authority_id=${council.id}`), 200);
		return live.items.length > 0;
	}, {what: 'the projector'});
});

test('two at once: one is told to read again, and one disposal stands', async () => {
	const {asset, r} = await completed();
	const target = await entry(r.id, 'COMPLETE');
	const replies = await Promise.all(['2026-05-05', '2026-05-06', '2026-05-07'].map(on => decider.post(`/v1/requests/${r.id}/events`,
		{event: 'CORRECT', event_id: target.id, on, reasons: 'x'})));
	assert.equal(replies.filter(a => a.status === 201).length, 1, replies.map(a => a.text).join('\n'));
	assert.equal((await disposals(asset)).length, 1);
});

test('where decisions need two people, so does the correction of a completion', async () => {
	const {asset, r} = await completed(), settings = `/v1/authorities/${council.id}/settings`;
	const boss = await as(['ADMIN']), before = await disposals(asset);
	assert.equal((await boss.put(settings, {second_person: true}, {headers: {'If-None-Match': '*'}})).status, 201);
	for (const more of [{strike_out: true}, {becomes: 'WITHDRAW'}, {price_pence: 7}])
		problem(await correct(r.id, '2026-05-04', more), 409, 'approval-owed');
	assert.deepEqual(await disposals(asset), before, 'one alone undoes nothing');
	const {proposals} = ok(await correct(r.id, '2026-05-04', {strike_out: true}, decider, 'proposals'));
	const door = `/v1/requests/${r.id}/proposals/${proposals.find(p => p.state === 'OPEN').id}/approve`;
	problem(await decider.post(door, {}), 409, 'approval-owed');
	assert.equal(ok(await alone.post(door, {})).state, 'CONTRACT_CONCLUDED');
	assert.deepEqual(await disposals(asset), []);
	assert.equal(ok(await decider.post(`/v1/requests/${r.id}/events`, {event: 'COMPLETE', on: '2026-05-05'})).state, 'COMPLETED', 'to complete is no decision');
	assert.equal((await boss.put(settings, {second_person: false}, {match: '*'})).status, 200);
});

/** The forms of an officer: field by field as the page has them, what is given laid over. */
async function forms() {
	const {key} = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'DECIDER']}});
	const officer = await openSession(reg.url, key);
	const fieldsOf = text => ({
		...Object.fromEntries([...text.matchAll(/<input (?!class="ds_checkbox)[^>]*name="([^"]+)" value="([^"]*)"/g)].map(m => [m[1], m[2]])),
		...Object.fromEntries([...text.matchAll(/<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</g)].map(m => [m[1], m[2]]))});
	return async (id, event, changed) => {
		const path = `/requests/${id}/corrections/${(await entry(id, event)).id}`;
		const shown = await officer.get(path);
		assert.equal(shown.status, 200, shown.text);
		const body = {...fieldsOf(shown.text.slice(shown.text.indexOf('method="post" action="/requests'))), reasons: 'A slip', ...changed};
		return officer.post(path, body);
	};
}

test('the form: what would leave the register, and a field that is emptied', async () => {
	const send = await forms();
	const {asset, r} = await completed('2026-05-04', {price_pence: 12_300, cost_pence: 4_500});
	const seen = await send(r.id, 'COMPLETE', {strike_out: 'yes', do: 'look'});
	assert.match(seen.text, /The transfer of 4 May 2026 for £123 leaves the register[^<]*<strong>On the market</);
	const dearer = await send(r.id, 'COMPLETE', {price_pounds: '', do: 'look'});
	assert.match(dearer.text, /is of 4 May 2026 then, for £5,000 at a cost of £45; now it is of 4 May 2026, for £123/);
	assert.match(dearer.text, /name="was_price_pounds" value="yes"/, 'it is still known that it held something');
	assert.equal((await send(r.id, 'COMPLETE', {price_pounds: '', on: '2026-05-05', do: 'correct'})).status, 303);
	assert.deepEqual((await disposals(asset)).map(d => [d.completed_on, d.gross_pence, d.cost_pence]), [['2026-05-05', 500_000, 4_500]]);
	assert.equal((await send(r.id, 'VALIDATE', {acknowledged_on: '', do: 'correct'})).status, 303);
	assert.equal((await show(`/v1/requests/${r.id}`)).acknowledged_on, null);
	assert.ok(!('acknowledged_on' in (await entry(r.id, 'VALIDATE')).payload));
	assert.equal((await send(r.id, 'AGREE', {terms: '', do: 'correct'})).status, 422, 'what it needs stays');
	const out = await received(await newAsset());
	await act(out.id, 'INELIGIBLE', '2026-01-08', {reasons: 'It has no constitution.'});
	assert.equal((await send(out.id, 'INELIGIBLE', {event_reasons: 'It names no community.', do: 'correct'})).status, 303);
	assert.equal((await entry(out.id, 'INELIGIBLE')).payload.reasons, 'It names no community.');
	assert.equal((await send(out.id, 'INELIGIBLE', {do: 'correct'})).status, 303);
	assert.equal((await entry(out.id, 'INELIGIBLE')).payload.reasons, 'It names no community.', 'what is shown is what is sent');
});

test('after all of this the register is sound', () => assertSound(reg));
