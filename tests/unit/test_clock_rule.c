/*
 * The table of clocks, row by row against the transcription in tests/data/clocks.csv.
 */
#include <stdio.h>

#include "libassets/base/err.h"
#include "libassets/clock/clock_rule.h"
#include "tests/unit/deadlines.h"

enum { COLUMNS = 13, LINE_MAX_BYTES = 1000 };
enum column { ID, LENGTH, UNIT, MODE, CALENDAR, ON_EXPIRY, WHOSE, MARK, CITATION, NAME, START };

/* Cut a line of CSV with simple quotes, in place. */
static void cut(char *line, const char *ret_cell[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++) {
		bool is_quoted = *line == '"';
		char *end = strchr(line + is_quoted, is_quoted         ? '"'
						     : i < COLUMNS - 1 ? ','
								       : '\n');

		cr_assert_not_null(end, "column %d of %s", i, line);
		ret_cell[i] = line + is_quoted;
		*end = '\0';
		line = end + 1 + is_quoted;
	}
}

/* What the rulebook says in words, as the table's word for it. */
static enum clock_expiry expiry_of(const char *words)
{
	static const struct {
		const char *words;
		enum clock_expiry expiry;
	} rows[] = {
		{"-", CLOCK_EXPIRY_NOTHING},
		{"alarm", CLOCK_EXPIRY_ALARM},
		{"may still consider; log as late", CLOCK_EXPIRY_KEPT_AS_LATE},
		{"proceed", CLOCK_EXPIRY_PROCEED},
		{"NO_DECISION", CLOCK_EXPIRY_NO_DECISION},
		{"right lost", CLOCK_EXPIRY_RIGHT_LOST},
		{"LAPSED_NO_OFFER", CLOCK_EXPIRY_LAPSED_NO_OFFER},
		{"NO_CONTRACT", CLOCK_EXPIRY_NO_CONTRACT},
		{"too late", CLOCK_EXPIRY_TOO_LATE},
		{"disposal allowed again", CLOCK_EXPIRY_DISPOSAL_ALLOWED},
		{"must consider", CLOCK_EXPIRY_MUST_CONSIDER},
		{"treat as no reply", CLOCK_EXPIRY_NO_REPLY},
		{"PSA may finalise", CLOCK_EXPIRY_MAY_FINALISE},
		{"may decide", CLOCK_EXPIRY_MAY_DECIDE},
		{"switch to post", CLOCK_EXPIRY_SWITCH_TO_POST},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcmp(rows[i].words, words) == 0)
			return rows[i].expiry;
	}
	cr_assert_fail("%s", words);
	return CLOCK_EXPIRY_NOTHING;
}

/* "P length, U mode" is as sure as its weakest part. */
static char weakest(const char *mark)
{
	char found = 'C';

	for (const char *c = mark; *c; c++) {
		bool is_mark = strchr("CGPU", *c) && (c[1] == ' ' || c[1] == '\0');

		if (is_mark && strchr("CGPU", *c) > strchr("CGPU", found))
			found = *c;
	}
	return found;
}

static void expect_row(const char *const cell[COLUMNS], const struct clock_rule *rule)
{
	static const char *const mode[] = {
		[PERIOD_AFTER] = "AF", [PERIOD_BEGINNING] = "BW", [PERIOD_NEITHER] = "-"};
	const char *whose = clock_whose_name(rule->whose);

	cr_expect_str_eq(rule->id, cell[ID]);
	cr_expect_eq(rule->period.length, strtol(cell[LENGTH], NULL, 10), "%s", rule->id);
	cr_expect_str_eq(period_unit_words(rule->period.unit, 2), cell[UNIT], "%s", rule->id);
	cr_expect_str_eq(mode[rule->period.mode], cell[MODE], "%s", rule->id);
	cr_expect_str_eq(instrument_info(rule->instrument)->id, cell[CALENDAR], "%s", rule->id);
	cr_expect_eq(rule->expiry, expiry_of(cell[ON_EXPIRY]), "%s", rule->id);
	cr_expect_str_eq(strcmp(whose, "NOBODY") ? whose : "-", cell[WHOSE], "%s", rule->id);
	cr_expect_eq(*rule->confidence, weakest(cell[MARK]), "%s", rule->id);
	cr_expect_str_eq(rule->citation, cell[CITATION], "%s", rule->id);
	cr_expect_str_eq(rule->name, cell[NAME], "%s", rule->id);
	cr_expect_str_eq(rule->start, cell[START], "%s", rule->id);
}

Test(clock_rule, is_the_rulebook_row_by_row)
{
	FILE *f = fopen(TEST_DATA "/clocks.csv", "r");
	char line[LINE_MAX_BYTES];
	int row = 0;

	cr_assert_not_null(f);
	cr_assert_not_null(fgets(line, sizeof(line), f));
	for (; fgets(line, sizeof(line), f); row++) {
		const char *cell[COLUMNS];

		cut(line, cell);
		cr_assert_lt(row, CLOCK_COUNT);
		expect_row(cell, clock_rule((enum clock_id)row));
	}
	fclose(f);
	cr_expect_eq(row, CLOCK_COUNT);
	cr_expect_eq(CLOCK_COUNT, 43);
}

Test(clock_rule, is_found_by_its_id)
{
	enum clock_id id = CLOCK_COUNT;

	for (int i = 0; i < CLOCK_COUNT; i++) {
		const struct clock_rule *rule = clock_rule((enum clock_id)i);

		cr_assert_eq(clock_parse(str_of(rule->id), &id), 0);
		cr_expect_eq(id, (enum clock_id)i);
		cr_expect(*rule->name && *rule->start && *rule->citation);
	}
	cr_expect_eq(clock_parse(STR("K44"), &id), ERR_NOT_FOUND);
	cr_expect_eq(clock_parse(STR(""), &id), ERR_NOT_FOUND);
}
