/*
 * Which column of a list is what: the layouts we know, one that somebody saved, and where in a
 * file the header stands.
 *
 * Header names are compared without case, blanks and underscores, and without a letter in
 * brackets before them ("(a) Reference"). A header may be torn over several records, as tables
 * taken from PDF have it; a line above it that holds nothing but a title may recur in cells
 * that are meant to be empty.
 *
 * Sources: Local Government Association, "Land and building assets" schema of the local
 * government transparency code 2015; MHCLG, "Brownfield land registers data standard", 2017;
 * Improvement Service, Spatial Hub, dataset "catr" (columns as published).
 */
#pragma once

#include "libassets/base/arena.h"

/* What a column can be: the rows of csv_map.def. */
enum csv_target {
#define CSV_TARGET(id, field, name) CSV_##id,
#include "csv_map.def"
#undef CSV_TARGET
	CSV_TARGET_COUNT,
	CSV_OURS = CSV_TARGET_COUNT, /* of a layout's row: known, and nothing of an asset's */
};

/* How far into a file a header may begin, and over how many records it may be torn. */
enum { CSV_HEAD_FIRST_MAX = 8, CSV_HEAD_RECORDS_MAX = 4 };

/* A column of ours, in the file of what a list's import refused: read by no layout, and missed by
 * nobody. */
#define CSV_WHY_HEADING "Why it was not loaded"

/* One record of a file, as it stands there. */
struct csv_record {
	const struct str *field; /* UTF-8 */
	size_t count;
};

/* One column of a layout: a header's name in any spelling, and what is under it. */
struct csv_layout_row {
	struct str header;
	enum csv_target target;
};

/* A layout, built in or saved. Two rows of one header make one column two things. */
struct csv_layout {
	struct str name;
	const struct csv_layout_row *row;
	size_t count;
	/* What a new asset gets where the list has no such column; absent: what import.h says. */
	struct str preset[CSV_TARGET_COUNT];
	bool is_exact;  /* texts are taken as they stand, blanks and line breaks within them, too */
	bool is_others; /* written by others by a schema: our own names mean nothing in it */
};

/* A layout as it fits one file; borrows from the header and the layout it was chosen for. */
struct csv_map {
	struct str name; /* "LGA", "BROWNFIELD", "CATR", "ASSETD", "COMMON" or a saved one's */
	int column[CSV_TARGET_COUNT];        /* where each target stands, -1 nowhere */
	struct str header[CSV_TARGET_COUNT]; /* its name in the file */
	struct str preset[CSV_TARGET_COUNT];
	const struct str *heading; /* of each column, joined where the header is torn */
	size_t column_count;
	struct str twice; /* a header that stands there again, absent if none */
	struct str title; /* a cell that holds just this is blank; absent: there is none */
	/* Where the header was found: records of the file. */
	const struct csv_record *head;
	size_t head_first, head_count;
	const struct csv_layout *layout;
	size_t known; /* columns that it knows */
	bool is_torn; /* references do not stand beside their own values: see csv_map.h */
};

/*
 * Choose how to read the columns: `name` is a layout's name without case, or AUTO (or absent)
 * to choose the one that knows most columns, on a tie the earlier of LGA, BROWNFIELD, CATR, ASSETD,
 * COMMON; that last one, of what people call their columns, not where one of the first three fits.
 * Of two columns of different names for one target the first is read.
 *
 * saved: a layout of that name besides ours, NULL when there is none.
 * header: n names, which must outlive the mapping.
 * ERR_NOT_FOUND  no layout of that name
 * ERR_INVALID    it knows neither a reference nor a name among these columns
 * ERR_DUPLICATE  a column that it reads is there twice: ret_map->twice says which
 */
MUST_CHECK int csv_map_choose(struct str name, const struct csv_layout *saved,
			      const struct str *header, size_t n, struct csv_map *ret_map);

/* What a heading commonly means, to be proposed; false where nothing is known of it. */
bool csv_heading_means(struct str header, enum csv_target *ret_target);

/*
 * The same for a file: find the header among its first records, where most columns are known.
 *
 * record: the file's, n of them, which must outlive the mapping; joined names are in the arena.
 * The errors of csv_map_choose, and ERR_NOMEM.
 */
MUST_CHECK int csv_head_find(struct str name, const struct csv_layout *saved,
			     const struct csv_record *record, size_t n, struct arena *a,
			     struct csv_map *ret_map);

/* What field of an asset a column becomes, such as "address"; NULL when it is not read. */
const char *csv_map_field(const struct csv_map *m, size_t column);

/* What becomes of a column that has a name. */
enum csv_use {
	CSV_READ,
	CSV_PASSED, /* the layout knows it, and it is nothing of an asset's; or it has no name */
	CSV_UNREAD, /* nothing reads it: what stands there is lost */
	CSV_MISSED, /* the same, and by its name it is a field of an asset, which this layout of
		     * others has not: most likely the wrong layout */
};

enum csv_use csv_map_use(const struct csv_map *m, size_t column);

/* The field of an asset that a target becomes. */
const char *csv_target_field(enum csv_target t);
/* What a saved mapping calls it. */
const char *csv_target_name(enum csv_target t);

/* Is it one of ours, or auto, without case? */
bool csv_layout_is_ours(struct str name);

/*
 * A target by the name that a saved mapping calls it: a field of an asset, or "town",
 * "hectares", "x", "y", "point". False when it is none.
 */
bool csv_target_of(struct str name, enum csv_target *ret_target);
