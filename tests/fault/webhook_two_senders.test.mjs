// Two daemons, of which one sends. Whoever was frozen past the lease and woken sends nothing that the other has passed; a
// machine's clock, wherever it is set, gives nobody the lease; and where two send at once all the same, since the database's
// clock was set, each receiver still hears everything first in its order and under its one id.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {discard, ok, prepareDaemon, scratch, startHooks, startRegister, until} from '../harness/index.mjs';

const HOUR_MS = 3_600_000, WINDOW = 16;
const FAST = {per_hour: 3_600_000, burst: 1000};

const folder = scratch();
const faults = name => ({ASSETD_FAULT_FILE: path.join(folder, name)});
const reg = await startRegister({env: faults('first')});
const hooks = startHooks(reg);
const second = await prepareDaemon(reg.cluster, {migrate: false, env: faults('second')});
for (const name of ['pepper', 'hooks.key'])
	fs.copyFileSync(path.join(reg.daemon.folder, name), path.join(second.folder, name));
await second.start();
const daemons = [reg.daemon, second];
after(async () => {
	daemons.forEach(daemon => daemon.process.signal('SIGCONT'));
	await second.stop();
	discard(second.folder);
	await reg.stop();
	await hooks.stop();
	discard(folder);
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Double Council', kind: 'COUNCIL', code: 'DC'}));
let made = 0;

const asset = async daemon => (await daemon.client(reg.adminKey).post('/v1/assets',
	{authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'})).headers['event-id'];
async function assets(daemon, n) {
	const events = [];
	while (events.length < n)
		events.push(await asset(daemon));
	return events;
}
const lease = async () => (await reg.sql(`select split_part(holder, '/', 2)::int as pid, fence::int from assetd.lease where name = 'hooks'`))[0];
/** Who sends, and who does not: [daemon, daemon] */
async function roles() {
	const {pid} = await lease();
	const [sender, other] = daemons[0].process.pid === pid ? daemons : [...daemons].reverse();
	assert.equal(sender.process.pid, pid);
	return [sender, other];
}
const tried = async r => (await reg.sql(`select count(distinct change_id)::int as n from assetd.webhook_attempt where webhook_id = $1 and position is not null`, [r.id]))[0].n;
/** When nothing is left to be sent or kept, so that the sender asks the database for nothing but the lease and what is new. */
const atRest = r => until(async () => (await reg.sql(`select from assetd.webhook_cursor where webhook_id = $1 and position = (select max(position) from assetd.feed)`, [r.id])).length,
	{what: 'all of it to be kept'});
/** fn(), and both daemons ask for the sender's lease while nobody is answered. */
const unanswered = fn => reg.cluster.session(async db => {
	await db.query(`begin; select from assetd.lease where name = 'hooks' for update`);
	await fn();
	const seen = new Set(); // neither waits for the other, or for long
	await until(async () => {
		for (const {pid} of await reg.sql(`select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into lease%'`))
			seen.add(pid);
		return seen.size === 2;
	}, {what: 'both to ask for the lease'});
});
const knowsItLost = daemon => daemon.log().match(/"lease (lost|in doubt)"[^\n]*"name":"hooks"/g)?.length ?? 0;
/** What comes again is what was under way when somebody else went on, and nothing that is older. */
function assertInOrder(ids, events) {
	assert.deepEqual([...new Set(ids)], events, 'in order');
	let most = 0;
	for (const n of ids.map(id => events.indexOf(id))) {
		assert.ok(n >= most - 1, `${n} after ${most}`);
		most = Math.max(most, n);
	}
}

/**
 * The sender is frozen past its lease with something that it is about to send. The other takes over, over(other), and
 * sends all of it; then wake(sender) while nobody is told who has the lease, so that it goes on by itself.
 */
async function frozen(r, events, [sender, other], {over, wake}) {
	await until(async () => (await lease()).pid === other.process.pid, {what: 'the other to have taken over'});
	await over?.();
	await r.came(events.at(-1));
	await atRest(r);
	const known = knowsItLost(sender);
	await unanswered(wake);
	await until(() => knowsItLost(sender) > known, {what: 'it to know'});
	events.push(await asset(other));
	await r.came(events.at(-1));
	assertInOrder(r.ids(), events);
	await sender.ready();
	await r.remove();
}

test('W-12: who was frozen past the lease sends nothing that waited for its turn meanwhile', async () => {
	const r = await hooks.receiver({mode: 'STRICT', per_hour: 720, burst: 1});
	ok(await reg.admin.post(`/v1/webhooks/${r.id}/pause`, undefined), 200);
	const events = await assets(reg.daemon, 8); // read all together, and sent one in five seconds
	ok(await reg.admin.post(`/v1/webhooks/${r.id}/resume`, undefined), 200);
	await until(async () => await tried(r) >= 1, {what: 'the first to be kept'});
	const [sender, other] = await roles();
	sender.process.signal('SIGSTOP');
	try {
		await frozen(r, events, [sender, other], {
			async over() {
				const admin = other.client(reg.adminKey), url = `/v1/webhooks/${r.id}`;
				ok(await admin.patch(url, FAST, {match: (await admin.get(url)).headers.etag}), 200);
			},
			wake: () => sender.process.signal('SIGCONT'),
		});
	} finally {
		sender.process.signal('SIGCONT');
	}
});

test('W-12: who was frozen past the lease between reading again what had failed and sending it does not send it', async () => {
	const r = await hooks.receiver({mode: 'STRICT', retry: [{wait_s: 1}, {wait_s: 1}]});
	r.respond = () => ({status: r.ids().length === 1 ? 500 : 200});
	const [sender, other] = await roles();
	const plan = text => fs.writeFileSync(sender.env.ASSETD_FAULT_FILE, text);
	plan('HOOK_READ_AGAIN hold\n');
	const events = await assets(other, 3);
	await until(() => sender.log().includes('"point":"HOOK_READ_AGAIN"'), {what: 'the first to be read again'});
	await frozen(r, events, [sender, other], {wake: () => plan('')});
});

/** What was sent twice: of each time that somebody took over at most what one had under way to this webhook. */
function assertFewTwice(r, events, taken, most) {
	const twice = r.ids().length - events.length;
	assert.ok(twice <= most * taken, `${twice} sent twice, where ${taken} took over`);
}

test('W-12: a machine whose clock is set gives nobody the lease', async () => {
	// Whoever asks is noted, whatever the answer; a machine so busy that the lease was not kept in time lets it go by right.
	await reg.sql(`create table assetd.asked (n serial, holder text, is_free boolean);
		create function assetd.note_asked() returns trigger language plpgsql security definer as $$ begin
			insert into assetd.asked (holder, is_free) select new.holder, until < clock_timestamp() from assetd.lease where name = new.name;
			return new;
		end $$;
		create trigger note_asked before insert on assetd.lease for each row when (new.name = 'hooks') execute function assetd.note_asked()`);
	const r = await hooks.receiver({mode: 'STRICT'});
	const {fence} = await lease(), events = [];
	const taken = async () => (await lease()).fence - fence;
	for (const ms of [HOUR_MS, -HOUR_MS]) {
		const [sender, other] = await roles();
		sender.setClock(new Date(Date.now() + ms).toISOString());
		other.setClock(new Date(Date.now() - ms).toISOString());
		const [{n}] = await reg.sql('select coalesce(max(n), 0) as n from assetd.asked');
		events.push(await asset(other));
		// At the second time who has it has kept it by that clock.
		await until(async () => (await reg.sql('select from assetd.asked where n > $1 group by holder having count(*) > 2', [n])).length === 2,
			{what: 'both to have asked'});
		await r.came(events.at(-1));
		const [{free}] = await reg.sql('select count(*)::int as free from assetd.asked where is_free');
		assert.ok(await taken() <= free, `taken by a clock: the sender's ${ms} ms ahead, the other's as much behind`);
	}
	daemons.forEach(daemon => daemon.setClock(undefined));
	await reg.sql('drop trigger note_asked on assetd.lease');
	assertInOrder(r.ids(), events);
	assertFewTwice(r, events, await taken(), 1);
	await r.remove();
});

test('W-12: the database\'s clock is set while events stream: two may send, in order, and twice only what is under way', async () => {
	const strict = await hooks.receiver({mode: 'STRICT', types: ['asset.created'], ...FAST});
	const lines = await hooks.receiver({mode: 'PER_SUBJECT', ...FAST});
	const {fence} = await lease();
	const created = [], lives = [];
	let isOver = false;
	const writing = Promise.all(daemons.map(async daemon => {
		const client = daemon.client(reg.adminKey);
		while (!isOver) {
			let reply = await client.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'});
			const life = [reply.headers['event-id']], {id} = ok(reply);
			created.push(life[0]);
			lives.push(life);
			while (life.length < 4) {
				reply = await client.patch(`/v1/assets/${id}`, {name: `Hall ${++made}`}, {match: reply.headers.etag});
				life.push(reply.headers['event-id']);
			}
		}
	}));
	for (const ahead of ['1 hour', '-1 hour', '1 hour', '-1 hour']) {
		const before = await lease();
		await until(async () => {
			// What a clock does that is set: the end of the lease is that much less ahead.
			await reg.sql(`update assetd.lease set until = until - $1::interval where name = 'hooks' and fence = $2`, [ahead, before.fence]);
			return (await lease()).fence > before.fence;
		}, {what: 'the other to have taken over'});
		await strict.came(created.at(-1));
	}
	isOver = true;
	await writing;
	await strict.came(created);
	await lines.came(lives.flat());
	const taken = (await lease()).fence - fence;
	for (const r of [strict, lines])
		assert.ok(r.sink.deliveries.every(d => d.json.id === d.headers['webhook-id']), 'each under its one id');
	const feed = (await reg.sql('select change_id from assetd.feed where change_id = any ($1) order by position', [created])).map(row => row.change_id);
	assert.deepEqual([...new Set(strict.ids())], feed, 'in order');
	for (const life of lives)
		assert.deepEqual([...new Set(lines.ids().filter(id => life.includes(id)))], life, 'each subject in its own');
	assertFewTwice(strict, created, taken, 1);
	assertFewTwice(lines, lives.flat(), taken, WINDOW);
	await strict.remove();
	await lines.remove();
});
