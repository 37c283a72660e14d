/*
 * assetctl deadline through its door: every published case, the file of them as it stands, and
 * what is said of questions that are not understood.
 */
#include "tests/unit/deadlines.h"
#include "tests/unit/run.h"

static struct ran deadline(const char *file, const char *input)
{
	const char *argv[] = {ASSETCTL, "deadline", file, NULL};

	return run_program(argv, input);
}

/* The one answer to one question; yours to json_decref(). */
static json_t *answer(const char *input)
{
	struct ran ran = deadline("-", input);
	json_t *root;

	cr_assert_eq(ran.code, 0, "%s: %s", input, ran.err);
	cr_expect_str_eq(ran.err, "");
	root = json_loads(ran.out, JSON_REJECT_DUPLICATES, NULL);
	cr_assert_not_null(root, "%s", ran.out);
	run_done(&ran);
	return root;
}

static void expect_last(const char *input, const char *last)
{
	json_auto_t *got = answer(input);

	cr_expect_str_eq(test_member(got, "last_day"), last, "%s", input);
}

/* Each without what was expected of it, so that nothing but the rules can lead there. */
Test(assetctl_deadline, every_case_has_its_last_day)
{
	json_auto_t *root = test_deadlines();
	json_t *c;
	size_t i, counted = 0;

	json_array_foreach (json_object_get(root, "cases"), i, c) {
		const char *expected = test_member(c, "expected_last_day");
		json_auto_t *question = json_deep_copy(c);
		char *text;

		if (!expected)
			continue;
		json_object_del(question, "expected_last_day");
		json_object_del(question, "same_rule_under_fixed_days");
		json_object_del(question, "same_rule_under_bank_holidays_scotland");
		text = json_dumps(question, 0);
		expect_last(text, expected);
		free(text);
		counted++;
	}
	cr_expect_eq(counted, 50);
}

Test(assetctl_deadline, takes_the_file_of_cases_as_it_stands)
{
	struct ran ran = deadline(TEST_DATA "/deadlines.json", NULL);
	json_auto_t *root = json_loads(ran.out, JSON_REJECT_DUPLICATES, NULL);
	const json_t *item;
	size_t i, counted = 0;

	cr_expect_eq(ran.code, 0, "%s", ran.err);
	cr_assert_eq(json_array_size(root), 55);
	json_array_foreach (root, i, item) {
		counted += test_member(item, "last_day") != NULL;
		cr_expect_not(json_is_false(json_object_get(item, "is_as_expected")), "%s",
			      test_member(item, "id"));
	}
	cr_expect_eq(counted, 50);
	run_done(&ran);
}

Test(assetctl_deadline, a_clock_and_a_start_are_enough)
{
	expect_last("{\"clock\":\"K6\",\"start\":\"2026-10-01\"}", "2027-04-01");
	expect_last("{\"clock\":\"K8\",\"start\":\"2026-03-20\"}", "2026-04-16");
	expect_last("{\"clock\":\"K8\",\"start\":\"2026-03-20\","
		    "\"calendar\":\"bank_holidays_scotland\"}",
		    "2026-04-17");
	expect_last("{\"clock\":\"K41\",\"start\":\"2026-11-02\"}", "2026-12-28");
	expect_last("{\"clock\":\"K36\",\"start\":\"2026-04-01\"}", "2027-06-30");
	expect_last("{\"clock\":\"K1\",\"start\":\"2026-11-02\",\"length\":5}", "2026-11-09");
}

Test(assetctl_deadline, says_how)
{
	json_auto_t *got = answer("{\"clock\":\"K8\",\"start\":\"2026-03-28\","
				  "\"calendar\":\"bank_holidays_scotland\"}");
	const json_t *how = json_object_get(got, "how");
	const json_t *skipped = json_object_get(got, "skipped");
	const json_t *other = json_object_get(got, "other_reading");

	cr_expect_str_eq(json_string_value(json_array_get(how, 0)),
			 "The count starts on Saturday 28 March 2026, the date of the decision "
			 "notice.");
	cr_expect_str_eq(json_string_value(json_array_get(how, 2)),
			 "Not counted: 10 days of weekends; Good Friday, Friday 3 April 2026.");
	cr_expect_eq(json_array_size(skipped), 11);
	cr_expect_str_eq(test_member(other, "calendar"), "FIXED_DAYS");
	cr_expect_str_eq(test_member(other, "last_day"), "2026-04-24");
	cr_expect_str_eq(test_member(got, "counted_back"), "2026-03-30", "day 1 is the Monday");
	cr_expect_str_eq(test_member(got, "citation"), "SSI 2016/358 reg 3(2)(a)");
}

Test(assetctl_deadline, an_unexpected_answer_is_said_and_is_1)
{
	static const char *const inputs[] = {
		"{\"id\":\"X\",\"clock\":\"K6\",\"start\":\"2026-10-01\","
		"\"expected_last_day\":\"2027-04-02\"}",
		"{\"id\":\"X\",\"clock\":\"K6\",\"start\":\"2026-10-01\","
		"\"expected_weekday\":\"Fri\"}",
		"{\"id\":\"X\",\"clock\":\"K6\",\"start\":\"2026-10-01\","
		"\"start_weekday\":\"Fri\"}",
		"{\"id\":\"X\",\"clock\":\"K8\",\"start\":\"2026-03-20\","
		"\"same_rule_under_bank_holidays_scotland\":\"2026-04-16\"}",
	};

	for (size_t i = 0; i < COUNT(inputs); i++) {
		struct ran ran = deadline("-", inputs[i]);

		cr_expect_eq(ran.code, 1, "%s", inputs[i]);
		cr_expect(strstr(ran.err, "case 0 X") && strstr(ran.err, "not what was expected"),
			  "%s", ran.err);
		cr_expect(strstr(ran.out, "\"is_as_expected\":false"));
		run_done(&ran);
	}
}

Test(assetctl_deadline, what_is_not_understood_is_named_with_its_place)
{
	static const struct {
		const char *input;
		int code;
		const char *says;
	} rows[] = {
		/* What a later version may know. */
		{"{\"start\":\"2026-10-01\",\"clock\":\"K6\",\"colour\":1}", 2, "/colour:"},
		{"[{\"start\":\"2026-10-01\",\"clock\":\"K44\"}]", 2, "/0/clock:"},
		{"{\"cases\":[{\"start\":\"2026-10-01\",\"unit\":\"fortnights\"}]}", 2,
		 "/cases/0/unit:"},
		{"{\"start\":\"2026-10-01\",\"mode\":\"before\"}", 2, "/mode:"},
		{"{\"start\":\"2026-10-01\",\"calendar\":\"lunar\"}", 2, "/calendar:"},
		{"{\"cases\":[],\"extra\":1}", 2, "/extra:"},
		/* What is wrong. */
		{"{}", 5, "/start:"},
		{"{\"start\":\"2026-02-30\",\"clock\":\"K6\"}", 5, "/start:"},
		{"{\"start\":\"2026-10-01\"}", 5, "/length:"},
		{"{\"start\":\"2026-10-01\",\"unit\":\"days\",\"length\":0,\"mode\":\"after\"}", 5,
		 "/length:"},
		{"{\"start\":\"2026-10-01\",\"unit\":\"working_days\",\"length\":9,"
		 "\"mode\":\"after\"}",
		 5, "/calendar:"},
		{"{\"start\":\"2026-10-01\",\"clock\":\"K6\",\"calendar\":\"fixed_days\"}", 5,
		 "/calendar:"},
		{"{\"start\":\"2026-10-01\",\"clock\":\"K8\",\"calendar\":\"calendar_days\"}", 5,
		 "/calendar:"},
		{"{\"start\":\"2026-10-01\",\"clock\":\"K24\"}", 5, "/clock:"},
		{"{\"start\":\"2026-10-01\",\"unit\":\"fixed_date\",\"clock\":\"K6\"}", 5,
		 "/clock:"},
		{"{\"start\":\"2007-10-01\",\"clock\":\"K8\","
		 "\"calendar\":\"bank_holidays_scotland\"}",
		 5, "/start:"},
		{"[1]", 5, "/0:"},
		{"7", 5, "the input:"},
		{"{\"cases\":7}", 5, "/cases:"},
		{"{", 5, "Line 1, column "},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct ran ran = deadline("-", rows[i].input);

		cr_expect_eq(ran.code, rows[i].code, "%s: %s", rows[i].input, ran.err);
		cr_expect_str_eq(ran.out, "", "%s", rows[i].input);
		cr_expect(strstr(ran.err, rows[i].says), "%s: %s", rows[i].input, ran.err);
		run_done(&ran);
	}
}

Test(assetctl_deadline, wrong_usage_and_no_file)
{
	struct ran ran = deadline(NULL, NULL);

	cr_expect_eq(ran.code, 2);
	cr_expect(strstr(ran.err, "--help"));
	run_done(&ran);
	ran = deadline("/nowhere/at/all.json", NULL);
	cr_expect_eq(ran.code, 1);
	cr_expect(strstr(ran.err, "No such file"), "%s", ran.err);
	run_done(&ran);
	ran = deadline("--help", NULL);
	cr_expect_eq(ran.code, 0);
	cr_expect(strstr(ran.out, "Usage: assetctl deadline FILE"));
	run_done(&ran);
}
