/*
 * What the files projector*.c share. It belongs to the projector's thread, but for runs.
 *	projector.c         life, loading, following
 *	projector_book.c    inputs and sums in memory     projector_public.c  what everybody is told
 *	projector_atoms.c   … of which amounts        projector_owned.c  … by owner and year
 *	projector_readers.c … and who knows more of them   projector_rules.c  … made by which rules
 *	projector_told.c    which of them everybody's totals stand by
 *	projector_row.c     prints of a row           projector_bytes.c  … kept as bytes
 *	projector_book_find.c  what is looked up in a whole book
 *	projector_ask.c     questions and who waits   projector_publish.c  … kept in the database
 *	projector_answer.c  receipts as JSON          projector_shown.c  what a reader is shown
 *	projector_items.c   … which figures those are  projector_pairs.c  … of two dimensions
 *	projector_freezer.c   runs and movements, on a thread of its own
 *	projector_freeze.c    a run: everything at once; …_simulate.c  its percentiles; …_input.c
 *	projector_compare.c   a movement between two; projector_moved*.c, projector_kept.c
 *	projector_tell.c    projection.changed      projector_year_end.c  closes a year
 *	projector_work.c    a run that is looked at while it is made
 *	projector_percentile.c  what the simulator is given, and has answered
 *	projector_simulator.c   … on a thread of its own
 */
#pragma once

#include <sys/queue.h>

#include "daemon/base/log.h"
#include "daemon/db/db.h"
#include "daemon/db/lease.h"
#include "libassets/base/arena.h"
#include "libassets/base/buf.h"
#include "projector.h"
#include "projector_book.h"
#include "projector_percentile.h"
#include "projector_tell.h"
#include "projector_year_end.h"

enum {
	PROJECTOR_PAGE = 2000,           /* assets loaded at a time */
	PROJECTOR_SPAN = 500,            /* positions followed at a time */
	PROJECTOR_WAITERS_MAX = 10000,   /* questions that wait; more are refused */
	PROJECTOR_EVENTS = 1 << 16,      /* newest events remembered by id */
	PROJECTOR_ANSWER_MAX = 64 << 20, /* bytes */
	PROJECTOR_RUN_MAX = 512 << 20,   /* … of a run's figures and inputs */
	PROJECTOR_BATCH_MAX = 64 << 20,  /* bytes */
};

struct projector_said;
struct public;

struct ask {
	TAILQ_ENTRY(ask) link;
	struct arena arena;
	struct projector *projector;
	struct projector_question q;
	struct flow_ticket *ticket; /* NULL: done() is told, on any thread, and owns the bytes */
	void (*done)(void *arg, int err, struct blob *bytes);
	void *done_arg;
	struct projector_said
		*said;    /* how far it is; alive until done() is told; NULL: nobody looks */
	int64_t until_us; /* monotonic */
};

struct projector {
	struct process *process;
	struct loop *loop;
	struct db_pool *pool;
	struct event *timer;
	struct feed_follower *follower;
	struct arena arena; /* of the batch under way */
	bool is_busy;       /* a batch is under way */
	bool is_leaving;
	struct book *book;     /* what is served; NULL before the first load */
	struct book *fresh;    /* being loaded */
	struct public *public; /* what everybody is told of it */
	int64_t fresh_position;
	char after[31];   /* the last asset loaded */
	int64_t position; /* followed up to here */
	int64_t framed;   /* the book's frame is as of here */
	int64_t unframed; /* the first change after it that asks for another; 0: none */
	int64_t newest;   /* where the feed stands */
	bool is_stale;    /* to be loaded anew */
	struct day today;
	TAILQ_HEAD(, ask) asks;
	uint32_t ask_count;
	struct freezer *freezer; /* runs */
	struct course course;
	struct year_end year_end;
	struct seen_event {
		char id[31];
		int64_t position;
	} * event; /* ring of PROJECTOR_EVENTS, newest at event_next - 1 */
	uint32_t event_next;
	struct buf telling[3]; /* what everybody is to be told, being kept: as it is, and what is
				  new */
	struct lease lease;
	bool is_known;     /* what was told last is in `told` */
	struct told *told; /* by partner of the book */
	uint32_t tolds;
	int64_t tell_due_us; /* monotonic: when one that waits may be told; INT64_MAX: none */
	struct log_gate gate, unsound_gate; /* one kind of news may not hide another */
};

/* A batch in p->arena, which it clears; one at a time. */
struct db_batch *projector_batch(struct projector *p, enum db_purpose purpose);
void projector_send(struct projector *p, struct db_batch *b, db_done_fn *done);

/* Do whatever is due: load, follow, tell. */
void projector_turn(struct projector *p);

/* Answer those whose question can be answered now, and those who have waited too long. */
void projector_serve(struct projector *p);
/* What is served includes everything up to here: all that is followed, or what its frame is of. */
int64_t projector_includes(const struct projector *p);
/* … and this event, which was followed. */
bool projector_has_event(const struct projector *p, struct str event_id);

/*
 * Have a run made with nobody waiting for it: of the data of another day and moment. ERR_NOMEM;
 * else done() is called once, maybe before this returns.
 */
MUST_CHECK int projector_freeze(struct projector *p, const struct projector_question *q,
				void (*done)(void *arg, int err, struct blob *bytes), void *arg);

/*
 * Ask without a ticket, from any thread: done() is told once, and until then how far it is. False:
 * it was not asked, and nobody is told.
 */
bool projector_ask_apart(struct projector *p, const struct projector_question *q,
			 struct projector_said *said,
			 void (*done)(void *arg, int err, struct blob *bytes), void *arg);

/* The asker has its answer, or the error; the question is gone. From any thread. */
void projector_reply(struct ask *a, int err, struct buf *out);

/*
 * Receipts of a book as JSON, appended; position: what they say they include. told: what everybody
 * is told, NULL for a run, which shows nobody else's figures. On the thread that the book belongs
 * to. ERR_NOT_FOUND, ERR_NOMEM.
 */
MUST_CHECK int projector_receipts(struct book *b, const struct public *told, int64_t position,
				  const struct projector_question *q, struct buf *out);

/* What is wrong with the parameters of a run, as the answer {"flaws": [...]}. */
void projector_put_flaws(struct buf *out, const struct flaws *flaws);

/* Log that something failed, not too often. */
void projector_complain(struct projector *p, const char *what, int err);
