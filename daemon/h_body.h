/*
 * The steps that write community bodies. The body is national and public; its contact belongs
 * to the authority that sent it and is kept apart.
 */
#pragma once

#include "flow.h"

extern const struct flow_step flow_body_add[];
extern const struct flow_step flow_body_patch[];
