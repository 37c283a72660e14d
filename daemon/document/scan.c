/*
 * The scanner's thread. Each look takes or keeps the lease, counts what waits and asks what is due;
 * what came of a file is written in a batch of its own, which names the lease's fence and the
 * version that was looked at.
 *
 * A clamd that is away is nobody's fault, so no document is made to wait for it: the scanner
 * pauses, and all goes on where it was when clamd is back. What fails for one file puts that file
 * off.
 */
#include "scan.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/un.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/base/id.h"
#include "daemon/base/loop.h"
#include "daemon/base/metric.h"
#include "daemon/process/process.h"
#include "libassets/base/err.h"
#include "q.h"
#include "scan_private.h"

enum { LOOK_MS = 500, PAUSE_MS = 1000, PAUSE_MAX_MS = 15000, ARENA_MAX = 1 << 20, ID_MAX = 40 };

/* One document that is looked at, and then what came of it on the way to the database. */
struct scan_job {
	TAILQ_ENTRY(scan_job) link;
	struct scan *scan;
	struct scan_file *file;
	char id[ID_MAX], event_id[ID_TEXT];
	int version;
	int attempt; /* this one's number */
	bool was_public;
	struct arena arena;
};

struct scan {
	struct loop *loop;
	struct db_pool *pool;
	struct event *tick;
	const char *path;
	int64_t most_ms;
	struct lease lease;
	TAILQ_HEAD(, scan_job) jobs;
	int job_count;
	bool is_looking, has_lease, is_leaving;
	struct arena look_arena;
	int64_t waiting, wait_s;  /* as the gauges have them */
	int64_t pause_ms, due_us; /* clamd is away: how long, and until when; 0: it is there */
	struct log_gate gate;
};

const char *scan_of_new(const struct conf *c)
{
	return c->documents_clamav_socket[0] ? "PENDING" : "NOT_SCANNED";
}

static void job_free(struct scan_job *job)
{
	TAILQ_REMOVE(&job->scan->jobs, job, link);
	job->scan->job_count--;
	scan_file_free(job->file);
	arena_done(&job->arena);
	free(job);
}

static bool has_job(const struct scan *s, struct str id)
{
	const struct scan_job *job;

	TAILQ_FOREACH (job, &s->jobs, link) {
		if (str_eq(str_of(job->id), id))
			return true;
	}
	return false;
}

/* --- What came of it ---------------------------------------------------------------------- */

/* Kept or not: if not, the file is still due, and is looked at again. */
static void on_kept(void *arg, int err, const struct db_reply *reply)
{
	struct scan_job *job = arg;
	struct scan *s = job->scan;

	(void)reply;
	if (err < 0 && err != ERR_DB_AWAY)
		log_warn("what came of a file could not be kept", F_Z("document", job->id),
			 F_ERR(err));
	job_free(job);
	if (!s->is_leaving)
		event_active(s->tick, EV_TIMEOUT, 0); /* the next one need not wait */
}

static struct db_batch *keep_begin(struct scan_job *job)
{
	const struct db_actor nobody = {.now_us = clock_now_us()};

	return job->scan->is_leaving ? NULL : db_batch_new(&job->arena, DB_WRITE, &nobody);
}

static void keep_answer(struct scan_job *job, const struct scan_result *result)
{
	bool is_clean = result->verdict == CLAMD_CLEAN;
	struct db_batch *b = keep_begin(job);

	if (!b) {
		job_free(job);
		return;
	}
	id_new("evt_", clock_now_us(), job->event_id);
	q_scan_said_add(
		b, &(struct q_scan_said){
			   .fence = job->scan->lease.fence,
			   .id = str_of(job->id),
			   .seen = job->version,
			   .scan = is_clean ? STR("CLEAN") : STR("INFECTED"),
			   .signature = is_clean ? (struct str){NULL, 0} : str_of(result->name),
		   });
	q_document_change_add(
		b, &(struct q_document_change){
			   .id = str_of(job->event_id),
			   .type = is_clean ? STR("document.scanned") : STR("document.infected"),
			   .document_id = str_of(job->id),
			   .was_public = job->was_public,
		   });
	db_pool_send(job->scan->pool, b, on_kept, job);
}

static void keep_failure(struct scan_job *job)
{
	struct db_batch *b = keep_begin(job);

	if (!b) {
		job_free(job);
		return;
	}
	q_scan_failed_add(b,
			  &(struct q_scan_failed){
				  .fence = job->scan->lease.fence,
				  .id = str_of(job->id),
				  .wait_ms = clamd_wait_ms(job->attempt, (uint64_t)clock_mono_us()),
			  });
	db_pool_send(job->scan->pool, b, on_kept, job);
}

static void on_done(void *arg, const struct scan_result *result)
{
	struct scan_job *job = arg;

	scan_file_free(TAKE(job->file));
	if (result->verdict == CLAMD_FOUND) {
		metric_add(METRIC_SCAN_INFECTED, 1);
		log_warn("a virus was found", F_Z("document", job->id),
			 F_Z("signature", result->name));
	}
	switch (result->verdict) {
	case CLAMD_FOUND:
	case CLAMD_CLEAN:
		metric_add(METRIC_SCANNED, 1);
		keep_answer(job, result);
		return;
	case CLAMD_TOO_LARGE:
	case CLAMD_FAILED:
		metric_add(METRIC_SCAN_FAILED, 1);
		log_warn("a file could not be looked at", F_Z("document", job->id),
			 F_INT("attempt", job->attempt), F_Z("because", result->what));
		keep_failure(job);
		return;
	}
}

/* --- What is due -------------------------------------------------------------------------- */

static void pause_for(struct scan *s)
{
	if (!s->pause_ms)
		log_warn("clamd is away: files wait", F_Z("socket", s->path));
	s->pause_ms = s->pause_ms ? 2 * s->pause_ms : PAUSE_MS;
	if (s->pause_ms > PAUSE_MAX_MS)
		s->pause_ms = PAUSE_MAX_MS;
	s->due_us = clock_mono_us() + s->pause_ms * 1000;
	metric_add(METRIC_SCAN_FAILED, 1);
}

/* A connection; what could not be had pauses all. */
static int reach(struct scan *s)
{
	int fd = scan_connect(s->path);

	if (fd < 0)
		pause_for(s);
	else if (s->pause_ms)
		log_info("clamd is back", F_Z("socket", s->path));
	if (fd >= 0)
		s->pause_ms = s->due_us = 0;
	return fd;
}

static void begin(struct scan *s, const struct q_scan_due_row *row)
{
	struct scan_job *job = calloc(1, sizeof(*job));
	int fd = job ? reach(s) : -1;

	if (fd < 0) {
		free(job);
		return;
	}
	job->scan = s;
	job->version = row->version;
	job->attempt = row->attempts + 1;
	job->was_public = row->was_public;
	arena_init(&job->arena, ARENA_MAX);
	(void)snprintf(job->id, sizeof(job->id), "%.*s", (int)row->id.len, row->id.at);
	TAILQ_INSERT_TAIL(&s->jobs, job, link);
	s->job_count++;
	job->file = scan_file_new(&(struct scan_order){
		.base = loop_base(s->loop),
		.pool = s->pool,
		.fd = fd,
		.most_ms = s->most_ms,
		.document_id = row->id,
		.sha256 = row->sha256,
		.byte_count = row->byte_count,
		.done = on_done,
		.arg = job,
	});
	if (!job->file)
		job_free(job);
}

static void show(struct scan *s, int64_t waiting, int64_t wait_s)
{
	metric_add(METRIC_SCAN_WAITING, waiting - s->waiting);
	metric_add(METRIC_SCAN_WAIT, wait_s - s->wait_s);
	s->waiting = waiting;
	s->wait_s = wait_s;
}

static void take_rows(struct scan *s, const struct db_reply *r, int statement)
{
	struct q_scan_counts_row counts;
	struct q_scan_due_row row;
	int rows = db_rows(r, statement + 1);

	if (q_scan_counts_one(r, statement, &counts) == 0)
		show(s, counts.waiting, counts.seconds);
	for (int i = 0; i < rows && q_scan_due_row(r, statement + 1, i, &row) == 0; i++) {
		if (clock_mono_us() >= s->due_us && s->job_count < SCAN_AT_ONCE &&
		    !has_job(s, row.id))
			begin(s, &row);
	}
}

static void on_looked(void *arg, int err, const struct db_reply *r)
{
	struct scan *s = arg;
	int64_t dropped;

	s->is_looking = false;
	if (s->is_leaving)
		return;
	if (err < 0) {
		if (err != ERR_DB_AWAY && log_gate_open(&s->gate, 1, &dropped))
			log_warn("what is to be looked at for viruses is not known", F_ERR(err),
				 F_INT("unsaid", dropped));
		lease_lost(&s->lease);
	} else if (s->has_lease) {
		(void)lease_taken(&s->lease, r, 0);
	}
	if (s->lease.fence)
		take_rows(s, r, s->has_lease ? 1 : 0);
	else
		show(s, 0, 0);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct scan *s = arg;
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b;

	(void)fd;
	(void)what;
	if (s->is_looking || s->is_leaving)
		return;
	arena_done(&s->look_arena);
	b = db_batch_new(&s->look_arena, DB_WRITE, &nobody);
	if (!b)
		return;
	s->is_looking = true;
	/* Whoever cannot reach clamd lets the lease run out: on another machine there may be one.
	 */
	s->has_lease = clock_mono_us() >= s->lease.due_us && clock_mono_us() >= s->due_us;
	if (s->has_lease)
		lease_take_add(&s->lease, b);
	q_scan_counts_add(b);
	q_scan_due_add(b, &(struct q_scan_due){
				  .most = 2 * SCAN_AT_ONCE,
				  .longest_ms = CLAMD_WAIT_MAX_MS,
			  });
	db_pool_send(s->pool, b, on_looked, s);
}

/* --- Life --------------------------------------------------------------------------------- */

static void on_leaving(void *arg)
{
	struct scan *s = arg;

	s->is_leaving = true;
}

/* On the scanner's thread, the last of it. */
static void on_close(void *arg)
{
	struct scan *s = arg;

	s->is_leaving = true;
	db_pool_free(s->pool); /* what is under way calls back, and ends */
	while (!TAILQ_EMPTY(&s->jobs))
		job_free(TAILQ_FIRST(&s->jobs));
	if (s->tick)
		event_free(s->tick);
	show(s, 0, 0);
}

static void scan_free(struct scan *s)
{
	if (s->loop)
		loop_close(s->loop, on_close, s);
	arena_done(&s->look_arena);
	free(s);
}

static struct scan *scan_new(struct process *p)
{
	const struct timeval every = {.tv_usec = LOOK_MS * 1000};
	struct scan *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	TAILQ_INIT(&s->jobs);
	arena_init(&s->look_arena, ARENA_MAX);
	lease_init(&s->lease, "scan");
	s->path = p->conf->documents_clamav_socket;
	s->most_ms = p->conf->documents_clamav_timeout_ms;
	s->loop = loop_new("scan");
	if (s->loop)
		s->pool = db_pool_new(s->loop, p->conf->database_worker, 1, DB_PREPARE_SENT);
	if (s->pool)
		s->tick = event_new(loop_base(s->loop), -1, EV_PERSIST, on_tick, s);
	if (s->tick && event_add(s->tick, &every) == 0 && loop_start(s->loop) == 0)
		return s;
	scan_free(s);
	return NULL;
}

int scan_start(struct process *p)
{
	const char *path = p->conf->documents_clamav_socket;

	if (!path[0]) {
		log_info(
			"files are not looked at for viruses: [documents] clamav_socket is not set",
			F_INT("scanned", 0));
		return 0;
	}
	if (path[0] != '/' || strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path)) {
		log_error("files cannot be looked at for viruses",
			  F_Z("because", "[documents] clamav_socket is no path of a Unix socket, "
					 "which begins with / and has at most 107 bytes"));
		return ERR_INVALID;
	}
	p->scan = scan_new(p);
	return p->scan ? 0 : ERR_NOMEM;
}

void scan_stop(struct process *p)
{
	if (!p->scan)
		return;
	if (loop_post(p->scan->loop, on_leaving, p->scan) == 0)
		lease_give_back(&p->scan->lease, p->scan->loop, p->scan->pool);
	scan_free(TAKE(p->scan));
}
