/*
 * The simulation by changes, by widths and by threads: whatever the way, the sums of every path
 * are the same bits. Portfolios are random and nasty: shares without a penny, prices beyond what
 * kernels take, costs below zero, requests in every state, land that is gone.
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>

#include "libassets/base/err.h"
#include "libassets/projection/projection.h"
#include "libassets/simulation/simulation_private.h"
#include "libassets/simulation/simulation_spread.h"

enum { ASSETS = 12, PARTNERS = 4, CPPS = 3, REQUESTS = 3, AS_OF = 20778 /* 2026-11-21 */ };
enum { LOCALITIES = 3, DECILES = 4, CLASSES = 2 };

/* splitmix64 */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static int64_t below(uint64_t *seed, uint64_t n)
{
	return (int64_t)(next(seed) % n);
}

static bool chance(uint64_t *seed, int percent)
{
	return below(seed, 100) < percent;
}

/* From a penny to past what is simulated, each size as likely as another. */
static int64_t amount(uint64_t *seed)
{
	return below(seed, UINT64_C(1) << (1 + below(seed, chance(seed, 10) ? 52 : 34)));
}

static struct day day_near(uint64_t *seed, int days)
{
	return (struct day){AS_OF - days + (int32_t)below(seed, (uint64_t)days * 3)};
}

/* An asset with all that hangs on it. */
struct one {
	struct projection_asset a;
	struct projection_owner owner[PARTNERS];
	struct projection_request request[REQUESTS];
	struct projection_completed completed;
	struct projection_frozen frozen[2];
};

struct ground {
	struct arena arena;
	struct projection_params params;
	struct projection_partner partner[PARTNERS];
	uint32_t class_index[CLASSES];
	struct projection_model *model;
	struct projection_scratch *scratch;
};

static void ground_init(struct ground *g, uint64_t *seed)
{
	arena_init(&g->arena, 1 << 24);
	cr_assert_eq(projection_params_init(&g->params, &g->arena), 0);
	g->params.horizon_quarters = 4 + below(seed, 50);
	if (chance(seed, 50)) {
		g->params.mc_sigma_market = below(seed, 300001);
		g->params.mc_sigma_asset = below(seed, 500001);
		g->params.mc_floor_ppm = below(seed, 1000001);
		g->params.scenario[SCENARIO_LIKELY].cost_mult_ppm = below(seed, 3000001);
		g->params.scenario[SCENARIO_LIKELY].growth_add_ppm = below(seed, 100001);
		g->params.scenario[SCENARIO_LIKELY].uplift_ppm = below(seed, 1000001);
	}
	for (size_t i = 0; i < PARTNERS; i++) {
		g->partner[i] = g->params.partner_default;
		g->partner[i].cost_rate_ppm = below(seed, 100001);
		if (chance(seed, 20))
			g->partner[i].cost_fixed_pence = -amount(seed);
	}
	cr_assert_eq(projection_model_new(&g->arena, &g->params, (struct day){AS_OF}, &g->model),
		     0);
	memset(g->class_index, 0, sizeof(g->class_index));
	g->model->partner = g->partner;
	g->model->class_index = g->class_index;
	g->scratch = projection_scratch_new();
	cr_assert_not_null(g->scratch);
}

static void ground_done(struct ground *g)
{
	projection_scratch_free(g->scratch);
	arena_done(&g->arena);
}

static struct projection_lease lease(uint64_t *seed)
{
	return (struct projection_lease){
		.rent_pa_pence = amount(seed),
		.premium_pence = amount(seed),
		.term_months = 120,
		.class = chance(seed, 50) ? LEASE_CLASS_FINANCE : LEASE_CLASS_OPERATING,
	};
}

static struct projection_request request(const struct ground *g, uint64_t *seed, int64_t id)
{
	return (struct projection_request){
		.id = id,
		.state = (uint32_t)below(seed, g->params.states),
		.kind = (uint8_t)(chance(seed, 70) ? KIND_OWNERSHIP : KIND_LEASE),
		.has_offer = chance(seed, 40),
		.offer_pence = amount(seed),
		.has_agreed_price = chance(seed, 10),
		.agreed_price_pence = amount(seed),
		.has_lease = true,
		.lease = lease(seed),
		.prohibits = chance(seed, 70),
		.state_date = day_near(seed, 400),
		.expected_date = DAY_NONE,
		.release_date = DAY_NONE,
	};
}

static void complete(struct one *o, uint64_t *seed)
{
	o->completed = (struct projection_completed){
		.is_transfer = chance(seed, 50),
		.has_baseline = chance(seed, 70),
		.date = day_near(seed, 200),
		.gross_pence = amount(seed),
		.cost_pence = amount(seed),
		.baseline = o->frozen,
		.baseline_quarters = 2,
	};
	for (int32_t i = 0; i < 2; i++)
		o->frozen[i] = (struct projection_frozen){
			.quarter = quarter_of_day((struct day){AS_OF}) + i,
			.gm_pence = amount(seed)};
	o->a.completed = &o->completed;
}

static void fill(const struct ground *g, struct one *o, int64_t id, uint64_t *seed)
{
	*o = (struct one){
		.a = {
			.id = id,
			.lead = (uint32_t)below(seed, PARTNERS),
			.cpp = (uint32_t)below(seed, CPPS),
			.locality = (uint32_t)id % LOCALITIES,
			.decile = (uint8_t)(id % DECILES),
			.class = (uint32_t)id % CLASSES,
			.has_valuation = chance(seed, 90),
			.owners = (uint16_t)(chance(seed, 60) ? 1 : 1 + below(seed, PARTNERS)),
			.owner = o->owner,
			.requests = (uint16_t)(chance(seed, 50) ? below(seed, REQUESTS + 1) : 0),
			.request = o->request,
			.valuation = {day_near(seed, 700), amount(seed), BASIS_MV},
		}};
	o->a.plan.method = (uint8_t)(chance(seed, 80)   ? METHOD_SALE
				     : chance(seed, 50) ? METHOD_LEASE
							: METHOD_NONE);
	o->a.plan.stage = (uint32_t)below(seed, g->params.stages);
	o->a.plan.date = day_near(seed, 1000);
	o->a.plan.has_agreed_price = chance(seed, 15);
	o->a.plan.agreed_price_pence = amount(seed);
	o->a.plan.has_lease = true;
	o->a.plan.lease = lease(seed);
	for (uint16_t i = 0; i < o->a.owners; i++)
		o->owner[i] = (struct projection_owner){i, below(seed, 4)};
	for (uint16_t i = 0; i < o->a.requests; i++)
		o->request[i] = request(g, seed, i + 1);
	if (chance(seed, 15))
		complete(o, seed);
}

static int try_change(struct ground *g, struct simulation *s, const struct one *o,
		      enum simulation_sign sign)
{
	bool is_left_out;

	return simulation_change(s, &o->a, o->a.id % 3 * 700000,
				 projection_run(g->model, &o->a, g->scratch), sign, &is_left_out);
}

static void change(struct ground *g, struct simulation *s, const struct one *o,
		   enum simulation_sign sign)
{
	cr_assert_eq(try_change(g, s, o, sign), 0);
}

static struct simulation *fresh(struct ground *g, const struct one *at, uint32_t paths,
				enum simulation_lanes lanes)
{
	struct simulation_plan plan = {42, paths, lanes, 0, NULL};
	struct simulation *s;

	cr_assert_eq(simulation_new(g->model, &plan, &s), 0);
	for (size_t i = 0; i < ASSETS; i++)
		change(g, s, &at[i], SIMULATION_ADD);
	cr_assert_eq(simulation_finish(s), 0);
	return s;
}

static int64_t sum_at(int64_t *const *row, uint32_t fy, uint32_t path)
{
	return row && row[fy] ? row[fy][path] : 0;
}

static bool is_same_group(const struct simulation *s, const struct simulation_group *x,
			  const struct simulation_group *y)
{
	bool is_same = x->bound_pence == y->bound_pence;

	for (uint32_t fy = 0; fy < s->fys; fy++) {
		for (uint32_t i = 0; i < s->plan.paths; i++)
			is_same &= sum_at(x->rows.baseline, fy, i) ==
					   sum_at(y->rows.baseline, fy, i) &&
				   sum_at(x->rows.other, fy, i) == sum_at(y->rows.other, fy, i);
	}
	return is_same;
}

/* Not only the percentiles: every sum of every path, node and year. */
static bool is_same(const struct simulation *x, const struct simulation *y)
{
	const struct simulation_group none = {.rows = {NULL, NULL}};
	bool is_same = true;

	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
		for (uint32_t i = 0; i < x->dim[d].count || i < y->dim[d].count; i++)
			is_same &= is_same_group(x, i < x->dim[d].count ? &x->dim[d].at[i] : &none,
						 i < y->dim[d].count ? &y->dim[d].at[i] : &none);
	}
	return is_same;
}

/* Whether both have the same figures everywhere. */
static bool read_all(struct simulation *x, struct simulation *y)
{
	bool is_same = true;

	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
		for (uint32_t i = 0; i < x->dim[d].count * (x->fys + 1); i++) {
			uint32_t key = i / (x->fys + 1), fy = i % (x->fys + 1);
			uint32_t year = fy < x->fys ? fy : SIMULATION_TOTAL;
			struct simulation_node a = {0}, b = {0};

			is_same &= simulation_read(x, d, key, year, &a) ==
				   simulation_read(y, d, key, year, &b);
			is_same &= memcmp(&a, &b, sizeof(a)) == 0;
		}
	}
	return is_same;
}

/* Some assets become others, some go and come back, in any order, worked off now and then. */
static void change_at_random(struct ground *g, struct simulation *s, struct one *at, uint64_t *seed)
{
	for (int64_t left = 1 + below(seed, 15); left; left--) {
		struct one *o = &at[below(seed, ASSETS)];

		change(g, s, o, SIMULATION_TAKE_AWAY);
		if (chance(seed, 30))
			cr_assert_eq(simulation_finish(s), 0);
		fill(g, o, o->a.id, seed);
		change(g, s, o, SIMULATION_ADD);
	}
	cr_assert_eq(simulation_finish(s), 0);
}

Test(simulation_delta, a_thousand_sequences_of_changes_equal_a_full_run)
{
	for (uint64_t sequence = 0; sequence < 1000; sequence++) {
		uint64_t seed = sequence;
		static struct one at[ASSETS];
		struct simulation *moved, *full;
		struct ground g;

		ground_init(&g, &seed);
		for (int64_t i = 0; i < ASSETS; i++)
			fill(&g, &at[i], i + 1, &seed);
		moved = fresh(&g, at, 24, SIMULATION_BEST);
		read_all(moved, moved); /* so that there are figures to be forgotten */
		change_at_random(&g, moved, at, &seed);
		full = fresh(&g, at, 24, SIMULATION_BEST);
		cr_assert(is_same(moved, full), "sequence %d", (int)sequence);
		cr_assert(read_all(moved, full), "figures of sequence %d", (int)sequence);
		simulation_free(moved);
		simulation_free(full);
		ground_done(&g);
	}
}

/* Whether an asset adds to the node, of those that a scope names. */
static bool is_of(const struct one *o, enum simulation_dim dim, uint32_t key)
{
	const uint32_t of[SIMULATION_DIMS] = {
		[SIMULATION_LOCALITY] = o->a.locality,
		[SIMULATION_DECILE] = o->a.decile,
		[SIMULATION_CLASS] = o->a.class,
	};

	return of[dim] == key;
}

/* One node by itself, of all assets or of its own alone: the same sums. */
static void check_node(struct ground *g, const struct one *at, const struct simulation *whole,
		       enum simulation_dim dim, uint32_t key)
{
	const bool kept[] = {key == 0, key == 1, key == 2, key == 3, key == 4};
	struct simulation_scope scope = {0};
	struct simulation_plan plan = whole->plan;
	struct simulation *s, *own;
	uint32_t wanted = 0;

	cr_assert(key < COUNT(kept));
	scope.is_kept[dim] = kept;
	scope.keys[dim] = COUNT(kept);
	plan.scope = &scope;
	cr_assert_eq(simulation_new(g->model, &plan, &s), 0);
	plan.scope = NULL;
	cr_assert_eq(simulation_new(g->model, &plan, &own), 0);
	for (size_t i = 0; i < ASSETS; i++) {
		wanted += simulation_wants(s, &at[i].a);
		change(g, s, &at[i], SIMULATION_ADD);
		if (dim > SIMULATION_PARTNER && is_of(&at[i], dim, key))
			change(g, own, &at[i], SIMULATION_ADD);
	}
	cr_assert_eq(simulation_finish(s), 0);
	cr_assert_eq(simulation_finish(own), 0);
	for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++)
		cr_expect(d == dim || s->dim[d].count == 0, "nothing else is kept");
	if (s->dim[dim].count)
		cr_expect(is_same_group(s, &s->dim[dim].at[key], &whole->dim[dim].at[key]));
	else
		cr_expect(key >= whole->dim[dim].count || !whole->dim[dim].at[key].kept);
	if (dim > SIMULATION_PARTNER && s->dim[dim].count)
		cr_expect(is_same_group(s, &s->dim[dim].at[key], &own->dim[SIMULATION_ALL].at[0]));
	cr_expect(!s->dim[dim].count || wanted);
	simulation_free(s);
	simulation_free(own);
}

Test(simulation_delta, a_node_has_the_same_sums_whichever_others_are_kept)
{
	static const uint32_t keys[SIMULATION_DIMS] = {1,          CPPS,    PARTNERS,
						       LOCALITIES, DECILES, CLASSES};
	static const bool all[] = {true, true, true, true, true};

	for (uint64_t from = 1; from <= 50; from++) {
		struct simulation_scope scope = {.is_kept = {all, all, all, all, all, all}};
		struct simulation_plan plan = {42, 24, SIMULATION_BEST, 0, &scope};
		static struct one at[ASSETS];
		struct simulation *whole, *live;
		uint64_t seed = from;
		struct ground g;

		memcpy(scope.keys, keys, sizeof(keys));
		ground_init(&g, &seed);
		for (int64_t i = 0; i < ASSETS; i++)
			fill(&g, &at[i], i + 1, &seed);
		cr_assert_eq(simulation_new(g.model, &plan, &whole), 0);
		for (size_t i = 0; i < ASSETS; i++)
			change(&g, whole, &at[i], SIMULATION_ADD);
		cr_assert_eq(simulation_finish(whole), 0);
		live = fresh(&g, at, 24, SIMULATION_BEST);
		for (enum simulation_dim d = 0; d < SIMULATION_DIMS; d++) {
			for (uint32_t i = 0; d <= SIMULATION_PARTNER && i < live->dim[d].count; i++)
				cr_expect(is_same_group(live, &live->dim[d].at[i],
							&whole->dim[d].at[i]));
			for (uint32_t i = 0; i < keys[d]; i++)
				check_node(&g, at, whole, d, i);
		}
		simulation_free(live);
		simulation_free(whole);
		ground_done(&g);
	}
}

static int widths_equal(struct ground *g, const struct one *at, const struct simulation *model,
			enum simulation_lanes lanes)
{
	struct simulation *s;

	if (!lane_kernel_of(lanes))
		return 0;
	s = fresh(g, at, model->plan.paths, lanes);
	cr_expect(is_same(model, s), "%s", simulation_lanes_word(lanes));
	simulation_free(s);
	return 1;
}

/* Which of them ran here is printed, so that nobody takes a machine without them for a proof. */
Test(simulation_delta, every_width_gives_the_bits_of_the_model)
{
	static const enum simulation_lanes width[] = {SIMULATION_PLAIN, SIMULATION_AVX2,
						      SIMULATION_AVX512};
	int ran[COUNT(width)] = {0}, plain = 0;

	for (uint64_t seed = 7; seed < 7 + 60; seed++) {
		uint64_t from = seed;
		static struct one at[ASSETS];
		struct simulation *model;
		struct ground g;

		ground_init(&g, &from);
		for (int64_t i = 0; i < ASSETS; i++)
			fill(&g, &at[i], i + 1 + (below(&from, 2) << 40), &from);
		model = fresh(&g, at, 600, SIMULATION_WIDE);
		for (size_t i = 0; i < COUNT(width); i++)
			ran[i] += widths_equal(&g, at, model, width[i]);
		simulation_free(model);
		ground_done(&g);
	}
	for (size_t i = 0; i < COUNT(width); i++)
		printf("# simulation, %s: %s\n", simulation_lanes_word(width[i]),
		       ran[i] ? "ran, and equals the model" : "not on this machine, NOT RUN");
	(void)fflush(stdout);
	plain = ran[0];
	cr_expect_eq(plain, 60);
}

struct share {
	struct simulation *s;
	uint32_t from, to;
};

static void *run_share(void *arg)
{
	struct share *p = arg;

	return simulation_run(p->s, p->from, p->to, NULL) == 0 ? p : NULL;
}

Test(simulation_delta, threads_share_the_paths)
{
	uint64_t seed = 99;
	static struct one at[ASSETS];
	struct simulation_plan plan = {42, 2000, SIMULATION_BEST, 0, NULL};
	struct simulation *alone, *together;
	struct ground g;
	struct share part[2];
	pthread_t thread;
	void *got;

	ground_init(&g, &seed);
	for (int64_t i = 0; i < ASSETS; i++)
		fill(&g, &at[i], i + 1, &seed);
	alone = fresh(&g, at, plan.paths, SIMULATION_BEST);
	cr_assert_eq(simulation_new(g.model, &plan, &together), 0);
	for (size_t i = 0; i < ASSETS; i++)
		change(&g, together, &at[i], SIMULATION_ADD);
	part[0] = (struct share){together, 0, 1};
	part[1] = (struct share){together, 1, simulation_blocks(together)};
	cr_assert_eq(pthread_create(&thread, NULL, run_share, &part[0]), 0);
	cr_expect_not_null(run_share(&part[1]));
	cr_assert_eq(pthread_join(thread, &got), 0);
	cr_expect_not_null(got);
	simulation_settle(together);
	cr_expect(is_same(alone, together));
	simulation_free(alone);
	simulation_free(together);
	ground_done(&g);
}

/* Bounded to the byte; what goes beyond says that, and not that the machine has no more. */
Test(simulation_delta, memory_is_bounded)
{
	uint64_t seed = 7;
	static struct one at[ASSETS];
	struct simulation_plan plan = {42, 500, SIMULATION_BEST, 0, NULL};
	struct simulation *s;
	struct ground g;
	size_t bytes;
	int r = 0;

	ground_init(&g, &seed);
	for (int64_t i = 0; i < ASSETS; i++)
		fill(&g, &at[i], i + 1, &seed);
	s = fresh(&g, at, plan.paths, SIMULATION_BEST);
	bytes = simulation_bytes(s);
	simulation_free(s);
	for (size_t less = 0; less < 2; less++) {
		plan.bytes_max = bytes - less;
		cr_assert_eq(simulation_new(g.model, &plan, &s), 0);
		for (size_t i = 0; i < ASSETS && r == 0; i++)
			r = try_change(&g, s, &at[i], SIMULATION_ADD);
		cr_expect_eq(r, less ? ERR_LIMIT : 0);
		cr_expect_leq(simulation_bytes(s), plan.bytes_max);
		simulation_free(s);
	}
	plan.bytes_max = 1;
	cr_expect_eq(simulation_new(g.model, &plan, &s), ERR_LIMIT);
	ground_done(&g);
}

static int by_amount(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The elements that sorting gives, whatever lies behind the sample: ties, extremes, all but one. */
Test(simulation_delta, percentiles_are_those_of_the_sorted)
{
	enum { MOST = 20000 };
	static int64_t a[MOST], sorted[MOST], room[MOST];
	uint64_t seed = 5;

	for (int round = 0; round < 400; round++) {
		uint32_t n = (uint32_t)(1 + below(&seed, round % 2 ? MOST : 300));
		int64_t kinds = below(&seed, 5);
		struct simulation_spread s;

		for (uint32_t i = 0; i < n; i++)
			a[i] = kinds == 0   ? (int64_t)next(&seed)
			       : kinds == 1 ? below(&seed, 3)
			       : kinds == 2 ? (i * 512 / n * n / 512 == i ? 0 : below(&seed, 1000))
			       : kinds == 3 ? (int64_t)i
					    : (chance(&seed, 80) ? 0 : amount(&seed));
		memcpy(sorted, a, n * sizeof(*a));
		qsort(sorted, n, sizeof(*a), by_amount);
		s = simulation_spread_of(a, n, room);
		cr_expect_eq(s.p10_pence, sorted[(10 * (uint64_t)n + 99) / 100 - 1]);
		cr_expect_eq(s.p50_pence, sorted[(50 * (uint64_t)n + 99) / 100 - 1]);
		cr_expect_eq(s.p90_pence, sorted[(90 * (uint64_t)n + 99) / 100 - 1]);
	}
}
