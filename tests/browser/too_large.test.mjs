// Whoever chooses a file that is too large sees what was wrong with it, in a browser, which reads no answer before it has sent
// all: straight at the daemon, and behind nginx as conf/nginx.conf has it. What they typed still stands behind the way back.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {after, test} from 'node:test';
import {axe, send, startSite} from '../harness/browser.mjs';
import {discard, ok, scratch, startNginx} from '../harness/index.mjs';

const {reg, newPage, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z', conf: {http: {trusted_proxy: '127.0.0.1'}}});
const nginx = await startNginx({upstream: new URL(reg.url).port, tls: true});
const folder = scratch();
after(async () => {
	await nginx.stop();
	await stop();
	discard(folder);
});
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Large Council', kind: 'COUNCIL', code: 'LARGE'}));
const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));

/* Without a byte of it on a disk. */
function fileOf(megabytes) {
	const file = path.join(folder, `scan-${megabytes}.pdf`);
	fs.writeFileSync(file, '%PDF-1.7\n');
	fs.truncateSync(file, megabytes << 20);
	return file;
}

for (const megabytes of [30, 300]) {
	test(`a file of ${megabytes} MB, straight at the daemon`, async () => {
		const {page, context} = await signIn(reg.adminKey, {next: `/assets/${asset.id}/documents`});
		await page.getByLabel('Title').fill('Plans of the hall');
		await page.getByLabel('File', {exact: true}).setInputFiles(fileOf(megabytes));
		await page.getByRole('button', {name: 'Send', exact: true}).click({noWaitAfter: true});
		await page.getByRole('heading', {name: 'What you sent is too large'}).waitFor();
		assert.match(await page.locator('main').innerText(), new RegExp(`At most 25 MB may be sent here, and this has ${megabytes + 1} MB\\.`));
		assert.deepEqual(await axe(page), []);
		await page.goBack();
		assert.equal(await page.getByLabel('Title').inputValue(), 'Plans of the hall');
		await context.close();
	});
}

test('a file of 300 MB, behind nginx', async () => {
	const {page, context} = await newPage({ignoreHTTPSErrors: true});
	await page.goto(`${nginx.url}/sign-in?next=${encodeURIComponent(`/assets/${asset.id}/documents`)}`);
	await page.locator('main input[name=key]').fill(reg.adminKey);
	await send(page.locator('main form button[type=submit]'));
	await page.getByLabel('Title').fill('Plans of the hall');
	await page.getByLabel('File', {exact: true}).setInputFiles(fileOf(300));
	await page.getByRole('button', {name: 'Send', exact: true}).click({noWaitAfter: true});
	await page.getByRole('heading', {name: 'What you sent is too large'}).waitFor();
	assert.match(await page.locator('main').innerText(), /At most 25 MB may be sent here at once\./);
	assert.deepEqual(await axe(page), []);
	await page.goBack();
	assert.equal(await page.getByLabel('Title').inputValue(), 'Plans of the hall');
	await context.close();
});
