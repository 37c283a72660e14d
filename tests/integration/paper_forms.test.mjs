// The forms for what came on paper, by form alone and in hostile hands: sent twice at one moment, for others, with
// ids that are none, too long, without a session; and what of it everybody reads.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, ok, openSession, request, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
const authority = async code => ok(await admin.post('/v1/authorities', {name: `Council ${code}`, kind: 'COUNCIL', code}));
const [council, other] = [await authority('ONE'), await authority('TWO')];
const asset = async (name, of = council, more) => ok(await admin.post('/v1/assets', {authority_id: of.id, name, class: 'HALL', tenure: 'OWNED', ...more})).id;
const [hall, theirs, hidden] = [await asset('Hall'), await asset('Theirs', other), await asset('Secret', other, {published: false})];
const as = async (at, ...roles) => openSession(reg.url, (await makeKey(reg, {roles: {[at.id]: roles}})).key);
const [officer, viewer, stranger] = [await as(council, 'ESTATES'), await as(council, 'VIEWER'), await as(other, 'ESTATES')];
const bodies = async q => ok(await admin.get(`/v1/community-bodies?q=${encodeURIComponent(q)}`), 200).items;
const requests = async id => ok(await admin.get(`/v1/requests?asset_id=${id}`), 200).items;
const paper = (body, more) => ({asset_id: hall, community_body_id: body, kind: 'OWNERSHIP', received_on: '2026-11-20', item_WRITING: 'yes', ...more});

test('a body is recorded once, however often the form is sent; its contact is nobody else\'s', async () => {
	const form = {name: 'Friends of Glenfarg', legal_form: 'SCIO', charity_number: 'SC054321', members: '1,200', unmet_CC1: 'yes', unmet_WINDING_UP: 'yes',
		contact_name: 'A. Secretary', contact_email: 'secretary@glenfarg.example', authority_id: council.id, asset_id: hall};
	const sent = await Promise.all(Array.from({length: 4}, () => officer.post('/community-bodies', form)));
	assert.deepEqual(sent.map(r => r.status).sort(), [303, 409, 409, 409]);
	const [body, ...more] = await bodies('glenfarg');
	assert.deepEqual([more, body.members, body.unmet, body.charity_number], [[], 1200, ['CC1', 'WINDING_UP'], 'SC054321']);
	assert.equal(sent.find(r => r.status === 303).headers.location, `/requests/new?asset_id=${hall}&community_body_id=${body.id}`);
	const refused = sent.find(r => r.status === 409).text;
	assert.match(refused, new RegExp(`href="/requests/new\\?asset_id=${hall}&amp;community_body_id=${body.id}"`));
	assert.match(refused, /value="1,200"/);
	for (const like of [{name: 'friends OF glenfarg'}, {name: 'Others', charity_number: 'sc054321'}])
		assert.equal((await officer.post('/community-bodies', {...form, charity_number: '', ...like})).status, 409, JSON.stringify(like));
	assert.equal((await officer.post('/community-bodies', {...form, is_other: 'yes'})).status, 303);
	assert.equal((await bodies('glenfarg')).length, 2);
	const contact = async who => JSON.stringify(ok(await who.get(`/v1/community-bodies/${body.id}`), 200)).includes('secretary@');
	assert.deepEqual([await contact(reg.anyone), await contact(admin.as((await makeKey(reg, {roles: {[other.id]: ['ESTATES']}})).key)),
		await contact(admin.as((await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key))], [false, false, true]);
	assert.ok(!refused.includes('A. Secretary</li>') && !(await stranger.get(`/requests/new?asset_id=${theirs}&community_body_id=${body.id}`)).text.includes('Secretary'));
	assert.equal((await officer.post('/community-bodies', {...form, name: 'For others', charity_number: '', authority_id: other.id})).status, 403);
	assert.equal((await bodies('For others')).length, 0);
});

test('a request is logged once, however often the form is sent', async () => {
	const [{id: body}] = await bodies('glenfarg');
	const sent = await Promise.all(Array.from({length: 4}, () => officer.post('/requests', paper(body, {reasons: 'To <meet>'}))));
	assert.deepEqual(sent.map(r => r.status).sort(), [303, 409, 409, 409]);
	const [made, ...more] = await requests(hall);
	assert.deepEqual([more, made.reasons, made.items.filter(i => i.received_on).map(i => i.code)], [[], 'To <meet>', ['WRITING']]);
	assert.match(sent.find(r => r.status === 409).text, /To &lt;meet&gt;<\/textarea>/);
	assert.equal((await officer.post('/requests', paper(body, {kind: 'OTHER_RIGHTS'}))).status, 303, 'another right is another request');
	const all = {land: 'unlisted', land_authority_id: council.id, land_description: 'The green', asset_id: ''};
	assert.deepEqual([(await officer.post('/requests', paper(body, all))).status, (await officer.post('/requests', paper(body, {...all, land_description: 'the GREEN'}))).status,
		(await officer.post('/requests', paper(body, {...all, land_description: 'The pond'}))).status], [303, 409, 303]);
	const enquiry = await officer.post('/requests', paper(body, {...all, land_description: 'The mill', stage: 'ENQUIRY'}));
	assert.equal(enquiry.status, 303, enquiry.text);
});

test('nobody logs for others, and what is no request is refused as it was typed', async () => {
	const [{id: body}] = await bodies('glenfarg');
	const before = (await admin.get('/v1/requests')).json.items.length;
	for (const [who, more, status] of [[viewer, {}, 403], [stranger, {}, 403], [officer, {asset_id: theirs}, 403], [officer, {asset_id: hidden}, 422], [officer, {asset_id: 'ast_x'}, 422],
		[officer, {asset_id: ''}, 422], [officer, {community_body_id: ''}, 422], [officer, {community_body_id: `cbo_${'z'.repeat(26)}`}, 422],
		[officer, {kind: 'EVERYTHING'}, 422], [officer, {received_on: ''}, 422], [officer, {received_on: '2026-13-01'}, 422], [officer, {received_on: '2001-01-01'}, 422],
		[officer, {reasons: 'x'.repeat(20001)}, 422], [officer, {offer_pence: '99999999999999999999'}, 422],
		[officer, {land: 'unlisted', land_authority_id: other.id, land_description: 'x'}, 403], [officer, {land: 'unlisted'}, 422]]) {
		const reply = await who.post('/requests', paper(body, {is_other: 'yes', ...more}));
		assert.equal(reply.status, status, `${JSON.stringify(more).slice(0, 80)}: ${reply.text.slice(0, 300)}`);
		if (status === 422)
			assert.match(reply.text, /id="error-summary"/);
	}
	assert.equal((await admin.get('/v1/requests')).json.items.length, before);
	assert.equal((await officer.get(`/requests/new?asset_id=${hidden}`)).status, 200);
	assert.ok(!(await officer.get(`/requests/new?asset_id=${hidden}`)).text.includes('Secret'));
	assert.ok(!(await officer.get('/requests/new?q=secret')).text.includes('Secret'));
	for (const path of ['/requests/new', '/community-bodies/new'])
		assert.notEqual((await request(reg.url + path)).status, 200, path);
	assert.equal((await viewer.get('/community-bodies/new')).status, 403);
	assert.ok((await officer.get(`/requests/new?asset_id=${hall}&q=${encodeURIComponent("%'\"<b>_")}`)).text.includes('No body of that name'));
	assert.doesNotMatch((await viewer.get(`/assets/${hall}`)).text, /requests\/new/);
	assert.match((await officer.get(`/assets/${hall}`)).text, new RegExp(`/requests/new\\?asset_id=${hall}"`));
});
