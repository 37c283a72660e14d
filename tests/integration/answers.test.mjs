// The community body's turn to answer: copies are sent when each is ready, a letter brings a link, what the link shows and
// to whom, answers in time and late, and how a link ends.

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
const other = ok(await admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'T2'}));
const as = async (...roles) => admin.as((await makeKey(reg, {roles: {[council.id]: roles}})).key);
const [estates, decider, viewer] = [await as('ESTATES'), await as('DECIDER'), await as('VIEWER')];
const stranger = admin.as((await makeKey(reg, {roles: {[other.id]: ['ESTATES', 'DECIDER']}})).key);

let n = 0;
const at = moment => reg.daemon.setClock(moment);
const act = (id, event, on, more = {}, who = estates) => who.post(`/v1/requests/${id}/events`, {event, on, ...more});
const SENT = {comments_close_on: '2026-11-30'};
const send = (id, on = '2026-10-30', who = estates) => act(id, 'REPRESENTATIONS_SENT', on, SENT, who);
const move = (id, event, more = {}) => estates.post(`/v1/representations/${id}/events`, {event, ...more});
const ask = async id => ok(await estates.get(`/v1/requests/${id}`), 200);
const all = async id => ok(await estates.get(`/v1/requests/${id}/representations`), 200).items;
const answersOf = async id => (await all(id)).filter(r => r.kind === 'COMMENTS');
const link = (id, event = 'SEND', who = estates) => who.post(`/v1/requests/${id}/answer-links`, {event}, {idempotency: `l${++n}`});
const answer = (token, text) => anyone.post('/v1/answers', {token, text});
const read = (token, after = 0) => anyone.get(`/v1/answers?token=${token}&after=${after}`);
const tokenOf = letter => new RegExp(`${BASE}/answer\\?token=(anl_[0-9a-z]{26}\\.[0-9a-f]{32})`).exec(letter.text.replace(/\r\n/g, ''))[1];
const lettersTo = email => mail.letters.filter(l => l.to[0] === email);
const html = {headers: {Accept: 'text/html'}};
const form = (path, fields, headers = {}) => anyone.request('POST', path, {
	body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded', ...headers}});

/** A request with representations of 19 October, its window closed on the 29th. texts: redacted, counted. */
async function closed({texts = ['For it'], published = true, email} = {}) {
	at('2026-10-20T10:00:00Z');
	email ??= `trust.${++n}@private.example`;
	const body = ok(await estates.post('/v1/community-bodies', {name: `Hall Trust ${n}`, legal_form: 'SCIO', members: 30,
		contact: {name: 'Morag Private', ...email && {email}}})).id;
	const asset_id = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${n}`, class: 'HALL', tenure: 'OWNED', published})).id;
	const {id} = ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01', offer_pence: 4_711_00}, {idempotency: `r${++n}`}));
	ok(await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}));
	ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	const reps = [];
	for (const text of texts) {
		const rep = ok(await estates.post(`/v1/requests/${id}/representations`, {channel: 'LETTER', received_on: '2026-10-19',
			text: `I, Hamish Neighbour, say: ${text}`, writer: {name: 'Hamish Neighbour', email: 'hamish@private.example'}})).id;
		ok(await move(rep, 'MARK', {mark: 'COUNTED'}));
		ok(await move(rep, 'REDACT', {text}));
		reps.push(rep);
	}
	at('2026-10-30T10:00:00Z');
	await until(async () => (await reg.sql('select state from assetd.request where id = $1', [id]))[0].state === 'CTB_COMMENT', {what: 'the window to close'});
	return {id, reps, email, body};
}
/** The same with the copies sent, and the token of the letter. */
async function turn(options) {
	const it = await closed(options);
	ok(await send(it.id));
	const letter = await mail.waitFor(l => l.to[0] === it.email);
	return {...it, letter, token: tokenOf(letter)};
}

test('copies go when each is ready, and not before: what is in the way is named with its cure', async () => {
	const {id, reps} = await closed({texts: ['One', 'Two']});
	const late = async (more = {}) => ok(await estates.post(`/v1/requests/${id}/representations`, {channel: 'LETTER', received_on: '2026-10-29', text: 'x', ...more})).id;
	const unread = await late(), counted = await late(), repeated = await late(), tardy = await late({received_on: '2026-10-30'});
	ok(await move(counted, 'MARK', {mark: 'COUNTED'}));
	ok(await move(repeated, 'MARK', {mark: 'DUPLICATE', duplicate_of: counted, reasons: 'the same'}));
	const refused = problem(await send(id), 409, 'copies-not-ready');
	assert.deepEqual(refused.errors.map(e => e.code), ['UNREAD', 'UNREDACTED']);
	assert.ok(refused.errors[0].cure.includes(unread) && refused.errors[1].cure.includes(counted));
	assert.equal((await ask(id)).state, 'CTB_COMMENT');
	assert.ok((await all(id)).every(r => r.copied_at === null));
	ok(await move(unread, 'MARK', {mark: 'NOT_A_REPRESENTATION', reasons: 'an advertisement'}));
	assert.deepEqual(problem(await send(id), 409, 'copies-not-ready').errors.map(e => e.code), ['UNREDACTED']);
	ok(await move(counted, 'REDACT', {text: 'Three'}));
	ok(await send(id));
	assert.deepEqual((await all(id)).filter(r => r.copied_at).map(r => r.id), [...reps, counted], 'what came late and is unread, and what was set aside, is not among them');
	assert.equal((await all(id)).find(r => r.id === tardy).timing, 'LATE');
	// Its notice lists them by itself.
	const notice = ok(await estates.post(`/v1/requests/${id}/notices`, {code: 'N5'}));
	assert.deepEqual(notice.missing, []);
	assert.match(JSON.stringify(notice.content), /Representation 1, received on [^R]*19 October 2026.*Representation 2.*Representation 4, received on [^R]*29 October 2026/);
	assert.doesNotMatch(JSON.stringify(notice.content), /Representation [356],/);
});

test('a letter brings a link to exactly the copies, with the date and why, and to nothing else', async () => {
	const {id, reps, letter, token, email} = await turn({texts: ['For it', 'Against <b>it</b>']});
	assert.equal(letter.head.subject.replace(/ATR-\S+/, 'ATR'), 'Your turn to answer: what others said about ATR');
	assert.ok(letter.text.includes('30 November 2026') && letter.text.includes('Glenfarg Council'));
	assert.doesNotMatch(letter.text, /For it|Against|Morag|Hamish/, 'the letter says nothing of what was written');
	const shown = ok(await read(token), 200);
	assert.deepEqual(shown.representations.map(r => [r.number, r.received_on, r.text]), [[1, '2026-10-19', 'For it'], [2, '2026-10-19', 'Against <b>it</b>']]);
	assert.deepEqual([shown.window.clock, shown.window.due_on, shown.answers], ['K5', '2026-11-30', []]);
	assert.ok(shown.window.how.length > 0 && shown.expires_at === '2026-12-29T00:00:00.000000Z');
	assert.deepEqual(Object.keys(shown).sort(), ['answers', 'authority_name', 'community_body_name', 'expires_at', 'land', 'reference', 'representations', 'request_id', 'window']);
	const page = await anyone.get(`/answer?token=${token}`, html);
	assert.equal(page.status, 200, page.text);
	assert.ok(page.text.includes('Against &lt;b&gt;it&lt;/b&gt;') && page.text.includes('<strong>30 November 2026</strong>') && page.text.includes('How we worked out this date'));
	for (const text of [page.text, JSON.stringify(shown)])
		assert.doesNotMatch(text, new RegExp(`Hamish|Morag|private\\.example|4,?711|${email}|I, `));
	assert.equal(page.headers['referrer-policy'], 'strict-origin');
	assert.match(page.headers['cache-control'], /no-store/);
	assert.ok(!page.text.replace(`name="token" value="${token}"`, '').includes(token), 'the secret stands in the form alone');
	// Redacted anew: who reads then reads that; set aside since: nobody does.
	ok(await move(reps[0], 'REDACT', {text: 'For it all'}));
	ok(await move(reps[1], 'MARK', {mark: 'NOT_A_REPRESENTATION', reasons: 'its writer took it back'}));
	assert.deepEqual(ok(await read(token), 200).representations.map(r => r.text), ['For it all']);
	assert.equal((await ask(id)).state, 'CTB_COMMENT');
});

test('a letter that comes too late to answer, or after the decision, does not say that it is in time', async () => {
	let texts = [];
	for (const [moment, event, subject, words] of [
		['2026-12-02T10:00:00Z', undefined, /^What others said about ATR-/, /The time to answer ended on 30 November 2026\. What you send now is kept and\s+marked as late/],
		['2026-11-05T10:00:00Z', 'WITHDRAW', /^Your own page for ATR-/, /what has become of it, what is asked of you and by when/]]) {
		const it = await closed();
		mail.onRcpt = address => address === it.email ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
		ok(await send(it.id));
		await until(async () => (await reg.sql(`select from assetd.mail where state = 'WAITING' and attempts > 0`)).length, {what: 'the first attempt'});
		if (event)
			ok(await act(it.id, event, '2026-10-30'));
		at(moment);
		mail.onRcpt = () => undefined;
		await reg.sql(`update assetd.mail set due_at = created_at where state = 'WAITING'`);
		const letter = await mail.waitFor(l => l.to[0] === it.email);
		assert.match(letter.head.subject, subject);
		assert.match(letter.text, words);
		assert.doesNotMatch(letter.text, /counts if it arrives/);
		texts.push(letter.text);
	}
	const [, token] = /\/mine\?token=(anl_[0-9a-z]{26}\.[0-9a-f]{32})/.exec(texts[1].replace(/\r\n/g, ''));
	assert.equal((await anyone.get(`/mine?token=${token}`, html)).status, 200, 'and its link leads there');
});

test('the first answer moves the request, each is kept, and officers read them on the page, in the case file and in the ledger', async () => {
	const {id, token} = await turn();
	at('2026-11-02T10:00:00Z');
	const after = ok(await answer(token, 'We, Morag among us, disagree.'), 200);
	assert.deepEqual(after.answers.map(a => [a.number, a.received_on, a.timing, a.text]), [[1, '2026-11-02', 'IN_TIME', 'We, Morag among us, disagree.']]);
	assert.equal((await ask(id)).state, 'UNDER_ASSESSMENT');
	const [entry] = ok(await estates.get(`/v1/requests/${id}/events`), 200).items.slice(-1);
	assert.deepEqual([entry.event, entry.on, entry.actor], ['COMMENTS_RECEIVED', '2026-11-02', 'COMMUNITY_BODY']);
	problem(await answer(token, 'We, Morag among us, disagree.'), 409, 'representation-state');
	at('2026-11-30T23:59:00Z');
	ok(await answer(token, 'And another thing.'), 200);
	const kept = await answersOf(id);
	assert.deepEqual(kept.map(r => [r.number, r.channel, r.received_on, r.timing, r.mark, r.original]), [
		[1, 'FORM', '2026-11-02', 'IN_TIME', 'UNREAD', 'We, Morag among us, disagree.'], [2, 'FORM', '2026-11-30', 'IN_TIME', 'UNREAD', 'And another thing.']]);
	assert.equal(kept[0].event_id, entry.id);
	const page = await estates.get(`/v1/requests/${id}/file.zip?variant=full`);
	assert.ok(page.status === 200);
	assert.deepEqual(ok(await anyone.get(`/v1/requests/${id}/representations`), 200).items, [], 'nobody else reads it before it is redacted');
	ok(await move(kept[0].id, 'MARK', {mark: 'COUNTED'}));
	ok(await move(kept[0].id, 'REDACT', {text: 'We disagree.'}));
	ok(await move(kept[0].id, 'PUBLISH'));
	assert.deepEqual(ok(await anyone.get(`/v1/requests/${id}/representations`), 200).items.map(r => [r.kind, r.text]), [['COMMENTS', 'We disagree.']]);
	const told = await reg.sql(`select type, actor_kind, data from assetd.change where subject = $1 and type in ('request.comments_received', 'representation.received') order by subject_seq desc limit 2`, [id]);
	assert.deepEqual(told.map(t => [t.type, t.actor_kind, t.data.representation_kind]), [['representation.received', 'COMMUNITY_BODY', 'COMMENTS'], ['request.comments_received', 'COMMUNITY_BODY', 'COMMENTS']]);
	assert.doesNotMatch(JSON.stringify(told), /Morag/);
});

test('after the last day an answer is kept and flagged late; after the decision the page says so; then the link ends', async () => {
	const {id, token} = await turn();
	at('2026-12-01T00:00:30Z');
	await until(async () => (await ask(id)).state === 'UNDER_ASSESSMENT', {what: 'the window to close'});
	const page = await anyone.get(`/answer?token=${token}`, html);
	assert.ok(page.text.includes('The time to answer ended on <strong>30 November 2026</strong>') && page.text.includes('marked as late'));
	ok(await answer(token, 'Too late?'), 200);
	assert.deepEqual((await answersOf(id)).map(r => [r.timing, r.event_id, r.received_on]), [['LATE', null, '2026-12-01']]);
	ok(await act(id, 'REFUSE', '2026-12-01', {grounds: [{matter: 'H', text: 'needed for the school'}]}, decider));
	problem(await answer(token, 'Still?'), 409, 'transition-not-allowed');
	const decided = await anyone.get(`/answer?token=${token}`, html);
	assert.ok(decided.status === 200 && decided.text.includes('takes no answer any more') && !decided.text.includes('<form method="post" action="/answer"'));
	assert.ok(decided.text.includes('Too late?'), 'what was answered can still be read');
	at('2026-12-29T00:00:00Z');
	await until(async () => (await read(token)).status === 410, {what: 'the link to end'});
	problem(await answer(token, 'x'), 410, 'gone');
	const ended = await anyone.get(`/answer?token=${token}`, html);
	assert.ok(ended.status === 410 && ended.text.includes('This link works no longer') && ended.text.includes('Send the link again'), ended.text);
});

test('an officer sends another link, which ends the first, or ends it altogether', async () => {
	const {id, token, email, body} = await turn();
	const shown = ok(await link(id));
	assert.equal(shown.answer_link.expires_at, '2026-12-29T00:00:00.000000Z');
	await until(() => lettersTo(email).length === 2, {what: 'the second letter'});
	const second = tokenOf(lettersTo(email)[1]);
	assert.notEqual(second, token);
	problem(await answer(token, 'Hello'), 410, 'gone');
	ok(await answer(second, 'Hello'), 200);
	await until(async () => ok(await estates.get(`/v1/requests/${id}/case`), 200).answer_link.letter === 'SENT', {what: 'the letter to be known as sent'});
	assert.equal(ok(await link(id, 'REVOKE')).answer_link, null);
	problem(await read(second), 410, 'gone');
	problem(await link(id, 'REVOKE'), 404, 'not-found');
	for (const [who, status] of [[anyone, 401], [viewer, 403], [decider, 403], [stranger, 403]])
		assert.equal((await link(id, 'SEND', who)).status, status);
	problem(await link(id, 'NONSENSE'), 422, 'invalid', '/event');
	// Twenty officers at once: one link works.
	const replies = await Promise.all(Array.from({length: 20}, () => link(id)));
	assert.ok(replies.every(r => r.status === 201 || r.status === 409), replies.map(r => r.status).join());
	assert.equal((await reg.sql('select count(*)::int as n from assetd.answer_link where request_id = $1 and revoked_at is null', [id]))[0].n, 1);
	// Whose address is gone gets none.
	await until(async () => ok(await estates.get(`/v1/requests/${id}/case`), 200).answer_link.letter === 'SENT', {what: 'the last letter'});
	ok(await estates.request('PATCH', `/v1/community-bodies/${body}`, {json: {contact: null}, headers: {'If-Match': (await estates.get(`/v1/community-bodies/${body}`)).headers.etag}}), 200);
	problem(await link(id), 409, 'no-address');
});

test('without an address, or unpublished, no link is made, and officers record the answer as ever', async () => {
	for (const options of [{email: ''}, {published: false}]) {
		const {id, email} = await closed(options);
		ok(await send(id));
		problem(await link(id), 409, 'no-address');
		assert.equal((await reg.sql('select count(*)::int as n from assetd.answer_link where request_id = $1', [id]))[0].n, 0);
		problem(await estates.post(`/v1/requests/${id}/representations`, {kind: 'COMMENTS', channel: 'LETTER', received_on: '2026-10-29', text: 'x'}), 409, 'before-cause', '/received_on');
		const made = ok(await estates.post(`/v1/requests/${id}/representations`, {kind: 'COMMENTS', channel: 'LETTER', received_on: '2026-10-30', text: 'Our answer'}));
		assert.deepEqual([made.kind, made.number, made.timing], ['COMMENTS', 1, 'IN_TIME']);
		assert.equal((await ask(id)).state, 'UNDER_ASSESSMENT');
		assert.equal(email ? lettersTo(email).length : 0, 0);
	}
	const {id} = await closed();
	problem(await estates.post(`/v1/requests/${id}/representations`, {kind: 'COMMENTS', channel: 'LETTER', received_on: '2026-10-30', text: 'x'}), 409, 'transition-not-allowed');
	// Before there is anything to answer the link leads to all that is asked of the body (mine.test.mjs).
	assert.equal(ok(await link(id)).answer_link.expires_at, '2027-01-29T00:00:00.000000Z');
	ok(await send(id));
	ok(await act(id, 'COMMENTS_RECEIVED', '2026-10-30'));
	assert.equal((await ask(id)).state, 'UNDER_ASSESSMENT');
});

test('an entry of the ledger that is corrected keeps what came with it, and its day', async () => {
	const {id, reps: [first], token} = await turn();
	ok(await answer(token, 'We disagree.'), 200);
	const correct = async (event, on, who = decider) => ok(await act(id, 'CORRECT', on, {event_id: (await entryOf(event)).id, reasons: 'typed in wrongly'}, who));
	const entryOf = async event => ok(await estates.get(`/v1/requests/${id}/events`), 200).items.findLast(e => e.event === event && !e.superseded_by);
	const of = async rep => ok(await estates.get(`/v1/representations/${rep}`), 200);
	const [before] = await answersOf(id);
	await correct('REPRESENTATION_RECEIVED', '2026-10-12');
	const after = await of(first);
	assert.deepEqual([after.event_id, after.received_on, after.timing, after.version], [(await entryOf('REPRESENTATION_RECEIVED')).id, '2026-10-12', 'IN_TIME', 5]);
	await correct('COMMENTS_RECEIVED', '2026-10-30');
	const now = await of(before.id);
	assert.deepEqual([now.event_id, now.received_on, now.timing], [(await entryOf('COMMENTS_RECEIVED')).id, '2026-10-30', 'IN_TIME']);
	assert.notEqual(now.event_id, before.event_id);
	// The request came to another state before the entry: it is copied, and so is the link.
	await correct('NOTICES_ISSUED', '2026-10-01');
	assert.equal((await of(first)).event_id, (await entryOf('REPRESENTATION_RECEIVED')).id);
});

test('an address that would add a line to a letter is none that mail goes to', async () => {
	const {id, body} = await turn();
	const patch = async contact => estates.request('PATCH', `/v1/community-bodies/${body}`, {json: {contact},
		headers: {'If-Match': (await estates.get(`/v1/community-bodies/${body}`)).headers.etag}});
	for (const email of ['a@example.org\r\nBcc: x@example.org', 'a@example.org,b@example.org'])
		problem(await patch({email}), 422, 'invalid', '/contact/email');
	await reg.sql(`update assetd.community_body_contact set email = E'a@example.org\\r\\nBcc: x@example.org' where community_body_id = $1`, [body]);
	ok(await link(id));
	const state = async () => (await reg.sql(`select m.state, m.error, m.ticket from assetd.mail as m join assetd.answer_link as l on l.id = m.link_id
		where l.request_id = $1 and l.revoked_at is null`, [id]))[0];
	await until(async () => (await state()).state === 'DEAD', {what: 'the letter to be given up'});
	assert.deepEqual(await state(), {state: 'DEAD', error: 'no address that mail goes to', ticket: null});
	assert.equal(mail.letters.filter(l => l.to.length > 1 || l.head.bcc).length, 0);
});

test('a token altered, of another purpose, of nobody, and what may be sent with one', async () => {
	const {id, token} = await turn();
	for (const bad of [`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, token.replace(/anl_./, 'anl_z'), token.replace('anl_', 'rpd_'), token.slice(0, 30), 'x',
		`anl_${'0'.repeat(26)}.${'0'.repeat(32)}`])
		for (const reply of [await answer(bad, 'x'), await read(bad)])
			problem(reply, 404, 'not-found');
	problem(await anyone.post('/v1/confirmations', {token}), 404, 'not-found');
	problem(await anyone.post('/v1/answers', {text: 'x'}), 422, 'invalid', '/token');
	assert.equal((await read(token)).headers['cache-control'], 'no-store');
	problem(await anyone.get('/v1/answers'), 400, 'bad-query', '?token');
	problem(await answer(token, 'x'.repeat(10_001)), 422, 'invalid', '/text');
	problem(await answer(token, 'a\u202Eb'), 422, 'invalid', '/text');
	assert.equal((await answer(token, 'a\u0000b')).status, 400);
	assert.deepEqual(await answersOf(id), []);
	// The link may do one thing: the keys of the register are not its bearer's.
	problem(await anyone.as(token).get(`/v1/requests/${id}`), 401, 'unauthenticated');
	const empty = await form('/answer', {token, text: ''});
	assert.equal(empty.status, 422);
	assert.match(empty.text, /Write your answer\./);
	const long = await form('/answer', {token, text: `<b>${'x'.repeat(10_000)}`});
	assert.ok(long.status === 422 && long.text.includes('&lt;b&gt;xxx'), 'nothing typed is lost');
	assert.equal((await form('/answer', {token, text: 'x'}, {'Sec-Fetch-Site': 'cross-site'})).status, 403);
	assert.equal((await form('/answer', {token: `${token}0`, text: 'x'})).status, 404);
	const sent = await form('/answer', {token, text: 'line\r\nline'});
	assert.deepEqual([sent.status, sent.headers.location], [303, `/answer?sent=1&token=${token}`]);
	assert.match((await anyone.get(sent.headers.location, html)).text, /your answer has been received/);
	assert.equal((await form('/answer', {token, text: 'line\nline'})).status, 303, 'a button pressed twice');
	assert.deepEqual((await answersOf(id)).map(r => r.original), ['line\nline']);
});

test('twenty answers at once are twenty answers, and beyond fifty somebody plays', async () => {
	const {id, token} = await turn();
	const replies = await Promise.all(Array.from({length: 20}, (_, i) => answer(token, `Answer ${i}`)));
	assert.deepEqual(replies.map(r => r.status), Array(20).fill(200), replies.find(r => r.status !== 200)?.text);
	assert.deepEqual((await answersOf(id)).map(r => r.number), Array.from({length: 20}, (_, i) => i + 1));
	assert.equal((await reg.sql(`select count(*)::int as n from assetd.request_event where request_id = $1 and event = 'COMMENTS_RECEIVED'`, [id]))[0].n, 1);
	for (let i = 20; i < 50; i++)
		ok(await answer(token, `Answer ${i}`), 200);
	problem(await answer(token, 'One more'), 429, 'rate-limited');
});

test('many copies come in pages', async () => {
	const {token} = await turn({texts: Array.from({length: 21}, (_, i) => `Text ${i + 1}`)});
	const {representations} = ok(await read(token), 200);
	assert.deepEqual(representations.map(r => r.number), Array.from({length: 21}, (_, i) => i + 1));
	assert.deepEqual(ok(await read(token, 20), 200).representations.map(r => r.number), [21]);
	const page = await anyone.get(`/answer?token=${token}`, html);
	assert.ok(page.text.includes('&amp;after=20') && !page.text.includes('Text 21'));
	assert.ok((await anyone.get(`/answer?token=${token}&after=20`, html)).text.includes('Text 21'));
	assert.equal((await anyone.get(`/answer?token=${token}&after=x`, html)).status, 400);
});

test('nothing secret stands in the log, in an event, or in a column once the letter is sent', async () => {
	assert.doesNotMatch(reg.daemon.log(), /anl_[0-9a-z]{26}\.|Morag|Hamish|private\.example/);
	await until(async () => !(await reg.sql(`select 1 from assetd.mail where state = 'WAITING' and link_id is not null`)).length, {what: 'letters to be sent'});
	const tables = await reg.sql(`select table_name as t from information_schema.tables where table_schema = 'assetd' and table_type = 'BASE TABLE'`);
	for (const {t} of tables)
		assert.deepEqual(await reg.sql(`select 1 from assetd.${t} as t where t::text ~ 'anl_[0-9a-z]{26}\\.[0-9a-f]{32}'`), [], t);
});

test('the register is sound', () => assertSound(reg));
