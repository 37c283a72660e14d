// What officers do on the page of a case, by form alone: what arrived on a day is one form, a refusal without grounds leads to them, every notice
// is listed from its draft on; and what the public reads of it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {formsOf, ok, openSession, sendForm, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin, anyone} = reg;
const me = await openSession(reg.url, reg.adminKey);
const council = ok(await admin.post('/v1/authorities', {name: 'Case Council', kind: 'COUNCIL', code: 'CASE'}));
const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30}));
let n = 0;

async function ask(...arrived) {
	const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED'}));
	return ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100,
		...(arrived.length && {items: arrived.map(code => ({code, received_on: '2026-10-01'}))})}, {idempotency: `r${n}`}));
}
const act = async (request, event, on, more = {}) => ok(await admin.post(`/v1/requests/${request.id}/events`, {event, on, ...more}));
const page = async request => (await me.get(`/requests/${request.id}/case`)).text;
const formOf = async (request, event) => formsOf(`/requests/${request.id}/case`, await page(request)).find(form => form.fields.some(([k, v]) => k === 'event' && v === event));
const send = (form, more) => sendForm(reg.url, form, {fields: [...form.fields.filter(([name]) => !(name in more)), ...Object.entries(more)], cookie: me.cookie});
const arrivals = request => reg.sql(`select happened_on::text as on, payload ->> 'code' as code from assetd.request_event where request_id = $1 and event = 'ITEM_RECEIVED' order by number`, [request.id]);

test('what arrived on a day is ticked and recorded at once, and stands in the history once, each by its name', async () => {
	const request = await ask('WRITING', 'NAME', 'ADDRESS', 'PART5');
	const missing = request.items.filter(i => !i.received_on).map(i => i.code);
	assert.ok(missing.length > 7);
	const form = await formOf(request, 'ITEM_RECEIVED');
	const [, text] = [form, await page(request)];
	for (const code of missing)
		assert.match(text, new RegExp(`type="checkbox" id="arrived-${code}"`));
	assert.doesNotMatch(text, /id="arrived-WRITING"/, 'what is here is not asked for');
	const tick = (...codes) => Object.fromEntries(codes.map(code => [`arrived_${code}`, 'yes']));

	const none = await send(form, {on: '2026-10-20'});
	assert.equal(none.status, 422);
	assert.match(none.text, /<a href="#in-ITEM_RECEIVED-code">What arrived: /);
	assert.match(none.text, / id="in-ITEM_RECEIVED-code"/);
	const early = await send(form, {on: '2026-09-01', ...tick('LAND', 'BODY')});
	assert.equal(early.status, 409, 'before it came');
	assert.match(early.text, /id="arrived-LAND" name="arrived_LAND" value="yes" checked/);
	assert.doesNotMatch(early.text, /id="arrived-TERMS"[^>]* checked/);
	assert.match(early.text, /value="2026-09-01"/);
	assert.deepEqual(await arrivals(request), [], 'none or all');

	const before = ok(await admin.get(`/v1/requests/${request.id}`), 200).version;
	assert.equal((await send(form, {on: '2026-10-20', ...tick('LAND', 'BODY', 'TERMS')})).status, 303);
	assert.deepEqual((await arrivals(request)).map(a => a.on), ['2026-10-20', '2026-10-20', '2026-10-20']);
	assert.deepEqual((await arrivals(request)).map(a => a.code).sort(), ['BODY', 'LAND', 'TERMS']);
	assert.equal(ok(await admin.get(`/v1/requests/${request.id}`), 200).version, before + 3);
	const rest = missing.filter(code => !['LAND', 'BODY', 'TERMS'].includes(code));
	assert.equal((await send(await formOf(request, 'ITEM_RECEIVED'), {on: '2026-10-22', ...tick(...rest)})).status, 303);
	assert.ok(ok(await admin.get(`/v1/requests/${request.id}`), 200).items.every(i => i.received_on));
	const whole = await page(request);
	assert.match(whole, />Validate the request</);
	assert.doesNotMatch(whole, /type="checkbox" id="arrived-/);

	const seen = (await anyone.get(`/requests/${request.id}`)).text.split('<h2>What has happened</h2>')[1];
	assert.equal(seen.split('Something that was missing arrived.').length - 1, 2, 'once a day');
	assert.equal(seen.split('</ol>')[0].split('<span class="sentence">').length - 1, missing.length);
	const links = [...whole.matchAll(/\/corrections\/(evt_\w+)">Correct this<span class="visually-hidden">: ([^<]*)</g)];
	assert.equal(new Set(links.map(l => l[1])).size, missing.length + 1);
	assert.equal(new Set(links.map(l => l[2])).size, missing.length + 1, 'each is told from the others');
	assert.equal((await arrivals(request)).length, missing.length);
});

test('a refusal without grounds leads to them, and says so without a code', async () => {
	const request = await ask();
	await act(request, 'VALIDATE', '2026-10-01');
	await act(request, 'NOTICES_ISSUED', '2026-10-02', {representations_close_on: '2026-11-10'});
	const refused = await send(await formOf(request, 'REFUSE'), {on: '2026-11-20'});
	assert.equal(refused.status, 422);
	const [, id] = /<a href="#(ground-REFUSE-\w+)">Grounds of the refusal: [^<]+<\/a>/.exec(refused.text) ?? [];
	assert.ok(id, /error-summary[^]*?<\/ul>/.exec(refused.text)?.[0]);
	assert.match(refused.text, new RegExp(` id="${id}"`));
	assert.doesNotMatch(refused.text, /REFUSE needs|Give it\./);
});

test('every notice is listed from its draft on, also when notice is recorded by hand', async () => {
	const request = await ask();
	await act(request, 'VALIDATE', '2026-10-01');
	const {id} = ok(await admin.post(`/v1/requests/${request.id}/notices`, {code: 'N3'}));
	const listed = text => /<h3 id="notices">[^]*?<\/ul>/.exec(text)[0];
	const due = text => /<ul class="due-notices">[^]*?<\/ul>/.exec(text)[0];
	assert.match(listed(await page(request)), new RegExp(`/notices/${id}">[^<]+</a> \\(N3\\): a draft`));
	await act(request, 'NOTICES_ISSUED', '2026-10-02', {representations_close_on: '2026-11-10'});
	const after = await page(request);
	assert.match(listed(after), new RegExp(`/notices/${id}"`));
	assert.match(due(after), new RegExp(`/notices/${id}">Go on with its draft`), 'not drafted anew');
	const two = ok(await admin.post(`/v1/requests/${request.id}/notices`, {code: 'N2'}));
	ok(await admin.post(`/v1/requests/${request.id}/notices/${two.id}/issue`, {dated_on: '2026-10-03',
		recipients: [{kind: 'COMMUNITY_BODY', manner: 'POST', name: 'Trust', address: '1 Street', served_on: '2026-10-05'}]}), 200);
	assert.match(listed(await page(request)), new RegExp(`/notices/${two.id}">[^<]+</a> \\(N2\\): issued, dated 3 October 2026; the last of those whom it went to had it on 5 October 2026`));
	assert.match(listed((await me.get(`/requests/${request.id}/case?valid_on=2026-11-20`)).text ?? ''), /\(N2\)/);
});

test('land that somebody asks for is not said to be asked for by nobody', async () => {
	const request = await ask('WRITING', 'NAME', 'ADDRESS', 'PART5');
	const box = async () => /<div class="next[^]*?<\/div>/.exec((await anyone.get(`/assets/${request.asset_id}`)).text)[0];
	assert.match(await box(), new RegExp(`come forward[^]*href="/requests/${request.id}">[^<]*</a> of Hall Trust[^]*does not bar`));
	assert.doesNotMatch(await box(), /No request by a community/);
	await act(request, 'WITHDRAW', '2026-11-01');
	assert.match(await box(), /No request by a community/);
});
