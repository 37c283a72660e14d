/*
 * assetctl rules: every item that is not confirmed once, and every clock and move that does not
 * rest on the law's own words.
 */
#include <criterion/criterion.h>

#include "libassets/clock/clock_rule.h"
#include "tests/unit/run.h"

static struct ran rules(const char *argument)
{
	const char *argv[] = {ASSETCTL, "rules", argument, NULL};

	return run_program(argv, "");
}

static int count(const char *text, const char *what)
{
	int n = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		n++;
	}
	return n;
}

Test(assetctl_rules, each_once_with_where_it_is_set)
{
	struct ran ran = rules(NULL);
	char line[40];

	cr_assert_eq(ran.code, 0, "%s", ran.err);
	for (int i = 1; i <= 22; i++) {
		snprintf(line, sizeof(line), "item\t%d\tU\t", i);
		cr_expect_eq(count(ran.out, line), 1, "item %d", i);
	}
	for (int id = 0; id < CLOCK_COUNT; id++) {
		const struct clock_rule *rule = clock_rule((enum clock_id)id);

		snprintf(line, sizeof(line), "clock\t%s\t", rule->id);
		cr_expect_eq(count(ran.out, line), strcmp(rule->confidence, "C") != 0, "%s",
			     rule->id);
	}
	cr_expect_eq(count(ran.out, "move\tT18a\tU\tNO_DECISION: RIGHT_LAPSED\t"), 1);
	cr_expect_eq(count(ran.out, "move\tT18\t"), 0, "its mark is C");
	cr_expect_not_null(strstr(ran.out, "POST /v1/calendars, instruments\n"));
	run_done(&ran);
}

Test(assetctl_rules, says_how_long_clocks_run_by_a_version_of_the_calendars)
{
	const char *argv[] = {ASSETCTL, "rules", "-", NULL};
	struct ran ran = run_program(
		argv,
		"{\"id\":\"cal_1\",\"state\":\"APPLIED\",\"clocks\":[{\"clock\":\"K1\",\"length\":"
		"10,"
		"\"from_on\":\"2027-01-01\"},{\"clock\":\"K1\",\"length\":5,\"mode\":\"BEGINNING\","
		"\"from_on\":\"2028-01-01\"}]}");

	cr_assert_eq(ran.code, 0, "%s", ran.err);
	cr_expect_not_null(strstr(
		ran.out, "\t15 working days after; from 2027-01-01 10 working days after; from "
			 "2028-01-01 5 working days beginning with\tPOST /v1/calendars, clocks\n"));
	cr_expect_not_null(strstr(ran.out, "\t6 months after\tPOST /v1/calendars, clocks\n"));
	cr_expect_not_null(strstr(ran.out, "\tno count\tlibassets/clock/clock.def\n"));
	run_done(&ran);
}

Test(assetctl_rules, takes_one_file_that_can_be_read)
{
	const char *two[] = {ASSETCTL, "rules", "-", "-", NULL},
		   *one[] = {ASSETCTL, "rules", "-", NULL};
	struct ran ran = run_program(two, "");

	cr_expect_eq(ran.code, 2);
	run_done(&ran);
	ran = run_program(one, "[]x");
	cr_expect_eq(ran.code, 5, "%s", ran.err);
	run_done(&ran);
	ran = rules("/nowhere");
	cr_expect_eq(ran.code, 1);
	run_done(&ran);
}
