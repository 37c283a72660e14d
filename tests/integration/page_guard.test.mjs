// Every page of the table compiled into the daemon, with a session: what its replies let browsers, caches and other sites do, and
// that none of its forms is taken from elsewhere. A page that is added is looked at here without a line of its own.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {after, test} from 'node:test';
import {ASSETD, openSession, request, startRegister} from '../harness/index.mjs';

const reg = await startRegister();
after(() => reg.stop());
const routes = execFileSync(ASSETD, ['--dump-routes'], {encoding: 'utf8'}).trim().split('\n').map(line => line.split('\t'))
	.filter(([, path, , kind]) => kind === 'page' && !path.startsWith('/a/'))
	.map(([method, path]) => ({method, path: path.replaceAll(/\{\w+\}/g, 'x')}));
const [mine, theirs] = [await openSession(reg.url, reg.adminKey), await openSession(reg.url, reg.adminKey)];

test('what is read with a session is nobody else\'s to keep, to frame, to sniff or to read from another site', async () => {
	const read = routes.filter(r => r.method === 'GET');
	assert.ok(read.length > 50, `${read.length}`);
	for (const {path} of read) {
		for (const Cookie of [mine.cookie, undefined]) {
			const {status, headers} = await request(reg.url + path, {headers: {Accept: 'text/html', Origin: 'https://evil.example', ...(Cookie && {Cookie})}});
			const said = `${path}: ${status} ${JSON.stringify(headers)}`;
			assert.notEqual(status, 500, said);
			assert.ok(headers['content-security-policy'].startsWith('default-src \'none\'') && headers['content-security-policy'].includes('frame-ancestors \'none\''), said);
			assert.equal(headers['x-content-type-options'], 'nosniff', said);
			assert.ok(['same-origin', 'strict-origin'].includes(headers['referrer-policy']), said);
			assert.equal(headers['cross-origin-resource-policy'], 'same-origin', said);
			assert.equal(headers['access-control-allow-origin'], undefined, said);
			assert.equal(headers['access-control-allow-credentials'], undefined, said);
			assert.ok(headers['cache-control'].includes('no-store') || headers.vary.split(', ').includes('Cookie'), said);
			if (Cookie || headers['set-cookie'])
				assert.match(headers['cache-control'], /no-store|private, no-cache/, said);
		}
	}
});

test('no form is taken from another site, another tab\'s stranger, or without the session\'s word', async () => {
	const sent = routes.filter(r => r.method === 'POST');
	assert.ok(sent.length > 50, `${sent.length}`);
	const elsewhere = [{Origin: 'https://evil.example'}, {Origin: 'null'}, {Origin: `${reg.url}.evil.example`}, {Origin: reg.url, 'Sec-Fetch-Site': 'same-site'},
		{'Sec-Fetch-Site': 'cross-site'}, {Origin: reg.url, 'Sec-Fetch-Site': ''}];
	const send = (path, fields, headers) => request(reg.url + path, {method: 'POST', body: new URLSearchParams(fields).toString(),
		headers: {Accept: 'text/html', 'Content-Type': 'application/x-www-form-urlencoded', Cookie: mine.cookie, ...headers}});
	for (const {path} of sent) {
		for (const headers of elsewhere) {
			const reply = await send(path, {csrf: mine.csrf}, headers);
			assert.deepEqual([reply.status, reply.text.includes('This form was sent from another site')], [403, true], `${path} ${JSON.stringify(headers)}`);
		}
		for (const csrf of ['', 'x', theirs.csrf, `${mine.csrf}x`, mine.csrf.slice(1), `.${mine.csrf}`]) {
			for (const headers of [{}, {Origin: reg.url}, {Origin: reg.url, 'Sec-Fetch-Site': 'same-origin'}]) {
				const reply = await send(path, {csrf}, headers);
				assert.deepEqual([reply.status, reply.text.includes('not of your present session')], [403, true], `${path} “${csrf}” ${JSON.stringify(headers)}`);
			}
		}
	}
	assert.equal((await mine.get('/account')).status, 200, 'none of them ended the session');
});
