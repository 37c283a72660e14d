/*
 * A worker from its making, on the main thread, to its end, there too; between the two it is
 * its own thread's alone and hears from outside by messages.
 *
 * A new thing a worker owns is made in worker_new, in the order in which one needs the other, and
 * ended in run_close if it hangs on the loop's base, else in worker_free.
 */
#include "worker.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "api.h"
#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/log.h"
#include "daemon/db/db.h"
#include "daemon/document/scan.h"
#include "daemon/flow/flow_apart.h"
#include "daemon/flow/flow_lasting.h"
#include "daemon/flow/kept.h"
#include "daemon/http/http_server.h"
#include "daemon/page/page_problem.h"
#include "daemon/route/auth.h"
#include "daemon/route/service.h"
#include "process.h"

/* Between two looks whether the database has come. */
enum { LOOK_MS = 10, PATIENCE = 10 /* times [database] wait_ms, of one that is there */ };

/* Another thread was let in: then it is a matter of time, and that one serves meanwhile. */
static bool is_to_wait(const struct worker *w)
{
	int64_t most_ms = w->conf->database_wait_ms * (db_is_there() ? PATIENCE : 1);

	return !db_pool_is_up(w->db) && clock_mono_us() - w->began_us < most_ms * 1000;
}

/*
 * The doors open when the database answers, so that who came during a restart is served and
 * not refused. A database that stays away is waited for only so long: health, and the reason
 * for a refusal, are to be had without it.
 */
static void worker_look(struct worker *w)
{
	const struct timeval again = {.tv_usec = LOOK_MS * 1000};

	if (is_to_wait(w) && event_add(w->opening, &again) == 0)
		return;
	if (!db_pool_is_up(w->db))
		log_warn("serving without the database", F_INT("worker", w->number));
	http_server_open(w->http);
	api_opened(w->process);
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	worker_look(arg);
}

/* Each has its own copy of the pepper: a secret is not shared, and is wiped with its holder. */
struct worker *worker_new(int number, const struct process *p)
{
	struct worker *w = calloc(1, sizeof(*w));
	char name[16];

	if (!w)
		return NULL;
	(void)snprintf(name, sizeof(name), "worker-%d", number);
	w->number = number;
	w->conf = p->conf;
	w->process = p;
	w->scan = scan_of_new(p->conf);
	w->page_problem = page_problem;
	w->page_again = page_again;
	w->loop = loop_new(name);
	w->auth = auth_open(p->conf->auth_pepper_file);
	if (w->loop && w->auth)
		w->db = db_pool_new(w->loop, p->conf->database_api,
				    (int)p->conf->database_connections, DB_PREPARE_ALL);
	if (w->db && p->conf->http_kept_mib)
		w->kept = kept_new(w->db, (size_t)p->conf->http_kept_mib << 20);
	if (w->db && (w->kept || !p->conf->http_kept_mib))
		w->http = http_server_new(&(struct http_server_setup){
			.base = loop_base(w->loop),
			.conf = p->conf,
			.service = &service_api,
			.worker = w,
			.limits = p->limits,
			.listen_fd = p->listen_fd,
		});
	if (w->http)
		w->opening = event_new(loop_base(w->loop), -1, 0, on_look, w);
	if (w->opening)
		return w;
	worker_free(w);
	return NULL;
}

int worker_start(struct worker *w)
{
	w->began_us = clock_mono_us();
	event_active(w->opening, EV_TIMEOUT, 0);
	return loop_start(w->loop);
}

/* Messages from the main thread, in its order: none of them comes after run_close. */
static void run_drain(void *arg)
{
	struct worker *w = arg;

	w->is_draining = true;
	http_server_drain(w->http);
	flow_lasting_drain(w);
}

void worker_drain(struct worker *w)
{
	if (loop_post(w->loop, run_drain, w))
		log_warn("cannot drain", F_INT("worker", w->number));
}

struct new_conf {
	struct worker *worker;
	const struct conf *conf;
};

static void run_conf(void *arg)
{
	struct new_conf *n = arg;

	n->worker->conf = n->conf;
	http_server_conf(n->worker->http, n->conf);
	free(n);
}

void worker_conf(struct worker *w, const struct conf *conf)
{
	struct new_conf *n = malloc(sizeof(*n));

	if (n) {
		*n = (struct new_conf){w, conf};
		if (loop_post(w->loop, run_conf, n) == 0)
			return;
		free(n);
	}
	log_warn("settings not taken", F_INT("worker", w->number));
}

/* What hangs on the base is taken off it before the base goes. */
static void run_close(void *arg)
{
	struct worker *w = arg;

	if (w->opening)
		event_free(w->opening);
	http_server_free(w->http);
	flow_stay_close(w);
	db_pool_free(w->db); /* its call backs end the flows that were under way */
}

void worker_free(struct worker *w)
{
	if (!w)
		return;
	loop_close(w->loop, run_close, w);
	kept_free(w->kept);
	auth_free(w->auth);
	buf_done(&w->counts.text);
	buf_done(&w->glance.text);
	free(w);
}
