/*
 * Budgets: the years of a list in order and once, lines as spreadsheets have them, every fault at
 * its line, and what was read comes back the same.
 */
#include <criterion/criterion.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/budget.h"

static struct arena arena;
static struct flaws flaws;
static struct budget got;

static int read_text(const char *text)
{
	arena_done(&arena);
	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	return budget_read_csv(str_of(text), &flaws, &got);
}

static void is_flaw(const char *text, const char *pointer, const char *code)
{
	cr_assert_eq(read_text(text), ERR_INVALID, "%s", text);
	cr_assert_geq(flaws.count, 1);
	cr_assert(str_eq(flaws.at[0].pointer, str_of(pointer)), "%s: %s", text,
		  flaws.at[0].pointer.at);
	cr_assert(str_eq(flaws.at[0].code, str_of(code)), "%s: %s", text, flaws.at[0].code.at);
}

Test(budget, lines_of_a_spreadsheet)
{
	static const char *const texts[] = {
		"year,amount_pence\n2027-28,100\n2026-27,250\n",
		"Financial Year,Budget (GBP)\r\n2027/28,1.00\r\n\r\n2026/2027,\"2.50\"\r\n",
		"\xef\xbb\xbf"
		"period\tignored\tamount_gbp\n2026-27\tx\t£2.50\n2027-28\t\t1\n",
		"2027-28,1\n2026-27,2.50",
		"2027-28,1,,\n2026-27,\"2.50\",\n",
		"2027-28\t1\tas agreed\n2026-27\t2.50\t, later\n",
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		cr_assert_eq(read_text(texts[i]), 0, "%zu", i);
		cr_assert_eq(got.count, 2);
		cr_assert_eq(got.year[0].fy, 2026);
		cr_assert_eq(got.year[0].pence, 250);
		cr_assert_eq(got.year[1].fy, 2027);
		cr_assert_eq(got.year[1].pence, 100);
	}
}

Test(budget, faults_at_their_lines)
{
	is_flaw("", "", "NOTHING_HERE");
	is_flaw("\n \n", "", "NOTHING_HERE");
	is_flaw("a,b\n", "/lines/1", "NO_HEADER");
	is_flaw("year\n2026-27\n", "/lines/1", "NO_HEADER");
	is_flaw("year,amount\n2026-28,1\n", "/lines/2", "NOT_A_YEAR");
	is_flaw("year,amount\n2026-2127,1\n", "/lines/2", "NOT_A_YEAR");
	is_flaw("year,amount\n2026-27\n", "/lines/2", "NOT_A_NUMBER");
	is_flaw("year,amount\n2026-27,-1\n", "/lines/2", "NOT_A_NUMBER");
	is_flaw("year,amount_pence\n2026-27,1000000000000001\n", "/lines/2", "NOT_A_NUMBER");
	is_flaw("year,amount\n2026-27,\"1\n", "/lines/2", "BAD_CSV");
	/* An amount that its commas cut in pieces is none of a pound. */
	is_flaw("2026-27,1\n2027-28,1,250,000\n", "/lines/2", "BAD_CSV");
	is_flaw("2027-28,£1,250.00\n", "/lines/1", "BAD_CSV");
	is_flaw("year,amount,\n2027-28,1,250\n", "/lines/2", "BAD_CSV");
	is_flaw("year,amount,note\n2027-28,1,250,000\n", "/lines/2", "BAD_CSV");
	is_flaw("year,amount\n2026-27,1\n\n2026/27,1\n", "/lines/4", "DUPLICATE");
}

Test(budget, a_century_and_too_many)
{
	CLEANUP(buf_done) struct buf text = BUF(1 << 16);

	cr_assert_eq(read_text("1999-2000,1"), 0);
	cr_assert_eq(got.year[0].fy, 1999);
	for (int fy = 2000; fy <= 2000 + BUDGET_YEARS_MAX; fy++)
		buf_fmt(&text, "%d-%02d,1\n", fy, (fy + 1) % 100);
	buf_char(&text, '\0');
	cr_assert_eq(buf_err(&text), 0);
	is_flaw(text.at, "/lines/101", "TOO_MANY");
}

Test(budget, json_comes_back_the_same)
{
	json_t *list =
		json_loads("[{\"year\":\"2027-28\",\"amount_pence\":5},{\"year\":\"2026-27\","
			   "\"amount_pence\":0}]",
			   0, NULL);
	json_t *back;

	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	cr_assert_eq(budget_read(list, &WIRE_TOP, &flaws, &got), 0);
	back = budget_json(&got);
	cr_assert_eq(json_array_size(back), 2);
	cr_assert_str_eq(json_string_value(json_object_get(json_array_get(back, 0), "year")),
			 "2026-27");
	cr_assert_eq(budget_read(back, &WIRE_TOP, &flaws, &got), 0);
	cr_assert_eq(got.year[1].pence, 5);
	json_decref(list);
	json_decref(back);
	arena_done(&arena);
}
