// Random requests through the real daemon, over years of a test clock, with kills and restarts in
// between: whatever officers send, in time, late or wrong, and whenever nobody was there, what
// statute sections 5 and 22 promise holds after each step. tools/test long: 200 requests.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertSound, startRegister, until} from '../harness/index.mjs';

const LONG = process.env.ASSETD_LONG;
const [REQUESTS, STEPS] = LONG ? [200, 400] : [8, 24];
const START = Date.parse('2024-01-10T10:00:00Z');

const reg = await startRegister({clock: new Date(START).toISOString()});
after(() => reg.stop());
let {admin} = reg;

let seed = 20261122;
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
	'a current refusal has grounds, and an agreement its terms and six months for the offer': `
		select id from request_event where superseded_by is null and (event = 'REFUSE' and coalesce(jsonb_array_length(payload -> 'grounds'), 0) = 0
			or event = 'AGREE' and (payload ->> 'terms' is null or (payload ->> 'offer_by_on')::date < (happened_on + interval '6 months')::date))`,
	'nothing is in trouble': 'select request_id as id from request_trouble',
};

async function hold() {
	await until(async () => (await reg.sql('select count(*)::int as n from assetd.request where look_on <= $1', [day()]))[0].n === 0,
		{what: 'time to have acted', deadline_ms: 60_000});
	await reg.cluster.session(async db => {
		await db.query('set search_path = assetd, public');
		for (const [promise, text] of Object.entries(PROMISES)) {
			const rows = (await db.query(text, text.includes('$1') ? [day()] : [])).rows;
			assert.deepEqual(rows.slice(0, 3), [], `${promise}, on ${day()}`);
		}
	}, {database: reg.database});
}

const GROUND = [{matter: 'H', text: 'x'}];
/** Whatever an event may need; a third of them of some day gone by. */
function fields(event, on) {
	const later = n => new Date(Date.parse(on) + (20 + below(n)) * 86_400_000).toISOString().slice(0, 10);
	return {
		INELIGIBLE: {reasons: 'x'}, DECLINE_REPEAT: {reasons: 'x', earlier: 'a letter'}, CLOSE: {reasons: 'x'},
		NOTICES_ISSUED: {representations_close_on: later(40)}, REPRESENTATIONS_SENT: {comments_close_on: later(40)},
		EXTEND: {until_on: later(300)}, EXTEND_CONTRACT: {until_on: later(300)}, DIRECTION_GIVEN: {until_on: later(200)},
		DIRECTION_APPLIED: {until_on: later(200)}, ITEM_RECEIVED: {code: 'PRICE'}, REFUSE: {grounds: GROUND},
		AGREE: {terms: 'x', terms_differ: below(2) === 1}, BAR_LIFTED: {exemption: 'DIRECTION', dated_on: on, reasons: 'x'},
		REVIEW_DECIDED: any([{outcome: 'CONFIRM'}, {outcome: 'MODIFY', decision: 'AGREE', terms: 'x', terms_differ: true},
			{outcome: 'SUBSTITUTE', decision: 'REFUSE', grounds: GROUND}]),
		APPEAL_DECIDED: any([{outcome: 'ALLOW', terms: 'x'}, {outcome: 'DISMISS'}]),
		NO_CONTRACT_APPEAL_DECIDED: any([{outcome: 'ALLOW', until_on: later(200)}, {outcome: 'DISMISS'}]),
	}[event] ?? {};
}
const RARE = ['WITHDRAW', 'INELIGIBLE', 'DECLINE_REPEAT', 'CLOSE', 'BAR_LIFTED'];
const ANY = ['REVIEW_APPLIED', 'APPEAL_LODGED', 'NO_CONTRACT_APPEAL_LODGED', 'DIRECTION_APPLIED', 'AGREE', 'REFUSE', 'OFFER', 'VALIDATE'];

let done = 0, refused = 0, restarts = 0, corrected = 0;
async function act(id) {
	const request = (await admin.get(`/v1/requests/${id}`)).json;
	const allowed = request.allowed.filter(e => e !== 'COMPLETE' && (!RARE.includes(e) || below(12) === 0));
	const event = below(6) && allowed.length ? any(allowed) : any(ANY);
	const on = event === 'VALIDATE' ? request.items.map(i => i.received_on).sort().at(-1) : below(3) ? day() : day(-below(40));
	const reply = await admin.post(`/v1/requests/${id}/events`, {event, on, ...fields(event, on)});
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
	const body = (await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30})).json.id;
	for (let step = 0; step < STEPS; step++) {
		for (let i = 0; i < 1 + below(2) && ids.length < REQUESTS; i++) {
			const asset = (await admin.post('/v1/assets', {authority_id: any(councils), name: `Hall ${ids.length}`, class: 'HALL', tenure: 'OWNED'})).json;
			const reply = await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body, kind: 'OWNERSHIP', received_on: day(-below(10))},
				{idempotency: `s${ids.length}`});
			assert.equal(reply.status, 201, reply.text);
			ids.push(reply.json.id);
		}
		for (let i = 0; i < Math.min(ids.length, 12); i++)
			await (below(15) ? act(any(ids)) : correct(any(ids)));
		if (below(LONG ? 25 : 9) === 0)
			await restart();
		now += (below(6) ? below(20) : below(120)) * 86_400_000;
		reg.daemon.setClock(new Date(now).toISOString());
		if (step % 8 === 7)
			admin = reg.daemon.client(await reg.daemon.adminKey());
		await hold();
	}
	const states = (await reg.sql('select state, count(*)::int as n from assetd.request group by 1 order by 1')).map(r => `${r.state} ${r.n}`);
	console.log(`# ${ids.length} requests to ${day()}: ${done} acts, ${refused} refused, ${corrected} corrected, ${restarts} restarts: ${states.join(', ')}`);
	assert.ok(done > STEPS && restarts > 0);
	await assertSound(reg);
});
