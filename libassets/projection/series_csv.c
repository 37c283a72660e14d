/*
 * Record by record (series_record.h); levels go into one table a kind of period, by number, so that
 * order and gaps do not matter. Values are whole numbers of millionths, sums have 64 bits, and the
 * quotient is rounded once, as everywhere in the model.
 */
#include "series_csv.h"

#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"
#include "series_record.h"

enum {
	PERIODS_MAX = PROJECTION_FYS * 12,
	MONTHS = 12,
};

/* A value and the line that gave it; line 0: none did. */
struct level {
	int64_t value; /* millionths */
	uint32_t line;
};

struct columns {
	size_t period, value, name, code; /* SERIES_FIELDS_MAX: there is no such column */
};

struct reading {
	struct series_record row;
	struct columns column;
	struct str area;
	struct level *level[SERIES_PERIODS]; /* PERIODS_MAX of each, by the number of the period */
	uint32_t count[SERIES_PERIODS];
	uint32_t passed_over;
};

static const char *const period_words[SERIES_PERIODS] = {
	[SERIES_YEARS] = "CALENDAR_YEARS",
	[SERIES_FINANCIAL_YEARS] = "FINANCIAL_YEARS",
	[SERIES_QUARTERS] = "QUARTERS",
	[SERIES_MONTHS] = "MONTHS",
};

const char *series_period_word(enum series_period period)
{
	return period_words[period];
}

/* --- header ------------------------------------------------------------------------------- */

/* What stands above the periods in a download of the ONS. */
static bool is_ons_head(const struct reading *r)
{
	static const char *const head[] = {"Title",        "CDID",           "Source dataset ID",
					   "PreUnit",      "Unit",           "Release date",
					   "Next release", "Important notes"};

	for (size_t i = 0; i < COUNT(head); i++) {
		if (str_eq_nocase(r->row.field[0], str_of(head[i])))
			return true;
	}
	return false;
}

/* The header, after which next_record gives the first row. False without one. */
static bool read_header(struct reading *r)
{
	struct series_record before;

	if (!series_record_next(&r->row))
		return false;
	if (is_ons_head(r)) {
		r->column = (struct columns){0, 1, SERIES_FIELDS_MAX, SERIES_FIELDS_MAX};
		do {
			before = r->row;
		} while (series_record_next(&r->row) && is_ons_head(r));
		if (!r->row.flaws->count)
			r->row = before;
		return true;
	}
	r->column = (struct columns){
		.period = series_record_column(&r->row, "Date Period financial_year Year"),
		.value = series_record_column(&r->row, "Index Value AveragePrice Average_Price "
						       "deflator_index_mean_of_4_quarters"),
		.name = series_record_column(&r->row, "RegionName Region_Name"),
		.code = series_record_column(&r->row, "AreaCode Area_Code"),
	};
	return r->column.period < SERIES_FIELDS_MAX && r->column.value < SERIES_FIELDS_MAX;
}

/* --- rows --------------------------------------------------------------------------------- */

/* "3.575" in millionths; positive. */
static bool read_value(struct str s, int64_t *ret_value)
{
	return series_number(s, 6, ret_value) && *ret_value > 0;
}

static int month_of(struct str s)
{
	static const char *const word[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
					   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

	for (int i = 0; i < MONTHS; i++) {
		if (str_eq_nocase(s, str_of(word[i])))
			return i;
	}
	return -1;
}

/* "01/07/2024" as a day. */
static bool read_slashed(struct str s, struct day *ret_day)
{
	char iso[DAY_TEXT];

	if (s.len != 10 || s.at[2] != '/' || s.at[5] != '/')
		return false;
	(void)snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2s", s.at + 6, s.at + 3, s.at);
	return day_parse(str_of(iso), ret_day) == 0;
}

/* The months of a year are counted from its April, so that a financial year is twelve in a row. */
static int64_t month_number(int64_t year, int month)
{
	return (year - PROJECTION_FY_MIN) * MONTHS + month - 3;
}

/* What kind of period, and its number: a year from 1899 on, its quarter from April, its month. */
static bool read_period(struct str s, enum series_period *ret_kind, int64_t *ret_number)
{
	struct day day;
	struct str part;
	struct str first = str_cut(s, ' ', &part);
	int32_t fy;
	int64_t year;

	if (fy_parse(s, &fy) == 0) {
		*ret_kind = SERIES_FINANCIAL_YEARS;
		*ret_number = fy - PROJECTION_FY_MIN;
		return true;
	}
	if (read_slashed(s, &day) || day_parse(s, &day) == 0) {
		int32_t quarter = quarter_of_day(day), month = 0;

		/* Which of the quarter's months: each begins on the first of a month. */
		while (month < 3 && day_cmp(day_add_months(quarter_first_day(quarter), month), day))
			month++;
		*ret_kind = SERIES_MONTHS;
		*ret_number = (int64_t)(quarter - PROJECTION_QUARTER_MIN) * 3 + month;
		return month < 3;
	}
	if (first.len != 4 || str_to_i64(first, &year) < 0)
		return false;
	if (!part.len && s.len == 4) {
		*ret_kind = SERIES_YEARS;
		*ret_number = year - PROJECTION_FY_MIN;
		return true;
	}
	if (part.len == 2 && (part.at[0] == 'Q' || part.at[0] == 'q') && part.at[1] >= '1' &&
	    part.at[1] <= '4') {
		*ret_kind = SERIES_QUARTERS;
		*ret_number = (year - PROJECTION_FY_MIN) * 4 + (part.at[1] - '1') - 1;
		return true;
	}
	*ret_kind = SERIES_MONTHS;
	*ret_number = month_number(year, month_of(part));
	return month_of(part) >= 0;
}

static int64_t periods_of(enum series_period kind)
{
	static const int64_t a_year[SERIES_PERIODS] = {1, 1, 4, MONTHS};

	return a_year[kind];
}

static bool is_of_area(const struct reading *r)
{
	const struct columns *c = &r->column;
	bool is_given = r->area.len > 0;

	if (c->name == SERIES_FIELDS_MAX && c->code == SERIES_FIELDS_MAX)
		return true;
	if (c->name < r->row.fields &&
	    str_eq_nocase(r->row.field[c->name], is_given ? r->area : STR("Scotland")))
		return true;
	return c->code < r->row.fields &&
	       str_eq_nocase(r->row.field[c->code], is_given ? r->area : STR("S92000003"));
}

static void read_row(struct reading *r)
{
	enum series_period kind;
	struct level *level;
	int64_t number, value;

	if (r->row.fields <= r->column.period || r->row.fields <= r->column.value) {
		series_record_flaw(&r->row, r->row.line, "BAD_CSV", "This line lacks fields.",
				   "Send as many fields as the header has.");
		return;
	}
	if (!is_of_area(r)) {
		r->passed_over++;
		return;
	}
	if (!read_period(r->row.field[r->column.period], &kind, &number) || number < 0 ||
	    number >= PROJECTION_FYS * periods_of(kind)) {
		series_record_flaw(
			&r->row, r->row.line, "NOT_A_PERIOD", "This is no period that we read.",
			"Write 2024, 2024 Q3, 2024 JUL, 2024-25, 01/07/2024 or 2024-07-01, from "
			"1899 "
			"on.");
		return;
	}
	if (!read_value(r->row.field[r->column.value], &value)) {
		series_record_flaw(&r->row, r->row.line, "NOT_A_NUMBER",
				   "This is no level of prices above 0.",
				   "Write it as 142.6, or leave the line out.");
		return;
	}
	level = &r->level[kind][number];
	if (level->line) {
		series_record_flaw(
			&r->row, r->row.line, "DUPLICATE", "This period was there before.",
			"Send each period once, and name the area if the file has several.");
		return;
	}
	*level = (struct level){value, r->row.line};
	r->count[kind]++;
}

/* --- growth ------------------------------------------------------------------------------- */

/*
 * Sum of a financial year's parts: twelve months, four quarters, one year, or of calendar years
 * three of the first and one of the next. False when one is missing.
 */
static bool level_of(const struct reading *r, enum series_period kind, int64_t fy, int64_t *ret_sum,
		     uint32_t *ret_line)
{
	const struct level *at = r->level[kind];
	int64_t n = periods_of(kind);

	*ret_sum = 0;
	*ret_line = 0;
	if (kind == SERIES_YEARS) {
		if (fy + 1 >= PROJECTION_FYS || !at[fy].line || !at[fy + 1].line)
			return false;
		*ret_sum = 3 * at[fy].value + at[fy + 1].value;
		*ret_line = at[fy + 1].line;
		return true;
	}
	for (int64_t i = fy * n; i < (fy + 1) * n; i++) {
		if (!at[i].line)
			return false;
		*ret_sum += at[i].value;
		*ret_line = at[i].line;
	}
	return true;
}

static void grow(struct reading *r, struct series_growth *g)
{
	for (int32_t fy = 0; fy < PROJECTION_FYS; fy++)
		g->growth_ppm[fy] = PROJECTION_GROWTH_DEFAULT;
	for (int32_t fy = 0; fy + 1 < PROJECTION_FYS; fy++) {
		int64_t was, now;
		uint32_t line;
		int128 ppm;

		if (!level_of(r, g->period, fy, &was, &line) ||
		    !level_of(r, g->period, fy + 1, &now, &line))
			continue;
		ppm = money_rdiv((int128)(now - was) * PPM, was);
		if (ppm < PROJECTION_GROWTH_MIN || ppm > PROJECTION_GROWTH_MAX) {
			series_record_flaw(
				&r->row, line, "OUT_OF_RANGE",
				"Prices more than double within a year, or fall to less than half.",
				"Look for a change of base or a slip of the decimal point.");
			continue;
		}
		g->growth_ppm[fy] = (int32_t)ppm;
		if (!g->years++)
			g->first_fy = PROJECTION_FY_MIN + fy;
		g->last_fy = PROJECTION_FY_MIN + fy;
	}
}

static void conclude(struct reading *r, struct series_growth *g)
{
	uint32_t all = 0;

	for (int kind = 0; kind < SERIES_PERIODS; kind++) {
		all += r->count[kind];
		if (r->count[kind])
			g->period = (enum series_period)kind;
	}
	g->used = r->count[g->period];
	g->passed_over = r->passed_over + all - g->used;
	grow(r, g);
	if (!g->years && !r->row.flaws->count)
		flaw_add(r->row.flaws, STR(""), STR("NOTHING_HERE"),
			 STR("No two financial years in a row have all their periods."),
			 STR("Send a whole series of one area: each month or quarter from an April "
			     "on."));
}

int series_csv_read(struct str file, struct str area, struct arena *arena, struct flaws *flaws,
		    struct series_growth *ret_growth)
{
	struct reading *r = ARENA_NEW(arena, struct reading);

	*ret_growth = (struct series_growth){0};
	if (!r)
		return ERR_NOMEM;
	r->area = area;
	series_record_init(&r->row, file, flaws);
	for (int kind = 0; kind < SERIES_PERIODS; kind++) {
		r->level[kind] = ARENA_ARRAY(arena, PERIODS_MAX, struct level);
		if (!r->level[kind])
			return ERR_NOMEM;
	}
	if (!read_header(r)) {
		if (!flaws->count)
			series_record_flaw(&r->row, 1, "NO_HEADER",
					   "There is no header that names period and value.",
					   "Send a download of the ONS, or a header such as "
					   "Date,RegionName,Index.");
		return flaws_err(flaws);
	}
	while (series_record_next(&r->row))
		read_row(r);
	conclude(r, ret_growth);
	return flaws_err(flaws);
}
