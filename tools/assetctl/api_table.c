/*
 * The table is made while building (api_rows.inc): there is nothing here to keep up by hand.
 */
#include "api_table.h"

#include <string.h>

const struct api_command api_table[] = {
#include "api_rows.inc"
};

const size_t api_count = COUNT(api_table);

const struct api_command *api_find(const char *noun, const char *verb)
{
	for (size_t i = 0; i < api_count; i++) {
		if (strcmp(api_table[i].noun, noun) == 0 && strcmp(api_table[i].verb, verb) == 0)
			return &api_table[i];
	}
	return NULL;
}

const struct api_command *api_at(const char *method, const char *path)
{
	for (size_t i = 0; i < api_count; i++) {
		if (strcmp(api_table[i].method, method) == 0 &&
		    strcmp(api_table[i].path, path) == 0)
			return &api_table[i];
	}
	return NULL;
}
