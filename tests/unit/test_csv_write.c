/*
 * Cells written: what comes back through a reader is what was, and no cell is a formula.
 */
#include <criterion/criterion.h>

#include "libassets/import/csv_write.h"

static struct buf out;

static void begin(void)
{
	out = BUF(1 << 16);
}

static void end(void)
{
	buf_done(&out);
}

TestSuite(csv_write, .init = begin, .fini = end);

Test(csv_write, quotes_and_guards)
{
	static const struct {
		struct str text, plain, guarded;
	} rows[] = {
		{STR_INIT("Hall"), STR_INIT("Hall"), STR_INIT("Hall")},
		{STR_INIT(""), STR_INIT(""), STR_INIT("")},
		{STR_INIT("a,b"), STR_INIT("\"a,b\""), STR_INIT("\"a,b\"")},
		{STR_INIT("say \"no\""), STR_INIT("\"say \"\"no\"\"\""),
		 STR_INIT("\"say \"\"no\"\"\"")},
		{STR_INIT("two\nlines"), STR_INIT("\"two\nlines\""), STR_INIT("\"two\nlines\"")},
		{STR_INIT(" x"), STR_INIT("\" x\""), STR_INIT("\" x\"")},
		{STR_INIT("=1+1"), STR_INIT("=1+1"), STR_INIT("'=1+1")},
		{STR_INIT("@SUM(A1)"), STR_INIT("@SUM(A1)"), STR_INIT("'@SUM(A1)")},
		{STR_INIT("-4.25"), STR_INIT("-4.25"), STR_INIT("-4.25")},
		{STR_INIT("-1+1"), STR_INIT("-1+1"), STR_INIT("'-1+1")},
		{STR_INIT("-"), STR_INIT("-"), STR_INIT("'-")},
		{STR_INIT("+44 131"), STR_INIT("+44 131"), STR_INIT("'+44 131")},
		{STR_INIT("=cmd|' /C calc'!A0,"), STR_INIT("\"=cmd|' /C calc'!A0,\""),
		 STR_INIT("\"'=cmd|' /C calc'!A0,\"")},
		{STR_INIT("'t Huis"), STR_INIT("'t Huis"), STR_INIT("'t Huis")},
		{STR_INIT("'=x"), STR_INIT("'=x"), STR_INIT("''=x")},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		buf_clear(&out);
		csv_write_cell(&out, rows[i].text);
		cr_assert(str_eq(buf_view(&out), rows[i].plain), "row %zu: %s", i, out.at);
		buf_clear(&out);
		csv_write_guarded(&out, rows[i].text);
		cr_assert(str_eq(buf_view(&out), rows[i].guarded), "row %zu: %s", i, out.at);
	}
}

/* All texts of four characters out of those that matter: guarding can be undone. */
Test(csv_write, what_is_guarded_comes_back)
{
	static const char chars[] = "'=-@ 1a\t";
	char text[5] = "";

	for (size_t n = 0; n < 8 * 8 * 8 * 8; n++) {
		struct str s = {text, 4}, got;

		for (size_t i = 0, m = n; i < 4; i++, m /= 8)
			text[i] = chars[m % 8];
		buf_clear(&out);
		csv_write_guarded(&out, s);
		got = buf_view(&out);
		if (got.len > 1 && got.at[0] == '"')
			got = (struct str){got.at + 1, got.len - 2};
		cr_assert(!memchr("=@\t", got.at[0], 3), "%s", text);
		cr_assert(str_eq(csv_unguarded(got), s), "%s", text);
	}
}
