// Many webhooks at once: all are asked whether they want to be called, read by as many principals and due to be tried again in the
// same moment. None of it is more than the sender keeps or reads at a time, or it would forget all and begin again, for ever.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister, startSink, until} from '../harness/index.mjs';

const MACHINES = 20, OWNERS = 300, EACH = 2, EVENTS = 6;

/* Each second event is refused while they are ill: who refuses more is left alone. */
let isIll = true;
const turns = new Map();
const respond = async d => {
	if (d.json.type === 'endpoint.ping')
		return {status: 204};
	const turn = turns.get(d.path) ?? 0;
	turns.set(d.path, turn + 1);
	return isIll && turn % 2 ? {status: 500} : undefined;
};
const sinks = await Promise.all(Array.from({length: MACHINES}, () => startSink({respond, echo: false})));
const reg = await startRegister();
after(async () => {
	await reg.stop();
	await Promise.all(sinks.map(sink => sink.stop()));
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Busy Council', kind: 'COUNCIL', code: 'BC'}));
const all = () => sinks.flatMap(sink => sink.deliveries);
const begunAnew = () => reg.daemon.logLines().filter(line => /could not be (kept|read)/.test(line.what ?? ''));
let made = 0;

test('W-32 W-35: six hundred webhooks are asked at once, and each of them once', async () => {
	for (let i = 0; i < OWNERS; i++)
		await Promise.all(Array.from({length: EACH}, async (_, n) => ok(await reg.admin.post('/v1/webhooks', {url: `${sinks[(i * EACH + n) % MACHINES].url}/${i}/${n}`, types: ['asset.created'],
			per_hour: 3_600_000, burst: 1000}))));
	await reg.daemon.stop();
	await reg.sql(`begin; set local session_replication_role = replica; -- each two of them somebody else's
		insert into assetd.principal (id, name, created_at, updated_at) select 'prn_' || lpad(n::text, 26, '0'), 'Owner', now(), now() from generate_series(1, ${OWNERS}) as n;
		insert into assetd.principal_role (principal_id, authority_id, role, created_at) select id, '${council.id}', 'ADMIN', now() from assetd.principal where name = 'Owner';
		update assetd.webhook as w set principal_id = 'prn_' || lpad((1 + x.n / ${EACH})::text, 26, '0')
			from (select id, row_number() over (order by id) - 1 as n from assetd.webhook) as x where x.id = w.id; commit`);
	for (const sink of sinks) {
		sink.deliveries.length = 0;
		sink.echo = true;
	}
	await reg.daemon.start();
	await until(async () => (await reg.sql(`select from assetd.webhook where state <> 'ACTIVE' limit 1`)).length === 0, {what: 'all to be active'});
	assert.deepEqual(begunAnew(), []);
	assert.equal((await reg.sql('select count(distinct principal_id)::int as n from assetd.webhook'))[0].n, OWNERS);
	const asked = all().map(d => d.path);
	assert.deepEqual([asked.length, new Set(asked).size], [OWNERS * EACH, OWNERS * EACH], 'each once');
});

test('W-10 W-32: one event is read by three hundred principals at once, and what failed of all of them is due in one moment', async () => {
	for (let n = 0; n < EVENTS; n++)
		ok(await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED'}));
	await until(() => [...turns.values()].filter(turn => turn >= EVENTS).length === OWNERS * EACH, {what: 'each to have been tried with all', deadline_ms: 120_000});
	isIll = false;
	reg.daemon.setClock(new Date(Date.now() + 600_000).toISOString());
	await until(async () => (await reg.sql('select from assetd.webhook_retry limit 1')).length === 0, {what: 'nothing to wait', deadline_ms: 120_000});
	assert.deepEqual(begunAnew(), []);
	const events = (await reg.sql(`select change_id as id from assetd.feed where type = 'asset.created'`)).map(row => row.id);
	const told = new Map();
	for (const d of all().filter(one => one.json.type === 'asset.created'))
		told.set(d.path, (told.get(d.path) ?? new Set()).add(d.headers['webhook-id']));
	assert.deepEqual([...new Set([...told.values()].map(ids => ids.size))], [events.length]);
	assert.equal(told.size, OWNERS * EACH);
});
