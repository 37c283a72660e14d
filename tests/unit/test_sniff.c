/*
 * What a file is by its content: whatever the pieces it comes in. The types themselves, and files
 * that only look like one, are tried through the door (documents.test.mjs); here is what depends on
 * where a piece ends, and how far back the end is looked at.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "libassets/base/crc.h"
#include "libassets/base/err.h"
#include "libassets/file/sniff.h"

static int told(const char *bytes, size_t len, size_t step, const char *name, enum file_type *ret)
{
	struct sniff *s = calloc(1, sizeof(*s));
	const char *why = NULL;
	int r;

	cr_assert(s);
	for (size_t at = 0; at < len; at += step)
		sniff_add(s, (struct str){bytes + at, len - at < step ? len - at : step});
	r = sniff_end(s, str_of(name), ret, &why);
	cr_assert(r == 0 || (r == ERR_DOCUMENT_TYPE && why && *why));
	free(s);
	return r;
}

Test(sniff, text_is_text_wherever_a_piece_ends)
{
	static const char gaelic[] = "F\xC3\xA0ilte \xE2\x82\xAC \xF0\x9F\x99\x82\n";
	enum file_type type;

	for (size_t step = 1; step < sizeof(gaelic); step++) {
		cr_assert_eq(told(gaelic, sizeof(gaelic) - 1, step, NULL, &type), 0);
		cr_assert_eq(type, FILE_TEXT);
		cr_assert_eq(told(gaelic, sizeof(gaelic) - 1, step, "LIST.Csv", &type), 0);
		cr_assert_eq(type, FILE_CSV);
		/* Without its last byte the smile is half a character. */
		cr_assert_eq(told(gaelic, sizeof(gaelic) - 3, step, NULL, &type),
			     ERR_DOCUMENT_TYPE);
	}
}

Test(sniff, a_name_is_made_to_say_what_was_found)
{
	static const struct {
		struct str media, name, owed;
	} table[] = {
		{STR_INIT("application/pdf"), STR_INIT("plan.pdf"), STR_INIT("")},
		{STR_INIT("application/pdf"), STR_INIT("plan.PDF"), STR_INIT("")},
		{STR_INIT("application/pdf"), STR_INIT("plan"), STR_INIT("pdf")},
		{STR_INIT("application/pdf"), STR_INIT("plan.pdf.html"), STR_INIT("pdf")},
		{STR_INIT("application/pdf"), STR_INIT("pdf"), STR_INIT("pdf")},
		{STR_INIT("application/pdf"), STR_INIT(""), STR_INIT("pdf")},
		{STR_INIT("image/jpeg"), STR_INIT("a.jpeg"), STR_INIT("")},
		{STR_INIT("image/jpeg"), STR_INIT("a.jp"), STR_INIT("jpg")},
		{STR_INIT("image/jpeg"), STR_INIT("a.jpg jpeg"), STR_INIT("jpg")},
		{STR_INIT("text/plain; charset=utf-8"), STR_INIT("a.hta"), STR_INIT("txt")},
		{STR_INIT("text/html"), STR_INIT("a"), STR_INIT("")},
	};

	for (size_t i = 0; i < COUNT(table); i++)
		cr_expect(
			str_eq(file_type_ending_owed(table[i].media, table[i].name), table[i].owed),
			"row %zu", i);
}

Test(sniff, what_is_no_utf8_is_no_text)
{
	static const struct str bad[] = {
		STR_INIT("\xC0\xAF"),
		STR_INIT("\xE0\x80\xAF"),
		STR_INIT("\xED\xA0\x80"),
		STR_INIT("\xF4\x90\x80\x80"),
		STR_INIT("\xF8\x88\x80\x80\x80"),
		STR_INIT("\x80"),
		STR_INIT("a\x01"),
		STR_INIT("a\x7F"),
		STR_INIT("\xC3("),
		STR_INIT("  <b>"),
		STR_INIT("\xEF\xBB\xBF\n<b>"),
	};
	enum file_type type;

	for (size_t i = 0; i < COUNT(bad); i++)
		cr_assert_eq(told(bad[i].at, bad[i].len, 1, NULL, &type), ERR_DOCUMENT_TYPE, "%zu",
			     i);
}

/* The end counts, however much lies between: here three times what is kept of it. */
Test(sniff, the_end_of_a_long_file_is_seen)
{
	const size_t len = 3 * SNIFF_TAIL + 7;
	char *bytes = malloc(len);
	enum file_type type;

	cr_assert(bytes);
	memset(bytes, 'x', len);
	memcpy(bytes, "%PDF-1.7\n", 9);
	cr_assert_eq(told(bytes, len, 1000, NULL, &type), ERR_DOCUMENT_TYPE);
	memcpy(bytes + len - 6, "%%EOF\n", 6);
	for (size_t step = 1000; step <= len; step += SNIFF_TAIL - 1)
		cr_assert_eq(told(bytes, len, step, NULL, &type), 0);
	cr_assert_eq(type, FILE_PDF);
	free(bytes);
}

/* ISO 3309, as every list of check values has it. */
Test(crc, check_value)
{
	cr_assert_eq(crc_add(0, STR("123456789")), 0xCBF43926u);
	cr_assert_eq(crc_add(crc_add(0, STR("1234")), STR("56789")), 0xCBF43926u);
	cr_assert_eq(crc_add(0, STR("")), 0u);
}

Test(str, holds)
{
	cr_assert(str_holds(STR("abcabd"), STR("abd")));
	cr_assert(str_holds(STR("aab"), STR("ab")));
	cr_assert(str_holds(STR("ab"), STR("")));
	cr_assert(!str_holds(STR("ab"), STR("abc")));
	cr_assert(!str_holds(STR("ababab"), STR("ba ")));
	cr_assert(!str_holds(STR(""), STR("a")));
}

Test(sniff, what_a_type_tells_beside_its_pages)
{
	cr_assert(file_type_tells(STR("application/pdf")));
	cr_assert(file_type_tells(STR("image/tiff")));
	cr_assert(file_type_tells(STR("application/x-unheard-of")));
	cr_assert(!file_type_tells(STR("image/jpeg")));
	cr_assert(!file_type_tells(STR("text/csv; charset=utf-8")));
}
