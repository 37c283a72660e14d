/*
 * Parameters of the projection model: what projection_params.def lists, and the tables that
 * may be extended by name (stages, states, slip profiles, indices). Three scenarios: best,
 * likely and worst mean for receipts, not for communities. Source: MODEL.md 3, 9.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/clock/quarter.h"

enum projection_scenario {
#define SCENARIO(word) SCENARIO_##word,
#include "projection.def"
#undef SCENARIO
	SCENARIOS
};

enum projection_basis {
#define BASIS(word, factor, largest, is_market) BASIS_##word,
#include "projection.def"
#undef BASIS
	BASES
};

/* Financial years of which the model knows index, deflator and discount. */
enum {
	PROJECTION_FY_MIN = 1899,
	PROJECTION_FY_MAX = 2319,
	PROJECTION_FYS = PROJECTION_FY_MAX - PROJECTION_FY_MIN + 1,
	PROJECTION_QUARTER_MIN = 4 * PROJECTION_FY_MIN,
	PROJECTION_QUARTERS = 4 * PROJECTION_FYS,
};

/* Bounds, all ours: with them no date of the model leaves the years above. */
enum {
	PROJECTION_WORDS_MAX = 32,   /* stages, states, slip profiles */
	PROJECTION_STEPS_MAX = 32,   /* of one slip profile */
	PROJECTION_SLIP_MAX = 200,   /* quarters */
	PROJECTION_MONTHS_MAX = 600, /* from a state to completion or release */
	PROJECTION_BANDS_MAX = 32,   /* of the discount rate */
	PROJECTION_INDEX_MAX = 64,
	PROJECTION_RANK_MAX = 1000000, /* either way of 0 */
	PROJECTION_BETA_MAX = 3000000, /* ppm */
	PROJECTION_GROWTH_MIN = -500000,
	PROJECTION_GROWTH_MAX = 1000000,
};

struct projection_scenario_params {
#define SCENARIO_NUMBER(key, field, best, likely, worst, min, max) int64_t field;
#include "projection_params.def"
#undef SCENARIO_NUMBER
};

/* What a partner may set for the assets that it leads. */
struct projection_partner {
#define PARTNER_FLAG(key, field, value) bool field;
#define PARTNER_NUMBER(key, field, value, min, max) int64_t field;
#include "projection_params.def"
#undef PARTNER_FLAG
#undef PARTNER_NUMBER
};

/* A slip profile: how many quarters late, and with which share; shares sum to PPM. */
struct projection_slip {
	struct str name;
	uint32_t steps;
	struct {
		int32_t quarters, ppm;
	} step[PROJECTION_STEPS_MAX];
};

struct projection_stage {
	struct str name;
	int64_t p_ppm;      /* probability of success, 0 to PPM */
	uint32_t slip;      /* number of its profile */
	bool is_contracted; /* no scenario changes its odds or its delay */
};

struct projection_state {
	struct str name;
	int64_t p_ppm;
	int64_t complete_months;
	int64_t release_months;
	int64_t rank; /* the higher goes first */
	uint32_t slip;
	bool is_contracted;
	bool is_interest;
};

/* A price series; growth of a year that is not given is PROJECTION_GROWTH_DEFAULT. */
struct projection_series {
	struct str name;
	int64_t base_fy;
	int64_t default_ppm;
	int32_t growth_ppm[PROJECTION_FYS];
};

enum { PROJECTION_GROWTH_DEFAULT = INT32_MIN };

/* What a class has of its own; beta: how much more than the market it moves when simulated. */
struct projection_class {
	struct str name;
	bool has_index, has_beta;
	uint32_t index;
	int64_t beta_ppm;
};

struct projection_params {
#define NUMBER(key, field, value, min, max) int64_t field;
#include "projection_params.def"
#undef NUMBER
#define MC_NUMBER(key, value, min, max) int64_t mc_##key;
#include "projection_params.def"
#undef MC_NUMBER
	struct projection_scenario_params scenario[SCENARIOS];
	struct projection_partner partner_default;
	int64_t basis_factor_ppm[BASES];
	uint32_t stages, states, slips, bands, indices, classes;
	struct projection_stage stage[PROJECTION_WORDS_MAX];
	struct projection_state state[PROJECTION_WORDS_MAX];
	struct projection_slip slip[PROJECTION_WORDS_MAX];
	struct {
		int64_t last_year, ppm;
	} band[PROJECTION_BANDS_MAX];
	struct projection_series deflator;
	struct projection_series *index; /* room for PROJECTION_INDEX_MAX, in the arena */
	struct projection_class *class;  /* those that are not as the defaults say */
	uint32_t class_default;
	int64_t beta_default_ppm;
};

/* A series with the default base and growth; name is borrowed. */
void projection_series_init(struct projection_series *s, struct str name);

/* The defaults of projection_params.def. Indices live in the arena. ERR_NOMEM */
MUST_CHECK int projection_params_init(struct projection_params *p, struct arena *arena);

/* The number of a name, with case. ERR_NOT_FOUND  there is none of that name. */
MUST_CHECK int projection_stage_find(const struct projection_params *p, struct str name,
				     uint32_t *ret_number);
MUST_CHECK int projection_state_find(const struct projection_params *p, struct str name,
				     uint32_t *ret_number);
MUST_CHECK int projection_slip_find(const struct projection_params *p, struct str name,
				    uint32_t *ret_number);
MUST_CHECK int projection_index_find(const struct projection_params *p, struct str name,
				     uint32_t *ret_number);

/* Index (its number) and beta (ppm) of a class of assets; the default ones where it has none. */
uint32_t projection_index_of_class(const struct projection_params *p, struct str class_name);
int64_t projection_beta_of_class(const struct projection_params *p, struct str class_name);
