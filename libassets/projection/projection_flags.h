/*
 * What a reader must know of an asset beside its figures: flags, and the best-value route of
 * its first purchase. Neither differs between scenarios. Source: MODEL.md 7, 9.
 */
#pragma once

#include "projection_input.h"
#include "projection_model.h"
#include "projection_result.h"
#include "projection_tree.h"

/* The flags as bits 1 << enum projection_flag. t: grown from the same model and asset. */
uint32_t projection_flags(const struct projection_model *m, const struct projection_asset *a,
			  const struct tree *t);

/*
 * The route of best value of the first live purchase, by the valuer's own figure.
 *
 * Source: Local Government (Scotland) Act 1973 s.74; SSI 2010/160; MODEL.md 7.
 * Example: worth £200,000 and asked for £50,000 it is APPRAISAL_REQUIRED; for £150,001 it is
 * EXEMPT_MARGIN, for exactly £150,000 not.
 */
enum projection_best_value projection_best_value(const struct projection_model *m,
						 const struct projection_asset *a,
						 const struct tree *t);

/* True if the flag goes into the list of exceptions. */
bool projection_flag_is_exception(enum projection_flag f);
