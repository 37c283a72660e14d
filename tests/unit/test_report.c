/*
 * How a reporting year is written: one way, and no other.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/request/report.h"

Test(report, a_year_is_written_in_one_way)
{
	static const struct {
		struct str text;
		int32_t year; /* 0: it is none */
	} table[] = {
		{STR_INIT("2025-26"), 2025}, {STR_INIT("2017-18"), 2017},
		{STR_INIT("2099-00"), 2099}, {STR_INIT("9998-99"), 9998},
		{STR_INIT("2016-17"), 0},    {STR_INIT("9999-00"), 0},
		{STR_INIT("2025-27"), 0},    {STR_INIT("2025-2026"), 0},
		{STR_INIT("25-26"), 0},      {STR_INIT("2025"), 0},
		{STR_INIT("2025-"), 0},      {STR_INIT("+025-26"), 0},
		{STR_INIT("2025-+6"), 0},    {STR_INIT(""), 0},
		{STR_INIT("2025-26-27"), 0}, {STR_INIT("2025\00026"), 0},
	};

	for (size_t i = 0; i < COUNT(table); i++) {
		int32_t year = 0;
		int r = report_year_parse(table[i].text, &year);

		cr_expect_eq(r, table[i].year ? 0 : ERR_INVALID, "%s", table[i].text.at);
		cr_expect_eq(year, table[i].year, "%s is %d", table[i].text.at, year);
	}
}
