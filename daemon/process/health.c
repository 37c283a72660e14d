/*
 * What a supervisor may ask. Both answers come from memory, on the worker that was asked: a
 * probe must not wait for what it probes. Liveness is about threads, so that a restart helps;
 * readiness is about the database and the feed, where a restart does not.
 */
#include "health.h"

#include "api.h"
#include "daemon/base/loop.h"
#include "daemon/db/db.h"
#include "daemon/feed/feed.h"
#include "daemon/http/exchange.h"
#include "process.h"
#include "worker.h"

/* Far beyond any turn of a loop; and longer than a slow transaction may hold the feed up. */
enum { LATE_MS = 2000, STALL_MS = 10000 };

static void reply_health(struct http_exchange *x, bool is_well, struct str output)
{
	x->reply.status = is_well ? 200 : 503;
	http_reply_field(&x->reply, STR("Content-Type"), STR("application/health+json"));
	http_reply_field(&x->reply, STR("Cache-Control"), STR("no-store"));
	buf_str(&x->reply.body,
		is_well ? STR("{\"status\":\"pass\"") : STR("{\"status\":\"fail\""));
	if (output.len) {
		buf_str(&x->reply.body, STR(",\"output\":"));
		buf_json(&x->reply.body, output);
	}
	buf_str(&x->reply.body, STR("}\n"));
}

void health_live(struct http_exchange *x)
{
	const char *name;
	int64_t lag_ms = loop_worst_lag_ms(&name);

	if (lag_ms < LATE_MS)
		reply_health(x, true, STR(""));
	else
		reply_health(x, false,
			     arena_fmt(&x->arena, "Thread %s is late by %lld ms.", name,
				       (long long)lag_ms));
}

void health_ready(struct http_exchange *x)
{
	const struct worker *w = x->worker;

	if (w->is_draining)
		reply_health(x, false, STR("The process is shutting down."));
	else if (!db_pool_is_up(w->db))
		reply_health(x, false, STR("The database does not answer."));
	else if (!api_is_ready(w->process))
		reply_health(x, false, STR("Not every thread takes requests yet."));
	else if (w->process->feed && feed_stall_ms(w->process->feed) > STALL_MS)
		reply_health(x, false, STR("The change feed is behind by more than 10 s."));
	else
		reply_health(x, true, STR(""));
}
