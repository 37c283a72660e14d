/*
 * The simulation's kernel in the words of the model: one path, its draws, its leaves, its prices
 * in 128 bits. It is what amounts too large for the other kernels take, and what the tests hold
 * those against. Also which kernel this machine has.
 */
#include "libassets/projection/projection_price.h"
#include "simulation_draw.h"
#include "simulation_lane.h"
#include "simulation_width.h"

static const struct lane_leaf *late(const struct lane_asset *a, const struct lane_branch *b,
				    uint32_t u)
{
	const struct lane_leaf *leaf = a->leaf + b->leaf;

	while (u >= leaf->upto)
		leaf++; /* the last takes every draw */
	return leaf;
}

/* A path of the asset; `at` is its place in the field. */
struct way {
	const struct lane_asset *a;
	const struct lane_field *f;
	uint32_t at;
	struct simulation_draws d;
};

static int64_t net_of(const struct way *w, const struct lane_branch *b, const struct lane_leaf *l)
{
	struct price_terms terms = {
		.cost_rate_ppm = b->cost_rate_ppm,
		.cost_fixed_pence = b->cost_fixed_pence,
		.cost_mult_ppm = b->cost_mult_ppm,
	};
	struct exact x = {false};
	struct price price;
	int64_t factor, gross;

	if (!b->is_of_market)
		return l->net_pence;
	factor = w->f->factor[(size_t)l->year * LANE_BLOCK + w->at] +
		 exact_rdiv_even(w->f->sigma_asset_ppm * w->d.shock, SIMULATION_SIGMA);
	if (factor < w->f->floor_ppm)
		factor = w->f->floor_ppm;
	gross = exact_rdiv_wide(&x, (int128)l->gross_pence * factor, PPM);
	if (gross < b->floor_pence)
		gross = b->floor_pence;
	price = price_of(&terms, gross, &x);
	return price.gross_pence - price.cost_pence;
}

static void put(const struct way *w, int64_t *rows, const struct lane_leaf *l, int64_t net,
		int sign)
{
	int64_t *sum = rows + (size_t)l->fy * LANE_BLOCK + w->at;

	if (l->is_counted)
		*sum = (int64_t)((uint64_t)*sum + (uint64_t)sign * (uint64_t)net);
}

/* The request that takes it, before the market or after it; NULL: none. */
static const struct lane_branch *taker(const struct way *w, bool is_other)
{
	uint32_t u = is_other ? w->d.late_request : w->d.request;

	for (uint32_t i = LANE_REQUEST; i < w->a->branches; i++) {
		const struct lane_branch *b = w->a->branch + i;

		if (b->is_other == is_other && u < b->upto)
			return b;
	}
	return NULL;
}

static void follow(const struct way *w)
{
	const struct lane_branch *b = w->a->branch + LANE_BASELINE, *taken = taker(w, false);
	bool is_sold = w->d.market < w->a->market_upto;
	const struct lane_leaf *l;
	int64_t net;

	if (is_sold) {
		l = late(w->a, b, w->d.market_slip);
		net = net_of(w, b, l);
		put(w, w->f->baseline, l, net, 1);
		if (!w->a->is_same && !w->f->is_other_apart)
			put(w, w->f->other, l, net, 1);
	}
	if (w->a->is_same)
		return;
	if (!taken && is_sold) {
		b = w->a->branch + LANE_MARKET;
		l = late(w->a, b, w->d.market_slip);
		put(w, w->f->other, l, net_of(w, b, l), -1);
		return;
	}
	if (!taken)
		taken = taker(w, true);
	if (taken) {
		l = late(w->a, taken, w->d.transfer_slip);
		put(w, w->f->other, l, net_of(w, taken, l), -1);
	}
}

void lane_wide(const struct lane_asset *a, const struct lane_field *f)
{
	for (uint32_t i = 0; i < f->paths; i++) {
		struct way w = {a, f, i, simulation_draw(f->seed, (uint64_t)a->id, f->path + i)};

		follow(&w);
	}
}

static bool has(enum simulation_lanes lanes)
{
	switch (lanes) {
	case SIMULATION_BEST:
	case SIMULATION_WIDE:
	case SIMULATION_PLAIN:
		return true;
#ifdef SIMULATION_HAS_WIDTHS
	case SIMULATION_AVX2:
		return __builtin_cpu_supports("avx2");
	case SIMULATION_AVX512:
		return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
#else
	case SIMULATION_AVX2:
	case SIMULATION_AVX512:
		return false;
#endif
	}
	return false;
}

/* The widest that there is; or the one asked for, if it is there. */
static enum simulation_lanes chosen(enum simulation_lanes lanes)
{
	if (lanes != SIMULATION_BEST)
		return lanes;
	return has(SIMULATION_AVX512) ? SIMULATION_AVX512
	       : has(SIMULATION_AVX2) ? SIMULATION_AVX2
				      : SIMULATION_PLAIN;
}

lane_kernel *lane_kernel_of(enum simulation_lanes lanes)
{
	switch (has(lanes) ? chosen(lanes) : SIMULATION_BEST) {
	case SIMULATION_WIDE:
		return lane_wide;
	case SIMULATION_PLAIN:
		return lane_plain;
#ifdef SIMULATION_HAS_WIDTHS
	case SIMULATION_AVX2:
		return lane_avx2;
	case SIMULATION_AVX512:
		return lane_avx512;
#else
	case SIMULATION_AVX2:
	case SIMULATION_AVX512:
#endif
	case SIMULATION_BEST:
		break;
	}
	return NULL;
}

lane_blocks *lane_blocks_of(enum simulation_lanes lanes)
{
	lane_kernel *kernel = lane_kernel_of(lanes);

#ifdef SIMULATION_HAS_WIDTHS
	if (kernel == lane_avx2)
		return lane_blocks_avx2;
	if (kernel == lane_avx512)
		return lane_blocks_avx512;
#endif
	return kernel ? lane_blocks_plain : NULL;
}

const char *simulation_lanes_word(enum simulation_lanes lanes)
{
	static const char *const word[] = {
		[SIMULATION_BEST] = "best",      [SIMULATION_WIDE] = "wide",
		[SIMULATION_PLAIN] = "plain",    [SIMULATION_AVX2] = "AVX2",
		[SIMULATION_AVX512] = "AVX-512",
	};

	return word[chosen(lanes)];
}
