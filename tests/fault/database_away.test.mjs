// PostgreSQL stops under load, is gone for a while, and comes back: nobody gets a wrong answer,
// readiness says so at once, and the daemon finds back by itself.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {after, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {measured, request, startRegister, until} from '../harness/index.mjs';

const AWAY_MS = process.env.ASSETD_LONG ? 60_000 : 3000;

const reg = await startRegister({durable: true});
after(() => reg.stop());

const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
const ready = async () => (await request(`${reg.url}/readyz`, {agent: false})).status;
let written = 0;

/** Clients that write and read without end, and keep what they were told. */
function load(clients) {
	const seen = {done: new Map(), wrong: [], late_ms: 0, isOver: false};
	const one = async id => {
		for (let i = 0; !seen.isOver; i++) {
			const key = `load-${id}-${++written}`;
			const began = performance.now();
			const reply = await reg.admin.post('/v1/assets',
				{authority_id: council, name: key, class: 'HALL', tenure: 'OWNED'}, {idempotency: key});
			if (reply.status === 201)
				seen.done.set(key, reply.json.id);
			else if (reply.status !== 503 || !reply.headers['retry-after'])
				seen.wrong.push(`${reply.status} ${reply.text}`);
			else
				seen.late_ms = Math.max(seen.late_ms, performance.now() - began);
			if (reply.status === 503)
				await pause(20);
		}
	};
	seen.over = Promise.all(Array.from({length: clients}, (_, id) => one(id)));
	return seen;
}

/** Every write that was answered is there, once. */
async function check(seen) {
	const rows = await reg.sql(`select name, id from assetd.asset where name like 'load-%'`);
	const there = new Map(rows.map(row => [row.name, row.id]));
	assert.equal(there.size, rows.length, 'none is there twice');
	for (const [key, id] of seen.done)
		assert.equal(there.get(key), id, `${key} was answered`);
	assert.deepEqual(seen.wrong, []);
}

async function away(gone, back) {
	const seen = load(8);
	await until(() => seen.done.size > 50, {what: 'writes to flow'});
	await gone();
	const down = performance.now();
	await until(async () => await ready() === 503, {what: 'readiness to say no'});
	const noticed_ms = performance.now() - down;
	await pause(AWAY_MS); // the length of the outage is the test's own
	const before = seen.done.size;
	await back();
	const up = performance.now();
	await until(async () => await ready() === 200, {what: 'readiness to say yes'});
	await until(() => seen.done.size > before, {what: 'writes to flow again'});
	const recovered_ms = performance.now() - up;
	seen.isOver = true;
	await seen.over;
	await check(seen);
	return {noticed_ms, recovered_ms, seen};
}

test('an ordinary start is told without a warning', async () => {
	await until(() => reg.daemon.logLines().some(line => line.what === 'projection loaded'), {what: 'the projection'});
	assert.deepEqual(reg.daemon.logLines().filter(line => line.level !== 'info'), []);
});

test('a server that is stopped and started again', async () => {
	await measured(async () => {
		const {noticed_ms, recovered_ms} = await away(() => reg.cluster.stop('SIGINT'), () => reg.cluster.start());
		console.log(`# readiness said no after ${noticed_ms.toFixed()} ms, writes flowed again after ${recovered_ms.toFixed()} ms`);
		assert.ok(noticed_ms <= 1000, `readiness said no after ${noticed_ms} ms`);
		assert.ok(recovered_ms <= 2000, `back after ${recovered_ms} ms`);
	});
});

test('a server that is killed, and recovers from its log', async () => {
	await away(() => reg.cluster.stop('SIGKILL'), () => reg.cluster.start());
});

test('a server that no longer answers but keeps its connections', async () => {
	// Each backend is a group of its own.
	const everybody = signal => {
		for (const pid of stopped)
			process.kill(pid, signal);
	};
	let stopped;
	await away(() => {
		const children = execFileSync('pgrep', ['-P', String(reg.cluster.process.pid)], {encoding: 'utf8'});
		stopped = [reg.cluster.process.pid, ...children.trim().split('\n').map(Number)];
		everybody('SIGSTOP');
	}, () => everybody('SIGCONT'));
});

test('one backend that is killed: the others are thrown out too, and all come back', async () => {
	const seen = load(8);
	await until(() => seen.done.size > 50, {what: 'writes to flow'});
	const [{pid}] = await reg.sql(`select pid from pg_stat_activity where usename = 'assetd_api' limit 1`);
	process.kill(pid, 'SIGKILL');
	const before = seen.done.size;
	await until(() => seen.done.size > before + 50, {what: 'writes to flow again'});
	seen.isOver = true;
	await seen.over;
	await check(seen);
});

test('while it is away nobody waits for long, and connecting is not hammered', async () => {
	await reg.cluster.stop('SIGINT');
	await until(async () => await ready() === 503, {what: 'readiness to say no'});
	const refused = () => reg.daemon.logLines().filter(line => line.what === 'cannot connect to the database').length;
	const tries = refused(), began = performance.now(), took = [];
	for (let i = 0; i < 20; i++) {
		const asked = performance.now();
		const reply = await reg.admin.get('/v1/whoami');
		assert.ok([200, 503].includes(reply.status)); // 200 while the key is still believed
		took.push(performance.now() - asked);
		await pause(100);
	}
	took.sort((a, b) => a - b);
	assert.ok(took[took.length >> 1] < 400 && took.at(-1) < 5_000, `an answer comes at once: ${took.map(ms => ms.toFixed())} ms`);
	const rate = (refused() - tries) / ((performance.now() - began) / 1000);
	// Six pools (two workers, feed, projector, hooks, mail), each at most every second and a little in the beginning.
	assert.ok(rate <= 18, `${rate} tries a second`);
	await reg.cluster.start();
	await until(async () => await ready() === 200, {what: 'readiness to say yes'});
});
