/*
 * A table of all keys by all keys says which pair stands where in a list that grows: an asset has
 * one key of each dimension, but for its owners, of whom each has a part.
 *
 * The parts are those that the live sums are made of (projection_rollup.h), so what is added up
 * here by either key is what the answer in one dimension says, to the penny.
 */
#include "projector_pairs.h"

#include <stdlib.h>

#include "libassets/base/err.h"

enum { TABLE_MAX = 4 << 20 }; /* keys by keys */

struct pairs {
	struct book *book;
	const struct pairs_ask *ask;
	uint32_t *place; /* by the keys' numbers: one more than where the pair stands, 0: nowhere */
	struct pair_sums *pair;
	size_t count, room;
};

static int find(const struct names *names, struct str name, bool *ret_has, uint32_t *ret_number)
{
	if (str_is_null(name))
		return 0;
	*ret_has = true;
	/* A name that nothing carries leaves nothing: a number beyond all others. */
	if (names_find(names, name, ret_number) < 0)
		*ret_number = UINT32_MAX;
	return 1;
}

int wanted_of(const struct book *b, const struct projector_filter *f, struct wanted *w)
{
	return find(&b->partner, f->authority_id, &w->has_partner, &w->partner) +
	       find(&b->cpp, f->cpp_id, &w->has_cpp, &w->cpp) +
	       find(&b->locality, f->locality_id, &w->has_locality, &w->locality) +
	       find(&b->class, f->class, &w->has_class, &w->class);
}

/* The sums of an asset's pair, made when they are first needed. */
static int pair_of(struct pairs *p, const uint32_t key[2], struct rollup_sums **ret_sums)
{
	uint32_t *place = &p->place[(size_t)key[0] * p->ask->keys[1] + key[1]];

	if (!*place && p->count == p->room) {
		size_t room = p->room ? 2 * p->room : 64;
		struct pair_sums *more = p->count < PROJECTOR_PAIRS_MAX
						 ? reallocarray(p->pair, room, sizeof(*more))
						 : NULL;

		if (!more)
			return p->count < PROJECTOR_PAIRS_MAX ? ERR_NOMEM : ERR_LIMIT;
		p->pair = more;
		p->room = room;
	}
	if (!*place) {
		p->pair[p->count] = (struct pair_sums){.key = {key[0], key[1]}};
		*place = (uint32_t)++p->count;
	}
	*ret_sums = &p->pair[*place - 1].sums;
	return 0;
}

static void add_cell(struct rollup_track *to, const struct projection_cell *c)
{
	to->gross_pence += (int128)c->line[LINE_GM] + c->line[LINE_GT];
	to->cost_pence += (int128)c->line[LINE_CM] + c->line[LINE_CT];
	to->net_pence = to->gross_pence - to->cost_pence;
	to->pv_pence += c->line[LINE_PV];
}

/* Inside the horizon: what came in before, and what comes after, is in no total. */
static bool is_inside(const struct pairs *p, const struct projection_cell *c)
{
	return c->quarter >= p->book->model->first_quarter &&
	       c->quarter < p->book->model->end_quarter;
}

static bool has_cell(const struct pairs *p, const struct projection_outcome *o)
{
	for (size_t i = 0; i < o->baseline.cells; i++) {
		if (is_inside(p, &o->baseline.cell[i]))
			return true;
	}
	for (size_t i = 0; i < o->adjusted.cells; i++) {
		if (is_inside(p, &o->adjusted.cell[i]))
			return true;
	}
	return false;
}

static int add(struct pairs *p, const uint32_t key[2], const struct projection_result *r)
{
	const struct projection_outcome *o = &r->outcome[p->ask->scenario];
	struct rollup_sums *s;
	int err;

	if (projection_is_error(r->status) || !has_cell(p, o))
		return 0;
	err = pair_of(p, key, &s);
	if (err < 0)
		return err;
	for (size_t i = 0; i < o->baseline.cells; i++) {
		if (is_inside(p, &o->baseline.cell[i]))
			add_cell(&s->baseline, &o->baseline.cell[i]);
	}
	for (size_t i = 0; i < o->adjusted.cells; i++) {
		const struct projection_cell *c = &o->adjusted.cell[i];

		if (!is_inside(p, c))
			continue;
		add_cell(&s->adjusted, c);
		s->rent_pence += c->line[LINE_RENT];
		s->forgone_pence += c->forgone_pence;
	}
	s->cells = 1;
	return 0;
}

/* Each owner's part by itself, where the answer tells owners apart. */
static int add_shares(struct pairs *p, const struct held *h)
{
	const struct wanted *w = &p->ask->wanted;
	int err = 0;

	for (uint32_t i = 0; i < h->in.owners && err == 0; i++) {
		const uint32_t partner = h->in.owner[i].partner;
		const uint32_t key[2] = {book_key(h, p->ask->dim[0], partner),
					 book_key(h, p->ask->dim[1], partner)};

		if (w->has_partner && w->partner != partner)
			continue;
		err = add(p, key,
			  projection_run_share(p->book->model, &h->in, i, p->book->scratch));
	}
	return err;
}

static int add_asset(struct pairs *p, const struct held *h)
{
	const struct pairs_ask *ask = p->ask;
	const uint32_t key[2] = {book_key(h, ask->dim[0], 0), book_key(h, ask->dim[1], 0)};

	if (ask->dim[0] == ROLLUP_PARTNER || ask->dim[1] == ROLLUP_PARTNER ||
	    ask->wanted.has_partner)
		return add_shares(p, h);
	return add(p, key, book_project(p->book, h));
}

/* In the order wanted, which is that of names and not of loading. */
static int list(const struct pairs *p, struct arena *arena, struct pair_sums **ret_pairs)
{
	const struct pairs_ask *ask = p->ask;
	struct pair_sums *out = ARENA_ARRAY(arena, p->count + 1, struct pair_sums);
	size_t n = 0;

	if (!out)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < ask->keys[0]; i++) {
		size_t row = (size_t)(ask->order[0] ? ask->order[0][i] : i) * (size_t)ask->keys[1];

		for (uint32_t k = 0; k < ask->keys[1]; k++) {
			uint32_t at = p->place[row + (ask->order[1] ? ask->order[1][k] : k)];

			if (at)
				out[n++] = p->pair[at - 1];
		}
	}
	*ret_pairs = out;
	return 0;
}

int pairs_sum(struct book *b, const struct pairs_ask *ask, struct arena *arena,
	      struct pair_sums **ret_pairs, size_t *ret_count)
{
	struct pairs p = {.book = b, .ask = ask};
	size_t places = (size_t)ask->keys[0] * ask->keys[1];
	int err = places <= TABLE_MAX ? 0 : ERR_LIMIT;

	if (err == 0)
		p.place = calloc(places + 1, sizeof(*p.place));
	if (err == 0 && !p.place)
		err = ERR_NOMEM;
	for (uint32_t i = 0; i < b->room && err == 0; i++) {
		const struct held *h = b->held[i];

		if (h && is_wanted(&ask->wanted, &h->in))
			err = add_asset(&p, h);
	}
	if (err == 0)
		err = list(&p, arena, ret_pairs);
	*ret_count = p.count;
	free(p.place);
	free(p.pair);
	return err;
}
