// What a person is asked before a list is applied by hand: what the list leaves open, land that somebody has asked for; and how what
// cannot be loaded is found, had back, mended and loaded.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, openSession, request, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

let authority, officer, made = 0;

before(async () => {
	authority = (await reg.admin.post('/v1/authorities', {name: 'Careful Council', kind: 'OTHER', code: 'CARE-1'})).json.id;
	officer = await openSession(reg.url, (await makeKey(reg, {roles: {[authority]: ['ESTATES']}})).key);
});

/* A list by hand: where its page is. */
async function load(rows, more = {}) {
	const sent = await officer.post('/imports', {authority_id: authority, rows, ...more});
	assert.equal(sent.status, 303, sent.text);
	return sent.headers.location;
}

const page = async path => {
	const reply = await officer.get(path);
	assert.equal(reply.status, 200, reply.text);
	return reply.text;
};
const assets = async query => (await reg.admin.get(`/v1/assets?authority_id=${authority}&${query}`)).json.items;
const lines = text => [...text.matchAll(/<td data-label="Line">(\d+)<\/td>/g)].map(m => Number(m[1]));
const mark = () => `M${++made}`;
const ticks = text => [...text.matchAll(/type="checkbox" id="(\w+)"/g)].map(m => m[1]);

/* A list as a file, by the form's own field. */
function drop(name, text) {
	const boundary = 'x'.repeat(20);
	const part = (field, value, more = '') => `--${boundary}\r\nContent-Disposition: form-data; name="${field}"${more}\r\n\r\n${value}\r\n`;
	const body = part('csrf', officer.csrf) + part('authority_id', authority) + part('mapping', 'auto') + part('rows', '')
		+ part('file', text, `; filename="${name}"`) + `--${boundary}--\r\n`;
	return request(`${reg.url}/imports`, {method: 'POST', body, headers: {Origin: reg.url, Cookie: officer.cookie, 'Content-Type': `multipart/form-data; boundary=${boundary}`}});
}

test('leased land is never owned because of a word: it is known, or the line is left out', async () => {
	const m = mark();
	const words = {Leased: 'LEASED_IN', 'Leased in': 'LEASED_IN', Lease: 'LEASED_IN', leasehold: 'LEASED_IN', 'Leased out': 'OWNED', Owned: 'OWNED'};
	const unknown = ['Ground lease', 'Licence', 'Whatever'];
	const path = await load(`reference,name,class,tenure\n${[...Object.keys(words), ...unknown].map((w, i) => `${m}-${i},Hall ${i},HALL,${w}\n`).join('')}`);
	const text = await page(path);
	assert.match(text, new RegExp(`${Object.keys(words).length} new, 0 changed, 0 the same, 3 with errors`));
	for (const word of unknown)
		assert.match(text, new RegExp(`Error in tenure, where <q>${word}</q> stands: This does not say whether it is owned or leased in`));
	assert.deepEqual(ticks(text), []);
	assert.equal((await officer.post(`${path}/apply`, {skip_errors: 'true'})).status, 303);
	const found = Object.fromEntries((await assets(`class=HALL&limit=100`)).filter(a => a.reference.startsWith(`${m}-`)).map(a => [a.name, a.tenure]));
	assert.deepEqual(found, Object.fromEntries(Object.values(words).map((tenure, i) => [`Hall ${i}`, tenure])));
	// Nothing said of an asset that is there changes nothing; nothing said of a new one has to be said yes to.
	const again = await load(`reference,name,class,tenure\n${m}-0,Great hall,HALL,\n${m}-new,New hall,HALL,\n`);
	assert.deepEqual(ticks(await page(again)), ['take_owned']);
	const refused = await officer.post(`${again}/apply`, {});
	assert.equal(refused.status, 422);
	assert.match(refused.text, /<a href="#take_owned">Lines are taken as owned/);
	assert.equal((await assets(`reference=${m}-new`)).length, 0);
	assert.equal((await officer.post(`${again}/apply`, {take_owned: 'yes'})).status, 303);
	assert.deepEqual((await assets(`reference=${m}-0`)).map(a => [a.name, a.tenure]), [['Great hall', 'LEASED_IN']]);
	assert.deepEqual((await assets(`reference=${m}-new`)).map(a => a.tenure), ['OWNED']);
});

test('in the layout of the LGA another word is owned, as its contract has it, and somebody has to say yes', async () => {
	const m = mark();
	const path = await load(`AssetCode,PropertyName,StreetName,PostTown,TenureType\n${m},Shed,High Street,Ayr,Licence\n`);
	const text = await page(path);
	assert.match(text, /The tenure is not one we know; it is taken as owned/);
	assert.deepEqual(ticks(text), ['take_owned']);
	assert.equal((await officer.post(`${path}/apply`, {})).status, 422);
	assert.equal((await officer.post(`${path}/apply`, {take_owned: 'yes'})).status, 303);
	assert.deepEqual((await assets(`reference=${m}`)).map(a => a.tenure), ['OWNED']);
});

test('a reference twice and a name that was made up come first, and are applied when somebody has said so; a program reads the preview', async () => {
	const m = mark();
	const rows = `reference,name,class,tenure\n${m}-1,Hall,HALL,OWNED\n${m}-1,Depot,DEPOT,OWNED\n${m}-2,,HALL,OWNED\n`;
	const path = await load(rows);
	const text = await page(path);
	assert.deepEqual(ticks(text), ['take_twice', 'take_named']);
	assert.deepEqual(lines(text), [3, 4, 2], 'what is to be decided stands first');
	assert.deepEqual(lines(await page(`${path}?show=TWICE`)), [3]);
	const refused = await officer.post(`${path}/apply`, {take_twice: 'yes'});
	assert.equal(refused.status, 422);
	assert.match(refused.text, /href="#take_named"/);
	assert.doesNotMatch(refused.text, /href="#take_twice"/);
	assert.equal((await assets(`reference=${m}-1`)).length, 0);
	assert.equal((await officer.post(`${path}/apply`, {take_twice: 'yes', take_named: 'yes'})).status, 303);
	assert.deepEqual((await assets(`reference=${encodeURIComponent(`${m}-1~2`)}`)).map(a => a.name), ['Depot']);
	assert.deepEqual(ticks(await page(await load(rows))), [], 'loaded again: they are there, and nothing is to be decided');
	const sent = await reg.admin.request('POST', `/v1/imports?authority_id=${authority}`, {body: rows.replaceAll(m, mark()), headers: {'Content-Type': 'text/csv'}});
	assert.equal((await reg.admin.request('POST', `/v1/imports/${sent.json.id}/apply`)).status, 200);
});

test('what changes land that somebody has asked for comes first, names the request, and needs a yes', async () => {
	const m = mark();
	const csv = `reference,name,class,tenure\n${m}-1,Depot,DEPOT,OWNED\n${m}-2,Village Hall,HALL,OWNED\n`;
	await officer.post(`${await load(csv)}/apply`, {});
	const [hall] = await assets(`reference=${m}-2`);
	const body = (await reg.admin.post('/v1/community-bodies', {name: 'Hall <Trust>', legal_form: 'SCIO', members: 30})).json;
	const asked = (await reg.admin.post('/v1/requests', {asset_id: hall.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'}, {idempotency: m})).json;
	const path = await load(csv.replace('Depot', 'Old depot').replace('Village Hall', 'Example Hall 40'));
	const text = await page(path);
	assert.deepEqual(lines(text), [3, 2]);
	assert.match(text, new RegExp(`<strong>Asked for by Hall &lt;Trust&gt;</strong>, <a href="/requests/${asked.id}">${asked.reference}</a>`));
	assert.deepEqual(ticks(text), ['take_asked']);
	assert.equal((await officer.post(`${path}/apply`, {})).status, 422);
	assert.equal((await assets(`reference=${m}-2`))[0].name, 'Village Hall');
	assert.equal((await officer.post(`${path}/apply`, {take_asked: 'yes'})).status, 303);
	assert.equal((await assets(`reference=${m}-2`))[0].name, 'Example Hall 40');
	// An edit of many is asked for the same.
	const edit = (await reg.admin.post(`/v1/imports?kind=edit&authority_id=${authority}&reference=${m}-2`, {notes: 'Slate'})).json;
	assert.deepEqual(ticks(await page(`/imports/${edit.id}`)), ['take_asked']);
});

test('500 lines of which 370 are refused: counted by kind, alone, page by page, and back as a file to be mended and loaded', async () => {
	const m = mark();
	const rows = Array.from({length: 500}, (_, i) => `${m}-${i},"Hall ${i}, =old",HALL,${i < 120 ? 'Who knows' : 'Owned'},${i % 2 ? 'big' : 12},ward\n`).join('');
	const path = await load(`Reference,Name,Kind,Tenure,Area,Ward\n${rows}`);
	const text = await page(path);
	const errors = 310; // the first 120, and every second of the others
	assert.match(text, /190 new, 0 changed, 0 the same, 310 with errors/);
	const kinds = [...text.matchAll(/<li><a href="([^"]+)">(\d+) × ([^<]+)<\/a>/g)].map(k => k.slice(1));
	assert.deepEqual(kinds.map(([, n, what]) => [n, what]), [['250', 'Error in Area'], ['120', 'Error in Tenure']]);
	const one = kinds[1][0].replaceAll('&amp;', '&');
	assert.match(await page(one), /: 120 are found/);
	// Every refused line once, in as many pages as there are.
	let next = `${path}?show=ERRORS`, met = [];
	for (let pages = 0; next; pages++) {
		assert.ok(pages < 4, 'it ends');
		const shown = await page(next);
		met.push(...lines(shown));
		next = /<a href="([^"]+)" rel="next">/.exec(shown)?.[1].replaceAll('&amp;', '&');
	}
	assert.equal(met.length, errors);
	assert.equal(new Set(met).size, errors);
	const href = /href="(\/imports\/imp_\w+\/refused\?part=1)">The 310 lines/.exec(text)[1];
	const file = await officer.get(href);
	assert.match(file.headers['content-type'], /^text\/csv/);
	assert.match(file.headers['content-disposition'], /attachment/);
	const [head, first, ...more] = file.text.replace('\ufeff', '').split('\r\n');
	assert.equal(head, 'Why it was not loaded,Reference,Name,Kind,Tenure,Area', 'what nothing reads is not kept');
	assert.match(first, new RegExp(`^Tenure: This does not say .*,${m}-0,"Hall 0, =old",HALL,Who knows,12$`));
	assert.equal(more.length, errors, 'and the end of the last line');
	// The officer mends it and loads that file: nothing is said of the column with the reasons.
	const mended = file.text.replaceAll(',Who knows,', ',Owned,').replaceAll(',big\r', ',"1,250"\r');
	const back = await drop('not-loaded.csv', mended);
	assert.equal(back.status, 303, back.text);
	const second = await page(back.headers.location);
	assert.match(second, /310 new, 0 changed, 0 the same, 0 with errors; 0 remarks/);
	assert.deepEqual(ticks(second), []);
	await officer.post(`${back.headers.location}/apply`, {});
	assert.deepEqual((await assets(`reference=${m}-1`)).map(a => a.area_m2), [1250]);
	const stranger = await openSession(reg.url, (await makeKey(reg, {roles: {[(await reg.admin.post('/v1/authorities', {name: m, kind: 'OTHER', code: m})).json.id]: ['ESTATES']}})).key);
	assert.equal((await stranger.get(href)).status, 404);
});

test('ordinary cells and the register\'s own words as headings are read; what is half known loses the cell and not the line', async () => {
	const m = mark();
	const cells = {'"1,250"': 1250, '"1,250.5"': 1251, '1250 sqm': 1250, '1250m2': 1250, '1250 m²': 1250, '12 acres': 48562, '0.4 ha': 4000, '': null, 'not known': null};
	const rows = Object.keys(cells).map((cell, i) => `${m}-${i},Hall ${i},Hall,In use,Owned,${cell},2026-03-31\n`).join('');
	const path = await load(`Reference,Name,Kind,State,Tenure,Area,Last checked on\n${rows}${m}-x,Hall x,Hall,On the market,Owned,0.426,\n`);
	const text = await page(path);
	assert.match(text, new RegExp(`${Object.keys(cells).length} new, 0 changed, 0 the same, 1 with errors`));
	assert.match(text, /<q>0\.426<\/q> stands: Neither the heading nor the cell says whether these are hectares/);
	assert.doesNotMatch(text, /not kept<\/strong>/);
	await officer.post(`${path}/apply`, {skip_errors: 'true'});
	const found = await Promise.all(Object.keys(cells).map(async (_, i) => (await assets(`reference=${m}-${i}`))[0]));
	assert.deepEqual(found.map(a => a.area_m2 ?? null), Object.values(cells));
	assert.deepEqual([found[0].checked_on, found[0].lifecycle, found[0].class], ['2026-03-31', 'IN_USE', 'HALL']);
	const half = await load(`reference,name,class,tenure,postcode\n${m}-0,Hall 0,HALL,OWNED,FK8 3HN\n${m}-a,Hall a,HALL,OWNED,FK8\n${m}-b,Hall b,HALL,OWNED,not known\n`);
	assert.match(await page(half), /2 new, 1 changed, 0 the same, 0 with errors; 2 remarks/);
	await officer.post(`${half}/apply`, {});
	const later = await load(`reference,name,class,tenure,postcode\n${m}-0,Hall 0,HALL,OWNED,FK8\n`);
	assert.match(await page(later), /0 new, 0 changed, 1 the same/, 'what is there stays');
});

test('each question of the form of an asset that a cell can answer is a heading that is known', async () => {
	const form = await page('/assets/new');
	// Those that name something else by its id, or are no field of a list.
	const others = ['authority_id', 'cpp_id', 'locality_id', 'part_of', 'effective_on'];
	const asked = [...form.matchAll(/<label class="ds_(?:checkbox__)?label" for="asset-(\w+)">(.*?)(?: \(optional\))?<\/label>/g)]
		.filter(([, name]) => !others.includes(name) && !name.startsWith('owners_')).map(([, name, label]) => [name, label.replaceAll('&amp;', '&')]);
	assert.ok(asked.length > 20, asked.join());
	const columns = await page(await load(`${asked.map(([, label]) => `"${label}"`).join(',')}\n`));
	for (const [name, label] of asked.filter(([name]) => !['lat', 'lon'].includes(name)))
		assert.ok(columns.includes(`<li>${label}: ${label}</li>`), `${name}: ${label}`);
});

test('a workbook is refused beside the file that was chosen, with how to save it', async () => {
	const reply = await drop('list.xlsx', 'PK\x03\x04 and so on');
	assert.equal(reply.status, 422);
	assert.match(reply.text, /<a href="#i-file">The file: This is a spreadsheet, not CSV\. Save the sheet as &quot;CSV UTF-8/);
	assert.match(reply.text, /id="i-file-error"/);
	assert.doesNotMatch(reply.text, /Line 1|i-rows-error/);
	const line = await drop('list.csv', 'reference,name\nA1,"Hall\n');
	assert.match(line.text, /<a href="#i-file">The file: Line 2: /, 'of a line its number is said');
});

test('on the first page a list is one line, as its undoing is', async () => {
	const m = mark();
	const path = await load(`reference,name,class,tenure\n${Array.from({length: 129}, (_, i) => `${m}-${i},Many ${i},HALL,OWNED\n`).join('')}`);
	await officer.post(`${path}/apply`, {});
	const anyone = async () => (await reg.anyone.get('/')).text;
	const tells = words => until(async () => {
		const text = await anyone();
		return words.test(text) && text;
	}, {what: `${words} on the first page`});
	const told = await tells(/Added to the register: 129 entries of Careful Council, at once<\/li>/);
	assert.doesNotMatch(told, /Many \d+/);
	assert.match((await officer.get('/')).text, new RegExp(`List imported: <a href="${path}">Careful Council</a>`));
	await officer.post(`${path}/undo`, {});
	const undone = await tells(/Removed from the register: 129 entries of Careful Council, at once<\/li>/);
	assert.doesNotMatch(undone, /Many \d+/);
});
