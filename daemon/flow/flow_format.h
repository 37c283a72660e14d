/*
 * In which type a route answers that has more than one (`formats` of its row).
 */
#pragma once

#include "flow.h"

/*
 * What ?format= names, else what Accept weighs most; the route's own type comes first among
 * equals. *ret_type: a constant, without parameters, such as "application/geo+json".
 * ERR_QUERY  format is none of the route's; with a flaw
 */
MUST_CHECK int flow_format(struct flow *f, struct str *ret_type);
