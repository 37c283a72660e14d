// bench `page`: a page of 50 of the assets of one authority, any page of any council's, asked for by
// anybody, 64 connections, against Fastify + pg, against the same with the page made by PostgreSQL
// (json_agg), and against the limit, pgbench fetching the same 18 columns of the same rows. All but the
// limit are under row policies. Registers of a hundredth and a tenth of the size stand beside it, and `database`,
// a daemon that keeps nothing in memory and so reads every page; the others read what is asked for again once a second.
//
// The last line but one is where the time goes. Rate limits are off. BENCH_ASSETS (200,000), and those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {goal, growth, interleave, machine, middle, ratio, ROUNDS, say, TIMES, wrk, wrkScript} from './common.mjs';
import {CONF, pgbench, profile, startFilled, startPeer, startSizes} from './sides.mjs';

const {discard, prepareDaemon, request, scratch} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 200_000);
const LIMIT = 50;
const PAGES_EACH = 4;
const COLUMNS = `id, version, created_at, updated_at, authority_id, reference, name, class, tenure, lifecycle, cpp_id,
	locality_id, decile, address, postcode, uprn, easting, northing`;

/* Some pages of each council's assets → [{ours: target, theirs: target, authority, after: id}] */
async function findPages(reg) {
	const councils = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by id`);
	const pages = [];
	for (const {id} of councils) {
		let after = '', ours = `/v1/assets?authority_id=${id}&limit=${LIMIT}`;
		for (let n = 0; n < PAGES_EACH && ours; n++) {
			pages.push({ours, theirs: `/v1/assets?authority_id=${id}&after=${after}`, authority: id, after});
			const {json} = await reg.anyone.get(ours);
			after = json.items.at(-1).id;
			ours = json.next && new URL(json.next, reg.url).pathname + new URL(json.next, reg.url).search;
		}
	}
	return pages;
}

/* wrk's request: any of these. */
const anyOf = targets => `local targets = {${targets.map(t => JSON.stringify(t)).join(', ')}}
function request()
	return wrk.format("GET", targets[math.random(#targets)])
end`;

/* The same for pgbench: of rows alone, by whoever is under no policy. */
function pageScript(folder, pages) {
	const list = name => `('{${pages.map(p => p[name] || '""').join(',')}}'::text[])[:n]`;
	const file = path.join(folder, 'page.sql');
	fs.writeFileSync(file, `\\set n random(1, ${pages.length})
select ${COLUMNS} from assetd.asset where authority_id = ${list('authority')} and published and removed_at is null and id > ${list('after')}
	order by id limit ${LIMIT};
`);
	return file;
}

/* The same items in the same order, and every field that a peer sends is ours too. → bytes by arm */
async function compareBodies(arms, page) {
	const bytes = {};
	const read = async (name, target) => {
		const reply = await request(arms[name].url + target);
		bytes[name] = reply.bytes.length;
		return reply.json.items;
	};
	const ours = await read('assetd', page.ours);
	assert.ok(ours.length > 0);
	for (const name of ['columns', 'aggregate']) {
		const theirs = await read(name, page.theirs);
		assert.deepEqual(theirs.map(i => i.id), ours.map(i => i.id), name);
		for (const [n, item] of theirs.entries()) {
			for (const [field, value] of Object.entries(item).filter(([name]) => !name.endsWith('_at')))
				assert.deepEqual(value, ours[n][field], `${field} of ${name}`);
		}
	}
	return bytes;
}

function report(rounds, bytes) {
	for (const name of Object.keys(rounds))
		say({bench: 'page', arm: name, rps: Math.round(middle(rounds, name, 'rps')), p50_ms: middle(rounds, name, 'p50_ms'),
			p99_ms: middle(rounds, name, 'p99_ms'), body_bytes: bytes[name], rounds: ROUNDS});
	for (const [arm, from] of [['assetd', 'memory'], ['database', 'the database']]) {
		const against = (name, least) => goal({ratio: ratio(rounds, 'rps', arm, name), least});
		say({bench: 'page', from, against: 'Fastify + pg', ...against('columns', 10)});
		say({bench: 'page', from, against: 'Fastify passing json_agg on', ...against('aggregate', 4)});
		say({bench: 'page', from, limit: 'pgbench fetching the same 18 columns', ...against('pgbench', 1.3)});
	}
	const grown = growth(rounds, 'seconds', 'hundredth', 'assetd', 100);
	say({bench: 'page', against: 'a register of a hundredth', growth: grown, goal: '<= 0.1', met: grown <= 0.1});
}

/* A daemon beside reg's, which takes its cursors and keeps nothing. */
async function startUnkept(reg) {
	const daemon = await prepareDaemon(reg.cluster, {migrate: false, conf: {...CONF, http: {...CONF.http, kept_mib: 0},
		auth: {pepper_file: path.join(reg.daemon.folder, 'pepper')}}});
	await daemon.start();
	return daemon;
}

async function main() {
	const folder = scratch(), children = [];
	let unkept;
	const sizes = await startSizes(ASSETS, startFilled);
	try {
		const ourArm = async (reg, name) => {
			const pages = await findPages(reg);
			return {url: reg.url, pages, script: wrkScript(folder, name, anyOf(pages.map(p => p.ours)))};
		};
		const arms = {assetd: await ourArm(sizes.whole, 'whole')};
		const {pages} = arms.assetd;
		for (const kind of ['columns', 'aggregate']) {
			const peer = await startPeer({program: 'page.mjs', args: [kind], reg: sizes.whole, target: pages[0].theirs, folder});
			children.push(peer.child);
			arms[kind] = {url: peer.url, script: wrkScript(folder, kind, anyOf(pages.map(p => p.theirs)))};
		}
		const bytes = await compareBodies(arms, pages.at(-1));
		unkept = await startUnkept(sizes.whole);
		arms.database = {url: unkept.url, script: arms.assetd.script};
		bytes.database = bytes.assetd;
		arms.pgbench = {sql: pageScript(folder, pages)};
		for (const name of ['tenth', 'hundredth'])
			arms[name] = await ourArm(sizes[name], name);
		const measure = arm => (arm.sql ? pgbench(sizes.whole, arm.sql, {user: 'postgres'}) : wrk(arm.url, arm.script));
		const rounds = await interleave(arms, async arm => {
			const got = await measure(arm);
			return {...got, seconds: 1 / got.rps};
		});
		report(rounds, bytes);
		const {daemon_us, postgres_us, functions} = await profile(sizes.whole, () => measure(arms.assetd));
		say({bench: 'page', profile: {daemon_us, postgres_us, functions}});
		say({bench: 'page', assets: TIMES.map(t => ASSETS * t / 100), limits: 'off', bodies: 'compared', machine: machine()});
	} finally {
		await unkept?.stop();
		for (const child of children)
			await child.stop('SIGTERM', 5_000);
		await sizes.stop();
		discard(folder);
	}
}

await main();
