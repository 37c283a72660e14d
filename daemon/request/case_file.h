/*
 * The whole file of a request, for a committee or an appeal: as one ZIP (flow_case_file, by API and
 * from pages) and as a page to print (page_case_file, in p.h).
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_case_file[];
