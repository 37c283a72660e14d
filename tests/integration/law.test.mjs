// Section 22 of the rulebook, row by row, against the role that the daemon has: plain SQL tries to break each check, and must be
// refused by the rule that stands for it. That it is this rule which refuses, and nothing beside it, shows when the rule is taken
// away in a transaction that is then undone: the same statements pass.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {MATTERS, TREE, ok, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-20T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
const PRN = 'prn_' + '7'.padStart(26, '0');
const AS = `set local search_path = assetd, public; select actor_set('${PRN}', null, 'test', '2026-11-20T10:00:00Z', '2026-11-20')`;

/* The rows as the rulebook has them. */
const rows = fs.readFileSync(path.join(TREE, 'tests/data/rulebook/checks.csv'), 'utf8').trim().split('\n').slice(1)
	.map(line => ({number: Number(line.split(',')[0]), level: line.split(',').at(-1)}));

let council, board, body, n = 0;
const act = async (id, event, on, more = {}) => ok(await admin.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const newAsset = async (authority = council, more = {}) => ok(await admin.post('/v1/assets',
	{authority_id: authority.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', ...more}));
async function newRequest(on, more = {}, authority = council) {
	const asset = await newAsset(authority);
	return ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: on, ...more},
		{idempotency: `law${n}`}));
}
const validated = async (on, {act: how, ...more} = {}, authority) => act((await newRequest(on, more, authority)).id, 'VALIDATE', on, how);
const inState = (id, state) => until(async () => ok(await admin.get(`/v1/requests/${id}`), 200).state === state, {what: state});
async function assessed(on) {
	const {id} = await validated(on);
	await act(id, 'NOTICES_ISSUED', on, {representations_close_on: '2026-10-30'});
	await inState(id, 'UNDER_ASSESSMENT');
	return ok(await admin.get(`/v1/requests/${id}`), 200);
}

/* What is tried upon: r.half is not complete, r.made is validated, and so on. */
const r = {};
before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C'}));
	board = ok(await admin.post('/v1/authorities', {name: 'Board', kind: 'HEALTH_BOARD', code: 'B'}));
	body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
	const few = ok(await admin.post('/v1/community-bodies', {name: 'Few', legal_form: 'COMPANY', members: 3}));
	r.half = await newRequest('2026-09-01', {items: [{code: 'NAME', received_on: '2026-09-01'}]});
	r.made = await validated('2026-09-01');
	r.few = await validated('2026-09-01', {community_body_id: few.id, act: {override_reason: 'it is growing'}});
	r.ready = await assessed('2026-09-01');
	r.board = await validated('2026-09-01', {}, board);
	r.refused = await assessed('2026-09-01');
	await act(r.refused.id, 'REFUSE', '2026-11-02', {grounds: [{matter: 'H', text: 'It is needed.'}]});
	r.review = await act(r.refused.id, 'REVIEW_APPLIED', '2026-11-03');
	r.spare = await newAsset();
	r.part = await newAsset(council, {part_of: r.made.asset_id});
	r.leased = await newAsset(council, {tenure: 'LEASED_IN'});
	r.plan = ok(await admin.put(`/v1/assets/${r.made.asset_id}/disposal-plan`,
		{method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-01'}, {headers: {'If-None-Match': '*'}}));
	r.listed = await newRequest('2026-09-01', {asset_id: undefined, land: {authority_id: council.id, description: 'The field behind the school'}});
	await act(r.listed.id, 'VALIDATE', '2026-09-01');
	await reg.cluster.session(db => db.query(`begin; set local search_path = assetd, public;
		select set_config('assetd.now', '2026-11-20T10:00:00Z', true), set_config('assetd.today', '2026-11-20', true);
		insert into principal (id, authority_id, name) values ('${PRN}', '${council.id}', 'Officer');
		insert into principal_role (principal_id, authority_id, role)
			select '${PRN}', a, r from unnest(array['ESTATES', 'DECIDER', 'FINANCE']) as r, unnest(array['${council.id}', '${board.id}']) as a; commit`),
	{database: reg.database});
});

let made = 0;
const newId = prefix => `${prefix}_${String(++made).padStart(26, '7')}`;
/* A further entry of a ledger, as the daemon would write it. */
const entry = (request, event, on, {to = request.state, level = request.level, ...payload} = {}) => `insert into request_event (id, authority_id,
		request_id, published, number, event, happened_on, actor_kind, state_from, state_to, level_to, payload)
	select '${newId('evt')}', authority_id, id, published, 1 + (select coalesce(max(number), 0) from request_event where request_id = '${request.id}'),
		'${event}', '${on}', 'AUTHORITY', state, '${to}', '${level}', '${JSON.stringify(payload)}' from request where id = '${request.id}'`;
const set = (request, words) => `update request set version = version + 1, ${words} where id = '${request.id}'`;
const clock = (id, starts_on, due_on, more = {}) => ({clock: id, starts_on, due_on, state: 'RUNNING', length: 6, unit: 'MONTHS', mode: 'AFTER',
	calendar: 'CALENDAR_DAYS', calendar_version: null, ...more});
const clocks = (...list) => `deadlines = '${JSON.stringify(list)}'`;
const K6 = clock('K6', '2026-09-01', '2027-03-01');
/* A decision notice, drafted and issued; Ministers weighed the matters of this variant. */
const notice = (request, id, number) => [`insert into notice (id, authority_id, request_id, published, number, code, variant, event_id, is_public, form,
		content, missing) select '${id}', authority_id, request_id, published, ${number}, 'N7', 'APPEAL_AGREED', id, true, '{}', '{}', '[]'
	  from request_event where request_id = '${request.id}' and event in ('REFUSE', 'REVIEW_APPLIED') order by number limit 1`,
`update notice set version = version + 1, state = 'ISSUED', dated_on = '2026-11-20', issued_by = '${PRN}', issued_at = clock_at() where id = '${id}'`];
const without = (table, ...names) => names.map(name => `alter table ${table} drop constraint ${name}`);
const untriggered = (table, ...names) => names.map(name => `alter table ${table} disable trigger ${name}`);
const document = (id, more) => `insert into document (id, authority_id, request_id, parent_published, state, kind, title, file_name, received_on,
		retention, retention_from, media_type, byte_count, sha256, crc32, published, redaction, redaction_at)
	select '${id}', authority_id, id, published, 'STORED', 'OTHER', 'Plan', 'plan.pdf', '2026-11-01', 'REQUEST', 'NEVER', 'application/pdf', 1,
		'\\x${'00'.repeat(32)}', 0, ${more} from request where id = '${r.made.id}'`;

/*
 * Each: the row of the rulebook; what is tried; the rule that refuses; `lift`: what takes the rule away, all of which
 * another rule would refuse left out or lifted beside it.
 */
const attempts = () => {
	const evidence = {to: 'VALIDATED'};
	const late = `${newId('evt')}`;
	const [n1, n2] = [newId('ntc'), newId('ntc')];
	return [
		[1, 'validated while an item is missing', 'request_validation_date', untriggered('request', 'law_validation_move'),
			[entry(r.half, 'VALIDATE', '2026-09-01', evidence), set(r.half, `state = 'VALIDATED', validated_on = '2026-09-01', bar_from = '2026-09-01', ${clocks(K6)}`)]],
		[1, 'on another day than that of its last item', 'request_validation_date', untriggered('request', 'law_validation_move'),
			[set(r.made, `validated_on = '2026-08-31', bar_from = '2026-08-31', ${clocks(clock('K6', '2026-08-31', '2027-02-28'))}`)]],
		[1, 'an item that had arrived is missing again', 'request_validation_date', untriggered('request_item', 'law_validation'),
			[`update request_item set received_on = null where request_id = '${r.made.id}' and code = 'USE'`]],
		[1, 'an item arrives after validation', 'request_validation_date', untriggered('request_item', 'law_validation'),
			[`update request_item set received_on = '2026-09-02' where request_id = '${r.made.id}' and code = 'NAME'`]],
		[2, 'three members, and nobody says why', 'request_owner_is_eligible', untriggered('request', 'law_owner_move'),
			[set(r.few, 'override_reason = null')]],
		[2, 'another body, with three members', 'request_owner_is_eligible', untriggered('request', 'law_owner_move'),
			[set(r.made, `community_body_id = '${r.few.community_body_id}'`)]],
		[2, 'land that the authority leases in', 'request_owner_is_eligible', untriggered('request', 'law_owner_move'),
			[set(r.listed, `asset_id = '${r.leased.id}'`)]],
		[3, 'a longer period agreed a day late', 'request_longer_period', untriggered('request_event', 'law_due').concat(untriggered('request', 'law_due_move')),
			[entry(r.made, 'EXTEND', '2027-03-02', {agreed_on: '2027-03-02', until_on: '2027-05-01'}), set(r.made, clocks(K6, clock('K7', '2027-03-02', '2027-05-01')))]],
		[3, 'a longer period that ends on the same day', 'request_longer_period', untriggered('request_event', 'law_due'),
			[entry(r.made, 'EXTEND', '2026-11-20', {agreed_on: '2026-11-20', until_on: '2027-03-01'})]],
		[3, 'a second one that ends before the first', 'request_longer_period', untriggered('request_event', 'law_due').concat(untriggered('request', 'law_due_move')),
			[entry(r.made, 'EXTEND', '2026-11-19', {until_on: '2027-06-01'}), entry(r.made, 'EXTEND', '2026-11-20', {until_on: '2027-05-01'}),
				set(r.made, clocks(K6, clock('K7', '2026-11-20', '2027-05-01')))]],
		[3, 'a due day of one\'s own', 'request_decision_due', untriggered('request', 'law_due_move'), [set(r.made, clocks(clock('K6', '2026-09-01', '2027-03-02')))]],
		[3, 'no due day at all', 'request_decision_due', untriggered('request', 'law_due_move'), [set(r.made, clocks())]],
		[3, 'a longer period that nobody agreed', 'request_decision_due', untriggered('request', 'law_due_move'),
			[set(r.made, clocks(K6, clock('K7', '2026-11-20', '2027-05-01')))]],
		[4, 'a refusal without grounds', 'request_event_decision_is_sound', without('request_event', 'request_event_decision_is_sound', 'request_event_decision_stands'),
			[entry(r.ready, 'REFUSE', '2026-11-20', {to: 'REFUSED'}), set(r.ready, `state = 'REFUSED'`)]],
		[4, 'a refusal whose ground says nothing', 'request_event_decision_stands', without('request_event', 'request_event_decision_stands'),
			[entry(r.ready, 'REFUSE', '2026-11-20', {to: 'REFUSED', grounds: [{matter: 'H', text: '  '}]}), set(r.ready, `state = 'REFUSED'`)]],
		[4, 'a review that refuses by its outcome alone', 'request_event_decision_stands', without('request_event', 'request_event_decision_stands'),
			[entry(r.review, 'REVIEW_DECIDED', '2026-11-20', {to: 'REFUSED_AFTER_REVIEW', level: 'REVIEW', outcome: 'MODIFY'}), set(r.review, `state = 'REFUSED_AFTER_REVIEW', level = 'REVIEW'`)]],
		[4, 'a review that confirms a refusal which there never was', 'request_confirmed_refusal', untriggered('request_event', 'law_confirmed'),
			[entry(r.ready, 'REVIEW_DECIDED', '2026-11-20', {to: 'REFUSED_AFTER_REVIEW', level: 'REVIEW', outcome: 'CONFIRM'}), set(r.ready, `state = 'REFUSED_AFTER_REVIEW', level = 'REVIEW'`)]],
		...[['REFUSED', 'ACKNOWLEDGED'], ['REFUSED_AFTER_REVIEW', 'WITHDRAW'], ['CLOSED_REFUSED', 'CLOSE']].map(([to, event]) =>
			[4, `${to} by an act that decides nothing`, 'request_event_refusal_is_decided', without('request_event', 'request_event_refusal_is_decided'),
				[entry(r.ready, event, '2026-11-20', {to})]]),
		[4, 'refused by a word, without a decision', 'request_state_is_told', untriggered('request', 'law_state_move'), [set(r.ready, `state = 'REFUSED'`)]],
		[4, 'an agreement without terms', 'request_event_decision_is_sound', without('request_event', 'request_event_decision_is_sound', 'request_event_decision_stands'),
			[entry(r.ready, 'AGREE', '2026-11-20', {to: 'AGREED', matters: MATTERS, offer_by_on: '2027-05-20'}), set(r.ready, `state = 'AGREED'`)]],
		...[['nothing', undefined], ['all but one matter', MATTERS.slice(1)], ['one matter twice, and another not', [...MATTERS.slice(1), MATTERS[1]]],
			['one matter in a text that says nothing', [...MATTERS.slice(1), {matter: 'A', text: ' \n'}]], ['a matter that there is not', [...MATTERS.slice(1), {matter: 'C', text: 'x'}]]]
			.flatMap(([what, matters]) => [
				[4, `an agreement that weighed ${what}`, 'request_event_matters_are_weighed', untriggered('request_event', 'law_weighed'),
					[entry(r.ready, 'AGREE', '2026-11-20', {to: 'AGREED', terms: 'x', matters, offer_by_on: '2027-05-20'}), set(r.ready, `state = 'AGREED'`)]],
				[4, `a review that agrees and weighed ${what}`, 'request_event_matters_are_weighed', untriggered('request_event', 'law_weighed'),
					[entry(r.review, 'REVIEW_DECIDED', '2026-11-20', {to: 'AGREED', level: 'REVIEW', outcome: 'MODIFY', decision: 'AGREE', terms: 'x', matters, offer_by_on: '2027-05-20'}),
						set(r.review, `state = 'AGREED', level = 'REVIEW'`)]]]),
		[4, 'a day less than six months for the offer', 'request_event_decision_is_sound', without('request_event', 'request_event_decision_is_sound'),
			[entry(r.ready, 'AGREE', '2026-11-20', {to: 'AGREED', terms: 'x', matters: MATTERS, offer_by_on: '2027-05-19'}), set(r.ready, `state = 'AGREED'`)]],
		[4, 'nor after an appeal, from the notice that follows it', 'request_event_decision_stands', without('request_event', 'request_event_decision_stands'),
			[entry(r.ready, 'APPEAL_DECIDED', '2026-11-10', {to: 'AGREED', outcome: 'ALLOW', terms: 'x', notice_on: '2026-11-20', offer_by_on: '2027-05-19'})]],
		[4, 'nor after an appeal that was dismissed, from the decision', 'request_event_decision_stands', without('request_event', 'request_event_decision_stands'),
			[entry(r.ready, 'APPEAL_DECIDED', '2026-11-10', {to: 'AGREED', outcome: 'DISMISS', notice_on: '2026-11-05', offer_by_on: '2027-05-09'})]],
		[5, 'two decision notices that stand', 'notice_current_decision', ['drop index notice_current_decision', 'drop index notice_current'],
			[...notice(r.review, n1, 81), ...notice(r.review, n2, 82)]],
		[5, 'two that each gave way to the other', 'notice_gives_way_to_a_newer', untriggered('notice', 'law_chain'),
			[...notice(r.review, n1, 81), notice(r.review, n2, 82)[0], `update notice set version = version + 1, superseded_by = '${n2}' where id = '${n1}'`]],
		[5, 'an issued notice that stands again', 'AS085', untriggered('notice', 'guard', 'law_chain'),
			[...notice(r.review, n1, 81), notice(r.review, n2, 82)[0], `update notice set version = version + 1, superseded_by = '${n2}' where id = '${n1}'`,
				`update notice set version = version + 1, superseded_by = null where id = '${n1}'`]],
		[6, 'the bar begins on another day', 'request_bar_begins', without('request', 'request_bar_begins', 'request_bar_follows_validation'), [set(r.made, `bar_from = '2026-09-02'`)]],
		[6, 'validated, and no bar', 'request_bar_follows_validation', without('request', 'request_bar_follows_validation').concat(untriggered('request', 'law_validation_move')),
			[entry(r.half, 'VALIDATE', '2026-09-01', evidence), set(r.half, `state = 'VALIDATED', validated_on = '2026-09-01', ${clocks(K6)}`)]],
		[6, 'the bar ends while the request goes on', 'request_bar_runs', untriggered('request', 'guard_bar', 'law_bar_move'), [set(r.made, `bar_to = '2026-11-20'`)]],
		[6, 'the bar ends on a day on which nothing happened', 'request_bar_end', untriggered('request', 'law_bar_move'),
			[entry(r.made, 'WITHDRAW', '2026-11-20', {to: 'WITHDRAWN'}), set(r.made, `state = 'WITHDRAWN', bar_to = '2026-11-19'`)]],
		[6, 'the bar outlives the request', 'request_bar_end', untriggered('request', 'law_bar_move'),
			[entry(r.made, 'WITHDRAW', '2026-11-20', {to: 'WITHDRAWN'}), set(r.made, `state = 'WITHDRAWN'`)]],
		[6, 'the bar ends before it begins', 'request_check1', without('request', 'request_check1'),
			[entry(r.made, 'WITHDRAW', '2026-08-31', {to: 'WITHDRAWN'}), set(r.made, `state = 'WITHDRAWN', bar_to = '2026-08-31'`)]],
		[6, 'lifted, and no direction in the ledger', 'request_bar_exemption_is_told', untriggered('request', 'law_bar_move'),
			[set(r.made, `bar_exemption = 'DIRECTION', bar_dated_on = '2026-11-20'`)]],
		...[['of the land', r.made.asset_id], ['of a part of it', r.part.id]].map(([what, asset]) =>
			[7, `a disposal ${what}`, 'AS056', untriggered('disposal', 'guard'), [dispose(asset, 'null', 'null')]]),
		[7, 'a disposal that is said to come of the request itself, which only asks', 'disposal_completes_request', untriggered('disposal', 'law_completes'),
			[dispose(r.made.asset_id, 'null', 'null').replace('completed_on,', 'completed_on, request_id,').replace("'2026-11-01',", `'2026-11-01', '${r.made.id}',`)]],
		[7, 'a disposal by an exemption as old as the request', 'AS056', untriggered('disposal', 'guard'), [dispose(r.made.asset_id, "'ADVERTISED'", "'2026-09-01'")]],
		[7, 'a bar that is said not to hold, by no exemption', 'request_bar_ends_by_exemption', untriggered('request', 'law_exempt_move'),
			[entry(r.half, 'VALIDATE', '2026-09-05', {...evidence, bar: {prohibits: false}}), `update request_item set received_on = '2026-09-05' where request_id = '${r.half.id}'`,
				set(r.half, `state = 'VALIDATED', validated_on = '2026-09-05', bar_from = '2026-09-05', prohibits = false, ${clocks(clock('K6', '2026-09-05', '2027-03-05'))}`)]],
		[7, 'a contract to dispose', 'AS056', untriggered('disposal_plan', 'guard_missives_move'),
			[`update disposal_plan set version = version + 1, stage = 'MISSIVES' where asset_id = '${r.made.asset_id}'`]],
		[7, 'a plan that begins as a contract', 'AS056', untriggered('disposal_plan', 'guard_missives'),
			[`insert into disposal_plan (id, authority_id, asset_id, published, method, stage, planned_on, exemption, exemption_dated_on)
				values ('${newId('pln')}', '${council.id}', '${r.part.id}', true, 'LEASE', 'MISSIVES', '2027-01-01', 'NEGOTIATIONS', '2026-09-01')`]],
		[7, 'a disposal that was undone before happens after all', 'disposal_stays_undone', untriggered('disposal', 'guard_undone'),
			[dispose(r.spare.id, 'null', 'null'), `update disposal set version = version + 1, undone_at = clock_at() where asset_id = '${r.spare.id}'`,
				`update disposal set version = version + 1, undone_at = null where asset_id = '${r.spare.id}'`]],
		[8, 'nineteen working days for representations', 'request_closing_date', untriggered('request_event', 'law_closing'),
			[entry(r.made, 'NOTICES_ISSUED', '2026-11-20', {to: 'REPRESENTATIONS_OPEN', representations_close_on: '2026-12-17'}), set(r.made, `state = 'REPRESENTATIONS_OPEN'`)]],
		[8, 'or for comments, over the new year', 'request_closing_date', untriggered('request_event', 'law_closing'),
			[entry(r.made, 'REPRESENTATIONS_SENT', '2026-12-20', {comments_close_on: '2027-01-18'})]],
		[8, 'no closing date', 'request_closing_date', untriggered('request_event', 'law_closing'), [entry(r.made, 'NOTICES_ISSUED', '2026-11-20')]],
		[9, 'a health board\'s request at the level of a review', 'request_level_has_route', without('request', 'request_level_has_route'),
			[entry(r.board, 'ACKNOWLEDGED', '2026-11-20', {level: 'REVIEW'}), set(r.board, `level = 'REVIEW'`)]],
		[9, 'a second review', 'request_event_one_review', without('request_event', 'request_event_one_review'),
			[entry(r.review, 'REVIEW_APPLIED', '2026-11-20', {to: 'UNDER_REVIEW'}).replace("state_from, state_to", 'state_to, state_from').replace("state, 'UNDER_REVIEW'", "'UNDER_REVIEW', 'REFUSED'")]],
		[9, 'two times in which to challenge', 'request_one_challenge_runs', without('request', 'request_one_challenge_runs'),
			[set(r.made, clocks(clock('K9', '2026-11-02', '2026-11-27'), clock('K8', '2026-11-02', '2026-11-27'), K6))]],
		[10, 'a late appeal that is not flagged', 'request_late_challenge_is_flagged', untriggered('request_event', 'law_late'),
			[entry(r.ready, 'APPEAL_LODGED', '2026-11-20')]],
		[10, 'a late review whose flag is wiped', 'request_late_challenge_is_flagged', untriggered('request', 'law_late').concat(untriggered('request_event', 'law_late')),
			[entry(r.ready, 'REVIEW_APPLIED', '2026-11-20'), set(r.ready, `flags = '{LATE_CHALLENGE}'`), set(r.ready, `flags = '{}'`)]],
		[10, 'a late review that is dropped', '42501', ['grant delete on request_event to assetd_api', 'create policy zz on request_event for delete to assetd_api using (true)'],
			[entry(r.ready, 'REVIEW_APPLIED', '2026-11-20').replace("'evt_", `'${late}x`).replace(/'evt_[0-9]+x[0-9]+'/, `'${late}'`),
				set(r.ready, `flags = '{LATE_CHALLENGE}'`), `delete from request_event where id = '${late}'`]],
		...['clock', 'mode', 'unit', 'length', 'calendar', 'calendar_version', 'starts_on'].map(key =>
			[11, `a date that does not say its ${key}`, 'request_deadlines_say_how', without('request', 'request_deadlines_say_how'),
				[set(r.half, clocks({...clock('K2', '2026-09-01', '2026-09-22'), [key]: undefined}))]]),
		[11, 'a date of no calendar', 'request_deadlines_say_how', without('request', 'request_deadlines_say_how'),
			[set(r.half, clocks(clock('K2', '2026-09-01', '2026-09-22', {calendar: null})))]],
		...[['that nobody looked at', "'UNCHECKED', null"], ['that has to be redacted', "'NEEDED', clock_at()"]].map(([what, redaction]) =>
			[12, `a public document ${what}`, 'document_redaction', without('document', 'document_redaction'), [document(newId('doc'), `true, ${redaction}`)]]),
		[12, 'one that is called redacted, of nothing', 'document_redacted_copy', without('document', 'document_redacted_copy'),
			[document(newId('doc'), "true, 'REDACTED', clock_at()")]],
	];
};
function dispose(asset, exemption, dated_on) {
	return `insert into disposal (id, authority_id, asset_id, published, kind, completed_on, gross_pence, cost_pence, exemption, exemption_dated_on)
		values ('${newId('dsp')}', '${council.id}', '${asset}', true, 'MARKET', '2026-11-01', 100, 0, ${exemption}, ${dated_on})`;
}

/* The statements by the daemon's role, everything that waits for the end asked at once, and all undone. → null or the error. */
const tried = (statements, lift = []) => reg.cluster.session(async db => {
	await db.query('begin');
	try {
		if (lift.length)
			await db.query(`set local search_path = assetd, public; ${lift.join(';')}`);
		await db.query('set local role assetd_api');
		await db.query(AS);
		for (const text of statements)
			await db.query(text);
		await db.query('set constraints all immediate');
		return null;
	} catch (error) {
		return error;
	} finally {
		await db.query('rollback');
	}
}, {database: reg.database});

test('each check of section 22 is a rule of the database, and nothing else refuses in its place', async t => {
	const all = attempts();
	assert.deepEqual([...new Set(all.map(([row]) => row))].sort((a, b) => a - b),
		rows.filter(row => row.level !== 'alarm').map(row => row.number), 'every row of the rulebook is tried');
	for (const [row, what, rule, lift, statements] of all)
		await t.test(`${row}: ${what}`, async () => {
			const error = await tried(statements);
			assert.ok(error, 'nothing refused it');
			assert.equal([error.constraint, error.code].includes(rule) ? rule : `${error.constraint ?? error.code}: ${error.message}`, rule);
			assert.equal((await tried(statements, lift))?.message ?? null, null, 'without the rule it passes');
		});
});

test('by the API: missives under a bar are refused in words, and pass with an exemption that holds', async () => {
	const path = `/v1/assets/${r.made.asset_id}/disposal-plan`;
	const plan = {method: 'SALE', stage: 'MISSIVES', planned_on: '2027-06-01'};
	const put = more => admin.put(path, {...plan, ...more}, {match: '*'});
	const bare = problem(await put({}), 409, 'disposal-barred');
	assert.match(bare.detail, new RegExp(`Request ${r.made.reference} bars .* missives are a contract to dispose.*say which`));
	assert.equal(problem(await put({exemption: 'NEGOTIATIONS'}), 422, 'invalid').errors[0].pointer, '/exemption_dated_on');
	assert.match(problem(await put({exemption: 'NEGOTIATIONS', exemption_dated_on: '2026-09-01'}), 409, 'disposal-barred').errors[0].cure, /earlier day/);
	assert.equal(problem(await put({exemption_dated_on: '2026-08-31'}), 422, 'invalid').errors[0].pointer, '/exemption');
	problem(await put({exemption: 'ADVERTISED', exemption_dated_on: '2026-11-21'}), 422, 'date-in-future');
	const held = ok(await put({exemption: 'NEGOTIATIONS', exemption_dated_on: '2026-08-31'}), 200);
	assert.deepEqual([held.stage, held.exemption, held.exemption_dated_on], ['MISSIVES', 'NEGOTIATIONS', '2026-08-31']);
	ok(await put({exemption: 'NEGOTIATIONS', exemption_dated_on: '2026-08-31', planned_on: '2027-07-01'}), 200);
	problem(await put({}), 409, 'disposal-barred');
	ok(await put({exemption: 'DIRECTION'}), 200);
	ok(await put({stage: 'UNDER_OFFER'}), 200);
});

test('a request that an older release let go by no exemption goes on as it was told of', async () => {
	const {id} = await validated('2026-09-01');
	await reg.cluster.session(db => db.query(`begin; set local search_path = assetd, public; set local session_replication_role = replica;
		update request set prohibits = false where id = '${id}';
		update request_event set payload = '{"bar": {"prohibits": false}}' where request_id = '${id}' and event = 'VALIDATE'; commit`),
	{database: reg.database});
	await act(id, 'ACKNOWLEDGED', '2026-09-02');
	const entryOf = async event => (await reg.sql('select id from assetd.request_event where request_id = $1 and event = $2 and superseded_by is null', [id, event]))[0].id;
	const correct = async (event, more) => admin.post(`/v1/requests/${id}/events`, {event: 'CORRECT', event_id: await entryOf(event), reasons: 'Mistyped.', ...more});
	const now = ok(await correct('ACKNOWLEDGED', {on: '2026-09-03'}));
	assert.deepEqual([now.state, now.acknowledged_on, now.bar.prohibits, now.bar.exemption], ['VALIDATED', '2026-09-03', false, null]);
	problem(await correct('VALIDATE', {on: '2026-09-01', acknowledged_on: '2026-09-02'}), 422, 'invalid', '/bar/exemption');
	const named = ok(await correct('VALIDATE', {on: '2026-09-01', bar: {exemption: 'ADVERTISED', dated_on: '2026-08-31'}}));
	assert.deepEqual([named.bar.exemption, named.bar.dated_on], ['ADVERTISED', '2026-08-31']);
});

test('an agreement that an older release took without its matters stays, and who corrects it says them', async () => {
	const {id} = await assessed('2026-09-01');
	await act(id, 'AGREE', '2026-11-02', {terms: 'as asked', matters: MATTERS, price_pence: 7});
	await reg.cluster.session(db => db.query(`begin; set local search_path = assetd, public; set local session_replication_role = replica;
		update request_event set payload = payload - 'matters' where request_id = '${id}' and event = 'AGREE'; commit`), {database: reg.database});
	const entryOf = async event => (await reg.sql('select id, payload from assetd.request_event where request_id = $1 and event = $2 and superseded_by is null', [id, event]))[0];
	const correct = async (event, more) => admin.post(`/v1/requests/${id}/events`, {event: 'CORRECT', event_id: (await entryOf(event)).id, reasons: 'Mistyped.', ...more});
	// It came half a year earlier, so that the agreement follows silence: a copy of its entry takes its place.
	const moved = ok(await correct('RECEIVED', {on: '2026-03-02'}));
	assert.deepEqual([moved.state, moved.validated_on, moved.flags], ['AGREED', '2026-03-02', ['CHALLENGE_LAPSED', 'LATE_DECISION']]);
	problem(await correct('AGREE', {on: '2026-11-02', price_pence: 8}), 422, 'invalid', '/matters');
	ok(await correct('AGREE', {on: '2026-11-02', price_pence: 8, matters: MATTERS}));
	assert.equal((await entryOf('AGREE')).payload.matters.length, 14);
});

test('an appeal that is dismissed leaves six months for the offer from that day, whatever day a notice is said to have', async () => {
	const {id} = await validated('2026-09-01', {offer_pence: 100}, board);
	await act(id, 'NOTICES_ISSUED', '2026-09-01', {representations_close_on: '2026-10-30'});
	await inState(id, 'UNDER_ASSESSMENT');
	await act(id, 'AGREE', '2026-11-02', {terms: 'at twice the price', price_pence: 200, matters: MATTERS});
	await act(id, 'APPEAL_LODGED', '2026-11-03');
	const agreed = await act(id, 'APPEAL_DECIDED', '2026-11-10', {outcome: 'DISMISS', notice_on: '2026-11-20'});
	const {starts_on, due_on} = agreed.deadlines.filter(d => d.clock === 'K18').at(-1);
	assert.deepEqual([agreed.state, agreed.level, starts_on, due_on], ['AGREED', 'LAST', '2026-11-10', '2027-05-10']);
});

test('what is refused at the end of a transaction is refused in words, and nobody beside it notices', async () => {
	await reg.sql(`create function assetd.zz() returns trigger language plpgsql as
		$$begin raise exception 'x' using errcode = 'check_violation', constraint = 'zz'; end$$`);
	await reg.sql(`create constraint trigger zz after insert on assetd.locality deferrable initially deferred for each row execute function assetd.zz()`);
	const made = Array.from({length: 4}, (_, i) => admin.post('/v1/localities', {name: `Place ${i}`, authority_id: council.id, code: `P${i}`}));
	const read = Array.from({length: 12}, () => admin.get(`/v1/requests/${r.made.id}`));
	assert.deepEqual((await Promise.all(made)).map(reply => reply.json.type), Array(4).fill('/v1/problems/invalid'));
	assert.deepEqual((await Promise.all(read)).map(reply => reply.status), Array(12).fill(200));
	await reg.sql('drop trigger zz on assetd.locality');
});

test('land that turned out to be in the register is named, whatever became of the body; land that is leased in is refused', async () => {
	const trust = ok(await admin.post('/v1/community-bodies', {name: 'It shrank', legal_form: 'SCIO', members: 30}));
	const listed = await newRequest('2026-09-01', {community_body_id: trust.id, asset_id: undefined, land: {authority_id: council.id, description: 'The glebe'}});
	await act(listed.id, 'VALIDATE', '2026-09-01');
	ok(await admin.patch(`/v1/community-bodies/${trust.id}`, {members: 15}, {match: '*'}), 200);
	const link = asset_id => admin.patch(`/v1/requests/${listed.id}`, {asset_id}, {match: '*'});
	problem(await link(r.leased.id), 422, 'invalid', '/asset_id');
	assert.equal(ok(await link((await newAsset()).id), 200).state, 'VALIDATED');
});

test('a text that shows nothing is none where an act needs one', async () => {
	for (const [event, field, more] of [['AGREE', 'terms'], ['BAR_LIFTED', 'reasons', {exemption: 'DIRECTION', dated_on: '2026-11-19'}],
		['CORRECT', 'reasons', {event_id: `evt_${'0'.repeat(26)}`}]])
		for (const text of ['', ' \n ', '\u200b'])
			problem(await admin.post(`/v1/requests/${r.ready.id}/events`, {event, on: '2026-11-20', ...more, [field]: text}), 422, 'invalid', `/${field}`);
});

test('each deadline says what it was worked out by, and by which version of the calendars', async () => {
	const of = (request, clock) => request.deadlines.find(d => d.clock === clock);
	const [k6, k1] = ['K6', 'K1'].map(clock => of(r.made, clock));
	assert.deepEqual([k6.length, k6.unit, k6.mode, k6.calendar, k6.calendar_version], [6, 'MONTHS', 'AFTER', 'CALENDAR_DAYS', null]);
	assert.deepEqual([k1.length, k1.unit, k1.mode, k1.calendar, k1.calendar_version], [15, 'WORKING_DAYS', 'AFTER', 'FIXED_DAYS', null]);
	assert.ok(k1.how.includes('Which days are no working days follows from the rules of the law alone: no list of bank holidays was loaded when this was counted.'));
	for (const one of [k1, k6]) { // recorded later than it happened
		assert.equal(one.known_on, '2026-11-20');
		assert.ok(one.how.includes('It rests on what was recorded by 20 November 2026.'));
	}
	for (const length of [15, 16]) {
		const loaded = ok(await admin.post('/v1/calendars', {clocks: [{clock: 'K1', length, from_on: '2026-12-01'}]}));
		ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	}
	const later = await validated('2026-11-19');
	assert.deepEqual([of(later, 'K1').calendar_version, of(later, 'K6').calendar_version], [2, 2]);
	assert.ok(of(later, 'K1').how.includes('Counted by version 2 of the calendars.'));
	assert.equal(of(ok(await admin.get(`/v1/requests/${r.made.id}`), 200), 'K1').calendar_version, null, 'as it was counted');
});

test('a time that begins with its day ends a day sooner, and the database counts it so', async () => {
	const loaded = ok(await admin.post('/v1/calendars', {clocks: ['K4', 'K5'].map(clock => ({clock, length: 10, mode: 'BEGINNING', from_on: '2026-11-21'}))}));
	ok(await admin.post(`/v1/calendars/${loaded.id}/apply`, {}), 200);
	reg.daemon.setClock('2026-11-23T10:00:00Z');
	const {id} = await validated('2026-11-23');
	const send = close => admin.post(`/v1/requests/${id}/events`, {event: 'NOTICES_ISSUED', on: '2026-11-23', representations_close_on: close});
	problem(await send('2026-12-03'), 422, 'invalid', '/representations_close_on');
	ok(await send('2026-12-04'));
});
