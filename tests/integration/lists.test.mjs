// Lists through their door: any order, any filter, page after page by key while
// others write; what a search finds, how fast it may be, and that nobody finds what is hidden.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, problem, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());

const {admin, anyone} = reg;
const made = async (path, body) => {
	const reply = await admin.post(path, body);
	assert.equal(reply.status, 201, reply.text);
	return reply.json;
};

async function walk(path, client = anyone, between = () => {}) {
	const items = [];
	for (let next = path, pages = 0; next; pages++) {
		const page = await client.get(next);
		assert.equal(page.status, 200, page.text);
		items.push(...page.json.items);
		next = page.json.next;
		assert.ok(pages < 200);
		await between(pages);
	}
	return items;
}

let council, other;
const assets = [];

before(async () => {
	council = await made('/v1/authorities', {name: 'Lists', kind: 'OTHER', code: 'LIST-1'});
	other = await made('/v1/authorities', {name: 'Lists too', kind: 'OTHER', code: 'LIST-2'});
	const names = ['Àirigh hall', 'airigh hall', 'Beach hut', 'Beach hut', 'Beach hut', 'Zoo', 'Moor', 'beach hut', '50% lodge', 'a_b hut',
		'Old "quoted" barn', "Mill's end"];
	for (const name of names)
		assets.push(await made('/v1/assets', {authority_id: council.id, name, class: 'HALL', tenure: 'OWNED', published: name !== 'Zoo',
			easting: 300000 + assets.length * 10, northing: 700000}));
});

const listOf = query => `/v1/assets?authority_id=${council.id}&${query}`;

test('every sort gives each item once, in its order, also downwards and in pages of one', async () => {
	for (const [sort, key] of [['id', i => i.id], ['updated_at', i => i.updated_at], ['created_at', i => i.created_at]]) {
		const whole = (await admin.get(listOf(`sort=${sort}`))).json.items;
		assert.equal(whole.length, assets.length);
		assert.deepEqual(whole.map(key), whole.map(key).sort(), sort);
		for (const limit of [1, 5]) {
			assert.deepEqual((await walk(listOf(`sort=${sort}&limit=${limit}`), admin)).map(i => i.id), whole.map(i => i.id));
			assert.deepEqual((await walk(listOf(`sort=-${sort}&limit=${limit}`), admin)).map(key), whole.map(key).reverse(), `-${sort}`);
		}
	}
	const collator = new Intl.Collator('en');
	const byName = await walk(listOf('sort=name,id&limit=2'), admin);
	assert.equal(new Set(byName.map(i => i.id)).size, assets.length);
	for (let i = 1; i < byName.length; i++) {
		const [a, b] = [byName[i - 1], byName[i]];
		assert.ok(a.name === b.name ? a.id < b.id : collator.compare(a.name, b.name) <= 0, `${a.name} ${b.name}`);
	}
	const down = await walk(listOf('sort=-name&limit=2'), admin);
	assert.deepEqual(down.map(i => i.name), byName.map(i => i.name).reverse());
	const huts = down.filter(i => i.name === 'Beach hut').map(i => i.id);
	assert.deepEqual(huts, [...huts].sort(), 'the id comes last, and upwards');
});

// Pages by id, of one authority or of all, have statements of their own; an authority named twice, or both
// sorts of assets, go the general way.
test('the page that is planned once is the one that the general way gives, to whoever asks', async () => {
	const {key} = await makeKey(reg, {roles: {[other.id]: ['ESTATES']}});
	const partner = reg.daemon.client(key);
	const shared = await made('/v1/assets', {authority_id: council.id, name: 'Shared', class: 'HALL', tenure: 'OWNED', published: false,
		owners: [{authority_id: council.id, units: 1}, {authority_id: other.id, units: 1}]});
	const gone = await made('/v1/assets', {authority_id: council.id, name: 'Gone', class: 'HALL', tenure: 'OWNED'});
	assert.equal((await admin.delete(`/v1/assets/${gone.id}`, {match: '*'})).status, 204);
	for (const client of [anyone, partner, admin]) {
		for (const limit of [3, 1000]) {
			const quick = await walk(`/v1/assets?authority_id=${council.id}&limit=${limit}`, client);
			assert.deepEqual(quick, await walk(`/v1/assets?authority_id=${council.id},${council.id}&limit=${limit}`, client));
			assert.equal(quick.some(i => i.id === shared.id), client !== anyone);
			assert.ok(!quick.some(i => i.id === gone.id));
			assert.deepEqual(await walk(`/v1/assets?limit=${limit}`, client), await walk(`/v1/assets?published=true,false&limit=${limit}`, client));
		}
	}
	assert.deepEqual((await anyone.get(`/v1/assets?authority_id=${'x'.repeat(300)}`)).json.items, []);
	assert.deepEqual((await anyone.get('/v1/assets?authority_id=%22%5D%7D')).json.items, []);
	const page = `/v1/assets?authority_id=${council.id}&limit=3`, first = await admin.get(page);
	const unchanged = await admin.get(page, {headers: {'If-None-Match': first.headers.etag}});
	assert.equal(unchanged.status, 304);
	assert.equal(unchanged.headers.etag, first.headers.etag);
	assert.equal((await admin.patch(`/v1/assets/${first.json.items[1].id}`, {notes: 'New'}, {match: '*'})).status, 200);
	assert.notEqual((await admin.get(page)).headers.etag, first.headers.etag, 'what changes moves the tag');
	assert.equal((await admin.delete(`/v1/assets/${shared.id}`, {match: '*'})).status, 204);
});

test('a walk by name misses nobody whom nobody touches, whoever writes between', async () => {
	const before = await walk(listOf('sort=name'), admin);
	const extra = [];
	const during = await walk(listOf('sort=name&limit=3'), admin, async () => {
		extra.push((await made('/v1/assets', {authority_id: council.id, name: `Between ${extra.length}`, class: 'OTHER', tenure: 'OWNED'})).id);
	});
	assert.deepEqual(during.filter(i => !extra.includes(i.id)).map(i => i.id), before.map(i => i.id));
	for (const id of extra)
		assert.equal((await admin.delete(`/v1/assets/${id}`, {match: '*'})).status, 204);
});

test('bounds of moments and days', async () => {
	const [first, , third] = (await admin.get(listOf('sort=created_at'))).json.items;
	const count = async query => {
		const reply = await admin.get(listOf(`limit=1000&${query}`));
		assert.equal(reply.status, 200, reply.text);
		return reply.json.items.length;
	};
	assert.equal(await count(`created_at[lt]=${third.created_at}`), 2);
	assert.equal(await count(`created_at%5Blte%5D=${third.created_at}`), 3);
	assert.equal(await count(`created_at[gt]=${first.created_at}`), assets.length - 1);
	assert.equal(await count(`created_at[gte]=${first.created_at}&created_at[lte]=${third.created_at}`), 3);
	assert.equal(await count('updated_at[gte]=2099-01-01T00:00:00Z'), 0);
	for (const query of ['created_at[gte]=yesterday', 'created_at[eq]=2026-01-01T00:00:00Z', 'created_at[gte]=2026-01-01', 'name[gt]=A',
		'created_at[gte]=9999999-01-01T00:00:00Z', 'sort=colour', 'sort=name,created_at', 'sort=', 'sort=--name', 'sort=search', 'sort=name&sort=id'])
		problem(await admin.get(listOf(query)), 400, 'bad-query');
	problem(await anyone.get('/v1/requests?received_on[gte]=2026-02-30'), 400, 'bad-query');
	assert.equal((await anyone.get('/v1/requests?received_on[gte]=2026-02-28&validated_on[lt]=2027-01-01')).status, 200);
});

test('fields: only what was asked for, in the item\'s own order, and the id', async () => {
	const {items, next} = (await admin.get(listOf('fields=uprn,name&limit=2'))).json;
	assert.deepEqual(items.map(i => Object.keys(i)), [['id', 'name', 'uprn'], ['id', 'name', 'uprn']]);
	assert.deepEqual(Object.keys((await admin.get(next)).json.items[0]), ['id', 'name', 'uprn']);
	for (const query of ['fields=colour', 'fields=', 'fields=,', `fields=${'name,'.repeat(70)}`])
		problem(await admin.get(listOf(query)), 400, 'bad-query');
	const whole = (await admin.get(listOf('limit=1'))).json.items[0];
	for (const field of Object.keys(whole))
		assert.deepEqual((await admin.get(listOf(`limit=1&fields=${field}`))).json.items[0],
			field === 'id' ? {id: whole.id} : {id: whole.id, [field]: whole[field]});
});

test('a cursor is good for its own list alone, and only as it was given', async () => {
	const cursor = new URL((await admin.get(listOf('sort=name&limit=1'))).json.next, reg.url).searchParams.get('cursor');
	assert.equal((await admin.get(listOf(`sort=name&limit=7&cursor=${cursor}`))).status, 200, 'another length is no other list');
	const swapped = cursor.slice(0, 30) + (cursor[30] === 'A' ? 'B' : 'A') + cursor.slice(31);
	const forged = Buffer.concat([Buffer.alloc(16), Buffer.from('{"k":["A","\') or true --"],"f":"","x":9999999999999999}')]).toString('base64url');
	for (const hostile of [swapped, forged, cursor.slice(0, -1), `${cursor}A`, '', 'A', 'null', 'A'.repeat(3000)])
		problem(await admin.get(listOf(`sort=name&limit=1&cursor=${hostile}`)), 400, 'bad-cursor');
	for (const list of [listOf('sort=-name&limit=1'), listOf('limit=1'), listOf('sort=name&limit=1&class=HALL'), '/v1/assets?sort=name&limit=1',
		'/v1/authorities?sort=name', listOf('sort=name&limit=1&fields=name'), listOf('sort=name&q=hut')])
		problem(await admin.get(`${list}&cursor=${cursor}`), 400, 'bad-cursor');
});

test('requests, bodies and valuations are listed in the same manner', async () => {
	const body = await made('/v1/community-bodies', {name: 'Friends of lists', legal_form: 'SCIO', members: 30});
	for (const [i, day] of ['2026-03-01', '2026-01-01', '2026-02-01'].entries()) {
		const reply = await admin.post('/v1/requests', {asset_id: assets[i].id, community_body_id: body.id, kind: 'LEASE', received_on: day,
			reasons: 'R', benefits: 'B', lease: {rent_pa_pence: 1, term_months: 12, class: 'OPERATING'}}, {idempotency: `lists-${i}`});
		assert.equal(reply.status, 201, reply.text);
		await made(`/v1/assets/${assets[0].id}/valuations`, {amount_pence: 100 + i, basis: 'MV', valued_on: day});
	}
	const days = async (path, field) => (await walk(path, admin)).map(i => i[field]);
	const mine = `/v1/requests?authority_id=${council.id}&limit=2`;
	assert.deepEqual(await days(`${mine}&sort=state_on`, 'received_on'), ['2026-01-01', '2026-02-01', '2026-03-01']);
	assert.deepEqual(await days(`${mine}&sort=-state_on`, 'received_on'), ['2026-03-01', '2026-02-01', '2026-01-01']);
	assert.deepEqual(await days(`${mine}&received_on[gt]=2026-01-01&received_on[lte]=2026-03-01`, 'received_on'), ['2026-03-01', '2026-02-01']);
	const values = `/v1/assets/${assets[0].id}/valuations?limit=1`;
	assert.deepEqual(await days(`${values}&sort=valued_on`, 'amount_pence'), [101, 102, 100]);
	assert.deepEqual(await days(`${values}&sort=valued_on&valued_on[gte]=2026-02-01`, 'amount_pence'), [102, 100]);
	const [restricted] = (await anyone.get(`${values}&fields=amount_pence,basis`)).json.items;
	assert.deepEqual(Object.keys(restricted), ['id', 'basis'], 'what is restricted stays absent');
	assert.equal((await walk('/v1/community-bodies?sort=name&q=lists')).length, 1);
	for (const path of ['/v1/authorities?sort=-name', '/v1/cpps?sort=name', '/v1/localities?sort=-updated_at'])
		assert.equal((await anyone.get(path)).status, 200, path);
});

test('words are found as they are written, wildcards and quotes too', async () => {
	const names = async q => (await admin.get(listOf(`sort=name&q=${encodeURIComponent(q)}`))).json.items.map(i => i.name).sort();
	assert.deepEqual(await names('airigh'), ['airigh hall', 'Àirigh hall'].sort());
	assert.deepEqual(await names('HALL àirigh'), ['airigh hall', 'Àirigh hall'].sort());
	assert.deepEqual(await names('50% lod'), ['50% lodge']);
	assert.deepEqual(await names('%'), ['50% lodge']);
	assert.deepEqual(await names('a_b'), ['a_b hut']);
	assert.deepEqual(await names('"quoted"'), ['Old "quoted" barn']);
	assert.deepEqual(await names("mill's"), ["Mill's end"]);
	assert.deepEqual(await names('\\'), []);
	assert.deepEqual(await names("'; drop table asset; --"), []);
	problem(await admin.get(listOf(`q=${Array.from({length: 17}, (_, i) => `w${i}`).join('%20')}`)), 400, 'bad-query');
});

test('a search finds what the reader may see, and nothing else, by words and by place', async () => {
	const [owner] = [await makeKey(reg, {roles: {[other.id]: ['VIEWER']}})];
	const partner = admin.as(owner.key);
	const hidden = assets.find(a => a.name === 'Zoo');
	const near = `near=${hidden.lat},${hidden.lon},5`;
	for (const query of ['q=zoo', near, `q=zoo&${near}`]) {
		assert.equal((await admin.get(`/v1/assets?${query}`)).json.items.length, 1, query);
		assert.equal((await anyone.get(`/v1/assets?${query}`)).json.items.length, 0, query);
		assert.equal((await partner.get(`/v1/assets?${query}`)).json.items.length, 0, query);
	}
	const shared = await admin.patch(`/v1/assets/${hidden.id}`, {owners: [{authority_id: council.id, units: 1}, {authority_id: other.id, units: 1}]},
		{match: '*'});
	assert.equal(shared.status, 200, shared.text);
	assert.equal((await partner.get('/v1/assets?q=zoo')).json.items.length, 1, 'a joint owner sees it');
});

test('with 20,000 assets: the indexes answer, as assetd_api, and as the row policies would', async () => {
	await reg.cluster.session(client => client.query(`set session_replication_role = replica;
		insert into assetd.asset (id, created_at, updated_at, effective_on, authority_id, published, name, class, tenure, easting, northing, rendered)
		select 'ast_' || lpad(n::text, 26, '0'), now(), now(), current_date, '${council.id}', n % 7 > 0,
		       (array['Old','New','Upper','Nether','West'])[1 + n % 5] || ' ' || (array['hall','lodge','barn','wood'])[1 + n % 4] || ' of '
		       || substr(md5(n::text), 1, 8), 'HALL', 'OWNED', 100000 + n % 200 * 100, 500000 + n / 200 * 100, '{"id":"' || n || '"}'
		  from generate_series(1, 20000) as n;
		analyze assetd.asset;`));
	const [{name, easting, northing}] = await reg.sql(`select name, easting, northing from assetd.asset where name like 'Old hall of %'
		and published order by id limit 1`);
	const [, , , word] = name.split(' ');

	const scans = async index => {
		await reg.sql('select pg_stat_force_next_flush()');
		return Number((await reg.sql('select idx_scan from pg_stat_user_indexes where indexrelname = $1', [index]))[0].idx_scan);
	};
	for (const [index, query] of [['asset_search', `q=hall%20${word}`], ['asset_place', `near=${await degrees(easting, northing)},20`]]) {
		const before = await scans(index);
		const reply = await anyone.get(`/v1/assets?${query}&fields=id`);
		assert.equal(reply.json.items.length, 1, reply.text);
		await until(async () => await scans(index) > before, {what: `${index} to be used`}); // statistics come a moment late
	}

	const plans = [];
	const seen = await reg.cluster.session(async client => {
		client.on('notice', notice => plans.push(notice.message));
		await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
			set auto_explain.log_level = notice; set search_path = assetd, public; set role assetd_api`);
		await client.query(`begin; select actor_set(null, null, 'r', now(), current_date)`);
		await client.query(`select * from asset_found('{"q": ["hall ${word}"]}', 'name', null, 101)`);
		const {rows} = await client.query(`select array(select id from asset_found('{"q": ["old"]}', 'id', null, 30000)) as found,
			array(select id::text from asset where search like '%old%' and removed_at is null) as ruled`);
		await client.query('rollback');
		return rows[0];
	});
	const plan = plans.find(p => p.includes(word) && p.includes('Query Text: select array('));
	assert.match(plan ?? plans.join('\n'), /Bitmap Index Scan on asset_search/);
	assert.deepEqual(seen.found, seen.ruled.sort(), 'as the row policy says, in order');
	assert.ok(seen.found.length > 3000 && seen.found.length < 4000, 'without the hidden ones');
	const common = await walk('/v1/assets?q=old&fields=id&limit=1000');
	assert.equal(common.length, seen.ruled.length, 'what many have is found too');
	const [{n}] = await reg.sql(`select count(*)::int as n from assetd.asset where search like '%of%' and published`);
	assert.ok(n > 10_000);
	const reader = admin.as((await makeKey(reg)).key);
	for (const sort of ['name', '-id', 'updated_at'])
		assert.equal((await walk(`/v1/assets?q=of&sort=${sort}&fields=id&limit=1000`, reader)).length, n, `and what most have, by ${sort}`);
	const page = await anyone.get('/assets?q=of');
	assert.equal(page.status, 200);
	assert.match(page.text, /More than 1,000 entries/);
});

/* The National Grid's point as this register writes degrees. */
async function degrees(easting, northing) {
	const a = await made('/v1/assets', {authority_id: council.id, name: 'Somewhere', class: 'OTHER', tenure: 'OWNED', easting, northing});
	assert.equal((await admin.delete(`/v1/assets/${a.id}`, {match: '*'})).status, 204);
	return `${a.lat},${a.lon}`;
}

test('a word that a closed list does not have is refused with those that it has, by every list', async () => {
	const asset = assets[0].id;
	const friends = await made('/v1/community-bodies', {name: 'Friends', legal_form: 'SCIO'});
	const asked = await admin.post('/v1/requests', {asset_id: asset, community_body_id: friends.id, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'words'});
	const request = asked.json.id;
	const doors = {
		'/v1/authorities': {kind: 'COUNCIL'}, '/v1/localities': {kind: 'LOCALITY'},
		'/v1/assets': {lifecycle: 'IN_USE', tenure: 'OWNED', decile: '10', published: 'true'}, [`/v1/assets/${asset}/parts`]: {lifecycle: 'DISPOSED'},
		[`/v1/assets/${asset}/valuations`]: {basis: 'EUV_SH'}, [`/v1/assets/${asset}/requests`]: {state: 'ENQUIRY', kind: 'LEASE', is_open: 'false'},
		'/v1/documents': {kind: 'PHOTOGRAPH', state: 'STORED', published: 'false', redaction: 'NEEDED', scan: 'CLEAN', retention: 'PERSONAL'},
		'/v1/community-bodies': {legal_form: 'SCIO'}, '/v1/requests': {state: 'VALIDATED', kind: 'OTHER_RIGHTS', is_open: 'true'},
		[`/v1/requests/${request}/notices`]: {code: 'N13', state: 'ISSUED'}, [`/v1/requests/${request}/representations`]: {kind: 'COMMENTS', mark: 'UNREAD', timing: 'LATE'},
		'/v1/land-pairs': {state: 'PROPOSED', source: 'OFFICER'}, '/v1/projections/runs': {tag: 'BUDGET'}, '/v1/calendars': {state: 'APPLIED'}, '/v1/webhooks': {state: 'PAUSED'},
	};
	for (const [path, filters] of Object.entries(doors)) {
		for (const [name, known] of Object.entries(filters)) {
			for (const wrong of ['X', `${known},x`]) {
				const {status, json} = await admin.get(`${path}?${name}=${wrong}`), [flaw] = json.errors ?? [];
				assert.deepEqual([status, flaw?.pointer, flaw?.code], [400, `?${name}`, 'NOT_IN_LIST'], `${path} ${name}=${wrong}`);
				assert.ok(flaw.cure.split(/[ .]/).includes(known), `${path} ${name}: ${flaw.cure}`);
				// All that are named are taken, one and together.
				const words = flaw.cure.replace('One or several of: ', '').replace(/\.$/, '').split(' ');
				assert.equal((await admin.get(`${path}?${name}=${words.join(',')}`)).status, 200, `${path} ${name}=${words}`);
			}
		}
	}
	for (const word of ['X', `x${'à'.repeat(40)}`]) {
		const page = await anyone.get(`/assets?lifecycle=${encodeURIComponent(word)}`, {headers: {Accept: 'text/html'}});
		assert.deepEqual([page.status, page.text.includes(`There is no lifecycle ${word}.`)], [400, true], 'and no letter is cut in two');
	}
	assert.equal((await admin.get('/v1/assets?class=ANYTHING_NEW')).status, 200, 'an open code may be anything');
});
