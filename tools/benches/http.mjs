// bench `http`: our HTTP layer giving a fixed reply, one thread, 64 keep-alive connections,
// against libevent's HTTP server and nginx with a static file, and against the limit, a raw epoll
// loop that writes the same bytes. Rounds are interleaved; each line of output is one JSON
// object. Rate limits are off.
//
// BENCH_ROUNDS (5), BENCH_SECONDS (3) of each arm in a round.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
process.env.ASSETD_BUILD ??= path.join(HERE, '../../build/release');
const {BUILD, discard, exchange, freePort, request, run, scratch, start, until} = await import('../../tests/harness/index.mjs');
const {startServer} = await import('../../tests/integration/server.mjs');

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 64;
const GOALS = {evhttp: 1.3, nginx: 0.9, epoll: 0.75};
const TICKS_PER_SECOND = 100;

const say = line => process.stdout.write(`${JSON.stringify(line)}\n`);
const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/* Processor seconds of a process and its children so far. */
function used(pid) {
	const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /, '').split(' ');
	return (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
}

/* A program that says its port on the first line of its log. */
async function startPeer(name, folder, replyFile) {
	const logFile = path.join(folder, `${name}.log`);
	const child = start(path.join(BUILD, `tools/benches/bench_http_${name}`), [replyFile], {label: name, logFile});
	const port = await until(() => Number(fs.readFileSync(logFile, 'utf8').split('\n')[0]), {what: name});
	return {pid: child.pid, url: `http://127.0.0.1:${port}/livez`, stop: () => child.stop('SIGTERM').catch(() => {})};
}

/* nginx with a file of the same body and the same fields. */
async function startNginx(folder, reply) {
	const port = await freePort();
	fs.mkdirSync(path.join(folder, 'root'));
	fs.writeFileSync(path.join(folder, 'root/livez'), reply.body);
	const own = new Set(['date', 'content-length', 'content-type', 'connection']);
	const fields = reply.headers.filter(([name]) => !own.has(name)).map(([name, value]) => `add_header ${name} "${value}";`);
	fs.writeFileSync(path.join(folder, 'nginx.conf'), `
		daemon off; master_process off; pid ${folder}/pid; error_log stderr error;
		events { worker_connections 1024; }
		http {
			access_log off; keepalive_requests 1000000000; sendfile on; tcp_nodelay on; etag off;
			open_file_cache max=16; default_type ${reply.header('content-type')};
			${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(t => `${t}_temp_path ${folder}/${t};`).join(' ')}
			server { listen 127.0.0.1:${port}; root ${folder}/root; ${fields.join(' ')} }
		}`);
	const child = start('/usr/sbin/nginx', ['-p', folder, '-e', 'stderr', '-c', path.join(folder, 'nginx.conf')],
		{label: 'nginx', logFile: path.join(folder, 'nginx.log')});
	const url = `http://127.0.0.1:${port}/livez`;
	await until(async () => (await request(url, {agent: false})).status === 200, {what: 'nginx'});
	return {pid: child.pid, url, stop: () => child.stop('SIGTERM').catch(() => {})};
}

/* One round of one arm → {rps, cpu_us, p50_ms, p99_ms}. */
async function measure(arm, script) {
	const before = used(arm.pid);
	const {stdout} = await run('wrk', ['-t', '1', '-c', String(CONNECTIONS), '-d', `${SECONDS}s`, '-s', script, arm.url], {deadline_ms: 120_000});
	const got = JSON.parse(stdout.trim().split('\n').at(-1));
	assert.equal(got.bad, 0, `${got.bad} requests to ${arm.url} failed`);
	return {...got, cpu_us: (used(arm.pid) - before) * 1e6 / got.requests};
}

function report(rounds, replyBytes) {
	const of = (arm, figure) => median(rounds[arm].map(r => r[figure]));
	for (const arm of Object.keys(rounds))
		say({bench: 'http', arm, rps: Math.round(of(arm, 'rps')), cpu_us: Number(of(arm, 'cpu_us').toFixed(2)),
			p50_ms: of(arm, 'p50_ms'), p99_ms: of(arm, 'p99_ms'), rounds: ROUNDS});
	const against = {evhttp: 'libevent\'s HTTP server', nginx: 'nginx with a static file', epoll: 'limit: raw epoll, same bytes'};
	for (const [arm, goal] of Object.entries(GOALS)) {
		// The ratio of each round, so that what disturbs the machine disturbs both sides.
		const ratio = median(rounds.assetd.map((r, i) => r.rps / rounds[arm][i].rps));
		say({bench: 'http', against: against[arm], ratio: Number(ratio.toFixed(2)), goal, met: ratio >= goal});
	}
	say({bench: 'http', connections: CONNECTIONS, reply_bytes: replyBytes, limits: 'off', threads: 1,
		machine: {cpus: os.cpus().length, model: os.cpus()[0].model}});
}

async function main() {
	const folder = scratch();
	const daemon = await startServer({role: 'api', conf: {
		http: {workers: 1, requests: 1_000_000_000, lifetime_s: 864_000}, log: {level: 'warn'},
	}});
	const arms = {assetd: {pid: daemon.process.pid, url: `${daemon.url}/livez`, stop: () => daemon.stop()}};
	try {
		const raw = await exchange({port: daemon.ports.http}, 'GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', {finish: 1});
		const reply = raw.replies[0];
		const bytes = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${reply.headers.map(([n, v]) => `${n === 'date' ? 'Date' :
			n === 'content-length' ? 'Content-Length' : n}: ${v}\r\n`).join('')}\r\n`), reply.body]);
		const replyFile = path.join(folder, 'reply');
		fs.writeFileSync(replyFile, bytes);
		arms.evhttp = await startPeer('evhttp', folder, replyFile);
		arms.nginx = await startNginx(folder, reply);
		arms.epoll = await startPeer('epoll', folder, replyFile);
		for (const arm of Object.values(arms))
			assert.equal((await request(arm.url, {agent: false})).text, reply.body.toString(), 'the same body');
		const script = path.join(folder, 'figures.lua');
		fs.writeFileSync(script, `function done(summary, latency)
			local e = summary.errors
			io.write(string.format('{"requests":%d,"rps":%.1f,"p50_ms":%.3f,"p99_ms":%.3f,"bad":%d}\\n', summary.requests,
				summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
				e.status + e.read + e.write + e.timeout + e.connect))
		end`);
		const rounds = Object.fromEntries(Object.keys(arms).map(name => [name, []]));
		for (let round = 0; round < ROUNDS; round++) {
			for (const [name, arm] of Object.entries(arms))
				rounds[name].push(await measure(arm, script));
		}
		report(rounds, bytes.length);
	} finally {
		for (const arm of Object.values(arms))
			await arm.stop();
		discard(folder);
	}
}

await main();
