/*
 * A loop whose only event is its next turn: it takes the first job, does a slice, and puts it
 * behind the others. Between two turns the loop ticks and takes its messages, so a long job
 * does not look like a stuck thread.
 *
 * Who gives a job touches the count and the mailbox alone; all else is the thread's.
 */
#include "aside.h"

#include <event2/event.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "daemon/base/fault.h"
#include "daemon/base/loop.h"
#include "daemon/base/metric.h"
#include "flow.h"
#include "libassets/base/err.h"

struct aside {
	struct loop *loop;
	struct event *turn;
	int jobs_max;
	_Atomic int count; /* of jobs given and not yet over */
	/* The thread's. */
	TAILQ_HEAD(aside_jobs, aside_job) jobs;
};

static void job_over(struct aside_job *job, int err)
{
	struct aside *a = job->aside;
	struct flow_ticket *ticket = TAKE(job->ticket);

	/* Who is woken may give a job at once, and owns this one. */
	atomic_fetch_sub(&a->count, 1);
	metric_add(METRIC_ASIDE_JOBS, -1);
	flow_wake(ticket, err, TAKE(job->owner));
}

/* Soon, but not before the loop has looked at its mailbox: so it is a timer. */
static void next_turn(struct aside *a)
{
	const struct timeval now = {0};

	if (!TAILQ_EMPTY(&a->jobs))
		(void)event_add(a->turn, &now);
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	struct aside *a = arg;
	struct aside_job *job = TAILQ_FIRST(&a->jobs);
	bool is_more = false;

	(void)fd;
	(void)what;
	if (!job)
		return;
	TAILQ_REMOVE(&a->jobs, job, link);
	(void)FAULT_POINT(ASIDE_SLICE);
	if (flow_is_awaited(job->ticket))
		is_more = job->slice(job);
	if (is_more)
		TAILQ_INSERT_TAIL(&a->jobs, job, link);
	else
		job_over(job, 0);
	next_turn(a);
}

static void on_job(void *arg)
{
	struct aside_job *job = arg;

	TAILQ_INSERT_TAIL(&job->aside->jobs, job, link);
	next_turn(job->aside);
}

/* Counted before it is posted, so that two who come at once cannot both be the last. */
void aside_do(struct aside *a, struct aside_job *job, struct blob *owner,
	      struct flow_ticket *ticket)
{
	int most = job->most && job->most < a->jobs_max ? job->most : a->jobs_max;

	job->aside = a;
	job->owner = owner;
	job->ticket = ticket;
	metric_add(METRIC_ASIDE_JOBS, 1);
	if (atomic_fetch_add(&a->count, 1) >= most || loop_post(a->loop, on_job, job) < 0)
		job_over(job, ERR_BUSY);
}

struct aside *aside_new(const char *name, int jobs_max)
{
	struct aside *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	TAILQ_INIT(&a->jobs);
	a->jobs_max = jobs_max;
	a->loop = loop_new(name);
	if (a->loop)
		a->turn = event_new(loop_base(a->loop), -1, 0, on_turn, a);
	if (a->turn && loop_start(a->loop) == 0)
		return a;
	aside_free(a);
	return NULL;
}

static void run_close(void *arg)
{
	struct aside *a = arg;
	struct aside_job *job;

	while ((job = TAILQ_FIRST(&a->jobs))) {
		TAILQ_REMOVE(&a->jobs, job, link);
		job_over(job, ERR_DRAINING);
	}
	if (a->turn)
		event_free(a->turn);
}

void aside_free(struct aside *a)
{
	if (!a)
		return;
	loop_close(a->loop, run_close, a);
	free(a);
}
