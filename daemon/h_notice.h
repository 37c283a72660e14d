/*
 * The steps that draft, change, issue and serve the notices of a request. What a notice says and
 * whether it is whole is libassets/notice.h's to tell; these load, ask, and store.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_notice_add[];
extern const struct flow_step flow_notice_patch[];
extern const struct flow_step flow_notice_issue[];
extern const struct flow_step flow_notice_served[];
