// The daemon, one of its backends and the whole of PostgreSQL killed under load, seen by who is told:
// each event that a writer was answered for has one place in the feed, stands there after the one
// before it, and reaches the receiver at least once, always under the same id. The same with a sender
// that believes it has told everything already must find losses, or the checker could not.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {startRegister, startSink, until, verify} from '../harness/index.mjs';

const KILLS = Number(process.env.ASSETD_DELIVERY_KILLS ?? (process.env.ASSETD_LONG ? 100 : 4));
const WINDOW = 16; // deliveries under way to one receiver

let isDeaf = false; // it takes what it is sent and never answers
let secret; // by which what comes is verified, when it comes: five minutes later no receiver takes it any more
const unverified = [];
const sink = await startSink({respond: d => {
	try {
		if (secret)
			verify(secret, d);
	} catch (error) {
		unverified.push(`${d.headers['webhook-id']}: ${error.message}`);
	}
	return isDeaf ? 'hang' : undefined;
}});
after(() => sink.stop());

/** Writers that give nothing up: → {told: [{event, subject}], stop()}. */
function writers(reg, council, count) {
	const log = {told: [], wrong: [], isOver: false};
	let n = 0;
	const one = async () => {
		while (!log.isOver) {
			const key = `delivery-${++n}`;
			for (let isTold = false; !isTold && !log.isOver;) {
				const reply = await reg.admin.post('/v1/assets', {authority_id: council, name: key, class: 'HALL', tenure: 'OWNED'},
					{idempotency: key}).catch(() => ({status: 0}));
				isTold = reply.status === 201;
				if (isTold)
					log.told.push({event: reply.headers['event-id'], subject: reply.json.id});
				else if ([0, 409, 503].includes(reply.status))
					await pause(20);
				else
					log.wrong.push(`${key}: ${reply.status} ${reply.text}`);
			}
		}
	};
	const over = Promise.all(Array.from({length: count}, one));
	log.stop = async () => {
		log.isOver = true;
		await over;
	};
	return log;
}

/** The events that were answered for and never came. */
const missing = log => {
	const came = new Set(sink.deliveries.map(d => d.headers['webhook-id']));
	return log.told.filter(t => !came.has(t.event));
};

/* One of the daemon's own: PostgreSQL then ends all the others too, and recovers. */
async function killBackend(reg) {
	const rows = await reg.sql(`select pid from pg_stat_activity where usename in ('assetd_api', 'assetd_worker') and datname = current_database()`);
	const [{before}] = await reg.sql('select pg_postmaster_start_time()::text as before');
	assert.ok(rows.length > 0);
	const {pid} = rows[Math.floor(Math.random() * rows.length)];
	process.kill(pid, 'SIGKILL');
	await until(async () => (await reg.sql('select from pg_stat_activity where pid = $1', [pid])).length === 0, {what: 'PostgreSQL to have recovered'});
	assert.equal((await reg.sql('select pg_postmaster_start_time()::text as now'))[0].now, before, 'the same server');
}

async function begin() {
	const reg = await startRegister({durable: true});
	const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;
	const hook = await reg.admin.post('/v1/webhooks', {url: sink.url, types: ['asset.created'], per_hour: 3_600_000, burst: 1000});
	assert.equal(hook.status, 201, hook.text);
	await until(async () => (await reg.admin.get(`/v1/webhooks/${hook.json.id}`)).json.state === 'ACTIVE', {what: 'the webhook to be active'});
	return {reg, council, hook: hook.json};
}

test(`W-10: ${KILLS} kills: every event that was answered for is told, in its place, at least once`, async () => {
	const {reg, council, hook} = await begin();
	after(() => reg.stop());
	secret = hook.secret;
	const log = writers(reg, council, 8);
	for (let i = 0; i < KILLS; i++) {
		const before = log.told.length, came = sink.deliveries.length;
		await until(() => log.told.length > before + 20 && sink.deliveries.length > came, {what: 'writes and deliveries to flow'});
		if (i % 4 === 1) {
			await killBackend(reg);
		} else if (i % 4 === 3) {
			await reg.cluster.stop('SIGKILL');
			await until(async () => {
				await reg.cluster.start();
				return true;
			}, {what: 'the cluster to start again'});
		} else {
			await reg.daemon.kill();
			await reg.daemon.start();
		}
	}
	await log.stop();
	assert.deepEqual(log.wrong, []);
	await until(() => missing(log).length === 0, {what: 'all that was answered for to be delivered'})
		.catch(error => assert.fail(`${missing(log).length} of ${log.told.length} were never delivered: ${error.message}`));
	console.log(`${log.told.length} events, ${sink.deliveries.length - 1} deliveries`);

	secret = undefined;
	assert.deepEqual(unverified, []);
	const mine = sink.ofType('asset.created');
	const bodies = new Map();
	for (const d of mine) {
		assert.equal(d.json.id, d.headers['webhook-id']);
		assert.equal(bodies.get(d.json.id) ?? d.text, d.text, 'again under the same id is the same event');
		bodies.set(d.json.id, d.text);
	}
	assert.ok(mine.length - bodies.size <= KILLS * WINDOW, `${mine.length - bodies.size} came twice`);
	const [feed] = await reg.sql(`select count(*)::int as n, max(position)::int as last, count(distinct change_id)::int as different from assetd.feed`);
	assert.deepEqual(feed, {n: feed.last, last: feed.last, different: feed.last}, 'one place each and no hole');
	const [{n: lost}] = await reg.sql(`select count(*)::int as n from assetd.change as c where not exists (select from assetd.feed as f where f.change_id = c.id)`);
	assert.equal(lost, 0);
});

test('the checker sees it when a sender passes over what it has not told', async () => {
	const {reg, council, hook} = await begin();
	after(() => reg.stop());
	isDeaf = true;
	const log = writers(reg, council, 8);
	await until(() => log.told.length > 3 * WINDOW, {what: 'writes to flow'});
	await reg.daemon.kill();
	await log.stop();
	isDeaf = false;
	// What a sender does that moves on before it is answered.
	await reg.sql(`update assetd.webhook_cursor set position = (select max(position) from assetd.feed) where webhook_id = $1`, [hook.id]);
	await reg.daemon.start();
	const last = await reg.admin.post('/v1/assets', {authority_id: council, name: 'Last', class: 'HALL', tenure: 'OWNED'});
	await sink.waitFor(d => d.headers['webhook-id'] === last.headers['event-id']);
	assert.ok(missing(log).length > 0, `${log.told.length} were answered for and none was passed over`);
});
