/*
 * See kept_store.h: a table of chains and a list by use. A place that is filled is made anew, as
 * only then it is known how long its texts are; it keeps its stamp and its moment.
 */
#include "kept_store.h"

#include <stdlib.h>

#include "libassets/base/fnv.h"

void kept_store_init(struct kept_store *s, size_t bytes_max)
{
	for (size_t i = 0; i < KEPT_BUCKETS; i++)
		LIST_INIT(&s->bucket[i]);
	TAILQ_INIT(&s->used);
	s->bytes = 0;
	s->bytes_max = bytes_max;
	s->stamp = 0;
}

/* Who wishes all keys into one chain still has no more of them than there is room for. */
static struct kept_bucket *bucket_of(struct kept_store *s, struct str key)
{
	uint64_t hash = fnv_text(FNV_BEGIN, key);

	return &s->bucket[(hash ^ hash >> 32) % KEPT_BUCKETS];
}

struct kept_entry *kept_store_find(struct kept_store *s, struct str key)
{
	struct kept_entry *e;

	LIST_FOREACH(e, bucket_of(s, key), bucket)
	{
		if (str_eq(e->key, key))
			return e;
	}
	return NULL;
}

void kept_store_use(struct kept_store *s, struct kept_entry *e)
{
	TAILQ_REMOVE(&s->used, e, used);
	TAILQ_INSERT_TAIL(&s->used, e, used);
}

static void entry_free(struct kept_store *s, struct kept_entry *e)
{
	LIST_REMOVE(e, bucket);
	TAILQ_REMOVE(&s->used, e, used);
	s->bytes -= e->bytes;
	blob_unref(e->body);
	free(e);
}

static struct str keep(char **at, struct str s)
{
	struct str kept = {s.at ? *at : NULL, s.len};

	if (s.at && s.len)
		memcpy(*at, s.at, s.len);
	*at += s.len;
	return kept;
}

/* Counted before it is put, so that room for it is made of others. NULL without memory or room. */
static struct kept_entry *entry_put(struct kept_store *s, struct str key,
				    const struct kept_answer *a)
{
	size_t texts = key.len + a->etag.len + a->link.len;
	size_t bytes = sizeof(struct kept_entry) + texts + a->body_bytes;
	struct kept_entry *e = bytes <= s->bytes_max / 2 ? malloc(sizeof(*e) + texts) : NULL;
	char *at;

	if (!e)
		return NULL;
	while (s->bytes + bytes > s->bytes_max)
		entry_free(s, TAILQ_FIRST(&s->used));
	*e = (struct kept_entry){.bytes = bytes, .body = a->body};
	at = e->text;
	e->key = keep(&at, key);
	e->etag = keep(&at, a->etag);
	e->link = keep(&at, a->link);
	s->bytes += bytes;
	LIST_INSERT_HEAD(bucket_of(s, key), e, bucket);
	TAILQ_INSERT_TAIL(&s->used, e, used);
	return e;
}

uint64_t kept_store_begin(struct kept_store *s, struct str key, int64_t asked_us)
{
	static const struct kept_answer empty = {.body = NULL};
	struct kept_entry *e = kept_store_find(s, key) ? NULL : entry_put(s, key, &empty);

	if (!e)
		return 0;
	e->stamp = ++s->stamp;
	e->asked_us = asked_us;
	return e->stamp;
}

void kept_store_fill(struct kept_store *s, struct str key, uint64_t stamp,
		     const struct kept_answer *answer)
{
	struct kept_entry *place = kept_store_find(s, key), *e = NULL;
	int64_t asked_us;

	if (place && place->stamp == stamp && !place->body) {
		asked_us = place->asked_us;
		entry_free(s, place);
		e = entry_put(s, key, answer);
	}
	if (!e) {
		blob_unref(answer->body);
		return;
	}
	e->stamp = stamp;
	e->asked_us = asked_us;
}

void kept_store_drop(struct kept_store *s, struct str key, uint64_t stamp)
{
	struct kept_entry *e = kept_store_find(s, key);

	if (e && (!stamp || e->stamp == stamp))
		entry_free(s, e);
}

void kept_store_clear(struct kept_store *s)
{
	while (!TAILQ_EMPTY(&s->used))
		entry_free(s, TAILQ_FIRST(&s->used));
}
