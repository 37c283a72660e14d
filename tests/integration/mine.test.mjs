// A community body's own page by its link: what is asked of it and by when, each act that it does there, in the ledger as its own; the
// link of another request, old, ended, sent again; two at once; routes where a challenge goes elsewhere.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, makeKey, ok, problem, startMail, startRegister, until} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const mail = await startMail();
const reg = await startRegister({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: BASE}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'},
}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin, anyone} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'T1'}));
const board = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Health', kind: 'HEALTH_BOARD', code: 'T2'}));
const estates = admin.as((await makeKey(reg, {roles: {[council.id]: ['ESTATES'], [board.id]: ['ESTATES']}})).key);
const decider = admin.as((await makeKey(reg, {roles: {[council.id]: ['DECIDER'], [board.id]: ['DECIDER']}})).key);

let n = 0;
const at = moment => reg.daemon.setClock(moment);
const act = (id, event, on, more = {}, who = estates) => who.post(`/v1/requests/${id}/events`, {event, on, ...more});
const flat = letter => letter.text.replace(/\r\n/g, '');
const tokenOf = letter => /\/mine\?token=(anl_[0-9a-z]{26}\.[0-9a-f]{32})/.exec(flat(letter))?.[1];
const lettersTo = email => mail.letters.filter(l => l.to[0] === email && tokenOf(l));
const ask = async id => ok(await estates.get(`/v1/requests/${id}`), 200);
const last = async id => ok(await anyone.get(`/v1/requests/${id}/events`), 200).items.at(-1);
const read = token => anyone.get(`/v1/mine?token=${token}`);
const does = (token, event, more = {}) => anyone.post('/v1/mine', {token, event, ...more});
const again = email => anyone.post('/v1/mine/links', {email});
const html = {headers: {Accept: 'text/html'}};
/** The page as the group reads it, of whom nothing is said as of somebody else. */
async function page(token) {
	const {text} = await anyone.get(`/mine?token=${token}`, html);
	assert.doesNotMatch(text, /community body/i);
	return text;
}
const form = (fields, headers = {}) => anyone.request('POST', '/mine', {
	body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded', ...headers}});
const MATTERS = ['A', 'B', 'C1', 'C2', 'C3', 'C4', 'C5', 'D', 'E', 'F', 'G', 'H', 'I', 'J'].map(matter => ({matter, text: 'weighed'}));

/** A request on paper, with the token of the link that an officer sent. */
async function own({stage, authority = council, kind = 'LEASE', items} = {}) {
	const email = `trust.${++n}@private.example`;
	const body = ok(await estates.post(`/v1/community-bodies?authority_id=${authority.id}`, {name: `Trust ${n}`, legal_form: 'SCIO', members: 30, contact: {name: 'Morag', email}})).id;
	const asset_id = ok(await estates.post('/v1/assets', {authority_id: authority.id, name: `Hall ${n}`, class: 'HALL', tenure: 'OWNED'})).id;
	const {id} = ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind, received_on: '2026-10-01', ...stage && {stage}, ...items && {items}}, {idempotency: `r${n}`}));
	ok(await estates.post(`/v1/requests/${id}/answer-links`, {event: 'SEND'}, {idempotency: `l${++n}`}));
	return {id, asset_id, email, token: tokenOf(await mail.waitFor(l => l.to[0] === email && tokenOf(l)))};
}
/** … as far as the decision. */
async function decided(event, options = {}) {
	const it = await own(options);
	ok(await act(it.id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}));
	ok(await act(it.id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	at('2026-10-30T10:00:00Z');
	await until(async () => (await ask(it.id)).state === 'UNDER_ASSESSMENT', {what: 'the window to close'});
	ok(await act(it.id, event, '2026-10-30', event === 'AGREE' ? {terms: 'As asked', matters: MATTERS} : {grounds: [{matter: 'H', text: 'Needed'}]}, decider));
	return it;
}

test('an enquiry becomes an interest, then a request, whose missing items it sends; each is in the ledger as its own', async () => {
	at('2026-10-20T10:00:00Z');
	const {id, token} = await own({stage: 'ENQUIRY', kind: 'OWNERSHIP'});
	const shown = ok(await read(token), 200);
	assert.deepEqual([shown.request_id, shown.state, shown.sent], [id, 'ENQUIRY', []]);
	assert.equal(ok(await does(token, 'EXPRESS_INTEREST', {words: 'Secret thoughts'}), 200).state, 'EXPRESSION_OF_INTEREST');
	assert.match(await page(token), /You are interested\. You can make your request at any time\.[^]*You showed your interest\./);
	ok(await does(token, 'SUBMIT', {contents: {reasons: 'Secret reasons'}}), 200);
	let request = await ask(id);
	assert.deepEqual([request.state, request.received_on], ['RECEIVED', '2026-10-20']);
	assert.deepEqual(request.items.filter(i => i.received_on).map(i => i.code).sort(), ['LAND', 'NAME', 'PART5', 'REASONS', 'TYPE', 'WRITING']);
	assert.match(await page(token), /What is still missing/);
	ok(await does(token, 'ITEM_RECEIVED', {code: 'USE', words: 'A hall'}), 200);
	ok(await does(token, 'ITEM_RECEIVED', {code: 'PRICE', offer_pence: 100}), 200);
	problem(await does(token, 'ITEM_RECEIVED', {code: 'BODY', words: 'x'}), 422, 'invalid', '/code');
	request = await ask(id);
	assert.deepEqual(request.items.filter(i => ['USE', 'PRICE'].includes(i.code)).map(i => i.received_on), ['2026-10-20', '2026-10-20']);
	assert.equal(ok(await admin.get(`/v1/requests/${id}`), 200).offer_pence, 100);
	const entry = await last(id);
	assert.deepEqual([entry.event, entry.on, entry.actor], ['ITEM_RECEIVED', '2026-10-20', 'COMMUNITY_BODY']);
	assert.deepEqual(ok(await read(token), 200).sent.map(s => s.code), ['EXPRESS_INTEREST', 'REASONS', 'USE']);
	assert.doesNotMatch(JSON.stringify(await reg.sql('select * from assetd.change where subject = $1', [id])), /Secret/);
});

test('it withdraws, once it is sure: the bar ends on the land, and a rival is none any more', async () => {
	at('2026-10-20T10:00:00Z');
	const {id, asset_id, token} = await own();
	const other = ok(await estates.post('/v1/community-bodies', {name: 'Rival', legal_form: 'SCIO', members: 30})).id;
	const rival = ok(await estates.post('/v1/requests', {asset_id, community_body_id: other, kind: 'LEASE', received_on: '2026-10-02'}, {idempotency: 'rival'})).id;
	ok(await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}));
	const allowed = async () => ok(await anyone.get(`/v1/assets/${asset_id}`), 200).disposal.allowed;
	assert.deepEqual([await allowed(), (await ask(rival)).flags.includes('COMPETING')], [false, true]);
	const unsure = await form({token, event: 'WITHDRAW', words: '<i>why</i>'});
	assert.ok(unsure.status === 422 && unsure.text.includes('Tick the box') && unsure.text.includes('&lt;i&gt;why&lt;/i&gt;'), unsure.text);
	const sure = await form({token, event: 'WITHDRAW', words: 'No money', sure: 'yes'});
	assert.deepEqual([sure.status, sure.headers.location], [303, `/mine?done=act&token=${token}`]);
	assert.deepEqual([(await ask(id)).state, await allowed(), (await ask(rival)).flags.includes('COMPETING')], ['WITHDRAWN', true, false]);
	assert.equal((await last(id)).actor, 'COMMUNITY_BODY');
	assert.match(await page(token), /You have withdrawn your request\./);
	problem(await does(token, 'WITHDRAW'), 409, 'transition-not-allowed');
	assert.equal((await form({token, event: 'WITHDRAW', sure: 'yes'})).status, 409);
});

test('the offer and the review come here with their days, an appeal is explained and goes to Ministers', async () => {
	const agreed = await decided('AGREE');
	const shown = await page(agreed.token);
	assert.ok(shown.includes('Make your offer') && shown.includes('30 April 2027') && !shown.includes('Ask for the review'));
	ok(await does(agreed.token, 'OFFER', {price_pence: 0, words: 'As the notice says'}), 200);
	assert.deepEqual([(await ask(agreed.id)).state, (await last(agreed.id)).actor], ['OFFER_MADE', 'COMMUNITY_BODY']);
	assert.equal(ok(await admin.get(`/v1/requests/${agreed.id}`), 200).agreed_price_pence, 0);
	assert.match(shown, /Who must act<\/dt> <dd><span class="sentence">you</);
	assert.match(await page(agreed.token), /You have made your offer\.[^]*You made your offer\./);

	const refused = await decided('REFUSE');
	const review = await page(refused.token);
	assert.match(review, /from 30 October 2026 to 26 November 2026, that day included/);
	problem(await does(refused.token, 'REVIEW_APPLIED'), 422, 'invalid', '/words');
	assert.equal(ok(await does(refused.token, 'REVIEW_APPLIED', {words: 'You did not weigh our benefits'}), 200).state, 'UNDER_REVIEW');
	assert.match(await page(refused.token), /because you asked for it\.[^]*why you ask for a review[^]*You asked for a review\./);

	const elsewhere = await decided('REFUSE', {authority: board});
	const appeal = await page(elsewhere.token);
	assert.ok(appeal.includes('The appeal goes to them, not to this page') && !appeal.includes('name="event" value="REVIEW_APPLIED"'));
	problem(await does(elsewhere.token, 'REVIEW_APPLIED', {words: 'x'}), 409, 'transition-not-allowed');
	problem(await does(elsewhere.token, 'APPEAL_LODGED', {words: 'x'}), 422, 'invalid', '/event');
	problem(await does(elsewhere.token, 'VALIDATE'), 422, 'invalid', '/event');
});

test('twenty acts at once: one withdraws, the others are told how it stands', async () => {
	at('2026-10-30T10:00:00Z');
	const {id, token} = await own();
	const replies = await Promise.all(Array.from({length: 20}, () => does(token, 'WITHDRAW')));
	assert.deepEqual(replies.map(r => r.status).sort(), [200, ...Array(19).fill(409)], replies.map(r => r.text).join());
	assert.equal((await reg.sql(`select count(*)::int as n from assetd.request_event where request_id = $1 and event = 'WITHDRAW'`, [id]))[0].n, 1);
});

test('a link is of its own request, ends when an officer ends it, and grows old', async () => {
	at('2026-10-30T10:00:00Z');
	const [mine, other] = [await own(), await own()];
	const mixed = `${mine.token.slice(0, 30)}${other.token.slice(30)}`;
	for (const bad of [mixed, 'x', mine.token.replace('anl_', 'rqd_'), `anl_${'0'.repeat(26)}.${'0'.repeat(32)}`]) {
		problem(await read(bad), 404, 'not-found');
		problem(await does(bad, 'WITHDRAW'), 404, 'not-found');
	}
	ok(await does(mine.token, 'WITHDRAW'), 200);
	assert.deepEqual([(await ask(mine.id)).state, (await ask(other.id)).state], ['WITHDRAWN', 'RECEIVED']);
	ok(await estates.post(`/v1/requests/${other.id}/answer-links`, {event: 'REVOKE'}, {idempotency: `v${++n}`}));
	problem(await does(other.token, 'WITHDRAW'), 410, 'gone');
	const ended = await anyone.get(`/mine?token=${other.token}`, html);
	assert.ok(ended.status === 410 && ended.text.includes('This link works no longer') && ended.text.includes('Send the link again'));
	const old = await own();
	at('2027-01-29T00:00:00Z');
	await until(async () => (await read(old.token)).status === 410, {what: 'the link to grow old'});
	problem(await does(old.token, 'WITHDRAW'), 410, 'gone');
	at('2026-10-30T10:00:00Z');
});

test('a link is sent again to whoever knows the address, the same one while it works, and nobody hears whether there is one', async () => {
	at('2026-11-10T10:00:00Z');
	const {id, email, token} = await own();
	const [known, unknown] = [await again(email.toUpperCase()), await again('nobody@private.example')];
	assert.deepEqual([known.status, known.text], [unknown.status, unknown.text]);
	// Nor by the time that it takes: both are stored, none by the address itself.
	const tries = await reg.sql('select who::text, tries from assetd.sign_in_try');
	assert.deepEqual(tries.map(t => t.tries), [1, 1]);
	assert.doesNotMatch(JSON.stringify(tries), /private/);
	await until(() => lettersTo(email).length === 2, {what: 'the second letter'});
	assert.equal(tokenOf(lettersTo(email)[1]), token, 'asking does not end what works');
	// It is in the box a moment before that is written down.
	await until(async () => ok(await estates.get(`/v1/requests/${id}/case`), 200).answer_link.letter === 'SENT', {what: 'the case to say so'});
	for (let i = 0; i < 5; i++)
		ok(await again(email), 202);
	await until(async () => !(await reg.sql(`select 1 from assetd.mail where state = 'WAITING'`)).length, {what: 'the letters'});
	assert.equal(lettersTo(email).length, 3, 'three a day');
	ok(await estates.post(`/v1/requests/${id}/answer-links`, {event: 'REVOKE'}, {idempotency: `v${++n}`}));
	at('2026-11-12T10:00:00Z');
	ok(await again(email), 202);
	await until(() => lettersTo(email).length === 4, {what: 'another link'});
	const fresh = tokenOf(lettersTo(email)[3]);
	assert.notEqual(fresh, token);
	ok(await read(fresh), 200);
	problem(await read(token), 410, 'gone');
	assert.deepEqual([(await form({email})).headers.location, (await form({email: 'no address'})).status], ['/mine?done=asked', 422]);
	assert.match((await anyone.get('/mine?done=asked', html)).text, /an e-mail with the link is on its way/);
});

test('the page tells nothing of officers or contacts, and carries the secret nowhere but in its forms', async () => {
	const {id, token, email} = await own();
	ok(await estates.post(`/v1/requests/${id}/notes`, {text: 'Officers alone'}, {idempotency: 'note'}));
	const {text, headers} = await anyone.get(`/mine?token=${token}`, html);
	for (const shown of [text, (await read(token)).text])
		assert.doesNotMatch(shown, new RegExp(`Officers alone|Morag|${email}`));
	assert.equal(headers['referrer-policy'], 'strict-origin');
	assert.match(headers['cache-control'], /no-store/);
	assert.ok(!text.replaceAll(`name="token" value="${token}"`, '').includes(token));
	assert.equal((await form({token, event: 'WITHDRAW', sure: 'yes'}, {'Sec-Fetch-Site': 'cross-site'})).status, 403);
	assert.doesNotMatch(reg.daemon.log(), /anl_[0-9a-z]{26}\./);
});

test('the register is sound', () => assertSound(reg));
