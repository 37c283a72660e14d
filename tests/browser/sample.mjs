// A small register with every state that a page shows, put into the database directly: the API's
// own tests make their rows through the API; here only what people see of them matters.

import {until} from '../harness/index.mjs';

const number = (prefix, n) => `${prefix}_${String(n).padStart(26, '0')}`;

/** Ids by number: sample.id('ast', 1). */
export const id = number;

/** The day the sample is made for. */
export const TODAY = '2026-11-21';
export const NOW = `${TODAY}T10:00:00Z`;

/** A name that must come out of every page as the text it is. */
export const HOSTILE = `<script>alert("x")</script> & 'Tom's' Hall`;

const authorities = [
	['Glenfarg Council (not a real body)', 'COUNCIL', 'T12000048'],
	['Kirkton Council (not a real body)', 'COUNCIL', 'T12000047'],
];

// name, class, lifecycle, authority; the n-th is ast n.
const assets = [
	['Memorial Hall, Glenfarg', 'HALL', 'MARKETING', 1],
	['Gate Lodge, Kirkton Park', 'LODGE', 'SURPLUS', 2],
	['Old Depot, Harbour Road', 'DEPOT', 'IN_USE', 1],
	['Woodland east of Strath', 'WOODLAND', 'DISPOSED', 1],
	[HOSTILE, 'HALL', 'IN_USE', 2],
	['Library, Aberfeldy', 'LIBRARY', 'UNDER_OFFER', 1],
	['Car Park, Bridgend', 'CAR_PARK', 'PREPARING', 2],
];

/** The n-th request is in the n-th state, on asset ((n - 1) % 3) + 1. */
export const STATES = ['RECEIVED', 'VALIDATED', 'AGREED', 'REFUSED', 'OFFER_MADE', 'CONTRACT_CONCLUDED', 'COMPLETED',
	'WITHDRAWN'];

// Assets with a value and a plan; what changed of them is what the projector then looks up.
const PLANNED = 9;

const CHANGES = [
	...Array.from({length: PLANNED}, (_, i) => ['plan.changed', number('ast', i + 1)]),
	['request.validated', number('atr', 2)],
	['asset.valued', number('ast', 1)],
];

const clocks = {
	VALIDATED: [{clock: 'K6', name: 'Decision notice', starts_on: '2026-10-01', due_on: '2027-04-01', whose: 'AUTHORITY',
		citation: 's.82(8)(a) of the 2015 Act',
		how: ['The count starts on Thursday 1 October 2026, the day on which the request was complete, and so counts as made.',
			'So the last day is Thursday 1 April 2027, to midnight.']},
	{clock: 'K3', name: 'Notices to the public', starts_on: '2026-11-04', due_on: '2026-11-25', whose: 'AUTHORITY', how: ['Fifteen working days.']},
	{clock: 'K1', name: 'Acknowledgement', starts_on: '2026-10-01', due_on: '2026-10-22', whose: 'AUTHORITY', state: 'MET',
		confidence: 'P', citation: 'SSI 2016/357 reg 4', how: ['Not counted: 6 days of weekends.'],
		skipped: [{on: '2026-10-03', why: 'Saturday'}, {on: '2026-10-04', why: 'Sunday'}]}],
	AGREED: [{clock: 'K18', name: 'Offer', starts_on: '2026-05-20', due_on: '2026-11-20', whose: 'COMMUNITY_BODY',
		citation: 's.83 of the 2015 Act', how: ['The count starts on Wednesday 20 May 2026, the date of the decision notice.']}],
};

/** Fill the register's database. more: further plain halls, to have several pages of them. */
export async function fill(reg, {more = 30} = {}) {
	await reg.cluster.session(async client => {
		const q = (text, values) => client.query(text, values);
		await q('begin');
		await q(`select set_config('assetd.now', $1, true), set_config('assetd.today', $2, true)`, [NOW, TODAY]);
		await q('set local search_path = assetd, public');
		// Requests that are looked at, without the ledgers that would have led to their states.
		await q(`do $$ declare t record; begin for t in select tgrelid::regclass as of, tgname from pg_trigger where tgname ~ '^law_' loop
			execute format('alter table %s disable trigger %I', t.of, t.tgname); end loop; end $$`);
		for (const [i, row] of authorities.entries())
			await q('insert into authority (id, name, kind, code) values ($1, $2, $3, $4)', [number('aut', i + 1), ...row]);
		const all = [...assets, ...Array.from({length: more}, (_, i) =>
			[`Village Hall ${String(i + 1).padStart(3, '0')}`, 'HALL', 'IN_USE', 1])];
		for (const [i, row] of all.entries())
			await addAsset(q, i + 1, row);
		await q(`insert into community_body (id, name, legal_form) values ($1, 'Glenfarg Hall Trust', 'SCIO')`, [number('cbo', 1)]);
		for (const [i, state] of STATES.entries())
			await addRequest(q, i + 1, state);
		await addChanges(q);
		await q('commit');
	}, {database: reg.database});
	await until(async () => (await reg.sql('select position from assetd.feed_state'))[0].position >= CHANGES.length,
		{what: 'the sample\'s changes to have positions'});
}

async function addAsset(q, n, [name, cls, lifecycle, authority]) {
	const asset = number('ast', n), owner = number('aut', authority);
	await q(`insert into asset (id, authority_id, name, class, tenure, reference, address, postcode, easting, northing, lifecycle,
			area_m2, uprn, common_good, notes)
		values ($1, $2, $3, $4, 'OWNED', $5, 'Main Street, Glenfarg', 'PH2 9NU', 313500, 710400, $6, 1204, $7, true, 'Roof of 2019.')`,
		[asset, owner, name, cls, `R-${n}`, lifecycle, String(124000000 + n)]);
	await q('insert into asset_owner (asset_id, authority_id, published, owner_id, units) values ($1, $2, true, $2, 3)', [asset, owner]);
	if (n <= 2)
		await q(`insert into asset_owner (asset_id, authority_id, published, owner_id, units) values ($1, $2, true, $3, 1)`,
			[asset, owner, number('aut', 3 - authority)]);
	if (n > PLANNED)
		return;
	await q(`insert into valuation (id, effective_on, authority_id, asset_id, published, basis, valued_on, valuer)
		values ($1, '2026-05-01', $2, $3, true, 'MV', '2026-05-01', 'District Valuer')`, [number('val', n), owner, asset]);
	await q(`insert into valuation_money (valuation_id, authority_id, asset_id, published, restricted, amount_pence)
		values ($1, $2, $3, true, true, 20000000)`, [number('val', n), owner, asset]);
	await q(`insert into disposal_plan (id, authority_id, asset_id, published, method, stage, planned_on)
		values ($1, $2, $3, true, 'SALE', 'MARKETING', $4)`, [number('pln', n), owner, asset, `${2027 + n % 2}-06-15`]);
}

async function addRequest(q, n, state) {
	const asset = (n - 1) % 3 + 1, authority = number('aut', assets[asset - 1][3]);
	const deadlines = (clocks[state] ?? []).map(clock => ({state: 'RUNNING', confidence: 'C', skipped: [], length: 6, unit: 'MONTHS', mode: 'AFTER',
		calendar: 'CALENDAR_DAYS', calendar_version: null, ...clock}));
	await q(`insert into request (id, authority_id, asset_id, community_body_id, kind, reference_year, reference_number, state,
			state_on, model_state_on, route, received_on, validated_on, bar_from, prohibits, reasons, benefits, deadlines)
		values ($1, $2, $3, $4, 'OWNERSHIP', 2026, $5, $6, '2026-10-01', '2026-10-01', 'LA_REVIEW', '2026-10-01', $7, $7, false,
			'The village has no other place to meet.', 'A warm room on every day of the week.', $8)`,
		[number('atr', n), authority, number('ast', asset), number('cbo', 1), n, state,
			state === 'RECEIVED' ? null : '2026-10-01', JSON.stringify(deadlines)]);
	await q(`insert into request_money (request_id, authority_id, asset_id, published, offer_pence) values ($1, $2, $3, true, 5000000)`,
		[number('atr', n), authority, number('ast', asset)]);
	await q(`insert into request_event (id, authority_id, request_id, published, number, event, happened_on, actor_kind, state_to, level_to)
		values ($1, $2, $3, true, 1, 'SUBMIT', '2026-10-01', 'AUTHORITY', 'RECEIVED', 'FIRST')`,
		[number('evt', n), authority, number('atr', n)]);
}

async function addChanges(q) {
	const seen = {};
	for (const [i, [type, subject]] of CHANGES.entries()) {
		seen[subject] = (seen[subject] ?? 0) + 1;
		await q(`insert into change (id, at, authority_id, readers, is_public, type, subject, subject_seq, actor_kind, data)
			values ($1, $2, $3, '{}', true, $4, $5, $6, 'AUTHORITY', '{}')`,
			[number('evt', 1000 + i), NOW, number('aut', 1), type, subject, seen[subject]]);
	}
}
