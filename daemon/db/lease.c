/*
 * Taking, keeping and leaving a lease. The statements are sql/queries/lease_*.sql.
 *
 * Taking and keeping ride in a batch that its thread sends anyway. Leaving is waited for by
 * the main thread, by a semaphore and not a message: that thread is at its end and has no
 * loop that turns. What the two share is counted, for the wait may end before the batch does.
 */
#include "lease.h"

#include <inttypes.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/id.h"
#include "daemon/base/log.h"
#include "daemon/base/loop.h"
#include "db.h"
#include "q.h"

/* Seconds that leaving may take (whoever comes next can also wait for the lease's end); bytes. */
enum { FAREWELL_S = 1, FAREWELL_ARENA_MAX = 64 * 1024 };

void lease_init(struct lease *l, const char *name)
{
	char host[48] = "";
	uint64_t chance;

	id_random(&chance, sizeof(chance));
	(void)gethostname(host, sizeof(host) - 1);
	*l = (struct lease){.name = name};
	(void)snprintf(l->holder, sizeof(l->holder), "%s/%ld/%016" PRIx64, host, (long)getpid(),
		       chance);
}

void lease_take_add(struct lease *l, struct db_batch *b)
{
	q_lease_take_add(b, &(struct q_lease_take){
				    .name = str_of(l->name),
				    .holder = str_of(l->holder),
				    .seconds = LEASE_S,
			    });
	l->due_us = clock_mono_us() + LEASE_KEEP_MS * INT64_C(1000);
	l->asked_us = clock_boot_us(); /* the database counts from later */
}

bool lease_taken(struct lease *l, const struct db_reply *r, int statement)
{
	struct q_lease_take_row row;
	int64_t fence = q_lease_take_one(r, statement, &row) == 0 ? row.fence : 0;

	if (fence && fence != l->fence)
		log_info("lease taken", F_Z("name", l->name), F_INT("fence", fence));
	else if (!fence && l->fence)
		log_warn("lease lost", F_Z("name", l->name), F_INT("fence", l->fence));
	l->fence = fence;
	l->sure_us = fence ? l->asked_us + LEASE_S * INT64_C(1000000) : 0;
	return fence != 0;
}

bool lease_is_sure(const struct lease *l)
{
	return clock_boot_us() < l->sure_us;
}

void lease_lost(struct lease *l)
{
	if (l->fence)
		log_warn("lease in doubt", F_Z("name", l->name), F_INT("fence", l->fence));
	l->fence = 0;
	l->due_us = l->sure_us = 0;
}

/* What is said on leaving; it lives until the pool has called back, or is closed. */
struct farewell {
	struct lease *lease;
	struct db_pool *pool;
	struct arena arena;
	sem_t said;
	_Atomic int users; /* the main thread, and the batch */
};

static void farewell_leave(struct farewell *f)
{
	if (atomic_fetch_sub(&f->users, 1) > 1)
		return;
	(void)sem_destroy(&f->said);
	arena_done(&f->arena);
	free(f);
}

static void on_said(void *arg, int err, const struct db_reply *reply)
{
	struct farewell *f = arg;

	(void)err;
	(void)reply;
	(void)sem_post(&f->said);
	farewell_leave(f);
}

/* On the pool's thread. */
static void on_farewell(void *arg)
{
	struct farewell *f = arg;
	const struct db_actor nobody = {.now_us = clock_now_us()};
	struct db_batch *b = NULL;

	if (f->lease->fence)
		b = db_batch_new(&f->arena, DB_WRITE, &nobody);
	if (!b) {
		on_said(f, 0, NULL);
		return;
	}
	/* What is answered from here on may be answered beside the next holder, who sends it. */
	f->lease->sure_us = 0;
	q_lease_leave_add(b, &(struct q_lease_leave){
				     .name = str_of(f->lease->name),
				     .fence = f->lease->fence,
			     });
	db_pool_send(f->pool, b, on_said, f);
}

void lease_give_back(struct lease *l, struct loop *loop, struct db_pool *pool)
{
	struct farewell *f = calloc(1, sizeof(*f));
	struct timespec until;

	if (!f || sem_init(&f->said, 0, 0)) {
		free(f);
		return;
	}
	f->lease = l;
	f->pool = pool;
	f->users = 2;
	arena_init(&f->arena, FAREWELL_ARENA_MAX);
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += FAREWELL_S;
	if (loop_post(loop, on_farewell, f) == 0)
		(void)sem_clockwait(&f->said, CLOCK_MONOTONIC, &until);
	else
		farewell_leave(f);
	farewell_leave(f);
}
