/*
 * A request as it was read and a reply as it will be written: the words that the HTTP layer,
 * the router and the flows share. Parsing is http_head.c, connections are http_conn.c.
 */
#pragma once

#include "libassets/base/buf.h"
#include "libassets/base/str.h"

enum http_method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OPTIONS,
};

enum {
	HTTP_HEAD_MAX = 16 * 1024,  /* bytes, request line and empty line included */
	HTTP_TARGET_MAX = 4 * 1024, /* bytes of the request target */
	HTTP_FIELD_MAX = 100,       /* fields of a request */
	HTTP_JSON_MAX = 1 << 20,    /* bytes of a body of JSON or a form */
	HTTP_UPLOAD_MAX =
		25 << 20, /* bytes of a body that is a file: the 25 MB of which people are told */
	HTTP_FORM_MAX = HTTP_UPLOAD_MAX + (1 << 20), /* one and the fields of its form */
	HTTP_REPLY_FIELD_MAX = 24,                   /* fields that a flow may add to its reply */
};

struct http_field {
	struct str name; /* of a request: in lower case */
	struct str value;
};

/* Lives as long as its connection works on it; a flow copies what it keeps longer. */
struct http_request {
	enum http_method method; /* HEAD is answered as GET, without the body */
	struct str target;       /* as sent */
	struct str path;         /* target before '?', still percent-encoded */
	struct str query;        /* target after '?', absent when there is none */
	struct http_field field[HTTP_FIELD_MAX];
	size_t field_count;
	struct str body;
	struct str host;
	struct str peer;    /* the client's address as text, after a trusted proxy's word for it */
	char id[65];        /* the request's id: ours, or a well-formed X-Request-Id */
	char trace[56];     /* our span of the client's trace (trace.h); "" when it sent none */
	bool is_version_10; /* HTTP/1.0 */
};

/* The value of the first field of that lower-case name, absent when there is none. */
struct str http_field_get(const struct http_request *r, struct str name);

/* The value of a cookie, absent if it was not sent. RFC 6265 section 4.2.1. */
struct str http_cookie_get(const struct http_request *r, struct str name);

/* Immutable bytes shared between threads; the last blob_unref frees them. */
struct blob;
/* Takes bytes, which came from malloc (frees them on failure). NULL without memory. */
struct blob *blob_new(char *bytes, size_t len);
/*
 * The same of bytes that belong to an object, which release(owner) frees on the thread of the
 * last blob_unref. Takes the object (releases it on failure). NULL without memory.
 */
struct blob *blob_of(struct str view, void (*release)(void *owner), void *owner);
/* One share more, to be given back; b itself. b may not be NULL. From any thread. */
struct blob *blob_ref(struct blob *b);
/* Give a share back. Takes NULL. From any thread. */
void blob_unref(struct blob *b);
/* The bytes, borrowed for as long as a share is held; never absent. */
struct str blob_view(const struct blob *b);

/*
 * What goes out. The body is `body`, or `blob` when that is set. Content-Length, Date,
 * Connection and the security headers are written by the HTTP layer.
 */
struct http_reply {
	int status; /* RFC 9110 section 15; 0 until somebody says */
	struct http_field field[HTTP_REPLY_FIELD_MAX]; /* values live in the flow's arena */
	size_t field_count;
	struct buf body;   /* owned; one that failed becomes a 500 or 503 */
	struct blob *blob; /* a share of it is the reply's; NULL: `body` counts */
};

/*
 * Add a field, as many as HTTP_REPLY_FIELD_MAX; name and value are borrowed. A control byte in
 * either, or one field too many, is our mistake (assert).
 */
void http_reply_field(struct http_reply *r, struct str name, struct str value);

/* "GET" …; the phrase of a status, "Other" for one that we never send. Constants. */
const char *http_method_name(enum http_method m);
const char *http_status_phrase(int status);
