// The pages of frozen forecasts at the browser, without script: frozen by form, listed with what each was for, one with its
// name in six parts, its years, its fan and every group it keeps; of the run that closed a year an authority sees its own share.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok, openForecast} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-03-25T10:00:00Z', conf: {projection: {seed: 7, threads: 1}}});
after(stop);
const {admin} = reg;
const {add, asset} = openForecast(reg);
const made = {};
const RUNS = '/v1/projections/runs';
const money = pence => (pence < 0 ? '−' : '') + `£${(Math.abs(pence) / 100).toLocaleString('en-GB', {minimumFractionDigits: 2})}`;
const figures = async query => ok(await admin.get(`/v1/projections/receipts?${query}`), 200);

before(async () => {
	made.council = await add('/v1/authorities', {name: 'Own <b>Council</b>', kind: 'COUNCIL', code: 'OWN'});
	made.board = await add('/v1/authorities', {name: 'Other Board', kind: 'HEALTH_BOARD', code: 'OTHER'});
	made.cpp = await add('/v1/cpps', {name: 'Partnership & Co', code: 'PC', partners: [made.council.id, made.board.id]});
	for (const [name, at, fields] of [['Hall', made.council, {cpp_id: made.cpp.id, decile: 3}], ['Depot', made.council, {class: 'DEPOT'}],
		['Clinic', made.board, {}], ['Lodge', made.council, {}]])
		await asset({name, authority_id: at.id, ...fields}, {amount: 20000001, plan: {planned_on: '2027-06-15'}});
	const key = async (at, ...roles) => (await makeKey(reg, {roles: {[at.id]: roles}})).key;
	[made.finance, made.viewer] = await Promise.all([key(made.council, 'FINANCE'), key(made.council, 'VIEWER')]);
	made.all = ok(await admin.post(RUNS, {tag: 'BUDGET', name: 'Budget & <i>all', seed: 7, paths: 300}), 201);
	made.what = ok(await admin.post(RUNS, {tag: 'WHAT_IF', name: 'If', paths: 50, parameters: {scenarios: {LIKELY: {p_market_mult: 800000}}}}), 201);
});

test('a forecast is frozen by a form, and its page has what the API has', async () => {
	const {page, context} = await signIn(reg.adminKey, {javaScriptEnabled: false, next: '/forecast/runs'});
	const form = page.getByRole('form', {name: 'Freeze the forecast'});
	await send(form.getByRole('button', {name: 'Freeze it'}));
	assert.match(await page.getByRole('alert').innerText(), /Name[^]*What it is for/);
	await form.getByLabel('Name').fill('Quarter 4 <b>');
	await form.getByLabel('What it is for').selectOption('QUARTER');
	await send(form.getByRole('button', {name: 'Freeze it'}));
	const [run] = ok(await admin.get(`${RUNS}?tag=QUARTER&sort=-id`), 200).items;
	assert.equal(new URL(page.url()).pathname, `/forecast/runs/${run.id}`);
	assert.equal(run.name, 'Quarter 4 <b>');
	assert.equal(await page.locator('h1').innerText(), 'Frozen forecast: Quarter 4 <b>');
	const text = await page.locator('main').innerText();
	for (const part of [`up to change ${run.position} of the feed`, run.parameters_hash, '25 March 2026', String(run.seed), run.paths.toLocaleString('en-GB'), run.model_version])
		assert.ok(text.includes(part), part);
	await context.close();
});

test('the list is of those that are chosen, the newest first, each leading on', async () => {
	const {page, context} = await signIn(reg.adminKey, {next: '/forecast/runs'});
	const names = () => page.locator('tbody tr th a').allInnerTexts();
	assert.deepEqual(await names(), ['Quarter 4 <b>', 'If', 'Budget & <i>all']);
	const {totals} = await figures(`run=${made.all.id}`);
	const row = await page.locator('tbody tr').last().innerText();
	for (const pence of [totals.baseline.net_pence, totals.adjusted.net_pence, totals.percentiles.adjusted.p10_pence, totals.percentiles.adjusted.p90_pence])
		assert.ok(row.includes(money(pence)), `${money(pence)} in ${row}`);
	await assertAccessible(page, 'frozen forecasts');
	await page.getByLabel('What it was for').selectOption('WHAT_IF');
	await send(page.getByRole('button', {name: 'Show'}));
	assert.deepEqual(await names(), ['If']);
	assert.match(await page.locator('tbody tr').innerText(), /something is otherwise in it/);
	await send(page.getByRole('link', {name: 'If', exact: true}));
	assert.match(await page.locator('dt:text("Set otherwise") + dd').innerText(), /^Chance of a market sale, times: likely: 80%$/);
	await page.goto(`${reg.url}/forecast/runs?authority_id=${made.council.id}`);
	const own = (await figures(`run=${made.all.id}&authority_id=${made.council.id}`)).totals.adjusted.net_pence;
	assert.ok((await page.locator('tbody tr').last().innerText()).includes(money(own)), 'the share of the one that is chosen');
	await send(page.getByRole('link', {name: 'Budget & <i>all', exact: true}));
	assert.equal(await page.locator('h2').first().innerText(), 'Public body: Own <b>Council</b>');
	for (const link of ['What moved the forecast since then', 'Beside the live forecast', 'What was said, and what came in']) {
		const href = await page.getByRole('link', {name: link, exact: true}).getAttribute('href');
		assert.ok(href.includes(made.council.id), href);
		assert.equal((await page.goto(`${reg.url}${href}`)).status(), 200, href);
		await page.goBack();
	}
	await context.close();
});

test('what is being frozen, and what was not, is in the list and has a page, for all to read', async () => {
	const ids = ['1', '2', '3', '4'].map(n => `run_${n.repeat(26)}`);
	const row = (id, name, more) => reg.sql(`insert into assetd.run_promise (run_id, authority_id, principal_id, name, tag, begun_at, said_at, step, done, of_all, failed_at, title)
		select $1, null, null, $2, 'BUDGET', now(), ${more}`, [id, name]);
	const near = "'2026-03-25T10:00:00Z'::timestamptz";
	await row(ids[0], 'At work', `${near} + interval '1 hour', 'SIMULATE', 37, 148, null, null`);
	await row(ids[1], 'Reading', `${near} + interval '1 hour', 'READ', 1500, 0, null, null`);
	await row(ids[2], 'In vain', `${near}, 'COUNT', 1, 2, ${near}, 'The database is away'`);
	await row(ids[3], 'Cut off', `${near} - interval '1 hour', 'COUNT', 1, 2, null, null`);
	await reg.sql(`update assetd.run_promise set begun_at = ${near}`);
	const {page, context} = await signIn(reg.adminKey, {next: '/forecast/runs'});
	const list = await page.locator('#promised + ul').innerText();
	for (const words of ['Step 4 of 6: it simulates futures, 25% of this step', 'Step 2 of 6: it reads what was known then, 1,500 assets so far', 'It failed, and nothing of it is kept: The database is away', 'it was cut off with the service or the database'])
		assert.ok(list.includes(words), `${words} in ${list}`);
	await assertAccessible(page, 'forecasts being frozen');
	// It looks again every two seconds, which nobody who measures it can wait for.
	await page.route('**/forecast/runs/run_*', async route => {
		const response = await route.fetch();
		await route.fulfill({response, headers: {...response.headers(), refresh: ''}});
	});
	await send(page.getByRole('link', {name: 'At work'}));
	assert.equal(await page.locator('h1').innerText(), 'A forecast that is being frozen');
	assert.deepEqual(await page.locator('progress').evaluate(bar => [bar.value, bar.max]), [37, 148]);
	await assertAccessible(page, 'a forecast being frozen');
	await page.goto(`${reg.url}/forecast/runs/${ids[2]}`);
	assert.equal(await page.locator('h1').innerText(), 'A forecast that was not frozen');
	await assertAccessible(page, 'a forecast that was not frozen');
	await reg.sql('delete from assetd.run_promise');
	await context.close();
});

test('a dimension of more than fifty groups is walked to its end, and no group is met twice', async () => {
	await reg.sql(`begin; set local session_replication_role = replica; update assetd.projection_run_receipt set body = jsonb_set(body, '{items}', (
		select jsonb_agg(jsonb_set(body #> '{items,0}', '{group,class}', to_jsonb('STAFF_HOUSE_' || n))) from generate_series(1, 120) as n))
		where run_id = '${made.what.id}' and grouping_by = 'CLASS' and filter = ''; commit`);
	const {page, context} = await signIn(reg.adminKey, {javaScriptEnabled: false, next: `/forecast/runs/${made.what.id}?scenario=WORST`});
	const kinds = page.getByRole('region', {name: /^By kind of land or building/});
	const met = [];
	for (const [said, n] of [['1 to 50 of 120', 50], ['51 to 100 of 120', 50], ['101 to 120 of 120', 20]]) {
		await page.getByText(`${said}, the largest first`).waitFor();
		const names = await kinds.locator('tbody th').allInnerTexts();
		assert.equal(names.length, n);
		assert.match(names[0], /^Staff house \d+$/, 'a code is said in words');
		met.push(...names);
		assert.equal(await page.locator('#f-scenario').inputValue(), 'WORST');
		if (met.length < 120)
			await send(page.getByRole('link', {name: 'By kind of land or building: the next ones'}));
	}
	assert.equal(new Set(met).size, 120);
	assert.equal(await page.getByRole('link', {name: 'the next ones'}).count(), 0);
	await send(page.getByRole('link', {name: 'All of this forecast'}));
	assert.ok(await page.getByRole('region', {name: /^By public body/}).isVisible());
	for (const wrong of ['group=YEAR', 'group=CLASS&place=-1', 'group=CLASS&place=x', 'group=CLASS&class=HALL'])
		assert.equal((await page.goto(`${reg.url}/forecast/runs/${made.what.id}?${wrong}`)).status(), 400, wrong);
	assert.equal((await page.goto(`${reg.url}/forecast/runs/${made.what.id}?group=CLASS&place=5000`)).status(), 200);
	await context.close();
});

test('every group has its percentiles, and its years with their fan', async () => {
	const {page, context} = await signIn(reg.adminKey, {next: `/forecast/runs/${made.all.id}`});
	assert.equal(await page.locator('svg[aria-labelledby^="fan-"]').count(), 2, 'a fan, wide and narrow');
	for (const [region, group, member] of [['By public body', 'AUTHORITY', 'authority_id'], ['By partnership', 'CPP', 'cpp_id'],
		['By kind of land or building', 'CLASS', 'class'], ['By deprivation decile', 'DECILE', 'decile']]) {
		const rows = await page.getByRole('region', {name: new RegExp(`^${region}`)}).locator('tbody tr').allInnerTexts();
		const {items} = await figures(`run=${made.all.id}&group_by=${group}`);
		assert.equal(rows.length, items.length, region);
		for (const {adjusted, adjustment_pence, percentiles: {adjusted: p}, group: key} of items) {
			const wanted = [adjusted.net_pence, adjustment_pence, p.p10_pence, p.p50_pence, p.p90_pence].map(money);
			assert.ok(rows.some(r => wanted.every(w => r.includes(w))), `${region} ${key[member]}: ${wanted}\n${rows.join('\n')}`);
		}
	}
	await assertAccessible(page, 'a frozen forecast');
	await send(page.getByRole('link', {name: 'Partnership & Co'}));
	assert.equal(await page.locator('h2').first().innerText(), 'Partnership: Partnership & Co');
	const {totals} = await figures(`run=${made.all.id}&group_by=YEAR&cpp_id=${made.cpp.id}`);
	const total = await page.getByRole('region', {name: /simulated futures$/}).locator('tfoot').innerText();
	assert.ok(total.includes(money(totals.percentiles.adjusted.p90_pence)), total);
	await assertAccessible(page, 'a frozen forecast of a partnership');
	await page.selectOption('#f-scenario', 'BEST');
	await send(page.getByRole('button', {name: 'Show'}));
	assert.equal(new URL(page.url()).searchParams.get('cpp_id'), made.cpp.id);
	assert.equal(await page.getByRole('region', {name: /simulated futures$/}).count(), 0, 'the likely case alone is simulated');
	const href = await page.getByRole('link', {name: 'spreadsheet (XLSX)', exact: true}).getAttribute('href');
	const file = await admin.get(href.replace('/downloads/forecast', '/v1/projections/receipts').replace('format=xlsx', 'format=csv'));
	assert.equal(file.status, 200, file.text);
	assert.match(file.text, /^measure,group,/);
	await context.close();
});

test('who froze the forecast of one body sees its years at once, without choosing it', async () => {
	const run = ok(await admin.as(made.finance).post(RUNS, {tag: 'BUDGET', name: 'Our own', paths: 50}), 201);
	const {page, context} = await signIn(made.finance, {next: `/forecast/runs/${run.id}`});
	const years = page.getByRole('table', {name: 'Net capital receipts by financial year'});
	const own = (await figures(`run=${run.id}&authority_id=${made.council.id}`)).totals.adjusted.net_pence;
	assert.ok((await years.innerText()).includes(money(own)));
	assert.doesNotMatch(await years.innerText(), /too few/);
	assert.equal(await page.locator('h2').first().innerText(), 'Public body: Own <b>Council</b>');
	assert.ok(await page.getByRole('heading', {name: 'By public body'}).count(), 'and its groups');
	await assertAccessible(page, 'a frozen forecast of one body');
	await context.close();
});

test('the run that closed a year is marked; an authority sees its own share of it', async () => {
	// As the daemon stores one at midnight (integration/year_end.test.mjs), which nobody waits for here.
	const closed = {id: `run_7${'0'.repeat(25)}`};
	await reg.sql(`insert into assetd.projection_run select (jsonb_populate_record(r, '{"id": "${closed.id}", "name": "Year end 2025-26",
		"tag": "QUARTER", "year_end_on": "2026-03-31", "actor": null}')).* from assetd.projection_run as r where r.id = '${made.all.id}'`);
	await reg.sql(`insert into assetd.projection_run_receipt (run_id, scenario, grouping_by, filter, number, body)
		select '${closed.id}', scenario, grouping_by, filter, number, body from assetd.projection_run_receipt where run_id = '${made.all.id}'`);
	const {page, context} = await signIn(made.finance, {next: '/forecast/runs?tag=YEAR_END'});
	assert.match(await page.locator('tbody tr').innerText(), /end of a year[^]*by the register itself/i);
	const own = (await figures(`run=${closed.id}&authority_id=${made.council.id}`)).totals.adjusted.net_pence;
	assert.ok((await page.locator('tbody tr').innerText()).includes(money(own)));
	await page.goto(`${reg.url}/forecast/runs/${closed.id}`);
	assert.equal(await page.locator('h2').first().innerText(), 'Public body: Own <b>Council</b>', 'what it may read of it');
	assert.equal(await page.getByText('Other Board').count(), 0);
	await page.goto(`${reg.url}/forecast/runs/${closed.id}?authority_id=${made.board.id}`);
	assert.equal(await page.locator('table').count(), 0, 'nothing of the other');
	assert.match(await page.locator('main').innerText(), /keeps no figures here that you may read/);
	await assertAccessible(page, 'a frozen forecast that is held back');
	await context.close();
});

test('who does not read money reads none, and what is no run is none', async () => {
	const {page, context} = await signIn(made.viewer);
	for (const path of ['/forecast/runs', `/forecast/runs/${made.all.id}`])
		assert.equal((await page.goto(reg.url + path)).status(), 403, path);
	await context.close();
	const open = await newPage();
	const reply = await open.page.goto(`${reg.url}/forecast/runs`);
	assert.doesNotMatch(await reply.text(), /Budget &amp;/);
	await open.context.close();
	const own = await signIn(made.finance);
	const status = async path => (await own.page.goto(reg.url + path)).status();
	assert.equal(await status(`/forecast/runs/${made.all.id}`), 404, 'of all bodies: not for one');
	assert.equal(await status(`/forecast/runs/run_${'0'.repeat(26)}`), 404);
	assert.equal(await status('/forecast/runs/x'), 404);
	await own.context.close();
	const admins = await signIn(reg.adminKey);
	for (const [query, status] of [['scenario=NONE', 400], [`cpp_id=${made.cpp.id}&class=HALL`, 400], ['class=NOBODYS', 200], ['authority_id=%00', 400]])
		assert.equal((await admins.page.goto(`${reg.url}/forecast/runs/${made.all.id}?${query}`)).status(), status, query);
	await admins.context.close();
});

test('what was said and came in is chosen by body or partnership', async () => {
	const {page, context} = await signIn(reg.adminKey, {next: '/forecast/outturn'});
	for (const [label, query] of [['Partnership & Co', `?cpp_id=${made.cpp.id}`], ['Own <b>Council</b>', `?authority_id=${made.council.id}`], ['All together', '']]) {
		await page.getByLabel('Public body or partnership').selectOption({label});
		await send(page.getByRole('button', {name: 'Show'}));
		assert.equal(new URL(page.url()).search, query);
		assert.equal(await page.getByLabel('Public body or partnership').evaluate(s => s.selectedOptions[0].label), label);
	}
	await page.goto(`${reg.url}/forecast/outturn?authority_id=${made.council.id}`);
	await assertAccessible(page, 'outturn chosen');
	await context.close();
});
