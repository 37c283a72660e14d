// assetctl import FILE: a list longer than one part, all of it or nothing.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {ASSETCTL, discard, run, scratch, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
const folder = scratch();
after(async () => {
	await reg.stop();
	discard(folder);
});

const keyFile = path.join(folder, 'key');
let authority;
const ctl = (args, env = {}) => run(ASSETCTL, ['import', ...args], {deadline_ms: 120_000, ok: null, cwd: folder,
	env: {...process.env, ASSETD_URL: reg.url, ASSETD_KEY_FILE: keyFile, ...env}});
const write = text => {
	const file = path.join(folder, 'list.csv');
	fs.writeFileSync(file, text);
	return file;
};
const rows = (n, name = i => `Hall ${i}`) => 'reference,name,class,tenure\n' +
	Array.from({length: n}, (_, i) => `R${i},"${name(i)}",HALL,OWNED\n`).join('');
const count = async () => (await reg.sql('select count(*)::int as n from assetd.asset where authority_id = $1 and removed_at is null', [authority]))[0].n;

before(async () => {
	fs.writeFileSync(keyFile, `${reg.adminKey}\n`, {mode: 0o600});
	authority = (await reg.admin.post('/v1/authorities', {name: 'Long lists', kind: 'OTHER', code: 'LONG-1'})).json.id;
});

test('a list of two parts: previewed, applied, and the same again', async () => {
	const file = write(rows(1100, i => i === 700 ? 'Two\nlines' : `Hall ${i}`));
	const preview = await ctl([file, authority, 'apply=no']);
	assert.equal(preview.code, 0, preview.stderr);
	const got = JSON.parse(preview.stdout);
	assert.equal(got.imports.length, 2);
	assert.deepEqual(got.counts, {create: 1100, update: 0, same: 0, error: 0, warning: 0});
	assert.equal(await count(), 0);
	const applied = await ctl([file, authority]);
	assert.equal(applied.code, 0, applied.stderr);
	assert.equal(await count(), 1100);
	const again = await ctl([file, authority]);
	assert.deepEqual(JSON.parse(again.stdout).counts, {create: 0, update: 0, same: 1100, error: 0, warning: 0});
});

test('an error in the last part is said by its line in the file, and nothing is applied', async () => {
	const text = rows(1100, i => `New ${i}`).replaceAll('reference,name,class,tenure', 'reference,name,class,tenure,uprn')
		.replace(/^(R1050,.*)$/m, '$1,no number');
	const refused = await ctl([write(text), authority]);
	assert.equal(refused.code, 5);
	assert.match(refused.stderr, /line 1052: uprn "no number": /);
	assert.equal((await reg.sql(`select count(*)::int as n from assetd.asset where name like 'New%'`))[0].n, 0);
});

test('where a part cannot be applied, those before it are undone', async () => {
	const before = await count();
	const text = rows(1100).replaceAll(/^R/gm, 'S').replace(/^S1099,/m, 'S1,').replace(/^Seference/, 'reference');
	const lost = await ctl([write(text), authority]);
	assert.equal(lost.code, 4, lost.stderr);
	assert.match(lost.stderr, /part 2 of 2 could not be applied; those before it are undone[^]*nothing of the list is applied/);
	assert.equal(await count(), before, lost.stderr);
});

/* A way to the register that lets each call pass, and the answers to some not back. loses(request, n): the n-th such call's. */
async function lossy(loses) {
	const met = {};
	const server = http.createServer(async (call, answer) => {
		const chunks = [];
		for await (const chunk of call)
			chunks.push(chunk);
		const what = call.url.split('/').at(-1), there = http.request(reg.url + call.url, {method: call.method, headers: call.headers}, reply => {
			met[what] = (met[what] ?? 0) + 1;
			if (loses(what, met[what])) {
				reply.resume();
				return reply.on('end', () => call.socket.destroy());
			}
			answer.writeHead(reply.statusCode, reply.headers);
			return reply.pipe(answer);
		});
		there.end(Buffer.concat(chunks));
	});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	return {url: `http://127.0.0.1:${server.address().port}`, close: () => server.close()};
}

test('an answer that is lost on the way is asked for again: applied once, or undone once', async () => {
	const before = await count();
	const way = await lossy((what, n) => ['apply', 'undo'].includes(what) && n === 1);
	const done = await ctl([write(rows(1100).replaceAll(/^R/gm, 'T').replace(/^Teference/, 'reference')), authority], {ASSETD_URL: way.url});
	assert.equal(done.code, 0, done.stderr);
	assert.equal(await count(), before + 1100);
	const conflict = rows(1100).replaceAll(/^R/gm, 'U').replace(/^U1099,/m, 'U1,').replace(/^Ueference/, 'reference');
	const back = await ctl([write(conflict), authority], {ASSETD_URL: way.url});
	way.close();
	assert.equal(back.code, 4, back.stderr);
	assert.match(back.stderr, /nothing of the list is applied/);
	assert.equal(await count(), before + 1100);
});

test('whoever stops it halfway has nothing of the list', async () => {
	const before = await count();
	const file = write(rows(2100).replaceAll(/^R/gm, 'W').replace(/^Weference/, 'reference'));
	for (const signal of ['SIGINT', 'SIGTERM']) {
		let child;
		const way = await lossy((what, n) => what === 'apply' && n === 2 && !child.kill(signal)); // told when the second part has been applied
		const ended = new Promise(resolve => {
			child = spawn(ASSETCTL, ['import', file, authority], {cwd: folder, env: {...process.env, ASSETD_URL: way.url, ASSETD_KEY_FILE: keyFile}});
			let said = '';
			child.stderr.on('data', text => said += text);
			child.on('close', code => resolve({code, said}));
		});
		const {code, said} = await ended;
		way.close();
		assert.equal(code, 130, said);
		assert.match(said, /told to stop, with 2 of 3 parts applied[^]*nothing of the list is applied/);
		assert.equal(await count(), before);
	}
});

test('address, key and day by options and names, as every other command', async () => {
	const there = {ASSETD_URL: 'http://127.0.0.1:1', ASSETD_KEY_FILE: path.join(folder, 'none')};
	const file = write('reference,name,class,tenure\nV1,Old hall,HALL,OWNED\n');
	const done = await ctl([file, authority, `--url=${reg.url}`, '--key-file', keyFile, '--timeout', '60', 'valid_on=2026-04-01'], there);
	assert.equal(done.code, 0, done.stderr);
	const [{effective_on}] = await reg.sql(`select effective_on::text from assetd.asset where reference = 'V1' and authority_id = $1`, [authority]);
	assert.equal(effective_on, '2026-04-01');
	const late = await ctl([file, authority, 'apply=no', 'valid_on=2999-01-01']);
	assert.deepEqual([late.code, late.stderr.includes('/valid_on')], [5, true], late.stderr);
	for (const [words, said] of [[['valid_from=2026-04-01'], 'import does not take valid_from; it takes: apply, valid_on'],
		[['--body', file], 'there is no option --body; see assetctl import --help'], [['--key-file'], '--key-file needs a value'],
		[['apply=maybe'], 'apply is yes or no'], [['apply:=0'], 'apply is yes or no'], [['name=x'], 'import does not take name'],
		[['--dry-run'], 'there is no option --dry-run'], [['--url', 'ftp://x'], 'ftp://x is no address'], [['--timeout', '0'], '0 is no number of seconds']]) {
		const refused = await ctl([file, authority, 'apply=no', ...words]);
		assert.deepEqual([refused.code, refused.stderr.includes(said)], [2, true], refused.stderr);
	}
	const {stdout} = await ctl(['--help']);
	for (const word of ['--url URL', '--key-file FILE', 'valid_on=DAY', 'import undo'])
		assert.ok(stdout.includes(word), word);
	const named = path.join(folder, 'undo');
	fs.copyFileSync(file, named);
	assert.match((await ctl(['undo', authority])).stderr, /404/, 'a verb of the API is not a file');
	assert.equal((await ctl(['./undo', authority, 'apply=no'])).code, 0);
});

test('a part that takes long is waited for', async () => {
	await reg.sql(`create function public.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(3); return null; end $$`);
	await reg.sql('create trigger linger before insert on assetd.asset for each statement execute function public.linger()');
	const done = await ctl([write('reference,name,class,tenure\nL1,Long hall,HALL,OWNED\n'), authority]);
	await reg.sql('drop function public.linger cascade');
	assert.equal(done.code, 0, done.stderr);
	assert.equal((await reg.sql(`select count(*)::int as n from assetd.asset where reference = 'L1' and authority_id = $1`, [authority]))[0].n, 1);
});

test('a list without lines is not said to have been applied', async () => {
	for (const text of ['', '\ufeff', '\r\n \r\n']) {
		const refused = await ctl([write(text), authority]);
		assert.deepEqual([refused.code, refused.stdout], [5, ''], refused.stderr);
		assert.match(refused.stderr, /\/line\/1: The file is empty\./);
	}
	for (const text of ['reference,name,class,tenure\n', 'reference,name,class,tenure', 'reference,name,class,tenure\n\n\n']) {
		const nothing = await ctl([write(text), authority]);
		assert.equal(nothing.code, 0, nothing.stderr);
		assert.equal(JSON.parse(nothing.stdout).state, 'NOTHING_TO_DO');
		assert.match(nothing.stderr, /names the columns \(reference, name, class, tenure\) and has no lines below/);
	}
	assert.deepEqual(await reg.sql(`select from assetd.import where columns = '{reference,name,class,tenure}' and counts @> '{"create": 0, "update": 0, "same": 0}' and state = 'APPLIED'`), []);
	assert.equal(JSON.parse((await ctl([write(rows(1000, i => `Hall ${i}`) + '\n\n'), authority, 'apply=no'])).stdout).state, 'PREVIEWED', 'blank lines at its end');
});

test('what it cannot do it says, with its exit status', async () => {
	const file = write(rows(1));
	assert.equal((await ctl([file, 'aut_00000000000000000000000000'])).code, 3);
	const alone = await ctl([file]);
	assert.deepEqual([alone.code, alone.stderr.includes('assetctl import --help')], [2, true]);
	assert.equal((await ctl([file, authority, 'apply=no'], {ASSETD_KEY_FILE: '', ASSETD_KEY: reg.adminKey})).code, 0, 'as every other command');
	assert.match((await ctl([file, authority, 'apply=no'], {ASSETD_KEY_FILE: '', ASSETD_KEY: ''})).stderr, /ASSETD_KEY_FILE/);
	assert.equal((await ctl([file, authority], {ASSETD_URL: 'http://127.0.0.1:1'})).code, 8);
	assert.equal((await ctl([write('a,b\n1,2\n'), authority, 'apply=no'])).code, 5);
	assert.equal((await ctl([path.join(folder, 'none'), authority, 'apply=no'])).code, 1);
});
