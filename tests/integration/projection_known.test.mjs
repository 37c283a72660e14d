// What is kept of all that everybody was ever told of the forecast, so that nothing is told twice: of each asset and year once,
// whoever owns it and however often rules change. And what everybody is told while the register is read anew.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ok, openForecast, startMigratedCluster, startProxy, startRegister} from '../harness/index.mjs';

const cluster = await startMigratedCluster(), proxy = await startProxy(cluster), database = 'told';
const reg = await startRegister({cluster, database, clock: '2026-11-22T10:00:00Z', conf: {database: {worker: proxy.conninfo({user: 'assetd_worker', database})}}});
after(async () => {
	await reg.stop();
	await proxy.stop();
	await cluster.end();
});
const forecast = openForecast(reg), {write} = forecast;
const made = {asset: []};
const ASSETS = 6; // of one owner, and as many of three
const P = '/v1/projections/parameters';

const kept = async () => Number((await reg.sql('select coalesce(sum(octet_length(marks)), 0) as n from assetd.projection_public_mark'))[0].n);
const told = async () => (await forecast.receipts('group_by=YEAR', reg.anyone)).items.filter(i => /^\d/.test(i.group.year));
async function price(price_ppm) {
	await write(reg.admin.put(P, {params: {scenarios: {LIKELY: {price_ppm}}}, note: 'Try'}, made.isPriced ? {match: '*'} : {headers: {'If-None-Match': '*'}}), 200);
	made.isPriced = true;
}

before(async () => {
	made.council = await Promise.all([1, 2, 3].map(n => forecast.add('/v1/authorities', {name: `Council ${n}`, kind: 'COUNCIL', code: `C${n}`})));
	const owners = made.council.map(c => ({authority_id: c.id, units: 1}));
	for (let i = 0; i < 2 * ASSETS; i++) {
		made.asset.push(await forecast.asset({authority_id: made.council[0].id, name: `Place ${i}`, ...i % 2 && {owners}},
			{amount: 1000000 + 10007 * i, plan: {planned_on: '2027-06-15'}}));
	}
});

test('an asset of three owners takes the room of one', async () => {
	const years = (await told()).filter(y => !y.suppressed);
	assert.ok(years.length > 1, JSON.stringify(years));
	// A mark of 4 bytes in each year and two of all, and heads: of two kinds of parts each, and one of either family.
	assert.equal(await kept(), 2 * ASSETS * (years.length + 2) * 4 + (2 * (years.length + 1) + 2) * 13);
});

test('rules that change take no more room, however often', async () => {
	const sizes = [];
	for (let i = 0; i < 32; i++) {
		await price(1000000 - 1000 * i);
		await told();
		sizes.push(await kept());
	}
	assert.ok(Math.max(...sizes.slice(16)) <= Math.max(...sizes.slice(0, 16)), `${sizes}`);
	const before = JSON.stringify(await told());
	await reg.daemon.restart();
	assert.equal(JSON.stringify(await told()), before);
});

test('what programs before kept is kept anew with the next telling', async () => {
	await reg.sql(`insert into assetd.projection_public_mark (family, version, marks, is_by_year) values (0, 100000, decode('0123456789abcdef', 'hex'), false)`);
	await reg.daemon.restart();
	const was = JSON.stringify(await told());
	for (let i = 0; i < 6; i += 2)
		await forecast.value(made.asset[i], 3000000 + 10007 * i);
	assert.notEqual(JSON.stringify(await told()), was);
	assert.deepEqual(await reg.sql('select from assetd.projection_public_mark where not is_by_year'), []);
});

test('while the register is read anew, and again, everybody has what was told before', async () => {
	const was = await told();
	await price(1100000);
	await forecast.receipts('', reg.admin); // read anew, and nobody has asked since what everybody is told of it
	let go;
	const held = new Promise(resolve => {
		proxy.hold = names => {
			if (!names.includes('projector_inputs'))
				return undefined;
			resolve();
			return new Promise(done => {
				go = done;
			});
		};
	});
	await price(1200000);
	await held;
	const {items} = ok(await reg.anyone.get('/v1/projections/receipts?group_by=YEAR'), 200);
	assert.deepEqual(items.filter(i => /^\d/.test(i.group.year)).map(i => i.adjusted.net_pence), was.map(i => i.adjusted.net_pence));
	proxy.hold = null;
	go();
	assert.deepEqual(await told(), was);
});
