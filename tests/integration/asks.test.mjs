// What a community group asks for without an account: kept until the letter's link is used, then a request of the day on which the
// form was sent; what everybody reads of it and what officers read; links used twice, old, altered; two that ask at once; bounds.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, makeKey, ok, problem, startMail, startRegister, until} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const mail = await startMail();
const reg = await startRegister({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: BASE, trusted_proxy: '127.0.0.1'}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'},
}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin, anyone} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'T1'}));
const as = async (...roles) => admin.as((await makeKey(reg, {roles: {[council.id]: roles}})).key);
const [estates, viewer, finance] = [await as('ESTATES'), await as('VIEWER'), await as('FINANCE')];

let n = 0;
const at = moment => reg.daemon.setClock(moment);
const asset = async (more = {}) => ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', ...more})).id;
const newAddress = () => `morag.${++n}@private.example`;
const GROUP = {body_name: 'Hall Trust', legal_form: 'SCIO', charity_number: 'SC012345', members: 30, name: 'Morag Private', address: '1 Secret Lane'};
const TEXTS = Object.fromEntries(['body', 'reasons', 'benefits', 'terms', 'use', 'obligations', 'negatives', 'ability', 'support', 'funding']
	.map(name => [name, `Secret words on ${name}`]));
const asking = (asset_id, more = {}) => ({asset_id, stage: 'RECEIVED', kind: 'OWNERSHIP', ...GROUP, body_name: `Hall Trust ${++n}`, email: newAddress(),
	offer_pence: 500000, contents: TEXTS, ...more});
const ask = sent => anyone.post('/v1/asks', sent);
const confirm = token => anyone.post('/v1/confirmations', {token});
const flat = letter => letter.text.replace(/\r\n/g, '');
const tokenOf = letter => new RegExp(`${BASE}/confirm\\?token=(rqd_[0-9a-z]{26}\\.[0-9a-f]{32})`).exec(flat(letter))[1];
const lettersTo = email => mail.letters.filter(l => l.to[0] === email);
/** What was asked for, and the token of its letter. */
async function asked(asset_id, more) {
	const sent = asking(asset_id, more);
	ok(await ask(sent), 202);
	return {sent, token: tokenOf(await mail.waitFor(l => l.to[0] === sent.email))};
}
/** … and confirmed. */
async function received(asset_id, more) {
	const {sent, token} = await asked(asset_id, more);
	return {sent, token, ...ok(await confirm(token), 200)};
}
const count = async table => (await reg.sql(`select count(*)::int as n from assetd.${table}`))[0].n;
const requests = async asset_id => ok(await estates.get(`/v1/assets/${asset_id}/requests`), 200).items;
const html = {headers: {Accept: 'text/html'}};
const form = (path, fields, headers = {}) => anyone.request('POST', path, {
	body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded', ...headers}});

test('nothing is anybody\'s to read until the link is used, and then it is a request of the day on which it was sent', async () => {
	const hall = await asset(), bodies = await count('community_body');
	const {sent, token} = await asked(hall);
	assert.deepEqual(await requests(hall), []);
	assert.deepEqual([await count('community_body'), await count('request')], [bodies, 0], 'nothing is made of it yet');
	const [letter] = lettersTo(sent.email);
	assert.equal(letter.head.subject, `Please confirm what you ask for: Hall ${n - 2}`);
	assert.ok(letter.text.includes('Glenfarg Council') && letter.text.includes('27 October 2026'));
	assert.doesNotMatch(letter.text, /Hall Trust|Morag|Secret/, 'the letter holds none of what was typed');
	at('2026-10-22T10:00:00Z');
	const made = ok(await confirm(token), 200);
	at('2026-10-20T10:00:00Z');
	assert.deepEqual([made.state, made.received_on], ['RECEIVED', '2026-10-20']);
	const [one] = await requests(hall);
	assert.deepEqual([one.id, one.state, one.received_on, one.kind, one.offer_pence, one.reasons], [made.request_id, 'RECEIVED', '2026-10-20', 'OWNERSHIP', undefined, null]);
	assert.equal(ok(await admin.get(`/v1/requests/${one.id}`), 200).offer_pence, 500000);
	const items = Object.fromEntries(one.items.map(i => [i.code, i.received_on]));
	assert.equal(items.BODY, null, 'the constitution is still to come');
	assert.ok(Object.entries(items).every(([code, on]) => code === 'BODY' || on === '2026-10-20'), JSON.stringify(items));
	const [entry] = ok(await anyone.get(`/v1/requests/${one.id}/events`), 200).items;
	assert.deepEqual([entry.event, entry.on, entry.actor], ['RECEIVED', '2026-10-20', 'COMMUNITY_BODY']);
	const body = ok(await estates.get(`/v1/community-bodies/${one.community_body_id}`), 200);
	assert.deepEqual([body.name, body.legal_form, body.charity_number, body.members], [sent.body_name, 'SCIO', 'SC012345', 30]);
	assert.deepEqual(body.contact, {name: 'Morag Private', email: sent.email, address: '1 Secret Lane'});
	assert.deepEqual(one.deadlines.filter(d => d.state === 'RUNNING').map(d => d.clock), ['K2'], 'something is missing');
	const told = await reg.sql(`select type, actor_kind from assetd.change where subject in ($1, $2) order by id`, [one.id, body.id]);
	assert.deepEqual(told.map(t => [t.type, t.actor_kind]).sort(), [['body.created', 'COMMUNITY_BODY'], ['request.received', 'COMMUNITY_BODY']]);
});

test('officers read the words, nobody else does, and they stand in no change and no fact', async () => {
	const {request_id} = await received(await asset(), {words: 'Secret greeting'});
	const said = await reg.sql(`select code, text from assetd.request_sent where request_id = $1 order by number`, [request_id]);
	assert.deepEqual(said.slice(0, 3).map(s => [s.code, s.text]), [['RECEIVED', 'Secret greeting'], ['BODY', 'Secret words on body'], ['REASONS', 'Secret words on reasons']]);
	assert.equal(said.length, 11);
	const shown = ok(await estates.get(`/v1/requests/${request_id}/case`), 200);
	assert.deepEqual(shown.sent.map(s => s.code), said.map(s => s.code));
	for (const who of [viewer, finance])
		assert.equal((await who.get(`/v1/requests/${request_id}/case`)).status, 403);
	for (const table of ['change', 'change_money', 'fact', 'request', 'request_event'])
		assert.doesNotMatch(JSON.stringify(await reg.sql(`select * from assetd.${table}`)), /Secret|Morag|private\.example/, table);
	for (const path of [`/v1/requests/${request_id}`, `/v1/requests/${request_id}/events`, `/v1/requests/${request_id}/history`, '/v1/community-bodies'])
		assert.doesNotMatch((await anyone.get(path)).text, /Secret|Morag|private\.example/, path);
	assert.doesNotMatch((await anyone.get(`/requests/${request_id}`, html)).text, /Secret|Morag|private\.example/);
});

test('an enquiry and an expression of interest start no clock, and land that is not listed is asked for like any other', async () => {
	for (const stage of ['ENQUIRY', 'EXPRESSION_OF_INTEREST']) {
		const {request_id, state} = await received(await asset(), {stage, contents: undefined, offer_pence: undefined});
		assert.equal(state, stage);
		const request = ok(await estates.get(`/v1/requests/${request_id}`), 200);
		assert.deepEqual([request.state, request.deadlines], [stage, []]);
	}
	const land = {authority_id: council.id, description: 'The field behind the mill', postcode: 'PH2 9NU'};
	const {request_id} = await received(undefined, {land, kind: 'LEASE', offer_pence: undefined, contents: {rent: 'A pound a year for ten years'}});
	const request = ok(await anyone.get(`/v1/requests/${request_id}`), 200);
	assert.deepEqual([request.land.description, request.state], ['The field behind the mill', 'RECEIVED']);
	assert.deepEqual(request.items.filter(i => i.received_on).map(i => i.code).sort(), ['ADDRESS', 'LAND', 'NAME', 'PART5', 'RENT', 'TYPE', 'WRITING']);
	problem(await ask(asking(undefined, {land: {...land, authority_id: `aut_${'0'.repeat(26)}`}})), 404, 'not-found');
	problem(await ask(asking(await asset(), {land})), 422, 'invalid', '/asset_id');
	problem(await ask(asking(undefined)), 422, 'invalid', '/asset_id');
});

test('what is hidden, removed or disposed of is not asked for by the form', async () => {
	const hidden = await asset({published: false});
	problem(await ask(asking(hidden)), 404, 'not-found');
	assert.equal((await anyone.get(`/assets/${hidden}/ask`, html)).status, 404);
	const gone = await asset();
	ok(await admin.request('DELETE', `/v1/assets/${gone}?reason=Typed`, {headers: {'If-Match': (await admin.get(`/v1/assets/${gone}`)).headers.etag}}), 204);
	problem(await ask(asking(gone)), 404, 'not-found');
	assert.equal((await anyone.get(`/assets/${gone}/ask`, html)).status, 410);
	const sold = await asset();
	ok(await admin.post(`/v1/assets/${sold}/disposals`, {kind: 'MARKET', completed_on: '2026-10-01', gross_pence: 1}));
	problem(await ask(asking(sold)), 409, 'land-disposed');
	const page = await anyone.get(`/assets/${sold}/ask`, html);
	assert.ok(page.status === 200 && page.text.includes('section 79') && !page.text.includes(`action="/assets/${sold}/ask"`));
	assert.ok(!(await anyone.get(`/assets/${sold}`, html)).text.includes('Ask for this'));
	const exempt = await anyone.get(`/assets/${await asset({exempt_reason: 'A hostel', tenure: 'LEASED_IN'})}/ask`, html);
	assert.ok(exempt.text.includes('may be asked for all the same') && exempt.text.includes('leases it from somebody else'));
	// What goes while the letter lies in the box.
	const {token} = await asked(hidden, {asset_id: await asset()});
	const [{asset_id}] = await reg.sql('select asset_id from assetd.request_draft where id = $1', [token.slice(0, 30)]);
	ok(await admin.request('DELETE', `/v1/assets/${asset_id}?reason=Typed`, {headers: {'If-Match': (await admin.get(`/v1/assets/${asset_id}`)).headers.etag}}), 204);
	problem(await confirm(token), 410, 'gone');
});

test('it counts as received on its day in London, to the last minute, also where it is confirmed six days later', async () => {
	for (const [sent, on] of [['2026-10-20T22:59:30Z', '2026-10-20'], ['2026-10-20T23:00:30Z', '2026-10-21']]) {
		at(sent);
		const {sent: {email}, token} = await asked(await asset());
		at('2026-10-26T23:30:00Z');
		const done = await form('/confirm', {token});
		const page = await anyone.get(done.headers.location, html);
		at('2026-10-20T10:00:00Z');
		const [{received_on}] = await reg.sql('select received_on::text from assetd.request where id = (select request_id from assetd.answer_link where id = $1)',
			[/anl_[0-9a-z]{26}/.exec(done.headers.location)[0]]);
		assert.equal(received_on, on, email);
		assert.ok(page.text.includes(`counts as received on ${on === '2026-10-20' ? 20 : 21} October 2026`), 'the page says so');
	}
});

test('what was hidden while the letter lay in the box becomes no request; what was sold since is a request of the day on which it was not', async () => {
	const [sold, hidden] = [await asset(), await asset()];
	const [one, two] = [await asked(sold), await asked(hidden)];
	at('2026-10-21T10:00:00Z');
	ok(await admin.post(`/v1/assets/${sold}/disposals`, {kind: 'MARKET', completed_on: '2026-10-21', gross_pence: 1}));
	assert.equal(ok(await confirm(one.token), 200).received_on, '2026-10-20');
	ok(await admin.patch(`/v1/assets/${hidden}`, {published: false}, {match: '*'}), 200);
	problem(await confirm(two.token), 410, 'gone');
	assert.deepEqual(await requests(hidden), []);
	at('2026-10-20T10:00:00Z');
});

test('a link used twice, altered, of nobody, or old', async () => {
	const hall = await asset(), {token} = await asked(hall);
	for (const bad of [`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, token.replace(/rqd_./, 'rqd_z'), token.replace('rqd_', 'rpd_'), token.slice(0, 30), `${token}0`,
		`rqd_${'0'.repeat(26)}.${'0'.repeat(32)}`])
		problem(await confirm(bad), 404, 'not-found');
	ok(await confirm(token), 200);
	problem(await confirm(token), 410, 'gone');
	assert.equal((await requests(hall)).length, 1);
	const old = await asked(await asset());
	try {
		at('2026-10-27T11:00:00Z');
		problem(await confirm(old.token), 410, 'gone');
		await until(async () => !(await reg.sql('select 1 from assetd.request_draft where id = $1', [old.token.slice(0, 30)])).length, {what: 'what nobody confirmed to be deleted'});
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('twenty press the button at once: one request', async () => {
	const hall = await asset(), {token} = await asked(hall);
	const replies = await Promise.all(Array.from({length: 20}, () => confirm(token)));
	assert.deepEqual(replies.map(r => r.status).sort(), [200, ...Array(19).fill(410)], replies.map(r => r.text).join());
	assert.equal((await requests(hall)).length, 1);
});

test('many groups ask for one thing at once: each has its request, and all of them compete', async () => {
	const hall = await asset();
	const tokens = await Promise.all(Array.from({length: 8}, () => asked(hall).then(a => a.token)));
	const replies = await Promise.all(tokens.map(confirm));
	assert.deepEqual(replies.map(r => r.status), Array(8).fill(200), replies.find(r => r.status !== 200)?.text);
	const all = await requests(hall);
	assert.equal(new Set(all.map(r => r.reference)).size, 8);
	assert.ok(all.every(r => r.flags.includes('COMPETING')), JSON.stringify(all.map(r => r.flags)));
});

test('a group that asks twice for the same is told so; for another thing it is the same group, known by its confirmed address', async () => {
	const [hall, other] = [await asset(), await asset()];
	const first = await received(hall), again = {body_name: first.sent.body_name, email: first.sent.email};
	const twice = await asked(hall, {...again, body_name: again.body_name.toUpperCase()});
	await until(() => lettersTo(again.email).filter(l => /confirm\?/.test(flat(l))).length === 2, {what: 'the second letter'});
	const second = tokenOf(lettersTo(again.email).filter(l => /confirm\?/.test(flat(l)))[1]);
	assert.notEqual(second, first.token);
	problem(await confirm(second), 409, 'duplicate');
	assert.ok(twice);
	ok(await ask(asking(other, again)), 202);
	await until(() => lettersTo(again.email).filter(l => /confirm\?/.test(flat(l))).length === 3, {what: 'the third letter'});
	const third = ok(await confirm(tokenOf(lettersTo(again.email).filter(l => /confirm\?/.test(flat(l)))[2])), 200);
	const bodyOf = async id => ok(await estates.get(`/v1/requests/${id}`), 200).community_body_id;
	assert.equal(await bodyOf(third.request_id), await bodyOf(first.request_id));
	// Somebody else who takes its name is another group.
	const stranger = await received(await asset(), {body_name: again.body_name});
	assert.notEqual(await bodyOf(stranger.request_id), await bodyOf(first.request_id));
});

test('a letter box gets five such letters a day, whichever form they are of, and the form keeps what was typed', async () => {
	const hall = await asset(), email = newAddress();
	for (let i = 0; i < 5; i++)
		ok(await ask(asking(hall, {email: i % 2 ? email : email.replace('@', `+${i}@`)})), 202);
	problem(await ask(asking(hall, {email})), 429, 'rate-limited');
	const page = await form(`/assets/${hall}/ask`, {stage: 'ENQUIRY', kind: 'LEASE', body_name: '<b>Trust</b>', legal_form: 'SCIO', name: 'M', email});
	assert.equal(page.status, 429);
	assert.ok(page.text.includes('value="&lt;b&gt;Trust&lt;/b&gt;"') && page.text.includes('too many e-mails'));
	at('2026-10-21T11:00:00Z');
	ok(await ask(asking(hall, {email})), 202);
	at('2026-10-20T10:00:00Z');
});

test('a stranger who asks for one thing from any number of boxes keeps nobody out: what they push out is their own', async () => {
	const hall = await asset();
	const from = (network, more) => anyone.post('/v1/asks', asking(hall, {stage: 'ENQUIRY', contents: undefined, offer_pence: undefined, ...more}), {headers: {'X-Forwarded-For': network}});
	const strange = async (many, first = 0) => {
		for (let i = first; i < first + many; i++)
			ok(await from(['198.51.100.7', '203.0.113.9', '2001:db8:7:1::1', '2001:db8:7:2::1'][i % 4]), 202);
	};
	const waiting = async () => (await reg.sql('select count(*)::int as n, count(distinct network)::int as networks from assetd.request_draft where asset_id = $1 and form <> $2', [hall, '{}']))[0];
	await strange(200);
	assert.deepEqual(await waiting(), {n: 200, networks: 3}, 'a /48 is one network');
	const email = newAddress();
	ok(await from('192.0.2.5', {email}), 202);
	const token = tokenOf(await mail.waitFor(l => l.to[0] === email));
	await strange(60, 200);
	assert.deepEqual(await waiting(), {n: 200, networks: 4});
	ok(await confirm(token), 200);
	// A neighbour in the stranger's own network is let in, too, and has the time that the stranger needs to fill all of it anew.
	const neighbour = newAddress();
	ok(await from('203.0.113.77', {email: neighbour}), 202);
	const theirs = tokenOf(await mail.waitFor(l => l.to[0] === neighbour));
	await strange(40, 260);
	ok(await confirm(theirs), 200);
	assert.equal((await requests(hall)).length, 2);
});

test('nobody uses up the letters of a box that is another\'s, and what gave way counts with those that it had', async () => {
	const hall = await asset(), email = newAddress();
	const from = (network, to) => anyone.post('/v1/asks', asking(hall, {stage: 'ENQUIRY', contents: undefined, offer_pence: undefined, email: to}), {headers: {'X-Forwarded-For': network}});
	for (let i = 0; i < 5; i++)
		ok(await from('198.51.100.7', email), 202);
	for (let i = 0; i < 210; i++)
		ok(await from('198.51.100.8', newAddress()), 202);
	assert.equal((await reg.sql('select 1 from assetd.request_draft where email = $1 and form <> $2', [email, '{}'])).length, 0);
	problem(await from('198.51.100.9', email), 429, 'rate-limited');
	for (let i = 0; i < 5; i++)
		ok(await from('192.0.2.5', email), 202);
	problem(await from('203.0.113.5', email), 429, 'rate-limited');
	// What is expired is deleted once it has counted for its day.
	const old = async () => (await reg.sql('select 1 from assetd.request_draft where email = $1', [email])).length;
	assert.equal(await old(), 10);
	at('2026-10-21T10:01:00Z');
	await until(async () => await old() === 5, {what: 'what gave way to be deleted'});
	at('2026-10-20T10:00:00Z');
});

test('nor by asking one authority for everything, and who pushed their own out is told', async () => {
	const hall = await asset();
	const first = await asked(hall);
	await reg.sql(`insert into assetd.request_draft (id, created_at, authority_id, request_id, submitted_on, expires_at, email, form, network)
		select 'rqd_' || lpad(to_hex(i), 26, '0'), '2026-10-20T09:00:00Z'::timestamptz + i * interval '1 second', $1, 'atr_' || lpad(to_hex(i), 26, '0'), '2026-10-20',
		       '2026-10-27T09:00:00Z', 'flood' || i || '@example.org', '{}', sha256('of one network') from generate_series(1, 2000) as i`, [council.id]);
	const other = await asked(await asset());
	for (const {token} of [first, other])
		ok(await confirm(token), 200);
	const left = await reg.sql(`select min(id) as oldest, count(*)::int as n from assetd.request_draft where email like 'flood%' and expires_at = '2026-10-27T09:00:00Z'`);
	assert.ok(left[0].n < 2000 && left[0].oldest > `rqd_${'1'.padStart(26, '0')}`, JSON.stringify(left));
	const mine = await asked(await asset());
	await reg.sql(`update assetd.request_draft set expires_at = '2026-10-20T10:00:00Z' where id = $1`, [mine.token.slice(0, 30)]);
	assert.match(problem(await confirm(mine.token), 410, 'gone').detail, /very many asked for the same/);
	await reg.sql(`delete from assetd.request_draft where email like 'flood%'`);
});

test('the form says what is wrong beside each field and keeps the rest; hostile words stay words', async () => {
	const hall = await asset(), path = `/assets/${hall}/ask`;
	const empty = await form(path, {});
	assert.equal(empty.status, 422);
	for (const id of ['stage', 'kind', 'body_name', 'legal_form', 'name', 'email'])
		assert.ok(empty.text.includes(`href="#ask-${id}"`), id);
	const hostile = '</textarea><script>alert(1)</script>';
	const sent = {stage: 'RECEIVED', kind: 'OWNERSHIP', body_name: hostile, legal_form: 'SCIO', name: hostile, email: 'no address', offer_pence: 'lots',
		words: hostile, contents_reasons: hostile};
	const wrong = await form(path, sent);
	assert.equal(wrong.status, 422);
	assert.ok(wrong.text.includes('href="#ask-email"') && wrong.text.includes('href="#ask-offer_pence"') && !wrong.text.includes('<script>alert'));
	assert.equal(wrong.text.split('&lt;/textarea&gt;&lt;script&gt;').length, 5, 'each comes back, escaped');
	for (const [field, value] of [['body_name', 'a\u202Eb'], ['words', 'x'.repeat(10_001)], ['members', '-1'], ['land_authority_id', 'x']])
		assert.equal((await form(path, {...sent, email: newAddress(), offer_pence: '', [field]: value})).status, field === 'land_authority_id' ? 200 : 422, field);
	assert.equal((await form(path, sent, {'Sec-Fetch-Site': 'cross-site'})).status, 403);
	const email = newAddress();
	const page = await form(path, {...sent, email, offer_pence: '1,250.00', body_name: `${hostile} ${++n}`});
	assert.ok(page.status === 200 && page.text.includes('Check your e-mail'));
	const token = tokenOf(await mail.waitFor(l => l.to[0] === email));
	const button = await anyone.get(`/confirm?token=${token}`, html);
	assert.ok(button.text.includes('Confirm what you ask for'));
	const done = await form('/confirm', {token});
	assert.equal(done.status, 303, done.text);
	assert.match(done.headers.location, /^\/mine\?done=sent&token=anl_[0-9a-z]{26}\.[0-9a-f]{32}$/);
	const mine = await anyone.get(done.headers.location, html);
	assert.ok(mine.status === 200 && mine.text.includes('Glenfarg Council has it') && !mine.text.includes('<script>alert'), mine.text);
	const used = await form('/confirm', {token});
	assert.ok(used.status === 410 && used.text.includes('<h1 class="ds_page-header__title">This link works no longer</h1>') && !used.text.includes('Search the register for'), used.text);
	for (const again of [used, await anyone.get(`/confirm?token=${token}`, html)]) {
		assert.equal(again.status, 410);
		assert.match(again.text, /<a href="\/mine">Have the link to your own page sent again<\/a>/, 'who presses it again finds their own page');
	}
	const letter = await mail.waitFor(l => l.to[0] === email && /mine\?token/.test(flat(l)));
	assert.ok(flat(letter).includes(done.headers.location.slice('/mine?done=sent&token='.length)), 'the letter has the same link');
});

test('a form of everybody\'s that is left empty names its fields by their labels, and nothing as a program would', async () => {
	const hall = await asset(), {request_id} = await received(hall);
	ok(await estates.post(`/v1/requests/${request_id}/events`, {event: 'ITEM_RECEIVED', code: 'BODY', on: '2026-10-20'}));
	ok(await estates.post(`/v1/requests/${request_id}/events`, {event: 'VALIDATE', on: '2026-10-20', acknowledged_on: '2026-10-20'}));
	ok(await estates.post(`/v1/requests/${request_id}/events`, {event: 'NOTICES_ISSUED', on: '2026-10-20', representations_close_on: '2026-12-01'}));
	for (const [path, fields, labels] of [
		[`/assets/${hall}/ask`, {}, ['What you send', 'Name of your group', 'Your e-mail address']],
		[`/requests/${request_id}/comment`, {}, ['What you want to say', 'Your name', 'Your e-mail address']],
		['/follow', {question: `request_id=${request_id}`, rhythm: 'INSTANT'}, ['Your e-mail address']],
		['/mine', {email: ''}, ['The e-mail address that the public body has of you']],
	]) {
		const {status, text} = await form(path, fields), links = [...text.matchAll(/<li><a href="#[^"]+">([^<]+)<\/a><\/li>/g)].map(m => m[1]);
		assert.equal(status, 422, path);
		for (const label of labels)
			assert.ok(links.some(l => l.startsWith(`${label}: `) && l.endsWith('Fill it in.')), `${path}: ${links.join()}`);
		assert.doesNotMatch(text, /Add &quot;|Add "|Send a value|without a value/, path);
	}
});

test('the register is sound', () => assertSound(reg));
