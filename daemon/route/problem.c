/*
 * Problem documents, written without a JSON tree: they must also work when memory is short.
 *
 * RFC 9457. The type is an address of this service that shows what the problem means and what to
 * do; titles and statuses stand in err.def alone.
 */
#include "problem.h"

#include "libassets/base/err.h"

/* Bytes of a document with FLAW_MAX flaws. */
enum { PROBLEM_MAX = 256 * 1024 };

static void write_member(struct buf *out, const char *name, struct str value)
{
	if (str_is_null(value))
		return;
	buf_fmt(out, ",\"%s\":", name);
	buf_json(out, value);
}

static void write_flaw(struct buf *out, const struct flaw *f)
{
	buf_str(out, STR("{\"pointer\":"));
	buf_json(out, f->pointer);
	write_member(out, "code", f->code);
	write_member(out, "detail", f->detail);
	write_member(out, "cure", f->cure);
	buf_char(out, '}');
}

static void write_flaws(struct buf *out, const struct flaws *flaws)
{
	size_t kept = flaws_kept(flaws);

	buf_str(out, STR(",\"errors\":["));
	for (size_t i = 0; i < kept; i++) {
		if (i)
			buf_char(out, ',');
		write_flaw(out, &flaws->at[i]);
	}
	buf_char(out, ']');
	if (flaws->count > FLAW_MAX)
		buf_fmt(out, ",\"errors_in_all\":%zu", flaws->count);
}

/* What a status says without saying. RFC 9110 sections 10.2.3 and 11.6.1. */
static void add_fields(struct http_reply *reply, int err)
{
	http_reply_field(reply, STR("Content-Type"), STR("application/problem+json"));
	http_reply_field(reply, STR("Cache-Control"), STR("no-store"));
	if (err == ERR_UNAUTHENTICATED)
		http_reply_field(reply, STR("WWW-Authenticate"), STR("Bearer realm=\"assetd\""));
	/* The pool tries at least that often (BACKOFF_MAX_MS of db_pool.c). */
	if (err == ERR_DB_AWAY)
		http_reply_field(reply, STR("Retry-After"), STR("5"));
	else if (reply->status == 503 || err == ERR_IN_PROGRESS)
		http_reply_field(reply, STR("Retry-After"), STR("1"));
}

void problem_reply(struct http_reply *reply, const struct problem *p)
{
	const struct err_info *info = err_info(p->err);
	struct buf *out = &reply->body;

	blob_unref(reply->blob);
	reply->blob = NULL;
	buf_done(out);
	*out = BUF(PROBLEM_MAX);
	reply->status = info->status;
	buf_fmt(out, "{\"type\":\"/v1/problems/%s\",\"title\":\"%s\",\"status\":%d", info->slug,
		info->title, info->status);
	write_member(out, "detail", p->detail);
	write_member(out, "instance", p->instance);
	if (p->flaws && p->flaws->count)
		write_flaws(out, p->flaws);
	if (p->members.len) {
		buf_char(out, ',');
		buf_str(out, p->members);
	}
	buf_str(out, STR("}\n"));
	if (buf_err(out)) /* an empty body is better than half a document */
		buf_done(out);
	add_fields(reply, p->err);
}
