// Loading a list in the browser's way, by forms alone: three steps, every difference, undo; and files of the list.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, openSession, request, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

let authority, officer;

before(async () => {
	authority = (await reg.admin.post('/v1/authorities', {name: 'Pasted Council', kind: 'OTHER', code: 'PASTE-1'})).json.id;
	officer = await openSession(reg.url, (await makeKey(reg, {roles: {[authority]: ['ESTATES']}})).key);
});

const list = 'reference,name,class,tenure,notes\nA1,Hall,HALL,OWNED,"Slate, <b>old</b>"\nA2,Lodge,LODGE,OWNED,\n';

test('paste, look, apply, undo', async () => {
	const form = await officer.get('/imports/new');
	assert.equal(form.status, 200);
	assert.match(form.text, /<option value="aut_[0-9a-z]+">Pasted Council<\/option>/);
	const sent = await officer.post('/imports', {authority_id: authority, mapping: 'auto', rows: list});
	assert.equal(sent.status, 303, sent.text);
	const path = sent.headers.location;
	assert.match(path, /^\/imports\/imp_[0-9a-z]{26}$/);
	const preview = await officer.get(path);
	assert.equal(preview.status, 200, preview.text);
	assert.match(preview.text, /Nothing has changed yet\..*2 new, 0 changed, 0 the same, 0 with errors/s);
	assert.match(preview.text, /New entries are shown to everybody/);
	assert.match(preview.text, /<td[^>]*>2<\/td><td[^>]*>New<\/td>/);
	assert.doesNotMatch(preview.text, /Public body: <ins>|Owners: <ins>|Decile of deprivation: <ins>|partnership: <ins>|Show it to everybody: <ins>/, 'what is the same of each line is not said of each');
	assert.doesNotMatch((await officer.get('/')).text, new RegExp(`import\\.|${path}`), 'a list that was looked at has changed nothing');
	assert.match(preview.text, /Slate, &lt;b&gt;old&lt;\/b&gt;/, 'what somebody wrote is no markup');
	assert.equal((await reg.anyone.get(`/v1/assets?authority_id=${authority}`)).json.items.length, 0);
	assert.equal((await officer.post(`${path}/apply`, {})).headers.location, path);
	assert.match((await officer.get(path)).text, /has been applied/);
	assert.match((await officer.get('/')).text, new RegExp(`List imported: <a href="${path}">Pasted Council</a>`));
	assert.equal((await reg.anyone.get(`/v1/assets?authority_id=${authority}`)).json.items.length, 2);
	assert.equal((await officer.post(`${path}/undo`, {})).status, 303);
	assert.match((await officer.get(path)).text, /applied and undone/);
	assert.match((await officer.get('/')).text, new RegExp(`Import undone: <a href="${path}">Pasted Council</a>`));
	assert.match((await reg.anyone.get('/')).text, /Removed from the register: 2 entries of Pasted Council, at once<\/li>/, 'in one line, and there is nothing to follow');
	assert.equal((await reg.anyone.get(`/v1/assets?authority_id=${authority}`)).json.items.length, 0);
	assert.match((await officer.get('/imports/new')).text, /Loaded before/);
});

test('a change of one field is shown as what was and what will be, and lines with errors are said', async () => {
	const first = (await officer.post('/imports', {authority_id: authority, rows: list})).headers.location;
	await officer.post(`${first}/apply`, {});
	assert.match((await officer.get((await officer.post('/imports', {authority_id: authority, rows: list.replaceAll(',', '\t').replace('Slate\t', 'Slate,')})).headers.location)).text, /2 the same/,
		'cells of a spreadsheet, pasted');
	const second = (await officer.post('/imports', {authority_id: authority, mapping: 'ASSETD',
		rows: list.replace('Hall,HALL', 'Great hall,HALL').replace('notes', 'uprn').replace('"Slate, <b>old</b>"', '7').replace('OWNED,\n', 'OWNED,1.0E+11\n')})).headers.location;
	const page = (await officer.get(second)).text;
	assert.match(page, /Name: <del>Hall<\/del> <ins>Great hall<\/ins>/);
	assert.match(page, /Apply without the lines with errors/);
	assert.match(page, /1 changed, 0 the same, 1 with errors; 0 remarks\./);
	assert.match(page, /<td[^>]*>2<\/td><td[^>]*>Changed<\/td>/);
	assert.match(page, /<td[^>]*>3<\/td><td[^>]*>Not loaded<\/td>/);
	assert.doesNotMatch(page, /OTHER|authority_id|aut_[0-9a-z]{26}<\/ins>/, 'nothing in words that only programs know');
	assert.match(page, /<li>Error in uprn, where <q>1\.0E\+11<\/q> stands: /);
	const odd = (await officer.post('/imports', {authority_id: authority, rows: 'reference,name,class,tenure,uprn\nB1,Hall,HALL,OWNED,AB-12\n'})).headers.location;
	assert.equal((await officer.get(odd)).text.match(/<li>Error in uprn/g).length, 1, 'what is wrong is said once of its line');
	const third = (await officer.post('/imports', {authority_id: authority, rows: 'reference,Ward,name,published\nA1,3,Hall,no\nA9,3,New,no\n'})).headers.location;
	assert.match((await officer.get(third)).text, /Nothing reads these columns[^<]*: Ward\./);
	assert.match((await officer.get(third)).text, /<li>Remark, where <q>OTHER<\/q> stands: /);
	assert.doesNotMatch((await officer.get(third)).text, /New entries are shown/);
});

test('what is wrong with a list is a page that says it', async () => {
	const bad = await officer.post('/imports', {authority_id: authority, rows: 'a,b\n1,2\n'});
	assert.equal(bad.status, 422);
	assert.match(bad.headers['content-type'], /^text\/html/);
	assert.match(bad.text, /names a column/);
});

test('nobody else may look or load', async () => {
	const path = (await officer.post('/imports', {authority_id: authority, rows: list})).headers.location;
	const other = (await reg.admin.post('/v1/authorities', {name: 'Other', kind: 'OTHER', code: 'PASTE-2'})).json.id;
	const stranger = await openSession(reg.url, (await makeKey(reg, {roles: {[other]: ['ESTATES']}})).key);
	assert.equal((await stranger.get(path)).status, 404);
	assert.equal((await stranger.post('/imports', {authority_id: authority, rows: list})).status, 403);
	assert.equal((await stranger.post(`${path}/apply`, {})).status, 404);
	const anyone = await request(reg.url + '/imports/new');
	assert.ok([303, 401].includes(anyone.status), String(anyone.status));
	const forged = await officer.post('/imports', {csrf: 'nonsense', authority_id: authority, rows: list});
	assert.equal(forged.status, 403);
});

test('this list as a file holds what whoever is signed in may see', async () => {
	await reg.admin.post('/v1/assets', {authority_id: authority, name: 'Not public', class: 'HALL', tenure: 'OWNED', published: false});
	const href = /href="(\/downloads\/assets\?[^"]*format=csv[^"]*)"/.exec((await officer.get(`/assets?authority_id=${authority}`)).text)[1].replaceAll('&amp;', '&');
	const mine = await officer.get(href);
	assert.equal(mine.status, 200);
	assert.match(mine.headers['content-disposition'], /assets-.*\.csv/);
	assert.match(mine.text, /Not public/);
	assert.doesNotMatch((await request(reg.url + href)).text, /Not public/);
	assert.match((await officer.get('/downloads/requests?format=csv')).text, /^id,reference/);
	assert.match((await officer.get(`/downloads/assets?format=catr&authority_id=${authority}`)).text, /^type,site_ref,uprn/);
});

test('the page of a list that takes long says how far it is, comes again by itself and can be left', async () => {
	await reg.sql(`create function public.linger() returns trigger language plpgsql as $$ begin perform pg_sleep(3); return null; end $$`);
	await reg.sql('create trigger linger before insert on assetd.asset for each statement execute function public.linger()');
	const rows = `reference,name,class,tenure\n${Array.from({length: 3}, (_, i) => `L${i},Long ${i},HALL,OWNED\n`).join('')}`;
	const path = (await officer.post('/imports', {authority_id: authority, mapping: 'auto', rows})).headers.location;
	assert.equal((await officer.post(`${path}/apply`, {})).headers.location, path);
	const page = await officer.get(path);
	assert.match(page.text, /This list is being applied: 0 of 3 lines are done\./);
	assert.match(page.text, /<progress class="progress" max="3" value="0" aria-label="Lines that are done">0 of 3<\/progress>/);
	assert.match(page.text, new RegExp(`<a href="${path}">Look again</a>`));
	assert.equal(page.headers.refresh, '2');
	assert.doesNotMatch(page.text, /action="\/imports\/[^"]+\/(apply|undo)"/, 'nothing to press meanwhile');
	assert.match((await officer.get('/imports/new')).text, /being applied<\/span>, 0 of 3 lines <progress [^>]*max="3" value="0"/i, 'found again, with how far it is');
	assert.equal((await officer.post(`${path}/apply`, {})).headers.location, path, 'pressed twice');
	const done = await until(async () => {
		const reply = await officer.get(path);
		return reply.text.includes('has been applied') && reply;
	}, {what: 'the list to be applied'});
	assert.equal(done.headers.refresh, undefined);
	assert.doesNotMatch(done.text, /<progress/);
	await reg.sql('drop function public.linger cascade');
});

/* The choices of a select, by the code that is sent: what people read. */
const choicesOf = (text, name) => Object.fromEntries([...new RegExp(`<select[^>]* name="${name}"[^]*?</select>`).exec(text)[0]
	.matchAll(/<option value="([^"]+)"[^>]*>([^<]*)/g)].map(([, code, words]) => [code, words]));

test('what a column can be is called as the form of an asset calls it, and nothing as programs do', async () => {
	const form = (await officer.get('/assets/new')).text;
	const asked = Object.fromEntries([...form.matchAll(/<label class="ds_(?:checkbox__)?label" for="asset-(\w+)">(.*?)(?: \(optional\))?<\/label>/g)].map(([, name, label]) => [name, label]));
	const called = choicesOf((await officer.get('/imports/mappings')).text, 'field_0');
	const both = Object.keys(called).filter(name => asked[name]);
	assert.ok(both.length > 20, both.join());
	assert.deepEqual(Object.fromEntries(both.map(name => [name, called[name]])), Object.fromEntries(both.map(name => [name, asked[name]])));
	assert.deepEqual(Object.values(called).filter(words => !/^[A-Z]/.test(words)), []);
	assert.equal(new Set(Object.values(called)).size, Object.keys(called).length, 'no two are called the same');
});

test('what is chosen of states and tenures is what the database takes of them, on every page', async () => {
	const [taken] = await reg.sql(`select json_object_agg(a.attname, pg_get_constraintdef(c.oid)) as checks from pg_constraint as c
		join pg_attribute as a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
		where c.contype = 'c' and c.conrelid = 'assetd.asset'::regclass and a.attname in ('tenure', 'lifecycle')`);
	const pages = {'/assets/new': ['tenure', 'lifecycle'], '/assets': ['lifecycle'], '/imports/mappings': ['tenure', 'lifecycle'], '/assets/change': ['tenure', 'lifecycle']};
	for (const [path, fields] of Object.entries(pages)) {
		const {text} = await officer.get(path);
		for (const field of fields) {
			const codes = [...taken.checks[field].matchAll(/'([A-Z_]+)'/g)].map(m => m[1]);
			assert.ok(codes.length > 1, taken.checks[field]);
			// What has gone is so by its sale or transfer, and by no list.
			assert.deepEqual(Object.keys(choicesOf(text, field)), codes.filter(code => path !== '/assets/change' || code !== 'DISPOSED'), `${path} ${field}`);
		}
	}
});

test('a mapping is made of the names of a list\'s columns, used, and taken away, by forms alone', async () => {
	const form = await officer.get(`/imports/mappings?heads=${encodeURIComponent('Code\tWhat <it> is\tSeen')}`);
	assert.equal(form.status, 200);
	assert.match(form.text, /name="header_1"[^>]*value="What &lt;it&gt; is"/);
	const fields = {authority_id: authority, name: 'Estates list', header_0: 'Code', field_0: '', header_1: 'What it is', field_1: 'notes', class: 'HALL', tenure: 'OWNED'};
	const wrong = await officer.post('/imports/mappings', fields);
	assert.equal(wrong.status, 422);
	assert.match(wrong.text, /No column is a reference or a name[^]*value="Estates list"[^]*value="What it is"/);
	const made = {...fields, field_0: 'reference', field_1: 'name', header_2: 'Seen', field_2: 'published'};
	assert.equal((await officer.post('/imports/mappings', made)).headers.location, '/imports/mappings');
	assert.equal((await officer.post('/imports/mappings', made)).status, 409, 'a name is there once');
	const shown = (await officer.get('/imports/mappings')).text;
	assert.match(shown, /<li>Code: Reference<\/li>\s*<li>What it is: Name<\/li>\s*<li>Seen: Show it to everybody<\/li>\s*<li>Kind, where no column says it: /);
	const sent = (await officer.post('/imports', {authority_id: authority, mapping: 'Estates list', rows: 'Code\tWhat it is\tSeen\nM1\tMapped hall\tno\n'})).headers.location;
	await officer.post(`${sent}/apply`, {});
	assert.equal((await reg.anyone.get('/v1/assets?reference=M1')).json.items.length, 0);
	const [, path] = /action="(\/imports\/mappings\/map_[^"]+\/remove)"/.exec(shown);
	assert.equal((await officer.post(path, {seen_version: '1'})).status, 303);
	assert.match((await officer.get('/imports/mappings')).text, /None is saved yet/);
});
