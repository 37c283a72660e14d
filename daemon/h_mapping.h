/*
 * The steps of /v1/import-mappings; reading them is h_read.c's and h_list.c's.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_mapping_add[];
extern const struct flow_step flow_mapping_remove[];
