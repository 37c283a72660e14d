/*
 * The overlay of a run: read, looked up as whoever asks may see its assets, and made into inputs
 * that the freezer lays over its own.
 *
 * The assets are read before the run is made and once more after it. Only when nothing of them
 * has changed between does the run hold what was so at its position.
 */
#pragma once

#include "daemon/flow/flow.h"
#include "libassets/projection/overlay.h"
#include "libassets/projection/run.h"

struct run_overlay {
	struct overlay overlay;
	struct str seen; /* the assets' rows as one text, to be compared */
	struct str rows; /* for struct projector_question; absent: there is no overlay */
	struct str json; /* what is kept with the run */
};

/* Take `overlay` out of the body. Flaws are left to be looked at with those of the body. ERR_NOMEM
 */
MUST_CHECK int run_overlay_read(struct flow *f, struct run_overlay *o);

/* Add two statements that look the assets up, as of the run's day and moment. */
void run_overlay_ask(struct flow *f, const struct run_overlay *o, const struct run *run);
/*
 * Make `seen` and `rows` of what they gave, the first of them number `statement`.
 *
 * ret_authority: whose run it has to be: the one that leads or owns all of the assets and for
 * which the caller may freeze; absent, where it may for all. Untouched without an overlay.
 * ERR_INVALID  see f->flaws: NOT_FOUND, NOT_PERMITTED, NOT_TOGETHER and those of overlay_lay
 * ERR_NOMEM, ERR_BUG
 */
MUST_CHECK int run_overlay_take(struct flow *f, struct run_overlay *o, const struct run *run,
				int statement, struct str *ret_authority);
/* Are the assets still as they were seen? 0, ERR_NOT_READY; ERR_BUG, ERR_NOMEM. */
MUST_CHECK int run_overlay_check(struct flow *f, const struct run_overlay *o, const struct run *run,
				 int statement);
