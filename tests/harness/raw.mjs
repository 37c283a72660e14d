// Bytes on a socket, for what a well-behaved client cannot send. Replies are cut apart by their
// own framing, so that a test can count them: never more replies than requests.

import net from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';

/**
 * Send bytes and collect replies.
 *
 * at:          {port} or {path}, and optionally {host}.
 * bytes:       a string (latin1), a Buffer, or an array of them and of numbers: a number is a
 *              pause in ms between two writes, for tests of slow senders only.
 * finish:      'close': read until the server closes (the default).
 *              'half': send FIN after the bytes, then read until the server closes.
 *              'quiet': as 'close', but an open connection that says nothing for quiet_ms ends it.
 *              n: a number: until n replies have come, then close.
 *
 * → {replies: [{status, version, headers: [[name, value]], header(name), body}],
 *    closed (by the server), reset, rest (bytes after the last whole reply), elapsed_ms}
 * Throws at deadline_ms when `finish` has not come about.
 */
export async function exchange(at, bytes, {finish = 'close', deadline_ms = 15_000, quiet_ms = 300, heads = []} = {}) {
	const began = performance.now();
	const socket = net.connect({host: '127.0.0.1', allowHalfOpen: true, ...at});
	const parts = [];
	const state = {closed: false, reset: false, heard: began};
	socket.on('data', part => {
		parts.push(part);
		state.heard = performance.now();
	});
	socket.on('end', () => { state.closed = true; });
	socket.on('error', error => {
		state.closed = true;
		state.reset = error.code === 'ECONNRESET' || error.code === 'EPIPE';
		state.error = error;
	});
	await new Promise(resolve => {
		socket.once('connect', resolve);
		socket.once('error', resolve);
	});
	if (state.error && !state.reset)
		throw state.error;
	for (const part of Array.isArray(bytes) ? bytes : [bytes]) {
		if (state.closed)
			break;
		if (typeof part === 'number')
			await pause(part);
		else
			socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
	}
	if (finish === 'half')
		socket.end();
	const sent = state.heard = performance.now();
	for (;;) {
		const now = performance.now();
		const got = split(Buffer.concat(parts), heads);
		const isDone = state.closed || (typeof finish === 'number' && got.replies.length >= finish) ||
			(finish === 'quiet' && now - Math.max(state.heard, sent) > quiet_ms);
		if (isDone || now - began > deadline_ms) {
			socket.destroy();
			if (!isDone)
				throw new Error(`connection still open after ${deadline_ms} ms; got ${JSON.stringify(Buffer.concat(parts).toString('latin1').slice(0, 500))}`);
			return {...got, closed: state.closed, reset: state.reset, elapsed_ms: now - began};
		}
		await pause(2);
	}
}

/**
 * Cut a byte stream into replies. heads: indexes of replies that answer HEAD requests and so
 * have no body whatever their Content-Length says. Interim replies (1xx) are left out.
 */
export function split(stream, heads = []) {
	const replies = [];
	let at = 0;
	for (;;) {
		const end = stream.indexOf('\r\n\r\n', at);
		if (end < 0)
			break;
		const [first, ...lines] = stream.toString('latin1', at, end).split('\r\n');
		const match = /^HTTP\/(\d\.\d) (\d{3})/.exec(first);
		if (!match)
			break;
		const reply = {version: match[1], status: Number(match[2]), headers: lines.map(line => {
			const colon = line.indexOf(':');
			return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
		})};
		reply.header = name => reply.headers.find(([n]) => n === name.toLowerCase())?.[1];
		let start = end + 4;
		if (reply.status >= 200 && reply.status !== 204 && reply.status !== 304 && !heads.includes(replies.length)) {
			const length = Number(reply.header('content-length') ?? NaN);
			const stop = Number.isNaN(length) ? stream.length : start + length;
			if (stop > stream.length)
				break;
			reply.body = stream.subarray(start, stop);
			start = stop;
		} else {
			reply.body = Buffer.alloc(0);
		}
		at = start;
		if (reply.status >= 200)
			replies.push(reply);
	}
	return {replies, rest: stream.subarray(at)};
}
