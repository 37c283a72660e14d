// What a page says to whoever meets it for the first time: of a day to come, of a link that was used, of what was saved, of a fault in a form.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {formsOf, makeKey, ok, openSession, request, sendForm, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const me = await openSession(reg.url, reg.adminKey);
const council = ok(await admin.post('/v1/authorities', {name: 'Plain Council', kind: 'COUNCIL', code: 'PLAIN'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED', effective_on: '2026-01-01'}));
const atr = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-11-02', offer_pence: 100}, {idempotency: 'r'}));

const formOf = async (page, mark, who = me) => formsOf(page, (await who.get(page)).text).find(form => Object.entries(mark).every(([name, value]) =>
	form.fields.some(([k, v]) => k === name && (value === undefined || v === value))));
const send = (form, more, who = me) => sendForm(reg.url, form, {fields: [...form.fields.filter(([name]) => !(name in more)), ...Object.entries(more)], cookie: who.cookie});
const summary = reply => /<div class="ds_error-summary"[^]*?<\/ul>/.exec(reply.text)?.[0].replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') ?? reply.text;

test('a day to come is called that, and no forecast is said to have been frozen of it', async () => {
	for (const path of ['/assets', `/assets/${asset.id}`, '/requests', `/requests/${atr.id}`, `/authorities/${council.id}`]) {
		const ahead = (await anyone.get(`${path}?valid_on=2099-01-01`)).text, past = (await anyone.get(`${path}?valid_on=2026-11-20`)).text;
		assert.match(ahead, /This is a day to come\.<\/strong> It is what the register holds by now for 1 January 2099/, path);
		assert.doesNotMatch(ahead, /This is the past/, path);
		assert.match(past, /This is the past\./, path);
	}
	for (const who of [anyone, me]) {
		const refused = await who.get('/forecast?valid_on=2099-01-01');
		assert.equal(refused.status, 400);
		assert.match(refused.text, /This day is still to come, so nothing was frozen of it\./);
	}
	assert.match((await me.get('/forecast?valid_on=2026-11-20')).text, /This is the past/);
});

test('whoever saved an asset is told so, once, and nobody else', async () => {
	const cookieOf = reply => /__Host-saved=([^;]*)/.exec([reply.headers['set-cookie']].flat().join('\n'))?.[1];
	const made = await send(await formOf('/assets/new', {authority_id: undefined}), {authority_id: council.id, name: 'New Hall', class: 'HALL', tenure: 'OWNED'});
	assert.equal(made.status, 303, made.text);
	const saved = await send(await formOf(`/assets/${asset.id}/edit`, {act: 'SAVE'}), {notes: 'Slate roof'});
	assert.equal(saved.status, 303, saved.text);
	for (const [reply, id] of [[made, made.headers.location.split('/')[2]], [saved, asset.id]]) {
		assert.equal(cookieOf(reply), id);
		const get = cookie => request(`${reg.url}/assets/${id}`, {headers: {Cookie: cookie}});
		const told = await get(`${me.cookie}; __Host-saved=${id}`);
		assert.match(told.text, /role="status"><strong>It is saved\./);
		assert.equal(cookieOf(told), '', 'once');
		assert.doesNotMatch((await get(me.cookie)).text, /It is saved/);
		assert.doesNotMatch((await get(`${me.cookie}; __Host-saved=${atr.id}`)).text, /It is saved/);
	}
});

test('an address that is somebody\'s already leads to whose it is; who was just invited has a letter or a link', async () => {
	const form = await formOf('/people', {email: undefined});
	const edna = {name: 'Edna', email: 'edna@example.org', authority_id: council.id, role_ESTATES: 'yes'};
	const first = await send(form, edna);
	assert.equal(first.status, 200, first.text.slice(0, 500));
	const twice = await send(await formOf('/people', {email: undefined}), {...edna, name: 'Edna again'});
	assert.equal(twice.status, 409);
	assert.match(summary(twice), /Somebody has an account with that address already.*edna@example\.org has an account/);
	const [, href] = /<a href="(\/people\?q=[^"]*)">edna/.exec(twice.text);
	assert.match((await me.get(href.replaceAll('&amp;', '&'))).text, />Edna<\/a>/);
});

test('a forecast that is frozen without a name or a purpose is told of each by itself', async () => {
	const refused = await send(await formOf('/forecast/runs', {tag: undefined}), {name: '', tag: ''});
	assert.equal(refused.status, 422);
	assert.match(summary(refused), /Name: This is not said\. Give it a name/);
	assert.match(summary(refused), /What it is for: This is not said\. Choose what it is for/);
});

test('a receiver that is no address is told of as that', async () => {
	const form = await formOf('/webhooks', {url: undefined});
	for (const url of ['notaurl', 'hook'])
		assert.doesNotMatch(summary(await send(form, {url, types: '*'})), /characters/, url);
});

test('a long text is taken and answered, not cut by the browser', async () => {
	for (const page of [`/assets/${asset.id}/edit`, '/ask', '/'])
		for (const [tag] of (await me.get(page)).text.matchAll(/<textarea [^>]*name="(?:notes|words|description)"[^>]*>|<input [^>]*name="q"[^>]*>/g))
			assert.doesNotMatch(tag, /maxlength/, page);
	const long = await send(await formOf(`/assets/${asset.id}/edit`, {act: 'SAVE'}), {notes: 'x'.repeat(30_000)});
	assert.equal(long.status, 422);
	assert.match(summary(long), /Notes: This text has 30000 characters\. Write at most/);
});

test('who asks for Gaelic is told at the top that none is confirmed', async () => {
	const page = async language => (await request(`${reg.url}/`, {headers: {'Accept-Language': language}})).text;
	const top = text => text.split('<main')[0];
	assert.match(top(await page('gd')), /No speaker has confirmed any Gaelic[^]*href="\/translations"/);
	assert.doesNotMatch(await page('en'), /No speaker has confirmed any/);
});

test('officers find their work in the menu, others have none', async () => {
	const officer = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['ESTATES']}})).key);
	const finance = await openSession(reg.url, (await makeKey(reg, {roles: {[council.id]: ['FINANCE']}})).key);
	const menu = async who => /<nav class="ds_site-navigation"[^]*?<\/nav>/.exec((await who.get('/assets')).text)[0];
	assert.match(await menu(officer), /href="\/work"[^>]*>Your work</);
	assert.doesNotMatch(await menu(finance), /\/work"/);
	assert.doesNotMatch(await menu(anyone), /\/work"/);
});
