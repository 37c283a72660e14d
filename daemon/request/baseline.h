/*
 * The baseline that a disposal freezes: what the model would have expected of the asset had
 * no community ever asked (MODEL.md 6).
 */
#pragma once

#include "libassets/base/arena.h"

/*
 * input: a document of MODEL.md 9 with one asset, as the database renders it.
 * ret_json: the LIKELY baseline, {"2027-28Q1": {"GM": …, "CM": …, "RENT": …}}, in the arena;
 * {} when nothing was expected, or when the asset cannot be projected.
 * ERR_BUG    the input is not of that form: our own query makes it
 * ERR_LIMIT  the baseline is longer than 256 KiB          ERR_NOMEM
 *
 * Takes some milliseconds; any thread.
 */
MUST_CHECK int baseline_of(struct str input, struct arena *a, struct str *ret_json);
