// The register on any day as known at any moment, through its doors: random changes with random
// days are sent while a model without ranges keeps what was believed of every single day, and then
// lists, items and searches of the past are held against it, for whoever may see what.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, startRegister, until} from '../harness/index.mjs';
import {moveModel, randomOf} from './fact_model.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const FIRST = Date.UTC(2026, 0, 1), TODAY = 324;
const dayText = n => new Date(FIRST + n * 86_400_000).toISOString().slice(0, 10);
const refused = (reply, status, slug) => assert.deepEqual([reply.status, reply.json?.type], [status, `/v1/problems/${slug}`], reply.text);
const walk = async (path, who = anyone) => {
	const items = [];
	for (let next = path; next;) {
		const page = ok(await who.get(next), 200);
		items.push(...page.items);
		next = page.next;
	}
	return items;
};

let council, other, finance, partner;
before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Then', kind: 'COUNCIL', code: 'THEN'}));
	other = ok(await admin.post('/v1/authorities', {name: 'Other', kind: 'OTHER', code: 'OTHER'}));
	finance = admin.as((await makeKey(reg, {roles: {[council.id]: ['FINANCE']}})).key);
	partner = admin.as((await makeKey(reg, {roles: {[other.id]: ['FINANCE', 'ESTATES']}})).key);
});

const HEADS = ['Old', 'New', 'Upper', 'Nether'], TAILS = ['hall', 'lodge', 'barn'], KINDS = ['HALL', 'DEPOT', 'WOODLAND'];

/* What was believed after each step: [{moment, assets: Map(id → days)}]; the last is now. */
async function randomRegister(seed, steps) {
	const random = randomOf(seed), pick = list => list[random(list.length)];
	const said = [];
	let assets = new Map();
	for (let step = 0; step < steps; step++) {
		const from = random(4) ? random(TODAY + 1) : TODAY;
		const patch = Object.fromEntries([['name', `${pick(HEADS)} ${pick(TAILS)}`], ['class', pick(KINDS)], ['published', random(4) > 0],
			['northing', 700000 + random(5) * 1000], ['decile', pick([2, 9, 10])]].filter(() => random(2)));
		const live = [...assets.keys()].filter(id => !assets.get(id)[TODAY].removed);
		const id = pick(live.length ? live : [null]);
		const next = new Map(assets);
		let moment;
		if (assets.size < 8 || random(5) === 0) {
			const sent = {name: `${pick(HEADS)} ${pick(TAILS)}`, class: 'HALL', published: true, northing: 700000, ...patch};
			const made = ok(await admin.post('/v1/assets', {authority_id: council.id, tenure: 'OWNED', easting: 300000, effective_on: dayText(from), ...sent}));
			next.set(made.id, moveModel(Array(TODAY + 2).fill(undefined), from, TODAY, sent));
			moment = made.updated_at;
		} else if (random(12) === 0) {
			ok(await admin.delete(`/v1/assets/${id}`, {match: '*'}), 204);
			next.set(id, moveModel(assets.get(id), TODAY, TODAY, {removed: true}));
			moment = (ok(await admin.get(`/v1/assets/${id}/history?limit=1000`), 200)).items.at(-1).at;
		} else if (Object.keys(patch).length) {
			const was = assets.get(id)[TODAY];
			const fresh = Object.fromEntries(Object.entries(patch).filter(([k, v]) => was[k] !== v));
			moment = ok(await admin.patch(`/v1/assets/${id}`, {...patch, effective_on: dayText(from)}, {match: '*'}), 200).updated_at;
			next.set(id, Object.keys(fresh).length ? moveModel(assets.get(id), from, TODAY, fresh) : assets.get(id));
		} else {
			continue;
		}
		assets = next;
		said.push({moment, assets});
	}
	return said;
}

test('random changes: every list and item of the past is as the model has it, for everybody', async () => {
	for (const seed of [1]) {
		const random = randomOf(seed * 77);
		const said = await randomRegister(seed, 70);
		const now = said.at(-1).assets;
		const mine = new Set(now.keys());
		const looks = [[TODAY + 1, said.length - 1], [0, said.length - 1], [TODAY, 0],
			...Array.from({length: 12}, () => [random(TODAY + 2), random(said.length)])];
		for (const [day, step] of looks) {
			const {moment, assets} = said[step];
			const at = `valid_on=${dayText(day)}&known_at=${moment}`;
			const where = JSON.stringify({seed, day: dayText(day), step, moment});
			const sees = [...assets].map(([id, days]) => ({id, ...days[day]})).filter(a => a.name && !a.removed);
			for (const [who, may] of [[admin, () => true], [anyone, a => a.published && now.get(a.id)[TODAY].published], [partner, a => a.published && now.get(a.id)[TODAY].published]]) {
				const want = sees.filter(may);
				for (const [query, keep] of [['sort=name&limit=3', () => true], ['limit=4', () => true], ['class=HALL,DEPOT&sort=-name&limit=2', a => a.class !== 'WOODLAND'],
					['q=old', a => a.name.startsWith('Old')], ['q=al%20hall&sort=name&limit=2', a => a.name.endsWith('hall')], ['q=ne%20hal', a => /^Ne.*hall/.test(a.name)],
					[`authority_id=${council.id}&sort=created_at&limit=5`, () => true], ['sort=-id&limit=5', () => true]]) {
					const items = (await walk(`/v1/assets?${at}&${query}`, who)).filter(i => mine.has(i.id));
					assert.deepEqual(items.map(i => [i.id, i.name, i.class, i.published, i.northing]).sort(),
						want.filter(keep).map(a => [a.id, a.name, a.class, a.published, a.northing]).sort(), `${where} ${query}`);
					if (query.startsWith('sort=name'))
						assert.deepEqual(items.map(i => i.name), items.map(i => i.name).sort(new Intl.Collator('en').compare), where);
				}
			}
			const [id, days] = [...assets][random(assets.size)];
			const model = days[day];
			const reply = await anyone.get(`/v1/assets/${id}?${at}`);
			const hidden = !model || !model.published || !now.get(id)[TODAY].published;
			assert.equal(reply.status, hidden ? 404 : model.removed ? 410 : 200, `${where} ${id} ${reply.text}`);
			if (reply.status === 200)
				assert.deepEqual([reply.json.name, reply.json.class, reply.json.valid_on], [model.name, model.class, dayText(day)]);
		}
		// Every order a list has, both ways, in pages of any length: each row once, and as in one page.
		const [{lat, lon}] = (await walk('/v1/assets?limit=1', admin)).filter(i => i.lat);
		const rowsOf = list => list.map(i => i.id);
		for (const [day, step] of looks.slice(2, 5)) {
			const at = `valid_on=${dayText(day)}&known_at=${said[step].moment}&near=${lat},${lon},20000`;
			const value = {id: i => i.id, created_at: i => i.created_at, name: i => i.name, distance: i => i.distance_m};
			for (const sort of ['id', 'created_at', 'name', 'distance']) {
				for (const way of ['', '-']) {
					const path = `/v1/assets?${at}&sort=${way}${sort}&fields=id,name,created_at,distance_m`;
					const whole = await walk(`${path}&limit=1000`, admin), where = `${path} of ${seed}`;
					const keys = whole.map(value[sort]);
					const up = sort === 'distance' ? (a, b) => a - b : new Intl.Collator('en').compare;
					assert.deepEqual(keys, [...keys].sort((a, b) => way ? up(b, a) : up(a, b)), where);
					for (const limit of [1, 4])
						assert.deepEqual(rowsOf(await walk(`${path}&limit=${limit}`, admin)), rowsOf(whole), `${where} by ${limit}`);
				}
			}
		}
		// Also by what no list of the API is sorted by yet, with many alike.
		for (const [day, step] of looks) {
			const page = (sort, after, n) => reg.sql(`select id, key::int from assetd.asset_found_at('{}', $1, $2, $3, $4, $5)`, [sort, after, n, dayText(day), said[step].moment]);
			for (const sort of ['decile', '-decile']) {
				const whole = await page(sort, null, 1000), paged = [];
				for (let last = null, got; (got = await page(sort, last, 2)).length; last = [got.at(-1).key, got.at(-1).id])
					paged.push(...got);
				assert.deepEqual(paged, whole, `${sort} ${dayText(day)}`);
				assert.deepEqual(whole.map(r => r.key), whole.map(r => r.key).sort((a, b) => sort === 'decile' ? a - b : b - a));
			}
		}
		// The present by the past's door is the present.
		const [present, past] = [await walk('/v1/assets?sort=name', admin), await walk(`/v1/assets?sort=name&valid_on=${dayText(TODAY)}`, admin)];
		const bare = ({valid_on, known_at, effective_on, ...item}) => item;
		assert.deepEqual(past.map(bare), present.map(bare));
	}
});

test('near, in a box and as GeoJSON of then', async () => {
	const a = ok(await admin.post('/v1/assets', {authority_id: other.id, name: 'Mover', class: 'DEPOT', tenure: 'OWNED', easting: 260000, northing: 820000, effective_on: '2026-01-01'}));
	const b = ok(await admin.patch(`/v1/assets/${a.id}`, {easting: 263000, northing: 821000, effective_on: '2026-06-01'}, {match: '*'}), 200);
	const found = async query => (await walk(`/v1/assets?${query}`)).filter(i => i.id === a.id).length;
	const around = i => `bbox=${i.lon - 0.001},${i.lat - 0.001},${i.lon + 0.001},${i.lat + 0.001}`, near = i => `near=${i.lat},${i.lon},50&sort=distance`;
	for (const how of [around, near]) {
		assert.deepEqual([await found(`valid_on=2026-03-01&${how(a)}`), await found(`valid_on=2026-03-01&${how(b)}`)], [1, 0]);
		assert.deepEqual([await found(`valid_on=2026-07-01&${how(a)}`), await found(`valid_on=2026-07-01&${how(b)}`)], [0, 1]);
	}
	const {features} = ok(await anyone.get(`/v1/assets?valid_on=2026-03-01&${near(a)}&format=geojson`), 200);
	assert.deepEqual(features.map(f => [f.id, f.geometry.coordinates, f.properties.distance_m <= 10]), [[a.id, [a.lon, a.lat], true]]);
	refused(await anyone.get('/v1/assets?valid_on=2026-03-01&sort=updated_at'), 400, 'bad-query');
	refused(await anyone.get('/v1/assets?valid_on=2026-03-01&updated_since=2026-03-01T00:00:00Z'), 400, 'bad-query');
	refused(await anyone.get('/v1/assets?valid_on=yesterday'), 400, 'bad-query');
	refused(await anyone.get('/v1/authorities?valid_on=2026-03-01'), 400, 'bad-query');
});

test('valuations, plans and disposals of then, and their money for its readers alone', async () => {
	const a = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Priced', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'}));
	const path = `/v1/assets/${a.id}`;
	const value = async (amount_pence, valued_on, more = {}) => ok(await admin.post(`${path}/valuations`, {amount_pence, basis: 'MV', valued_on, ...more}));
	const v1 = await value(111000, '2026-02-01'), v2 = await value(222000, '2026-05-01'), v3 = await value(333000, '2026-03-01', {restricted: false, basis: 'FV'});
	const plan = {method: 'SALE', stage: 'PREPARING', planned_on: '2027-06-15', agreed_price_pence: 444000};
	const p1 = ok(await admin.put(`${path}/disposal-plan`, {...plan, effective_on: '2026-04-01'}, {headers: {'If-None-Match': '*'}}));
	ok(await admin.put(`${path}/disposal-plan`, {...plan, stage: 'MARKETING', agreed_price_pence: 555000, effective_on: '2026-08-01'}, {match: '*'}), 200);
	const amounts = async (query, who) => (await walk(`${path}/valuations?sort=valued_on&${query}`, who)).map(v => v.amount_pence);
	assert.deepEqual(await amounts('valid_on=2026-01-31', finance), []);
	assert.deepEqual(await amounts('valid_on=2026-03-01', finance), [111000, 333000]);
	assert.deepEqual(await amounts('valid_on=2026-05-01&limit=1', finance), [111000, 333000, 222000]);
	assert.deepEqual(await amounts(`valid_on=2026-05-01&known_at=${v2.created_at}`, finance), [111000, 222000], 'the third was not known yet');
	assert.deepEqual(await amounts('valid_on=2026-05-01', anyone), [undefined, 333000, undefined]);
	assert.equal(ok(await finance.get(`${path}/valuations/${v1.id}?valid_on=2026-02-01`), 200).amount_pence, 111000);
	refused(await finance.get(`${path}/valuations/${v1.id}?valid_on=2026-01-31`), 404, 'not-found');
	refused(await finance.get(`${path}/valuations/${v3.id}?known_at=${v2.created_at}`), 404, 'not-found');
	const planned = async (query, who = finance) => ok(await who.get(`${path}/disposal-plan?${query}`), 200);
	const then = await planned('valid_on=2026-05-01');
	assert.deepEqual([then.id, then.stage, then.agreed_price_pence, then.restricted_fields], [p1.id, 'PREPARING', 444000, []]);
	assert.deepEqual([(await planned('valid_on=2026-08-01')).agreed_price_pence, (await planned(`known_at=${p1.created_at}`)).stage], [555000, 'PREPARING']);
	const seen = await planned('valid_on=2026-05-01', anyone);
	assert.ok(!('agreed_price_pence' in seen) && seen.restricted_fields.includes('agreed_price_pence'));
	refused(await finance.get(`${path}/disposal-plan?valid_on=2026-03-31`), 404, 'not-found');
	ok(await admin.delete(`${path}/disposal-plan`, {match: '*'}), 204);
	refused(await finance.get(`${path}/disposal-plan?valid_on=2026-11-21`), 404, 'not-found');
	assert.equal((await planned('valid_on=2026-11-20')).stage, 'MARKETING');
	const whole = ok(await finance.get(`${path}?valid_on=2026-05-01`), 200);
	assert.deepEqual([whole.disposal_plan.stage, whole.valuations.map(v => v.amount_pence)], ['PREPARING', [333000, 222000]]);
	const gone = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Gone', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'}));
	ok(await admin.post(`/v1/assets/${gone.id}/valuations`, {amount_pence: 5, basis: 'MV', valued_on: '2026-02-01'}));
	ok(await admin.delete(`/v1/assets/${gone.id}`, {match: '*'}), 204);
	assert.equal(ok(await finance.get(`/v1/assets/${gone.id}/valuations?valid_on=2026-03-01`), 200).items.length, 1, 'what is gone was there');
	assert.equal((await finance.get(`/v1/assets/${gone.id}/valuations`)).status, 410);
	for (const who of [anyone, partner])
		for (const query of ['valid_on=2026-05-01', 'valid_on=2026-08-01', `known_at=${v2.created_at}`])
			for (const door of ['', '/valuations', '/disposal-plan', `/valuations/${v1.id}`, '/disposals', '/requests'])
				assert.doesNotMatch((await who.get(`${path}${door}?${query}`)).text, /111000|222000|444000|555000/, `${door} ${query}`);
});

test('what was not public then stays so: the asset, what hangs on it, and its requests', async () => {
	const a = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Secret depot', class: 'DEPOT', tenure: 'OWNED', published: false, effective_on: '2026-01-01'}));
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Then trust', legal_form: 'SCIO', members: 30}));
	ok(await admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence: 1, basis: 'MV', valued_on: '2026-02-01', restricted: false}));
	const r = ok(await admin.post('/v1/requests', {asset_id: a.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-03-01', reasons: 'Secret reasons'}, {idempotency: 'then-1'}));
	const hidden = r.created_at;
	ok(await admin.patch(`/v1/assets/${a.id}`, {published: true, name: 'Open depot', effective_on: '2026-10-01'}, {match: '*'}), 200);
	for (const at of ['valid_on=2026-09-30', `valid_on=2026-10-02&known_at=${hidden}`, `known_at=${hidden}`]) {
		for (const who of [anyone, partner]) {
			refused(await who.get(`/v1/assets/${a.id}?${at}`), 404, 'not-found');
			refused(await who.get(`/v1/requests/${r.id}?${at}`), 404, 'not-found');
			for (const list of [`/v1/assets?q=depot&${at}`, `/v1/requests?asset_id=${a.id}&${at}`, `/v1/assets/${a.id}/requests?${at}`, `/v1/assets/${a.id}/valuations?${at}`])
				assert.deepEqual(ok(await who.get(list), 200).items.filter(i => i.id === a.id || i.asset_id === a.id), [], list);
		}
		assert.equal((await admin.get(`/v1/assets/${a.id}?${at}`)).json.name, 'Secret depot');
	}
	assert.equal(ok(await anyone.get(`/v1/assets/${a.id}?valid_on=2026-10-01`), 200).name, 'Open depot');
	assert.equal(ok(await anyone.get(`/v1/requests/${r.id}?valid_on=2026-10-01`), 200).id, r.id);
	ok(await admin.patch(`/v1/assets/${a.id}`, {published: false}, {match: '*'}), 200);
	refused(await anyone.get(`/v1/assets/${a.id}?valid_on=2026-10-01`), 404, 'not-found');
});

test('a request of then: state, deadlines, what was allowed and what had arrived', async () => {
	const a = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Asked for', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'}));
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Askers', legal_form: 'SCIO', members: 30}));
	const sent = {asset_id: a.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-03-02', offer_pence: 987654, items: [{code: 'WRITING', received_on: '2026-03-02'}]};
	const made = ok(await admin.post('/v1/requests', sent, {idempotency: 'then-2'}));
	const moments = {RECEIVED: made};
	for (const i of made.items.filter(i => !i.received_on))
		moments.ITEMS = ok(await admin.post(`/v1/requests/${made.id}/events`, {event: 'ITEM_RECEIVED', on: '2026-03-10', code: i.code}));
	moments.VALIDATED = ok(await admin.post(`/v1/requests/${made.id}/events`, {event: 'VALIDATE', on: '2026-03-10', acknowledged_on: '2026-03-12'}));
	moments.OPEN = ok(await admin.post(`/v1/requests/${made.id}/events`, {event: 'NOTICES_ISSUED', on: '2026-03-20', representations_close_on: '2026-04-30'}));
	const bare = ({valid_on, known_at, links, ...item}) => item;
	for (const [name, then] of Object.entries(moments))
		assert.deepEqual(bare(ok(await admin.get(`/v1/requests/${made.id}?known_at=${then.updated_at}`), 200)), bare(then), `${name}: what was answered then`);
	const on = async (day, who = anyone) => ok(await who.get(`/v1/requests/${made.id}?valid_on=${day}`), 200);
	assert.deepEqual([(await on('2026-03-09')).state, (await on('2026-03-09')).items.filter(i => i.received_on).length], ['RECEIVED', 1]);
	assert.deepEqual([(await on('2026-03-10')).state, (await on('2026-03-10')).deadlines.find(d => d.clock === 'K6').due_on], ['VALIDATED', '2026-09-10']);
	assert.deepEqual((await on('2026-03-09')).deadlines.filter(d => d.clock === 'K6'), []);
	assert.ok((await on('2026-03-20')).items.every(i => i.received_on));
	const list = async (query, who = anyone) => (await walk(`/v1/requests?asset_id=${a.id}&${query}`, who)).map(r => r.state);
	assert.deepEqual(await list('valid_on=2026-03-01'), []);
	assert.deepEqual(await list('valid_on=2026-03-15&state=VALIDATED&sort=-state_on'), ['VALIDATED']);
	assert.deepEqual(await list('valid_on=2026-03-15&state=REPRESENTATIONS_OPEN'), []);
	assert.deepEqual(await list('valid_on=2026-09-05&due_within=5'), ['UNDER_ASSESSMENT'], 'due soon, on that day');
	assert.deepEqual(await list('valid_on=2026-09-04&due_within=5'), []);
	assert.deepEqual(await list('valid_on=2026-09-11&overdue=true'), ['NO_DECISION']);
	assert.equal((await anyone.get(`/v1/assets/${a.id}?valid_on=2026-03-09`)).json.disposal.allowed, true);
	const barred = (await anyone.get(`/v1/assets/${a.id}?valid_on=2026-03-10`)).json.disposal;
	assert.deepEqual([barred.allowed, barred.request_id], [false, made.id], 'no disposal while the bar ran');
	for (const query of ['valid_on=2026-03-15', `known_at=${moments.VALIDATED.updated_at}`])
		for (const path of [`/v1/requests/${made.id}?`, `/v1/requests?asset_id=${a.id}&`, `/v1/assets/${a.id}/requests?`]) {
			assert.doesNotMatch((await anyone.get(path + query)).text, /987654/);
			assert.match((await finance.get(path + query)).text, /987654/);
		}
});

test('the bar of then runs over the whole, its parts of then and a pair that was known by then', async () => {
	const asset = more => admin.post('/v1/assets', {authority_id: council.id, class: 'PARK', tenure: 'OWNED', effective_on: '2026-01-01', ...more}).then(ok);
	const park = await asset({name: 'Barred park'}), wood = await asset({name: 'Barred wood'}), lodge = await asset({name: 'Barred lodge'});
	ok(await admin.patch(`/v1/assets/${lodge.id}`, {part_of: park.id, effective_on: '2026-06-01'}, {match: '*'}), 200);
	const shed = await asset({name: 'Barred shed', part_of: lodge.id, effective_on: '2026-07-01'});
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Park folk', legal_form: 'SCIO', members: 30}));
	const r = ok(await admin.post('/v1/requests', {asset_id: park.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-05-01'}, {idempotency: 'then-3'}));
	const validated = ok(await admin.post(`/v1/requests/${r.id}/events`, {event: 'VALIDATE', on: '2026-05-01', acknowledged_on: '2026-05-02'}));
	const shown = async (id, at) => ok(await anyone.get(`/v1/assets/${id}?${at}`), 200).disposal;
	const barred = async (id, at) => !(await shown(id, at)).allowed;
	assert.deepEqual([await barred(park.id, 'valid_on=2026-04-30'), await barred(park.id, 'valid_on=2026-05-01')], [false, true]);
	assert.deepEqual([await barred(lodge.id, 'valid_on=2026-05-31'), await barred(lodge.id, 'valid_on=2026-06-01')], [false, true]);
	assert.match((await shown(shed.id, 'valid_on=2026-07-01')).why, /^A request for the whole of which this is a part bars/);
	assert.equal(await barred(wood.id, 'valid_on=2026-07-01'), false);
	ok(await admin.post('/v1/land-pairs', {asset_id: lodge.id, other_id: wood.id, state: 'CONFIRMED', reason: 'One fence.'}));
	assert.equal(await barred(wood.id, `valid_on=2026-07-01&known_at=${validated.updated_at}`), false, 'nobody knew');
	assert.match((await shown(wood.id, 'valid_on=2026-07-01')).why, /for land that overlaps this/, 'with the part it meets the whole');
	assert.equal(await barred(wood.id, 'valid_on=2026-05-31'), false, 'of which that was no part yet');
	for (const {id} of [park, lodge, shed])
		assert.deepEqual(await shown(id, 'valid_on=2026-11-21'), ok(await anyone.get(`/v1/assets/${id}`), 200).disposal, 'as now');
	assert.deepEqual(await shown(wood.id, 'valid_on=2026-11-21'), ok(await anyone.get(`/v1/assets/${wood.id}`), 200).disposal);
	// And the other way down: asked for is a part of what it meets.
	const moor = await asset({name: 'Moor'}), gate = await asset({name: 'Gate', part_of: moor.id, effective_on: '2026-06-01'}), road = await asset({name: 'Road'});
	ok(await admin.post('/v1/land-pairs', {asset_id: moor.id, other_id: road.id, state: 'CONFIRMED', reason: 'One map.'}));
	const q = ok(await admin.post('/v1/requests', {asset_id: gate.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-05-01'}, {idempotency: 'then-4'}));
	ok(await admin.post(`/v1/requests/${q.id}/events`, {event: 'VALIDATE', on: '2026-05-01', acknowledged_on: '2026-05-02'}));
	for (const at of ['valid_on=2026-06-01', 'valid_on=2026-11-21', ''])
		assert.equal(await barred(road.id, at), true, at);
	assert.equal(await barred(road.id, 'valid_on=2026-05-31'), false, 'a part of it not yet');
	const parts = async at => (await walk(`/v1/assets/${park.id}/parts?${at}`)).map(i => i.name);
	assert.deepEqual([await parts('valid_on=2026-05-31'), await parts('valid_on=2026-06-01'), await parts('')], [[], ['Barred lodge'], ['Barred lodge']]);
	assert.deepEqual(await parts(`known_at=${park.updated_at}`), [], 'nobody knew');
	const listed = ok(await anyone.get('/v1/assets?q=barred&valid_on=2026-11-21'), 200).items;
	assert.deepEqual(listed.filter(i => !i.disposal.allowed).map(i => i.name).sort(), ['Barred lodge', 'Barred park', 'Barred shed', 'Barred wood']);
});

test('while others write, a moment says the same for ever', async () => {
	const ids = [];
	for (let i = 0; i < 6; i++)
		ids.push(ok(await admin.post('/v1/assets', {authority_id: other.id, name: `Busy ${i}`, class: 'OTHER', tenure: 'OWNED', effective_on: '2026-01-01'})).id);
	const written = [];
	const writer = async n => {
		for (let i = 0; i < 12; i++) {
			const id = ids[(n + i) % ids.length];
			const reply = await admin.patch(`/v1/assets/${id}`, {name: `Busy by ${n} the ${i}th`, effective_on: dayText((n * 37 + i * 11) % TODAY)}, {match: '*'});
			assert.ok([200, 409, 412].includes(reply.status), reply.text);
			if (reply.status === 200)
				written.push(reply.json);
		}
	};
	const names = async at => (await walk(`/v1/assets?authority_id=${other.id}&class=OTHER&sort=id&${at}`, admin)).map(i => `${i.id} ${i.name} ${i.version}`);
	const writers = Promise.all([1, 2, 3, 4].map(writer));
	await until(() => written.length > 10, {what: 'some to have written'});
	const moments = written.slice(0, 10).map(w => w.updated_at);
	await writers;
	for (const moment of moments) {
		const first = await names(`known_at=${moment}`);
		assert.equal(first.length, ids.length);
		assert.deepEqual(await names(`known_at=${moment}`), first);
	}
	for (const w of written) { // each write is what was known from its moment on, of today
		const [{moment} = {}] = await reg.sql(`select to_char(lower(known) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment from assetd.fact
			as f where subject = $1 and part = 'asset' and body ->> 'name' = $2 and valid @> date '2026-11-21' and not exists (select
				from assetd.fact as g where g.subject = f.subject and lower(g.known) > lower(f.known) and lower(g.known) < lower(f.known) + interval '1 ms')
			order by lower(known) limit 1`, [w.id, w.name]);
		if (!moment) // one who had waited for it came right behind
			continue;
		assert.equal((await admin.get(`/v1/assets/${w.id}?known_at=${moment}`)).json.name, w.name);
	}
	const [{n}] = await reg.sql(`select count(*)::int as n from assetd.fact as f join assetd.fact as g on g.subject = f.subject and g.part = f.part
		and g.id > f.id and g.valid && f.valid and g.known && f.known`);
	assert.equal(n, 0, 'one belief of a day at a moment');
});
