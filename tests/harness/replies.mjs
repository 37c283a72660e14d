// What a test most often asks of a reply of the API: that it went well, or that it is the problem
// that was meant.

import assert from 'node:assert/strict';

/** The document of a reply that has this status. */
export function ok(reply, status = 201) {
	assert.equal(reply.status, status, reply.text);
	return reply.json;
}

/** The problem of this status and name; where pointers are given, its errors are at them, in this order. */
export function problem(reply, status, slug, ...pointers) {
	assert.deepEqual([reply.status, reply.json?.type], [status, `/v1/problems/${slug}`], reply.text);
	if (pointers.length)
		assert.deepEqual(reply.json.errors.map(e => e.pointer), pointers, reply.text);
	for (const error of reply.json.errors ?? [])
		assert.ok(error.pointer !== undefined && error.code && error.detail && error.cure, reply.text);
	return reply.json;
}
