// The attacker on what everybody is told of the forecast: who asks again after a restart, asks two daemons, or comes in
// by another door, has no second look. What was told is one, in the database.

import assert from 'node:assert/strict';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {discard, makeKey, ok, openForecast, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
const forecast = openForecast(reg), {write} = forecast;
const made = {asset: []};
let other;
after(async () => {
	await other?.stop();
	await reg.stop();
	discard(other?.folder);
});

let sold = 0;
/* Amounts that nobody would meet by chance: a sum says which of them it holds. */
async function selling(more = {}) {
	const a = await forecast.asset({authority_id: made.council.id, name: `Place ${sold}`, class: 'HALL', ...more},
		{amount: 1000000 + 7 ** (sold % 9) * 100, plan: {planned_on: '2027-06-15'}});
	sold++;
	made.asset.push(a);
	return a;
}
const QUERIES = ['group_by=YEAR', 'group_by=AUTHORITY', 'group_by=CLASS', 'group_by=DECILE', 'group_by=YEAR,CLASS', 'group_by=CPP'];
/* Every figure that everybody has at one daemon, with no word of when. */
const figures = async client => JSON.stringify(await Promise.all(QUERIES.map(async query => {
	const {items, totals} = await forecast.receipts(query, client);
	return [...items, totals].map(({told_as_of, ...figure}) => figure);
})));
const tellings = async () => Number((await reg.sql('select coalesce(max(version), 0) as n from assetd.projection_public'))[0].n);

before(async () => {
	made.council = await forecast.add('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C1'});
	for (let i = 0; i < 5; i++)
		await selling();
	other = await prepareDaemon(reg.cluster, {migrate: false, conf: {auth: {pepper_file: path.join(reg.daemon.folder, 'pepper')}}});
	await other.start();
});

test('two daemons tell the same, whichever is asked first', async () => {
	const told = await figures(reg.anyone);
	assert.equal(await figures(other.client()), told);
	await forecast.value(made.asset[0], 99999900);
	assert.equal(await figures(other.client()), told, 'one change moves nothing, at either');
	await forecast.value(made.asset[1], 88888800);
	assert.equal(await figures(reg.anyone), told);
	await forecast.value(made.asset[2], 77777700);
	const now = await figures(other.client());
	assert.notEqual(now, told, 'three do');
	assert.equal(await figures(reg.anyone), now);
});

test('who was told two changes early cannot have the third from the other daemon', async () => {
	// One daemon is asked after each change, the other only at the end: each by itself would tell another three.
	const told = await figures(reg.anyone);
	for (const amount of [11111100, 22222200])
		await forecast.value(made.asset[3], amount).then(() => figures(reg.anyone));
	await forecast.value(made.asset[4], 33333300);
	assert.equal(await figures(other.client()), told, 'two assets have changed');
	await forecast.value(made.asset[0], 44444400);
	const [one, two] = await Promise.all([figures(reg.anyone), figures(other.client())]);
	assert.equal(one, two, 'asked at once');
	assert.notEqual(one, told);
});

test('a daemon that was not asked for a while goes on from what the other told', async () => {
	for (const [i, amount] of [51515100, 52525200, 53535300].entries())
		await forecast.value(made.asset[i], amount);
	const told = await figures(other.client());
	for (const [i, amount] of [61616100, 62626200].entries())
		await forecast.value(made.asset[3 + i], amount);
	assert.equal(await figures(reg.anyone), told, 'by what it had told itself five would be new');
	assert.equal(await figures(other.client()), told);
	await forecast.value(made.asset[0], 63636300);
	assert.notEqual(await figures(reg.anyone), told);
});

test('a restart tells nothing that was not told, and forgets nothing that was', async () => {
	const told = await figures(reg.anyone);
	await selling();
	assert.equal(await figures(reg.anyone), told, 'one more asset');
	await reg.daemon.restart();
	assert.equal(await figures(reg.anyone), told, 'a process that has seen nothing else');
	await reg.daemon.kill();
	await reg.daemon.start();
	await selling();
	assert.equal(await figures(reg.anyone), told, 'two more');
	await selling();
	const now = await figures(reg.anyone);
	assert.notEqual(now, told);
	await write(reg.admin.delete(`/v1/assets/${made.asset.pop().id}`, {headers: {'If-Match': '*'}}), 204);
	await reg.daemon.restart();
	assert.equal(await figures(reg.anyone), now, 'and back to two is no telling, after a restart too');
});

test('reading writes nothing while nothing is new, and marks stay in few rows', async () => {
	const before = await tellings();
	for (let i = 0; i < 3; i++) {
		await forecast.patch(`/v1/assets/${made.asset[0].id}`, {notes: `Painted ${i}`});
		await figures(reg.anyone);
	}
	assert.equal(await tellings(), before);
	await reg.sql(`insert into assetd.projection_public_mark (family, version, marks)
		select 0, 1000 + n, decode(repeat('00', 13), 'hex') from generate_series(1, 70) as n`);
	for (let i = 0; i < 3; i++)
		await forecast.value(made.asset[i], 5000000 + 7 ** (i + 3) * 10);
	await figures(reg.anyone);
	assert.equal(await tellings(), before + 1);
	const rows = await reg.sql('select family, octet_length(marks) as n from assetd.projection_public_mark order by 1');
	assert.ok(rows.length <= 2 && Number(rows[0].n) > 70 * 13, JSON.stringify(rows));
	const told = await figures(reg.anyone);
	await reg.daemon.restart();
	assert.equal(await figures(reg.anyone), told);
});

test('no other door gives what receipts hold back', async () => {
	// What single assets are worth, as those who may read it have it.
	const secret = new Set();
	for (const a of made.asset) {
		const own = JSON.stringify((await forecast.seen(`/v1/assets/${a.id}/projection`)));
		for (const [, n] of own.matchAll(/:(-?\d{6,})\b/g))
			secret.add(n);
	}
	assert.ok(secret.size > made.asset.length);
	const lone = made.asset[0];
	const run = await write(reg.admin.post('/v1/projections/runs', {as_of_on: '2026-11-22', name: 'Door', tag: 'BUDGET'}));
	await forecast.value(lone, 6543210);
	secret.add('6543210').delete('1000000');
	const stranger = await write(reg.admin.post('/v1/authorities', {name: 'Stranger', kind: 'COUNCIL', code: 'S1'}));
	const strange = reg.admin.as((await makeKey(reg, {roles: {[stranger.id]: ['FINANCE']}})).key);
	const receipts = ['', '?group_by=YEAR,AUTHORITY', '?group_by=QUARTER', '?group_by=AUTHORITY,CLASS', '?group_by=CLASS&class=HALL', `?run=${run.id}`,
		'?scenario=BEST', '?scenario=WORST&group_by=AUTHORITY', '?format=csv', '?format=csv&group_by=YEAR,CLASS', `?authority_id=${made.council.id}&format=csv`];
	const paths = [...receipts.map(q => `/v1/projections/receipts${q}`), `/v1/projections/movement?from=${run.id}`,
		`/v1/projections/movement?from=${run.id}&authority_id=${made.council.id}&format=csv`, '/v1/projections/runs', `/v1/projections/runs/${run.id}`,
		`/v1/assets/${lone.id}`, `/v1/assets/${lone.id}/projection`, `/v1/assets/${lone.id}/history`, `/v1/assets/${lone.id}?known_at=2026-11-22T00:00:00Z`,
		'/v1/events?limit=200', '/v1/assets?format=csv', '/v1/exports/register.ndjson',
		'/forecast', '/forecast?scenario=WORST', `/forecast?authority_id=${made.council.id}`, '/downloads/forecast', '/forecast/bridge', `/forecast/compare?run=${run.id}`,
		`/assets/${lone.id}`, '/downloads/movement'];
	const told = new Set([...(await figures(reg.anyone)).matchAll(/:(-?\d{6,})\b/g)].map(m => m[1]));
	for (const path of paths) {
		// The owner first, so that an answer that was kept for it would be there for the next.
		const {headers} = await reg.admin.seen(path);
		for (const who of [reg.anyone, strange, other.client()]) {
			const reply = await who.get(path);
			assert.ok([200, 303, 401, 403, 404].includes(reply.status), `${path}: ${reply.status}`);
			const plain = reply.text.replace(/(?<=\d)[,.](?=\d)/g, '');
			for (const [n] of plain.matchAll(/(?<![\w-])\d{6,}(?!\w)/g))
				assert.ok(!secret.has(n) && !secret.has(n.replace(/00$/, '')) || told.has(n), `${path}: ${n}`);
			if (headers.etag && path.includes('receipts') && reply.status === 200 && !path.includes('run='))
				assert.notEqual((await who.get(path, {headers: {'If-None-Match': headers.etag}})).status, 304, `${path}: the owner's tag`);
		}
	}
	for (const who of [reg.anyone, strange]) {
		const types = ok(await who.get('/v1/events?limit=200'), 200).items.map(e => e.type);
		assert.ok(types.length > 0 && !types.includes('projection.changed') || who === strange, 'totals are for those who read them');
		assert.ok(!ok(await who.get('/v1/events?limit=200&types=projection.changed'), 200).items.some(e => e.data?.authority_id === made.council.id));
	}
});

test('what bodies own together is not told by the proportions of their shares', async () => {
	const [one, two] = await Promise.all(['J1', 'J2'].map(code => forecast.add('/v1/authorities', {name: `Joint ${code}`, kind: 'COUNCIL', code})));
	const joint = units => selling({authority_id: one.id, owners: [{authority_id: one.id, units: 1}, {authority_id: two.id, units}]});
	for (const units of [1, 1, 2])
		await joint(units); // so what the two expect differs by a third of the last
	const shown = async () => (await forecast.receipts('group_by=AUTHORITY', reg.anyone)).items
		.filter(i => [one.id, two.id].includes(i.group.authority_id) && !i.suppressed).map(i => i.group.authority_id);
	assert.deepEqual(await shown(), []);
	for (let i = 0; i < 6; i++)
		await selling({authority_id: [one, two][i % 2].id});
	assert.deepEqual((await shown()).sort(), [one.id, two.id].sort(), 'beside three of each one\'s own they are');
});

test('… and is told where all of it is', async () => {
	const joint = await Promise.all(['J3', 'J4'].map(code => forecast.add('/v1/authorities', {name: `Joint ${code}`, kind: 'COUNCIL', code})));
	const barn = async client => (await forecast.receipts('group_by=CLASS', client)).items.find(i => i.group.class === 'BARN');
	for (const units of [1, 1, 2]) {
		assert.equal(await barn(reg.anyone), undefined);
		await selling({class: 'BARN', authority_id: joint[0].id, owners: joint.map((a, i) => ({authority_id: a.id, units: i ? units : 1}))});
	}
	assert.equal((await barn(reg.anyone)).adjusted.net_pence, (await barn(reg.admin)).adjusted.net_pence);
	const {items} = await forecast.receipts('group_by=AUTHORITY', reg.anyone);
	assert.ok(!joint.some(a => items.some(i => i.group.authority_id === a.id)), 'not what each of two has of it');
});

test('land whose valuation everybody reads hides no other: who takes it off a total has the rest', async () => {
	const kirk = async client => (await forecast.receipts('group_by=CLASS', client)).items.find(i => i.group.class === 'KIRK');
	const open = async a => {
		await forecast.value(a, 7000000 + 11 * sold, {valued_on: '2026-05-01', restricted: false});
		const [{amount_pence}] = ok(await reg.anyone.get(`/v1/assets/${a.id}/valuations`), 200).items.filter(v => !v.restricted);
		assert.equal(amount_pence, 7000000 + 11 * sold);
	};
	for (let i = 0; i < 5; i++) {
		assert.equal(await kirk(reg.anyone), undefined, `${i}`);
		const a = await selling({class: 'KIRK'});
		if (i < 2)
			await open(a);
	}
	assert.equal((await kirk(reg.anyone)).adjusted.net_pence, (await kirk(reg.admin)).adjusted.net_pence, 'with three that nobody reads they are told');
});

test('what is kept and cannot be read is told to nobody, and said in the log', async () => {
	const [{body}] = await reg.sql(`select encode(body, 'hex') as body from assetd.projection_public`);
	await reg.sql(`update assetd.projection_public set body = '\\x00'`);
	await reg.daemon.restart();
	assert.equal((await reg.anyone.get('/v1/projections/receipts')).status, 503);
	const was = ok(await reg.admin.get('/v1/projections/receipts'), 200).totals;
	await forecast.value(made.asset[0], 123456700);
	assert.notDeepEqual((await forecast.receipts('', reg.admin)).totals, was, 'who reads the money has it as ever, and the feed is followed');
	await until(() => /read what was told/.test(reg.daemon.log()), {what: 'the log to say it'});
	await reg.sql(`update assetd.projection_public set body = decode('${body}', 'hex')`);
	await figures(reg.anyone);
});
