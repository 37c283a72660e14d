/*
 * Lists as files: the whole of a filtered list, and the whole register, in pieces.
 */
#pragma once

#include "daemon/flow/flow.h"

struct as_at;

/* Types in which lists come as files, for `formats` of their routes. */
#define EXPORT_CSV "text/csv"
#define EXPORT_NDJSON "application/x-ndjson"
#define EXPORT_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define EXPORT_TYPES EXPORT_CSV "," EXPORT_NDJSON "," EXPORT_XLSX

/* One that a list comes in page by page, too: see export_is_whole. */
#define EXPORT_GEOJSON "application/geo+json"

/* What a list's query takes besides, for its file. */
#define EXPORT_QUERY "format,guard"

/*
 * Is the whole list to be sent? A file always is; a collection of features unless the query says
 * which page, order or fields.
 */
bool export_is_whole(struct flow *f, struct str type);

/*
 * A list that is no kind of item: adds the statement of a page to the batch, behind the keys of
 * the last row (NULL: the first), which answers as list.h says: body, key, id.
 */
typedef void export_pager(struct flow *f, const struct str *after, int32_t take);

/* What to send as a file. */
struct export_call {
	const char *kind;       /* as item_view() has it; of a pager, as export_table.c has it */
	struct str type;        /* one of EXPORT_TYPES, or EXPORT_GEOJSON */
	struct str filter;      /* see list_filter.h */
	const struct as_at *at; /* of which day, as the query says; NULL: a list that has no past */
	export_pager *page;     /* NULL: items of the kind by that filter, by id */
};

/* Go on as a file: the step that read the list's filter ends with this. */
enum step_result export_begin(struct flow *f, const struct export_call *call);

/* GET /v1/exports/register.ndjson */
extern const struct flow_step flow_export_register[];
