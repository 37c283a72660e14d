/*
 * The items that a request must hold (2015 Act s.79(4)), and when each arrived. Inside the
 * request module only; everybody else includes request.h.
 */
#pragma once

#include "request.h"

/* Borrowed from the request; NULL if its kind does not have that item. */
struct item *request_item_of(const struct request *r, struct str code);

/*
 * Every item of a kind: with the days of `sent`, or all received on `on` when nothing was sent.
 * ERR_NOMEM
 */
MUST_CHECK int request_items_begin(struct shape_list sent, struct str kind, struct day on,
				   struct arena *a, struct shape_list *ret_items);

/*
 * What is sent of items belongs to the kind, once each, from `on` to today.
 * ERR_INVALID, ERR_DATE_IN_FUTURE  see flaws at /items/N
 */
MUST_CHECK int request_items_check(struct shape_list sent, struct str kind, struct day on,
				   struct day today, struct flaws *flaws);

/*
 * The codes of the items that have not arrived, absent when all have; *ret_last is the day on
 * which the last of those here arrived.
 */
struct str request_items_missing(const struct request *r, struct arena *a, struct day *ret_last);
