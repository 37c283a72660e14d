// Whoever is named as the contact of a webhook is written to when it fails for days and when it is switched off: by what is so
// when the letter goes, once, and by nobody who may not know the address. Days pass by the row that counts them.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, ok, problem, startHooks, startMail, startRegister, until} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const mail = await startMail();
const reg = await startRegister({conf: {
	http: {base_url: BASE}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}, pages: {name: 'Register of Glenfarg'},
}});
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
	await mail.stop();
});
const {admin, sql} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'GC'}));
const keeper = admin.as((await makeKey(reg, {roles: {[council.id]: ['ADMIN']}})).key);
let n = 0;
const asset = async () => ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'})) && n;
const newAddress = () => `keeper.${++n}@private.example`;
const lettersTo = contact => mail.letters.filter(l => l.to[0] === contact);
const letterTo = (contact, nth = 1) => until(() => lettersTo(contact)[nth - 1], {what: `letter ${nth} to ${contact}`});
const textOf = letter => letter.text.replace(/\r\n/g, '\n');
const ill = () => ({status: 500});
const day = back => new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London'}).format(Date.now() - back * 86_400_000);
/** It has failed for so many days, by more attempts than it takes. */
const failing = (r, days) => sql(`update assetd.webhook_cursor set failing_since = now() - make_interval(secs => $2::float8 * 86400), failures = 25 where webhook_id = $1`, [r.id, days]);
const waiting = async r => (await sql(`select id from assetd.mail where webhook_id = $1 and state = 'WAITING'`, [r.id])).map(m => m.id);
/** A webhook with a contact whose receiver has begun to fail. */
async function broken(fields = {}) {
	const contact = newAddress(), r = await hooks.receiver({contact, ...fields});
	assert.equal(r.hook.contact, contact);
	r.respond = ill;
	await asset();
	await until(async () => (await sql('select from assetd.webhook_cursor where webhook_id = $1 and failing_since is not null', [r.id])).length, {what: 'it to fail'});
	return Object.assign(r, {contact});
}

test('W-34: a contact is written to at 50, 70 and 90 per cent and when it is over, and of nothing else', async () => {
	const r = await broken();
	await failing(r, 2.4);
	await asset();
	for (const [i, days] of [2.6, 3.6, 4.6].entries()) {
		await failing(r, days);
		const letter = await letterTo(r.contact, i + 1), text = textOf(letter);
		assert.equal(letter.head.subject, `A webhook takes nothing: ${new URL(r.sink.url).origin}`);
		for (const line of ['by which the Register of Glenfarg\ntells another system what happens', `${r.id}, to ${new URL(r.sink.url).origin}\n`,
			`It has taken nothing since ${day(days)}. If it takes nothing until ${day(days - 5)},\nit is switched off.`,
			'What you can do now: ', `assetctl webhook deliveries ${r.id}\n`, `${BASE}/v1/webhooks/${r.id}/deliveries\n`, `assetctl webhook edit ${r.id} contact:=null\n`])
			assert.ok(text.includes(line), `${line}\n--\n${text}`);
		assert.ok(text.split('\n').every(line => line.length <= 110), text);
		assert.equal(letter.head['auto-submitted'], 'auto-generated');
	}
	await failing(r, 5.1);
	const over = await letterTo(r.contact, 4), text = textOf(over);
	assert.equal(over.head.subject, `A webhook was switched off: ${new URL(r.sink.url).origin}`);
	for (const line of ['Why: It has taken no event for 5 days.', `assetctl webhook prove ${r.id}\n`, `POST ${BASE}/v1/webhooks/${r.id}/verify\n`, 'goes on from where it stood'])
		assert.ok(text.includes(line), `${line}\n--\n${text}`);
	assert.equal((await r.show()).state, 'DISABLED');
	// Who is told by events and the log hears nothing of whom else was told.
	const events = ok(await admin.get(`/v1/events?subject=${r.id}&limit=1000`), 200).items;
	assert.deepEqual(events.filter(e => e.type === 'webhook.failing').map(e => e.data.percent), [50, 70, 90]);
	assert.ok(!JSON.stringify([events, await sql('select * from assetd.change')]).includes('private.example'));
	assert.ok(!(await admin.get('/v1/exports/register.ndjson')).text.includes('private.example'));
	assert.ok(!reg.daemon.log().includes('private.example'));
	assert.equal(lettersTo(r.contact).length, 4);
	await r.remove();
});

test('W-34: a receiver that wants no more is told of at once, also where it has no authority, and one without a contact to nobody', async () => {
	const contact = newAddress(), before = mail.letters.length;
	const r = await hooks.receiver({contact}), silent = await hooks.receiver();
	r.respond = silent.respond = () => ({status: 410});
	await asset();
	assert.match(textOf(await letterTo(contact)), /Why: The receiver answered 410\./);
	await until(async () => (await silent.show()).state === 'DISABLED', {what: 'the other to be disabled'});
	assert.deepEqual(await waiting(silent), []);
	assert.equal(mail.letters.length, before + 1);
	await r.remove();
	await silent.remove();
});

test('W-34: what a letter says is what is so when it goes: the last warning alone, and none of a receiver that is well again', async () => {
	const r = await broken();
	mail.onRcpt = address => address === r.contact ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
	for (const [days, percent] of [[2.6, 50], [4.6, 90]]) {
		await failing(r, days);
		await until(async () => (await sql('select from assetd.webhook_cursor where webhook_id = $1 and warned = $2', [r.id, percent])).length, {what: `${percent} per cent`});
	}
	const [one, ...more] = await until(async () => {
		const ids = await waiting(r);
		return ids.length && ids;
	}, {what: 'a letter to wait'});
	assert.deepEqual(more, [], 'one letter waits');
	// Between two attempts of the letter the receiver takes an event: there is nothing to tell any more.
	r.respond = () => undefined;
	await sql(`update assetd.webhook_retry set due_at = now() where webhook_id = $1`, [r.id]);
	await until(async () => !(await sql('select from assetd.webhook_cursor where webhook_id = $1 and failing_since is not null', [r.id])).length, {what: 'it to be well', deadline_ms: 90_000});
	mail.onRcpt = () => undefined;
	await sql(`update assetd.mail set due_at = created_at where id = $1`, [one]);
	const other = await hooks.receiver({contact: newAddress()});
	other.respond = () => ({status: 410});
	await asset();
	await letterTo(other.hook.contact); // the sender has looked meanwhile
	assert.deepEqual(lettersTo(r.contact), []);
	await until(async () => !(await waiting(r)).length, {what: 'the letter to be forgotten', deadline_ms: 90_000});
	await r.remove();
	await other.remove();
});

test('a contact is seen by who looks after the webhook, changed and taken away by them, and gone with it', async () => {
	const contact = newAddress(), r = await hooks.receiver({contact});
	for (const who of [keeper, reg.anyone])
		assert.ok([401, 404].includes((await who.get(`/v1/webhooks/${r.id}`)).status));
	for (const [user, is] of [['assetd_worker', /permission denied/]])
		await assert.rejects(sql('select contact from assetd.webhook', [], {user}), is);
	assert.equal((await r.patch({contact: `x${contact}`})).contact, `x${contact}`);
	assert.equal((await r.patch({types: ['request.*']})).contact, `x${contact}`, 'and stays');
	assert.equal((await r.patch({contact: null})).contact, null);
	for (const bad of ['nobody', 'a@b', 'a@example.org\r\nBcc: b@example.org', '"a b"@example.org'])
		problem(await admin.post('/v1/webhooks', {url: r.sink.url, contact: bad}), 422, 'invalid', '/contact');
	await r.patch({contact});
	await r.remove();
	assert.deepEqual((await sql('select contact from assetd.webhook where id = $1', [r.id])), [{contact: null}]);
});

test('where no letters are sent nobody is promised one', async () => {
	const none = await startRegister();
	try {
		const refused = problem(await none.admin.post('/v1/webhooks', {url: 'https://receiver.example.org/', contact: newAddress()}), 503, 'no-mail');
		assert.match(refused.detail, /Leave contact out/);
	} finally {
		await none.stop();
	}
});
