// A longer time that an officer asks the community body for: nothing of it is in the ledger before the body agrees by its link, and
// then it is there as any that was agreed; declined, taken back, offered anew, too late, two at once; what everybody reads of it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, makeKey, ok, openSession, problem, startMail, startRegister, until} from '../harness/index.mjs';

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
const as = async (...roles) => admin.as((await makeKey(reg, {roles: {[council.id]: roles}})).key);
const [estates, decider] = [await as('ESTATES'), await as('DECIDER')];

let n = 0;
const at = moment => reg.daemon.setClock(moment);
const act = (id, event, on, more = {}, who = estates) => who.post(`/v1/requests/${id}/events`, {event, on, ...more});
const flat = letter => letter.text.replace(/\r\n/g, '');
const tokenOf = letter => /\/mine\?token=(anl_[0-9a-z]{26}\.[0-9a-f]{32})/.exec(flat(letter))?.[1];
const lettersTo = email => mail.letters.filter(l => l.to[0] === email && tokenOf(l));
const request = async id => ok(await estates.get(`/v1/requests/${id}`), 200);
const shown = async id => ok(await estates.get(`/v1/requests/${id}/case`), 200);
const ledger = async id => ok(await anyone.get(`/v1/requests/${id}/events`), 200).items;
const read = token => anyone.get(`/v1/mine?token=${token}`);
const does = (token, event, more = {}) => anyone.post('/v1/mine', {token, event, ...more});
const offer = (id, until_on, more = {}, who = estates) => who.post(`/v1/requests/${id}/extensions`, {event: 'OFFER', until_on, reasons: 'The survey is late', ...more}, {idempotency: `o${++n}`});
const withdraw = id => estates.post(`/v1/requests/${id}/extensions`, {event: 'WITHDRAW'}, {idempotency: `w${++n}`});
const due = async id => (await request(id)).deadlines.filter(d => d.state === 'RUNNING' && ['K6', 'K7', 'K19'].includes(d.clock)).map(d => `${d.clock} ${d.due_on}`);
const html = {headers: {Accept: 'text/html'}};
const page = async token => (await anyone.get(`/mine?token=${token}`, html)).text;
const form = (path, fields, who = anyone) => who.request('POST', path, {
	body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded'}});
const MATTERS = ['A', 'B', 'C1', 'C2', 'C3', 'C4', 'C5', 'D', 'E', 'F', 'G', 'H', 'I', 'J'].map(matter => ({matter, text: 'weighed'}));

/** A request that was validated on 1 October 2026, to be decided by 1 April 2027. */
async function validated({address = true} = {}) {
	at('2026-10-20T10:00:00Z');
	const email = `trust.${++n}@private.example`;
	const body = ok(await estates.post(`/v1/community-bodies?authority_id=${council.id}`, {name: `Trust ${n}`, legal_form: 'SCIO', members: 30,
		...address && {contact: {name: 'Morag', email}}})).id;
	const asset_id = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${n}`, class: 'HALL', tenure: 'OWNED'})).id;
	const {id} = ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: `r${n}`}));
	ok(await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}));
	return {id, email};
}
/** … of which a longer time is offered; with the token of the letter. */
async function offered(until_on = '2027-06-01') {
	const it = await validated();
	ok(await offer(it.id, until_on));
	return {...it, token: tokenOf(await mail.waitFor(l => l.to[0] === it.email && tokenOf(l)))};
}

test('nothing is in the ledger before both sides agree; then the clock runs to the new day, by the community body', async () => {
	const {id, email, token} = await offered();
	const [letter] = lettersTo(email);
	assert.equal(letter.head.subject, `A longer time is asked of you for ${(await request(id)).reference}`);
	assert.ok(letter.text.includes('until 1 June 2027') && letter.text.includes('You need not agree'), letter.text);
	assert.doesNotMatch(letter.text, /survey/);
	assert.deepEqual([(await ledger(id)).map(e => e.event), await due(id)], [['RECEIVED', 'VALIDATE'], ['K6 2027-04-01']]);
	const {extension} = ok(await read(token), 200);
	assert.deepEqual([extension.event, extension.until_on, extension.due_on, extension.reasons], ['EXTEND', '2027-06-01', '2027-04-01', 'The survey is late']);
	for (const path of [`/v1/requests/${id}`, `/v1/requests/${id}/events`, `/v1/requests/${id}/history`, `/requests/${id}`])
		assert.doesNotMatch((await anyone.get(path, path.startsWith('/v1') ? {} : html)).text, /survey|2027-06-01|1 June 2027/, path);
	at('2026-10-21T10:00:00Z');
	ok(await does(token, 'EXTEND', {until_on: '2027-06-01', words: 'Take your time'}), 200);
	const entry = (await ledger(id)).at(-1);
	assert.deepEqual([entry.event, entry.on, entry.actor], ['EXTEND', '2026-10-21', 'COMMUNITY_BODY']);
	assert.deepEqual(await due(id), ['K7 2027-06-01']);
	const [stored] = await reg.sql(`select payload from assetd.request_event where request_id = $1 and event = 'EXTEND'`, [id]);
	assert.deepEqual([stored.payload.until_on, stored.payload.agreed_on], ['2027-06-01', '2026-10-21']);
	const {extensions, sent} = await shown(id);
	assert.deepEqual([extensions.map(e => e.state), sent.map(s => [s.code, s.text])], [['AGREED'], [['EXTEND', 'Take your time']]]);
	assert.equal(ok(await read(token), 200).extension, null);
	problem(await does(token, 'EXTEND', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
	// The record of it asks nobody who agreed: the register was there.
	const record = ok(await estates.post(`/v1/requests/${id}/notices`, {code: 'N6'}));
	assert.deepEqual(record.missing, []);
	assert.match(JSON.stringify(record.content.sections.at(-1)), /Glenfarg Council, which asked for it.*Trust \d+, by the link to its own request/);
	const officer = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	const paper = await officer.get(`/requests/${id}/notices/${record.id}`);
	assert.ok(paper.status === 200 && !paper.text.includes('name="agreed_by"') && paper.text.includes('Issue the notice'), paper.text);
	ok(await estates.post(`/v1/requests/${id}/notices/${record.id}/issue`, {dated_on: '2026-10-21'}), 200);
	at('2026-10-20T10:00:00Z');
});

test('what is declined leaves the day as it was, and its officers alone hear of it', async () => {
	const {id, token} = await offered(), before = await ledger(id);
	ok(await does(token, 'DECLINE', {until_on: '2027-06-01', words: 'We wait no longer'}), 200);
	assert.deepEqual([await ledger(id), await due(id)], [before, ['K6 2027-04-01']]);
	const {extensions, sent} = await shown(id);
	assert.deepEqual([extensions[0].state, sent.map(s => [s.code, s.text])], ['DECLINED', [['DECLINE', 'We wait no longer']]]);
	const told = await reg.sql(`select type, is_public, actor_kind, data ->> 'until_on' as until_on from assetd.change where subject = $1 and type like 'case.extension%' order by id`, [id]);
	assert.deepEqual(told.map(t => [t.type, t.is_public, t.until_on]), [['case.extension_offered', false, '2027-06-01'], ['case.extension_declined', false, '2027-06-01']]);
	assert.doesNotMatch(JSON.stringify(await reg.sql('select * from assetd.change where subject = $1', [id])), /survey|We wait no longer/);
	problem(await does(token, 'EXTEND', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
});

test('nobody agrees to another day than they read, nor to what nobody offered', async () => {
	const {id, email, token} = await offered();
	problem(await does(token, 'EXTEND', {until_on: '2027-06-02'}), 409, 'transition-not-allowed');
	problem(await does(token, 'EXTEND_CONTRACT', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
	problem(await does(token, 'EXTEND'), 422, 'invalid', '/until_on');
	problem(await does(token, 'WITHDRAW', {until_on: '2027-06-01'}), 422, 'invalid', '/until_on');
	// Another takes its place, by the same link, with a letter of its own.
	ok(await offer(id, '2027-05-01'));
	await until(() => lettersTo(email).length === 2, {what: 'the second letter'});
	assert.deepEqual(lettersTo(email).map(tokenOf), [token, token]);
	problem(await does(token, 'EXTEND', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
	assert.deepEqual((await shown(id)).extensions.map(e => e.state), ['WITHDRAWN', 'OPEN']);
	ok(await withdraw(id));
	problem(await withdraw(id), 404, 'not-found');
	problem(await does(token, 'EXTEND', {until_on: '2027-05-01'}), 409, 'transition-not-allowed');
	const other = await offered();
	problem(await does(`${token.slice(0, 30)}${other.token.slice(30)}`, 'EXTEND', {until_on: '2027-06-01'}), 404, 'not-found');
	assert.deepEqual([await due(id), await due(other.id)], [['K6 2027-04-01'], ['K6 2027-04-01']]);
});

test('what the law does not take is not offered: too short, no running period, nobody to write to', async () => {
	const {id} = await validated();
	problem(await offer(id, '2027-04-01'), 422, 'invalid', '/until_on');
	problem(await offer(id, undefined), 422, 'invalid', '/until_on');
	problem(await offer(id, '2027-06-01', {reasons: undefined}), 422, 'invalid', '/reasons');
	problem(await estates.post(`/v1/requests/${id}/extensions`, {event: 'WITHDRAW', until_on: '2027-06-01'}, {idempotency: `w${++n}`}), 422, 'invalid', '/until_on');
	problem(await offer(id, '2027-06-01', {}, decider), 403, 'forbidden');
	problem(await offer((await validated({address: false})).id, '2027-06-01'), 409, 'no-address');
	ok(await act(id, 'WITHDRAW', '2026-10-20'));
	problem(await offer(id, '2027-06-01'), 409, 'transition-not-allowed');
	assert.equal((await reg.sql('select count(*)::int as n from assetd.extension_offer where request_id = $1', [id]))[0].n, 0);
});

test('twenty agree at once, and others at the same moment do not: it is answered once', async () => {
	const {id, token} = await offered();
	const replies = await Promise.all(Array.from({length: 20}, (_, i) => does(token, i % 2 ? 'EXTEND' : 'DECLINE', {until_on: '2027-06-01'})));
	assert.deepEqual(replies.map(r => r.status).sort(), [200, ...Array(19).fill(409)], replies.map(r => r.text).join());
	const [{state}] = (await shown(id)).extensions;
	assert.deepEqual((await ledger(id)).filter(e => e.event === 'EXTEND').length, state === 'AGREED' ? 1 : 0);
	assert.equal((await shown(id)).sent.length, 0);
});

test('it is agreed to on the last day of the period in London, and not on the day after', async () => {
	const [last, late] = [await offered(), await offered()];
	// Summer time began on 28 March: the last day ends at 23:00 UTC.
	at('2027-04-01T22:59:30Z');
	for (const {email} of [last, late])
		ok(await anyone.post('/v1/mine/links', {email}), 202);
	const fresh = async ({email}) => tokenOf((await until(() => lettersTo(email)[1], {what: 'another letter'})));
	const [one, two] = [await fresh(last), await fresh(late)];
	ok(await does(one, 'EXTEND', {until_on: '2027-06-01'}), 200);
	assert.deepEqual(await due(last.id), ['K7 2027-06-01']);
	at('2027-04-01T23:00:00Z');
	await until(async () => (await request(late.id)).state === 'NO_DECISION', {what: 'the time to decide to end'});
	problem(await does(two, 'EXTEND', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
	assert.equal(ok(await read(two), 200).extension, null);
	at('2026-10-20T10:00:00Z');
});

test('a longer time for the contract goes the same way', async () => {
	const {id, email} = await validated();
	ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	at('2026-10-30T10:00:00Z');
	await until(async () => (await request(id)).state === 'UNDER_ASSESSMENT', {what: 'the window to close'});
	ok(await act(id, 'AGREE', '2026-10-30', {terms: 'As asked', matters: MATTERS}, decider));
	problem(await offer(id, '2027-06-01'), 409, 'transition-not-allowed');
	ok(await act(id, 'OFFER', '2026-10-30'));
	ok(await offer(id, '2027-06-01'));
	const letter = await mail.waitFor(l => l.to[0] === email && tokenOf(l));
	assert.ok(letter.text.includes('to conclude the contract'));
	assert.match(await page(tokenOf(letter)), /you can appeal|can you appeal because there is no contract/);
	problem(await does(tokenOf(letter), 'EXTEND', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
	ok(await does(tokenOf(letter), 'EXTEND_CONTRACT', {until_on: '2027-06-01'}), 200);
	assert.deepEqual([await due(id), (await ledger(id)).at(-1).event], [['K19 2027-06-01'], 'EXTEND_CONTRACT']);
	const record = ok(await estates.post(`/v1/requests/${id}/notices`, {code: 'N10', agreed_by: 'The head of estates'}));
	assert.deepEqual(record.missing, []);
	assert.match(JSON.stringify(record.content.sections.at(-1)), /The head of estates/);
	assert.doesNotMatch(JSON.stringify(record.content.sections.at(-1)), /by the link/, 'an officer\'s words come first');
	at('2026-10-20T10:00:00Z');
});

test('one that was agreed on paper meanwhile is offered no more, and the case says so', async () => {
	const {id, token} = await offered();
	ok(await act(id, 'EXTEND', '2026-10-20', {until_on: '2027-07-01', agreed_on: '2026-10-20'}));
	assert.equal(ok(await read(token), 200).extension, null);
	assert.deepEqual((await shown(id)).extensions.map(e => [e.state, e.stands]), [['OPEN', false]]);
	assert.deepEqual(ok(await estates.post(`/v1/requests/${id}/notices`, {code: 'N6'})).missing.map(m => m.field), ['agreed_by'], 'who signed the paper only the officer knows');
	problem(await does(token, 'EXTEND', {until_on: '2027-06-01'}), 409, 'transition-not-allowed');
	assert.deepEqual(await due(id), ['K7 2027-07-01']);
});

test('on the pages: the group reads why and answers by a button; hostile words stay words', async () => {
	const {id, token} = await offered();
	ok(await offer(id, '2027-06-01', {reasons: '<script>alert(1)</script>'}));
	const text = await page(token);
	assert.ok(text.includes('Agree to 1 June 2027') && text.includes('must decide by 1 April 2027') && text.includes('&lt;script&gt;alert') && !text.includes('<script>alert'));
	const back = await form('/mine', {token, event: 'EXTEND', until_on: '2027-05-01', words: '<i>why</i>'});
	assert.ok(back.status === 409 && back.text.includes('not offered any more'), back.text);
	assert.equal((await form('/mine', {token, event: 'DECLINE', until_on: '2027-06-01'})).status, 303);
	assert.doesNotMatch(await page(token), /Agree to 1 June/);
});

test('the letter of one that was taken back before it went is not sent', async () => {
	const {id, email} = await validated();
	mail.onRcpt = () => Object.assign(new Error('Later'), {responseCode: 451});
	try {
		ok(await offer(id, '2027-06-01'));
		ok(await withdraw(id));
		assert.deepEqual(await reg.sql(`select 1 from assetd.mail as m join assetd.answer_link as l on l.id = m.link_id where l.request_id = $1 and m.state = 'WAITING'`, [id]), []);
	} finally {
		mail.onRcpt = () => undefined;
	}
	assert.deepEqual(lettersTo(email), []);
});

test('the register is sound', () => assertSound(reg));
