// Many assets at once: fields set on a filtered list, previewed, applied and undone as an import is, by a page and by the
// API; with what stands in its way said by name. And what thousands of lines cost.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertSound, makeKey, request, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

let council, other, officer, stranger, key;
const names = ['Old hall', 'New hall', 'Lodge', 'Depot'];
const ids = {};

const edit = (who, set, query = '', authority = council) => who.post(`/v1/imports?kind=edit&authority_id=${authority}${query}`, set);
const act = (who, id, what) => who.request('POST', `/v1/imports/${id}/${what}`);
const asset = async name => (await officer.get(`/v1/assets/${ids[name]}`)).json;

before(async () => {
	council = (await reg.admin.post('/v1/authorities', {name: 'Council', kind: 'OTHER', code: 'EDIT-1'})).json.id;
	other = (await reg.admin.post('/v1/authorities', {name: 'Other', kind: 'OTHER', code: 'EDIT-2'})).json.id;
	for (const [i, name] of names.entries()) {
		const made = await reg.admin.post('/v1/assets', {authority_id: council, name, reference: `R${i}`, class: i < 2 ? 'HALL' : 'LODGE', tenure: 'OWNED', effective_on: '2026-01-01'});
		ids[name] = made.json.id;
	}
	await reg.admin.post('/v1/assets', {authority_id: other, name: 'Their hall', class: 'HALL', tenure: 'OWNED'});
	key = (await makeKey(reg, {roles: {[council]: ['ESTATES']}})).key;
	officer = reg.admin.as(key);
	stranger = reg.admin.as((await makeKey(reg, {roles: {[other]: ['ESTATES', 'FINANCE']}})).key);
});

test('preview names every difference, apply makes them and undo takes them back', async () => {
	const made = await edit(officer, {lifecycle: 'SURPLUS', notes: 'Listed in March', common_good: true}, '&class=HALL&q=hall');
	assert.equal(made.status, 201, made.text);
	const {json} = made;
	assert.deepEqual([json.kind, json.state, json.columns], ['EDIT', 'PREVIEWED', ['lifecycle', 'notes', 'common_good']]);
	assert.deepEqual(json.mapping, {filter: {class: ['HALL'], q: ['hall']}, set: {lifecycle: 'SURPLUS', notes: 'Listed in March', common_good: true}});
	assert.deepEqual(json.counts, {create: 0, update: 2, same: 0, error: 0, warning: 0});
	assert.deepEqual(json.lines.map(l => l.asset_id).sort(), [ids['Old hall'], ids['New hall']].sort(), 'and nobody else\'s hall');
	assert.deepEqual(json.lines[0].changes.map(c => [c.field, c.old, c.new]).sort(), [['common_good', null, true], ['lifecycle', 'IN_USE', 'SURPLUS'], ['notes', null, 'Listed in March']]);
	assert.equal((await asset('Old hall')).version, 1);

	assert.equal((await act(officer, json.id, 'apply')).json.state, 'APPLIED');
	const after = await asset('Old hall');
	assert.deepEqual([after.lifecycle, after.notes, after.common_good, after.version], ['SURPLUS', 'Listed in March', true, 2]);
	assert.equal((await asset('Lodge')).version, 1);
	const events = (await officer.get(`/v1/assets/${ids['Old hall']}/history`)).json.items;
	assert.ok(events.some(e => e.type === 'asset.updated' && e.data.import_id === json.id), JSON.stringify(events));
	assert.deepEqual((await edit(officer, {lifecycle: 'SURPLUS'}, '&class=HALL')).json.counts, {create: 0, update: 0, same: 2, error: 0, warning: 0});

	assert.equal((await act(officer, json.id, 'undo')).json.state, 'UNDONE');
	const back = await asset('Old hall');
	assert.deepEqual([back.lifecycle, back.notes ?? null, back.common_good ?? null, back.version], ['IN_USE', null, null, 3]);
});

test('a data zone that stays does not have to be said again, by an edit or a list', async () => {
	const made = await reg.admin.post('/v1/assets', {authority_id: council, name: 'Zoned', reference: 'Z1', class: 'ZONED', tenure: 'OWNED', data_zone: 'S01006506'});
	assert.equal(made.status, 201, made.text);
	const {json} = await edit(officer, {notes: 'x'}, '&class=ZONED');
	assert.deepEqual([json.counts.update, json.counts.error], [1, 0], JSON.stringify(json.lines));
	const list = await officer.request('POST', `/v1/imports?kind=assets&authority_id=${council}`, {body: 'reference,name\nZ1,Zoned anew\n', headers: {'Content-Type': 'text/csv'}});
	assert.deepEqual([list.json.counts.update, list.json.counts.error], [1, 0], JSON.stringify(list.json.lines));
	const moved = await edit(officer, {data_zone: 'S01006507'}, '&class=ZONED');
	assert.deepEqual(moved.json.lines[0].changes.map(c => c.field).filter(f => f !== 'decile'), ['data_zone']);
	assert.equal((await edit(officer, {data_zone: 'S01999999'}, '&class=ZONED')).json.counts.error, 1);
	assert.equal((await reg.admin.delete(`/v1/assets/${made.json.id}`, {match: '*'})).status, 204);
});

test('what makes no sense of many is refused, with each flaw', async () => {
	const flaws = async (set, query) => {
		const reply = await edit(officer, set, query);
		assert.ok([400, 422].includes(reply.status), reply.text);
		return reply.json.errors.map(e => [e.pointer, e.code]);
	};
	assert.deepEqual(await flaws({}), [['', 'REQUIRED']]);
	assert.deepEqual(await flaws({name: 'All the same', uprn: '1'}), [['/name', 'NOT_HERE'], ['/uprn', 'NOT_HERE']]);
	assert.deepEqual(await flaws({owners: [{authority_id: other, units: 1}]}), [['/owners', 'NOT_HERE']]);
	assert.deepEqual((await flaws({authority_id: other})).map(f => f[0]).includes('/authority_id'), true);
	assert.deepEqual(await flaws({nonsense: 1}).then(f => f.map(x => x[0])), ['/nonsense', '/nonsense']);
	assert.deepEqual(await flaws({lifecycle: 'GONE'}), [['/lifecycle', 'NOT_IN_LIST']]);
	assert.deepEqual(await flaws({locality_id: 'loc_00000000000000000000000000'}), [['/locality_id', 'NOT_FOUND']]);
	assert.deepEqual(await flaws({notes: 'x'}, '&near=nowhere'), [['?near', 'BAD_FORM']]);
	assert.equal((await edit(officer, {notes: 'x'}, '&valid_on=2999-01-01')).status, 422);
	assert.equal((await edit(officer, {notes: 'x'}, '&colour=red')).status, 400);
	assert.equal((await officer.request('POST', `/v1/imports?kind=edit&authority_id=${council}`, {body: 'name\nx\n', headers: {'Content-Type': 'text/csv'}})).status, 415);
	assert.deepEqual((await edit(officer, {notes: 'x'}, `&q=${encodeURIComponent('\' or 1=1) --')}`)).json.counts.update, 0);
	const list = await officer.request('POST', `/v1/imports?kind=assets&authority_id=${council}&class=HALL`, {body: 'name\nx\n', headers: {'Content-Type': 'text/csv'}});
	assert.equal(list.json.errors[0].code, 'NOT_HERE', 'a filter that a list would not heed');
});

test('nobody edits another\'s assets, nor with half a key', async () => {
	assert.equal((await edit(stranger, {notes: 'mine'})).status, 403);
	assert.equal((await edit(reg.anyone, {notes: 'mine'})).status, 401);
	const half = reg.admin.as((await makeKey(reg, {roles: {[council]: ['ESTATES']}, scopes: ['imports:write']})).key);
	assert.equal((await edit(half, {notes: 'mine'})).status, 403, 'an edit is a write of assets');
	const viewer = reg.admin.as((await makeKey(reg, {roles: {[council]: ['VIEWER', 'FINANCE']}})).key);
	assert.equal((await edit(viewer, {notes: 'mine'})).status, 403);
	const mine = await edit(officer, {notes: 'ours'});
	assert.equal(mine.json.counts.update, 4);
	assert.equal((await act(stranger, mine.json.id, 'apply')).status, 404);
});

test('two edits at once: one is applied whole, the other says what has moved', async () => {
	const one = (await edit(officer, {notes: 'one'})).json, two = (await edit(officer, {notes: 'two'})).json;
	const replies = await Promise.all([one, two].map(e => until(async () => {
		const reply = await act(officer, e.id, 'apply');
		return reply.status !== 503 && reply;
	}, {what: 'a turn'})));
	assert.deepEqual(replies.map(r => r.status).sort(), [200, 409]);
	const notes = new Set(await Promise.all(names.map(async n => (await asset(n)).notes)));
	assert.equal(notes.size, 1);
	const late = await act(officer, replies[0].status === 409 ? one.id : two.id, 'apply');
	assert.equal(late.status, 409);
	assert.equal(late.json.type, '/v1/problems/import-stale');
	assert.equal(late.json.changed_since.length, 4);
	assert.deepEqual(late.json.changed_since[0].fields, ['notes']);
	assert.equal(late.json.changed_since[0].type, 'asset.updated');
	assert.ok(names.includes(late.json.changed_since[0].name));
	assert.match(late.json.detail, /^Line \d, (Old hall|New hall|Lodge|Depot) \(R\d\): notes, asset\.updated by .+ at 20/);
});

test('an undo says which asset was changed since, in what, by whom and when', async () => {
	const applied = (await edit(officer, {notes: 'three'})).json;
	assert.equal((await act(officer, applied.id, 'apply')).status, 200);
	const {version} = await asset('Lodge');
	assert.equal((await officer.patch(`/v1/assets/${ids.Lodge}`, {name: 'Lodge', address: '1 High St', title_number: 'MID1'}, {match: `"${version}-a"`})).status, 200);
	await reg.admin.post(`/v1/assets/${ids.Depot}/valuations`, {basis: 'MARKET', amount_pence: 7654321, valued_on: '2026-02-01'});
	const refused = await act(officer, applied.id, 'undo');
	assert.equal(refused.status, 409, refused.text);
	assert.equal(refused.json.type, '/v1/problems/import-changed-since');
	const by = Object.fromEntries(refused.json.changed_since.map(c => [c.name, c]));
	assert.deepEqual(by.Lodge.fields, ['address', 'title_number']);
	assert.deepEqual([by.Lodge.asset_id, by.Lodge.reference, by.Lodge.type], [ids.Lodge, 'R2', 'asset.updated']);
	assert.ok(by.Lodge.actor && by.Lodge.at);
	assert.ok(!refused.text.includes('7654321'), 'what it is worth is said to nobody here');
	assert.equal((await asset('Old hall')).notes, 'three', 'nothing was undone');
});

test('a bar on land under a request holds for an edit as for anybody', async () => {
	const body = (await reg.admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO', members: 40})).json;
	const asked = await reg.admin.post('/v1/requests', {asset_id: ids.Lodge, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: 'bar'});
	assert.equal((await reg.admin.post(`/v1/requests/${asked.json.id}/events`, {event: 'VALIDATE', on: '2026-10-01'})).status, 201);
	const sale = (await edit(officer, {lifecycle: 'DISPOSED'}, '&class=LODGE')).json;
	const applied = await act(officer, sale.id, 'apply');
	assert.equal(applied.status, 409, applied.text);
	assert.equal(applied.json.type, '/v1/problems/import-has-errors');
	assert.deepEqual(sale.lines.flatMap(l => l.problems.map(p => [l.action, p.code, p.message.includes(asked.json.reference)])), [['ERROR', 'DISPOSAL_BARRED', true]]);
	assert.deepEqual([(await asset('Lodge')).lifecycle, (await asset('Depot')).lifecycle], ['IN_USE', 'IN_USE'], 'none of them');
});

test('of another day: it is so from then on, and what changed later is named', async () => {
	const then = await edit(officer, {restrictions: 'No fires'}, '&class=HALL&valid_on=2026-02-01');
	assert.equal(then.json.counts.error, 2, 'they were changed after that day');
	assert.equal(then.json.lines[0].problems[0].code, 'changed-after');
	const fresh = (await reg.admin.post('/v1/assets', {authority_id: council, name: 'Quiet barn', class: 'BARN', tenure: 'OWNED', effective_on: '2026-01-01'})).json.id;
	const made = (await edit(officer, {restrictions: 'No fires'}, '&class=BARN&valid_on=2026-02-01')).json;
	assert.deepEqual([made.valid_on, made.counts.update], ['2026-02-01', 1]);
	assert.equal((await act(officer, made.id, 'apply')).status, 200);
	const on = async day => (await officer.get(`/v1/assets/${fresh}?valid_on=${day}`)).json.restrictions ?? null;
	assert.deepEqual([await on('2026-01-15'), await on('2026-02-01'), await on('2026-03-01')], [null, 'No fires', 'No fires']);
	assert.equal((await act(officer, made.id, 'undo')).status, 200);
	assert.deepEqual([await on('2026-01-15'), await on('2026-03-01')], [null, null]);
	const list = await officer.request('POST', `/v1/imports?kind=assets&authority_id=${council}&valid_on=2026-01-20`, {body: 'reference,name,class,tenure\nB1,Byre,BARN,OWNED\n', headers: {'Content-Type': 'text/csv'}});
	assert.equal((await act(officer, list.json.id, 'apply')).status, 200);
	assert.equal((await officer.get(`/v1/assets?reference=B1&valid_on=2026-01-19`)).json.items.length, 0);
	assert.equal((await officer.get(`/v1/assets?reference=B1&valid_on=2026-01-20`)).json.items.length, 1);
});

test('the page does the same, in three steps, without script', async () => {
	const form = {'Content-Type': 'application/x-www-form-urlencoded', Origin: reg.url};
	const cookie = (reply, name) => [reply.headers['set-cookie']].flat().map(c => c.split(';')[0]).find(c => c.startsWith(`${name}=`));
	const asked = await request(`${reg.url}/sign-in`);
	const [, word] = /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text);
	const opened = await request(`${reg.url}/sign-in`, {method: 'POST', body: new URLSearchParams({key, next: '/', form_csrf: word}).toString(),
		headers: {...form, Cookie: cookie(asked, '__Host-form')}});
	const Cookie = cookie(opened, '__Host-sid');
	const get = path => request(reg.url + path, {headers: {Cookie}});
	const link = /href="(\/assets\/change\?[^"]+)"/.exec((await get('/assets?class=HALL')).text)[1].replaceAll('&amp;', '&');
	const page = await get(link);
	assert.equal(page.status, 200, page.text);
	assert.match(page.text, /<li>kind: Hall<\/li>/);
	assert.ok(!page.text.includes(other), 'a body of others is not offered');
	const action = /action="(\/assets\/change[^"]*)"/.exec(page.text)[1].replaceAll('&amp;', '&');
	const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)[1];
	const post = (path, fields, more = {}) => request(reg.url + path, {method: 'POST', body: new URLSearchParams({csrf, ...fields}).toString(), headers: {...form, Cookie, ...more}});
	const shown = await post(action, {authority_id: council, exempt_reason: 'Statutory <b>', class: '', published: 'false', valid_on: ''});
	assert.equal(shown.status, 303, shown.text);
	const preview = await get(shown.headers.location);
	assert.match(preview.text, /2 changed/);
	assert.match(preview.text, /Why it need not be listed: (<del>[^<]*<\/del> )?<ins>Statutory &lt;b&gt;<\/ins>/);
	assert.equal((await post(`${shown.headers.location}/apply`, {})).status, 303);
	assert.equal((await reg.anyone.get(`/v1/assets/${ids['Old hall']}`)).status, 404, 'no longer published');
	assert.equal((await post(`${shown.headers.location}/undo`, {})).status, 303);
	assert.equal((await reg.anyone.get(`/v1/assets/${ids['Old hall']}`)).status, 200);
	assert.equal((await post(action, {authority_id: council})).status, 422, 'nothing to set');
	assert.equal((await post(action, {authority_id: other, class: 'X'})).status, 403);
	assert.equal((await post(action, {authority_id: council, class: 'X', csrf: 'forged'})).status, 403);

	// The list as a file, by the form's own field.
	const boundary = 'x'.repeat(20);
	const part = (name, value, more = '') => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
	const file = text => part('csrf', csrf) + part('authority_id', council) + part('mapping', 'auto') + part('rows', '') + part('valid_on', '2026-03-01')
		+ part('file', text, '; filename="list.csv"') + `--${boundary}--\r\n`;
	const sent = await request(`${reg.url}/imports`, {method: 'POST', body: file('reference,name,class,tenure\nF1,Filed,HUT,OWNED\n'),
		headers: {Origin: reg.url, Cookie, 'Content-Type': `multipart/form-data; boundary=${boundary}`}});
	assert.equal(sent.status, 303, sent.text);
	assert.match((await get(sent.headers.location)).text, /1 new/);
	assert.match((await get('/imports/new')).text, /type="file"/);
	// An undo that is refused says why on its page.
	const again = await post(action, {authority_id: council, exempt_reason: 'Again'});
	await post(`${again.headers.location}/apply`, {});
	await officer.patch(`/v1/assets/${ids['Old hall']}`, {address: '2 High St'}, {match: '*'});
	const refused = await post(`${again.headers.location}/undo`, {});
	assert.equal(refused.status, 409);
	assert.match(refused.text, /Old hall \(R0\): address, asset\.updated by/);
});

test('a daemon that dies in the middle of applying leaves nothing half done, and it can be asked again', async () => {
	const lines = Array.from({length: 3000}, (_, i) => `K${i},Shed ${i},SHED,OWNED`);
	const send = () => officer.request('POST', `/v1/imports?kind=assets&authority_id=${council}`, {body: `reference,name,class,tenure\n${lines.join('\n')}\n`, headers: {'Content-Type': 'text/csv'}});
	const {json} = await send();
	assert.equal(json.counts.create, 3000);
	const count = async () => Number((await reg.sql("select count(*)::int as n from assetd.asset where class = 'SHED' and removed_at is null"))[0].n);
	const cut = act(officer, json.id, 'apply').then(() => 'answered', () => 'cut');
	await until(async () => (await reg.sql("select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%import_apply(%' and pid <> pg_backend_pid()"))[0].n > 0,
		{what: 'the apply to be under way', every_ms: 2});
	await reg.daemon.kill();
	assert.equal(await cut, 'cut');
	// The server notices that its client has gone, or has committed all of it: never a part.
	await until(async () => (await reg.sql("select count(*)::int as n from pg_stat_activity where state <> 'idle' and query like '%import_apply(%' and pid <> pg_backend_pid()"))[0].n === 0,
		{what: 'the end of the statement'});
	const [{state}] = await reg.sql('select state from assetd.import where id = $1', [json.id]);
	assert.equal(await count(), state === 'APPLIED' ? 3000 : 0, state);
	await reg.daemon.start();
	const again = await until(async () => {
		const reply = await act(officer, json.id, 'apply').catch(() => ({status: 503}));
		return reply.status !== 503 && reply;
	}, {what: 'the daemon'});
	assert.ok([200, 202].includes(again.status), again.text); // of a slow machine it goes on apart
	await until(async () => (await officer.get(`/v1/imports/${json.id}`)).json?.state === 'APPLIED', {what: 'all of it'});
	assert.equal(await count(), 3000);
});

test('after all of this the register is sound', () => assertSound(reg));
