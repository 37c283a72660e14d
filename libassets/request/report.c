/*
 * See report.h. A year is written one way only, so that each report has one address.
 */
#include "report.h"

#include "libassets/base/err.h"

static const struct shape_field report_table[] = {
#define FIELD(...) SHAPE_ROW(report, __VA_ARGS__)
#include "report.def"
#undef FIELD
};

SHAPE(report, SHAPE_COMMON " authority_id authority_name year from_on to_on due_on state is_owed "
			   "published_on is_late shown number figures lines versions differs");

/* Digits alone: str_to_i64 would take a sign. */
static bool digits(struct str text, size_t len, int32_t *ret_number)
{
	if (text.len != len)
		return false;
	*ret_number = 0;
	for (size_t i = 0; i < len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*ret_number = *ret_number * 10 + (text.at[i] - '0');
	}
	return true;
}

int report_year_parse(struct str text, int32_t *ret_year)
{
	struct str end, begin = str_cut(text, '-', &end);
	int32_t year, next;

	if (!digits(begin, 4, &year) || !digits(end, 2, &next) || (year + 1) % 100 != next ||
	    year < REPORT_YEAR_FIRST || year > REPORT_YEAR_LAST)
		return ERR_INVALID;
	*ret_year = year;
	return 0;
}
