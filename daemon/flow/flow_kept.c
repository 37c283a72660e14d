/*
 * See flow_kept.h. Kept is what has no key behind it, is asked for as JSON, names no moment and no
 * event: one item by its id, or a page of a list by its query. While an answer is made to be kept,
 * nobody is told that it is unchanged (304) before it is there: it is made whole, kept, and
 * answered from what was kept like any later one.
 */
#include "flow_kept.h"

#include <stdlib.h>

#include "daemon/base/metric.h"
#include "daemon/db/db_gather.h"
#include "daemon/process/worker.h"
#include "daemon/route/router.h"
#include "flow_private.h"
#include "kept.h"

enum { KEY_MAX = 1024 };

/* Any other choice is the route's to make. */
static bool takes_json(const struct flow *f)
{
	struct str accept = http_field_get(f->request, STR("accept"));

	return str_is_null(accept) || str_eq(accept, STR("*/*")) ||
	       str_eq(accept, STR("application/json"));
}

/* Is the question one that is kept, and by which key? */
static bool read_key(struct flow *f, enum kept_kind *ret_kind, struct str *ret_key)
{
	struct str query = f->request->query;

	if (!f->worker->kept || !(f->route->flags & ROUTE_KEPT) || f->who->id.len || !takes_json(f))
		return false;
	*ret_kind = str_is_null(f->param[0]) ? KEPT_LIST : KEPT_ITEM;
	*ret_key = *ret_kind == KEPT_ITEM ? f->param[0] : query.len ? query : STR("?");
	if (*ret_kind == KEPT_ITEM)
		return !query.len && db_may_gather(f->param[0]);
	return query.len <= KEY_MAX && str_is_null(flow_query(f, "valid_on")) &&
	       str_is_null(flow_query(f, "known_at"));
}

/* Takes the share. */
static void answer(struct flow *f, struct str etag, struct str link, struct blob *body)
{
	struct http_reply *reply = f->reply;

	reply->field_count = 0;
	if (!str_is_null(link))
		http_reply_field(reply, STR("Link"), link);
	if (flow_etag_as(f, etag)) {
		blob_unref(body);
		return;
	}
	reply->status = 200;
	flow_head(f, STR("application/json"));
	reply->blob = body;
}

/* What fails a look would have failed the route's own question. */
static void woken(void *arg, int err)
{
	struct flow *f = arg;

	f->p->is_trying = false;
	flow_resume(f, err);
}

/* Comes back here after each look; one that was sent after the question is the last. */
static enum step_result recall(struct flow *f)
{
	static const struct flow_step again[] = {{"recall", recall}, {0}};
	struct kept *kept = f->worker->kept;
	struct flow_private *p = f->p;
	const struct kept_entry *e = kept_find(kept, p->kept_kind, p->kept_key, p->kept_since_us);

	if (e) {
		struct str etag = arena_str(f->arena, e->etag);
		struct str link = arena_str(f->arena, e->link);

		if (str_is_null(etag) || str_is_null(link) != str_is_null(e->link))
			return flow_fail(f, ERR_NOMEM);
		metric_add(METRIC_KEPT_ANSWERS, 1);
		answer(f, etag, link, blob_ref(e->body));
		return STEP_DONE;
	}
	p->kept_waiter.woken = woken;
	p->kept_waiter.arg = f;
	if (kept_await(kept, p->kept_kind, p->kept_key, &p->kept_waiter)) {
		p->next = again;
		return STEP_WAIT;
	}
	p->kept_stamp = kept_begin(kept, p->kept_kind, p->kept_key);
	return flow_become(f, f->route->flow);
}

enum step_result flow_kept(struct flow *f)
{
	struct flow_private *p = f->p;

	if (!read_key(f, &p->kept_kind, &p->kept_key))
		return flow_become(f, f->route->flow);
	p->kept_since_us = kept_since_us();
	return recall(f);
}

/* Its ETag and Link, where it says nothing else that a later one would lack. */
static bool read_reply(const struct http_reply *reply, struct kept_answer *ret_answer)
{
	bool is_json = false;

	*ret_answer = (struct kept_answer){.body = NULL};
	for (size_t i = 0; i < reply->field_count; i++) {
		const struct http_field *field = &reply->field[i];

		if (str_eq(field->name, STR("ETag")))
			ret_answer->etag = field->value;
		else if (str_eq(field->name, STR("Link")))
			ret_answer->link = field->value;
		else if (str_eq(field->name, STR("Content-Type")))
			is_json = str_eq(field->value, STR("application/json"));
		else if (!str_eq(field->name, STR("Vary")) &&
			 !str_eq(field->name, STR("Cache-Control")))
			return false;
	}
	return is_json && ret_answer->etag.len;
}

/* The body becomes a blob, which the reply and the memory share. */
void flow_kept_end(struct flow *f)
{
	struct flow_private *p = f->p;
	struct http_reply *reply = f->reply;
	uint64_t stamp = p->kept_stamp;
	struct kept_answer made;
	size_t len = 0;
	char *bytes, *fitting;

	p->kept_stamp = 0;
	if (p->err || p->has_left || p->x->stream != STREAM_NONE || reply->status != 200 ||
	    reply->blob || buf_err(&reply->body) < 0 || !reply->body.len ||
	    !read_reply(reply, &made)) {
		kept_drop(f->worker->kept, p->kept_kind, p->kept_key, stamp);
		return;
	}
	bytes = buf_detach(&reply->body, &len);
	fitting = realloc(bytes, len); /* a buffer grows to twice what is in it */
	made.body_bytes = len;
	made.body = blob_new(fitting ? fitting : bytes, len);
	if (!made.body) {
		kept_drop(f->worker->kept, p->kept_kind, p->kept_key, stamp);
		(void)flow_fail(f, ERR_NOMEM);
		return;
	}
	answer(f, made.etag, made.link, blob_ref(made.body));
	kept_fill(f->worker->kept, p->kept_kind, p->kept_key, stamp, &made);
}
