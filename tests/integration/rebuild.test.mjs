// The figures in memory follow each change by its difference. After several hundred random changes
// of every kind, several at a time, they must be the very bytes that a daemon gives which has
// read everything afresh (after a kill, and while it runs), and to the penny what `assetctl
// project` makes of the register as its API shows it.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {ASSETCTL, MATTERS, run, startRegister, until} from '../harness/index.mjs';

const CLOCK = '2026-11-21T10:00:00Z';
const CHANGES = Number(process.env.ASSETD_REBUILD_CHANGES ?? 600);
const LANES = 4;
const seed = Number(process.env.ASSETD_REBUILD_SEED ?? Date.now() % 100_000);
console.log(`seed ${seed}: ASSETD_REBUILD_SEED=${seed} makes the same choices again`);

const reg = await startRegister({clock: CLOCK});
after(() => reg.stop());

/* mulberry32 */
let state = seed;
function random(n) {
	state = state + 0x6D2B79F5 | 0;
	let t = Math.imul(state ^ state >>> 15, 1 | state);
	t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
	return ((t ^ t >>> 14) >>> 0) % n;
}
const one = list => list[random(list.length)];
const pence = () => random(50_000_000);

const GROUPS = ['YEAR', 'QUARTER', 'AUTHORITY', 'CPP', 'LOCALITY', 'DECILE', 'CLASS'];
const SCENARIOS = ['BEST', 'LIKELY', 'WORST'];
const made = {authorities: [], cpps: [], localities: [], assets: [], requests: [], imports: []};
const done = {}; // how many of each kind went through
let last, names = 0, busy = 0;

/** A change: 409, 412 and a 503 `busy`, to whoever waited half a second for another, are what happens where several write; 422 is our own mistake. */
async function change(kind, method, path, body, options = {}) {
	if (options.headers && 'If-Match' in options.headers && !options.headers['If-Match'])
		return undefined; // it is gone meanwhile
	const reply = await reg.admin.request(method, path, {...options, ...(body === undefined ? {} : options.raw ? {body} : {json: body}),
		headers: {...(method === 'POST' && !options.raw ? {'Idempotency-Key': `change-${++names}`} : {}),
			...(method === 'PATCH' ? {'Content-Type': 'application/merge-patch+json'} : {}), ...options.headers}});
	const isGone = reply.status === 422 && reply.json.errors?.[0]?.code === 'NOT_FOUND';
	const isBarred = reply.json?.type?.endsWith('/validation-date') || reply.json?.type?.endsWith('/not-eligible');
	const isBusy = reply.status === 503 && reply.json?.type?.endsWith('/busy');
	assert.ok(reply.status < 300 || isGone || isBarred || isBusy || [404, 409, 410, 412].includes(reply.status), `${kind}: ${reply.status} ${reply.text} ${JSON.stringify(body)}`);
	busy += isBusy;
	if (reply.status < 300) {
		done[kind] = (done[kind] ?? 0) + 1;
		last = reply.headers['event-id'] ?? last;
	}
	return reply.status < 300 ? reply.json ?? {} : undefined;
}
const tag = async path => (await reg.admin.get(path)).headers.etag;

const owners = () => [...new Set([one(made.authorities), one(made.authorities)])].map(id => ({authority_id: id, units: 1 + random(5)}));
const lease = () => ({rent_pa_pence: random(1_000_000), premium_pence: random(500_000), term_months: 12 + random(200), class: one(['FINANCE', 'OPERATING']),
	rent_free_months: random(6), market_rent_pa_pence: random(2_000_000)});

const KINDS = {
	async 'asset created'() {
		const a = await change('asset created', 'POST', '/v1/assets', {name: `Asset ${++names}`, authority_id: one(made.authorities), tenure: 'OWNED',
			class: one(['HALL', 'DEPOT', 'LAND']), decile: random(11), owners: owners(), ...(random(3) ? {cpp_id: one(made.cpps)} : {}),
			...(random(2) ? {locality_id: one(made.localities)} : {})});
		// An import's lane may have listed it already: twice in the list is twice in the portfolio.
		if (!made.assets.includes(a.id))
			made.assets.push(a.id);
	},
	async 'asset changed'(id) {
		await change('asset changed', 'PATCH', `/v1/assets/${id}`, one([{name: 'Renamed'}, {class: one(['HALL', 'SHOP'])}, {decile: random(11)}, {owners: owners()},
			{locality_id: one([null, ...made.localities])}, {published: random(2) === 1}]), {headers: {'If-Match': await tag(`/v1/assets/${id}`)}});
	},
	async 'asset removed'(id) {
		await change('asset removed', 'DELETE', `/v1/assets/${id}`, undefined, {headers: {'If-Match': await tag(`/v1/assets/${id}`)}});
	},
	async 'asset valued'(id) {
		await change('asset valued', 'POST', `/v1/assets/${id}/valuations`, {amount_pence: pence() - 1_000_000, basis: one(['MV', 'MV', 'FV', 'EUV', 'HC']),
			valued_on: one(['2026-04-01', '2025-01-31', '2019-02-28', '2026-11-01'])});
	},
	async 'plan put'(id) {
		const path = `/v1/assets/${id}/disposal-plan`, etag = await tag(path), method = one(['SALE', 'SALE', 'LEASE', 'NONE']);
		await change('plan put', 'PUT', path, {method, ...(method === 'NONE' ? {} : {stage: one(['IDENTIFIED', 'SURPLUS', 'MARKETING', 'MISSIVES']),
			planned_on: one(['2026-01-31', '2027-06-15', '2029-12-31', '2045-01-01'])}),
		...(method === 'SALE' && random(2) ? {agreed_price_pence: pence(), cost_fixed_pence: random(1_000_000)} : {}),
		...(method === 'LEASE' ? {lease: lease()} : {})}, {headers: etag ? {'If-Match': etag} : {'If-None-Match': '*'}});
	},
	async 'plan removed'(id) {
		const path = `/v1/assets/${id}/disposal-plan`, etag = await tag(path);
		if (etag)
			await change('plan removed', 'DELETE', path, undefined, {headers: {'If-Match': etag}});
	},
	async 'asset disposed'(id) {
		if (random(4) === 0)
			await change('asset disposed', 'POST', `/v1/assets/${id}/disposals`, {kind: one(['MARKET', 'TRANSFER']), completed_on: one(['2026-11-20', '2025-12-01']),
				gross_pence: pence(), cost_pence: random(100_000), exemption: 'ADVERTISED', exemption_dated_on: '2020-01-01'});
	},
	async 'request made'(id) {
		const kind = one(['OWNERSHIP', 'OWNERSHIP', 'LEASE', 'OTHER_RIGHTS']);
		const r = await change('request made', 'POST', '/v1/requests', {asset_id: id, community_body_id: made.body, kind,
			received_on: '2026-10-01', ...(kind === 'OWNERSHIP' && random(2) ? {offer_pence: pence()} : {}), ...(kind === 'LEASE' ? {lease: lease()} : {}),
			...(random(3) ? {} : {expected_on: '2027-09-30', benefit_pence: 1000})});
		if (r)
			made.requests.push(r.id);
	},
	async 'request moved'() {
		const id = made.requests.length && one(made.requests);
		const r = id && (await reg.admin.get(`/v1/requests/${id}`)).json;
		const event = r && r.allowed.length && one(r.allowed);
		const more = {VALIDATE: {on: '2026-10-01'}, NOTICES_ISSUED: {on: '2026-10-01', representations_close_on: '2026-10-29'}, AGREE: {matters: MATTERS, terms: 'As asked', offer_by_on: '2027-06-01', price_pence: pence()},
			REFUSE: {grounds: [{matter: 'A', text: 'No'}]}, OFFER: {price_pence: pence()}, CONCLUDE_CONTRACT: {price_pence: pence()},
			COMPLETE: {price_pence: pence(), cost_pence: 100}, WITHDRAW: {}}[event];
		if (more)
			await change('request moved', 'POST', `/v1/requests/${id}/events`, {event, on: '2026-11-21', ...more});
	},
	async 'request changed'() {
		const id = made.requests.length && one(made.requests);
		if (id)
			await change('request changed', 'PATCH', `/v1/requests/${id}`, {offer_pence: pence()}, {headers: {'If-Match': await tag(`/v1/requests/${id}`)}});
	},
	async 'import applied'() {
		// New ones, and the same reference again with another class.
		const rows = Array.from({length: 3}, () => `R-${random(12)},Imported ${random(9)},Freehold,${one(['Hall', 'Shop'])}`);
		const csv = `AssetCode,PropertyName,TenureType,HoldingType\n${[...new Map(rows.map(r => [r.split(',')[0], r])).values()].join('\n')}\n`;
		const i = await change('import previewed', 'POST', `/v1/imports?kind=assets&authority_id=${made.authorities[0]}&mapping=auto`, csv,
			{raw: true, headers: {'Content-Type': 'text/csv'}});
		if (i && await change('import applied', 'POST', `/v1/imports/${i.id}/apply`, undefined, {raw: true}))
			made.imports.push(i.id);
		const {items} = (await reg.admin.get(`/v1/assets?authority_id=${made.authorities[0]}&limit=1000`)).json;
		made.assets.push(...items.map(a => a.id).filter(id => !made.assets.includes(id)));
	},
	async 'import undone'() {
		if (made.imports.length)
			await change('import undone', 'POST', `/v1/imports/${made.imports.pop()}/undo`, undefined, {raw: true});
	},
};

/** Often what moves figures, rarely what ends them. */
const WEIGHTS = {'asset created': 3, 'asset changed': 5, 'asset removed': 2, 'asset valued': 6, 'plan put': 8, 'plan removed': 2, 'asset disposed': 4,
	'request made': 3, 'request moved': 6, 'request changed': 3, 'import applied': 2, 'import undone': 2};
const deck = Object.entries(WEIGHTS).flatMap(([kind, n]) => Array(n).fill(kind));

before(async () => {
	const add = async (path, fields) => (await change('made', 'POST', path, fields)).id;
	for (const [n, kind] of ['COUNCIL', 'HEALTH_BOARD', 'COUNCIL'].entries())
		made.authorities.push(await add('/v1/authorities', {name: `Rebuild ${n}`, kind, code: `RB-${n}`}));
	for (let n = 0; n < 2; n++)
		made.cpps.push(await add('/v1/cpps', {name: `Rebuild CPP ${n}`, code: `RB-C${n}`, partners: made.authorities.slice(n, n + 2)}));
	for (let n = 0; n < 3; n++)
		made.localities.push(await add('/v1/localities', {name: `Place ${n}`, code: `RB-L${n}`, cpp_id: made.cpps[n % 2], kind: 'LOCALITY'}));
	made.body = await add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
});

/** Every figure that there is, as it is sent. */
async function everything() {
	const texts = {};
	const take = async path => {
		const reply = await reg.admin.seen(`${path}${path.includes('?') ? '&' : '?'}min_event=${last}`);
		assert.ok([200, 410].includes(reply.status), `${path}: ${reply.status} ${reply.text}`);
		texts[path] = reply.text.replace(/"position":\d+/, '"position":0').replace(/"instance":"[^"]*"/, '');
	};
	for (const scenario of SCENARIOS)
		for (const group of GROUPS) {
			await take(`/v1/projections/receipts?scenario=${scenario}&group_by=${group}`);
			await take(`/v1/projections/receipts?scenario=${scenario}&group_by=${group}&authority_id=${made.authorities[1]}`);
		}
	for (const id of made.assets)
		await take(`/v1/assets/${id}/projection`);
	return texts;
}

/** The same, or an error that shows where the first of them parts. */
function assertSame(got, want) {
	assert.deepEqual(Object.keys(got), Object.keys(want));
	for (const [key, text] of Object.entries(want)) {
		if (got[key] === text)
			continue;
		let at = 0;
		while (got[key][at] === text[at])
			at++;
		assert.fail(`${key} is …${got[key].slice(Math.max(0, at - 80), at + 80)}… and was …${text.slice(Math.max(0, at - 80), at + 80)}…`);
	}
}

const loads = () => reg.daemon.logLines().filter(l => l.what === 'projection loaded').length;

test(`${CHANGES} changes of every kind, ${LANES} at a time`, {timeout: 300_000}, async () => {
	await Promise.all(Array.from({length: 12}, () => KINDS['asset created']()));
	let left = CHANGES;
	const lane = async () => {
		while (left-- > 0)
			await KINDS[one(deck)](one(made.assets));
	};
	await Promise.all(Array.from({length: LANES}, lane));
	// What is refused more often than not may by chance not have gone through at all.
	const missing = () => deck.find(kind => !done[kind]);
	for (let more = CHANGES; more > 0 && missing(); more--)
		await KINDS[missing()](one(made.assets));
	for (const kind of deck)
		assert.ok(done[kind] > 0, `nothing was ${kind}: ${JSON.stringify(done)}`);
	assert.ok(busy < CHANGES / 10, `${busy} of ${CHANGES} were refused as busy`);
	console.log(JSON.stringify(done));
});

test('a rebuild gives the same bytes: after a kill, and while it runs', {timeout: 120_000}, async () => {
	made.kept = await everything();
	await reg.daemon.kill();
	await reg.daemon.start();
	assertSame(await everything(), made.kept);
	const before = loads();
	await change('made', 'POST', '/v1/authorities', {name: 'Another', kind: 'OTHER', code: 'RB-X'});
	await until(() => loads() > before, {what: 'a new book'});
	assertSame(await everything(), made.kept);
});

test('a run that reads what is known of today is the run of what is there', {timeout: 120_000}, async () => {
	reg.daemon.setClock('2026-11-21T11:00:00Z');
	const freeze = fields => change('made', 'POST', '/v1/projections/runs', {as_of_on: '2026-11-21', ...fields});
	const [live, read] = [await freeze({}), await freeze({known_at: '2026-11-21T10:59:00Z'})];
	const figures = async run => {
		const texts = {};
		for (const scenario of SCENARIOS)
			for (const group of GROUPS)
				texts[`${scenario} ${group}`] = (await reg.admin.get(`/v1/projections/receipts?run=${run.id}&scenario=${scenario}&group_by=${group}`)).text
					.replace(run.id, '').replace(/"position": ?\d+/g, '');
		return texts;
	};
	assertSame(await figures(read), await figures(live));
});

const STATES = {RECEIVED: 'RECEIVED', VALIDATED: 'VALIDATED', UNDER_ASSESSMENT: 'VALIDATED', AGREED: 'AGREED', OFFER_MADE: 'OFFERED', CONTRACT_CONCLUDED: 'CONCLUDED', REFUSED: 'REFUSED_WINDOW'};
const PRICES = ['MV', 'FV', 'EUV'];

const termsOf = l => l && {rent_pa: l.rent_pa_pence ?? 0, premium: l.premium_pence ?? 0, term_months: l.term_months,
	rent_free_months: l.rent_free_months ?? 0, class: l.class};

function requestOf(r, n) {
	return {id: n + 1, state: STATES[r.state] ?? 'WITHDRAWN', state_date: STATES[r.state] === 'VALIDATED' ? r.validated_on : r.state_on, kind: r.kind === 'OTHER_RIGHTS' ? 'RIGHTS' : r.kind,
		offer: r.offer_pence, agreed_price: r.agreed_price_pence, ...(r.kind === 'OWNERSHIP' ? {} : {lease: termsOf(r.lease)}),
		market_rent_pa: r.lease?.market_rent_pa_pence, prohibits: r.bar.prohibits, expected_date: r.expected_on, release_date: r.release_on,
		nfb_pence: r.benefit_pence ?? 0, nfb_score: r.benefit_score};
}

/** The register as anybody who may read its money sees it, in the words of the model's input. */
async function exported() {
	const assets = [];
	const get = async path => (await reg.admin.get(path)).json;
	for (const [n, id] of made.assets.entries()) {
		const reply = await reg.admin.get(`/v1/assets/${id}`);
		if (reply.status === 410)
			continue;
		const a = reply.json;
		const values = (await get(`/v1/assets/${id}/valuations?limit=1000`)).items.sort((x, y) => PRICES.includes(y.basis) - PRICES.includes(x.basis)
			|| (x.valued_on < y.valued_on) - (x.valued_on > y.valued_on) || (x.created_at < y.created_at) - (x.created_at > y.created_at)
			|| (x.id < y.id) - (x.id > y.id));
		const plan = await reg.admin.get(`/v1/assets/${id}/disposal-plan`);
		const p = plan.status === 200 && plan.json.method !== 'NONE' && plan.json;
		const requests = (await get(`/v1/assets/${id}/requests?limit=1000`)).items.sort((x, y) => x.created_at < y.created_at ? -1 : 1);
		const [sold] = (await get(`/v1/assets/${id}/disposals`)).items;
		// What was forecast before a completion is kept, and shown to nobody.
		const [frozen] = sold ? await reg.sql('select baseline from assetd.disposal_money where disposal_id = $1', [sold.id]) : [];
		const v = values[0];
		assets.push({id: n + 1, lead: a.authority_id, cpp: a.cpp_id ?? '-', locality: a.locality_id ?? '-', class: a.class, decile: a.decile,
			owners: a.owners.map(o => ({partner: o.authority_id, units: o.units})),
			valuation: v && {date: v.valued_on, amount: v.amount_pence, basis: v.basis},
			plan: p && {method: p.method, stage: p.stage, date: p.planned_on, agreed_price: p.agreed_price_pence, p_ppm: p.probability_ppm,
				cost_fixed: p.cost_fixed_pence, ...(p.method === 'LEASE' ? {lease: termsOf(p.lease)} : {})} || null,
			requests: requests.map(requestOf),
			completed: sold && {kind: sold.kind === 'TRANSFER' ? 'T' : 'M', date: sold.completed_on, gross: sold.gross_pence, cost: sold.cost_pence,
				baseline: frozen?.baseline}});
	}
	const partners = (await Promise.all(made.authorities.map(id => get(`/v1/authorities/${id}`))))
		.map(a => ({id: a.id, is_local_authority: a.kind === 'COUNCIL'}));
	return {asof: '2026-11-21', partners, assets};
}

test('and assetctl project gives the same figures to the penny', {timeout: 120_000}, async () => {
	const file = path.join(reg.daemon.folder, 'portfolio.json');
	const input = await exported();
	fs.writeFileSync(file, JSON.stringify(input));
	const {rollups} = JSON.parse((await run(ASSETCTL, ['project', file])).stdout);
	const want = new Map(rollups.map(r => [`${r.scenario} ${r.dim} ${r.key} ${r.fy}`, r]));
	const DIMS = {YEAR: 'ALL', AUTHORITY: 'PARTNER', CPP: 'CPP', LOCALITY: 'LOCALITY', DECILE: 'DECILE', CLASS: 'CLASS'};
	let compared = 0;
	const same = (key, f) => {
		const w = want.get(key);
		assert.ok(w, `${key} is shown and assetctl has no such`);
		assert.deepEqual({baseline_net: f.baseline.net_pence, adjusted_net: f.adjusted.net_pence, rent: f.rent_pence,
			pv_baseline: f.baseline.pv_pence, pv_adjusted: f.adjusted.pv_pence, adjustment: f.adjustment_pence},
		{baseline_net: w.baseline_net, adjusted_net: w.adjusted_net, rent: w.rent, pv_baseline: w.pv_baseline, pv_adjusted: w.pv_adjusted,
			adjustment: w.adjustment}, key);
		want.delete(key);
		compared++;
	};
	for (const scenario of SCENARIOS) {
		for (const [group, dim] of Object.entries(DIMS)) {
			const {items, totals} = JSON.parse(made.kept[`/v1/projections/receipts?scenario=${scenario}&group_by=${group}`]);
			for (const i of items) {
				const [key] = Object.values(i.group);
				same(group === 'YEAR' ? `${scenario} ALL ALL ${key}` : `${scenario} ${dim} ${key ?? '-'} TOTAL`, i);
			}
			if (group === 'YEAR')
				same(`${scenario} ALL ALL TOTAL`, totals);
		}
	}
	// What is left: other dimensions by year, which receipts show by filter only.
	assert.deepEqual([...want.keys()].filter(k => / ALL ALL | TOTAL$/.test(k)), []);
	assert.ok(compared > 60, `${compared}`);
});
