// The log of deliveries goes back as many days as the settings say, and what is older leaves it in small pieces. Days pass
// by the daemon's clock.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ASSETD, ok, run, startHooks, startRegister, until} from '../harness/index.mjs';

const DAYS = 7, PIECE = 5000;

const reg = await startRegister({conf: {hooks: {log_days: String(DAYS)}}});
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Logged Council', kind: 'COUNCIL', code: 'LC'}));
const DAY_MS = 86_400_000, now = Date.now();
let made = 0;
const onDay = n => reg.daemon.setClock(new Date(now + n * DAY_MS).toISOString());
async function asset() {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'});
	return ok(reply) && reply.headers['event-id'];
}
const deliveries = async r => ok(await reg.admin.get(`/v1/webhooks/${r.id}/deliveries?limit=1000`), 200);
const rows = async () => (await reg.sql('select count(*)::int as n from assetd.webhook_attempt'))[0].n;

test('W-56: the log is kept as long as it is set, tells so, and forgets the rest a day or some thousand rows at a time', async () => {
	const r = await hooks.receiver();
	const day = async n => {
		onDay(n);
		const event = await asset();
		await r.came(event);
		await until(async () => (await deliveries(r)).items.some(i => i.event_id === event), {what: 'it to be logged'});
		return event;
	};
	const events = [await day(0), await day(1), await day(4)];
	const shown = await deliveries(r);
	assert.equal(shown.kept_days, DAYS);
	assert.equal(shown.next, null);
	// A time that has no partition, as of a daemon that was away: more than one piece, counted as it goes.
	await reg.sql(`insert into assetd.webhook_attempt (webhook_id, at, change_id, number, result)
		select $1, timestamptz '2020-01-01' + n * interval '1 s', $2, 1, 'DELIVERED' from generate_series(1, $3) as n`, [r.id, events[0], 2 * PIECE + 10]);
	await reg.sql('create table public.gone (n int)');
	await reg.sql('grant insert on public.gone to assetd_owner');
	await reg.sql(`create function public.count_gone() returns trigger language plpgsql as $$ begin
		insert into public.gone select count(*) from old; return null; end $$`);
	await reg.sql('create trigger counted after delete on assetd.webhook_attempt_default referencing old table as old for each statement execute function public.count_gone()');
	const parts = async () => (await reg.sql(`select c.relname from pg_inherits join pg_class as c on c.oid = inhrelid
		where inhparent = 'assetd.webhook_attempt'::regclass and c.relname ~ '\\d{8}$' order by 1`)).map(p => p.relname.slice(-8));
	const nameOf = n => new Date(now + n * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
	assert.ok((await parts()).includes(nameOf(0)));

	onDay(DAYS + 2); // of days 0 and 1 the last moment is more than so long ago, of day 2 it is not
	await until(async () => !(await deliveries(r)).items.some(i => events.slice(0, 2).includes(i.event_id)), {what: 'the first two to be gone'});
	await until(async () => await rows() < 100, {what: 'what has no partition to be gone'});
	assert.ok((await deliveries(r)).items.some(i => i.event_id === events[2]));
	const left = await parts();
	assert.ok(!left.includes(nameOf(1)) && left.includes(nameOf(2)), `${left}`);
	const pieces = (await reg.sql('select n from public.gone where n > 0')).map(g => g.n);
	assert.deepEqual([pieces.every(n => n <= PIECE), pieces.reduce((a, b) => a + b)], [true, 2 * PIECE + 10], `${pieces}`);
	assert.ok(pieces.length >= 3);
	// What waits to be sent has nothing to do with the log, and goes on.
	await r.came(await day(DAYS + 3));

	const {stdout} = await run(ASSETD, ['--dump-settings']);
	assert.match(stdout, /^hooks\tlog_days\tnumber\t30\t/mi);
	const check = async log_days => (await reg.daemon.command('check', [], {ok: null, env: {...reg.daemon.env, ASSETD_HOOKS_LOG_DAYS: log_days}})).code;
	assert.deepEqual([await check('0'), await check('1'), await check('400'), await check('401')], [1, 0, 0, 1]);

	for (const user of ['assetd_api', 'assetd_worker'])
		await assert.rejects(reg.sql('delete from assetd.webhook_attempt', [], {user}), /permission denied/);
	await assert.rejects(reg.sql('delete from assetd.webhook_attempt'), 'nor anybody by hand');
	await assert.rejects(reg.sql(`select assetd.webhook_attempts_prune(now(), 1)`, [], {user: 'assetd_api'}), /permission denied/);
});
