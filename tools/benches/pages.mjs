// bench `pages`: what a person waits for and pays for. Of each page that everybody reads, in a register of 150,000 assets all over
// Scotland with a plan each and a hundred open requests: the time to its first byte, one look after another from one client,
// against the 50 ms that it may take; and its weight, itself and its parts as they come compressed, fonts apart, against 60 KB.
// `worst_ms` is the slowest look, in which a page that keeps its counts for a while has counted anew.
//
// BENCH_ASSETS (150,000), and those of common.mjs.
import assert from 'node:assert/strict';
import http from 'node:http';
import zlib from 'node:zlib';
import {goal, interleave, machine, median, middle, ROUNDS, say, short} from './common.mjs';
import {fillPast, fillPlans} from './register.mjs';
import {startFilled} from './sides.mjs';

const {until} = await import('../../tests/harness/index.mjs');

const ASSETS = Number(process.env.BENCH_ASSETS ?? 150_000);
const REQUESTS = 100;
const LOOKS = 20;
const MOST_MS = 50;
const MOST_BYTES = 60_000;
/* A day by which all of them were known, and some have changed since. */
const THEN = 'valid_on=2026-10-01';

/* Each in a data zone of its council, at a place of its own; of five kinds and four states; with names that differ. */
async function spread(reg) {
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		alter table asset enable always trigger write_first;
		insert into locality (id, name, code, cpp_id, kind)
		select 'loc_' || substr(id, 5), 'Town of ' || name, 'T-' || code, id, 'LOCALITY' from cpp;
		create temporary table zone on commit drop as
		select z.code, a.id as authority_id, p.cpp_id, row_number() over (order by z.code) - 1 as number, count(*) over () as zones
		  from data_zone as z join authority as a on a.code = z.council_code and a.kind = 'COUNCIL'
		 cross join lateral (select min(m.cpp_id) as cpp_id from cpp_partner as m where m.authority_id = a.id) as p;
		insert into asset (id, authority_id, cpp_id, locality_id, reference, name, class, tenure, lifecycle, decile, data_zone, address, postcode, uprn,
			easting, northing, lat, lon)
		select 'ast_' || lpad(n::text, 26, '0'), z.authority_id, z.cpp_id, case when n % 3 = 0 then 'loc_' || substr(z.cpp_id, 5) end, 'R' || n,
			(array['Old','New','Upper','Nether','West','East','Kirk','Mill'])[(1 + n % 8)::int] || ' hall of ' || substr(md5(n::text), 1, 8),
			(array['HALL','DEPOT','SCHOOL','LIBRARY','OFFICE'])[(1 + n % 5)::int], 'OWNED', (array['IN_USE','IN_USE','SURPLUS','MARKETING'])[(1 + n % 4)::int],
			1 + n % 10, z.code, (n % 140 + 1) || ' Station Road', 'AB10 1AB', (100000000 + n)::text,
			(130000 + (n * 7919 % 27) * 10000 + n % 9973)::int, (560000 + (n * 104729 % 50) * 10000 + n % 9967)::int,
			55 + (n * 104729 % 50) * 0.09, -6.5 + (n * 7919 % 27) * 0.16
		  from generate_series(1::bigint, ${ASSETS}) as n join zone as z on z.number = n % z.zones;
		insert into asset_owner (asset_id, authority_id, published, owner_id, units)
		select id, authority_id, published, authority_id, 1 from asset;
		alter table asset enable trigger write_first;
		commit`);
}

/* Requests on some of them, each with two dates. */
async function ask(reg) {
	const clock = `jsonb_build_object('state', 'RUNNING', 'confidence', 'C', 'skipped', '[]'::jsonb, 'length', 6, 'unit', 'MONTHS', 'mode', 'AFTER', 'calendar', 'CALENDAR_DAYS',
		'calendar_version', null, 'how', jsonb_build_array('The count starts on the day.'), 'citation', 's.82 of the 2015 Act')`;
	await reg.sql(`begin; set local session_replication_role = replica; set local search_path = assetd, public;
		set local assetd.now = '2026-11-21T10:00:00Z'; set local assetd.today = '2026-11-21';
		insert into community_body (id, name, legal_form) values ('cbo_00000000000000000000000001', 'Friends of the halls', 'SCIO');
		insert into request (id, authority_id, asset_id, community_body_id, kind, reference_year, reference_number, state, state_on, model_state_on, route,
			received_on, validated_on, bar_from, reasons, deadlines)
		select 'atr_' || lpad(n::text, 26, '0'), a.authority_id, a.id, 'cbo_00000000000000000000000001', 'OWNERSHIP', 2026, n, 'VALIDATED', '2026-10-01', '2026-10-01',
			'LA_REVIEW', '2026-10-01', '2026-10-01', '2026-10-01', 'The village has no other place to meet.', jsonb_build_array(
			${clock} || jsonb_build_object('clock', 'K6', 'name', 'Decision notice', 'starts_on', '2026-10-01', 'due_on', '2027-04-01', 'whose', 'AUTHORITY'),
			${clock} || jsonb_build_object('clock', 'K3', 'name', 'Notices to the public', 'starts_on', '2026-10-01', 'due_on', date '2026-11-22' + n::int % 40, 'whose', 'AUTHORITY'))
		  from (select id, authority_id, row_number() over (order by md5(id)) as n from asset order by md5(id) limit ${REQUESTS}) as a;
		commit`);
	await reg.sql('vacuum analyze');
}

const agent = new http.Agent({keepAlive: true});

/* → {ms: to the first byte, body} */
function look(url) {
	return new Promise((done, failed) => {
		const began = process.hrtime.bigint();
		http.get(url, {agent, headers: {Accept: 'text/html'}}, reply => {
			const ms = Number(process.hrtime.bigint() - began) / 1e6, pieces = [];
			assert.equal(reply.statusCode, 200, url);
			reply.on('data', piece => pieces.push(piece)).on('error', failed).on('end', () => done({ms, body: Buffer.concat(pieces)}));
		}).on('error', failed);
	});
}

async function looks(url) {
	const times = [];
	for (let i = 0; i < LOOKS; i++)
		times.push((await look(url)).ms);
	return {ms: median(times), worst_ms: Math.max(...times)};
}

/* A page compressed as nginx does it, and each part that it names as the daemon keeps it, fonts apart. */
async function weigh(reg, path) {
	const {body} = await look(reg.url + path);
	const parts = [...new Set(body.toString().match(/(?<=(?:href|src)=")\/a\/[^"]+(?<!woff2)(?=")/g))];
	const heavy = await Promise.all(parts.map(part => reg.anyone.get(part, {headers: {'Accept-Encoding': 'gzip'}})));
	const html = zlib.gzipSync(body, {level: 6}).length;
	return {html, bytes: html + heavy.reduce((sum, reply) => sum + reply.bytes.length, 0)};
}

// Its assets are its own.
const reg = await startFilled(0, {async fill(r) {
	await spread(r);
	await fillPlans(r);
	await fillPast(r);
	await ask(r);
}});
try {
	const [asset] = await reg.sql('select asset_id as id, authority_id, id as request_id from assetd.request order by id limit 1');
	const [{id: cpp_id}] = await reg.sql('select id from assetd.cpp order by id limit 1');
	const pages = {
		'home': '/', 'register': '/assets', 'register, a word': '/assets?q=hall', 'register, two filters': '/assets?class=DEPOT&lifecycle=SURPLUS',
		'register, a council area': '/assets?council=S12000036', 'map': '/map', 'map, a kind': '/map?class=DEPOT', 'map, a council area': '/map?council=S12000036',
		'map, a box': '/map?bbox=-3.4,55.8,-3.0,56.0', 'asset': `/assets/${asset.id}`, 'requests': '/requests', 'request': `/requests/${asset.request_id}`,
		'public body': `/authorities/${asset.authority_id}`, 'locality': `/localities/loc_${cpp_id.slice(4)}`, 'partnership': `/cpps/${cpp_id}`,
		'forecast': '/forecast', 'reports': '/reports',
		'register, a past day': `/assets?${THEN}`, 'register, a past day and a word': `/assets?q=hall&${THEN}`, 'map, a past day': `/map?${THEN}`,
		'asset, a past day': `/assets/${asset.id}?${THEN}`, 'public body, a past day': `/authorities/${asset.authority_id}?${THEN}`,
		'locality, a past day': `/localities/loc_${cpp_id.slice(4)}?${THEN}`, 'partnership, a past day': `/cpps/${cpp_id}?${THEN}`,
	};
	await reg.daemon.stop();
	await reg.daemon.start();
	await until(async () => (await reg.anyone.get('/v1/projections/receipts?group_by=YEAR')).status === 200, {deadline_ms: 120_000, what: 'a forecast'});
	const rounds = await interleave(pages, path => looks(reg.url + path));
	for (const [name, path] of Object.entries(pages))
		say({bench: 'pages', arm: name, ms: short(middle(rounds, name, 'ms')), worst_ms: short(middle(rounds, name, 'worst_ms')), ...await weigh(reg, path), assets: ASSETS, rounds: ROUNDS});
	for (const [name, path] of Object.entries(pages)) {
		say({bench: 'pages', against: `${MOST_MS} ms to the first byte, ${name}`, ...goal({ratio: middle(rounds, name, 'ms') / MOST_MS, most: 1})});
		say({bench: 'pages', against: `${MOST_BYTES} bytes, ${name}`, ...goal({ratio: (await weigh(reg, path)).bytes / MOST_BYTES, most: 1})});
	}
	say({bench: 'pages', note: 'rate limits are off', machine: machine()});
} finally {
	agent.destroy();
	await reg.stop();
}
