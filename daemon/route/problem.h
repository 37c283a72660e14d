/*
 * Problem documents (RFC 9457): the one form in which the API says no. Status, slug and title
 * come from err.def.
 */
#pragma once

#include "daemon/http/http.h"
#include "libassets/shape/flaw.h"

/* What is said. All of it borrowed. */
struct problem {
	int err;                   /* ERR_… */
	struct str instance;       /* the request's id */
	struct str detail;         /* a sentence; absent: none */
	const struct flaws *flaws; /* becomes `errors`; NULL: none */
	struct str members;        /* further ones as JSON text, such as "allowed":["AGREE"] */
	struct str here;           /* for a page: where to go on once signed in; absent: home */
	bool has_own; /* for a page: who opens it has a page of their own, by another link */
};

/*
 * Make it the reply: status, body, Content-Type, Cache-Control and what the status owes
 * (Retry-After, WWW-Authenticate). Fields set before stay; a body set before does not. Never
 * fails: without memory the body is empty.
 *
 * Example: {"type":"/v1/problems/stale","title":"It has changed since you read it",
 * "status":412,"instance":"req_01…"}
 */
void problem_reply(struct http_reply *reply, const struct problem *p);
