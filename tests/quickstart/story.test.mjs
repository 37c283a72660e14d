// The story of README.md, from its first command to the forecast that moves: its fenced commands
// are taken from the page and run as they stand, but for the port; a browser looks on, and two
// receivers are told, one that verifies by the upstream package and the one README starts.

import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {newPage, startBrowser} from '../harness/browser.mjs';
import {TREE, client, freePort, run, scratch, startSink, until, verify} from '../harness/index.mjs';

const PROGRAM = path.join(TREE, 'tools/quickstart');
const README = fs.readFileSync(path.join(TREE, 'README.md'), 'utf8');
const NAMES = ['council', 'asset', 'request', 'run', 'event'];

const top = scratch();
fs.chmodSync(top, 0o755);
const home = path.join(top, 'register');
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const sink = await startSink();
const browser = await startBrowser();
const story = {};
let shell, receiver, admin, page, complaints;

/* The fenced commands of a section of README: [text]. */
function commands(heading) {
	const section = README.split(/^## /m).find(part => part.startsWith(heading));
	return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(match => match[1].replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`));
}

const [first, raise] = commands('What it does');

/* A shell that stays, as a person's: paste(text) → {printed: lines, names: its variables}. */
function startShell() {
	const child = spawn('bash', ['--norc'], {env: {...process.env, home}, stdio: ['pipe', 'pipe', 'pipe']});
	let out = '', err = '';
	child.stdout.on('data', d => { out += d; });
	child.stderr.on('data', d => { err += d; });
	const end = '--- pasted';
	return {
		async paste(text) {
			out = '';
			child.stdin.write(`${text}\n${NAMES.map(n => `echo "$${n}"`).join('\n')}\necho '${end}'\n`);
			await until(() => out.endsWith(`${end}\n`), {what: 'the commands of README to end'});
			assert.equal(err, '');
			const lines = out.trim().split('\n').slice(0, -1);
			const values = lines.splice(-NAMES.length);
			return {printed: lines, names: Object.fromEntries(NAMES.map((n, i) => [n, values[i]]))};
		},
		end: () => child.kill(),
	};
}

function startReceiver(at) {
	const child = spawn(path.join(TREE, 'tools/demo/receive'),
		['--key-file', path.join(home, 'admin.key'), '--url', address, '--port', String(at)], {stdio: ['ignore', 'pipe', 'inherit']});
	const ended = new Promise(resolve => child.once('close', resolve));
	const told = {said: ''};
	child.stdout.on('data', d => { told.said += d; });
	return Object.assign(told, {
		async end() {
			child.kill('SIGINT');
			return ended;
		},
	});
}

before(async () => {
	await run(PROGRAM, ['--home', home, '--port', String(port), '--detach'], {deadline_ms: 280_000});
	admin = client(address, fs.readFileSync(path.join(home, 'admin.key'), 'utf8').trim());
	({page, complaints} = await newPage(browser));
	shell = startShell();
	receiver = startReceiver(await freePort());
	await until(() => receiver.said.includes('verified endpoint.ping'), {what: 'the receiver of README'});
	const made = await admin.post('/v1/webhooks', {url: sink.url, types: ['request.*', 'projection.changed']});
	assert.equal(made.status, 201, made.text);
	story.secret = made.json.secret;
	await sink.waitFor(d => d.json?.type === 'endpoint.ping');
});

after(async () => {
	shell?.end();
	await receiver?.end();
	await browser.close();
	await sink.stop();
	await run(PROGRAM, ['--home', home, '--stop']);
});

test('the page opens, and a search finds a hall', async () => {
	await page.goto(address);
	await page.getByLabel('Find an asset or a request').fill('village hall');
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/assets\?/);
	assert.ok(await page.locator('main a', {hasText: 'Village Hall'}).count() > 3);
	assert.equal(await page.locator('main a', {hasText: 'Library'}).count(), 0);
});

test('a community group asks for a hall to its end: a letter brings the page of its own', async () => {
	const letters = path.join(home, 'letters');
	const read = name => fs.readFileSync(path.join(letters, name), 'utf8');
	const linkTo = what => until(() => fs.readdirSync(letters).filter(name => name.endsWith('.txt')).sort().reverse()
		.map(name => new RegExp(`^${address}/${what}\\?token=\\S+$`, 'm').exec(read(name))?.[0]).find(Boolean), {what: `a letter with a link to /${what}`});
	await page.goto(`${address}/assets?q=village+hall`);
	await page.locator('main a', {hasText: 'Village Hall'}).first().click();
	await page.getByRole('link', {name: 'Ask for this'}).click();
	await page.getByLabel('What you send').selectOption('RECEIVED');
	await page.getByLabel('What you ask for, or have in mind').selectOption('LEASE');
	await page.getByLabel('Name of your group').fill('Hall Trust');
	await page.getByLabel('What kind of group it is').selectOption('SCIO');
	await page.getByLabel('Your name').fill('Mòrag');
	await page.getByLabel('Your e-mail address').fill('group@private.example');
	await page.getByRole('button', {name: 'Send it'}).click();
	await page.goto(await linkTo('confirm'));
	await page.getByRole('button', {name: 'Confirm'}).click();
	await page.goto(await linkTo('mine'));
	assert.match(await page.locator('h1').innerText(), /^Your request for .*Village Hall/);
});

test('the commands of README print what README says', async () => {
	const {printed, names} = await shell.paste(first);
	assert.deepEqual(printed, ['20000000', '2027-06-15', '2027-04-01', '[14512500,7938125,6574375]']);
	assert.ok(README.includes('`[14512500,7938125,6574375]`'));
	for (const [name, prefix] of Object.entries({council: 'aut_', asset: 'ast_', request: 'atr_', run: 'run_'}))
		assert.match(names[name], new RegExp(`^${prefix}`));
	Object.assign(story, names);
});

test('both receivers have verified that the request was validated and the forecast changed', async () => {
	for (const type of ['request.validated', 'projection.changed']) {
		const delivery = await sink.waitFor(d => d.json?.type === type);
		assert.equal(verify(story.secret, delivery).type, type);
		await until(() => receiver.said.includes(`verified ${type} of `), {what: `${type} at README's receiver`});
	}
});

const totals = async () => (await page.locator('tfoot td').allTextContents()).map(text => Math.round(Number(text.replace(/[£,]/g, '')) * 100));

test('the live forecast shows the year, and follows the raised offer', async t => {
	const forecast = `/forecast?authority_id=${story.council}`;
	await page.goto(`${address}/sign-in?next=${encodeURIComponent(forecast)}`);
	await page.getByLabel('API key').fill(fs.readFileSync(path.join(home, 'admin.key'), 'utf8').trim());
	await page.getByRole('button', {name: 'Sign in'}).click();
	assert.ok(await page.locator('tbody th', {hasText: '2027-28'}).count() > 0);
	const was = await totals();
	assert.ok(was[0] > was[1] && was[1] > 0, was.join(' '));

	const seen = sink.ofType('projection.changed').length;
	const began = performance.now();
	const {printed, names} = await shell.paste(raise);
	const [now, told] = printed.map(line => JSON.parse(line));
	await until(() => sink.ofType('projection.changed').length > seen, {what: 'projection.changed after the offer'});
	t.diagnostic(`from the offer to the webhook: ${Math.round(performance.now() - began)} ms`); // how fast is bench latency's to judge
	assert.equal(told.adjusted_net_pence.new, now.net_pence);
	assert.ok(told.adjusted_net_pence.new > told.adjusted_net_pence.old);
	const event = verify(story.secret, sink.ofType('projection.changed').at(-1));
	assert.ok(event.data.cause_event_ids.includes(names.event));

	await page.reload();
	const is = await totals();
	assert.deepEqual([is[0], is[1] > was[1]], [was[0], true], `${was} became ${is}`);
	assert.deepEqual(complaints, []);
});
