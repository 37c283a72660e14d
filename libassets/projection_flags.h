/*
 * What a reader must know of an asset beside its figures: flags, and the best-value route of
 * its first purchase. Neither differs between scenarios. Source: MODEL.md 7, 9.
 */
#pragma once

#include "projection_input.h"
#include "projection_model.h"
#include "projection_result.h"
#include "projection_tree.h"

/* The flags as bits 1 << enum projection_flag. */
uint32_t projection_flags(const struct projection_model *m, const struct projection_asset *a,
			  const struct tree *t);

enum projection_best_value projection_best_value(const struct projection_model *m,
						 const struct projection_asset *a,
						 const struct tree *t);

/* True if the flag goes into the list of exceptions. */
bool projection_flag_is_exception(enum projection_flag f);
