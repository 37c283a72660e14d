/*
 * From the columns of a list to the fields of an asset.
 *
 * A mapping says for each header name (compared without case, blanks and underscores) which
 * part of an asset its values are. Values are brought into the form the API takes; what was
 * odd about them is said in a problem, and nothing is dropped in silence.
 *
 * Source of the LGA layout: Local Government Association, "Land and building assets" schema
 * of the local government transparency code 2015.
 */
#pragma once

#include <jansson.h>

#include "arena.h"

/* What a column can be: the rows of csv_map.def. */
enum csv_target {
#define CSV_TARGET(id, field) CSV_##id,
#include "csv_map.def"
#undef CSV_TARGET
	CSV_TARGET_COUNT
};

/* Of one record; a twenty-fifth problem says nothing new. */
enum { CSV_PROBLEMS_MAX = 24 };

/* A mapping as it fits one file; borrows from the header it was chosen for. */
struct csv_map {
	struct str name;                     /* "LGA" or "ASSETD" */
	int column[CSV_TARGET_COUNT];        /* where each target stands, -1 nowhere */
	struct str header[CSV_TARGET_COUNT]; /* its name in the file */
	size_t column_count;                 /* of the header */
	struct str twice;                    /* a header that stands there again, absent if none */
};

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

/*
 * Choose how to read the columns: `name` is a mapping's name without case, or AUTO (or
 * absent) to choose the one that knows most columns, on a tie LGA. Of two columns of
 * different names for one target the first is read.
 *
 * header: n names, which must outlive the mapping.
 * ERR_NOT_FOUND  no mapping of that name
 * ERR_INVALID    it knows neither a reference nor a name among these columns
 * ERR_DUPLICATE  a column that it reads is there twice: ret_map->twice says which
 */
MUST_CHECK int csv_map_choose(struct str name, const struct str *header, size_t n,
			      struct csv_map *ret_map);

/* What field of an asset a column becomes, such as "address"; NULL when it is not read. */
const char *csv_map_field(const struct csv_map *m, size_t column);

/* True if every field is blank (csv_trim leaves nothing), or there is none. */
bool csv_record_is_blank(const struct str *field, size_t n);

/*
 * The fields of an asset, as POST /v1/assets takes them but for authority_id: a new
 * reference, yours. A member is there when its column is mapped; a blank value is null.
 * Problems are added to those there are; their texts are constants, borrowed from `field`, or
 * in the arena. NULL when something found no room: a text left out would look like a blank.
 *
 * field: n of them, UTF-8; those that the record lacks are blank, with a warning.
 *
 * Example: TenureType "Leasehold" is {"tenure": "LEASED_IN"}, GeoX "233600.5" 233601.
 */
json_t *csv_map_record(const struct csv_map *m, const struct str *field, size_t n, struct arena *a,
		       struct csv_problems *problems);

/* Add a problem; past CSV_PROBLEMS_MAX the last place is kept for the newest. */
void csv_problem_add(struct csv_problems *p, struct csv_problem problem);
