/*
 * The steps of /v1/imports: preview, apply, undo, and reading one.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_import_preview[];
extern const struct flow_step flow_import_apply[];
extern const struct flow_step flow_import_undo[];
extern const struct flow_step flow_import_show[];
