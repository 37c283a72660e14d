/*
 * What a list would do to a register: each record against what is there, field by field.
 *
 * Pure: records come mapped (csv_map.h), the register's items as JSON; out come lines with
 * an action, the differences and the problems. Nothing is written here.
 */
#pragma once

#include <jansson.h>

#include "csv_map.h"
#include "libassets/base/day.h"

/* What a line would do; IMPORT_ERROR: nothing, and its problems say why. */
enum import_action { IMPORT_CREATE, IMPORT_UPDATE, IMPORT_SAME, IMPORT_ERROR };

/* "CREATE", "UPDATE", "SAME", "ERROR". */
const char *import_action_name(enum import_action action);

/* What became of one record. Texts live until the next record, JSON until import_line_done. */
struct import_line {
	size_t line; /* physical line on which the record begins */
	enum import_action action;
	struct str asset_id;  /* of the asset it matches, absent for a new one */
	struct str reference; /* as it will stand, absent without one */
	int64_t seen_version; /* of that asset, 0 for a new one */
	json_t *fields;       /* CREATE: the whole item; UPDATE: what changes. Owned */
	json_t *before;       /* UPDATE: the same members as they are now. Owned */
	json_t *changes;      /* [{field, old, new}]. Owned */
	json_t *problems;     /* [{severity, line, column, value, code, message, cure}]. Owned */
	json_t *cells;        /* ERROR: csv_map_cells, to be mended; else NULL. Owned */
};

/*
 * Lines by action, and warnings, of which a line may have several; each column that nothing reads
 * is one, too.
 */
struct import_counts {
	size_t create, update, same, error, warning;
};

/* The register as the list meets it; everything is borrowed until import_free. */
struct import_register {
	struct str authority_id;
	struct str only_cpp_id; /* when the authority is in exactly one partnership */
	const json_t *items; /* array: its assets as GET gives them, and plan_lifecycle, or null */
	const json_t *zones; /* object: data zone to decile, of the zones in question */
	const json_t *ids;   /* object: ids that a list names and that are there; NULL: all are */
	struct day today;
	struct day valid_on; /* from when on all this is so; DAY_NONE: from today */
};

/* One comparison under way; on one thread at a time, any. */
struct import;

/*
 * Begin to compare. map and around are borrowed until import_free; around->items is indexed
 * here by reference, without case. Yours to import_free(). NULL without memory.
 */
struct import *import_new(const struct csv_map *map, const struct import_register *around);
/* Takes NULL. */
void import_free(struct import *im);

/*
 * Compare one record. A reference met again in this file stands for the n-th of its name: X,
 * X~2, X~3, with a warning; so a second load finds the same assets.
 *
 * A blank record gives no line: *ret_is_line is false and a warning is counted.
 *
 * line: the physical line on which the record begins.    field: n of them, UTF-8.
 * ret_line: to be given to import_line_done where *ret_is_line; else it holds nothing.
 * ERR_NOMEM  nothing is counted; the comparison cannot go on, for the record would be missing.
 */
MUST_CHECK int import_record(struct import *im, size_t line, const struct str *field, size_t n,
			     bool *ret_is_line, struct import_line *ret_line);

/*
 * The same for fields that are set on an asset that is there: what a patch of it would change.
 *
 * item: of around->items.    set: members as PATCH takes them, checked; not changed.
 * ERR_NOMEM  as above
 */
MUST_CHECK int import_edit(struct import *im, size_t line, const json_t *item, const json_t *set,
			   struct import_line *ret_line);

/* Release the JSON of a line. */
void import_line_done(struct import_line *line);

/* The counts so far. */
struct import_counts import_counts(const struct import *im);
