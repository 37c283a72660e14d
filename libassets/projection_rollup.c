/*
 * Roll-ups as dense rows: a key has, for each scenario, a cell for each slot, and a cell keeps
 * three heaps: what counts in both tracks alike (assets that nobody asks for, nearly all),
 * and what counts in one of them. Present figures are sums of two heaps.
 */
#include "projection_rollup.h"

#include <stdlib.h>

#include "err.h"
#include "projection_share.h"

enum heap { IN_BOTH, IN_BASELINE, IN_ADJUSTED, HEAPS };

struct amounts {
	int128 gross, cost, pv, rent, forgone;
	int64_t cells;
};

struct rollup_cell {
	struct amounts heap[HEAPS];
};

static uint32_t actuals(const struct rollup *r)
{
	return (uint32_t)(quarter_fy(r->first_quarter) + 1 - r->actual_fy);
}

static uint32_t slots(const struct rollup *r)
{
	return actuals(r) + (uint32_t)(r->end_quarter - r->first_quarter) + 1;
}

static size_t row_cells(const struct rollup *r)
{
	return (size_t)SCENARIOS * slots(r);
}

void rollup_init(struct rollup *r, const struct projection_model *m)
{
	*r = (struct rollup){
		.actual_fy = m->fy + 1,
		.first_quarter = m->first_quarter,
		.end_quarter = m->end_quarter,
	};
}

void rollup_done(struct rollup *r)
{
	for (size_t d = 0; d < ROLLUPS; d++) {
		free(r->dim[d].cell);
		r->dim[d].cell = NULL;
		r->dim[d].keys = 0;
	}
}

static int keys_reserve(struct rollup *r, enum rollup_dim dim, uint32_t keys)
{
	size_t row = row_cells(r);
	uint32_t had = r->dim[dim].keys, room = had;
	struct rollup_cell *cell;

	if (keys <= had)
		return 0;
	while (room < keys)
		room = room ? 2 * room : 4;
	cell = reallocarray(r->dim[dim].cell, room, row * sizeof(*cell));
	if (!cell)
		return ERR_NOMEM;
	memset(cell + had * row, 0, (room - had) * row * sizeof(*cell));
	r->dim[dim].cell = cell;
	r->dim[dim].keys = room;
	return 0;
}

/* Copy the rows of one dimension into a roll-up with more slots in front. */
static int dim_widen(const struct rollup *from, struct rollup *to, enum rollup_dim dim)
{
	size_t old = slots(from), new = slots(to);
	int r = keys_reserve(to, dim, from->dim[dim].keys);

	if (r < 0)
		return r;
	for (size_t i = 0; i < (size_t)from->dim[dim].keys * SCENARIOS; i++)
		memcpy(to->dim[dim].cell + (i + 1) * new - old, from->dim[dim].cell + i * old,
		       old * sizeof(struct rollup_cell));
	return 0;
}

/* Make slots for actuals from this year on. */
static int actuals_reserve(struct rollup *r, int32_t fy)
{
	struct rollup wide = *r;

	if (fy >= r->actual_fy)
		return 0;
	wide.actual_fy = fy;
	memset(wide.dim, 0, sizeof(wide.dim));
	for (enum rollup_dim d = 0; d < ROLLUPS; d++) {
		if (dim_widen(r, &wide, d) < 0) {
			rollup_done(&wide);
			return ERR_NOMEM;
		}
	}
	rollup_done(r);
	*r = wide;
	return 0;
}

static uint32_t slot_of(const struct rollup *r, int32_t quarter)
{
	if (quarter < r->first_quarter)
		return (uint32_t)(quarter_fy(quarter) - r->actual_fy);
	if (quarter >= r->end_quarter)
		quarter = r->end_quarter;
	return actuals(r) + (uint32_t)(quarter - r->first_quarter);
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

static struct amounts amounts_of(const struct projection_cell *c, int64_t sign)
{
	return (struct amounts){
		.gross = ((int128)c->line[LINE_GM] + c->line[LINE_GT]) * sign,
		.cost = ((int128)c->line[LINE_CM] + c->line[LINE_CT]) * sign,
		.pv = (int128)c->line[LINE_PV] * sign,
		.rent = (int128)c->line[LINE_RENT] * sign,
		.forgone = (int128)c->forgone_pence * sign,
		.cells = sign,
	};
}

static void amounts_add(struct amounts *to, const struct amounts *a)
{
	to->gross += a->gross;
	to->cost += a->cost;
	to->pv += a->pv;
	to->rent += a->rent;
	to->forgone += a->forgone;
	to->cells += a->cells;
}

/* Where the cells of one track go. */
struct target {
	struct rollup *rollup;
	const struct projection_asset *asset;
	enum projection_scenario scenario;
	enum heap heap;
	int64_t sign;
};

static void add_to(const struct target *t, enum rollup_dim dim, uint32_t key, uint32_t slot,
		   const struct amounts *a)
{
	const struct rollup *r = t->rollup;
	size_t i = ((size_t)key * SCENARIOS + t->scenario) * slots(r) + slot;

	amounts_add(&r->dim[dim].cell[i].heap[t->heap], a);
}

static void add_shares(const struct target *t, const struct projection_cell *c, uint32_t slot)
{
	struct projection_cell part[PROJECTION_OWNERS_MAX];

	projection_share(t->asset, c, part);
	for (uint32_t i = 0; i < t->asset->owners; i++) {
		struct amounts amounts = amounts_of(&part[i], t->sign);

		add_to(t, ROLLUP_PARTNER, t->asset->owner[i].partner, slot, &amounts);
	}
}

/* Owners' cells sum to the asset's, so the asset's own goes where owners do not matter. */
static void add_track(const struct target *t, const struct projection_track *track)
{
	const struct projection_asset *a = t->asset;

	for (size_t i = 0; i < track->cells; i++) {
		const struct projection_cell *c = &track->cell[i];
		uint32_t slot = slot_of(t->rollup, c->quarter);
		struct amounts amounts = amounts_of(c, t->sign);

		add_to(t, ROLLUP_CLASS, a->class, slot, &amounts);
		add_to(t, ROLLUP_CPP, a->cpp, slot, &amounts);
		add_to(t, ROLLUP_DECILE, a->decile, slot, &amounts);
		add_to(t, ROLLUP_LOCALITY, a->locality, slot, &amounts);
		if (a->owners == 1)
			add_to(t, ROLLUP_PARTNER, a->owner[0].partner, slot, &amounts);
		else
			add_shares(t, c, slot);
	}
}

static int add_signed(struct rollup *r, const struct projection_asset *a,
		      const struct projection_result *result, int64_t sign)
{
	struct target t = {.rollup = r, .asset = a, .sign = sign};
	int err;

	if (projection_is_error(result->status))
		return 0;
	err = reserve(r, a, result);
	if (err < 0)
		return err;
	for (t.scenario = 0; t.scenario < SCENARIOS; t.scenario++) {
		const struct projection_outcome *o = &result->outcome[t.scenario];

		t.heap = o->is_same ? IN_BOTH : IN_BASELINE;
		add_track(&t, &o->baseline);
		t.heap = IN_ADJUSTED;
		if (!o->is_same)
			add_track(&t, &o->adjusted);
	}
	return 0;
}

int rollup_add(struct rollup *r, const struct projection_asset *a,
	       const struct projection_result *result)
{
	return add_signed(r, a, result, 1);
}

int rollup_subtract(struct rollup *r, const struct projection_asset *a,
		    const struct projection_result *result)
{
	return add_signed(r, a, result, -1);
}

int rollup_merge(struct rollup *to, const struct rollup *from)
{
	size_t old = slots(from), ahead, new;
	int r = actuals_reserve(to, from->actual_fy);

	for (enum rollup_dim d = 0; d < ROLLUPS && r == 0; d++)
		r = keys_reserve(to, d, from->dim[d].keys);
	if (r < 0)
		return r;
	new = slots(to);
	ahead = new - old;
	for (enum rollup_dim d = 0; d < ROLLUPS; d++) {
		for (size_t i = 0; i < from->dim[d].keys * SCENARIOS * old; i++) {
			const struct rollup_cell *cell = &from->dim[d].cell[i];

			for (enum heap h = 0; h < HEAPS; h++)
				amounts_add(
					&to->dim[d].cell[i / old * new + ahead + i % old].heap[h],
					&cell->heap[h]);
		}
	}
	return 0;
}

uint32_t rollup_keys(const struct rollup *r, enum rollup_dim dim)
{
	return dim == ROLLUP_ALL ? 1 : r->dim[dim].keys;
}

static void span_add(struct amounts sum[HEAPS], const struct rollup_cell *cell,
		     struct rollup_span span)
{
	for (uint32_t slot = span.from; slot < span.to; slot++) {
		for (enum heap h = 0; h < HEAPS; h++)
			amounts_add(&sum[h], &cell[slot].heap[h]);
	}
}

static struct rollup_track track_of(const struct amounts *both, const struct amounts *own)
{
	struct rollup_track t = {
		.gross_pence = both->gross + own->gross,
		.cost_pence = both->cost + own->cost,
		.pv_pence = both->pv + own->pv,
	};

	t.net_pence = t.gross_pence - t.cost_pence;
	return t;
}

struct rollup_sums rollup_read(const struct rollup *r, enum rollup_dim dim, uint32_t key,
			       enum projection_scenario scenario, struct rollup_span span)
{
	struct amounts sum[HEAPS] = {0};
	uint32_t first = key, last = key;

	if (dim == ROLLUP_ALL) {
		dim = ROLLUP_DECILE;
		first = 0;
		last = r->dim[dim].keys - 1;
	}
	for (uint32_t k = first; k <= last && k < r->dim[dim].keys; k++)
		span_add(sum, &r->dim[dim].cell[((size_t)k * SCENARIOS + scenario) * slots(r)],
			 span);
	return (struct rollup_sums){
		.baseline = track_of(&sum[IN_BOTH], &sum[IN_BASELINE]),
		.adjusted = track_of(&sum[IN_BOTH], &sum[IN_ADJUSTED]),
		.rent_pence = sum[IN_BOTH].rent + sum[IN_ADJUSTED].rent,
		.forgone_pence = sum[IN_BOTH].forgone + sum[IN_ADJUSTED].forgone,
		.cells = sum[IN_BOTH].cells + sum[IN_BASELINE].cells + sum[IN_ADJUSTED].cells,
	};
}

struct rollup_span rollup_total(const struct rollup *r)
{
	return (struct rollup_span){actuals(r), slots(r) - 1};
}

struct rollup_span rollup_quarter(const struct rollup *r, int32_t quarter)
{
	uint32_t slot = slot_of(r, quarter);

	return (struct rollup_span){slot, slot + 1};
}

struct rollup_span rollup_year(const struct rollup *r, int32_t fy)
{
	int32_t from = 4 * fy, to = 4 * fy + 4;

	if (from < r->first_quarter)
		from = r->first_quarter;
	if (to > r->end_quarter)
		to = r->end_quarter;
	if (from >= to)
		return (struct rollup_span){0, 0};
	return (struct rollup_span){slot_of(r, from), slot_of(r, to - 1) + 1};
}

struct rollup_span rollup_actual(const struct rollup *r, int32_t fy)
{
	uint32_t slot = (uint32_t)(fy - r->actual_fy);

	if (fy < r->actual_fy || fy > quarter_fy(r->first_quarter))
		return (struct rollup_span){0, 0};
	return (struct rollup_span){slot, slot + 1};
}

struct rollup_span rollup_beyond(const struct rollup *r)
{
	return (struct rollup_span){slots(r) - 1, slots(r)};
}
