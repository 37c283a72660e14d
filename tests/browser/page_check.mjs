// What must hold of every page in every state, wide and narrow: no accessibility violation, no policy report, nothing
// wider than its window, light enough. For a register of its own, which sample.mjs fills.

import assert from 'node:assert/strict';
import zlib from 'node:zlib';
import {assertAccessible, startSite} from '../harness/browser.mjs';
import {NOW} from './sample.mjs';

const WEIGHT_MAX = 60_000;

/** → startSite() with check({name, path, status}); status: what the console may complain about. */
export async function startPages() {
	const site = await startSite({
		clock: NOW,
		conf: {pages: {name: 'Assets of Glenfarg', notice: 'Made up for a test.'}},
	});
	const {reg} = site;
	const {page, complaints} = await site.newPage(); // one for all: a context takes as long as a page does
	const weights = new Map(); // part → bytes

	async function fetched(path, headers = {Accept: 'text/html'}) {
		const reply = await reg.anyone.get(path, {headers});
		return {body: reply.bytes, headers: reply.headers};
	}

	/* Bytes on the wire of a page and its parts, fonts apart, as nginx and the daemon compress them. */
	async function weightOf(path) {
		const {body, headers} = await fetched(path);
		assert.match(headers['content-type'], /^text\/html/);
		const parts = await page.evaluate(() => performance.getEntriesByType('resource').map(r => new URL(r.name).pathname));
		let bytes = zlib.gzipSync(body, {level: 6}).length;
		for (const part of parts.filter(p => p.startsWith('/a/') && !p.endsWith('.woff2'))) {
			if (!weights.has(part))
				weights.set(part, (await fetched(part, {'Accept-Encoding': 'gzip'})).body.length);
			bytes += weights.get(part);
		}
		return bytes;
	}

	async function check({name, path, status = 200}) {
		complaints.length = 0;
		const reply = await page.goto(reg.url + path);
		assert.equal(reply.status(), status, name);
		await assertAccessible(page, name);
		assert.deepEqual(complaints.filter(c => status === 200 || !c.includes(`status of ${status}`)), [], name);
		assert.match(await page.title(), / – Assets of Glenfarg$/);
		assert.equal(await page.getByText('Made up for a test.').count(), 2, `${name}: the notice above and below`);
		const weight = await weightOf(path);
		assert.ok(weight < WEIGHT_MAX, `${name}: ${weight} bytes`);
	}
	return {...site, check};
}
