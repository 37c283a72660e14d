// projection.changed names what moved the figure: no more, no less. Each plan of this test is worth a
// power of two, so that a total says which of them it includes; those that a message newly
// includes are those that it names.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import path from 'node:path';
import {ok, prepareDaemon, startRegister, until} from '../harness/index.mjs';

const CLOCK = '2026-11-21T10:00:00Z';
const UNIT = 100_000, NET = 98_000; // a certain sale of the one brings the other

const reg = await startRegister({clock: CLOCK});
after(() => reg.stop());

const bitOf = new Map(); // event → the plan's number
const nameOf = new Map(); // event → its type
let council, board, made = 0;

before(async () => {
	council = ok(await reg.admin.post('/v1/authorities', {name: 'Cause Council', kind: 'COUNCIL', code: 'CC-1'}));
	board = ok(await reg.admin.post('/v1/authorities', {name: 'Cause Board', kind: 'HEALTH_BOARD', code: 'CC-2'}));
});

async function write(type, reply, status) {
	const r = await reply;
	ok(r, status);
	nameOf.set(r.headers['event-id'], type);
	return {...r.json, event: r.headers['event-id'], etag: r.headers.etag};
}

/** An asset and, without a breath between them, its plan; then a new name, which moves nothing. */
async function sale(bit, authority, {beforePlan} = {}) {
	const a = await write('asset.created', reg.admin.post('/v1/assets', {name: `Sale ${++made}`, authority_id: authority.id, class: 'LAND', tenure: 'OWNED'}), 201);
	await beforePlan?.(a);
	const plan = await write('plan.changed', reg.admin.put(`/v1/assets/${a.id}/disposal-plan`, {method: 'SALE', stage: 'MISSIVES', planned_on: '2027-06-15',
		agreed_price_pence: UNIT * 2 ** bit, cost_fixed_pence: 0, probability_ppm: 1_000_000}, {headers: {'If-None-Match': '*'}}), 201);
	bitOf.set(plan.event, bit);
	const {headers} = await reg.admin.get(`/v1/assets/${a.id}`);
	await write('asset.updated', reg.admin.patch(`/v1/assets/${a.id}`, {name: `Renamed ${made}`}, {match: headers.etag}), 200);
	return a;
}

/** What was told of the authority, up to and with the message that includes all of `bits`. */
async function toldOf(authority, bits) {
	const want = bits.reduce((sum, b) => sum + 2 ** b, 0) * NET;
	return until(async () => {
		const items = [];
		for (let next = '/v1/events?types=projection.changed&limit=1000'; ;) {
			const page = ok(await reg.admin.get(next), 200);
			items.push(...page.items.filter(e => e.data.authority_id === authority.id));
			if (page.items.length < 1000)
				break;
			next = page.next;
		}
		return items.at(-1)?.data.totals.baseline_net_pence.new === want && items;
	}, {what: `${authority.name} to be told with ${bits.length} plans`});
}

const bitsOf = pence => {
	assert.equal(pence % NET, 0);
	return [...(pence / NET).toString(2)].reverse().flatMap((digit, n) => digit === '1' ? [n] : []);
};

/** Each message against what it newly includes. exactly: and it names nothing else. */
function check(told, exactly = true) {
	for (const {data} of told) {
		const was = new Set(bitsOf(data.totals.baseline_net_pence.old));
		const isNew = bitsOf(data.totals.baseline_net_pence.new).filter(b => !was.has(b));
		const named = data.cause_event_ids.filter(id => bitOf.has(id)).map(id => bitOf.get(id)).sort((a, b) => a - b);
		assert.ok(data.cause_event_ids.length <= 20);
		for (const bit of isNew)
			assert.ok(named.includes(bit), `plan ${bit} is in it and not named: ${named}`);
		if (exactly)
			assert.deepEqual(named, isNew, 'what is named is what is new');
	}
}

test('whoever is told of for the first time is told why', async () => {
	await sale(0, council);
	check(await toldOf(council, [0]), false);
});

test('a message names the events that it newly includes, under bursts that are read ahead of the feed', {timeout: 120_000}, async () => {
	const bits = [0];
	for (let burst = 0; burst < 4; burst++) {
		const now = Array.from({length: 6}, (_, n) => 1 + burst * 6 + n);
		await Promise.all(now.map(bit => sale(bit, council)));
		bits.push(...now);
		check((await toldOf(council, bits)).slice(1));
	}
	assert.equal(bitOf.size, 25);
});

test('a plan that is read before the feed has come to it is named with what it was read for', {timeout: 120_000}, async () => {
	// Three daemons: one writes, one sequences, one projects and can be held.
	await reg.daemon.stop();
	const conf = {auth: {pepper_file: path.join(reg.daemon.folder, 'pepper')}};
	const parts = {};
	for (const role of ['api', 'feed', 'projector'])
		parts[role] = await prepareDaemon(reg.cluster, {role, conf, clock: CLOCK, migrate: false});
	after(async () => {
		for (const daemon of Object.values(parts))
			await daemon.stop();
	});
	await parts.api.start();
	await parts.feed.start({ready: false});
	await parts.projector.start({ready: false});
	const all = reg.admin;
	reg.admin = parts.api.client(reg.adminKey);
	const told = async () => Number((await reg.sql('select coalesce(sum(version), 0) as n from assetd.projection'))[0].n);
	for (let bit = 25; bit < 28; bit++) {
		const before = await told();
		parts.projector.process.signal('SIGSTOP');
		await reg.cluster.session(async db => {
			await sale(bit, council, {
				// The asset is in the feed; what comes now is committed, and waits behind this transaction.
				beforePlan: async a => {
					ok(await reg.admin.get(`/v1/events/${a.event}`), 200);
					await db.query('begin; select pg_current_xact_id()');
				},
			});
			parts.projector.process.signal('SIGCONT');
			await until(async () => await told() > before, {what: 'it to be told'});
			await db.query('rollback');
		}, {database: reg.database});
		// The first word of a process that has just taken over may name more than it includes.
		check((await toldOf(council, Array.from({length: bit + 1}, (_, n) => n))).slice(-1), bit > 25);
	}
	for (const daemon of Object.values(parts))
		await daemon.stop();
	reg.admin = all;
	await reg.daemon.start();
	await sale(28, council);
	await toldOf(council, Array.from({length: 29}, (_, n) => n));
});

test('an event that moves nothing is the cause of nothing', async () => {
	const before = (await toldOf(council, Array.from({length: 29}, (_, n) => n))).flatMap(e => e.data.cause_event_ids);
	// A rename may be read with the plan, but never alone.
	const moving = before.filter(id => ['plan.changed', 'asset.created', 'asset.updated'].includes(nameOf.get(id)));
	assert.equal(moving.length, before.length);
	const all = await reg.admin.get('/v1/assets?limit=3');
	for (const a of all.json.items) {
		const {headers} = await reg.admin.get(`/v1/assets/${a.id}`);
		await write('asset.updated', reg.admin.patch(`/v1/assets/${a.id}`, {notes: 'Painted'}, {match: headers.etag}), 200);
	}
	await sale(29, council);
	const last = (await toldOf(council, Array.from({length: 30}, (_, n) => n))).at(-1);
	const subjects = await Promise.all(last.data.cause_event_ids.map(async id => ok(await reg.admin.get(`/v1/events/${id}`), 200).subject));
	assert.equal(new Set(subjects).size, 1, 'of the asset that was sold alone');
});

test('shares that move name their event to both who have them', async () => {
	const a = await sale(0, board);
	await toldOf(board, [0]);
	const {headers} = await reg.admin.get(`/v1/assets/${a.id}`);
	const given = await write('asset.updated', reg.admin.patch(`/v1/assets/${a.id}`, {owners: [{authority_id: council.id, units: 1}]},
		{match: headers.etag}), 200);
	const [gone] = (await toldOf(board, [])).slice(-1);
	assert.deepEqual(gone.data.cause_event_ids, [given.event]);
	const all = Array.from({length: 30}, (_, n) => n);
	const came = (await toldOf(council, [...all, 0])).at(-1);
	assert.deepEqual(came.data.cause_event_ids, [given.event]);
});

test('what moved while nobody was looking is named by who looks next', {timeout: 120_000}, async () => {
	const bits = [];
	for (let round = 0; round < 2; round++) {
		const now = [round * 4, round * 4 + 1, round * 4 + 2, round * 4 + 3];
		await Promise.all(now.map(bit => sale(bit, board)));
		await reg.daemon.kill();
		await reg.daemon.start();
		bits.push(...now);
		check(await toldOf(board, bits), false);
	}
	// A partnership makes a new book while the old one is served.
	const now = [8, 9, 10, 11];
	await Promise.all([...now.map(bit => sale(bit, board)),
		reg.admin.post('/v1/cpps', {name: 'Cause CPP', code: 'CC-CPP', partners: [council.id]})]);
	check(await toldOf(board, [...bits, ...now]), false);
});
