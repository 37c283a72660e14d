/*
 * What the model says of one asset: for each scenario the cells of both tracks by quarter,
 * and the figures beside them. All of it lies in one scratch of the caller, a megabyte large
 * and reused from asset to asset, so that projecting allocates nothing.
 * Source: MODEL.md 6, 7, 9.
 */
#pragma once

#include "libassets/base/money.h"
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

/* What happens in one quarter of one track. */
struct projection_cell {
	int32_t quarter;       /* quarter.h */
	int64_t line[LINES];   /* pence, by enum projection_line */
	int64_t forgone_pence; /* the part of the asset's forgone receipt; adjusted track only */
};

/* Cells in ascending quarters; one exists where something happens, even if all is zero. */
struct projection_track {
	struct projection_cell *cell;
	size_t cells;
	int64_t total_pence; /* NET inside the horizon */
	uint64_t most_pence; /* no amount in the cells is larger */
};

/* One scenario. Amounts are pence; expectations, so fractions of pence are rounded away once. */
struct projection_outcome {
	struct projection_track baseline, adjusted;
	bool is_same;                  /* both tracks are the same cells */
	bool has_forgone;              /* false: a purchase, and no usable value */
	bool has_planned;              /* there is a plan with a price; else planned_… are 0 */
	int64_t adjustment_pence;      /* baseline less adjusted NET inside the horizon */
	int64_t forgone_pence;         /* value less price, over purchases */
	int64_t forgone_rent_pa_pence; /* market rent less rent, a year */
	int64_t nfb_pence;             /* benefit that is not money */
	int64_t p_transfer_ppb;        /* that some request takes the asset */
	int64_t p_market_ppb;          /* that the market does, beside the requests */
	int32_t planned_quarter;       /* were the plan to come true on its day */
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
