/*
 * Static parts. Ready compressed copies stand beside the plain ones, so nothing is compressed
 * while somebody waits. They are blobs, so a reply is a share of the bytes and not a copy; a
 * new part is a file in daemon/static, or a line of tools/cmake/embed.cmake.
 */
#include "static.h"

#include <stdlib.h>

#include "daemon/base/embed.h"
#include "daemon/page/pages.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/route/problem.h"
#include "exchange.h"
#include "libassets/base/err.h"

struct part_bytes {
	struct embed_static part;
	struct blob *plain;
	struct blob *gzip; /* NULL: not compressed */
};

struct statics {
	size_t count;
	struct part_bytes at[];
};

/* The program's own bytes, which stay when all shares are given back. */
static void stay(void *program)
{
	(void)program;
}

void statics_free(struct statics *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++) {
		blob_unref(s->at[i].plain);
		blob_unref(s->at[i].gzip);
	}
	free(s);
}

struct statics *statics_new(void)
{
	struct embed_static part;
	struct statics *s;
	size_t n = 0;

	while (embed_static_at(n, &part) == 0)
		n++;
	s = calloc(1, sizeof(*s) + n * sizeof(s->at[0]));
	for (size_t i = 0; s && i < n; i++) {
		struct part_bytes *b = &s->at[s->count++];

		if (embed_static_at(i, &b->part) == 0)
			b->plain = blob_of(b->part.plain, stay, NULL);
		if (b->part.gzip.len)
			b->gzip = blob_of(b->part.gzip, stay, NULL);
		if (!b->plain || (b->part.gzip.len && !b->gzip)) {
			statics_free(s);
			return NULL;
		}
	}
	return s;
}

static const struct part_bytes *part_find(const struct statics *s, struct str file)
{
	for (size_t i = 0; i < s->count; i++) {
		if (str_eq(str_of(s->at[i].part.file), file))
			return &s->at[i];
	}
	return NULL;
}

/* Does Accept-Encoding take gzip? RFC 9110 section 12.5.3; "gzip;q=0" refuses it. */
static bool takes_gzip(struct str accept)
{
	while (accept.len) {
		struct str rest = {NULL, 0}, weight = {NULL, 0};
		struct str coding = str_trim(str_cut(str_cut(accept, ',', &rest), ';', &weight));

		accept = rest;
		weight = str_trim(weight.at ? weight : STR("q=1"));
		if (str_eq_nocase(coding, STR("gzip")))
			return !str_eq(weight, STR("q=0")) && !str_starts(weight, STR("q=0.0")) &&
			       !str_eq(weight, STR("q=0."));
	}
	return false;
}

static void reply_part(struct http_exchange *x, const struct part_bytes *b)
{
	const struct http_request *r = &x->request;
	struct http_reply *reply = &x->reply;
	bool gzip = b->gzip && takes_gzip(http_field_get(r, STR("accept-encoding")));
	struct str tag = arena_fmt(&x->arena, "\"%s%s\"", b->part.hash, gzip ? "-gz" : "");

	http_reply_field(reply, STR("Cache-Control"), STR("public, max-age=31536000, immutable"));
	http_reply_field(reply, STR("Vary"), STR("Accept-Encoding"));
	if (tag.at)
		http_reply_field(reply, STR("ETag"), tag);
	if (tag.at && str_eq(http_field_get(r, STR("if-none-match")), tag)) {
		reply->status = 304;
		return;
	}
	reply->status = 200;
	http_reply_field(reply, STR("Content-Type"), str_of(b->part.type));
	if (gzip)
		http_reply_field(reply, STR("Content-Encoding"), STR("gzip"));
	reply->blob = blob_ref(gzip ? b->gzip : b->plain);
}

void static_answer(struct http_exchange *x)
{
	const struct process *process = x->worker->process;
	const struct part_bytes *b = part_find(process->statics, x->param[0]);
	struct problem problem = {.err = ERR_NOT_FOUND, .instance = str_of(x->request.id)};

	if (b)
		reply_part(x, b);
	else
		pages_problem(process->pages, language_of(&x->request), pages_stranger(&x->request),
			      &problem, NULL, &x->reply);
}
