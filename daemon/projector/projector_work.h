/*
 * A run that is made for who looks now and then, and does not wait for it: how far it is, said by
 * the thread that makes it, and in the end the run.
 */
#pragma once

#include <stdatomic.h>

#include "projector.h"

enum projector_step {
	WORK_WAIT, /* others are made before it */
	WORK_SETTLE,
	WORK_READ, /* of how many is not known */
	WORK_COUNT,
	WORK_SIMULATE,
	WORK_FIGURES,
	WORK_INPUTS,
};

/* One word, so that nobody reads half of it. */
struct projector_said {
	_Atomic uint64_t packed;
};

/* `of` 0: nobody knows. */
struct projector_progress {
	enum projector_step step;
	uint32_t done, of;
};

void projector_say(struct projector_said *s, struct projector_progress progress);

/*
 * Ask for it: a question of kind ASK_FREEZE. The work is the owner's, of which this gives a share;
 * without it, nobody gets the run. NULL without memory, or where there is no projector.
 */
struct projector_work;
struct projector_work *projector_work_new(struct projector *p, const struct projector_question *q,
					  struct blob **ret_owner);
/* From the thread that asked. */
struct projector_progress projector_work_look(const struct projector_work *w);
bool projector_work_is_made(const struct projector_work *w);
/* Once it is made: the run as an answer of projector_ask, to be taken once; and its error. */
int projector_work_take(struct projector_work *w, struct blob **ret_run);
/* "SIMULATE" */
const char *projector_step_word(enum projector_step step);
