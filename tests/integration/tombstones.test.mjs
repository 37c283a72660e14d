// What is no more is answered for ever: a tombstone says when, by whom and why, a merged entry leads to the one that
// stayed, with all that hung on it. And what may be the same thing is pointed out, and never refused.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {MATTERS, makeKey, ok, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

let n = 0;
const refused = (reply, status, slug, pointer) => {
	assert.deepEqual([reply.status, reply.json?.type], [status, `/v1/problems/${slug}`], reply.text);
	if (pointer)
		assert.ok(reply.json.errors.some(e => e.pointer === pointer), reply.text);
	return reply.json;
};
let council, other, body, estates, stranger;
const add = async (more = {}) => ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Thing ${++n}`, class: 'HALL', tenure: 'OWNED', ...more}));
const ask = async (asset_id, more = {}) => ok(await admin.post('/v1/requests', {asset_id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', ...more},
	{idempotency: `t-${++n}`}));

before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Stones', kind: 'COUNCIL', code: 'STONES'}));
	other = ok(await admin.post('/v1/authorities', {name: 'Others', kind: 'OTHER', code: 'OTHERS'}));
	body = ok(await admin.post('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO', members: 30}));
	estates = admin.as((await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	stranger = admin.as((await makeKey(reg, {roles: {[other.id]: ['ESTATES']}})).key);
});

test('fields of the register: trust, restrictions, lease, last look', async () => {
	const sent = {tenure: 'LEASED_IN', in_trust: true, restrictions: 'No sale of alcohol\n(1926 title)', lease_starts_on: '2001-05-15', lease_ends_on: '2051-05-14',
		checked_on: '2026-11-01', common_good: false, exempt_reason: 'Housing', title_number: 'PTH123'};
	const a = await add(sent);
	for (const [field, value] of Object.entries(sent))
		assert.deepEqual(a[field], value, field);
	refused(await admin.patch(`/v1/assets/${a.id}`, {tenure: 'OWNED'}, {match: '*'}), 422, 'invalid', '/lease_starts_on');
	refused(await admin.patch(`/v1/assets/${a.id}`, {lease_ends_on: '2001-05-14'}, {match: '*'}), 422, 'invalid', '/lease_ends_on');
	refused(await admin.patch(`/v1/assets/${a.id}`, {checked_on: '2026-11-22'}, {match: '*'}), 422, 'date-in-future', '/checked_on');
	const owned = ok(await admin.patch(`/v1/assets/${a.id}`, {tenure: 'OWNED', lease_starts_on: null, lease_ends_on: null}, {match: '*'}), 200);
	assert.deepEqual([owned.lease_starts_on, owned.lease_ends_on, owned.in_trust], [null, null, true]);
	assert.equal(ok(await anyone.get(`/v1/assets/${a.id}?known_at=${a.updated_at}`), 200).lease_ends_on, '2051-05-14');
	const page = (await anyone.get(`/assets/${a.id}`, {headers: {Accept: 'text/html'}})).text;
	for (const words of ['held on trust', 'No sale of alcohol', '1 November 2026', 'Exempt from listing', 'may be asked for all the same', 'PTH123'])
		assert.ok(page.includes(words), words);
	await ask(a.id); // exempt from listing is not exempt from being asked for
});

test('a tombstone says when, by whom and why', async () => {
	const a = await add();
	refused(await estates.delete(`/v1/assets/${a.id}?reason=${'x'.repeat(1001)}`, {match: '*'}), 400, 'bad-query', '?reason');
	assert.equal((await estates.delete(`/v1/assets/${a.id}?reason=${encodeURIComponent('Entered "by" mistake')}`, {match: '*'})).status, 204);
	const gone = refused(await anyone.get(`/v1/assets/${a.id}`), 410, 'gone');
	assert.deepEqual([gone.removed_at.slice(0, 10), gone.removed_by, gone.reason], ['2026-11-21', 'AUTHORITY', 'Entered "by" mistake']);
	assert.match(refused(await estates.get(`/v1/assets/${a.id}`), 410, 'gone').removed_by, /^prn_/);
	refused(await anyone.get(`/v1/assets/${a.id}/valuations`), 410, 'gone');
	const page = await anyone.get(`/assets/${a.id}`, {headers: {Accept: 'text/html'}});
	assert.equal(page.status, 410);
	assert.match(page.text, /taken out of the register on 21 November 2026: Entered/);
	assert.equal(ok(await anyone.get(`/v1/assets/${a.id}?known_at=${a.updated_at}`), 200).name, a.name, 'what was known before can still be asked for');
	const b = await add();
	assert.equal((await estates.delete(`/v1/assets/${b.id}`, {match: '*'})).status, 204);
	assert.ok(!('reason' in refused(await anyone.get(`/v1/assets/${b.id}`), 410, 'gone')));
	const {items} = ok(await anyone.get(`/v1/assets/${a.id}/history`), 200);
	assert.deepEqual([items.at(-1).type, items.at(-1).reason], ['asset.removed', 'Entered "by" mistake']);
});

test('a merged entry leads to the one that stayed, which has all that hung on it', async () => {
	const [gone, kept] = [await add({name: 'Hall twice'}), await add({name: 'Hall once'})];
	const closed = await ask(gone.id);
	ok(await admin.post(`/v1/requests/${closed.id}/events`, {event: 'WITHDRAW', on: '2026-10-02'}));
	const valued = ok(await admin.post(`/v1/assets/${gone.id}/valuations`, {amount_pence: 5, basis: 'MV', valued_on: '2026-03-01'}));
	const merge = (id, sent, who = estates, options) => who.post(`/v1/assets/${id}/merge`, sent, options);
	refused(await merge(gone.id, {into: kept.id}, anyone), 401, 'unauthenticated');
	refused(await merge(gone.id, {into: kept.id}, stranger), 403, 'forbidden');
	refused(await merge(gone.id, {}), 422, 'invalid', '/into');
	refused(await merge(gone.id, {into: `ast_${'0'.repeat(26)}`}), 422, 'invalid', '/into');
	refused(await merge(gone.id, {into: gone.id}), 422, 'invalid', '/into');
	const foreign = ok(await admin.post('/v1/assets', {authority_id: other.id, name: 'Foreign', class: 'HALL', tenure: 'OWNED'}));
	refused(await merge(gone.id, {into: foreign.id}), 422, 'invalid', '/into');
	const reply = await merge(gone.id, {into: kept.id, reason: 'The same building'});
	assert.deepEqual([ok(reply, 200).id, reply.json.version], [kept.id, 2]);
	for (const [path, place] of [['', ''], ['?valid_on=2026-11-21', ''], ['/disposal-plan', '/disposal-plan']]) {
		const said = await anyone.get(`/v1/assets/${gone.id}${path}`);
		assert.deepEqual([said.status, said.headers.location], [301, `/v1/assets/${kept.id}${place}`], said.text);
	}
	const page = await anyone.get(`/assets/${gone.id}`, {headers: {Accept: 'text/html'}});
	assert.deepEqual([page.status, page.headers.location], [301, `/assets/${kept.id}`]);
	for (const path of [`/v1/assets/${kept.id}/requests`, `/v1/requests?asset_id=${kept.id}`])
		assert.deepEqual(ok(await anyone.get(path), 200).items.map(i => i.id), [closed.id], path);
	assert.deepEqual(ok(await admin.get(`/v1/assets/${kept.id}/valuations`), 200).items.map(i => i.id), [valued.id]);
	assert.match((await anyone.get(`/assets/${kept.id}`, {headers: {Accept: 'text/html'}})).text, new RegExp(closed.reference));
	assert.deepEqual(ok(await anyone.get(`/v1/assets/${gone.id}/history`), 200).items.at(-1).data, {merged_into: kept.id});
	assert.deepEqual(ok(await anyone.get(`/v1/assets/${kept.id}/history`), 200).items.at(-1).data, {merged_id: gone.id});
	refused(await merge(gone.id, {into: kept.id}), 410, 'gone');
	const last = await add({name: 'Hall at last'});
	ok(await merge(kept.id, {into: last.id}), 200);
	assert.deepEqual(ok(await anyone.get(`/v1/assets/${last.id}/requests`), 200).items.map(i => i.id), [closed.id], 'through both');
	assert.equal((await anyone.get(`/v1/assets/${gone.id}`)).headers.location, `/v1/assets/${kept.id}`, 'and from there on');
});

test('whoever may not know of the entry that stayed is not led there', async () => {
	const [gone, kept] = [await add(), await add({published: false})];
	ok(await estates.post(`/v1/assets/${gone.id}/merge`, {into: kept.id}), 200);
	for (const who of [anyone, stranger])
		refused(await who.get(`/v1/assets/${gone.id}`), 410, 'gone');
	const page = await anyone.get(`/assets/${gone.id}`, {headers: {Accept: 'text/html'}});
	assert.deepEqual([page.status, page.headers.location, page.text.includes(kept.id)], [410, undefined, false]);
	assert.equal((await estates.get(`/v1/assets/${gone.id}`)).headers.location, `/v1/assets/${kept.id}`);
});

test('what must not go does not: a live request, a plan, a disposal, an entry that moved', async () => {
	const [a, b, c] = [await add(), await add(), await add()];
	const live = await ask(a.id);
	const merge = (from, into, options) => admin.post(`/v1/assets/${from.id}/merge`, {into: into.id}, options);
	refused(await merge(a, b), 409, 'asset-under-request');
	ok(await admin.post(`/v1/requests/${live.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
	refused(await merge(a, b), 409, 'asset-under-request');
	ok(await merge(b, a), 200); // the other way round
	assert.equal((await anyone.get(`/v1/assets/${a.id}`)).json.disposal.allowed, false, 'its bar stands');
	ok(await admin.put(`/v1/assets/${c.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'}, {headers: {'If-None-Match': '*'}}));
	assert.match(refused(await merge(c, a), 409, 'conflict').detail, /plan/);
	const d = await add();
	ok(await admin.post(`/v1/assets/${d.id}/disposals`, {kind: 'MARKET', completed_on: '2026-11-01', gross_pence: 1, cost_pence: 0}));
	refused(await merge(d, a), 409, 'land-disposed');
	const e = await add();
	refused(await merge(e, a, {match: '"7-a"'}), 412, 'stale');
	// Into one another at once, and into one that goes at that moment: one way or none, never a circle.
	for (let i = 0; i < 8; i++) {
		const [x, y] = [await add(), await add()];
		const both = await Promise.all([merge(x, y), merge(y, x), admin.delete(`/v1/assets/${y.id}`, {match: '*'})]);
		assert.ok(both.every(r => [200, 204, 404, 409, 410, 412, 422, 503].includes(r.status)), both.map(r => r.text).join());
		const stones = await reg.sql('select id, merged_into from assetd.asset where id = any ($1) and removed_at is not null', [[x.id, y.id]]);
		assert.ok(stones.length === 2 ? stones.some(s => s.merged_into === null) : stones.length === 1, JSON.stringify(stones));
		for (const s of stones.filter(s => s.merged_into && stones.length === 2))
			assert.equal(stones.find(o => o.id === s.merged_into).merged_into, null);
	}
});

test('what has parts is not removed before them, and a merge keeps them', async () => {
	const whole = await add({name: 'Estate'}), part = ok(await admin.post(`/v1/assets/${whole.id}/parts`, {name: 'Lodge of it'}));
	const left = refused(await estates.delete(`/v1/assets/${whole.id}`, {match: '*'}), 409, 'asset-has-parts');
	assert.match(left.detail, new RegExp(`Lodge of it \\(${part.id}\\).*part_of`));
	// Also where the part came between the question and the write.
	await assert.rejects(reg.sql(`set search_path = assetd, public; select actor_set(null, null, 't', '2026-11-21T10:00:00Z', '2026-11-21');
		update assetd.asset set version = version + 1, removed_at = now() where id = '${whole.id}'`), {code: 'AS089'});
	assert.equal((await admin.get(`/v1/assets/${whole.id}`)).status, 200);
	assert.equal((await admin.delete(`/v1/assets/${part.id}`, {match: '*'})).status, 204);
	assert.equal((await estates.delete(`/v1/assets/${whole.id}`, {match: '*'})).status, 204);
	const twice = await add(), kept = await add(), piece = ok(await admin.post(`/v1/assets/${twice.id}/parts`, {name: 'Piece'}));
	ok(await admin.post(`/v1/assets/${twice.id}/merge`, {into: kept.id}, {match: '*'}), 200);
	assert.equal((await admin.get(`/v1/assets/${piece.id}`)).status, 200);
});

test('under a bar the land is not said to be sold, leased in or somebody else\'s, and it is said why', async () => {
	const a = await add(), r = await ask(a.id), path = `/v1/assets/${a.id}`;
	ok(await admin.post(`/v1/requests/${r.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
	const to = (units, theirs) => ({owners: [{authority_id: council.id, units}, {authority_id: other.id, units: theirs}]});
	for (const sent of [{lifecycle: 'DISPOSED'}, {tenure: 'LEASED_IN'}, {owners: [{authority_id: other.id, units: 1}]}, to(1, 1), {...to(1, 1), effective_on: '2026-10-01'}])
		assert.match(refused(await admin.patch(path, sent, {match: '*'}), 409, 'disposal-barred').detail, new RegExp(`${r.reference} bars disposal`), JSON.stringify(sent));
	refused(await admin.post(`${path}/parts`, {name: 'A piece for others', owners: [{authority_id: other.id, units: 1}]}), 409, 'disposal-barred');
	for (const write of [`update assetd.asset set version = version + 1, effective_on = '2026-11-21', tenure = 'LEASED_IN' where id = '${a.id}'`,
		`insert into assetd.asset_owner (asset_id, authority_id, published, owner_id, units) values ('${a.id}', '${council.id}', true, '${other.id}', 1)`])
		await assert.rejects(reg.sql(`set search_path = assetd, public; select actor_set(null, null, 't', '2026-11-21T10:00:00Z', '2026-11-21'); ${write}`), {code: 'AS056'}, write);
	// What does not give it away goes on: a name, a share that grows.
	ok(await admin.patch(path, {name: 'Hall as before', owners: [{authority_id: council.id, units: 3}]}, {match: '*'}), 200);

	// A correction of what was so before the request: then it cannot be agreed to, unless somebody says why.
	ok(await admin.patch(path, {tenure: 'LEASED_IN', effective_on: '2020-01-01'}, {match: '*'}), 200);
	ok(await admin.post(`/v1/requests/${r.id}/events`, {event: 'NOTICES_ISSUED', on: '2026-10-01', representations_close_on: '2026-10-29'}));
	const AGREE = {event: 'AGREE', on: '2026-10-30', terms: 'As asked.', matters: MATTERS};
	refused(await admin.post(`/v1/requests/${r.id}/events`, AGREE), 422, 'not-eligible', '/event');
	ok(await admin.patch(path, {tenure: 'OWNED', effective_on: '2020-01-01'}, {match: '*'}), 200);
	assert.equal(ok(await admin.post(`/v1/requests/${r.id}/events`, AGREE)).state, 'AGREED');
	ok(await admin.post(`/v1/requests/${r.id}/events`, {event: 'WITHDRAW', on: '2026-11-02'}));
	ok(await admin.patch(path, to(1, 1), {match: '*'}), 200);
});

test('what may be listed twice is pointed out to who enters it, and never refused', async () => {
	const first = await add({name: 'Twin hall', uprn: '123456', easting: 310000, northing: 710000, postcode: 'PH1 1AA'});
	assert.ok(!('warnings' in first));
	const warned = async more => (await add({class: 'OTHER', ...more})).warnings?.map(w => [w.code, w.asset_id]);
	assert.deepEqual(await warned({uprn: '123456'}), [['SAME_UPRN', first.id]]);
	assert.deepEqual(await warned({name: 'Twin hall'}), [['SAME_NAME', first.id]]);
	assert.deepEqual(await warned({class: 'HALL', easting: 310010, northing: 710005}), [['NEAR', first.id]]);
	assert.equal(await warned({easting: 310010, northing: 710005, class: 'DEPOT'}), undefined, 'of another kind');
	assert.equal(await warned({name: 'Alone', easting: 310400, northing: 710000}), undefined);
	const part = ok(await admin.post(`/v1/assets/${first.id}/parts`, {name: 'Twin hall, annexe', class: 'HALL', tenure: 'OWNED', easting: 310000, northing: 710000}));
	assert.ok(!(part.warnings ?? []).some(w => w.asset_id === first.id), 'a part is not its whole twice');
	const hidden = await add({name: 'Secret twin', published: false, uprn: '777'});
	const theirs = ok(await stranger.post('/v1/assets', {authority_id: other.id, name: 'Elsewhere', class: 'HALL', tenure: 'OWNED', uprn: '777'}));
	assert.ok(!('warnings' in theirs), 'of what is hidden nothing is said');
	const key = {idempotency: 'twin-1'};
	const sent = {authority_id: council.id, name: 'Again', class: 'OTHER', tenure: 'OWNED', uprn: hidden.uprn};
	const [once, twice] = [ok(await admin.post('/v1/assets', sent, key)), ok(await admin.post('/v1/assets', sent, key))];
	assert.deepEqual(twice, once, 'a repeated answer warns as well');
	assert.equal(once.warnings[0].code, 'SAME_UPRN');
	assert.doesNotMatch((await anyone.get(`/assets/${first.id}`, {headers: {Accept: 'text/html'}})).text, /listed twice/, 'the public is not told');
});

test('the day of a tombstone is that of London, at half past midnight in summer too; and it stands for all that hung on the asset', async () => {
	reg.daemon.setClock('2027-06-30T23:30:00Z');
	const now = reg.daemon.client(await reg.daemon.adminKey());
	const a = ok(await now.post('/v1/assets', {authority_id: council.id, name: 'Summer hut', class: 'HALL', tenure: 'OWNED'}));
	assert.equal((await now.delete(`/v1/assets/${a.id}?reason=burnt%20down`, {match: '*'})).status, 204);
	assert.equal(refused(await anyone.get(`/v1/assets/${a.id}`), 410, 'gone').detail, 'It was taken out of the register on 1 July 2027: burnt down');
	for (const part of ['valuations', 'disposal-plan', 'disposals', 'parts', 'requests', 'projection'])
		refused(await now.get(`/v1/assets/${a.id}/${part}`), 410, 'gone');
});
