// Long work is done beside the workers: while a list is being compared, its worker answers others;
// what is too much is refused; who leaves leaves nothing behind.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {after, test} from 'node:test';
import {startRegister, until} from '../harness/index.mjs';

const JOBS_MAX = 4; // daemon/flow/aside.h
const DRAIN_MS = 1000, END_MS = 4000; // what is under way, and what it then takes to end: daemon/process/run.c

const plan = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'aside-'));
const file = path.join(plan, 'plan');
fs.writeFileSync(file, '');
const reg = await startRegister({conf: {http: {workers: 1, drain_ms: DRAIN_MS}}, env: {ASSETD_FAULT_FILE: file}});
after(async () => {
	await reg.stop();
	fs.rmSync(plan, {recursive: true});
});

let planned = 0;
function say(text) {
	fs.writeFileSync(`${file}.new`, text);
	fs.utimesSync(`${file}.new`, 0, ++planned); // a time of change like no other
	fs.renameSync(`${file}.new`, file);
}

const council = (await reg.admin.post('/v1/authorities', {name: 'Aside', kind: 'OTHER', code: 'ASIDE-1'})).json.id;
const list = rows => 'reference,name,class,tenure\n'
	+ Array.from({length: rows}, (_, i) => `R${i},Hall ${i},HALL,OWNED\n`).join('');
const send = (body, options = {}) => reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${council}&mapping=auto`,
	{body, agent: false, deadline_ms: 60_000, headers: {'Content-Type': 'text/csv'}, ...options});
const imports = async () => (await reg.sql('select count(*)::int as n from assetd.import'))[0].n;
const held = () => reg.daemon.logLines().filter(l => l.what === 'fault point' && l.point === 'ASIDE_SLICE').length;

/* Hold the thread at its nth slice from now on; → wait until it is held. */
function hold(nth = 1) {
	const before = held();
	say(`ASIDE_SLICE hold ${nth}\n`);
	return () => until(() => held() > before, {what: 'the aside thread to be held'});
}

test('while a list is held in the middle of being compared, its worker answers others', async () => {
	const isHeld = hold(10);
	let isAnswered = false;
	const preview = send(list(20_000)).then(reply => {
		isAnswered = true;
		return reply;
	});
	await isHeld();
	for (let i = 0; i < 5; i++) {
		assert.equal((await reg.admin.get('/v1/whoami')).status, 200);
		assert.equal((await reg.admin.post('/v1/assets', {authority_id: council, name: `Kept out of it ${i}`, class: 'HALL',
			tenure: 'OWNED'})).status, 201);
	}
	assert.equal((await reg.anyone.get('/livez')).status, 200);
	assert.equal(isAnswered, false, 'the list was held all the time');
	say('');
	const reply = await preview;
	assert.equal(reply.status, 201, reply.text.slice(0, 500));
	assert.equal(reply.json.counts.create, 20_000);
});

test('more than the queue holds is refused at once, and may come again', async () => {
	const isHeld = hold();
	const first = send(list(2));
	await isHeld();
	const others = Array.from({length: JOBS_MAX - 1}, () => send(list(3)));
	const refused = await until(async () => {
		const reply = await send(list(4), {deadline_ms: 5000}).catch(() => null);
		return reply?.status === 503 && reply;
	}, {what: 'the queue to be full', deadline_ms: 20_000});
	assert.equal(refused.json.type, '/v1/problems/busy');
	assert.ok(Number(refused.headers['retry-after']) >= 1);
	say('');
	for (const reply of [await first, ...await Promise.all(others)])
		assert.equal(reply.status, 201, reply.text);
	assert.equal((await send(list(4))).status, 201);
});

test('who leaves while the list is compared stores nothing, and the daemon goes on', async () => {
	const before = await imports(), leftBefore = (await reg.daemon.metrics()).assetd_http_clients_left_total;
	const isHeld = hold();
	const body = list(1000), url = new URL(reg.url);
	const socket = net.connect({host: url.hostname, port: url.port});
	socket.write(`POST /v1/imports?kind=assets&authority_id=${council} HTTP/1.1\r\nHost: ${url.host}\r\n`
		+ `Authorization: Bearer ${reg.adminKey}\r\nContent-Type: text/csv\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
	await isHeld();
	socket.resetAndDestroy();
	await until(async () => (await reg.daemon.metrics()).assetd_http_clients_left_total > leftBefore, {what: 'the reset to be seen'});
	say('');
	assert.equal((await send(list(1))).status, 201, 'the thread is free again');
	assert.equal(await imports(), before + 1);
});

test('the daemon ends in peace while a list is being compared', async () => {
	const isHeld = hold();
	const left = send(list(1000)).catch(error => error);
	await isHeld();
	const stopping = reg.daemon.restart();
	say('');
	await stopping;
	await left;
	assert.equal((await send(list(1))).status, 201);
});

test('a process that is told to end goes without a thread that cannot be stopped', async () => {
	const before = held(), had = await imports();
	say('ASIDE_SLICE sleep-60000\n');
	const preview = send(list(10)).then(() => 'answered', () => 'cut');
	await until(() => held() > before, {what: 'the aside thread to sleep'});
	const began = performance.now();
	assert.equal(await reg.daemon.process.stop('SIGTERM', 45_000), 1, 'told as no clean end');
	const took_ms = performance.now() - began;
	assert.ok(took_ms > DRAIN_MS + END_MS - 100 && took_ms < 30_000, `after ${took_ms} ms`);
	assert.equal(await preview, 'cut');
	assert.equal(reg.daemon.logLines().filter(l => l.what === 'a part does not end; going without it').at(-1).part, 'api');
	say('');
	await reg.daemon.start();
	assert.equal(await imports(), had, 'nothing was left by half');
});
