/*
 * Series of prices: the rule of growth by each kind of period, the files as their publishers have
 * them, and every fault at its line.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "libassets/base/buf.h"
#include "libassets/base/err.h"
#include "libassets/projection/series_csv.h"

static struct arena arena;
static struct flaws flaws;
static struct series_growth got;

static int read_text(const char *text, const char *area)
{
	arena_done(&arena);
	arena_init(&arena, 4 << 20);
	flaws_init(&flaws, &arena);
	return series_csv_read(str_of(text), area ? str_of(area) : (struct str){NULL, 0}, &arena,
			       &flaws, &got);
}

static int32_t growth(int32_t fy)
{
	return got.growth_ppm[fy - PROJECTION_FY_MIN];
}

static char *file_text(const char *name)
{
	char path[500], *text = calloc(1, 1 << 20);
	FILE *f;

	(void)snprintf(path, sizeof(path), TEST_DATA "/%s", name);
	f = fopen(path, "r");
	cr_assert(f && text, "%s", path);
	cr_assert(fread(text, 1, (1 << 20) - 1, f) > 0);
	(void)fclose(f);
	return text;
}

Test(series_csv, financial_years_as_they_are)
{
	cr_assert_eq(
		read_text("financial_year,value\n2020-21,100\n2021-22,103\n2022-23,100.5\n", NULL),
		0);
	cr_expect_eq(got.period, SERIES_FINANCIAL_YEARS);
	cr_expect_eq(growth(2020), 30000);
	cr_expect_eq(growth(2021), -24272, "-24271.84… rounds away from zero");
	cr_expect_eq(growth(2022), PROJECTION_GROWTH_DEFAULT, "nothing is known of the next");
	cr_expect_eq(got.years, 2U);
}

/* April to December of a year and January to March of the next. */
Test(series_csv, quarters_begin_in_april)
{
	cr_assert_eq(
		read_text("Period,Value\n2020 Q1,999\n2020 Q2,1\n2020 Q3,2\n2020 Q4,3\n2021 Q1,4\n"
			  "2021 Q2,2\n2021 Q3,3\n2021 Q4,3\n2022 Q1,4\n",
			  NULL),
		0);
	cr_expect_eq(growth(2020), 200000, "10 becomes 12");
	cr_expect_eq(got.years, 1U);
	cr_expect_eq(got.first_fy, 2020);
}

Test(series_csv, calendar_years_by_three_to_one)
{
	cr_assert_eq(read_text("Year,Value\n2020,100\n2021,120\n2022,140\n", NULL), 0);
	cr_expect_eq(growth(2020), 190476, "105 becomes 125");
	cr_expect_eq(got.years, 1U);
}

Test(series_csv, months_of_one_area_in_any_order)
{
	CLEANUP(buf_done) struct buf text = BUF(1 << 16);

	buf_str(&text, STR("\xEF\xBB\xBF"
			   "Date,RegionName,AreaCode,Index\r\n"));
	for (int i = 23; i >= 0; i--) {
		buf_fmt(&text, "01/%02d/%d,\"Fife\",S12000047,%d\r\n", (i + 3) % 12 + 1,
			2020 + (i + 3) / 12, i < 12 ? 100 : 110);
		buf_fmt(&text, "01/%02d/%d,Scotland,S92000003,%d\r\n", (i + 3) % 12 + 1,
			2020 + (i + 3) / 12, i < 12 ? 100 : 105);
	}
	cr_assert_eq(read_text(buf_view(&text).at, NULL), 0);
	cr_expect_eq(growth(2020), 50000);
	cr_expect_eq(got.used, 24U);
	cr_expect_eq(got.passed_over, 24U);
	cr_assert_eq(read_text(buf_view(&text).at, "fife"), 0);
	cr_expect_eq(growth(2020), 100000);
	cr_assert_eq(read_text(buf_view(&text).at, "S12000047"), 0);
	cr_expect_eq(growth(2020), 100000);
	cr_assert_eq(read_text(buf_view(&text).at, "Orkney"), ERR_INVALID);
}

/* The publisher's quarters give what the table of their means gives, and years alone are passed
 * over. */
Test(series_csv, the_deflator_as_the_ons_publishes_it)
{
	char *ons = file_text("gdp-deflator/ons_ybgb_ukea_2025-06-30.csv");
	char *means = file_text("gdp-deflator/financial_year_mean_derived.csv");
	struct series_growth first;

	cr_assert_eq(read_text(ons, NULL), 0);
	first = got;
	cr_expect_eq(got.period, SERIES_QUARTERS);
	cr_expect_eq(got.passed_over, 77U);
	cr_expect_eq(got.first_fy, 1955);
	cr_expect_eq(got.last_fy, 2023);
	cr_assert_eq(read_text(means, NULL), 0);
	cr_expect_eq(memcmp(first.growth_ppm, got.growth_ppm, sizeof(got.growth_ppm)), 0);
	free(ons);
	free(means);
}

Test(series_csv, faults_name_their_lines)
{
	static const struct {
		const char *text, *pointer, *code;
	} table[] = {
		{"", "/lines/1", "NO_HEADER"},
		{"a,b\n1,2\n", "/lines/1", "NO_HEADER"},
		{"Year,Value\n2020\n", "/lines/2", "BAD_CSV"},
		{"Year,Value\n\n2020,\"1\n", "/lines/3", "BAD_CSV"},
		{"Year,Value\n2020,\"1\"2\n", "/lines/2", "BAD_CSV"},
		{"Year,Value\n2020,1\n\"20\n20\",1\nx,1\n", "/lines/3", "NOT_A_PERIOD"},
		{"Year,Value\n1898,1\n", "/lines/2", "NOT_A_PERIOD"},
		{"Date,Value\n02/01/2020,1\n", "/lines/2", "NOT_A_PERIOD"},
		{"Period,Value\n2020 Q5,1\n", "/lines/2", "NOT_A_PERIOD"},
		{"Period,Value\n2020 SMARCH,1\n", "/lines/2", "NOT_A_PERIOD"},
		{"Year,Value\n2020,0\n", "/lines/2", "NOT_A_NUMBER"},
		{"Year,Value\n2020,1e5\n", "/lines/2", "NOT_A_NUMBER"},
		{"Year,Value\n2020,\n", "/lines/2", "NOT_A_NUMBER"},
		{"Year,Value\n2020,1234567890\n", "/lines/2", "NOT_A_NUMBER"},
		{"Year,Value\n2020,1\n2020,1\n", "/lines/3", "DUPLICATE"},
		{"Period,Value\n2020-21,1\n2021-22,3\n", "/lines/3", "OUT_OF_RANGE"},
		{"Period,Value\n2020-21,1\n2022-23,1\n", "", "NOTHING_HERE"},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		cr_expect_eq(read_text(table[i].text, NULL), ERR_INVALID, "%zu", i);
		cr_assert(flaws_kept(&flaws) > 0, "%zu", i);
		cr_expect(str_eq(flaws.at[0].pointer, str_of(table[i].pointer)), "%zu: %s", i,
			  flaws.at[0].pointer.at);
		cr_expect(str_eq(flaws.at[0].code, str_of(table[i].code)), "%zu: %s", i,
			  flaws.at[0].code.at);
	}
}
