/*
 * Roll-ups as dense rows: a key has, for each scenario, a cell for each slot, and there are
 * three heaps of cells: what counts in both tracks alike (assets that nobody asks for,
 * nearly all), and what counts in one of them. Present figures are sums of two heaps.
 *
 * Sums are kept in 64 bits beside a count of carries, which is zero memory nobody touches
 * until some sum is out of the ordinary.
 */
#include "projection_rollup.h"

#include <assert.h>
#include <stdlib.h>

#include "libassets/base/err.h"
#include "projection_rollup_rows.h"

#define BOUND_MOST (UINT64_C(1) << 62)

void rollup_init(struct rollup *r, const struct projection_model *m)
{
	*r = (struct rollup){
		.actual_fy = m->fy + 1,
		.first_quarter = m->first_quarter,
		.end_quarter = m->end_quarter,
	};
}

static void dim_done(struct rollup_dim_sums *dim)
{
	for (size_t h = 0; h < ROLLUP_HEAPS; h++) {
		free(dim->heap[h].sum);
		free(dim->heap[h].carry);
	}
	*dim = (struct rollup_dim_sums){0};
}

void rollup_done(struct rollup *r)
{
	for (size_t d = 0; d < ROLLUPS; d++)
		dim_done(&r->dim[d]);
}

/*
 * Copy rows into longer ones, to their ends: slots for actuals are added at the front, so what
 * there is keeps its distance from the end. Carries only if there are any.
 */
static void rows_copy(const struct rollup *from, struct rollup *to, enum rollup_dim dim, size_t h)
{
	size_t old = rollup_scenario_sums(from), new = rollup_scenario_sums(to);

	for (size_t i = 0; i < (size_t)from->dim[dim].keys * SCENARIOS; i++) {
		memcpy(to->dim[dim].heap[h].sum + (i + 1) * new - old,
		       from->dim[dim].heap[h].sum + i * old, old * sizeof(int64_t));
		if (from->has_carried)
			memcpy(to->dim[dim].heap[h].carry + (i + 1) * new - old,
			       from->dim[dim].heap[h].carry + i * old, old * sizeof(int32_t));
	}
}

/* Give `to` rows for so many keys, with what `from` has in them. */
static int dim_copy(const struct rollup *from, struct rollup *to, enum rollup_dim dim,
		    uint32_t keys)
{
	size_t n = keys * rollup_key_sums(to);

	to->dim[dim] = (struct rollup_dim_sums){.keys = keys};
	for (size_t h = 0; h < ROLLUP_HEAPS && n; h++) {
		to->dim[dim].heap[h].sum = calloc(n, sizeof(int64_t));
		to->dim[dim].heap[h].carry = calloc(n, sizeof(int32_t));
		if (!to->dim[dim].heap[h].sum || !to->dim[dim].heap[h].carry)
			return ERR_NOMEM;
		rows_copy(from, to, dim, h);
	}
	return 0;
}

/* Make rows for so many keys. */
static int keys_grow(struct rollup *r, enum rollup_dim dim, uint32_t keys)
{
	uint32_t room = r->dim[dim].keys;
	struct rollup_dim_sums old = r->dim[dim];
	struct rollup more = *r;
	int err;

	while (room < keys)
		room = room ? 2 * room : 4;
	err = dim_copy(r, &more, dim, room);
	dim_done(err < 0 ? &more.dim[dim] : &old);
	if (err == 0)
		r->dim[dim] = more.dim[dim];
	return err;
}

/* Make slots for actuals from this year on. */
static int actuals_grow(struct rollup *r, int32_t fy)
{
	struct rollup wide = *r;
	int err = 0;

	wide.actual_fy = fy;
	memset(wide.dim, 0, sizeof(wide.dim));
	for (enum rollup_dim d = 0; d < ROLLUPS && err == 0; d++)
		err = dim_copy(r, &wide, d, r->dim[d].keys);
	if (err < 0) {
		rollup_done(&wide);
		return err;
	}
	rollup_done(r);
	*r = wide;
	return 0;
}

/* The same where there are none yet; nothing else happens to most assets. */
static int keys_reserve(struct rollup *r, enum rollup_dim dim, uint32_t keys)
{
	return keys <= r->dim[dim].keys ? 0 : keys_grow(r, dim, keys);
}

static int actuals_reserve(struct rollup *r, int32_t fy)
{
	return fy >= r->actual_fy ? 0 : actuals_grow(r, fy);
}

/* Cells ascend, so the first is the earliest. */
static int track_reserve(struct rollup *r, const struct projection_track *t)
{
	if (!t->cells || t->cell[0].quarter >= r->first_quarter)
		return 0;
	return actuals_reserve(r, quarter_fy(t->cell[0].quarter));
}

static int reserve(struct rollup *r, const struct projection_asset *a,
		   const struct projection_result *result)
{
	const uint32_t key[ROLLUPS] = {
		[ROLLUP_CLASS] = a->class,
		[ROLLUP_CPP] = a->cpp,
		[ROLLUP_DECILE] = a->decile,
		[ROLLUP_LOCALITY] = a->locality,
	};
	int err = 0;

	for (enum projection_scenario i = 0; i < SCENARIOS && err == 0; i++) {
		err = track_reserve(r, &result->outcome[i].baseline);
		if (err == 0)
			err = track_reserve(r, &result->outcome[i].adjusted);
	}
	for (enum rollup_dim d = ROLLUP_CLASS; d < ROLLUP_PARTNER && err == 0; d++)
		err = keys_reserve(r, d, key[d] + 1);
	for (uint32_t i = 0; i < a->owners && err == 0; i++)
		err = keys_reserve(r, ROLLUP_PARTNER, a->owner[i].partner + 1);
	return err;
}

/* Where the cells of one track go. */
struct target {
	struct rollup *rollup;
	const struct projection_asset *asset;
	enum projection_scenario scenario;
	enum heap heap;
	bool is_minus;
};

/* Add any number to one sum, carrying. */
static void put_wide(const struct target *t, enum rollup_dim dim, size_t i, int128 value)
{
	const int128 one_carry = (int128)1 << 64;
	int64_t *sum = &t->rollup->dim[dim].heap[t->heap].sum[i];
	int32_t *carry = &t->rollup->dim[dim].heap[t->heap].carry[i];

	value += *sum + *carry * one_carry;
	*sum = (int64_t)value;
	*carry = (int32_t)((value - *sum) / one_carry);
	t->rollup->has_carried = true;
}

/* Add one number to one sum. */
static void put(const struct target *t, enum rollup_dim dim, size_t i, int64_t value)
{
	int64_t *sum = &t->rollup->dim[dim].heap[t->heap].sum[i], more;
	bool is_over = t->is_minus ? __builtin_sub_overflow(*sum, value, &more)
				   : __builtin_add_overflow(*sum, value, &more);

	if (is_over)
		put_wide(t, dim, i, t->is_minus ? -(int128)value : value);
	else
		*sum = more;
}

/* Add a cell to the sums at a place, whatever the amounts. */
static void put_cell(const struct target *t, enum rollup_dim dim, size_t at,
		     const struct projection_cell *c)
{
	put(t, dim, at + GROSS, c->line[LINE_GM]);
	put(t, dim, at + GROSS, c->line[LINE_GT]);
	put(t, dim, at + COST, c->line[LINE_CM]);
	put(t, dim, at + COST, c->line[LINE_CT]);
	put(t, dim, at + PV, c->line[LINE_PV]);
	put(t, dim, at + RENT, c->line[LINE_RENT]);
	put(t, dim, at + FORGONE, c->forgone_pence);
	put(t, dim, at + CELLS, 1);
}

/*
 * Count a track's amounts into the bound, which no sum of the roll-up can exceed. True as long
 * as it is so low that sums may be added without looking.
 */
static bool keep_bound(struct rollup *r, const struct projection_track *track)
{
	/* A cell adds two amounts to a sum at most, or one for each owner. */
	uint128 more = (2 * (uint128)track->most_pence + PROJECTION_OWNERS_MAX) * track->cells;

	r->bound = more < BOUND_MOST - r->bound ? r->bound + (uint64_t)more : BOUND_MOST;
	return r->bound < BOUND_MOST;
}

/* Place of the first sum of a key in the target's scenario. */
static size_t row_of(const struct target *t, uint32_t key)
{
	return ((size_t)key * SCENARIOS + t->scenario) * rollup_scenario_sums(t->rollup);
}

static void put_share(const struct target *t, size_t at, int64_t pence)
{
	const struct projection_asset *a = t->asset;
	struct rollup *r = t->rollup;
	int err;

	if (!pence)
		return;
	err = money_apportion(pence, r->units, a->owners, r->part);
	assert(err == 0);
	(void)err;
	for (uint32_t i = 0; i < a->owners; i++)
		put(t, ROLLUP_PARTNER, row_of(t, a->owner[i].partner) + at, r->part[i]);
}

/* As projection_share, line by line. */
static void put_shares(const struct target *t, const struct projection_cell *c)
{
	const struct projection_asset *a = t->asset;
	size_t at = rollup_slot(t->rollup, c->quarter) * (size_t)AMOUNTS;

	put_share(t, at + GROSS, c->line[LINE_GM]);
	put_share(t, at + COST, c->line[LINE_CM]);
	put_share(t, at + GROSS, c->line[LINE_GT]);
	put_share(t, at + COST, c->line[LINE_CT]);
	put_share(t, at + PV, c->line[LINE_PV]);
	put_share(t, at + RENT, c->line[LINE_RENT]);
	put_share(t, at + FORGONE, c->forgone_pence);
	for (uint32_t i = 0; i < a->owners; i++)
		put(t, ROLLUP_PARTNER, row_of(t, a->owner[i].partner) + at + CELLS, 1);
}

/* Amounts side by side, so that one instruction adds two. */
struct pair {
	int64_t amount __attribute__((vector_size(16)));
};

static inline void add_pair(int64_t *sum, struct pair p)
{
	struct pair now;

	memcpy(&now, sum, sizeof(now));
	now.amount += p.amount;
	memcpy(sum, &now, sizeof(now));
}

/* What a cell adds. */
struct cell_pairs {
	struct pair money, value, seldom;
	bool has_seldom;
};

static inline struct cell_pairs pairs_of(const struct projection_cell *c, int64_t sign)
{
	return (struct cell_pairs){
		.money = {{(c->line[LINE_GM] + c->line[LINE_GT]) * sign,
			   (c->line[LINE_CM] + c->line[LINE_CT]) * sign}},
		.value = {{c->line[LINE_PV] * sign, sign}},
		.seldom = {{c->line[LINE_RENT] * sign, c->forgone_pence * sign}},
		.has_seldom = c->line[LINE_RENT] | c->forgone_pence,
	};
}

static inline void add_pairs(int64_t *sum, const struct cell_pairs *p)
{
	add_pair(sum + GROSS, p->money);
	add_pair(sum + PV, p->value);
	if (p->has_seldom)
		add_pair(sum + RENT, p->seldom);
}

static_assert(COST == GROSS + 1 && CELLS == PV + 1 && FORGONE == RENT + 1, "pairs");

/* Where the cells of one track go: the rows of the asset's keys. */
struct rows {
	uint32_t key[ROLLUPS];
	enum rollup_dim last; /* PARTNER is not among them where owners share */
};

/* Owners' cells sum to the asset's, so the asset's own goes where owners do not matter. */
static struct rows rows_of(const struct projection_asset *a)
{
	return (struct rows){
		.key = {0, a->class, a->cpp, a->decile, a->locality, a->owner[0].partner},
		.last = a->owners == 1 ? ROLLUP_PARTNER : ROLLUP_LOCALITY,
	};
}

/* Add a track where the bound says that it may be done without looking. */
static void put_quickly(const struct target *t, const struct rows *rows,
			const struct projection_track *track)
{
	const struct rollup_frame frame = rollup_frame(t->rollup);
	const int64_t sign = t->is_minus ? -1 : 1;
	const bool has_last = rows->last == ROLLUP_PARTNER;
	const struct projection_cell *end = track->cell + track->cells;
	int64_t *row[ROLLUPS];

	for (enum rollup_dim d = ROLLUP_CLASS; d < ROLLUP_PARTNER; d++)
		row[d] = t->rollup->dim[d].heap[t->heap].sum + row_of(t, rows->key[d]);
	row[ROLLUP_PARTNER] = !has_last ? NULL
					: t->rollup->dim[ROLLUP_PARTNER].heap[t->heap].sum +
						  row_of(t, rows->key[ROLLUP_PARTNER]);
	for (const struct projection_cell *c = track->cell; c < end; c++) {
		const size_t at = rollup_frame_slot(frame, c->quarter) * (size_t)AMOUNTS;
		const struct cell_pairs p = pairs_of(c, sign);

		for (enum rollup_dim d = ROLLUP_CLASS; d < ROLLUP_PARTNER; d++)
			add_pairs(row[d] + at, &p);
		if (has_last)
			add_pairs(row[ROLLUP_PARTNER] + at, &p);
	}
}

/* Add a track whatever its amounts. */
static void put_carefully(const struct target *t, const struct rows *rows,
			  const struct projection_track *track)
{
	for (size_t i = 0; i < track->cells; i++) {
		const struct projection_cell *c = &track->cell[i];
		size_t at = rollup_slot(t->rollup, c->quarter) * (size_t)AMOUNTS;

		for (enum rollup_dim d = ROLLUP_CLASS; d <= rows->last; d++)
			put_cell(t, d, row_of(t, rows->key[d]) + at, c);
	}
}

static void put_track(const struct target *t, const struct projection_track *track)
{
	const struct rows rows = rows_of(t->asset);

	if (keep_bound(t->rollup, track))
		put_quickly(t, &rows, track);
	else
		put_carefully(t, &rows, track);
	for (size_t i = 0; t->asset->owners > 1 && i < track->cells; i++)
		put_shares(t, &track->cell[i]);
}

/* Room for everything is made first, so that want of memory leaves the sums as they were. */
static int add_signed(struct rollup *r, const struct projection_asset *a,
		      const struct projection_result *result, bool is_minus)
{
	struct target t = {.rollup = r, .asset = a, .is_minus = is_minus};
	int err;

	if (projection_is_error(result->status))
		return 0;
	err = reserve(r, a, result);
	if (err < 0)
		return err;
	for (uint32_t i = 0; i < a->owners; i++)
		r->units[i] = a->owner[i].units;
	for (t.scenario = 0; t.scenario < SCENARIOS; t.scenario++) {
		const struct projection_outcome *o = &result->outcome[t.scenario];

		t.heap = o->is_same ? IN_BOTH : IN_BASELINE;
		put_track(&t, &o->baseline);
		t.heap = IN_ADJUSTED;
		if (!o->is_same)
			put_track(&t, &o->adjusted);
	}
	return 0;
}

int rollup_add(struct rollup *r, const struct projection_asset *a,
	       const struct projection_result *result)
{
	return add_signed(r, a, result, false);
}

int rollup_subtract(struct rollup *r, const struct projection_asset *a,
		    const struct projection_result *result)
{
	return add_signed(r, a, result, true);
}

static void row_merge(const struct target *t, const struct rollup *from, enum rollup_dim dim,
		      size_t row)
{
	const int128 one_carry = (int128)1 << 64;
	size_t old = rollup_scenario_sums(from), new = rollup_scenario_sums(t->rollup);
	const int64_t *sum = from->dim[dim].heap[t->heap].sum + row * old;
	const int32_t *carry = from->dim[dim].heap[t->heap].carry + row * old;
	size_t to = (row + 1) * new - old;

	for (size_t i = 0; i < old; i++) {
		int64_t *into = &t->rollup->dim[dim].heap[t->heap].sum[to + i], more;

		if (!from->has_carried && !__builtin_add_overflow(*into, sum[i], &more))
			*into = more;
		else
			put_wide(t, dim, to + i, sum[i] + carry[i] * one_carry);
	}
}

int rollup_merge(struct rollup *to, const struct rollup *from)
{
	struct target t = {.rollup = to};
	int r = actuals_reserve(to, from->actual_fy);

	for (enum rollup_dim d = 0; d < ROLLUPS && r == 0; d++)
		r = keys_reserve(to, d, from->dim[d].keys);
	if (r < 0)
		return r;
	to->bound = from->bound < BOUND_MOST - to->bound ? to->bound + from->bound : BOUND_MOST;
	for (enum rollup_dim d = 0; d < ROLLUPS; d++) {
		for (t.heap = 0; t.heap <= IN_ADJUSTED; t.heap++) {
			for (size_t row = 0; row < (size_t)from->dim[d].keys * SCENARIOS; row++)
				row_merge(&t, from, d, row);
		}
	}
	return 0;
}
