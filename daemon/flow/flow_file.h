/* The file that came with a form (ROUTE_PARTS). */
#pragma once

#include "flow.h"

/* Its name, and its bytes, which are the request's body's. False: none was chosen. */
bool flow_form_file(const struct flow *f, struct str *ret_name, struct str *ret_file);
