/*
 * Lists as files: the whole of a filtered list, and the whole register, in pieces.
 */
#pragma once

#include "flow.h"

struct as_at;

/* Types in which lists come as files, for `formats` of their routes. */
#define EXPORT_CSV "text/csv"
#define EXPORT_NDJSON "application/x-ndjson"
#define EXPORT_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define EXPORT_TYPES EXPORT_CSV "," EXPORT_NDJSON "," EXPORT_XLSX

/* What a list's query takes besides, for its file. */
#define EXPORT_QUERY "format,guard"

/* Is it one of those? */
bool export_is_file(struct str type);

/* What to send as a file. */
struct export_call {
	const char *kind;       /* as item_view() has it */
	struct str type;        /* one of EXPORT_TYPES */
	struct str filter;      /* see list_filter.h */
	const struct as_at *at; /* of which day; as the query says */
};

/* Go on as a file: the step that read the list's filter ends with this. */
enum step_result export_begin(struct flow *f, const struct export_call *call);

/* GET /v1/exports/register.ndjson */
extern const struct flow_step flow_export_register[];
