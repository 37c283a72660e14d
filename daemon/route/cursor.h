/*
 * Where the next page of a list begins: base64url of a MAC and a JSON text that holds the sort
 * keys of the last item, a hash of what is listed, and an end seven days on. Opaque: nobody
 * can make one but us, or use one for another list.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/base/buf.h"

struct auth;

enum {
	CURSOR_KEYS_MAX = 4, /* sort keys, the id among them */
	CURSOR_FILTER = 16,  /* bytes of the hash of what is listed */
	CURSOR_MAX = 4096,   /* bytes of a cursor's text */
	CURSOR_DAYS = 7,     /* that one may be used for */
};

struct cursor {
	struct str key[CURSOR_KEYS_MAX]; /* as text; an absent one is NULL in the database */
	size_t key_count;
	char filter[2 * CURSOR_FILTER + 1]; /* hexadecimal, of path, filters and order */
	int64_t until_us;                   /* when it ends, Unix microseconds */
};

/*
 * Append the text of a cursor, at most CURSOR_MAX characters that need no escape in a query.
 * ERR_LIMIT  the keys are too long for one, or `out` is full
 * ERR_BUG    OpenSSL refused                                   ERR_NOMEM
 */
MUST_CHECK int cursor_write(const struct auth *a, const struct cursor *c, struct buf *out);

/*
 * Read one of ours. The keys are copied into the arena. *ret_cursor is written to on failure
 * as well, and then means nothing.
 *
 * filter: the hash, in hexadecimal, of what is listed now.    now_us: Unix microseconds.
 * ERR_CURSOR  not one of ours, of another list, or past its end     ERR_NOMEM, ERR_BUG
 */
MUST_CHECK int cursor_read(const struct auth *a, struct str text, const char *filter,
			   int64_t now_us, struct arena *arena, struct cursor *ret_cursor);
