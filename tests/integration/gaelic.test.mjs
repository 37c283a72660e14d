// Scottish Gaelic beside English: who is shown which, how it is chosen, that every piece of a Gaelic page says its
// language, that no name is taken for a word, what the list of translations says, and that nothing is shown that no
// speaker has confirmed, unless that is asked for, as here by whoever checks it.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {ASSETD, ok, openForecast, run, startRegister} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-21T10:00:00Z', conf: {projection: {threads: 1}, pages: {unconfirmed: 'yes'}}});
after(() => reg.stop());
const {add, asset} = openForecast(reg);
const made = {};

const page = (path, headers = {}) => reg.anyone.get(path, {headers: {Accept: 'text/html', ...headers}});
const gaelic = (path, headers = {}) => page(path, {Cookie: '__Host-lang=gd', ...headers});
const languageOf = reply => /<html lang="([^"]+)">/.exec(reply.text)?.[1];

const VOID = new Set(['br', 'input', 'img', 'link', 'meta', 'hr', 'col']);
const unescape = text => text.replace(/&(amp|lt|gt|quot|#39|#123);/g, (_, name) => ({amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#123': '{'})[name]);

/* The texts of a page with letters in them: {text, lang, element}; lang undefined where only <html> or <body> says one. */
function texts(html) {
	const found = [], open = [];
	for (const [, tag, text] of html.matchAll(/(<[^>]*>)|([^<]+)/g)) {
		if (text !== undefined) {
			const lang = open.findLast(e => e.lang)?.lang;
			if (/\p{L}/u.test(unescape(text)) && open.length)
				found.push({text: unescape(text).trim(), lang, element: open.at(-1).name});
			continue;
		}
		const name = /^<\/?([a-z0-9]+)/.exec(tag)?.[1];
		if (!name || VOID.has(name) || tag.endsWith('/>'))
			continue;
		if (tag.startsWith('</'))
			assert.equal(open.pop()?.name, name, `${tag} closes what was opened last`);
		else
			open.push({name, lang: ['html', 'body'].includes(name) ? undefined : / lang="([^"]*)"/.exec(tag)?.[1]});
	}
	return found;
}

before(async () => {
	made.council = await add('/v1/authorities', {name: 'Glenfarg Council', kind: 'COUNCIL', code: 'GC', duties: [{schedule: 3, from_on: '2017-01-23'}]});
	made.asset = await asset({authority_id: made.council.id, name: 'Home'}, {amount: 20000000, plan: {planned_on: '2027-06-15'}});
	made.body = await add('/v1/community-bodies', {name: 'Requests', legal_form: 'SCIO', members: 30});
	made.request = await add('/v1/requests', {asset_id: made.asset.id, community_body_id: made.body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'});
});

/* All that anybody can open: the addresses without a name in them, and those of what was made. */
async function addresses() {
	const rows = (await run(ASSETD, ['--dump-routes'])).stdout.split('\n').map(line => line.split('\t'));
	const plain = rows.filter(([method, path, , kind]) => method === 'GET' && kind === 'page' && !/\{|^\/(downloads|language)/.test(path)).map(([, path]) => path);
	assert.ok(plain.length > 20, plain.join());
	return [...plain, `/assets/${made.asset.id}`, `/assets/${made.asset.id}?valid_on=2026-11-21`, `/assets/${made.asset.id}/documents`,
		`/requests/${made.request.id}`, `/requests/${made.request.id}/representations`, `/requests/${made.request.id}/comment`,
		`/requests/${made.request.id}/file`, `/community-bodies/${made.body.id}`, `/authorities/${made.council.id}/pairs`,
		`/reports/${made.council.id}/2026-27`, '/translations?where=head', '/nonsense'];
}

test('each page in Gaelic says so, and of each piece of it which language it is in; in English nothing changes', async () => {
	for (const path of await addresses()) {
		const [gd, en] = [await gaelic(path), await page(path)];
		if (!en.headers['content-type'].startsWith('text/html')) // what a script of a page reads
			continue;
		assert.equal(gd.status, en.status, path);
		assert.deepEqual([languageOf(gd), languageOf(en)], ['gd', 'en-GB'], path);
		assert.deepEqual([gd.headers['content-language'], en.headers['content-language']], ['gd', 'en-GB'], path);
		for (const {headers} of [gd, en])
			assert.equal(headers.vary, 'Cookie, Accept-Encoding, Accept-Language', path);
		for (const {text, lang, element} of texts(gd.text))
			assert.match(lang ?? '', /^(gd|en-GB)$/, `${path}: “${text}” in <${element}> does not say its language`);
		// The two are the same page: what is English in both stands in the same order.
		const [inGaelic, inEnglish] = [texts(gd.text), texts(en.text)];
		assert.ok(inGaelic.some(t => t.lang === 'gd' && t.text === 'Iarrtasan'), path);
		assert.ok(inEnglish.every(t => t.lang === undefined || t.lang === 'gd' && t.element !== 'p' && /^Gàidhlig$/.test(t.text) || path.startsWith('/translations')), path);
		const words = new Set(inEnglish.map(t => t.text));
		for (const {text} of inGaelic.filter(t => t.lang === 'en-GB' && !/^(English|As the register stood|No speaker has|What has none|If you write to us)/.test(t.text)))
			assert.ok(words.has(text) || [...words].some(w => w.includes(text)) || text === 'what is missing', `${path}: “${text}” is no English of the page`);
	}
});

test('the language is that of the cookie, else the one the browser wants more', async () => {
	const rows = [
		['gd', 'gd'], ['gd-GB, en;q=0.8', 'gd'], ['en-GB,en;q=0.9,gd;q=0.8', 'en-GB'], ['en;q=0.4, gd;q=0.5', 'gd'], ['GD', 'gd'],
		['gd;q=0', 'en-GB'], ['fr, de', 'en-GB'], ['*', 'en-GB'], ['gdx', 'en-GB'], ['gd, en', 'gd'], ['en, gd', 'en-GB'], ['gd;q=zzz', 'en-GB'],
		['fr, gd;q=0.001', 'gd'], [',,;=,gd;q=1.000', 'gd'],
	];
	for (const [wanted, language] of rows) {
		assert.equal(languageOf(await page('/', {'Accept-Language': wanted})), language, wanted);
		assert.equal(languageOf(await page('/', {'Accept-Language': wanted, Cookie: '__Host-lang=gd'})), 'gd', wanted);
		assert.equal(languageOf(await page('/', {'Accept-Language': wanted, Cookie: 'a=b; __Host-lang=en'})), 'en-GB', wanted);
	}
	assert.equal(languageOf(await page('/', {Cookie: '__Host-lang=<script>'})), 'en-GB');
});

test('the link of each page leads to it in the other language, and to nowhere else', async () => {
	const english = await page('/assets?q=hall%26x');
	const [, to] = /<a [^>]*lang="gd" hreflang="gd" href="([^"]+)">\s*Gàidhlig/.exec(english.text);
	const reply = await page(unescape(to));
	assert.equal(reply.status, 303);
	assert.equal(reply.headers.location, '/assets?q=hall%26x');
	assert.equal(reply.headers['cache-control'], 'no-store');
	assert.deepEqual(reply.headers['set-cookie'], ['__Host-lang=gd; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000']);
	assert.match((await gaelic('/assets?q=hall')).text, /<a [^>]*lang="en-GB" hreflang="en-GB" href="\/language\?to=en&amp;next=%2Fassets%3Fq%3Dhall">\s*English/);
	const rows = [['/assets', '/assets'], ['//evil.example', '/'], ['https://evil.example', '/'], [`/requests/${made.request.id}/acts`, `/requests/${made.request.id}`],
		['/community-bodies', '/'], ['/v1/assets', '/'], [`/requests/${made.request.id}/file.zip`, `/requests/${made.request.id}`], ['/nonsense/x?y', '/'], ['', '/']];
	for (const [next, location] of rows)
		assert.equal((await page(`/language?to=en&next=${encodeURIComponent(next)}`)).headers.location, location, next);
	assert.match((await page('/language?to=klingon')).headers['set-cookie'][0], /^__Host-lang=en;/);
});

test('whatever is sent in place of a language or of a way back harms nothing', async () => {
	const long = 'en;q=0.1,gd;q=0.2,'.repeat(555);
	assert.equal(languageOf(await page('/', {'Accept-Language': long})), 'gd');
	for (const wanted of [`gd;q=${'9'.repeat(9000)}`, ','.repeat(9990), `${'g'.repeat(9000)}d`, 'gd;'.repeat(3000), ';q=1;q=', 'gd;q=-1', '\t', 'gd;q=1e9'])
		assert.equal((await page('/', {'Accept-Language': wanted})).status, 200, wanted.slice(0, 20));
	for (const [cookie, language] of [['__Host-lang=', 'en-GB'], ['__Host-lang=gd%00', 'en-GB'], ['__Host-lang="gd"', 'en-GB'], ['__Host-lang=GD', 'en-GB'],
		['x__Host-lang=gd', 'en-GB'], ['__host-lang=gd', 'en-GB'], [`a=${'b'.repeat(6000)}; __Host-lang=gd`, 'gd'], ['__Host-lang=gd; __Host-lang=en', 'gd']])
		assert.equal(languageOf(await page('/', {Cookie: cookie})), language, cookie.slice(0, 30));
	for (const to of ['gd\r\nSet-Cookie: a=b', 'gd;Domain=evil.example', '../gd', 'gd'.repeat(500)]) {
		const {headers} = await page(`/language?to=${encodeURIComponent(to)}`);
		assert.deepEqual(headers['set-cookie'], ['__Host-lang=en; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000'], to.slice(0, 30));
	}
	for (const next of ['/\\evil.example', '/\t/evil.example', '/assets\r\nSet-Cookie: a=b', '\\\\evil.example', '/@evil.example', '/.//evil.example', '/%2f/evil.example',
		'javascript:alert(1)', `/${'a/'.repeat(499)}`, `/${'a'.repeat(1500)}`, '/\u00e0', '///'])
		assert.equal((await page(`/language?to=gd&next=${encodeURIComponent(next)}`)).headers.location, '/', next.slice(0, 30));
	for (const path of ['/', '/nonsense']) {
		const {headers} = await gaelic(path, {'If-None-Match': '*'});
		assert.deepEqual([headers['cache-control'], headers.etag], ['private, no-cache', undefined], path);
	}
});

test('no link of a page that a secret opened holds it, nor does what its links tell the next page', async () => {
	const rows = (await run(ASSETD, ['--dump-routes'])).stdout.split('\n').map(line => line.split('\t'));
	const taking = rows.filter(([method, path, , kind, , query]) => method === 'GET' && kind === 'page' && /\btoken\b/.test(query)).map(([, path]) => path);
	assert.ok(taking.includes('/confirm') && taking.includes('/password') && taking.length >= 5, taking.join());
	for (const path of taking) {
		for (const lang of ['gd', 'en']) {
			const {headers, text} = await page(`${path}?token=tellnobodythis`, {Cookie: `__Host-lang=${lang}`});
			for (const [, address] of text.matchAll(/<a [^>]*href="([^"]*)"/g))
				assert.doesNotMatch(address, /tellnobodythis/, `${path}: ${address}`);
			assert.equal(headers['referrer-policy'], 'strict-origin', path);
			assert.match(text, /href="\/language\?to=(gd|en)(&amp;next=%2F)?"/, path);
		}
	}
});

test('a form that is refused is refused in the language of its page, which says what its link to the other costs', async () => {
	const form = await gaelic('/sign-in');
	const cookie = form.headers['set-cookie'].find(c => c.startsWith('__Host-form')).split(';')[0];
	const [, word] = /name="form_csrf" value="([0-9a-f]{64})"/.exec(form.text);
	const reply = await reg.anyone.request('POST', '/sign-in', {
		body: new URLSearchParams({key: 'none', form_csrf: word}).toString(),
		headers: {'Content-Type': 'application/x-www-form-urlencoded', Cookie: `${cookie}; __Host-lang=gd`},
	});
	const lost = /<a [^>]*lang="en-GB"[^>]*href="\/language[^>]*>\s*English \(loses what you typed\)/;
	assert.match(reply.text, lost);
	assert.doesNotMatch(form.text, lost);
	assert.equal(reply.status, 422);
	assert.equal(languageOf(reply), 'gd');
	assert.match(reply.text, /<span lang="en-GB">That key is not one of ours, or it has ended<\/span>|lang="en-GB"[^>]*>That key is not one of ours/);
});

test('dates, days and words for codes are in Gaelic, names are left as they are', async () => {
	const shown = texts((await gaelic(`/assets/${made.asset.id}`)).text);
	assert.ok(shown.some(t => t.lang === 'gd' && t.text === '15 Ògmhios 2027'), shown.map(t => t.text).join('|'));
	const request = texts((await gaelic(`/requests/${made.request.id}`)).text);
	assert.ok(request.some(t => t.lang === 'gd' && /^\d+ Dàmhair 2026$/.test(t.text)), request.map(t => t.text).join('|'));
	const kinds = texts((await gaelic('/assets')).text).filter(t => t.element === 'option');
	assert.ok(kinds.some(t => t.lang === 'gd' && t.text === 'Leabharlann') && kinds.some(t => t.lang === 'en-GB' && t.text === 'Glenfarg Council'));
	// An asset that is called as a page is, and a body.
	assert.ok(shown.some(t => t.element === 'h1' && t.lang === 'en-GB' && t.text === 'Home'));
	assert.ok(request.some(t => t.element === 'a' && t.lang === 'en-GB' && t.text === 'Requests'));
	const body = texts((await gaelic(`/community-bodies/${made.body.id}`)).text);
	assert.ok(body.some(t => t.element === 'h1' && t.lang === 'en-GB' && t.text === 'Requests'));
	const documents = texts((await gaelic(`/assets/${made.asset.id}/documents`)).text);
	assert.deepEqual(documents.filter(t => t.element === 'a' && /^(Home|Dachaigh)$/.test(t.text)).map(t => [t.lang, t.text]).slice(0, 2), [['gd', 'Dachaigh'], ['en-GB', 'Home']]);
});

test('what a list is narrowed by is among what is to be said, and is said', async () => {
	const filters = {authority_id: made.council.id, class: 'HALL', lifecycle: 'IN_USE', tenure: 'OWNED', decile: '1', cpp_id: `cpp_${'0'.repeat(26)}`, locality_id: `loc_${'0'.repeat(26)}`,
		data_zone: 'S01006506', intermediate_zone: 'S02001236', near: '55.95,-3.19,500', bbox: '-3.4,55.8,-3.0,56.0', postcode: 'EH1', council: 'S12000036'};
	const path = `/assets?${new URLSearchParams(filters)}`;
	const [, said] = />Narrowed by ([^<]*)\. </.exec((await page(path)).text);
	const labels = said.split('; ').map(one => one.split(':')[0]);
	assert.equal(labels.length, Object.keys(filters).length, said);
	const {stdout} = await run(ASSETD, ['--dump-messages']);
	assert.deepEqual(labels.filter(label => !stdout.includes(`\nmsgid "${label}"\n`)), [], 'and in the list for who translates');
	assert.match((await gaelic(path)).text, /buidheann phoblach/);
});

test('the list of translations says of each place what is missing, and what nobody has confirmed', async () => {
	const list = await page('/translations');
	assert.match(list.text, /<a lang="en-GB" href="\/translations\?where=head">head<\/a>/);
	const [, all, confirmed, unconfirmed, missing] = /Of ([\d,]+) messages ([\d,]+) are confirmed, ([\d,]+) are not confirmed, and ([\d,]+) are missing/.exec(list.text)
		.map(n => Number(n.replace(/,/g, '')));
	assert.equal(all, confirmed + unconfirmed + missing);
	assert.ok(missing > 0 && confirmed + unconfirmed > 50, list.text);
	const head = (await page('/translations?where=head')).text;
	assert.match(head, /<span lang="en-GB">Requests<\/span>.*<div lang="gd">Iarrtasan<\/div>.*confirmed/);
	assert.match(head, /<span lang="en-GB">Skip to main content<\/span>.*missing/);
	const few = (await page('/translations?where=head&show=MISSING')).text;
	assert.ok(few.includes('Skip to main content</span></th>') && !few.includes('<div lang="gd">'));
	assert.match((await page('/translations?where=dates')).text, /in %d day.*an ceann %d latha<\/div><div lang="gd">an ceann %d làithean/);
	assert.match((await page('/translations?where=%3Cscript%3E')).text, /There are none\./);
	assert.match((await page('/translations?where=asset_form')).text, /Whole metres of the National Grid\./);
});

/* As an operator has it who sets nothing: then the catalogue says only what a speaker has confirmed. */
test('what no speaker has confirmed stands in English, marked as such, and is listed', async () => {
	const usual = await startRegister({cluster: reg.cluster, database: 'usual', clock: '2026-11-21T10:00:00Z', conf: {projection: {threads: 1}}});
	try {
		const of = async path => (await usual.anyone.get(path, {headers: {Accept: 'text/html', Cookie: '__Host-lang=gd'}})).text;
		const confirmed = new Set(texts(await of('/translations?where=head&show=CONFIRMED')).filter(t => t.element === 'div' && t.lang === 'gd').map(t => t.text));
		for (const path of ['/', '/requests', '/assets', '/sign-in', '/nonsense']) {
			const shown = texts(await of(path));
			assert.ok(shown.length > 20 && shown.every(t => t.lang === 'en-GB' || confirmed.has(t.text)), `${path}: ${shown.find(t => t.lang !== 'en-GB')?.text}`);
			assert.ok(confirmed.has('Iarrtasan') || shown.some(t => t.text === 'Requests'), path);
			assert.ok(shown.some(t => t.text.startsWith('What no speaker has confirmed in Gaelic stands in English')), path);
		}
		assert.match(await of('/translations?where=head'), /Requests<\/span>.*<div lang="gd">Iarrtasan<\/div>.*confirmed/);
		assert.match(await of('/translations'), /its message stands in English as well/);
	} finally {
		await usual.stop();
	}
	assert.match((await gaelic('/')).text, /No speaker has confirmed all of this Gaelic/);
	assert.match((await page('/translations')).text, /who runs this register has it shown all the same/);
});

test('what programs read is not asked in a language', async () => {
	const [gd, en] = await Promise.all(['gd', 'en'].map(lang => reg.anyone.get(`/v1/assets/${made.asset.id}`, {headers: {'Accept-Language': lang, Cookie: `__Host-lang=${lang}`}})));
	assert.deepEqual(ok(gd, 200), ok(en, 200));
	assert.equal(gd.headers.etag, en.headers.etag);
	assert.equal(gd.headers['content-language'], undefined);
});

test('the catalogue is one that gettext\'s own tools take, and bring up to date by what the pages say', async () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gaelic-'));
	after(() => fs.rmSync(folder, {recursive: true}));
	const catalogue = fileURLToPath(new URL('../../daemon/language/gd.po', import.meta.url));
	const [pot, merged] = ['messages.pot', 'gd.po'].map(name => path.join(folder, name));
	const count = async file => {
		const {stderr} = await run('msgfmt', ['--check-format', '--check-domain', '--statistics', '--output-file=/dev/null', file], {env: {...process.env, LC_ALL: 'C'}});
		const of = word => Number(new RegExp(`(\\d+) ${word}`).exec(stderr)?.[1] ?? 0);
		return {said: of('translated') + of('fuzzy'), unsaid: of('untranslated')};
	};
	fs.writeFileSync(pot, (await run(ASSETD, ['--dump-messages'])).stdout);
	await run('msgmerge', ['--no-fuzzy-matching', `--output-file=${merged}`, catalogue, pot]);
	const [before, now] = [await count(catalogue), await count(merged)];
	assert.ok(before.said > 60 && now.unsaid > 1000);
	assert.equal(now.said, before.said, 'nothing of it is said of what no page says');
	assert.doesNotMatch(fs.readFileSync(merged, 'utf8'), /^#~/m);
	assert.doesNotMatch((await page('/translations')).text, /In the catalogue and on no page/);
});
