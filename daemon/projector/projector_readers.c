/*
 * Hands are named by the numbers of their bodies. One reader of two who know the same is left out,
 * and each is a bit of the hands that they know: of a thousand bodies many thousand hands are
 * joint.
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
	free(r->known_by);
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

/* --- who there is ------------------------------------------------------------------------------
 */

/* A reader by the bodies whose land they know. */
static void put_reader(const struct book *b, uint32_t body, bool with_partners, bool *row)
{
	const struct cpp_member *m = b->member;

	memset(row, 0, b->partner.count);
	row[body] = true;
	for (uint32_t i = 0; i < b->members && with_partners; i++) {
		for (uint32_t j = 0; j < b->members && m[i].partner == body; j++)
			row[m[j].partner] |= m[j].cpp == m[i].cpp;
	}
}

/* Does none of the rows before it say the same? */
static bool is_new(const bool *rows, size_t last, size_t bodies)
{
	bool is = true;

	for (size_t i = 0; i < last && is; i++)
		is = memcmp(rows + i * bodies, rows + last * bodies, bodies) != 0;
	return is;
}

static size_t find_rows(const struct book *b, bool *rows)
{
	size_t bodies = b->partner.count, count = 0;

	for (uint32_t body = 0; body < bodies; body++) {
		put_reader(b, body, false, rows + count * bodies);
		count += is_new(rows, count, bodies);
		put_reader(b, body, true, rows + count * bodies);
		count += is_new(rows, count, bodies);
	}
	return count;
}

/* Who knows what is in which hands; the first of these are the bodies, one each. */
static void put_known(struct readers *r, const bool *rows, size_t bodies)
{
	for (size_t i = 0; i < r->count; i++) {
		for (size_t body = 0; body < bodies; body++) {
			if (rows[i * bodies + body])
				r->known_by[body * r->words + i / 64] |= UINT64_C(1) << i % 64;
		}
	}
	for (size_t h = bodies; h < r->hands.count; h++) {
		struct str name = r->hands.at[h];

		for (size_t i = 0; i < name.len; i += sizeof(uint32_t)) {
			uint32_t body;

			memcpy(&body, name.at + i, sizeof(body));
			for (size_t w = 0; w < r->words; w++)
				r->known_by[h * r->words + w] |= r->known_by[body * r->words + w];
		}
	}
}

int readers_find(struct readers *r, const struct book *b)
{
	size_t bodies = b->partner.count;
	bool *rows = calloc(2 * bodies + 1, bodies + 1);

	if (!rows)
		return ERR_NOMEM;
	r->count = find_rows(b, rows);
	r->words = r->count / 64 + 1;
	r->known_by = calloc(r->hands.count + 1, r->words * sizeof(*r->known_by));
	if (r->known_by)
		put_known(r, rows, bodies);
	free(rows);
	return r->known_by ? 0 : ERR_NOMEM;
}

struct disclosure_knowers readers_knowers(const struct readers *r)
{
	return (struct disclosure_knowers){r->known_by, r->count, r->words};
}
