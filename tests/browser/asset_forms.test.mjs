// An officer at the browser logs and changes an asset: by mouse, by keyboard alone, and without script; axe
// on each state of the forms, and on the pages of documents.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite, tabTo} from '../harness/browser.mjs';
import * as files from '../harness/files.mjs';
import {makeKey, ok} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Form Council', kind: 'COUNCIL', code: 'FORM'}));
const {key} = await makeKey(reg, {roles: {[council.id]: ['ESTATES', 'FINANCE']}});

const signedIn = options => signIn(key, {next: '/assets', ...options});
const openAll = page => page.evaluate(() => document.querySelectorAll('details').forEach(d => { d.open = true; }));

const click = what => Promise.all([what.page().waitForEvent('load'), what.click()]);

test('by mouse: from the register to a new asset, refused once, then changed, valued and planned', async () => {
	const {page, context, complaints} = await signedIn();
	await click(page.getByRole('link', {name: 'Log an asset'}));
	await assertAccessible(page, 'a new one');
	await page.getByLabel('Public body').selectOption('Form Council');
	await page.getByLabel('Kind', {exact: true}).selectOption('Hall');
	await page.getByLabel('Tenure', {exact: true}).selectOption('Owned');
	await page.getByText('Where it is', {exact: true}).click();
	await page.getByLabel('Postcode (optional)').fill('nowhere');
	await click(page.getByRole('button', {name: 'Log it'}));
	assert.ok(await page.getByLabel('Postcode (optional)').isVisible(), 'what is wrong is not folded away');
	await openAll(page);
	await assertAccessible(page, 'refused');
	const empty = page.getByRole('alert').getByRole('link', {name: /^Name:/});
	assert.equal(await empty.innerText(), 'Name: This is empty. Fill it in.');
	await empty.click();
	assert.equal(await page.evaluate(() => document.activeElement.id), 'asset-name', 'the summary leads to the field');
	await page.getByLabel('Name', {exact: true}).fill('Old <b>Mill</b>');
	await page.getByLabel('Postcode (optional)').fill('PH2 9PL');
	await click(page.getByRole('button', {name: 'Log it'}));
	assert.equal(await page.locator('h1').innerText(), 'Old <b>Mill</b>');
	for (const [width, height] of [[390, 844], [1280, 800]]) {
		await page.setViewportSize({width, height});
		for (const name of [/Change this entry/, 'Log a request for it']) {
			const {y, height: tall} = await page.getByRole('link', {name}).boundingBox();
			assert.ok(y + tall < height, `${name} is on the first screen of ${width} px`);
		}
	}
	await click(page.getByRole('link', {name: /Change this entry/}));
	await openAll(page);
	await assertAccessible(page, 'all forms of one');
	await page.getByLabel('Name', {exact: true}).fill('');
	await click(page.getByRole('button', {name: 'Save', exact: true}));
	assert.equal(await page.getByRole('alert').getByRole('link', {name: /^Name:/}).innerText(), 'Name: This is empty. Fill it in.');
	const [asset] = ok(await admin.get(`/v1/assets?authority_id=${council.id}`), 200).items;
	ok(await admin.patch(`/v1/assets/${asset.id}`, {name: 'Their Mill'}, {match: '*'}), 200);
	await page.getByLabel('Name', {exact: true}).fill('My Mill');
	await click(page.getByRole('button', {name: 'Save', exact: true}));
	assert.ok(await page.getByText(/Name: Old <b>Mill<\/b> became Their Mill/).isVisible());
	await assertAccessible(page, 'somebody was faster');
	await click(page.getByRole('button', {name: 'Save', exact: true}));
	assert.equal(await page.locator('h1').innerText(), 'My Mill');
	for (const [button, fields, shown] of [['Add the valuation', {'Amount in pounds': '125,000', Basis: 'MV', 'Valued on': '2026-10-01'}, '£125,000'],
		['Save the plan', {'What is planned': 'SALE', 'Stage (optional)': 'MARKETING', 'Expected on (optional)': '2027-06-01',
			'How likely it is, in per cent (optional)': '62.5 %'}, 'On the market']]) {
		await click(page.getByRole('link', {name: /Change this entry/}));
		for (const [label, value] of Object.entries(fields)) {
			const field = page.getByRole('form', {name: button === 'Save the plan' ? 'What is planned' : 'Add a valuation'}).getByLabel(label, {exact: true});
			await (await field.evaluate(e => e.tagName) === 'SELECT' ? field.selectOption(value) : field.fill(value));
		}
		await click(page.getByRole('button', {name: button}));
		assert.ok(await page.locator('main').getByText(shown).first().isVisible(), button);
	}
	assert.equal(ok(await admin.get(`/v1/assets/${asset.id}/disposal-plan`), 200).probability_ppm, 625000);
	await click(page.getByRole('link', {name: /Change this entry/}));
	const chance = page.getByLabel('How likely it is, in per cent (optional)');
	assert.equal(await chance.inputValue(), '62.5');
	for (const wrong of ['most', '1,5', '12.34567', '101']) {
		await chance.fill(wrong);
		await click(page.getByRole('button', {name: 'Save the plan'}));
		assert.equal(await chance.inputValue(), wrong);
		assert.ok(await page.getByRole('link', {name: /^How likely it is, in per cent: /}).isVisible(), wrong);
	}
	// The 422 and the 412 are said on the console; nothing else is.
	assert.deepEqual(complaints.filter(c => !/status of 4(12|22)/.test(c)), []);
	await context.close();
});

test('by keyboard alone', async () => {
	const {page, context} = await signedIn();
	await page.goto(`${reg.url}/assets/new`);
	await tabTo(page, 'asset-authority_id');
	await page.keyboard.type('Form');
	await tabTo(page, 'asset-name');
	await page.keyboard.type('Keyed Hall');
	await tabTo(page, 'asset-class');
	await page.keyboard.type('Library');
	await tabTo(page, 'asset-tenure');
	await page.keyboard.type('Owned');
	for (let i = 0; i < 12 && await page.evaluate(() => document.activeElement?.textContent.trim()) !== 'Log it'; i++)
		await page.keyboard.press('Tab');
	await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
	assert.equal(await page.locator('h1').innerText(), 'Keyed Hall');
	await context.close();
});

// axe needs the timers that a page without script does not have.
for (const script of [true, false])
	test(`${script ? 'with' : 'without'} script: logged, documents sent, refused with what was typed, shown, and merged away`, async () => {
		const {page, context} = await signedIn({script});
		const check = script ? assertAccessible : () => {};
		await page.goto(`${reg.url}/assets/new`);
		await page.getByLabel('Public body').selectOption('Form Council');
		await page.getByLabel('Name', {exact: true}).fill('Plain Hall');
		await page.getByLabel('Kind', {exact: true}).selectOption('HALL');
		await page.getByLabel('Tenure', {exact: true}).selectOption('OWNED');
		await send(page.getByRole('button', {name: 'Log it'}));
		const path = new URL(page.url()).pathname;
		await page.goto(`${reg.url}${path}/documents`);
		await check(page, 'documents, none yet');
		const upload = async (title, name, buffer) => {
			await page.getByLabel('Title', {exact: true}).fill(title);
			await page.getByLabel(/What a picture shows/).fill('A hall');
			await page.getByLabel('Kind', {exact: true}).selectOption('PHOTOGRAPH');
			await page.locator('input[type=file]').setInputFiles({name, mimeType: 'application/octet-stream', buffer});
			await send(page.getByRole('button', {name: 'Send', exact: true}));
		};
		await upload('A picture of it', 'hall.png', Buffer.from('<svg/>'));
		assert.deepEqual([await page.getByLabel('Title', {exact: true}).inputValue(), await page.getByLabel(/What a picture shows/).inputValue(),
			await page.getByLabel('Kind', {exact: true}).inputValue()], ['A picture of it', 'A hall', 'PHOTOGRAPH'], 'what was typed is still there');
		await check(page, 'documents, one refused');
		await upload('A picture of it', 'hall.png', Buffer.from(files.png()));
		await page.locator('details summary').filter({hasText: 'A picture of it'}).first().click({force: true});
		await check(page, 'documents, one sent');
		assert.equal(await page.locator('select:not(.ds_select-wrapper *)').count(), 0, 'each choice has the look of all');
		await page.getByLabel('Personal data in it').selectOption('NOT_NEEDED');
		await page.getByLabel('Show it to everybody').check({force: true});
		await send(page.getByRole('button', {name: /Save/}));
		const open = await newPage({script});
		await open.page.goto(`${reg.url}${path}/documents`);
		assert.ok(await open.page.getByRole('link', {name: 'A picture of it'}).isVisible());
		await check(open.page, 'documents for everybody');
		await open.page.goto(`${reg.url}${path}`);
		await check(open.page, 'an asset with a picture');
		await open.context.close();
		const kept = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Kept Hall', class: 'HALL', tenure: 'OWNED'}));
		await page.goto(`${reg.url}${path}/edit`);
		await page.getByText('It is listed twice').click({force: true});
		await page.getByLabel('The entry that stays').fill(kept.id);
		await send(page.getByRole('button', {name: 'Merge it into the other'}));
		assert.equal(await page.locator('h1').innerText(), 'Kept Hall');
		assert.ok(await page.getByRole('link', {name: 'A picture of it'}).isVisible(), 'with the document of the one that went');
		await page.goto(`${reg.url}${path}/documents`);
		assert.equal(new URL(page.url()).pathname, `/assets/${kept.id}/documents`, 'the old address leads there');
		await context.close();
	});
