/*
 * Columns to fields: which layout, and what becomes of odd values.
 */
#include <criterion/criterion.h>

#include "libassets/csv_map.h"
#include "libassets/csv_value.h"
#include "libassets/err.h"

static struct arena arena;

static void begin(void)
{
	arena_init(&arena, 1 << 20);
}

static void end(void)
{
	arena_done(&arena);
}

TestSuite(csv_map, .init = begin, .fini = end);

static const struct str lga_header[] = {
	STR_INIT("UPRN"),         STR_INIT("Asset_Code"),  STR_INIT("Property Name"),
	STR_INIT("StreetName"),   STR_INIT("PostTown"),    STR_INIT("POSTCODE"),
	STR_INIT("GeoX"),         STR_INIT("GeoY"),        STR_INIT("TenureType"),
	STR_INIT("TenureDetail"), STR_INIT("HoldingType"),
};

static json_t *record(const char *const *text, struct csv_problems *problems)
{
	struct str field[COUNT(lga_header)];
	struct csv_map m;

	for (size_t i = 0; i < COUNT(field); i++)
		field[i] = str_of(text[i]);
	cr_assert_eq(csv_map_choose(STR("auto"), lga_header, COUNT(lga_header), &m), 0);
	cr_assert(str_eq(m.name, STR("LGA")));
	return csv_map_record(&m, field, COUNT(field), &arena, problems);
}

Test(csv_map, chooses_by_header_and_refuses_the_unknown)
{
	static const struct str own[] = {STR_INIT("reference"), STR_INIT("name")};
	static const struct str none[] = {STR_INIT("a"), STR_INIT("b")};
	struct csv_map m;

	cr_assert_eq(csv_map_choose((struct str){NULL, 0}, own, 2, &m), 0);
	cr_assert(str_eq(m.name, STR("ASSETD")));
	cr_assert_eq(csv_map_choose(STR("auto"), none, 2, &m), ERR_INVALID);
	cr_assert_eq(csv_map_choose(STR("nonsense"), own, 2, &m), ERR_NOT_FOUND);
	cr_assert_eq(csv_map_choose(STR("lga"), own, 2, &m), ERR_INVALID);
}

Test(csv_map, a_clean_record_has_no_problem)
{
	const char *text[] = {
		"010012809302",     "A/1",      "Town Hall", "High St\r \r",     "Ayr",
		"\nKA7 1AB",        "233600.5", "621499.4",  "Freehold\xC2\xA0", "Vacant",
		"Land and Building"};
	struct csv_problems p = {.count = 0};
	json_auto_t *got = record(text, &p);
	json_auto_t *want =
		json_pack("{s:s s:s s:s s:s s:s s:s s:s s:i s:i s:s}", "reference", "A/1", "name",
			  "Town Hall", "class", "LAND_AND_BUILDING", "tenure", "OWNED", "address",
			  "High St, Ayr", "postcode", "KA7 1AB", "uprn", "10012809302", "easting",
			  233601, "northing", 621499, "notes", "Vacant");

	cr_assert_eq(p.count, 0);
	cr_assert(json_equal(got, want), "%s", json_dumps(got, 0));
}

Test(csv_map, odd_values_are_kept_and_said)
{
	const char *text[] = {
		"1.00121E+11", "A/2", "N/A", " \r21 Mill Lane\rAyr", "", "", "395265", "222126",
		"Licence",     "",    ""};
	struct csv_problems p = {.count = 0};
	json_auto_t *got = record(text, &p);

	cr_assert_str_eq(json_string_value(json_object_get(got, "name")), "21 Mill Lane");
	cr_assert_str_eq(json_string_value(json_object_get(got, "class")), "OTHER");
	cr_assert_str_eq(json_string_value(json_object_get(got, "tenure")), "OWNED");
	cr_assert_str_eq(json_string_value(json_object_get(got, "uprn")), "1.00121E+11");
	cr_assert_eq(p.count, 4);
	cr_assert(str_eq(p.at[0].code, STR("name-made-up")));
	cr_assert(str_eq(p.at[1].code, STR("tenure-assumed")));
	cr_assert(str_eq(p.at[2].code, STR("uprn")));
	cr_assert_eq(p.at[2].severity, CSV_ERROR);
	cr_assert(str_eq(p.at[3].code, STR("outside-scotland")));
}

Test(csv_map, a_nameless_asset_is_named_by_its_reference)
{
	const char *text[] = {"", "A/3", "", "", "", "", "", "", "Leasehold", "", "x"};
	struct csv_problems p = {.count = 0};
	json_auto_t *got = record(text, &p);

	cr_assert_str_eq(json_string_value(json_object_get(got, "name")), "Unnamed A/3");
	cr_assert_str_eq(json_string_value(json_object_get(got, "tenure")), "LEASED_IN");
	cr_assert(json_is_null(json_object_get(got, "easting")));
	cr_assert_eq(p.count, 1);
}

Test(csv_map, whole_numbers_round_half_away_from_zero)
{
	static const struct {
		struct str s;
		int err;
		int64_t value;
	} rows[] = {
		{STR_INIT("394751.00"), 0, 394751},
		{STR_INIT("-2.5"), 0, -3},
		{STR_INIT("7."), 0, 7},
		{STR_INIT(".5"), ERR_INVALID, 0},
		{STR_INIT("1e5"), ERR_INVALID, 0},
		{STR_INIT("1,000"), ERR_INVALID, 0},
		{STR_INIT(""), ERR_INVALID, 0},
		{STR_INIT("9999999999999999"), ERR_INVALID, 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t value = 0;

		cr_assert_eq(csv_whole(rows[i].s, &value), rows[i].err, "row %zu", i);
		cr_assert_eq(value, rows[i].value, "row %zu", i);
	}
}

Test(csv_map, codes)
{
	static const struct {
		struct str s, code;
	} rows[] = {
		{STR_INIT("Land and Building"), STR_INIT("LAND_AND_BUILDING")},
		{STR_INIT("  car-park (paid) "), STR_INIT("CAR_PARK_PAID")},
		{STR_INIT(" -- "), STR_INIT("OTHER")},
		{STR_INIT("3G pitch"), STR_INIT("X_3G_PITCH")},
		{STR_INIT("abcdefghijabcdefghijabcdefghijabcdefghij_tail"),
		 STR_INIT("ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJ")},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str code = csv_code(rows[i].s, &arena);

		cr_assert(str_eq(code, rows[i].code), "%s", code.at);
	}
}

/* A text that found no room is not a blank: a blank would erase what the register holds. */
Test(csv_map, a_record_that_finds_no_room_is_no_record)
{
	static const struct str header[] = {STR_INIT("reference"), STR_INIT("name")};
	const struct str field[] = {STR_INIT("A1"), STR_INIT("A hall of some length")};
	struct csv_problems problems = {.count = 0};
	struct arena small;
	struct csv_map m;

	cr_assert_eq(csv_map_choose(STR("auto"), header, 2, &m), 0);
	arena_init(&small, 16);
	cr_assert_null(csv_map_record(&m, field, 2, &small, &problems));
	arena_done(&small);
}
