// Webhooks, each with a receiver of its own: made, proven, asked for what they were sent, removed.

import assert from 'node:assert/strict';
import {ok} from './replies.mjs';
import {startSink} from './sink.mjs';
import {until} from './until.mjs';

/**
 * reg: of startRegister().   → {receiver(fields, respond, sink), stop()}
 *
 * receiver(): a webhook with these fields, of all that happens to assets unless they name types, that has proven itself.
 * respond: what its sink answers to all but pings, as startSink() takes it; r.respond may be set anew at any time.
 * sink: one of another receiver to share, else it gets its own.
 * → r: {hook (as it was made), id, sink, respond, ids(), of(event), came(events, times), log(query), show(), patch(fields), remove()}
 */
export function startHooks(reg) {
	const sinks = [];
	return {
		async receiver(fields = {}, respond = () => undefined, shared = undefined) {
			const r = {respond};
			r.sink = shared ?? await startSink({respond: (d, n) => d.json.type === 'endpoint.ping' ? undefined : r.respond(d, n)});
			if (!shared)
				sinks.push(r.sink);
			r.hook = ok(await reg.admin.post('/v1/webhooks', {url: r.sink.url, types: ['asset.*'], ...fields}));
			r.id = r.hook.id;
			const path = `/v1/webhooks/${r.id}`;
			const match = async () => ({match: (await reg.admin.get(path)).headers.etag});
			Object.assign(r, {
				/** Of the events that came, in the order in which they came. */
				ids: () => r.sink.deliveries.filter(d => d.json.type !== 'endpoint.ping').map(d => d.headers['webhook-id']),
				of: event => r.sink.deliveries.filter(d => d.headers['webhook-id'] === event),
				/** When each of them has come so often. */
				came: (events, times = 1) => until(() => [events].flat().every(event => r.of(event).length >= times),
					{what: `event ${events}`, deadline_ms: 30_000}),
				/** What was tried, the newest first. */
				log: async (query = '') => (await reg.admin.get(`${path}/deliveries?limit=1000${query}`)).json.items,
				show: async () => (await reg.admin.get(path)).json,
				patch: async more => ok(await reg.admin.patch(path, more, await match()), 200),
				remove: async () => assert.equal((await reg.admin.delete(path, await match())).status, 204),
			});
			// A ping that this process was too busy to answer comes again after a minute and more.
			await until(async () => (await r.show()).state === 'ACTIVE', {what: 'the webhook to be active', deadline_ms: 120_000});
			return r;
		},
		async stop() {
			for (const sink of sinks)
				await sink.stop();
		},
	};
}
