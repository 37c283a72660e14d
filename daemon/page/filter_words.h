/*
 * What narrows a list of assets, as people read it: on its page, where all of it is changed, and in
 * letters about it.
 */
#pragma once

#include "libassets/base/buf.h"

/* "kind" of class, a constant; NULL: nothing narrows such a list by that name. */
const char *filter_label(struct str name);

/* Append what it is narrowed to: "Hall, Depot" of HALL,DEPOT. name: one with a label. */
void filter_value(struct buf *out, struct str name, struct str value);

/*
 * Are these words the register's own, and none that somebody chose: its codes, numbers and codes of
 * areas (S12…), a postcode, whose form is settled (list_filter)?
 */
bool filter_is_ours(struct str name, struct str value);
