/*
 * The feed of what a page shows, said in its head, where programs that read feeds look for it.
 */
#pragma once

#include "page.h"

/* Where it is, by what the query names. */
#define PAGE_FEED "/v1/feeds/changes.atom"

/* It is of what that id stands for. name: "asset_id", as such a query has it. */
void page_feed(struct page *p, const char *name, struct str id);
