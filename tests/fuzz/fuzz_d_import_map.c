/*
 * CSV files of any layout: where the header is found, what each record is, and what becomes
 * of it. Each record is left out by name or becomes an object; a place is on the grid, and an error
 * is said wherever a number was not one.
 */
#include <assert.h>

#include "daemon/import/import_read.h"
#include "libassets/base/err.h"
#include "libassets/base/grid.h"
#include "libassets/import/csv_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = CSV_HEAD_FIRST_MAX + CSV_HEAD_RECORDS_MAX };

static bool is_between(const json_t *number, int64_t most)
{
	return json_integer_value(number) >= 0 && json_integer_value(number) <= most;
}

static void take(const struct csv_map *m, const struct import_record *record, struct arena *a)
{
	struct csv_problems problems = {.count = 0};
	json_auto_t *asset = csv_map_record(m, record->field, record->field_count, a, &problems);
	const json_t *east = json_object_get(asset, "easting");
	const json_t *north = json_object_get(asset, "northing");

	assert(asset && problems.count <= CSV_PROBLEMS_MAX);
	assert(json_is_integer(east) == json_is_integer(north));
	/* The grid's own columns are for the register's check to refuse. */
	if (json_is_integer(east) && m->column[CSV_EASTING] < 0)
		assert(is_between(east, GRID_EASTING_MAX) && is_between(north, GRID_NORTHING_MAX));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena;
	struct csv_record first[HEAD] = {0};
	struct import_sheet sheet;
	struct flaws flaws;
	struct csv_map m;
	size_t n;

	arena_init(&arena, 64 << 20);
	flaws_init(&flaws, &arena);
	if (import_read((struct str){(const char *)data, size}, &arena, &flaws, &sheet) < 0)
		return 0;
	n = sheet.record_count < HEAD ? sheet.record_count : HEAD;
	for (size_t i = 0; i < n; i++)
		first[i] = (struct csv_record){sheet.record[i].field, sheet.record[i].field_count};
	if (csv_head_find(STR("auto"), NULL, first, n, &arena, &m) < 0)
		return 0;
	for (size_t i = m.head_first + m.head_count; i < sheet.record_count; i++) {
		const struct import_record *record = &sheet.record[i];

		if (csv_map_kind(&m, record->field, record->field_count) == CSV_RECORD)
			take(&m, record, &arena);
	}
	return 0;
}
