/*
 * Looked up anew for each question: rights may have changed since the last one.
 *
 * On the projector's thread, or a run's with a book of its own.
 */
#include "projector_shown.h"

#include "libassets/base/arena.h"
#include "libassets/base/err.h"

static void own_find(struct shown_to *to, const struct projector_reader *r)
{
	uint32_t own;

	for (uint32_t i = 0; i < to->book->partner.count; i++)
		to->money[i] = r->is_everywhere;
	for (size_t i = 0; i < r->authorities; i++) {
		if (names_find(&to->book->partner, r->authority_id[i], &own) == 0)
			to->money[own] = true;
	}
}

int shown_init(struct shown_to *ret_to, const struct book *b, const struct projector_question *q,
	       struct arena *arena)
{
	struct shown_to *to = ret_to;
	const struct cpp_member *m = b->member;

	*to = (struct shown_to){
		.book = b,
		.money = ARENA_ARRAY(arena, b->partner.count + 1, bool),
		.totals = ARENA_ARRAY(arena, b->partner.count + 1, bool),
		.cpp = ARENA_ARRAY(arena, b->cpp.count + 1, bool),
		.whole = ARENA_ARRAY(arena, b->cpp.count + 1, bool),
		.is_everywhere = q->reader.is_everywhere,
		.is_nobody = !q->reader.is_everywhere && !q->reader.authorities,
	};
	if (!to->money || !to->totals || !to->cpp || !to->whole)
		return ERR_NOMEM;
	own_find(to, &q->reader);
	for (uint32_t i = 0; i < b->members; i++)
		to->cpp[m[i].cpp] |= to->money[m[i].partner];
	for (uint32_t i = 0; i < b->cpp.count; i++)
		to->whole[i] = to->cpp[i];
	for (uint32_t i = 0; i < b->members; i++)
		to->whole[m[i].cpp] &= to->money[m[i].partner];
	for (uint32_t i = 0; i < b->cpp.count && q->reader.chose_sums; i++)
		to->cpp[i] = to->whole[i];
	for (uint32_t i = 0; i < b->partner.count; i++)
		to->totals[i] = to->money[i];
	if (q->reader.chose_sums)
		return 0;
	for (uint32_t i = 0; i < b->members; i++)
		to->totals[m[i].partner] |= to->cpp[m[i].cpp];
	return 0;
}

bool shown_reads(const struct shown_to *to, enum rollup_dim dim, uint32_t key)
{
	if (to->is_everywhere)
		return true;
	if (dim == ROLLUP_PARTNER)
		return key < to->book->partner.count && to->totals[key];
	return dim == ROLLUP_CPP && key < to->book->cpp.count && to->cpp[key];
}

bool shown_reads_money(const struct shown_to *to, enum rollup_dim dim, uint32_t key)
{
	if (to->is_everywhere)
		return true;
	if (dim == ROLLUP_PARTNER)
		return key < to->book->partner.count && to->money[key];
	return dim == ROLLUP_CPP && key < to->book->cpp.count && to->whole[key];
}
