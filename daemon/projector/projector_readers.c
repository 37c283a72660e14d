/*
 * Hands are named by the numbers of their bodies. A reader is a row of what is known in which
 * hands; one that another is alike is left out.
 */
#include "projector_readers.h"

#include <stdlib.h>
#include <string.h>

#include "libassets/base/err.h"

enum { READERS_ARENA_MAX = 1 << 28 };

static int number_of(struct readers *r, const uint32_t *body, size_t count, uint32_t *ret)
{
	return names_number(&r->hands, (struct str){(const char *)body, count * sizeof(*body)},
			    ret);
}

int readers_begin(struct readers *r, const struct book *b)
{
	uint32_t number;
	int err = 0;

	*r = (struct readers){0};
	arena_init(&r->arena, READERS_ARENA_MAX);
	names_init(&r->hands, &r->arena);
	for (uint32_t i = 0; i < b->partner.count && err == 0; i++)
		err = number_of(r, &i, 1, &number);
	return err;
}

void readers_done(struct readers *r)
{
	free(r->knows);
	arena_done(&r->arena);
	*r = (struct readers){0};
}

int readers_hands(struct readers *r, const struct held *h, uint32_t *ret_hands)
{
	uint32_t body[1 + PROJECTION_OWNERS_MAX] = {h->in.lead};
	size_t count = 1;

	for (uint32_t i = 0; i < h->in.owners; i++) {
		if (h->in.owner[i].partner != h->in.lead)
			body[count++] = h->in.owner[i].partner;
	}
	return number_of(r, body, count, ret_hands);
}

/* Add one who knows what these bodies know. */
static void add_reader(struct readers *r, const bool *is_of)
{
	bool *knows = r->knows + r->count * r->hands.count;
	bool is_new = true;

	for (uint32_t h = 0; h < r->hands.count; h++) {
		struct str name = r->hands.at[h];

		knows[h] = false;
		for (size_t i = 0; i < name.len; i += sizeof(uint32_t)) {
			uint32_t body;

			memcpy(&body, name.at + i, sizeof(body));
			knows[h] |= is_of[body];
		}
	}
	for (size_t k = 0; k < r->count && is_new; k++)
		is_new = memcmp(r->knows + k * r->hands.count, knows, r->hands.count) != 0;
	r->count += is_new;
}

int readers_find(struct readers *r, const struct book *b)
{
	const struct cpp_member *m = b->member;
	size_t bodies = b->partner.count;
	bool *is_of = calloc(bodies + 1, sizeof(*is_of));

	r->knows = calloc(2 * bodies + 1, r->hands.count + 1);
	for (uint32_t p = 0; p < bodies && is_of && r->knows; p++) {
		memset(is_of, 0, bodies);
		is_of[p] = true;
		add_reader(r, is_of);
		for (uint32_t i = 0; i < b->members; i++) {
			for (uint32_t j = 0; j < b->members && m[i].partner == p; j++)
				is_of[m[j].partner] |= m[j].cpp == m[i].cpp;
		}
		add_reader(r, is_of);
	}
	free(is_of);
	return is_of && r->knows ? 0 : ERR_NOMEM;
}

struct disclosure_knowers readers_knowers(const struct readers *r)
{
	return (struct disclosure_knowers){r->knows, r->count, r->hands.count};
}
