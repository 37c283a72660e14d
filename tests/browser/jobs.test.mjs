// What a job may cost a person: each row of tests/data/jobs.csv is walked as that person would, in every manner of walk.mjs,
// and the page loads, clicks and required answers on the way are counted. A row whose walk needs more than it allows
// fails, as does a row without a walk. Each page on the way fits its window and paper, and passes axe.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {startSite} from '../harness/browser.mjs';
import {TREE, makeKey, openForecast, startMail, until} from '../harness/index.mjs';
import {MANNERS, startPeople} from './walk.mjs';

// A day that is the same whichever of its parts is typed first.
const TODAY = '2026-12-12';

const mail = await startMail();
const site = await startSite({clock: `${TODAY}T10:00:00Z`, env: {ASSETD_PROJECTION_PATHS: undefined}, conf: {projection: {paths: 500},
	http: {base_url: 'https://register.example.scot'}, mail: {smtp_url: mail.url, from: 'register@example.scot', allow_plain: 'yes'}}});
const {reg} = site;
after(async () => {
	await site.stop();
	await mail.stop();
});
const {admin} = reg;
const forecast = openForecast(reg);
const made = {};

/* "a,""b, c"",d" as its cells. */
const cells = line => [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map(m => m[2] ?? m[1]).slice(0, 8);
const [, ...lines] = fs.readFileSync(path.join(TREE, 'tests/data/jobs.csv'), 'utf8').trim().split('\n');
const jobs = lines.map(line => {
	const [job, group, what, start, loads, clicks, fields, elsewhere] = cells(line);
	return {job, group, what, start, most: {loads: Number(loads), clicks: Number(clicks), fields: Number(fields)}, elsewhere};
});

before(async () => {
	const {add, asset} = forecast;
	made.council = await add('/v1/authorities', {name: 'Own Council', kind: 'COUNCIL', code: 'OWN'});
	made.estates = (await makeKey(reg, {roles: {[made.council.id]: ['ESTATES']}})).key;
	made.finance = (await makeKey(reg, {roles: {'*': ['FINANCE']}})).key;
	const land = more => ({authority_id: made.council.id, ...more});
	made.hall = await asset(land({name: 'Memorial Hall', address: 'Main Street, Glenfarg', postcode: 'PH2 9NU'}), {amount: 20000000, plan: {}});
	for (let n = 0; n < 4; n++)
		await asset(land({name: `Depot ${n}`}), {amount: 3000000 * (n + 1), plan: {planned_on: `20${28 + n}-06-15`}});
	const body = await add('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30});
	const ask = asset_id => add('/v1/requests', {asset_id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-12-01'});
	made.request = await ask(made.hall.id);
	made.decided = await ask((await asset(land({name: 'Old school'}))).id);
	await add(`/v1/requests/${made.decided.id}/events`, {event: 'VALIDATE', on: '2026-12-01'});
	made.own = {};
	for (const manner of Object.keys(MANNERS)) {
		const hidden = await asset(land({name: `Hidden hut, ${manner}`, published: false}));
		made.own[manner] = {hidden, request: await ask((await asset(land({name: `Shed, ${manner}`}))).id)};
	}
	made.workbook = await admin.get('/v1/assets?format=xlsx');
	await until(async () => (await admin.post('/v1/projections/runs', {name: 'Budget', tag: 'BUDGET', paths: 50})).status === 201, {what: 'a run'});
	await forecast.value(made.hall, 26000000, {valued_on: '2026-05-01'});
	await until(async () => {
		const {simulated, position} = await forecast.receipts('group_by=YEAR');
		return simulated?.position === position;
	}, {what: 'percentiles'});
});

const list = (mark, n, bad = false) => ['reference,name,class,tenure,uprn',
	...Array.from({length: n}, (_, i) => `${mark}-${i},Hall ${i},HALL,OWNED,${bad && i % 2 ? 'AB-12' : ''}`)].join('\n');

const button = (w, name) => w.page.getByRole('button', {name, exact: typeof name === 'string'});
const link = (w, name) => w.page.locator('main').getByRole('link', {name, exact: typeof name === 'string'});
const field = (w, name) => w.page.getByLabel(name, {exact: typeof name === 'string'});
const heading = w => w.page.locator('h1').innerText();

async function load(w, text) {
	await w.say(field(w, 'Whose list it is'), made.council.id);
	await w.say(field(w, 'Or its lines, pasted'), text);
	await w.go(button(w, 'Show the differences'));
}

const find = words => async people => {
	const w = await people.as(null, '/');
	await w.say(field(w, 'Find an asset or a request'), words());
	await w.go(w.page.locator('main').getByRole('button', {name: 'Search'}));
	await w.go(link(w, made.request.reference));
	assert.equal(await heading(w), 'Hall Trust asks for Memorial Hall');
	return w;
};

/* Job → its walk by the people of one manner, with what is theirs alone. */
const walks = {
	'log-asset': async (people, own) => {
		const w = await people.as(made.estates, '/assets/new');
		await w.say(field(w, 'Name'), own.name);
		await w.say(field(w, 'Kind'), 'HALL');
		await w.say(field(w, 'Tenure'), 'OWNED');
		const whose = field(w, 'Public body');
		if (await whose.count() && !await whose.inputValue())
			await w.say(whose, made.council.id);
		await w.go(button(w, 'Log it'));
		assert.equal(await heading(w), own.name);
		return w;
	},
	'load-list': async (people, own) => {
		const w = await people.as(made.estates, '/imports/new');
		await load(w, list(own.mark, 500));
		await w.page.getByText('500 new, 0 changed').waitFor();
		await w.go(button(w, 'Apply'));
		await w.page.getByText('This list has been applied.').waitFor();
		own.list = w.page.url().slice(reg.url.length);
		return w;
	},
	'undo-list': async (people, own) => {
		const w = await people.as(made.estates, own.list);
		await w.go(button(w, 'Undo all of it'));
		await w.page.getByText('applied and undone').waitFor();
		return w;
	},
	'bad-list': async (people, own) => {
		const w = await people.as(made.estates, '/imports/new');
		await load(w, list(`B${own.mark}`, 4, true));
		const said = await w.page.locator('main').innerText();
		for (const part of [/\n3\s/, /\n5\s/, /in uprn, where AB-12 stands: \S/, /Format the column as text/])
			assert.match(said, part, `${part} in ${said}`);
		return w;
	},
	'workbook': async people => {
		const w = await people.as(made.estates, '/imports/new');
		await w.say(field(w, 'Whose list it is'), made.council.id);
		w.cost.fields++;
		await field(w, /The list as a CSV file/).setInputFiles({name: 'land.xlsx', mimeType: made.workbook.headers['content-type'], buffer: made.workbook.bytes});
		await w.go(button(w, 'Show the differences'));
		const said = await w.page.locator('main').innerText();
		assert.match(said, /This is a spreadsheet, not CSV\. Save the sheet as "CSV UTF-8/);
		return w;
	},
	'validate': async (people, own) => {
		const w = await people.as(made.estates, `/requests/${own.request.id}`);
		await w.go(link(w, /The case, for officers/));
		await w.go(button(w, 'Validate the request'));
		await w.go(button(w, /Draft it ?: Acknowledgement/));
		await w.go(button(w, 'Issue the notice'));
		return w;
	},
	'due': async people => {
		const w = await people.as(null, '/sign-in', 'who signs in');
		await w.say(field(w, 'API key'), made.estates);
		await w.go(w.page.locator('main').getByRole('button', {name: 'Sign in'}));
		assert.match(await w.page.getByRole('region', {name: 'Your work'}).innerText(), /Memorial Hall/);
		return w;
	},
	'due-calendar': async people => {
		const w = await people.as(made.estates, '/work');
		await w.go(link(w, /These dates in your calendar/));
		const calendar = await reg.anyone.get(await link(w, 'Dates as iCalendar').getAttribute('href'));
		assert.match(calendar.headers['content-type'], /^text\/calendar/);
		assert.match(calendar.text, /DTSTART;VALUE=DATE:20270601/, 'six months from the validated request');
		return w;
	},
	'publish': async (people, own) => {
		assert.equal((await reg.anyone.get(`/v1/assets/${own.hidden.id}`)).status, 404);
		const w = await people.as(made.estates, `/assets/${own.hidden.id}/edit`);
		const box = w.page.getByLabel('Show it to everybody');
		if (!await box.isVisible())
			await w.press(w.page.locator('details', {has: box}).locator('summary'));
		await w.press(box);
		await w.go(button(w, 'Save'));
		assert.equal((await reg.anyone.get(`/v1/assets/${own.hidden.id}`)).status, 200);
		return w;
	},
	'find': find(() => 'memorial'),
	'find-reference': find(() => made.request.reference),
	'find-postcode': find(() => 'ph29nu'),
	'find-place': find(() => 'glenfarg'),
	'state': async people => {
		const w = await people.as(null, `/requests/${made.decided.id}`);
		const screen = w.page.viewportSize().height;
		for (const part of [w.page.locator('main .ds_tag').first(), w.page.locator('.next__date'), w.page.locator('dt:text("Who must act") + dd').first()]) {
			const {y, height} = await part.boundingBox();
			assert.ok(screen < 800 || y + height <= screen, `${await part.innerText()} is on the first screen, not at ${y}`);
		}
		assert.ok(await w.page.getByText('How we worked out this date').first().isVisible());
		return w;
	},
	'told': async (people, own) => {
		const w = await people.as(null, `/requests/${made.request.id}`);
		await w.go(link(w, 'Be told when something happens to this request'));
		await w.say(field(w, 'Your e-mail address'), own.address);
		await w.go(button(w, 'Send'));
		const letter = await mail.waitFor(l => l.to[0] === own.address);
		await w.arrive(/\/confirm\?token=\S+/.exec(letter.text)[0]);
		await w.go(button(w, 'Confirm'));
		assert.match(await w.page.locator('main').innerText(), /The next e-mail comes when there is something to tell/);
		return w;
	},
	'forecast': async people => {
		const w = await people.as(made.finance, '/forecast');
		await until(async () => await w.page.getByRole('table', {name: /simulated futures/}).count() || (await w.page.reload(), false), {what: 'percentiles'});
		assert.match(await w.page.getByRole('table', {name: /simulated futures/}).innerText(), /P10[^]*P50[^]*P90/);
		for (const name of ['spreadsheet (XLSX)', 'CSV', 'an address for spreadsheets and scripts'])
			assert.ok(await link(w, name).isVisible(), name);
		return w;
	},
	'bridge': async people => {
		const w = await people.as(made.finance, '/forecast');
		await w.go(link(w, 'What moved it since a frozen forecast'));
		assert.ok(await link(w, 'Memorial Hall').count(), 'a line leads to its asset');
		return w;
	},
	'what-if': async (people, own) => {
		const w = await people.as(made.finance, `/assets/${made.hall.id}`);
		await w.go(link(w, 'What if it stood otherwise?'));
		await w.say(field(w, 'Name'), own.name);
		await w.say(field(w, 'The sale or lease comes on (optional)'), '2028-06-06');
		await w.go(button(w, 'Make it'));
		assert.match(await w.page.locator('main').innerText(), new RegExp(`The live forecast[^]*${own.name}`));
		return w;
	},
	'as-at': async people => {
		const w = await people.as(made.finance, `/assets/${made.hall.id}`);
		await w.press(w.page.locator('summary', {hasText: 'As it was on a day'}));
		await w.say(field(w, 'How things stood on'), TODAY);
		await w.say(field(w, 'As the register knew it on'), TODAY);
		await w.go(button(w, 'Show that day'));
		const to = new URL(w.page.url()).searchParams;
		assert.deepEqual([to.get('valid_on'), to.get('known_on')], [TODAY, TODAY]);
		return w;
	},
};

test('every job has a walk, or says where it is walked', () => {
	assert.deepEqual(jobs.filter(row => !row.elsewhere).map(row => row.job).sort(), Object.keys(walks).sort());
});

for (const [n, manner] of Object.keys(MANNERS).entries()) {
	const people = startPeople(site, manner);
	const own = {mark: `L${n}`, name: `Bandstand ${n}`, address: `group.${n}@example.org`};
	for (const {job, group, what, most} of jobs.filter(row => walks[row.job])) {
		test(`${group}: ${what}, ${manner}, for ${most.loads} loads, ${most.clicks} clicks and ${most.fields} answers at most`, async () => {
			const w = await walks[job](people, Object.assign(own, made.own[manner]));
			for (const name of Object.keys(most))
				assert.ok(w.cost[name] <= most[name], `${name}: ${w.cost[name]} where ${most[name]} are allowed`);
			w.assertQuiet();
		});
	}
	test(`${manner}: done`, () => people.end());
}
