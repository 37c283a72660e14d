// A register with webhooks: how they are made, what they are to be told, and how they are set back before it.
import assert from 'node:assert/strict';
import {assetId} from './register.mjs';
import {settle} from './sides.mjs';

const {makeKey, until} = await import('../../tests/harness/index.mjs');

const DEADLINE_MS = 180_000;

/** In how many assets the events of tell() happened. */
export const SUBJECTS = 100;

/** Clients of so many principals, each the administrator of a council. */
export async function makeOwners(reg, owners) {
	const councils = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by id limit ${owners}`);
	const clients = [];
	for (const {id} of councils)
		clients.push(reg.daemon.client((await makeKey(reg, {roles: {[id]: ['ADMIN']}})).key));
	return clients;
}

/** A webhook at each of the addresses, the owners' by turns, until all have proven themselves. fields: others than usual. */
export async function makeWebhooks(reg, owners, urls, fields = {}) {
	for (const [i, url] of urls.entries()) {
		const reply = await owners[i % owners.length].post('/v1/webhooks', {url, types: ['asset.updated'], per_hour: 3_600_000, burst: 1000, ...fields});
		assert.equal(reply.status, 201, reply.text);
	}
	await until(async () => (await reg.sql(`select from assetd.webhook where state <> 'ACTIVE'`)).length === 0,
		{deadline_ms: DEADLINE_MS, what: 'all webhooks to be active'});
}

const CHANGED = `jsonb_build_object('authority_id', a.authority_id, 'reference', a.reference, 'name', a.name, 'class', a.class, 'lifecycle', a.lifecycle)`;

/**
 * So many events that everybody may see, the newest, told: as if some assets had been changed again and again. type; data: SQL of asset a and
 * event n; after: how many were told so before. → {ids, in order; from: the position before them}
 */
export async function tell(reg, events, {type = 'asset.updated', data = CHANGED, after = 0} = {}) {
	await settle(reg);
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
	create temporary table told on commit drop as
	select n - ${after} as n, 'evt_' || lpad(n::text, 26, '0') as id, a.id as subject, 2 + n / ${SUBJECTS} as seq, a.authority_id, now() as at, ${data} as data
	  from generate_series(${after} + 1, ${after} + ${events}) as n join asset as a on a.id = 'ast_' || lpad((1 + n % ${SUBJECTS})::text, 26, '0');
	insert into change (id, at, authority_id, readers, is_public, type, subject, subject_seq, actor_kind, data)
	select id, at, authority_id, array[authority_id::text], true, '${type}', subject, seq, 'SYSTEM', data from told;
	insert into feed (position, change_id, change_at, authority_id, readers, is_public, type, subject, subject_seq)
	select (select position from feed_state) + n, id, at, authority_id, array[authority_id::text], true, '${type}', subject, seq from told;
	update feed_state set position = position + ${events};
	commit`);
	const [{from}] = await reg.sql('select position::int - $1::int as from from assetd.feed_state', [events]);
	return {from, ids: Array.from({length: events}, (_, i) => assetId(after + i + 1).replace('ast_', 'evt_'))};
}

/** As if those at addresses like this stood there in the feed, and the others at its end, where `from` is null all. The daemon does not run. */
export async function setBack(reg, from, like = '%') {
	await reg.sql('delete from assetd.webhook_retry');
	// What the log has as delivered behind a cursor is not sent again.
	await reg.sql('begin; set local session_replication_role = replica; truncate assetd.webhook_attempt; commit');
	await reg.sql(`update assetd.webhook_cursor as c set failures = 0, failing_since = null,
		position = case when w.url like $2 then coalesce($1::bigint, f.position) else f.position end
		from assetd.webhook as w, assetd.feed_state as f where w.id = c.webhook_id`, [from, like]);
}
