// Sends what generate.mjs makes: authorities, partnerships, localities, assets (by import,
// as an estates officer would), valuations, owners, plans, bodies, requests and their moves.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate, IMPORT_AUTHORITY } from './generate.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const CHELTENHAM = join(HERE, '../../tests/data/land-assets-cheltenham-2021/local_authority_land_and_assets_2021.csv');
const AT_ONCE = 6;
const IS_THERE = 412; // a load that was interrupted is run again
const BUSY = 503;
const TRIES = 30; // a slow machine is busy for a while, not for ever

/** A caller of the API. What is answered 503 is sent again: every write says what it is, so that none is made twice. */
export function client(base, key) {
	return async function call(method, path, body, headers = {}, alsoFine = 200, tried = 0) {
		const isText = typeof body === 'string' || body instanceof Uint8Array;
		const reply = await fetch(base + path, {
			method,
			headers: {
				authorization: `Bearer ${key}`,
				...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
				...headers,
			},
			body: body === undefined ? undefined : isText ? body : JSON.stringify(body),
			signal: AbortSignal.timeout(30000),
		});
		const text = await reply.text();
		if (reply.status === BUSY && tried + 1 < TRIES) {
			await sleep(Number(reply.headers.get('retry-after') ?? 1) * 1000);
			return call(method, path, body, headers, method === 'GET' ? alsoFine : IS_THERE, tried + 1);
		}
		if (!reply.ok && reply.status !== alsoFine) throw new Error(`${method} ${path} answered ${reply.status}: ${text.slice(0, 600)}`);
		return text ? JSON.parse(text) : null;
	};
}

/** Run `work` over the list, a few at a time, keeping the order of results. */
async function each(list, work) {
	const results = new Array(list.length);
	let next = 0;
	const runner = async () => {
		while (next < list.length) {
			const i = next++;
			results[i] = await work(list[i], i);
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, runner));
	return results;
}

const csvField = (v) => (v === null || v === undefined ? '' : `"${String(v).replaceAll('"', '""')}"`);

function csvOf(assets, localityIds) {
	const columns = ['reference', 'name', 'class', 'tenure', 'address', 'data_zone', 'easting', 'northing', 'area_m2'];
	const rows = assets.map((a) => [...columns.map((c) => csvField(a.fields[c])), csvField(localityIds.get(a.fields.locality_code))]);
	return [[...columns, 'locality_id'], ...rows].map((r) => r.join(',')).join('\r\n') + '\r\n';
}

async function importCsv(call, authorityId, csv, key) {
	const preview = await call('POST', `/v1/imports?kind=assets&authority_id=${authorityId}&mapping=auto`, csv, { 'idempotency-key': key });
	if (preview.counts.error) throw new Error(`the import has ${preview.counts.error} lines with errors: ${JSON.stringify(preview.lines.filter((l) => l.action === 'ERROR')[0])}`);
	await call('POST', `/v1/imports/${preview.id}/apply`, {}, { 'idempotency-key': `${key}-apply` });
}

/** Every asset of an authority by its reference. */
async function byReference(call, authorityId) {
	const found = new Map();
	for (let path = `/v1/assets?authority_id=${authorityId}&limit=1000`; path; ) {
		const page = await call('GET', path);
		for (const item of page.items) found.set(item.reference, item);
		path = page.next;
	}
	return found;
}

async function loadBodies(call, demo) {
	const ids = new Map();
	const put = async (path, item, fields, key) => ids.set(item.key ?? item.code, (await call('POST', path, fields, { 'idempotency-key': key })).id);
	for (const a of [...demo.authorities, IMPORT_AUTHORITY])
		await put('/v1/authorities', a, { name: a.name, kind: a.kind, code: a.code, duties: [{ schedule: 3, from_on: '2017-01-23' }] }, `demo-${a.code}`);
	for (const c of demo.cpps)
		await put('/v1/cpps', c, { name: c.name, code: c.code, partners: c.partners.map((p) => ids.get(p)) }, `demo-${c.code}`);
	await each(demo.localities, (l) =>
		put('/v1/localities', { key: l.code }, { name: l.name, code: l.code, kind: 'INTERMEDIATE_ZONE', cpp_id: ids.get(l.cpp) }, `demo-${l.code}`));
	return ids;
}

async function loadAssets(call, demo, ids) {
	const items = new Map();
	for (const a of demo.authorities) {
		const own = demo.assets.filter((x) => x.authority === a.key);
		await importCsv(call, ids.get(a.key), csvOf(own, ids), `demo-import-${a.code}`);
		const found = await byReference(call, ids.get(a.key));
		for (const x of own) items.set(x.key, found.get(x.fields.reference));
	}
	return items;
}

async function loadMoney(call, demo, ids, items) {
	const plans = new Map(demo.plans.map((p) => [p.asset, p.fields]));
	await each(demo.valued, async (a) => {
		const path = `/v1/assets/${items.get(a.key).id}`;
		if (a.owners)
			await call('PATCH', path, { owners: a.owners.map((o) => ({ authority_id: ids.get(o.authority), units: o.units })) },
				{ 'if-match': `"${items.get(a.key).version}-a"`, 'content-type': 'application/merge-patch+json' });
		const cpp = demo.cpps.find((c) => c.key === a.place.cpp);
		if (a.authority === 'board') {
			const { version } = await call('GET', path);
			await call('PATCH', path, { cpp_id: ids.get(cpp.key) }, { 'if-match': `"${version}-a"`, 'content-type': 'application/merge-patch+json' });
		}
		await call('POST', `${path}/valuations`, { amount_pence: a.value_pence, basis: 'MV', valued_on: a.valued_on, valuer: 'District Valuer (made up)' }, { 'idempotency-key': `demo-val-${a.key}` });
		if (plans.has(a.key))
			await call('PUT', `${path}/disposal-plan`, plans.get(a.key), { 'if-none-match': '*' }, IS_THERE);
	});
}

async function loadRequests(call, demo, items) {
	const bodies = new Map();
	await each(demo.bodies, async (b) => {
		const made = await call('POST', '/v1/community-bodies', { name: b.name, legal_form: b.legal_form, members: b.members }, { 'idempotency-key': `demo-${b.key}` });
		bodies.set(b.key, made.id);
	});
	await each(demo.requests, async (r) => {
		const made = await call('POST', '/v1/requests',
			{ ...r.fields, asset_id: items.get(r.asset).id, community_body_id: bodies.get(r.body) }, { 'idempotency-key': `demo-${r.key}` });
		for (const [i, move] of r.moves.entries())
			await call('POST', `/v1/requests/${made.id}/events`, move, { 'idempotency-key': `demo-${r.key}-${i}` });
	});
}

/** The first authority has published its report on the year that ended last; the others owe theirs. */
async function loadReport(call, authorityId) {
	const [{ year }] = (await call('GET', `/v1/reports/asset-transfer?authority_id=${authorityId}`)).items;
	const path = `/v1/reports/asset-transfer/${authorityId}/${year}`;
	await call('PUT', path, {
		promotion: 'A page on our website with every hall and field that can be asked for, and two evenings in each of the three largest villages.',
		support: 'One officer answers first questions within a week and reads drafts. Two groups were helped to count their members and to draw a plan.',
	}, { 'if-none-match': '*' }, IS_THERE);
	await call('POST', `${path}/publish`, {}, { 'idempotency-key': 'demo-report' });
}

async function parse(args) {
	const { values } = parseArgs({
		args,
		options: { url: { type: 'string' }, 'key-file': { type: 'string' }, today: { type: 'string' } },
	});
	if (!values.url || !values['key-file']) throw new Error('give --url and --key-file');
	return { ...values, key: (await readFile(values['key-file'], 'utf8')).trim() };
}

/** Today in Scotland, YYYY-MM-DD: by its parts, since how a locale writes a day changes with ICU's release. */
function civilDay() {
	const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit' })
		.formatToParts(new Date());
	return ['year', 'month', 'day'].map((type) => parts.find((p) => p.type === type).value).join('-');
}

/** True once the report of the first authority is published, which is done last. */
async function isLoaded(call, demo) {
	const { items } = await call('GET', `/v1/authorities?code=${demo.authorities[0].code}`);
	if (!items.length) return false;
	return (await call('GET', `/v1/reports/asset-transfer?authority_id=${items[0].id}`)).items.some((report) => report.published_on);
}

export async function main(args) {
	const options = await parse(args);
	const call = client(options.url, options.key);
	const today = options.today ?? civilDay();
	const areas = JSON.parse(await readFile(join(HERE, 'areas.json'), 'utf8')).areas;
	const [head, ...rows] = (await readFile(join(HERE, 'zones.csv'), 'utf8')).trim().split('\n').map((l) => l.split(','));
	const zones = rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]])));
	const demo = generate({ today, areas, zones });
	if (await isLoaded(call, demo)) return;
	const ids = await loadBodies(call, demo);
	await importCsv(call, ids.get(IMPORT_AUTHORITY.key), await readFile(CHELTENHAM), 'demo-import-cheltenham');
	const items = await loadAssets(call, demo, ids);
	await loadMoney(call, demo, ids, items);
	await loadRequests(call, demo, items);
	await loadReport(call, ids.get(demo.authorities[0].key));
}
