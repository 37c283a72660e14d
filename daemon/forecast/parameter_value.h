/*
 * Values of parameters as people say and type them: percent for parts per million, pounds for
 * pence, quarters and months by name. The unit of each stands in
 * libassets/projection/parameter_origin.def.
 */
#pragma once

#include <jansson.h>

#include "libassets/base/buf.h"

/*
 * Append the value of the parameter at a path. What is of no such unit is appended as it is: text
 * without quotes, null as "none", anything else as JSON. Whether it went in is the buffer's to say.
 *
 * Example: 850000 of "/scenarios/WORST/price_ppm" is "85%", [[0, 750000], [2, 250000]] of
 * "/slip/MID" is "75% in time, 25% 2 quarters late", 250000 of "/cost_fixed" is "£2,500.00".
 */
void parameter_value(struct buf *out, const char *path, const json_t *value);

/*
 * What was typed as a value: "85%" of a parameter in parts per million and "£2,500" of one in
 * pence become whole numbers where they are exact; a number, a flag or a list is as JSON has it;
 * anything else is the text itself, which is for the shape to refuse; nothing is null. Yours; NULL
 * without memory.
 */
json_t *parameter_typed(const char *path, struct str typed);
