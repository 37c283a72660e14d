// What people say of a request, through the officers' door: recorded, marked, redacted, published, erased;
// what the request makes of it; and who sees what of it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, makeKey, ok, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-10-20T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;

const council = ok(await admin.post('/v1/authorities', {name: 'Test Council', kind: 'COUNCIL', code: 'T1'}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'T2'}));
const as = async (roles, scopes) => admin.as((await makeKey(reg, {roles: {[council.id]: roles}, scopes})).key);
const [estates, decider, viewer] = [await as(['ESTATES']), await as(['DECIDER']), await as(['VIEWER'])];
const narrow = await as(['ESTATES'], ['requests:write']);
const stranger = admin.as((await makeKey(reg, {roles: {[other.id]: ['ESTATES', 'DECIDER']}})).key);
const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30})).id;

let n = 0;
const act = (id, event, on, more = {}, who = estates) => who.post(`/v1/requests/${id}/events`, {event, on, ...more});
/** A request whose window runs from 1 to 29 October 2026. */
async function opened({published = true, notices = true} = {}) {
	const asset_id = ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', published})).id;
	const {id} = ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: `r${n}`}));
	ok(await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'}));
	if (notices)
		ok(await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}));
	return id;
}
const WRITER = {name: 'Morag Private', email: 'morag@example.org', address: '1 Secret Lane'};
const LETTER = {channel: 'LETTER', received_on: '2026-10-19', text: 'I, Morag Private, am for it.', writer: WRITER};
const record = (id, more = {}, who = estates) => who.post(`/v1/requests/${id}/representations`, {...LETTER, ...more});
const move = (id, event, more = {}, who = estates) => who.post(`/v1/representations/${id}/events`, {event, ...more});
const list = async (id, who = anyone) => ok(await who.get(`/v1/requests/${id}/representations`), 200).items;
const ask = async id => ok(await estates.get(`/v1/requests/${id}`), 200);
const at = moment => reg.daemon.setClock(moment);
const SECRET = /Morag|morag|Secret/;

test('a letter is recorded with its writer, numbered, and in time', async () => {
	const id = await opened();
	const reply = await record(id);
	const made = ok(reply);
	assert.equal(reply.headers.location, `/v1/representations/${made.id}`);
	assert.deepEqual([made.number, made.kind, made.channel, made.timing, made.mark, made.shown, made.text],
		[1, 'REPRESENTATION', 'LETTER', 'IN_TIME', 'UNREAD', false, null]);
	assert.equal(made.original, LETTER.text);
	assert.deepEqual(made.writer, WRITER);
	assert.equal(ok(await record(id, {writer: undefined})).number, 2);
	const request = await ask(id);
	assert.equal(request.state, 'REPRESENTATIONS_OPEN');
	assert.equal(request.version, 6, 'two representations are two changes of the request; one told that notices fall due');
	const events = ok(await anyone.get(`/v1/requests/${id}/events`), 200).items.map(e => e.event);
	assert.equal(events.filter(e => e === 'REPRESENTATION_RECEIVED').length, 1, 'the ledger learns of the first alone');
});

test('nobody but officers sees one before it is published, and then only its redacted text', async () => {
	const id = await opened();
	const made = ok(await record(id));
	assert.deepEqual(await list(id), []);
	problem(await anyone.get(`/v1/representations/${made.id}`), 404, 'not-found');
	problem(await stranger.get(`/v1/representations/${made.id}`), 404, 'not-found');
	problem(await move(made.id, 'PUBLISH'), 409, 'representation-state');
	ok(await move(made.id, 'MARK', {mark: 'COUNTED'}));
	problem(await move(made.id, 'PUBLISH'), 409, 'representation-state');
	const redacted = ok(await move(made.id, 'REDACT', {text: 'I am for it.'}));
	assert.ok(redacted.redacted_by.startsWith('prn_') && redacted.redacted_at);
	assert.deepEqual(await list(id), []);
	ok(await move(made.id, 'PUBLISH'));
	const [shown] = await list(id);
	assert.deepEqual(Object.keys(shown).sort(), ['authority_id', 'created_at', 'id', 'kind', 'links', 'number', 'received_on', 'request_id',
		'shown_at', 'text', 'timing', 'updated_at', 'version']);
	assert.equal(shown.text, 'I am for it.');
	assert.equal((await list(id, stranger))[0].text, 'I am for it.');
	assert.deepEqual(ok(await anyone.get(`/v1/representations/${made.id}`), 200), shown);
	ok(await move(made.id, 'WITHHOLD', {reasons: 'names a neighbour'}));
	assert.deepEqual(await list(id), []);
	problem(await move(made.id, 'WITHHOLD', {reasons: 'again'}), 409, 'representation-state');
});

test('the writer is shown to officers with contacts:read, the text as it came to those who deal with requests', async () => {
	const id = await opened();
	const {id: rep} = ok(await record(id));
	const got = async who => ok(await who.get(`/v1/representations/${rep}`), 200);
	assert.deepEqual((await got(estates)).writer, WRITER);
	const less = await got(narrow), reads = await got(viewer), decides = await got(decider);
	assert.deepEqual([less.original, less.writer], [LETTER.text, null]);
	assert.deepEqual([decides.original, decides.writer], [LETTER.text, null]);
	assert.deepEqual([reads.original, reads.writer, reads.mark], [null, null, 'UNREAD']);
});

test('a redacted text that still says where its writer is reached is none', async () => {
	const {id} = ok(await record(await opened()));
	for (const text of ['I am for it. Answer to MORAG@example.org.', 'I live at 1\u00a0 Secret,\nlane and am for it.'])
		assert.match(problem(await move(id, 'REDACT', {text}), 422, 'invalid', '/text').errors[0].detail, /address of whoever wrote it/);
	assert.equal(ok(await move(id, 'REDACT', {text: 'I am for it, and live in the lane.'})).text, 'I am for it, and live in the lane.');
});

test('only estates officers of the authority record and mark', async () => {
	const id = await opened();
	const {id: rep} = ok(await record(id));
	for (const who of [anyone, viewer, decider, stranger]) {
		const status = who === anyone ? 401 : 403;
		assert.equal((await record(id, {}, who)).status, status);
		assert.ok([status, 404].includes((await move(rep, 'MARK', {mark: 'COUNTED'}, who)).status));
	}
	const hidden = await opened({published: false});
	problem(await stranger.get(`/v1/requests/${hidden}/representations`), 404, 'not-found');
	problem(await record(hidden, {}, stranger), 404, 'not-found');
	assert.deepEqual(await list(hidden, estates), []);
});

test('what is set aside has a reason, is kept, and is taken down', async () => {
	const id = await opened();
	const [one, two] = [ok(await record(id)), ok(await record(id))];
	problem(await move(one.id, 'MARK', {}), 422, 'invalid', '/mark');
	problem(await move(one.id, 'MARK', {mark: 'NOT_A_REPRESENTATION'}), 422, 'invalid', '/reasons');
	problem(await move(one.id, 'MARK', {mark: 'DUPLICATE', reasons: 'same'}), 422, 'invalid', '/duplicate_of');
	problem(await move(one.id, 'MARK', {mark: 'DUPLICATE', reasons: 'same', duplicate_of: one.id}), 422, 'invalid', '/duplicate_of');
	const elsewhere = ok(await record(await opened()));
	problem(await move(one.id, 'MARK', {mark: 'DUPLICATE', reasons: 'same', duplicate_of: elsewhere.id}), 422, 'invalid', '/duplicate_of');
	problem(await move(one.id, 'MARK', {mark: 'COUNTED', text: 'x'}), 422, 'invalid', '/text');
	problem(await move(one.id, 'REDACT', {}), 422, 'invalid', '/text');
	problem(await move(one.id, 'NONSENSE'), 422, 'invalid', '/event');
	ok(await move(one.id, 'MARK', {mark: 'COUNTED'}));
	ok(await move(one.id, 'REDACT', {text: 'For it.'}));
	ok(await move(one.id, 'PUBLISH'));
	const set = ok(await move(one.id, 'MARK', {mark: 'DUPLICATE', reasons: 'the same words', duplicate_of: two.id}));
	assert.deepEqual([set.mark, set.shown, set.duplicate_of, set.withheld_reasons], ['DUPLICATE', false, two.id, 'the same words']);
	assert.deepEqual(await list(id), []);
	assert.equal((await list(id, estates)).length, 2);
	assert.deepEqual((await list(id, viewer)).map(r => r.mark), ['DUPLICATE', 'UNREAD']);
});

test('two officers at once: the second hears that it has changed', async () => {
	const {id: rep} = ok(await record(await opened()));
	const seen = (await estates.get(`/v1/representations/${rep}`)).headers.etag;
	ok(await estates.post(`/v1/representations/${rep}/events`, {event: 'MARK', mark: 'COUNTED'}, {headers: {'If-Match': seen}}));
	problem(await estates.post(`/v1/representations/${rep}/events`, {event: 'REDACT', text: 'x'}, {headers: {'If-Match': seen}}), 412, 'stale');
	const replies = await Promise.all(Array.from({length: 10}, (_, i) => move(rep, 'REDACT', {text: `text ${i}`})));
	assert.ok(replies.every(r => r.status === 201 || r.status === 409), replies.map(r => r.status).join());
	assert.ok(replies.some(r => r.status === 201));
});

test('erasing leaves the redacted text, the number and the events, and nothing of the writer anywhere', async () => {
	const id = await opened();
	const {id: rep} = ok(await record(id));
	problem(await move(rep, 'ERASE'), 409, 'representation-state');
	ok(await move(rep, 'MARK', {mark: 'COUNTED'}));
	problem(await move(rep, 'ERASE'), 409, 'representation-state');
	ok(await move(rep, 'REDACT', {text: 'For it.'}));
	ok(await move(rep, 'PUBLISH'));
	const gone = ok(await move(rep, 'ERASE'));
	assert.deepEqual([gone.original, gone.writer, gone.text, gone.shown], [null, null, 'For it.', true]);
	assert.ok(gone.erased_at);
	problem(await move(rep, 'ERASE'), 409, 'representation-state');
	assert.equal((await list(id))[0].text, 'For it.');
	await until(async () => (await reg.sql(`select 1 from assetd.feed where subject = $1 and type = 'representation.erased'`, [id])).length,
		{what: 'the feed to tell of it'});
	for (const who of [anyone, estates, decider]) {
		for (const path of [`/v1/requests/${id}/history`, `/v1/events?subject=${id}`, `/v1/requests/${id}/events`, `/v1/requests/${id}`])
			assert.doesNotMatch((await who.get(path)).text, SECRET, path);
	}
	const tables = await reg.sql(`select table_name as t from information_schema.tables where table_schema = 'assetd' and table_type = 'BASE TABLE'`);
	const whole = (await Promise.all(tables.map(({t}) => reg.sql(`select * from assetd.${t} as t where t::text like $1`, [`%${rep}%`])))).flat();
	assert.ok(whole.length >= 1);
	assert.doesNotMatch(JSON.stringify(whole), SECRET);
	assert.doesNotMatch(reg.daemon.log(), SECRET);
});

test('no event says who wrote or what', async () => {
	const id = await opened();
	const {id: rep} = ok(await record(id));
	ok(await move(rep, 'MARK', {mark: 'NOT_A_REPRESENTATION', reasons: 'Morag withdrew'}));
	const told = await reg.sql('select type, data, before, after, reason from assetd.change where subject = $1 order by subject_seq', [id]);
	assert.deepEqual(told.slice(-2).map(t => t.type), ['representation.received', 'representation.marked']);
	assert.doesNotMatch(JSON.stringify(told), SECRET);
	assert.equal(told.at(-1).data.representation_id, rep);
	assert.doesNotMatch(JSON.stringify(await reg.sql('select * from assetd.fact where subject = $1', [id])), SECRET);
});

test('before the notices there is nothing to represent on, and not before validation', async () => {
	problem(await record(await opened({notices: false})), 409, 'transition-not-allowed');
	const id = await opened();
	problem(await record(id, {received_on: '2026-09-30'}), 409, 'before-cause', '/received_on');
	problem(await record(id, {received_on: '2026-10-21'}), 422, 'date-in-future', '/received_on');
});

test('texts: 10,000 characters, no NUL, no marks of direction; the rest as it came', async () => {
	const id = await opened();
	const long = '\u{1F600}'.repeat(10_000), script = '<script>alert("x")</script>\nשלום & \'Tom\'';
	assert.equal(ok(await record(id, {text: long})).original, long);
	assert.equal(ok(await record(id, {text: script})).original, script);
	problem(await record(id, {text: long + 'a'}), 422, 'invalid', '/text');
	problem(await record(id, {text: 'a\u202Eb'}), 422, 'invalid', '/text');
	problem(await record(id, {text: ' \u200b '}), 422, 'invalid', '/text');
	assert.equal((await record(id, {text: 'a\u0000b'})).status, 400);
	problem(await record(id, {writer: {email: 'nobody'}}), 422, 'invalid', '/writer/email');
});

test('the window: the last minute in London is in time, the next day is late, kept and flagged', async () => {
	const id = await opened(), silent = await opened();
	try {
		at('2026-10-29T23:59:30Z');
		assert.equal(ok(await record(id, {received_on: '2026-10-29'})).timing, 'IN_TIME');
		at('2026-10-30T00:00:30Z');
		const late = ok(await record(silent, {received_on: '2026-10-30'}));
		assert.equal(late.timing, 'LATE');
		const asked = await ask(silent);
		assert.equal(asked.state, 'UNDER_ASSESSMENT');
		assert.ok(asked.flags.includes('LATE_REPRESENTATION'));
		ok(await record(id, {received_on: '2026-10-30'}));
		assert.equal((await ask(id)).state, 'CTB_COMMENT');
		// Posted in time, opened by the officer a day later: it was there when the window closed.
		const found = ok(await record(silent, {received_on: '2026-10-29'}));
		assert.equal(found.timing, 'IN_TIME');
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('one found on the mat after the window closed was there when it did, unless an officer has gone on since', async () => {
	const [id, gone] = [await opened(), await opened()];
	try {
		at('2026-10-30T10:00:00Z');
		// Else the act below may meet what time does at that very moment, and is told so.
		await until(async () => (await reg.sql('select 1 from assetd.request where id in ($1, $2) and state = \'UNDER_ASSESSMENT\'', [id, gone])).length === 2,
			{what: 'the window to have closed'});
		assert.equal(ok(await record(id, {received_on: '2026-10-29'})).timing, 'IN_TIME');
		assert.equal((await ask(id)).state, 'CTB_COMMENT');
		ok(await act(gone, 'EXTEND', '2026-10-30', {until_on: '2027-06-01'}), 201);
		assert.equal(ok(await record(gone, {received_on: '2026-10-29'})).timing, 'IN_TIME');
		assert.equal((await ask(gone)).state, 'UNDER_ASSESSMENT');
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('where all that came is set aside before the window closes, nobody has anything to answer', async () => {
	const [spam, mixed] = [await opened(), await opened()];
	const set = async id => ok(await move(ok(await record(id)).id, 'MARK', {mark: 'NOT_A_REPRESENTATION', reasons: 'an advertisement'}));
	await set(spam);
	await set(mixed);
	ok(await record(mixed));
	try {
		at('2026-10-30T10:00:00Z');
		for (const [id, state] of [[spam, 'UNDER_ASSESSMENT'], [mixed, 'CTB_COMMENT']]) {
			// Time may act at this very moment too, and one of the two then tries again.
			await until(async () => (await act(id, 'EXTEND', '2026-10-30', {until_on: '2027-06-01'})).status === 201, {what: 'the extension'});
			assert.equal((await ask(id)).state, state);
		}
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('after the decision one is still kept, and moves nothing', async () => {
	const id = await opened();
	try {
		at('2026-11-05T10:00:00Z');
		ok(await act(id, 'REFUSE', '2026-11-05', {grounds: [{matter: 'H', text: 'needed for the school'}]}, decider));
		const late = ok(await record(id, {received_on: '2026-11-05'}));
		assert.deepEqual([late.timing, late.event_id], ['LATE', null]);
		assert.equal((await ask(id)).state, 'REFUSED');
	} finally {
		at('2026-10-20T10:00:00Z');
	}
});

test('PostgreSQL itself refuses to show what was not redacted', async () => {
	const {id: rep} = ok(await record(await opened()));
	await assert.rejects(reg.sql(`update assetd.representation set shown = true where id = $1`, [rep]), /representation_shown_when_redacted/);
	await assert.rejects(reg.sql(`update assetd.representation set mark = 'COUNTED', marked_at = updated_at, shown = true, shown_at = updated_at
		where id = $1`, [rep]), /representation_shown_when_redacted/);
});



test('pages: a form from elsewhere or without its word does nothing, and the public sees no form', async () => {
	const id = await opened();
	const page = `/requests/${id}/representations`;
	const post = (path, fields, headers = {}) => anyone.request('POST', path, {
		body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded', ...headers}});
	assert.equal((await post(page, {channel: 'LETTER', received_on: '2026-10-19', text: 'x'})).status, 401);
	const shown = await anyone.get(page, {headers: {Accept: 'text/html'}});
	assert.equal(shown.status, 200);
	assert.ok(!shown.text.includes('method="post"'));
	assert.ok(shown.text.includes('29 October 2026'));
	assert.equal((await anyone.get(`${page}?after=x`)).status, 400);
	assert.equal((await anyone.get(`/requests/atr_${'z'.repeat(26)}/representations`)).status, 404);
});

test('the page of the request says until when everybody may say something, and who reads it', async () => {
	const words = async id => (await anyone.get(`/requests/${id}`, {headers: {Accept: 'text/html'}})).text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
	at('2026-10-20T10:00:00Z');
	assert.match(await words(await opened({notices: false})), /What people say of it No notice has asked for representations yet\./);
	const id = await opened();
	assert.match(await words(id), /Everybody may say what they think of it until 29 October 2026 , by writing to Test Council\. Test Council reads it before it decides; Hall Trust gets it/);
	at('2026-10-31T10:00:00Z');
	await until(async () => /could say what they think of it ended on 29 October 2026/.test(await words(id)), {what: 'the time to be over'});
});

test('the register is sound', () => assertSound(reg));
