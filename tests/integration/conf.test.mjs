// conf/assetd.conf against the table of settings, conf/nginx.conf against both, and what the
// daemon says of a file that is wrong.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {ASSETD, TREE, run, scratch} from '../harness/index.mjs';

const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ASSETD_')));
const assetd = (args, options = {}) => run(ASSETD, args, {env: environment, ...options});
const shipped = path.join(TREE, 'conf/assetd.conf');

async function table() {
	const {stdout} = await assetd(['--dump-settings']);
	return stdout.split('\n').filter(Boolean).map(line => {
		const [section, name, type, fallback] = line.split('\t');
		return {section, name, type, fallback};
	});
}

/* "section.name" → value of every line that is a setting switched off. */
function switchedOff(text) {
	const found = {};
	let section;
	for (const line of text.split('\n')) {
		section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section;
		const [, name, value] = /^#(\w+) =(?: (.*))?$/.exec(line) ?? [];
		if (name) {
			assert.ok(!(`${section}.${name}` in found), `${name} stands twice in [${section}]`);
			found[`${section}.${name}`] = value ?? '';
		}
	}
	return found;
}

test('conf/assetd.conf has every setting with its default, and nothing else', async () => {
	const rows = await table();
	assert.ok(rows.length > 20);
	const expected = Object.fromEntries(rows.map(r => [`${r.section}.${r.name}`, r.fallback]));
	assert.deepEqual(switchedOff(fs.readFileSync(shipped, 'utf8')), expected);
});

test('conf/assetd.conf is taken as it stands, and with every line switched on', async () => {
	const folder = scratch();
	const secret = path.join(folder, 'secret');
	fs.writeFileSync(secret, Buffer.alloc(32, 7), {mode: 0o600});
	const on = fs.readFileSync(shipped, 'utf8').replace(/^#(\w+ =)/gm, '$1').replace(/^(\w+_file =)$/gm, `$1 ${secret}`);
	const file = path.join(folder, 'assetd.conf');
	fs.writeFileSync(file, on);
	await assetd(['check', '--config', file]);
	await assetd(['check', '--config', shipped], {env: {...environment, ASSETD_AUTH_PEPPER_FILE: secret, ASSETD_HOOKS_KEY_FILE: secret}});
});

test('a file that is wrong is refused with its line and the cure', async () => {
	const file = path.join(scratch(), 'assetd.conf');
	const cases = [
		['[http]\nlissen = 127.0.0.1:1\n', /:2\b.*lissen/],
		['[htp]\nlisten = 127.0.0.1:1\n', /:2\b.*htp/],
		['[http]\nworkers = many\n', /:2\b.*workers/],
		['[http]\nworkers = 65\n', /:2\b.*workers.*64/],
		['[hooks]\nallow_http = perhaps\n', /:2\b.*allow_http/],
		['[http]\nworkers = 1\nworkers = 2\n', /:3\b.*workers/],
		['no section = 1\n', /:1\b/],
	];
	for (const [text, message] of cases) {
		fs.writeFileSync(file, text);
		const {code, stderr} = await assetd(['check', '--config', file], {ok: null});
		assert.notEqual(code, 0, text);
		assert.match(stderr, message, text);
	}
	assert.notEqual((await assetd(['check', '--config', `${file}.not`], {ok: null})).code, 0);
});

test('a secret that everybody on the machine can read is refused, with the cure', async () => {
	const folder = scratch();
	const file = path.join(folder, 'assetd.conf');
	for (const [section, name] of [['auth', 'pepper_file'], ['hooks', 'key_file']]) {
		const secret = path.join(folder, name);
		fs.writeFileSync(secret, Buffer.alloc(32, 7));
		fs.writeFileSync(file, `[${section}]\n${name} = ${secret}\n`);
		for (const mode of [0o644, 0o604, 0o602]) {
			fs.chmodSync(secret, mode);
			const {code, stderr} = await assetd(['check', '--config', file], {ok: null});
			assert.notEqual(code, 0, stderr);
			assert.match(stderr, new RegExp(`\\[${section}\\] ${name}: .*chmod o= ${secret}`));
		}
		for (const mode of [0o400, 0o440, 0o660]) { // a group may be the service's own
			fs.chmodSync(secret, mode);
			await assetd(['check', '--config', file]);
		}
	}
});

test('the environment wins over the file, and is held to the same rules', async () => {
	const file = path.join(scratch(), 'assetd.conf');
	fs.writeFileSync(file, '[http]\nworkers = 2\n');
	const {code, stderr} = await assetd(['check', '--config', file], {ok: null, env: {...environment, ASSETD_HTTP_WORKERS: 'many'}});
	assert.notEqual(code, 0);
	assert.match(stderr, /ASSETD_HTTP_WORKERS/);
});

test('nginx waits as long as assetd does', async () => {
	const rows = Object.fromEntries((await table()).map(r => [`${r.section}.${r.name}`, r.fallback]));
	const nginx = fs.readFileSync(path.join(TREE, 'conf/nginx.conf'), 'utf8');
	const seconds = name => Number(new RegExp(`^\\s*${name} (\\d+)s;`, 'm').exec(nginx)[1]);
	assert.equal(seconds('client_header_timeout') * 1000, Number(rows['http.head_ms']));
	assert.equal(seconds('client_body_timeout') * 1000, Number(rows['http.body_ms']));
	assert.equal(seconds('send_timeout') * 1000, Number(rows['http.write_ms']));
	assert.ok(seconds('proxy_read_timeout') * 1000 > Number(rows['http.reply_ms']), 'the daemon speaks first');
	assert.equal(Number(/^\s*limit_conn \w+ (\d+);/m.exec(nginx)[1]), Number(rows['limits.connections_per_address']));
	assert.equal(Number(/^\s*keepalive_requests (\d+);/m.exec(nginx)[1]), Number(rows['http.requests']));
	const unit = fs.readFileSync(path.join(TREE, 'systemd/assetd.service'), 'utf8');
	assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)[1]) * 1000 > Number(rows['http.drain_ms']));
	assert.ok(Number(/^LimitNOFILE=(\d+)$/m.exec(unit)[1]) > 2 * Number(rows['limits.connections']));
});
