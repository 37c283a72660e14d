/*
 * Real and hostile CSV files read as records.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/import/import_read.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "tests/unit/reading.h"

TestSuite(import_read, .init = reading_setup, .fini = reading_teardown);

static struct str file_of(const char *path)
{
	FILE *f = fopen(path, "rb");
	char *at = arena_alloc(&arena, 1 << 20);
	size_t n;

	cr_assert_not_null(f, "%s", path);
	n = fread(at, 1, 1 << 20, f);
	fclose(f);
	return (struct str){at, n};
}

Test(import_read, cheltenham_loses_no_record)
{
	struct str file = file_of(
		TEST_DATA "/land-assets-cheltenham-2021/local_authority_land_and_assets_2021.csv");
	struct import_sheet sheet;

	cr_assert_eq(import_read(file, &arena, &flaws, &sheet), 0);
	cr_assert_str_eq(sheet.encoding, "WINDOWS-1252");
	cr_assert_eq(sheet.record_count, 499);
	for (size_t i = 0; i < sheet.record_count; i++)
		cr_assert_eq(sheet.record[i].field_count, 15);
	cr_assert_eq(sheet.record[1].line, 2);
	cr_assert_eq(sheet.record[2].line, 4, "the first record holds a line break");
}

Test(import_read, lines_and_blank_lines)
{
	struct import_sheet sheet;

	cr_assert_eq(import_read(STR("\xEF\xBB\xBF"
				     "a,b\r\n\r\n1,\"x\ny\"\r\n,\r\n2,3"),
				 &arena, &flaws, &sheet),
		     0);
	cr_assert_eq(sheet.record_count, 4);
	cr_assert_eq(sheet.record[0].line, 1);
	cr_assert(str_eq(sheet.record[0].field[0], STR("a")));
	cr_assert_eq(sheet.record[1].line, 3);
	cr_assert_eq(sheet.record[2].line, 5);
	cr_assert_eq(sheet.record[3].line, 6);
}

Test(import_read, a_blank_line_inside_quotes_belongs_to_its_record)
{
	struct import_sheet sheet;

	cr_assert_eq(import_read(STR("a,b\n\"x\n\n\ny\",1\n \n2,3\n"), &arena, &flaws, &sheet), 0);
	cr_assert_eq(sheet.record_count, 3);
	cr_assert_eq(sheet.record[1].line, 2);
	cr_assert_eq(sheet.record[2].line, 7);
}

Test(import_read, in_steps_as_in_one_go)
{
	enum { LINES = 500 };
	CLEANUP(buf_done) struct buf file = BUF(1 << 20);
	struct import_reader *reader;
	struct import_sheet sheet;
	bool is_whole = false;
	int steps = 0;

	for (int i = 0; i < LINES; i++)
		buf_fmt(&file, "%d,\"%0300d\n\"\r\n", i, i);
	cr_assert_eq(import_reader_new(buf_view(&file), &arena, &flaws, &reader), 0);
	while (!is_whole) {
		cr_assert_eq(import_reader_step(reader, 1000, &is_whole, &sheet), 0);
		steps++;
	}
	import_reader_free(reader);
	cr_assert_gt(steps, 100);
	cr_assert_eq(sheet.record_count, LINES);
	for (size_t i = 0; i < LINES; i++) {
		cr_assert_eq(sheet.record[i].line, 2 * i + 1);
		cr_assert_eq(sheet.record[i].field[1].len, 301);
	}
}

Test(import_read, more_than_the_arena_holds_is_said)
{
	enum { BYTES = 1 << 20 };
	struct arena small;
	struct flaws said;
	struct import_sheet sheet;
	char *bytes = malloc(BYTES);

	for (size_t i = 0; i < BYTES; i++)
		bytes[i] = i % 200 == 199 ? '\n' : i % 2 ? ',' : 'x';
	arena_init(&small, 1 << 20);
	flaws_init(&said, &arena);
	cr_assert_eq(import_read((struct str){bytes, BYTES}, &small, &said, &sheet), ERR_LIMIT);
	cr_assert_str_eq(said.at[0].code.at, "TOO_LARGE");
	arena_done(&small);
	free(bytes);
}

Test(import_read, old_mac_line_ends)
{
	struct import_sheet sheet;

	cr_assert_eq(import_read(STR("a,b\r1,2\r3,4\r"), &arena, &flaws, &sheet), 0);
	cr_assert_eq(sheet.record_count, 3);
	cr_assert_eq(sheet.record[2].line, 3);
}

Test(import_read, mixed_line_ends_give_each_record_a_line_of_its_own)
{
	struct import_sheet sheet;

	cr_assert_eq(import_read(STR("a,b\n1,2\r3,4\n5,6\n"), &arena, &flaws, &sheet), 0);
	cr_assert_eq(sheet.record_count, 4);
	for (size_t i = 0; i < 4; i++)
		cr_assert_eq(sheet.record[i].line, i + 1);
}

Test(import_read, refuses_and_says_where)
{
	static const struct {
		struct str file;
		int err;
		const char *pointer, *code;
	} rows[] = {
		{STR_INIT(""), ERR_CSV, "/line/1", "EMPTY"},
		{STR_INIT(" \r\n\r\n"), ERR_CSV, "/line/1", "EMPTY"},
		{STR_INIT("a,b\n1,\"2\n3,4\n"), ERR_CSV, "/line/2", "UNCLOSED_QUOTE"},
		{STR_INIT("a,b\n1,\0\n"), ERR_CSV, "/line/2", "NUL"},
		{STR_INIT("PK\x03\x04rest"), ERR_CSV, "/line/1", "SPREADSHEET"},
		{STR_INIT("a\nb\n\x81\n"), ERR_CSV, "/line/3", "ENCODING"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct import_sheet sheet;

		flaws_init(&flaws, &arena);
		cr_assert_eq(import_read(rows[i].file, &arena, &flaws, &sheet), rows[i].err,
			     "row %zu", i);
		cr_assert_eq(flaws.count, 1);
		cr_assert_str_eq(flaws.at[0].pointer.at, rows[i].pointer, "row %zu", i);
		cr_assert_str_eq(flaws.at[0].code.at, rows[i].code, "row %zu", i);
	}
}

Test(import_read, ten_million_commas_are_refused_cheaply)
{
	size_t n = 10 * 1000 * 1000;
	char *bytes = malloc(n);
	struct import_sheet sheet;

	memset(bytes, ',', n);
	cr_assert_eq(import_read((struct str){bytes, n}, &arena, &flaws, &sheet), ERR_LIMIT);
	cr_assert_lt(arena.used_bytes, 1 << 20);
	free(bytes);
}
