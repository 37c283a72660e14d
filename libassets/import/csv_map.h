/*
 * From a record of a list to the fields of an asset.
 *
 * A mapping (csv_layout.h) says for each column which part of an asset its values are. They
 * are brought into the form the API takes; what was odd about them is said in a problem, and
 * nothing is dropped in silence.
 */
#pragma once

#include <jansson.h>

#include "csv_layout.h"

/* Of one record; a twenty-fifth problem says nothing new. */
enum { CSV_PROBLEMS_MAX = 24 };

/* A warning is imported as it was understood; a record with an error is not imported. */
enum csv_severity { CSV_WARNING, CSV_ERROR };

struct csv_problem {
	enum csv_severity severity;
	struct str column; /* header name, absent for the record as a whole */
	struct str value;  /* as it stands in the file; absent where none is meant */
	struct str code;   /* for machines, such as "tenure-assumed" */
	struct str message;
	struct str cure;
};

struct csv_problems {
	struct csv_problem at[CSV_PROBLEMS_MAX];
	size_t count;
};

/* What a record of the file is, before anything of it is read. */
enum csv_kind {
	CSV_RECORD,
	CSV_BLANK,        /* nothing but blanks, or the list's title */
	CSV_NOTHING_READ, /* something, and nothing of it in a column that is read */
	CSV_HEADER_AGAIN, /* one of the header's records, met again further down */
};

/* "blank-record" …, what a warning about a record that is left out calls it. */
const char *csv_kind_code(enum csv_kind kind);

enum csv_kind csv_map_kind(const struct csv_map *m, const struct str *field, size_t n);

/* What stands under a target, without the guard of our own files; empty when nothing does. */
struct str csv_map_value(const struct csv_map *m, const struct str *field, size_t n,
			 enum csv_target t);

/* What is wrong with a record as a whole: its width, and that its table was torn. */
void csv_map_check(const struct csv_map *m, const struct str *field, size_t n,
		   struct csv_problems *problems);

/*
 * A record as it came, for whoever mends it: the text of each column that is read and of what
 * stands behind the last, null for the others, which the register does not keep. *ret_cells: yours.
 * ERR_NOMEM
 */
MUST_CHECK int csv_map_cells(const struct csv_map *m, const struct str *field, size_t n,
			     json_t **ret_cells);

/*
 * The record's reference as references are compared, in the arena: without the case of ASCII
 * letters. Empty if it has none, and without memory.
 */
struct str csv_map_reference(const struct csv_map *m, const struct str *field, size_t n,
			     struct arena *a);

/* True if the record has a reference; if there is no such column, it has. */
bool csv_map_has_reference(const struct csv_map *m, const struct str *field, size_t n);

/*
 * The fields of an asset, as POST /v1/assets takes them but for authority_id: a new
 * reference, yours. A member is there when its column is mapped; a blank value is null.
 * Problems are added to those there are; their texts are constants, borrowed from `field`, or
 * in the arena. NULL when something found no room: a text left out would look like a blank.
 *
 * In a list whose header is torn over several records, one without a reference is a piece of
 * another and an error; where m->is_torn, each is: its parts may belong to its neighbours.
 * Of one of our own files both pairs of a place are there, whichever of them is so.
 *
 * field: n of them, UTF-8; those that the record lacks are blank, with a warning.
 *
 * Example: TenureType "Leasehold" is {"tenure": "LEASED_IN"}, GeoX "233600.5" 233601.
 */
json_t *csv_map_record(const struct csv_map *m, const struct str *field, size_t n, struct arena *a,
		       struct csv_problems *problems);

/* Add a problem; past CSV_PROBLEMS_MAX the last place is kept for the newest. */
void csv_problem_add(struct csv_problems *p, struct csv_problem problem);
