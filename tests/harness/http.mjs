// HTTP as a careful client speaks it: exactly the headers the test names, one agent that keeps
// connections, replies as plain objects. (fetch would add headers of its own and hide the socket.)

import http from 'node:http';
import https from 'node:https';
import {checkReply} from './contract.mjs';
import {until, within} from './until.mjs';

const agents = {
	'http:': new http.Agent({keepAlive: true, maxSockets: 256}),
	'https:': new https.Agent({keepAlive: true, maxSockets: 256}),
};

/**
 * One request → {status, headers (lower case), bytes, text, json (undefined unless JSON)}.
 *
 * json:   body to send as application/json.      body: bytes or text to send as they are.
 * key:    API key for Authorization: Bearer.     headers: further headers, sent as given.
 * agent:  false for a connection of its own.
 *
 * A reply of the API that is not as the API's description says fails the test that got it.
 */
export async function request(url, {method = 'GET', key, headers = {}, json, body, agent, ca, deadline_ms = 30_000} = {}) {
	const at = new URL(url);
	const send = {...headers};
	const has = name => Object.keys(send).some(h => h.toLowerCase() === name);
	if (key && !has('authorization'))
		send.Authorization = `Bearer ${key}`;
	if (json !== undefined) {
		body = JSON.stringify(json);
		if (!has('content-type'))
			send['Content-Type'] = 'application/json';
	}
	if (body !== undefined && !has('content-length') && !has('transfer-encoding'))
		send['Content-Length'] = Buffer.byteLength(body);
	else if (body === undefined && !['GET', 'HEAD', 'OPTIONS', 'DELETE'].includes(method) && !has('content-length'))
		send['Content-Length'] = 0;
	let call;
	const reply = new Promise((resolve, reject) => {
		call = (at.protocol === 'https:' ? https : http).request(at, {
			method, headers: send, ca, agent: agent ?? (ca ? undefined : agents[at.protocol]),
		}, got => {
			const parts = [];
			got.on('data', part => parts.push(part));
			got.once('error', reject);
			got.once('end', () => resolve(asReply(got, Buffer.concat(parts))));
		});
		call.once('error', reject);
		call.end(body);
	});
	try {
		const got = await within(reply, deadline_ms, `${method} ${at.pathname}`);
		checkReply(method, at, got);
		return got;
	} finally {
		if (call.destroyed === false && !call.res?.complete)
			call.destroy();
	}
}

function asReply(got, bytes) {
	const reply = {status: got.statusCode, headers: got.headers, bytes, text: bytes.toString('utf8')};
	if (/[/+]json\b/.test(got.headers['content-type'] ?? '') && bytes.length)
		reply.json = JSON.parse(reply.text);
	return reply;
}

/**
 * The same bound to one base address and one key:
 *   c.get(path, options), c.post(path, json, options), c.put, c.patch (merge-patch), c.delete,
 *   c.as(key) for another principal,
 *   c.seen(path) for a read with min_event, asked again while that has not arrived: on a loaded
 *   machine it may take longer than the two seconds that one read waits.
 * Options are those of request(); `match` sets If-Match, `idempotency` the Idempotency-Key.
 */
export function client(base, key) {
	const call = (method, path, {match, idempotency, headers = {}, ...rest} = {}) => request(new URL(path, base), {
		method, key, ...rest,
		headers: {
			...(match !== undefined && {'If-Match': match}),
			...(idempotency !== undefined && {'Idempotency-Key': idempotency}),
			...headers,
		},
	});
	const patch = {'Content-Type': 'application/merge-patch+json'};
	return {
		base, key,
		request: call,
		get: (path, options) => call('GET', path, options),
		seen: path => until(async () => {
			const reply = await call('GET', path);
			return !(reply.status === 503 && reply.json?.type === '/v1/problems/not-ready') && reply;
		}, {what: path}),
		head: (path, options) => call('HEAD', path, options),
		post: (path, json, options) => call('POST', path, {json, ...options}),
		put: (path, json, options) => call('PUT', path, {json, ...options}),
		patch: (path, json, options = {}) => call('PATCH', path, {json, ...options, headers: {...patch, ...options.headers}}),
		delete: (path, options) => call('DELETE', path, options),
		as: other => client(base, other),
	};
}
