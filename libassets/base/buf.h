/*
 * A growing run of bytes that is born with its maximum; there is no other kind here.
 *
 * Adding past the maximum, or without memory, makes the buffer `failed`: it then keeps what
 * it has and ignores what follows, so a writer may add many things and look once, with
 * buf_err(), at the end. Always NUL-terminated one byte past `len` once anything was added.
 */
#pragma once

#include <stdarg.h>

#include "base.h"
#include "str.h"

struct buf {
	char *at;   /* owned; NULL until something was added */
	size_t len; /* bytes in it, the NUL not counted */
	size_t cap; /* bytes allocated */
	size_t max; /* greatest len */
	int err;    /* 0, or why it failed: see buf_err() */
};

/* An empty buffer that may hold up to `max_bytes`, for buf_done(). Allocates nothing yet. */
#define BUF(max_bytes) ((struct buf){.max = (max_bytes)})

/* Free the bytes; the buffer is empty and usable again with the same maximum. */
void buf_done(struct buf *b);

/* Empty for reuse: keeps the memory, forgets the bytes and the failure. */
void buf_clear(struct buf *b);

/* As buf_add, also where the buffer has to grow or to fail. For buf_add alone. */
void buf_add_growing(struct buf *b, const void *bytes, size_t len);

/*
 * Add bytes, a text, one character, a decimal number, or a formatted text. Each goes in whole
 * or not at all. bytes may be NULL when len is 0, and must not lie in the buffer itself.
 */
static inline void buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (b->err || len >= b->cap - b->len || len > b->max - b->len) {
		buf_add_growing(b, bytes, len);
		return;
	}
	if (len)
		memcpy(b->at + b->len, bytes, len);
	b->len += len;
	b->at[b->len] = '\0';
}

static inline void buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.at, s.len);
}

static inline void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_i64(struct buf *b, int64_t value);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Add a JSON string with its quotes (RFC 8259 section 7): controls and DEL are escaped, each
 * byte that is not well-formed UTF-8 becomes U+FFFD. An absent text is "", not null. Where it
 * does not fit, part of it may have gone in: the buffer failed and is of no use then.
 */
void buf_json(struct buf *b, struct str s);

/*
 * 0 if everything went in.
 * ERR_LIMIT  something would have gone past the maximum.    ERR_NOMEM
 */
MUST_CHECK int buf_err(const struct buf *b);

/* The bytes so far, borrowed until the next change; "" when there are none, never absent. */
static inline struct str buf_view(const struct buf *b)
{
	return (struct str){b->at ? b->at : "", b->len};
}

/*
 * Take the bytes with their NUL away, yours to free(). The buffer is empty afterwards, with
 * the same maximum. NULL, and *ret_len untouched, if it failed or nothing was ever added.
 */
char *buf_detach(struct buf *b, size_t *ret_len);
