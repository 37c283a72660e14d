/*
 * What pages count over the whole register for everybody. It is slow to count and the same for all
 * who have not signed in, so each worker keeps the text of each count for a while.
 */
#pragma once

#include "daemon/flow/flow.h"

struct page_counts;

/* Is what was counted good for whoever asks? Who has signed in may see more, and is counted for. */
bool counted_is_fresh(const struct flow *f, const struct page_counts *c);

/* Keep what was counted for this asker, where it is for everybody. */
void counted_keep(const struct flow *f, struct page_counts *c, struct str text);
