/*
 * How a deadline was worked out: the start, the rule in words, what is not counted, longer
 * periods, the last day, and what follows from it. The law is the clock's citation.
 */
#pragma once

#include "deadline.h"

/* Append the sentences as a JSON array; the days not counted as [{on, why}]. */
void deadline_how_encode(const struct deadline *d, struct buf *out);
void deadline_skipped_encode(const struct deadline *d, struct buf *out);
