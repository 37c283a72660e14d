// What a job may cost a person: each row of tests/data/jobs.csv is walked as that person would, and the page loads, clicks
// and required answers on the way are counted. A row whose walk needs more than it allows fails, as does a row without a walk.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {startSite} from '../harness/browser.mjs';
import {TREE, makeKey, ok, openForecast, until} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z', env: {ASSETD_PROJECTION_PATHS: undefined}, conf: {projection: {paths: 500}}});
after(stop);
const {admin} = reg;
const forecast = openForecast(reg);
const made = {};
const PHONE = {width: 390, height: 844};

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
	made.hall = await asset({authority_id: made.council.id, name: 'Memorial Hall'}, {amount: 20000000, plan: {}});
	for (let n = 0; n < 4; n++)
		await asset({authority_id: made.council.id, name: `Depot ${n}`}, {amount: 3000000 * (n + 1), plan: {planned_on: `20${28 + n}-06-15`}});
	made.hidden = await asset({authority_id: made.council.id, name: 'Hidden hut', published: false});
	const body = await add('/v1/community-bodies', {name: 'Hall Trust', legal_form: 'SCIO', members: 30});
	made.request = await add('/v1/requests', {asset_id: made.hall.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'});
	const other = await asset({authority_id: made.council.id, name: 'Old school'});
	made.decided = await add('/v1/requests', {asset_id: other.id, community_body_id: body.id, kind: 'OWNERSHIP', received_on: '2026-10-01'});
	await add(`/v1/requests/${made.decided.id}/events`, {event: 'VALIDATE', on: '2026-10-01'});
	await until(async () => (await admin.post('/v1/projections/runs', {name: 'Budget', tag: 'BUDGET', paths: 50})).status === 201, {what: 'a run'});
	await forecast.value(made.hall, 26000000);
	await until(async () => {
		const {simulated, position} = await forecast.receipts('group_by=YEAR');
		return simulated?.position === position;
	}, {what: 'percentiles'});
});

/* A person at a page who is counted from now on. */
async function walk(view) {
	const cost = {loads: 0, clicks: 0, fields: 0};
	/* A page that shows progress asks again by itself: what costs a person is another page. */
	let last = view.page.url();
	view.page.on('framenavigated', frame => {
		cost.loads += frame === view.page.mainFrame() && frame.url() !== last ? 1 : 0;
		last = frame === view.page.mainFrame() ? frame.url() : last;
	});
	return {
		...view, cost,
		say: async (what, text) => {
			cost.fields++;
			await (await what.evaluate(e => e.tagName) === 'SELECT' ? what.selectOption(text) : what.fill(text));
		},
		press: async what => {
			cost.clicks++;
			await what.press(await what.evaluate(e => ['A', 'BUTTON', 'SUMMARY'].includes(e.tagName)) ? 'Enter' : 'Space');
		},
		go: async what => {
			cost.clicks++;
			await Promise.all([view.page.waitForEvent('load'), what.press('Enter')]);
		},
	};
}
const at = async (key, next, options) => walk(key ? await signIn(key, {next, ...options})
	: await newPage(options).then(async view => (await view.page.goto(reg.url + next), view)));
const list = (n, bad = false) => ['reference,name,class,tenure,uprn', ...Array.from({length: n}, (_, i) => `${bad ? 'B' : 'L'}-${i},Hall ${i},HALL,OWNED,${bad && i % 2 ? 'AB-12' : ''}`)].join('\n');

async function load(w, text) {
	await w.say(w.page.getByLabel('Whose list it is'), {label: 'Own Council'});
	await w.say(w.page.getByLabel('Or its lines, pasted'), text);
	await w.go(w.page.getByRole('button', {name: 'Show the differences'}));
}

const walks = {
	'log-asset': async () => {
		const w = await at(made.estates, '/assets/new');
		await w.say(w.page.getByLabel('Name', {exact: true}), 'Bandstand');
		await w.say(w.page.getByLabel('Kind', {exact: true}), {index: 1});
		await w.say(w.page.getByLabel('Tenure', {exact: true}), 'OWNED');
		const whose = w.page.getByLabel('Public body', {exact: true});
		if (await whose.count() && !await whose.inputValue())
			await w.say(whose, {label: 'Own Council'});
		await w.go(w.page.getByRole('button', {name: 'Log it'}));
		assert.equal(await w.page.locator('h1').innerText(), 'Bandstand');
		return w;
	},
	'load-list': async () => {
		const w = await at(made.estates, '/imports/new');
		await load(w, list(500));
		await w.page.getByText('500 new, 0 changed').waitFor();
		await w.go(w.page.getByRole('button', {name: 'Apply'}));
		await w.page.getByText('This list has been applied.').waitFor();
		made.list = w.page.url().slice(reg.url.length);
		return w;
	},
	'undo-list': async () => {
		const w = await at(made.estates, made.list);
		await w.go(w.page.getByRole('button', {name: 'Undo all of it'}));
		await w.page.getByText('applied and undone').waitFor();
		return w;
	},
	'bad-list': async () => {
		const w = await at(made.estates, '/imports/new');
		await load(w, list(4, true));
		const said = await w.page.locator('main').innerText();
		for (const part of [/\n3\s/, /\n5\s/, /in uprn, where AB-12 stands: \S/, /Format the column as text/])
			assert.match(said, part, `${part} in ${said}`);
		return w;
	},
	'validate': async () => {
		const w = await at(made.estates, `/requests/${made.request.id}`);
		await w.go(w.page.getByRole('link', {name: /The case, for officers/}));
		await w.go(w.page.getByRole('button', {name: 'Validate the request'}));
		await w.go(w.page.getByRole('button', {name: /Draft it ?: Acknowledgement/}));
		await w.go(w.page.getByRole('button', {name: 'Issue the notice'}));
		return w;
	},
	'due': async () => {
		const view = await newPage();
		await view.page.goto(`${reg.url}/sign-in`);
		const w = await walk(view);
		await w.say(w.page.getByLabel('API key'), made.estates);
		await w.go(w.page.getByRole('button', {name: 'Sign in'}));
		assert.match(await w.page.getByRole('region', {name: 'What closes soon'}).innerText(), /Hall Trust asks for/);
		return w;
	},
	'publish': async () => {
		assert.equal((await reg.anyone.get(`/v1/assets/${made.hidden.id}`)).status, 404);
		const w = await at(made.estates, `/assets/${made.hidden.id}/edit`);
		const box = w.page.getByLabel('Show it to everybody');
		if (!await box.isVisible())
			await w.press(w.page.locator('details', {has: box}).locator('summary'));
		await w.press(box);
		await w.go(w.page.getByRole('button', {name: 'Save', exact: true}));
		assert.equal((await reg.anyone.get(`/v1/assets/${made.hidden.id}`)).status, 200);
		return w;
	},
	'find': async () => {
		const w = await at(null, '/', {script: false, viewport: PHONE});
		await w.say(w.page.getByLabel('Find an asset or a request'), 'memorial');
		await w.go(w.page.getByRole('button', {name: 'Search'}));
		await w.go(w.page.getByRole('link', {name: made.request.reference}));
		assert.equal(await w.page.locator('h1').innerText(), 'Hall Trust asks for Memorial Hall');
		return w;
	},
	'state': async () => {
		const w = await at(null, `/requests/${made.decided.id}`, {script: false, viewport: PHONE});
		w.cost.loads = 0;
		for (const part of [w.page.locator('main .ds_tag').first(), w.page.locator('.next__date'), w.page.locator('dt:text("Who must act") + dd').first()]) {
			const {y, height} = await part.boundingBox();
			assert.ok(y + height <= PHONE.height, `${await part.innerText()} is on the first screen of a phone, not at ${y}`);
		}
		assert.ok(await w.page.getByText('How we worked out this date').first().isVisible());
		return w;
	},
	'forecast': async () => {
		const began = performance.now();
		const w = await at(made.finance, '/forecast');
		assert.ok(performance.now() - began < 15_000, 'with the sign-in, under sanitizers on a loaded machine');
		w.cost.loads = 0;
		await until(async () => await w.page.getByRole('table', {name: /simulated futures/}).count() || (await w.page.reload(), false), {what: 'percentiles'});
		assert.match(await w.page.getByRole('table', {name: /simulated futures/}).innerText(), /P10[^]*P50[^]*P90/);
		for (const name of ['spreadsheet (XLSX)', 'CSV', 'an address for spreadsheets and scripts'])
			assert.ok(await w.page.getByRole('link', {name, exact: true}).isVisible(), name);
		return w;
	},
	'bridge': async () => {
		const w = await at(made.finance, '/forecast');
		await w.go(w.page.getByRole('link', {name: 'What moved it since a frozen forecast'}));
		assert.ok(await w.page.locator('main').getByRole('link', {name: 'Memorial Hall'}).count(), 'a line leads to its asset');
		return w;
	},
	'what-if': async () => {
		const w = await at(made.finance, `/assets/${made.hall.id}`);
		await w.go(w.page.getByRole('link', {name: 'What if it stood otherwise?'}));
		await w.say(w.page.getByLabel('Name', {exact: true}), 'A year late');
		await w.say(w.page.getByLabel('The sale or lease comes on (optional)'), '2028-06-15');
		await w.go(w.page.getByRole('button', {name: 'Make it', exact: true}));
		assert.match(await w.page.locator('main').innerText(), /The live forecast[^]*A year late/);
		return w;
	},
	'as-at': async () => {
		const w = await at(made.finance, `/assets/${made.hall.id}`);
		await w.press(w.page.locator('summary', {hasText: 'As it was on a day'}));
		await w.say(w.page.getByLabel('How things stood on'), '2026-11-21');
		await w.say(w.page.getByLabel('As the register knew it on'), '2026-11-21');
		await w.go(w.page.getByRole('button', {name: 'Show that day'}));
		const to = new URL(w.page.url()).searchParams;
		assert.deepEqual([to.get('valid_on'), to.get('known_on')], ['2026-11-21', '2026-11-21']);
		return w;
	},
};

test('every job has a walk, or says where it is walked or which issue brings it', () => {
	assert.deepEqual(jobs.filter(row => !row.elsewhere).map(row => row.job).sort(), Object.keys(walks).sort());
});

for (const {job, group, what, most} of jobs.filter(row => walks[row.job])) {
	test(`${group}: ${what}, for ${most.loads} loads, ${most.clicks} clicks and ${most.fields} answers at most`, async () => {
		const w = await walks[job]();
		for (const name of Object.keys(most))
			assert.ok(w.cost[name] <= most[name], `${name}: ${w.cost[name]} where ${most[name]} are allowed`);
		await w.context.close();
	});
}
