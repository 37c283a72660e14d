/*
 * The work list of who deals with requests, on its page and on the first one.
 */
#pragma once

#include "page.h"

/* May whoever asks deal with any request? Then there is a list. */
bool work_is_theirs(const struct flow *f);

/* Ask for it behind what the batch has; rows: of each part at most. */
void work_ask(struct flow *f, struct db_batch *b, int rows);

/* Put its parts for pages/work_parts.mustache. statement: where it was asked. */
void work_put(struct page *p, int statement);
