/*
 * Random portfolios for property tests and benchmarks of the projection: any mix of sales,
 * leases, requests, completions and owners, from a seed. Tame amounts are those of real
 * property; wild ones are any 64 bits.
 */
#pragma once

#include <stdlib.h>

#include "libassets/projection/projection.h"
#include "tests/unit/random.h"

enum {
	PORTFOLIO_MAX = 12,
	PORTFOLIO_PARTNERS = 5,
	PORTFOLIO_CLASSES = 3,
	PORTFOLIO_CPPS = 3,
	PORTFOLIO_LOCALITIES = 4,
	PORTFOLIO_OWNERS = 4,
	PORTFOLIO_REQUESTS = 4,
	PORTFOLIO_FROZEN = 3,
};

/* One asset with everything that hangs on it; its pointers point into itself. */
struct portfolio_asset {
	struct projection_asset asset;
	struct projection_owner owner[PORTFOLIO_OWNERS];
	struct projection_request request[PORTFOLIO_REQUESTS];
	struct projection_completed completed;
	struct projection_frozen frozen[PORTFOLIO_FROZEN];
};

struct portfolio {
	size_t assets;
	struct portfolio_asset asset[PORTFOLIO_MAX];
};

/* What the assets stand on: model with parameters, partners and classes. */
struct portfolio_ground {
	struct arena arena;
	struct projection_params params;
	struct projection_partner partner[PORTFOLIO_PARTNERS];
	uint32_t class_index[PORTFOLIO_CLASSES];
	struct projection_model *model;
};

struct portfolio_random {
	uint64_t seed;
	bool is_wild;
};

static inline bool portfolio_chance(struct portfolio_random *r, unsigned percent)
{
	return random_below(&r->seed, 100) < percent;
}

static inline int64_t portfolio_between(struct portfolio_random *r, int64_t from, int64_t to)
{
	return from + (int64_t)random_below(&r->seed, (uint64_t)(to - from + 1));
}

static inline int64_t portfolio_pence(struct portfolio_random *r)
{
	if (r->is_wild)
		return random_i64(&r->seed);
	return portfolio_chance(r, 5) ? portfolio_between(r, -100, 100)
				      : (int64_t)random_below(&r->seed, 2000000000);
}

/* Days around 2026, or anywhere in the range of days. */
static inline struct day portfolio_day(struct portfolio_random *r, int32_t from, int32_t to)
{
	if (r->is_wild && portfolio_chance(r, 30)) {
		from = -25567; /* 1900-01-01 */
		to = 84370;    /* 2200-12-31 */
	}
	return (struct day){(int32_t)portfolio_between(r, from, to)};
}

enum { DAY_2020 = 18262, DAY_2026 = 20454, DAY_2027 = 20819, DAY_2030 = 21915, DAY_2038 = 24837 };

static inline struct projection_lease portfolio_lease(struct portfolio_random *r)
{
	static const int32_t terms[] = {1, 12, 60, 120, 1188, PROJECTION_TERM_MAX};

	return (struct projection_lease){
		.rent_pa_pence = portfolio_pence(r) / 20,
		.premium_pence = portfolio_pence(r),
		.term_months = terms[random_below(&r->seed, r->is_wild ? 6 : 5)],
		.rent_free_months =
			portfolio_chance(r, 30) ? (int32_t)portfolio_between(r, 0, 40) : 0,
		.class = (uint8_t)random_below(&r->seed, 2),
	};
}

static inline struct projection_request portfolio_request(const struct portfolio_ground *g,
							  struct portfolio_random *r)
{
	struct projection_request q = {
		.id = portfolio_between(r, 1, 1000),
		.state = (uint32_t)random_below(&r->seed, g->params.states),
		.kind = (uint8_t)random_below(&r->seed, 3),
		.has_offer = portfolio_chance(r, 60),
		.has_agreed_price = portfolio_chance(r, 20),
		.has_lease = portfolio_chance(r, 70),
		.has_market_rent = portfolio_chance(r, 50),
		.has_p = portfolio_chance(r, 20),
		.prohibits = portfolio_chance(r, 70),
		.state_date = portfolio_day(r, DAY_2020, DAY_2027),
		.expected_date = DAY_NONE,
		.release_date = DAY_NONE,
		.offer_pence = portfolio_pence(r),
		.agreed_price_pence = portfolio_pence(r),
		.market_rent_pa_pence = portfolio_pence(r) / 20,
		.p_ppm = portfolio_between(r, 0, PPM),
		.nfb_pence = portfolio_pence(r),
		.lease = portfolio_lease(r),
	};

	if (portfolio_chance(r, 20))
		q.expected_date = portfolio_day(r, DAY_2026, DAY_2038);
	if (portfolio_chance(r, 20))
		q.release_date = portfolio_day(r, DAY_2026, DAY_2030);
	return q;
}

static inline struct projection_plan portfolio_plan(const struct portfolio_ground *g,
						    struct portfolio_random *r)
{
	return (struct projection_plan){
		.method = portfolio_chance(r, 15)   ? METHOD_NONE
			  : portfolio_chance(r, 25) ? METHOD_LEASE
						    : METHOD_SALE,
		.has_agreed_price = portfolio_chance(r, 15),
		.has_p = portfolio_chance(r, 15),
		.has_cost_fixed = portfolio_chance(r, 15),
		.has_lease = portfolio_chance(r, 80),
		.stage = (uint32_t)random_below(&r->seed, g->params.stages),
		.date = portfolio_day(r, DAY_2026, DAY_2038),
		.agreed_price_pence = portfolio_pence(r),
		.p_ppm = portfolio_between(r, 0, PPM),
		.cost_fixed_pence = portfolio_pence(r) / 100,
		.lease = portfolio_lease(r),
	};
}

static inline void portfolio_complete(struct portfolio_asset *p, struct portfolio_random *r)
{
	struct day on = portfolio_day(r, DAY_2020, DAY_2027);

	p->completed = (struct projection_completed){
		.is_transfer = portfolio_chance(r, 50),
		.has_baseline = portfolio_chance(r, 60),
		.date = on,
		.gross_pence = portfolio_pence(r),
		.cost_pence = portfolio_pence(r) / 20,
		.baseline = p->frozen,
		.baseline_quarters = (uint32_t)random_below(&r->seed, PORTFOLIO_FROZEN + 1),
	};
	for (int32_t i = 0; i < PORTFOLIO_FROZEN; i++)
		p->frozen[i] = (struct projection_frozen){
			.quarter = quarter_of_day(on) + 3 * i - 2,
			.gm_pence = portfolio_pence(r),
			.cm_pence = portfolio_pence(r) / 20,
			.rent_pence = portfolio_pence(r) / 20,
		};
	p->asset.completed = &p->completed;
}

static inline void portfolio_fill_asset(struct portfolio_asset *p, const struct portfolio_ground *g,
					struct portfolio_random *r, int64_t id)
{
	uint32_t first = (uint32_t)random_below(&r->seed, PORTFOLIO_PARTNERS);

	*p = (struct portfolio_asset){
		.asset = {
			.id = id,
			.lead = first,
			.class = (uint32_t)random_below(&r->seed, PORTFOLIO_CLASSES),
			.cpp = (uint32_t)random_below(&r->seed, PORTFOLIO_CPPS),
			.locality = (uint32_t)random_below(&r->seed, PORTFOLIO_LOCALITIES),
			.decile = (uint8_t)random_below(&r->seed, 11),
			.has_valuation = portfolio_chance(r, 90),
			.owners =
				(uint16_t)(portfolio_chance(r, 60) ? 1 : random_below(&r->seed, 5)),
			.requests =
				(uint16_t)(portfolio_chance(r, 50) ? 0 : random_below(&r->seed, 5)),
			.owner = p->owner,
			.request = p->request,
			.valuation = {.date = portfolio_day(r, DAY_2020, DAY_2027),
				      .amount_pence = portfolio_pence(r),
				      .basis = (uint8_t)random_below(&r->seed, BASES)},
			.plan = portfolio_plan(g, r),
		}};
	if (portfolio_chance(r, 60))
		p->asset.valuation.basis = BASIS_MV;
	for (uint32_t i = 0; i < PORTFOLIO_OWNERS; i++)
		p->owner[i] = (struct projection_owner){
			.partner = (first + i) % PORTFOLIO_PARTNERS,
			.units = r->is_wild ? random_i64(&r->seed) & INT64_MAX
					    : portfolio_between(r, 0, 7),
		};
	for (uint32_t i = 0; i < PORTFOLIO_REQUESTS; i++)
		p->request[i] = portfolio_request(g, r);
	if (portfolio_chance(r, 10))
		portfolio_complete(p, r);
}

static inline void portfolio_fill(struct portfolio *p, const struct portfolio_ground *g,
				  struct portfolio_random *r)
{
	p->assets = random_below(&r->seed, PORTFOLIO_MAX + 1);
	for (size_t i = 0; i < p->assets; i++)
		portfolio_fill_asset(&p->asset[i], g, r, (int64_t)i + 1);
}

/* Parameters anywhere in their ranges when wild, near the defaults otherwise. */
static inline void portfolio_params(struct projection_params *p, struct portfolio_random *r)
{
	p->horizon_quarters = portfolio_between(r, 4, r->is_wild ? 400 : 16);
	p->index[0].default_ppm = portfolio_between(r, -20000, 50000);
	p->deflator.default_ppm = portfolio_between(r, 0, 30000);
	if (!r->is_wild)
		return;
	p->index[0].default_ppm =
		portfolio_between(r, PROJECTION_GROWTH_MIN, PROJECTION_GROWTH_MAX);
	p->index[0].base_fy = portfolio_between(r, PROJECTION_FY_MIN, PROJECTION_FY_MAX);
	p->deflator.default_ppm =
		portfolio_between(r, PROJECTION_GROWTH_MIN, PROJECTION_GROWTH_MAX);
	for (size_t i = 0; i < SCENARIOS; i++) {
#define SCENARIO_NUMBER(key, field, best, likely, worst, min, max)                                 \
	p->scenario[i].field = portfolio_between(r, min, max);
#include "libassets/projection/projection_params.def"
#undef SCENARIO_NUMBER
	}
}

static inline int portfolio_ground_init(struct portfolio_ground *g, struct portfolio_random *r)
{
	int err;

	arena_init(&g->arena, 1 << 22);
	err = projection_params_init(&g->params, &g->arena);
	if (err < 0)
		return err;
	portfolio_params(&g->params, r);
	for (size_t i = 0; i < PORTFOLIO_PARTNERS; i++) {
		g->partner[i] = g->params.partner_default;
		g->partner[i].hold_on_interest = portfolio_chance(r, 60);
		g->partner[i].cost_rate_ppm = portfolio_between(r, 0, 100000);
		g->partner[i].remarket_months = portfolio_between(r, 0, 36);
		g->partner[i].is_local_authority = portfolio_chance(r, 60);
	}
	for (size_t i = 0; i < PORTFOLIO_CLASSES; i++)
		g->class_index[i] = 0;
	err = projection_model_new(&g->arena, &g->params, portfolio_day(r, DAY_2026, DAY_2027),
				   &g->model);
	if (err < 0)
		return err;
	g->model->partner = g->partner;
	g->model->class_index = g->class_index;
	return 0;
}

static inline void portfolio_ground_done(struct portfolio_ground *g)
{
	arena_done(&g->arena);
}
