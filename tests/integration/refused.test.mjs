// Forms that were refused in their own place: a notice's, those of representations, a webhook's, a list's. What was typed stands in the
// same fields, what is wrong beside each and in the list that leads there, and a text that somebody else wrote meanwhile beside it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {formsOf, makeKey, ok, openSession, sendForm, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
const me = await openSession(reg.url, reg.adminKey);
const council = ok(await admin.post('/v1/authorities', {name: 'Refusing Council', kind: 'COUNCIL', code: 'REF'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
let n = 0;
async function request_(...events) {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	const {id} = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100}, {idempotency: `r${n}`}));
	for (const [event, on, more] of events)
		ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));
	return id;
}
const VALID = ['VALIDATE', '2026-10-01'];

const has = (form, mark) => Object.entries(mark).every(([name, value]) => form.fields.some(([n, v]) => n === name && (value === undefined || v === value)));
const findIn = (page, text, mark) => formsOf(page, text).find(form => has(form, mark));
const formOf = async (page, mark) => findIn(page, (await me.get(page)).text, mark);
const send = (form, more) => sendForm(reg.url, form, {fields: [...form.fields.filter(([name]) => !(name in more)), ...Object.entries(more)], cookie: me.cookie});
/* The fields of the same form, shown again. */
const shown = (reply, form, mark) => Object.fromEntries(findIn(form.page, reply.text, mark).fields);
const assertLed = (reply, id, words) => {
	assert.match(reply.text, new RegExp(`<a href="#${id}">[^<]*${words}`), id);
	assert.match(reply.text, new RegExp(` id="${id}"`), id);
};

test('a notice that is refused comes back with what was typed, whatever its form', async () => {
	const atr = await request_(VALID, ['NOTICES_ISSUED', '2026-11-02', {representations_close_on: '2026-12-10'}]);
	const path = `/requests/${atr}/notices/`;
	const drafted = ok(await admin.post(`/v1${path.slice(0, -1)}`, {code: 'N4'}));
	const draft = await formOf(path + drafted.id, {version: '1'});
	assert.ok(draft.written.length, 'there is something to say');
	const [field] = draft.written;
	const long = await send(draft, {[field]: 'x'.repeat(40_000)});
	assert.equal(long.status, 422);
	assertLed(long, `in-${field}`, '');
	assert.equal(shown(long, draft, {version: '1'})[field].length, 40_000);
	ok(await admin.patch(`/v1${path}${drafted.id}`, {[field]: 'Theirs'}, {match: '*'}), 200);
	const late = await send(draft, {[field]: 'Mine'});
	assert.equal(late.status, 409);
	assert.match(late.text, /<caption id="beside-caption">/);
	assert.match(late.text, new RegExp(`<a href="#in-${field}">[^]*Theirs[^]*Mine`));
	const again = findIn(draft.page, late.text, {version: '2', [field]: undefined});
	assert.equal((await send(again, {})).status, 303);
	assert.equal(ok(await admin.get(`/v1${path}${drafted.id}`), 200).form[field], 'Mine');
	const discard = await formOf(path + drafted.id, {act: 'DISCARD'});
	const unsure = await send(discard, {});
	assert.equal(unsure.status, 422);
	assertLed(unsure, 'sure', 'It was not confirmed');

	const other = ok(await admin.post(`/v1${path.slice(0, -1)}`, {code: 'N2'}));
	const issue = await formOf(path + other.id, {recipient_kind: undefined});
	const typed = {dated_on: '2027-01-01', recipient_kind: 'COMMUNITY_BODY', recipient_manner: 'HAND', recipient_name: 'Ann <b>', recipient_address: '1 Street', recipient_served_on: 'someday'};
	const refused = await send(issue, typed);
	assert.equal(refused.status, 422);
	assert.deepEqual(Object.fromEntries(Object.entries(shown(refused, issue, {recipient_kind: undefined})).filter(([name]) => name in typed)), typed);
	assertLed(refused, 'served', 'Served on: ');
	assert.equal((await send(issue, {...typed, dated_on: '2026-11-20', recipient_served_on: '2026-11-20'})).status, 303);
	const more = await formOf(path + other.id, {recipient_kind: undefined, recipient_name: undefined});
	const early = await send(more, {...typed, recipient_served_on: '2026-11-01'});
	assert.equal(early.status, 422, early.text);
	assert.match(early.text, /value="Ann &lt;b&gt;"/);
});

test('a representation that is refused comes back, and a redaction that met another shows both', async () => {
	const atr = await request_(VALID, ['NOTICES_ISSUED', '2026-11-02', {representations_close_on: '2026-12-10'}]);
	const page = `/requests/${atr}/representations`;
	const form = await formOf(page, {channel: undefined});
	const typed = {channel: 'IN_PERSON', received_on: '2027-01-01', text: 'What I <i>heard</i>', writer_name: 'Ann', writer_email: 'no address', writer_address: '1 Street\nTown'};
	const refused = await send(form, typed);
	assert.equal(refused.status, 422);
	assert.deepEqual(Object.fromEntries(Object.entries(shown(refused, form, {channel: undefined})).filter(([name]) => name in typed)), typed);
	assertLed(refused, 'writer_email', 'E-mail address: ');
	const said = ok(await admin.post(`/v1${page}`, {channel: 'LETTER', received_on: '2026-11-19', text: 'Ann says no', writer: {name: 'Ann', email: 'ann@example.org'}}));
	const mark = await formOf(page, {event: 'MARK'});
	const unfounded = await send(mark, {mark: 'NOT_A_REPRESENTATION', reasons: ''});
	assert.equal(unfounded.status, 422);
	assertLed(unfounded, `reasons-${said.id}`, 'Reason: ');
	assert.equal(shown(unfounded, mark, {event: 'MARK'}).mark, 'NOT_A_REPRESENTATION');
	assert.match(unfounded.text, /<details [^>]* open>\n<summary[^>]*>Mark, redact, publish/);
	const redact = await formOf(page, {event: 'REDACT'});
	const told = await send(redact, {text: 'Write to ann@example.org'});
	assert.equal(told.status, 422);
	assert.equal(shown(told, redact, {event: 'REDACT'}).text, 'Write to ann@example.org');
	assertLed(told, `text-${said.id}`, 'What it says: ');
	ok(await admin.post(`/v1/representations/${said.id}/events`, {event: 'REDACT', text: 'Theirs'}));
	const late = await send(redact, {text: 'Mine'});
	assert.equal(late.status, 412);
	assert.match(late.text, /The text without personal data<\/a>[^]*Theirs[^]*Mine/);
	const again = findIn(page, late.text, {event: 'REDACT'});
	assert.equal(Object.fromEntries(again.fields).text, 'Mine');
	assert.equal((await send(again, {})).status, 303);
	assert.equal(ok(await admin.get(`/v1${page}`), 200).items[0].text, 'Mine');
});

test('a webhook is changed by its form; refused it comes back, and both versions where somebody else was faster', async () => {
	const hook = ok(await admin.post('/v1/webhooks', {url: 'https://hooks.example/in', types: ['asset.*', 'request.validated'], headers: [{name: 'X-One', value: '1'}]}));
	const page = `/webhooks/${hook.id}`, item = async () => (await admin.get(`/v1${page}`)).json;
	const form = await formOf(page, {act: 'CHANGE'});
	const stands = Object.fromEntries(form.fields);
	assert.deepEqual([stands.url, stands.types, stands.mode, stands.payload], ['https://hooks.example/in', 'asset.* request.validated', hook.mode, hook.payload]);
	const bad = await send(form, {url: 'http://', types: 'no such', timeout_s: 'soon'});
	assert.equal(bad.status, 422);
	assertLed(bad, 'hook-timeout_s', 'Seconds');
	assert.deepEqual(['url', 'types', 'timeout_s'].map(name => shown(bad, form, {act: 'CHANGE'})[name]), ['http://', 'no such', 'soon']);
	ok(await admin.patch(`/v1${page}`, {timeout_s: 7}, {match: '*'}), 200);
	const late = await send(form, {mode: 'STRICT', timeout_s: '9'});
	assert.equal(late.status, 412);
	assert.match(late.text, /Seconds that the receiver has to answer<\/a>[^]*>7<[^]*>9</);
	assert.equal((await send(findIn(page, late.text, {act: 'CHANGE'}), {})).status, 303);
	const now = await item();
	assert.deepEqual([now.mode, now.timeout_s, now.types, now.url], ['STRICT', 9, ['asset.*', 'request.validated'], 'https://hooks.example/in']);
	assert.equal(now.headers?.length, hook.headers?.length, 'what the form has not stays');
});

test('what may not be done there says so and whom to ask, beside what was typed', async () => {
	const other = ok(await admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'OTH'}));
	const officer = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	const [form] = formsOf('/assets/new', (await officer.get('/assets/new')).text).filter(one => has(one, {name: undefined}));
	const fields = [...form.fields.filter(([name]) => !['authority_id', 'name', 'class', 'tenure'].includes(name)),
		['authority_id', other.id], ['name', 'Their Hall'], ['class', 'HALL'], ['tenure', 'OWNED']];
	const reply = await sendForm(reg.url, form, {fields, cookie: officer.cookie});
	assert.equal(reply.status, 403);
	assert.match(reply.text, /<p>Sign in with an account or a key that permits it, or ask your authority’s administrator\.<\/p>/);
	assert.match(reply.text, /value="Their Hall"/);
});
