/*
 * What only one process may do at a time: a row of the table `lease` with a fence that grows
 * with each new holder. What is written never rests on time: whatever a holder writes names its
 * fence, and a holder of yesterday writes nothing. The end in time says when another may take
 * over from one that has died, by the database's clock alone; and until when a holder may do
 * what nobody can refuse it, such as to send, by a clock of its own that nobody sets.
 */
#pragma once

#include "libassets/base/base.h"

struct db_batch;
struct db_pool;
struct db_reply;
struct loop;

enum {
	LEASE_S = 5,            /* seconds after which a silent holder is taken for dead */
	LEASE_KEEP_MS = 1500,   /* renewed so often; and so often somebody else tries */
	LEASE_HOLDER_TEXT = 96, /* room for host, process and chance, with NUL */
};

/* This process's side of one lease; on one thread. */
struct lease {
	const char *name;               /* "feed", "hooks", "projector"; a constant */
	char holder[LEASE_HOLDER_TEXT]; /* this part of this process, no other's ever */
	int64_t fence;                  /* 0 while somebody else has it */
	int64_t due_us;                 /* monotonic: when to renew or try next */
	int64_t asked_us;               /* by clock_boot_us: when it was last asked for */
	int64_t sure_us;                /* by the same: until then nobody else can have it */
};

/* One that is not held, due at once. */
void lease_init(struct lease *l, const char *name);

/* Add the statement that takes or keeps it, and say when it is due again. */
void lease_take_add(struct lease *l, struct db_batch *b);

/*
 * What it said, `statement` being its number in the reply. True if the lease is ours; logs
 * when that has changed.
 */
bool lease_taken(struct lease *l, const struct db_reply *r, int statement);

/*
 * Can nobody else have it yet? One that was stopped for a while is not told that another has gone
 * on, and must not do again what that one has done.
 */
bool lease_is_sure(const struct lease *l);

/* The database could not be asked, or a statement found the fence gone: start again. */
void lease_lost(struct lease *l);

/*
 * Give it back by a batch of its own on the loop of the pool, and wait for that, a second at
 * most, so that whoever comes next need not wait for the lease's end. For the main thread, before
 * it closes the loop; nobody may use the lease afterwards.
 */
void lease_give_back(struct lease *l, struct loop *loop, struct db_pool *pool);
