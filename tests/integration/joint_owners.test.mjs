// An asset owned in units by two authorities. Who reads money for either of them reads that of the
// shared asset at every door; nobody reads more for it: not the other assets of the lead, not by
// another role, not by a key without the scope, not any more when the share has gone.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, startRegister, startSink, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
const sink = await startSink();
after(async () => {
	await reg.stop();
	await sink.stop();
});

const WORTH = 12345678, OFFER = 2345678, COST = 345678;
const MONEY = new RegExp(`${WORTH}|${OFFER}|${COST}`);
const aut = {}, shared = {}, hidden = {}, alone = {}, readers = {};
let body;
let last; // the Event-Id of the latest write

async function write(reply, status = 201) {
	const got = await reply;
	assert.equal(got.status, status, got.text);
	last = got.headers['event-id'] ?? last;
	return got;
}

/** An asset worth WORTH, to be sold at a cost of COST, asked for at OFFER; into `to`. */
async function fill(to, published, owners) {
	const asset = (await write(reg.admin.post('/v1/assets', {authority_id: aut.lead, name: 'Hall', class: 'HALL', tenure: 'OWNED',
		published, owners}))).json;
	const valued = await write(reg.admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: WORTH, basis: 'MV', valued_on: '2026-04-01'}));
	const planned = await write(reg.admin.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING',
		planned_on: '2027-06-15', cost_fixed_pence: COST}, {headers: {'If-None-Match': '*'}}));
	const asked = await write(reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body, kind: 'OWNERSHIP',
		received_on: '2026-10-01', offer_pence: OFFER}, {idempotency: `ask-${asset.id}`}));
	Object.assign(to, {asset: asset.id, valuation: valued.json.id, request: asked.json.id, known: new Date().toISOString(),
		events: [valued, planned, asked].map(r => r.headers['event-id'])});
}

/** The doors behind which money of the asset stands, {name: address}; of lists and reads, those of one. */
const doors = a => ({
	valuations: `/v1/assets/${a.asset}/valuations`,
	valuation: `/v1/assets/${a.asset}/valuations/${a.valuation}`,
	plan: `/v1/assets/${a.asset}/disposal-plan`,
	request: `/v1/requests/${a.request}`,
	requests: `/v1/assets/${a.asset}/requests`,
	'asset as it was': `/v1/assets/${a.asset}?valid_on=2026-11-22&known_at=${a.known}`,
	'request as it was': `/v1/requests/${a.request}?valid_on=2026-11-22&known_at=${a.known}`,
	'history of the asset': `/v1/assets/${a.asset}/history`,
	'history of the request': `/v1/requests/${a.request}/history`,
	'event of the valuation': `/v1/events/${a.events[0]}`,
	'event of the plan': `/v1/events/${a.events[1]}`,
	'event of the request': `/v1/events/${a.events[2]}`,
	feed: `/v1/events?subject=${a.asset}`,
});

/** What each door shows of money: {name: 'money', 'none', 'none, and says so of nothing' or the status}. */
async function shown(who, a) {
	return Object.fromEntries(await Promise.all(Object.entries(doors(a)).map(async ([name, path]) => {
		const {status, text} = await who.get(path);
		const isWhole = text.includes('"restricted_fields":[]'); // what is held back is named
		return [name, status !== 200 ? status : MONEY.test(text) ? 'money' : isWhole ? 'none, and says so of nothing' : 'none'];
	})));
}

const everywhere = what => Object.fromEntries(Object.keys(doors(shared)).map(name => [name, what]));
const projection = async (who, a) => (await who.get(`/v1/assets/${a.asset}/projection`)).status;

before(async () => {
	for (const name of ['lead', 'second', 'third'])
		aut[name] = (await write(reg.admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name}))).json.id;
	body = (await write(reg.admin.post('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO', members: 30}))).json.id;
	const both = [{authority_id: aut.lead, units: 2}, {authority_id: aut.second, units: 1}];
	await fill(shared, true, both);
	await fill(hidden, false, both);
	await fill(alone, true, [{authority_id: aut.lead, units: 1}]);
	for (const [name, options] of Object.entries({
		lead: {roles: {[aut.lead]: ['FINANCE']}},
		second: {roles: {[aut.second]: ['FINANCE', 'ADMIN']}},
		viewer: {roles: {[aut.second]: ['VIEWER']}},
		officer: {roles: {[aut.second]: ['ESTATES', 'DECIDER', 'ADMIN']}},
		narrow: {roles: {[aut.second]: ['FINANCE']}, scopes: ['register:read', 'events:read']},
		third: {roles: {[aut.third]: ['FINANCE']}},
	}))
		readers[name] = reg.admin.as((await makeKey(reg, options)).key);
	await write(reg.admin.seen(`/v1/projections/receipts?group_by=YEAR&min_event=${last}`), 200);
});

test('FINANCE of either owner reads the money of the shared asset, at every door', async () => {
	for (const name of ['lead', 'second']) {
		for (const a of [shared, hidden]) {
			assert.deepEqual(await shown(readers[name], a), everywhere('money'), name);
			assert.equal(await projection(readers[name], a), 200, name);
		}
	}
});

test('no other role of the second owner does, nor a key without the scope', async () => {
	for (const name of ['viewer', 'officer', 'narrow']) {
		for (const a of [shared, hidden]) {
			assert.deepEqual(await shown(readers[name], a), everywhere('none'), name);
			assert.equal(await projection(readers[name], a), 403, name);
		}
	}
});

test('who owns none of it does not, and does not know of it when it is hidden', async () => {
	for (const who of [readers.third, reg.anyone]) {
		assert.deepEqual(await shown(who, shared), everywhere('none'));
		assert.deepEqual(await shown(who, hidden), {...everywhere(404), feed: 'none'});
	}
	assert.equal(await projection(readers.third, shared), 403);
	assert.equal(await projection(reg.anyone, shared), 401);
});

test('a share in one asset shows nothing of the lead\'s others', async () => {
	assert.deepEqual(await shown(readers.lead, alone), everywhere('money'));
	assert.deepEqual(await shown(readers.second, alone), everywhere('none'));
	assert.equal(await projection(readers.second, alone), 403);
});

test('exceptions name the shared assets to both, and the others to the lead alone', async () => {
	const bare = async owners => {
		const {json} = await write(reg.admin.post('/v1/assets', {authority_id: aut.lead, name: 'Shed', class: 'DEPOT', tenure: 'OWNED', owners}));
		await write(reg.admin.put(`/v1/assets/${json.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'},
			{headers: {'If-None-Match': '*'}}));
		return json.id;
	};
	const both = await bare([{authority_id: aut.lead, units: 1}, {authority_id: aut.second, units: 1}]);
	const one = await bare([{authority_id: aut.lead, units: 1}]);
	const named = async who => {
		const {json} = await who.seen(`/v1/projections/receipts?group_by=YEAR&min_event=${last}`);
		return [...new Set(json.exceptions.map(e => e.asset_id))].sort();
	};
	assert.deepEqual(await named(readers.lead), [both, one].sort());
	assert.deepEqual(await named(readers.second), [both]);
	assert.deepEqual(await named(readers.third), []);
});

test('reading is all that a share gives', async () => {
	const valued = await readers.second.post(`/v1/assets/${shared.asset}/valuations`, {amount_pence: 1, basis: 'MV', valued_on: '2026-04-02'});
	assert.equal(valued.status, 403, valued.text);
	const {headers} = await readers.second.get(`/v1/assets/${shared.asset}/disposal-plan`);
	const planned = await readers.second.put(`/v1/assets/${shared.asset}/disposal-plan`, {method: 'NONE', stage: 'IDENTIFIED'}, {match: headers.etag});
	assert.equal(planned.status, 403, planned.text);
});

test('its webhook is sent the money of the shared asset, and of no other', async () => {
	const {json} = await write(readers.second.post('/v1/webhooks', {url: sink.url, types: ['asset.valued']}));
	await until(async () => (await readers.second.get(`/v1/webhooks/${json.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	const sent = async a => {
		const {headers} = await write(reg.admin.post(`/v1/assets/${a.asset}/valuations`, {amount_pence: WORTH, basis: 'MV', valued_on: '2026-05-01'}));
		return (await sink.waitFor(d => d.headers['webhook-id'] === headers['event-id'], {what: 'the event'})).json.data;
	};
	assert.equal((await sent(shared)).amount_pence, WORTH);
	assert.equal((await sent(alone)).amount_pence, undefined);
});

test('of how its lead\'s forecast moves a joint owner is told its own part, a partner the totals', async () => {
	const told = async (who, cause) => (await who.seen('/v1/events?types=projection.changed&limit=1000')).json.items
		.filter(e => e.data.cause_event_ids.includes(cause)).map(e => e.data.authority_id).sort();
	const moved = async a => {
		const {headers} = await write(reg.admin.post(`/v1/assets/${a.asset}/valuations`, {amount_pence: worth += 1000000, basis: 'MV', valued_on: '2026-05-02'}));
		await until(async () => (await told(reg.admin, headers['event-id'])).includes(aut.lead), {what: 'the lead\'s forecast to have moved'});
		return headers['event-id'];
	};
	let worth = 55000000;
	const ofShared = await moved(shared), ofAlone = await moved(alone);
	await until(async () => (await told(readers.second, ofShared)).length, {what: 'the joint owner\'s part to have moved'});
	assert.deepEqual(await told(readers.second, ofShared), [aut.second]);
	assert.deepEqual(await told(readers.second, ofAlone), [], 'before and after it are what the lead\'s own hall is worth');
	assert.deepEqual(await told(readers.lead, ofAlone), [aut.lead]);
	assert.deepEqual(await told(readers.third, ofShared), []);
	await write(reg.admin.post('/v1/cpps', {name: 'Two', code: 'TWO', partners: [aut.lead, aut.third]}));
	assert.deepEqual(await told(readers.third, await moved(alone)), [aut.lead], 'totals are for partners');
});

test('an asset may be others\' altogether: its lead reads its money still, and so do they', async () => {
	const given = {};
	await fill(given, false, [{authority_id: aut.second, units: 1}, {authority_id: aut.third, units: 1}]);
	await write(reg.admin.seen(`/v1/events?min_event=${last}&limit=1`), 200); // the feed has told it all
	for (const name of ['lead', 'second', 'third'])
		assert.deepEqual(await shown(readers[name], given), everywhere('money'), name);
});

test('with the share goes the sight of what stands there now', async () => {
	await write(reg.admin.patch(`/v1/assets/${hidden.asset}`, {owners: [{authority_id: aut.lead, units: 1}]}, {match: '*'}), 200);
	const {valuations, valuation, plan, request, requests, ...were} = await shown(readers.second, hidden);
	assert.deepEqual([valuations, valuation, plan, request, requests], [404, 404, 404, 404, 404]);
	assert.deepEqual([were['asset as it was'], were['request as it was']], [404, 404]);
	assert.equal(await projection(readers.second, hidden), 404);
	const worth = {amount_pence: WORTH, basis: 'FV', valued_on: '2026-06-01'};
	const {headers} = await write(reg.admin.post(`/v1/assets/${hidden.asset}/valuations`, worth));
	assert.equal((await readers.lead.seen(`/v1/events/${headers['event-id']}?min_event=${last}`)).json.data.amount_pence, WORTH);
	assert.equal((await readers.second.get(`/v1/events/${headers['event-id']}`)).status, 404);
});
