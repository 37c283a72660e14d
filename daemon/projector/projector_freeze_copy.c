/*
 * A run of the data as they are begins with a copy of the projector's inputs, on the projector's
 * thread, and waits with it until the freezer comes to it.
 */
#include "libassets/base/err.h"
#include "projector_freeze.h"
#include "projector_private.h"

enum { FLAWS_MAX = 1 << 20 };

int freeze_reserve(struct freeze *z, const struct book *from, _Atomic size_t *copied, size_t most)
{
	size_t bytes = book_bytes(from), before = *copied;

	if (before && before + bytes > most)
		return ERR_BUSY;
	z->bytes = bytes;
	z->copied = copied;
	*copied += bytes;
	return 0;
}

int freeze_copy(struct freeze *z, const struct book *from, int64_t position)
{
	const struct projector_question *q = &z->ask->q;
	struct arena arena;
	struct flaws flaws;
	int err;

	arena_init(&arena, FLAWS_MAX);
	flaws_init(&flaws, &arena);
	err = q->is_glance ? glance_begin(z, from, &flaws)
			   : book_under(from, q->as_of, q->parameters, &flaws, &z->book);
	if (err < 0 && flaws.count)
		projector_put_flaws(&z->out, &flaws);
	arena_done(&arena);
	z->position = position;
	z->phase = FREEZE_COUNT;
	return err;
}
