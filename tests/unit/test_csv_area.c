/*
 * Areas and tenures as people write them.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/import/csv_area.h"
#include "libassets/import/csv_tenure.h"

Test(csv_area, reads_thousands_and_units)
{
	static const struct {
		const char *said;
		int64_t m2;
		bool has_unit;
	} rows[] = {
		{"1250", 1250, false},           {"1,250", 1250, false},
		{"1,250.5", 1251, false},        {"12,345,678", 12345678, false},
		{" 1250 sqm ", 1250, true},      {"1250m2", 1250, true},
		{"1250 m\xC2\xB2", 1250, true},  {"1,250 Sq. Metres", 1250, true},
		{"12 acres", 48562, true},       {"0.4 ha", 4000, true},
		{"0.00005ha", 1, true},          {"1 hectare", 10000, true},
		{"1000 sq ft", 93, true},        {"0", 0, false},
		{"999999999", 999999999, false}, {"1.23456789", 1, false},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct csv_area area;

		cr_assert_eq(csv_area_of(str_of(rows[i].said), &area), 0, "%s", rows[i].said);
		cr_assert_eq(area.m2, rows[i].m2, "%s is %lld", rows[i].said, (long long)area.m2);
		cr_assert_eq(area.has_unit, rows[i].has_unit, "%s", rows[i].said);
	}
}

Test(csv_area, refuses_what_could_be_another_number)
{
	static const char *const rows[] = {
		"",
		"big",
		"0,426",
		"1,25",
		"12,5000",
		"1234,567",
		"1250 approx",
		"-5",
		"1E+5",
		"1,",
		".",
		"m2",
		"1234567890",
		"1,234,567,890",
		"5 miles",
		"12 acres or so",
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct csv_area area;

		cr_assert_eq(csv_area_of(str_of(rows[i]), &area), ERR_INVALID, "%s", rows[i]);
	}
}

Test(csv_tenure, a_word_that_could_be_either_is_neither)
{
	static const struct {
		const char *said;
		enum csv_tenure tenure;
	} rows[] = {
		{"Leased", CSV_TENURE_LEASED_IN},
		{"LEASED_IN", CSV_TENURE_LEASED_IN},
		{"leased-in", CSV_TENURE_LEASED_IN},
		{"Lease", CSV_TENURE_LEASED_IN},
		{" Leasehold\xC2\xA0", CSV_TENURE_LEASED_IN},
		{"Long lease", CSV_TENURE_LEASED_IN},
		{"Freehold", CSV_TENURE_OWNED},
		{"Leased out", CSV_TENURE_OWNED},
		{"Owned by a public authority", CSV_TENURE_OWNED},
		{"Ground lease", CSV_TENURE_UNKNOWN},
		{"Licence", CSV_TENURE_UNKNOWN},
		{"Not owned by a public authority", CSV_TENURE_UNKNOWN},
		{"Owned/leased", CSV_TENURE_UNKNOWN},
		{"", CSV_TENURE_UNKNOWN},
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		cr_assert_eq(csv_tenure_of(str_of(rows[i].said)), rows[i].tenure, "%s",
			     rows[i].said);
}
