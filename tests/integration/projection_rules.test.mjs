// Everybody knows the rules by which the forecast is made, and whoever changes them may read no money. So rules that
// move every amount tell nothing: an asset that waits for others is not told among them.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {makeKey, ok, openForecast, startRegister, until} from '../harness/index.mjs';

const reg = await startRegister({clock: '2026-11-22T10:00:00Z'});
after(() => reg.stop());
const forecast = openForecast(reg), {write} = forecast;
const P = '/v1/projections/parameters';
const made = {asset: []};
const LIKELY = price_ppm => ({scenarios: {LIKELY: {price_ppm}}});

/* Sums that everybody has, with no word of when; what is nobody's year or class any more is left out. */
const figures = async client => JSON.stringify(await Promise.all(['group_by=YEAR', 'group_by=AUTHORITY', 'group_by=CLASS'].map(async query => {
	const {items, totals} = await forecast.receipts(query, client);
	return [...items.filter(i => !i.suppressed && i.adjusted.net_pence), totals].map(({told_as_of, ...figure}) => figure);
})));
const told = () => figures(reg.anyone);
/** The years that everybody has are the total, to the penny: all that is told is in some year. */
async function addsUp() {
	const {items, totals} = await forecast.receipts('group_by=YEAR', reg.anyone);
	const years = items.filter(i => /^\d/.test(i.group.year) && !i.suppressed);
	for (const track of ['baseline', 'adjusted'])
		assert.equal(years.reduce((sum, i) => sum + i[track].net_pence, 0), totals[track].net_pence, track);
}
async function selling(name, more) {
	const a = await forecast.asset({authority_id: made.council.id, name, class: 'HALL', ...more}, {amount: 10000000, plan: {planned_on: '2027-06-15'}});
	made.asset.push(a);
	return a;
}
let price = 20000000;
const change = (...assets) => Promise.all(assets.map(i => forecast.value(made.asset[i], price += 1234567)));
/** Everybody is told all there is. */
async function settle() {
	await change(...made.asset.keys());
	const all = (await forecast.receipts('', reg.admin)).totals.adjusted.net_pence;
	assert.equal((await forecast.receipts('', reg.anyone)).totals.adjusted.net_pence, all);
}
/** One asset waits, something moves all amounts: nothing is told, by nobody, until three have changed by themselves. */
async function tellsNothing(what, move) {
	await settle();
	await change(0);
	const was = await told();
	await move();
	assert.equal(await told(), was, what);
	await reg.daemon.restart();
	assert.equal(await told(), was, `${what}, after a restart`);
	await change(1);
	assert.equal(await told(), was, 'two have changed');
	await change(2);
	assert.notEqual(await told(), was, 'three have');
	await addsUp();
	assert.equal((await forecast.receipts('', reg.anyone)).totals.adjusted.net_pence, (await forecast.receipts('', reg.admin)).totals.adjusted.net_pence);
}
const put = (params, who = reg.admin) => write(who.put(P, {params, note: 'Try'}, {match: '*'}), 200);
/** It is that moment now, for a key that lasts a year, and the forecast is of that day. */
async function move(moment) {
	reg.daemon.setClock(moment);
	reg.admin = reg.daemon.client(await reg.daemon.adminKey());
	await until(async () => (await forecast.receipts('', reg.admin)).as_of === moment.slice(0, 10), {what: `it to be ${moment}`});
}

before(async () => {
	made.council = await forecast.add('/v1/authorities', {name: 'Council', kind: 'COUNCIL', code: 'C1'});
	made.other = await forecast.add('/v1/authorities', {name: 'Other', kind: 'COUNCIL', code: 'C2'});
	for (let i = 0; i < 6; i++)
		await selling(`Hall ${i}`);
	made.lone = await selling('Lodge', {class: 'LODGE'}); // before anybody looks, so that it is in what is told, and its class is not
});

test('parameters of the register', () => tellsNothing('each price a tenth more', () => write(
	reg.admin.put(P, {params: LIKELY(1100000), note: 'Try'}, {headers: {'If-None-Match': '*'}}), 200)));

test('… and what they were before, between two looks', () => tellsNothing('two changes of them, and one that changes no year of two assets', async () => {
	await put(LIKELY(900000));
	for (const i of [1, 2]) // another row, the same years: nothing of it is new
		await forecast.value(made.asset[i], 1, {basis: 'INS', valued_on: '2025-04-01'});
	await forecast.plan(made.asset[1], {planned_on: '2027-06-16'});
	await forecast.plan(made.asset[2], {planned_on: '2027-06-17'});
	await put(LIKELY(1050000));
}));

test('settings of an authority', () => tellsNothing('what a sale costs it', async () => {
	const finance = reg.admin.as((await makeKey(reg, {roles: {[made.council.id]: ['FINANCE']}})).key);
	const at = `${P}?authority_id=${made.council.id}`;
	await write(finance.put(at, {params: {cost_rate_ppm: 30000}, note: 'Try'}, {headers: {'If-None-Match': '*'}}), 200);
}));

test('of what class land is, which is public', async () => {
	const classed = name => Promise.all([1, 2].map(i => forecast.patch(`/v1/assets/${made.asset[i].id}`, {class: name})));
	await put({...LIKELY(1050000), index: {LAND: {base_fy: 2016, default: 60000}}, class_index: {LAND: 'LAND'}});
	await settle();
	await change(0);
	const was = await told();
	await classed('LAND');
	assert.equal(await told(), was, 'with two of which the price is another');
	await put(LIKELY(1050000));
	await classed('HALL');
	assert.equal(await told(), was);
	await change(1);
	assert.equal(await told(), was, 'two have changed');
	await change(2);
	assert.notEqual(await told(), was);
});

test('what everybody reads says by which rules it was told, which need not be those of now', async () => {
	await put(LIKELY(1070000));
	await settle();
	const look = (who = reg.anyone) => forecast.receipts('group_by=YEAR', who);
	const ruled = ({as_of, model_version, parameters_hash, parameters_version}) => ({as_of, model_version, parameters_hash, parameters_version});
	const was = await look(), then = ruled(was);
	assert.deepEqual(was.told, {first: then, last: then});
	await put(LIKELY(1010000));
	for (let i = 0; i < 2; i++) {
		const is = await look();
		assert.notEqual(is.parameters_hash, then.parameters_hash);
		assert.deepEqual(is.told, {first: then, last: then}, 'no total has moved');
		const [year] = is.items.filter(item => !item.suppressed && /^\d/.test(item.group.year) && item.adjusted.net_pence);
		assert.deepEqual([year.told_as_of, is.totals.told_as_of], [then.as_of, then.as_of]);
		await reg.daemon.restart();
	}
	const file = await reg.anyone.get('/v1/projections/receipts?group_by=YEAR&format=csv');
	const [head, line] = file.text.split('\r\n').map(row => row.split(','));
	const said = name => line[head.indexOf(name)];
	assert.deepEqual(['told_first_as_of', 'told_first_parameters_hash', 'told_last_parameters_hash'].map(said), [then.as_of, then.parameters_hash, then.parameters_hash]);
	assert.notEqual(said('parameters_hash'), then.parameters_hash);
	const own = await look(reg.admin);
	assert.deepEqual([own.told, own.totals.told_as_of], [null, undefined], 'who reads the money has figures of now');
	const page = await reg.anyone.get('/forecast');
	assert.match(page.text, new RegExp(`by version ${then.parameters_version} of <a href="/parameters">the parameters</a>. Today is`));
	const {told, ...now} = await look();
	await settle();
	const all = await look();
	assert.deepEqual(all.told.last, ruled(now), 'what changed since was told by the rules of now');
	const [{body}] = await reg.sql(`select encode(body, 'hex') as body from assetd.projection_public`);
	assert.ok(told && !Buffer.from(body, 'hex').includes(then.parameters_hash), 'rules that nothing stands by are not kept');
});

test('who may set parameters and reads no money has no asset by factors of its own choice', async () => {
	const operator = reg.admin.as((await makeKey(reg, {isOperator: true})).key);
	await settle();
	const was = await told();
	for (const growth of [10000, 50000]) {
		await put({...LIKELY(1050000), index: {LODGE: {base_fy: 2016, default: growth}, HALL: {base_fy: 2016, default: 20001}}, class_index: {LODGE: 'LODGE', HALL: 'HALL'}}, operator);
		assert.equal(await told(), was);
	}
	const own = await forecast.seen(`/v1/assets/${made.lone.id}/projection`);
	assert.ok(own.asset, 'while its owner reads it');
	await put(LIKELY(1050000));
});

test('what was told by rules that nobody kept: what waits counts as told', async () => {
	await settle();
	await change(0);
	const was = await told();
	await reg.sql(`update assetd.projection_public set body = substring(body, 1, position(convert_to('{"as_of"', 'UTF8') in body) - 9)`);
	await put(LIKELY(980000));
	await reg.daemon.restart();
	assert.equal(await told(), was);
	await change(1, 2);
	assert.equal(await told(), was, 'two have changed since');
	await change(0);
	assert.notEqual(await told(), was);
});

test('days: valuations that are too old by now, and a year that is over', async () => {
	await move('2027-03-30T10:00:00Z');
	await tellsNothing('thirteen months after the valuations', () => move('2027-05-02T10:00:00Z'));
	await settle();
	await change(0);
	await told();
	await move('2028-04-02T10:00:00Z');
	const {items} = await forecast.receipts('group_by=YEAR', reg.anyone);
	await addsUp();
	const mine = (await forecast.receipts('group_by=YEAR', reg.admin)).items;
	assert.ok(items.find(i => i.group.year === '2028-29').adjusted.net_pence < mine.find(i => i.group.year === '2028-29').adjusted.net_pence,
		'what did not come in is not told in the next year, among which one waits');
	await change(1, 2);
	assert.equal((await forecast.receipts('', reg.anyone)).totals.adjusted.net_pence, (await forecast.receipts('', reg.admin)).totals.adjusted.net_pence);
	await addsUp();
});
