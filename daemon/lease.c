/*
 * Taking, keeping and leaving a lease. The statements are sql/queries/lease_*.sql.
 */
#include "lease.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "db.h"
#include "id.h"
#include "log.h"
#include "q.h"

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
	return fence != 0;
}

void lease_lost(struct lease *l)
{
	if (l->fence)
		log_warn("lease in doubt", F_Z("name", l->name), F_INT("fence", l->fence));
	l->fence = 0;
	l->due_us = 0;
}

void lease_leave_add(const struct lease *l, struct db_batch *b)
{
	q_lease_leave_add(b, &(struct q_lease_leave){.name = str_of(l->name), .fence = l->fence});
}
