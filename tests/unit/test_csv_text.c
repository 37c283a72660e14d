/*
 * What a list is written in: UTF-16, and what separates its columns.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/import/csv_text.h"

static struct arena arena;

static void begin(void)
{
	arena_init(&arena, 1 << 16);
}

static void end(void)
{
	arena_done(&arena);
}

TestSuite(csv_text, .init = begin, .fini = end);

#define BYTES(text)                                                                                \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}

Test(csv_text, utf16_of_either_order_becomes_utf8)
{
	static const struct {
		struct str file;
		int err;
		struct str text;
	} rows[] = {
		{BYTES("\xFF\xFE"
		       "A\0\xE9\0\x3D\xD8\x00\xDE"),
		 0, STR_INIT("A\xC3\xA9\xF0\x9F\x98\x80")},
		{BYTES("\xFE\xFF\0A\x20\xAC\xD8\x3D\xDE\x00"), 0,
		 STR_INIT("A\xE2\x82\xAC\xF0\x9F\x98\x80")},
		{BYTES("\xFF\xFE"), 0, STR_INIT("")},
		{BYTES("\xFF\xFE\x3D\xD8"), ERR_INVALID, STR_INIT("")},
		{BYTES("\xFF\xFE\x3D\xD8"
		       "A\0"),
		 ERR_INVALID, STR_INIT("")},
		{BYTES("\xFF\xFE\x00\xDE"), ERR_INVALID, STR_INIT("")},
		{BYTES("\xFF\xFE"
		       "A"),
		 ERR_INVALID, STR_INIT("")},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str text = STR("");

		cr_assert(csv_is_utf16(rows[i].file), "row %zu", i);
		cr_assert_eq(csv_of_utf16(rows[i].file, &arena, &text), rows[i].err, "row %zu", i);
		cr_expect(str_eq(text, rows[i].text), "row %zu", i);
	}
	cr_assert_not(csv_is_utf16(STR("\xEF\xBB\xBFname")));
	cr_assert_not(csv_is_utf16(STR("\xFF")));
}

Test(csv_text, the_header_says_what_separates)
{
	static const struct {
		struct str text;
		char separator;
	} rows[] = {
		{STR_INIT("reference,name\n1,Hall; with; many; semicolons\n"), ','},
		{STR_INIT("reference\tname\n1\tHall, with garden, and hut\n"), '\t'},
		{STR_INIT("reference;name\r\n1;\"a;b\"\r\n"), ';'},
		{STR_INIT("\"reference\";\"name\"\r\n"), ';'},
		{STR_INIT("A list, of land, of 2026\n\nreference\tname\tnotes\n"), '\t'},
		{STR_INIT("name\nHall;Lodge\n"), ','},
		{STR_INIT("Code;What it is, or was;Where\n1;2;3\n"), ';'},
		{STR_INIT("\"a;b;c\",d\n"), ','},
		{STR_INIT("a,b;c\n"), ','},
		{STR_INIT("\"never closed; reference\n"), ','},
		{STR_INIT("\""), ','},
		{STR_INIT(""), ','},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_expect_eq(csv_separator(rows[i].text, (struct str){NULL, 0}, NULL),
			     rows[i].separator, "row %zu", i);
}

Test(csv_text, a_saved_mapping_knows_its_own_header)
{
	static const struct csv_layout_row rows[] = {
		{STR_INIT("Code"), CSV_REFERENCE},
		{STR_INIT("What; it is"), CSV_NAME},
	};
	static const struct csv_layout saved = {
		.name = STR_INIT("Estates"), .row = rows, .count = COUNT(rows)};
	struct str text = STR("Code,What; it is\n");

	cr_expect_eq(csv_separator(text, STR("estates"), &saved), ',');
	cr_expect_eq(csv_separator(STR("Code\tWhat; it is\n"), STR("estates"), &saved), '\t');
}
