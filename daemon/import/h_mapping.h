/*
 * The steps of /v1/import-mappings; reading them is h_read.c's and h_list.c's.
 */
#pragma once

#include "daemon/flow/flow.h"

extern const struct flow_step flow_mapping_add[];
extern const struct flow_step flow_mapping_remove[];

/* Their steps, for pages that end otherwise; the first decodes f->body where there is one. */
enum step_result mapping_add_store(struct flow *f);
enum step_result mapping_remove_load(struct flow *f);
enum step_result mapping_remove_store(struct flow *f);
