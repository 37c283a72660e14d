// Photographs: everybody is sent a copy without where and by whom they were taken, whichever way they ask; their
// authority keeps the file as it came.

import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {after, test} from 'node:test';
import * as files from '../harness/files.mjs';
import {makeKey, ok, request, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO'}));
const asked = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'r'}));
const officer = admin.as((await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
const SECRET = 'GPS 56.3 -3.4';

async function stored(bytes, of = {asset_id: asset.id}) {
	const doc = ok(await officer.post('/v1/documents', {...of, kind: 'PHOTOGRAPH', title: 'Hall', file_name: 'hall.jpg'}));
	return ok(await officer.request('PUT', `/v1/documents/${doc.id}/content`, {body: bytes, headers: {'If-None-Match': '*'}}), 201);
}
const publish = id => officer.patch(`/v1/documents/${id}`, {published: true, redaction: 'NOT_NEEDED'}, {match: '*'});
const content = (who, id, options) => who.get(`/v1/documents/${id}/content`, options);

test('the public copy says nothing of the place, and every way leads to it', async () => {
	for (const [whole, kept] of [
		[files.jpeg(files.said(SECRET)), null],
		[files.jpeg(files.said(SECRET), 900_000), null],
		[files.png(2, 2, [SECRET]), files.png(2, 2)],
		[Buffer.concat([files.jpeg(), files.jpeg(files.said(SECRET))]), files.jpeg()],
		[files.webp([['VP8X', Buffer.from('2c000000010000010000', 'hex')]], [['EXIF', Buffer.from(SECRET)], ['XMP ', Buffer.alloc(300_000, 'ABC')], ['odd ', Buffer.from('ABC')]]),
			files.webp([['VP8X', Buffer.from('20000000010000010000', 'hex')]], [['JUNK', Buffer.alloc(SECRET.length)], ['JUNK', Buffer.alloc(300_000)], ['JUNK', Buffer.alloc(3)]])],
	]) {
		const doc = await stored(whole);
		ok(await publish(doc.id), 200);
		const [mine, open] = [await content(officer, doc.id), await content(anyone, doc.id)];
		assert.ok(mine.bytes.equals(whole), 'the authority has what came');
		assert.equal(mine.headers.etag, `"${sha256(whole)}"`);
		assert.ok(!open.bytes.includes(SECRET) && !open.bytes.includes('ABC'), 'nothing is said');
		assert.equal(open.bytes.length, Number(open.headers['content-length']));
		if (kept)
			assert.ok(open.bytes.equals(kept), 'and the picture is as it was');
		else
			assert.match(open.bytes.toString('latin1'), /Exif\0\0MM\0\*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06/, 'it still says which way up it is');
		const item = (await anyone.get(`/v1/documents/${doc.id}`)).json, full = (await officer.get(`/v1/documents/${doc.id}`)).json;
		assert.deepEqual([item.sha256, item.byte_count], [sha256(open.bytes), open.bytes.length]);
		assert.deepEqual([full.sha256, full.byte_count, full.public_sha256, full.public_byte_count], [sha256(whole), whole.length, sha256(open.bytes), open.bytes.length]);
		assert.equal(open.headers.etag, `"${item.sha256}"`);
		const part = await content(anyone, doc.id, {headers: {Range: 'bytes=10-39'}});
		assert.ok(part.bytes.equals(open.bytes.subarray(10, 40)));
		assert.ok((await request(`${reg.url}/documents/${doc.id}/content`)).bytes.equals(open.bytes));
		await until(async () => {
			const told = (await anyone.get('/v1/events?limit=1000')).text;
			assert.ok(!told.includes(sha256(whole)), 'nor by its sum');
			return told.includes(item.sha256);
		}, {what: 'the event of its publication'});
	}
});

test('the file of a request for everybody holds the copy', async () => {
	const doc = await stored(files.jpeg(files.said(SECRET)), {request_id: asked.id});
	ok(await publish(doc.id), 200);
	const open = await request(`${reg.url}/requests/${asked.id}/file.zip`);
	assert.equal(open.status, 200);
	assert.ok(!open.bytes.includes(SECRET));
	assert.ok(open.bytes.includes((await content(anyone, doc.id)).bytes));
	const full = await officer.get(`/v1/requests/${asked.id}/file.zip?variant=full`);
	assert.equal(full.status, 200);
	assert.ok(full.bytes.includes(SECRET), 'its authority has what came');
});

test('one with nothing to say is kept once; one that cannot be read through is not published', async () => {
	const plain = await stored(files.jpeg());
	assert.equal(plain.public_sha256, plain.sha256);
	const parts = id => reg.sql('select count(*)::int as n from assetd.document_part where document_id = $1', [id]);
	assert.equal((await parts(plain.id))[0].n, 1);
	const odd = await stored(Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.from(SECRET), Buffer.from('ffd9', 'hex')]));
	const refused = await publish(odd.id);
	assert.equal(refused.status, 409);
	assert.match(refused.json.detail, /cannot be read through/);
	assert.equal((await content(anyone, odd.id)).status, 404);
	assert.equal((await content(officer, odd.id)).status, 200, 'its authority still has it');
});

test('a part of the original is nobody else\'s, also for PostgreSQL', async () => {
	const doc = await stored(files.jpeg(files.said(SECRET)));
	ok(await publish(doc.id), 200);
	const seen = await reg.cluster.session(async client => {
		await client.query('begin');
		await client.query('set local role assetd_api');
		await client.query('set local search_path = assetd, public');
		await client.query(`select actor_set('', '', 'q', now(), current_date)`);
		return (await client.query('select number from document_part where document_id = $1', [doc.id])).rows;
	}, {database: reg.database});
	assert.deepEqual(seen.map(row => row.number), [1000]);
});

test('two who read the same photograph back never leave a copy of the one with the sums of the other', async () => {
	// What another wrote between one's copy and one's end, at the place where it is written.
	await reg.sql(`create function assetd.meddle() returns trigger language plpgsql as $$
		begin
			if new.number >= 1000 then
				new.bytes := '\\xffd8ffd9';
				new.sha256 := sha256(new.bytes);
			end if;
			return new;
		end $$`);
	await reg.sql('create trigger meddle before insert on assetd.document_part for each row execute function assetd.meddle()');
	const put = (id, bytes, headers = {}) => officer.request('PUT', `/v1/documents/${id}/content`, {body: bytes, headers: {'If-None-Match': '*', ...headers}, agent: false});
	const begin = async () => ok(await officer.post('/v1/documents', {asset_id: asset.id, kind: 'PHOTOGRAPH', title: 'Hall', file_name: 'hall.jpg'})).id;
	const id = await begin(), bytes = files.jpeg(files.said(SECRET), 600_000);
	assert.equal((await put(id, bytes)).status, 409);
	await reg.sql('drop function assetd.meddle cascade');
	assert.equal((await put(id, bytes)).status, 201, 'the next try finds all as it should be');
	// A copy that was begun is in nobody's way when what is stored in the end has none.
	const other = await begin(), pdf = files.pdf('x', 300_000);
	await reg.sql(`insert into assetd.document_part select id, authority_id, 1000, 'x', sha256('x') from assetd.document where id = $1`, [other]);
	for (const at of [0, 262144])
		assert.ok((await put(other, pdf.subarray(at, at + 262144), {'Content-Range': `bytes ${at}-${Math.min(at + 262143, pdf.length - 1)}/${pdf.length}`})).status < 300);
	assert.deepEqual(await reg.sql('select number from assetd.document_part where document_id = $1 order by 1', [other]), [{number: 0}, {number: 1}]);

	// And several at once, by parts and whole: whatever comes of it, what is sent is what it says it is.
	const PART = 262144, one = files.jpeg(files.said('first'), 3 * PART), two = files.jpeg(files.said('other'), 3 * PART);
	const part = (from, i) => [from.subarray(i * PART, (i + 1) * PART), {'Content-Range': `bytes ${i * PART}-${Math.min((i + 1) * PART, from.length) - 1}/${from.length}`}];
	for (let round = 0; round < 4; round++) {
		const it = await begin();
		const all = await Promise.all([0, 1, 2, 3, 0, 0].flatMap((i, n) => [put(it, ...part(one, i)), put(it, ...(n % 3 ? part(two, i) : [two]))]));
		for (const reply of all)
			assert.ok([200, 201, 409, 412, 422, 503].includes(reply.status), reply.text);
		if ((await officer.get(`/v1/documents/${it}`)).json.state !== 'STORED')
			assert.equal((await put(it, one)).status, 201);
		ok(await publish(it), 200);
		const open = await content(anyone, it), item = (await anyone.get(`/v1/documents/${it}`)).json;
		assert.equal(open.status, 200, open.text);
		assert.deepEqual([sha256(open.bytes), open.bytes.length], [item.sha256, item.byte_count]);
	}
});
