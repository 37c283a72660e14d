/*
 * Workers as many as [http] workers says, and what they share: templates, static parts, the
 * description of the API, the feed. Runs on the main thread; what is shared is made before the
 * first worker starts and freed after the last has ended, so nobody needs a lock for it.
 *
 * Something further that all workers share is made in api_start, freed in api_stop, and a
 * member of struct process.
 */
#include "api.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/conf.h"
#include "daemon/base/limit.h"
#include "daemon/base/log.h"
#include "daemon/feed/feed.h"
#include "daemon/flow/aside.h"
#include "daemon/http/http.h"
#include "daemon/http/static.h"
#include "daemon/page/pages.h"
#include "daemon/route/openapi.h"
#include "daemon/route/password.h"
#include "libassets/base/err.h"
#include "process.h"
#include "worker.h"

/* As many as [http] workers may say. */
enum { WORKERS_MAX = 64 };

struct api {
	int wanted;       /* how many there are to be */
	_Atomic int open; /* how many take requests */
	int count;        /* started */
	struct worker *worker[WORKERS_MAX];
};

/* Half of the processors: the others are for feed, projector, hooks, and for PostgreSQL. */
static int worker_count(const struct conf *conf)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (conf->http_workers)
		return (int)conf->http_workers;
	if (processors > 2 * WORKERS_MAX)
		return WORKERS_MAX;
	return processors > 2 ? (int)processors / 2 : 1;
}

static int open_pages(struct process *p)
{
	char *why = NULL;
	int err = pages_new(p->conf, &p->pages, &why);

	if (!err) {
		p->statics = statics_new();
		err = p->statics ? 0 : ERR_NOMEM;
	}
	if (err)
		log_error("cannot make the pages", F_Z("why", why ? why : ""), F_ERR(err));
	free(why);
	return err;
}

int api_start(struct process *p)
{
	int n = worker_count(p->conf);
	int r = open_pages(p);

	if (r == 0)
		r = password_begin();
	if (r < 0)
		return r;

	p->openapi = openapi_new();
	p->api = calloc(1, sizeof(*p->api));
	p->aside = aside_new("aside", ASIDE_JOBS_MAX);
	p->passwords = aside_new("passwords", PASSWORD_JOBS_MAX);
	if (!p->api || !p->openapi || !p->aside || !p->passwords)
		return ERR_NOMEM;
	if (feed_enter(p, false) < 0) {
		free(TAKE(p->api));
		return ERR_NOMEM;
	}
	p->api->wanted = n;
	while (p->api->count < n) {
		struct worker *w = worker_new(p->api->count, p);
		int err = w ? worker_start(w) : ERR_NOMEM;

		if (err) {
			log_error("cannot start a worker", F_INT("number", p->api->count),
				  F_ERR(err));
			worker_free(w);
			return err;
		}
		p->api->worker[p->api->count++] = w;
	}
	return 0;
}

void api_opened(const struct process *p)
{
	p->api->open++;
}

bool api_is_ready(const struct process *p)
{
	return p->api->open == p->api->wanted;
}

void api_drain(struct process *p)
{
	for (int i = 0; i < p->api->count; i++)
		worker_drain(p->api->worker[i]);
	feed_drain(p->feed); /* after the workers know, so that nobody begins to wait again */
}

bool api_is_busy(const struct process *p)
{
	return limit_connection_count(p->limits) > 0;
}

void api_reload(struct process *p)
{
	for (int i = 0; i < p->api->count; i++)
		worker_conf(p->api->worker[i], p->conf);
}

void api_stop(struct process *p)
{
	for (int i = 0; p->api && i < p->api->count; i++)
		worker_free(p->api->worker[i]);
	free(TAKE(p->api));
	aside_free(TAKE(p->aside)); /* nobody is left to wait for it */
	aside_free(TAKE(p->passwords));
	feed_leave(p);
	openapi_free(TAKE(p->openapi));
	statics_free(TAKE(p->statics));
	pages_free(TAKE(p->pages));
}
