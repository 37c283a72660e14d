/*
 * Real and hostile CSV files read as records.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "daemon/import_read.h"
#include "libassets/err.h"

static struct arena arena;
static struct flaws flaws;

static void begin(void)
{
	arena_init(&arena, 64 << 20);
	flaws_init(&flaws, &arena);
}

static void end(void)
{
	arena_done(&arena);
}

TestSuite(import_read, .init = begin, .fini = end);

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
