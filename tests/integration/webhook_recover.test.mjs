// What a receiver is sent and what it is not: filters, headers of its own, the log, and sending once more what it
// has missed, under the same ids.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {contract} from '../harness/contract.mjs';
import {ok, problem, startHooks, startRegister, until, verify} from '../harness/index.mjs';

const reg = await startRegister();
const hooks = startHooks(reg);
after(async () => {
	await reg.stop();
	await hooks.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Told Council', kind: 'COUNCIL', code: 'TC'}));
const cpp = ok(await reg.admin.post('/v1/cpps', {name: 'Told CPP', code: 'TCPP', partners: [council.id]}));
const locality = ok(await reg.admin.post('/v1/localities', {name: 'North', code: 'N', cpp_id: cpp.id, kind: 'LOCALITY'}));
let made = 0;

async function asset(more = {}) {
	const reply = await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++made}`, class: 'HALL', tenure: 'OWNED', ...more});
	return {...ok(reply), event: reply.headers['event-id']};
}

test('W-11 W-58: a success writes no row of a queue, and the metrics count it without an address', async () => {
	const r = await hooks.receiver({types: ['asset.created']});
	const rows = async () => (await reg.sql(`select relname, n_tup_ins::int as ins, n_tup_upd::int as upd from pg_stat_user_tables
		where relname in ('webhook_retry', 'webhook_cursor')`)).reduce((all, t) => ({...all, [t.relname]: t}), {});
	await reg.sql('select pg_stat_force_next_flush()').catch(() => {}); // PostgreSQL 16 and later need not
	const attempts = async () => (await reg.daemon.metrics())['assetd_webhook_attempts_total{result="DELIVERED",class="2xx"}'] ?? 0;
	const before = await rows(), counted = await attempts();
	const begun = performance.now();
	const n = 300;
	for (let i = 0; i < n; i++) { // one by one, or many would be told by one move whatever the pause
		await asset();
		await until(() => r.ids().length > i, {what: 'it to arrive', every_ms: 1});
	}
	await until(() => r.ids().length >= n, {what: 'all to arrive', deadline_ms: 60_000});
	const looks = Math.ceil((performance.now() - begun) / 100) + 3; // one under way at each end, and what the clock rounds
	await until(async () => await attempts() - counted >= n, {what: 'them to be counted'});
	const after = await rows();
	assert.equal((after.webhook_retry?.ins ?? 0) - (before.webhook_retry?.ins ?? 0), 0, 'no row of a queue');
	assert.ok((after.webhook_cursor?.upd ?? 0) - (before.webhook_cursor?.upd ?? 0) <= looks, 'a cursor moves ten times a second at most');
	const names = Object.keys(await reg.daemon.metrics()).filter(name => name.startsWith('assetd_webhook_'));
	for (const part of ['webhook_attempts_total', 'webhook_in_flight', 'webhook_paused', 'webhook_backlog'])
		assert.ok(names.some(name => name.startsWith(`assetd_${part}`)), part);
	assert.ok(names.every(name => !/http|127\.0|whk_/.test(name)));
	await r.remove();
});

test('W-53: filters by asset, by locality and by members of the data', async () => {
	const one = await asset(), other = await asset();
	const last = await hooks.receiver();
	const rows = [
		[{asset_id: one.id}, ['valued', 'renamed']],
		[{locality_id: locality.id}, ['north', 'north valued']],
		[{where: ['/class=DEPOT']}, ['depot']],
		[{where: ['/class=HALL', '/owners/0/units=1', '/name=a=b']}, ['both']],
		[{where: ['/restricted=true'], asset_id: one.id}, ['valued']],
		[{subject: one.id, authority_id: council.id, asset_id: one.id, where: ['/basis=MV']}, ['valued']],
		[{where: ['/nothing=x']}, []],
	];
	const all = await Promise.all(rows.map(([filter]) => hooks.receiver({filter})));
	const value = async (a, more) => (await reg.admin.post(`/v1/assets/${a.id}/valuations`, {amount_pence: 5, basis: 'MV', valued_on: '2026-04-01', ...more})).headers['event-id'];
	const north = await asset({locality_id: locality.id});
	const events = {
		valued: await value(one), 'other valued': await value(other), north: north.event, 'north valued': await value(north),
		renamed: (await reg.admin.patch(`/v1/assets/${one.id}`, {name: 'Other'}, {match: (await reg.admin.get(`/v1/assets/${one.id}`)).headers.etag})).headers['event-id'],
		depot: (await asset({class: 'DEPOT'})).event, both: (await asset({name: 'a=b', owners: [{authority_id: council.id, units: 1}]})).event,
	};
	const end = (await asset({name: 'a=b', class: 'DEPOT', locality_id: locality.id})).event;
	await last.came(end);
	for (const [i, [filter, wanted]] of rows.entries()) {
		for (const name of wanted)
			await all[i].came(events[name]).catch(() => assert.fail(`${JSON.stringify(filter)} is not sent ${name}`));
		const got = all[i].ids().map(id => Object.keys(events).find(name => events[name] === id)).filter(Boolean);
		assert.deepEqual(got.sort(), [...wanted].sort(), JSON.stringify(filter));
	}
	for (const filter of [{where: ['class=HALL']}, {where: ['/class']}, {where: Array(11).fill('/a=b')}, {asset_id: council.id}, {locality_id: 'x'}])
		assert.equal((await reg.admin.post('/v1/webhooks', {url: last.sink.url, filter})).status, 422, JSON.stringify(filter));
	for (const r of [last, ...all])
		await r.remove();
});

test('W-48: headers of its own are sent, and none that would change the call', async () => {
	const r = await hooks.receiver({headers: [{name: 'X-Gateway-Key', value: 'a b; c="d"'}, {name: 'Authorization', value: 'Basic eDp5'}]});
	const a = await asset();
	await r.came(a.event);
	const d = r.sink.deliveries.find(one => one.headers['webhook-id'] === a.event);
	assert.equal(d.headers['x-gateway-key'], 'a b; c="d"');
	assert.equal(d.headers.authorization, 'Basic eDp5');
	verify(r.hook.secret, d);
	const bad = ['Host', 'content-LENGTH', 'Transfer-Encoding', 'connection', 'Webhook-Id', 'webhook-anything', 'content-type', 'Proxy-Authorization', 'TE',
		'a b', 'a:b', 'ä', '', '-a', 'a\r\nb', 'x'.repeat(65)];
	for (const name of bad)
		assert.equal((await reg.admin.post('/v1/webhooks', {url: r.sink.url, headers: [{name, value: 'x'}]})).status, 422, name);
	for (const value of ['', 'a\r\nHost: b', 'a\nb', 'a\u0000b', 'ä', 'x'.repeat(1001)])
		assert.ok([400, 422].includes((await reg.admin.post('/v1/webhooks', {url: r.sink.url, headers: [{name: 'X-A', value}]})).status), value);
	assert.equal((await reg.admin.post('/v1/webhooks', {url: r.sink.url, headers: Array(11).fill({name: 'X-A', value: 'x'})})).status, 422);
	await r.remove();
});

test('W-54: one is sent again, what failed is recovered, and a new receiver hears what was before it', async () => {
	let ill = true;
	const r = await hooks.receiver({types: ['asset.created'], retry: [{wait_s: 1}]}, () => ill ? {status: 500} : undefined);
	const failed = [await asset(), await asset(), await asset()];
	for (const a of failed)
		await r.came(a.event, 2);
	await until(async () => (await r.log('&result=EXHAUSTED')).length === 3, {what: 'three to be given up'});
	ill = false;
	const good = await asset();
	await r.came(good.event);
	await until(async () => (await r.log('&result=DELIVERED')).length === 1, {what: 'one to be taken'});
	const count = async (body, hook = r.hook) => ok(await reg.admin.post(`/v1/webhooks/${hook.id}/recoverable`, body), 200).count;
	assert.equal(await count({}), 3);
	// Of what it has been past, and its cursor is written ten times a second at most.
	await until(async () => await count({only: 'ALL'}) === (await reg.sql(`select count(*)::int as n from assetd.feed where type = 'asset.created'`))[0].n,
		{what: 'all to be counted'});
	assert.equal(await count({types: ['asset.removed']}), 0);
	assert.equal(await count({since: '2099-01-01T00:00:00Z'}), 0);
	assert.equal(await count({event_id: good.event}), 1);
	const recover = body => reg.admin.post(`/v1/webhooks/${r.hook.id}/recover`, body);
	ok(await recover({}), 200);
	for (const a of failed)
		await r.came(a.event, 3);
	await until(async () => await count({}) === 0, {what: 'nothing to be left'});
	const again = r.ids().length;
	ok(await recover({event_id: good.event}), 200);
	await r.came(good.event, 2);
	assert.equal(r.ids().length, again + 1, 'that one alone');
	assert.equal(new Set(r.sink.deliveries.filter(d => d.headers['webhook-id'] === good.event).map(d => d.text)).size, 1, 'the same bytes');

	const late = await hooks.receiver({types: ['asset.created'], mode: 'STRICT', filter: {where: ['/class=HALL']}});
	const [{from}] = await reg.sql('select min(position)::int as from from assetd.feed where change_id = any ($1)', [failed.map(a => a.event)]);
	ok(await reg.admin.post(`/v1/webhooks/${late.hook.id}/recover`, {from_position: from, only: 'ALL'}), 200);
	await late.came(good.event);
	assert.deepEqual(late.ids(), [...failed, good].map(a => a.event), 'in order');
	for (const body of [{from_position: 0}, {only: 'SOME'}, {since: 'yesterday'}, {event_id: council.id}, {surprise: 1}])
		assert.equal((await recover(body)).status, 422, JSON.stringify(body));
	const [told] = (await reg.admin.get(`/v1/events?subject=${r.hook.id}&types=webhook.recovered`)).json.items;
	assert.deepEqual(told.data, {webhook_id: r.hook.id});
	await r.remove();
	await late.remove();
	assert.equal((await recover({})).status, 410);
});

test('W-56: the log by result, type, subject, event and time, each attempt with its address and times', async () => {
	let ill = true;
	const r = await hooks.receiver({}, () => ill ? {status: 503, body: 'busy'} : undefined);
	const a = await asset();
	await r.came(a.event);
	ill = false;
	const b = await asset();
	await r.came(b.event);
	const items = await until(async () => {
		const all = await r.log('&type=asset.created');
		return all.length >= 2 && all;
	}, {what: 'both in the log'});
	const [first] = items.filter(i => i.event_id === a.event);
	assert.deepEqual([first.result, first.status, first.excerpt, first.address, first.type, first.subject], ['REFUSED', 503, 'busy', '127.0.0.1', 'asset.created', a.id]);
	assert.ok(first.total_us > 0 && first.first_byte_us > 0 && first.next_attempt_at > first.attempted_at);
	const only = async query => [...new Set((await r.log(query)).map(i => i.event_id))];
	assert.deepEqual([await only('&status=503'), await only('&status=200&type=asset.created'), await only('&status=504')], [[a.event], [b.event], []]);
	for (const status of ['5xx', '99', '600', ''])
		problem(await reg.admin.get(`/v1/webhooks/${r.hook.id}/deliveries?status=${status}`), 400, 'bad-query', '?status');
	assert.deepEqual(await only(`&result=DELIVERED`), [b.event]);
	assert.deepEqual(await only(`&subject=${a.id}`), [a.event]);
	assert.deepEqual(await only(`&event_id=${b.event}`), [b.event]);
	assert.deepEqual([await r.log('&type=endpoint.ping'), await r.log(`&subject=${r.hook.id}`)], Array(2).fill((await r.log()).slice(-1)), 'a ping is found by what is shown of it');
	const {api} = contract(), {properties} = api.components.schemas.deliveries.properties.items.items;
	for (const item of await r.log()) {
		assert.deepEqual(Object.keys(item).sort(), Object.keys(properties).sort());
		assert.ok(properties.result.enum.includes(item.result));
	}
	assert.ok(api.components.schemas.deliveries.properties.kept_days);
	assert.deepEqual(await r.log('&since=2099-01-01T00:00:00Z'), []);
	assert.ok((await r.log('&until=2099-01-01T00:00:00Z&since=2020-01-01T00:00:00Z')).length >= 3);
	assert.equal((await reg.admin.get(`/v1/webhooks/${r.hook.id}/deliveries?since=soon`)).status, 400);
	await r.remove();
});

test('paused it is sent nothing, and resumed all of it from where it stopped', async () => {
	const r = await hooks.receiver(), other = await hooks.receiver();
	const act = (verb, id = r.id) => reg.admin.post(`/v1/webhooks/${id}/${verb}`, undefined);
	assert.deepEqual([ok(await act('pause'), 200).state, ok(await act('pause'), 200).state], ['PAUSED', 'PAUSED'], 'once is enough');
	// What was on its way while the sender heard of it may still come.
	const missed = await until(async () => {
		const a = await asset();
		await other.came(a.event);
		return !r.ids().includes(a.event) && a;
	}, {what: 'it to be left alone'});
	const next = await asset();
	await other.came(next.event);
	assert.ok(![missed, next].some(a => r.ids().includes(a.event)));
	assert.equal(ok(await act('resume'), 200).state, 'ACTIVE');
	await r.came([missed.event, next.event]);
	const changes = (await reg.admin.get(`/v1/events?subject=${r.id}&types=webhook.*`)).json.items.map(e => e.type);
	assert.deepEqual(changes.filter(type => type === 'webhook.updated').length, 3);
	// What has not proven itself is not called by being resumed.
	const unproven = ok(await reg.admin.post('/v1/webhooks', {url: 'https://receiver.example/'}));
	assert.deepEqual([ok(await act('resume', unproven.id), 200).state, ok(await act('pause', unproven.id), 200).state], ['UNVERIFIED', 'UNVERIFIED']);
	await r.remove();
	await other.remove();
	for (const verb of ['pause', 'resume'])
		assert.equal((await act(verb)).status, 410);
});
