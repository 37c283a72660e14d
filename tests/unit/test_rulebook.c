/*
 * The small tables of the rulebook, row by row against what was copied from its page into
 * tests/data/rulebook: items of a request, matters of a decision, conditions of a constitution,
 * states, routes of challenge, one-off bank holidays. Clocks and moves have tests of their own.
 */
#include <stdio.h>

#include "libassets/base/err.h"
#include "libassets/clock/clock_rule.h"
#include "libassets/clock/holiday.h"
#include "libassets/register/body.h"
#include "libassets/request/request_item.h"
#include "tests/unit/deadlines.h"

enum { COLUMNS_MAX = 10, ROWS_MAX = 40 };

struct row {
	char text[600];
	const char *column[COLUMNS_MAX];
};

/* Take a line apart where it stands: fields in quotes where they hold a comma. */
static void split(struct row *row)
{
	char *at = row->text;

	for (int c = 0; c < COLUMNS_MAX && *at; c++) {
		bool is_quoted = *at == '"';
		char *end = is_quoted ? strchr(++at, '"') : at + strcspn(at, ",\n");

		cr_assert_not_null(end, "%s", row->text);
		row->column[c] = at;
		at = end + (is_quoted ? 2 : 1);
		*end = '\0';
	}
}

/* The rows of a file, its head left out. */
static size_t rulebook(const char *file, const struct row **ret_row)
{
	static struct row row[ROWS_MAX];
	char path[500], head[300];
	size_t n = 0;
	FILE *in;

	snprintf(path, sizeof(path), TEST_DATA "/rulebook/%s", file);
	in = fopen(path, "r");
	cr_assert_not_null(in, "%s", path);
	cr_assert_not_null(fgets(head, sizeof(head), in));
	for (; n < ROWS_MAX && fgets(row[n].text, sizeof(row[n].text), in); n++)
		split(&row[n]);
	fclose(in);
	*ret_row = row;
	return n;
}

Test(rulebook, items_of_a_request)
{
	static const char *const kind[] = {"OWNERSHIP", "LEASE", "OTHER_RIGHTS"};
	const struct row *row;
	size_t n = rulebook("items.csv", &row);

	for (size_t i = 0; i < n; i++) {
		struct str code = str_of(row[i].column[0]);

		cr_assert_not_null(request_item_at(i), "%s", code.at);
		cr_expect_str_eq(request_item_at(i), code.at);
		for (size_t k = 0; k < COUNT(kind); k++)
			cr_expect_eq(request_item_is_asked(code, str_of(kind[k])),
				     shape_is_word(str_of(kind[k]), row[i].column[1]), "%s of %s",
				     code.at, kind[k]);
	}
	cr_expect_eq(n, 19);
	cr_expect_null(request_item_at(n));
}

Test(rulebook, matters_of_a_decision)
{
	static const struct {
		const char *code, *letter, *words;
	} table[] = {
#define MATTER(code, letter, words) {#code, letter, words},
#include "libassets/request/decision_matter.def"
#undef MATTER
	};
	const struct row *row;
	size_t n = rulebook("matters.csv", &row);

	cr_assert_eq(n, COUNT(table));
	for (size_t i = 0; i < n; i++) {
		cr_expect_str_eq(table[i].code, row[i].column[0]);
		cr_expect_str_eq(table[i].letter, row[i].column[1]);
		cr_expect(strstr(table[i].words, row[i].column[2]), "%s is \"%s\"", table[i].code,
			  table[i].words);
		cr_expect_str_eq(row[i].column[3], "C");
	}
}

/* Those of section 19; the one after them is of section 80. */
Test(rulebook, conditions_of_a_constitution)
{
	const struct row *row;
	size_t n = rulebook("conditions.csv", &row);

	cr_expect_eq(n, 6);
	for (size_t i = 0; i < n; i++)
		cr_expect_str_eq(body_condition_at(i)->code, row[i].column[0]);
	cr_expect_str_eq(body_condition_at(n)->code, "WINDING_UP");
	cr_expect_null(body_condition_at(n + 1));
}

/* code,ordinal,label,is_open,is_statutory,bars,model_state: the n-th column from the end. */
static char of_database(const char *state, int from_end)
{
	FILE *in = fopen(SOURCE_DIR "/sql/data/request_state.csv", "r");
	char line[500], found = '?';
	size_t len = strlen(state);

	cr_assert_not_null(in);
	while (fgets(line, sizeof(line), in)) {
		char *at = line + strlen(line);

		if (strncmp(line, state, len) != 0 || line[len] != ',')
			continue;
		for (int i = 0; i < from_end; i++) {
			while (*--at != ',')
				;
		}
		found = at[1];
	}
	fclose(in);
	return found;
}

Test(rulebook, states)
{
	enum { IS_OPEN = 4, IS_STATUTORY = 3 };
	const struct row *row;
	size_t n = rulebook("states.csv", &row);

	cr_assert_eq(n, REQUEST_STATE_COUNT);
	for (size_t i = 0; i < n; i++) {
		const char *code = row[i].column[0];
		enum request_state state;

		cr_assert_eq(request_state_parse(str_of(code), &state), 0, "%s", code);
		cr_expect_eq(request_state_info(state)->is_open, *row[i].column[1] == 't', "%s",
			     code);
		cr_expect_eq(of_database(code, IS_OPEN), *row[i].column[1], "%s", code);
		cr_expect_eq(of_database(code, IS_STATUTORY), *row[i].column[2], "%s", code);
	}
}

static const char *met_by(const char *clock)
{
	enum clock_id id;

	cr_assert_eq(clock_parse(str_of(clock), &id), 0, "%s", clock);
	return clock_rule(id)->met_by;
}

/* Who may challenge, by what, and by which clock; whose column is empty may not. */
Test(rulebook, routes_of_challenge)
{
	static const struct {
		const char *level, *route, *notice, *none;
	} table[] = {
#define CHALLENGE(level, route, notice, none) {#level, route, #notice, #none},
#include "libassets/request/request_challenge.def"
#undef CHALLENGE
	};
	const struct row *row;
	size_t n = rulebook("routes.csv", &row), found = 0;

	cr_assert_eq(n, 4);
	for (size_t i = 0; i < n; i++) {
		const char *const *want = row[i].column;

		for (size_t t = 0; t < COUNT(table); t++) {
			bool is_first = strcmp(table[t].level, "FIRST") == 0;

			if (strcmp(table[t].route, want[0]) != 0)
				continue;
			found++;
			cr_expect_str_eq(table[t].notice, want[is_first ? 3 : 5], "%s", want[0]);
			cr_expect_str_eq(table[t].none, want[is_first ? 4 : 5], "%s", want[0]);
			cr_expect_str_eq(met_by(table[t].notice), want[is_first ? 1 : 2]);
			cr_expect_str_eq(met_by(table[t].none), want[is_first ? 1 : 2]);
		}
	}
	cr_expect_eq(found, COUNT(table));
	cr_expect_eq(found, 6);
}

static bool is_holiday(const char *text)
{
	struct holiday of_year[HOLIDAYS_MAX];
	struct day d = test_day(text);
	size_t n = holidays_of_year(day_civil(d).year, of_year);

	for (size_t i = 0; i < n; i++) {
		if (day_cmp(of_year[i].on, d) == 0)
			return true;
	}
	return false;
}

Test(rulebook, one_off_and_moved_days)
{
	static const int day_of[][5] = {
#define HOLIDAY(year, month, monthday, name, from_month, from_monthday)                            \
	{year, month, monthday, from_month, from_monthday},
#include "libassets/clock/holiday.def"
#undef HOLIDAY
	};
	const struct row *row;
	size_t n = rulebook("one_off_days.csv", &row);

	cr_assert_eq(n, COUNT(day_of));
	for (size_t i = 0; i < n; i++) {
		const char *moved = row[i].column[1];
		char on[DAY_TEXT], from[DAY_TEXT] = "";

		snprintf(on, sizeof(on), "%04d-%02d-%02d", day_of[i][0], day_of[i][1],
			 day_of[i][2]);
		if (day_of[i][3])
			snprintf(from, sizeof(from), "%04d-%02d-%02d", day_of[i][0], day_of[i][3],
				 day_of[i][4]);
		cr_expect_str_eq(on, row[i].column[0]);
		cr_expect_str_eq(from, moved);
		cr_expect(is_holiday(row[i].column[0]), "%s", row[i].column[0]);
		cr_expect(!*moved || !is_holiday(moved), "%s", moved);
	}
	cr_expect(is_holiday("2023-05-01"), "the coronation's is one more");
}
