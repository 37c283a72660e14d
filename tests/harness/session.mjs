// A signed-in browser without script: it follows no redirect, keeps its cookie and sends its form's token.

import assert from 'node:assert/strict';
import {request} from './http.mjs';

/** base: the service's URL; key: an API key. → {get(path), post(path, fields)}, each a reply of request();
 *  and for what they do not send themselves the cookie, and the csrf of each form. */
export async function openSession(base, key) {
	const form = {'Content-Type': 'application/x-www-form-urlencoded', Origin: base};
	const cookie = (reply, name) => [reply.headers['set-cookie']].flat().map(c => c.split(';')[0]).find(c => c.startsWith(`${name}=`));
	const asked = await request(`${base}/sign-in`);
	const [, word] = /name="form_csrf" value="([0-9a-f]{64})"/.exec(asked.text);
	const opened = await request(`${base}/sign-in`, {method: 'POST', body: new URLSearchParams({key, next: '/', form_csrf: word}).toString(),
		headers: {...form, Cookie: cookie(asked, '__Host-form')}});
	assert.equal(opened.status, 303, opened.text);
	const Cookie = cookie(opened, '__Host-sid');
	const get = path => request(base + path, {headers: {Cookie}});
	// Without the word behind its point, which is one page's own: what is sent twice here is meant twice.
	const csrf = /name="csrf" value="([^".]+)/.exec((await get('/')).text)[1];
	return {cookie: Cookie, csrf, get, post: (path, fields) => request(base + path, {method: 'POST', body: new URLSearchParams({csrf, ...fields}).toString(), headers: {...form, Cookie}})};
}
