/*
 * Work that is too long for a turn of a worker's loop, on one thread of its own.
 *
 * A job is an object that goes there with a ticket and comes back by it; in between nobody
 * else touches it. It is done in slices, in turn with the others that are there: a short one
 * does not wait for a long one to end, and one that nobody waits for any more is dropped
 * after its slice.
 */
#pragma once

#include <sys/queue.h>

#include "libassets/base/base.h"

struct aside;
struct blob;
struct flow_ticket;

/* Lists and the like there may be at one time, the one at work among them. */
enum { ASIDE_JOBS_MAX = 4 };

/* Lives in its owner, the blob that frees it. */
struct aside_job {
	/*
	 * One slice, some 20 ms of work, on the aside thread: true when there is more to do. What
	 * came of it stands in the object.
	 */
	bool (*slice)(struct aside_job *job);
	/* How many may be there when it comes, where that is fewer than the thread takes; 0: as
	 * many. */
	int most;

	/* aside.c's own. */
	struct aside *aside;
	struct blob *owner;
	struct flow_ticket *ticket;
	TAILQ_ENTRY(aside_job) link;
};

/* Starts a thread of that name that takes so many jobs at one time. NULL without memory. */
struct aside *aside_new(const char *name, int jobs_max);
/* End it: jobs that are left are woken with ERR_DRAINING. After all who give jobs. Takes NULL. */
void aside_free(struct aside *a);

/*
 * Do a job, whose slice is set. `owner` and the ticket are taken; the ticket is woken with the
 * owner, from the aside thread with 0, or with ERR_BUSY at once when as many are there as may be.
 */
void aside_do(struct aside *a, struct aside_job *job, struct blob *owner,
	      struct flow_ticket *ticket);
