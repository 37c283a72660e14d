// A mail server: the smtp-server package on 127.0.0.1, which keeps what it was sent, taken apart by no
// code of ours, and answers as the test says.

import {SMTPServer} from 'smtp-server';
import {certificates} from './certificates.mjs';
import {discard} from './process.mjs';
import {until} from './until.mjs';

/* Quoted-printable as RFC 2045 section 6.7 has it; the one part of a letter that tests read. */
const unquote = text => Buffer.from(text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8');

/* Encoded words of RFC 2047, base64 alone. */
const unword = text => text.replace(/\?=\s+=\?/g, '?==?').replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, b64) => Buffer.from(b64, 'base64').toString('latin1'));

/* head: lower-case names to unfolded values; text: of the one part. */
function read(raw) {
	const [head, ...rest] = raw.toString('latin1').split('\r\n\r\n');
	const fields = Object.fromEntries(head.replace(/\r\n[ \t]+/g, ' ').split('\r\n').map(line => {
		const cut = line.indexOf(':');
		return [line.slice(0, cut).toLowerCase(), Buffer.from(unword(line.slice(cut + 1).trim()), 'latin1').toString('utf8')];
	}));
	return {head: fields, text: unquote(rest.slice(1).join('\r\n\r\n').replace(/\r\n--[^\r\n]+--\s*$/, ''))};
}

/**
 * tls:      'none' (plain), 'starttls', 'implicit'; with the last two a certificate of a CA of its own.
 * auth:     {user, password} asked for before a letter is taken.
 * onFrom, onRcpt, onData: (address or letter, n) → undefined to take it, an Error with responseCode, 'hang', or a promise of these;
 * a letter that is taken is among the letters from then on.
 * → {url, ca (path of the CA's certificate), sessions, offered (letters heard to their end), letters, waitFor(predicate), stop()}; a letter: {to, from, raw, head, text}.
 */
export async function startMail({tls = 'none', auth, onFrom = () => undefined, onRcpt = () => undefined, onData = () => undefined, port = 0} = {}) {
	const authority = tls === 'none' ? undefined : await certificates();
	const letters = [];
	const sink = {onFrom, onRcpt, onData, sessions: 0, offered: 0};
	let asked = 0;
	const answer = async (asked, callback, took = () => {}) => {
		const what = await asked;
		if (what === 'hang')
			return;
		if (!what)
			took();
		callback(what);
	};
	const server = new SMTPServer({
		secure: tls === 'implicit', key: authority?.key, cert: authority?.cert, logger: false,
		disabledCommands: [...(tls === 'none' ? ['STARTTLS'] : []), ...(auth ? [] : ['AUTH'])],
		authOptional: !auth, closeTimeout: 200, hideENHANCEDSTATUSCODES: false,
		onConnect: (session, callback) => {
			sink.sessions++;
			callback();
		},
		onAuth: (given, session, callback) => given.username === auth.user && given.password === auth.password
			? callback(null, {user: given.username}) : callback(new Error('Invalid login')),
		onMailFrom: ({address}, session, callback) => answer(sink.onFrom(address), callback),
		onRcptTo: ({address}, session, callback) => answer(sink.onRcpt(address, asked++), callback),
		onData: (stream, session, callback) => {
			const parts = [];
			stream.on('data', part => parts.push(part));
			stream.on('end', () => {
				const raw = Buffer.concat(parts);
				const letter = {to: session.envelope.rcptTo.map(r => r.address), from: session.envelope.mailFrom.address, raw, ...read(raw),
					secure: session.secure, user: session.user};
				sink.offered++;
				answer(sink.onData(letter, letters.length), callback, () => letters.push(letter));
			});
		},
	});
	server.on('error', () => {}); // a client that hangs up is the test's own doing
	await new Promise((resolve, reject) => {
		server.server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	server.server.unref();
	const at = server.server.address().port;
	return Object.assign(sink, {
		port: at, letters, ca: authority?.caFile,
		url: `${tls === 'implicit' ? 'smtps' : 'smtp'}://127.0.0.1:${at}`,
		waitFor: (predicate, options) => until(() => letters.find(predicate), {what: 'a letter', ...options}),
		async stop() {
			await new Promise(resolve => server.close(resolve));
			if (authority)
				discard(authority.folder);
		},
	});
}
