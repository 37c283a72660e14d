/*
 * The simulation by its parts: published and worked vectors of the generator, the shape of its
 * normals, and what a portfolio's paths must have in common with its expectation. Whole results
 * are the cases that test_assetctl.c runs.
 */
#include <math.h>

#include "libassets/simulation/simulation.h"
#include "libassets/simulation/simulation_draw.h"
#include "tests/unit/ground.h"

static uint32_t word_of(json_t *list, size_t i)
{
	return (uint32_t)strtoul(json_string_value(json_array_get(list, i)), NULL, 16);
}

/* Seeds may be beyond int64, and are then kept as text behind a mark. */
static uint64_t number(const json_t *value)
{
	return json_is_string(value) ? strtoull(json_string_value(value) + 1, NULL, 10)
				     : (uint64_t)json_integer_value(value);
}

Test(simulation, generator_is_the_published_one)
{
	json_auto_t *root = test_vectors();
	json_t *row;
	size_t i;

	json_array_foreach (test_rows(root, "philox4x32_10"), i, row) {
		json_t *ctr = json_object_get(row, "ctr"), *key = json_object_get(row, "key");
		uint64_t seed = word_of(key, 0) | (uint64_t)word_of(key, 1) << 32;
		uint64_t entity = word_of(ctr, 2) | (uint64_t)word_of(ctr, 3) << 32;
		uint32_t out[SIMULATION_WORDS];

		simulation_block(seed, entity, word_of(ctr, 1), word_of(ctr, 0), out);
		for (size_t k = 0; k < SIMULATION_WORDS; k++)
			cr_expect_eq(out[k], word_of(json_object_get(row, "out"), k));
	}
	cr_expect_geq(i, 3);
}

Test(simulation, draws_take_their_words)
{
	json_auto_t *root = test_vectors();
	json_t *row;
	size_t i;

	json_array_foreach (test_rows(root, "draws"), i, row) {
		json_t *blocks = json_object_get(row, "blocks"), *first = json_array_get(blocks, 0),
		       *second = json_array_get(blocks, 1), *third = json_array_get(blocks, 2);
		struct simulation_draws d =
			simulation_draw(number(json_object_get(row, "seed")),
					number(json_object_get(row, "entity")),
					(uint32_t)number(json_object_get(row, "path")));
		uint32_t z[] = {word_of(second, 1), word_of(second, 2), word_of(second, 3),
				word_of(third, 0),  word_of(third, 1),  word_of(third, 2)};

		cr_expect_eq(d.request, word_of(first, 0));
		cr_expect_eq(d.transfer_slip, word_of(first, 1));
		cr_expect_eq(d.market, word_of(first, 2));
		cr_expect_eq(d.market_slip, word_of(first, 3));
		cr_expect_eq(d.late_request, word_of(second, 0));
		cr_expect_eq(d.shock, simulation_normal(z));
	}
	cr_expect_geq(i, 3);
}

Test(simulation, walk_of_the_market)
{
	json_auto_t *root = test_vectors();
	json_t *row;
	size_t i;

	json_array_foreach (test_rows(root, "walk"), i, row) {
		json_t *expected = json_object_get(row, "W_q16");
		int32_t walk[64];
		uint32_t years = (uint32_t)json_array_size(expected);

		cr_assert_leq(years, COUNT(walk));
		simulation_walk(number(json_object_get(row, "seed")),
				(uint32_t)number(json_object_get(row, "path")), years, walk);
		for (uint32_t y = 0; y < years; y++)
			cr_expect_eq(walk[y], test_int(expected, y));
	}
	cr_expect_geq(i, 1);
}

Test(simulation, normals_are_standard)
{
	enum { N = 200000 };
	double sum = 0, squares = 0;
	int below = 0;

	for (uint32_t path = 0; path < N; path++) {
		double z = simulation_draw(7, 11, path).shock / (double)SIMULATION_SIGMA;

		sum += z;
		squares += z * z;
		below += z < -1.2816;
	}
	cr_expect_float_eq(sum / N, 0, 0.01);
	cr_expect_float_eq(squares / N, 1, 0.01);
	cr_expect_float_eq(below / (double)N, 0.1, 0.003);
}

Test(simulation, a_share_is_met_exactly)
{
	cr_expect_not(simulation_hits(0, 0, 1000000));
	cr_expect(simulation_hits(UINT32_MAX, 1000000, 1000000));
	cr_expect(simulation_hits(UINT32_MAX / 2, 500000, 1000000));
	cr_expect_not(simulation_hits(UINT32_MAX / 2 + 1, 500000, 1000000));
	cr_expect(simulation_hits(UINT32_MAX, 1000000000, 1000000000));
}

static int change(struct ground *g, struct simulation *s, const struct projection_asset *a,
		  enum simulation_sign sign, bool *ret_is_left_out)
{
	const struct projection_result *r = projection_run(g->model, a, g->scratch);

	if (simulation_is_full(s))
		cr_assert_eq(simulation_finish(s), 0);
	return simulation_change(s, a, g->in.class_beta[a->class], r, sign, ret_is_left_out);
}

/* All assets, from the first or from the last. Yours to free; their expectation in *ret_net. */
static struct simulation *simulate(struct ground *g, bool is_backwards, int64_t *ret_net)
{
	struct simulation_plan plan = {g->in.mc_seed, g->in.mc_paths, SIMULATION_BEST, 0, NULL};
	struct simulation *s;

	cr_assert_eq(simulation_new(g->model, &plan, &s), 0);
	*ret_net = 0;
	for (uint32_t i = 0; i < g->in.assets; i++) {
		const struct projection_asset *a =
			&g->in.asset[is_backwards ? g->in.assets - 1 - i : i];
		bool is_left_out;

		cr_assert_eq(change(g, s, a, SIMULATION_ADD, &is_left_out), 0);
		cr_expect_not(is_left_out);
		*ret_net += projection_run(g->model, a, g->scratch)
				    ->outcome[SCENARIO_LIKELY]
				    .adjusted.total_pence;
	}
	cr_assert_eq(simulation_finish(s), 0);
	return s;
}

#define WHERE "\"lead\":\"A\",\"cpp\":\"C\",\"locality\":\"L\",\"class\":\"HALL\",\"decile\":1"
#define OWNED "\"owners\":[{\"partner\":\"A\",\"units\":2},{\"partner\":\"B\",\"units\":1}]"
#define WORTH(pence) "\"valuation\":{\"date\":\"2026-04-01\",\"amount\":" pence ",\"basis\":\"MV\"}"
#define SALE "\"plan\":{\"method\":\"SALE\",\"stage\":\"MARKETING\",\"date\":\"2027-06-15\"}"

static const char portfolio[] =
	"{\"asof\":\"2026-11-21\",\"mc\":{\"seed\":18446744073709551615,\"paths\":20000},"
	"\"assets\":[{\"id\":1," WHERE "," OWNED
	"," WORTH("20000000") "," SALE "},"
			      "{\"id\":2," WHERE "," OWNED
			      "," WORTH("7000001") "," SALE ",\"requests\":[{\"id\":1,"
						   "\"state\":\"VALIDATED\",\"kind\":\"OWNERSHIP\","
						   "\"state_date\":\"2026-10-01\"},"
						   "{\"id\":2,\"state\":\"RECEIVED\",\"kind\":"
						   "\"OWNERSHIP\",\"state_date\":\"2026-11-01\","
						   "\"offer\":100}]},"
						   "{\"id\":3," WHERE "," OWNED
						   "," WORTH("300") "," SALE "}]}";

/* The mean of the paths is what the projection expects, but for chance: here five deviations. */
Test(simulation, mean_is_the_expectation)
{
	struct ground g;
	struct simulation_node all;
	struct simulation *s;
	int64_t net;

	ground_init(&g, portfolio);
	cr_expect_eq(g.in.mc_seed, UINT64_MAX);
	s = simulate(&g, false, &net);
	cr_assert_eq(simulation_read(s, SIMULATION_ALL, 0, SIMULATION_TOTAL, &all), 0);
	cr_expect_float_eq((double)all.adjusted.mean_pence, (double)net,
			   5 * 11e6 / sqrt(g.in.mc_paths));
	cr_expect_gt(all.adjusted.p90_pence, all.adjusted.p50_pence);
	simulation_free(s);
	ground_done(&g);
}

/* Every node of both, by year and in total, to the penny. */
static void expect_same(struct simulation *a, struct simulation *b)
{
	for (enum simulation_dim dim = 0; dim < SIMULATION_DIMS; dim++) {
		uint32_t x = simulation_keys(a, dim), y = simulation_keys(b, dim);

		for (uint32_t i = 0; i < (x > y ? x : y) * (simulation_years(a) + 1); i++) {
			uint32_t key = i / (simulation_years(a) + 1);
			uint32_t year = i % (simulation_years(a) + 1);
			struct simulation_node one = {0}, other = {0};
			int r;

			year = year == simulation_years(a) ? SIMULATION_TOTAL : year;
			r = simulation_read(a, dim, key, year, &one);
			cr_expect_eq(simulation_read(b, dim, key, year, &other), r);
			cr_expect_eq(memcmp(&one, &other, sizeof(one)), 0, "%d %u %u", (int)dim,
				     key, year);
		}
	}
}

Test(simulation, order_of_assets_has_no_effect)
{
	struct ground g;
	struct simulation *forth, *back;
	int64_t net;

	ground_init(&g, portfolio);
	forth = simulate(&g, false, &net);
	back = simulate(&g, true, &net);
	expect_same(forth, back);
	simulation_free(forth);
	simulation_free(back);
	ground_done(&g);
}

/* Partners' means add up to all's, path by path, so but for rounding of the means. */
Test(simulation, owners_share_every_path)
{
	struct ground g;
	struct simulation_node all, a, b;
	struct simulation *s;
	int64_t net;

	ground_init(&g, portfolio);
	s = simulate(&g, false, &net);
	cr_assert_eq(simulation_read(s, SIMULATION_ALL, 0, SIMULATION_TOTAL, &all), 0);
	cr_assert_eq(simulation_read(s, SIMULATION_PARTNER, 0, SIMULATION_TOTAL, &a), 0);
	cr_assert_eq(simulation_read(s, SIMULATION_PARTNER, 1, SIMULATION_TOTAL, &b), 0);
	cr_expect_leq(
		llabs(a.baseline.mean_pence + b.baseline.mean_pence - all.baseline.mean_pence), 1);
	cr_expect_leq(llabs(all.baseline.mean_pence - all.adjusted.mean_pence -
			    all.adjustment.mean_pence),
		      1);
	simulation_free(s);
	ground_done(&g);
}

/* One path: each percentile is that path. */
Test(simulation, one_path_is_all_percentiles)
{
	struct ground g;
	struct simulation_node n;
	struct simulation *s;
	int64_t net;

	ground_init(&g, "{\"asof\":\"2026-11-21\",\"mc\":{\"seed\":0,\"paths\":1},\"assets\":[{"
			"\"id\":1," WHERE "," OWNED
			"," WORTH("20000000") ",\"plan\":{\"method\":\"SALE\",\"stage\":"
					      "\"MISSIVES\",\"date\":\"2027-01-01\","
					      "\"p_ppm\":1000000,\"agreed_price\":1000000}}]}");
	s = simulate(&g, false, &net);
	cr_assert_eq(simulation_read(s, SIMULATION_ALL, 0, SIMULATION_TOTAL, &n), 0);
	cr_expect_eq(n.baseline.p10_pence, 730000);
	cr_expect_eq(n.baseline.p90_pence, 730000);
	cr_expect_eq(n.baseline.mean_pence, 730000);
	cr_expect_eq(n.adjustment.p50_pence, 0);
	simulation_free(s);
	ground_done(&g);
}

/* Room for no sum: said so, and not wrapped. What alone is beyond the limit is left out. */
Test(simulation, says_where_sums_may_not_fit)
{
	struct simulation_plan plan = {0, 1, SIMULATION_BEST, 0, NULL};
	struct ground g;
	struct simulation_node n;
	struct simulation *s;
	struct projection_asset a;
	bool is_left_out;

	ground_init(&g,
		    "{\"asof\":\"2026-11-21\",\"mc\":{\"seed\":0,\"paths\":1},\"assets\":[{\"id\":"
		    "1," WHERE "," OWNED
		    ",\"plan\":{\"method\":\"SALE\",\"stage\":\"MISSIVES\",\"date\":\"2027-01-01\","
		    "\"p_ppm\":1000000,\"agreed_price\":1000000000000000}}]}");
	cr_assert_eq(simulation_new(g.model, &plan, &s), 0);
	a = g.in.asset[0];
	/* Each nets 98 % of 10^15 pence, so that some 4,700 are half of what 64 bits hold. */
	for (int i = 0; i < 4700; i++)
		cr_assert_eq(change(&g, s, &a, SIMULATION_ADD, &is_left_out), 0);
	cr_expect_not(is_left_out);
	cr_assert_eq(simulation_finish(s), 0);
	cr_assert_eq(simulation_read(s, SIMULATION_ALL, 0, SIMULATION_TOTAL, &n), 0);
	cr_expect_not(n.is_overflown);
	cr_expect_gt(n.baseline.p50_pence, INT64_C(4600000000000000000));
	for (int i = 0; i < 10; i++)
		cr_assert_eq(change(&g, s, &a, SIMULATION_ADD, &is_left_out), 0);
	cr_assert_eq(simulation_finish(s), 0);
	cr_assert_eq(simulation_read(s, SIMULATION_ALL, 0, SIMULATION_TOTAL, &n), 0);
	cr_expect(n.is_overflown);
	/* And back below it. */
	for (int i = 0; i < 10; i++)
		cr_assert_eq(change(&g, s, &a, SIMULATION_TAKE_AWAY, &is_left_out), 0);
	cr_assert_eq(simulation_finish(s), 0);
	cr_assert_eq(simulation_read(s, SIMULATION_ALL, 0, SIMULATION_TOTAL, &n), 0);
	cr_expect_not(n.is_overflown);
	a.plan.agreed_price_pence++;
	cr_assert_eq(change(&g, s, &a, SIMULATION_ADD, &is_left_out), 0);
	cr_expect(is_left_out);
	a.plan.agreed_price_pence = 0;
	a.plan.has_cost_fixed = true;
	a.plan.cost_fixed_pence = -INT64_C(1000000000000001);
	cr_assert_eq(change(&g, s, &a, SIMULATION_ADD, &is_left_out), 0);
	cr_expect(is_left_out);
	simulation_free(s);
	ground_done(&g);
}
