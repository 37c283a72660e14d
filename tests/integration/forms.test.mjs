// Every form of every page, as the table of routes and the pages themselves have them: what was typed comes back whatever keeps it
// from being stored, what is sent twice is stored once, and no text of any kind is more than a text. A form that no page here shows
// fails the test, so a new one cannot be left out.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {ASSETD, formsOf, makeKey, ok, openForecast, openSession, run, sendForm, startMail, startRegister, until} from '../harness/index.mjs';

const mail = await startMail();
const reg = await startRegister({clock: '2026-11-21T10:00:00Z', conf: {projection: {threads: 1},
	http: {base_url: 'https://register.example.scot'}, limits: {letters_per_minute: 0}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin} = reg;
const send = (form, options) => sendForm(reg.url, form, options);
const forecast = openForecast(reg);
let me;

/* --- The pages --- */

const posts = (await run(ASSETD, ['--dump-routes'])).stdout.split('\n').map(line => line.split('\t'))
	.filter(([method, path]) => method === 'POST' && !path.startsWith('/v1/')).map(([, path, needs]) => ({path, isOpen: needs === '' || needs === '-', needs}));
const routeOf = action => {
	const path = action.split('?')[0].split('/');
	const fits = row => row.path.split('/').length === path.length && row.path.split('/').every((part, i) => part === path[i] || part[0] === '{');
	return posts.filter(fits).sort((a, b) => b.path.replaceAll(/{.*?}/g, '').length - a.path.replaceAll(/{.*?}/g, '').length)[0]?.path;
};

/* Forms behind the links of letters: the page is shown to who has one. */
const LETTERS = [
	{page: '/', action: '/answer', isParts: false, fields: [['token', `anl_${'0'.repeat(26)}.${'0'.repeat(32)}`], ['text', '']], written: ['text']},
	{page: '/', action: '/unfollow?token=none', isParts: false, fields: [['List-Unsubscribe', 'One-Click']], written: []},
];

const made = {};
let forms = []; // as they stand before anything was sent
const MARKUP = /<script>alert|<img src=x/;

/* Every form as it now stands on the pages, for a session or nobody; what was typed is markup on none of them. */
async function look(session = me, pages = made.pages) {
	const seen = new Map();
	for (const path of pages) {
		const {status, text} = await session.get(path);
		if (status === 410)
			continue; // a link that was used, an entry that was removed
		assert.equal(status, 200, path);
		assert.doesNotMatch(text, MARKUP, path);
		for (const form of formsOf(path, text)) {
			const kind = `${routeOf(form.action)} ${form.fields.filter(([name]) => /^(act|change|event)$/.test(name))} ${form.fields.map(([name]) => name)}`;
			seen.set(kind, seen.get(kind) ?? form);
		}
	}
	return [...seen.values(), ...LETTERS];
}

before(async () => {
	const {add} = forecast;
	me = await openSession(reg.url, reg.adminKey);
	const council = await add('/v1/authorities', {name: 'Form Council', kind: 'COUNCIL', code: 'FORM', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	const pair = await add('/v1/authorities', {name: 'Council of two', kind: 'COUNCIL', code: 'TWO', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	ok(await admin.put(`/v1/authorities/${pair.id}/settings`, {second_person: true}, {headers: {'If-None-Match': '*'}}), 201);
	const cpp = await add('/v1/cpps', {name: 'Form CPP', code: 'P', partners: [council.id]});
	const land = {authority_id: council.id, cpp_id: cpp.id, postcode: 'PH2 9NU'};
	const asset = await forecast.asset({...land, name: 'Old Hall', reference: 'F-1'}, {amount: 1234567, plan: {}});
	const body = await add('/v1/community-bodies', {name: 'Form Trust', legal_form: 'SCIO', members: 30});
	const ask = async (more, ...events) => {
		const atr = await add('/v1/requests', {community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01', offer_pence: 100, reasons: 'A hall', ...more});
		for (const [event, on, fields] of events)
			await add(`/v1/requests/${atr.id}/events`, {event, on, ...fields});
		return atr.id;
	};
	const hall = async (name, authority = council) => (await add('/v1/assets', {authority_id: authority.id, name, class: 'HALL', tenure: 'OWNED'})).id;
	const valid = ['VALIDATE', '2026-10-01'];
	const atr = await ask({asset_id: asset.id}, valid);
	const unlisted = await ask({land: {description: 'The yard behind', authority_id: council.id}});
	const open = await ask({asset_id: await hall('Open Hall')}, valid, ['NOTICES_ISSUED', '2026-11-02', {representations_close_on: '2026-12-10'}]);
	const assessed = [valid, ['NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'}]];
	const decided = await ask({asset_id: await hall('Hall of two', pair)}, ...assessed);
	await until(async () => (await reg.sql('select state from assetd.request where id = $1', [decided]))[0].state === 'UNDER_ASSESSMENT', {what: 'the window to close'});
	const said = await add(`/v1/requests/${open}/representations`, {channel: 'LETTER', received_on: '2026-11-19', text: 'I am for it'});
	const shown = await add(`/v1/requests/${open}/representations`, {channel: 'LETTER', received_on: '2026-11-19', text: 'So am I'});
	for (const move of [{event: 'MARK', mark: 'COUNTED'}, {event: 'REDACT', text: 'So is somebody'}, {event: 'PUBLISH'}])
		await add(`/v1/representations/${shown.id}/events`, move);
	const other = await makeKey(reg, {roles: {[pair.id]: ['ESTATES', 'DECIDER']}});
	ok(await admin.as(other.key).post(`/v1/requests/${decided}/proposals`, {event: 'REFUSE', on: '2026-11-20', grounds: [{matter: 'H', text: 'A school'}]}));
	const [event] = ok(await admin.get(`/v1/requests/${atr}/events`), 200).items;
	const notice = await add(`/v1/requests/${atr}/notices`, {code: 'N2'}), issued = await add(`/v1/requests/${atr}/notices`, {code: 'N2'});
	ok(await admin.post(`/v1/requests/${atr}/notices/${issued.id}/issue`, {recipients: [{kind: 'COMMUNITY_BODY', manner: 'POST'}]}), 200);
	const calendar = await add('/v1/calendars', {instruments: {ssi_2016_357: 'BANK_HOLIDAYS_SCOTLAND'}});
	const list = async (text, key) => ok(await admin.post(`/v1/imports?authority_id=${council.id}`, undefined, {body: text, headers: {'Content-Type': 'text/csv'}, idempotency: key}), 201).id;
	const [todo, done] = [await list('reference,name,class,tenure,odd\nX-1,New,HALL,OWNED,1\n', 'one'), await list('reference,name,class,tenure\nX-2,New,HALL,OWNED\n', 'two')];
	ok(await admin.post(`/v1/imports/${done}/apply`), 200);
	await add('/v1/import-mappings', {authority_id: council.id, name: 'Form list', columns: [{header: 'What', field: 'name'}], presets: []});
	const hook = await add('/v1/webhooks', {url: 'https://hooks.example/in', types: ['asset.*']});
	const paper = await add('/v1/documents', {asset_id: asset.id, kind: 'OTHER', title: 'Paper', file_name: 'paper.txt'});
	ok(await admin.put(`/v1/documents/${paper.id}/content`, undefined, {body: 'A paper', headers: {'Content-Type': 'application/octet-stream', 'If-None-Match': '*'}}), 201);
	const key = await add('/v1/keys', {name: 'A key', scopes: ['self:read']});
	const person = await add('/v1/accounts', {authority_id: council.id, name: 'A person', email: 'person@example.org', roles: ['VIEWER']});
	// A community body's own page, behind the link of a letter, of a request whose missing items it may send.
	const own = await add(`/v1/community-bodies?authority_id=${council.id}`, {name: 'Own Trust', legal_form: 'SCIO', members: 30, contact: {name: 'Morag', email: 'own@example.org'}});
	const asked = await ask({asset_id: await hall('Own Hall'), community_body_id: own.id, kind: 'LEASE', stage: 'ENQUIRY'});
	ok(await admin.post(`/v1/requests/${asked}/answer-links`, {event: 'SEND'}, {idempotency: 'own'}));
	ok(await admin.post('/v1/follows', {email: 'follower@example.org', question: `request_id=${atr}`}), 202);
	/* The way that a letter leads: its token is as long as they all are, and the next line stands behind it. */
	const linkTo = async (email, to) => {
		const of = letter => to.exec(letter.text.replace(/\r\n/g, ''))?.[0];
		return of(await mail.waitFor(letter => letter.to[0] === email && of(letter)));
	};
	made.council = council.id;
	made.asset = asset.id;
	made.pages = ['/assets/new', '/authorities', `/assets/${asset.id}`, `/assets/${asset.id}/edit`, `/requests/new?asset_id=${asset.id}&community_body_id=${body.id}`,
		'/community-bodies/new', `/community-bodies/${body.id}`, `/requests/${unlisted}`, `/requests/${open}/representations`, `/requests/${open}/comment`, await linkTo('follower@example.org', /\/confirm\?token=fol_[0-9a-z]{26}\.[0-9a-f]{32}/),
		`/follow?request_id=${atr}`, `/authorities/${council.id}/settings`, `/requests/${atr}/case`, `/requests/${decided}/case`,
		`/requests/${atr}/corrections/${event.id}`, `/requests/${atr}/notices/${notice.id}`, `/requests/${atr}/notices/${issued.id}`, '/forecast/addresses', '/forecast/runs',
		`/forecast/compare?asset_id=${asset.id}`, '/parameters', `/budget?authority_id=${council.id}`, '/calendars', `/calendars/${calendar.id}`, '/webhooks', `/webhooks/${hook.id}`, '/keys', `/keys/${key.id}`,
		`/reports/${council.id}/2026-27`, `/assets/change?authority_id=${council.id}`, '/imports/new', '/imports/mappings', `/imports/${todo}`, `/imports/${done}`, '/sign-in', await linkTo('person@example.org', /\/password\?token=acl_[0-9A-Za-z]{43}/),
		'/people', `/people/${person.id}`, `/assets/${asset.id}/ask`, '/ask', await linkTo('own@example.org', /\/mine\?token=anl_[0-9a-z]{26}\.[0-9a-f]{32}/), '/mine', '/forgotten',
		'/account', `/assets/${asset.id}/documents`, `/requests/${atr}/documents`];
	forms = await look();
});

test('the table of routes has no form that no page here shows', () => {
	const shown = new Set(forms.map(form => routeOf(form.action)));
	assert.deepEqual(posts.map(row => row.path).filter(path => !shown.has(path)).sort(), []);
});

/* --- What was typed comes back --- */

const escaped = s => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
/* Secrets are typed again. */
const SECRET = /^(password|present|key|code|client_key|form_csrf)$/;
const typed = (form, text) => form.fields.map(([name, value]) => [name, form.written.includes(name) ? text(name) : value]);
const mine = name => `Typed <b>${name}</b> & "more" à 🙂`;
const name = form => `${form.page} → ${form.action}`;

/* Every text is in the page, as text and as nothing else. */
function assertKept(reply, form, text, what) {
	for (const field of form.written.filter(field => !SECRET.test(field)))
		assert.ok(reply.text.includes(escaped(text(field))), `${what}: ${name(form)}: ${field} is lost\n${reply.text.slice(0, 6000)}`);
	for (const field of form.written.filter(field => SECRET.test(field) && field !== 'code')) // which an authority has, too
		assert.ok(!reply.text.includes(escaped(text(field))), `${what}: ${name(form)}: ${field} is given back`);
	assert.doesNotMatch(reply.text, /<b>|<script>a/, `${what}: ${name(form)}`);
}
/* The one form of an answer that sends what was typed once more. */
const againOf = (reply, form) => formsOf(form.page, reply.text).find(one => one.action === form.action);

const closed = () => forms.filter(form => posts.find(row => row.path === routeOf(form.action)).needs !== '' && form.action !== '/sign-out');

test('without a session the form to sign in by keeps what was typed, and hands it on', async () => {
	const rows = closed();
	assert.ok(rows.length > 40, `${rows.length}`);
	for (const form of rows) {
		const refused = await send(form, {fields: typed(form, mine)});
		assert.equal(refused.status, 401, name(form));
		assertKept(refused, form, mine, 'signed out');
		const [cookie] = refused.headers['set-cookie'][0].split(';');
		const sign = formsOf(form.page, refused.text).find(one => one.action === '/sign-in');
		let again = sign;
		if (form === rows.find(row => row.isParts === form.isParts)) {
			const wrong = await send(sign, {fields: sign.fields.map(([name, value]) => [name, name === 'key' ? 'akey_nonsense' : value]), cookie});
			assert.equal(wrong.status, 422);
			assertKept(wrong, form, mine, 'a wrong key');
			again = formsOf(form.page, wrong.text).find(one => one.action === '/sign-in');
		}
		const opened = await send(again, {fields: again.fields.map(([name, value]) => [name, name === 'key' ? reg.adminKey : value]), cookie});
		assert.equal(opened.status, 200, name(form));
		assertKept(opened, form, mine, 'signed in again');
		const ready = againOf(opened, form);
		assert.ok(ready, name(form));
		assert.deepEqual(ready.fields.filter(([name]) => name !== 'csrf' && !SECRET.test(name)),
			typed(form, mine).filter(([name]) => name !== 'csrf' && !SECRET.test(name)), `${name(form)}: the same fields in the same order`);
		assert.equal(ready.isParts, form.isParts, name(form));
		const sid = opened.headers['set-cookie'].map(c => c.split(';')[0]).find(c => c.startsWith('__Host-sid='));
		const sent = await send(ready, {fields: [['csrf', 'x']], cookie: sid});
		assert.equal(sent.status, 403, 'the new session\'s word is asked for');
	}
});

test('a form of an earlier session is shown with what was typed and goes by the present one', async () => {
	for (const form of closed()) {
		const fields = typed(form, mine).map(([name, value]) => [name, name === 'csrf' ? `${'x'.repeat(43)}.1` : value]);
		const refused = await send(form, {fields, cookie: me.cookie});
		assert.equal(refused.status, 403, name(form));
		assertKept(refused, form, mine, 'an earlier session');
		assert.match(againOf(refused, form).fields.find(([name]) => name === 'csrf')[1], new RegExp(`^${me.csrf}\\.[0-9a-f]{24}$`));
	}
	const [form] = closed();
	const fields = typed(form, mine);
	for (const headers of [{Origin: 'https://evil.example'}, {Origin: 'null'}, {'Sec-Fetch-Site': 'cross-site'}]) {
		const foreign = await send(form, {fields, headers});
		assert.ok(!foreign.text.includes(escaped(mine(form.written[0]))), 'what another site wrote is not given on');
		assert.doesNotMatch(foreign.text, /name="kept_/);
	}
});

/* --- Text of any kind is a text --- */

const MARKS = '\u202eevil\u202c \u200f\u2067x\u2069 \u0627\u0644\u0639';
/* All that a page could take for its own, so short that many a field takes it, and once more with all the length there is. */
const MARKED = `</textarea><script>alert(1)</script>"><img src=x onerror=alert(1)> {{who.csrf}} {{{csrf}}} &lt;b&gt; '-- 🏴󠁧󠁢󠁳󠁣󠁴󠁿👩‍👩‍👧‍👦 🙂`;
const LONG = (MARKED + 'ab cd '.repeat(1666)).slice(0, 10_000);
const filled = list => list.filter(form => form.action !== '/sign-out' && form.written.length);

async function sendHostile(form, fields, what) {
	const reply = await send(form, {fields, cookie: me.cookie});
	assert.ok(reply.status < 500 && reply.status !== 400, `${name(form)}: ${what}: ${reply.status} ${reply.text.slice(0, 3000)}`);
	assert.doesNotMatch(reply.text, MARKUP, name(form));
	return reply;
}

test('a NUL in any field of any form is refused at its field, with all the rest still there', async () => {
	for (const form of filled(forms)) {
		// In every second field, and then in the others.
		for (const odd of form.written.length > 1 ? [0, 1] : [0]) {
			const has = field => form.written.indexOf(field) % 2 === odd;
			const text = field => has(field) ? `before\0behind ${field}` : mine(field);
			const reply = await send(form, {fields: typed(form, text), cookie: me.cookie});
			assert.equal(reply.status, 400, name(form));
			assertKept(reply, form, field => text(field).replace('\0', '\ufffd'), 'a NUL');
			for (const field of form.written.filter(field => has(field) && !SECRET.test(field)))
				assert.match(reply.text, new RegExp(`<a href="#typed-${field}">.*a character that is no text`), `${name(form)}: ${field}`);
			assert.ok(!reply.bytes.includes(0));
		}
	}
});

// Marks of direction are refused nearly everywhere, so those forms are sent first.
for (const [what, text] of Object.entries({'marks of direction': MARKS, 'script, markup, emoji and 10,000 characters': LONG})) {
	test(`${what} in every field of every form at once are stored as they are or refused, and nothing else`, async () => {
		for (const form of filled(forms)) {
			const reply = await sendHostile(form, typed(form, () => text), 'all fields');
			if (reply.status >= 400 && ![404, 410, 413].includes(reply.status) && form.written.some(field => !SECRET.test(field)))
				assert.ok(reply.text.includes(escaped(text)), `${name(form)}: ${reply.status}`);
		}
	});
}

test('script, markup and emoji in one field alone are stored where they may be, and are text on every page', async () => {
	for (const form of filled(await look())) {
		for (const field of form.written)
			await sendHostile(form, form.fields.map(([name, value]) => [name, name === field ? MARKED : value]), field);
	}
	await look(me, ['/assets', '/work', '/requests', ...made.pages]);
	const [{n}] = await reg.sql('select count(*)::int as n from assetd.asset where name = $1', [MARKED]);
	assert.ok(n > 0, 'it was stored where it may be');
});

/* --- Sent twice --- */

test('what is sent twice as it stands is stored once, and leads to what it made', async () => {
	const today = '2026-11-20';
	const rows = [
		['/assets', {name: 'Made twice', class: 'HALL', tenure: 'OWNED', authority_id: made.council}, 'select from assetd.asset where name = \'Made twice\'', /^\/assets\/ast_/],
		['/community-bodies', {name: 'Trust twice', legal_form: 'SCIO', members: '30', authority_id: made.council}, 'select from assetd.community_body where name = \'Trust twice\'', /^\/community-bodies\/cbo_/],
		[/^\/requests\/[^/]*\/notes$/, {text: 'Noted twice'}, 'select from assetd.case_note where text = \'Noted twice\'', /\/case$/],
		['/forecast/addresses', {name: 'Address twice'}, 'select from assetd.forecast_address where name = \'Address twice\'', /^\/forecast\/addresses$/],
		['/webhooks', {url: 'https://twice.example/in'}, 'select from assetd.webhook where url = \'https://twice.example/in\'', /^\/webhooks\/whk_/],
		[/^\/requests\/[^/]*\/representations$/, {text: 'Said twice', received_on: today}, 'select from assetd.representation_original where text = \'Said twice\'', /\/representations$/],
		['/imports/mappings', {name: 'Read twice', header_0: 'A', field_0: 'name', authority_id: made.council}, 'select from assetd.mapping where name = \'Read twice\'', /^\/imports\/mappings$/],
	];
	const all = await look();
	for (const [action, more, count, place] of rows) {
		const form = all.find(one => (typeof action === 'string' ? one.action === action : action.test(one.action)) && one.written.includes(Object.keys(more)[0]));
		const fields = form.fields.map(([name, value]) => [name, more[name] ?? value]);
		const [one, two] = await Promise.all([send(form, {fields, cookie: me.cookie}), send(form, {fields, cookie: me.cookie})]);
		assert.ok([one, two].every(reply => [200, 303].includes(reply.status)), `${name(form)}: ${one.status} ${two.status} ${one.text.slice(0, 6000)}`);
		const late = await send(form, {fields, cookie: me.cookie});
		assert.equal(late.status, 303, name(form));
		assert.match(late.headers.location, place);
		assert.equal(late.headers['idempotency-replayed'], 'true');
		assert.equal((await reg.sql(count)).length, 1, name(form));
		const other = await send(form, {fields: fields.map(([name, value]) => [name, value === Object.values(more)[0] ? `${value}/2` : value]), cookie: me.cookie});
		assert.equal(other.headers['idempotency-replayed'], undefined, 'changed it is another');
	}
});

test('what somebody without an account sends twice writes one letter, and changed another', async () => {
	const rows = [[/^\/requests\/[^/]*\/comment$/, {text: 'Twice', name: 'Ann', email: 'twice.a@example.org'}, 'representation_draft'],
		['/follow', {email: 'twice.b@example.org', rhythm: 'DAILY'}, 'follow'],
		['/ask', {stage: 'ENQUIRY', kind: 'OWNERSHIP', body_name: 'Twice Trust', legal_form: 'SCIO', name: 'Ann', email: 'twice.c@example.org', land_authority_id: made.council, land_description: 'The green'}, 'request_draft']];
	const anybody = {get: path => reg.anyone.get(path, {headers: {Accept: 'text/html'}}), cookie: undefined};
	const all = await look(anybody, made.pages.filter(path => /\/comment$|^\/follow|^\/ask$/.test(path)));
	for (const [action, more, table] of rows) {
		const form = all.find(one => typeof action === 'string' ? one.action === action : action.test(one.action));
		const fields = form.fields.map(([name, value]) => [name, more[name] ?? value]);
		const count = async () => [(await reg.sql(`select from assetd.${table} where email = $1`, [more.email])).length, (await reg.sql(`select from assetd.mail`)).length];
		const [drafts, letters] = await count();
		for (const reply of await Promise.all([1, 2, 3].map(() => send(form, {fields}))))
			assert.equal(reply.status, 200, `${name(form)}: ${reply.status} ${reply.text.slice(0, 6000)}`);
		assert.deepEqual(await count(), [drafts + 1, letters + 1], name(form));
		assert.equal((await send(form, {fields: fields.map(([name, value]) => [name, name === 'once' ? '0'.repeat(24) : value])})).status, 200);
		assert.deepEqual(await count(), [drafts + 2, letters + 2], 'of another page it is another');
	}
});

test('nonsense is refused with all of it still there, or is stored', async () => {
	for (const form of await look()) {
		if (form.action === '/sign-out')
			continue;
		const reply = await send(form, {fields: typed(form, mine), cookie: me.cookie});
		assert.ok(reply.status < 500, `${name(form)}: ${reply.status}`);
		if (reply.status >= 400 && reply.status !== 404 && !/^\/(confirm|unfollow|answer|password)/.test(form.action))
			assertKept(reply, form, mine, `${reply.status}`);
	}
});

test('with the database away every form comes back, to be sent again', async () => {
	await reg.cluster.stop();
	try {
		// By a session that the daemon still knows, and by one that nobody can look up; the forms of letters carry the word of none.
		const unknown = me.cookie.replace(/.{8}$/, 'AAAAAAAA');
		await Promise.all([me.cookie, unknown].flatMap(cookie => forms.map(async form => {
			const reply = await send(form, {fields: typed(form, mine), cookie: LETTERS.includes(form) ? unknown : cookie});
			assert.equal(reply.status, 503, name(form));
			if (form.action === '/sign-out')
				return;
			assertKept(reply, form, mine, 'the database is away');
			assert.deepEqual(againOf(reply, form).fields.filter(([name]) => !SECRET.test(name)), typed(form, mine).filter(([name]) => !SECRET.test(name)), name(form));
		})));
	} finally {
		await reg.cluster.start();
	}
	await until(async () => (await me.get('/assets')).status === 200, {deadline_ms: 20_000, what: 'the database to come back'});
});
