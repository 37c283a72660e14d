// Files looked at for viruses by the real clamd: nobody is served one before it has said that it is clean, nor ever one
// in which it found something; a clamd that is away, hangs, is killed or talks nonsense lets nothing through.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {after, test} from 'node:test';
import * as files from '../harness/files.mjs';
import {EICAR, VIRUS, discard, makeKey, ok, openSession, prepareDaemon, problem, request, scratch, startClamd, startRegister, until} from '../harness/index.mjs';

const clamd = await startClamd({StreamMaxLength: '900K'});
const reg = await startRegister();
after(async () => {
	await reg.stop();
	await clamd.stop();
});
const {admin, anyone} = reg;
const looking = {ASSETD_DOCUMENTS_CLAMAV_SOCKET: clamd.socket, ASSETD_DOCUMENTS_CLAMAV_TIMEOUT_MS: '1000'};
const council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO'}));
const asked = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'r'}));
const {key} = await makeKey(reg, {roles: {[council.id]: ['ESTATES']}});
const officer = admin.as(key);

let n = 0;
async function stored(bytes, of = {asset_id: asset.id}) {
	const {id} = ok(await officer.post('/v1/documents', {...of, kind: 'OTHER', title: `Paper ${++n}`, file_name: `paper-${n}.pdf`}));
	return ok(await officer.request('PUT', `/v1/documents/${id}/content`, {body: bytes, headers: {'If-None-Match': '*'}}));
}
const show = async id => ok(await officer.get(`/v1/documents/${id}`), 200);
const becomes = (id, scan) => until(async () => (await show(id)).scan === scan && show(id), {what: `${id} to be ${scan}`});
const publish = id => officer.patch(`/v1/documents/${id}`, {published: true, redaction: 'NOT_NEEDED'}, {match: '*'});
const content = (who, id, options) => who.get(`/v1/documents/${id}/content`, options);
const types = async id => (await officer.get(`/v1/documents/${id}/history`)).json.items.map(e => e.type);
const row = async id => (await reg.sql('select version, scan_attempts, scan_due_at > now() as is_later, scan_signature from assetd.document where id = $1', [id]))[0];
const told = async () => (await officer.get('/v1/events?types=document.*&limit=1000')).text;

/* Nobody is served it, by whatever door, and it does not get public. */
async function isHeld(id) {
	problem(await content(officer, id), 409, 'document-held');
	problem(await content(officer, id, {headers: {Range: 'bytes=0-3'}}), 409, 'document-held');
	assert.equal((await officer.request('HEAD', `/v1/documents/${id}/content`)).status, 409);
	problem(await content(anyone, id), 404, 'not-found');
	problem(await publish(id), 409, 'document-held');
	const {request_id, file_name} = await show(id);
	if (request_id) {
		const zip = await officer.get(`/v1/requests/${request_id}/file.zip?variant=full`);
		assert.equal(zip.status, 200);
		assert.ok(!zip.text.includes(` ${file_name}"`), 'not in its manifest');
		assert.match(zip.text, new RegExp(`${id}.*"scan":"(PENDING|INFECTED)"`), 'but it is said that there is one');
	}
}

test('without a socket nothing is looked at, and that is said; set later, what was stored is looked at after all', async () => {
	// Read again alone it does nothing: the scanner is not there yet, and a file would wait for nobody.
	fs.appendFileSync(reg.daemon.confFile, `\n[documents]\nclamav_socket = ${clamd.socket}\n`);
	process.kill(reg.daemon.process.pid, 'SIGHUP');
	await until(() => reg.daemon.log().includes('settings read again'), {what: 'SIGHUP'});
	const [clean, bad] = [await stored(files.pdf('old')), await stored(files.pdf(`old ${VIRUS}`))];
	for (const {id, scan} of [clean, bad]) {
		assert.equal(scan, 'NOT_SCANNED');
		ok(await publish(id), 200);
		assert.equal((await anyone.get(`/v1/documents/${id}`)).json.scan, 'NOT_SCANNED');
	}
	assert.match((await request(`${reg.url}/assets/${asset.id}`)).text, /Not all files here have been checked for viruses/);
	assert.match(reg.daemon.log(), /clamav_socket is not set/);
	await reg.daemon.stop();
	await reg.daemon.start({env: looking});
	const good = await becomes(clean.id, 'CLEAN');
	assert.deepEqual([good.published, good.version, typeof good.scanned_at], [true, 4, 'string']);
	assert.equal((await content(anyone, clean.id)).status, 200);
	const found = await becomes(bad.id, 'INFECTED');
	assert.deepEqual([found.published, found.scan_signature], [false, 'Assetd.Test.UNOFFICIAL']);
	assert.deepEqual(await types(bad.id), ['document.begun', 'document.added', 'document.published', 'document.infected']);
	await isHeld(bad.id);
	const seen = (await anyone.get(`/v1/documents/${clean.id}`)).json;
	assert.equal(seen.scan, 'CLEAN');
	assert.ok(!('scan_signature' in seen) && !('scanned_at' in seen));
	assert.doesNotMatch((await request(`${reg.url}/assets/${asset.id}`)).text, /Not all files here/);
	assert.deepEqual((await officer.get('/v1/documents?scan=INFECTED')).json.items.map(d => d.id), [bad.id]);
});

test('a clean file is served as soon as clamd has said so; one with a virus never, wherever in it that is', async () => {
	const large = files.pdf('large', 700_000);
	const doc = await stored(large, {request_id: asked.id});
	assert.ok(['PENDING', 'CLEAN'].includes(doc.scan));
	await becomes(doc.id, 'CLEAN');
	assert.ok((await content(officer, doc.id)).bytes.equals(large));
	ok(await publish(doc.id), 200);
	assert.deepEqual(await types(doc.id), ['document.begun', 'document.added', 'document.scanned', 'document.published']);
	const late = files.pdf('late', 300_000);
	late.write(VIRUS, 262_144 - 5, 'latin1'); // over the end of a part
	for (const [bytes, name] of [[EICAR, 'Eicar.Test.UNOFFICIAL'], [files.pdf(VIRUS), 'Assetd.Test.UNOFFICIAL'], [late, 'Assetd.Test.UNOFFICIAL']]) {
		const {id} = await stored(bytes, {request_id: asked.id});
		assert.equal((await becomes(id, 'INFECTED')).scan_signature, name);
		await isHeld(id);
		assert.deepEqual(await types(id), ['document.begun', 'document.added', 'document.infected']);
		await until(async () => JSON.parse(await told()).items.some(e => e.subject === id && e.type === 'document.infected'), {what: 'the event'});
		assert.doesNotMatch((await anyone.get('/v1/events?limit=1000')).text, new RegExp(id));
		assert.match(reg.daemon.log(), new RegExp(`"a virus was found".*"document":"${id}","signature":"${name}"`));
		assert.ok(!reg.daemon.log().includes(VIRUS));
	}
	const {id} = await stored(files.pdf('more than clamd takes', 1_000_000), {request_id: asked.id});
	await until(() => reg.daemon.logLines().some(l => l.document === id && /StreamMaxLength/.test(l.because)), {what: 'what clamd says'});
	await isHeld(id);
	await reg.sql('delete from assetd.document where id = $1', [id]);
	const metrics = await reg.daemon.metrics();
	assert.deepEqual([metrics.assetd_scan_infected_total, metrics.assetd_scan_files_total, metrics.assetd_scan_failed_total > 0], [4, 6, true]);
});

test('an officer sees on the page what was found, and removes it', async () => {
	const {id} = await stored(files.pdf(VIRUS), {request_id: asked.id});
	await becomes(id, 'INFECTED');
	const page = await openSession(reg.url, key), at = `/requests/${asked.id}/documents`;
	const {text} = await page.get(at);
	assert.match(text, /A virus was found in it: <code>Assetd\.Test\.UNOFFICIAL<\/code>/);
	assert.doesNotMatch(text, new RegExp(`/documents/${id}/content`));
	assert.doesNotMatch((await anyone.get(at, {headers: {Accept: 'text/html'}})).text, /virus was found|UNOFFICIAL/);
	const gone = await page.post(`/documents/${id}`, {remove: 'true'});
	assert.deepEqual([gone.status, gone.headers.location], [303, at]);
	assert.equal((await officer.get(`/v1/documents/${id}`)).status, 410);
	assert.deepEqual(await reg.sql('select 1 from assetd.document_part where document_id = $1', [id]), []);
	assert.equal((await types(id)).at(-1), 'document.removed');
});

test('while clamd hangs, is cut off or is away files wait; then each is looked at once, also by another daemon', async () => {
	clamd.signal('SIGSTOP');
	const hung = await stored(files.pdf('hung'), {request_id: asked.id});
	assert.equal(hung.scan, 'PENDING');
	await isHeld(hung.id);
	await until(async () => (await row(hung.id)).scan_attempts > 0, {what: 'an attempt to end'});
	assert.deepEqual([(await row(hung.id)).is_later, (await show(hung.id)).version], [true, hung.version]);
	assert.match(reg.daemon.log(), /"a file could not be looked at".*"because":"no answer in time"/);
	const cut = await stored(files.pdf('cut', 400_000));
	await until(async () => (await reg.daemon.metrics()).assetd_scan_waiting === 2, {what: 'the gauge'});
	await clamd.end('SIGKILL');
	const away = await stored(files.pdf(`away ${VIRUS}`));
	await until(() => /"clamd is away: files wait"/.test(reg.daemon.log()), {what: 'the log'});
	assert.equal((await row(away.id)).scan_attempts, 0, 'it is not the file\'s fault');
	await isHeld(away.id);

	// By its clock the first would have put the file off for an hour and more.
	const second = await prepareDaemon(reg.cluster, {migrate: false, clock: new Date(Date.now() - 3_600_000).toISOString(),
		conf: {documents: {clamav_socket: clamd.socket, clamav_timeout_ms: 1000}}});
	await second.start();
	await reg.daemon.stop(); // with a file on its way, and the lease given back
	await clamd.begin();
	const answer = (id, scan) => until(async () => {
		const [it] = await reg.sql('select scan, version from assetd.document where id = $1', [id]);
		return it.scan === scan && it;
	}, {what: `${id} to be ${scan}`});
	for (const [id, scan] of [[hung.id, 'CLEAN'], [cut.id, 'CLEAN'], [away.id, 'INFECTED']])
		assert.equal((await answer(id, scan)).version, 3, 'said once');
	await reg.daemon.start({env: looking});
	assert.equal((await content(officer, hung.id)).status, 200);
	// Both run: what comes now is looked at by one of them, once.
	const many = await Promise.all(Array.from({length: 8}, (_, i) => stored(files.pdf(`many ${i % 2 ? VIRUS : ''}`))));
	for (const [i, {id}] of many.entries()) {
		await becomes(id, i % 2 ? 'INFECTED' : 'CLEAN');
		assert.equal((await row(id)).version, 3);
	}
	await second.stop();
	discard(second.folder);
});

test('what is no answer of clamd\'s, comes too early, half, or not at all lets no file through', async () => {
	const folder = scratch(), socket = path.join(folder, 's');
	// What it does with a file stands in the file.
	const server = net.createServer(client => {
		let got = Buffer.alloc(0), act;
		client.on('error', () => {});
		client.on('data', data => {
			got = Buffer.concat([got, data]);
			act ??= acts[/case-([0-9]+)/.exec(got.toString('latin1'))?.[1]]?.[1];
			act?.(client, got.subarray(-4).equals(Buffer.alloc(4)));
		});
	});
	server.unref();
	const says = text => (client, isWhole) => isWhole && client.end(text);
	const acts = [
		['clamd refused it', says('UNKNOWN COMMAND\0')], ['clamd refused it', says('stream: OK\0stream: OK\0')], ['clamd refused it', says('/etc/passwd: OK\0')],
		['clamd hung up', says('stream: OK')], ['clamd hung up', says('')], ['clamd hung up', client => client.destroy()],
		['an answer before the end of the file', (client, isWhole) => !isWhole && !client.said && (client.said = true, client.write('stream: OK\0'))],
		['no answer of clamd\'s', says(Buffer.alloc(100_000, 'x'))],
		['no answer in time', () => {}], ['no answer in time', client => client.pause()], ['no answer in time', (client, isWhole) => isWhole && client.write('stream: ')],
		['larger than clamd\'s StreamMaxLength', client => client.end('INSTREAM size limit exceeded. ERROR\0')],
		['', says('stream: OK\0')],
	];
	await new Promise(resolve => server.listen(socket, resolve));
	await reg.daemon.stop();
	await reg.daemon.start({env: {...looking, ASSETD_DOCUMENTS_CLAMAV_SOCKET: socket}});
	const sent = await Promise.all(acts.map((_, i) => stored(files.pdf(`case-${i} `, 600_000))));
	const good = sent.pop();
	for (const [i, {id}] of sent.entries()) {
		const line = await until(() => reg.daemon.logLines().find(l => l.document === id), {what: `case ${i}`});
		assert.deepEqual([line.what, line.because], ['a file could not be looked at', acts[i][0]]);
		assert.equal((await show(id)).scan, 'PENDING');
		problem(await content(officer, id), 409, 'document-held');
	}
	await becomes(good.id, 'CLEAN');
	// What was damaged where it is kept is not called clean.
	await reg.sql(`update assetd.document set scan = 'PENDING', scanned_at = null where id = $1`, [good.id]);
	await reg.sql(`update assetd.document_part set bytes = 'x', sha256 = sha256('x') where document_id = $1 and number = 1`, [good.id]);
	await until(() => reg.daemon.logLines().some(l => l.document === good.id && l.because === 'the file is not what was stored'), {what: 'the damage'});
	await reg.sql('delete from assetd.document where id = any ($1)', [[...sent, good].map(d => d.id)]);
	server.close();
	discard(folder);
});

test('a setting that is no socket is refused', async () => {
	await reg.daemon.stop();
	for (const wrong of ['clamd', `/${'x'.repeat(107)}`]) {
		await reg.daemon.start({ready: false, env: {...looking, ASSETD_DOCUMENTS_CLAMAV_SOCKET: wrong}});
		assert.notEqual(await reg.daemon.process.exited, 0, wrong);
		assert.match(reg.daemon.log(), /no path of a Unix socket/);
	}
	await reg.daemon.start();
});
