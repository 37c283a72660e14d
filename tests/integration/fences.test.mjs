// Whoever held a lease yesterday writes nothing today: each statement that only one may send looks
// at the fence itself, and does all of its work or none.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {TREE, startMigratedCluster} from '../harness/index.mjs';

const id = (prefix, n) => `${prefix}_${String(n).padStart(26, '0')}`;
const FENCE = 7;
const WEBHOOK = id('whk', 1), EVENT = id('evt', 1), AUTHORITY = id('aut', 1);
/* Its text, each parameter with the type that its head says. */
function statement(name) {
	const text = fs.readFileSync(path.join(TREE, `sql/queries/${name}.sql`), 'utf8');
	const types = text.match(/^-- in:(.*?)(?:--|$)/m)[1].split(',').map(word => word.trim().split(' ')[1]?.replace('?', ''));
	return text.replace(/^--.*\n/gm, '').replace(/\$(\d+)/g, (param, n) => types[n - 1] ? `${param}::${types[n - 1]}` : param);
}
const rows = (...list) => JSON.stringify(list);

// What each is sent with a fence, and what it must leave alone with an older one.
const ATTEMPT = {webhook_id: WEBHOOK, at: '2026-11-21T10:00:00Z', change_id: EVENT, position: 1, number: 1, result: 'DELIVERED', status: 200};
const PARKED = {webhook_id: WEBHOOK, change_id: id('evt', 2), change_at: '2026-11-21T10:00:00Z', position: 2, subject: id('ast', 1), attempts: 1, due_at: '2026-11-21T11:00:00Z', due_from: '2026-11-21T10:00:00Z'};
const CASES = {
	// The worker may not read an account, so what is looked at is whether one was written.
	account_letter_begin: ['mail', fence => [fence, id('mal', 8), 'a@example.org', Buffer.alloc(32, 1), 2], "select n_tup_upd from pg_stat_xact_user_tables where relname = 'account'"],
	feed_tick: ['feed', fence => [fence, null, '-infinity', '{}', 100, true], 'select position from feed_state'],
	hook_flush: ['hooks', fence => [fence, rows(ATTEMPT), rows(PARKED), rows(), rows({webhook_id: WEBHOOK, position: 1, is_success: true, failures: 0})],
		`select (select count(*) from webhook_attempt), (select count(*) from webhook_retry), (select max(position) from webhook_cursor)`],
	hook_set_back: ['hooks', fence => [fence], "select due_at from webhook_retry where due_at < 'infinity'"],
	hook_release: ['hooks', fence => [fence, rows({webhook_id: id('whk', 2), subject: id('ast', 1)})], 'select change_id, due_at from webhook_retry'],
	hook_release_all: ['hooks', fence => [fence, [id('whk', 2)]], 'select change_id, due_at from webhook_retry'],
	hook_fail: ['hooks', fence => [fence, 5, 20, [id('evt', 6)], [id('mal', 6)]], 'select state, version from webhook'],
	hook_disable: ['hooks', fence => [fence, WEBHOOK, 'because', id('evt', 3), id('mal', 7)], 'select state, version from webhook'],
	hook_verified: ['hooks', fence => [fence, WEBHOOK, 'nonce', id('evt', 5), 120], 'select w.state, w.agreed_per_hour, c.nonce from webhook as w, webhook_cursor as c'],
	projector_tell: ['projector', fence => [fence, id('prj', 1), AUTHORITY, id('evt', 4), '{}', '{}', 1], 'select count(*) from projection'],
	follow_mark: ['mail', fence => [fence, [id('mal', 3)], 100], 'select position from follow_state'],
	follow_told: ['mail', fence => [fence, id('mal', 2), 'SENT', 3], 'select position from follow'],
	mail_set_back: ['mail', fence => [fence], `select due_at from mail where id = '${id('mal', 9)}'`],
	mail_tried: ['mail', fence => [fence, id('mal', 1), 'SENT', 0, null, 1], `select state from mail where id = '${id('mal', 1)}'`],
	scan_failed: ['scan', fence => [fence, id('doc', 1), 1000], 'select scan_attempts from document'],
	scan_said: ['scan', fence => [fence, id('doc', 1), 1, 'CLEAN', null], 'select scan from document'],
	lease_leave: ['hooks', fence => ['hooks', fence], 'select until from lease where name = \'hooks\''],
};

let cluster;
before(async () => {
	cluster = await startMigratedCluster();
	await cluster.session(db => db.query(`begin; set local search_path = assetd, public;
		select actor_set('', '', 'fixture', '2026-11-21T10:00:00Z', '2026-11-21');
		insert into authority (id, name, kind, code) values ('${AUTHORITY}', 'A', 'COUNCIL', 'A');
		insert into principal (id, name) values ('${id('prn', 1)}', 'P');
		insert into webhook (id, principal_id, authority_id, url, types) values ('${WEBHOOK}', '${id('prn', 1)}', '${AUTHORITY}', 'https://example.org/', '{*}');
		insert into webhook_cursor (webhook_id, position, nonce) values ('${WEBHOOK}', 0, 'nonce');
		insert into webhook (id, principal_id, authority_id, url, types, state) values ('${id('whk', 2)}', '${id('prn', 1)}', '${AUTHORITY}', 'https://example.org/', '{*}', 'ACTIVE');
		insert into webhook_cursor (webhook_id, position, failures, failing_since) values ('${id('whk', 2)}', 0, 30, '2026-11-01');
		insert into webhook_retry (webhook_id, change_id, change_at, position, subject, attempts, due_at)
			values ('${id('whk', 2)}', '${id('evt', 7)}', '2026-11-01', 1, '${id('ast', 1)}', 0, 'infinity');
		insert into webhook_retry (webhook_id, change_id, change_at, position, subject, attempts, due_at, due_from)
			values ('${id('whk', 2)}', '${id('evt', 8)}', '2026-11-01', 2, '${id('ast', 2)}', 1, '2026-11-21T11:01:00Z', '2026-11-21T11:00:00Z');
		insert into mail (id, authority_id, kind) values ('${id('mal', 1)}', '${AUTHORITY}', 'CONFIRM');
		insert into api_key (id, principal_id, name, prefix, hash, scopes) values ('${id('key', 1)}', '${id('prn', 1)}', 'A', 'asd_abcdefghijkl', sha256('x'), '{}');
		insert into account (principal_id, key_id, email) values ('${id('prn', 1)}', '${id('key', 1)}', 'a@example.org');
		insert into mail (id, kind, account_id) values ('${id('mal', 8)}', 'INVITE', '${id('prn', 1)}');
		insert into mail (id, authority_id, kind, due_at, due_from) values ('${id('mal', 9)}', '${AUTHORITY}', 'CONFIRM', '2026-11-21T11:01:00Z', '2026-11-21T11:00:00Z');
		update feed_state set position = 1;
		insert into follow (id, kind, rhythm, email, ticket, question, filter, keys, expires_at, confirmed_at)
			values ('${id('fol', 1)}', 'NEWS', 'INSTANT', 'a@example.org', 't', '', '{}', '{*}', '2026-11-28', '2026-11-21');
		insert into mail (id, kind, follow_id) values ('${id('mal', 2)}', 'NEWS', '${id('fol', 1)}');
		insert into asset (id, authority_id, name, class, tenure) values ('${id('ast', 1)}', '${AUTHORITY}', 'Hall', 'HALL', 'OWNED');
		insert into document (id, authority_id, asset_id, parent_published, state, kind, title, file_name, received_on, retention, retention_from, retention_months,
				media_type, byte_count, sha256, crc32)
			values ('${id('doc', 1)}', '${AUTHORITY}', '${id('ast', 1)}', true, 'STORED', 'PLAN', 'Plan', 'plan.pdf', '2026-01-01', 'ASSET', 'NEVER', null,
				'application/pdf', 1, sha256('x'), 0);
		insert into lease (name, holder, fence, until) select n, 'somebody', ${FENCE}, 'infinity' from unnest('{feed,hooks,projector,mail,scan}'::text[]) as n;
		commit`));
});
after(() => cluster?.end());

/* One transaction of the worker, undone: what there was, what the statement gave, what there is. */
function tried(name, fence) {
	const [, params, look] = CASES[name];
	return cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		await db.query('begin');
		await db.query(`select actor_set('', '', 'test', '2026-11-21T10:00:00Z', '2026-11-21')`);
		const was = (await db.query(look)).rows;
		const {rows: given} = await db.query(statement(name), params(fence));
		return {was, given, is: (await db.query(look)).rows};
	}, {user: 'assetd_worker'});
}

test('every statement that takes a fence is tried here', () => {
	const fenced = fs.readdirSync(path.join(TREE, 'sql/queries')).filter(file => /^-- in:.*\bfence bigint/m
		.test(fs.readFileSync(path.join(TREE, 'sql/queries', file), 'utf8'))).map(file => file.replace('.sql', ''));
	assert.deepEqual(Object.keys(CASES).sort(), fenced.sort());
});

for (const name of Object.keys(CASES)) {
	test(`${name} with an older fence does nothing`, async () => {
		const old = await tried(name, FENCE - 1).catch(e => assert.equal(e.code, 'AS045', e.message));
		if (old) {
			assert.deepEqual(old.is, old.was);
			assert.ok(!old.given.length || old.given.every(row => Object.values(row).every(v => v === false)), JSON.stringify(old.given));
		}
		const now = await tried(name, FENCE);
		assert.notDeepEqual(now.is, now.was, 'and with its own it does');
	});
}
