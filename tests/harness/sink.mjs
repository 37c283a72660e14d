// A webhook receiver: a real HTTP(S) server on 127.0.0.1 that keeps what it was sent and answers
// as the test says. Signatures are checked by the upstream standardwebhooks package.

import http from 'node:http';
import https from 'node:https';
import {Webhook} from 'standardwebhooks';
import {certificates} from './certificates.mjs';
import {contract} from './contract.mjs';
import {eventFaults} from './events.mjs';
import {discard} from './process.mjs';
import {until} from './until.mjs';

/**
 * tls:      https with a certificate for 127.0.0.1 and localhost from a CA of its own, or from that of another sink (authority).
 * respond:  (delivery, n) → {status, headers, body} or undefined for 200; may be async, so that
 *           a slow receiver awaits; returns 'hang' to never answer, 'reset' to cut the line.
 *           n counts from 0. An endpoint.ping is answered with its nonce while sink.echo is true.
 *
 * → {url, port, ca (path of the CA's certificate, with tls), authority, deliveries, ofType(type),
 *    waitFor(predicate, options), stop()}; stop() throws when what our programs sent was not as the catalogue of events says.
 * A delivery: {n, method, path, headers, body (bytes), text, json, at (Date)}.
 */
export async function startSink({tls = false, authority: shared, respond = () => undefined, port = 0, echo = true} = {}) {
	const authority = tls ? shared ?? await certificates() : undefined;
	const deliveries = [];
	const sink = {echo, faults: []};
	const sockets = new Set();
	const serve = (request, response) => {
		const parts = [];
		request.on('error', () => {});
		request.on('data', part => parts.push(part));
		request.on('end', async () => {
			const body = Buffer.concat(parts);
			const delivery = {
				n: deliveries.length, method: request.method, path: request.url, headers: request.headers,
				body, text: body.toString('utf8'), at: new Date(),
			};
			try {
				delivery.json = JSON.parse(delivery.text);
			} catch { /* tests of odd payloads look at text */ }
			const wrong = delivery.json && /^asset(d|ctl)/.test(request.headers['user-agent'] ?? '') ? eventFaults(contract().api, delivery.json) : [];
			if (wrong.length)
				sink.faults.push(...wrong);
			deliveries.push(delivery);
			const nonce = delivery.json?.data?.nonce;
			const answer = sink.echo && delivery.json?.type === 'endpoint.ping' && nonce
				? {status: 200, body: nonce} : await respond(delivery, delivery.n) ?? {};
			if (answer === 'reset')
				request.socket.destroy();
			else if (answer !== 'hang')
				response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(answer.body ?? '');
		});
	};
	const server = tls ? https.createServer({key: authority.key, cert: authority.cert}, serve) : http.createServer(serve);
	server.on('connection', socket => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	await new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	server.unref();
	const at = server.address().port;
	Object.assign(sink, {
		port: at,
		url: `${tls ? 'https' : 'http'}://127.0.0.1:${at}/hook`,
		ca: authority?.caFile,
		authority,
		deliveries,
		ofType: type => deliveries.filter(d => d.json?.type === type),
		/** The first delivery for which predicate(delivery) holds, when it has come. */
		waitFor: (predicate, options) => until(() => deliveries.find(predicate), {what: 'a delivery', ...options}),
		async stop() {
			for (const socket of sockets)
				socket.destroy();
			await new Promise(resolve => server.close(resolve));
			if (authority && !shared)
				discard(authority.folder);
			if (sink.faults.length)
				throw new Error(`a webhook was sent what the catalogue does not have (W-52):\n${sink.faults.join('\n')}`);
		},
	});
	return sink;
}

/** Verify a delivery as a receiver would; throws when signature, id or time are wrong. → the event */
export function verify(secret, delivery) {
	return new Webhook(secret).verify(delivery.text, delivery.headers);
}
