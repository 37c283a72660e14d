/*
 * A cell among the owners: each line is shared by units to the penny, and NET follows from
 * an owner's own lines. Source: MODEL.md 1, 6, 9.
 */
#pragma once

#include "projection_input.h"
#include "projection_result.h"

/*
 * The owners' parts of a cell, in the order of the asset's owners; room for all of them. The
 * asset has an owner with units, and projection_share_fits() is true of the cell.
 *
 * Leftover pennies go by largest remainder, line by line, so an owner's NET may differ by a
 * penny from a share of NET; the parts of each line sum to the asset's, and so do the NETs.
 */
void projection_share(const struct projection_asset *a, const struct projection_cell *cell,
		      struct projection_cell *ret_part);

/*
 * False if some owner's NET does not fit 64 bits, which rounding may bring about where the
 * asset's own just fits.
 */
bool projection_share_fits(const struct projection_asset *a, const struct projection_cell *cell);
