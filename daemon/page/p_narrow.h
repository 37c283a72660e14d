/*
 * The register narrowed by what stands in an address: the form that narrows it, and a page of what
 * is left, as rows. For the list (p_assets.c) and the map (p_map.c), whose addresses take the same.
 *
 * A page goes on after the sort key and id of its last row. A further filter: NARROW_FILTERS here
 * and in routes.c, the form; one that the form does not have is kept by kept_table.
 */
#pragma once

#include "p_as_at.h"

/* Names of list_filter.h: those of both tables of p_narrow.c. */
#define NARROW_FILTERS                                                                             \
	"q,authority_id,class,lifecycle,postcode,council,tenure,decile,cpp_id,locality_id,"        \
	"data_zone,intermediate_zone,near,bbox"

struct narrow {
	const char *path;  /* of the page, a constant */
	struct str filter; /* as statements take it */
	struct str after_key, after_id;
	struct as_at at;
};

/* Read the query for the page at `path`. ERR_QUERY with a flaw; ERR_LIMIT; ERR_NOMEM */
MUST_CHECK int narrow_read(struct flow *f, const char *path, struct narrow *ret);

/* A value of the query, trimmed; absent when it was left empty, as a form sends what says nothing.
 */
struct str narrow_value(struct flow *f, const char *name);

/* Put what narrow_put shows into the batch: three statements. */
void narrow_ask(struct flow *f, struct db_batch *b, const struct narrow *n);

/*
 * Put the form (`filter`, pages/narrow.mustache), the rows (`items`, pages/narrow_rows.mustache)
 * with the links of their pages, `summary`: how many there are, and what narrows them
 * (pages/narrowed.mustache). at: where narrow_ask's first statement stands.
 */
void narrow_put(struct page *p, const struct narrow *n, int at);

/* The same filters at another path, then what the caller adds; absent without room. */
struct str narrow_address(struct flow *f, const char *path, const struct page_filter *more,
			  size_t n);
