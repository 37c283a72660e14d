/*
 * Answers kept in memory by a key, within so many bytes; the one that was used longest ago goes
 * first. Nothing here knows of time or of what the answers say: see kept.h.
 *
 * An answer is put in two steps, so that what happens between the question and its answer is
 * not lost: kept_store_begin leaves an empty place before the database is asked, and
 * kept_store_fill fills just that place. Dropping a place, empty or full, makes the fill vain.
 *
 * One thread.
 */
#pragma once

#include <sys/queue.h>

#include "daemon/http/http.h"
#include "libassets/base/base.h"

enum { KEPT_BUCKETS = 2048 };

/* A place. Texts are its own. */
struct kept_entry {
	LIST_ENTRY(kept_entry) bucket;
	TAILQ_ENTRY(kept_entry) used;
	uint64_t stamp;    /* no other place had it */
	int64_t asked_us;  /* as kept_store_begin was told */
	size_t bytes;      /* that it counts for */
	struct blob *body; /* NULL: an empty place */
	struct str key, etag, link;
	char text[];
};
LIST_HEAD(kept_bucket, kept_entry);
TAILQ_HEAD(kept_used, kept_entry);

struct kept_store {
	struct kept_bucket bucket[KEPT_BUCKETS];
	struct kept_used used; /* the one used last at the end */
	size_t bytes, bytes_max;
	uint64_t stamp; /* the last one given */
};

void kept_store_init(struct kept_store *s, size_t bytes_max);
/* The place of that key, NULL when there is none. Does not count as use. */
struct kept_entry *kept_store_find(struct kept_store *s, struct str key);
void kept_store_use(struct kept_store *s, struct kept_entry *e);
/* An empty place for a key that has none. Its stamp; 0 without memory, or when it has one. */
uint64_t kept_store_begin(struct kept_store *s, struct str key, int64_t asked_us);
/* An answer on its way into a place. Texts are copied; the blob is taken, whatever happens. */
struct kept_answer {
	struct str etag, link; /* link: absent, none */
	struct blob *body;
	size_t body_bytes; /* that its memory takes */
};
/* Into the place of that stamp; nothing happens when it was dropped, or there is no room. */
void kept_store_fill(struct kept_store *s, struct str key, uint64_t stamp,
		     const struct kept_answer *answer);
/* Drop what that key has, if anything; if it has the stamp, when one is given. */
void kept_store_drop(struct kept_store *s, struct str key, uint64_t stamp);
void kept_store_clear(struct kept_store *s);
