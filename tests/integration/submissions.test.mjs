// What the public sends by the form: kept as a draft, confirmed by a letter's link, received on the day on
// which it was sent; with links used twice, old, altered, by many at once, and a daemon that dies.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, test} from 'node:test';
import {assertSound, makeKey, ok, problem, startMail, startRegister, until} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const mail = await startMail();
const reg = await startRegister({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: BASE}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'},
	pages: {name: 'Clàr-fearainn of Glenfarg'},
}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin, anyone} = reg;

const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'T1'}));
const as = async (...roles) => admin.as((await makeKey(reg, {roles: {[council.id]: roles}})).key);
const [estates, decider] = [await as('ESTATES'), await as('DECIDER')];
const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30})).id;

let n = 0, m = 0;
const act = (id, event, on, more = {}, who = estates) => who.post(`/v1/requests/${id}/events`, {event, on, ...more});
async function opened({published = true, notices = true} = {}) {
	const asset_id = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', published})).id;
	const {id} = ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: `r${n}`}));
	ok(await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}));
	if (notices)
		ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	return id;
}
const WRITER = {name: 'Morag Private', address: '1 Secret Lane'};
const newAddress = () => `morag.${++m}@private.example`;
const submit = (id, email = newAddress(), more = {}) => anyone.post(`/v1/requests/${id}/submissions`, {text: 'I am for it.', email, ...WRITER, ...more});
const confirm = token => anyone.post('/v1/confirmations', {token});
const tokenOf = letter => new RegExp(`${BASE}/confirm\\?token=(rpd_[0-9a-z]{26}\\.[0-9a-f]{32})`).exec(letter.text.replace(/\r\n/g, ''))[1];
const letterTo = email => mail.waitFor(l => l.to[0] === email);
/** Submitted, and the token of its letter. */
async function submitted(id, more) {
	const email = newAddress();
	ok(await submit(id, email, more), 202);
	return tokenOf(await letterTo(email));
}
const all = async id => ok(await estates.get(`/v1/requests/${id}/representations`), 200).items;
const ask = async id => ok(await estates.get(`/v1/requests/${id}`), 200);
const at = moment => reg.daemon.setClock(moment);
const drafts = async () => (await reg.sql('select count(*)::int as n from assetd.representation_draft'))[0].n;
const form = (path, fields, headers = {}) => anyone.request('POST', path, {
	body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded', ...headers}});

test('what is sent is nobody\'s to read until the letter\'s link is used, and then counts of the day it was sent', async () => {
	const id = await opened(), email = newAddress();
	assert.deepEqual(ok(await submit(id, email), 202), {state: 'UNCONFIRMED', days: 7});
	assert.deepEqual(await all(id), []);
	const letter = await letterTo(email);
	assert.equal(letter.from, 'register@example.scot');
	assert.equal(letter.head.from, 'Clàr-fearainn of Glenfarg <register@example.scot>');
	assert.equal(letter.head.to, `<${email}>`);
	assert.match(letter.head.subject, /^Please confirm your representation on ATR-2026-\d+$/);
	assert.match(letter.head['message-id'], /^<mal_[0-9a-z]{26}@example\.scot>$/);
	assert.equal(letter.head['auto-submitted'], 'auto-generated');
	assert.equal(letter.head.date, 'Tue, 20 Oct 2026 10:00' + letter.head.date.slice(-9));
	assert.ok(letter.text.includes('Clàr-fearainn') && letter.text.includes('Glenfarg Council') && letter.text.includes('27 October 2026'));
	assert.ok(!letter.text.includes('I am for it'), 'the letter says nothing of what was written');
	at('2026-10-22T10:00:00Z');
	const received = ok(await confirm(tokenOf(letter)), 200);
	at('2026-10-20T10:00:00Z');
	assert.deepEqual(received, {state: 'RECEIVED', request_id: id, received_on: '2026-10-20'});
	const [one] = await all(id);
	assert.deepEqual([one.channel, one.received_on, one.timing, one.mark, one.original], ['FORM', '2026-10-20', 'IN_TIME', 'UNREAD', 'I am for it.']);
	assert.deepEqual(one.writer, {name: WRITER.name, email, address: WRITER.address});
	const told = (await reg.sql(`select type, actor_kind, data from assetd.change where subject = $1 and type like 'representation.%' order by subject_seq desc limit 1`, [id]))[0];
	assert.deepEqual([told.type, told.actor_kind], ['representation.received', 'SYSTEM']);
	assert.doesNotMatch(JSON.stringify(await reg.sql('select * from assetd.change where subject = $1', [id])), /Morag|morag|Secret/);
	const [ledger] = ok(await anyone.get(`/v1/requests/${id}/events`), 200).items.slice(-1);
	assert.deepEqual([ledger.event, ledger.actor], ['REPRESENTATION_RECEIVED', 'SYSTEM']);
});

test('who sends in much at once causes so many letters a minute and no more, whomever they go to, by form and API', async () => {
	const id = await opened(), conf = fs.readFileSync(reg.daemon.confFile, 'utf8');
	const limit = async n => {
		const before = reg.daemon.log().split('settings read again').length;
		fs.writeFileSync(reg.daemon.confFile, conf.replace('letters_per_minute = 0', `letters_per_minute = ${n}`));
		process.kill(reg.daemon.process.pid, 'SIGHUP');
		await until(() => reg.daemon.log().split('settings read again').length > before, {what: 'the settings'});
	};
	await limit(3);
	// Both workers have the new settings once two in a row were refused; the bucket is one.
	const statuses = [];
	await until(async () => {
		statuses.push((await submit(id)).status);
		return statuses.slice(-2).every(s => s === 429);
	});
	const before = await drafts(), refused = problem(await submit(id), 429, 'rate-limited');
	assert.ok(refused);
	assert.equal((await form(`/requests/${id}/comment`, {text: 'Too much', email: newAddress(), name: 'N'})).status, 429);
	assert.equal(await drafts(), before, 'nothing is kept of them');
	await limit(0);
	await until(async () => (await submit(id)).status === 202);
});

test('nobody is kept out by strangers who fill the room of a request: the oldest of who sends most gives way', async () => {
	const id = await opened();
	await reg.sql(`insert into assetd.representation_draft (id, created_at, authority_id, request_id, published, submitted_on, expires_at, text, name, email, network)
		select 'rpd_' || lpad(to_hex(i), 26, '0'), '2026-10-20T09:00:00Z'::timestamptz + i * interval '1 second', r.authority_id, r.id, true, r.received_on,
		       '2027-10-20T09:00:00Z', 'x', 'x', 'flood' || i || '@example.org', sha256('of one network')
		  from assetd.request as r, generate_series(1, 2000) as i where r.id = $1`, [id]);
	const token = await submitted(id);
	assert.ok(await submitted(id));
	ok(await confirm(token), 200);
	const [left] = await reg.sql(`select min(id) as oldest, count(*)::int as n from assetd.representation_draft where email like 'flood%' and text <> '-'`);
	assert.deepEqual(left, {oldest: `rpd_${'3'.padStart(26, '0')}`, n: 1998});
	await reg.sql(`delete from assetd.representation_draft where email like 'flood%'`);
});

test('a link used twice, altered, of nobody, or old', async () => {
	const id = await opened(), token = await submitted(id);
	for (const bad of [`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, token.replace(/rpd_./, 'rpd_z'), token.slice(0, 30), 'x', `${token}0`,
		`rpd_${'0'.repeat(26)}.${'0'.repeat(32)}`])
		problem(await confirm(bad), 404, 'not-found');
	problem(await confirm(''), 422, 'invalid', '/token');
	ok(await confirm(token), 200);
	problem(await confirm(token), 410, 'gone');
	assert.equal((await all(id)).length, 1);
	const old = await submitted(id);
	try {
		at('2026-10-27T11:00:00Z');
		problem(await confirm(old), 410, 'gone');
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('twenty confirm one link at once: one is received', async () => {
	const id = await opened(), token = await submitted(id);
	const replies = await Promise.all(Array.from({length: 20}, () => confirm(token)));
	assert.deepEqual(replies.map(r => r.status).sort(), [200, ...Array(19).fill(410)]);
	assert.equal((await all(id)).length, 1);
});

test('twenty people confirm at once, and nobody hears of the others', async () => {
	const id = await opened();
	const tokens = await Promise.all(Array.from({length: 20}, () => submitted(id)));
	const replies = await Promise.all(tokens.map(confirm));
	assert.deepEqual(replies.map(r => r.status), Array(20).fill(200), replies.find(r => r.status !== 200)?.text);
	assert.deepEqual((await all(id)).map(r => r.number), Array.from({length: 20}, (_, i) => i + 1));
});

test('at 23:59 in London on the last day it is in time, whenever the letter is answered; a minute later it is late', async () => {
	const [id, late] = [await opened(), await opened()];
	try {
		at('2026-10-29T23:59:00Z');
		const token = await submitted(id);
		at('2026-10-30T00:00:30Z');
		const tooLate = await submitted(late);
		at('2026-11-02T09:00:00Z');
		assert.equal(ok(await confirm(token), 200).received_on, '2026-10-29');
		assert.equal((await all(id))[0].timing, 'IN_TIME');
		assert.equal((await ask(id)).state, 'CTB_COMMENT');
		ok(await confirm(tooLate), 200);
		assert.equal((await all(late))[0].timing, 'LATE');
		assert.equal((await ask(late)).state, 'UNDER_ASSESSMENT');
		assert.ok((await ask(late)).flags.includes('LATE_REPRESENTATION'));
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('in summer the last day ends an hour before UTC\'s', async () => {
	const asset_id = ok(await estates.post('/v1/assets', {authority_id: council.id, name: 'Summer Hall', class: 'HALL', tenure: 'OWNED'})).id;
	try {
		at('2027-06-01T10:00:00Z');
		const {id} = ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on: '2027-06-01'}, {idempotency: 'summer'}));
		ok(await act(id, 'VALIDATE', '2027-06-01'));
		ok(await act(id, 'NOTICES_ISSUED', '2027-06-01', {representations_close_on: '2027-06-30'}));
		at('2027-06-30T22:59:00Z');
		const token = await submitted(id);
		at('2027-06-30T23:01:00Z');
		const late = await submitted(id);
		ok(await confirm(token), 200);
		ok(await confirm(late), 200);
		assert.deepEqual((await all(id)).map(r => [r.received_on, r.timing]), [['2027-06-30', 'IN_TIME'], ['2027-07-01', 'LATE']]);
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('the mail server is away in the window\'s last hours: nothing is lost', async () => {
	const id = await opened(), email = newAddress();
	mail.onRcpt = () => Object.assign(new Error('Try later'), {responseCode: 451});
	try {
		at('2026-10-29T22:30:00Z');
		ok(await submit(id, email), 202);
		await until(async () => (await reg.sql(`select 1 from assetd.mail where attempts > 0 and state = 'WAITING' and error like '451 %'`)).length, {what: 'a failed attempt'});
		mail.onRcpt = () => undefined;
		at('2026-10-30T06:00:00Z');
		const token = tokenOf(await letterTo(email));
		ok(await confirm(token), 200);
		assert.deepEqual((await all(id)).map(r => [r.received_on, r.timing]), [['2026-10-29', 'IN_TIME']]);
	} finally {
		mail.onRcpt = () => undefined;
		at('2026-10-20T10:00:00Z');
	}
});

test('the daemon is killed between the confirmation and its commit: the link still works, once', async () => {
	const id = await opened(), token = await submitted(id);
	await reg.cluster.session(async db => {
		await db.query(`begin; select 1 from assetd.request where id = '${id}' for update`);
		const broken = confirm(token).catch(error => error);
		const waiting = await until(async () => (await reg.sql(`select pid from pg_stat_activity where wait_event_type = 'Lock'`))[0], {what: 'the confirmation to wait'});
		await reg.daemon.kill();
		await broken;
		await reg.sql('select pg_terminate_backend($1)', [waiting.pid]);
		await db.query('rollback');
	}, {database: 'assetd'});
	await reg.daemon.start();
	assert.deepEqual(await all(id), []);
	ok(await confirm(token), 200);
	problem(await confirm(token), 410, 'gone');
	assert.equal((await all(id)).length, 1);
});

test('the same person twice: both are kept, and an officer says so', async () => {
	const id = await opened();
	ok(await confirm(await submitted(id)), 200);
	ok(await confirm(await submitted(id)), 200);
	const [one, two] = await all(id);
	ok(await estates.post(`/v1/representations/${two.id}/events`, {event: 'MARK', mark: 'DUPLICATE', duplicate_of: one.id, reasons: 'the same words'}));
	assert.deepEqual((await all(id)).map(r => r.mark), ['UNREAD', 'DUPLICATE']);
});

test('nobody\'s letter box is filled: five letters a day to one address that nobody confirms', async () => {
	const id = await opened(), victim = 'victim@private.example';
	for (let i = 0; i < 5; i++)
		ok(await submit(id, i % 2 ? victim : victim.toUpperCase()), 202);
	problem(await submit(id, victim), 429, 'rate-limited');
	assert.equal((await reg.sql('select count(*)::int as n from assetd.representation_draft where lower(email) = $1', [victim]))[0].n, 5);
	problem(await submit(id, 'Victim+again@private.example'), 429, 'rate-limited');
	ok(await submit(id, 'another@private.example'), 202);
});

test('a box has more addresses than one: they count together, at once as one by one, and each letter goes where it was asked to', async () => {
	const boxes = await reg.sql(`select assetd.mailbox(e) as box from unnest($1::text[]) with ordinality as x (e, n) order by n`,
		[['A+1@X.example', 'a@x.example', 'a+b+c@x.example.', '+a@x.example', 'a.b@x.example', 'J.o.Hn+x@GoogleMail.com', 'john@gmail.com', 'a-b@x.example']]);
	assert.deepEqual(boxes.map(r => r.box), ['a@x.example', 'a@x.example', 'a@x.example', '+a@x.example', 'a.b@x.example', 'john@gmail.com', 'john@gmail.com',
		'a-b@x.example'], 'what may be somebody else is');
	const id = await opened(), tag = n => `box+${n}@private.example`;
	const sent = await Promise.all(Array.from({length: 12}, (_, n) => submit(id, tag(n))));
	assert.deepEqual(sent.map(r => r.status).sort(), [...Array(5).fill(202), ...Array(7).fill(429)]);
	const taken = sent.flatMap((r, n) => r.status === 202 ? [tag(n)] : []).sort();
	const to = () => mail.letters.flatMap(l => l.to).filter(a => a.startsWith('box+')).sort();
	await until(() => to().length === 5, {what: 'the five letters'});
	assert.deepEqual(to(), taken, 'with the tag that was written');
});

test('where it may not be sent: no notices yet, decided, not published, not there', async () => {
	problem(await submit(await opened({notices: false})), 409, 'transition-not-allowed');
	problem(await submit(await opened({published: false})), 404, 'not-found');
	problem(await submit(`atr_${'z'.repeat(26)}`), 404, 'not-found');
	const id = await opened(), before = await submitted(id);
	try {
		at('2026-10-21T10:00:00Z');
		ok(await act(id, 'WITHDRAW', '2026-10-21'));
		problem(await submit(id), 409, 'transition-not-allowed');
		ok(await confirm(before), 200);
		assert.deepEqual((await all(id)).map(r => [r.received_on, r.event_id]), [['2026-10-20', null]]);
		assert.equal((await ask(id)).state, 'WITHDRAWN');
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('what may be sent: 10,000 characters, no NUL, no marks of direction, addresses that cannot add a line to a letter', async () => {
	const id = await opened(), emoji = '\u{1F600}'.repeat(10_000);
	ok(await confirm(await submitted(id, {text: emoji})), 200);
	assert.equal((await all(id))[0].original, emoji);
	problem(await submit(id, undefined, {text: `${emoji}x`}), 422, 'invalid', '/text');
	problem(await submit(id, undefined, {text: 'a\u202Eb'}), 422, 'invalid', '/text');
	assert.equal((await submit(id, undefined, {text: 'a\u0000b'})).status, 400);
	problem(await submit(id, undefined, {name: 'a\r\nBcc: all@example.org'}), 422, 'invalid', '/name');
	for (const email of ['nobody', 'a@b', 'a b@example.org', '"a b"@example.org', 'a@example.org\r\nBcc: x@example.org', 'a@example.org>', '<a@example.org', 'ä@example.org',
		'a@exämple.org', 'a,b@example.org', 'a@[127.0.0.1]', 'a..b@example.org', `${'a'.repeat(65)}@example.org`, 'a@-example.org', 'a@example.org,b@example.org'])
		problem(await submit(id, email), 422, 'invalid', '/email');
	assert.equal(mail.letters.filter(l => l.to.length > 1 || l.head.bcc).length, 0);
});

test('nothing of it is in the log', () => {
	assert.doesNotMatch(reg.daemon.log(), /Morag|morag\.|Secret|private\.example|rpd_[0-9a-z]{26}\./);
});

test('pages: the form, what is wrong with it, the letter, the button, thanks', async () => {
	const id = await opened(), email = newAddress(), path = `/requests/${id}/comment`;
	const html = {headers: {Accept: 'text/html'}};
	assert.match((await anyone.get(`/requests/${id}/representations`, html)).text, new RegExp(path));
	assert.match((await anyone.get(path, html)).text, /What you want to say/);
	const wrong = await form(path, {text: '<b>x</b>', name: '', email: 'nobody'});
	assert.equal(wrong.status, 422);
	assert.match(wrong.text, /There is a problem/);
	assert.ok(wrong.text.includes('&lt;b&gt;x&lt;/b&gt;</textarea>') && wrong.text.includes('value="nobody"'), 'nothing typed is lost');
	assert.equal((await form(path, {text: 'x', name: 'x', email}, {'Sec-Fetch-Site': 'cross-site'})).status, 403);
	const sent = await form(path, {text: 'line\r\nline', name: 'Morag Private', email, address: ''});
	assert.equal(sent.status, 200, sent.text);
	const token = tokenOf(await letterTo(email));
	const button = await anyone.get(`/confirm?token=${token}`, html);
	assert.ok(button.text.includes(`value="${token}"`));
	assert.deepEqual(await all(id), [], 'looking at the link confirms nothing');
	assert.equal((await form('/confirm', {token: `${token}x`})).status, 404);
	const thanks = await form('/confirm', {token});
	assert.equal(thanks.status, 200, thanks.text);
	assert.match(thanks.text, new RegExp(`/requests/${id}`));
	assert.equal((await all(id))[0].original, 'line\nline');
	assert.equal((await form('/confirm', {token})).status, 410);
	const shut = await anyone.get(`/requests/${await opened({notices: false})}/comment`, html);
	assert.match(shut.text, /does not take representations now/);
});

test('what nobody confirms is deleted, with its letter', async () => {
	const id = await opened();
	await submitted(id);
	assert.ok(await drafts() > 0);
	try {
		at('2026-11-20T10:00:00Z');
		await until(async () => await drafts() === 0, {what: 'drafts to be forgotten', deadline_ms: 120_000});
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('the register is sound', () => assertSound(reg));
