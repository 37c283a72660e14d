// What an asset's page tells of its past: what changed when, for everybody what everybody may know, each day leading to the page of then.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openSession, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-03-02T10:00:00Z'});
after(() => reg.stop());
const {admin} = reg;
let council, officer, finance, boss, asset;

before(async () => {
	council = ok(await admin.post('/v1/authorities', {name: 'Told Council', kind: 'COUNCIL', code: 'TOLD'}));
	const as = async role => {
		const {key, principal} = await makeKey(reg, {roles: {[council.id]: [role]}});
		await reg.sql('update assetd.principal set name = $2, authority_id = $3 where id = $1', [principal, `Morag Mac${role}`, council.id]);
		return {...admin.as(key), key};
	};
	[officer, finance, boss] = [await as('ESTATES'), await as('FINANCE'), await as('ADMIN')];
	asset = ok(await officer.post('/v1/assets', {authority_id: council.id, name: 'Hidden Bunker', class: 'HALL', tenure: 'OWNED', published: false}));
	const change = async (at, what, who = officer) => {
		reg.daemon.setClock(at);
		ok(await who.patch(`/v1/assets/${asset.id}`, what, {match: '*'}), 200);
	};
	await change('2026-03-03T10:00:00Z', {name: 'Wrong Bunker'});
	await change('2026-04-01T10:00:00Z', {published: true, name: 'Drill <b>Hall</b>'});
	await change('2026-05-04T10:00:00Z', {name: 'Memorial Hall', notes: 'A hall. '.repeat(200)});
	ok(await finance.post(`/v1/assets/${asset.id}/valuations`, {amount_pence: 12345600, basis: 'MV', valued_on: '2026-05-04'}));
	reg.daemon.setClock('2026-06-01T10:00:00Z');
	const plan = {method: 'SALE', stage: 'MARKETING', planned_on: '2027-06-15'};
	ok(await officer.put(`/v1/assets/${asset.id}/disposal-plan`, plan, {headers: {'If-None-Match': '*'}}));
	await change('2026-06-02T10:00:00Z', {tenure: 'LEASED_IN', effective_on: '2026-05-30'});
});

/* The lines under "What has changed", as people read them, and where their days lead. */
async function told({who, query = ''} = {}) {
	const browser = who ? await openSession(reg.url, who.key) : reg.anyone;
	const {text, status} = await browser.get(`/assets/${asset.id}${query}`, {headers: {Accept: 'text/html'}});
	assert.equal(status, 200, text);
	const part = /<h2 id="history">[^]*?<\/ul>/.exec(text)?.[0] ?? '';
	return [...part.matchAll(/<li>(.*)<\/li>/g)].map(m => ({
		text: m[1].replace(/<[^>]+>/g, '').replace(/\s+/g, ' ').trim(),
		href: /href="([^"]+)"/.exec(m[1])[1].replaceAll('&amp;', '&'),
	}));
}

test('everybody reads what changed when, the newest first, and neither who nor what was hidden', async () => {
	const lines = (await told()).map(l => l.text);
	assert.match(lines[0], /^2 June 2026 Entry changed\. Tenure: Owned became Leased in\. So since 30 May 2026\.$/);
	assert.match(lines[1], /^1 June 2026 Plan to sell or let changed\. /);
	assert.match(lines[1], /Expected on: set to 15 June 2027\./);
	assert.match(lines.find(l => l.startsWith('4 May 2026 Entry')), /Name: Drill &lt;b&gt;Hall&lt;\/b&gt; became Memorial Hall\. .*Notes was changed\.$/, 'a long text is not told');
	assert.ok(lines.some(l => l === '4 May 2026 Valued.'), lines);
	const all = lines.join('\n');
	assert.doesNotMatch(all, /Bunker|Morag|123,456/);
});

test('who made a change is for the public body’s own people, by name for who looks after them', async () => {
	assert.match((await told({who: boss}))[0].text, /^2 June 2026 Morag MacESTATES: Entry changed\./);
	const lines = (await told({who: finance})).map(l => l.text);
	assert.match(lines[0], /^2 June 2026 Somebody else of the authority or the register: Entry changed\./);
	assert.match(lines.find(l => l.includes('Valued')), /^4 May 2026 You: Valued\.$/);
	assert.match((await told({who: officer})).at(-1).text, /^2 March 2026 You: Added to the register\.$/);
});

test('a day leads to the page of then, which tells no more than was known', async () => {
	const {href} = (await told()).find(l => l.text.startsWith('4 May 2026 Entry'));
	assert.equal(href, `/assets/${asset.id}?valid_on=2026-05-04&known_on=2026-05-04`);
	const then = await told({query: href.slice(href.indexOf('?'))});
	assert.ok(then.length && then.every(l => !/June/.test(l.text)), JSON.stringify(then));
});

test('after twenty it says that there were more', async () => {
	for (let i = 0; i < 20; i++)
		ok(await officer.patch(`/v1/assets/${asset.id}`, {name: `Hall ${i}`}, {match: '*'}), 200);
	assert.equal((await told()).length, 20);
	const {text} = await reg.anyone.get(`/assets/${asset.id}`, {headers: {Accept: 'text/html'}});
	assert.ok(text.includes(`/v1/assets/${asset.id}/history`));
});

test('whether a request stands in the way of selling it is said either way', async () => {
	const {text} = await reg.anyone.get(`/assets/${asset.id}`, {headers: {Accept: 'text/html'}});
	assert.match(text, /No request by a community stands in the way of selling or letting it/);
});

test('what a request that is made means for the asset changes no field that its page has, and is no line of its past', async () => {
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Told Trust', legal_form: 'SCIO', members: 30}));
	const hall = asset;
	asset = ok(await officer.post('/v1/assets', {authority_id: council.id, name: 'Asked Hall', class: 'HALL', tenure: 'OWNED'}));
	const request = ok(await officer.post('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'LEASE', received_on: '2026-06-01'}, {idempotency: 'asked'}));
	ok(await officer.post(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-06-01'}));
	assert.ok((await officer.get(`/v1/assets/${asset.id}`)).json.version > 1);
	for (const who of [undefined, officer])
		assert.deepEqual((await told({who})).map(l => l.text.replace(/.*2026 (You: )?/, '')), ['Added to the register.']);
	asset = hall;
});
