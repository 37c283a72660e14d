// A list is walked to its end while fifty clients write: no asset comes twice, none that
// nobody touched is missed, and a page far down costs what the first one costs. With
// ASSETD_LONG=1 a million assets, so that there is a page 10,000.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {setTimeout as pause} from 'node:timers/promises';
import {startRegister} from '../harness/index.mjs';
import {fillAssets} from '../../tools/benches/register.mjs';

const ASSETS = process.env.ASSETD_LONG ? 1_000_000 : 5_000;
const WRITERS = 50, PAGE = 100, TOUCHED = 20; // one asset in so many is written to
// Fifty that never rest leave a walk of ten thousand pages an hour's work.
const REST_MS = process.env.ASSETD_LONG ? 6_000 : 0;
const id = n => `ast_${String(n).padStart(26, '0')}`;

const reg = await startRegister();
after(() => reg.stop());
await fillAssets(reg, ASSETS);
const council = (await reg.sql('select min(id) as id from assetd.authority'))[0].id;

/** Change, remove and add without end; → {stop() → how much was done}. */
function writers() {
	const done = {PATCH: 0, DELETE: 0, POST: 0, other: 0};
	let isOver = false;
	const one = async n => {
		const pick = () => TOUCHED * (1 + Math.floor(Math.random() * (ASSETS / TOUCHED)));
		while (!isOver) {
			const path = `/v1/assets/${id(pick())}`;
			const replies = [
				await reg.admin.patch(path, {notes: `by ${n}`}, {match: '*', agent: undefined}),
				await reg.admin.post('/v1/assets', {authority_id: council, name: `New ${n}`, class: 'HALL', tenure: 'OWNED'}),
				Math.random() < 0.2 && await reg.admin.delete(path, {match: '*'}),
			];
			for (const [i, method] of ['PATCH', 'POST', 'DELETE'].entries()) {
				if (replies[i])
					done[[200, 201, 204].includes(replies[i].status) ? method : 'other']++;
			}
			await pause(Math.random() * REST_MS);
		}
	};
	const over = Promise.all(Array.from({length: WRITERS}, (_, n) => one(n)));
	return {
		async stop() {
			isOver = true;
			await over;
			return done;
		},
	};
}

/** What is wrong with a walk that met these ids, of the first `count` assets: which came twice, which never did. */
function faults(met, count) {
	const seen = new Set();
	const twice = met.filter(it => seen.has(it) || !seen.add(it));
	const missed = Array.from({length: count}, (_, i) => i + 1).filter(n => n % TOUCHED && !seen.has(id(n))).map(id);
	return {twice, missed};
}

const pages = []; // the address of each

test(`a walk over ${ASSETS} assets while ${WRITERS} write`, async () => {
	const work = writers();
	const met = [];
	// New ones have later ids than those there were, so the walk is over when it has passed these.
	for (let next = `/v1/assets?limit=${PAGE}`; next && !met.slice(-PAGE).includes(id(ASSETS - 1));) {
		pages.push(next);
		const {status, json, text} = await reg.anyone.get(next);
		assert.equal(status, 200, text);
		met.push(...json.items.map(item => item.id));
		next = json.next;
	}
	const done = await work.stop();
	const {twice, missed} = faults(met, ASSETS);
	console.log(`# ${pages.length} pages, beside them ${JSON.stringify(done)}`);
	assert.deepEqual([twice.slice(0, 5), missed.slice(0, 5)], [[], []], `${twice.length} twice, ${missed.length} missed`);
	assert.ok(done.PATCH > WRITERS && done.POST > WRITERS && done.DELETE > 0, JSON.stringify(done));
});

test('the last page costs what the first one costs', async () => {
	const took = {first: [], last: []};
	for (let i = 0; i < 100; i++) {
		for (const [which, path] of [['first', pages[0]], ['last', pages.at(-2)]]) {
			const began = performance.now();
			const {json} = await reg.anyone.get(path);
			took[which].push(performance.now() - began);
			assert.ok(json.items.length === PAGE);
		}
	}
	const median = list => list.sort((a, b) => a - b)[list.length >> 1];
	const [first_ms, last_ms] = [median(took.first), median(took.last)];
	console.log(`# page 1 in ${first_ms.toFixed(2)} ms, page ${pages.length - 1} in ${last_ms.toFixed(2)} ms`);
	assert.ok(last_ms <= 1.5 * first_ms, `page 1 in ${first_ms} ms, page ${pages.length - 1} in ${last_ms} ms`);
});

test('the checker sees what becomes of a walk that counts how far it has come', async () => {
	const first = 1_000; // enough of them to turn some pages
	const counted = async (order, between) => {
		const met = [];
		for (let n = 0; n < first; n += PAGE) {
			const page = await reg.sql(`select id from assetd.asset where removed_at is null order by id ${order} offset $1 limit $2`, [n, PAGE]);
			met.push(...page.map(row => row.id));
			await between(met);
		}
		return met;
	};
	// What is written to anyway: of three in a row behind the page at most one is such, and not looked for.
	const touched = (await reg.sql('select id from assetd.asset where removed_at is null and id <= $1 order by id', [id(ASSETS)]))
		.map(row => row.id).filter(it => Number(it.slice(4)) % TOUCHED === 0);
	const removed = await counted('asc', async () => {
		for (const it of touched.splice(0, 3))
			assert.equal((await reg.admin.delete(`/v1/assets/${it}`, {match: '*'})).status, 204);
	});
	assert.ok(faults(removed, first / 2).missed.length > 0, 'what moved up was passed over');
	const added = await counted('desc', async () => {
		const made = await reg.admin.post('/v1/assets', {authority_id: council, name: 'New', class: 'HALL', tenure: 'OWNED'});
		assert.equal(made.status, 201, made.text);
	});
	assert.ok(faults(added, 0).twice.length > 0, 'what moved down came again');
});
