/*
 * A hash table with open addressing over an array of names. Growing copies both; the old
 * ones stay in the arena until it ends, at most as much again. Sorting is a merge of runs
 * from below: no recursion; no two names are equal, so there is one order.
 */
#include "names.h"

#include "err.h"
#include "fnv.h"

/* Names there is room for at first; doubled from then on, so a power of two. */
enum { FIRST_ROOM = 16 };

void names_init(struct names *n, struct arena *arena)
{
	*n = (struct names){.arena = arena};
}

/* Finished by a multiplication so that the low bits depend on all. */
static uint64_t hash(struct str s)
{
	uint64_t h = fnv_text(FNV_BEGIN, s);

	return (h ^ (h >> 32)) * 0x9E3779B97F4A7C15u >> 32;
}

/* The slot of the name, or the free one where it belongs. */
static uint32_t *slot_of(const struct names *n, struct str name)
{
	uint32_t mask = 2 * n->room - 1;

	for (uint32_t i = (uint32_t)hash(name) & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &n->slot[i];

		if (!*slot || str_eq(n->at[*slot - 1], name))
			return slot;
	}
}

/* Twice the room, so the table is never more than half full and probing stays short. */
static int grow(struct names *n)
{
	struct names more = *n;

	if (n->count >= NAMES_MAX)
		return ERR_LIMIT;
	more.room = n->room ? 2 * n->room : FIRST_ROOM;
	more.at = ARENA_ARRAY(n->arena, more.room, struct str);
	more.slot = ARENA_ARRAY(n->arena, 2 * (size_t)more.room, uint32_t);
	if (!more.at || !more.slot)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < n->count; i++) {
		more.at[i] = n->at[i];
		*slot_of(&more, n->at[i]) = i + 1;
	}
	*n = more;
	return 0;
}

int names_find(const struct names *n, struct str name, uint32_t *ret_number)
{
	const uint32_t *slot = n->room ? slot_of(n, name) : NULL;

	if (!slot || !*slot)
		return ERR_NOT_FOUND;
	*ret_number = *slot - 1;
	return 0;
}

int names_number(struct names *n, struct str name, uint32_t *ret_number)
{
	struct str copy;
	int r;

	if (names_find(n, name, ret_number) == 0)
		return 0;
	if (n->count == n->room) {
		r = grow(n);
		if (r < 0)
			return r;
	}
	copy = arena_str(n->arena, str_is_null(name) ? STR("") : name);
	if (str_is_null(copy))
		return ERR_NOMEM;
	*slot_of(n, copy) = n->count + 1;
	n->at[n->count] = copy;
	*ret_number = n->count++;
	return 0;
}

/* Merge two sorted runs of numbers into `to`. */
static void merge(const struct str *name, const uint32_t *a, const uint32_t *mid,
		  const uint32_t *end, uint32_t *to)
{
	const uint32_t *b = mid;

	while (a < mid || b < end) {
		if (b == end || (a < mid && str_cmp(name[*a], name[*b]) <= 0))
			*to++ = *a++;
		else
			*to++ = *b++;
	}
}

int names_sorted(const struct names *n, struct arena *arena, uint32_t **ret_order)
{
	uint32_t *order = ARENA_ARRAY(arena, n->count, uint32_t);
	uint32_t *spare = ARENA_ARRAY(arena, n->count, uint32_t);
	size_t count = n->count;

	if (!order || !spare)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < n->count; i++)
		order[i] = i;
	for (size_t run = 1; run < count; run *= 2) {
		uint32_t *swap = order;

		for (size_t i = 0; i < count; i += 2 * run) {
			size_t mid = i + run < count ? i + run : count;
			size_t end = mid + run < count ? mid + run : count;

			merge(n->at, order + i, order + mid, order + end, spare + i);
		}
		order = spare;
		spare = swap;
	}
	*ret_order = order;
	return 0;
}
