// Documents through the API: a file goes in whole or in parts and comes out as it went in; what is
// not what it says, not whole, not public or not yours is refused, and damage is noticed.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import {after, test} from 'node:test';
import * as files from '../harness/files.mjs';
import {discard, makeKey, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const PART = 262144, MOST = 25 << 20;
const reg = await startRegister({clock: '2026-11-21T10:00:00Z', conf: {limits: {body_mib: 512, body_mib_per_address: 512}}});
after(() => reg.stop());
const {admin, anyone} = reg;

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const made = async (path, json, options) => {
	const reply = await admin.post(path, json, options);
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};
const council = await made('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'});
const other = await made('/v1/authorities', {name: 'Other', kind: 'COUNCIL', code: 'O'});
const asset = await made('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED', owners: [{authority_id: council.id, units: 1}, {authority_id: other.id, units: 1}]});
const body = await made('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40});
const request = await made('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'r'});
const as = async (id, ...roles) => admin.as((await makeKey(reg, {roles: {[id]: roles}})).key);
const officer = await as(council.id, 'ESTATES'), viewer = await as(council.id, 'VIEWER'), stranger = await as(other.id, 'ESTATES', 'VIEWER', 'ADMIN', 'FINANCE');

let n = 0;
const begin = (more = {}, who = officer) => who.post('/v1/documents', {asset_id: asset.id, kind: 'OTHER', title: `Paper ${++n}`, file_name: 'paper.pdf', ...more});
const begun = async more => {
	const reply = await begin(more);
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};
const put = (id, bytes, {who = officer, range, headers = {}} = {}) => who.request('PUT', `/v1/documents/${id}/content`,
	{body: bytes, headers: {'Content-Type': 'application/octet-stream', 'If-None-Match': '*', ...(range && {'Content-Range': range}), ...headers}, agent: false});
const stored = async (bytes, more) => {
	const {id} = await begun(more);
	const reply = await put(id, bytes);
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};
const problem = (reply, status, slug) => assert.deepEqual([reply.status, reply.json?.type], [status, `/v1/problems/${slug}`], reply.text);
const content = (id, options, who = officer) => who.get(`/v1/documents/${id}/content`, options);
const published = async (bytes, more) => {
	const doc = await stored(bytes, more);
	const reply = await officer.patch(`/v1/documents/${doc.id}`, {published: true, redaction: 'NOT_NEEDED'}, {match: '*'});
	assert.equal(reply.status, 200, reply.text);
	return reply.json;
};

test('a file of each type is told by its content, and comes out as it went in', async () => {
	for (const [bytes, type, name = 'wrong.exe'] of [
		[files.pdf(), 'application/pdf'], [files.png(), 'image/png'], [files.jpeg(), 'image/jpeg'], [files.tiff(), 'image/tiff'], [files.webp(), 'image/webp'],
		[files.docx(), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
		[files.xlsx(), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'], [files.odt(), 'application/vnd.oasis.opendocument.text'],
		['Fhàs is fàs 🙂\r\n\tx', 'text/plain; charset=utf-8'], ['\ufeffa,b\n1,2\n', 'text/csv; charset=utf-8', 'List.CSV'],
	]) {
		const doc = await stored(bytes, {file_name: name});
		assert.deepEqual([doc.media_type, doc.state, doc.byte_count, doc.sha256], [type, 'STORED', Buffer.byteLength(bytes), sha256(bytes)]);
		const got = await content(doc.id);
		assert.deepEqual([got.status, got.headers['content-type']], [200, type]);
		assert.ok(got.bytes.equals(Buffer.from(bytes)), type);
		assert.equal(got.headers['content-security-policy'], "default-src 'none'; sandbox; frame-ancestors 'none'");
		assert.equal(got.headers['x-content-type-options'], 'nosniff');
		assert.equal(got.headers.etag, `"${sha256(bytes)}"`);
		assert.equal(got.headers['repr-digest'], `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`);
	}
});

test('what only looks like one of them is refused, and nothing of it is kept', async () => {
	const macro = {name: 'word/vbaProject.bin'};
	for (const [what, bytes] of Object.entries({
		'a page': '<!DOCTYPE html><script>alert(1)</script>', 'SVG': '\ufeff \n<svg xmlns="http://www.w3.org/2000/svg"/>', 'a program': Buffer.from('7f454c460201010000', 'hex'),
		'Latin-1': Buffer.from('caf\xe9 society', 'latin1'), 'a NUL': 'a\0b', 'half a character': Buffer.from('e2 82'.replace(' ', ''), 'hex'), 'an overlong one': Buffer.from('c0af', 'hex'),
		'half a PDF': files.pdf('x', 9000).subarray(0, 5000), 'half a PNG': files.png(50, 50).subarray(0, 60), 'a PNG with a ZIP behind': Buffer.concat([files.png(), files.zip([{name: 'a'}])]),
		'a PNG with a page behind': Buffer.concat([files.png(), Buffer.from('<script>')]), 'half a JPEG': files.jpeg().subarray(0, 50), 'WebP of another length': files.webp().subarray(0, 31),
		'a TIFF that begins nowhere': Buffer.from('49492a00ffffffff0000000000', 'hex'), 'a ZIP': files.zip([{name: 'a.txt', data: 'x'}]), 'macros': files.docx([macro]),
		'macros in capitals': files.docx([{name: 'word/VBAPROJECT.BIN'}]), 'a sheet of macros': files.docx([{name: 'xl/macrosheets/sheet1.xml'}]),
		'macros of OpenDocument': files.odt([{name: 'Basic/Standard/Module1.xml'}]), 'a program in OpenDocument': files.odt([{name: 'Scripts/python/a.py'}]),
		'a bomb by its own word': files.docx([{name: 'word/media/a', unpacked: 0xF0000000}]), 'ZIP64': files.docx([{name: 'a', unpacked: 0xFFFFFFFF}]),
		'an encrypted one': files.docx([{name: 'a', flags: 1}]), 'a way out': files.docx([{name: '../../etc/passwd'}]), 'two formats at once': files.docx([{name: 'xl/workbook.xml'}]),
		'a ZIP with words behind': Buffer.concat([files.docx(), Buffer.from('x')]), 'a ZIP with a comment': files.zip([{name: '[Content_Types].xml'}, {name: 'word/document.xml'}], {comment: '<script>'}),
		'a page before a ZIP': Buffer.concat([Buffer.from('PK\x03\x04<script>'), files.docx()]), 'an empty one': '',
	})) {
		const {id} = await begun({file_name: 'fine.pdf'});
		const reply = await put(id, bytes);
		problem(reply, 422, 'document-type');
		assert.ok(reply.json.detail, what);
		assert.deepEqual(await reg.sql('select 1 from assetd.document_part where document_id = $1', [id]), [], what);
		assert.equal((await officer.get(`/v1/documents/${id}`)).json.state, 'UPLOADING', what);
	}
});

test('25 MB to the byte; one more is refused before it is read', async () => {
	const bytes = files.pdf('large', MOST);
	assert.equal(bytes.length, MOST);
	const doc = await stored(bytes);
	assert.equal(doc.sha256, sha256(bytes));
	const got = await content(doc.id);
	assert.equal(got.headers['content-length'], String(MOST));
	assert.ok(got.bytes.equals(bytes));
	const {id} = await begun();
	problem(await put(id, Buffer.concat([bytes, Buffer.from('x')])), 413, 'too-large');
	problem(await put(id, Buffer.alloc(PART), {range: `bytes 0-${PART - 1}/${MOST + 1}`}), 413, 'too-large');
});

test('in parts: in any order, twice, at once; the last one makes it whole', async () => {
	const bytes = files.pdf('parts', 3 * PART + 100);
	const range = i => `bytes ${i * PART}-${Math.min((i + 1) * PART, bytes.length) - 1}/${bytes.length}`;
	const part = i => bytes.subarray(i * PART, (i + 1) * PART);
	const {id} = await begun({byte_count: bytes.length, sha256: sha256(bytes).toUpperCase()});
	assert.equal((await put(id, part(2), {range: range(2)})).status, 200);
	assert.equal((await put(id, part(0), {range: range(0)})).status, 200);
	const again = await put(id, part(0), {range: range(0)});
	assert.deepEqual([again.status, again.json.state, again.json.received_byte_count], [200, 'UPLOADING', 2 * PART]);
	problem(await content(id), 404, 'not-found');
	assert.equal((await put(id, part(3), {range: range(3)})).json.state, 'UPLOADING');
	const crowd = await Promise.all(Array.from({length: 8}, () => put(id, part(1), {range: range(1)})));
	assert.equal(crowd.filter(r => r.status === 201).length, 1, crowd.map(r => r.status).join());
	for (const reply of crowd)
		assert.ok([201, 200, 409, 412, 503].includes(reply.status), reply.text);
	const {json} = await officer.get(`/v1/documents/${id}`);
	assert.deepEqual([json.state, json.sha256, json.version], ['STORED', sha256(bytes), 2]);
	assert.ok((await content(id)).bytes.equals(bytes));
	problem(await put(id, part(1), {range: range(1)}), 412, 'stale');
	problem(await put(id, part(1), {range: range(1), headers: {'If-None-Match': '', 'If-Match': '*'}}), 409, 'document-state');
	const shape = [['bytes 1-262144/300000', PART], ['bytes 0-99/*', 100], ['bytes 0-99/200', 100], ['bytes 0-262143/300000', 5], ['bytes 5-1/300', 5], ['lines 0-1/2', 2],
		['bytes 0-99999999999999999999/1', 5]];
	const fresh = await begun();
	for (const [sent, length] of shape)
		problem(await put(fresh.id, Buffer.alloc(length, 97), {range: sent}), 422, 'invalid');
	assert.equal((await put(id, part(0), {headers: {'If-None-Match': ''}})).status, 428);
});

test('two files sent for one document at once do not become a third', async () => {
	const {id} = await begun();
	const sent = ['a', 'b', 'c', 'd'].map(c => files.pdf(c.repeat(500), 6 * PART + 5));
	const replies = await Promise.all(sent.map(bytes => put(id, bytes)));
	const {json} = await officer.get(`/v1/documents/${id}`);
	replies.forEach((reply, i) => {
		assert.ok([201, 409, 412, 503].includes(reply.status), reply.text);
		if (reply.status === 201)
			assert.equal(reply.json.sha256, sha256(sent[i]));
	});
	assert.ok(json.state === 'UPLOADING' || sent.some(bytes => sha256(bytes) === json.sha256));
});

test('what was announced is held against what arrives', async () => {
	const bytes = files.pdf();
	for (const more of [{byte_count: 5}, {sha256: '0'.repeat(64)}]) {
		const {id} = await begun(more);
		problem(await put(id, bytes), 422, 'other-file');
	}
	problem(await begin({sha256: 'x'.repeat(64)}), 422, 'invalid');
	assert.equal((await stored(bytes, {byte_count: bytes.length, sha256: sha256(bytes)})).state, 'STORED');
});

test('a sender that is cut off, or a database that dies between parts, loses nothing that arrived', async () => {
	const bytes = files.pdf('cut', 5 * PART);
	const {id} = await begun();
	assert.equal((await put(id, bytes.subarray(0, 2 * PART), {range: `bytes 0-${2 * PART - 1}/${bytes.length}`})).status, 200);
	const {port, hostname} = new URL(reg.url);
	await new Promise(resolve => {
		const socket = net.connect(port, hostname, () => {
			socket.write(`PUT /v1/documents/${id}/content HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${officer.key}\r\nIf-None-Match: *\r\n`
				+ `Content-Range: bytes ${2 * PART}-${4 * PART - 1}/${bytes.length}\r\nContent-Length: ${2 * PART}\r\n\r\n`);
			socket.write(bytes.subarray(2 * PART, 3 * PART), () => socket.destroy());
		});
		socket.on('close', resolve);
	});
	await reg.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'assetd_api'`);
	const still = await until(async () => {
		const reply = await officer.get(`/v1/documents/${id}`);
		return reply.status === 200 && reply;
	}, {what: 'the database to be back'});
	assert.equal(still.json.received_byte_count, 2 * PART);
	const last = await until(async () => {
		const reply = await put(id, bytes.subarray(2 * PART), {range: `bytes ${2 * PART}-${bytes.length - 1}/${bytes.length}`});
		return reply.status !== 503 && reply;
	}, {what: 'every connection to be back'});
	assert.equal(last.status, 201, last.text);
	assert.equal(last.json.sha256, sha256(bytes));
});

test('what was begun and never came is forgotten after two days, and nothing else', async () => {
	const {id} = await begun();
	await put(id, Buffer.alloc(PART), {range: `bytes 0-${PART - 1}/${2 * PART}`});
	const kept = await stored(files.pdf()), young = await begun();
	await reg.sql(`update assetd.document set touched_at = touched_at - interval '49 hours' where id = any ($1)`, [[id, kept.id]]);
	await until(async () => !(await reg.sql('select 1 from assetd.document where id = $1', [id])).length, {what: 'the sweep'});
	assert.deepEqual(await reg.sql('select 1 from assetd.document_part where document_id = $1', [id]), []);
	assert.equal((await content(kept.id)).status, 200);
	assert.equal((await officer.get(`/v1/documents/${young.id}`)).status, 200);
});

test('only its authority knows of a document that is not published', async () => {
	const doc = await stored(files.pdf('secret'));
	const began = (await begun()).id;
	for (const who of [anyone, stranger]) {
		for (const path of [`/v1/documents/${doc.id}`, `/v1/documents/${doc.id}/content`, `/v1/documents/${doc.id}/history`])
			problem(await who.get(path), 404, 'not-found');
		assert.doesNotMatch((await who.get(`/v1/documents?asset_id=${asset.id}`)).text, new RegExp(doc.id));
		assert.equal((await begin({}, who)).status, who === anyone ? 401 : 403);
		assert.ok([401, 404].includes((await put(began, files.pdf(), {who})).status));
	}
	assert.equal((await viewer.get(`/v1/documents/${doc.id}`)).status, 200);
	problem(await begin({}, viewer), 403, 'forbidden');
	problem(await put(began, files.pdf(), {who: viewer}), 403, 'forbidden');
	const event = (await officer.get(`/v1/documents/${doc.id}/history`)).json.items.at(-1);
	assert.equal(event.type, 'document.added');
	const told = async who => (await who.get('/v1/events?types=document.*&limit=1000')).text;
	await until(async () => (await told(officer)).includes(event.id), {what: 'the feed'});
	for (const who of [anyone, stranger])
		assert.doesNotMatch(await told(who), new RegExp(doc.id), 'not in the feed either');
});

test('nothing is published before somebody has said that it may be', async () => {
	const doc = await stored(files.pdf());
	const patch = (id, json) => officer.patch(`/v1/documents/${id}`, json, {match: '*'});
	for (const json of [{published: true}, {published: true, redaction: 'NEEDED'}, {published: true, redaction: 'UNCHECKED'}])
		problem(await patch(doc.id, json), 409, 'redaction-owed');
	problem(await patch(doc.id, {redaction: 'REDACTED'}), 422, 'invalid');
	problem(await begin({published: true, redaction: 'NOT_NEEDED'}), 409, 'document-state');
	problem(await patch((await begun()).id, {published: true, redaction: 'NOT_NEEDED'}), 409, 'document-state');
	assert.equal((await patch(doc.id, {redaction: 'NEEDED'})).json.redaction_by.slice(0, 4), 'prn_');
	const copy = await stored(files.pdf('redacted'), {redacts_id: doc.id});
	assert.equal(copy.redaction, 'REDACTED');
	const shown = await patch(copy.id, {published: true});
	assert.equal(shown.status, 200, shown.text);
	const seen = await anyone.get(`/v1/documents/${copy.id}`);
	assert.equal(seen.status, 200);
	for (const hidden of ['redacts_id', 'redaction_by', 'redaction_at', 'retention', 'received_byte_count'])
		assert.ok(!(hidden in seen.json), hidden);
	assert.notEqual(seen.headers.etag, shown.headers.etag);
	assert.ok((await content(copy.id, {}, anyone)).bytes.equals(files.pdf('redacted')));
	await until(async () => (await anyone.get('/v1/events?types=document.*&limit=1000')).json.items.some(e => e.type === 'document.published' && e.subject === copy.id), {what: 'the feed'});
	assert.equal((await patch(copy.id, {published: false})).status, 200);
	problem(await content(copy.id, {}, anyone), 404, 'not-found');
	// A copy in which nothing was redacted, also one of a copy that was.
	for (const original of [doc.id, copy.id]) {
		const {id} = await begun({redacts_id: original});
		const reply = await put(id, files.pdf());
		problem(reply, 409, 'redaction-owed');
		assert.match(reply.json.detail, /byte for byte/);
		assert.deepEqual(await reg.sql('select 1 from assetd.document_part where document_id = $1', [id]), []);
		assert.equal((await put(id, files.pdf('half of it'))).status, 201);
	}
	const appeal = await stored(files.pdf(), {asset_id: undefined, request_id: request.id, kind: 'NO_CONTRACT_APPEAL'});
	problem(await patch(appeal.id, {published: true, redaction: 'NOT_NEEDED'}), 409, 'redaction-owed');
	// The database itself holds to it, whatever asks.
	for (const set of [`published = true`, `published = true, redaction = 'NEEDED', redaction_at = now()`])
		await assert.rejects(reg.sql(`update assetd.document set ${set} where id = $1`, [doc.id]), /document_redaction/);
	await assert.rejects(reg.sql(`update assetd.document set published = true, redaction = 'NOT_NEEDED', redaction_at = now() where id = $1`, [appeal.id]), /document_never_public/);
	for (const [wrong, pointer] of [[{asset_id: undefined}, '/asset_id'], [{request_id: request.id}, '/asset_id'], [{kind: 'DECISION'}, '/kind'], [{retention: 'REQUEST_FILE'}, '/retention'],
		[{received_on: '2026-11-22'}, '/received_on'], [{redacts_id: `doc_${'0'.repeat(26)}`}, '/redacts_id'], [{asset_id: `ast_${'0'.repeat(26)}`}, '/asset_id'],
		[{title: ''}, '/title'], [{file_name: 'x'.repeat(256)}, '/file_name'], [{state: 'STORED'}, '/state'], [{byte_count: MOST + 1}, '/byte_count']]) {
		const reply = await begin(wrong);
		assert.equal(reply.status, 422, `${JSON.stringify(wrong)} ${reply.text}`);
		assert.ok(reply.json.errors.some(e => e.pointer === pointer), reply.text);
	}
});

test('an asset that is hidden or removed takes its documents with it', async () => {
	const shed = await made('/v1/assets', {authority_id: council.id, name: 'Shed', class: 'HALL', tenure: 'OWNED'});
	const doc = await published(files.pdf(), {asset_id: shed.id});
	assert.equal((await content(doc.id, {}, anyone)).status, 200);
	await admin.patch(`/v1/assets/${shed.id}`, {published: false}, {match: '*'});
	problem(await content(doc.id, {}, anyone), 404, 'not-found');
	await admin.patch(`/v1/assets/${shed.id}`, {published: true}, {match: '*'});
	assert.equal((await admin.delete(`/v1/assets/${shed.id}`, {match: '*'})).status, 204);
	for (const who of [anyone, officer])
		problem(await content(doc.id, {}, who), 410, 'gone');
	problem(await begin({asset_id: shed.id}), 422, 'invalid');
});

test('removed: the file is gone for good, the record says so', async () => {
	const doc = await published(files.pdf());
	problem(await officer.delete(`/v1/documents/${doc.id}`), 428, 'precondition-required');
	assert.equal((await officer.delete(`/v1/documents/${doc.id}`, {match: '*'})).status, 204);
	problem(await content(doc.id), 410, 'gone');
	problem(await content(doc.id, {}, anyone), 404, 'not-found');
	problem(await put(doc.id, files.pdf()), 410, 'gone');
	assert.deepEqual(await reg.sql('select 1 from assetd.document_part where document_id = $1', [doc.id]), []);
	assert.deepEqual((await officer.get(`/v1/documents/${doc.id}/history`)).json.items.map(e => e.type), ['document.begun', 'document.added', 'document.published', 'document.removed']);
});

test('retention is listed, and nothing is deleted by itself', async () => {
	const old = await stored(files.pdf(), {kind: 'LETTER', received_on: '2025-11-20', title: 'Old letter'});
	const young = await stored(files.pdf(), {kind: 'LETTER', received_on: '2025-11-21', title: 'Young letter'});
	assert.deepEqual([old.retention, old.retention_from, old.retention_months], ['WORKING', 'RECEIVED', 12]);
	const due = (await officer.get('/v1/documents?retain_until_on[lt]=2026-11-21')).json.items.map(d => d.id);
	assert.ok(due.includes(old.id) && !due.includes(young.id));
	assert.equal((await content(old.id)).status, 200);
});

test('ranges, HEAD, validators', async () => {
	const bytes = files.pdf('range', 2 * PART + 50);
	const doc = await published(bytes);
	const tag = `"${sha256(bytes)}"`;
	for (const [range, first, last] of [['bytes=0-0', 0, 0], ['bytes=10-19', 10, 19], [`bytes=${PART - 2}-${PART + 1}`, PART - 2, PART + 1], [`bytes=${2 * PART}-`, 2 * PART, bytes.length - 1],
		['bytes=-5', bytes.length - 5, bytes.length - 1], ['bytes=0-99999999', 0, bytes.length - 1], ['bytes=-99999999', 0, bytes.length - 1]]) {
		const got = await content(doc.id, {headers: {Range: range}}, anyone);
		assert.equal(got.status, 206, range);
		assert.equal(got.headers['content-range'], `bytes ${first}-${last}/${bytes.length}`);
		assert.ok(got.bytes.equals(bytes.subarray(first, last + 1)), range);
	}
	for (const range of ['bytes=1-0', 'bytes=a-b', 'lines=0-1', 'bytes=0-1,5-6', 'bytes=-', 'bytes'])
		assert.equal((await content(doc.id, {headers: {Range: range}}, anyone)).status, 200, range);
	for (const range of [`bytes=${bytes.length}-`, 'bytes=-0']) {
		const reply = await content(doc.id, {headers: {Range: range}}, anyone);
		problem(reply, 416, 'range-not-satisfiable');
		assert.match(reply.headers['content-range'] ?? '', new RegExp(`^bytes \\*/${bytes.length}$`));
	}
	assert.equal((await content(doc.id, {headers: {Range: 'bytes=0-0', 'If-Range': tag}}, anyone)).status, 206);
	assert.equal((await content(doc.id, {headers: {Range: 'bytes=0-0', 'If-Range': '"other"'}}, anyone)).status, 200);
	assert.equal((await content(doc.id, {headers: {'If-None-Match': tag}}, anyone)).status, 304);
	const head = await anyone.head(`/v1/documents/${doc.id}/content`);
	assert.deepEqual([head.status, head.headers['content-length'], head.bytes.length, head.headers.etag], [200, String(bytes.length), 0, tag]);
});

test('a name can say what it likes and leaves its quotes nowhere', async () => {
	const names = {'Fhàs "quoted".pdf': `attachment; filename="Fh_s _quoted_.pdf"; filename*=UTF-8''Fh%C3%A0s%20%22quoted%22.pdf`,
		'מסמך 🙂.pdf': null, '../../etc/passwd': `attachment; filename="passwd.pdf"; filename*=UTF-8''passwd.pdf`, 'C:\\a\\b.pdf': `attachment; filename="b.pdf"; filename*=UTF-8''b.pdf`,
		"a';x=y.pdf": `attachment; filename="a__x_y.pdf"; filename*=UTF-8''a%27%3Bx%3Dy.pdf`, ['é'.repeat(255)]: null};
	for (const [name, field] of Object.entries(names)) {
		const doc = await stored(files.pdf(), {file_name: name});
		const got = (await content(doc.id)).headers['content-disposition'];
		assert.match(got, /^attachment; filename="[A-Za-z0-9._ ()-]+"; filename\*=UTF-8''[A-Za-z0-9%!#$&+.^_`|~-]+$/);
		if (field)
			assert.equal(got, field);
	}
	for (const name of ['a\r\nSet-Cookie: x=1', 'a\u0001b', 'a\u202efdp.exe', '', '\u200b'])
		problem(await begin({file_name: name}), 422, 'invalid');
});

test('damage at rest is noticed: at the first part before a byte leaves, later by a cut', async () => {
	const bytes = files.pdf('damage', 3 * PART);
	const doc = await stored(bytes);
	const damage = (number, fix = '') => reg.sql(`update assetd.document_part set bytes = set_byte(bytes, 1000, (get_byte(bytes, 1000) + 1) % 256)${fix} where document_id = $1 and number = $2`, [doc.id, number]);
	await damage(2);
	await assert.rejects(content(doc.id), /aborted|hang up|ECONNRESET/);
	assert.equal((await content(doc.id, {headers: {Range: 'bytes=0-99'}})).status, 206, 'what is sound can still be had');
	problem(await content(doc.id, {headers: {Range: `bytes=${2 * PART}-`}}), 500, 'damaged');
	// Somebody who mends the part's hash as well is found by that of all.
	await damage(0, ', sha256 = sha256(set_byte(bytes, 1000, (get_byte(bytes, 1000) + 1) % 256))');
	await reg.sql('update assetd.document_part set sha256 = sha256(bytes) where document_id = $1', [doc.id]);
	await assert.rejects(content(doc.id), /aborted|hang up|ECONNRESET/);
	await reg.sql('delete from assetd.document_part where document_id = $1 and number = 0', [doc.id]);
	problem(await content(doc.id), 500, 'damaged');
});

const resident_mb = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${reg.daemon.process.pid}/status`, 'utf8'))[1]) / 1024;

test('a slow reader costs one part of memory, and others are served meanwhile', async () => {
	const bytes = files.pdf('slow', MOST);
	const doc = await published(bytes);
	const before = resident_mb();
	const {port, hostname} = new URL(reg.url);
	const sockets = await Promise.all(Array.from({length: 20}, () => new Promise(resolve => {
		const socket = net.connect(port, hostname, () => {
			socket.write(`GET /v1/documents/${doc.id}/content HTTP/1.1\r\nHost: x\r\n\r\n`);
			socket.once('readable', () => resolve(socket));
		});
	})));
	assert.equal((await anyone.get(`/v1/documents/${doc.id}`)).status, 200);
	// Twenty readers of 25 MiB: had each its file in memory, it would have grown by 500.
	const grown = resident_mb() - before;
	assert.ok(grown < 150, `${grown} MiB`);
	const [one, ...rest] = sockets;
	rest.forEach(socket => socket.destroy());
	let got = 0;
	one.on('data', piece => { got += piece.length; });
	await until(() => got > MOST, {what: 'the slow one to have it all'});
	one.destroy();
});

test('whoever takes a file too slowly is cut; who takes long over it, but at the rate, has all of it', async () => {
	const doc = await published(files.pdf('rate', MOST));
	const strict = await prepareDaemon(reg.cluster, {migrate: false, role: 'api', conf: {http: {write_ms: 60_000, take_ms: 300, take_rate: 2_000_000}}});
	await strict.start();
	try {
		const open = () => {
			const socket = net.connect(new URL(strict.url).port, '127.0.0.1');
			socket.on('error', () => {});
			socket.write(`GET /v1/documents/${doc.id}/content HTTP/1.1\r\nHost: x\r\n\r\n`);
			return socket.pause();
		};
		const cut = async () => (await strict.metrics()).assetd_http_deadlines_total;
		const steady = open();
		let got = 0;
		const timer = setInterval(() => { got += steady.read()?.length ?? 0; }, 5);
		await until(() => got > MOST, {what: 'the steady one to have it all'});
		clearInterval(timer);
		steady.destroy();
		assert.equal(await cut(), 0);
		const idle = open();
		await until(async () => await cut() > 0, {what: 'the cut'});
		idle.destroy();
	} finally {
		await strict.stop();
		discard(strict.folder);
	}
});
