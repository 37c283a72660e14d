/*
 * The officers' forms about land, for the pages that they stand on: each as it is asked, or as it
 * was refused.
 */
#pragma once

#include "form.h"

/* `form_link` of a request's page; `form_part` and `form_pair` of an asset's. */
void land_put_link(struct page *p);
void land_put_asset(struct page *p);

/*
 * The list of an authority's pairs, one of whose forms was refused: beside that pair what was
 * typed and what is wrong with it.
 */
void land_put_pairs(struct page *p, json_t *pairs);
