/*
 * assetctl through its door: every case of the projection model as a process of its own, and
 * what it says and answers when it is used wrongly.
 */
#include "tests/unit/run.h"
#include "tests/unit/vectors.h"

static struct ran assetctl(const char *a, const char *b, const char *c, const char *input)
{
	const char *argv[] = {ASSETCTL, a, b, c, NULL};

	return run_program(argv, input);
}

static struct ran project(const char *input)
{
	return assetctl("project", "-", NULL, input);
}

static void expect_case(const json_t *c, const json_t *input)
{
	const char *name = json_string_value(json_object_get(c, "name"));
	json_t *expected = json_object_get(c, "expected");
	json_auto_t *got = NULL;
	struct ran ran;
	char *text;

	text = test_dump(input);
	ran = project(text);
	cr_assert_eq(ran.code, 0, "%s: %d %s", name, ran.code, ran.err);
	got = test_load(str_of(ran.out));
	cr_expect(got && json_equal(got, expected), "%s", name);
	cr_expect_str_eq(ran.err, "");
	run_done(&ran);
	free(text);
}

/* One in `shards` of the cases of kind project. */
static void expect_cases(size_t shard, size_t shards)
{
	json_auto_t *root = test_vectors();
	json_t *c;
	size_t i, run = 0;

	json_array_foreach (json_object_get(root, "cases"), i, c) {
		if (strcmp(json_string_value(json_object_get(c, "kind")), "project") != 0)
			continue;
		if (run++ % shards == shard)
			expect_case(c, json_object_get(c, "input"));
	}
	cr_expect_eq(run, 55);
}

Test(assetctl, project_cases_1)
{
	expect_cases(0, 2);
}

Test(assetctl, project_cases_2)
{
	expect_cases(1, 2);
}

#define ASSET                                                                                      \
	"{\"id\":1,\"lead\":\"A\",\"cpp\":\"C\",\"locality\":\"L\",\"class\":\"HALL\",\"decile\":" \
	"1}"

Test(assetctl, project_of_nothing_is_empty)
{
	struct ran ran = project("{\"asof\":\"2026-11-21\",\"assets\":[]}");

	cr_expect_eq(ran.code, 0);
	cr_expect_str_eq(ran.out,
			 "{\"asof\":\"2026-11-21\",\"first_quarter\":\"2026-27Q3\",\"horizon_"
			 "quarters\":40,\"assets\":[],\"rollups\":[],\"exceptions\":[]}\n");
	run_done(&ran);
}

/* The order of assets, partners and members has no effect on a single byte. */
Test(assetctl, project_does_not_depend_on_order)
{
	struct ran a = project("{\"asof\":\"2026-11-21\",\"assets\":[" ASSET
			       ",{\"id\":2,\"lead\":\"B\",\"cpp\":\"C\",\"locality\":\"L\","
			       "\"class\":\"SHED\",\"decile\":10,\"owners\":[{\"partner\":\"Z\","
			       "\"units\":1},{\"partner\":\"Y\",\"units\":2}],\"plan\":{\"method\":"
			       "\"SALE\",\"stage\":\"MISSIVES\",\"date\":\"2027-01-01\","
			       "\"agreed_price\":100001}}]}");
	struct ran b = project("{\"assets\":[{\"plan\":{\"agreed_price\":100001,\"date\":"
			       "\"2027-01-01\",\"stage\":\"MISSIVES\",\"method\":\"SALE\"},"
			       "\"owners\":[{\"units\":2,\"partner\":\"Y\"},{\"units\":1,"
			       "\"partner\":\"Z\"}],\"decile\":10,\"class\":\"SHED\",\"locality\":"
			       "\"L\",\"cpp\":\"C\",\"lead\":\"B\",\"id\":2}," ASSET
			       "],\"asof\":\"2026-11-21\"}");

	cr_expect_eq(a.code, 0);
	cr_expect(strstr(a.out, "\"owners_baseline\":{\"2026-27Q4\":{\"Y\":") &&
		  strstr(a.out, "E_NO_OWNER"));
	cr_expect_str_eq(a.out, b.out);
	run_done(&a);
	run_done(&b);
}

Test(assetctl, movement_cases)
{
	json_auto_t *root = test_vectors();
	json_t *c;
	size_t i, run = 0;

	json_array_foreach (json_object_get(root, "cases"), i, c) {
		json_auto_t *input = NULL;

		if (strcmp(json_string_value(json_object_get(c, "kind")), "movement") != 0)
			continue;
		input = json_pack("{sO*sOsO}", "kind", run % 2 ? json_object_get(c, "kind") : NULL,
				  "old", json_object_get(c, "old"), "new",
				  json_object_get(c, "new"));
		expect_case(c, input);
		run++;
	}
	cr_expect_eq(run, 15);
}

Test(assetctl, names_every_fault_of_a_movement)
{
	struct ran ran = project("{\"kind\":\"movement\",\"old\":{\"asof\":\"2026-02-30\","
				 "\"assets\":[]},\"new\":{\"asof\":\"2026-02-27\",\"mc\":7},"
				 "\"newer\":1}");

	cr_expect_eq(ran.code, 5);
	cr_expect_str_eq(ran.out, "");
	cr_expect(strstr(ran.err, "/old/asof: ") && strstr(ran.err, "/new/assets: ") &&
		  strstr(ran.err, "/newer: ") && !strstr(ran.err, "mc"));
	run_done(&ran);
	ran = project("{\"kind\":\"movement\",\"old\":[]}");
	cr_expect_eq(ran.code, 5);
	cr_expect(strstr(ran.err, "/old: ") && strstr(ran.err, "/new: "), "%s", ran.err);
	run_done(&ran);
}

Test(assetctl, names_every_fault_of_an_input)
{
	struct ran ran = project("{\"asof\":\"2026-02-30\",\"assets\":[" ASSET "," ASSET
				 ",{\"id\":0}],\"params\":{\"horizon_quarters\":3}}");

	cr_expect_eq(ran.code, 5);
	cr_expect_str_eq(ran.out, "");
	cr_expect(strstr(ran.err, "/asof: ") && strstr(ran.err, "/assets/2/id: ") &&
		  strstr(ran.err, "/assets/2/lead: ") &&
		  strstr(ran.err, "/params/horizon_quarters: "));
	run_done(&ran);
	ran = project("{\"asof\":\"2026-11-21\",\"assets\":[" ASSET "," ASSET "]}");
	cr_expect_eq(ran.code, 5);
	cr_expect(strstr(ran.err, "/assets/1/id: "), "%s", ran.err);
	run_done(&ran);
	ran = project("{\"asof\":");
	cr_expect_eq(ran.code, 5);
	cr_expect(strstr(ran.err, "Line 1, column "), "%s", ran.err);
	run_done(&ran);
}

Test(assetctl, says_what_went_wrong_with_a_file)
{
	struct ran ran = assetctl("project", "/nowhere/at/all.json", NULL, NULL);

	cr_expect_eq(ran.code, 1);
	cr_expect(strstr(ran.err, "/nowhere/at/all.json: No such file"), "%s", ran.err);
	run_done(&ran);
	ran = assetctl("project", "/", NULL, NULL);
	cr_expect_eq(ran.code, 1);
	cr_expect(strstr(ran.err, "/: Is a directory"), "%s", ran.err);
	run_done(&ran);
}

Test(assetctl, wrong_usage_is_2_and_says_where_help_is)
{
	static const char *const words[][3] = {
		{NULL},      {"projekt"},           {"--bogus"},
		{"project"}, {"project", "a", "b"}, {"project", "--seed"},
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		struct ran ran = assetctl(words[i][0], words[i][1], words[i][2], NULL);

		cr_expect_eq(ran.code, 2, "row %zu", i);
		cr_expect_str_eq(ran.out, "");
		cr_expect(strstr(ran.err, "--help"), "%s", ran.err);
		run_done(&ran);
	}
}

Test(assetctl, helps)
{
	static const struct {
		const char *a, *b;
		const char *says;
	} calls[] = {
		{"--help", NULL, "Usage: assetctl COMMAND"},
		{"-h", NULL, "Usage: assetctl COMMAND"},
		{"help", NULL, "Usage: assetctl COMMAND"},
		{"project", "--help", "Usage: assetctl project FILE"},
		{"help", "project", "Usage: assetctl project FILE"},
		{"--version", NULL, "assetctl "},
		{"--dump-options", NULL, "project\t\tFILE\t"},
	};

	for (size_t i = 0; i < COUNT(calls); i++) {
		struct ran ran = assetctl(calls[i].a, calls[i].b, NULL, NULL);

		cr_expect_eq(ran.code, 0, "row %zu", i);
		cr_expect(strstr(ran.out, calls[i].says), "%s", ran.out);
		cr_expect_str_eq(ran.err, "");
		run_done(&ran);
	}
}
