/*
 * Record by record, each field borrowed from the file; levels go into one table a kind of period,
 * by number, so that order and gaps do not matter. Values are whole numbers of millionths, sums
 * have 64 bits, and the quotient is rounded once, as everywhere in the model.
 */
#include "series_csv.h"

#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"

enum {
	FIELDS_MAX = 100,
	PERIODS_MAX = PROJECTION_FYS * 12,
	MONTHS = 12,
	VALUE_DIGITS = 9, /* before the point */
};

/* A value and the line that gave it; line 0: none did. */
struct level {
	int64_t value; /* millionths */
	uint32_t line;
};

struct columns {
	size_t period, value, name, code; /* FIELDS_MAX: there is no such column */
};

struct reading {
	struct str rest;
	uint32_t line; /* on which the record begins that was read last */
	uint32_t next_line;
	struct str field[FIELDS_MAX];
	size_t fields;
	struct columns column;
	struct str area;
	struct flaws *flaws;
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

static void complain(struct reading *r, uint32_t line, const char *code, const char *detail,
		     const char *cure)
{
	char pointer[32];

	(void)snprintf(pointer, sizeof(pointer), "/lines/%u", line);
	flaw_add(r->flaws, str_of(pointer), str_of(code), str_of(detail), str_of(cure));
}

/* --- records ------------------------------------------------------------------------------ */

/* A quoted field without its quotes; a quote inside it is no form of the series that we read. */
static bool read_quoted(struct reading *r, struct str *ret_field)
{
	const char *end = memchr(r->rest.at + 1, '"', r->rest.len - 1);
	size_t len;

	if (!end)
		return false;
	len = (size_t)(end - r->rest.at) - 1;
	*ret_field = (struct str){r->rest.at + 1, len};
	for (size_t i = 0; i < len; i++)
		r->next_line += ret_field->at[i] == '\n';
	r->rest = (struct str){end + 1, r->rest.len - len - 2};
	return !r->rest.len || strchr(",\r\n", r->rest.at[0]);
}

static void read_plain(struct reading *r, struct str *ret_field)
{
	size_t len = 0;

	while (len < r->rest.len && r->rest.at[len] != ',' && r->rest.at[len] != '\n' &&
	       r->rest.at[len] != '\r')
		len++;
	*ret_field = (struct str){r->rest.at, len};
	r->rest = (struct str){r->rest.at + len, r->rest.len - len};
}

/* Past a comma; true when another field follows. */
static bool read_comma(struct reading *r)
{
	bool is_there = r->rest.len && r->rest.at[0] == ',';

	if (is_there)
		r->rest = (struct str){r->rest.at + 1, r->rest.len - 1};
	return is_there;
}

/* Past "\n" or "\r\n". A lone "\r" is none. */
static bool read_break(struct reading *r)
{
	size_t n = 0;

	if (r->rest.len && r->rest.at[0] == '\n')
		n = 1;
	else if (r->rest.len > 1 && r->rest.at[0] == '\r' && r->rest.at[1] == '\n')
		n = 2;
	r->rest = (struct str){r->rest.at + n, r->rest.len - n};
	r->next_line += n > 0;
	return n || !r->rest.len;
}

/* The next record with anything in it. False at the end, and where the file is no CSV. */
static bool next_record(struct reading *r)
{
	bool is_sound = true;

	do {
		if (!r->rest.len)
			return false;
		r->line = r->next_line;
		r->fields = 0;
		do {
			struct str field = {0};

			if (r->rest.len && r->rest.at[0] == '"')
				is_sound = read_quoted(r, &field);
			else
				read_plain(r, &field);
			if (r->fields == FIELDS_MAX)
				is_sound = false;
			else
				r->field[r->fields++] = str_trim(field);
		} while (is_sound && read_comma(r));
		if (!is_sound || !read_break(r)) {
			complain(r, r->line, "BAD_CSV", "This line is not CSV that we read.",
				 "Send at most 100 fields, quotes around whole fields alone.");
			return false;
		}
	} while (r->fields == 1 && !r->field[0].len);
	return true;
}

/* --- header ------------------------------------------------------------------------------- */

static size_t column_of(const struct reading *r, const char *names)
{
	struct str rest = str_of(names);

	while (rest.len) {
		struct str name = str_cut(rest, ' ', &rest);

		for (size_t i = 0; i < r->fields; i++) {
			if (str_eq_nocase(r->field[i], name))
				return i;
		}
	}
	return FIELDS_MAX;
}

/* What stands above the periods in a download of the ONS. */
static bool is_ons_head(const struct reading *r)
{
	static const char *const head[] = {"Title",        "CDID",           "Source dataset ID",
					   "PreUnit",      "Unit",           "Release date",
					   "Next release", "Important notes"};

	for (size_t i = 0; i < COUNT(head); i++) {
		if (str_eq_nocase(r->field[0], str_of(head[i])))
			return true;
	}
	return false;
}

/* The header, after which next_record gives the first row. False without one. */
static bool read_header(struct reading *r)
{
	struct reading before;

	if (!next_record(r))
		return false;
	if (is_ons_head(r)) {
		r->column = (struct columns){0, 1, FIELDS_MAX, FIELDS_MAX};
		do {
			before = *r;
		} while (next_record(r) && is_ons_head(r));
		if (!r->flaws->count)
			*r = before;
		return true;
	}
	r->column = (struct columns){
		.period = column_of(r, "Date Period financial_year Year"),
		.value = column_of(r, "Index Value AveragePrice Average_Price "
				      "deflator_index_mean_of_4_quarters"),
		.name = column_of(r, "RegionName Region_Name"),
		.code = column_of(r, "AreaCode Area_Code"),
	};
	return r->column.period < FIELDS_MAX && r->column.value < FIELDS_MAX;
}

/* --- rows --------------------------------------------------------------------------------- */

/* "3.575" in millionths; positive, nine digits before the point and six behind it at most. */
static bool read_value(struct str s, int64_t *ret_value)
{
	struct str fraction;
	struct str whole = str_cut(s, '.', &fraction);
	int64_t n = 0, part = 0;

	if (!whole.len || whole.len > VALUE_DIGITS || whole.at[0] == '-' || whole.at[0] == '+' ||
	    str_to_i64(whole, &n) < 0 || fraction.len > 6)
		return false;
	for (size_t i = 0; i < 6; i++) {
		char c = i < fraction.len ? fraction.at[i] : '0';

		if (c < '0' || c > '9')
			return false;
		part = 10 * part + (c - '0');
	}
	*ret_value = n * PPM + part;
	return *ret_value > 0;
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

	if (c->name == FIELDS_MAX && c->code == FIELDS_MAX)
		return true;
	if (c->name < r->fields &&
	    str_eq_nocase(r->field[c->name], is_given ? r->area : STR("Scotland")))
		return true;
	return c->code < r->fields &&
	       str_eq_nocase(r->field[c->code], is_given ? r->area : STR("S92000003"));
}

static void read_row(struct reading *r)
{
	enum series_period kind;
	struct level *level;
	int64_t number, value;

	if (r->fields <= r->column.period || r->fields <= r->column.value) {
		complain(r, r->line, "BAD_CSV", "This line lacks fields.",
			 "Send as many fields as the header has.");
		return;
	}
	if (!is_of_area(r)) {
		r->passed_over++;
		return;
	}
	if (!read_period(r->field[r->column.period], &kind, &number) || number < 0 ||
	    number >= PROJECTION_FYS * periods_of(kind)) {
		complain(r, r->line, "NOT_A_PERIOD", "This is no period that we read.",
			 "Write 2024, 2024 Q3, 2024 JUL, 2024-25, 01/07/2024 or 2024-07-01, from "
			 "1899 "
			 "on.");
		return;
	}
	if (!read_value(r->field[r->column.value], &value)) {
		complain(r, r->line, "NOT_A_NUMBER", "This is no level of prices above 0.",
			 "Write it as 142.6, or leave the line out.");
		return;
	}
	level = &r->level[kind][number];
	if (level->line) {
		complain(r, r->line, "DUPLICATE", "This period was there before.",
			 "Send each period once, and name the area if the file has several.");
		return;
	}
	*level = (struct level){value, r->line};
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
			complain(
				r, line, "OUT_OF_RANGE",
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
	if (!g->years && !r->flaws->count)
		flaw_add(r->flaws, STR(""), STR("NOTHING_HERE"),
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
	*r = (struct reading){.rest = file, .next_line = 1, .area = area, .flaws = flaws};
	for (int kind = 0; kind < SERIES_PERIODS; kind++) {
		r->level[kind] = ARENA_ARRAY(arena, PERIODS_MAX, struct level);
		if (!r->level[kind])
			return ERR_NOMEM;
	}
	if (str_starts(file, STR("\xEF\xBB\xBF")))
		r->rest = (struct str){file.at + 3, file.len - 3};
	if (!read_header(r)) {
		if (!flaws->count)
			complain(r, 1, "NO_HEADER",
				 "There is no header that names period and value.",
				 "Send a download of the ONS, or a header such as "
				 "Date,RegionName,Index.");
		return flaws_err(flaws);
	}
	while (next_record(r))
		read_row(r);
	conclude(r, ret_growth);
	return flaws_err(flaws);
}
