// Somebody else was faster: every form that says which version it was filled in from shows what stands now beside what was typed,
// says who changed which, loses neither, and sent again puts what was typed on top.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {formsOf, ok, openSession, sendForm, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
const me = await openSession(reg.url, reg.adminKey);
const council = ok(await admin.post('/v1/authorities', {name: 'Conflict Council', kind: 'COUNCIL', code: 'CON', duties: [{schedule: 3, from_on: '2017-01-23'}]}));

const formOf = async (page, act) => formsOf(page, (await me.get(page)).text).find(form => form.fields.some(([name, value]) => name === act[0] && (act.length < 2 || value === act[1])));
const with_ = (form, more) => form.fields.map(([name, value]) => [name, more[name] ?? value]);
const send = (form, more) => sendForm(reg.url, form, {fields: with_(form, more), cookie: me.cookie});
const again = (reply, form, act) => formsOf(form.page, reply.text).find(one => one.action === form.action && one.fields.some(([name, value]) => name === act[0] && (act.length < 2 || value === act[1])));
/* The table's rows: [field, stands now, typed, who]. */
const rowsOf = text => [...(/<caption id="beside-caption">[\s\S]*?<\/table>/.exec(text)?.[0] ?? '').matchAll(/<tr><th scope="row"><a href="#([^"]+)">([\s\S]*?)<\/a><\/th>([\s\S]*?)<\/tr>/g)]
	.map(([, href, label, cells]) => {
		assert.match(text, new RegExp(` id="${href}"`), `${label} leads to its field`);
		return [label, ...[...cells.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) => cell.replaceAll(/<[^>]*>/g, ''))];
	});

test('an asset: both versions, who changed what, and one press to keep yours', async () => {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED', notes: 'Old', postcode: 'PH1 1AA'}));
	const form = await formOf(`/assets/${asset.id}/edit`, ['act', 'SAVE']);
	ok(await admin.patch(`/v1/assets/${asset.id}`, {notes: 'Theirs <b>', postcode: 'PH2 2BB', common_good: true}, {match: '*'}), 200);
	const reply = await send(form, {notes: 'Mine', address: 'Mine too\nTwo lines', class: 'DEPOT'});
	assert.equal(reply.status, 412);
	assert.deepEqual(rowsOf(reply.text), [
		['Kind', 'Hall', 'Depot', 'Changed by you'],
		['Address', 'nothing', 'Mine too\nTwo lines', 'Changed by you'],
		['Postcode', 'PH2 2BB', 'PH1 1AA', 'Changed by somebody else'],
		['Held for the common good', 'yes', 'nothing', 'Changed by somebody else'],
		['Notes', 'Theirs &lt;b&gt;', 'Mine', 'Changed by both'],
	]);
	const second = again(reply, form, ['act', 'SAVE']);
	assert.equal((await send(second, {})).status, 303);
	const now = (await admin.get(`/v1/assets/${asset.id}`)).json;
	assert.deepEqual([now.notes, now.address, now.postcode, now.class, now.common_good], ['Mine', 'Mine too\nTwo lines', 'PH2 2BB', 'DEPOT', true]);
});

test('two tabs of one form: the second is shown what the first has stored', async () => {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Two tabs', class: 'HALL', tenure: 'OWNED'}));
	const page = `/assets/${asset.id}/edit`;
	const [one, two] = [await formOf(page, ['act', 'SAVE']), await formOf(page, ['act', 'SAVE'])];
	assert.equal((await send(one, {name: 'One'})).status, 303);
	const late = await send(two, {name: 'Two'});
	assert.equal(late.status, 412);
	assert.deepEqual(rowsOf(late.text), [['Name', 'One', 'Two', 'Changed by both']]);
	const back = await send(one, {name: 'One'});
	assert.equal(back.status, 303, 'Back after saving, and the button again: it was stored already');
	assert.equal((await admin.get(`/v1/assets/${asset.id}`)).json.name, 'One');
	assert.equal((await send(again(late, two, ['act', 'SAVE']), {})).status, 303);
	assert.equal((await admin.get(`/v1/assets/${asset.id}`)).json.name, 'Two');
});

/* page, the form's mark, what the other tab stores meanwhile, what is typed here, the rows, a text that stands on the page in the end. */
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30, contact: {name: 'Ann', email: 'ann@example.org'}}));
const contact = `/community-bodies/${body.id}?authority_id=${council.id}`;
const TABLE = [
	['the record of a body', `/community-bodies/${body.id}`, ['act', 'RECORD'], {members: '40'}, {name: 'Trust of mine'},
		[['Name', 'Trust', 'Trust of mine', 'Changed by you'], ['Members', '40', '30', 'Changed by somebody else']], ['Trust of mine', 'value="40"']],
	['a contact, which has no history', contact, ['act', 'CONTACT'], {contact_name: 'Bess', contact_email: 'b@example.org'}, {contact_name: 'Cath'},
		[['Who to write to', 'Bess', 'Cath', 'Different'], ['E-mail address', 'b@example.org', 'nothing', 'Different']], ['value="Cath"']],
	['what an authority settles', `/authorities/${council.id}/settings`, ['act', 'SETTLE'], {inspect_at: 'Theirs'}, {inspect_at: 'Mine'},
		[['Where documents can be seen', 'Theirs', 'Mine', 'Changed by both']], ['>Mine<']],
	['the record of an authority', `/authorities/${council.id}/settings`, ['act', 'RECORD'], {name_gd: 'Theirs'}, {name_gd: 'Mine'},
		[['Name in Gaelic', 'Theirs', 'Mine', 'Changed by both']], ['value="Mine"']],
	['a report', `/reports/${council.id}/2026-27`, ['promotion'], {promotion: 'Theirs', support: 'Both'}, {promotion: 'Mine', support: 'Both'},
		[['What was done to promote requests', 'Theirs', 'Mine', 'Different']], ['>Mine<']],
	['a budget', `/budget?authority_id=${council.id}`, ['lines'], {lines: '2027-28,1.00', note: 'Theirs'}, {lines: '2027-28,2.00', note: 'Mine'},
		[['Years and amounts', '2027-28,1.00', '2027-28,2.00', 'Different']], ['2027-28,2.00']],
	['a parameter', `/parameters?authority_id=${council.id}`, ['path'], {path: '/cost_fixed', value: '£3,000', note: 'Theirs', act: 'SET'}, {path: '/cost_fixed', value: '£4,000', note: 'Mine', act: 'SET'},
		[['Cost of a market sale, fixed', '£3,000.00', '£4,000', 'Different']], ['£4,000']],
];

for (const [what, page, act, theirs, typed, rows, end] of TABLE) {
	test(`${what}: both versions beside each other, and sent again yours stands`, async () => {
		const [form, other] = [await formOf(page, act), await formOf(page, act)];
		assert.equal((await send(other, theirs)).status, 303);
		const reply = await send(form, typed);
		assert.ok([409, 412].includes(reply.status), `${reply.status} ${reply.text}`);
		assert.deepEqual(rowsOf(reply.text), rows);
		const stored = await send(again(reply, form, act), act[0] === 'path' ? {act: 'SET'} : {});
		assert.equal(stored.status, 303, stored.text);
		const {text} = await me.get(page.startsWith('/reports') ? `${page}?version=draft` : page);
		for (const one of end)
			assert.ok(text.includes(one), one);
	});
}
