/*
 * The items that a request must hold (2015 Act s.79(4)), and when each arrived. Inside the
 * request module only; everybody else includes request.h.
 */
#pragma once

#include "request.h"

/* The item, borrowed from the request; NULL if it has none of that code. */
struct item *request_item_of(const struct request *r, struct str code);

/*
 * Every item of a kind, in the order of request_item.def: with the days of `sent` (DAY_NONE
 * for what is not in it), or all received on `on` when nothing was sent (sent.at is NULL).
 * sent: checked by request_items_check.    ret_items: of struct item, in the arena.
 * ERR_NOMEM
 */
MUST_CHECK int request_items_begin(struct shape_list sent, struct str kind, struct day on,
				   struct arena *a, struct shape_list *ret_items);

/*
 * A request arrived on a day on which it could be one: from 23 January 2017 on, when Part 5 began
 * (SSI 2016/363), or, for what only leads to one, from the first year that references have.
 * ERR_INVALID         OUT_OF_RANGE at field
 * ERR_DATE_IN_FUTURE  after today
 */
MUST_CHECK int request_arrival_check(struct day on, struct day today, bool is_submitted,
				     const char *field, struct flaws *flaws);

/*
 * What is sent of items belongs to the kind, once each, received from `on` to today.
 * ERR_INVALID         NOT_ASKED, DUPLICATE at /items/N, BEFORE_START at its received_on
 * ERR_DATE_IN_FUTURE  a received_on is after today, whatever else is wrong
 */
MUST_CHECK int request_items_check(struct shape_list sent, struct str kind, struct day on,
				   struct day today, struct flaws *flaws);

/*
 * The items that have not arrived in words, "a contact address; its reasons", as the law lists
 * them, in the arena; absent when all have, and never for want of room. *ret_last is the day on
 * which the last of those here arrived, DAY_NONE when none has.
 */
struct str request_items_missing(const struct request *r, struct arena *a, struct day *ret_last);

/*
 * The request has this item from that day on, in a list of its own, so that what stood before
 * stays as it was. The item must be one of the request.    ERR_NOMEM
 */
MUST_CHECK int request_items_copy(struct request *r, struct arena *a, struct str code,
				  struct day received_on);
