/*
 * assetctl project of two runs: the movement between them, by libassets alone.
 */
#pragma once

#include "libassets/base/arena.h"
#include "libassets/projection/projection_wire.h"

/*
 * Print the movement on standard output, in pieces, and nothing if it cannot be begun.
 * ERR_NOMEM, ERR_LIMIT
 */
MUST_CHECK int project_movement(const struct movement_input *in, struct arena *arena);
