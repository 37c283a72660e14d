// Every page of the table of routes, as an administrator, an officer, a finance officer and somebody who is not signed in see
// it, with names that are long: axe finds nothing, wide and on a phone, nothing is wider than its window, also at 400 % zoom
// (320 px), where the page is printed, nothing is asked of another machine, and without a policy report; its title is its
// heading; no name of programs is among its words, no day is broken over lines in a table, no choice is cut, and paper has
// nothing to press. What two people see alike is looked at once. The list is the daemon's own: a page that nobody wrote a row for here
// fails the test. States of single pages stand in the tests of those pages.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, assertFits, axe, send, startSite} from '../harness/browser.mjs';
import {ASSETD, MATTERS, codeOf, makeKey, ok, openForecast, run, until} from '../harness/index.mjs';

const NOW = '2026-11-21T10:00:00Z', BEGAN = Date.now();
const {reg, newPage, signIn, stop} = await startSite({clock: NOW, conf: {projection: {threads: 1}, pages: {unconfirmed: 'yes'}}});
after(stop);
const {admin} = reg;
const forecast = openForecast(reg);

// Files, which a browser keeps or shows by itself.
const FILES = ['/map/points', '/downloads/assets', '/downloads/requests', '/downloads/land-pairs', '/downloads/movement', '/downloads/forecast', '/imports/{id}/refused',
	'/requests/{id}/file.zip', '/documents/{id}/content', '/a/{file}', '/livez', '/readyz',
	'/.well-known/webhook-keys.json'];

const LONG = 'Old Burgh Chambers, Session House and Former Constabulary Buildings with Yard and Outhouses, ';
const WORD = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch';

/* Route → its addresses; a function of what before() made. */
const PAGES = {
	'/': () => ['/'],
	'/assets': () => ['/assets', `/assets?q=${WORD}`, '/assets?valid_on=2026-11-21'],
	'/map': () => ['/map', `/map?q=${WORD}`],
	'/assets/{id}': m => [`/assets/${m.asset}`, `/assets/${m.asset}?valid_on=2026-11-21`],
	'/assets/{id}/ask': m => [`/assets/${m.asset}/ask`],
	'/ask': () => ['/ask'],
	'/mine': () => ['/mine', '/mine?done=asked'],
	'/assets/new': () => ['/assets/new'],
	'/assets/{id}/edit': m => [`/assets/${m.asset}/edit`],
	'/work': () => ['/work'],
	'/requests': () => ['/requests', '/requests?show=overdue'],
	'/requests/new': m => ['/requests/new', `/requests/new?asset_id=${m.asset}&community_body_id=${m.body}`],
	'/community-bodies/new': () => ['/community-bodies/new'],
	'/community-bodies/{id}': m => [`/community-bodies/${m.body}`],
	'/requests/{id}': m => [`/requests/${m.request}`],
	'/requests/{id}/representations': m => [`/requests/${m.request}/representations`],
	'/requests/{id}/comment': m => [`/requests/${m.request}/comment`],
	'/confirm': () => ['/confirm?token=none'],
	'/answer': () => ['/answer?token=none'],
	'/follow': m => ['/follow', `/follow?request_id=${m.request}`, `/follow?q=${WORD}`],
	'/unfollow': () => ['/unfollow?token=none'],
	'/authorities': () => ['/authorities', `/authorities?q=${WORD}`, '/authorities?q=nowhere'],
	'/authorities/{id}': m => [`/authorities/${m.council}`, `/authorities/${m.council}?valid_on=2026-11-21`],
	'/localities/{id}': m => [`/localities/${m.locality}`, `/localities/${m.locality}?valid_on=2026-11-21`],
	'/authorities/{id}/pairs': m => [`/authorities/${m.council}/pairs`],
	'/authorities/{id}/settings': m => [`/authorities/${m.council}/settings`],
	'/requests/{id}/case': m => [`/requests/${m.request}/case`],
	'/requests/{id}/corrections/{event_id}': m => [`/requests/${m.request}/corrections/${m.event}`],
	'/requests/{id}/notices/{notice_id}': m => [`/requests/${m.request}/notices/${m.notice}`],
	'/forecast': () => ['/forecast', '/forecast?valid_on=2026-11-21', '/forecast?valid_on=2020-01-01&known_on=2026-11-20'],
	'/cpps/{id}': m => [`/cpps/${m.cpp}`],
	'/assets/{id}/projection': m => [`/assets/${m.asset}/projection`],
	'/forecast/addresses': () => ['/forecast/addresses'],
	'/forecast/bridge': m => ['/forecast/bridge', `/forecast/bridge?from=${m.run}&to=live`],
	'/forecast/runs': () => ['/forecast/runs'],
	'/forecast/runs/{id}': m => [`/forecast/runs/${m.run}`],
	'/forecast/outturn': () => ['/forecast/outturn'],
	'/forecast/compare': m => [`/forecast/compare?run=live&second=${m.run}&asset_id=${m.asset}`],
	'/parameters': () => ['/parameters'],
	'/budget': m => ['/budget', `/budget?authority_id=${m.council}`],
	'/calendars': () => ['/calendars'],
	'/calendars/{id}': m => [`/calendars/${m.calendar}`],
	'/people': m => ['/people', `/people?q=${WORD}&authority_id=${m.council}`, '/people?q=nobody'],
	'/people/{id}': m => [`/people/${m.account}`],
	'/downloads': () => ['/downloads'],
	'/keys': () => ['/keys', `/keys?q=${WORD}`],
	'/keys/{id}': m => [`/keys/${m.key}`],
	'/webhooks': () => ['/webhooks'],
	'/webhooks/{id}': m => [`/webhooks/${m.webhook}`],
	'/rules': () => ['/rules'],
	'/reports': () => ['/reports'],
	'/reports/{id}/{year}': m => [`/reports/${m.council}/2026-27`],
	'/reports/{id}/{year}/requests': m => [`/reports/${m.council}/2026-27/requests?line=received`],
	'/assets/change': m => [`/assets/change?authority_id=${m.council}`, `/assets/change?authority_id=${m.council}&class=SPORTS_GROUND&published=true`],
	'/imports/new': () => ['/imports/new'],
	'/imports/mappings': () => ['/imports/mappings'],
	'/imports/{id}': m => [`/imports/${m.import}`],
	'/guide': () => ['/guide'],
	'/guide/{name}': () => ['estates', 'community', 'finance', 'admin'].map(name => `/guide/${name}`),
	'/language': () => ['/language?to=en&next=%2Frules'],
	'/translations': () => ['/translations', '/translations?where=webhook'],
	'/sign-in': () => ['/sign-in'],
	'/account': () => ['/account', '/account?changed=password'],
	'/forgotten': () => ['/forgotten'],
	'/password': m => ['/password?token=none', m.link],
	'/requests/{id}/file': m => [`/requests/${m.request}/file`],
	'/assets/{id}/documents': m => [`/assets/${m.asset}/documents`],
	'/requests/{id}/documents': m => [`/requests/${m.request}/documents`],
};

const routes = (await run(ASSETD, ['--dump-routes'])).stdout.split('\n').map(line => line.split('\t'))
	.filter(([method, path]) => method === 'GET' && !path.startsWith('/v1/') && !FILES.includes(path)).map(([, path]) => path);

const made = {}, PASSWORD = 'kettle on by nine';

before(async () => {
	const {add} = forecast;
	const council = await add('/v1/authorities', {name: `${WORD} and District Council of the Northern Isles`, kind: 'COUNCIL', code: 'LONG',
		duties: [{schedule: 3, from_on: '2017-01-23'}]});
	const cpp = await add('/v1/cpps', {name: `${WORD} Community Planning Partnership`, code: 'P', partners: [council.id]});
	const place = await add('/v1/localities', {name: `${WORD} and ${WORD}`, code: 'L', cpp_id: cpp.id, kind: 'LOCALITY'});
	const land = {authority_id: council.id, cpp_id: cpp.id, locality_id: place.id, address: `${LONG}1 High Street`, postcode: 'PH2 9NU', notes: WORD.repeat(3)};
	const asset = await forecast.asset({...land, name: `${LONG}${WORD}`, reference: `${WORD}/2026/0001`}, {amount: 1234567890, plan: {}});
	await forecast.asset({...land, name: WORD.repeat(2)}, {amount: 99999, plan: {planned_on: '2029-06-15'}});
	const body = await add('/v1/community-bodies', {name: `${WORD} Development Trust and Residents’ Association`, legal_form: 'SCIO', members: 30});
	const request = await add('/v1/requests', {asset_id: asset.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01',
		offer_pence: 100, reasons: `${LONG}${WORD.repeat(4)}`});
	await add(`/v1/requests/${request.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
	// Taken over: what a partnership's page has of it.
	const given = await forecast.asset({...land, name: `${LONG}${WORD} Annexe`}, {amount: 99999});
	const taken = await add('/v1/requests', {asset_id: given.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-01-05', offer_pence: 100});
	for (const [name, on, more] of [['VALIDATE', '2026-01-05'], ['NOTICES_ISSUED', '2026-01-09', {representations_close_on: '2026-02-10'}],
		['AGREE', '2026-03-20', {terms: 'as asked', matters: MATTERS, price_pence: 100}], ['OFFER', '2026-04-01'], ['CONCLUDE_CONTRACT', '2026-04-20'], ['COMPLETE', '2026-05-04']])
		await add(`/v1/requests/${taken.id}/events`, {event: name, on, ...more});
	const [event] = ok(await admin.get(`/v1/requests/${request.id}/events`), 200).items;
	const notice = await add(`/v1/requests/${request.id}/notices`, {code: 'N2'});
	const calendar = await add('/v1/calendars', {instruments: {ssi_2016_357: 'BANK_HOLIDAYS_SCOTLAND'}});
	const list = await admin.post(`/v1/imports?authority_id=${council.id}`, undefined, {body: `reference,name,class,tenure\nX-1,${WORD},HALL,OWNED\n`,
		headers: {'Content-Type': 'text/csv'}, idempotency: 'list'});
	const hook = await add('/v1/webhooks', {url: `https://${WORD.toLowerCase()}.example/${WORD.repeat(3)}`, types: ['asset.*', 'request.validated']});
	const key = async role => (await makeKey(reg, {roles: {[council.id]: [role]}})).key;
	Object.assign(made, {officer: await key('ESTATES'), finance: await key('FINANCE'), webhook: hook.id, council: council.id, locality: place.id, cpp: cpp.id, asset: asset.id, body: body.id, request: request.id, event: event.id,
		notice: notice.id, calendar: calendar.id, import: ok(list, 201).id});
	const account = await add('/v1/accounts', {authority_id: council.id, name: `${LONG}${WORD}`, email: `${WORD}@example.org`, roles: ['VIEWER', 'ADMIN']});
	const named = await add('/v1/keys', {name: `${LONG}${WORD}`, scopes: ['self:read', 'assets:write']});
	const person = await add('/v1/accounts', {authority_id: council.id, name: `${LONG}${WORD}`, email: `own.${WORD}@example.org`, roles: ['ESTATES']});
	Object.assign(made, {account: account.id, link: account.link, key: named.id, person});
	ok(await admin.get('/v1/assets?format=csv'), 200); // of /downloads
	await until(async () => {
		const reply = await admin.post('/v1/projections/runs', {name: `${LONG}${WORD}`, tag: 'QUARTER', paths: 50});
		made.run = reply.json?.id;
		return reply.status === 201;
	}, {what: 'a run'});
});

test('every page of the table of routes has its row here, and no row is of another', () => {
	assert.deepEqual(Object.keys(PAGES).sort(), routes.sort());
});

/* What a page has of its own, but for the tokens of its forms and the number of the request: its frame is the same for each person. */
const seen = new Set();
async function isNew(view) {
	const html = await view.page.locator('main').evaluate(main => main.outerHTML);
	const text = (view.isFirst ? Math.random() : '') + html.replace(/[0-9a-f]{64}|[\w-]{43}\.[0-9a-f]{24}|req_[0-9a-z]{26}/g, '');
	view.isFirst = false;
	return seen.size < seen.add(text).size;
}

/* What stands there as programs call it: codes and ids, but for the number of the request and what is marked as code. */
const rawNames = page => page.locator('main').evaluate(main => {
	const found = [], walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const {data, parentElement} = walker.currentNode;
		if (!parentElement.closest('code, textarea, script') && parentElement.checkVisibility())
			found.push(...data.match(/\b[A-Z]{2,}_[A-Z_]+\b|\b(?!req_)[a-z]{3}_[0-9a-z]{26}\b/g) ?? []);
	}
	return found;
});

/* Days of table cells that go over more than one line. */
const brokenDays = page => page.locator('main').evaluate(main => {
	const found = [], walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), range = document.createRange();
	while (walker.nextNode()) {
		const {data, parentElement} = walker.currentNode;
		for (const {0: day, index} of parentElement.closest('td') ? data.matchAll(/\b\d{1,2} [A-Z][a-z]+ 20\d\d\b/g) : []) {
			range.setStart(walker.currentNode, index);
			range.setEnd(walker.currentNode, index + day.length);
			if (range.getClientRects().length > 1)
				found.push(day);
		}
	}
	return found;
});

/* What was chosen of the figures of a page and is not seen whole, though there is room for it. */
const cutChoices = page => page.locator('main').evaluate(main => {
	const brush = document.createElement('canvas').getContext('2d');
	const wide = e => e.clientWidth - parseFloat(getComputedStyle(e).paddingLeft) - parseFloat(getComputedStyle(e).paddingRight);
	const shown = [...main.querySelectorAll('.filters--across select')].filter(e => e.checkVisibility() && e.selectedOptions[0]);
	return shown.filter(e => {
		brush.font = getComputedStyle(e).font;
		return brush.measureText(e.selectedOptions[0].label).width > wide(e) && e.offsetWidth < wide(e.closest('form')) * 0.8;
	}).map(e => e.selectedOptions[0].label);
});

/* On paper: what can be pressed or filled in, but for what was chosen of the figures; headings of nothing. */
const wasteOfPaper = page => page.locator('main').evaluate(main => {
	const shown = all => [...all].filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 2);
	const found = shown(main.querySelectorAll('button, nav, :is(input, select, textarea):not(.filters--across *)')).map(e => e.outerHTML.slice(0, 80));
	const headings = shown(main.querySelectorAll('h2, h3, h4')), range = document.createRange();
	for (const [i, heading] of headings.entries()) {
		const next = headings.slice(i + 1).find(h => h.tagName <= heading.tagName);
		range.setStartAfter(heading);
		range[next ? 'setEndBefore' : 'setEndAfter'](next ?? main.lastElementChild);
		if (![...range.getClientRects()].some(r => r.width * r.height))
			found.push(heading.innerText);
	}
	return found;
});

/* Whoever has many pages open is told by the title what the heading says beside or below itself, or in more words. */
const TITLES = [/^Request ATR-/, /, request ATR-/, /^Asset transfer report 20/, /^Public land and buildings$/];

async function look(view, path) {
	await view.page.goto(reg.url + path);
	if (!await isNew(view))
		return;
	await assertAccessible(view.page, path);
	assert.deepEqual([await rawNames(view.page), await brokenDays(view.page), await cutChoices(view.page)], [[], [], []], path);
	await assertFits(view.page, {width: 320, height: 256}, `${path} at 400 % zoom`);
	await view.page.emulateMedia({media: 'print'});
	await assertFits(view.page, {width: 700, height: 900}, `${path} on paper`);
	assert.deepEqual([await wasteOfPaper(view.page), await brokenDays(view.page)], [[], []], `${path} on paper`);
	assert.equal(await view.page.locator('main').evaluate(main => main.offsetWidth), 700, `${path} is as wide as its paper`);
	await view.page.emulateMedia({media: 'screen'});
	assert.equal(await view.page.locator('main').count(), 1, path);
	assert.equal(await view.page.locator('[role=search] #site-q').count(), 1, `${path} has the search, in its head or, at home, below it`);
	// Who goes from landmark to landmark hears which search is which.
	const searches = await view.page.locator('[role=search]').evaluateAll(all => all.map(e => e.getAttribute('aria-label')));
	assert.ok(searches.every(Boolean) && new Set(searches).size === searches.length, `${path}: ${searches}`);
	// Heading levels leave no step out, so that who hears the page can walk them.
	const levels = await view.page.locator('main :is(h1, h2, h3, h4)').evaluateAll(all => all.filter(h => h.checkVisibility()).map(h => Number(h.tagName[1])));
	assert.ok(levels.every((level, i) => i === 0 ? level === 1 : level <= levels[i - 1] + 1), `${path}: ${levels}`);
	const title = (await view.page.title()).replace(/ – [^–]*$/, ''), heading = (await view.page.locator('h1').innerText()).replace(/\s+/g, ' ');
	assert.ok(title === heading || TITLES.some(t => t.test(title)), `${path}: the title is ${title}, the heading ${heading}`);
}

for (const who of ['administrator', 'officer', 'finance', 'nobody']) {
	test(`each passes, long names and all, for the ${who}`, async () => {
		const key = {administrator: reg.adminKey, officer: made.officer, finance: made.finance}[who];
		const view = {...await (key ? signIn(key) : newPage()), isFirst: true};
		for (const path of Object.values(PAGES).flatMap(addresses => addresses(made)))
			await look(view, path);
		assert.deepEqual(view.complaints.filter(c => !/status of 4\d\d/.test(c)), []);
		await view.context.close();
	});
}

/* Their own pages of whoever has an account. */
const OWN = () => ['/account', '/account?changed=password', '/keys', `/keys/${made.ownKey}`];

async function signInAs({email, link}) {
	const view = {...await newPage(), isFirst: true};
	await view.page.goto(new URL(link, reg.url).href);
	await view.page.getByLabel('Password').fill(PASSWORD);
	await send(view.page.locator('main form button[type=submit]'));
	await view.page.locator('main input[name=email]').fill(email);
	await view.page.locator('main input[name=password]').fill(PASSWORD);
	await send(view.page.locator('main form button[type=submit]'));
	return view;
}

test('each passes that asks somebody for the password of their account, as do the steps to codes', async () => {
	const view = await signInAs(made.person), {page} = view;
	await page.goto(`${reg.url}/keys`);
	await page.getByLabel('What it is for').fill(`${LONG}${WORD}`);
	await page.getByLabel('Load lists', {exact: true}).press('Space');
	await page.getByLabel('Your password').fill(PASSWORD);
	await send(page.getByRole('button', {name: 'Make the key'}));
	made.ownKey = (await reg.sql('select id from assetd.api_key where principal_id = $1 and prefix like \'akey%\'', [made.person.id]))[0].id;
	for (const path of OWN()) {
		await look(view, path);
		assert.ok(await page.locator('main input[type=password]').count(), `${path} asks for it`);
	}
	await page.goto(`${reg.url}/account`);
	await send(page.getByRole('button', {name: 'Set up an app'}));
	assert.equal(new URL(page.url()).hash, '#factor', 'what the button brought is in view');
	await look(view, '/account');
	await page.locator('#confirm').fill(PASSWORD);
	await page.locator('#code').fill('000');
	await send(page.getByRole('button', {name: 'Ask for codes from now on'}));
	await assertAccessible(page, 'a code that is wrong');
	await page.locator('#confirm').fill(PASSWORD);
	await page.locator('#code').fill(codeOf(await page.locator('code.address').innerText(), 0, Date.parse(NOW) + Date.now() - BEGAN));
	await send(page.getByRole('button', {name: 'Ask for codes from now on'}));
	assert.equal(await page.locator('#codes li').count(), 8);
	await assertAccessible(page, 'codes that are shown once');
	await look(view, '/account');
	assert.ok(await page.getByLabel('Your password, to do without codes').isVisible());
	await page.goto(`${reg.url}/language?to=gd`);
	for (const path of OWN())
		await lookInGaelic(view, path);
	assert.deepEqual(view.complaints.filter(c => !/status of 4\d\d/.test(c)), []);
	await view.context.close();
});

/* The texts of a page as it is served that do not say in which language they are, but by the page as a whole. */
const unsaid = page => page.evaluate(async () => {
	const served = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html');
	const found = [], walker = document.createTreeWalker(served.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const {data, parentElement} = walker.currentNode;
		if (/\p{L}/u.test(data) && parentElement.closest('[lang]') === served.body)
			found.push(`${parentElement.localName}: ${data.trim()}`);
	}
	return found;
});

async function lookInGaelic({page}, path) {
	await page.goto(reg.url + path);
	assert.equal(await page.locator('html').getAttribute('lang'), 'gd', path);
	assert.deepEqual(await unsaid(page), [], path);
	await assertFits(page, {width: 1280, height: 900}, path);
	assert.deepEqual(await axe(page, {contrast: false}), [], path);
	await assertFits(page, {width: 320, height: 256}, `${path} at 400 % zoom`);
}

test('each passes in Gaelic, and every text of it says its language', async () => {
	const view = await signIn(reg.adminKey);
	await view.page.goto(`${reg.url}/language?to=gd`);
	for (const path of Object.entries(PAGES).filter(([route]) => route !== '/language').flatMap(([, addresses]) => addresses(made)))
		await lookInGaelic(view, path);
	assert.deepEqual(view.complaints.filter(c => !/status of 4\d\d/.test(c)), []);
	await view.context.close();
});
