// The officers' forms of an asset, by form alone: log one, change every field, value it, plan for it, give the
// plan up, merge it, take it out; what is refused comes back as it was typed, and what somebody else changed
// meanwhile is shown and not lost.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, ok, openSession, request, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Form Council', kind: 'COUNCIL', code: 'FORM'}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'OTHER'}));
const cpp = ok(await admin.post('/v1/cpps', {name: 'Form CPP', code: 'CPP', partners: [council.id]}));
const locality = ok(await admin.post('/v1/localities', {name: 'Form Glen', code: 'LOC', cpp_id: cpp.id, kind: 'LOCALITY'}));

/* A signed-in browser without script, which sends files too. */
async function signIn(key) {
	const {cookie, csrf, get, post} = await openSession(reg.url, key);
	const file = async (path, fields, name, bytes) => {
		const form = new FormData();
		for (const [key, value] of Object.entries({csrf, ...fields}))
			form.append(key, value);
		form.append('boundary_file', new Blob([bytes]), name);
		const sent = new Response(form);
		return request(reg.url + path, {method: 'POST', body: Buffer.from(await sent.arrayBuffer()),
			headers: {Origin: reg.url, Cookie: cookie, 'Content-Type': sent.headers.get('content-type')}});
	};
	return {get, file, post};
}
const as = async (id, ...roles) => signIn((await makeKey(reg, {roles: {[id]: roles}})).key);
const officer = await as(council.id, 'ESTATES'), finance = await as(council.id, 'FINANCE');
const show = async id => (await admin.get(`/v1/assets/${id}`)).json;
const version = async id => String((await show(id)).version);
const log = async more => ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED', ...more}));

/* What a browser would send of a form on a page: its fields as they stand there. */
function fieldsOf(text, act) {
	const form = text.split('<form ').find(part => part.includes(`name="act" value="${act}"`)).split('</form>')[0];
	const plain = s => s.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
	const fields = {};
	for (const [tag] of form.matchAll(/<input [^>]*>/g)) {
		const [, name] = /name="([^"]*)"/.exec(tag);
		if (!tag.includes('type="checkbox"') || tag.includes(' checked'))
			fields[name] = plain(/value="([^"]*)"/.exec(tag)?.[1] ?? '');
	}
	for (const [, name, body] of form.matchAll(/<textarea [^>]*name="([^"]*)"[^>]*>([^<]*)<\/textarea>/g))
		fields[name] = plain(body);
	for (const [, name, body] of form.matchAll(/<select [^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs))
		fields[name] = /value="([^"]*)" selected/.exec(body)?.[1] ?? '';
	delete fields.csrf;
	return fields;
}
const edit = async (id, act, who = officer) => fieldsOf((await who.get(`/assets/${id}/edit`)).text, act);

test('three answers log an asset where there is one body to choose, and its page leads to the forms', async () => {
	const form = await officer.get('/assets/new');
	assert.equal(form.status, 200);
	assert.match(form.text, /<option value="aut_[0-9a-z]+" selected>Form Council<\/option>/, 'whose it is is not asked of who works for one');
	const several = await signIn((await makeKey(reg, {roles: {[council.id]: ['ESTATES'], [other.id]: ['ESTATES']}})).key);
	assert.match((await several.get('/assets/new')).text, /<option value="aut_[0-9a-z]+">Form Council<\/option>/, 'nor guessed for who works for two');
	assert.doesNotMatch(/id="asset-authority_id".*?<\/select>/s.exec(form.text)[0], /Other Council/, 'no body of others');
	const made = await officer.post('/assets', {authority_id: council.id, name: 'Old Mill', class: 'HALL', tenure: 'OWNED'});
	assert.equal(made.status, 303, made.text);
	const id = made.headers.location.split('/')[2], asset = await show(id);
	assert.deepEqual([asset.name, asset.class, asset.published, asset.cpp_id, asset.lifecycle], ['Old Mill', 'HALL', true, cpp.id, 'IN_USE']);
	assert.match((await officer.get(`/assets/${id}`)).text, new RegExp(`href="/assets/${id}/edit"`));
	assert.match((await officer.get('/assets')).text, /href="\/assets\/new"/);
	assert.doesNotMatch((await request(`${reg.url}/assets/${id}`)).text, /\/edit"/);
});

test('every field of an asset goes in by the form, comes back in it, and can be taken away', async () => {
	const whole = await log({name: 'Estate'});
	const all = {name: 'Mill & "yard"', class: 'DEPOT', tenure: 'LEASED_IN', reference: 'R/1', cpp_id: cpp.id, locality_id: locality.id, part_of: whole.id,
		data_zone: '', decile: '3', address: '1 Mill Lane\r\nGlen', postcode: 'PH2 9PL', uprn: '007', title_number: 'PTH1', easting: '313,000', northing: '710000',
		area_m2: '1 250', common_good: 'true', in_trust: 'false', restrictions: 'No sale', lease_starts_on: '2020-01-01',
		lease_ends_on: '2030-01-01', checked_on: '2026-11-01', exempt_reason: 'A reason', tick_published: '1', published: 'true', notes: 'Slate <b>roof</b>',
		effective_on: '2026-01-01', lifecycle: 'SURPLUS', owners_were: '[]', owners_0_authority_id: council.id, owners_0_units: '3',
		owners_1_authority_id: '', owners_1_units: '', owners_2_authority_id: other.id, owners_2_units: '1'};
	const made = await officer.post('/assets', {authority_id: council.id, ...all});
	assert.equal(made.status, 303, made.text.slice(0, 3000));
	const id = made.headers.location.split('/')[2], a = await show(id);
	assert.deepEqual([a.name, a.class, a.tenure, a.reference, a.locality_id, a.part_of, a.decile, a.address, a.uprn, a.easting, a.area_m2, a.common_good, a.in_trust,
		a.lease_ends_on, a.notes, a.lifecycle], ['Mill & "yard"', 'DEPOT', 'LEASED_IN', 'R/1', locality.id, whole.id, 3, '1 Mill Lane\nGlen', '7', 313000, 1250, true, false,
		'2030-01-01', 'Slate <b>roof</b>', 'SURPLUS']);
	assert.deepEqual(a.owners.map(o => o.units).sort(), [1, 3]);
	assert.ok(Math.abs(a.lat - 56.27) < 0.1, 'degrees follow from the grid');
	const shown = await edit(id, 'SAVE');
	assert.deepEqual([shown.name, shown.address, shown.area_m2, shown.common_good, shown.in_trust, shown.owners_1_units, shown.lease_starts_on],
		['Mill & "yard"', '1 Mill Lane\nGlen', '1250', 'true', 'false', '1', '2020-01-01']);
	assert.equal((await officer.post(`/assets/${id}/edit`, shown)).status, 303, 'as it stands it may be saved');
	const same = await show(id);
	assert.deepEqual({...same, version: a.version, updated_at: a.updated_at, effective_on: a.effective_on}, a, 'and nothing but its version moved');
	const less = {...await edit(id, 'SAVE'), uprn: '', lat: '', lon: '', easting: '', northing: '', notes: '', part_of: '', owners_1_authority_id: '', owners_1_units: '', common_good: ''};
	assert.equal((await officer.post(`/assets/${id}/edit`, less)).status, 303);
	const b = await show(id);
	assert.deepEqual([b.uprn, b.lat, b.easting, b.notes, b.part_of, b.common_good, b.in_trust, b.owners.length], [null, null, null, null, null, null, false, 1]);
});

test('a form that is sent as it stands, but for the name, moves the name alone; what nobody said stays unsaid', async () => {
	for (const fields of [{}, {common_good: true, in_trust: false, decile: 0, published: false}]) {
		const {id} = await log({name: 'Bare', ...fields}), before = await show(id);
		const form = await edit(id, 'SAVE');
		assert.deepEqual([form.common_good, form.in_trust], fields.common_good ? ['true', 'false'] : ['', '']);
		assert.equal((await officer.post(`/assets/${id}/edit`, {...form, name: 'Bare Hall'})).status, 303);
		const [{said}] = await reg.sql(`select json_build_object('before', before, 'after', after) as said from assetd.change where subject = $1 order by subject_seq desc limit 1`, [id]);
		assert.deepEqual([said.before, said.after], [{name: 'Bare'}, {name: 'Bare Hall', effective_on: '2026-11-21'}]);
		assert.deepEqual({...await show(id), name: 'Bare', version: 0, updated_at: 0, effective_on: 0}, {...before, version: 0, updated_at: 0, effective_on: 0});
	}
});

test('another entry is named by its reference, or by the address of its page', async () => {
	const whole = await log({name: 'Whole', reference: 'WH/1'}), half = await log({name: 'Half'}), twin = await log({name: 'Twin'});
	for (const said of [' wh/1', `${reg.url}/assets/${whole.id}?valid_on=2026-11-20`, whole.id]) {
		assert.equal((await officer.post(`/assets/${half.id}/edit`, {...await edit(half.id, 'SAVE'), part_of: said})).status, 303, said);
		const {part_of} = await show(half.id);
		assert.equal(part_of, whole.id, said);
		const again = await edit(half.id, 'SAVE');
		assert.equal(again.part_of, 'WH/1', 'as its body calls it');
		assert.equal((await officer.post(`/assets/${half.id}/edit`, {...again, notes: said})).status, 303, 'and takes it back');
		assert.equal((await show(half.id)).part_of, whole.id);
		assert.equal((await officer.post(`/assets/${half.id}/edit`, {...await edit(half.id, 'SAVE'), part_of: ''})).status, 303);
	}
	const lost = await officer.post(`/assets/${half.id}/edit`, {...await edit(half.id, 'SAVE'), part_of: 'WH/2'});
	assert.equal(lost.status, 422);
	assert.match(lost.text, /No entry of this public body has that reference\. Give its reference, or the address of its page\..*value="WH\/2"/s);
	const made = await officer.post('/assets', {authority_id: council.id, name: 'Third', class: 'HALL', tenure: 'OWNED', part_of: 'WH/1'});
	assert.equal((await show(made.headers.location.split('/')[2])).part_of, whole.id);
	const merged = await officer.post(`/assets/${twin.id}/edit`, {...await edit(twin.id, 'MERGE'), into: 'WH/1', reason: 'The same'});
	assert.equal(merged.headers.location, `/assets/${whole.id}`, merged.text);
});

test('what is refused comes back as it was typed, each fault beside its field and in the summary', async () => {
	const taken = await log({reference: 'TAKEN'});
	const bad = {authority_id: council.id, name: '', class: 'HALL', tenure: 'OWNED', postcode: 'nowhere', area_m2: 'big', lat: 'x', notes: '<script>1</script>',
		owners_were: '[]', owners_0_authority_id: council.id, owners_0_units: 'half', tick_published: '1'};
	const reply = await officer.post('/assets', bad);
	assert.equal(reply.status, 422);
	for (const name of ['name', 'postcode', 'area_m2', 'lat']) {
		assert.match(reply.text, new RegExp(`id="asset-${name}-error"`), name);
		assert.match(reply.text, new RegExp(`<a href="#asset-${name}">`), name);
	}
	assert.match(reply.text, /id="asset-owners_0-error"/);
	assert.match(reply.text, /value="nowhere"/);
	assert.match(reply.text, /value="big"/);
	assert.match(reply.text, /value="half"/);
	assert.match(reply.text, /&lt;script&gt;1/);
	assert.doesNotMatch(reply.text, /<script>1/);
	assert.doesNotMatch(/id="asset-published"[^>]*>/.exec(reply.text)[0], /checked/, 'a box that was emptied stays empty');
	const twice = await officer.post('/assets', {authority_id: council.id, name: 'Twin', class: 'HALL', tenure: 'OWNED', reference: 'taken'});
	assert.equal(twice.status, 409);
	assert.match(twice.text, /id="asset-reference-error".*Asset ast_/s);
	assert.match(twice.text, /value="Twin"/);
	const form = await edit(taken.id, 'SAVE');
	assert.equal((await officer.post(`/assets/${taken.id}/edit`, {...form, effective_on: '2026-12-01', name: 'Later'})).status, 422);
	assert.equal((await show(taken.id)).version, taken.version, 'nothing was stored');
	const huge = await officer.post('/assets', {authority_id: council.id, name: 'x'.repeat(301), class: 'HALL', tenure: 'OWNED', notes: 'y'.repeat(10_001)});
	assert.equal(huge.status, 422);
	assert.match(huge.text, /id="asset-notes-error"/);
	for (const nothing of [{}, {act: 'DANCE'}])
		assert.equal((await officer.post(`/assets/${taken.id}/edit`, nothing)).status, 422);
});

const field = (w, more = 0) => ({type: 'Polygon', coordinates: [[[-3, 56], [w, 56], [w, 56.01], ...more ? [[-2.99, 56.02]] : [], [-3, 56.01], [-3, 56]]]});
const wkt = shape => `POLYGON (${shape.coordinates.map(ring => `(${ring.map(p => p.join(' ')).join(', ')})`)})`;

test('a boundary goes in by the form, typed or as a file, and its faults are named at their place', async () => {
	const made = await officer.post('/assets', {authority_id: council.id, name: 'Field', class: 'LAND', tenure: 'OWNED', boundary: JSON.stringify(field(-2.99), null, 2)});
	assert.equal(made.status, 303, made.text);
	const id = made.headers.location.split('/')[2], path = `/assets/${id}/edit`;
	assert.deepEqual((await show(id)).boundary, field(-2.99));
	const form = await edit(id, 'SAVE');
	assert.deepEqual(JSON.parse(form.boundary), field(-2.99));
	assert.equal((await officer.post(path, form)).status, 303, 'as it stands it may be saved');
	assert.deepEqual((await show(id)).boundary, field(-2.99), 'to the last figure');

	const bad = '{"type":"Polygon","coordinates":[[[-3,56],[-2.99,56],[325000,673000],[-3,56]]]}';
	const refused = await officer.post(path, {...await edit(id, 'SAVE'), boundary: bad});
	assert.equal(refused.status, 422);
	assert.match(refused.text, /<a href="#asset-boundary">Boundary: At coordinates\/0\/2: This place is not on the National Grid\./);
	assert.match(refused.text, /id="asset-boundary-error">.*At coordinates\/0\/2: /);
	assert.match(refused.text, /<details [^>]* open>\n<summary[^>]*>Where it is/);
	assert.equal(fieldsOf(refused.text, 'SAVE').boundary, bad, 'as it was typed');
	for (const text of ['the field', '{"type":', '{"type":"Point","coordinates":[-3,56]}', 'POLYGON ((-3 56)', '[[', '<b>', `"${'x'.repeat(70_000)}"`])
		assert.match((await officer.post(path, {...await edit(id, 'SAVE'), boundary: text})).text, /id="asset-boundary-error"/, text.slice(0, 40));

	const file = (name, bytes) => edit(id, 'SAVE').then(fields => officer.file(path, fields, name, bytes));
	const feature = {type: 'FeatureCollection', name: 'export', features: [{type: 'Feature', properties: {n: 1}, geometry: field(-2.98)}]};
	assert.equal((await file('field.geojson', JSON.stringify(feature))).status, 303);
	assert.deepEqual((await show(id)).boundary, field(-2.98), 'the file stands for what is typed');
	assert.equal((await file('field.wkt', wkt(field(-2.97)))).status, 303);
	assert.deepEqual((await show(id)).boundary, field(-2.97));
	assert.equal((await file('', '')).status, 303, 'none chosen');
	assert.equal((await file('empty.geojson', '\n')).status, 303);
	assert.deepEqual((await show(id)).boundary, field(-2.97), 'which takes nothing away');
	const two = await file('two.geojson', JSON.stringify({...feature, features: [...feature.features, ...feature.features]}));
	assert.equal(two.status, 422);
	assert.match(two.text, /Boundary: This holds 2 features\./);
	assert.equal(JSON.parse(fieldsOf(two.text, 'SAVE').boundary).features.length, 2, 'a file is kept as if it had been typed');
	assert.match((await file('x.geojson', Buffer.from([0xff, 0, 1]))).text, /Boundary: This is no text in UTF-8/);
	const logged = await officer.file('/assets', {authority_id: council.id, name: 'By file', class: 'LAND', tenure: 'OWNED'}, 'a.geojson', JSON.stringify(field(-2.99)));
	assert.deepEqual((await show(logged.headers.location.split('/')[2])).boundary, field(-2.99));

	const mine = {...await edit(id, 'SAVE'), boundary: JSON.stringify(field(-2.96))};
	ok(await admin.patch(`/v1/assets/${id}`, {boundary: field(-2.95, 1)}, {match: '*'}), 200);
	const late = await officer.post(path, mine);
	assert.equal(late.status, 412);
	assert.match(late.text, /Boundary: a shape of 5 positions became a shape of 6 positions/);
	assert.match(late.text, /id="asset-boundary-error".*Somebody else made this “a shape of 6 positions” meanwhile/s);
	assert.deepEqual(JSON.parse(fieldsOf(late.text, 'SAVE').boundary), field(-2.96));
	assert.equal((await officer.post(path, {...fieldsOf(late.text, 'SAVE'), boundary: ''})).status, 303);
	assert.equal((await show(id)).boundary, null, 'emptied, it is taken away');
});

test('somebody else was faster: what they changed is shown, theirs is kept where nothing was typed', async () => {
	const {id} = await log({name: 'Hall', notes: 'Old', postcode: 'PH1 1AA'});
	const mine = {...await edit(id, 'SAVE'), notes: 'Mine', address: 'Mine too'};
	ok(await admin.patch(`/v1/assets/${id}`, {notes: 'Theirs', postcode: 'PH2 2BB'}, {match: '*'}), 200);
	const reply = await officer.post(`/assets/${id}/edit`, mine);
	assert.equal(reply.status, 412);
	assert.match(reply.text, /Since you opened this page:/);
	assert.match(reply.text, /Postcode: PH1 1AA became PH2 2BB/);
	assert.match(reply.text, /id="asset-notes-error".*Somebody else made this “Theirs” meanwhile/s);
	const again = fieldsOf(reply.text, 'SAVE');
	assert.deepEqual([again.notes, again.address, again.postcode, again.seen_version], ['Mine', 'Mine too', 'PH2 2BB', await version(id)]);
	assert.equal((await show(id)).notes, 'Theirs', 'nothing is overwritten unseen');
	assert.equal((await officer.post(`/assets/${id}/edit`, again)).status, 303);
	const now = await show(id);
	assert.deepEqual([now.notes, now.address, now.postcode], ['Mine', 'Mine too', 'PH2 2BB']);
	const both = await edit(id, 'SAVE');
	const [one, two] = await Promise.all(['A', 'B'].map(name => officer.post(`/assets/${id}/edit`, {...both, name})));
	assert.deepEqual([one.status, two.status].sort(), [303, 412], 'of two at once one is stored');
});

test('a valuation and a plan by their forms, and a plan keeps the prices that an officer is not shown', async () => {
	const {id} = await log();
	const bare = await finance.get(`/assets/${id}/edit`);
	assert.doesNotMatch(bare.text, /value="SAVE"|value="REMOVE"/, 'who has the money writes no entry');
	assert.match(bare.text, /value="VALUE"/);
	const wrong = await finance.post(`/assets/${id}/edit`, {act: 'VALUE', amount_pence: '1.5', basis: '', valued_on: '2026-10-01'});
	assert.equal(wrong.status, 422);
	assert.match(wrong.text, /id="value-amount_pence-error".*Write pounds/s);
	assert.match(wrong.text, /value="1\.5"/);
	assert.equal((await finance.post(`/assets/${id}/edit`, {act: 'VALUE', amount_pence: '£125,000.50', basis: 'MV', valued_on: '2026-10-01', valuer: 'DV', tick_restricted: '1', restricted: 'true'})).status, 303);
	const [value] = (await admin.get(`/v1/assets/${id}/valuations`)).json.items;
	assert.deepEqual([value.amount_pence, value.basis, value.restricted], [12500050, 'MV', true]);
	assert.doesNotMatch((await request(`${reg.url}/assets/${id}`)).text, /125,000/);
	assert.equal((await officer.post(`/assets/${id}/edit`, {act: 'VALUE', amount_pence: '1', basis: 'MV', valued_on: '2026-10-01'})).status, 403);
	const plan = await edit(id, 'PLAN', finance);
	assert.equal((await finance.post(`/assets/${id}/edit`, {...plan, method: 'SALE'})).status, 422, 'a plan to sell needs a stage and a day');
	assert.equal((await finance.post(`/assets/${id}/edit`, {...plan, method: 'LEASE', stage: 'MARKETING', planned_on: '2027-06-01', agreed_price_pence: '900', lease_class: 'FINANCE',
		lease_term_months: '', lease_premium_pence: '10'})).status, 422, 'a lease needs its term');
	assert.equal((await finance.post(`/assets/${id}/edit`, {...plan, method: 'LEASE', stage: 'MARKETING', planned_on: '2027-06-01', agreed_price_pence: '900', lease_class: 'FINANCE',
		lease_term_months: '120', lease_premium_pence: '10'})).status, 303);
	const seen = async () => (await admin.get(`/v1/assets/${id}/disposal-plan`)).json;
	assert.deepEqual([(await seen()).agreed_price_pence, (await seen()).lease.term_months, (await show(id)).lifecycle], [90000, 120, 'MARKETING']);
	assert.equal((await finance.post(`/assets/${id}/edit`, {...plan, method: 'NONE'})).status, 412, 'the first plan was made meanwhile');
	const text = (await officer.get(`/assets/${id}/edit`)).text, mine = fieldsOf(text, 'PLAN');
	assert.doesNotMatch(text, /900\.00|agreed_price/, 'estates is shown no price');
	assert.equal((await officer.post(`/assets/${id}/edit`, {...mine, stage: 'UNDER_OFFER'})).status, 303);
	assert.deepEqual([(await seen()).stage, (await seen()).agreed_price_pence, (await seen()).lease.premium_pence], ['UNDER_OFFER', 90000, 1000]);
	assert.equal((await officer.post(`/assets/${id}/edit`, {...await edit(id, 'SAVE'), lifecycle: 'IN_USE'})).status, 409, 'the plan says its state');
	assert.equal((await officer.post(`/assets/${id}/edit`, {...mine, stage: 'MARKETING'})).status, 412);
	assert.equal((await officer.post(`/assets/${id}/edit`, await edit(id, 'GIVE_UP_PLAN'))).status, 303);
	assert.equal((await admin.get(`/v1/assets/${id}/disposal-plan`)).status, 404);
});

test('an entry is merged and taken out by its forms, with what stands in the way said', async () => {
	const kept = await log({name: 'Kept'}), twin = await log({name: 'Twin'}), gone = await log({name: 'Gone'});
	const lost = await officer.post(`/assets/${twin.id}/edit`, {...await edit(twin.id, 'MERGE'), into: 'ast_nothing', reason: 'The same roof'});
	assert.equal(lost.status, 422);
	assert.match(lost.text, /id="merge-into-error".*The same roof/s);
	const merged = await officer.post(`/assets/${twin.id}/edit`, {...await edit(twin.id, 'MERGE'), into: kept.id, reason: 'The same roof'});
	assert.deepEqual([merged.status, merged.headers.location], [303, `/assets/${kept.id}`]);
	const moved = await request(`${reg.url}/assets/${twin.id}/edit`);
	assert.equal(moved.status, 401, 'nobody in particular is asked who they are first');
	assert.deepEqual([(await officer.get(`/assets/${twin.id}/edit`)).status, (await officer.get(`/assets/${twin.id}/edit`)).headers.location], [301, `/assets/${kept.id}/edit`]);
	assert.equal((await officer.post(`/assets/${gone.id}/edit`, {...await edit(gone.id, 'REMOVE'), reason: 'z'.repeat(1001)})).status, 422);
	assert.equal((await officer.post(`/assets/${gone.id}/edit`, {...await edit(gone.id, 'REMOVE'), reason: 'Never ours'})).status, 303);
	assert.match((await officer.get(`/assets/${gone.id}`)).text, /Never ours/);
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Trust', legal_form: 'SCIO'}));
	ok(await admin.post('/v1/requests', {asset_id: kept.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'r'}));
	const barred = await officer.post(`/assets/${kept.id}/edit`, {...await edit(kept.id, 'REMOVE'), reason: 'To be kept'});
	assert.equal(barred.status, 409);
	assert.match(barred.text, /A live request stands on this asset.*To be kept/s);
});

test('nobody else comes in', async () => {
	const {id} = await log({published: false});
	const stranger = await as(other.id, 'ESTATES', 'FINANCE'), viewer = await as(council.id, 'VIEWER');
	const {id: open} = await log();
	assert.equal((await stranger.get(`/assets/${id}/edit`)).status, 404);
	assert.equal((await stranger.get(`/assets/${open}/edit`)).status, 403);
	assert.equal((await viewer.get(`/assets/${open}/edit`)).status, 403);
	assert.equal((await viewer.get('/assets/new')).status, 403);
	const form = await edit(open, 'SAVE');
	for (const [who, status] of [[stranger, 403], [viewer, 403], [finance, 403]]) {
		for (const act of ['SAVE', 'REMOVE', 'MERGE'])
			assert.equal((await who.post(`/assets/${open}/edit`, {...form, act, into: id})).status, status, act);
	}
	assert.equal((await stranger.post(`/assets/${id}/edit`, form)).status, 404);
	assert.equal((await stranger.post('/assets', {authority_id: council.id, name: 'X', class: 'HALL', tenure: 'OWNED'})).status, 403);
	assert.equal((await officer.post(`/assets/${open}/edit`, {...form, csrf: 'nonsense'})).status, 403);
	assert.equal((await show(open)).version, 1);
});
