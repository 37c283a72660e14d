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

#include "err.h"
#include "projection_rollup_rows.h"

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

/* Copy rows of `had` sums into longer ones, to their ends. Carries only if there are any. */
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

	for (size_t i = 0; i < result->used && err == 0; i++) {
		if (result->cell[i].quarter < r->first_quarter)
			err = actuals_reserve(r, quarter_fy(result->cell[i].quarter));
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

static uint64_t size_of(int64_t pence)
{
	return pence < 0 ? -(uint64_t)pence : (uint64_t)pence;
}

/*
 * Count the cell's amounts into the bound, which no sum of the roll-up can exceed. True as
 * long as it is so low that sums may be added without looking.
 */
static bool keep_bound(struct rollup *r, const struct projection_cell *c)
{
	const uint64_t large = UINT64_C(1) << 62;
	/* No less than the largest amount, and less than twice it. */
	uint64_t size = size_of(c->line[LINE_GM]) | size_of(c->line[LINE_GT]) |
			size_of(c->line[LINE_CM]) | size_of(c->line[LINE_CT]) |
			size_of(c->line[LINE_PV]) | size_of(c->line[LINE_RENT]) |
			size_of(c->forgone_pence) | 1;

	if (size >= large / 2 || r->bound >= large - 2 * size)
		r->bound = large;
	else
		r->bound += 2 * size;
	return r->bound < large;
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
static void put_shares(const struct target *t, const struct projection_cell *c, size_t at)
{
	const struct projection_asset *a = t->asset;

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

/* What a small cell adds. */
struct amounts {
	int64_t amount[AMOUNTS];
};

static struct amounts amounts_of(const struct projection_cell *c, bool is_minus)
{
	int64_t sign = is_minus ? -1 : 1;

	return (struct amounts){{
		[GROSS] = (c->line[LINE_GM] + c->line[LINE_GT]) * sign,
		[COST] = (c->line[LINE_CM] + c->line[LINE_CT]) * sign,
		[PV] = c->line[LINE_PV] * sign,
		[RENT] = c->line[LINE_RENT] * sign,
		[FORGONE] = c->forgone_pence * sign,
		[CELLS] = sign,
	}};
}

/* Owners' cells sum to the asset's, so the asset's own goes where owners do not matter. */
static void put_track(const struct target *t, const struct projection_track *track)
{
	const struct projection_asset *asset = t->asset;
	const uint32_t key[ROLLUPS] = {0,
				       asset->class,
				       asset->cpp,
				       asset->decile,
				       asset->locality,
				       asset->owner[0].partner};
	const enum rollup_dim last = asset->owners == 1 ? ROLLUP_PARTNER : ROLLUP_LOCALITY;
	int64_t *row[ROLLUPS];

	for (enum rollup_dim d = ROLLUP_CLASS; d <= last; d++)
		row[d] = t->rollup->dim[d].heap[t->heap].sum + row_of(t, key[d]);
	for (size_t i = 0; i < track->cells; i++) {
		const struct projection_cell *c = &track->cell[i];
		size_t at = rollup_slot(t->rollup, c->quarter) * (size_t)AMOUNTS;

		if (keep_bound(t->rollup, c)) {
			struct amounts a = amounts_of(c, t->is_minus);

			for (enum rollup_dim d = ROLLUP_CLASS; d <= last; d++) {
				for (size_t k = 0; k < AMOUNTS; k++)
					row[d][at + k] += a.amount[k];
			}
		} else {
			for (enum rollup_dim d = ROLLUP_CLASS; d <= last; d++)
				put_cell(t, d, row_of(t, key[d]) + at, c);
		}
		if (asset->owners > 1)
			put_shares(t, c, at);
	}
}

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
	to->bound = to->bound + from->bound < UINT64_C(1) << 62 ? to->bound + from->bound
								: UINT64_C(1) << 62;
	for (enum rollup_dim d = 0; d < ROLLUPS; d++) {
		for (t.heap = 0; t.heap <= IN_ADJUSTED; t.heap++) {
			for (size_t row = 0; row < (size_t)from->dim[d].keys * SCENARIOS; row++)
				row_merge(&t, from, d, row);
		}
	}
	return 0;
}
