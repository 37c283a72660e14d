/*
 * The register of the benches. Assets stand body by body, as registers are imported; a body
 * has all its assets in one partnership, anywhere in its localities. Of a hundred plans 95
 * are sales, the others leases; of a hundred assets 95 have one owner, the others two. A
 * tenth has a request: half to buy, a third to lease, the rest for other rights, as in
 * Highland's year 2021/22.
 */
#include "portfolio.h"

#include <stdlib.h>

enum { DAY_2021 = 18628, DAY_2026 = 20454, AS_OF = 20778 /* 2026-11-21 */, DAY_2035 = 23741 };

/* splitmix64 */
static uint64_t next(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static int64_t between(uint64_t *seed, int64_t from, int64_t to)
{
	return from + (int64_t)(next(seed) % (uint64_t)(to - from + 1));
}

static bool chance(uint64_t *seed, int percent)
{
	return between(seed, 0, 99) < percent;
}

static struct day between_days(uint64_t *seed, int32_t from, int32_t to)
{
	return (struct day){(int32_t)between(seed, from, to)};
}

/* £10,000 to £2 million, most of them small. */
static int64_t amount(uint64_t *seed)
{
	return between(seed, 1000000, 1000000 << between(seed, 1, 8));
}

static struct projection_lease lease(uint64_t *seed)
{
	return (struct projection_lease){
		.rent_pa_pence = amount(seed) / 20,
		.premium_pence = chance(seed, 30) ? amount(seed) : 0,
		.term_months = (int32_t)between(seed, 1, 25) * 12,
		.rent_free_months = chance(seed, 20) ? 6 : 0,
		.class = chance(seed, 20) ? LEASE_CLASS_FINANCE : LEASE_CLASS_OPERATING,
	};
}

static struct projection_request request(const struct portfolio *r, uint64_t *seed)
{
	uint8_t kind = chance(seed, 50)   ? KIND_OWNERSHIP
		       : chance(seed, 67) ? KIND_LEASE
					  : KIND_RIGHTS;

	return (struct projection_request){
		.id = 1,
		.state = (uint32_t)between(seed, 0, r->params.states - 1),
		.kind = kind,
		.has_offer = chance(seed, 67),
		.offer_pence = amount(seed) / 4,
		.has_lease = kind != KIND_OWNERSHIP,
		.lease = lease(seed),
		.prohibits = chance(seed, 90),
		.state_date = between_days(seed, DAY_2026, AS_OF),
		.expected_date = DAY_NONE,
		.release_date = DAY_NONE,
	};
}

static void fill(struct portfolio *r, size_t i, uint64_t *seed)
{
	struct projection_asset *a = &r->asset[i];
	uint32_t lead = (uint32_t)(i * PORTFOLIO_PARTNERS / r->assets);
	uint32_t cpp = lead * PORTFOLIO_CPPS / PORTFOLIO_PARTNERS;

	r->owner[2 * i] = (struct projection_owner){lead, 2};
	r->owner[2 * i + 1] = (struct projection_owner){(lead + 1) % PORTFOLIO_PARTNERS, 1};
	*a = (struct projection_asset){
		.id = (int64_t)i + 1,
		.lead = lead,
		.class = (uint32_t)between(seed, 0, PORTFOLIO_CLASSES - 1),
		.cpp = cpp,
		.locality = cpp * (PORTFOLIO_LOCALITIES / PORTFOLIO_CPPS) +
			    (uint32_t)between(seed, 0, PORTFOLIO_LOCALITIES / PORTFOLIO_CPPS - 1),
		.decile = (uint8_t)between(seed, 1, 10),
		.has_valuation = true,
		.owners = chance(seed, 95) ? 1 : 2,
		.owner = &r->owner[2 * i],
		.requests = chance(seed, 10),
		.request = &r->request[i],
		.valuation = {between_days(seed, DAY_2021, AS_OF), amount(seed), BASIS_MV},
		.plan = {.method = chance(seed, 95) ? METHOD_SALE : METHOD_LEASE,
			 .stage = (uint32_t)between(seed, 0, r->params.stages - 1),
			 .date = between_days(seed, DAY_2026, DAY_2035)},
	};
	if (a->plan.method == METHOD_LEASE) {
		a->plan.has_lease = true;
		a->plan.lease = lease(seed);
	}
	if (a->requests)
		r->request[i] = request(r, seed);
}

static bool ground(struct portfolio *r)
{
	arena_init(&r->arena, 1 << 24);
	if (projection_params_init(&r->params, &r->arena) < 0)
		return false;
	for (size_t i = 0; i < PORTFOLIO_PARTNERS; i++)
		r->partner[i] = r->params.partner_default;
	if (projection_model_new(&r->arena, &r->params, (struct day){AS_OF}, &r->model) < 0)
		return false;
	r->model->partner = r->partner;
	r->model->class_index = r->class_index;
	return true;
}

bool portfolio_init(struct portfolio *r, size_t assets)
{
	uint64_t seed = 1;

	*r = (struct portfolio){.assets = assets};
	r->asset = calloc(assets, sizeof(*r->asset));
	r->owner = calloc(2 * assets, sizeof(*r->owner));
	r->request = calloc(assets, sizeof(*r->request));
	if (!r->asset || !r->owner || !r->request || !ground(r))
		return false;
	for (size_t i = 0; i < assets; i++)
		fill(r, i, &seed);
	return true;
}

void portfolio_done(struct portfolio *r)
{
	free(r->asset);
	free(r->owner);
	free(r->request);
	arena_done(&r->arena);
}
