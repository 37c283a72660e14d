// bench `read`: a keyed GET of one asset out of 200,000 from the database, with authentication,
// 64 connections, against Fastify + pg on the same rows, and against our own HTTP layer that
// answers without the database. Rounds are interleaved; each line of output is one JSON object.
// Rate limits are off.
import {createHash} from 'node:crypto';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
process.env.ASSETD_BUILD ??= path.join(HERE, '../../build/release');
const {startRegister, start, freePort, run, until, scratch} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 200_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const CONNECTIONS = 64;
const GOAL = {fastify: 8, passthrough: 5, memory: 0.5};

const say = line => process.stdout.write(`${JSON.stringify(line)}\n`);

/**
 * 200,000 assets put straight into the table: history is not what is read here, so of its
 * triggers only the one that renders a new item fires.
 */
async function fill(reg) {
	const [{id}] = await reg.sql(`select id from assetd.authority where code = 'S12000033'`);
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		alter table assetd.asset enable always trigger write_first;
		insert into assetd.asset (id, authority_id, reference, name, class, tenure, decile, address, postcode, uprn, easting, northing)
		select 'ast_' || lpad(n::text, 26, '0'), '${id}', 'R' || n, 'Community hall number ' || n, 'HALL', 'OWNED', n % 11,
			(n % 140 + 1) || ' Station Road, Aberdeen', 'AB10 1AB', (100000000 + n)::text, 390000 + n % 9000, 800000 + n % 9000
		  from generate_series(1, ${ASSETS}) as n;
		insert into assetd.asset_owner (asset_id, authority_id, published, owner_id, units)
		select id, authority_id, published, authority_id, 1 from assetd.asset where authority_id = '${id}';
		alter table assetd.asset enable trigger write_first;
		commit`);
	await reg.sql('vacuum analyze assetd.asset, assetd.asset_owner');
}

/** wrk's requests: a random asset each, or one fixed path. */
function script(folder, name, requestPath, key) {
	const file = path.join(folder, `${name}.lua`);
	fs.writeFileSync(file, `
local n = 0
function init() math.randomseed(tonumber(tostring({}):sub(8)) or 1) end
function request()
	return wrk.format("GET", ${requestPath.replace('#', `" .. string.format("%026d", math.random(1, ${ASSETS})) .. "`)}, {["Authorization"] = "Bearer ${key}"})
end
function done(summary, latency)
	io.write(string.format('{"rps":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"bad":%d}\\n',
		summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
		summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.connect))
end
`);
	return file;
}

async function measure(url, file) {
	const {stdout} = await run('wrk', ['-t', '1', '-c', String(CONNECTIONS), '-d', `${SECONDS}s`, '-s', file, url], {deadline_ms: 120_000});
	const got = JSON.parse(stdout.trim().split('\n').at(-1));
	if (got.bad)
		throw new Error(`${got.bad} of the requests to ${url} failed`);
	return got;
}

async function installPeers() {
	const folder = scratch();
	for (const name of ['package.json', 'read.mjs'])
		fs.copyFileSync(path.join(HERE, 'peers', name), path.join(folder, name));
	await run('npm', ['install', '--no-audit', '--no-fund', '--silent'], {cwd: folder, deadline_ms: 300_000});
	return folder;
}

async function startPeer(folder, kind, reg, key) {
	const port = await freePort();
	const child = start('node', [path.join(folder, 'read.mjs'), kind, String(port), reg.cluster.socketDir,
		reg.database, createHash('sha256').update(key).digest('hex')], {label: `peer ${kind}`, logFile: path.join(folder, `${kind}.log`)});
	const url = `http://127.0.0.1:${port}`;
	await until(async () => {
		if (!child.isRunning)
			throw new Error(fs.readFileSync(path.join(folder, `${kind}.log`), 'utf8'));
		return (await fetch(`${url}/v1/assets/ast_${'1'.padStart(26, '0')}`, {headers: {authorization: `Bearer ${key}`}})).ok;
	}, {deadline_ms: 15_000, what: `peer ${kind}`});
	return {url, child};
}

const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function main() {
	const reg = await startRegister({conf: {http: {workers: 1}, limits: {connections_per_address: 4096, anonymous_per_minute: 0, key_per_minute: 0}}});
	const children = [];
	try {
		await fill(reg);
		const folder = await installPeers();
		const arms = {assetd: {url: reg.url}};
		for (const kind of ['columns', 'passthrough']) {
			arms[kind] = await startPeer(folder, kind, reg, reg.adminKey);
			children.push(arms[kind].child);
		}
		arms.memory = {url: reg.url, path: '"/livez"'};
		for (const [name, arm] of Object.entries(arms))
			arm.script = script(folder, name, arm.path ?? '"/v1/assets/ast_#"', reg.adminKey);
		const rounds = Object.fromEntries(Object.keys(arms).map(name => [name, []]));
		for (let round = 0; round < ROUNDS; round++)
			for (const [name, arm] of Object.entries(arms))
				rounds[name].push(await measure(arm.url, arm.script));
		report(rounds);
	} finally {
		for (const child of children)
			await child.stop('SIGTERM', 5_000);
		await reg.stop();
	}
}

function report(rounds) {
	const rps = name => median(rounds[name].map(r => r.rps));
	const p99 = name => median(rounds[name].map(r => r.p99_ms));
	const machine = {cpus: os.cpus().length, model: os.cpus()[0].model, postgres: execFileSync('psql', ['--version'], {encoding: 'utf8'}).trim()};
	for (const name of Object.keys(rounds))
		say({bench: 'read', arm: name, rps: rps(name), p50_ms: median(rounds[name].map(r => r.p50_ms)), p99_ms: p99(name), rounds: ROUNDS});
	const ratio = (peer, goal) => ({ratio: Number((rps('assetd') / rps(peer)).toFixed(2)), goal, met: rps('assetd') / rps(peer) >= goal});
	say({bench: 'read', assets: ASSETS, connections: CONNECTIONS, limits: 'off', against: 'Fastify + pg', ...ratio('columns', GOAL.fastify)});
	say({bench: 'read', against: 'Fastify passing row_to_json on', ...ratio('passthrough', GOAL.passthrough)});
	say({bench: 'read', against: 'p99 of Fastify + pg', ratio: Number((p99('assetd') / p99('columns')).toFixed(3)), goal: '<= 0.167', met: p99('assetd') <= p99('columns') / 6});
	say({bench: 'read', against: 'our HTTP layer without the database', ...ratio('memory', GOAL.memory), machine});
}

await main();
