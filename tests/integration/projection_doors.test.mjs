// Every door there is, by the table compiled into the daemon: behind none of them, whatever its query may say, stands what a
// single asset is worth, what a budget or a scenario says of it, for those who do not read that money: the public, another
// body's finance officer, a member without money, and a partner, whose are the totals alone.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {after, before, test} from 'node:test';
import {ASSETD, makeKey, ok, openForecast, openSession, startRegister, startSink, until} from '../harness/index.mjs';

const TODAY = '2026-11-22', NOW = `${TODAY}T10:00:00Z`;
const reg = await startRegister({clock: NOW});
const sink = await startSink();
after(async () => {
	await reg.stop();
	await sink.stop();
});
const forecast = openForecast(reg), {add} = forecast;
const made = {assets: []}, readers = {};
const secret = new Set();

const routes = execFileSync(ASSETD, ['--dump-routes'], {encoding: 'utf8'}).trim().split('\n').map(line => {
	const [method, path, , kind, , query] = line.split('\t');
	return {method, path, kind, query: (query ?? '').split(',').filter(Boolean)};
}).filter(r => r.method === 'GET' && !/imports|documents|calendars|^\/a\/|problems|openapi|livez|readyz|file\.zip|confirm|answer/.test(r.path));

/* Amounts of a document that nobody meets by chance. */
function keep(document) {
	JSON.stringify(document, (key, value) => {
		if (key.endsWith('_pence') && Number.isInteger(value) && Math.abs(value) > 999999)
			secret.add(String(Math.abs(value)));
		return value;
	});
}
const clientOf = async roles => reg.admin.as((await makeKey(reg, {roles})).key);

before(async () => {
	for (const [name, kind] of [['council', 'COUNCIL'], ['board', 'HEALTH_BOARD'], ['stranger', 'COUNCIL']])
		made[name] = await add('/v1/authorities', {name, kind, code: `DOOR-${name}`});
	made.cpp = await add('/v1/cpps', {name: 'Plan', code: 'DOOR', partners: [made.council.id, made.board.id]});
	made.locality = await add('/v1/localities', {name: 'Shore', code: 'L1', kind: 'LOCALITY', cpp_id: made.cpp.id});
	made.body = await add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
	// One date for all: a partner's totals are then of several.
	for (const [i, amount] of [[0, 31415927], [1, 27182819], [2, 16180341]]) {
		made.assets.push(await forecast.asset({authority_id: made.council.id, name: `Land ${i}`, class: i ? 'HALL' : 'DEPOT', decile: 1 + i, published: true,
			cpp_id: made.cpp.id, locality_id: made.locality.id, location: undefined},
		{amount, plan: {agreed_price_pence: i === 1 ? 26666667 : undefined, cost_fixed_pence: 2345677 + i}}));
	}
	[made.lone] = made.assets;
	made.sold = await forecast.asset({authority_id: made.council.id, name: 'Sold', class: 'DEPOT', published: true}, {amount: 14142137, plan: {}});
	for (const a of [...made.assets, made.sold]) {
		keep(await forecast.seen(`/v1/assets/${a.id}/projection`));
		keep(ok(await reg.admin.get(`/v1/assets/${a.id}/valuations`), 200));
		keep(ok(await reg.admin.get(`/v1/assets/${a.id}/disposal-plan`), 200));
	}
	await add(`/v1/assets/${made.sold.id}/disposals`, {kind: 'MARKET', completed_on: TODAY, gross_pence: 15555551, cost_pence: 11});
	made.request = await add('/v1/requests', {asset_id: made.lone.id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'});
	readers.owner = await clientOf({[made.council.id]: ['FINANCE']});
	Object.assign(readers, {nobody: reg.anyone, stranger: await clientOf({[made.stranger.id]: ['FINANCE', 'ADMIN']}),
		viewer: await clientOf({[made.council.id]: ['VIEWER']}), partner: await clientOf({[made.board.id]: ['FINANCE', 'ADMIN']})});
	for (const name of ['stranger', 'partner'])
		await forecast.write(readers[name].post('/v1/webhooks', {url: sink.url}));

	const years = [{year: '2027-28', amount_pence: 12344321}];
	await forecast.write(readers.owner.put(`/v1/projections/budget?authority_id=${made.council.id}`, {years, note: 'Paper 7'}, {headers: {'If-None-Match': '*'}}), 200);
	keep(years);
	const run = async (who, more) => forecast.write(who.post('/v1/projections/runs', {as_of_on: TODAY, paths: 50, ...more}, {idempotency: `run-${made.runs?.length}`}));
	made.runs = [];
	for (const who of [reg.admin, readers.owner]) {
		made.runs.push(await run(who, {name: 'Said', tag: 'BUDGET'}));
		const overlay = [{asset_id: made.assets[2].id, set: {valuation: {basis: 'MV', valued_on: TODAY, amount_pence: 19876543}}}];
		made.runs.push(await run(who, {name: 'What if', tag: 'WHAT_IF', overlay}));
		keep(overlay);
	}
	await forecast.value(made.lone, 32109877);
	keep(await forecast.seen(`/v1/assets/${made.lone.id}/projection`));
	secret.add('32109877');
	await forecast.receipts('');
});

/* What a member of a query may be; those with several values are tried with each. */
const values = () => ({
	authority_id: [made.council.id], cpp_id: [made.cpp.id], locality_id: [made.locality.id], class: ['DEPOT'], decile: ['1'], run: [made.runs[0].id, made.runs[3].id],
	from: [made.runs[0].id, made.runs[2].id], to: [made.runs[1].id], second: [made.runs[1].id], scenario: ['WORST'], valid_on: [TODAY], known_at: [NOW], known_on: [TODAY],
	group_by: ['YEAR,AUTHORITY', 'AUTHORITY,CLASS', 'QUARTER', 'DECILE'], format: ['csv'], as: ['csv'], asset_id: [made.lone.id], subject: [made.lone.id], limit: ['200'],
	year: ['2027-28'], types: ['projection.changed'], fields: ['id,name'], q: ['Land'], calibrate: ['yes'], version: ['1'],
});
/* Nothing, each member by itself, and each beside the first of those that say whose. */
function queries(route) {
	const all = values(), one = route.query.flatMap(name => (all[name] ?? []).map(value => [name, value]));
	const whose = one.filter(([name]) => ['authority_id', 'run', 'from'].includes(name)).filter(([name], i, list) => list.findIndex(([n]) => n === name) === i);
	return [[], ...one.map(o => [o]), ...whose.flatMap(w => one.filter(o => o[0] !== w[0]).map(o => [w, o]))];
}
function addresses() {
	const ids = {authorities: [made.council.id], cpps: [made.cpp.id], localities: [made.locality.id], assets: [made.lone.id, made.sold.id], requests: [made.request.id],
		runs: [made.runs[0].id, made.runs[3].id], 'community-bodies': [made.body.id]};
	return routes.flatMap(route => {
		const kind = /([\w-]+)\/\{id\}/.exec(route.path)?.[1];
		const paths = kind ? (ids[kind] ?? []).map(id => route.path.replace('{id}', id)) : [route.path];
		return paths.filter(p => !p.includes('{')).flatMap(p => queries(route).map(q => ({path: q.length ? `${p}?${new URLSearchParams(q)}` : p, kind: route.kind})));
	});
}

/* Which secrets stand in a text: pence, or pounds with whatever divides them. */
function found(text) {
	const plain = text.replace(/(?<=\d)[,.](?=\d)/g, '');
	return [...new Set([...plain.matchAll(/(?<![\w-]|%[0-9A-F])\d{6,}(?![\w-])/g)].map(([n]) => n).filter(n => secret.has(n)))];
}

/* Doors at which somebody finds one; several are tried at a time. */
async function walk(name) {
	const client = readers[name], session = name === 'nobody' ? client : await openSession(reg.url, client.key);
	const open = [], rest = addresses();
	await Promise.all(Array.from({length: 8}, async () => {
		for (let one = rest.pop(); one; one = rest.pop()) {
			const reply = await (one.kind === 'page' ? session : client).get(one.path);
			assert.ok(reply.status < 500, `${name} ${one.path}: ${reply.status} ${reply.text}`);
			if (found(reply.text).length)
				open.push(`${one.path}: ${found(reply.text)}`);
		}
	}));
	return open;
}

test('of what has no valuation the page says so, and nothing of a day before it was there', async () => {
	const bare = await add('/v1/assets', {authority_id: made.council.id, name: 'Unvalued', class: 'HALL', tenure: 'OWNED', published: true});
	const session = await openSession(reg.url, readers.owner.key);
	await forecast.seen(`/v1/assets/${bare.id}/projection`);
	const reply = await session.get(`/assets/${bare.id}/projection`);
	assert.equal(reply.status, 200);
	assert.match(reply.text, /It has no valuation/);
	assert.equal((await session.get(`/assets/${bare.id}/projection?valid_on=2020-01-01`)).status, 404);
});

test('the owner finds it behind many', async () => {
	assert.ok(secret.size > 20, [...secret].join());
	const open = new Set((await walk('owner')).map(one => one.split('?')[0].split(':')[0]));
	assert.ok(open.size >= 10, [...open].join('\n'));
});

for (const name of ['nobody', 'stranger', 'viewer', 'partner']) {
	test(`${name} behind none`, async () => {
		assert.deepEqual(await walk(name), []);
	});
}

test('and no webhook is sent it', async () => {
	await until(() => sink.deliveries.some(d => /forecast|projection|run\.|asset\./.test(d.json?.type)), {what: 'a delivery'});
	assert.deepEqual(sink.deliveries.flatMap(d => found(d.text)), []);
});
