// A receiver as Standard Webhooks describes one, with nothing but what node brings: the signature
// is checked over the bytes that came, in constant time, and an old time stamp is refused.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';

const TYPES = ['request.*', 'projection.changed'];
const TOLERANCE_S = 300;
const HELP = `tools/demo/receive --key-file FILE [--url http://127.0.0.1:8080] [--port 8090]

Receives the webhooks of a running register and prints each whose signature it has verified; Ctrl-C ends it.
  --key-file FILE  a key of the register that may make webhooks
  --url URL        where the register is; with another port than 8080 as well
  --port PORT      where this listens
`;

/** Is the body signed with the secret, and the call no older than five minutes? */
export function isGenuine(secret, headers, body) {
	const { 'webhook-id': id, 'webhook-timestamp': stamp, 'webhook-signature': signatures = '' } = headers;
	if (!(Math.abs(Date.now() / 1000 - Number(stamp)) < TOLERANCE_S)) return false;
	const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
	const wanted = createHmac('sha256', key).update(`${id}.${stamp}.${body}`).digest();
	return signatures.split(' ').some((signature) => {
		const [version, value = ''] = signature.split(',');
		const got = Buffer.from(value, 'base64');
		return version === 'v1' && got.length === wanted.length && timingSafeEqual(got, wanted);
	});
}

async function parse(args) {
	const { values } = parseArgs({
		args,
		options: {
			url: { type: 'string', default: 'http://127.0.0.1:8080' },
			port: { type: 'string', default: '8090' },
			'key-file': { type: 'string' },
			help: { type: 'boolean', short: 'h' },
		},
	});
	if (values.help) return values;
	if (!values['key-file']) throw new Error('give --key-file');
	return { ...values, key: (await readFile(values['key-file'], 'utf8')).trim() };
}

function tell(event) {
	const totals = event.data?.totals?.adjusted_net_pence;
	const moved = totals ? `: adjusted ${totals.old} → ${totals.new} pence` : '';
	process.stdout.write(`verified ${event.type} of ${event.subject}${moved}\n`);
}

export async function main(args) {
	const options = await parse(args);
	if (options.help) {
		process.stdout.write(HELP);
		return;
	}
	let register;
	const secret = new Promise((resolve) => { register = resolve; });
	const server = createServer(async (request, response) => {
		const body = await text(request);
		// The first call may come before the reply that brings the secret.
		const genuine = isGenuine(await secret, request.headers, body);
		const event = genuine ? JSON.parse(body) : { type: 'something that nobody signed' };
		response.writeHead(genuine ? 200 : 401).end(event.data?.nonce ?? '');
		if (genuine) tell(event);
		else process.stderr.write(`refused ${event.type}\n`);
	}).listen(Number(options.port), '127.0.0.1');
	await once(server, 'listening');
	const call = async (method, path, { fields, match } = {}) => {
		const reply = await fetch(options.url + path, {
			method,
			headers: { authorization: `Bearer ${options.key}`, 'content-type': 'application/json', ...(match ? { 'if-match': match } : {}) },
			body: fields && JSON.stringify(fields),
		});
		if (!reply.ok) throw new Error(`${method} ${options.url}${path} answered ${reply.status}: ${await reply.text()}`);
		return { etag: reply.headers.get('etag'), item: reply.status === 204 ? null : await reply.json() };
	};
	const { item: webhook } = await call('POST', '/v1/webhooks', { fields: { url: `http://127.0.0.1:${options.port}/`, types: TYPES } });
	register(webhook.secret);
	process.stdout.write(`listening on port ${options.port} for ${TYPES.join(' and ')}\n`);
	const path = `/v1/webhooks/${webhook.id}`;
	const leave = async () => call('DELETE', path, { match: (await call('GET', path)).etag });
	for (const signal of ['SIGINT', 'SIGTERM'])
		process.once(signal, () => leave().catch((e) => process.stderr.write(`receive: ${e.message}\n`)).finally(() => process.exit(0)));
}
