// The whole file of a request: one ZIP that every unpacker reads, in two variants, the same bytes for
// the same request, nothing in the public one that is not public; and a page to print.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import * as files from '../harness/files.mjs';
import {makeKey, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'assetd-case-'));
after(async () => {
	fs.rmSync(folder, {recursive: true});
	await reg.stop();
});
const {admin, anyone} = reg;
const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const made = async reply => {
	const {status, json, text} = await reply;
	assert.ok(status === 200 || status === 201, text);
	return json;
};
const council = await made(admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const other = await made(admin.post('/v1/authorities', {name: 'Other', kind: 'COUNCIL', code: 'O'}));
const asset = await made(admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
const body = await made(admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40}));
const ask = json => made(admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 7654321, ...json}, {idempotency: `r${Math.random()}`}));
const request = await ask({reasons: 'Because <b>we</b> can'});
await made(admin.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
const stored = async (bytes, more) => {
	const {id} = await made(admin.post('/v1/documents', {request_id: request.id, kind: 'BUSINESS_PLAN', title: 'Plan', file_name: 'plan.pdf', received_on: '2026-10-01', ...more}));
	return made(admin.request('PUT', `/v1/documents/${id}/content`, {body: bytes, match: '*'}));
};
const secret = files.pdf('SECRET-PAPER'), open = files.pdf('open', 600_000);
await stored(secret, {title: 'Names', file_name: '../Fhàs "x".pdf'});
const shown = await stored(open);
await made(admin.patch(`/v1/documents/${shown.id}`, {published: true, redaction: 'NOT_NEEDED'}, {match: '*'}));
const as = async (id, ...roles) => admin.as((await makeKey(reg, {roles: {[id]: roles}})).key);
const officer = await as(council.id, 'ESTATES', 'FINANCE'), stranger = await as(other.id, 'ESTATES');
const file = (who, query = '', options) => who.get(`/v1/requests/${request.id}/file.zip${query}`, options);

/** {name: bytes} of an archive, as Python and unzip agree. */
function unpacked(bytes) {
	const at = path.join(folder, `${sha256(bytes).slice(0, 8)}.zip`), out = at.replace('.zip', '');
	fs.writeFileSync(at, bytes);
	const told = JSON.parse(execFileSync('python3', ['-c', `
import sys, json, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
z.extractall(sys.argv[2])
print(json.dumps([[i.filename, i.file_size, i.date_time, i.flag_bits, i.compress_type] for i in z.infolist()]))`, at, out], {encoding: 'utf8'}));
	return {told, read: name => fs.readFileSync(path.join(out, name))};
}

test('the full variant holds everything, each with its hash in the manifest', async () => {
	const got = await file(officer, '?variant=full');
	assert.equal(got.status, 200, got.text.slice(0, 500));
	assert.deepEqual([got.headers['content-type'], Number(got.headers['content-length'])], ['application/zip', got.bytes.length]);
	assert.match(got.headers['content-disposition'], /^attachment; filename="ATR-2026-1-full\.zip"/);
	const {told, read} = unpacked(got.bytes);
	const manifest = JSON.parse(read('ATR-2026-1/manifest.json'));
	assert.deepEqual([manifest.request_id, manifest.reference, manifest.variant], [request.id, 'ATR-2026-1', 'full']);
	assert.ok(manifest.position >= 0);
	assert.deepEqual(['ATR-2026-1/manifest.json', ...manifest.files.map(f => f.name)], told.map(t => t[0]));
	for (const {name, bytes, sha256: hash} of manifest.files) {
		const content = read(name);
		assert.deepEqual([content.length, sha256(content)], [bytes, hash], name);
	}
	assert.ok(read('ATR-2026-1/documents/01 Fhàs _x_.pdf').equals(secret));
	assert.ok(read('ATR-2026-1/documents/02 plan.pdf').equals(open));
	const json = name => JSON.parse(read(`ATR-2026-1/${name}.json`));
	assert.equal(json('request').request.offer_pence, 7654321);
	assert.deepEqual(json('ledger').items.map(e => e.event).slice(-1), ['VALIDATE']);
	assert.match(json('ledger').items.at(-1).actor, /^prn_/);
	assert.ok(json('history').items.length >= 2);
	assert.equal(json('documents').items.length, 2);
	const html = read('ATR-2026-1/index.html').toString();
	assert.match(html, /Because &lt;b&gt;we&lt;\/b&gt; can/);
	assert.match(html, /1 April 2027/, 'the day by which to decide');
});

test('the redacted variant is what everybody may read, whoever asks for it', async () => {
	const replies = await Promise.all([anyone, stranger, officer, admin].map(who => file(who)));
	for (const got of replies) {
		assert.equal(got.status, 200, got.text.slice(0, 300));
		assert.ok(!got.bytes.includes('SECRET-PAPER') && !got.bytes.includes('7654321') && !got.bytes.includes('prn_'));
		assert.ok(got.bytes.equals(replies[0].bytes), 'the same bytes');
		assert.equal(got.headers.etag, replies[0].headers.etag);
	}
	const {told} = unpacked(replies[0].bytes);
	assert.deepEqual(told.filter(t => t[0].includes('documents/')).map(t => t[0]), ['ATR-2026-1/documents/01 plan.pdf']);
	assert.equal((await file(anyone, '', {headers: {'If-None-Match': replies[0].headers.etag}})).status, 304);
	const head = await anyone.head(`/v1/requests/${request.id}/file.zip`);
	assert.deepEqual([head.status, Number(head.headers['content-length']), head.bytes.length], [200, replies[0].bytes.length, 0]);
});

test('the full one is for members; another word is no variant; what is hidden is not there', async () => {
	const problem = (reply, status) => assert.equal(reply.status, status, reply.text.slice(0, 300));
	problem(await file(anyone, '?variant=full'), 401);
	problem(await file(stranger, '?variant=full'), 403);
	problem(await file(officer, '?variant=everything'), 400);
	problem(await anyone.get(`/v1/requests/atr_${'0'.repeat(26)}/file.zip`), 404);
	problem(await anyone.get('/v1/requests/"];/file.zip'), 404);
	const hidden = await made(admin.post('/v1/assets', {authority_id: council.id, name: 'Shed', class: 'HALL', tenure: 'OWNED', published: false}));
	const {id} = await ask({asset_id: hidden.id});
	for (const [who, query, status] of [[anyone, '', 404], [stranger, '?variant=full', 404], [officer, '', 404], [officer, '?variant=full', 200]])
		problem(await who.get(`/v1/requests/${id}/file.zip${query}`), status);
});

test('a damaged paper cuts the file, so that nobody takes half of it for the whole', async () => {
	const bytes = files.pdf('to be damaged');
	const doc = await stored(bytes, {title: 'Damaged'});
	await reg.sql('update assetd.document_part set bytes = set_byte(bytes, 20, 0) where document_id = $1', [doc.id]);
	await assert.rejects(file(officer, '?variant=full'), /aborted|hang up|ECONNRESET/);
	assert.equal((await file(officer)).status, 200, 'what is public is sound');
	assert.equal((await admin.delete(`/v1/documents/${doc.id}`, {match: '*'})).status, 204);
	assert.equal((await file(officer, '?variant=full')).status, 200);
});

test('pages: the file to print, the documents where they belong, each with its door', async () => {
	const page = await anyone.get(`/requests/${request.id}/file`);
	assert.equal(page.status, 200, page.text.slice(0, 300));
	assert.match(page.text, /File of request ATR-2026-1/);
	assert.doesNotMatch(page.text, /variant=full|Names|76,543/);
	const of_request = await anyone.get(`/requests/${request.id}`);
	assert.match(of_request.text, new RegExp(`/documents/${shown.id}/content`));
	assert.doesNotMatch(of_request.text, /Names/);
	const picture = await made(admin.post('/v1/documents', {asset_id: asset.id, kind: 'PHOTOGRAPH', title: 'From the north', alt: 'A hall "seen" <north>', file_name: 'n.png'}));
	await made(admin.request('PUT', `/v1/documents/${picture.id}/content`, {body: files.png(), match: '*'}));
	assert.doesNotMatch((await anyone.get(`/assets/${asset.id}`)).text, /From the north/);
	await made(admin.patch(`/v1/documents/${picture.id}`, {published: true, redaction: 'NOT_NEEDED'}, {match: '*'}));
	assert.match((await anyone.get(`/assets/${asset.id}`)).text, /<img [^>]*alt="A hall &quot;seen&quot; &lt;north&gt;"/);
	const got = await anyone.get(`/documents/${picture.id}/content`);
	assert.deepEqual([got.status, got.headers['content-type'], got.headers['content-security-policy']], [200, 'image/png', "default-src 'none'; sandbox; frame-ancestors 'none'"]);
	const gone = await anyone.get(`/documents/doc_${'0'.repeat(26)}/content`);
	assert.deepEqual([gone.status, gone.headers['content-type']], [404, 'text/html; charset=utf-8']);
	assert.match(gone.headers['content-security-policy'], /script-src/);
	assert.equal((await anyone.get(`/requests/${request.id}/file.zip`)).headers['content-type'], 'application/zip');
});
