/*
 * Bands of the discount rate as people paste them, and every fault at its line.
 */
#include <criterion/criterion.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/discount_csv.h"

static struct arena arena;
static struct flaws flaws;
static struct discount_bands got;

static int read_text(const char *text)
{
	arena_done(&arena);
	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	return discount_csv_read(str_of(text), &flaws, &got);
}

static void expect_band(uint32_t i, int64_t last_year, int64_t ppm)
{
	cr_expect_eq(got.band[i].last_year, last_year);
	cr_expect_eq(got.band[i].ppm, ppm);
}

/* The rates advised as the lower ones for what is beyond 50 years. */
Test(discount_csv, bands_to_the_hundredth_of_a_per_cent)
{
	cr_assert_eq(read_text("last_year,rate\n30,3.0\n75,2.57\n125,2.14\n200,1.71\n300,1.29\n"
			       "1000000,0.86\n"),
		     0);
	cr_assert_eq(got.count, 6U);
	expect_band(0, 30, 30000);
	expect_band(1, 75, 25700);
	expect_band(4, 300, 12900);
	expect_band(5, DISCOUNT_BEYOND, 8600);
}

Test(discount_csv, the_last_goes_on_and_signs_and_blanks_are_no_matter)
{
	cr_assert_eq(read_text("\xEF\xBB\xBF\"Note\",Rate_Percent,TO_YEAR\r\nnear,3.5 "
			       "%,30\r\n\r\n,1%,\r\n"),
		     0);
	cr_assert_eq(got.count, 2U);
	expect_band(0, 30, 35000);
	expect_band(1, DISCOUNT_BEYOND, 10000);
	cr_assert_eq(read_text("last_year,rate\n0,100\n,0.0001"), 0);
	expect_band(0, 0, 1000000);
	expect_band(1, DISCOUNT_BEYOND, 1);
}

static const struct refused {
	const char *text, *pointer, *code;
} refused_table[] = {
	{"", "/lines/1", "NO_HEADER"},
	{"30,3.5\n,3\n", "/lines/1", "NO_HEADER"},
	{"last_year,growth\n,3\n", "/lines/1", "NO_HEADER"},
	{"\"last_year,rate\n", "/lines/1", "BAD_CSV"},
	{"last_year,rate\n30\n", "/lines/2", "BAD_CSV"},
	{"last_year,rate\nx,3.5\n,3\n", "/lines/2", "NOT_A_NUMBER"},
	{"last_year,rate\n+30,3.5\n,3\n", "/lines/2", "NOT_A_NUMBER"},
	{"last_year,rate\n30,\n,3\n", "/lines/2", "NOT_A_NUMBER"},
	{"last_year,rate\n30,-1\n,3\n", "/lines/2", "NOT_A_NUMBER"},
	{"last_year,rate\n30,3.50001\n,3\n", "/lines/2", "NOT_A_NUMBER"},
	{"last_year,rate\n30,3.5x\n,3\n", "/lines/2", "NOT_A_NUMBER"},
	{"last_year,rate\n30,100.0001\n,3\n", "/lines/2", "OUT_OF_RANGE"},
	{"last_year,rate\n30,999999999\n,3\n", "/lines/2", "OUT_OF_RANGE"},
	{"last_year,rate\n30,9223372036854775807\n,3\n", "/lines/2", "NOT_A_NUMBER"},
	{"last_year,rate\n-1,3\n,3\n", "/lines/2", "OUT_OF_RANGE"},
	{"last_year,rate\n1000001,3\n,3\n", "/lines/2", "OUT_OF_RANGE"},
	{"last_year,rate\n30,3.5\n30,3\n,1\n", "/lines/3", "OUT_OF_ORDER"},
	{"last_year,rate\n,3.5\n30,3\n", "/lines/3", "OUT_OF_ORDER"},
	{"last_year,rate\n", "", "INCOMPLETE"},
	{"last_year,rate\n30,3.5\n75,3\n", "", "INCOMPLETE"},
};

Test(discount_csv, faults_name_their_lines)
{
	for (size_t i = 0; i < COUNT(refused_table); i++) {
		const struct refused *t = &refused_table[i];

		cr_assert_eq(read_text(t->text), ERR_INVALID, "%s", t->text);
		cr_assert_eq(flaws.count, 1U, "%s", t->text);
		cr_expect(str_eq(flaws.at[0].pointer, str_of(t->pointer)), "%s", t->text);
		cr_expect(str_eq(flaws.at[0].code, str_of(t->code)), "%s", t->text);
	}
}

/* All at once; and one more than there is room for. */
Test(discount_csv, tells_each_fault_and_holds_no_more_than_it_can)
{
	CLEANUP(buf_done) struct buf text = BUF(4096);

	cr_assert_eq(read_text("last_year,rate\nx,3\n75,y\n60,3\n"), ERR_INVALID);
	cr_expect_eq(flaws.count, 2U);
	buf_str(&text, STR("last_year,rate\n"));
	for (int i = 0; i < PROJECTION_BANDS_MAX; i++)
		buf_fmt(&text, "%d,1\n", i);
	buf_str(&text, STR(",1\n"));
	buf_char(&text, '\0');
	cr_assert_eq(read_text(text.at), ERR_INVALID);
	cr_expect(str_eq(flaws.at[0].code, STR("TOO_MANY")));
	cr_expect(str_eq(flaws.at[0].pointer, STR("/lines/34")));
}
