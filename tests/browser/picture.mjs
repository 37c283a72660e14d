// The picture in README: the forecast of a running register, such as quickstart's, as a file.
//
// usage: node tests/browser/picture.mjs [ADDRESS]    (http://127.0.0.1:8080)

import {fileURLToPath} from 'node:url';
import {newPage, startBrowser} from '../harness/browser.mjs';

const address = process.argv[2] ?? 'http://127.0.0.1:8080';
const browser = await startBrowser();
const {page, complaints} = await newPage(browser, {viewport: {width: 1100, height: 960}});
await page.goto(`${address}/forecast`);
await page.screenshot({path: fileURLToPath(new URL('../../daemon/guide/forecast.png', import.meta.url))});
await browser.close();
if (complaints.length)
	throw new Error(complaints.join('\n'));
