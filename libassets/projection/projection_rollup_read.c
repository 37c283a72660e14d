/*
 * Reading roll-ups: sums of a key over a span of slots, each the sum of two heaps. Reads are
 * few and short beside writes, so nothing is kept ready; ALL is added up from the deciles,
 * of which there are eleven.
 */
#include "projection_rollup.h"
#include "projection_rollup_rows.h"

uint32_t rollup_keys(const struct rollup *r, enum rollup_dim dim)
{
	return dim == ROLLUP_ALL ? 1 : r->dim[dim].keys;
}

/* Sums of a span of slots of one row, wide. */
struct wide {
	int128 amount[ROLLUP_HEAPS][AMOUNTS];
};

static void span_add(struct wide *w, const struct rollup *r, enum rollup_dim dim, size_t row,
		     struct rollup_span span)
{
	const int128 carry_value = (int128)1 << 64;

	for (size_t h = 0; h < ROLLUP_HEAPS; h++) {
		size_t i = row * rollup_scenario_sums(r) + (size_t)span.from * AMOUNTS;
		size_t n = (size_t)(span.to - span.from) * AMOUNTS;
		const int64_t *sum = r->dim[dim].heap[h].sum + i;
		const int32_t *carries = r->dim[dim].heap[h].carry + i;

		for (size_t k = 0; k < n; k++)
			w->amount[h][k % AMOUNTS] += sum[k];
		for (size_t k = 0; r->has_carried && k < n; k++)
			w->amount[h][k % AMOUNTS] += carries[k] * carry_value;
	}
}

static struct rollup_track track_of(const int128 *both, const int128 *own)
{
	struct rollup_track t = {
		.gross_pence = both[GROSS] + own[GROSS],
		.cost_pence = both[COST] + own[COST],
		.pv_pence = both[PV] + own[PV],
	};

	t.net_pence = t.gross_pence - t.cost_pence;
	return t;
}

struct rollup_sums rollup_read(const struct rollup *r, enum rollup_dim dim, uint32_t key,
			       enum projection_scenario scenario, struct rollup_span span)
{
	uint32_t first = key, last = key;
	struct wide w = {0};

	if (dim == ROLLUP_ALL) {
		dim = ROLLUP_DECILE;
		first = 0;
		last = r->dim[dim].keys - 1;
	}
	for (uint32_t k = first; k <= last && k < r->dim[dim].keys; k++)
		span_add(&w, r, dim, (size_t)k * SCENARIOS + scenario, span);
	return (struct rollup_sums){
		.baseline = track_of(w.amount[IN_BOTH], w.amount[IN_BASELINE]),
		.adjusted = track_of(w.amount[IN_BOTH], w.amount[IN_ADJUSTED]),
		.rent_pence = w.amount[IN_BOTH][RENT] + w.amount[IN_ADJUSTED][RENT],
		.forgone_pence = w.amount[IN_ADJUSTED][FORGONE],
		.cells = (int64_t)(w.amount[IN_BOTH][CELLS] + w.amount[IN_BASELINE][CELLS] +
				   w.amount[IN_ADJUSTED][CELLS]),
	};
}

struct rollup_span rollup_total(const struct rollup *r)
{
	return (struct rollup_span){rollup_actuals(r), rollup_slots(r) - 1};
}

struct rollup_span rollup_quarter(const struct rollup *r, int32_t quarter)
{
	uint32_t slot = rollup_slot(r, quarter);

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
	return (struct rollup_span){rollup_slot(r, from), rollup_slot(r, to - 1) + 1};
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
	return (struct rollup_span){rollup_slots(r) - 1, rollup_slots(r)};
}
