/*
 * Collecting faults of input. Bounded: a hostile body cannot make a large answer.
 *
 * Beyond FLAW_MAX they are counted and not kept. Without memory for them too: count then says
 * that the input is not valid, though not why.
 */
#include "flaw.h"

#include "libassets/base/err.h"

void flaws_init(struct flaws *f, struct arena *arena)
{
	*f = (struct flaws){.arena = arena};
}

void flaw_add(struct flaws *f, struct str pointer, struct str code, struct str detail,
	      struct str cure)
{
	/* All rows at once: growing would leave every smaller list behind in the arena. */
	if (!f->at)
		f->at = ARENA_ARRAY(f->arena, FLAW_MAX, struct flaw);
	if (f->at && f->count < FLAW_MAX) {
		f->at[f->count] = (struct flaw){
			.pointer = arena_str(f->arena, pointer),
			.code = arena_str(f->arena, code),
			.detail = arena_str(f->arena, detail),
			.cure = arena_str(f->arena, cure),
		};
	}
	f->count++;
}

bool flaw_is_in(const struct flaw *flaw, struct str member, struct str *ret_inside)
{
	struct str rest = flaw->pointer, inside;

	if (!rest.len || rest.at[0] != '/')
		return false;
	if (!str_eq(str_cut((struct str){rest.at + 1, rest.len - 1}, '/', &inside), member))
		return false;
	*ret_inside = inside;
	return true;
}

int flaws_err(const struct flaws *f)
{
	if (!f->count)
		return 0;
	return f->is_range ? ERR_RANGE : ERR_INVALID;
}
