/*
 * What a partnership's partners expect and forgo, by partner and year, beside what communities
 * offer that is no money. The two are never netted: neither is a price of the other.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/str.h"

/* Does the projector's answer by year and authority hold nothing for this reader? */
bool plans_partner_is_withheld(struct str answer);

/*
 * Put `by_partner` into the body of plans, which has receipts, cpp.partners and benefits; the last
 * moves into it. answer: by year and authority, of the partnership's land or of all that its
 * partners hold; absent where nothing is told of receipts. ERR_NOMEM
 */
MUST_CHECK int plans_partner_put(json_t *body, struct str answer, bool is_all_land);
