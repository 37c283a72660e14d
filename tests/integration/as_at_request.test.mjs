// What hangs on a request, as of a day and as known at a moment: its ledger, its deadlines as a calendar, what people
// said of it and its documents; and what was redacted or erased since stays so, whatever moment is named.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import * as files from '../harness/files.mjs';
import {makeKey, ok, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Then', kind: 'COUNCIL', code: 'THEN'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'}));
ok(await admin.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'NONE', effective_on: '2026-01-01'}, {headers: {'If-None-Match': '*'}}));
const request = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'r'}));
const path = `/v1/requests/${request.id}`;
const act = (event, on, more) => admin.post(`${path}/events`, {event, on, ...more});
const items = async (of, who = admin) => ok(await who.get(of), 200).items;

test('what is said of a request, an asset and a plan now is said of then, for whoever asks', async () => {
	const viewer = admin.as((await makeKey(reg, {roles: {[council.id]: ['VIEWER']}})).key);
	for (const of of [path, `/v1/assets/${asset.id}`, `/v1/assets/${asset.id}/disposal-plan`]) {
		for (const who of [admin, viewer, anyone]) {
			const keys = async query => Object.keys(ok(await who.get(of + query), 200)).filter(k => !['valid_on', 'known_at'].includes(k)).sort();
			const then = await keys('?valid_on=2026-11-21');
			assert.deepEqual(then.filter(k => !['valuations', 'disposal_plan', 'disposals'].includes(k)), await keys(''), of);
		}
	}
});

test('the ledger and the calendar of then', async () => {
	const validated = ok(await act('VALIDATE', '2026-10-01'));
	const moment = validated.updated_at;
	ok(await act('NOTICES_ISSUED', '2026-10-05', {representations_close_on: '2026-11-10'}));
	const events = async query => (await items(`${path}/events${query}`)).map(e => e.event);
	assert.ok((await events('')).includes('NOTICES_ISSUED'));
	assert.ok(!(await events('?valid_on=2026-10-04')).includes('NOTICES_ISSUED'), 'the day before it had not happened');
	assert.ok((await events('?valid_on=2026-10-05')).includes('NOTICES_ISSUED'), 'half-open: on the day it had');
	assert.ok(!(await events(`?known_at=${moment}`)).includes('NOTICES_ISSUED'), 'and was not known yet');
	const first = (await items(`${path}/events`)).find(e => e.event === 'NOTICES_ISSUED');
	ok(await act('CORRECT', '2026-10-06', {event_id: first.id, reasons: 'A day late'}));
	const seen = (await items(`${path}/events?known_at=${first.recorded_at}`)).find(e => e.id === first.id);
	assert.equal(seen.superseded_by, null, 'nobody had corrected it then');
	assert.notEqual((await items(`${path}/events`)).find(e => e.id === first.id).superseded_by, null);
	const ics = async query => (await anyone.get(`${path}/deadlines.ics${query}`)).text;
	assert.match(await ics(''), /BEGIN:VEVENT/);
	const dates = text => [...text.matchAll(/DTSTART[^:]*:(\d+)/g)].map(m => m[1]).sort();
	const then = ok(await anyone.get(`${path}?known_at=${moment}`), 200).deadlines.map(d => d.due_on.replaceAll('-', '')).sort();
	assert.deepEqual(dates(await ics(`?known_at=${moment}`)), then);
	for (const of of ['/events', '/deadlines.ics']) {
		assert.equal((await anyone.get(`${path}${of}?valid_on=2026-09-30`)).status, 404, 'before it came there was none');
		assert.equal((await anyone.get(`${path}${of}?valid_on=yesterday`)).status, 400);
		assert.equal((await anyone.get(`/v1/requests/atr_${'0'.repeat(26)}${of}?valid_on=2026-11-01`)).status, 404);
	}
});

test('what people said, of then: what had come, as it may be read today', async () => {
	const post = text => admin.post(`${path}/representations`, {channel: 'LETTER', received_on: '2026-10-20', text, writer: {name: 'Morag'}});
	const one = ok(await post('My name is Morag')), two = ok(await post('Call Angus on 555'));
	const of = (id, what) => admin.post(`/v1/representations/${id}/events`, what);
	for (const [id, text] of [[one.id, 'My name is left out'], [two.id, 'Call Angus on 555']]) {
		for (const what of [{event: 'MARK', mark: 'COUNTED'}, {event: 'REDACT', text}, {event: 'PUBLISH'}])
			assert.ok((await of(id, what)).status < 300);
	}
	const [before] = await items(`${path}/representations?valid_on=2026-10-20`);
	assert.equal(before.text, 'My name is left out');
	const moment = (await admin.get(`/v1/representations/${two.id}`)).json.updated_at;
	assert.ok((await of(two.id, {event: 'REDACT', text: 'Call somebody'})).status < 300);
	assert.ok((await of(one.id, {event: 'ERASE'})).status < 300);
	for (const query of ['', '?valid_on=2026-10-20', `?known_at=${moment}`, `?valid_on=2026-11-21&known_at=${moment}`]) {
		for (const who of [anyone, admin]) {
			const reply = await who.get(`${path}/representations${query}`);
			assert.equal(reply.status, 200, reply.text);
			assert.equal(reply.json.items.length, 2);
			assert.doesNotMatch(reply.text, /"text":"Call Angus|name":"Morag/, `${query}: what is redacted or erased today does not come back`);
		}
	}
	assert.deepEqual(await items(`${path}/representations?valid_on=2026-10-19`, anyone), []);
	assert.deepEqual(await items(`${path}/representations?known_at=${request.created_at}`), []);
});

test('documents of then, and those that have no past say so', async () => {
	const doc = ok(await admin.post('/v1/documents', {request_id: request.id, kind: 'OTHER', title: 'A', file_name: 'a.pdf', received_on: '2026-10-10'}));
	await admin.request('PUT', `/v1/documents/${doc.id}/content`, {body: files.pdf(), headers: {'If-None-Match': '*'}});
	const list = async query => (await items(`/v1/documents?request_id=${request.id}${query}`)).length;
	assert.deepEqual([await list(''), await list('&valid_on=2026-10-10'), await list('&valid_on=2026-10-09'), await list(`&known_at=${request.created_at}`)], [1, 1, 0, 0]);
	assert.equal((await admin.get(`/v1/documents?valid_on=2026-10-10&received_on[lte]=2026-10-01`)).status, 400);
	ok(await admin.request('DELETE', `/v1/documents/${doc.id}`, {match: '*'}), 204);
	assert.equal(await list('&valid_on=2026-10-10'), 0, 'what was taken away stays so');
	for (const of of ['/v1/authorities', '/v1/community-bodies', `/v1/documents/${doc.id}/content`]) {
		const reply = await admin.get(`${of}?valid_on=2026-10-10`);
		assert.equal(reply.status, 400, of);
		assert.equal(reply.json.errors[0].pointer, '?valid_on');
	}
});
