/*
 * Blocks that double in size up to a megabyte, newest first; what does not fit the newest
 * begins another. Under the address sanitizer each request gets a block of its own, so that
 * running past one is seen.
 */
#include "arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

/* Does the address sanitizer look? gcc and clang have different words for that. */
#ifdef __has_feature
#define IS_WATCHED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define IS_WATCHED 1
#else
#define IS_WATCHED 0
#endif

struct arena_block {
	struct arena_block *older;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

/* Bytes: most requests end within the first; none is larger unless one piece is. */
enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

void arena_init(struct arena *a, size_t max_bytes)
{
	*a = (struct arena){.max_bytes = max_bytes};
}

void arena_done(struct arena *a)
{
	struct arena_block *b = a->block;

	while (b) {
		struct arena_block *older = b->older;

		free(b);
		b = older;
	}
	arena_init(a, a->max_bytes);
}

#if IS_WATCHED
static size_t block_size(const struct arena *a, size_t need)
{
	(void)a;
	return need;
}
#else
/* Doubling keeps blocks few; the cap keeps the last, half empty one from mattering. */
static size_t block_size(const struct arena *a, size_t need)
{
	size_t size = a->block ? a->block->size * 2 : FIRST_BLOCK;

	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	return size < need ? need : size;
}
#endif

static struct arena_block *block_new(struct arena *a, size_t need)
{
	size_t size = block_size(a, need);
	struct arena_block *b;

	/* Before the block is allocated: the maximum is of what is given out. */
	if (need > a->max_bytes - a->used_bytes)
		return NULL;
	b = calloc(1, sizeof(*b) + size);
	if (!b)
		return NULL;
	b->size = size;
	b->older = a->block;
	a->block = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	size_t need;
	struct arena_block *b = a->block;
	void *at;

	if (size > a->max_bytes)
		return NULL;
	need = size ? (size + align - 1) / align * align : align;
	if (!b || b->size - b->used < need) {
		b = block_new(a, need);
		if (!b)
			return NULL;
	}
	if (need > a->max_bytes - a->used_bytes)
		return NULL;
	at = b->bytes + b->used;
	b->used += need;
	a->used_bytes += need;
	return at;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return arena_alloc(a, bytes);
}

struct str arena_str(struct arena *a, struct str s)
{
	char *at;

	if (str_is_null(s))
		return s;
	at = arena_alloc(a, s.len + 1);
	if (!at)
		return (struct str){NULL, 0};
	if (s.len)
		memcpy(at, s.at, s.len);
	at[s.len] = '\0';
	return (struct str){at, s.len};
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	struct str s = {NULL, 0};
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	if (n >= 0) {
		char *at = arena_alloc(a, (size_t)n + 1);

		if (at) {
			(void)vsnprintf(at, (size_t)n + 1, fmt, again);
			s = (struct str){at, (size_t)n};
		}
	}
	va_end(again);
	va_end(args);
	return s;
}
