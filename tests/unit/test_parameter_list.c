/*
 * Parameters as rows: every one has its origin, a range that holds its default, and a path by which
 * the model's own reader takes its value back; two sets differ in what was changed and nowhere
 * else.
 */
#include "libassets/projection/parameter_list.h"
#include "tests/unit/vectors.h"

static json_t *flat_of(const char *fields)
{
	json_auto_t *given = json_loads(fields, 0, NULL);
	struct projection_params *p;
	struct arena arena;
	struct flaws flaws;
	json_t *flat;

	arena_init(&arena, 4 << 20);
	flaws_init(&flaws, &arena);
	cr_assert_eq(parameters_read(given, "params", &arena, &flaws, &p), 0);
	cr_assert_eq(flaws.count, 0U, "%s: %s", fields, flaws.count ? flaws.at[0].pointer.at : "");
	flat = parameters_flat(p);
	cr_assert(flat);
	arena_done(&arena);
	return flat;
}

static json_t *changes_of(const char *fields)
{
	json_auto_t *was = flat_of("{}"), *now = flat_of(fields);

	return parameters_changes(was, now);
}

Test(parameter_list, every_row_has_its_origin_and_a_range_that_holds_it)
{
	json_auto_t *flat = flat_of(
		"{\"index\":{\"A\":{\"base_fy\":2000,\"default\":1,\"growth\":{\"2001\":5}}},"
		"\"class_index\":{\"HALL\":\"A\"},\"mc\":{\"beta\":{\"HALL\":7}}}");
	json_auto_t *usual = flat_of("{}");
	json_auto_t *rows = parameters_rows(flat, usual);
	json_t *row;
	size_t i;

	cr_assert_gt(json_array_size(rows), 120U);
	json_array_foreach (rows, i, row) {
		const json_t *min = json_object_get(row, "min"),
			     *value = json_object_get(row, "value");

		cr_expect(json_object_get(row, "origin"), "%s",
			  json_string_value(json_object_get(row, "path")));
		if (json_is_integer(min))
			cr_expect(json_integer_value(value) >= json_integer_value(min) &&
				  json_integer_value(value) <=
					  json_integer_value(json_object_get(row, "max")));
	}
}

/* Laid over ours they change nothing. */
Test(parameter_list, the_defaults_are_those_that_are_published)
{
	json_auto_t *root = test_vectors(), *usual = flat_of("{}"), *published = NULL;
	char *text = json_dumps(json_object_get(root, "default_params"), 0);

	cr_assert(text && json_object_size(json_object_get(root, "default_params")) == 17U);
	published = flat_of(text);
	cr_expect(json_equal(published, usual));
	free(text);
}

/* What a path says is what is sent: one number of each list. */
Test(parameter_list, what_was_changed_is_what_differs)
{
	static const struct {
		const char *fields, *path;
	} table[] = {
		{"{\"horizon_quarters\":8}", "/horizon_quarters"},
		{"{\"scenarios\":{\"WORST\":{\"slip_add\":3}}}", "/scenarios/WORST/slip_add"},
		{"{\"basis_factor\":{\"EUV\":5}}", "/basis_factor/EUV"},
		{"{\"partner_default\":{\"hold_on_interest\":false}}",
		 "/partner_default/hold_on_interest"},
		{"{\"market_stage\":{\"SURPLUS\":{\"slip\":\"MID\"}}}",
		 "/market_stage/SURPLUS/slip"},
		{"{\"request_state\":{\"EOI\":{\"complete_m\":1}}}",
		 "/request_state/EOI/complete_m"},
		{"{\"slip\":{\"MID\":[[0,1000000]]}}", "/slip/MID"},
		{"{\"discount\":[[1000000,5]]}", "/discount"},
		{"{\"deflator\":{\"growth\":{\"2024\":7}}}", "/deflator/growth/2024"},
		{"{\"index\":{\"PROPERTY\":{\"default\":7}}}", "/index/PROPERTY/default"},
		{"{\"mc\":{\"beta\":{\"A/B~\":7}}}", "/mc/beta/A~1B~0"},
		{"{\"mc\":{\"sigma_asset\":7}}", "/mc/sigma_asset"},
	};
	json_auto_t *none = changes_of("{}");

	cr_expect_eq(json_array_size(none), 0U);
	for (size_t i = 0; i < COUNT(table); i++) {
		json_auto_t *changes = changes_of(table[i].fields);

		cr_assert_eq(json_array_size(changes), 1U, "%s", table[i].fields);
		cr_expect_str_eq(
			json_string_value(json_object_get(json_array_get(changes, 0), "path")),
			table[i].path);
	}
}

Test(parameter_list, what_is_gone_is_said)
{
	json_auto_t *was = flat_of("{\"deflator\":{\"growth\":{\"2024\":7}}}"),
		    *now = flat_of("{}");
	json_auto_t *changes = parameters_changes(was, now);

	cr_assert_eq(json_array_size(changes), 1U);
	cr_expect(json_is_null(json_object_get(json_array_get(changes, 0), "new")));
	cr_expect_eq(json_integer_value(json_object_get(json_array_get(changes, 0), "old")), 7);
}

Test(parameter_list, an_authoritys_rows_are_those_of_the_default)
{
	struct projection_partner partner = {.cost_fixed_pence = 1};
	json_auto_t *flat = parameters_flat_partner(&partner);
	json_auto_t *rows = parameters_rows(flat, flat);
	json_t *row;
	size_t i;

	cr_assert_eq(json_array_size(rows), 9U);
	json_array_foreach (rows, i, row)
		cr_expect(json_object_get(row, "origin"), "%s",
			  json_string_value(json_object_get(row, "path")));
}
