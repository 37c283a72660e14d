// Two thousand deliveries, in a long run a million, wait for receivers that are ill, over a kill: who is well is told at once,
// nothing that waits is passed over, and who is well again is told all of it in order.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, ok, startRegister, startSink, until} from '../harness/index.mjs';

const [ILL, EVENTS] = process.env.ASSETD_LONG ? [200, 5000] : [20, 100];
const OWNERS = 8;

const healed = new Set();
const sink = await startSink({respond: d => d.path.startsWith('/hook/ill') && !healed.has(d.path) ? {status: 500} : undefined});
const reg = await startRegister();
after(async () => {
	await reg.stop();
	await sink.stop();
});
const council = ok(await reg.admin.post('/v1/authorities', {name: 'Patient Council', kind: 'COUNCIL', code: 'PC'}));
const idsAt = path => sink.deliveries.filter(d => d.path === path && d.json.type !== 'endpoint.ping').map(d => d.headers['webhook-id']);
const came = (path, ids) => until(() => {
	const there = new Set(idsAt(path));
	return ids.every(id => there.has(id));
}, {what: `all to come to ${path}`});
let made = 0;
const asset = async () => (await reg.admin.post('/v1/assets', {authority_id: council.id, name: `Depot ${++made}`, class: 'DEPOT', tenure: 'OWNED'})).headers['event-id'];
const events = async () => (await reg.sql(`select change_id as id from assetd.feed where type = 'asset.created' order by position`)).map(row => row.id);
/** Events that each of those who are ill has yet to be told, the fewest of them: not past its cursor, or kept to be tried again. */
async function waiting() {
	const [{least}] = await reg.sql(`select min((select count(*) from assetd.feed as f where f.type = 'asset.created' and f.position > c.position
			and not exists (select from assetd.webhook_retry as r where r.webhook_id = w.id and r.position = f.position))
		+ (select count(*) from assetd.webhook_retry as r where r.webhook_id = w.id))::int as least
		from assetd.webhook as w join assetd.webhook_cursor as c on c.webhook_id = w.id where w.url like '%/ill/%'`);
	return least;
}

test(`W-10 W-31 W-32: ${ILL * EVENTS} deliveries wait, over a kill: others are told, and all of it is, in order`, async () => {
	const owners = [];
	for (let i = 0; i < OWNERS; i++)
		owners.push(reg.admin.as((await makeKey(reg, {roles: {[council.id]: ['ADMIN']}})).key));
	for (let i = 0; i < ILL; i++)
		ok(await owners[i % OWNERS].post('/v1/webhooks', {url: `${sink.url}/ill/${i}`, types: ['asset.created'], mode: i % 2 ? 'UNORDERED' : 'STRICT', per_hour: 3_600_000, burst: 1000}));
	ok(await reg.admin.post('/v1/webhooks', {url: `${sink.url}/well`, types: ['asset.created'], per_hour: 3_600_000, burst: 1000}));
	await until(async () => (await reg.sql(`select from assetd.webhook where state <> 'ACTIVE'`)).length === 0, {what: 'all to be active'});

	const body = `AssetCode,PropertyName\n${Array.from({length: EVENTS}, (_, i) => `E${i},Hall ${i}\n`).join('')}`;
	const list = ok(await reg.admin.request('POST', `/v1/imports?kind=assets&authority_id=${council.id}`, {headers: {'content-type': 'text/csv'}, body}));
	const applied = await reg.admin.post(list.links.apply);
	assert.ok([200, 202].includes(applied.status), applied.text); // later, where so many take longer than a reply is waited for
	await until(async () => (await events()).length === EVENTS, {deadline_ms: 120_000, what: 'all to have a position'});
	await came('/hook/well', await events());
	await until(async () => (await reg.sql(`select from assetd.webhook_cursor as c join assetd.webhook as w on w.id = c.webhook_id where w.url like '%/ill/%' and failures = 0`)).length === 0,
		{what: 'each of the ill to have been tried'});
	assert.equal(await waiting(), EVENTS);

	await came('/hook/well', [await asset()]);
	await reg.daemon.kill();
	await reg.daemon.start();
	await came('/hook/well', [await asset()]);
	assert.equal(await waiting(), EVENTS + 2, 'nothing was passed over');

	for (const path of ['/hook/ill/0', '/hook/ill/1'])
		healed.add(path);
	const all = await events();
	const told = path => new Set(idsAt(path)).size === all.length && sink.deliveries.filter(d => d.path === path).length > all.length;
	const here = () => sink.deliveries.filter(d => healed.has(d.path)).length;
	// The clock goes on, past what a pause may be, when nothing more comes; those who stay ill are given up after five days.
	for (let ahead_s = 60, step_s = 60; !told('/hook/ill/0') || !told('/hook/ill/1');) {
		reg.daemon.setClock(new Date(Date.now() + ahead_s * 1000).toISOString());
		const before = here();
		const comes = await until(() => told('/hook/ill/0') && told('/hook/ill/1') || here() > before, {deadline_ms: 1000, what: 'more'}).then(() => true, () => false);
		ahead_s += comes ? 0 : step_s;
		step_s = comes ? 60 : Math.min(2 * step_s, 3600);
		assert.ok(ahead_s < 5 * 86_400, `${new Set(idsAt('/hook/ill/0')).size} and ${new Set(idsAt('/hook/ill/1')).size} of ${all.length} were told`);
	}
	assert.deepEqual([...new Set(idsAt('/hook/ill/0'))], all, 'in the order of the feed');
	for (const d of sink.deliveries)
		assert.equal(d.json.id, d.headers['webhook-id']);
	await until(async () => await waiting() === 0, {what: 'these two to wait for nothing'});
	assert.deepEqual((await reg.sql(`select count(*)::int as n from assetd.webhook where state <> 'ACTIVE'`))[0], {n: 0});
});
