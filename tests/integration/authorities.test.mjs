// The page of public bodies: everybody finds one; who runs the register enters one and puts one into a partnership, by the flows of
// /v1/authorities and /v1/cpps. What two tabs do both stands.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {formsOf, makeKey, ok, openSession, request, sendForm, startRegister} from '../harness/index.mjs';

const reg = await startRegister({conf: {http: {workers: 1}, limits: {pages_per_minute: 0}}});
after(() => reg.stop());
const {admin} = reg;
const made = {};

before(async () => {
	const council = async (name, more) => ok(await admin.post('/v1/authorities', {name, kind: 'COUNCIL', code: name.replaceAll(/\W/g, ''), ...more})).id;
	Object.assign(made, {own: await council('Glenfarg Council', {name_gd: 'Comhairle Ghleann Fearg'}), other: await council('Strathmiglo Council')});
	made.cpp = ok(await admin.post('/v1/cpps', {name: 'Glenfarg Partnership', code: 'GP', partners: [made.own]})).id;
	made.session = await openSession(reg.url, (await makeKey(reg, {isOperator: true})).key);
	made.boss = await openSession(reg.url, (await makeKey(reg, {roles: {[made.own]: ['ADMIN']}})).key);
});
const page = path => request(reg.url + path);
const partners = async () => ok(await admin.get(`/v1/cpps/${made.cpp}`), 200).partners;
const join = (authority_id, cpp_id = made.cpp, session = made.session) => session.post('/authorities', {act: 'JOIN', authority_id, cpp_id});
const add = (more, session = made.session) => session.post('/authorities', {act: 'ADD', name: 'NHS Glenfarg', name_gd: '', kind: 'HEALTH_BOARD', code: 'NHS-G', challenge_route: '', ...more});

test('everybody finds public bodies by words, with or without accents, and by kind; each leads to its page', async () => {
	const all = (await page('/authorities')).text;
	assert.match(all, new RegExp(`href="/authorities/${made.own}">Glenfarg Council</a>[^]*Comhairle Ghleann Fearg[^]*Council</td>[^]*href="/cpps/${made.cpp}">Glenfarg Partnership`));
	for (const [query, found] of [['?q=glenfarg', true], ['?q=ghl%C3%A9ann+comhairle', true], ['?kind=COUNCIL&q=glenfarg+council', true], ['?kind=POLICE&q=glenfarg', false], ['?q=nowhere', false], ['?q=%25', false], ['?kind=NO', false]]) {
		const {status, text} = await page(`/authorities${query}`);
		assert.deepEqual([status, text.includes('Glenfarg Council'), text.includes('No public body was found.')], [200, found, !found], query);
	}
	assert.match((await page('/')).text, /href="\/authorities">All public bodies/);
	assert.match((await page(`/authorities/${made.own}`)).text, /href="\/authorities">Public bodies</);
	// The reference bodies are more than a page has: walked, each comes once.
	const seen = [];
	for (let to = '/authorities'; to;) {
		const {text} = await page(to);
		seen.push(...[...text.matchAll(/<th scope="row"><a href="\/authorities\/(aut_\w+)"/g)].map(m => m[1]));
		to = /<a rel="next" href="([^"]+)"/.exec(text)?.[1].replaceAll('&amp;', '&').replaceAll('&#x3D;', '=').replaceAll('&#61;', '=');
	}
	const [{n}] = await reg.sql('select count(*)::int as n from assetd.authority');
	assert.deepEqual([seen.length, new Set(seen).size], [n, n]);
});

test('who does not run the register has no forms, and is refused whatever they send', async () => {
	for (const text of [(await page('/authorities')).text, (await made.boss.get('/authorities')).text])
		assert.doesNotMatch(text, /action="\/authorities" novalidate/);
	assert.equal((await add({}, made.boss)).status, 403);
	assert.equal((await join(made.other, made.cpp, made.boss)).status, 403);
	assert.deepEqual(await partners(), [made.own]);
	assert.match((await made.boss.get(`/authorities/${made.own}/settings`)).text, new RegExp(`href="/people\\?authority_id(=|&#x3D;)${made.own}"`));
	const estates = await openSession(reg.url, (await makeKey(reg, {roles: {[made.own]: ['ESTATES']}})).key);
	assert.doesNotMatch((await estates.get(`/authorities/${made.own}/settings`)).text, /href="\/people/);
});

test('one is entered, and its record asks on; what is wrong is said at its field', async () => {
	for (const [wrong, field] of [[{name: ' '}, 'name'], [{kind: ''}, 'kind'], [{code: 'no code!'}, 'code'], [{code: 'GlenfargCouncil'}, 'code']]) {
		const reply = await add(wrong);
		assert.ok([409, 422].includes(reply.status), `${field}: ${reply.status}`);
		assert.match(reply.text, new RegExp(`href="#b-${field}"`), field);
		assert.match(reply.text, new RegExp(field === 'name' ? 'value="NHS-G"' : 'value="NHS Glenfarg"'), 'what was typed is still there');
	}
	const sent = await add();
	assert.equal(sent.status, 303, sent.text);
	const [, id] = /^\/authorities\/(aut_\w+)\/settings$/.exec(sent.headers.location);
	assert.deepEqual([ok(await admin.get(`/v1/authorities/${id}`), 200)].map(a => [a.name, a.kind, a.code, a.challenge_route]), [['NHS Glenfarg', 'HEALTH_BOARD', 'NHS-G', 'MINISTERS_APPEAL']]);
	assert.deepEqual(ok(await admin.get(`/v1/authorities/${id}/history`), 200).items.map(e => e.type), ['authority.created']);
});

test('sent twice it is entered once, and leads to its page', async () => {
	const form = formsOf('/authorities', (await made.session.get('/authorities')).text).find(one => one.written.includes('code'));
	const fields = form.fields.map(([name, value]) => [name, {name: 'Twice College', kind: 'COLLEGE', code: 'TWICE'}[name] ?? value]);
	for (let i = 0; i < 2; i++)
		made.twice = await sendForm(reg.url, form, {fields, cookie: made.session.cookie});
	const [one, ...more] = await reg.sql(`select id from assetd.authority where code = 'TWICE'`);
	assert.deepEqual([made.twice.status, made.twice.headers.location, more], [303, `/authorities/${one.id}`, []]);
});

test('one is put into a partnership beside those who are in it; of two tabs both stand, and who is in it already is said to be', async () => {
	const [first, second] = await Promise.all([openSession(reg.url, reg.adminKey), made.session]);
	const third = ok(await admin.post('/v1/authorities', {name: 'Third', kind: 'OTHER', code: 'THIRD'})).id;
	const replies = await Promise.all([join(made.other, made.cpp, first), join(third, made.cpp, second)]);
	// At the same moment one may be told to send it again; none is lost.
	for (const [i, who] of [made.other, third].entries()) {
		assert.ok(replies[i].status === 303 || replies[i].status === 409, `${replies[i].status}`);
		if (replies[i].status === 409)
			replies[i] = await join(who);
		assert.deepEqual([replies[i].status, replies[i].headers.location], [303, `/authorities/${who}`]);
	}
	assert.deepEqual(await partners(), [made.own, made.other, third].sort());
	const again = await join(made.other);
	assert.equal(again.status, 422);
	assert.match(again.text, /href="#j-authority_id">Public body: This public body is in that partnership already/);
	assert.deepEqual(await partners(), [made.own, made.other, third].sort());
	assert.match((await page(`/authorities/${made.other}`)).text, /Glenfarg Partnership/);
	for (const [authority, cpp, field] of [['', made.cpp, 'authority_id'], [made.own, '', 'cpp_id'], [`aut_${'z'.repeat(26)}`, made.cpp, 'authority_id'], [third, `cpp_${'z'.repeat(26)}`, 'cpp_id'], ['x', 'y', 'cpp_id']]) {
		const reply = await join(authority, cpp);
		assert.equal(reply.status, 422, `${authority} ${cpp}`);
		assert.match(reply.text, new RegExp(`href="#j-${field}"`), field);
	}
	assert.equal((await made.session.post('/authorities', {act: 'NO'})).status, 422);
});
