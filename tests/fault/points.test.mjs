// Every named place of the write path (daemon/base/fault.def) × kill, stop, error: what a client was
// promised stays so. A write that was answered is there; asked again with its Idempotency-Key
// it gives the same bytes; it is never there twice; and the daemon goes on by itself.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {TREE, startRegister, until, within} from '../harness/index.mjs';

const STOP_MS = process.env.ASSETD_LONG ? 5000 : 300;

const plan = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/tmp', 'fault-'));
const file = path.join(plan, 'plan');
const reg = await startRegister({conf: {http: {workers: 1}}, env: {ASSETD_FAULT_FILE: file}});
after(async () => {
	await reg.stop();
	fs.rmSync(plan, {recursive: true});
});

const points = fs.readFileSync(path.join(TREE, 'daemon/base/fault.def'), 'utf8').match(/^FAULT\((\w+)\)/gm)
	.map(line => line.slice(6, -1)).filter(name => /^(HTTP|FLOW|DB)_/.test(name));
const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
let written = 0, planned = 0;

/** Let `point` do `action` at its nth visit from now on. */
function arm(point, action, nth) {
	fs.writeFileSync(`${file}.new`, `${point} ${action} ${nth}\n`);
	fs.utimesSync(`${file}.new`, 0, ++planned); // a time of change like no other
	fs.renameSync(`${file}.new`, file);
}

function disarm() {
	fs.writeFileSync(`${file}.new`, '');
	fs.utimesSync(`${file}.new`, 0, ++planned);
	fs.renameSync(`${file}.new`, file);
}

const write = (key, n) => reg.admin.post(`/v1/imports?kind=assets&authority_id=${council}&mapping=auto`, undefined, {
	idempotency: key, headers: {'Content-Type': 'text/csv'}, deadline_ms: STOP_MS + 10_000, agent: false,
	body: `reference,name,class,tenure\nF${n},Hall ${n},HALL,OWNED\n`,
}).catch(error => ({status: 0, error}));

const rows = async () => (await reg.sql('select count(*)::int as n from assetd.import'))[0].n;

const fired = point => reg.daemon.logLines().filter(line => line.what === 'fault point' && line.point === point).length;

/** What has to happen so that the point is met: most are met by a write. */
async function provoke(point, key, n) {
	if (point === 'FLOW_HEAR_WHO')
		await reg.daemon.restart(); // forgets the key
	if (point === 'FLOW_REPLAYED')
		assert.equal((await write(key, n)).status, 201);
	return async isMet => {
		if (point === 'DB_GATHERED')
			await reg.anyone.get(`/v1/authorities/${council}`).catch(() => {});
		if (/^DB_(CONNECT|PREPARED)$/.test(point)) {
			await reg.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'assetd_api'`);
			await until(isMet, {what: `${point} to be met`});
		}
		return write(key, n);
	};
}

async function stopped() {
	const pid = reg.daemon.process.pid;
	return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1][0] === 'T';
}

async function meet(point, action, nth) {
	const n = ++written, key = `point-${n}`;
	const before = await rows();
	const go = await provoke(point, key, n);
	const metBefore = fired(point);
	const isMet = () => fired(point) > metBefore;
	arm(point, action, nth);
	const first = go(isMet);
	if (action === 'stop') {
		await until(stopped, {what: `${point} to stop the daemon`});
		await new Promise(resolve => { setTimeout(resolve, STOP_MS); }); // the length of the stop is the test's own
		reg.daemon.process.signal('SIGCONT');
	}
	if (action === 'kill')
		await within(reg.daemon.process.exited, 15_000, `${point} to kill the daemon`);
	const answer = await first;
	await until(isMet, {what: `${point} to have been met`});
	disarm();
	if (action === 'kill')
		await reg.daemon.start();

	const again = await until(async () => {
		const reply = await write(key, n);
		assert.ok([0, 201, 409, 503].includes(reply.status), `${point} ${action}: ${reply.status} ${reply.text}`);
		return reply.status === 201 && reply;
	}, {what: `the write after ${point} ${action} to be answered`});
	if (answer.status === 201) {
		assert.equal(again.headers['idempotency-replayed'], 'true');
		assert.equal(again.text, answer.text);
		assert.equal(again.headers.location, answer.headers.location);
	}
	assert.equal(await rows(), before + 1, `${point} ${action}: one row`);
}

test('there are at least 25 points on the write path', () => {
	assert.ok(points.length >= 25, `${points.length}`);
});

for (const point of points) {
	// A flow has several steps and batches: the later ones are visited too.
	const visits = {FLOW_BEFORE_STEP: [1, 3, 5], FLOW_BEFORE_BATCH: [1, 2], FLOW_AFTER_SEND: [1, 2], FLOW_ANSWERED: [1, 2],
		DB_AFTER_STATEMENT: [1, 4], DB_AFTER_RESULT: [1, 3, 5], DB_BEFORE_SEND: [1, 2], DB_AFTER_SEND: [1, 2],
		DB_BEFORE_SYNC: [1, 2], DB_AFTER_SYNC: [1, 2], DB_BEFORE_DONE: [1, 2], DB_QUEUED: [1, 2]}[point] ?? [1];
	for (const action of ['kill', 'stop', 'error']) {
		for (const nth of visits)
			test(`${point} ${nth}: ${action}`, () => meet(point, action, nth));
	}
}
