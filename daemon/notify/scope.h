/*
 * What one may follow: a request, an asset, an authority, an area, a search, as the query of the
 * list of assets. The same words lead to a feed, a calendar and letters of exactly that.
 */
#pragma once

#include "daemon/flow/flow.h"

/* Names of such a query. */
#define SCOPE_NAMES                                                                                \
	"request_id,asset_id,authority_id,cpp_id,locality_id,class,lifecycle,tenure,decile,q,"     \
	"near,"                                                                                    \
	"bbox,postcode,council,data_zone,intermediate_zone"

/* Texts in the flow's arena. */
struct scope {
	struct str
		question;  /* the query in one form: names in order, values encoded; may be empty */
	struct str filter; /* as SQL takes it (0091_follow.sql) */
	struct str keys;   /* text[]: ids of which an event concerns one, or '*' */
	struct str authority_id; /* where it is one whole authority and no more; else absent */
	bool is_unconfirmed; /* its words go to who may not have asked: none of the asker's own */
};

/*
 * Read it from the query of the request, or from what flow_query_become put in its place.
 * ERR_QUERY  a value is not of its name's form, or a request or an asset is narrowed further; with
 *            a flaw      ERR_LIMIT, ERR_NOMEM
 */
MUST_CHECK int scope_read(struct flow *f, struct scope *ret_scope);

/* What it is, for a title: "Highland Council", "a search of the register (words: hall)". name: of
 * scope_show. */
void scope_title(struct buf *out, const struct scope *s, struct str name);
