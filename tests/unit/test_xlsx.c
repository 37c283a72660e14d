/*
 * Cells of a workbook: nothing is a formula, nothing breaks the XML, and what is no number or day
 * is a text. That a spreadsheet program reads the whole is workbook.test.mjs's.
 */
#include <criterion/criterion.h>

#include "libassets/file/xlsx.h"

static struct str cell(struct buf *out, int column, enum xlsx_kind kind, struct str text)
{
	buf_clear(out);
	xlsx_cell(out, 8, column, kind, text);
	cr_assert_eq(buf_err(out), 0);
	return buf_view(out);
}

#define TEXT(s) "<c r=\"A9\" t=\"inlineStr\"><is><t xml:space=\"preserve\">" s "</t></is></c>"

Test(xlsx, cells_are_what_their_kind_says)
{
	static const struct {
		enum xlsx_kind kind;
		const char *text, *xml;
	} table[] = {
		{XLSX_NUMBER, "-4.25", "<c r=\"A9\"><v>-4.25</v></c>"},
		{XLSX_NUMBER, "0", "<c r=\"A9\"><v>0</v></c>"},
		{XLSX_NUMBER, "1-2", TEXT("1-2")},
		{XLSX_NUMBER, "1.2.3", TEXT("1.2.3")},
		{XLSX_NUMBER, "1e9", TEXT("1e9")},
		{XLSX_NUMBER, "-", TEXT("-")},
		{XLSX_NUMBER, "NaN", TEXT("NaN")},
		{XLSX_MONEY, "90071992547409.93",
		 "<c r=\"A9\" s=\"2\"><v>90071992547409.93</v></c>"},
		{XLSX_MONEY, "-0.05", "<c r=\"A9\" s=\"2\"><v>-0.05</v></c>"},
		{XLSX_DAY, "1900-03-01", "<c r=\"A9\" s=\"3\"><v>61</v></c>"},
		{XLSX_DAY, "2026-11-22", "<c r=\"A9\" s=\"3\"><v>46348</v></c>"},
		{XLSX_DAY, "1900-02-28", TEXT("1900-02-28")},
		{XLSX_DAY, "2026-02-30", TEXT("2026-02-30")},
		{XLSX_FLAG, "true", "<c r=\"A9\" t=\"b\"><v>1</v></c>"},
		{XLSX_FLAG, "false", "<c r=\"A9\" t=\"b\"><v>0</v></c>"},
		{XLSX_FLAG, "perhaps", TEXT("perhaps")},
		{XLSX_TEXT, "=1+1", TEXT("=1+1")},
		{XLSX_TEXT, "a<b>&\"c\"", TEXT("a&lt;b&gt;&amp;\"c\"")},
		{XLSX_TEXT, "\tone\ntwo\r\x01", TEXT("\tone\ntwo_x000D__x0001_")},
		{XLSX_TEXT, "_x0041_ _x41_ _X0041_ _x00g1_",
		 TEXT("_x005F_x0041_ _x41_ _X0041_ _x00g1_")},
		{XLSX_TEXT, "_x_x0041_", TEXT("_x_x005F_x0041_")},
		{XLSX_TEXT, "\xEF\xBF\xBE \xEF\xBF\xBD \xEF\xBF\xBF",
		 TEXT("\xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD")},
	};
	CLEANUP(buf_done) struct buf out = BUF(4096);

	for (size_t i = 0; i < COUNT(table); i++)
		cr_assert_str_eq(cell(&out, 0, table[i].kind, str_of(table[i].text)).at,
				 table[i].xml, "%zu: %s", i, out.at);
	cr_assert_eq(cell(&out, 0, XLSX_TEXT, STR("")).len, 0);
	cr_assert_eq(cell(&out, 0, XLSX_DAY, (struct str){NULL, 0}).len, 0);
}

Test(xlsx, columns_are_named_past_z)
{
	CLEANUP(buf_done) struct buf out = BUF(4096);

	cr_assert_str_eq(cell(&out, 25, XLSX_NUMBER, STR("1")).at, "<c r=\"Z9\"><v>1</v></c>");
	cr_assert_str_eq(cell(&out, 26, XLSX_NUMBER, STR("1")).at, "<c r=\"AA9\"><v>1</v></c>");
	cr_assert_str_eq(cell(&out, 77, XLSX_NUMBER, STR("1")).at, "<c r=\"BZ9\"><v>1</v></c>");
}

/* `n` times the character, and how much of it is left between the tags. */
static size_t left_of(const char *character, size_t n, bool *ret_is_cut)
{
	CLEANUP(buf_done) struct buf text = BUF(1 << 20);
	CLEANUP(buf_done) struct buf out = BUF(1 << 20);
	const char *from, *to;

	for (size_t i = 0; i < n; i++)
		buf_str(&text, str_of(character));
	(void)cell(&out, 0, XLSX_TEXT, buf_view(&text));
	from = strstr(out.at, "preserve\">") + 10;
	to = strstr(out.at, "</t>");
	*ret_is_cut = memcmp(to - 3, "…", 3) == 0;
	return (size_t)(to - from - (*ret_is_cut ? 3 : 0)) / strlen(character);
}

Test(xlsx, a_text_ends_where_a_cell_does)
{
	bool is_cut;

	cr_assert_eq(left_of("a", XLSX_TEXT_MAX, &is_cut), XLSX_TEXT_MAX);
	cr_assert(!is_cut);
	cr_assert_eq(left_of("a", XLSX_TEXT_MAX + 1, &is_cut), XLSX_TEXT_MAX - 1);
	cr_assert(is_cut);
	cr_assert_eq(left_of("\xC3\xA0", XLSX_TEXT_MAX, &is_cut), XLSX_TEXT_MAX);
	cr_assert(!is_cut);
	/* Two UTF-16 units each. */
	cr_assert_eq(left_of("\xF0\x9F\x8F\xA0", XLSX_TEXT_MAX / 2 + 1, &is_cut),
		     XLSX_TEXT_MAX / 2);
	cr_assert(is_cut);
}
