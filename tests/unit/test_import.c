/*
 * A list against a register: actions, differences, references met twice.
 */
#include <criterion/criterion.h>

#include "libassets/base/err.h"
#include "libassets/import/import.h"

#define AUT "aut_00000000000000000000000001"

static struct arena arena;
static struct csv_map map;
static const struct str header[] = {
	STR_INIT("reference"), STR_INIT("name"),    STR_INIT("class"),    STR_INIT("tenure"),
	STR_INIT("uprn"),      STR_INIT("easting"), STR_INIT("northing"),
};

static void begin(void)
{
	arena_init(&arena, 4 << 20);
	cr_assert_eq(csv_map_choose(STR("auto"), NULL, header, COUNT(header), &map), 0);
}

static void end(void)
{
	arena_done(&arena);
}

static struct import_register register_of(const json_t *items)
{
	struct import_register r = {.items = items};

	r.authority_id = STR(AUT);
	cr_assert_eq(day_parse(STR("2026-11-21"), &r.today), 0);
	return r;
}

TestSuite(import, .init = begin, .fini = end);

static struct import_line compare(struct import *im, const char *const *text)
{
	struct str field[COUNT(header)];
	struct import_line line;
	bool is_line;

	for (size_t i = 0; i < COUNT(header); i++)
		field[i] = str_of(text[i]);
	cr_assert_eq(import_record(im, 2, field, COUNT(header), &is_line, &line), 0);
	cr_assert(is_line);
	return line;
}

static const char *code_of(const struct import_line *line, size_t i)
{
	return json_string_value(json_object_get(json_array_get(line->problems, i), "code"));
}

Test(import, a_new_asset_is_whole_and_settled)
{
	json_auto_t *items = json_array();
	const struct import_register around = register_of(items);
	struct import *im = import_new(&map, &around);
	const char *text[] = {"A1", "Hall", "Hall", "Freehold", "007", "325000", "673000"};
	struct import_line line = compare(im, text);

	cr_assert_eq(line.action, IMPORT_CREATE);
	cr_assert_str_eq(json_string_value(json_object_get(line.fields, "class")), "HALL");
	cr_assert_str_eq(json_string_value(json_object_get(line.fields, "uprn")), "7");
	cr_assert_str_eq(json_string_value(json_object_get(line.fields, "lifecycle")), "IN_USE");
	cr_assert(json_object_get(line.fields, "lat"));
	cr_assert_eq(json_array_size(json_object_get(line.fields, "owners")), 1);
	cr_assert_eq(json_array_size(line.problems), 0, "%s", json_dumps(line.problems, 0));
	import_line_done(&line);
	import_free(im);
}

Test(import, finds_what_is_there_and_says_what_differs)
{
	json_auto_t *items = json_pack(
		"[{s:s s:i s:s s:s s:s s:s s:s s:b s:i s:s s:[{s:s s:i}]}]", "id",
		"ast_00000000000000000000000001", "version", 3, "reference", "a1", "name", "Hall",
		"class", "HALL", "tenure", "OWNED", "authority_id", AUT, "published", 1, "decile",
		0, "lifecycle", "IN_USE", "owners", "authority_id", AUT, "units", 1);
	const struct import_register around = register_of(items);
	struct import *im = import_new(&map, &around);
	const char *same[] = {"a1", "Hall ", "hall", "OWNED", "", "", ""};
	const char *differs[] = {"A1", "Great Hall", "HALL", "OWNED", "9", "", ""};
	struct import_line line = compare(im, same);

	cr_assert_eq(line.action, IMPORT_SAME, "%s", json_dumps(line.changes, 0));
	cr_assert_eq(line.seen_version, 3);
	import_line_done(&line);
	import_free(im);

	im = import_new(&map, &around);
	line = compare(im, differs);
	cr_assert_eq(line.action, IMPORT_UPDATE);
	cr_assert_eq(json_array_size(line.changes), 3, "%s", json_dumps(line.changes, 0));
	cr_assert_str_eq(json_string_value(json_object_get(line.fields, "name")), "Great Hall");
	cr_assert(json_is_null(json_object_get(line.before, "uprn")));
	import_line_done(&line);
	import_free(im);
}

Test(import, a_reference_met_again_is_the_next_of_its_name)
{
	json_auto_t *items = json_array();
	const struct import_register around = register_of(items);
	struct import *im = import_new(&map, &around);
	static const struct {
		const char *reference, *becomes;
	} rows[] = {{"X", "X"}, {"x", "x~2"}, {"X~3", "X~3"}, {"X", "X~4"}, {"x~2", "x~2~2"}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *text[] = {rows[i].reference, "Hall", "HALL", "OWNED", "", "", ""};
		struct import_line line = compare(im, text);

		cr_assert(str_eq(line.reference, str_of(rows[i].becomes)), "row %zu: %s", i,
			  line.reference.at);
		if (!str_eq(str_of(rows[i].reference), str_of(rows[i].becomes)))
			cr_assert_str_eq(code_of(&line, 0), "duplicate-reference");
		import_line_done(&line);
	}
	cr_assert_eq(import_counts(im).create, 5);
	import_free(im);
}

Test(import, what_the_form_would_refuse_is_an_error_with_its_column)
{
	json_auto_t *items = json_array();
	const struct import_register around = register_of(items);
	struct import *im = import_new(&map, &around);
	const char *text[] = {"A1", "Hall", "HALL", "OWNED", "1234567890123", "", ""};
	struct import_line line = compare(im, text);
	json_t *problem = json_array_get(line.problems, 0);

	cr_assert_eq(line.action, IMPORT_ERROR);
	cr_assert_str_eq(json_string_value(json_object_get(problem, "column")), "uprn");
	cr_assert_str_eq(json_string_value(json_object_get(problem, "value")), "1234567890123");
	cr_assert_eq(import_counts(im).error, 1);
	import_line_done(&line);
	import_free(im);
}

/* A boundary may be as long as a field: what is shown of it ends with a whole character. */
Test(import, what_stood_there_is_shown_as_far_as_it_tells)
{
	json_auto_t *items = json_array();
	const struct import_register around = register_of(items);
	struct import *im = import_new(&map, &around);
	char uprn[1001];
	const char *text[] = {"A1", "Hall", "HALL", "OWNED", uprn, "", ""}, *value;
	struct import_line line;

	for (size_t i = 0; i < sizeof(uprn) - 1; i++)
		uprn[i] = i == 0 ? 'x' : "\xc3\xa9"[(i - 1) % 2];
	uprn[sizeof(uprn) - 2] = 'x';
	uprn[sizeof(uprn) - 1] = '\0';
	line = compare(im, text);
	value = json_string_value(json_object_get(json_array_get(line.problems, 0), "value"));
	cr_assert_not_null(value);
	cr_expect_eq(strlen(value), 299);
	cr_expect_eq(strncmp(value, uprn, 299), 0);
	import_line_done(&line);
	import_free(im);
}

/* A list of a hundred thousand bad lines must not need room for all their faults at once. */
Test(import, a_long_list_of_faults_needs_no_more_room_than_one)
{
	json_auto_t *items = json_array();
	const struct import_register around = register_of(items);
	struct import *im = import_new(&map, &around);
	const char *text[] = {"A1", "Hall", "HALL", "OWNED", "1234567890123", "", ""};

	for (int i = 0; i < 20000; i++) {
		struct import_line line = compare(im, text);

		cr_assert_eq(line.action, IMPORT_ERROR);
		import_line_done(&line);
	}
	cr_assert_eq(import_counts(im).error, 20000);
	import_free(im);
}
