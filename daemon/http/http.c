/*
 * Words of HTTP: methods, status phrases, field look-up, and bytes shared between threads.
 *
 * A blob is counted by an atomic: the one thing here that two threads touch. Its bytes never
 * change, so a share is all that is needed to read them.
 */
#include "http.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

struct blob {
	_Atomic unsigned refs;
	struct str view;
	void (*release)(void *owner);
	void *owner;
};

struct str http_field_get(const struct http_request *r, struct str name)
{
	for (size_t i = 0; i < r->field_count; i++) {
		if (str_eq(r->field[i].name, name))
			return r->field[i].value;
	}
	return (struct str){NULL, 0};
}

struct str http_cookie_get(const struct http_request *r, struct str name)
{
	struct str rest = http_field_get(r, STR("cookie"));

	while (rest.len) {
		struct str value, pair = str_cut(rest, ';', &rest);

		if (str_eq(str_trim(str_cut(pair, '=', &value)), name))
			return str_trim(value);
	}
	return (struct str){NULL, 0};
}

struct blob *blob_of(struct str view, void (*release)(void *owner), void *owner)
{
	struct blob *b = malloc(sizeof(*b));

	if (!b) {
		release(owner);
		return NULL;
	}
	atomic_init(&b->refs, 1);
	b->view = view;
	b->release = release;
	b->owner = owner;
	return b;
}

struct blob *blob_new(char *bytes, size_t len)
{
	return blob_of((struct str){bytes ? bytes : "", len}, free, bytes);
}

struct blob *blob_ref(struct blob *b)
{
	atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
	return b;
}

void blob_unref(struct blob *b)
{
	/* Who is last must come after all that the others did with it. */
	if (!b || atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) != 1)
		return;
	b->release(b->owner);
	free(b);
}

struct str blob_view(const struct blob *b)
{
	return b->view;
}

static bool is_clean(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c < 0x20 || c == 0x7F)
			return false;
	}
	return true;
}

void http_reply_field(struct http_reply *r, struct str name, struct str value)
{
	assert(r->field_count < HTTP_REPLY_FIELD_MAX && name.len && is_clean(name) &&
	       is_clean(value));
	r->field[r->field_count++] = (struct http_field){name, value};
}

const char *http_method_name(enum http_method m)
{
	static const char *const name[] = {
		[METHOD_GET] = "GET",         [METHOD_HEAD] = "HEAD",   [METHOD_POST] = "POST",
		[METHOD_PUT] = "PUT",         [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
		[METHOD_OPTIONS] = "OPTIONS",
	};

	return name[m];
}

const char *http_status_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} table[] = {
		{100, "Continue"},
		{200, "OK"},
		{201, "Created"},
		{202, "Accepted"},
		{204, "No Content"},
		{206, "Partial Content"},
		{301, "Moved Permanently"},
		{302, "Found"},
		{303, "See Other"},
		{304, "Not Modified"},
		{308, "Permanent Redirect"},
		{400, "Bad Request"},
		{401, "Unauthorized"},
		{403, "Forbidden"},
		{404, "Not Found"},
		{405, "Method Not Allowed"},
		{406, "Not Acceptable"},
		{408, "Request Timeout"},
		{409, "Conflict"},
		{410, "Gone"},
		{411, "Length Required"},
		{412, "Precondition Failed"},
		{413, "Content Too Large"},
		{414, "URI Too Long"},
		{415, "Unsupported Media Type"},
		{416, "Range Not Satisfiable"},
		{417, "Expectation Failed"},
		{422, "Unprocessable Content"},
		{428, "Precondition Required"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{451, "Unavailable For Legal Reasons"},
		{500, "Internal Server Error"},
		{501, "Not Implemented"},
		{503, "Service Unavailable"},
		{507, "Insufficient Storage"},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		if (table[i].status == status)
			return table[i].phrase;
	}
	return "Other"; /* a phrase means nothing to machines; RFC 9112 section 4 */
}
