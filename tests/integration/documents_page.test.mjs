// Documents in the browser, without script: an officer sends one in by a form, says whether it may be
// shown, and everybody then finds it; nobody else does either.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import * as files from '../harness/files.mjs';
import {makeKey, openSession, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const made = async (path, json, options) => {
	const reply = await admin.post(path, json, options);
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};
const council = await made('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'});
const other = await made('/v1/authorities', {name: 'Other', kind: 'COUNCIL', code: 'O'});
const asset = await made('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'});
const body = await made('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40});
const request = await made('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'r'});

const cookies = reply => Object.fromEntries((reply.headers['set-cookie'] ?? []).map(c => c.split(';')[0].split(/=(.*)/)));
const page = (path, cookie) => anyone.get(path, {headers: {Accept: 'text/html', ...(cookie && {Cookie: cookie})}});
const csrfOf = text => /name="csrf" value="([^"]+)"/.exec(text)?.[1];

/* Signed in with a key: the cookie. */
const session = async key => (await openSession(reg.url, key)).cookie;
const keyOf = async (id, ...roles) => (await makeKey(reg, {roles: {[id]: roles}})).key;
const officer = await session(await keyOf(council.id, 'ESTATES'));
const stranger = await session(await keyOf(other.id, 'ESTATES'));
const viewer = await session(await keyOf(council.id, 'VIEWER'));

const LINE = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
/* A form as Chromium sends it. file: [name, bytes]. */
function multipart(fields, file) {
	const parts = Object.entries(fields).map(([name, value]) => Buffer.from(`--${LINE}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
	if (file)
		parts.push(Buffer.from(`--${LINE}\r\nContent-Disposition: form-data; name="file"; filename="${file[0].replaceAll('"', '%22')}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
			Buffer.from(file[1]), Buffer.from('\r\n'));
	return Buffer.concat([...parts, Buffer.from(`--${LINE}--\r\n`)]);
}
const post = (path, bytes, cookie, headers = {}) => anyone.request('POST', path, {body: bytes, agent: false,
	headers: {'Content-Type': `multipart/form-data; boundary=${LINE}`, Accept: 'text/html', Cookie: cookie, ...headers}});
const send = async (parent, file, fields = {}, cookie = officer) =>
	post(`${parent}/documents`, multipart({csrf: csrfOf((await page('/', cookie)).text), title: 'Plan of the hall', kind: 'PLAN', received_on: '2026-11-20', alt: '', redacts_id: '', ...fields}, file), cookie);
const listed = async parent => (await admin.get(`/v1/documents?${parent.startsWith('/assets') ? 'asset' : 'request'}_id=${parent.split('/')[2]}`)).json.items;

test('an officer sends a document in, shows it, and everybody finds it', async () => {
	for (const parent of [`/assets/${asset.id}`, `/requests/${request.id}`]) {
		const bytes = files.pdf('by form', 700_000);
		const reply = await send(parent, ['Fhàs "x".pdf', bytes]);
		assert.deepEqual([reply.status, reply.headers.location], [303, `${parent}/documents`], reply.text.slice(0, 600));
		const [doc] = await listed(parent);
		assert.deepEqual([doc.state, doc.title, doc.kind, doc.file_name, doc.received_on, doc.byte_count, doc.published],
			['STORED', 'Plan of the hall', 'PLAN', 'Fhàs "x".pdf', '2026-11-20', bytes.length, false]);
		assert.doesNotMatch((await page(`${parent}/documents`)).text, /Plan of the hall|Send one in/);
		assert.equal((await page(`/documents/${doc.id}/content`)).status, 404);
		const mine = await page(`${parent}/documents`, officer);
		assert.match(mine.text, /Nobody has looked for personal data yet/);
		assert.match(mine.text, /Plan of the hall(<\/a>)? \(700 KB\)/);
		const act = (fields, cookie = officer) => anyone.request('POST', `/documents/${doc.id}`, {
			body: new URLSearchParams({csrf: csrfOf(mine.text), ...fields}).toString(),
			headers: {'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html', Cookie: cookie}});
		assert.equal((await act({redaction: 'UNCHECKED', published: 'true'})).status, 409);
		assert.equal((await act({redaction: 'NOT_NEEDED', published: 'true'})).status, 303);
		for (const path of [`${parent}/documents`, parent])
			assert.match((await page(path)).text, new RegExp(`/documents/${doc.id}/content`), path);
		assert.ok((await page(`/documents/${doc.id}/content`)).bytes.equals(bytes));
		assert.equal((await act({redaction: 'NEEDED'})).status, 303, 'without the tick it is shown no longer');
		assert.equal((await page(`/documents/${doc.id}/content`)).status, 404);
	}
});

test('a form that is not whole, not a form, without a file, of a wrong file, or too large stores nothing', async () => {
	const parent = `/assets/${asset.id}`, before = (await listed(parent)).filter(d => d.state === 'STORED').length;
	const csrf = csrfOf((await page('/', officer)).text);
	const whole = multipart({csrf, title: 'T', kind: 'PLAN'}, ['a.pdf', files.pdf()]);
	const cut = await post(`${parent}/documents`, whole.subarray(0, whole.length - 20), officer);
	assert.match(cut.text, /The form cannot be read/);
	for (const [status, reply] of [
		[400, cut],
		[400, await post(`${parent}/documents`, Buffer.from('hello'), officer)],
		[415, await post(`${parent}/documents`, whole, officer, {'Content-Type': 'multipart/form-data'})],
		[422, await post(`${parent}/documents`, Buffer.from(`csrf=${csrf}`), officer, {'Content-Type': 'application/x-www-form-urlencoded'})],
		[422, await send(parent, undefined)],
		[422, await send(parent, ['', ''])],
		[422, await send(parent, ['a.pdf', '<svg/>'])],
		[422, await send(parent, ['a.pdf', files.pdf()], {title: ''})],
		[422, await send(parent, ['a.pdf', files.pdf()], {kind: 'DECISION'})],
		[422, await send(parent, ['a.pdf', files.pdf()], {received_on: '2026-11-22'})],
		[422, await send(parent, ['a\u202e.pdf', files.pdf()])],
		[413, await send(parent, ['a.pdf', files.pdf('x', (25 << 20) + 1)])],
		[403, await post(`${parent}/documents`, whole, officer, {'Sec-Fetch-Site': 'cross-site'})],
		[403, await send(parent, ['a.pdf', files.pdf()], {csrf: 'x'.repeat(43)})],
		[403, await send(parent, ['a.pdf', files.pdf()], {}, viewer)],
		[403, await send(parent, ['a.pdf', files.pdf()], {}, stranger)],
		[404, await send(`/assets/ast_${'0'.repeat(26)}`, ['a.pdf', files.pdf()])],
	]) {
		assert.equal(reply.status, status, reply.text.slice(0, 1500));
		assert.equal(reply.headers['content-type'], 'text/html; charset=utf-8');
	}
	assert.equal((await post(`${parent}/documents`, Buffer.alloc(28 << 20), officer)).status, 413, 'refused before it is read');
	assert.equal((await listed(parent)).filter(d => d.state === 'STORED').length, before);
	assert.equal((await send(parent, ['exact.pdf', files.pdf('x', 25 << 20)])).status, 303);
});

test('what people typed is shown as text', async () => {
	const parent = `/assets/${asset.id}`;
	assert.equal((await send(parent, ['a.png', files.png()], {title: '<script>alert(1)</script>', kind: 'PHOTOGRAPH', alt: '"><b>'})).status, 303);
	const {text} = await page(`${parent}/documents`, officer);
	assert.doesNotMatch(text, /<script>alert|"><b>/);
	assert.match(text, /&lt;script&gt;alert/);
});

test('beside the tick it is said which files tell more than they show', async () => {
	for (const [name, bytes, tells] of [['a.pdf', files.pdf(), true], ['a.docx', files.docx(), true], ['a.odt', files.odt(), true], ['a.xlsx', files.xlsx(), true], ['a.tif', files.tiff(), true],
		['a.png', files.png(), false], ['a.jpg', files.jpeg(), false], ['a.webp', files.webp(), false], ['a.txt', 'words', false]]) {
		const hut = await made('/v1/assets', {authority_id: council.id, name: `Hut ${name}`, class: 'HALL', tenure: 'OWNED'});
		assert.equal((await send(`/assets/${hut.id}`, [name, bytes])).status, 303);
		const {text} = await page(`/assets/${hut.id}/documents`, officer);
		assert.equal(/as it came, with what its pages do not show/.test(text), tells, name);
		assert.equal(/name="published"[^>]*aria-describedby="telling-1"/.test(text), tells, name);
	}
});

test('a form that was refused comes back with what was typed', async () => {
	const reply = await send(`/assets/${asset.id}`, ['a.pdf', '<svg/>'], {title: 'Plan "A"', alt: 'A hall', kind: 'SURVEY', received_on: '2026-11-30'});
	assert.equal(reply.status, 422);
	assert.match(reply.text, /value="Plan &quot;A&quot;"/);
	assert.match(reply.text, /value="SURVEY" selected/);
	assert.match(reply.text, /id="send-received_on-error"/);
	assert.match(reply.text, /choose it again/);
	assert.match((await send(`/assets/${asset.id}`, undefined, {title: 'No file'})).text, /href="#send-file"[^>]*>No file was chosen/);
	assert.match((await send(`/assets/${asset.id}`, ['a.pdf', '<svg/>'])).text, /not of a type that is kept here/);
});

test('documents of an entry that was merged are those of the one that stays, and go when that goes', async () => {
	const [twin, kept] = [await made('/v1/assets', {authority_id: council.id, name: 'Twin', class: 'HALL', tenure: 'OWNED'}),
		await made('/v1/assets', {authority_id: council.id, name: 'Kept', class: 'HALL', tenure: 'OWNED'})];
	await send(`/assets/${twin.id}`, ['a.pdf', files.pdf('twin')], {title: 'Of the twin'});
	const [doc] = await listed(`/assets/${twin.id}`);
	assert.equal((await admin.patch(`/v1/documents/${doc.id}`, {published: true, redaction: 'NOT_NEEDED'}, {match: '*'})).status, 200);
	assert.equal((await admin.post(`/v1/assets/${twin.id}/merge`, {into: kept.id}, {match: '*'})).status, 200);
	const moved = await page(`/assets/${twin.id}/documents`);
	assert.deepEqual([moved.status, moved.headers.location], [301, `/assets/${kept.id}/documents`]);
	for (const path of [`/assets/${kept.id}`, `/assets/${kept.id}/documents`])
		assert.match((await page(path)).text, /Of the twin/, path);
	assert.equal((await anyone.get(`/v1/documents?asset_id=${kept.id}`)).json.items[0].id, doc.id);
	assert.equal((await page(`/documents/${doc.id}/content`)).status, 200);
	assert.equal((await admin.patch(`/v1/documents/${doc.id}`, {title: 'Still ours'}, {match: '*'})).status, 200);
	assert.equal((await admin.patch(`/v1/assets/${kept.id}`, {published: false}, {match: '*'})).status, 200);
	assert.equal((await page(`/documents/${doc.id}/content`)).status, 410, 'the one that stays is not shown, so neither is this');
	assert.deepEqual((await anyone.get(`/v1/documents?asset_id=${kept.id}`)).json.items, []);
	assert.equal((await admin.request('DELETE', `/v1/assets/${kept.id}`, {match: '*'})).status, 204);
	assert.equal((await admin.get(`/v1/documents/${doc.id}`)).status, 410);
});
