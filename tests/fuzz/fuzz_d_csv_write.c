/*
 * Cells as we write them: whatever a text is, it stands in its own cell when the file is read
 * again, and no cell begins as a formula does.
 */
#include <assert.h>

#include "daemon/import/import_read.h"
#include "libassets/import/csv_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CELLS = 3, TEXT_MAX = 4096 };

static void check(const struct import_record *r, const struct str *cell)
{
	assert(r->field_count == CELLS);
	for (size_t i = 0; i < CELLS; i++) {
		struct str s = r->field[i];

		assert(!s.len || !strchr("=+@\t\r", s.at[0]));
		assert(str_eq(csv_unguarded(s), cell[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena;
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);
	struct str cell[CELLS], rest = {(const char *)data, size};
	struct import_sheet sheet;
	struct flaws flaws;

	arena_init(&arena, 64 << 20);
	flaws_init(&flaws, &arena);
	/* Of a text of the register: UTF-8 without NUL, which here stands between cells. */
	if (size > TEXT_MAX || !str_is_utf8(rest))
		return 0;
	buf_str(&out, STR("reference,name,notes\r\n"));
	for (size_t i = 0; i < CELLS; i++) {
		cell[i] = str_is_null(rest) ? STR("") : str_cut(rest, '\0', &rest);
		buf_str(&out, i ? STR(",") : STR(""));
		csv_write_guarded(&out, cell[i]);
	}
	if (!str_is_null(rest) && rest.len)
		return 0;
	buf_str(&out, STR("\r\n"));
	assert(buf_err(&out) == 0);
	assert(import_read(buf_view(&out), &arena, &flaws, &sheet) == 0);
	/* A line of nothing is no record. */
	if (cell[0].len || cell[1].len || cell[2].len) {
		assert(sheet.record_count == 2);
		check(&sheet.record[1], cell);
	}
	return 0;
}
