/*
 * See budget.h. Lines are few and short: each is cut into its fields where it stands, and what is
 * wrong with it is said by its number, so that it is found again in the spreadsheet.
 */
#include "budget.h"

#include <stdlib.h>
#include <string.h>

#include "libassets/base/err.h"
#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"
#include "libassets/shape/shape.h"

enum { FIELDS_MAX = 20, NONE = FIELDS_MAX };

struct line {
	struct str field[FIELDS_MAX];
	size_t fields;
	unsigned number;
};

struct columns {
	size_t year, pence, pounds; /* NONE: there is no such column */
	size_t count; /* beyond them all is empty; NONE: or a note, as tabs cut no amount */
};

/* --- years -------------------------------------------------------------------------------- */

/* "2027-28", "2027/28", "2027-2028". */
static bool read_year(struct str s, int32_t *ret_fy)
{
	char text[FY_TEXT];

	if (s.len == 9 && (s.at[4] == '-' || s.at[4] == '/'))
		(void)snprintf(text, sizeof(text), "%.4s-%.2s", s.at, s.at + 7);
	else if (s.len == 7 && (s.at[4] == '-' || s.at[4] == '/'))
		(void)snprintf(text, sizeof(text), "%.4s-%.2s", s.at, s.at + 5);
	else
		return false;
	if (fy_parse(str_of(text), ret_fy) < 0)
		return false;
	/* The century of the second year is looked at where it is given. */
	return s.len == 7 || memcmp(s.at + 5, s.at, 2) == 0 || *ret_fy % 100 == 99;
}

enum added { ADDED, IS_THERE, IS_FULL };

/* Put where it belongs in the order of years. */
static enum added add(struct budget *b, int32_t fy, int64_t pence)
{
	size_t at = b->count;

	for (size_t i = 0; i < b->count; i++) {
		if (b->year[i].fy == fy)
			return IS_THERE;
	}
	if (b->count == BUDGET_YEARS_MAX)
		return IS_FULL;
	for (; at && b->year[at - 1].fy > fy; at--)
		b->year[at] = b->year[at - 1];
	b->year[at] = (struct budget_year){fy, pence};
	b->count++;
	return ADDED;
}

static const char duplicate[] = "DUPLICATE", too_many[] = "TOO_MANY", no_year[] = "NOT_A_YEAR";
static const char once[] = "Send each year once, at most 100 of them.";
static const char write_year[] = "Write a financial year as 2027-28.";

/* --- JSON --------------------------------------------------------------------------------- */

struct wire_year {
	struct str year;
	int64_t pence;
};

static const struct wire_field year_field[] = {
	{.key = "year",
	 .kind = WIRE_TEXT,
	 .required = true,
	 .max = 20,
	 .offset = offsetof(struct wire_year, year),
	 .given = offsetof(struct wire_year, year)},
	{.key = "amount_pence",
	 .kind = WIRE_I64,
	 .required = true,
	 .max = SHAPE_PENCE_MAX,
	 .offset = offsetof(struct wire_year, pence),
	 .given = offsetof(struct wire_year, pence)},
};

static void read_one(json_t *value, const struct wire_at *at, struct flaws *flaws, struct budget *b)
{
	struct wire_year read = {0};
	size_t before = flaws->count;
	int32_t fy;

	wire_read(year_field, COUNT(year_field), value, at, flaws, &read);
	if (flaws->count != before)
		return;
	if (!read_year(read.year, &fy)) {
		wire_flaw(flaws, &WIRE_KEY(at, "year"), str_of(no_year),
			  STR("This is no financial year."), str_of(write_year));
		return;
	}
	switch (add(b, fy, read.pence)) {
	case ADDED:
		break;
	case IS_THERE:
		wire_flaw(flaws, at, str_of(duplicate), STR("This year was there before."),
			  str_of(once));
		break;
	case IS_FULL:
		wire_flaw(flaws, at, str_of(too_many), STR("These are too many years."),
			  str_of(once));
		break;
	}
}

int budget_read(json_t *value, const struct wire_at *at, struct flaws *flaws,
		struct budget *ret_budget)
{
	json_t *one;
	size_t i;

	ret_budget->count = 0;
	if (value && wire_is_array(value, at, flaws)) {
		json_array_foreach (value, i, one)
			read_one(one, &WIRE_INDEX(at, i), flaws, ret_budget);
	}
	return flaws->count ? flaws_err(flaws) : 0;
}

json_t *budget_json(const struct budget *b)
{
	json_t *list = json_array();

	for (size_t i = 0; i < b->count; i++) {
		char year[FY_TEXT];

		fy_format(b->year[i].fy, year);
		if (json_array_append_new(list,
					  json_pack("{s:s, s:I}", "year", year, "amount_pence",
						    (json_int_t)b->year[i].pence)) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* --- lines -------------------------------------------------------------------------------- */

static void complain(struct flaws *flaws, unsigned line, const char *code, const char *detail,
		     const char *cure)
{
	char pointer[32];

	(void)snprintf(pointer, sizeof(pointer), "/lines/%u", line);
	flaw_add(flaws, str_of(pointer), str_of(code), str_of(detail), str_of(cure));
}

/* The next field of a line; false where quotes do not enclose the whole of it. */
static bool next_field(struct str *rest, char separator, struct str *ret_field)
{
	const char *end;
	size_t len = 0;

	if (rest->len && rest->at[0] == '"') {
		end = memchr(rest->at + 1, '"', rest->len - 1);
		if (!end)
			return false;
		len = (size_t)(end - rest->at) + 1;
		*ret_field = str_trim((struct str){rest->at + 1, len - 2});
		return len == rest->len || rest->at[len] == separator
			       ? (*rest = (struct str){rest->at + len, rest->len - len}, true)
			       : false;
	}
	while (len < rest->len && rest->at[len] != separator)
		len++;
	*ret_field = str_trim((struct str){rest->at, len});
	*rest = (struct str){rest->at + len, rest->len - len};
	return true;
}

/* The next line with anything in it, cut; false at the end. A line that is not sound has no fields.
 */
static bool next_line(struct str *list, char separator, struct line *ret_line)
{
	while (list->len) {
		struct str rest = str_trim(str_cut(*list, '\n', list));
		bool is_sound = true;

		ret_line->number++;
		ret_line->fields = 0;
		if (!rest.len)
			continue;
		for (;;) {
			if (ret_line->fields == FIELDS_MAX ||
			    !next_field(&rest, separator, &ret_line->field[ret_line->fields])) {
				is_sound = false;
				break;
			}
			ret_line->fields++;
			if (!rest.len)
				break;
			rest = (struct str){rest.at + 1, rest.len - 1};
		}
		ret_line->fields = is_sound ? ret_line->fields : 0;
		return true;
	}
	return false;
}

/* Without case, blanks and underscores, and without the unit in brackets behind it. */
static bool is_name(struct str head, const char *name)
{
	size_t at = 0;

	for (size_t i = 0; i < head.len && head.at[i] != '('; i++) {
		char c = head.at[i];

		if (c == ' ' || c == '_')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!name[at] || c != name[at])
			return false;
		at++;
	}
	return at && !name[at];
}

static size_t column_of(const struct line *l, const char *const *name)
{
	for (; *name; name++) {
		for (size_t i = 0; i < l->fields; i++) {
			if (is_name(l->field[i], *name))
				return i;
		}
	}
	return NONE;
}

static bool read_head(const struct line *l, struct columns *ret_columns)
{
	static const char *const year[] = {"year", "financialyear", "period", NULL};
	static const char *const pence[] = {"amountpence", NULL};
	static const char *const pounds[] = {"amountgbp", "amount",          "budget",
					     "receipts",  "capitalreceipts", NULL};

	size_t named = l->fields;

	while (named && !l->field[named - 1].len)
		named--;
	*ret_columns =
		(struct columns){column_of(l, year), column_of(l, pence), column_of(l, pounds),
				 ret_columns->count == NONE ? NONE : named};
	return ret_columns->year != NONE &&
	       (ret_columns->pence != NONE || ret_columns->pounds != NONE);
}

static bool read_amount(const struct line *l, const struct columns *c, int64_t *ret_pence)
{
	size_t at = c->pence != NONE ? c->pence : c->pounds;

	if (at >= l->fields)
		return false;
	if ((c->pence != NONE ? str_to_i64(l->field[at], ret_pence)
			      : money_parse(l->field[at], ret_pence)) < 0)
		return false;
	return *ret_pence >= 0 && *ret_pence <= SHAPE_PENCE_MAX;
}

/* Beyond the columns, and by commas: "2027-28,1,250,000" is no budget of a pound. */
static bool has_loose_ends(const struct line *l, const struct columns *c)
{
	bool has = false;

	for (size_t i = c->count; i < l->fields; i++)
		has |= l->field[i].len > 0;
	return has;
}

static void read_line(const struct line *l, const struct columns *c, struct flaws *flaws,
		      struct budget *b)
{
	int64_t pence = 0;
	int32_t fy;

	if (has_loose_ends(l, c)) {
		complain(flaws, l->number, "BAD_CSV", "This line has more fields than columns.",
			 "Put an amount that has commas into quotes, or leave its commas out.");
		return;
	}
	if (!l->fields) {
		complain(flaws, l->number, "BAD_CSV", "This line is not CSV that we read.",
			 "Send at most 20 fields, quotes around whole fields alone.");
		return;
	}
	if (c->year >= l->fields || !read_year(l->field[c->year], &fy)) {
		complain(flaws, l->number, no_year, "This is no financial year.", write_year);
		return;
	}
	if (!read_amount(l, c, &pence)) {
		complain(flaws, l->number, "NOT_A_NUMBER", "This is no amount of 0 or more.",
			 "Write pounds as 1,250,000 or 1250000.00.");
		return;
	}
	switch (add(b, fy, pence)) {
	case ADDED:
		break;
	case IS_THERE:
		complain(flaws, l->number, duplicate, "This year was there before.", once);
		break;
	case IS_FULL:
		complain(flaws, l->number, too_many, "These are too many years.", once);
		break;
	}
}

int budget_read_csv(struct str list, struct flaws *flaws, struct budget *ret_budget)
{
	char separator = memchr(list.at ? list.at : "", '\t', list.len) ? '\t' : ',';
	struct columns columns = {0, NONE, 1, separator == '\t' ? NONE : 2};
	struct line line = {0};
	int32_t fy;

	ret_budget->count = 0;
	if (str_starts(list, STR("\xef\xbb\xbf")))
		list = (struct str){list.at + 3, list.len - 3};
	if (!next_line(&list, separator, &line)) {
		flaw_add(flaws, STR(""), STR("NOTHING_HERE"), STR("There is no line in it."),
			 STR("Send a line for each year: the year and the amount."));
		return flaws_err(flaws);
	}
	if (line.fields && read_year(line.field[0], &fy)) {
		read_line(&line, &columns, flaws, ret_budget);
	} else if (!read_head(&line, &columns)) {
		complain(flaws, line.number, "NO_HEADER", "These columns are not known.",
			 "Name them year and amount_gbp.");
		return flaws_err(flaws);
	}
	while (next_line(&list, separator, &line))
		read_line(&line, &columns, flaws, ret_budget);
	return flaws->count ? flaws_err(flaws) : 0;
}
