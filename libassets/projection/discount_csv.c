/*
 * See discount_csv.h. A line that is wrong is said, and those behind it are read on, so that all
 * that is wrong with a file is told at once.
 */
#include "discount_csv.h"

#include "libassets/base/err.h"
#include "series_record.h"

/* A rate in per cent has four decimals: then it is whole in ppm. */
enum { PPM_MAX = 1000000, DIGITS = 4 };

static const char once[] = "Send the bands in the order of their years, the last without a last "
			   "year.";

/* "3.5" or "3.5 %" in ppm. */
static bool read_rate(struct str s, int64_t *ret_ppm)
{
	if (s.len && s.at[s.len - 1] == '%')
		s = str_trim((struct str){s.at, s.len - 1});
	return series_number(s, DIGITS, ret_ppm);
}

/* The last year of a band that ends. */
static bool read_year(struct str s, int64_t *ret_year)
{
	return s.len && s.at[0] != '+' && str_to_i64(s, ret_year) == 0;
}

static void add(const struct series_record *r, struct discount_bands *b, int64_t last_year,
		int64_t ppm)
{
	int64_t before = b->count ? b->band[b->count - 1].last_year : -1;

	if (last_year < 0 || last_year > DISCOUNT_BEYOND || ppm > PPM_MAX) {
		series_record_flaw(r, r->line, "OUT_OF_RANGE", "This is no year or no rate.",
				   "Years go from 0 to 1000000, rates from 0 to 100 per cent.");
	} else if (last_year <= before) {
		series_record_flaw(r, r->line, "OUT_OF_ORDER",
				   "This band ends before the one above it.", once);
	} else if (b->count == PROJECTION_BANDS_MAX) {
		series_record_flaw(r, r->line, "TOO_MANY", "These are too many bands.",
				   "Send at most 32.");
	} else {
		b->band[b->count].last_year = last_year;
		b->band[b->count++].ppm = ppm;
	}
}

static void read_band(const struct series_record *r, size_t year, size_t rate,
		      struct discount_bands *b)
{
	int64_t last_year = DISCOUNT_BEYOND, ppm;

	if (r->fields <= year || r->fields <= rate)
		series_record_flaw(r, r->line, "BAD_CSV", "This line lacks fields.",
				   "Send as many fields as the header has.");
	else if (r->field[year].len && !read_year(r->field[year], &last_year))
		series_record_flaw(r, r->line, "NOT_A_NUMBER", "This is no year.",
				   "Write it as 30, counted from the year of the forecast.");
	else if (!read_rate(r->field[rate], &ppm))
		series_record_flaw(r, r->line, "NOT_A_NUMBER", "This is no rate.",
				   "Write it in per cent, as 3.5.");
	else
		add(r, b, last_year, ppm);
}

int discount_csv_read(struct str file, struct flaws *flaws, struct discount_bands *ret_bands)
{
	struct series_record r;
	size_t year = SERIES_FIELDS_MAX, rate = SERIES_FIELDS_MAX;

	ret_bands->count = 0;
	series_record_init(&r, file, flaws);
	if (series_record_next(&r)) {
		year = series_record_column(&r, "last_year to_year");
		rate = series_record_column(&r, "rate rate_percent");
	}
	if (year == SERIES_FIELDS_MAX || rate == SERIES_FIELDS_MAX) {
		if (!flaws->count)
			series_record_flaw(&r, 1, "NO_HEADER",
					   "There is no header that names last year and rate.",
					   "Begin with the line last_year,rate.");
		return flaws_err(flaws);
	}
	while (series_record_next(&r))
		read_band(&r, year, rate, ret_bands);
	if (!flaws->count && (!ret_bands->count ||
			      ret_bands->band[ret_bands->count - 1].last_year < DISCOUNT_BEYOND))
		flaw_add(flaws, STR(""), STR("INCOMPLETE"),
			 STR("The discount rates do not reach every year."), str_of(once));
	return flaws_err(flaws);
}
