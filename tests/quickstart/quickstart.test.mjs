// tools/quickstart as people use it: first run, second run, by two at once, with a port that is
// taken, ended by Ctrl-C, by --stop and by murder. Folders have a blank in their name.

import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {after, test} from 'node:test';
import {TREE, discard, freePort, request, run, scratch, until} from '../harness/index.mjs';

const PROGRAM = path.join(TREE, 'tools/quickstart');
const top = scratch();
fs.chmodSync(top, 0o755);
const homes = [];

function newHome(name) {
	homes.push(path.join(top, name));
	return homes.at(-1);
}

after(async () => {
	for (const home of homes)
		await run(PROGRAM, ['--home', home, '--stop']);
});

const quickstart = (home, args, options) => run(PROGRAM, ['--home', home, '--empty', ...args], {deadline_ms: 240_000, ...options});

/* Processes whose command line names the folder: [{pid, uid, command}]. */
function processesOf(home) {
	return fs.readdirSync('/proc').filter(n => /^\d+$/.test(n)).flatMap(pid => {
		try {
			const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
			const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
			if (!command.includes(home) || command.includes('quickstart') || /^State:\s+Z/m.test(status))
				return [];
			return [{pid: Number(pid), uid: Number(/^Uid:\s+(\d+)/m.exec(status)[1]), command}];
		} catch {
			return []; // it has just ended
		}
	});
}

async function whoami(home, port) {
	const key = fs.readFileSync(path.join(home, 'admin.key'), 'utf8').trim();
	return request(`http://127.0.0.1:${port}/v1/whoami`, {key, agent: false});
}

test('from nothing to a register, twice, and to the end', async () => {
	const home = newHome('a register');
	const port = await freePort();
	const first = await quickstart(home, ['--port', String(port), '--detach']);
	assert.match(first.stdout, new RegExp(`^address: http://127\\.0\\.0\\.1:${port}/$`, 'm'));
	assert.ok(first.stdout.includes(`administrator's key: ${home}/admin.key\n`));
	assert.equal(fs.statSync(path.join(home, 'admin.key')).mode & 0o777, 0o600);
	assert.equal((await request(`http://127.0.0.1:${port}/readyz`, {agent: false})).status, 200);
	const me = await whoami(home, port);
	assert.equal(me.json.operator, true);
	assert.equal((await request(`http://127.0.0.1:${port + 1}/metrics`, {agent: false})).status, 200);

	const running = processesOf(home);
	assert.deepEqual(running.map(p => path.basename(p.command.split(' -')[0])).sort(), ['assetd', 'postgres']);
	assert.ok(running.every(p => p.uid !== 0), 'nothing that stays runs as root');
	assert.ok(running.some(p => p.pid === Number(fs.readFileSync(path.join(home, 'assetd.pid'), 'utf8'))));

	// Again: the same register and the same key, with nothing made anew.
	const key = fs.readFileSync(path.join(home, 'admin.key'), 'utf8');
	await quickstart(home, ['--port', String(port), '--detach']);
	assert.equal(fs.readFileSync(path.join(home, 'admin.key'), 'utf8'), key);
	assert.equal((await whoami(home, port)).json.principal_id, me.json.principal_id);

	await run(PROGRAM, ['--home', home, '--stop']);
	assert.deepEqual(processesOf(home), []);
	await run(PROGRAM, ['--home', home, '--stop']);
});

test('two at once, each on its own', async () => {
	const [one, two] = [newHome('one'), newHome('two')];
	const ports = [await freePort(), await freePort()];
	await Promise.all([
		quickstart(one, ['--port', String(ports[0]), '--detach']),
		quickstart(two, ['--port', String(ports[1]), '--detach']),
	]);
	const [a, b] = [await whoami(one, ports[0]), await whoami(two, ports[1])];
	assert.equal(a.status, 200);
	assert.equal(b.status, 200);
	assert.notEqual(a.json.principal_id, b.json.principal_id);
	await run(PROGRAM, ['--home', one, '--stop']);
	assert.equal((await whoami(two, ports[1])).status, 200, 'ending one leaves the other');
});

test('a port that is taken is said so, and nothing is left running', async () => {
	const home = newHome('taken');
	const port = await freePort();
	const other = net.createServer().listen(port + 1, '127.0.0.1');
	try {
		await until(() => other.listening);
		const {code, stderr} = await quickstart(home, ['--port', String(port), '--detach'], {ok: null});
		assert.equal(code, 1);
		assert.match(stderr, new RegExp(`port ${port + 1} of 127\\.0\\.0\\.1 is taken.*--port`));
		assert.deepEqual(processesOf(home), []);
	} finally {
		other.close();
	}
});

test('in the foreground it stays until Ctrl-C, and then ends everything', async () => {
	const home = newHome('stay');
	const port = await freePort();
	// A session of its own, as a terminal's, so that the signal reaches the whole group.
	const child = spawn(PROGRAM, ['--home', home, '--empty', '--port', String(port)], {detached: true, stdio: ['ignore', 'pipe', 'pipe']});
	const ended = new Promise(resolve => child.once('close', (code, signal) => resolve(code ?? signal)));
	let said = '';
	child.stdout.on('data', d => { said += d; });
	child.stderr.on('data', d => { said += d; });
	try {
		await until(() => said.includes('Ctrl-C'), {deadline_ms: 120_000, what: 'quickstart to stay'});
		const second = await quickstart(home, ['--port', String(port), '--detach'], {ok: null});
		assert.equal(second.code, 1);
		assert.match(second.stderr, /another quickstart is at work/);
		assert.equal((await whoami(home, port)).status, 200);
		process.kill(-child.pid, 'SIGINT');
		assert.equal(await ended, 0, said);
		assert.deepEqual(processesOf(home), []);
		assert.match(fs.readFileSync(path.join(home, 'assetd.log'), 'utf8').trim().split('\n').at(-1), /"ended"/);
	} finally {
		child.kill('SIGTERM');
		await ended;
	}
});

test('after a murder of daemon and database it starts again with the same data', async () => {
	const home = newHome('murdered');
	const port = await freePort();
	await quickstart(home, ['--port', String(port), '--detach']);
	const before = (await whoami(home, port)).json;
	for (const {pid} of processesOf(home))
		process.kill(pid, 'SIGKILL');
	await until(() => processesOf(home).length === 0);
	await quickstart(home, ['--port', String(port), '--detach']);
	assert.equal((await whoami(home, port)).json.principal_id, before.principal_id);
	await run(PROGRAM, ['--home', home, '--stop']);
});

test('killed at any moment of its first run, the next one completes it', async () => {
	const home = newHome('interrupted');
	const port = await freePort();
	const moments = ['bin/assetd', 'postgres.new', 'postgres', 'admin.key'];
	for (const moment of moments) {
		const child = spawn(PROGRAM, ['--home', home, '--port', String(port), '--detach', '--empty'], {detached: true, stdio: 'ignore'});
		const ended = new Promise(resolve => child.once('close', (code, signal) => resolve(code ?? signal)));
		await until(() => fs.existsSync(path.join(home, moment)) || child.exitCode !== null, {deadline_ms: 120_000, what: moment});
		process.kill(child.pid, 'SIGKILL');
		assert.ok(['SIGKILL', 0].includes(await ended), 'it is not kept out by what the one before left');
	}
	await quickstart(home, ['--port', String(port), '--detach']);
	assert.equal((await whoami(home, port)).status, 200);
	assert.equal(fs.existsSync(path.join(home, 'postgres.new')), false);
	await run(PROGRAM, ['--home', home, '--stop']);
	assert.deepEqual(processesOf(home), []);
});

test('a strict umask, no HOME, a proxy, and settings for other servers do not disturb it', async () => {
	const home = newHome('strict/below');
	const port = await freePort();
	const env = {
		...process.env, LC_ALL: 'xx_XX.ISO-8859-1', http_proxy: 'http://127.0.0.1:9', PGPORT: '1', PGHOST: 'nowhere', PGUSER: 'x',
		PGSSLMODE: 'require', ASSETD_HTTP_LISTEN: '127.0.0.1:1',
	};
	delete env.HOME;
	await run('sh', ['-c', 'umask 077; exec "$@"', 'sh', PROGRAM, '--home', home, '--port', String(port), '--empty', '--detach'],
		{env, deadline_ms: 240_000});
	assert.equal((await whoami(home, port)).status, 200);
	await run(PROGRAM, ['--home', home, '--stop']);
});

test('a folder that cannot be is said so, with the cure', async () => {
	const file = path.join(top, 'file');
	fs.writeFileSync(file, '');
	for (const home of [file, path.join(file, 'below'), path.join(top, 'a ;b')]) {
		const {code, stderr} = await quickstart(home, ['--detach'], {ok: null});
		assert.equal(code, 1);
		assert.match(stderr, /choose another folder with --home/);
	}
});

test('what it does not understand it says, and does nothing', async () => {
	const home = path.join(top, 'never');
	for (const [args, code] of [[['--prot', '1'], 2], [['--port', 'http'], 1], [['--port', '65535'], 1], [['--port'], 1]]) {
		const result = await run(PROGRAM, ['--home', home, ...args], {ok: null});
		assert.equal(result.code, code, args.join(' '));
		assert.notEqual(result.stderr, '');
	}
	assert.match(execFileSync(PROGRAM, ['--help'], {encoding: 'utf8'}), /usage: tools\/quickstart/);
	assert.equal(fs.existsSync(home), false);
});

test('a package that was removed, all but its settings, does not end it without a word', async () => {
	const folder = scratch();
	try {
		// dpkg lists by name, so that this one comes last; it is of the benches and not asked for here.
		const status = fs.readFileSync('/var/lib/dpkg/status', 'utf8').split('\n\n').filter(p => !p.startsWith('Package: wrk\n'));
		fs.writeFileSync(path.join(folder, 'status'), `${status.join('\n\n').trim()}\n\nPackage: wrk\nStatus: deinstall ok config-files\n` +
			'Architecture: amd64\nVersion: 4.1.0-3\nDescription: load\nMaintainer: nobody\nConffiles:\n /etc/wrk 0123456789abcdef0123456789abcdef\n');
		fs.mkdirSync(path.join(folder, 'updates'));
		fs.mkdirSync(path.join(folder, 'info'));
		const {stdout} = await run('dpkg-query', ['-W', '-f', '${db:Status-Status}', 'wrk'], {env: {...process.env, DPKG_ADMINDIR: folder}});
		assert.equal(stdout, 'config-files');
		await run(path.join(TREE, 'tools/deps'), ['build'], {env: {...process.env, DPKG_ADMINDIR: folder}});
	} finally {
		discard(folder);
	}
});
