/*
 * The run that closes a financial year: when 31 March has ended in London, whoever holds the
 * projector's lease freezes the register as it was then known, with nobody asking. What it comes to
 * follows from the day and the moment alone, so it is the same when it is made late; and the table
 * takes one for a year, so two that both make it write one.
 */
#pragma once

#include <stdatomic.h>

#include "libassets/base/arena.h"
#include "libassets/base/day.h"
#include "libassets/base/moment.h"

struct blob;
struct projector;

struct year_end {
	bool is_under_way;
	int64_t due_us;       /* monotonic: not looked before */
	struct day looked_on; /* on this day there was nothing to do */
	/* The year that is being closed, in the words of its row. */
	char ends_on[DAY_TEXT], known_at[MOMENT_TEXT], name[32];
	/* What came of it, put by the freezer's thread and taken by the projector's. */
	_Atomic bool is_made;
	int err;
	struct blob *made;
	struct arena arena; /* while it is stored */
};

/* Do what is due. On the projector's thread, which holds the lease and waits for nothing. */
void year_end_turn(struct projector *p);
/* When all threads have ended. */
void year_end_done(struct projector *p);
