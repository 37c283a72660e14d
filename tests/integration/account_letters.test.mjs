// Links of accounts by letter: an invitation, another link from who looks after people, one for who says that they have forgotten
// their password. Nobody else has the link: no answer, no row, no log. Whoever asks for an address learns nothing of it.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openSession, request, startMail, startRegister, until} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const mail = await startMail();
const reg = await startRegister({conf: {
	http: {base_url: BASE}, limits: {pages_per_minute: 0, letters_per_minute: 0}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}, pages: {name: 'Register of Glenfarg'},
}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin, sql} = reg;
const FORM = {'Content-Type': 'application/x-www-form-urlencoded', Origin: reg.url};
const PASSWORD = 'kettle on by nine', SECOND = 'Ùisge-beatha agus aran';
const made = {};
let n = 0;

before(async () => {
	made.council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'GC'})).id;
	made.boss = admin.as((await makeKey(reg, {roles: {[made.council]: ['ADMIN']}})).key);
});

const newAddress = () => `person.${++n}@private.example`;
const lettersTo = email => mail.letters.filter(l => l.to[0] === email);
const letterTo = (email, nth = 1) => until(() => lettersTo(email)[nth - 1], {what: `letter ${nth} to ${email}`});
const textOf = letter => letter.text.replace(/\r\n/g, '\n');
const tokenOf = letter => /\/password\?token=(acl_[0-9A-Za-z]{43})\n/.exec(textOf(letter))[1];
const post = (to, fields) => request(reg.url + to, {method: 'POST', body: new URLSearchParams(fields).toString(), headers: FORM});
const setPassword = async (token, password = PASSWORD) => (await post('/password', {token, password})).status;
const forget = email => post('/forgotten', {email});
const invite = async (email = newAddress()) => ok(await made.boss.post('/v1/accounts', {authority_id: made.council, name: 'Mòrag', email, roles: ['ESTATES']}));
const waiting = async item => (await sql(`select kind from assetd.mail where account_id = $1 and state = 'WAITING'`, [item.id])).map(m => m.kind);
const plain = (reply, email) => reply.text.replaceAll(email, '').replace(/after change \d+/, '');
/** All that the database holds, but what it never tells anybody. */
const dump = async () => (await sql(`select (select string_agg(a::text, '') from assetd.account as a) || (select string_agg(m::text, '') from assetd.mail as m)
	|| (select string_agg(c::text, '') from assetd.change as c) || (select coalesce(string_agg(i::text, ''), '') from assetd.idempotency_key as i)
	|| (select string_agg(t::text, '') from assetd.account_act as t) as all`))[0].all;

test('an invitation comes by letter, and its link is in no answer, row or log', async () => {
	const item = await invite();
	assert.deepEqual([item.link, item.link_sent], [undefined, true]);
	const letter = await letterTo(item.email), text = textOf(letter), token = tokenOf(letter);
	assert.equal(letter.head.subject, 'Your account in the Register of Glenfarg');
	for (const line of ['To Mòrag\n', 'Glenfarg Council has made you an account.', `${BASE}/password?token=${token}\n`, 'The link works once, until ', 'do nothing'])
		assert.ok(text.includes(line), `${line}\n--\n${text}`);
	assert.ok(text.split('\n').every(line => line.length <= 110), text);
	assert.ok(!(await dump()).includes(token) && !reg.daemon.log().includes(token) && !reg.daemon.log().includes('private.example'));
	assert.equal(await setPassword(token), 303);
	assert.equal(await setPassword(token), 410, 'once');
	await until(async () => !(await waiting(item)).length, {what: 'the letter to be over'});
	assert.equal(lettersTo(item.email).length, 1);
});

test('on the pages a letter is said to be on its way, and what became of it; no link is shown', async () => {
	const email = newAddress(), session = await openSession(reg.url, made.boss.key);
	const sent = await session.post('/people', {name: 'Seonag', email, authority_id: made.council, role_VIEWER: 'yes'});
	assert.equal(sent.status, 200, sent.text);
	assert.match(sent.text, /A letter is on its way to Seonag/);
	assert.doesNotMatch(sent.text, /token=/);
	assert.equal(sent.headers['cache-control'], 'no-store');
	const [, path] = /href="(\/people\/prn_[0-9a-z]{26})">Seonag/.exec(sent.text), item = {id: path.slice(8)};
	await letterTo(email);
	await until(async () => !(await waiting(item)).length, {what: 'the letter to be over'});
	assert.match((await session.get(path)).text, /Last letter with a link<\/dt><dd[^>]*>Sent, /);
	const again = await session.post(path, {act: 'LINK', seen_version: '1'});
	assert.match(again.text, /A letter is on its way to Seonag/);
	assert.doesNotMatch(again.text, /token=/);
	await letterTo(email, 2);
});

test('another link ends the one before when its letter goes; of letters that failed the newest works', async () => {
	const item = await invite();
	const first = tokenOf(await letterTo(item.email));
	await until(async () => !(await waiting(item)).length, {what: 'the first to be over'});
	const again = ok(await made.boss.post(`/v1/accounts/${item.id}/link`, {}), 200);
	assert.deepEqual([again.link, again.link_sent], [undefined, true]);
	assert.equal(await setPassword(first), 410, 'ended when another was made');
	const heard = [];
	mail.onData = letter => letter.to[0] === item.email && heard.push(tokenOf(letter)) && Object.assign(new Error('Later'), {responseCode: 451});
	await until(() => heard.length, {what: 'a letter that the server hears out, and does not take'});
	ok(await made.boss.post(`/v1/accounts/${item.id}/link`, {}), 200);
	assert.deepEqual(await waiting(item), ['RESET'], 'one letter waits');
	mail.onData = () => undefined;
	await sql('update assetd.mail set due_at = created_at where account_id = $1', [item.id]);
	const second = tokenOf(await letterTo(item.email, 2));
	assert.ok(heard.every(token => token !== second));
	assert.equal(await setPassword(heard.at(-1)), 410);
	assert.match(textOf(lettersTo(item.email)[1]), /Glenfarg Council sends you a link/);
	assert.equal(await setPassword(second), 303);
	assert.equal(lettersTo(item.email).length, 2);
});

test('another link that is asked for while its letter waits goes at once, and has failed as often as a new one', async () => {
	const item = await invite(), row = async () => (await sql('select state, attempts::int, error from assetd.mail where account_id = $1 order by id desc limit 1', [item.id]))[0];
	await letterTo(item.email);
	await until(async () => !(await waiting(item)).length, {what: 'the first to be over'});
	const later = () => Object.assign(new Error('Later'), {responseCode: 451}), ask = async () => ok(await made.boss.post(`/v1/accounts/${item.id}/link`, {}), 200);
	let say, offered = 0;
	mail.onData = letter => letter.to[0] === item.email ? ++offered < 3 ? later() : new Promise(resolve => { say = resolve; }) : undefined;
	await ask();
	await until(async () => (await row()).attempts === 1, {what: 'it to be put off'});
	// As two days later, before the last attempt.
	await sql(`update assetd.mail set attempts = 11, due_at = created_at + interval '1 day' where account_id = $1 and state = 'WAITING'`, [item.id]);
	await ask();
	assert.equal((await until(async () => offered === 2 && (await row()).error && row(), {what: 'it to be tried at once'})).attempts, 1);
	assert.equal((await row()).state, 'WAITING');
	// It is on its way for the last time when it is asked for once more: what comes of that is no end of the new one.
	await sql(`update assetd.mail set attempts = 11, due_at = created_at where account_id = $1 and state = 'WAITING'`, [item.id]);
	await until(() => say, {what: 'the last attempt'});
	await ask();
	mail.onData = () => undefined;
	say(later());
	assert.equal(await setPassword(tokenOf(await letterTo(item.email, 2))), 303);
	assert.deepEqual([(await row()).state, offered], ['SENT', 3]);
});

test('a letter that was put off before the clock was set back an hour waits for no longer than it was to', async () => {
	const email = newAddress();
	let refused = 0;
	mail.onRcpt = address => address === email && !refused++ ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
	const item = await invite(email);
	await until(async () => (await sql('select from assetd.mail where account_id = $1 and attempts = 1', [item.id])).length, {what: 'it to be put off'});
	reg.daemon.setClock(new Date(Date.now() - 3_600_000).toISOString());
	assert.equal(await setPassword(tokenOf(await letterTo(email))), 303);
	reg.daemon.setClock(undefined);
});

test('a letter whose link was used has arrived, whatever its sender knows, and is not sent again', async () => {
	const email = newAddress(), heard = [];
	let say;
	mail.onData = letter => letter.to[0] === email ? new Promise(resolve => { heard.push(letter); say = resolve; }) : undefined;
	const item = await invite(email);
	await until(() => say, {what: 'the letter to be offered'});
	assert.equal(await setPassword(tokenOf(heard[0])), 303);
	const tried = reg.daemon.log().split('"letter not sent"').length;
	say(Object.assign(new Error('Said too late'), {responseCode: 451}));
	await until(() => reg.daemon.log().split('"letter not sent"').length > tried, {what: 'the sender to know'});
	mail.onData = () => undefined;
	await letterTo((await invite()).email); // what came of it is written, and the sender has looked again
	await sql('update assetd.mail set due_at = created_at where account_id = $1', [item.id]);
	await letterTo((await invite()).email);
	assert.deepEqual([heard.length, lettersTo(email).length], [1, 0]);
	assert.equal(await setPassword(tokenOf(heard[0])), 410);
});

test('no link goes to an address that is another by the time at which its letter goes', async () => {
	const item = await invite(), old = item.email, email = newAddress();
	await letterTo(old);
	await until(async () => !(await waiting(item)).length, {what: 'the letter to be over'});
	await reg.cluster.session(async db => {
		await db.query('begin');
		await db.query('select from assetd.account where principal_id = $1 for no key update', [item.id]);
		await sql(`insert into assetd.mail (id, kind, account_id, created_at, due_at, due_from) values ('mal_' || repeat('0', 26), 'FORGOTTEN', $1, now(), now(), now())`, [item.id]);
		await until(async () => (await sql(`select from pg_stat_activity where wait_event_type = 'Lock' and usename = 'assetd_worker'`)).length, {what: 'the letter to be about to go'});
		await db.query('update assetd.account set email = $2, link = null, link_expires_at = null where principal_id = $1', [item.id, email]);
		await db.query('commit');
	});
	assert.match(textOf(await letterTo(email)), /somebody, we hope you/);
	assert.equal(lettersTo(old).length, 1);
});

test('who says that they have forgotten is sent a link, which leaves the second factor; an address that nobody has is answered alike', async () => {
	const item = await invite();
	assert.equal(await setPassword(tokenOf(await letterTo(item.email))), 303);
	await sql(`update assetd.account set factor = repeat('x', 43), factor_on = true, factor_step = 7 where principal_id = $1`, [item.id]);
	await sql(`insert into assetd.account_recovery values ($1, sha256('x'))`, [item.id]);
	const form = await request(`${reg.url}/sign-in`);
	assert.match(form.text, /<a href="\/forgotten">I have forgotten my password<\/a>/);
	const nobody = newAddress(), there = await forget(item.email.toUpperCase()), nowhere = await forget(nobody);
	assert.deepEqual([there.status, nowhere.status], [200, 200]);
	assert.equal(plain(nowhere, nobody), plain(there, item.email.toUpperCase()));
	assert.equal(await sql('select count(*)::int as n from assetd.sign_in_try').then(r => r[0].n), 2, 'a row is written for both');
	const letter = await letterTo(item.email, 2);
	assert.match(textOf(letter), /somebody, we hope you, has said that the password[\s\S]*If it was not you, do nothing/);
	assert.equal(await setPassword(tokenOf(letter), SECOND), 303);
	assert.deepEqual(await sql('select factor_on, factor_step::int from assetd.account where principal_id = $1', [item.id]), [{factor_on: true, factor_step: 7}]);
	assert.equal((await sql('select from assetd.account_recovery where principal_id = $1', [item.id])).length, 1);
	// A link of who looks after them takes it away.
	ok(await made.boss.post(`/v1/accounts/${item.id}/link`, {}), 200);
	assert.equal(await setPassword(tokenOf(await letterTo(item.email, 3))), 303);
	assert.deepEqual(await sql('select factor_on from assetd.account where principal_id = $1', [item.id]), [{factor_on: false}]);
	assert.deepEqual(lettersTo(nobody), []);
});

test('no more than three letters a day go to an address, and it is not told; one that waits is not made less by it', async () => {
	const item = await invite();
	await letterTo(item.email);
	await until(async () => !(await waiting(item)).length, {what: 'the letter to be over'});
	for (let i = 0; i < 6; i++) {
		assert.equal((await forget(item.email)).status, 200);
		await until(async () => !(await waiting(item)).length, {what: 'nothing to wait'});
	}
	assert.equal(lettersTo(item.email).length, 1 + 3);
	await sql(`update assetd.sign_in_try set forget_at = now() - interval '1 second'`);
	assert.equal((await forget(item.email)).status, 200);
	await letterTo(item.email, 5);
	// Who was sent a link by their authority and asks besides has that one.
	const other = await invite();
	await letterTo(other.email);
	mail.onRcpt = address => address === other.email ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
	await until(async () => !(await waiting(other)).length, {what: 'the letter to be over'});
	ok(await made.boss.post(`/v1/accounts/${other.id}/link`, {}), 200);
	assert.equal((await forget(other.email)).status, 200);
	assert.deepEqual(await waiting(other), ['RESET']);
	mail.onRcpt = () => undefined;
});

test('what is no address is refused; whoever has left, and whose letter waits, is written to no more', async () => {
	for (const bad of ['', 'nobody', 'a b@example.org', `${'x'.repeat(300)}@example.org`, 'x@example.org\r\nBcc: y@example.org'])
		assert.equal((await forget(bad)).status, 422, bad);
	assert.equal((await request(`${reg.url}/forgotten`, {method: 'POST', body: 'email=x%40example.org', headers: {...FORM, Origin: 'https://evil.example'}})).status, 403);
	mail.onRcpt = address => address.startsWith('late') ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
	const item = await invite(`late.${newAddress()}`);
	await until(async () => (await sql('select attempts from assetd.mail where account_id = $1 and attempts > 0', [item.id])).length, {what: 'one attempt'});
	assert.equal((await made.boss.delete(`/v1/accounts/${item.id}`, {match: '*'})).status, 204);
	mail.onRcpt = () => undefined;
	await sql('update assetd.mail set due_at = created_at where account_id = $1', [item.id]);
	assert.equal((await forget(item.email)).status, 200);
	await letterTo((await invite()).email); // the sender has looked meanwhile
	assert.deepEqual(lettersTo(item.email), []);
	await until(async () => !(await waiting(item)).length, {what: 'the letter to be forgotten', deadline_ms: 90_000});
});

test('letters that one client has sent are bounded; where none are sent the form says whom to ask', async () => {
	const few = await startRegister({conf: {http: {base_url: BASE}, limits: {letters_per_minute: 3}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}}});
	const none = await startRegister();
	const at = (r, email) => request(`${r.url}/forgotten`, {method: 'POST', body: new URLSearchParams({email}).toString(), headers: {...FORM, Origin: r.url}});
	try {
		const statuses = [];
		for (let i = 0; i < 8; i++)
			statuses.push((await at(few, newAddress())).status);
		assert.ok(statuses[0] === 200 && statuses.at(-1) === 429, statuses.join(' '));
		assert.match((await request(`${none.url}/forgotten`)).text, /This register sends no letters/);
		assert.equal((await at(none, newAddress())).status, 503);
		assert.doesNotMatch((await request(`${none.url}/sign-in`)).text, /I have forgotten/);
	} finally {
		await few.stop();
		await none.stop();
	}
});
