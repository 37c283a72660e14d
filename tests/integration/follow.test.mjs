// Following without an account: the letter that asks, the letters that tell, the click that ends it; the same as Atom and JSON
// Feed. And who is told nothing: a stranger of an address, an officer of a follower, a reader of what has changed since.
// Calendars and the officers' Monday letter: follow_dates.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {makeKey, ok, problem, startMail, startRegister, until} from '../harness/index.mjs';

const BASE = 'https://register.example.scot';
const mail = await startMail();
const reg = await startRegister({clock: '2026-10-20T10:00:00Z', conf: {
	http: {base_url: BASE}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'},
	pages: {name: 'Clàr of Glenfarg'},
}});
after(async () => {
	await reg.stop();
	await mail.stop();
});
const {admin, anyone, sql} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'T1'}));
const other = ok(await admin.post('/v1/authorities', {name: 'Other Council', kind: 'COUNCIL', code: 'T2'}));
const as = async (authority, ...roles) => admin.as((await makeKey(reg, {roles: {[authority.id]: roles}})).key);
const [estates, foreign] = [await as(council, 'ESTATES', 'DECIDER'), await as(other, 'ESTATES', 'ADMIN')];
const body = ok(await estates.post('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30})).id;

let n = 0, m = 0;
const newAsset = async (more = {}) => ok(await estates.post('/v1/assets', {authority_id: council.id, name: `Hall ${++n}`, class: 'HALL', tenure: 'OWNED', ...more})).id;
const act = async (id, event, on, more = {}) => ok(await estates.post(`/v1/requests/${id}/events`, {event, on, ...more}));
const newRequest = async asset_id => ok(await estates.post('/v1/requests', {asset_id, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: `r${++n}`})).id;
const newAddress = () => `morag.${++m}@private.example`;
const follow = (email, question, rhythm = 'INSTANT', who = anyone) => who.post('/v1/follows', {email, question, rhythm});
const lettersTo = email => mail.letters.filter(l => l.to[0] === email);
const letterTo = (email, nth = 1) => until(() => lettersTo(email)[nth - 1], {what: `letter ${nth} to ${email}`});
const unfolded = letter => letter.text.replace(/\r\n/g, '\n');
const tokenOf = letter => /\?token=(fol_[0-9a-z]{26}\.[0-9a-f]{32})/.exec(unfolded(letter))[1];
const confirm = token => anyone.post('/v1/confirmations', {token});
const html = {headers: {Accept: 'text/html'}};
const form = (path, fields, headers = {}) => anyone.request('POST', path, {
	body: new URLSearchParams(fields).toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded', ...headers}});
const follows = async () => (await sql('select count(*)::int as n from assetd.follow'))[0].n;
/** Followed and confirmed → {email, token}. */
async function following(question, rhythm, who) {
	const email = newAddress();
	ok(await follow(email, question, rhythm, who), 202);
	const token = tokenOf(await letterTo(email));
	ok(await confirm(token), 200);
	return {email, token};
}
/** The sender has looked at all that there is, and nothing is left to be sent by now. */
const settled = () => until(async () => (await sql(`select s.position = f.position and f.position = (select count(*) from assetd.change)
		and not exists (select from assetd.follow as w where is_stale and not exists (select from assetd.mail as m where m.follow_id = w.id and m.state = 'WAITING'))
		and not exists (select from assetd.mail where state = 'WAITING' and due_at <= $1) as done
	from assetd.follow_state as s, assetd.feed_state as f`, [now()]))[0].done, {what: 'all to be told'});
let clock = '2026-10-20T10:00:00Z';
const now = () => new Date(Date.parse(clock) + 120_000).toISOString();
const setClock = async moment => reg.daemon.setClock(clock = moment);
/** Let the next letter of a follow go at once, as five minutes later. */
const later = email => sql(`update assetd.follow set due_at = '-infinity' where email = $1`, [email]);

test('a request is followed in three steps, and the letter says all that its reader needs', async () => {
	const asset = await newAsset(), id = await newRequest(asset), email = newAddress();
	const page = await anyone.get(`/follow?request_id=${id}`, html);
	assert.equal(page.status, 200);
	assert.match(page.text, /ATR-2026-\d+, Hall/);
	const sent = await form('/follow', {question: `request_id=${id}`, email, rhythm: 'INSTANT'});
	assert.equal(sent.status, 200, sent.text);
	const asked = await letterTo(email);
	assert.equal(asked.head.subject, 'Please confirm that you want to be told');
	assert.ok(!('list-unsubscribe' in asked.head));
	assert.match(unfolded(asked), /about\n\nATR-2026-\d+, Hall/);
	const token = tokenOf(asked);
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await settled();
	assert.equal(lettersTo(email).length, 1, 'nobody is told before the address has said yes');
	const button = await anyone.get(`/confirm?token=${token}`, html);
	assert.match(button.text, /e-mails are sent to the address/);
	assert.match((await form('/confirm', {token})).text, /From now on you are told/);
	await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	const news = await letterTo(email, 2), text = unfolded(news);
	assert.match(news.head.subject, /^ATR-2026-\d+, Hall \d+: Opened for comments$/);
	for (const line of ['- 20 October 2026: Opened for comments', 'Hall Trust asks Glenfarg Council for Hall', 'Where it stands: Open for comments. Everybody can',
		'Next date: 29 October 2026 (in 9 days): ', 'Who must act, or may: anybody.', 'How we worked out this date: ',
		`- Tell the authority what you think, at ${BASE}/requests/${id}/comment, until 29 October 2026.`, `${BASE}/requests/${id}\n`,
		`To stop these letters; the address is deleted here once it follows nothing more:\n${BASE}/unfollow?token=${token}`])
		assert.ok(text.includes(line), `${line}\n--\n${text}`);
	assert.ok(!text.includes('validated'), 'what was before is not news');
	assert.equal(news.head['list-unsubscribe'], `<${BASE}/unfollow?token=${token}>`);
	assert.equal(news.head['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
	assert.equal(news.head['auto-submitted'], 'auto-generated');
});

test('one click, as a mail program sends it, ends it and leaves nothing of the address', async () => {
	const id = await newRequest(await newAsset()), {email, token} = await following(`request_id=${id}`);
	const page = await anyone.get(`/unfollow?token=${token}`, html);
	assert.match(page.text, /<button type="submit"/);
	assert.match(page.headers['cache-control'], /no-store/);
	assert.equal(ok(await anyone.get(`/v1/follows?token=${token}`), 200).question, `request_id=${id}`, 'looking ends nothing');
	const click = await form(`/unfollow?token=${token}`, {'List-Unsubscribe': 'One-Click'});
	assert.equal(click.status, 200, click.text);
	for (const [table, column] of [['follow', 'email'], ['mail', 'error']])
		assert.deepEqual(await sql(`select 1 from assetd.${table} where ${column} like '%' || $1 || '%'`, [email]), []);
	assert.deepEqual(await sql('select 1 from assetd.mail where follow_id = $1', [token.split('.')[0]]), []);
	assert.equal((await form(`/unfollow?token=${token}`, {'List-Unsubscribe': 'One-Click'})).status, 200, 'again');
	const parts = `--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n`;
	const again = await anyone.request('POST', `/unfollow?token=${token}`, {body: parts, headers: {'Content-Type': 'multipart/form-data; boundary=x'}});
	assert.equal(again.status, 200, again.text);
	assert.deepEqual(ok(await anyone.post('/v1/follows/end', {token}), 200), {state: 'ENDED'});
	problem(await anyone.post('/v1/follows/end', {token: `${token}0`}), 404, 'not-found');
	problem(await anyone.get(`/v1/follows?token=${token}`), 410, 'gone');
	problem(await confirm(token), 410, 'gone');
	await act(id, 'WITHDRAW', '2026-10-05');
	await settled();
	assert.equal(lettersTo(email).length, 1);
});

test('who confirms before the sender knows that its letter arrived is told of the next thing at once', async () => {
	const id = await newRequest(await newAsset());
	for (const [answer, event, more] of [[undefined, 'VALIDATE', {acknowledged_on: '2026-10-01'}],
		[Object.assign(new Error('Said too late'), {responseCode: 451}), 'NOTICES_ISSUED', {representations_close_on: '2026-10-29'}]]) {
		const email = newAddress();
		let asked, say;
		mail.onData = letter => letter.to[0] === email ? new Promise(resolve => { [asked, say] = [letter, resolve]; }) : undefined;
		ok(await follow(email, `request_id=${id}`), 202);
		await until(() => say, {what: 'the letter to be offered'});
		ok(await confirm(tokenOf(asked)), 200);
		mail.onData = () => undefined;
		const tried = reg.daemon.log().split('"letter').length;
		say(answer);
		await until(() => reg.daemon.log().split('"letter').length > tried, {what: 'the sender to know'});
		await act(id, event, '2026-10-01', more);
		const news = await until(() => lettersTo(email).find(l => l.head.subject.startsWith('ATR-')), {what: `${event} to be told`});
		assert.ok(news.head['list-unsubscribe']);
		await settled();
		assert.deepEqual(await sql(`select m.kind from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.kind = 'FOLLOW'`, [email]), []);
	}
});

/** Somebody waits for another's: a row that it wrote (transactionid), a table (relation). */
const heldUp = (by, user = 'assetd_worker') => until(async () => (await sql(`select from pg_stat_activity where wait_event_type = 'Lock' and wait_event = $1 and usename = $2`, [by, user])).length > 0,
	{what: `${user} to be held up by a ${by}`, deadline_ms: 30_000});

test('what came of a letter is written in the order in which others lock: the follow, then its letter', async () => {
	const id = await newRequest(await newAsset()), {email, token} = await following(`request_id=${id}`), [fol] = token.split('.');
	let say;
	mail.onData = letter => letter.to[0] === email ? new Promise(resolve => { say = resolve; }) : undefined;
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await until(() => say, {what: 'the letter to be offered'});
	mail.onData = () => undefined;
	await reg.cluster.session(async db => {
		await db.query('begin');
		await db.query('select from assetd.follow where id = $1 for update', [fol]); // as who ends or confirms it begins
		say();
		await heldUp('transactionid');
		const {rows} = await db.query(`select id from assetd.mail where follow_id = $1 and state = 'WAITING' for update nowait`, [fol]);
		assert.equal(rows.length, 1, 'and goes on, with nobody in the way who waits for it');
		await db.query('rollback');
	});
	await until(async () => (await sql(`select from assetd.mail where follow_id = $1 and state = 'SENT'`, [fol])).length > 0, {what: 'it to be written'});
});

test('a follow that ends at the moment at which it is to be told of something holds nobody up', async () => {
	const id = await newRequest(await newAsset()), gone = await following(`request_id=${id}`), here = await following(`request_id=${id}`);
	await settled();
	const failed = () => reg.daemon.log().split('letters could not be looked at').length;
	const before = failed();
	await reg.cluster.session(ending => reg.cluster.session(async holding => {
		await holding.query('begin; lock table assetd.mail in share mode');
		await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
		await heldUp('relation'); // with a letter to write
		await ending.query('begin');
		const ended = ending.query('delete from assetd.follow where id = $1', [gone.token.split('.')[0]]);
		await heldUp('relation', 'postgres');
		await holding.query('rollback');
		await ended;
		await heldUp('transactionid');
		await ending.query('commit');
	}));
	assert.match((await letterTo(here.email, 2)).head.subject, /^ATR-/);
	assert.equal(failed(), before);
});

test('an asset, an authority, an area, a search: each tells of what is meant and of nothing else', async () => {
	const cpp = ok(await admin.post('/v1/cpps', {name: 'Glen Partnership', code: 'P', partners: [council.id, other.id]}));
	const locality = ok(await admin.post('/v1/localities', {name: 'Lower Glen', code: 'L', cpp_id: cpp.id, kind: 'LOCALITY'}));
	const asset = await newAsset({name: 'Corn Exchange', postcode: 'PH2 9PW', locality_id: locality.id, easting: 313500, northing: 710500});
	const quiet = await newAsset();
	await settled();
	const all = {};
	for (const question of [`asset_id=${asset}`, `authority_id=${council.id}`, `locality_id=${locality.id}`, 'q=corn', 'postcode=PH2', 'near=56.28,-3.4,3000', '',
		`q=corn&authority_id=${council.id}`])
		all[question] = await following(question);
	const silent = {};
	for (const question of [`asset_id=${quiet}`, `authority_id=${other.id}`, 'q=barley', 'postcode=PH1', 'near=56.9,-3.4,3000', `q=corn&class=DEPOT`])
		silent[question] = await following(question);
	await newRequest(asset);
	for (const [question, {email}] of Object.entries(all)) {
		const letter = await letterTo(email, 2);
		assert.match(letter.head.subject, /^ATR-2026-\d+, Corn Exchange: Request received$/, question);
	}
	await settled();
	for (const [question, {email}] of Object.entries(silent))
		assert.equal(lettersTo(email).length, 1, question);
	const land = ok(await estates.post('/v1/requests', {land: {description: 'Back field', authority_id: council.id}, community_body_id: body,
		kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'land'}));
	await later(all[`authority_id=${council.id}`].email);
	const letter = await letterTo(all[`authority_id=${council.id}`].email, 3);
	assert.ok(unfolded(letter).includes(`${land.reference}, Back field`), 'land that is not listed is its authority\'s');
});

test('whoever is asked to confirm is told what, and no word that its asker chose', async () => {
	const untold = 'told once this is confirmed', land = ok(await estates.post('/v1/requests', {land: {description: 'You owe us\n\n--\nPay at evil.example', authority_id: council.id},
		community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'}, {idempotency: 'owe'}));
	for (const [question, words] of [
		[`request_id=${land.id}`, `${land.reference}, land that is not listed`],
		['class=RING_0900_555_0199', `a search of the register (kind: ${untold})`],
		['council=S12000048,S12000005&q=x', `a search of the register (council area: Perth and Kinross, Clackmannanshire; words: ${untold})`],
		['q=You%20owe%20us%2C%20ring%200900%20555%200199', `a search of the register (words: ${untold})`],
		['q=visit%20evil%E3%80%82example', `a search of the register (words: ${untold})`],
		['q=village%20hall&class=HALL,DEPOT', 'a search of the register (kind, words: told once this is confirmed)'],
		[`q=corn&authority_id=${council.id}`, `a search of the register (words: ${untold}), Glenfarg Council`],
		['near=56.28,-3.4,3000', 'a search of the register (latitude, longitude, metres: 56.28, -3.4, 3000)'],
		['postcode=PH2&lifecycle=SURPLUS', 'a search of the register (state: Surplus; postcode: PH2)'],
		['q=win%20at%20evil.example', 'a search of the register'], ['q=http%3A%2F%2Fevil', 'a search of the register'],
		['q=a%0D%0ASubject%3A%20b', 'a search of the register'], [`q=${'x'.repeat(61)}`, 'a search of the register']]) {
		const email = newAddress(), asked = await follow(email, question);
		if (asked.status === 400)
			continue; // the search itself does not take it
		ok(asked, 202);
		const text = unfolded(await letterTo(email));
		assert.ok(text.includes(`, about\n\n${words}\n\nTo begin`), `${question}: ${text}`);
	}
	const {email} = await following('q=granary'), granary = await newAsset({name: 'Granary'});
	assert.match(unfolded(await letterTo(email, 2)), /follows a search of the register \(words: granary\)\./, granary);
	assert.ok(!/owe us|evil/.test((await anyone.get(`/v1/feeds/changes.json?request_id=${land.id}`)).text), 'nor in what is told');
	const {title} = JSON.parse((await anyone.get('/v1/feeds/changes.json?q=corn&class=HALL')).text);
	assert.equal(title, 'Clàr of Glenfarg: a search of the register (kind: Hall; words: corn)');
});

test('what a stranger wrote makes no link in a letter, in whatever script and case, and an ordinary sentence stays', async () => {
	for (const link of ['evil.com', 'EVIL.COM', 'сайт.рф', 'пример.РФ', '例え.テスト', 'evil。example', 'evil․com', 'evil.xn--p1ai', 'wWw.evil', 'HTTP://x', 'a@b', 'Pay at evil.example.'])
		assert.equal((await sql(`select assetd.told_words($1, 'INSTEAD') as words`, [link]))[0].words, 'INSTEAD', link);
	for (const [words, told] of [['evil.Com', 'evil. Com'], ['t.co/abc', 't. co/abc'], ['e.g.the hall', 'e.g. the hall'], ['The hall.The field', 'The hall. The field'],
		['An talla.Àite', 'An talla. Àite'], ...['St. Andrews', 'No.1 Hall, 3.5 ha (approx.)', '“The hall.” W.I. Ltd.'].map(same => [same, same])])
		assert.equal((await sql(`select assetd.told_words($1, 'INSTEAD') as words`, [words]))[0].words, told);
	const id = ok(await estates.post('/v1/requests', {land: {description: 'Field, see сайт.рф', authority_id: council.id}, community_body_id: body, kind: 'LEASE', received_on: '2026-10-01'},
		{idempotency: 'script'})).id, {email} = await following(`request_id=${id}`);
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	const letter = await letterTo(email, 2);
	assert.match(letter.head.subject, /^ATR-2026-\d+, land that is not listed: /);
	assert.ok(!unfolded(letter).includes('сайт'));
});

test('what is told of a date says which it is, and a longer time until when', async () => {
	const id = ok(await estates.post('/v1/requests', {asset_id: await newAsset({name: 'Late \uFFFF Hall'}), community_body_id: body, kind: 'LEASE', received_on: '2026-08-03'},
		{idempotency: 'which'})).id;
	await act(id, 'VALIDATE', '2026-08-03');
	await act(id, 'EXTEND', '2026-10-20', {until_on: '2027-05-01'});
	const titles = async () => JSON.parse((await anyone.get(`/v1/feeds/changes.json?request_id=${id}`)).text).items.map(e => e.title.replace(/^.* Hall: /, ''));
	await until(async () => (await titles()).includes('Longer time agreed: 1 May 2027'), {what: 'the feed to tell of it'});
	assert.deepEqual((await titles()).filter(t => t.startsWith('Not done in time')).sort(), ['Not done in time: Acknowledgement, 24 August 2026',
		'Not done in time: Notices to owner, tenants, occupiers and the public, 24 August 2026']);
	assert.match((await anyone.get(`/v1/feeds/changes.atom?request_id=${id}`)).text, /^[^\uFFFE\uFFFF]*Late   Hall[^\uFFFE\uFFFF]*$/, 'no file of XML may hold it');
});

test('what changed while the letter waited is told as it is, what was corrected not at all, and nothing twice', async () => {
	const id = await newRequest(await newAsset()), {email} = await following(`request_id=${id}`);
	mail.onRcpt = address => address === email ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
	const validated = await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await until(async () => (await sql(`select 1 from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.kind = 'NEWS' and m.attempts >= 1`, [email])).length, {what: 'the first attempt'});
	assert.equal(validated.state, 'VALIDATED');
	const ledger = ok(await estates.get(`/v1/requests/${id}/events`), 200).items;
	await act(id, 'CORRECT', '2026-10-20', {event_id: ledger.find(e => e.event === 'VALIDATE').id, reasons: 'It was another.', strike_out: true});
	mail.onRcpt = () => undefined;
	await sql(`update assetd.mail set due_at = created_at where state = 'WAITING' and follow_id in (select id from assetd.follow where email = $1)`, [email]);
	const text = unfolded(await letterTo(email, 2));
	assert.ok(!text.includes('Request validated'), text);
	assert.match(text, /Where it stands: Received/);
	await settled();
	await later(email);
	await settled();
	assert.equal(lettersTo(email).length, 2);
});

test('many changes at once are one letter, and the next waits five minutes', async () => {
	const id = await newRequest(await newAsset()), {email} = await following(`request_id=${id}`);
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await letterTo(email, 2);
	await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	await act(id, 'WITHDRAW', '2026-10-20');
	await settled();
	assert.equal(lettersTo(email).length, 2);
	const [{due_at}] = await sql(`select m.due_at from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.state = 'WAITING'`, [email]);
	assert.ok(due_at - Date.parse(clock) > 240_000 && due_at - Date.parse(clock) < 900_000, String(due_at));
	await sql(`update assetd.mail set due_at = created_at where state = 'WAITING' and follow_id in (select id from assetd.follow where email = $1)`, [email]);
	const text = unfolded(await letterTo(email, 3));
	assert.ok(text.includes('Opened for comments') && text.includes('Request withdrawn') && text.includes('Where it stands: Withdrawn'), text);
});

test('an entry that was changed three times in a day is told as changed, once', async () => {
	const asset = await newAsset(), {email} = await following(`asset_id=${asset}`);
	await settled();
	mail.onRcpt = address => address === email ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
	const rename = async name => ok(await estates.patch(`/v1/assets/${asset}`, {name}, {match: '*'}), 200);
	for (const name of ['Hall of today', 'Hall of this morning', 'Hall of now'])
		await rename(name);
	await newRequest(asset);
	await until(async () => (await sql(`select 1 from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.kind = 'NEWS' and m.attempts >= 1`, [email])).length, {what: 'the first attempt'});
	mail.onRcpt = () => undefined;
	await sql(`update assetd.mail set due_at = created_at where state = 'WAITING' and follow_id in (select id from assetd.follow where email = $1)`, [email]);
	const lines = unfolded(await letterTo(email, 2)).split('\n').filter(line => line.startsWith('- 20 October 2026: '));
	assert.equal(lines.filter(line => /: Entry changed$/.test(line)).length, 1, lines.join('\n'));
	assert.deepEqual(lines, [...new Set(lines)]);
});

test('a letter tells of twenty-five things one by one, and says where the others are', async () => {
	const {email} = await following(`authority_id=${council.id}`);
	mail.onRcpt = address => address === email ? Object.assign(new Error('Later'), {responseCode: 451}) : undefined;
	const made = [];
	while (made.length < 26)
		made.push(await newAsset());
	await until(async () => (await sql(`select 1 from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.kind = 'NEWS' and m.attempts >= 1`, [email])).length, {what: 'the first attempt'});
	mail.onRcpt = () => undefined;
	await sql(`update assetd.mail set due_at = created_at where state = 'WAITING' and follow_id in (select id from assetd.follow where email = $1)`, [email]);
	const letter = await letterTo(email, 2), text = unfolded(letter);
	assert.equal(letter.head.subject, '26 things that you follow have changed');
	assert.equal(made.filter(id => text.includes(`${BASE}/assets/${id}\n`)).length, 25);
	assert.ok(text.includes(`And more than can be told in a letter: ${BASE}/v1/feeds/changes.atom`), text);
});

test('while a letter is on its way, what concerns its follower makes another, and what does not makes none', async () => {
	const asset = await newAsset(), other_asset = await newAsset(), {email} = await following(`asset_id=${asset}`);
	await settled();
	await sql(`create function public.wrote() returns trigger language plpgsql as $$ begin insert into public.written values (new.follow_id); return null; end $$`);
	await sql(`create table public.written (follow_id text)`);
	await sql(`grant insert on public.written to public`);
	await sql(`create trigger wrote after insert on assetd.mail for each row execute function public.wrote()`);
	const written = async () => (await sql(`select count(*)::int as n from public.written as w join assetd.follow as f on f.id = w.follow_id where f.email = $1`, [email]))[0].n;
	const looked = () => until(async () => (await sql(`select s.position = (select count(*) from assetd.change) as done from assetd.follow_state as s`))[0].done, {what: 'the news to be looked at'});
	const during = async change => {
		let say;
		mail.onData = () => new Promise(resolve => { say = resolve; });
		await later(email);
		const id = await newRequest(asset);
		await until(() => say, {what: 'the letter to be offered'});
		await change(id);
		await looked();
		mail.onData = () => undefined;
		say();
		await settled();
	};
	await during(() => newRequest(other_asset));
	assert.equal(await written(), 1);
	await during(id => act(id, 'WITHDRAW', '2026-10-20'));
	assert.equal(await written(), 3);
	await sql(`update assetd.mail set due_at = created_at where state = 'WAITING' and follow_id in (select id from assetd.follow where email = $1)`, [email]);
	assert.match(unfolded(await letterTo(email, 4)), /Request withdrawn/);
	await sql('drop function public.wrote cascade');
});

test('what is not public is told to nobody, and its follower learns nothing of it', async () => {
	const asset = await newAsset(), {email} = await following(`authority_id=${council.id}`);
	const hidden = await newAsset({published: false, name: 'Secret bunker'});
	await newRequest(hidden);
	await settled();
	assert.equal(lettersTo(email).length, 1);
	problem(await follow(newAddress(), `asset_id=${hidden}`), 422, 'invalid', '/question');
	problem(await anyone.get(`/v1/feeds/changes.atom?asset_id=${hidden}`), 404, 'not-found');
	const now = await anyone.get('/v1/feeds/changes.atom');
	assert.ok(!now.text.includes('bunker'));
	assert.ok(asset);
});

test('who follows what is taken out of the register is told so, and not of the whole register', async () => {
	const id = await newAsset(), {email} = await following(`asset_id=${id}`);
	ok(await estates.delete(`/v1/assets/${id}?reason=Sold.`, {match: '*'}), 204);
	assert.match(unfolded(await letterTo(email, 2)), /Removed from the register\n[^]*follows what is no longer in the register\.\n/);
});

test('a daily letter comes at seven in London with all of the day', async () => {
	const id = await newRequest(await newAsset()), {email} = await following(`request_id=${id}`, 'DAILY');
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	await settled();
	assert.equal(lettersTo(email).length, 1);
	const [{due_at}] = await sql(`select m.due_at from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.state = 'WAITING'`, [email]);
	assert.equal(due_at.toISOString(), '2026-10-21T06:00:00.000Z');
	for (const [from, rhythm, next] of [['2026-10-25T07:00:00Z', 'DAILY', '2026-10-26T07:00:00Z'], ['2026-10-24T06:00:00Z', 'DAILY', '2026-10-25T07:00:00Z'],
		['2026-10-21T05:59:59Z', 'DAILY', '2026-10-21T06:00:00Z'], ['2026-10-21T06:00:00Z', 'DAILY', '2026-10-22T06:00:00Z'],
		['2026-10-20T10:00:00Z', 'WEEKLY', '2026-10-26T07:00:00Z'], ['2026-10-26T06:59:00Z', 'WEEKLY', '2026-10-26T07:00:00Z'], ['2026-10-26T07:00:00Z', 'WEEKLY', '2026-11-02T07:00:00Z']])
		assert.equal((await sql('select assetd.follow_next($1, $2) as at', [rhythm, from]))[0].at.toISOString(), new Date(next).toISOString(), `${rhythm} ${from}`);
	await setClock('2026-10-21T06:00:01Z');
	const text = unfolded(await letterTo(email, 2));
	assert.ok(text.includes('Request validated') && text.includes('Opened for comments'), text);
});

test('a clock that is set back an hour makes nobody wait for more than five minutes, and no hour of the day come sooner', async () => {
	const assets = [await newAsset(), await newAsset()], ids = [await newRequest(assets[0]), await newRequest(assets[1])];
	const [waits, told] = [await following(`request_id=${ids[0]}`), await following(`request_id=${ids[1]}`)], daily = await following(`request_id=${ids[0]}`, 'DAILY');
	const due = async ({email}) => (await sql(`select m.due_at as at from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.state = 'WAITING'`, [email]))[0]?.at;
	for (const id of ids)
		await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await letterTo(waits.email, 2);
	await letterTo(told.email, 2);
	await act(ids[0], 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	await settled();
	const seven = await due(daily);
	assert.ok(await due(waits) && seven);
	const was = clock;
	await setClock(new Date(Date.parse(clock) - 3_600_000).toISOString());
	const soon = who => until(async () => {
		const at = await due(who);
		return at && at - Date.parse(clock) < 600_000;
	}, {what: 'it to be due in minutes'});
	await soon(waits); // its letter was there already
	await act(ids[1], 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	await soon(told); // the last letter was sent by the clock of before
	assert.deepEqual(await due(daily), seven);
	await setClock(new Date(Date.parse(clock) + 600_000).toISOString());
	await letterTo(waits.email, 3);
	await letterTo(told.email, 3);
	await setClock(was);
});

test('five letters a day that ask one letter box, and nobody can tell', async () => {
	const before = await follows(), answers = [];
	for (let i = 0; i < 7; i++) {
		const {status, text} = await follow(`box+${i}@private.example`, '');
		answers.push(`${status} ${text}`);
	}
	assert.deepEqual(new Set(answers), new Set([`202 {"state":"UNCONFIRMED","days":7}`]));
	assert.equal(await follows() - before, 5);
	const together = await Promise.all(Array.from({length: 12}, () => follow('rush@private.example', '')));
	assert.ok(together.every(r => r.status === 202));
	assert.equal((await sql(`select count(*)::int as n from assetd.follow where email = 'rush@private.example'`))[0].n, 5);
	await letterTo('box+0@private.example');
});

test('asked for again it is the same follow with another rhythm, and another follow stays', async () => {
	const id = await newRequest(await newAsset()), email = newAddress();
	for (const [question, rhythm] of [[`request_id=${id}`, 'INSTANT'], ['', 'DAILY'], [`request_id=${id}`, 'DAILY']]) {
		const nth = lettersTo(email).length + 1;
		ok(await follow(email, question, rhythm), 202);
		ok(await confirm(tokenOf(await letterTo(email, nth))), 200);
	}
	assert.deepEqual((await sql('select question, rhythm from assetd.follow where email = $1 order by question', [email])).map(r => [r.question, r.rhythm]),
		[['', 'DAILY'], [`request_id=${id}`, 'DAILY']]);
});

test('Atom and JSON Feed say the same, under ids that stay, and are had once', async () => {
	const asset = await newAsset({name: 'Salt & "Pepper" <Mill>'}), id = await newRequest(asset);
	await settled();
	const atom = await anyone.get(`/v1/feeds/changes.atom?asset_id=${asset}`), json = await anyone.get(`/v1/feeds/changes.json?asset_id=${asset}`);
	assert.equal(atom.headers['content-type'], 'application/atom+xml; charset=utf-8');
	assert.equal(json.headers['content-type'], 'application/feed+json');
	const feed = JSON.parse(json.text);
	assert.equal(feed.version, 'https://jsonfeed.org/version/1.1');
	assert.deepEqual(feed.items.map(i => i.url), [`${BASE}/requests/${id}`, `${BASE}/assets/${asset}`]);
	assert.match(feed.items[0].title, /^ATR-2026-\d+, Salt & "Pepper" <Mill>: Request received$/);
	assert.match(feed.items[0].content_text, /Next date: /);
	const ids = [...atom.text.matchAll(/<entry>\n<id>(urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})<\/id>/g)].map(x => x[1]);
	assert.deepEqual(ids, feed.items.map(i => i.id));
	assert.ok(atom.text.includes('Salt &amp; &quot;Pepper&quot; &lt;Mill&gt;'));
	assert.equal((await anyone.get(`/v1/feeds/changes.atom?asset_id=${asset}`, {headers: {'If-None-Match': atom.headers.etag}})).status, 304);
	const whole = JSON.parse((await anyone.get('/v1/feeds/changes.json')).text);
	assert.ok(whole.items.length > 30 && whole.items.length <= 50);
	assert.ok(whole.items.some(item => item.id === feed.items[0].id), 'time may have acted on others since');
	const searched = JSON.parse((await anyone.get('/v1/feeds/changes.json?q=pepper')).text);
	assert.deepEqual(searched.items, feed.items);
	problem(await anyone.get('/v1/feeds/other.atom'), 404, 'not-found');
	problem(await anyone.get('/v1/feeds/changes.atom?colour=red'), 400, 'bad-query');
	problem(await anyone.get(`/v1/feeds/changes.atom?asset_id=${asset}&q=x`), 400, 'bad-query');
	problem(await anyone.get('/v1/feeds/changes.atom?asset_id=ast_00000000000000000000000000'), 404, 'not-found');
});

test('nobody but its bearer sees a follow, and no address stands in a log, an event or an export', async () => {
	const {email, token} = await following('');
	const id = token.split('.')[0];
	for (const user of ['assetd_api', 'assetd_worker'])
		await assert.rejects(sql('select email from assetd.follow', [], {user}), /permission denied/);
	for (const client of [admin, estates, foreign, anyone]) {
		problem(await client.get(`/v1/follows?token=${id}`), 404, 'not-found');
		problem(await client.get(`/v1/follows?token=${id}.${'0'.repeat(32)}`), 404, 'not-found');
	}
	assert.ok(!ok(await anyone.get(`/v1/follows?token=${token}`), 200).email);
	assert.ok(!JSON.stringify(await sql('select * from assetd.change')).includes('private.example'));
	assert.ok(!(await admin.get('/v1/exports/register.ndjson')).text.includes('private.example'));
	assert.ok(email && !/private\.example|token=/.test(reg.daemon.log()), 'the log');
});

test('what cannot be meant is refused by name', async () => {
	const email = newAddress();
	problem(await anyone.post('/v1/follows', {}), 422, 'invalid', '/email');
	problem(await follow('not an address', ''), 422, 'invalid', '/email');
	problem(await follow('a@example.org\r\nBcc: b@example.org', ''), 422, 'invalid', '/email');
	problem(await follow(email, '', 'HOURLY'), 422, 'invalid', '/rhythm');
	problem(await follow(email, 'colour=red'), 422, 'invalid', '/question');
	problem(await follow(email, 'q=a&q=b'), 422, 'invalid', '/question');
	problem(await follow(email, '%zz'), 422, 'invalid', '/question');
	problem(await follow(email, 'near=1,2'), 400, 'bad-query', '?near');
	problem(await follow(email, `q=${'a '.repeat(20)}`), 400, 'bad-query', '?q');
	problem(await follow(email, 'request_id=atr_00000000000000000000000000'), 422, 'invalid', '/question');
	for (const token of ['', 'x', 'fol_1.2', `rpd_${'0'.repeat(26)}.${'0'.repeat(32)}`]) {
		assert.ok([400, 404].includes((await anyone.get(`/v1/follows?token=${token}`)).status), token);
		assert.ok([400, 404].includes((await anyone.get(`/unfollow?token=${token}`, html)).status), token);
	}
	const wrong = await form('/follow', {question: '', email: '<b>nobody'});
	assert.equal(wrong.status, 422);
	assert.ok(wrong.text.includes('value="&lt;b&gt;nobody"') && wrong.text.includes('There is a problem'));
	assert.equal((await form('/follow', {question: '', email}, {'Sec-Fetch-Site': 'cross-site'})).status, 403);
	assert.equal((await anyone.get('/follow?asset_id=ast_1', html)).status, 404);
});

test('a box that refuses for good is forgotten; a daemon that dies tells again, once more at most', async () => {
	const id = await newRequest(await newAsset()), {email} = await following(`request_id=${id}`), killed = await following(`request_id=${id}`);
	mail.onRcpt = address => address === email ? Object.assign(new Error('No such user'), {responseCode: 550}) : undefined;
	let say;
	mail.onData = letter => letter.to[0] === killed.email ? new Promise(resolve => { say = resolve; }) : undefined;
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	await until(() => say, {what: 'the letter to be offered'});
	await reg.daemon.kill();
	say();
	mail.onData = () => undefined;
	await reg.daemon.start();
	const letter = await letterTo(killed.email, 2);
	assert.ok(unfolded(letter).includes('Request validated'));
	for (let attempt = 1; attempt <= 3; attempt++)
		await until(async () => {
			await sql(`update assetd.mail set due_at = created_at where state = 'WAITING'`);
			const [row] = await sql(`select m.attempts from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.kind = 'NEWS'`, [email]);
			return !row || row.attempts >= attempt;
		}, {what: `attempt ${attempt}`});
	await until(async () => !(await sql('select 1 from assetd.follow where email = $1', [email])).length, {what: 'it to be forgotten'});
	mail.onRcpt = () => undefined;
	assert.ok(new Set(lettersTo(killed.email).slice(1).map(l => l.head['message-id'])).size === 1);
});

test('who refuses us, and not the box, costs us no follower', async () => {
	const id = await newRequest(await newAsset()), {email} = await following(`request_id=${id}`);
	mail.onRcpt = address => address === email ? Object.assign(new Error('Relaying denied'), {responseCode: 557}) : undefined;
	await act(id, 'VALIDATE', '2026-10-01', {acknowledged_on: '2026-10-01'});
	const letters = () => sql(`select m.state, m.attempts, m.error from assetd.mail as m join assetd.follow as f on f.id = m.follow_id where f.email = $1 and m.kind = 'NEWS'`, [email]);
	await until(async () => {
		await sql(`update assetd.mail set due_at = created_at where state = 'WAITING'`);
		return (await letters()).some(m => m.state === 'DEAD') || !(await sql('select 1 from assetd.follow where email = $1', [email])).length;
	}, {what: 'the letter to be given up'});
	assert.match((await letters())[0]?.error ?? 'the follow is gone', /^557 /);
	mail.onRcpt = () => undefined;
	await act(id, 'NOTICES_ISSUED', '2026-10-01', {representations_close_on: '2026-10-29'});
	const text = unfolded(await letterTo(email, 2));
	assert.ok(text.includes('Request validated') && text.includes('Opened for comments'), text);
});
