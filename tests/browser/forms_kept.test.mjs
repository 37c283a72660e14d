// Signed out while writing: the form to sign in by stands where the form was sent to, what was typed comes back behind it, and one press
// sends it; by mouse and without script.

import assert from 'node:assert/strict';
import {after, test} from 'node:test';
import {assertAccessible, send, startSite} from '../harness/browser.mjs';
import {ok} from '../harness/index.mjs';

const {reg, signIn, stop} = await startSite({clock: '2026-11-21T10:00:00Z'});
after(stop);
const {admin} = reg;
const council = ok(await admin.post('/v1/authorities', {name: 'Kept Council', kind: 'COUNCIL', code: 'KEPT'}));
const asset = ok(await admin.post('/v1/assets', {authority_id: council.id, name: 'Hall', class: 'HALL', tenure: 'OWNED'}));

for (const script of [true, false]) {
	test(`signed out while writing, ${script ? 'with' : 'without'} script`, async () => {
		const {page, context} = await signIn(reg.adminKey, {next: `/assets/${asset.id}/edit`, script});
		const notes = `First line ${script}\nsecond <b>line</b> & 🙂`;
		await page.locator('#asset-notes').evaluate((field, text) => {
			field.closest('details')?.setAttribute('open', '');
			field.value = text;
		}, notes);
		await context.clearCookies();
		await send(page.locator('form[aria-label="What the register says of it"] button[type=submit]'));
		assert.equal(await page.getByRole('heading', {level: 1}).innerText(), 'Sign in to send what you typed');
		if (script)
			await assertAccessible(page, 'signed out while writing');
		await page.locator('main input[name=key]').fill(reg.adminKey);
		await send(page.locator('main form button[type=submit]'));
		assert.equal(await page.getByRole('heading', {level: 1}).innerText(), 'Send what you typed');
		assert.equal(await page.locator('#typed-notes').inputValue(), notes);
		if (script)
			await assertAccessible(page, 'what was typed, signed in again');
		await send(page.getByRole('button', {name: 'Send it'}));
		assert.equal(new URL(page.url()).pathname, `/assets/${asset.id}`);
		assert.equal((await admin.get(`/v1/assets/${asset.id}`)).json.notes, notes);
		await context.close();
	});
}
