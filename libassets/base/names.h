/*
 * Names as small numbers: the first name is 0, the next new one 1. Inner loops work with the
 * numbers; the edge keeps the names.
 *
 * Not for many threads at once. Everything lives in the arena given at the start.
 */
#pragma once

#include "arena.h"

struct names {
	struct arena *arena;
	struct str *at; /* by number */
	uint32_t count;
	uint32_t room;
	uint32_t *slot; /* hash table of number + 1, 0 is free; twice `room` slots */
};

enum { NAMES_MAX = 1 << 26 };

/* No names yet. The arena is borrowed and must outlive what is read of n. */
void names_init(struct names *n, struct arena *arena);

/*
 * The number of a name; a new one is copied and gets the next. An absent name is the empty
 * one. A number stays the same for the life of n, while `at` and `slot` move as it grows.
 * ERR_NOMEM  no room in the arena.    ERR_LIMIT  there are NAMES_MAX already.
 */
MUST_CHECK int names_number(struct names *n, struct str name, uint32_t *ret_number);

/* The number of a known name. ERR_NOT_FOUND  it is not known. */
MUST_CHECK int names_find(const struct names *n, struct str name, uint32_t *ret_number);

/*
 * All numbers in the order of their names (str_cmp), `count` of them, in the arena given
 * here, which takes twice that room.
 * ERR_NOMEM  no room.
 */
MUST_CHECK int names_sorted(const struct names *n, struct arena *arena, uint32_t **ret_order);
