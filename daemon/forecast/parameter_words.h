/*
 * What people read for a parameter of the projection in place of its path: what it is, and for
 * which case, stage or year. What it is stands in libassets/projection/parameter_origin.def; codes
 * are those of words.def.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"

/*
 * Append the words of a path, a JSON pointer into the parameters; of one that nothing is known of
 * the path itself. Whether it went in is the buffer's to say.
 *
 * Example: "/scenarios/WORST/price_ppm" is "Price, of the valuation: worst case for receipts".
 */
void parameter_words(struct buf *out, const char *path);

/*
 * What a change set says, as [{"name", "value"}]: each parameter in words, its value as
 * parameter_value() says it.
 * set: an object as MODEL.md 9 has it; another is an empty list. Yours; NULL without memory.
 */
json_t *parameter_list(json_t *set);
