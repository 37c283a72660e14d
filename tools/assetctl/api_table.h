/*
 * The rows of the API's commands, and how they are found.
 */
#pragma once

#include "api.h"

extern const struct api_command api_table[];
extern const size_t api_count;

/* NULL: there is none of that name. */
const struct api_command *api_find(const char *noun, const char *verb);
/* The command of a method and a path as the API's table has it; NULL: none. */
const struct api_command *api_at(const char *method, const char *path);
