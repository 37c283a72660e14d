// An address of the forecast: one question, read without a key by whoever has the address, as its maker may read
// it then; told once, kept as a hash, ended by its maker, by time, with the key and with the right.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, openSession, problem, request, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z', conf: {limits: {key_per_minute: 600}}});
after(() => reg.stop());
const forecast = openForecast(reg), {write} = forecast;
const ALL = '/v1/projections/addresses';
const made = {};
const open = (address, more = '', headers) => request(`${reg.url}${address}${more}`, {headers});
const make = async (who, body) => ok(await who.post(ALL, {name: 'Sheet', ...body}));

before(async () => {
	for (const name of ['Own', 'Other']) {
		made[name] = (await write(reg.admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name}))).id;
		await forecast.asset({authority_id: made[name], name: `${name} hall`}, {amount: name === 'Own' ? 20000001 : 7000000, plan: {planned_on: '2027-06-15'}});
	}
	made.key = await makeKey(reg, {roles: {[made.Own]: ['FINANCE']}});
	made.finance = reg.admin.as(made.key.key);
	made.other = reg.admin.as((await makeKey(reg, {roles: {[made.Other]: ['FINANCE']}})).key);
	made.viewer = reg.admin.as((await makeKey(reg, {roles: {[made.Own]: ['VIEWER']}})).key);
});

test('it gives what its maker sees, in each form, without a key', async () => {
	const question = `group_by=YEAR&authority_id=${made.Own}`;
	const item = await make(made.finance, {question, expires_on: '2027-03-31'});
	assert.match(item.address, /^\/v1\/projections\/receipts\?token=fct_[0-9A-Za-z]{43}$/);
	assert.deepEqual([item.question, item.expires_at], [question, '2027-03-31T23:00:00.000000Z'], 'its last day ends in London');
	const own = ok(await made.finance.get(`/v1/projections/receipts?${question}`), 200);
	const got = await open(item.address);
	assert.deepEqual(ok(got, 200).items, own.items);
	assert.equal(own.items[0].suppressed, false);
	assert.equal(ok(await reg.anyone.get(`/v1/projections/receipts?${question}`), 200).items[0].suppressed, true, 'and nobody else sees it');
	assert.equal(got.headers['cache-control'], 'private, no-cache');
	const csv = await open(item.address, '&format=csv');
	assert.match(csv.headers['content-type'], /^text\/csv/);
	const {net_pence} = own.totals.baseline;
	assert.ok(csv.text.includes(`,${Math.floor(net_pence / 100)}.${String(net_pence % 100).padStart(2, '0')},`), csv.text);
	assert.doesNotMatch(csv.text, /fct_/, 'the file names the question, not the token');
	assert.equal((await open(item.address, '&format=xlsx')).status, 200);
	const [row] = await reg.sql('select last_used_at is not null as used, hash, question from assetd.forecast_address where id = $1', [item.id]);
	assert.ok(row.used);
});

test('304 until a figure moves', async () => {
	const {address} = await make(made.finance, {question: `authority_id=${made.Own}`});
	for (const more of ['', '&format=csv', '&format=xlsx']) {
		const first = await open(address, more);
		assert.equal(first.status, 200, more);
		const again = await open(address, more, {'If-None-Match': first.headers.etag});
		assert.deepEqual([again.status, again.text], [304, ''], more);
	}
	const before = await open(address);
	await forecast.asset({authority_id: made.Own, name: 'Depot'}, {amount: 5000000, plan: {planned_on: '2027-06-15'}});
	await forecast.receipts('group_by=YEAR');
	const moved = await open(address, '', {'If-None-Match': before.headers.etag});
	assert.equal(moved.status, 200);
	assert.notEqual(moved.headers.etag, before.headers.etag);
});

test('it is told once, kept as a hash, and stands in no log', async () => {
	const sent = {json: {name: 'Once'}, idempotency: 'once'};
	const first = ok(await made.finance.request('POST', ALL, sent)), again = ok(await made.finance.request('POST', ALL, sent));
	assert.ok(first.address);
	assert.deepEqual([again.id, again.address], [first.id, undefined]);
	assert.equal(ok(await made.finance.get(`${ALL}/${first.id}`), 200).address, undefined);
	const token = first.address.split('=')[1];
	await open(first.address);
	await open(`${first.address}x`);
	const dump = await reg.sql(`select (select string_agg(f::text, '') from assetd.forecast_address as f) || (select string_agg(c::text, '') from assetd.change as c)
		|| (select string_agg(i::text, '') from assetd.idempotency_key as i) as all`);
	assert.ok(!dump[0].all.includes(token));
	assert.ok(!reg.daemon.log().includes(token));
	const tells = (await reg.sql(`select type, data::text from assetd.change where subject = $1`, [first.id]));
	assert.deepEqual(tells, [{type: 'forecast.address_created', data: '{}'}]);
});

test('beside the token it takes a form, and of a question nothing but what one is made of', async () => {
	const {address} = await make(made.finance);
	for (const more of [`&authority_id=${made.Other}`, '&group_by=CLASS', '&run=x'])
		problem(await open(address, more), 400, 'bad-query');
	problem(await request(`${reg.url}${address}`, {key: made.key.key}), 400, 'bad-query');
	for (const [question, code] of [['limit=1', 'UNKNOWN_PARAMETER'], ['token=x', 'UNKNOWN_PARAMETER'], ['class=A&class=B', 'GIVEN_TWICE'], ['%zz', 'BAD_FORM']])
		assert.equal(problem(await made.finance.post(ALL, {name: 'X', question}), 422, 'invalid').errors[0].code, code, question);
	for (const question of ['group_by=WEEK', 'scenario=NONE', 'run=run_x&group_by=CPP,CLASS'])
		problem(await made.finance.post(ALL, {name: 'X', question}), 400, 'bad-query');
	for (const expires_on of ['2026-11-20', '2027-11-22'])
		assert.equal(problem(await made.finance.post(ALL, {name: 'X', expires_on}), 422, 'invalid').errors[0].pointer, '/expires_on');
	problem(await made.viewer.post(ALL, {name: 'X'}), 403, 'forbidden');
	for (const token of ['', 'x', `fct_${'0'.repeat(43)}`, 'x'.repeat(500)])
		problem(await open(`/v1/projections/receipts?token=${token}`), 404, 'not-found');
});

test('it ends by its maker\'s hand, and is nobody else\'s to see or end', async () => {
	const item = await make(made.finance);
	for (const stranger of [made.other, made.viewer]) {
		problem(await stranger.get(`${ALL}/${item.id}`), 404, 'not-found');
		problem(await stranger.delete(`${ALL}/${item.id}`, {match: '*'}), 404, 'not-found');
		assert.deepEqual(ok(await stranger.get(ALL), 200).items, []);
	}
	assert.ok(ok(await made.finance.get(ALL), 200).items.some(one => one.id === item.id));
	problem(await made.finance.delete(`${ALL}/${item.id}`), 428, 'precondition-required');
	assert.equal((await made.finance.delete(`${ALL}/${item.id}`, {match: '"1-a"'})).status, 204);
	await reg.daemon.restart(); // what a worker remembers for 5 seconds
	problem(await open(item.address), 410, 'gone');
	problem(await made.finance.get(`${ALL}/${item.id}`), 410, 'gone');
});

test('it ends with the day, the key and the right of its maker, and follows that right', async () => {
	const person = async () => {
		const {key} = await makeKey(reg, {roles: {[made.Own]: ['FINANCE'], [made.Other]: ['FINANCE']}});
		const who = reg.admin.as(key);
		return {...await make(who, {question: 'group_by=AUTHORITY'}), person: ok(await who.get('/v1/whoami'), 200).principal_id};
	};
	const [moved, left, late, revoked] = [await person(), await person(), await person(), await person()];
	const shown = reply => ok(reply, 200).items.filter(item => !item.suppressed).length;
	// A daemon that has just begun has no forecast yet, for longer than an asker waits where a machine is busy.
	const answered = address => until(async () => {
		const reply = await open(address);
		return reply.status !== 503 && reply;
	});
	for (const one of [moved, left, late, revoked]) {
		const reply = await answered(one.address);
		assert.equal(shown(reply), 2);
		one.etag = reply.headers.etag;
	}
	await reg.sql(`delete from assetd.principal_role where principal_id = $1 and authority_id = '${made.Other}'`, [moved.person]);
	await reg.sql('delete from assetd.principal_role where principal_id = $1', [left.person]);
	await reg.sql(`update assetd.forecast_address set expires_at = '2026-11-21T09:59:59Z' where id = $1`, [late.id]);
	await reg.sql(`update assetd.api_key set revoked_at = '2026-11-20' where principal_id = $1`, [revoked.person]);
	await reg.daemon.restart(); // what a worker remembers for 5 seconds
	assert.ok(shown(await answered(moved.address)) < 2, 'less is shown with less right');
	problem(await open(left.address), 403, 'forbidden');
	problem(await open(late.address), 410, 'gone');
	problem(await open(revoked.address), 410, 'gone');
	// Who has the tag of then is not told that it still holds, nor is who has that of more right.
	for (const tag of ['*', left.etag]) {
		problem(await open(left.address, '', {'If-None-Match': tag}), 403, 'forbidden');
		problem(await open(late.address, '', {'If-None-Match': tag}), 410, 'gone');
		problem(await open(revoked.address, '', {'If-None-Match': tag}), 410, 'gone');
	}
	assert.equal((await open(moved.address, '', {'If-None-Match': moved.etag})).status, 200);
});

test('fifty work at a time', async () => {
	const many = reg.admin.as((await makeKey(reg, {roles: {[made.Own]: ['FINANCE']}})).key);
	for (let n = 0; n < 50; n++)
		await make(many);
	problem(await many.post(ALL, {name: 'One more'}), 409, 'too-many');
});

test('the page makes, shows once and ends them', async () => {
	const session = await openSession(reg.url, made.key.key);
	assert.equal((await openSession(reg.url, (await makeKey(reg, {roles: {[made.Own]: ['VIEWER']}})).key).then(s => s.get('/forecast/addresses'))).status, 200);
	const sent = await session.post('/forecast/addresses', {name: 'Plan <4>', group_by: 'YEAR,AUTHORITY', scenario: 'WORST', authority_id: made.Own, run: '', expires_on: ''});
	assert.equal(sent.status, 200, sent.text);
	assert.match([sent.headers['cache-control']].flat().join(), /no-store/);
	const [, address] = /<code class="address">http:\/\/[^/]+(\/v1\/projections\/receipts\?token&#x3D;[^<]+|\/v1\/projections\/receipts\?token=[^<]+)&amp;format/.exec(sent.text);
	assert.equal((await open(address.replace('&#x3D;', '='))).json.scenario, 'WORST');
	const page = (await session.get('/forecast/addresses')).text;
	assert.doesNotMatch(page, /fct_/);
	assert.match(page, /Plan &lt;4&gt;[^]*?Year, by public body · Worst case for receipts · Own/);
	assert.match((await session.get('/forecast')).text, /href="\/forecast\/addresses"/);
	const wrong = await session.post('/forecast/addresses', {name: ' ', group_by: 'YEAR', scenario: 'BEST', authority_id: '', run: '', expires_on: '2030-01-01'});
	assert.equal(wrong.status, 422);
	assert.match(wrong.text, /There is a problem[^]*value="2030-01-01"/);
	const [, id] = /Plan &lt;4&gt;[^]*?name="end" value="(fca_[^"]+)"/.exec(page);
	assert.equal((await session.post('/forecast/addresses', {end: id, seen_version: '1'})).headers.location, '/forecast/addresses');
	assert.doesNotMatch((await session.get('/forecast/addresses')).text, /Plan &lt;4&gt;/);
});
