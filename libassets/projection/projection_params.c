/*
 * The default parameters, filled from projection_params.def, and their look-ups by name. The
 * lists have a few dozen rows at most and are searched only while input is read; afterwards
 * everything goes by number.
 */
#include "projection_params.h"

#include "libassets/base/err.h"
#include "libassets/base/money.h"

/* Placeholders until series are loaded (MODEL.md 3). */
enum { DEFAULT_BASE_FY = 2016, DEFAULT_GROWTH_PPM = 20000 };

static const struct projection_params numbers_default = {
#define NUMBER(key, field, value, min, max) .field = (value),
#include "projection_params.def"
#undef NUMBER
#define MC_NUMBER(key, value, min, max) .mc_##key = (value),
#include "projection_params.def"
#undef MC_NUMBER
#define SCENARIO_NUMBER(key, field, best, likely, worst, min, max)                                 \
	.scenario[SCENARIO_BEST].field = (best), .scenario[SCENARIO_LIKELY].field = (likely),      \
	.scenario[SCENARIO_WORST].field = (worst),
#include "projection_params.def"
#undef SCENARIO_NUMBER
#define PARTNER_FLAG(key, field, value) .partner_default.field = (value),
#define PARTNER_NUMBER(key, field, value, min, max) .partner_default.field = (value),
#include "projection_params.def"
#undef PARTNER_FLAG
#undef PARTNER_NUMBER
#define BASIS(word, factor, largest, is_market) .basis_factor_ppm[BASIS_##word] = (factor),
#include "projection.def"
#undef BASIS
};

enum slip_number {
#define SLIP(name, ...) SLIP_##name,
#include "projection_params.def"
#undef SLIP
	SLIPS_DEFAULT
};

static const struct projection_slip slip_default[] = {
#define SLIP(id, ...)                                                                              \
	{.name = STR_INIT(#id),                                                                    \
	 .steps = COUNT(((const int[][2]){__VA_ARGS__})),                                          \
	 .step = {__VA_ARGS__}},
#include "projection_params.def"
#undef SLIP
};

static const struct projection_stage stage_default[] = {
#define MARKET_STAGE(id, p, profile, contracted)                                                   \
	{.name = STR_INIT(#id),                                                                    \
	 .p_ppm = (p),                                                                             \
	 .slip = SLIP_##profile,                                                                   \
	 .is_contracted = (contracted)},
#include "projection_params.def"
#undef MARKET_STAGE
};

static const struct projection_state state_default[] = {
#define REQUEST_STATE(id, p, complete, release, profile, order, contracted, interest)              \
	{.name = STR_INIT(#id),                                                                    \
	 .p_ppm = (p),                                                                             \
	 .complete_months = (complete),                                                            \
	 .release_months = (release),                                                              \
	 .rank = (order),                                                                          \
	 .slip = SLIP_##profile,                                                                   \
	 .is_contracted = (contracted),                                                            \
	 .is_interest = (interest)},
#include "projection_params.def"
#undef REQUEST_STATE
};

static const int64_t band_default[][2] = {
#define DISCOUNT(last_year, ppm) {(last_year), (ppm)},
#include "projection_params.def"
#undef DISCOUNT
};

void projection_series_init(struct projection_series *s, struct str name)
{
	*s = (struct projection_series){
		.name = name, .base_fy = DEFAULT_BASE_FY, .default_ppm = DEFAULT_GROWTH_PPM};
	for (size_t i = 0; i < COUNT(s->growth_ppm); i++)
		s->growth_ppm[i] = PROJECTION_GROWTH_DEFAULT;
}

int projection_params_init(struct projection_params *p, struct arena *arena)
{
	*p = numbers_default;
	p->beta_default_ppm = PPM;
	p->index = ARENA_ARRAY(arena, PROJECTION_INDEX_MAX, struct projection_series);
	if (!p->index)
		return ERR_NOMEM;
	for (; p->slips < COUNT(slip_default); p->slips++)
		p->slip[p->slips] = slip_default[p->slips];
	for (; p->stages < COUNT(stage_default); p->stages++)
		p->stage[p->stages] = stage_default[p->stages];
	for (; p->states < COUNT(state_default); p->states++)
		p->state[p->states] = state_default[p->states];
	for (; p->bands < COUNT(band_default); p->bands++) {
		p->band[p->bands].last_year = band_default[p->bands][0];
		p->band[p->bands].ppm = band_default[p->bands][1];
	}
	projection_series_init(&p->deflator, STR("deflator"));
	projection_series_init(&p->index[p->indices++], STR("PROPERTY"));
	return 0;
}

/* Four lists of named rows; C has no other way to say it once for four types. */
#define FIND(list, count)                                                                          \
	for (uint32_t i = 0; i < (count); i++) {                                                   \
		if (str_eq((list)[i].name, name)) {                                                \
			*ret_number = i;                                                           \
			return 0;                                                                  \
		}                                                                                  \
	}                                                                                          \
	return ERR_NOT_FOUND

int projection_stage_find(const struct projection_params *p, struct str name, uint32_t *ret_number)
{
	FIND(p->stage, p->stages);
}

int projection_state_find(const struct projection_params *p, struct str name, uint32_t *ret_number)
{
	FIND(p->state, p->states);
}

int projection_slip_find(const struct projection_params *p, struct str name, uint32_t *ret_number)
{
	FIND(p->slip, p->slips);
}

int projection_index_find(const struct projection_params *p, struct str name, uint32_t *ret_number)
{
	FIND(p->index, p->indices);
}

static const struct projection_class *class_of(const struct projection_params *p, struct str name)
{
	for (uint32_t i = 0; i < p->classes; i++) {
		if (str_eq(p->class[i].name, name))
			return &p->class[i];
	}
	return NULL;
}

uint32_t projection_index_of_class(const struct projection_params *p, struct str class_name)
{
	const struct projection_class *c = class_of(p, class_name);

	return c && c->has_index ? c->index : p->class_default;
}

int64_t projection_beta_of_class(const struct projection_params *p, struct str class_name)
{
	const struct projection_class *c = class_of(p, class_name);

	return c && c->has_beta ? c->beta_ppm : p->beta_default_ppm;
}
