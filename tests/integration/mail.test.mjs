// The sender of letters against real mail servers: taken, refused for a while and for ever, slow, gone, with
// TLS, with a certificate of nobody's, with a password; each letter as RFC 5322 wants it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {after, test} from 'node:test';
import {discard, freePort, openSession, prepareDaemon, scratch, startMigratedCluster, startMail, startRegister, until} from '../harness/index.mjs';

const cluster = await startMigratedCluster();
const folder = scratch();
after(async () => {
	await cluster.end();
	discard(folder);
});

const credentials = path.join(folder, 'credentials');
fs.writeFileSync(credentials, 'register:secret word\n', {mode: 0o600});
let n = 0;

/** A register that sends by that server; run(reg, submit) and its end. submit() → the mail row's id. */
async function sending(mail, run, more = {}) {
	const reg = await startRegister({cluster, database: `mail${++n}`, conf: {
		http: {base_url: 'https://register.example.scot'},
		mail: {smtp_url: mail.url, from: 'register@example.scot', timeout_ms: 2000, ...more},
	}});
	try {
		const made = async reply => {
			const got = await reply;
			assert.ok(got.status < 300, got.text);
			return got.json;
		};
		const today = new Date().toISOString().slice(0, 10), in_six_weeks = new Date(Date.now() + 45 * 86_400_000).toISOString().slice(0, 10);
		const {id: authority_id} = await made(reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
		const {id: asset_id} = await made(reg.admin.post('/v1/assets', {authority_id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));
		const {id: community_body_id} = await made(reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO'}));
		const {id} = await made(reg.admin.post('/v1/requests', {asset_id, community_body_id, kind: 'LEASE', received_on: today}, {idempotency: 'r'}));
		await made(reg.admin.post(`/v1/requests/${id}/events`, {event: 'VALIDATE', on: today}));
		await made(reg.admin.post(`/v1/requests/${id}/events`, {event: 'NOTICES_ISSUED', on: today, representations_close_on: in_six_weeks}));
		Object.assign(reg, {authority_id, asset_id});
		let asked = 0;
		const submit = async (domain = 'private.example') => {
			await made(reg.anyone.post(`/v1/requests/${id}/submissions`, {text: 'For it', name: 'Morag', email: `writer${++asked}@${domain}`}));
			return (await reg.sql('select id from assetd.mail order by id desc limit 1'))[0].id;
		};
		await run(reg, submit, id);
		assert.doesNotMatch(reg.daemon.log(), /(private|silent)\.example|Morag|secret word/);
	} finally {
		await reg.stop();
	}
}
const row = async (reg, id) => (await reg.sql('select state, attempts::int, error, ticket from assetd.mail where id = $1', [id]))[0];
const tried = (reg, id, attempts = 1) => until(async () => {
	const it = await row(reg, id);
	return it.attempts >= attempts && it;
}, {what: `attempt ${attempts}`});

test('with STARTTLS and a password: sent once, and its ticket forgotten', async () => {
	const mail = await startMail({tls: 'starttls', auth: {user: 'register', password: 'secret word'}});
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		const letter = await mail.waitFor(() => true);
		assert.deepEqual([letter.secure, letter.user], [true, 'register']);
		assert.equal(letter.head['message-id'], `<${id}@example.scot>`);
		const done = await tried(reg, id);
		assert.deepEqual([done.state, done.ticket, done.error], ['SENT', null, null]);
		await until(async () => (await reg.daemon.metrics())['assetd_mail_sent_total'] === 1, {what: 'the metric'});
		assert.equal(mail.letters.length, 1);
	}, {ca_file: mail.ca, credentials_file: credentials});
	await mail.stop();
});

test('by smtps, and every line of the letter lawful', async () => {
	const mail = await startMail({tls: 'implicit'});
	await sending(mail, async (reg, submit) => {
		await submit();
		const {raw, secure, head} = await mail.waitFor(() => true);
		assert.ok(secure);
		const lines = raw.toString('latin1').split('\r\n');
		assert.ok(lines.every(line => line.length <= 998 && !/[\r\n\0]/.test(line) && /^[\x20-\x7e\t]*$/.test(line)), raw.toString());
		assert.ok(lines.filter(l => !l.startsWith('Content-') && !l.startsWith('--')).every(line => line.length <= 78), 'as long as RFC 5322 recommends');
		for (const name of ['from', 'to', 'subject', 'date', 'message-id'])
			assert.ok(head[name], name);
	}, {ca_file: mail.ca});
	await mail.stop();
});

test('a certificate of nobody\'s, and a server without TLS, get no letter', async () => {
	for (const tls of ['starttls', 'implicit', 'none']) {
		const mail = await startMail({tls});
		await sending(mail, async (reg, submit) => {
			const it = await tried(reg, await submit());
			assert.equal(it.state, 'WAITING');
			assert.ok(it.error, tls);
			assert.equal(mail.letters.length, 0, tls);
		});
		await mail.stop();
	}
});

test('a wrong password is no reason to give a letter up', async () => {
	const mail = await startMail({tls: 'starttls', auth: {user: 'register', password: 'another'}});
	await sending(mail, async (reg, submit) => {
		assert.equal((await tried(reg, await submit())).state, 'WAITING');
	}, {ca_file: mail.ca, credentials_file: credentials});
	await mail.stop();
});

test('who refuses us says nothing of the letter: it is not given up after three', async () => {
	const mail = await startMail({onFrom: () => Object.assign(new Error('We do not know you'), {responseCode: 550})});
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		for (let attempt = 1; attempt <= 4; attempt++) {
			assert.match((await tried(reg, id, attempt)).error, /^550 /);
			await reg.sql(`update assetd.mail set due_at = created_at where id = $1 and state = 'WAITING'`, [id]);
		}
		mail.onFrom = () => undefined;
		await until(async () => (await row(reg, id)).state === 'SENT', {what: 'the letter to be taken', deadline_ms: 30_000});
	}, {allow_plain: 'yes'});
	await mail.stop();
});

test('refused for a while it is tried again, with the same Message-ID; refused for good it is given up after three', async () => {
	const mail = await startMail();
	mail.onData = (letter, sent) => sent === 0 && mail.asked++ < 1 ? Object.assign(new Error('Greylisted'), {responseCode: 451}) : undefined;
	mail.asked = 0;
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		assert.deepEqual((await row(reg, id)).state, 'WAITING');
		await until(async () => (await row(reg, id)).state === 'SENT', {what: 'the second attempt'});
		assert.equal((await row(reg, id)).attempts, 2);
		assert.equal(mail.letters[0].head['message-id'], `<${id}@example.scot>`);

		mail.onRcpt = () => Object.assign(new Error('No such user <writer@private.example>'), {responseCode: 550});
		const dead = await submit();
		for (let attempt = 1; attempt <= 3; attempt++) {
			await tried(reg, dead, attempt);
			await reg.sql(`update assetd.mail set due_at = created_at where id = $1 and state = 'WAITING'`, [dead]);
		}
		const gone = await row(reg, dead);
		assert.deepEqual([gone.state, gone.attempts, gone.ticket], ['DEAD', 3, null]);
		assert.match(gone.error, /^550 /);
		await until(async () => (await reg.daemon.metrics())['assetd_mail_dead'] === 1, {what: 'the metric'});
	}, {allow_plain: 'yes'});
	await mail.stop();
});

test('one that hangs, one that is not there, one that talks nonsense: each attempt ends, others go on', async () => {
	const hanging = await startMail({onRcpt: address => address.startsWith('writer1@') ? 'hang' : undefined});
	await sending(hanging, async (reg, submit) => {
		const [slow, quick] = [await submit(), await submit()];
		await until(async () => (await row(reg, quick)).state === 'SENT', {what: 'the other letter'});
		assert.equal((await tried(reg, slow)).state, 'WAITING');
		// And one that takes the whole letter and then says nothing of it.
		hanging.onData = () => 'hang';
		assert.equal((await tried(reg, await submit())).state, 'WAITING');
	}, {allow_plain: 'yes'});
	await hanging.stop();

	await sending({url: `smtp://127.0.0.1:${await freePort()}`}, async (reg, submit) => {
		assert.equal((await tried(reg, await submit())).state, 'WAITING');
	}, {allow_plain: 'yes'});

	// The first who comes hears nothing at all.
	let heard = 0;
	const babbler = net.createServer(socket => {
		socket.on('error', () => {});
		if (heard++)
			socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'.repeat(1000));
	});
	await new Promise(resolve => babbler.listen(0, '127.0.0.1', resolve));
	await sending({url: `smtp://127.0.0.1:${babbler.address().port}`}, async (reg, submit) => {
		const silent = await submit();
		await until(() => heard === 1, {what: 'the first to come'});
		assert.equal((await tried(reg, await submit())).state, 'WAITING');
		assert.match((await tried(reg, silent)).error, /^0 Timeout/);
	}, {allow_plain: 'yes'});
	babbler.close();
});

test('a letter that cannot be made is said so, and takes turns as one that is refused for a while', async () => {
	const mail = await startMail();
	await sending(mail, async (reg, submit) => {
		await reg.sql(`alter table assetd.mail drop constraint mail_kind_check;
			create function public.odd() returns trigger language plpgsql security definer as $$ begin update assetd.mail set kind = 'ODD' where id = new.id; return null; end $$;
			create trigger odd after insert on assetd.mail for each row execute function public.odd()`);
		const id = await submit(), it = await tried(reg, id);
		assert.deepEqual([it.state, it.attempts, it.error], ['WAITING', 1, '0 the letter could not be made']);
		assert.match(reg.daemon.log(), /"letter not sent".*"the letter could not be made"/);
		assert.equal(mail.offered, 0);
	}, {allow_plain: 'yes'});
	await mail.stop();
});

test('a look at the database that fails while a letter is on its way does not send it twice', async () => {
	let say;
	const mail = await startMail({onData: () => new Promise(resolve => { say = resolve; })});
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		await until(() => say, {what: 'the letter to be offered'});
		await reg.cluster.session(async other => {
			await other.query(`begin; select 1 from assetd.lease where name = 'mail' for update`);
			await until(() => /"lease in doubt".*"name":"mail"/.test(reg.daemon.log()), {what: 'a look to fail'});
			say();
			await until(async () => (await row(reg, id)).state === 'SENT', {what: 'it to be known as sent'});
			await other.query('rollback');
		}, {database: reg.database});
		mail.onData = () => undefined;
		const next = await submit();
		await until(async () => (await row(reg, next)).state === 'SENT', {what: 'the next letter'});
		assert.equal(mail.offered, 2);
	}, {allow_plain: 'yes', timeout_ms: 60_000});
	await mail.stop();
});

test('four servers\' worth of silence, at the address and after the letter, hold up nobody else', async () => {
	const mail = await startMail({onRcpt: address => /^writer[12]@/.test(address) ? 'hang' : undefined,
		onData: letter => /^writer[34]@/.test(letter.to[0]) ? 'hang' : undefined});
	await sending(mail, async (reg, submit) => {
		const slow = [await submit('silent.example'), await submit('silent.example'), await submit('silent.example'), await submit('silent.example')];
		await until(() => mail.sessions === 4, {what: 'all four to be under way'});
		await until(() => mail.offered === 2, {what: 'the letters that nothing is said of'});
		const id = await submit();
		await until(async () => (await row(reg, id)).state === 'SENT', {what: 'the next letter', deadline_ms: 30_000}); // before the four are given up
		assert.deepEqual((await Promise.all(slow.map(id => row(reg, id)))).map(r => [r.state, r.attempts]), Array(4).fill(['WAITING', 0]), 'which are still under way');
	}, {allow_plain: 'yes', timeout_ms: 60_000});
	await mail.stop();
});

for (const [what, write] of [
	['forms', (reg, submit) => submit],
	['accounts', reg => async (domain = 'private.example') => reg.admin.post('/v1/accounts', {authority_id: reg.authority_id, name: 'Morag',
		email: `morag${++n}@${domain}`, roles: ['VIEWER']})],
	['what is asked for', reg => async (domain = 'private.example') => reg.anyone.post('/v1/asks', {asset_id: reg.asset_id, stage: 'ENQUIRY', kind: 'LEASE',
		body_name: `Trust ${++n}`, legal_form: 'SCIO', name: 'Morag', email: `morag${n}@${domain}`, contents: {reasons: 'x'}})],
]) {
	test(`forty letters of ${what} to a domain that says nothing take four places, and stand before nobody`, async () => {
		const mail = await startMail({onRcpt: address => address.endsWith('@silent.example') ? 'hang' : undefined});
		await sending(mail, async (reg, submit) => {
			const one = write(reg, submit);
			const newest = async domain => {
				const reply = await one(domain);
				assert.ok(!reply.status || reply.status < 300, reply.text);
				return (await reg.sql('select id from assetd.mail order by id desc limit 1'))[0].id;
			};
			const slow = [];
			while (slow.length < 40) // more than a look asks for
				slow.push(await newest('silent.example'));
			await until(() => mail.sessions >= 4, {what: 'four to be under way'});
			const id = await newest();
			await until(async () => (await row(reg, id)).state === 'SENT', {what: 'the letter to somebody else', deadline_ms: 30_000}); // before the first are given up
			assert.equal(mail.sessions, 5, 'four of the silent domain, and the one that was taken');
			assert.deepEqual((await Promise.all(slow.map(id => row(reg, id)))).map(r => r.attempts), Array(40).fill(0));
		}, {allow_plain: 'yes', timeout_ms: 60_000});
		await mail.stop();
	});
}

test('what nobody takes is given up after twelve attempts over two days, and not before', async () => {
	const mail = await startMail({onRcpt: () => Object.assign(new Error('Later'), {responseCode: 451})});
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		assert.equal((await tried(reg, id)).state, 'WAITING');
		await reg.sql(`update assetd.mail set attempts = 10, due_at = created_at where id = $1`, [id]);
		assert.equal((await tried(reg, id, 11)).state, 'WAITING');
		const [{hours}] = await reg.sql(`select extract(epoch from due_at - now()) / 3600 as hours from assetd.mail where id = $1`, [id]);
		assert.ok(hours >= 23.9 && hours < 29, `the last comes after a day: ${hours}`);
		await reg.sql(`update assetd.mail set due_at = created_at where id = $1`, [id]);
		const last = await tried(reg, id, 12);
		assert.deepEqual([last.state, last.ticket], ['DEAD', null]);
		assert.match(last.error, /^451 /);
	}, {allow_plain: 'yes'});
	await mail.stop();
});

test('a server that lets nobody take leave keeps neither the next letter nor the daemon', async () => {
	let refuses = true;
	const server = net.createServer(socket => {
		let isLetter = false, text = '';
		const say = line => socket.write(`${line}\r\n`);
		socket.unref();
		say('220 there');
		socket.on('error', () => {});
		socket.on('data', piece => {
			const lines = (text += piece).split('\r\n');
			text = lines.pop();
			for (const line of lines) {
				if (isLetter ? line === '.' : line !== 'QUIT')
					say(line === 'DATA' ? '354 go on' : refuses && line.startsWith('RCPT') ? '550 nobody' : '250 fine');
				isLetter = line === 'DATA' || isLetter && line !== '.';
			}
		});
	});
	await new Promise(resolve => { server.listen(0, '127.0.0.1', resolve); });
	server.unref(); // nor does one that fails
	let began;
	await sending({url: `smtp://127.0.0.1:${server.address().port}`}, async (reg, submit) => {
		began = performance.now();
		assert.match((await tried(reg, await submit())).error, /^550 /);
		refuses = false;
		assert.equal((await tried(reg, await submit())).state, 'SENT');
		assert.ok(performance.now() - began < 15_000, 'the loop waits for no goodbye');
		began = performance.now();
	}, {allow_plain: 'yes'});
	const took_ms = performance.now() - began;
	assert.ok(took_ms < 15_000, `it ended after ${took_ms} ms`);
	await new Promise(resolve => { server.close(resolve); });
});

test('killed while it sends, it sends again by the same Message-ID', async () => {
	const mail = await startMail({onRcpt: () => 'hang'});
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		await until(() => mail.sessions > 0, {what: 'a session'});
		await reg.daemon.kill();
		mail.onRcpt = () => undefined;
		await reg.daemon.start();
		const letter = await mail.waitFor(() => true);
		assert.equal(letter.head['message-id'], `<${id}@example.scot>`);
		assert.equal((await tried(reg, id)).state, 'SENT');
	}, {allow_plain: 'yes', timeout_ms: 60_000});
	await mail.stop();
});

test('killed between the server\'s word and its own note of it, it sends twice, by one Message-ID, and no third time', async () => {
	let say;
	const mail = await startMail({onData: () => new Promise(resolve => say = resolve)});
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		await until(() => say, {what: 'the letter to be offered'});
		await cluster.session(async db => {
			await db.query(`begin; select 1 from assetd.mail where id = '${id}' for update`);
			mail.onData = () => undefined;
			say();
			const noting = await until(async () => (await reg.sql(`select pid from pg_stat_activity where wait_event_type = 'Lock'`))[0], {what: 'the note to wait'});
			await reg.daemon.kill();
			await reg.sql('select pg_terminate_backend($1)', [noting.pid]);
			await db.query('rollback');
		}, {database: `mail${n}`});
		assert.deepEqual([mail.letters.length, (await row(reg, id)).state], [1, 'WAITING']);
		await reg.daemon.start();
		assert.equal((await tried(reg, id)).state, 'SENT');
		assert.deepEqual(mail.letters.map(l => l.head['message-id']), Array(2).fill(`<${id}@example.scot>`));
	}, {allow_plain: 'yes', timeout_ms: 60_000});
	await mail.stop();
});

test('a draft that is gone has no letter', async () => {
	const mail = await startMail({onRcpt: () => Object.assign(new Error('Later'), {responseCode: 451})});
	await sending(mail, async (reg, submit) => {
		const id = await submit();
		await tried(reg, id);
		await reg.sql('delete from assetd.representation_draft');
		mail.onRcpt = () => undefined;
		await reg.sql('update assetd.mail set due_at = created_at where id = $1', [id]);
		await until(async () => !(await reg.sql('select 1 from assetd.mail')).length, {what: 'the letter to be forgotten'});
		assert.equal(mail.letters.length, 0);
	}, {allow_plain: 'yes'});
	await mail.stop();
});

test('without a mail server the API and the page say so', async () => {
	await sending({url: ''}, async (reg, submit, id) => {
		const reply = await reg.anyone.post(`/v1/requests/${id}/submissions`, {text: 'For it', name: 'M', email: 'm@example.org'});
		assert.deepEqual([reply.status, reply.json.type], [503, '/v1/problems/no-mail']);
		const page = await reg.anyone.get(`/requests/${id}/comment`, {headers: {Accept: 'text/html'}});
		assert.equal(page.status, 200);
		assert.match(page.text, /Please write to Council itself/);
		assert.ok(!page.text.includes('method="post"'));
		assert.equal((await reg.sql('select count(*)::int as n from assetd.representation_draft'))[0].n, 0);
	});
});

test('settings that cannot be end the start, and say why', async () => {
	const open = path.join(folder, 'open');
	fs.writeFileSync(open, 'a:b\n', {mode: 0o644});
	fs.chmodSync(open, 0o644);
	for (const [mail, http] of [[{smtp_url: 'http://relay.example'}], [{smtp_url: 'smtp://relay.example', from: 'nobody'}],
		[{smtp_url: 'smtp://relay.example', from: 'a@example.scot\r\nx'}], [{smtp_url: 'smtp://relay.example', from: 'a@example.scot'}, {base_url: ''}],
		[{smtp_url: 'smtp://relay.example', from: 'a@example.scot', credentials_file: path.join(folder, 'none')}],
		[{smtp_url: 'smtp://relay.example', from: 'a@example.scot', credentials_file: open}],
		[{smtp_url: 'smtp://relay.example', from: 'a@example.scot', folder}], [{from: 'a@example.scot', folder: path.join(folder, 'none')}],
		[{from: 'a@example.scot', folder}, {base_url: ''}]])
		await assert.rejects(startRegister({cluster, database: `bad${++n}`, conf: {http: {base_url: 'https://register.example.scot', ...http}, mail}}));
});

test('without a server, letters are files in a folder, and what is asked for can be asked for to its end', async () => {
	const letters = path.join(folder, 'letters');
	fs.mkdirSync(letters);
	const reg = await startRegister({cluster, database: `mail${++n}`, conf: {http: {base_url: 'https://register.example.scot'}, mail: {from: 'register@example.scot', folder: letters}}});
	try {
		const made = async reply => (await reply).json.id;
		const council = await made(reg.admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
		const hall = await made(reg.admin.post('/v1/assets', {authority_id: council, name: 'Hall of Òran', class: 'HALL', tenure: 'OWNED'}));
		assert.match((await reg.anyone.get(`/assets/${hall}`)).text, /Ask for this/);
		const page = (await reg.anyone.get(`/assets/${hall}/ask`)).text;
		const sent = await reg.anyone.request('POST', `/assets/${hall}/ask`, {headers: {'Content-Type': 'application/x-www-form-urlencoded'},
			body: new URLSearchParams({once: /name="once" value="([^"]+)"/.exec(page)[1], stage: 'RECEIVED', kind: 'LEASE', body_name: 'Trust of Ùig', legal_form: 'SCIO', name: 'Mòrag', email: 'trust@private.example'}).toString()});
		assert.equal(sent.status, 200, sent.text);
		assert.ok(sent.text.includes('in place of each e-mail it writes a file') && sent.text.includes(letters), 'where it lies is said');
		const file = await until(() => fs.readdirSync(letters).find(name => name.endsWith('.txt')), {what: 'a letter'});
		const text = fs.readFileSync(path.join(letters, file), 'utf8');
		assert.equal(fs.statSync(path.join(letters, file)).mode & 0o777, 0o600, 'for nobody else to read');
		assert.match(text, /^To: trust@private\.example\nSubject: Please confirm what you ask for: Hall of Òran\n\n/);
		const token = /^https:\/\/register\.example\.scot\/confirm\?token=(\S+)$/m.exec(text)?.[1];
		assert.equal((await reg.anyone.post('/v1/confirmations', {token})).status, 200, text);
		assert.equal((await row(reg, /mal_\w+/.exec(file)[0])).state, 'SENT');
		const session = await openSession(reg.url, reg.adminKey);
		const invited = await session.post('/people', {name: 'Seonag', email: 'seonag@private.example', authority_id: council, role_VIEWER: 'yes'});
		assert.ok(invited.text.includes('A letter is on its way to Seonag') && invited.text.includes(letters), invited.text);
		fs.rmSync(letters, {recursive: true});
		await reg.anyone.post('/v1/asks', {asset_id: hall, stage: 'ENQUIRY', kind: 'LEASE', body_name: 'Trust', legal_form: 'SCIO', name: 'M', email: 'other@private.example'});
		const {state, error} = await until(async () => (await reg.sql('select state, error from assetd.mail where error is not null'))[0], {what: 'a letter that found no folder'});
		assert.deepEqual([state, error], ['WAITING', '0 the folder of letters could not be written into']);
	} finally {
		await reg.stop();
	}
});

test('of two daemons the one that is frozen past its lease, and woken, does not bring what the other has brought', async () => {
	const mail = await startMail();
	await sending(mail, async (reg, submit) => {
		const second = await prepareDaemon(reg.cluster, {migrate: false, database: reg.database, conf: {
			http: {base_url: 'https://register.example.scot'}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}}});
		fs.copyFileSync(path.join(reg.daemon.folder, 'pepper'), path.join(second.folder, 'pepper'));
		const holder = async () => (await reg.sql(`select split_part(holder, '/', 2)::int as pid from assetd.lease where name = 'mail'`))[0].pid;
		const heldUp = () => until(async () => (await reg.sql(`select from pg_stat_activity where datname = $1 and wait_event_type = 'Lock' and query like '%mail%'`, [reg.database])).length,
			{what: 'the sender to wait for its letters'});
		try {
			await submit();
			await mail.waitFor(() => true);
			let id;
			await reg.cluster.session(async other => {
				// A look that has the lease is held up before it says what is due; then nobody hears its answer.
				await other.query('begin; lock table assetd.mail in access exclusive mode');
				await heldUp();
				reg.daemon.process.signal('SIGSTOP');
				id = (await other.query(`insert into assetd.mail (id, authority_id, kind, draft_id, ticket, created_at, due_at, due_from)
						select 'mal_' || repeat('0', 26), authority_id, kind, draft_id, repeat('0', 32), created_at, created_at, created_at from assetd.mail limit 1 returning id`)).rows[0].id;
				await other.query('commit');
			}, {database: reg.database});
			await second.start();
			await until(async () => (await row(reg, id)).state === 'SENT', {what: 'the second to have brought it', deadline_ms: 40_000});
			assert.equal(await holder(), second.process.pid);
			reg.daemon.process.signal('SIGCONT');
			await until(() => /"lease lost".*"name":"mail"/.test(reg.daemon.log()), {what: 'the first to know'});
			assert.equal(mail.offered, 2);
		} finally {
			reg.daemon.process.signal('SIGCONT');
			await second.stop();
			discard(second.folder);
		}
	}, {allow_plain: 'yes', timeout_ms: 60_000});
	await mail.stop();
});
