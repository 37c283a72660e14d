// The story of README, from an empty register to a forecast that moves: everything a person does
// with curl, in the same order, and everything that follows by itself.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {startRegister, startSink, until, verify} from '../harness/index.mjs';

const reg = await startRegister();
const sink = await startSink();
after(async () => {
	await reg.stop();
	await sink.stop();
});

const story = {};

const ok = (reply, status) => {
	assert.equal(reply.status, status, reply.text);
	return reply.json;
};

before(async () => {
	story.authority = ok(await reg.admin.post('/v1/authorities', {name: 'Story Council', kind: 'COUNCIL', code: 'STORY-1'}), 201);
	story.cpp = ok(await reg.admin.post('/v1/cpps', {name: 'Story partnership', code: 'STORY-CPP', partners: [story.authority.id]}), 201);
	story.webhook = ok(await reg.admin.post('/v1/webhooks', {
		url: sink.url, types: ['request.*', 'projection.changed'],
	}), 201);
	await sink.waitFor(d => d.json?.type === 'endpoint.ping');
});

test('an asset, its value, its plan', async () => {
	story.asset = ok(await reg.admin.post('/v1/assets', {
		authority_id: story.authority.id, name: 'Story Hall', class: 'HALL', tenure: 'OWNED', postcode: 'FK8 1AA',
	}), 201);
	assert.equal(story.asset.cpp_id, story.cpp.id, 'the one partnership of its authority');
	const path = `/v1/assets/${story.asset.id}`;
	ok(await reg.admin.post(`${path}/valuations`, {amount_pence: 20000000, basis: 'MV', valued_on: '2026-04-01'}), 201);
	ok(await reg.admin.put(`${path}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'},
		{headers: {'If-None-Match': '*'}}), 201);
	const found = ok(await reg.anyone.get('/v1/assets?q=story%20hall'), 200);
	assert.deepEqual(found.items.map(a => a.id), [story.asset.id]);
});

test('a request, received and validated, bars the sale and has a date with its reason', async () => {
	const body = ok(await reg.admin.post('/v1/community-bodies', {name: 'Story Trust', legal_form: 'SCIO', members: 40}), 201);
	story.request = ok(await reg.admin.post('/v1/requests', {
		asset_id: story.asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
		offer_pence: 5000000, reasons: 'To keep the hall open.', benefits: 'A place to meet.',
	}, {idempotency: 'story-request'}), 201);
	assert.equal(story.request.state, 'RECEIVED');
	story.request = ok(await reg.admin.post(`/v1/requests/${story.request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}), 201);
	assert.equal(story.request.state, 'VALIDATED');
	const decision = story.request.deadlines.find(d => d.clock === 'K6');
	assert.equal(decision.due_on, '2027-04-01');
	assert.ok(['RUNNING', 'MISSED'].includes(decision.state), 'it is the real clock: receivers check the time of a call');
	assert.ok(decision.how.length > 0 && decision.citation);
	const asset = ok(await reg.anyone.get(`/v1/assets/${story.asset.id}`), 200);
	assert.equal(asset.disposal.allowed, false);
	assert.equal(asset.disposal.request_id, story.request.id);
});

test('a run frozen as of 21 November 2026 with zero growth and deflator says what valuation C1 and C2 say', async () => {
	const flat = {base_fy: 2016, growth: {}, default: 0};
	const run = ok(await reg.admin.post('/v1/projections/runs', {
		as_of_on: '2026-11-21', name: 'Story', tag: 'WHAT_IF',
		parameters: {index: {PROPERTY: flat}, deflator: flat},
	}), 201);
	const receipts = ok(await reg.admin.get(`/v1/projections/receipts?group_by=YEAR&run=${run.id}&authority_id=${story.authority.id}`), 200);
	assert.equal(receipts.totals.baseline.net_pence, 14512500);
	assert.equal(receipts.totals.adjusted.net_pence, 7938125);
	assert.equal(receipts.totals.adjustment_pence, 6574375);
	assert.equal(receipts.items.reduce((sum, i) => sum + i.adjusted.net_pence, 0), 7938125, 'the years sum to the total');
});

test('the webhook receiver has verified request.validated and projection.changed', async () => {
	for (const type of ['request.validated', 'projection.changed']) {
		const delivery = await sink.waitFor(d => d.json?.type === type);
		const event = verify(story.webhook.secret, delivery);
		assert.equal(delivery.headers['webhook-id'], event.id);
		const same = ok(await reg.admin.get(`/v1/events/${event.id}`), 200);
		assert.deepEqual(same, event, 'what is sent is what is read');
	}
});

test('the offer is raised, and all of it follows', async t => {
	const receipts = () => reg.admin.get(`/v1/projections/receipts?group_by=YEAR&authority_id=${story.authority.id}`);
	const was = ok(await receipts(), 200);
	const seen = sink.ofType('projection.changed').length;
	const began = performance.now();
	const patched = await reg.admin.patch(`/v1/requests/${story.request.id}`, {offer_pence: 15000000}, {match: `"${story.request.version}-a"`});
	ok(patched, 200);
	const now = ok(await reg.admin.seen(`/v1/projections/receipts?group_by=YEAR&authority_id=${story.authority.id}` +
		`&min_event=${patched.headers['event-id']}`), 200);
	assert.ok(now.totals.adjusted.net_pence > was.totals.adjusted.net_pence);
	assert.equal(now.totals.baseline.net_pence, was.totals.baseline.net_pence, 'an offer moves the adjusted track alone');
	await until(() => sink.ofType('projection.changed').length > seen, {what: 'projection.changed after the offer'});
	const took = performance.now() - began;
	t.diagnostic(`from the offer to the webhook: ${Math.round(took)} ms`); // the figure is bench latency's to judge
	const last = sink.ofType('projection.changed').at(-1).json;
	assert.ok(last.data.cause_event_ids.includes(patched.headers['event-id']));
	assert.equal(last.data.totals.adjusted_net_pence.new, now.totals.adjusted.net_pence);
});
