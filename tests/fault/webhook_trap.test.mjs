// The daemon in a network namespace whose every address is a trap and whose name server is an attacker's: 120 names
// that lead inside, names that say one thing and then another, and not one connection to where nothing may go. The
// public addresses of the same namespace are reached, or the trap could not be trusted. In a long run 2,500 names that change
// their mind, until 10,000 look-ups of them have been made.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';

const HERE = path.dirname(new URL(import.meta.url).pathname);
const PUBLIC = ['93.184.216.34', '2a00:1450::1'];
// Each block of the list, its first, last and some in between; what cannot be given to an interface is asked for all the same.
const HOSTILE = [
	...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.0.0.255', '10.255.255.254', '10.1.2.3', '100.64.0.1', '100.100.100.200', '100.127.255.254', '127.0.0.1', '127.0.0.2',
		'127.127.127.127', '127.255.255.254', '169.254.0.1', '169.254.169.254', '169.254.170.2', '169.254.255.254', '172.16.0.1', '172.17.0.1', '172.31.255.254',
		'192.0.0.1', '192.0.0.170', '192.0.0.192', '192.0.2.1', '192.0.2.254', '192.88.99.1', '192.168.0.1', '192.168.1.1', '192.168.255.254', '198.18.0.1',
		'198.19.255.254', '198.51.100.1', '198.51.100.254', '203.0.113.1', '203.0.113.254', '224.0.0.1', '224.0.0.251', '239.255.255.250', '240.0.0.1', '247.1.2.3',
		'254.254.254.254', '255.255.255.255'],
	...Array.from({length: 18}, (_, i) => `10.${i}.0.10`), ...Array.from({length: 8}, (_, i) => `192.168.${i * 30}.20`), ...Array.from({length: 6}, (_, i) => `172.${18 + i}.0.2`),
	...['::', '::1', '::2', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '64:ff9b::a00:1',
		'64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '64:ff9b:1::7f00:1', '100::1', '2001::1', '2001:2::1', '2001:10::1', '2001:db8::1', '2001:db8:ffff::1', '2002:7f00:1::1',
		'2002:a00:1::1', '2002:a9fe:a9fe::1', '3fff::1', '3fff:fff::1', '5f00::1', 'fc00::1', 'fc00:ec2::254', 'fd00::1', 'fd00:ec2::254', 'fdff::1', 'fe80::1', 'fe80::2',
		'febf::1', 'fec0::1', 'feff::1', 'ff00::1', 'ff02::1', 'ff02::fb', 'ff05::2', 'ff0e::1'],
	...Array.from({length: 8}, (_, i) => `fd00:${i + 1}::1`),
];

const [REBINDING, LOOK_UPS] = process.env.ASSETD_LONG ? [2500, 10_000] : [20, 20];
const SILENT = 100; // in a long run: more than there are threads that look names up

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'trap-'));
const file = name => path.join(folder, name);

/** May we make a namespace of our own here? If not, why. */
function refusal() {
	try {
		execFileSync('unshare', ['-rmn', 'sh', '-c', 'ip link set lo up && touch "$1" && mount --bind "$1" /etc/resolv.conf', 'sh', file('resolv.conf')], {stdio: 'pipe'});
		return undefined;
	} catch (error) {
		return `no namespace of our own: ${(error.stderr?.toString() || error.message).trim().split('\n')[0]}`;
	}
}
const skip = refusal();

test(`W-18 W-44 W-45: 120 names that lead inside, a resolver that changes its mind in ${LOOK_UPS} look-ups, one that says nothing: no connection, and an end`, {skip}, async t => {
	const names = {'public.example': {A: [PUBLIC[0]]}, 'public6.example': {AAAA: [PUBLIC[1]]}, 'mixed.example': {A: [PUBLIC[0]], AAAA: ['::1', 'fd00::1']},
		'mixed4.example': {A: ['127.0.0.1', PUBLIC[0], '169.254.169.254']}, 'silent.example': {silent: true}};
	HOSTILE.forEach((address, i) => {
		names[`h${i}.trap.example`] = {[net.isIP(address) === 6 ? 'AAAA' : 'A']: [address]};
	});
	for (let i = 0; i < REBINDING; i++) // each question another answer
		names[`r${i}.rebind.example`] = {turns: [[PUBLIC[0]], ['127.0.0.1'], ['::1', PUBLIC[0]], ['10.0.0.1']].slice(i % 4).concat([['127.0.0.1']])};
	fs.writeFileSync(file('names.json'), JSON.stringify(names));
	fs.writeFileSync(file('resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:20 attempts:2\n');
	fs.writeFileSync(file('nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: dns\n');
	fs.writeFileSync(file('setup'), `ip link set lo up
for a in ${[...PUBLIC, ...HOSTILE].join(' ')}; do ip addr add $a dev lo nodad 2>/dev/null || ip addr add $a dev lo 2>/dev/null; done
mount --bind ${file('resolv.conf')} /etc/resolv.conf && mount --bind ${file('nsswitch.conf')} /etc/nsswitch.conf || exit 1
${process.execPath} ${path.join(HERE, 'trap.mjs')} ${folder} >${file('trap.log')} 2>&1 &
until [ -e ${file('ready')} ]; do sleep 0.1; done
exec "$@"
`);
	// The harness reads this once, when it is loaded.
	process.env.ASSETD_LAUNCHER = JSON.stringify(['unshare', '-rmn', 'sh', file('setup')]);
	const {ok, startRegister, until} = await import('../harness/index.mjs');
	const {Daemon} = await import('../harness/daemon.mjs');
	// Inside listens on a socket of the file system; what comes to the port outside is passed on.
	const start = Daemon.prototype.start;
	let door;
	Daemon.prototype.start = async function (...args) {
		door ??= await new Promise(resolve => {
			const server = net.createServer(socket => {
				const inside = net.connect(file('http'));
				for (const [from, to] of [[socket, inside], [inside, socket]]) {
					from.on('error', () => to.destroy());
					from.pipe(to);
				}
			}).listen(this.ports.http, '127.0.0.1', () => resolve(server));
		});
		return start.apply(this, args);
	};
	const reg = await startRegister({conf: {http: {listen: `unix:${file('http')}`}, hooks: {allow_http: 'no', allow_cidr: ''}}});
	after(async () => {
		await reg.stop();
		door?.close();
		fs.rmSync(folder, {recursive: true, force: true});
	});
	assert.ok(HOSTILE.length >= 120, `${HOSTILE.length}`);
	const hits = () => fs.existsSync(file('hits')) ? fs.readFileSync(file('hits'), 'utf8').trim().split('\n') : [];

	// As literals they are refused at the door.
	await Promise.all(HOSTILE.map(async address => {
		const reply = await reg.admin.post('/v1/webhooks', {url: `https://${net.isIP(address) === 6 ? `[${address}]` : address}/`});
		assert.equal(reply.status, 422, address);
	}));
	// As names they are taken, looked up, and not called.
	const made = {};
	await Promise.all(Object.keys(names).map(async (name, i) => {
		const reply = await reg.admin.post('/v1/webhooks', {url: `https://${name}${i % 2 ? ':8443' : ''}/latest/meta-data/`, types: ['asset.created']});
		assert.equal(reply.status, 201, `${name}: ${reply.text}`);
		made[reply.json.id] = name;
	}));
	const tried = () => reg.sql(`select distinct on (webhook_id) webhook_id, result, error, address from assetd.webhook_attempt order by webhook_id, at`);
	const rows = await until(async () => {
		const all = await tried();
		return all.length === Object.keys(names).length && all;
	}, {what: 'each name to have been tried', deadline_ms: 120_000});
	for (const {webhook_id, result, error, address} of rows) {
		assert.equal(result, 'NO_PONG');
		assert.ok(address === null || PUBLIC.includes(address), `${made[webhook_id]}: ${address} ${error}`);
	}
	const {error: unsaid} = rows.find(r => made[r.webhook_id] === 'silent.example');
	assert.match(unsaid, /not resolved in time/, 'five seconds, whatever the system would wait');
	const forgotten = async () => {
		const began = Date.now();
		await until(() => Date.now() - began > 31_000, {deadline_ms: 60_000, what: 'what was resolved to be forgotten'});
	};
	const asked = () => JSON.parse(fs.readFileSync(file('asked')));
	while (asked().asked < LOOK_UPS) { // once what was resolved is forgotten, all of them again
		const had = asked().asked;
		await forgotten();
		await Promise.all(Object.keys(made).map(async id => ok(await reg.admin.post(`/v1/webhooks/${id}/verify`), 200)));
		await until(() => asked().asked >= Math.min(LOOK_UPS, had + REBINDING), {what: () => `look-ups, ${asked().asked} so far`, deadline_ms: 180_000});
	}
	await until(() => asked().inside >= asked().asked / 4, {what: 'answers that lead inside'});
	t.diagnostic(`${asked().asked} look-ups, ${asked().inside} answers that led inside, ${hits().length} connections`);
	if (process.env.ASSETD_LONG) { // names for which nobody answers keep no other waiting
		await forgotten();
		const deaf = await Promise.all(Array.from({length: SILENT}, async (_, i) => ok(await reg.admin.post('/v1/webhooks', {url: `https://silent${i}.example/`})).id));
		const failed = () => reg.sql(`select from assetd.webhook_attempt where webhook_id = any ($1)`, [deaf]);
		await until(async () => (await failed()).length > 0, {what: 'these to be asked for'});
		for (const [id, name] of Object.entries(made).filter(([, name]) => name.startsWith('public'))) {
			const [{n}] = await reg.sql(`select count(*)::int as n from assetd.webhook_attempt where webhook_id = $1`, [id]);
			ok(await reg.admin.post(`/v1/webhooks/${id}/verify`), 200);
			const [last] = await until(async () => {
				const all = await reg.sql(`select address, error from assetd.webhook_attempt where webhook_id = $1 order by at desc`, [id]);
				return all.length > n && all;
			}, {what: `${name} to be called`});
			assert.ok(last.address, `${name}: ${last.error}`);
		}
	}
	const where = new Set(hits().map(line => line.split(' ')[0]));
	assert.deepEqual([...where].filter(address => !PUBLIC.includes(address)), [], 'nobody was led into the trap');
	assert.ok(where.has(PUBLIC[0]), 'the trap sees who comes');
	assert.deepEqual(rows.filter(r => /^public|^mixed/.test(made[r.webhook_id])).map(r => r.address === null), [false, false, false, false], 'public ones are called');
});

if (skip)
	console.log(`webhook_trap: ${skip}`);
