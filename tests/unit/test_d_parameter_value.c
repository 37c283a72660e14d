/*
 * Values of parameters in words, and words back to what programs keep: every unit, both ways, and
 * what must not be taken for a number.
 */
#include <criterion/criterion.h>
#include <jansson.h>

#include "daemon/forecast/parameter_value.h"
#include "libassets/base/base.h"

#define PRICE "/scenarios/WORST/price_ppm"
#define GROWTH "/scenarios/WORST/growth_add"

Test(parameter_value, is_said_in_its_unit)
{
	static const char *const cases[][3] = {
		{PRICE, "850000", "85%"},
		{PRICE, "1", "0.0001%"},
		{PRICE, "12500", "1.25%"},
		{PRICE, "100500", "10.05%"},
		{PRICE, "0", "0%"},
		{GROWTH, "-20000", "−2% a year"},
		{GROWTH, "-1", "−0.0001% a year"},
		{"/cost_fixed", "250000", "£2,500.00"},
		{"/cost_fixed", "9223372036854775807", "£92,233,720,368,547,758.07"},
		{"/horizon_quarters", "40", "40 quarters"},
		{"/stale_soft_months", "1", "1 month"},
		{"/hold_on_interest", "true", "yes"},
		{"/hold_on_interest", "false", "no"},
		{"/slip/MID", "[[0, 750000], [1, 200000], [2, 50000]]",
		 "75% in time, 20% 1 quarter late, 5% 2 quarters late"},
		{"/class_index/HALL", "\"PROPERTY\"", "PROPERTY"},
		{"/deflator/base_fy", "2016", "2016"},
		{"/no/such", "7", "7"},
		{"/request_state/AGREED/rank", "-1000000", "−1000000"},
		{"/discount", "[[30, 35000], [75, 30000], [1000000, 10000]]",
		 "3.5% to year 30, 3% to year 75, 1% after that"},
		{PRICE, "null", "none"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		CLEANUP(buf_done) struct buf out = BUF(200);
		json_auto_t *value = json_loads(cases[i][1], JSON_DECODE_ANY, NULL);

		parameter_value(&out, cases[i][0], value);
		cr_expect_eq(buf_err(&out), 0);
		cr_expect_str_eq(out.at, cases[i][2]);
	}
}

Test(parameter_value, is_typed_as_it_is_said)
{
	static const char *const cases[][3] = {
		{PRICE, " 85% ", "850000"},
		{PRICE, "85 %", "850000"},
		{PRICE, "0.0001%", "1"},
		{GROWTH, "−2% a year", "-20000"},
		{GROWTH, "-2.5%", "-25000"},
		{"/cost_fixed", "£2,500", "250000"},
		{"/cost_fixed", "£0.07", "7"},
		{"/cost_fixed", "250000", "250000"},
		{PRICE, "850000", "850000"},
		{"/slip/MID", "[[0, 1000000]]", "[[0,1000000]]"},
		{"/hold_on_interest", "true", "true"},
		{PRICE, "", "null"},
		/* Texts, which no number is read from. */
		{PRICE, "£85", "\"£85\""},
		{"/cost_fixed", "85%", "\"85%\""},
		{"/horizon_quarters", "85%", "\"85%\""},
		{PRICE, "%", "\"%\""},
		{PRICE, "-%", "\"-%\""},
		{PRICE, ".5%", "\".5%\""},
		{PRICE, "5.%", "\"5.%\""},
		{PRICE, "1.2.3%", "\"1.2.3%\""},
		{PRICE, "0.00001%", "\"0.00001%\""},
		{PRICE, "1e3%", "\"1e3%\""},
		{PRICE, "9999999999999999%", "\"9999999999999999%\""},
		{"/cost_fixed", "£", "\"£\""},
		{"/cost_fixed", "£1.005", "\"£1.005\""},
		{"/no/such", "85%", "\"85%\""},
		{"", "85%", "\"85%\""},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		json_auto_t *value = parameter_typed(cases[i][0], str_of(cases[i][1]));
		char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

		cr_expect_str_eq(text, cases[i][2], "%s: %s", cases[i][1], text);
		free(text);
	}
}
