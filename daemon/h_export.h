/*
 * Lists as files: the whole of a filtered list, and the whole register, in pieces.
 */
#pragma once

#include "flow.h"

/* Types in which lists come as files, for `formats` of their routes. */
#define EXPORT_CSV "text/csv"
#define EXPORT_NDJSON "application/x-ndjson"
#define EXPORT_TYPES EXPORT_CSV "," EXPORT_NDJSON

/* What a list's query takes besides, for its file. */
#define EXPORT_QUERY "format,guard"

/* Is it one of those? */
bool export_is_file(struct str type);

/*
 * Go on as a file of that type: the step that read the list's filter ends with this. kind: as
 * item_view() has it.    filter: see list_filter.h.
 */
enum step_result export_begin(struct flow *f, const char *kind, struct str type, struct str filter);

/* GET /v1/exports/register.ndjson */
extern const struct flow_step flow_export_register[];
