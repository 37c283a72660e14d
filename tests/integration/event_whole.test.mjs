// Each event by itself: kept with its change or not at all, and what it says of itself.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {ok, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const [council] = await reg.sql(`select id from assetd.authority where kind = 'COUNCIL' order by name limit 1`);
const make = () => reg.admin.post('/v1/assets', {authority_id: council.id, name: 'Mill', class: 'HALL', tenure: 'OWNED'});
const counts = async () => (await reg.sql(`select (select count(*)::int from assetd.change) as events, (select count(*)::int from assetd.asset) as assets`))[0];
/** All that each table of ours holds, but for what says who came and when, and for what the daemon does by itself. */
async function everything() {
	const tables = await reg.sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace and relkind in ('r', 'p') and not relispartition
		and relname <> all ('{lease,idempotency_key,api_key,projection,projection_public,projection_public_mark,feed,feed_state,follow_state,change,change_money}') order by 1`);
	const told = `(select c.* from assetd.change as c where actor_kind <> 'SYSTEM')`;
	return Object.fromEntries(await Promise.all([...tables.map(({relname}) => [relname, `assetd.${relname}`]), ['change', told]].map(async ([name, from]) =>
		[name, (await reg.sql(`select count(*)::int as n, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as of from ${from} as t`))[0]])));
}

/**
 * Notes each table to which somebody who calls the API writes, also where it is undone.
 * → {clear(), seen(): their names since, at(name, fn): fn() while each row written there is refused}
 */
async function watchTables() {
	const names = (await reg.sql(`select relname from pg_class where relnamespace = 'assetd'::regnamespace and relkind in ('r', 'p') and not relispartition
		and relname not in ('lease', 'api_key')`)).map(row => row.relname);
	// A sequence is never undone.
	await reg.sql(`create table public.stop_at (name text);
		create function public.stop() returns trigger language plpgsql security definer as $$ begin
			if session_user = 'assetd_api' then
				perform nextval('public.' || tg_argv[0]);
				if exists (select from public.stop_at where name = tg_argv[0]) then
					raise exception 'refused' using errcode = 'P0099';
				end if;
			end if;
			return coalesce(new, old);
		end $$;
		${names.map(name => `create sequence public.${name}; create trigger stop before insert or update or delete on assetd.${name}
			for each row execute function public.stop('${name}');`).join('\n')}`);
	return {
		clear: () => reg.sql(`select setval(('public.' || sequencename)::regclass, 1, false) from pg_sequences where schemaname = 'public'`),
		seen: async () => (await reg.sql(`select sequencename as name from pg_sequences where schemaname = 'public' and last_value is not null order by 1`)).map(row => row.name),
		async at(name, fn) {
			await reg.sql('insert into public.stop_at values ($1)', [name]);
			await fn();
			await reg.sql('delete from public.stop_at');
		},
	};
}

test('W-01: what is undone leaves no event, and what gets no event is undone', async () => {
	await reg.sql(`create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'refused' using errcode = 'P0099'; end $$`);
	for (const [table, trigger] of [
		['change', 'create trigger refuse before insert on assetd.change for each row'],
		['asset', 'create trigger refuse after insert on assetd.asset for each row'],
		['asset', 'create constraint trigger refuse after insert on assetd.asset deferrable initially deferred for each row'], // when it commits
	]) {
		const before = await counts();
		await reg.sql(`${trigger} execute function public.refuse()`);
		assert.equal((await make()).status, 500, trigger);
		await reg.sql(`drop trigger refuse on assetd.${table}`);
		assert.deepEqual(await counts(), before, trigger);
	}
	const before = await counts();
	assert.equal((await make()).status, 201);
	assert.deepEqual(await counts(), {events: before.events + 1, assets: before.assets + 1});
	// Whatever is written: refused at its event, when all of it is done and it commits, and at each table that it writes to.
	const asset = ok(await make()), spare = ok(await make()), body = ok(await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	const asked = ok(await reg.admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'asked'}));
	const match = {match: '*'}, writes = {
		'an asset is changed': () => reg.admin.patch(`/v1/assets/${asset.id}`, {name: 'Old mill'}, match),
		'a valuation': () => reg.admin.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: 5, basis: 'MV', valued_on: '2026-04-01'}),
		'a plan': () => reg.admin.put(`/v1/assets/${asset.id}/disposal-plan`, {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'}, {headers: {'If-None-Match': '*'}}),
		'a request moves': () => reg.admin.post(`/v1/requests/${asked.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}),
		'a body': () => reg.admin.post('/v1/community-bodies', {name: 'Other trust', legal_form: 'SCIO', members: 30}),
		'an authority': () => reg.admin.post('/v1/authorities', {name: 'New Council', kind: 'COUNCIL', code: 'NEW'}),
		'an asset is removed': () => reg.admin.delete(`/v1/assets/${spare.id}`, match),
		'a webhook': () => reg.admin.post('/v1/webhooks', {url: 'https://receiver.example/'}), // last, since it is tried by itself
	};
	const tables = await watchTables();
	let runs = 0;
	for (const [what, write] of Object.entries(writes)) {
		await tables.clear();
		for (const when of ['trigger refuse before insert on assetd.change', 'constraint trigger refuse after insert on assetd.change deferrable initially deferred']) {
			const before = await everything();
			await reg.sql(`create ${when} for each row execute function public.refuse()`);
			assert.equal((await write()).status, 500, `${what}: ${when}`);
			await reg.sql('drop trigger refuse on assetd.change');
			assert.deepEqual(await everything(), before, `${what}: ${when}`);
		}
		for (const name of await tables.seen()) {
			const before = await everything();
			await tables.at(name, async () => assert.equal((await write()).status, 500, `${what}: ${name}`));
			assert.deepEqual(await everything(), before, `${what}: ${name}`);
			runs++;
		}
		const {events} = await counts(), reply = await write();
		assert.ok(reply.status < 300 && (await counts()).events > events, `${what}: ${reply.status} ${reply.text}`);
	}
	assert.ok(runs > 3 * Object.keys(writes).length, `${runs} tables`);
	await reg.sql('drop function public.refuse');
});

test('W-07: each event has its id and place, what it is of and the next number of that, its moment, who did it, and the number of its form', async () => {
	const made = ok(await make(), 201), asset = made.id;
	for (const name of ['Old mill', 'Older mill'])
		ok(await reg.admin.patch(`/v1/assets/${asset}`, {name}, {match: '*'}), 200);
	const {events} = await counts(), seq = new Map();
	const all = await until(async () => {
		const {items} = ok(await reg.admin.get('/v1/events?after=0&limit=1000'), 200);
		return items.length === events && items;
	}, {what: 'all to be told'});
	for (const [i, e] of all.entries()) {
		assert.match(e.id, /^evt_[0-9a-hjkmnp-tv-z]{26}$/);
		assert.equal(e.position, i + 1);
		assert.match(e.type, /^[a-z_]+(\.[a-z_]+)+$/);
		assert.match(e.subject, /^[a-z]{3}_[0-9a-z]{26}$/);
		assert.equal(e.subject_seq, (seq.get(e.subject) ?? 0) + 1, `${e.id} of ${e.subject}`);
		assert.ok(Date.parse(e.occurred_at) <= Date.now() && e.occurred_at.endsWith('Z'), e.occurred_at);
		assert.ok(e.schema_version >= 1 && e.actor, e.id);
		seq.set(e.subject, e.subject_seq);
	}
	assert.equal(new Set(all.map(e => e.id)).size, all.length);
	assert.ok(seq.get(asset) >= 3, `${seq.get(asset)}`);
});
