/*
 * CSV files as people send them. Whatever is taken has records in the order of their lines,
 * whose fields are UTF-8 without NUL.
 */
#include <assert.h>

#include "daemon/import/import_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena;
	struct import_sheet sheet;
	struct flaws flaws;
	size_t line = 1;

	arena_init(&arena, 64 << 20);
	flaws_init(&flaws, &arena);
	if (import_read((struct str){(const char *)data, size}, &arena, &flaws, &sheet) < 0) {
		assert(flaws.count > 0);
		return 0;
	}
	for (size_t i = 0; i < sheet.record_count; i++) {
		const struct import_record *r = &sheet.record[i];

		assert(r->line >= line && r->field_count <= IMPORT_COLUMNS_MAX);
		line = r->line;
		for (size_t f = 0; f < r->field_count; f++) {
			assert(r->field[f].len <= 4 * (size_t)IMPORT_FIELD_MAX);
			assert(str_is_utf8(r->field[f]) &&
			       !memchr(r->field[f].at, 0, r->field[f].len));
		}
	}
	return 0;
}
