/*
 * The columns of an audit (disclosure_audit.h), as assets are added to it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "disclosure_audit.h"
#include "disclosure_private.h"
#include "libassets/base/err.h"

enum { BUCKETS = 1 << 13 /* of the shares of columns that are alike */ };

static long bucket_of(const struct audit_share *s)
{
	return lround((double)s->amount * BUCKETS);
}

static uint64_t hash_of(const struct audit *a, const struct audit_column *c)
{
	uint64_t hash = (uint64_t)c->hands << 32 ^ c->shares;

	for (size_t i = c->at; i < c->at + c->shares; i++)
		hash = disclosure_mixed(hash ^ (uint64_t)a->share[i].place << 32 ^
					(uint32_t)bucket_of(&a->share[i]));
	return hash;
}

static bool is_alike(const struct audit *a, const struct audit_column *x,
		     const struct audit_column *y)
{
	double noise = fmax(audit_noise(x), audit_noise(y));
	bool is = x->shares == y->shares && x->hands == y->hands;

	for (uint32_t i = 0; i < x->shares && is; i++) {
		const struct audit_share *s = &a->share[x->at + i], *t = &a->share[y->at + i];

		is = s->place == t->place && bucket_of(s) == bucket_of(t) &&
		     fabs((double)s->amount - (double)t->amount) <= noise;
	}
	return is;
}

static uint32_t *slot_of(const struct audit *a, const struct audit_column *c)
{
	size_t i = hash_of(a, c) & (a->slots - 1);

	while (a->slot[i] && !is_alike(a, &a->column[a->slot[i] - 1], c))
		i = (i + 1) & (a->slots - 1);
	return &a->slot[i];
}

static int reserve_column(struct audit *a)
{
	size_t room = a->column_room ? 2 * a->column_room : 256;
	struct audit_column *column;
	uint32_t *slot;

	if (a->columns < a->column_room)
		return 0;
	column = reallocarray(a->column, room, sizeof(*column));
	a->column = column ? column : a->column;
	slot = calloc(2 * room, sizeof(*slot));
	if (!column || !slot) {
		free(slot);
		return ERR_NOMEM;
	}
	free(a->slot);
	a->slot = slot;
	a->slots = 2 * room;
	a->column_room = room;
	for (size_t i = 0; i < a->columns; i++)
		*slot_of(a, &a->column[i]) = (uint32_t)i + 1;
	return 0;
}

/* Of those that are alike the largest, which is rounded least, stands for all. */
static void add_alike(struct audit *a, struct audit_column *is, const struct audit_column *more)
{
	is->alike += is->alike < DISCLOSURE_LEAST;
	if (more->most <= is->most)
		return;
	is->most = more->most;
	memcpy(&a->share[is->at], &a->share[more->at], more->shares * sizeof(*a->share));
}

int audit_put(struct audit *a, struct audit_share share)
{
	size_t room = a->share_room ? 2 * a->share_room : 1024;
	struct audit_share *more;

	if (a->shares + a->begun == a->share_room) {
		more = reallocarray(a->share, room, sizeof(*more));
		if (!more)
			return ERR_NOMEM;
		a->share = more;
		a->share_room = room;
	}
	a->share[a->shares + a->begun++] = share;
	return 0;
}

int audit_add(struct audit *a, uint32_t hands)
{
	struct audit_column c = {
		.at = a->shares, .shares = (uint32_t)a->begun, .hands = hands, .alike = 1};
	uint32_t *slot;

	a->begun = 0;
	for (size_t i = c.at; i < c.at + c.shares; i++)
		c.most = fmax(c.most, fabs((double)a->share[i].amount));
	if (c.most < AUDIT_PENCE)
		return 0;
	if (reserve_column(a) < 0)
		return ERR_NOMEM;
	for (size_t i = c.at; i < c.at + c.shares; i++)
		a->share[i].amount = (float)((double)a->share[i].amount / c.most);
	slot = slot_of(a, &c);
	if (*slot) {
		add_alike(a, &a->column[*slot - 1], &c);
		return 1;
	}
	a->column[a->columns] = c;
	*slot = (uint32_t)++a->columns;
	a->shares += c.shares;
	return 1;
}
