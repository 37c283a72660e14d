/*
 * The tables of a run. Built once for a set of parameters and a date, some hundred
 * microseconds for each index, so that projecting an asset is look-ups and few products.
 *
 * Another table is filled in projection_model_new(), from parameters that have been checked
 * already: nothing here is a fault of input, only a value that does not fit, which is 0.
 */
#include "projection_model.h"

#include "libassets/base/err.h"

/* value * by / over, 0 when the value is 0, or the result does not fit or comes to nothing. */
static int64_t grown(int64_t value, int64_t by, int64_t over)
{
	int128 n = money_rdiv((int128)value * by, over);

	return money_fits(n) && n > 0 ? (int64_t)n : 0;
}

static int64_t growth_ppm(const struct projection_series *s, int32_t fy)
{
	int32_t given = s->growth_ppm[fy - PROJECTION_FY_MIN];

	return given == PROJECTION_GROWTH_DEFAULT ? s->default_ppm : given;
}

/*
 * A quarter's value is interpolated from its year's, not chained from the quarter before, so
 * that rounding does not add up (MODEL.md 4).
 */
static void index_fill(const struct projection_model *m, const struct projection_series *s,
		       int64_t growth_add_ppm, int64_t *by_quarter)
{
	int64_t value = PROJECTION_ONE;

	for (int32_t fy = PROJECTION_FY_MIN; fy <= PROJECTION_FY_MAX; fy++) {
		int64_t g = growth_ppm(s, fy) + (fy >= m->fy ? growth_add_ppm : 0);
		bool is_flat = fy < s->base_fy;

		for (int64_t k = 0; k < 4; k++)
			*by_quarter++ = is_flat ? value : grown(value, 4 * PPM + g * k, 4 * PPM);
		if (!is_flat)
			value = grown(value, PPM + g, PPM);
	}
}

static int indices_fill(struct projection_model *m, struct arena *arena)
{
	const struct projection_params *p = m->params;

	for (size_t s = 0; s < SCENARIOS; s++) {
		int64_t *table =
			ARENA_ARRAY(arena, (size_t)p->indices * PROJECTION_QUARTERS, int64_t);

		if (!table)
			return ERR_NOMEM;
		for (size_t i = 0; i < p->indices; i++)
			index_fill(m, &p->index[i], p->scenario[s].growth_add_ppm,
				   table + i * PROJECTION_QUARTERS);
		m->index[s] = table;
	}
	return 0;
}

static void deflator_fill(struct projection_model *m)
{
	const struct projection_series *s = &m->params->deflator;
	int64_t value = PROJECTION_ONE, by_year[PROJECTION_FYS], now;

	for (int32_t fy = PROJECTION_FY_MIN; fy <= PROJECTION_FY_MAX; fy++) {
		by_year[fy - PROJECTION_FY_MIN] = value;
		if (fy >= s->base_fy)
			value = grown(value, PPM + growth_ppm(s, fy), PPM);
	}
	now = by_year[m->fy - PROJECTION_FY_MIN];
	for (size_t i = 0; i < PROJECTION_FYS; i++)
		m->year[i].deflator = exact_factor_of(now, now ? by_year[i] : 0);
}

static void discount_fill(struct projection_model *m)
{
	const struct projection_params *p = m->params;
	int64_t value = PROJECTION_ONE;
	size_t band = 0;

	for (int32_t fy = m->fy; fy <= PROJECTION_FY_MAX; fy++) {
		int32_t n = fy - m->fy;

		/* A band reaches up to its last year, the last band for ever. */
		while (band + 1 < p->bands && p->band[band].last_year < n)
			band++;
		if (n)
			value = (int64_t)money_rdiv((int128)value * PPM, PPM + p->band[band].ppm);
		m->year[fy - PROJECTION_FY_MIN].discount = exact_factor_of(value, PROJECTION_ONE);
	}
}

/*
 * The last day that is more than so many whole months before `as_of`: with it the age of a
 * valuation is one comparison of days, and months are counted here alone.
 */
static struct day aged(struct day as_of, int64_t months)
{
	int32_t n = (int32_t)months + 1;
	struct day d = day_add_months(as_of, -n);

	while (day_cmp(day_add_months(day_add(d, 1), n), as_of) <= 0)
		d = day_add(d, 1);
	return d;
}

int projection_model_new(struct arena *arena, const struct projection_params *params,
			 struct day as_of, struct projection_model **ret_model)
{
	struct projection_model *m = ARENA_NEW(arena, struct projection_model);
	int r;

	if (!m)
		return ERR_NOMEM;
	m->params = params;
	m->as_of = as_of;
	m->first_quarter = quarter_of_day(as_of);
	m->end_quarter = m->first_quarter + (int32_t)params->horizon_quarters;
	m->fy = quarter_fy(m->first_quarter);
	m->stale_day = aged(as_of, params->stale_soft_months);
	m->expired_day = aged(as_of, params->stale_hard_months);

	for (int32_t q = 0; q <= PROJECTION_QUARTERS; q++)
		m->quarter_day[q] = quarter_first_day(PROJECTION_QUARTER_MIN + q);
	deflator_fill(m);
	discount_fill(m);
	r = indices_fill(m, arena);
	if (r < 0)
		return r;
	*ret_model = m;
	return 0;
}
