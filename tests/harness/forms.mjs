// Forms of pages as a browser without script reads and sends them.

import {request} from './http.mjs';

const plain = s => s.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

function attribute(tag, name) {
	const found = new RegExp(` ${name}="([^"]*)"`).exec(tag);
	return found ? plain(found[1]) : undefined;
}

/* Its fields in their order, with what stands in them, and the names of those that somebody writes into. */
function read(form) {
	const fields = [], written = [];
	for (const [part, tag, body] of form.matchAll(/<(?:input|button)[ ][^>]*>|<(textarea|select)[ ][^>]*>([\s\S]*?)<\/\1>/g)) {
		const name = attribute(part, 'name'), type = attribute(part, 'type') ?? 'text';
		if (!name || type === 'file' || (['checkbox', 'radio'].includes(type) && !/ checked/.test(part)))
			continue;
		if (tag === 'select') {
			fields.push([name, attribute(/<option [^>]* selected/.exec(body)?.[0] ?? /<option [^>]*>/.exec(body)?.[0] ?? '', 'value') ?? '']);
		} else if (tag === 'textarea') {
			fields.push([name, plain(body).replace(/^\n/, '')]);
			written.push(name);
		} else {
			fields.push([name, attribute(part, 'value') ?? '']);
			if (!['hidden', 'submit', 'checkbox', 'radio'].includes(type))
				written.push(name);
		}
	}
	return {fields, written};
}

/** The forms of a page that store something: [{page, action, isParts, fields: [[name, value]], written: [name]}]. */
export const formsOf = (page, text) => [...text.matchAll(/<form [^>]*method="post"[^>]*>[\s\S]*?<\/form>/g)]
	.map(([form]) => ({page, action: attribute(form, 'action'), isParts: / enctype="multipart/.test(form), ...read(form)}));

/** Send one of them, encoded as a browser does; fields: in place of its own.   → the reply, as of request() */
export async function sendForm(base, form, {fields = form.fields, cookie, headers = {}} = {}) {
	const body = new URLSearchParams();
	for (const [name, value] of fields)
		body.append(name, value.replaceAll(/\r?\n/g, '\r\n'));
	const from = {Origin: base, Referer: base + form.page, ...(cookie && {Cookie: cookie}), ...headers};
	if (!form.isParts)
		return request(base + form.action, {method: 'POST', body: body.toString(), headers: {'Content-Type': 'application/x-www-form-urlencoded', ...from}});
	const parts = new FormData();
	for (const [name, value] of body)
		parts.append(name, value);
	const sent = new Response(parts);
	return request(base + form.action, {method: 'POST', body: Buffer.from(await sent.arrayBuffer()), headers: {'Content-Type': sent.headers.get('content-type'), ...from}});
}
