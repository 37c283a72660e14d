/*
 * What describes the API, made when somebody first asks for it and then shared by all threads: half
 * a megabyte that most processes are never asked for.
 */
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/http/exchange.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "libassets/base/err.h"
#include "libassets/notify/event_type.h"
#include "openapi.h"
#include "problem.h"

enum { DOCUMENT_MAX = 4 << 20 };

/* The documents that are made so, and by what. */
enum document { DESCRIPTION, EVENT_TYPES, DOCUMENTS };

static void (*const write_table[DOCUMENTS])(struct buf *out) = {
	[DESCRIPTION] = openapi_write,
	[EVENT_TYPES] = event_type_catalogue_write,
};

struct openapi {
	_Atomic(struct blob *) made[DOCUMENTS];
};

struct openapi *openapi_new(void)
{
	return calloc(1, sizeof(struct openapi));
}

void openapi_free(struct openapi *o)
{
	for (size_t i = 0; o && i < DOCUMENTS; i++)
		blob_unref(atomic_load(&o->made[i]));
	free(o);
}

/* Of two threads that make it at the same moment the second throws its own away. */
static struct blob *document(struct openapi *o, enum document which)
{
	CLEANUP(buf_done) struct buf out = BUF(DOCUMENT_MAX);
	struct blob *made = atomic_load(&o->made[which]), *mine;
	size_t len;
	char *bytes;

	if (made)
		return blob_ref(made);
	write_table[which](&out);
	bytes = buf_err(&out) ? NULL : buf_detach(&out, &len);
	mine = bytes ? blob_new(bytes, len) : NULL;
	if (!mine)
		return NULL;
	if (!atomic_compare_exchange_strong(&o->made[which], &made, mine)) {
		blob_unref(mine);
		return blob_ref(made);
	}
	return blob_ref(mine);
}

static void reply_public(struct http_exchange *x)
{
	x->reply.status = 200;
	http_reply_field(&x->reply, STR("Content-Type"), STR("application/json"));
	http_reply_field(&x->reply, STR("Cache-Control"), STR("public, max-age=3600"));
}

static void answer(struct http_exchange *x, enum document which)
{
	x->reply.blob = document(x->worker->process->openapi, which);
	if (x->reply.blob)
		reply_public(x);
	else
		problem_reply(&x->reply, &(struct problem){.err = ERR_NOMEM,
							   .instance = str_of(x->request.id)});
}

void openapi_answer(struct http_exchange *x)
{
	answer(x, DESCRIPTION);
}

void openapi_event_types_answer(struct http_exchange *x)
{
	answer(x, EVENT_TYPES);
}

void openapi_problem_answer(struct http_exchange *x)
{
	char slug[64] = "";
	const struct err_info *info = NULL;

	if (x->param[0].len < sizeof(slug)) {
		memcpy(slug, x->param[0].at, x->param[0].len);
		info = err_by_slug(slug);
	}
	if (!info) {
		problem_reply(&x->reply, &(struct problem){.err = ERR_NOT_FOUND,
							   .instance = str_of(x->request.id)});
		return;
	}
	reply_public(x);
	buf_fmt(&x->reply.body, "{\"type\":\"/v1/problems/%s\",\"title\":\"%s\",\"status\":%d}\n",
		info->slug, info->title, info->status);
}
