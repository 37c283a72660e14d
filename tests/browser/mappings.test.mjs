// How a list of another layout is read, said in a browser: its columns' names pasted, what each is chosen, a list loaded
// by it, and the mapping taken away; without script.

import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, signIn, stop} = await startSite();
after(stop);

let key;

before(async () => {
	const council = (await reg.admin.post('/v1/authorities', {name: 'Mapping Council', kind: 'COUNCIL', code: 'MC'})).json.id;
	key = (await makeKey(reg, {roles: {[council]: ['ESTATES']}})).key;
});

test('a mapping is made of a pasted line, used, and taken away, without script', async () => {
	const {page, context} = await signIn(key, {next: '/imports/new', script: false});
	await send(page.getByRole('link', {name: 'How lists of other layouts are read'}));
	assert.ok(await page.getByText('None is saved yet.').isVisible());
	await page.getByLabel('The first line of the list').fill('Code\tWhat <it> is\tSeen by everybody\tRemarks');
	await send(page.getByRole('button', {name: 'Make the rows'}));
	assert.equal(await page.getByLabel('Name of column 2').inputValue(), 'What <it> is');

	// Nothing tells the assets apart: what was typed stays.
	await page.getByLabel('What it is called').fill('Estates list');
	await page.getByLabel('What stands in column 3', {exact: true}).selectOption('published');
	await send(page.getByRole('button', {name: 'Save it'}));
	assert.match(await page.locator('#error-summary').innerText(), /No column is a reference or a name/);
	assert.equal(await page.getByLabel('What it is called').inputValue(), 'Estates list');
	assert.equal(await page.getByLabel('What stands in column 3', {exact: true}).inputValue(), 'published');
	assert.equal(await page.getByLabel('What stands in column 4', {exact: true}).inputValue(), 'notes', 'as was proposed');
	await page.getByLabel('What stands in column 4', {exact: true}).selectOption('');
	await page.getByLabel('What stands in column 1').selectOption('reference');
	await page.getByLabel('What stands in column 2').selectOption('name');
	await page.getByLabel('Kind').selectOption('HALL');
	await page.getByLabel('Tenure').selectOption('OWNED');
	await send(page.getByRole('button', {name: 'Save it'}));
	await page.getByRole('heading', {name: 'Estates list'}).waitFor();
	assert.ok(await page.getByText('Seen by everybody: Show it to everybody').isVisible());
	const scripted = await signIn(key, {next: '/imports/mappings'});
	await assertAccessible(scripted.page, 'saved mappings');
	assert.deepEqual(scripted.complaints, []);
	await scripted.context.close();

	await page.goto(`${reg.url}/imports/new`);
	await page.getByLabel('How its columns are to be read').selectOption('Estates list');
	await page.getByLabel('Or its lines, pasted').fill('Code\tWhat <it> is\tSeen by everybody\tRemarks\n1\tOld Hall\tno\tx\n');
	await send(page.getByRole('button', {name: 'Show the differences'}));
	assert.ok(await page.getByText('1 new, 0 changed').isVisible());
	assert.ok(await page.getByText('Nothing reads these columns').isVisible());
	await page.getByLabel('Load it without what stands in Remarks').check({force: true});
	await send(page.getByRole('button', {name: 'Apply', exact: true}));
	assert.equal((await reg.anyone.get('/v1/assets')).json.items.length, 0);
	assert.equal((await reg.admin.get('/v1/assets')).json.items[0].name, 'Old Hall');

	await page.goto(`${reg.url}/imports/mappings`);
	await send(page.getByRole('button', {name: 'Take Estates list away'}));
	assert.ok(await page.getByText('None is saved yet.').isVisible());
	await context.close();
});

test('common headings are read by their names; where each column goes is shown, and can be said otherwise; nothing is left out unseen', async () => {
	const {page, complaints, context} = await signIn(key, {next: '/imports/new'});
	await page.getByLabel('Or its lines, pasted').fill('Asset Name,Type,Value,Valuation date\nTown House,Office,250000,2026-04-01\n');
	await send(page.getByRole('button', {name: 'Show the differences'}));
	assert.ok(await page.getByText('1 new, 0 changed').isVisible());
	assert.deepEqual(await page.locator('#columns li').allInnerTexts(), ['Asset Name: Name', 'Type: Kind', 'Value: not kept', 'Valuation date: not kept']);
	assert.ok(await page.getByText('Values and their dates are no part of a list').isVisible());
	assert.doesNotMatch(await page.locator('main').innerText(), /where\s+stands/, 'where nothing stands nothing is quoted');
	await assertAccessible(page, 'a list with columns that nothing reads');
	await page.getByRole('button', {name: 'Apply', exact: true}).click();
	assert.ok(await page.locator('#leave_out').evaluate(box => !box.checkValidity()), 'what is left out is said yes to');
	assert.ok(await page.getByText('Nothing has changed yet.').isVisible());
	await page.getByLabel('Publish as owned what the list does not say to be owned').check({force: true});
	// A browser that does not ask for it: the register does.
	await page.locator('#leave_out').evaluate(box => box.removeAttribute('required'));
	const preview = new URL(page.url()).pathname;
	await send(page.getByRole('button', {name: 'Apply', exact: true}));
	await assertAccessible(page, 'a list that was not applied');
	await page.getByRole('alert').getByRole('link', {name: /would be lost/}).click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'leave_out');
	assert.equal(ok(await reg.admin.get(`/v1${preview}`), 200).state, 'PREVIEWED');
	complaints.splice(0);

	await send(page.getByRole('link', {name: 'Say otherwise, with these columns'}));
	const chosen = [];
	for (let i = 1; i <= 4; i++)
		chosen.push([await page.getByLabel(`Name of column ${i}`, {exact: true}).inputValue(), await page.getByLabel(`What stands in column ${i}`, {exact: true}).inputValue()]);
	assert.deepEqual(chosen, [['Asset Name', 'name'], ['Type', 'class'], ['Value', ''], ['Valuation date', '']], 'what is known is proposed');
	await page.getByLabel('What stands in column 3', {exact: true}).selectOption('notes');
	await page.getByLabel('What it is called').fill('Our values');
	await send(page.getByRole('button', {name: 'Save it'}));
	await page.getByRole('heading', {name: 'Our values'}).waitFor();
	await page.goto(`${reg.url}/imports/new`);
	await page.getByLabel('How its columns are to be read').selectOption('Our values');
	await page.getByLabel('Or its lines, pasted').fill('Asset Name,Type,Value,Valuation date\nTown House,Office,250000,2026-04-01\n');
	await send(page.getByRole('button', {name: 'Show the differences'}));
	await page.getByLabel('Load it without what stands in Valuation date').check({force: true});
	await page.getByLabel('Publish as owned what the list does not say to be owned').check({force: true});
	await send(page.getByRole('button', {name: 'Apply', exact: true}));
	const [asset] = (await reg.admin.get('/v1/assets?q=town')).json.items;
	assert.deepEqual([asset.name, asset.class, asset.notes], ['Town House', 'OFFICE', '250000']);
	assert.deepEqual(complaints, []);
	await context.close();
});
