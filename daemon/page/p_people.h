/*
 * What the pages of all people and of one share.
 */
#pragma once

#include "page.h"

/*
 * A box for each role, as `role_boxes`, those of `held` ticked; of a form that is shown again,
 * those that were ticked there.
 */
void people_roles_put(struct page *p, const json_t *held, bool is_sent);

/* The boxes that were ticked, as a list of codes, and those of `held` in the same order. NULL
 * without memory. */
json_t *people_roles_held(const json_t *held);
json_t *people_roles_sent(struct flow *f);

/* What may be done once: a link to hand over, at `link`, or a letter that brings it, `is_sent`. */
void people_link_put(struct page *p, struct str link);
