// Random requests through the real daemon, over years of a test clock, with kills and restarts in
// between: whatever officers send, in time, late or wrong, and whenever nobody was there, what
// statute sections 5 and 22 promise holds after each step. tools/test long: 200 requests.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {MATTERS, assertSound, startRegister, until} from '../harness/index.mjs';

const LONG = process.env.ASSETD_LONG;
const [REQUESTS, STEPS] = LONG ? [200, 400] : [8, 24];
const START = Date.parse('2024-01-10T10:00:00Z');

const reg = await startRegister({clock: new Date(START).toISOString()});
after(() => reg.stop());
let {admin} = reg;

/** ASSETD_SEED=N: another walk. The same seed sends the same, but for who comes first after a restart. */
const SEED = Number(process.env.ASSETD_SEED ?? 20261122);
let seed = SEED;
const below = n => {
	seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
	return (seed >>> 8) % n;
};
const any = list => list[below(list.length)];
let now = START;
const day = (days = 0) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);

// What must hold of every request, in the database, once time has acted. Each gives the rows that break it.
const PROMISES = {
	'the state is the ledger\'s last, and the ledger has no gap': `
		select r.id from request as r join lateral (select array_agg(e.state_from order by coalesce(e.place, e.number), e.number) as f,
			array_agg(e.state_to order by coalesce(e.place, e.number), e.number) as t
			from request_event as e where e.request_id = r.id and e.superseded_by is null) as l on true
		 where l.t[cardinality(l.t)] <> r.state or l.f[2:] is distinct from l.t[:cardinality(l.t) - 1]`,
	'nothing that time should have done waits': `select id from request where look_on <= $1`,
	'nothing happened that has not come': `select id from request_event where happened_on > $1`,
	'a request counts as made on the day of its last item, and only when it is whole': `
		select r.id from request as r where r.validated_on is not null and (r.validated_on is distinct from
			(select max(i.received_on) from request_item as i where i.request_id = r.id)
			or exists (select from request_item as i where i.request_id = r.id and i.received_on is null))`,
	'the decision is due six months on, or on the day agreed': `
		select r.id from request as r, jsonb_array_elements(r.deadlines) as d
		 where d ->> 'clock' = 'K6' and (d ->> 'due_on')::date <> (r.validated_on + interval '6 months')::date`,
	'a decision is owed while one is being made, and then once': `
		select r.id from request as r where (r.state in ('VALIDATED', 'REPRESENTATIONS_OPEN', 'CTB_COMMENT', 'UNDER_ASSESSMENT'))::int
			<> (select count(*) from jsonb_array_elements(r.deadlines) as d where d ->> 'clock' in ('K6', 'K7') and d ->> 'state' = 'RUNNING')`,
	'at most one challenge clock runs': `
		select r.id from request as r where 1 < (select count(*) from jsonb_array_elements(r.deadlines) as d
			where d ->> 'clock' in ('K8', 'K9', 'K10', 'K11', 'K12', 'K13') and d ->> 'state' = 'RUNNING')`,
	'the bar runs from validation, in the states that bar, and in them alone': `
		select r.id from request as r join request_state as s on s.code = r.state
		 where r.bar_from is distinct from r.validated_on or r.bar_to < r.bar_from
			or r.bar_exemption is null and r.validated_on is not null and s.bars <> (r.bar_to is null)`,
	'a review is a council\'s, and there is one': `
		select r.id from request as r where r.level = 'REVIEW' and r.route not in ('LA_REVIEW', 'LA_STYLE_REVIEW')
		union all select e.request_id from request_event as e where e.superseded_by is null and e.state_to = 'UNDER_REVIEW'
			and e.state_from <> 'UNDER_REVIEW' group by e.request_id having count(*) > 1`,
	'what is closed runs no clock and allows nothing': `
		select r.id from request as r join request_state as s on s.code = r.state where not s.is_open
			and (r.allowed <> '{}' or r.deadlines @? '$[*] ? (@.state == "RUNNING")')`,
	'nothing is told of a deadline twice': `
		select subject from change where type in ('deadline.approaching', 'deadline.missed')
		 group by subject, type, data ->> 'clock', data ->> 'starts_on', data ->> 'due_on' having count(*) > 1`,
	'nothing is told of a deadline on a wrong day': `
		select subject from change where type = 'deadline.missed' and data ->> 'on' <> data ->> 'due_on'
			or type = 'deadline.approaching' and data ->> 'on' > data ->> 'due_on' or type like 'deadline.%' and (data ->> 'on')::date > $1`,
	'what time did is dated on its day and nobody\'s': `
		select e.id from request_event as e where e.actor_kind = 'SYSTEM' and (e.payload <> '{}' or e.happened_on >= $1)`,
	'a current refusal has grounds, and an agreement its terms, its matters and six months for the offer': `
		select id from request_event where superseded_by is null and (event = 'REFUSE' and coalesce(jsonb_array_length(payload -> 'grounds'), 0) = 0
			or event = 'AGREE' and (payload ->> 'terms' is null or jsonb_array_length(payload -> 'matters') is distinct from 14 or (payload ->> 'offer_by_on')::date < (happened_on + interval '6 months')::date))`,
	'a partial request owns no clock but the one for its missing items, and no bar': `
		select r.id from request as r where r.validated_on is null and (r.bar_from is not null
			or r.deadlines @? '$[*] ? (@.clock != "K2")')`,
	'one decision notice is current, and an older one was superseded by a newer': `
		select request_id as id from notice where code = 'N7' and state = 'ISSUED' and superseded_by is null group by 1 having count(*) > 1
		union all select n.id from notice as n where n.superseded_by is not null and not exists (select from notice as s
			where s.id = n.superseded_by and s.request_id = n.request_id and s.code = n.code and s.number > n.number)`,
	'no land was disposed of to others while a bar was known to run, unless an exemption says why': `
		with land as (select id as a, id as b from asset union select id, part_of from asset where part_of is not null
			union select part_of, id from asset where part_of is not null
			union select asset_id, other_id from land_pair where state = 'CONFIRMED' union select other_id, asset_id from land_pair where state = 'CONFIRMED')
		select d.id from disposal as d join land as l on l.a = d.asset_id join request as r on r.asset_id = l.b
		  left join request as own on own.id = d.request_id
		 where d.exemption is null and r.bar_exemption is null and r.id is distinct from d.request_id
			and d.completed_on between r.bar_from and coalesce(r.bar_to, 'infinity')
			and (own.id is null or own.validated_on is null or r.validated_on < own.validated_on)
			and exists (select from request_event as e where e.request_id = r.id and e.event = 'VALIDATE' and e.superseded_by is null
				and e.recorded_at < d.created_at)`,
	'each longer period was agreed by the last day of the one it replaces, and is longer': `
		select e.request_id as id from (select e.*, coalesce(lag((e.payload ->> 'until_on')::date) over
				(partition by e.request_id order by coalesce(e.place, e.number), e.number), (r.validated_on + interval '6 months')::date) as due
			from request_event as e join request as r on r.id = e.request_id where e.event = 'EXTEND' and e.superseded_by is null) as e
		 where coalesce((e.payload ->> 'agreed_on')::date, e.happened_on) > e.due or (e.payload ->> 'until_on')::date <= e.due`,
	'a printed closing date leaves the least that the law allows': `
		select id from request_event where superseded_by is null and event in ('NOTICES_ISSUED', 'REPRESENTATIONS_SENT')
			and (select count(*) from generate_series(happened_on + 1, coalesce(payload ->> 'representations_close_on', payload ->> 'comments_close_on')::date, '1 day') as d
				where extract(isodow from d) < 6 and to_char(d, 'MM-DD') not in ('12-25', '12-26', '01-01', '01-02')) < 20`,
	'a challenge that led nowhere is kept and flagged': `
		select r.id from request as r join request_event as e on e.request_id = r.id and e.superseded_by is null and e.state_from = e.state_to
			and e.event in ('REVIEW_APPLIED', 'APPEAL_LODGED', 'NO_CONTRACT_APPEAL_LODGED')
		 where not r.flags && array['LATE_CHALLENGE', 'LATE_ON_ONE_READING', 'CHALLENGE_ON_LAST_DAY']`,
	'each deadline says its rule, start, calendar and source, and the request which version of the calendar': `
		select r.id from request as r, jsonb_array_elements(r.deadlines) as d
		 where r.calendar_version is distinct from calendar_standing() or not d ?& array['clock', 'starts_on', 'due_on', 'calendar', 'citation', 'how', 'confidence']`,
	'nothing of a person is public before it was redacted': `
		select id from representation where shown and redacted_text is null
		union all select id from document where published and redaction not in ('NOT_NEEDED', 'REDACTED')`,
	'nothing is in trouble': 'select request_id as id from request_trouble',
};

async function hold() {
	await until(async () => (await reg.sql('select count(*)::int as n from assetd.request where look_on <= $1', [day()]))[0].n === 0,
		{what: 'time to have acted'});
	await reg.cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		for (const [promise, text] of Object.entries(PROMISES)) {
			const rows = (await db.query(text, text.includes('$1') ? [day()] : [])).rows;
			assert.deepEqual(rows.slice(0, 3), [], `${promise}, on ${day()}, seed ${SEED}`);
		}
	}, {database: reg.database});
}

const GROUND = [{matter: 'H', text: 'x'}];
/** Whatever an event may need; a third of them of some day gone by. */
function fields(event, on, request) {
	const later = n => new Date(Date.parse(on) + (20 + below(n)) * 86_400_000).toISOString().slice(0, 10);
	return {
		INELIGIBLE: {reasons: 'x'}, DECLINE_REPEAT: {reasons: 'x', earlier: 'a letter'}, CLOSE: {reasons: 'x'},
		NOTICES_ISSUED: {representations_close_on: later(40)}, REPRESENTATIONS_SENT: {comments_close_on: later(40)},
		EXTEND: {until_on: later(300)}, EXTEND_CONTRACT: {until_on: later(300)}, DIRECTION_GIVEN: {until_on: later(200)},
		DIRECTION_APPLIED: {until_on: later(200)}, ITEM_RECEIVED: {code: request.items.find(i => !i.received_on)?.code ?? 'NAME'}, SUBMIT: someItems(request.kind, on),
		VALIDATE: below(2) ? {override_reason: 'x'} : {}, COMPLETE: {price_pence: 100}, REFUSE: {grounds: GROUND},
		AGREE: {terms: 'x', matters: MATTERS, terms_differ: below(2) === 1}, BAR_LIFTED: {exemption: 'DIRECTION', dated_on: on, reasons: 'x'},
		REVIEW_DECIDED: any([{outcome: 'CONFIRM'}, {outcome: 'MODIFY', decision: 'AGREE', terms: 'x', terms_differ: true, matters: MATTERS},
			{outcome: 'SUBSTITUTE', decision: 'REFUSE', grounds: GROUND}]),
		APPEAL_DECIDED: any([{outcome: 'ALLOW', terms: 'x'}, {outcome: 'DISMISS'}]),
		NO_CONTRACT_APPEAL_DECIDED: any([{outcome: 'ALLOW', until_on: later(200)}, {outcome: 'DISMISS'}]),
	}[event] ?? {};
}
const RARE = ['WITHDRAW', 'INELIGIBLE', 'DECLINE_REPEAT', 'CLOSE', 'BAR_LIFTED'];
const KINDS = ['OWNERSHIP', 'OWNERSHIP', 'LEASE', 'OTHER_RIGHTS'];
const ITEM = {OWNERSHIP: 'PRICE', LEASE: 'RENT', OTHER_RIGHTS: 'RIGHTS'};
const ITEMS = kind => ['WRITING', 'PART5', 'NAME', 'ADDRESS', 'BODY', 'LAND', 'TYPE', 'REASONS', 'BENEFITS', 'TERMS', 'USE', 'OBLIGATIONS',
	'NEGATIVES', 'ABILITY', 'SUPPORT', 'FUNDING', ITEM[kind]];
/** Mostly all of them, which is said by saying nothing; else some are missing. */
const someItems = (kind, on) => below(3) ? {} : {items: ITEMS(kind).filter(() => below(6)).map(code => ({code, ...below(8) ? {received_on: on} : {}}))};
const ANY = ['REVIEW_APPLIED', 'APPEAL_LODGED', 'NO_CONTRACT_APPEAL_LODGED', 'DIRECTION_APPLIED', 'AGREE', 'REFUSE', 'OFFER', 'VALIDATE'];

let done = 0, refused = 0, restarts = 0, corrected = 0, notices = 0, sold = 0, barred = 0;
async function act(id) {
	const request = (await admin.get(`/v1/requests/${id}`)).json;
	const allowed = request.allowed.filter(e => (!RARE.includes(e) || below(12) === 0));
	const event = below(6) && allowed.length ? any(allowed) : any(ANY);
	const last = (request.items ?? []).map(i => i.received_on).filter(Boolean).sort().at(-1);
	const on = event === 'VALIDATE' && last ? last : below(3) ? day() : day(-below(40));
	const reply = await admin.post(`/v1/requests/${id}/events`, {event, on, ...fields(event, on, request)});
	assert.ok([201, 409, 422].includes(reply.status), `${event} on ${on} in ${request.state}: ${reply.text}`);
	reply.status === 201 ? done++ : refused++;
}
/** An officer finds that something was of another day. */
async function correct(id) {
	const {items} = (await admin.get(`/v1/requests/${id}/events`)).json;
	const one = any(items.filter(e => !e.superseded_by && e.actor !== 'SYSTEM'));
	const on = new Date(Date.parse(one.on) + (below(11) - 5) * 86_400_000).toISOString().slice(0, 10);
	const reply = await admin.post(`/v1/requests/${id}/events`, {event: 'CORRECT', event_id: one.id, on, reasons: 'x'});
	assert.ok([201, 409, 422].includes(reply.status), `CORRECT ${one.event} of ${one.on} to ${on}: ${reply.text}`);
	corrected += reply.status === 201;
}

/** A notice is drafted, filled in as far as its answer says, and issued: or refused with its reason. */
async function notify(id) {
	const made = await admin.post(`/v1/requests/${id}/notices`, {code: below(2) ? 'N7' : `N${1 + below(13)}`});
	assert.ok([201, 409].includes(made.status), made.text);
	if (made.status !== 201)
		return;
	const door = `/v1/requests/${id}/notices/${made.json.id}`;
	const fill = {matters: MATTERS, inspect_at: 'Town House', respond_to: 'Write to us.'};
	const wanted = Object.fromEntries(Object.entries(fill).filter(([field]) => made.json.missing.some(m => m.field === field)));
	if (Object.keys(wanted).length)
		assert.equal((await admin.patch(door, wanted, {match: '*'})).status, 200);
	const issued = await admin.post(`${door}/issue`, {});
	assert.ok([200, 409, 422].includes(issued.status), issued.text);
	notices += issued.status === 200;
}
/** The land is sold to others: refused while a request bars it. */
async function sell(asset) {
	const exempt = below(6) === 0 ? {exemption: 'DIRECTION', exemption_dated_on: day()} : {};
	const reply = await admin.post(`/v1/assets/${asset}/disposals`, {kind: 'MARKET', completed_on: day(-below(20)), gross_pence: 1, ...exempt});
	assert.ok([201, 409, 422].includes(reply.status), reply.text);
	reply.status === 201 ? sold++ : barred++;
}
/** A letter comes, late or not; an officer marks, redacts and shows it, in whatever order. */
async function represent(id) {
	const made = await admin.post(`/v1/requests/${id}/representations`, {channel: 'LETTER', received_on: day(-below(30)), text: 'I, Morag Private, am for it.'});
	assert.ok([201, 409, 422].includes(made.status), made.text);
	for (let i = 0; made.status === 201 && i < 4; i++) {
		const more = any([{event: 'MARK', mark: 'COUNTED'}, {event: 'REDACT', text: 'For it.'}, {event: 'PUBLISH'}, {event: 'WITHHOLD', reasons: 'x'}]);
		const reply = await admin.post(`/v1/representations/${made.json.id}/events`, more);
		assert.ok([200, 201, 409, 422].includes(reply.status), reply.text);
	}
}

async function restart() {
	restarts++;
	await (below(2) ? reg.daemon.kill() : reg.daemon.stop());
	now += below(30) * 86_400_000;
	reg.daemon.setClock(new Date(now).toISOString());
	await reg.daemon.start();
}

test(`${REQUESTS} requests over years, with restarts`, {timeout: LONG ? 3_600_000 : 240_000}, async () => {
	const ids = [];
	const councils = await Promise.all(['COUNCIL', 'SCOTTISH_MINISTERS', 'HEALTH_BOARD'].map(async kind =>
		(await admin.post('/v1/authorities', {name: kind, kind, code: kind})).json.id));
	const bodies = await Promise.all([{legal_form: 'SCIO', members: 30}, {legal_form: 'COMPANY', members: 30, unmet: ['WINDING_UP']}, {legal_form: 'BENCOM', members: 12},
		{legal_form: 'UNINCORPORATED'}, {legal_form: 'SCIO', members: 40, unmet: ['CC4']}].map(async (b, i) =>
		(await admin.post('/v1/community-bodies', {name: `Trust ${i}`, ...b})).json.id));
	const assets = [];
	/* Land of its own, or that of an earlier request, or land beside that, which an officer says overlaps it. */
	const land = async () => {
		const old = assets.length && below(4) === 0 ? any(assets) : null;
		if (old && below(2))
			return old.id;
		const asset = (await admin.post('/v1/assets', {authority_id: old?.authority_id ?? any(councils), name: `Hall ${assets.length}`, class: 'HALL',
			tenure: below(6) ? 'OWNED' : 'LEASED_IN'})).json;
		if (old)
			assert.equal((await admin.post('/v1/land-pairs', {asset_id: asset.id, other_id: old.id, state: 'CONFIRMED', reason: 'x'})).status, 201);
		assets.push(asset);
		return asset.id;
	};
	for (let step = 0; step < STEPS; step++) {
		for (let i = 0; i < 1 + below(2) && ids.length < REQUESTS; i++) {
			const kind = any(KINDS), received_on = day(-below(10));
			const reply = await admin.post('/v1/requests', {asset_id: await land(), community_body_id: below(2) ? bodies[0] : any(bodies), kind, received_on,
				stage: any(['ENQUIRY', 'EXPRESSION_OF_INTEREST', 'RECEIVED', 'RECEIVED', 'RECEIVED', 'RECEIVED']), ...someItems(kind, received_on)},
				{idempotency: `s${ids.length}`});
			assert.equal(reply.status, 201, reply.text);
			ids.push(reply.json.id);
		}
		for (let i = 0; i < Math.min(ids.length, 12); i++)
			await any([...Array(22).fill(act), correct, correct, notify, notify, notify, represent])(any(ids));
		await sell(any(assets).id);
		if (below(LONG ? 25 : 9) === 0)
			await restart();
		now += (below(6) ? below(20) : below(120)) * 86_400_000;
		reg.daemon.setClock(new Date(now).toISOString());
		if (step % 8 === 7)
			admin = reg.daemon.client(await reg.daemon.adminKey());
		await hold();
	}
	const states = (await reg.sql('select state, count(*)::int as n from assetd.request group by 1 order by 1')).map(r => `${r.state} ${r.n}`);
	console.log(`# seed ${SEED}: ${ids.length} requests to ${day()}: ${done} acts, ${refused} refused, ${corrected} corrected, ${notices} notices, ${sold} sold, ${barred} sales refused, ${restarts} restarts: ${states.join(', ')}`);
	assert.ok(done > STEPS && restarts > 0 && notices > 0 && barred > 0, 'the walk goes everywhere');
	await assertSound(reg);
});
