// The pages that links of letters to followers lead to, and the pages that lead to following: what each says is true of who reads it.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {formsOf, ok, openSession, problem, sendForm, startMail, startRegister, until} from '../harness/index.mjs';

const mail = await startMail();
const reg = await startRegister({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: 'https://register.example.scot'}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'},
}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin, anyone, sql} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'T1'}));
const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Corn Exchange', class: 'HALL', tenure: 'OWNED'}));
const html = {headers: {Accept: 'text/html'}};
const form = (path, fields) => anyone.request('POST', path, {
	body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded'}});
const tokenOf = letter => /\?token=(fol_[0-9a-z]{26}\.[0-9a-f]{32})/.exec(letter.text)[1];
/** Asks for letters → the token of the letter that asks to confirm it, which is the nth to that address. */
async function asked(email, question, nth = 1) {
	ok(await anyone.post('/v1/follows', {email, question}), 202);
	return tokenOf(await until(() => mail.letters.filter(l => l.to[0] === email)[nth - 1], {what: `letter ${nth} to ${email}`}));
}

test('who stops one of two things that they follow goes on with the other, and the page says what becomes of the address', async () => {
	const email = 'morag@private.example', kept = () => sql('select question from assetd.follow where email = $1', [email]);
	const tokens = [await asked(email, `asset_id=${asset.id}`), await asked(email, `authority_id=${council.id}`, 2)];
	for (const token of tokens)
		ok(await anyone.post('/v1/confirmations', {token}), 200);
	const button = await anyone.get(`/unfollow?token=${tokens[0]}`, html);
	assert.match(button.text, /If they are all that your address follows here, the address is deleted with them/);
	assert.match(button.text, /If it follows other things too, those go on, and the address is kept for them/);
	const stopped = await form(`/unfollow?token=${tokens[0]}`, {'List-Unsubscribe': 'One-Click'});
	assert.match(stopped.text, /your address is no longer kept for it\. If it follows other things here, those go on/);
	assert.deepEqual(await kept(), [{question: `authority_id=${council.id}`}]);
	await form(`/unfollow?token=${tokens[1]}`, {'List-Unsubscribe': 'One-Click'});
	assert.deepEqual(await kept(), []);
});

test('whoever has signed in stops what they follow by the form of their own session, and stays signed in on its pages', async () => {
	const me = await openSession(reg.url, reg.adminKey), token = await asked('signed@private.example', `asset_id=${asset.id}`);
	const signedIn = /Signed in as /;
	const [confirm] = formsOf(`/confirm?token=${token}`, (await me.get(`/confirm?token=${token}`)).text).filter(one => one.action === '/confirm');
	const confirmed = await sendForm(reg.url, confirm, {cookie: me.cookie});
	assert.match(confirmed.text, /<h1[^>]*>From now on you are told<\/h1>/);
	assert.match(confirmed.text, signedIn);
	const page = await me.get(`/unfollow?token=${token}`);
	assert.match(page.text, signedIn);
	const [form] = formsOf(`/unfollow?token=${token}`, page.text).filter(one => one.action.startsWith('/unfollow'));
	const stopped = await sendForm(reg.url, form, {cookie: me.cookie});
	assert.equal(stopped.status, 200, stopped.text);
	assert.match(stopped.text, /<h1[^>]*>No more e-mails come<\/h1>/);
	assert.match(stopped.text, signedIn);
	assert.deepEqual(await sql('select id from assetd.follow where email = $1', ['signed@private.example']), []);
	assert.match((await me.get(`/unfollow?token=${token}`)).text, signedIn, 'also where there is nothing to stop');
});

test('the form to follow says what becomes of the address, as the letters do', async () => {
	assert.match((await anyone.get(`/follow?asset_id=${asset.id}`, html)).text, /shown it, and it is deleted once it follows nothing here any more\./);
});

test('what lies behind a link of a letter is kept by no cache, which is said once', async () => {
	const token = await asked('once@private.example', `asset_id=${asset.id}`);
	for (const path of [`/confirm?token=${token}`, `/unfollow?token=${token}`, '/confirm?token=none', '/unfollow?token=none', '/mine', '/answer?token=none'])
		assert.equal((await anyone.get(path, html)).headers['cache-control'], 'no-store', path);
	assert.match((await form(`/unfollow?token=${token}`, {})).headers['cache-control'], /^no-store$/);
});

test('the page with the button says what is followed, in the words of the letter, and a link that is none or has ended has no button', async () => {
	const kept = () => sql('select * from assetd.follow order by id');
	const token = await asked('button@private.example', `asset_id=${asset.id}`), search = await asked('words@private.example', 'q=ring 0900&class=HALL');
	const before = await kept();
	assert.match((await anyone.get(`/confirm?token=${token}`, html)).text, /What you are told of: Corn Exchange\.</);
	assert.match((await anyone.get(`/confirm?token=${search}`, html)).text, /told of: a search of the register \(kind, words: told once this is confirmed\)\.</);
	assert.deepEqual(await kept(), before, 'looking confirms nothing');
	await form('/unfollow?token=' + search, {});
	for (const [gone, why] of [[search, 'ended'], [`${token.slice(0, -4)}0000`, 'altered'], ['none', 'none'], ['', 'none'], [`rqd_${'0'.repeat(26)}.${'0'.repeat(32)}`, 'none']]) {
		const page = await anyone.get(`/confirm?token=${gone}`, html);
		assert.equal(page.status, 410, why);
		assert.match(page.text, /<h1 class="ds_page-header__title">This link works no longer<\/h1>/, why);
		assert.doesNotMatch(page.text, />Confirm<\/button>/, why);
	}
});

test('a search of a council area that there is not is refused with the code to send, and letters name the council', async () => {
	const ask = question => anyone.post('/v1/follows', {email: 'area@private.example', question});
	for (const question of ['council=Clackmannanshire', 'council=S12000005,S12009999', 'q=hall&council=s12000005']) {
		const {errors} = problem(await ask(question), 400, 'bad-query', '?council');
		assert.match(errors[0].cure, /such as S12000005 for Clackmannanshire/);
	}
	const sent = await form('/follow', {question: 'council=Clackmannanshire', email: 'area@private.example'});
	assert.equal(sent.status, 400);
	assert.match(sent.text, /There is no council area Clackmannanshire/);
	const long = await form('/follow', {question: `council=x${encodeURIComponent('à'.repeat(40))}`, email: 'area@private.example'});
	assert.deepEqual([long.status, long.text.includes(`There is no council area x${'à'.repeat(40)}.`)], [400, true], 'no letter is cut in two');
	assert.deepEqual(mail.letters.filter(l => l.to[0] === 'area@private.example'), []);
	const token = await asked('area@private.example', 'council=S12000005, S12000048');
	assert.match((await anyone.get(`/confirm?token=${token}`, html)).text, /a search of the register \(council area: Clackmannanshire, Perth and Kinross\)/);
});

test('a page of what has a feed tells programs that read feeds where it is', async () => {
	const body = ok(await admin.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30})).id;
	const request = ok(await admin.post('/v1/requests', {asset_id: asset.id, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'feed'})).id;
	const hidden = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hidden Hall', class: 'HALL', tenure: 'OWNED', published: false})).id;
	const feedsOf = page => [...page.text.split('</head>')[0].matchAll(/<link rel="alternate" type="application\/atom\+xml" title="[^"]+" href="([^"]+)">/g)].map(m => m[1].replaceAll('&amp;', '&'));
	for (const [path, query] of [[`/assets/${asset.id}`, `?asset_id=${asset.id}`], [`/requests/${request}`, `?request_id=${request}`],
		[`/authorities/${council.id}`, `?authority_id=${council.id}`], ['/assets', ''], ['/assets?q=corn&class=HALL', '?q=corn&class=HALL']]) {
		const [feed, ...more] = feedsOf(await anyone.get(path, html));
		assert.deepEqual([feed, more], [`/v1/feeds/changes.atom${query}`, []], path);
		const reply = await anyone.get(feed);
		assert.equal(reply.status, 200, reply.text);
		assert.match(reply.headers['content-type'], /^application\/atom\+xml/);
	}
	assert.deepEqual(feedsOf(await admin.get(`/assets/${hidden}`, html)), [], 'which would not be there for who reads it');
});
