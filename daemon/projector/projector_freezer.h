/*
 * Where runs are made: a thread of its own, so that neither the projector nor a worker stands
 * still for one. One run at a time, in small pieces of work; the others wait in a short list. A
 * movement or a look at totals goes between two pieces of a run that is under way.
 *
 * A run of the data as they are gets the projector's inputs, copied at once; one of another
 * day or moment reads its own from the database, page by page, over a connection that is
 * opened for it and closed after it. Its memory is a second book, and a third for each that waits
 * with inputs of the projector's, of which there are at most sixteen, and as many as
 * freeze_means.copies has room for.
 * Movements are worked out here too, and the latest are kept for further pages of their rows.
 */
#pragma once

#include "libassets/base/base.h"

struct ask;
struct book;
struct freeze_means;
struct freezer;

/* conninfo: where to read the past from. NULL without memory. */
struct freezer *freezer_new(const char *conninfo, const struct freeze_means *means);
/* Whoever still waits is told ERR_DRAINING. Accepts NULL. */
void freezer_free(struct freezer *f);

/*
 * Make the run, or the movement, that is asked for: of `from`, whose thread this is, at that
 * position, or, where the question names a day and a moment, of the database. The question is taken
 * and will be replied to: ERR_BUSY when too many wait, ERR_NOT_READY when it took too long,
 * ERR_NOMEM.
 */
void freezer_take(struct freezer *f, struct ask *a, const struct book *from, int64_t position);
