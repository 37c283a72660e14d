/*
 * What narrows a list of assets, as people read it: on its page, where all of it is changed, in
 * letters about it, and where an address is wrong.
 */
#pragma once

#include "libassets/base/buf.h"

/* "kind" of class, a constant; NULL: no list of assets is asked for by that name. */
const char *filter_label(struct str name);

/* Append what it is narrowed to: "Hall, Depot" of HALL,DEPOT. name: one with a label. */
void filter_value(struct buf *out, struct str name, struct str value);

/*
 * Are these words the register's own, and none that somebody chose: its codes, numbers and codes of
 * areas (S12…), a postcode, whose form is settled (list_filter)?
 */
bool filter_is_ours(struct str name, struct str value);
