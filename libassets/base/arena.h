/*
 * Memory with the lifetime of one piece of work: a request, an import line, a run. All of
 * it is released at once; nothing taken from an arena is freed by itself.
 *
 * An arena is born with its maximum. When that, or memory, is used up, arena_alloc gives
 * NULL and the caller returns ERR_NOMEM. One thread at a time.
 */
#pragma once

#include <stdarg.h>

#include "base.h"
#include "str.h"

struct arena_block;

struct arena {
	struct arena_block *block; /* the newest, which links to older ones */
	size_t used_bytes;         /* given out of all blocks, padding included */
	size_t max_bytes;          /* of used_bytes */
};

/* An empty arena that gives out at most max_bytes, for arena_done(). Allocates nothing yet. */
void arena_init(struct arena *a, size_t max_bytes);

/* Release everything taken from it. The arena is empty and may be used again. */
void arena_done(struct arena *a);

/*
 * `size` zeroed bytes aligned for any type, NULL when there is no room. Of size 0 it is a
 * pointer of its own, so that NULL means one thing only.
 */
void *arena_alloc(struct arena *a, size_t size);

/* As arena_alloc for n items, NULL also when n * size does not fit. */
void *arena_array(struct arena *a, size_t n, size_t size);

/* A zeroed struct, and n of them, NULL when there is no room. */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/*
 * A copy with a NUL behind it. An absent text stays absent, and is also what no room looks
 * like: where s may be absent, compare str_is_null() of both.
 */
struct str arena_str(struct arena *a, struct str s);

/* A formatted text with a NUL behind it, absent when there is no room. */
struct str arena_fmt(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
