/*
 * The projection engine by its parts: tables of the model, rent against a count of days,
 * the worked examples, and what happens where numbers end.
 */
#include "libassets/projection/projection.h"
#include "libassets/projection/projection_flags.h"
#include "libassets/projection/projection_lease.h"
#include "libassets/projection/projection_print.h"
#include "libassets/projection/projection_rollup.h"
#include "tests/unit/vectors.h"

/* A run as of 21 November 2026 without growth or inflation, one partner, one class. */
struct ground {
	struct arena arena;
	struct projection_params params;
	struct projection_partner partner;
	uint32_t class_index;
	struct projection_model *model;
	struct projection_scratch *scratch;
};

static struct day day(const char *text)
{
	struct day d = DAY_NONE;

	cr_assert_eq(day_parse(str_of(text), &d), 0, "%s", text);
	return d;
}

static void ground_model(struct ground *g)
{
	cr_assert_eq(projection_model_new(&g->arena, &g->params, day("2026-11-21"), &g->model), 0);
	g->model->partner = &g->partner;
	g->model->class_index = &g->class_index;
}

static void ground_init(struct ground *g)
{
	*g = (struct ground){0};
	arena_init(&g->arena, 1 << 22);
	cr_assert_eq(projection_params_init(&g->params, &g->arena), 0);
	g->params.index[0].default_ppm = 0;
	g->params.deflator.default_ppm = 0;
	g->partner = g->params.partner_default;
	g->scratch = projection_scratch_new();
	cr_assert_not_null(g->scratch);
	ground_model(g);
}

static void ground_done(struct ground *g)
{
	projection_scratch_free(g->scratch);
	arena_done(&g->arena);
}

static uint32_t stage(const struct ground *g, const char *name)
{
	uint32_t i = 0;

	cr_assert_eq(projection_stage_find(&g->params, str_of(name), &i), 0);
	return i;
}

static uint32_t state(const struct ground *g, const char *name)
{
	uint32_t i = 0;

	cr_assert_eq(projection_state_find(&g->params, str_of(name), &i), 0);
	return i;
}

static const struct projection_owner one_owner = {0, 1};

/* Worked example C1: £200,000 at market value, marketed, planned for 15 June 2027. */
static struct projection_asset hall(const struct ground *g)
{
	return (struct projection_asset){
		.id = 1,
		.has_valuation = true,
		.owners = 1,
		.owner = &one_owner,
		.valuation = {day("2026-04-01"), 20000000, BASIS_MV},
		.plan = {.method = METHOD_SALE,
			 .stage = stage(g, "MARKETING"),
			 .date = day("2027-06-15")},
	};
}

static struct projection_request offer(const struct ground *g)
{
	return (struct projection_request){
		.id = 1,
		.state = state(g, "VALIDATED"),
		.state_date = day("2026-10-01"),
		.kind = KIND_OWNERSHIP,
		.has_offer = true,
		.offer_pence = 5000000,
		.prohibits = true,
		.expected_date = DAY_NONE,
		.release_date = DAY_NONE,
	};
}

Test(projection, discount_of_the_green_book)
{
	json_auto_t *root = test_vectors();
	struct ground g;
	json_t *row;
	size_t i;

	ground_init(&g);
	json_array_foreach (test_rows(root, "discount_1e12"), i, row)
		cr_expect_eq((int64_t)projection_year(g.model, 2026 + (int32_t)test_int(row, 0))
				     ->discount.by,
			     test_int(row, 1), "row %zu", i);
	ground_done(&g);
}

/* The price index of a scenario. quarter: within the model's years. */
static int64_t index_in(const struct projection_model *m, enum projection_scenario scenario,
			int32_t quarter)
{
	return m->index[scenario][quarter - PROJECTION_QUARTER_MIN];
}

Test(projection, index_grows_by_year_and_straight_inside_one)
{
	struct ground g;

	ground_init(&g);
	g.params.index[0].default_ppm = 20000;
	g.params.index[0].base_fy = 2025;
	g.params.index[0].growth_ppm[2026 - PROJECTION_FY_MIN] = -10000;
	ground_model(&g);
	cr_expect_eq(index_in(g.model, SCENARIO_LIKELY, 4 * 2024 + 3), PROJECTION_ONE);
	cr_expect_eq(index_in(g.model, SCENARIO_LIKELY, 4 * 2025), PROJECTION_ONE);
	cr_expect_eq(index_in(g.model, SCENARIO_LIKELY, 4 * 2025 + 1), 1005000000000);
	cr_expect_eq(index_in(g.model, SCENARIO_LIKELY, 4 * 2026), 1020000000000);
	cr_expect_eq(index_in(g.model, SCENARIO_LIKELY, 4 * 2027), 1009800000000);
	/* growth_add counts from the run's year on: -10000 + 10000 = 0. */
	cr_expect_eq(index_in(g.model, SCENARIO_BEST, 4 * 2027), 1020000000000);
	ground_done(&g);
}

Test(projection, quarters_and_ages_by_table_are_those_of_the_calendar)
{
	struct ground g;
	struct day d = day("1900-01-01"), last = quarter_first_day(4 * PROJECTION_FY_MAX + 4);

	ground_init(&g);
	for (; day_cmp(d, last) < 0; d = day_add(d, 1))
		cr_assert_eq(projection_quarter(g.model, d), quarter_of_day(d), "%d", d.number);
	for (d = day("2019-01-01"); day_cmp(d, day("2027-01-01")) < 0; d = day_add(d, 1)) {
		int32_t age = day_months(d, g.model->as_of);

		cr_assert_eq(day_cmp(d, g.model->stale_day) <= 0, age > 12, "%d", d.number);
		cr_assert_eq(day_cmp(d, g.model->expired_day) <= 0, age > 60, "%d", d.number);
	}
	ground_done(&g);
}

Test(projection, ages_count_whole_months_from_any_day)
{
	struct ground g;

	ground_init(&g);
	for (struct day now = day("2028-01-28"); day_cmp(now, day("2028-03-03")) < 0;
	     now = day_add(now, 1)) {
		g.params.stale_soft_months = 1 + now.number % 12;
		cr_assert_eq(projection_model_new(&g.arena, &g.params, now, &g.model), 0);
		for (struct day d = day("2026-11-01"); day_cmp(d, now) < 0; d = day_add(d, 1))
			cr_assert_eq(day_cmp(d, g.model->stale_day) <= 0,
				     day_months(d, now) > g.params.stale_soft_months, "%d %d",
				     now.number, d.number);
	}
	ground_done(&g);
}

/* Amounts of any size add up the same, whichever width the sums have. */
Test(projection, sums_of_leaves_widen_without_a_trace)
{
	struct tally *t = calloc(1, sizeof(*t));
	struct projection_cell *cell = calloc(PROJECTION_QUARTERS, sizeof(*cell));
	struct projection_track track;
	struct exact x = {false};
	struct ground g;
	int32_t q;

	ground_init(&g);
	cr_assert(t && cell);
	q = g.model->first_quarter;
	for (int round = 0; round < 2; round++) {
		int64_t large = round ? INT64_MAX - 1000 : 50000000;

		tally_touch(t, q);
		tally_touch(t, q + 3);
		tally_add(t, q, TALLY_GM, PPB / 4, 1000);
		tally_add(t, q + 3, TALLY_GM, PPB / 2, large);
		tally_add(t, q + 3, TALLY_CM, PPB / 2, 30);
		tally_add(t, q + 3, TALLY_GM, PPB / 2, large);
		tally_add(t, q, TALLY_GM, PPB / 4, 1000);
		cr_expect_eq(t->is_wide, round == 1);
		tally_cells(t, g.model, PPB, cell, &track, &x);
		cr_assert_eq(track.cells, 2);
		cr_expect_eq(track.cell[0].line[LINE_GM], 500);
		cr_expect_eq(track.cell[1].line[LINE_GM], large);
		cr_expect_eq(track.cell[1].line[LINE_CM], 15);
		cr_expect_eq(track.cell[1].line[LINE_NET], large - 15);
		cr_expect_not(x.is_overflown);
	}
	for (size_t i = 0; i < sizeof(*t); i++)
		cr_assert_eq(((const char *)t)[i], 0, "the tally is empty again");
	free(cell);
	free(t);
	ground_done(&g);
}

Test(projection, examples_c1_and_c2)
{
	struct ground g;
	struct projection_asset a;
	struct projection_request r;
	const struct projection_outcome *o;

	ground_init(&g);
	a = hall(&g);
	r = offer(&g);
	o = &projection_run(g.model, &a, g.scratch)->outcome[SCENARIO_LIKELY];
	cr_expect_eq(o->baseline.total_pence, 14512500);
	cr_expect_eq(o->adjustment_pence, 0);
	cr_expect_eq(o->baseline.cell[0].line[LINE_PV], 7711957);
	a.requests = 1;
	a.request = &r;
	o = &projection_run(g.model, &a, g.scratch)->outcome[SCENARIO_LIKELY];
	cr_expect_eq(o->adjusted.total_pence, 7938125);
	cr_expect_eq(o->adjustment_pence, 6574375);
	cr_expect_eq(o->forgone_pence, 10050000);
	ground_done(&g);
}

/* Rent of each quarter, counted day by day: what a year owes for the days it has had. */
static int64_t rent_by_days(const struct projection_lease *l, struct day start, int32_t quarter)
{
	struct day april = quarter_first_day(quarter & ~3),
		   end = day_add_months(start, l->term_months);
	struct day free = day_add_months(start, l->rent_free_months);
	int32_t year = quarter_first_day((quarter & ~3) + 4).number - april.number;
	int64_t owed[2] = {0, 0};

	for (int i = 0; i < 2; i++) {
		int64_t days = 0;

		for (struct day d = april; day_cmp(d, quarter_first_day(quarter + i)) < 0;
		     d = day_add(d, 1))
			days += day_cmp(d, start) >= 0 && day_cmp(d, free) >= 0 &&
				day_cmp(d, end) < 0;
		owed[i] = (int64_t)money_rdiv((int128)l->rent_pa_pence * days, year);
	}
	return owed[1] - owed[0];
}

Test(projection, rent_is_by_day)
{
	static const struct {
		const char *start;
		int32_t term_months, free_months;
	} cases[] = {
		{"2027-10-01", 120, 0}, {"2027-11-17", 13, 1}, {"2028-02-29", 12, 0},
		{"2026-12-31", 2, 0},   {"2027-03-31", 1, 0},  {"2027-05-05", 30, 11},
		{"2027-05-05", 3, 9},   {"2036-01-01", 60, 0},
	};
	struct lease_years years = {0};
	struct ground g;
	struct tally *t = calloc(1, sizeof(*t));

	ground_init(&g);
	cr_assert_not_null(t);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct projection_lease l = {.rent_pa_pence = 1000003,
					     .term_months = cases[i].term_months,
					     .rent_free_months = cases[i].free_months};
		struct day start = day(cases[i].start);

		memset(t, 0, sizeof(*t));
		lease_accrue(&l, g.model, start, 1, t, &years);
		lease_settle(&l, g.model, t, &years);
		for (int32_t q = g.model->first_quarter; q < g.model->end_quarter; q++) {
			int32_t k = q - PROJECTION_QUARTER_MIN;
			bool runs = q >= quarter_of_day(start) &&
				    day_cmp(quarter_first_day(q),
					    day_add_months(start, l.term_months)) < 0;

			cr_expect(t->sum[k][TALLY_RENT] == rent_by_days(&l, start, q),
				  "case %zu quarter %d", i, q);
			cr_expect_eq(t->touched[k / 64] >> k % 64 & 1, runs);
		}
	}
	free(t);
	ground_done(&g);
}

/* Leaves of one lease together are what they are one by one. */
Test(projection, rent_of_leaves_adds_up)
{
	static const char *const starts[] = {"2027-10-01", "2028-01-01", "2028-04-01",
					     "2029-07-01"};
	struct projection_lease l = {
		.rent_pa_pence = 1000003, .term_months = 61, .rent_free_months = 2};
	struct tally *t = calloc(1, sizeof(*t));
	struct lease_years years = {0};
	struct ground g;

	ground_init(&g);
	cr_assert_not_null(t);
	for (size_t i = 0; i < COUNT(starts); i++)
		lease_accrue(&l, g.model, day(starts[i]), 1 << i, t, &years);
	lease_settle(&l, g.model, t, &years);
	for (int32_t q = g.model->first_quarter; q < g.model->end_quarter; q++) {
		int64_t want = 0;

		for (size_t i = 0; i < COUNT(starts); i++)
			want += rent_by_days(&l, day(starts[i]), q) * (1 << i);
		cr_expect_eq(t->sum[q - PROJECTION_QUARTER_MIN][TALLY_RENT], want, "%d", q);
	}
	cr_expect(years.from == 0 && years.to == 0);
	for (size_t i = 0; i < COUNT(years.change_ppb); i++)
		cr_assert_eq(years.change_ppb[i], 0);
	free(t);
	ground_done(&g);
}

Test(projection, a_full_year_is_exactly_the_annual_rent)
{
	struct projection_lease l = {.rent_pa_pence = 1000003, .term_months = 240};
	struct lease_years years = {0};
	struct ground g;
	struct tally *t = calloc(1, sizeof(*t));

	ground_init(&g);
	cr_assert_not_null(t);
	lease_accrue(&l, g.model, day("2026-12-13"), 1, t, &years);
	lease_settle(&l, g.model, t, &years);
	for (int32_t fy = 2027; fy < 2036; fy++) {
		int128 year = 0;

		for (int32_t k = 0; k < 4; k++)
			year += t->sum[4 * fy + k - PROJECTION_QUARTER_MIN][TALLY_RENT];
		cr_expect(year == l.rent_pa_pence, "%d", fy);
	}
	free(t);
	ground_done(&g);
}

Test(projection, a_price_that_just_fits_is_kept_and_a_penny_more_is_not)
{
	struct ground g;
	struct projection_asset a;

	ground_init(&g);
	a = hall(&g);
	a.plan.has_agreed_price = a.plan.has_cost_fixed = true;
	a.plan.agreed_price_pence = INT64_MAX;
	g.partner.cost_rate_ppm = 0;
	cr_expect_eq(projection_run(g.model, &a, g.scratch)->status, STATUS_OK);
	/* Price and cost together must fit. */
	a.plan.cost_fixed_pence = 1;
	cr_expect_eq(projection_run(g.model, &a, g.scratch)->status, STATUS_E_OVERFLOW);
	/* An error leaves nothing behind for the next asset. */
	g.partner = g.params.partner_default;
	a = hall(&g);
	cr_expect_eq(projection_run(g.model, &a, g.scratch)
			     ->outcome[SCENARIO_LIKELY]
			     .baseline.total_pence,
		     14512500);
	ground_done(&g);
}

Test(projection, growth_beyond_any_number_is_overflow_for_those_who_need_it)
{
	struct ground g;
	struct projection_asset a;

	ground_init(&g);
	a = hall(&g);
	a.plan.date = day("2190-01-01");
	for (int i = 0; i < 2; i++) {
		g.params.index[0].default_ppm = i ? PROJECTION_GROWTH_MIN : PROJECTION_GROWTH_MAX;
		ground_model(&g);
		cr_expect_eq(projection_run(g.model, &a, g.scratch)->status, STATUS_E_OVERFLOW);
		a.plan.has_agreed_price = true;
		cr_expect_eq(projection_run(g.model, &a, g.scratch)->status, STATUS_OK);
		a.plan.has_agreed_price = false;
	}
	ground_done(&g);
}

Test(projection, sums_that_do_not_fit_are_said_so_and_come_back)
{
	struct ground g;
	struct projection_asset a;
	struct rollup r;
	struct rollup_sums s;
	const struct rollup_key all = {ROLLUP_ALL, 0, STR("ALL")};
	CLEANUP(buf_done) struct buf out = BUF(100000);
	bool is_first = true;

	ground_init(&g);
	g.partner.cost_rate_ppm = 0;
	a = hall(&g);
	a.plan = (struct projection_plan){
		.method = METHOD_SALE,
		.stage = stage(&g, "MISSIVES"),
		.date = day("2027-06-15"),
		.has_agreed_price = true,
		.has_cost_fixed = true,
		.has_p = true,
		.agreed_price_pence = INT64_MAX,
		.p_ppm = PPM,
	};
	rollup_init(&r, g.model);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(rollup_add(&r, &a, projection_run(g.model, &a, g.scratch)), 0);
	s = rollup_read(&r, ROLLUP_ALL, 0, SCENARIO_LIKELY, rollup_total(&r));
	cr_expect(s.baseline.net_pence == (int128)INT64_MAX * 3);
	projection_print_rollup(&out, &r, &all, SCENARIO_LIKELY, &is_first);
	cr_expect(strstr(out.at, "\"fy\":\"TOTAL\",\"baseline_net\":\"E_OVERFLOW\",\"adjusted_net\""
				 ":\"E_OVERFLOW\",\"rent\":0") &&
			  strstr(out.at, "\"adjustment\":0}"),
		  "%s", out.at);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(rollup_subtract(&r, &a, projection_run(g.model, &a, g.scratch)), 0);
	s = rollup_read(&r, ROLLUP_ALL, 0, SCENARIO_LIKELY, rollup_total(&r));
	cr_expect(s.cells == 0 && s.baseline.net_pence == 0);
	rollup_done(&r);
	ground_done(&g);
}

Test(projection, as_many_owners_and_requests_as_there_may_be)
{
	static struct projection_owner owner[PROJECTION_OWNERS_MAX];
	static struct projection_request request[PROJECTION_REQUESTS_MAX];
	const struct projection_result *result;
	struct ground g;
	struct projection_asset a;
	struct rollup r;
	struct projection_partner partners[PROJECTION_OWNERS_MAX];

	ground_init(&g);
	g.params.horizon_quarters = 400;
	ground_model(&g);
	a = hall(&g);
	for (uint32_t i = 0; i < PROJECTION_OWNERS_MAX; i++) {
		partners[i] = g.partner;
		owner[i] = (struct projection_owner){i, i % 3};
		request[i] = offer(&g);
		request[i].id = (int64_t)PROJECTION_REQUESTS_MAX - i;
		request[i].kind = (uint8_t)(i % 3);
		request[i].has_lease = true;
		request[i].lease = (struct projection_lease){.rent_pa_pence = i,
							     .term_months = PROJECTION_TERM_MAX};
	}
	g.model->partner = partners;
	a.owner = owner;
	a.owners = PROJECTION_OWNERS_MAX;
	a.request = request;
	a.requests = PROJECTION_REQUESTS_MAX;
	rollup_init(&r, g.model);
	result = projection_run(g.model, &a, g.scratch);
	cr_expect_eq(result->status, STATUS_OK);
	cr_expect(result->flags & 1u << FLAG_COMPETING_REQUESTS);
	cr_expect_eq(rollup_add(&r, &a, result), 0);
	rollup_done(&r);
	ground_done(&g);
}

Test(projection, a_scenario_is_read_by_its_word)
{
	static const char *const others[] = {"", "likely", "LIKELY ", "WORS", "NONE"};

	for (enum projection_scenario s = 0; s < SCENARIOS; s++) {
		enum projection_scenario got = SCENARIOS;

		cr_expect_eq(projection_scenario_parse(str_of(projection_scenario_word(s)), &got),
			     0);
		cr_expect_eq(got, s);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		enum projection_scenario got;

		cr_expect_eq(projection_scenario_parse(str_of(others[i]), &got), ERR_NOT_FOUND);
	}
}

Test(projection, flags_stand_in_the_order_of_their_words)
{
	for (enum projection_flag f = 1; f < FLAGS; f++)
		cr_expect_lt(strcmp(projection_flag_word(f - 1), projection_flag_word(f)), 0, "%s",
			     projection_flag_word(f));
}

Test(projection, default_profiles_sum_to_one)
{
	struct ground g;

	ground_init(&g);
	for (uint32_t i = 0; i < g.params.slips; i++) {
		int32_t sum = 0;

		for (uint32_t k = 0; k < g.params.slip[i].steps; k++)
			sum += g.params.slip[i].step[k].ppm;
		cr_expect_eq(sum, PPM, "%s", g.params.slip[i].name.at);
	}
	ground_done(&g);
}
