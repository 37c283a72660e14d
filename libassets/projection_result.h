/*
 * What the model says of one asset: for each scenario the cells of both tracks by quarter,
 * and the figures beside them. All of it lies in one scratch of the caller, a megabyte large
 * and reused from asset to asset, so that projecting allocates nothing.
 * Source: MODEL.md 6, 7, 9.
 */
#pragma once

#include "money.h"
#include "projection_params.h"

enum projection_line {
#define LINE(word, meaning) LINE_##word,
#include "projection.def"
#undef LINE
	LINES
};

enum projection_status {
#define STATUS(word) STATUS_##word,
#include "projection.def"
#undef STATUS
};

enum projection_best_value {
#define BEST_VALUE(word) BEST_VALUE_##word,
#include "projection.def"
#undef BEST_VALUE
};

enum projection_flag {
#define FLAG(word, is_exception) FLAG_##word,
#include "projection.def"
#undef FLAG
	FLAGS
};

struct projection_cell {
	int32_t quarter;
	int64_t line[LINES];
	int64_t forgone_pence; /* the part of the asset's forgone receipt; adjusted track only */
};

/* Cells in ascending quarters; one exists where something happens, even if all is zero. */
struct projection_track {
	struct projection_cell *cell;
	size_t cells;
	int64_t total_pence; /* NET inside the horizon */
};

struct projection_outcome {
	struct projection_track baseline, adjusted;
	bool is_same;     /* both tracks are the same cells */
	bool has_forgone; /* false: a purchase, and no usable value */
	bool has_planned;
	int64_t adjustment_pence;
	int64_t forgone_pence;
	int64_t forgone_rent_pa_pence;
	int64_t nfb_pence;
	int64_t p_transfer_ppb;
	int64_t p_market_ppb;
	int32_t planned_quarter;
	int64_t planned_gross_pence, planned_cost_pence;
};

struct projection_result {
	enum projection_status status;
	enum projection_best_value best_value; /* of an asset without error status */
	uint32_t flags;                        /* bits 1 << enum projection_flag */
	struct projection_outcome outcome[SCENARIOS];
	/* Room for the cells of all tracks; `used` of them are. */
	size_t used;
	struct projection_cell cell[2 * SCENARIOS * PROJECTION_QUARTERS];
};

/* True for the statuses under which nothing is projected. */
static inline bool projection_is_error(enum projection_status s)
{
	return s == STATUS_E_NO_OWNER || s == STATUS_E_OVERFLOW;
}
