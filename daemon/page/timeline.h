/*
 * What has happened to a request, as people read it.
 */
#pragma once

#include "page.h"

/*
 * Name what arrived: an entry of an item that was missing gets `arrived`, [{words, happened_on,
 * entry_id}], and those of the same day that follow it stand in there and no more by themselves.
 * list: of {event, happened_on, code, entry_id}, in its order; changed in place. NULL: nothing.
 */
void timeline_fold(struct page *p, json_t *list);
