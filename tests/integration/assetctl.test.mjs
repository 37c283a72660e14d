// assetctl against the API: a command for every address that the daemon has, and what becomes of words,
// keys, versions, pages and refusals.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {ASSETCTL, ASSETD, TREE, freePort, makeKey, run, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());

const dumped = (program, what) => execFileSync(program, [what], {encoding: 'utf8'}).trimEnd().split('\n').map(line => line.split('\t'));
const file = (name, text) => {
	const at = path.join(reg.daemon.folder, name);
	fs.writeFileSync(at, text, {mode: 0o600});
	return at;
};

let keyFile;

/** Run it → {code, stdout, stderr, json}; key: which file, null for none. */
async function ctl(words, {key = keyFile, env = {}, input, fails = 0} = {}) {
	const {ASSETD_KEY: _, ASSETD_KEY_FILE: __, ASSETD_URL: ___, ...rest} = process.env;
	const got = await run(ASSETCTL, [...words, ...(key ? ['--key-file', key] : [])],
		{env: {...rest, ASSETD_URL: reg.url, ...env}, input, ok: null});
	assert.equal(got.code, fails, `${words.join(' ')}: ${got.stderr}`);
	return {...got, json: got.stdout.startsWith('{') ? JSON.parse(got.stdout) : undefined};
}

before(() => {
	keyFile = file('key', `${reg.adminKey}\n`);
});

test('every address of the API has a command, each command an address, and help says which', async () => {
	const routes = dumped(ASSETD, '--dump-routes').filter(([, at, , kind]) => kind !== 'page' && /^\/(v1|\.well-known)\//.test(at))
		.map(([method, at]) => `${method} ${at}`).sort();
	const names = dumped(ASSETCTL, '--dump-options').map(([name]) => name).filter(name => name?.includes(' '));
	assert.equal(new Set(names).size, names.length);
	const helps = [];
	for (const name of names)
		helps.push((await ctl([...name.split(' '), '--help'], {key: null})).stdout);
	assert.deepEqual(helps.map(h => /It is ([A-Z]+ \S+) of the API/.exec(h)[1]).sort(), routes);
	for (const help of helps)
		assert.match(help, /^[A-Z].*\.\n\nUsage: assetctl /);
	const [all, some] = [(await ctl(['--help'], {key: null})).stdout, (await ctl(['report', '--help'], {key: null})).stdout];
	for (const name of names)
		assert.ok(all.includes(`  ${name} `), name);
	assert.ok(some.includes('  report publish ') && !some.includes('asset list'));
	const of = name => helps.find(help => help.includes(`Usage: assetctl ${name} `));
	assert.match(of('webhook add'), /or with --body as a file: url \(needed\), types, mode, filter \{subject, [a-z_, ]*where\}, .*headers \{name, value\}\.\n/);
	assert.match(of('asset add'), /: authority_id \(needed\), name \(needed\), /);
	assert.match(of('asset edit'), / as a file: name, class, /, 'what stays for good is not said again');
	for (const word of names.flatMap(name => name.split(/[ -]/)))
		assert.doesNotMatch(word, /sse$/, 'one of several that end in -sses ends in -ss');
});

test('each command reaches its address: what it would send, by its arguments alone', async () => {
	const words = file('words', '{}');
	const rows = dumped(ASSETCTL, '--dump-options').filter(([name]) => name?.includes(' '));
	const reached = await Promise.all(rows.map(async ([name, , args]) => {
		const given = args ? args.split(' ').map((_, i) => `x${i}`) : [];
		const help = (await ctl([...name.split(' '), '--help'], {key: null})).stdout;
		const [, method, at] = /It is ([A-Z]+) (\S+) of the API/.exec(help);
		const {stdout} = await ctl([...name.split(' '), ...given, '--dry-run', ...(help.includes(' --body FILE [OPTION') ? ['--body', words] : [])], {key: null});
		let n = 0;
		return [stdout.split('\n')[0], `${method} ${reg.url}${at.replaceAll(/\{[^}]*\}/g, () => `x${n++}`)}`];
	}));
	assert.ok(reached.length > 100);
	for (const [sent, meant] of reached)
		assert.equal(sent, meant);
});

test('every better word is for an address that is there', () => {
	const routes = new Set(dumped(ASSETD, '--dump-routes').map(([method, at]) => `${method} ${at}`));
	const rows = fs.readFileSync(path.join(TREE, 'tools/assetctl/names.tsv'), 'utf8').split('\n').filter(l => l && !l.startsWith('#')).map(l => l.split('\t'));
	assert.deepEqual(rows.map(([method, at]) => `${method} ${at}`).filter(r => !routes.has(r)), []);
});

test('a further address has a command without anybody naming it', () => {
	const derive = (...lines) => execFileSync(path.join(TREE, 'tools/assetctl/derive'), ['/dev/null'],
		{input: lines.map(l => `${l}\tscope\tapi\tSays it\tlimit,q\tapplication/json\t\n`).join(''), encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe']});
	const named = text => [...text.matchAll(/\{"([^"]*)", "([^"]*)", "([^"]*)", "([A-Z]+)"/g)].map(m => m.slice(1, 4).join(' ').trim());
	assert.deepEqual(named(derive('GET\t/v1/dragons', 'POST\t/v1/dragons', 'DELETE\t/v1/dragons/{id}', 'GET\t/v1/dragons/{id}/scales', 'POST\t/v1/dragons/{id}/scales',
		'PATCH\t/v1/dragons/{id}/scales/{scale_id}', 'POST\t/v1/dragons/{id}/scales/{scale_id}/polish', 'PUT\t/v1/dragons/{id}/cave', 'GET\t/v1/dragons/{id}/map.csv')),
	['dragon list', 'dragon add', 'dragon remove DRAGON', 'dragon scales DRAGON', 'dragon add-scale DRAGON', 'dragon edit-scale DRAGON SCALE',
		'dragon scale-polish DRAGON SCALE', 'dragon set-cave DRAGON', 'dragon map-csv DRAGON']);
	assert.throws(() => derive('GET\t/v1/dragons', 'GET\t/v1/dragons'), /are both `dragon list`/);
});

test('the key comes from a file, standard input or the environment, and goes to this machine or by https', async () => {
	assert.ok((await ctl(['whoami', 'show'])).json.principal_id);
	assert.ok((await ctl(['whoami', 'show', '--key-file', '-'], {key: null, input: reg.adminKey})).json.principal_id);
	assert.ok((await ctl(['whoami', 'show'], {key: null, env: {ASSETD_KEY: reg.adminKey}})).json.principal_id);
	assert.ok((await ctl(['whoami', 'show'], {key: null, env: {ASSETD_KEY_FILE: keyFile}})).json.principal_id);
	assert.match((await ctl(['whoami', 'show'], {key: null, fails: 6})).stderr, /401 .*unauthenticated/);
	for (const url of ['http://register.example', 'http://127.0.0.1.register.example', 'http://localhost:1@register.example', 'http://128.0.0.1'])
		assert.match((await ctl(['whoami', 'show', '--url', url], {fails: 2})).stderr, /use https/, url);
	assert.ok((await ctl(['whoami', 'show'], {env: {http_proxy: `http://127.0.0.1:${await freePort()}`}})).json.principal_id, 'no proxy hears it');
	assert.match((await ctl(['whoami', 'show'], {key: file('two', 'a b\n'), fails: 2})).stderr, /does not hold one API key/);
	assert.match((await ctl(['whoami', 'show', '--key', reg.adminKey], {fails: 2})).stderr, /there is no option --key/);
	for (const words of [['whoami', 'show'], ['asset', 'list', '--dry-run']]) {
		const got = await ctl(words);
		assert.ok(!`${got.stdout}${got.stderr}`.includes(reg.adminKey.slice(12)), 'the key is never said');
	}
});

test('add, show, edit, remove: words become members, and a change names its version', async () => {
	const council = (await ctl(['authority', 'add', 'name=Council & Sons', 'kind=COUNCIL', 'code=C', 'duties:=[{"schedule":3,"from_on":"2017-01-23"}]'])).json;
	assert.deepEqual([council.name, council.duties[0].schedule], ['Council & Sons', 3]);
	const made = (await ctl(['asset', 'add', `authority_id=${council.id}`, 'name=Hall = old', 'class=HALL', 'tenure=OWNED', 'area_m2:=12'])).json;
	assert.deepEqual([made.name, made.area_m2], ['Hall = old', 12]);
	const shown = await ctl(['asset', 'show', made.id, '--show-etag']);
	const etag = /^ETag: (".*")$/m.exec(shown.stderr)[1];
	assert.equal((await ctl(['asset', 'edit', made.id, 'name=Hall'])).json.version, 2);
	assert.match((await ctl(['asset', 'edit', made.id, 'name=Late', '--if-match', etag], {fails: 4})).stderr, /412 .*stale/);
	const plan = ['asset', 'set-disposal-plan', made.id, 'method=SALE', 'stage=MARKETING', 'planned_on=2027-06-15'];
	assert.equal((await ctl(plan)).json.version, 1, 'the first, by If-None-Match');
	assert.equal((await ctl(plan)).json.version, 2, 'and the next, by the version there is');
	assert.match((await ctl(['asset', 'edit', made.id, 'area_m2=twelve'], {fails: 5})).stderr, /\/area_m2: /);
	assert.match((await ctl(['asset', 'show', `ast_${'z'.repeat(26)}`], {fails: 3})).stderr, /404 .*not-found/);
	await ctl(['asset', 'remove-disposal-plan', made.id]);
	assert.equal((await ctl(['asset', 'remove', made.id])).stdout, '');
	await ctl(['asset', 'show', made.id], {fails: 3});
	const key = ['--idempotency-key', 'once'];
	const body = ['community-body', 'add', 'name=Trust', 'legal_form=SCIO', `authority_id=${council.id}`];
	assert.equal((await ctl([...body, ...key])).json.id, (await ctl([...body, ...key])).json.id, 'said twice, done once');
	assert.notEqual((await ctl(body)).json.id, (await ctl(body)).json.id, 'each command has a key of its own');
});

test('lists: filters in the address, every page as one list', async () => {
	const council = (await ctl(['authority', 'list', 'code=C'])).json.items[0].id;
	for (let i = 0; i < 5; i++)
		await ctl(['asset', 'add', `authority_id=${council}`, `name=Lodge ${i} & more`, 'class=LODGE', 'tenure=OWNED']);
	const page = (await ctl(['asset', 'list', 'class=LODGE', 'limit=2', 'sort=name'])).json;
	assert.deepEqual([page.items.length, page.next.startsWith('/v1/')], [2, true]);
	const all = (await ctl(['asset', 'list', 'class=LODGE', 'limit=2', 'sort=name', '--all'])).json;
	assert.deepEqual([all.items.map(i => i.name), all.next], [[0, 1, 2, 3, 4].map(i => `Lodge ${i} & more`), null]);
	assert.deepEqual((await ctl(['asset', 'list', 'class=NOTHING', '--all'])).json, {items: [], next: null});
	assert.equal((await ctl(['api', 'GET', '/v1/assets?class=LODGE', 'limit=1'])).json.items.length, 1);
	assert.ok((await ctl(['event', 'list', 'limit=3', '--all'])).json.items.length > 5, 'the feed as far as it goes');
	assert.match((await ctl(['asset', 'list', 'colour=red'], {fails: 2})).stderr, /does not take colour; it takes: limit,/);
	assert.match((await ctl(['asset', 'show', page.items[0].id, '--all'], {fails: 2})).stderr, /--all is for lists/);
});

test('a report is written and published, a calendar loaded and applied, from a shell', async () => {
	const council = (await ctl(['authority', 'list', 'code=C'])).json.items[0].id;
	assert.equal((await ctl(['report', 'show', council, '2025-26'])).json.state, 'OVERDUE');
	assert.match((await ctl(['report', 'publish', council, '2025-26'], {fails: 4})).stderr, /409 .*Say first what was done/);
	assert.equal((await ctl(['report', 'write', council, '2025-26', '--body', '-'], {input: '{"promotion": "A page", "support": "One officer"}'})).json.support, 'One officer');
	assert.equal((await ctl(['report', 'write', council, '2025-26', 'promotion=A page', 'support=Two'])).json.support, 'Two');
	assert.equal((await ctl(['report', 'publish', council, '2025-26'])).json.number, 1);
	assert.match((await ctl(['report', 'csv', council, '2025-26'], {key: null})).stdout, /^authority,year,/);
	assert.deepEqual((await ctl(['report', 'list', 'year=2025-26', `authority_id=${council}`], {key: null})).json.items.map(i => i.state), ['PUBLISHED']);
	const list = fs.readFileSync(path.join(TREE, 'tests/data/bank-holidays/bank-holidays.json'), 'utf8');
	const loaded = (await ctl(['calendar', 'load', '--body', file('list.json', `{"bank_holidays": ${list}}`)])).json;
	assert.equal(loaded.state, 'PREVIEWED');
	assert.equal((await ctl(['calendar', 'apply', loaded.id])).json.state, 'APPLIED');
	const csv = file('assets.csv', 'reference,name\nA,B\n');
	assert.equal((await ctl(['import', 'preview', 'kind=assets', `authority_id=${council}`, '--body', csv])).json.state, 'PREVIEWED');
	assert.match((await ctl(['import', 'preview', 'kind=assets'], {fails: 2})).stderr, /needs --body FILE, as text\/csv/);
});

test('a file goes in and comes out to the byte', async () => {
	const council = (await ctl(['authority', 'list', 'code=C'])).json.items[0].id;
	const asset = (await ctl(['asset', 'add', `authority_id=${council}`, 'name=Mill', 'class=MILL', 'tenure=OWNED'])).json.id;
	const {id} = (await ctl(['document', 'add', `asset_id=${asset}`, 'kind=OTHER', 'title=Note', 'file_name=note.txt'])).json;
	const text = 'Fhàs is fàs\n\nno line at the end';
	assert.equal((await ctl(['document', 'set-content', id, '--body', file('note.txt', text)])).json.state, 'STORED');
	assert.equal((await ctl(['document', 'content', id])).stdout, text);
});

test('used wrongly it says so, and by its exit status what became of it', async () => {
	for (const [words, said] of [[['asset'], /say what to do with it/], [['--url', 'http://x', 'asset', 'list'], /come after the command/], [['asset', 'paint'], /no command asset paint/], [['asset', 'show'], /takes ASSET/],
		[['asset', 'show', 'a', 'b'], /does not take b/], [['asset', 'show', ''], /takes ASSET/], [['asset', 'list', '--colour'], /no option --colour/],
		[['asset', 'list', '--url'], /--url needs a value/], [['asset', 'add', 'name:={'], /is not JSON/], [['asset', 'add', 'name=x', '--body', keyFile], /not both/],
		[['asset', 'list', '--url', 'ftp://127.0.0.1'], /no address that begins/], [['asset', 'list', '--timeout', '0'], /no number of seconds/],
		[['api', 'PAINT', '/v1/assets'], /no method and path/], [['api', 'GET'], /takes a METHOD and a PATH/], [['api', 'GET', 'v1/assets'], /METHOD and a PATH/],
		[['asset', 'show', 'x', '--body', keyFile], /takes no body/]])
		assert.match((await ctl(words, {key: null, fails: 2})).stderr, said, words.join(' '));
	const viewer = file('viewer', (await makeKey(reg, {roles: {}})).key);
	assert.match((await ctl(['authority', 'add', 'name=X', 'kind=OTHER', 'code=X'], {key: viewer, fails: 6})).stderr, /403 /);
	assert.match((await ctl(['asset', 'list', '--url', `http://127.0.0.1:${await freePort()}`], {fails: 8})).stderr, /connect/i);
	assert.match((await ctl(['asset', 'show', '../../livez'], {fails: 3})).stderr, /404/, 'an argument stays in its place');
	await ctl(['asset', 'list', '--key-file', '/nonexistent'], {key: null, fails: 1});
	const dry = await ctl(['asset', 'add', 'name=é', '--dry-run']);
	assert.equal(dry.stdout, `POST ${reg.url}/v1/assets\nContent-Type: application/json\n\n{"name":"é"}\n`);
});
