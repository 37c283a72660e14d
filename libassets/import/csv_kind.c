/*
 * What a record is before anything of it is read: one of the list's, or what stands between those
 * in real files; and what is wrong with it as a whole.
 */
#include "csv_map.h"
#include "csv_value.h"
#include "csv_write.h"
#include "libassets/base/err.h"

static const char *const kind_codes[] = {
	[CSV_RECORD] = "record",
	[CSV_BLANK] = "blank-record",
	[CSV_NOTHING_READ] = "nothing-read",
	[CSV_HEADER_AGAIN] = "repeated-header",
};

const char *csv_kind_code(enum csv_kind kind)
{
	return kind_codes[kind];
}

struct str csv_map_value(const struct csv_map *m, const struct str *field, size_t n,
			 enum csv_target t)
{
	int c = m->column[t];

	if (c < 0 || (size_t)c >= n)
		return STR("");
	/* Lists taken from PDF hold their title in cells that are empty. */
	if (!str_is_null(m->title) && str_eq(csv_trim(field[c]), m->title))
		return STR("");
	return csv_unguarded(field[c]);
}

/* Cell for cell the same, blanks at the end of either aside. */
static bool is_same_record(const struct csv_record *head, const struct str *field, size_t n)
{
	size_t most = head->count > n ? head->count : n;

	for (size_t i = 0; i < most; i++) {
		struct str a = i < head->count ? csv_trim(head->field[i]) : STR("");
		struct str b = i < n ? csv_trim(field[i]) : STR("");

		if (!str_eq(a, b))
			return false;
	}
	return true;
}

static bool is_blank(const struct csv_map *m, const struct str *field, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str s = csv_trim(field[i]);

		if (s.len && !str_eq(s, m->title))
			return false;
	}
	return true;
}

enum csv_kind csv_map_kind(const struct csv_map *m, const struct str *field, size_t n)
{
	if (is_blank(m, field, n))
		return CSV_BLANK;
	for (size_t i = 0; i < m->head_count; i++) {
		if (is_same_record(&m->head[i], field, n))
			return CSV_HEADER_AGAIN;
	}
	for (int t = 0; t < CSV_TARGET_COUNT; t++) {
		if (csv_trim(csv_map_value(m, field, n, (enum csv_target)t)).len)
			return CSV_RECORD;
	}
	/* What stands behind the last column is nobody's, and said to be a fault. */
	return n > m->column_count ? CSV_RECORD : CSV_NOTHING_READ;
}

struct str csv_map_reference(const struct csv_map *m, const struct str *field, size_t n,
			     struct arena *a)
{
	struct str s = csv_fold(csv_map_value(m, field, n, CSV_REFERENCE), a);
	char *at = (char *)(uintptr_t)s.at; /* our own copy */

	for (size_t i = 0; i < s.len; i++) {
		if (at[i] >= 'A' && at[i] <= 'Z')
			at[i] = (char)(at[i] + ('a' - 'A'));
	}
	return s.at ? s : STR("");
}

bool csv_map_has_reference(const struct csv_map *m, const struct str *field, size_t n)
{
	return m->column[CSV_REFERENCE] < 0 ||
	       csv_trim(csv_map_value(m, field, n, CSV_REFERENCE)).len > 0;
}

int csv_map_cells(const struct csv_map *m, const struct str *field, size_t n, json_t **ret_cells)
{
	json_t *cells = json_array();

	for (size_t c = 0; cells && c < n; c++) {
		bool is_kept = c >= m->column_count || csv_map_use(m, c) == CSV_READ;
		struct str s = csv_unguarded(field[c]);

		if (json_array_append_new(cells,
					  is_kept ? json_stringn(s.at, s.len) : json_null()) < 0) {
			json_decref(cells);
			return ERR_NOMEM;
		}
	}
	*ret_cells = cells;
	return cells ? 0 : ERR_NOMEM;
}

/* Commas at the end of a line are everywhere; only a value behind the last column is a fault. */
static void check_width(const struct csv_map *m, const struct str *field, size_t n,
			struct csv_problems *problems)
{
	if (n < m->column_count)
		csv_problem_add(
			problems,
			(struct csv_problem){
				.severity = CSV_WARNING,
				.code = STR("too-few-fields"),
				.message = STR(
					"The record has fewer fields than the header; the rest is "
					"taken as blank."),
				.cure = STR("Check the commas of this record."),
			});
	for (size_t c = m->column_count; c < n; c++) {
		if (!csv_trim(field[c]).len)
			continue;
		csv_problem_add(
			problems,
			(struct csv_problem){
				.severity = CSV_ERROR,
				.value = field[c],
				.code = STR("too-many-fields"),
				.message = STR("The record has more fields than the header."),
				.cure = STR("Put quotes around a value that holds what separates "
					    "the columns."),
			});
		return;
	}
}

/* What only a table that was torn apart needs to be told. */
static void check_torn(const struct csv_map *m, const struct str *field, size_t n,
		       struct csv_problems *problems)
{
	struct csv_problem p = {.severity = CSV_ERROR};

	if (m->is_torn) {
		p.code = STR("torn-table");
		p.message =
			STR("This table was torn apart: many of its records have no reference, so "
			    "what stands here may be its neighbours'.");
		p.cure = STR("Load the list as its authority keeps it, and not what was taken from "
			     "a PDF.");
	} else if (m->head_count > 1 && !csv_map_has_reference(m, field, n)) {
		p.code = STR("fragment");
		p.message = STR("A piece of another record: it has no reference of its own.");
		p.cure = STR("Join it to the record it belongs to, or take the line out.");
	} else {
		return;
	}
	csv_problem_add(problems, p);
}

void csv_map_check(const struct csv_map *m, const struct str *field, size_t n,
		   struct csv_problems *problems)
{
	check_torn(m, field, n, problems);
	check_width(m, field, n, problems);
}
