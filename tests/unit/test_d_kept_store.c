/*
 * What a memory of answers keeps, for how many bytes, and what makes a fill vain.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/flow/kept_store.h"

enum { ANSWER = 1000, ROOM = 10 * ANSWER };

static struct kept_answer answer_of(char c)
{
	char *bytes = malloc(ANSWER);

	cr_assert(bytes);
	memset(bytes, c, ANSWER);
	return (struct kept_answer){.etag = STR("\"1-a\""),
				    .link = {NULL, 0},
				    .body = blob_new(bytes, ANSWER),
				    .body_bytes = ANSWER};
}

static uint64_t put(struct kept_store *s, const char *key, char c)
{
	struct kept_answer a = answer_of(c);
	uint64_t stamp = kept_store_begin(s, str_of(key), 7);

	kept_store_fill(s, str_of(key), stamp, &a);
	return stamp;
}

static char kept(struct kept_store *s, const char *key)
{
	const struct kept_entry *e = kept_store_find(s, str_of(key));

	return e && e->body ? *blob_view(e->body).at : '-';
}

static struct kept_store *store_new(void)
{
	struct kept_store *s = malloc(sizeof(*s));

	cr_assert(s);
	kept_store_init(s, ROOM);
	return s;
}

static void store_end(struct kept_store *s)
{
	kept_store_clear(s);
	cr_expect_eq(s->bytes, 0);
	free(s);
}

Test(kept_store, gives_what_was_put)
{
	struct kept_store *s = store_new();
	const struct kept_entry *e;

	cr_expect_neq(put(s, "a", 'A'), 0);
	e = kept_store_find(s, STR("a"));
	cr_assert(e);
	cr_expect(str_eq(e->etag, STR("\"1-a\"")));
	cr_expect(str_is_null(e->link));
	cr_expect_eq(e->asked_us, 7);
	cr_expect_eq(blob_view(e->body).len, ANSWER);
	cr_expect_null(kept_store_find(s, STR("A")));
	cr_expect_eq(kept_store_begin(s, STR("a"), 8), 0, "it has a place");
	store_end(s);
}

Test(kept_store, what_was_dropped_meanwhile_is_not_filled)
{
	struct kept_store *s = store_new();
	struct kept_answer a = answer_of('A'), b = answer_of('B');
	uint64_t first = kept_store_begin(s, STR("k"), 1), second;

	kept_store_drop(s, STR("k"), 0);
	second = kept_store_begin(s, STR("k"), 2);
	cr_expect_neq(second, first);
	kept_store_fill(s, STR("k"), first, &a);
	cr_expect_eq(kept(s, "k"), '-', "another's place");
	kept_store_drop(s, STR("k"), first);
	cr_expect(kept_store_find(s, STR("k")), "another's place stays");
	kept_store_fill(s, STR("k"), second, &b);
	cr_expect_eq(kept(s, "k"), 'B');
	kept_store_clear(s);
	cr_expect_null(kept_store_find(s, STR("k")));
	store_end(s);
}

Test(kept_store, filled_once)
{
	struct kept_store *s = store_new();
	struct kept_answer again = answer_of('B');
	uint64_t stamp = put(s, "k", 'A');

	kept_store_fill(s, STR("k"), stamp, &again);
	cr_expect_eq(kept(s, "k"), 'A');
	store_end(s);
}

Test(kept_store, the_one_used_longest_ago_goes)
{
	struct kept_store *s = store_new();
	char key[32];

	for (int i = 0; i < 8; i++) {
		(void)snprintf(key, sizeof(key), "%d", i);
		put(s, key, (char)('0' + i));
	}
	cr_expect_eq(kept(s, "0"), '0');
	kept_store_use(s, kept_store_find(s, STR("0")));
	put(s, "8", '8');
	put(s, "9", '9');
	cr_expect_eq(kept(s, "0"), '0');
	cr_expect_eq(kept(s, "1"), '-');
	cr_expect_leq(s->bytes, ROOM);
	store_end(s);
}

Test(kept_store, never_more_than_its_room)
{
	struct kept_store *s = store_new();
	struct kept_answer large = answer_of('L');
	char key[32];
	uint64_t stamp;

	for (int i = 0; i < 1000; i++) {
		(void)snprintf(key, sizeof(key), "empty %d", i);
		cr_expect_neq(kept_store_begin(s, str_of(key), 1), 0);
		cr_assert_leq(s->bytes, ROOM);
	}
	stamp = kept_store_begin(s, STR("large"), 1);
	large.body_bytes = ROOM;
	kept_store_fill(s, STR("large"), stamp, &large);
	cr_expect_null(kept_store_find(s, STR("large")), "one that would take most of it");
	store_end(s);
}
