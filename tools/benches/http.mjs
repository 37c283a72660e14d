// bench `http`: our HTTP layer giving a fixed reply, one thread, 64 keep-alive connections,
// against libevent's HTTP server and nginx with a static file, and against the limit, a raw epoll
// loop that writes the same bytes. Ten and a hundred times the fewest connections, 8, show what a
// request costs when there are many.
//
// Each line of output is one JSON object. Rate limits are off. Settings: those of common.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {goal, growth, interleave, machine, middle, processorSeconds, ratio, ROUNDS, say, TIMES, wrk, wrkScript} from './common.mjs';

const {BUILD, discard, exchange, freePort, request, scratch, start, until} = await import('../../tests/harness/index.mjs');
const {startServer} = await import('../../tests/integration/server.mjs');

const CONNECTIONS = 64, FEWEST = 8;
const PEERS = {
	evhttp: {least: 1.3, name: {against: 'libevent\'s HTTP server'}},
	nginx: {least: 0.9, name: {against: 'nginx with a static file'}},
	epoll: {least: 0.75, name: {limit: 'raw epoll, same bytes'}},
};

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

/* One round of one arm, with the processor's time of a request. */
async function measure(arm) {
	const before = processorSeconds(arm.pid);
	const got = await wrk(arm.url, arm.script, arm.connections ?? CONNECTIONS);
	return {...got, cpu_us: (processorSeconds(arm.pid) - before) * 1e6 / got.requests};
}

function report(rounds, replyBytes) {
	for (const name of Object.keys(rounds))
		say({bench: 'http', arm: name, rps: Math.round(middle(rounds, name, 'rps')), cpu_us: Number(middle(rounds, name, 'cpu_us').toFixed(2)),
			p50_ms: middle(rounds, name, 'p50_ms'), p99_ms: middle(rounds, name, 'p99_ms'), rounds: ROUNDS});
	for (const [peer, {least, name}] of Object.entries(PEERS))
		say({bench: 'http', ...name, ...goal({ratio: ratio(rounds, 'rps', 'assetd', peer), least})});
	const grown = growth(rounds, 'cpu_us', 'few', 'many', 100);
	say({bench: 'http', against: `${FEWEST} connections`, connections: FEWEST * 100, growth: grown, goal: '<= 0.1', met: grown <= 0.1});
	say({bench: 'http', connections: CONNECTIONS, reply_bytes: replyBytes, limits: 'off', threads: 1, bodies: 'compared', machine: machine()});
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
		const script = wrkScript(folder, 'fixed');
		for (const arm of Object.values(arms))
			arm.script = script;
		for (const [i, name] of ['few', 'more', 'many'].entries())
			arms[name] = {...arms.assetd, connections: FEWEST * TIMES[i]};
		report(await interleave(arms, measure), bytes.length);
	} finally {
		for (const name of ['assetd', ...Object.keys(PEERS)])
			await arms[name]?.stop();
		discard(folder);
	}
}

await main();
