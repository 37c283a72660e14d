/*
 * Request heads, read strictly: what two readers could understand differently is refused,
 * so that nothing can be smuggled past a proxy. Pure functions over bytes.
 *
 * Two passes. http_scan() looks at bytes as they arrive and finds the end of the head; it
 * refuses line ends other than CR LF, folded lines, control bytes and what is too large.
 * http_head_parse() reads a whole head: llhttp in strict mode, then the policy of
 * RFC 9112 and ours, each rule against a way to hide one request in another: one valid Host,
 * version 1.0 or 1.1, no Transfer-Encoding, at most one Content-Length of digits alone, no CONNECT
 * and no Upgrade, origin-form only (and `OPTIONS *`), single blanks, well-formed escapes, no NUL.
 */
#pragma once

#include "http.h"

/* Begin with all zero; one for each head. */
struct http_scan {
	size_t at;         /* bytes looked at so far */
	size_t line_start; /* where the present line begins */
	unsigned lines;    /* whole lines before it */
	const char *why;   /* for the refusal: what is wrong, in words */
};

/*
 * Look at the bytes that have arrived: `bytes` is the head from its beginning, `len` what is
 * there of it and perhaps of what follows.
 *
 * ret_len: length of the head with its empty line, 0 when its end has not arrived.
 * ERR_HEAD, ERR_HEAD_TOO_LARGE, ERR_URI_TOO_LONG  refused; s->why says it in words.
 */
MUST_CHECK int http_scan(struct http_scan *s, const char *bytes, size_t len, size_t *ret_len);

/* What the connection must know beside the request. */
struct http_framing {
	int64_t body_bytes;  /* Content-Length, 0 without one */
	bool is_keep_alive;  /* RFC 9112 section 9.3 */
	bool wants_continue; /* waits for 100 before it sends the body */
	const char *why;     /* for the refusal */
};

/*
 * Read a head that http_scan has let pass. Names are turned to lower case in place, and the
 * request borrows the bytes. Sets method, target, path, query, fields, host and version;
 * body, peer and the ids are the connection's.
 *
 * ERR_HEAD            not HTTP/1.x as we read it     ERR_METHOD_UNKNOWN  another method
 * ERR_LENGTH          any Transfer-Encoding          ERR_HEAD_TOO_LARGE  over 100 fields
 * ERR_URI_TOO_LONG    target over 4 KiB              ERR_EXPECT          not 100-continue
 * ERR_MEDIA_TYPE      a Content-Encoding
 *
 * On a refusal ret_request holds what could be read of it, always with method and path (GET
 * and "" when they could not), ret_framing->why what is wrong.
 */
MUST_CHECK int http_head_parse(char *head, size_t len, struct http_request *ret_request,
			       struct http_framing *ret_framing);

/*
 * Percent-decode (RFC 3986 section 2.1) into `to`, which has room for s.len bytes; no NUL is
 * put behind it, and '+' stays what it is. Whether it is UTF-8 is not asked.
 * ERR_HEAD  a bad escape, or %00.
 */
MUST_CHECK int http_unescape(struct str s, char *to, size_t *ret_len);
