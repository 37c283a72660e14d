// The officers' forms about land, and the one that loads a list, when they are refused: each comes back where it stood, with what
// was typed and with what is wrong beside its field.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {formsOf, ok, openSession, sendForm, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
const me = await openSession(reg.url, reg.adminKey);
const council = ok(await admin.post('/v1/authorities', {name: 'Land Council', kind: 'COUNCIL', code: 'LND'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 30}));
const add = async (name, more) => ok(await admin.post('/v1/assets', {authority_id: council.id, name, class: 'HALL', tenure: 'OWNED', ...more})).id;
const hall = await add('Hall', {reference: 'LH/1'});
const NONE = `ast_${'0'.repeat(26)}`;

const find = (page, text, action) => formsOf(page, text).find(form => form.action === action);
const formOf = async (page, action) => find(page, (await me.get(page)).text, action);
const send = (form, more) => sendForm(reg.url, form, {fields: form.fields.map(([name, value]) => [name, more[name] ?? value]), cookie: me.cookie});
/* Refused on its own page, which says there what is wrong, and holds what was typed. */
function assertBack(reply, form, {title, id, wrong, typed}) {
	assert.equal(reply.status, 422, reply.text.slice(0, 3000));
	assert.match(reply.text, title);
	assert.match(reply.text, new RegExp(`<a href="#${id}">[^<]*${wrong}`), `the summary leads to ${id}: ${/<ul class="ds_error-summary__list">[^]*?<\/ul>/.exec(reply.text)?.[0]}`);
	assert.match(reply.text, new RegExp(`id="${id}-error">[^]*?${wrong}`), 'beside the field');
	assert.match(reply.text, new RegExp(` id="${id}"[^>]*aria-invalid="true"`));
	assert.doesNotMatch(reply.text, /id="typed"/, 'not on the general page');
	const again = Object.fromEntries(find(form.page, reply.text, form.action).fields);
	for (const [name, value] of Object.entries(typed))
		assert.equal(again[name], value, name);
}

test('saying which asset the land is', async () => {
	const {id} = ok(await admin.post('/v1/requests', {land: {authority_id: council.id, description: 'The quarry'}, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'q'}));
	const form = await formOf(`/requests/${id}`, `/requests/${id}/asset`);
	for (const [asset_id, wrong] of [['the hall <b>', ''], [NONE, ''], ['', 'This is not said']])
		assertBack(await send(form, {asset_id}), form, {title: /The quarry/, id: 'asset_id', wrong, typed: {asset_id}});
	assert.equal((await send(form, {asset_id: 'lh/1'})).headers.location, `/requests/${id}`);
	assert.equal(ok(await admin.get(`/v1/requests/${id}`), 200).asset_id, hall, 'by its reference');
});

test('splitting off a part, and saying whether another asset overlaps', async () => {
	const page = `/assets/${hall}`;
	const split = await formOf(page, `${page}/parts`);
	assertBack(await send(split, {name: '', reference: 'R <1>'}), split, {title: /<h1[^>]*>Hall/, id: 'part_name', wrong: '', typed: {reference: 'R <1>'}});
	const pair = await formOf(page, `${page}/pairs`);
	const typed = {other_id: NONE, state: 'REJECTED', reason: 'Seen <b>\nthere'};
	const refused = await send(pair, typed);
	assertBack(refused, pair, {title: /<h1[^>]*>Hall/, id: 'pair_other_id', wrong: '', typed});
	assert.match(refused.text, /<details[^>]* open>\s*<summary[^>]*>Say whether another asset overlaps/);
	assert.doesNotMatch(refused.text, /<details[^>]* open>\s*<summary[^>]*>Split off/);
	assertBack(await send(pair, {other_id: NONE, state: '', reason: ''}), pair, {title: /<h1[^>]*>Hall/, id: 'pair_state', wrong: '', typed: {other_id: NONE}});
	await add('Other', {reference: 'LO 2'});
	const again = find(page, refused.text, `${page}/pairs`);
	assert.equal((await send(again, {other_id: 'LO 2'})).headers.location, `${page}#pairs`);
	assert.equal((await send(split, {name: 'Porch'})).status, 303);
});

test('deciding on a pair in the list of all comes back to the list it stood in', async () => {
	const square = west => ({type: 'Polygon', coordinates: [[[west, 55.95], [west + 0.002, 55.95], [west + 0.002, 55.951], [west, 55.951], [west, 55.95]]]});
	const [one, two] = [await add('North field', {boundary: square(-3.4)}), await add('South field', {boundary: square(-3.401)})];
	const page = `/authorities/${council.id}/pairs`;
	for (const show of ['proposed', 'confirmed']) {
		const path = `${page}?show=${show}`;
		const form = formsOf(path, (await me.get(path)).text).find(form => [one, two].some(id => form.action === `/assets/${id}/pairs`));
		assert.ok(form, show);
		const refused = await send({...form, fields: [...form.fields.filter(([name]) => name !== 'state'), ['state', 'CONFIRMED']]}, {reason: ''});
		const id = / id="(reason-[^"]*)-error"/.exec(refused.text)?.[1];
		assertBack(refused, form, {title: /<h1[^>]*>Land that may overlap/, id, wrong: '', typed: {show}});
		assert.match(refused.text, new RegExp(`show=${show}" aria-current`));
		if (show === 'proposed')
			assert.equal((await send({...form, fields: [...form.fields.filter(([name]) => name !== 'state'), ['state', 'CONFIRMED']]}, {reason: 'Seen'})).headers.location, page);
	}
});

test('loading a list: whose it is, what was pasted and the day stay, and each says what is wrong with it', async () => {
	const form = await formOf('/imports/new', '/imports');
	const rows = 'reference,name,class,tenure\nX-1,New <b>,HALL,OWNED\n';
	const refused = await send(form, {rows, valid_on: 'soon', mapping: 'LGA', authority_id: council.id});
	assertBack(refused, form, {title: /Load a list of land and buildings/, id: 'i-valid_on', wrong: '', typed: {rows, valid_on: 'soon', mapping: 'LGA', authority_id: council.id}});
	const future = await send(form, {rows, valid_on: '2027-01-01', authority_id: council.id});
	assertBack(future, form, {title: /Load a list of land and buildings/, id: 'i-valid_on', wrong: '', typed: {rows}});
	const nothing = await send(form, {rows: '', valid_on: '2026-11-01'});
	assertBack(nothing, form, {title: /Load a list of land and buildings/, id: 'i-rows', wrong: '', typed: {valid_on: '2026-11-01'}});
	const unread = await send(form, {rows: 'this,is\nno,list\n'});
	assertBack(unread, form, {title: /Load a list of land and buildings/, id: 'i-rows', wrong: '', typed: {rows: 'this,is\nno,list\n'}});
	const again = find('/imports/new', future.text, '/imports');
	assert.match((await send(again, {valid_on: ''})).headers.location, /^\/imports\/imp_/);
});
