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
	char *at;
	size_t len;
	size_t cap;
	size_t max;
	int err;
};

/* An empty buffer that may hold up to `max_bytes`. Allocates nothing yet. */
#define BUF(max_bytes) ((struct buf){.max = (max_bytes)})

/* Free the bytes; the buffer is empty and usable again with the same maximum. */
void buf_done(struct buf *b);

/* Empty for reuse: keeps the memory, forgets the bytes and the failure. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_str(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t value);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* A JSON string with its quotes; invalid UTF-8 bytes become U+FFFD. RFC 8259 section 7. */
void buf_json(struct buf *b, struct str s);

/* 0, or ERR_LIMIT or ERR_NOMEM if something did not go in. */
MUST_CHECK int buf_err(const struct buf *b);

/* The bytes so far, borrowed until the next change. */
static inline struct str buf_view(const struct buf *b)
{
	return (struct str){b->at ? b->at : "", b->len};
}

/* Take the bytes away, yours to free(); NULL if the buffer failed or is empty. */
char *buf_detach(struct buf *b, size_t *ret_len);
