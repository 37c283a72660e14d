// Whatever has an address of its own, asked for by an officer of another authority and by nobody in particular: where it is not theirs to
// know of, the answer is that of an address that leads nowhere, to the letter. Every route of the pages with an id is in the table below.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ASSETD, makeKey, ok, openForecast, openSession, request, run, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z', conf: {projection: {threads: 1}}});
after(() => reg.stop());
const {admin} = reg;
const forecast = openForecast(reg);
const made = {};
const NONE = prefix => `${prefix}_${'0'.repeat(26)}`;
let officer, theirs;

before(async () => {
	const {add} = forecast;
	const [council, other] = [await add('/v1/authorities', {name: 'Hidden Council', kind: 'COUNCIL', code: 'HID'}), await add('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'OTH'})];
	const roles = at => ({roles: {[at.id]: ['VIEWER', 'ESTATES', 'DECIDER', 'FINANCE', 'ADMIN']}});
	theirs = admin.as((await makeKey(reg, roles(council))).key);
	officer = await openSession(reg.url, (await makeKey(reg, roles(other))).key);
	const asset = await forecast.asset({authority_id: council.id, name: 'Hidden hall', published: false}, {amount: 100, plan: {}});
	const body = await add('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30});
	const atr = ok(await theirs.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'r'}));
	ok(await theirs.post(`/v1/requests/${atr.id}/events`, {event: 'VALIDATE', on: '2026-10-01'}));
	const [event] = ok(await theirs.get(`/v1/requests/${atr.id}/events`), 200).items;
	const notice = ok(await theirs.post(`/v1/requests/${atr.id}/notices`, {code: 'N2'}));
	ok(await theirs.post(`/v1/requests/${atr.id}/events`, {event: 'NOTICES_ISSUED', on: '2026-11-02', representations_close_on: '2026-12-10'}));
	const said = ok(await theirs.post(`/v1/requests/${atr.id}/representations`, {channel: 'LETTER', received_on: '2026-11-19', text: 'No'}));
	const paper = ok(await theirs.post('/v1/documents', {asset_id: asset.id, kind: 'OTHER', title: 'Paper', file_name: 'paper.txt'}));
	const list = ok(await theirs.post(`/v1/imports?authority_id=${council.id}`, undefined, {body: 'reference,name,class,tenure\nX,New,HALL,OWNED\n', headers: {'Content-Type': 'text/csv'}, idempotency: 'i'}), 201);
	const mapping = ok(await theirs.post('/v1/import-mappings', {authority_id: council.id, name: 'Own', columns: [{header: 'What', field: 'name'}], presets: []}));
	const hook = ok(await theirs.post('/v1/webhooks', {url: 'https://hooks.example/in', types: ['asset.*']}));
	const frozen = ok(await theirs.post('/v1/projections/runs', {tag: 'BUDGET', paths: 50}), 201);
	const person = ok(await theirs.post('/v1/accounts', {authority_id: council.id, name: 'P', email: 'p@example.org', roles: ['VIEWER']}));
	const key = ok(await theirs.post('/v1/keys', {name: 'K', scopes: ['self:read']}));
	Object.assign(made, {ast: asset.id, atr: atr.id, evt: event.id, ntc: notice.id, rep: said.id, doc: paper.id, imp: list.id, map: mapping.id, whk: hook.id, run: frozen.id, prn: person.id, key: key.id});
});

/* Which id each address has, by its beginning; null: it is everybody's, or told apart by more than who asks. */
const TABLE = [
	['/assets/{id}', 'ast'], ['/requests/{id}', 'atr'], ['/representations/{id}', 'rep'], ['/documents/{id}', 'doc'], ['/imports/{id}', 'imp'], ['/imports/mappings/{id}', 'map'],
	['/webhooks/{id}', 'whk'], ['/forecast/runs/{id}', 'run'], ['/people/{id}', 'prn'], ['/keys/{id}', 'key'],
	['/authorities/{id}', null], ['/localities/{id}', null], ['/cpps/{id}', null], ['/community-bodies/{id}', null], ['/calendars/{id}', null], ['/reports/{id}/{year}', null], ['/a/{file}', null], ['/guide/{name}', null],
];
const INNER = {'{event_id}': 'evt', '{notice_id}': 'ntc', '{proposal_id}': 'prp'};
const kindOf = path => TABLE.filter(([begin]) => path === begin || path.startsWith(`${begin}/`) || path.startsWith(`${begin}.`)).sort((a, b) => b[0].length - a[0].length)[0];

/* What of an answer may differ: its own number, the address that was asked for, a form's words. */
const told = (reply, id) => `${reply.status} ${reply.text.replaceAll(id, 'ID').replaceAll(/req_[0-9a-z]+/g, 'REQ').replaceAll(/[0-9a-f]{24,64}/g, 'WORD')}`;

/* Where two texts part. */
function firstDifference(one, other) {
	const at = [...one].findIndex((c, i) => c !== other[i]);
	return at < 0 ? "" : JSON.stringify([one.slice(at - 40, at + 60), other.slice(at - 40, at + 60)]);
}

test('every address with an id says of what is another authority\'s what it says of what is not there', async () => {
	const rows = (await run(ASSETD, ['--dump-routes'])).stdout.split('\n').map(line => line.split('\t')).filter(([method, path]) => ['GET', 'POST'].includes(method) && path && !path.startsWith('/v1/') && path.includes('{'));
	assert.ok(rows.length > 50, `${rows.length}`);
	const missing = rows.filter(([, path]) => !kindOf(path)).map(([, path]) => path);
	assert.deepEqual(missing, [], 'each is in the table');
	const wrong = [];
	let asked = 0;
	for (const [method, path] of rows) {
		const [, prefix] = kindOf(path);
		if (!prefix)
			continue;
		const address = id => path.replace('{id}', id).replaceAll(/\{\w+\}/g, part => made[INNER[part]] ?? NONE('prp'));
		for (const [who, cookie, csrf] of [['an officer of another', officer.cookie, officer.csrf], ['nobody', undefined, '']]) {
			const [there, nowhere] = await Promise.all([made[prefix], NONE(prefix)].map(id => request(reg.url + address(id), {method, headers: {Accept: 'text/html', Origin: reg.url, ...cookie && {Cookie: cookie},
				...method === 'POST' && {'Content-Type': 'application/x-www-form-urlencoded'}}, ...method === 'POST' && {body: new URLSearchParams({csrf}).toString()}})));
			asked++;
			if (told(there, made[prefix]) !== told(nowhere, NONE(prefix)) || there.status < 400)
				wrong.push(`${who}: ${method} ${path}: ${there.status}, of none ${nowhere.status}${firstDifference(told(there, made[prefix]), told(nowhere, NONE(prefix)))}`);
			assert.ok(!there.text.includes('Hidden'), `${who}: ${method} ${path}`);
		}
	}
	assert.ok(asked > 80, `${asked}`);
	assert.deepEqual(wrong, []);
});
