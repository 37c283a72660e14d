/*
 * Two threads have a share each: who asked, and who makes it. They touch nothing of it at the same
 * time but two atomics, and whoever lets go last frees it.
 */
#include "projector_work.h"

#include <stdlib.h>

#include "daemon/http/http.h"
#include "libassets/base/err.h"
#include "projector_private.h"

enum { PART_BITS = 28, PART_MASK = (1 << PART_BITS) - 1 };

struct projector_work {
	struct blob *owner; /* not a share: there is one as long as this is there */
	struct projector_said said;
	_Atomic bool is_made;
	/* The maker's until it is made. */
	int err;
	struct blob *run;
};

void projector_say(struct projector_said *s, struct projector_progress p)
{
	while (p.of >> PART_BITS || p.done >> PART_BITS) {
		p.of >>= 1;
		p.done >>= 1;
	}
	atomic_store(&s->packed,
		     (uint64_t)p.step << 2 * PART_BITS | (uint64_t)p.done << PART_BITS | p.of);
}

struct projector_progress projector_work_look(const struct projector_work *w)
{
	uint64_t packed = atomic_load(&w->said.packed);

	return (struct projector_progress){
		.step = (enum projector_step)(packed >> 2 * PART_BITS),
		.done = (uint32_t)(packed >> PART_BITS & PART_MASK),
		.of = (uint32_t)(packed & PART_MASK),
	};
}

bool projector_work_is_made(const struct projector_work *w)
{
	return atomic_load(&w->is_made);
}

int projector_work_take(struct projector_work *w, struct blob **ret_run)
{
	*ret_run = TAKE(w->run);
	return w->err;
}

const char *projector_step_word(enum projector_step step)
{
	static const char *const word[] = {
		[WORK_WAIT] = "WAIT",     [WORK_SETTLE] = "SETTLE",     [WORK_READ] = "READ",
		[WORK_COUNT] = "COUNT",   [WORK_SIMULATE] = "SIMULATE", [WORK_FIGURES] = "FIGURES",
		[WORK_INPUTS] = "INPUTS",
	};

	return word[step];
}

static void work_free(void *arg)
{
	struct projector_work *w = arg;

	blob_unref(w->run);
	free(w);
}

/* On whichever thread has come to know it. */
static void on_made(void *arg, int err, struct blob *run)
{
	struct projector_work *w = arg;
	struct blob *owner = w->owner;

	w->err = err;
	w->run = run;
	atomic_store(&w->is_made, true);
	blob_unref(owner);
}

struct projector_work *projector_work_new(struct projector *p, const struct projector_question *q,
					  struct blob **ret_owner)
{
	struct projector_work *w = calloc(1, sizeof(*w));

	*ret_owner = NULL;
	if (!w)
		return NULL;
	w->owner = blob_of((struct str){"", 0}, work_free, w);
	if (!w->owner)
		return NULL;
	*ret_owner = blob_ref(w->owner);
	if (projector_ask_apart(p, q, &w->said, on_made, w))
		return w;
	blob_unref(w->owner);
	blob_unref(TAKE(*ret_owner));
	return NULL;
}
