// A webhook is changed by the form of its page in all that the API takes, its lists a line for each entry; what is refused comes
// back with what is wrong beside its field, and what somebody else has changed stands beside what was typed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import {after, before, test} from 'node:test';
import {discard, formsOf, ok, openSession, sendForm, startRegister} from '../harness/index.mjs';
import {certificates} from '../harness/certificates.mjs';

const reg = await startRegister();
const issued = await certificates();
const ca = fs.readFileSync(issued.caFile, 'utf8').trim();
after(async () => {
	await reg.stop();
	discard(issued.folder);
});
const {admin} = reg;
let me, council, hook;

before(async () => {
	me = await openSession(reg.url, reg.adminKey);
	council = ok(await admin.post('/v1/authorities', {name: 'Hooked Council', kind: 'COUNCIL', code: 'HOOK'}));
	hook = ok(await admin.post('/v1/webhooks', {url: 'https://hooks.example/in', types: ['asset.*']}));
});

const stored = async () => ok(await admin.get(`/v1/webhooks/${hook.id}`), 200);
const formOf = text => formsOf(`/webhooks/${hook.id}`, text).find(form => form.fields.some(([, value]) => value === 'CHANGE'));
const form = async () => formOf((await me.get(`/webhooks/${hook.id}`)).text);
const save = (one, values = {}) => sendForm(reg.url, one, {fields: one.fields.map(([name, value]) => [name, values[name] ?? value]), cookie: me.cookie});
const value = (one, name) => one.fields.find(([field]) => field === name)[1];
/* What stands beside a field as wrong with it. */
const wrong = (text, name) => new RegExp(`id="hook-${name}-error"><span[^>]*>Error:</span> ([^<]*)</p>`).exec(text)?.[1];

const WHERE = ['/class=HALL', '/tenure=OWNED'];

test('filter, headers, waits and certificates are stored as typed, shown again, and taken away by emptying them', async () => {
	const begun = await form();
	for (const name of ['retry', 'headers', 'ca', 'filter_subject', 'filter_authority_id', 'filter_asset_id', 'filter_locality_id', 'filter_where'])
		assert.equal(value(begun, name), '', name);
	const typed = {retry: '60\n\n 300 \n', headers: 'X-Gateway-Key: a:b c\nX-Other:d', ca: `${ca}\n`, filter_where: WHERE.join('\n\n'),
		filter_authority_id: `${reg.url}/authorities/${council.id}?valid_on=2026-11-20#requests`, filter_subject: ` ${reg.url}/authorities/${council.id}`};
	assert.equal((await save(begun, typed)).status, 303);
	const full = await stored();
	assert.deepEqual(full.retry, [{wait_s: 60}, {wait_s: 300}]);
	assert.deepEqual(full.headers, [{name: 'X-Gateway-Key', value: 'a:b c'}, {name: 'X-Other', value: 'd'}]);
	assert.equal(full.ca.trim(), ca);
	assert.deepEqual([full.filter.authority_id, full.filter.subject, full.filter.where], [council.id, council.id, WHERE], 'an address of a page is its id');
	const shown = await form();
	assert.deepEqual(['retry', 'headers', 'filter_where', 'filter_authority_id'].map(name => value(shown, name)),
		['60\n300', 'X-Gateway-Key: a:b c\nX-Other: d', WHERE.join('\n'), council.id]);
	assert.equal(value(shown, 'ca').trim(), ca);
	// Saved as it stands nothing of it is another.
	assert.equal((await save(shown)).status, 303);
	const again = await stored();
	for (const name of ['retry', 'headers', 'ca', 'filter', 'types', 'url', 'per_hour'])
		assert.deepEqual(again[name], full[name], name);
	// A filter of conditions alone, then none at all.
	assert.equal((await save(await form(), {filter_authority_id: '', filter_subject: ''})).status, 303);
	assert.deepEqual((await stored()).filter.where, WHERE);
	assert.equal((await stored()).filter.authority_id ?? null, null);
	assert.equal((await save(await form(), {retry: '', headers: ' \n', ca: '', filter_where: ''})).status, 303);
	const row = (await reg.sql('select retry, headers, ca, filter from assetd.webhook where id = $1', [hook.id]))[0];
	assert.deepEqual([row.retry, row.headers, row.ca, row.filter], [[], [], null, {}]);
});

test('what is refused comes back, with its line beside the field', async () => {
	const begun = await form(), was = await stored();
	const typed = {retry: '60\nsoon\n0', headers: 'no colon\n\nX-Good: yes\nHost: evil\nX-Empty:', ca: 'none', filter_asset_id: council.id,
		filter_where: '/class=HALL\nclass=HALL', timeout_s: '31'};
	const refused = await save(begun, typed);
	assert.equal(refused.status, 422);
	const back = formOf(refused.text);
	for (const [name, text] of Object.entries(typed))
		assert.equal(value(back, name), text, name);
	assert.match(wrong(refused.text, 'retry'), /^Line 2: This is not a whole number of seconds\. /);
	assert.match(wrong(refused.text, 'headers'), /^Line 1: There is no colon\. /);
	assert.match(wrong(refused.text, 'filter_where'), /^Line 2: .*such as \/class=HALL/);
	assert.match(wrong(refused.text, 'filter_asset_id'), /begins with ast_/);
	assert.match(wrong(refused.text, 'ca'), /certificates as PEM/);
	assert.ok(wrong(refused.text, 'timeout_s'));
	for (const [label, text] of [['Waits before it is tried again', 'Line 3: '], ['Further headers of each call', 'Line 4, name: '], ['Further headers of each call', 'Line 5, value: ']])
		assert.ok(refused.text.includes(`${label}: ${text}`), `${label}: ${text}`);
	assert.match(refused.text, /<a href="#hook-filter_where">/);
	const long = await save(begun, {retry: Array(15).fill('86400').join('\n')});
	assert.match(wrong(long.text, 'retry'), /14 days/);
	const many = await save(begun, {headers: Array.from({length: 11}, (_, i) => `X-${i}: x`).join('\n')});
	assert.match(wrong(many.text, 'headers'), /11 entries/);
	assert.deepEqual(await stored(), was, 'nothing of it is stored');
});

test('what it is told of may be named as people know it: by name, reference or code; what is not known, or not one, is said', async () => {
	const assetOf = (name, reference) => admin.post('/v1/assets', {authority_id: council.id, name, reference, class: 'HALL', tenure: 'OWNED'}).then(reply => ok(reply));
	const exchange = await assetOf('Corn Exchange', 'R-17'), one = await assetOf('Old Hall', 'R-18');
	await assetOf('OLD HALL', 'R-19');
	const saved = async values => {
		assert.equal((await save(await form(), values)).status, 303, JSON.stringify(values));
		return (await stored()).filter;
	};
	assert.equal((await saved({filter_asset_id: ' corn exchange '})).asset_id, exchange.id);
	assert.equal((await saved({filter_asset_id: 'r-18'})).asset_id, one.id);
	assert.equal((await saved({filter_asset_id: '', filter_subject: 'Corn Exchange', filter_authority_id: council.code.toLowerCase()})).authority_id, council.id);
	assert.deepEqual([(await stored()).filter.subject, (await stored()).filter.asset_id ?? null], [exchange.id, null]);
	assert.equal((await saved({filter_authority_id: council.name.toUpperCase()})).authority_id, council.id);
	const was = await stored();
	const refused = await save(await form(), {filter_asset_id: 'old hall', filter_locality_id: '100%', filter_authority_id: 'Nowhere Council', retry: 'soon'});
	assert.equal(refused.status, 422);
	assert.match(wrong(refused.text, 'filter_asset_id'), new RegExp(`^Several are called so: OLD HALL, R-19, ${council.name}; Old Hall, R-18, ${council.name}\\. Give the address`));
	for (const name of ['filter_locality_id', 'filter_authority_id'])
		assert.match(wrong(refused.text, name), /^Nothing that you may read is called so\. Give its whole name/, name);
	assert.ok(wrong(refused.text, 'retry'), 'with all else that is wrong');
	assert.equal(value(formOf(refused.text), 'filter_asset_id'), 'old hall', 'as it was typed');
	assert.deepEqual(await stored(), was);
	assert.equal((await save(await form(), {filter_subject: '', filter_authority_id: ''})).status, 303);
});

test('what somebody else has changed meanwhile stands beside what was typed', async () => {
	const begun = await form();
	ok(await admin.patch(`/v1/webhooks/${hook.id}`, {retry: [{wait_s: 5}, {wait_s: 6}], headers: [{name: 'X-Theirs', value: 't'}], filter: {where: ['/class=DEPOT']}}, {match: '*'}), 200);
	const stale = await save(begun, {retry: '7', headers: 'X-Mine: m', filter_where: '/class=HALL'});
	assert.equal(stale.status, 412);
	for (const [label, now, typed] of [['Waits before it is tried again', '5\n6', '7'], ['Further headers of each call', 'X-Theirs: t', 'X-Mine: m'],
		['Only where an event’s data say so', '/class=DEPOT', '/class=HALL']])
		assert.match(stale.text, new RegExp(`>${label}</a></th><td[^>]*>${now}</td><td[^>]*><strong>${typed}</strong>`), label);
	assert.equal((await save(formOf(stale.text))).status, 303, 'saved once more it is put on top');
	assert.deepEqual((await stored()).headers, [{name: 'X-Mine', value: 'm'}]);
});
