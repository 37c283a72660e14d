/*
 * Columns to fields: which layout, and what becomes of odd values.
 */
#include <criterion/criterion.h>
#include <time.h>

#include "libassets/base/err.h"
#include "libassets/import/csv_map.h"
#include "libassets/import/csv_value.h"

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
	cr_assert_eq(csv_map_choose(STR("auto"), NULL, lga_header, COUNT(lga_header), &m), 0);
	cr_assert(str_eq(m.name, STR("LGA")));
	return csv_map_record(&m, field, COUNT(field), &arena, problems);
}

Test(csv_map, chooses_by_header_and_refuses_the_unknown)
{
	static const struct str own[] = {STR_INIT("reference"), STR_INIT("name")};
	static const struct str none[] = {STR_INIT("a"), STR_INIT("b")};
	struct csv_map m;

	cr_assert_eq(csv_map_choose((struct str){NULL, 0}, NULL, own, 2, &m), 0);
	cr_assert(str_eq(m.name, STR("ASSETD")));
	cr_assert_eq(csv_map_choose(STR("auto"), NULL, none, 2, &m), ERR_INVALID);
	cr_assert_eq(csv_map_choose(STR("nonsense"), NULL, own, 2, &m), ERR_NOT_FOUND);
	cr_assert_eq(csv_map_choose(STR("lga"), NULL, own, 2, &m), ERR_INVALID);
}

/* However a spreadsheet pads or numbers a name; and a column without one is nobody's. */
Test(csv_map, knows_a_header_among_blanks_of_every_kind)
{
	static const struct str header[] = {STR_INIT("\xC2\xA0 (a)\xC2\xA0"
						     "Asset\xC2\xA0_code\xC2\xA0\n"),
					    STR_INIT("\v(b) "), STR_INIT(" _ "),
					    STR_INIT("\fTenure Type\xC2\xA0")};
	struct csv_map m;

	cr_assert_eq(csv_map_choose(STR("LGA"), NULL, header, COUNT(header), &m), 0);
	cr_expect_eq(m.known, 2);
	cr_expect_eq(m.column[CSV_REFERENCE], 0);
	cr_expect_eq(m.column[CSV_TENURE], 3);
}

/*
 * Names of a quarter of a megabyte: each is looked through once for each place that a header may
 * stand at, and not once more for each name that we know, which would be minutes.
 */
Test(csv_map, long_names_take_no_time)
{
	enum { LONG = 1 << 18, COLUMNS = 4 };
	CLEANUP(arena_done) struct arena roomy;
	char *name = malloc(LONG);
	struct str field[COLUMNS];
	struct csv_record head[CSV_HEAD_FIRST_MAX];
	struct csv_map m;

	arena_init(&roomy, 256 << 20);
	memset(name, 'x', LONG);
	for (size_t c = 0; c < COLUMNS; c++)
		field[c] = (struct str){name, LONG};
	for (size_t i = 0; i < COUNT(head); i++)
		head[i] = (struct csv_record){field, COLUMNS};
	cr_expect_eq(csv_head_find(STR("auto"), NULL, head, COUNT(head), &roomy, &m), ERR_INVALID);
	cr_expect_lt(clock() / CLOCKS_PER_SEC, 5, "seconds of a processor; it was 24");
	free(name);
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
	cr_assert_null(json_object_get(got, "uprn"), "said to be none, once");
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

Test(csv_map, a_tenure_is_read_by_the_words_that_pages_have_for_it)
{
	static const struct {
		const char *said, *tenure;
		size_t problems;
	} rows[] = {
		{"Leased in", "LEASED_IN", 0}, {"LEASED_IN", "LEASED_IN", 0},
		{"Leasehold", "LEASED_IN", 0}, {"Owned", "OWNED", 0},
		{"Freehold", "OWNED", 0},      {"Held somehow", "OWNED", 1},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *text[] = {"", "A/3", "Hall", "", "", "", "", "", rows[i].said, "", "x"};
		struct csv_problems p = {.count = 0};
		json_auto_t *got = record(text, &p);

		cr_assert_str_eq(json_string_value(json_object_get(got, "tenure")), rows[i].tenure,
				 "%s", rows[i].said);
		cr_assert_eq(p.count, rows[i].problems, "%s", rows[i].said);
	}
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

	cr_assert_eq(csv_map_choose(STR("auto"), NULL, header, 2, &m), 0);
	arena_init(&small, 16);
	cr_assert_null(csv_map_record(&m, field, 2, &small, &problems));
	arena_done(&small);
}

/* One line of a file for each text, fields with | between. */
static size_t table(const char *const *line, size_t n, struct csv_record *ret_record)
{
	for (size_t i = 0; i < n; i++) {
		struct str *field = ARENA_ARRAY(&arena, 16, struct str), rest = str_of(line[i]);
		size_t count = 0;

		while (!str_is_null(rest))
			field[count++] = str_cut(rest, '|', &rest);
		ret_record[i] = (struct csv_record){field, count};
	}
	return n;
}

Test(csv_map, finds_a_header_torn_over_records_below_a_title)
{
	static const char *const line[] = {
		"A Council's register|||",
		"(a) Reference|(b) name and address|(d) location|(d) location",
		"number|A Council's register|easting|northing",
		"A Council's register|x|A Council's register|",
		"BP01|Land off Bridgeside|330941|431694 OSGB36",
		"A Council's register||A Council's register|",
		"(a) Reference|(b) name and address|(d) location|(d) location",
	};
	struct csv_record record[COUNT(line)];
	size_t n = table(line, COUNT(line), record);
	struct csv_map m;
	struct csv_problems p = {.count = 0};
	json_t *got;

	cr_assert_eq(csv_head_find(STR("auto"), NULL, record, n, &arena, &m), 0);
	cr_assert(str_eq(m.name, STR("BROWNFIELD")));
	cr_assert_eq(m.head_first, 0);
	cr_assert_eq(m.head_count, 3);
	cr_assert_eq(csv_map_kind(&m, record[5].field, record[5].count), CSV_BLANK);
	cr_assert_eq(csv_map_kind(&m, record[6].field, record[6].count), CSV_HEADER_AGAIN);
	got = csv_map_record(&m, record[4].field, record[4].count, &arena, &p);
	cr_assert_str_eq(json_string_value(json_object_get(got, "reference")), "BP01");
	cr_assert_eq(json_integer_value(json_object_get(got, "northing")), 431694);
	json_decref(got);
	/* A piece of another record has no reference; the title is none. */
	p.count = 0;
	got = csv_map_record(&m, record[3].field, record[3].count, &arena, &p);
	cr_assert(str_eq(p.at[0].code, STR("fragment")));
	cr_assert_eq(p.at[0].severity, CSV_ERROR);
	json_decref(got);
}

Test(csv_map, what_people_call_their_columns)
{
	static const struct str plain[] = {STR_INIT("Asset Name"), STR_INIT("Type"),
					   STR_INIT("Value"), STR_INIT("Valuation date")};
	static const struct str lga[] = {STR_INIT("AssetCode"), STR_INIT("PropertyName"),
					 STR_INIT("StreetName"), STR_INIT("Category"),
					 STR_INIT("Remarks")};
	static const struct str own[] = {STR_INIT("reference"), STR_INIT("name"),
					 STR_INIT("class")};
	enum csv_target target;
	struct csv_map m;

	cr_assert_eq(csv_map_choose(STR("auto"), NULL, plain, COUNT(plain), &m), 0);
	cr_assert(str_eq(m.name, STR("COMMON")));
	cr_assert_eq(m.column[CSV_NAME], 0);
	cr_assert_eq(m.column[CSV_CLASS], 1);
	cr_assert_eq(csv_map_use(&m, 2), CSV_UNREAD);
	/* Who follows a layout is read by it, though common headings know more. */
	cr_assert_eq(csv_map_choose(STR("auto"), NULL, lga, COUNT(lga), &m), 0);
	cr_assert(str_eq(m.name, STR("LGA")));
	cr_assert_eq(csv_map_choose(STR("auto"), NULL, own, COUNT(own), &m), 0);
	cr_assert(str_eq(m.name, STR("ASSETD")));
	cr_assert(csv_heading_means(STR("ASSET REF"), &target) && target == CSV_REFERENCE);
	cr_assert_not(csv_heading_means(STR("Value"), &target));
	cr_assert_not(csv_heading_means(STR("version"), &target), "the register's own");
}

/* By what we call it and by what people do, where both are written alike; two columns are two. */
Test(csv_map, a_heading_that_is_known_twice_is_one_column)
{
	static const struct str alike[] = {STR_INIT("Asset Name"), STR_INIT("Type"),
					   STR_INIT("Area M2"), STR_INIT("area_m2")};
	struct csv_map m;

	for (size_t i = 2; i < COUNT(alike); i++) {
		const struct str one[] = {alike[0], alike[1], alike[i]};

		cr_assert_eq(csv_map_choose(STR("auto"), NULL, one, COUNT(one), &m), 0);
		cr_assert(str_eq(m.name, STR("COMMON")));
		cr_assert_eq(m.column[CSV_AREA], 2);
	}
	cr_assert_eq(csv_map_choose(STR("auto"), NULL, alike, COUNT(alike), &m), ERR_DUPLICATE);
}

Test(csv_map, a_saved_layout_is_asked_for_by_its_name)
{
	static const struct csv_layout_row rows[] = {
		{STR_INIT("Code"), CSV_REFERENCE},
		{STR_INIT("What it is"), CSV_NAME},
		{STR_INIT("Ha"), CSV_HECTARES},
	};
	static const struct csv_layout saved = {.name = STR_INIT("Estates"),
						.row = rows,
						.count = COUNT(rows),
						.preset = {[CSV_CLASS] = STR_INIT("HALL")}};
	static const struct str header[] = {STR_INIT("CODE"), STR_INIT("what_it_is"),
					    STR_INIT("ha")};
	static const struct str field[] = {STR_INIT("7"), STR_INIT("Hall"), STR_INIT("0.5")};
	struct csv_problems p = {.count = 0};
	struct csv_map m;
	json_t *got;

	cr_assert_eq(csv_map_choose(STR("estates"), &saved, header, 3, &m), 0);
	cr_assert(str_eq(m.preset[CSV_CLASS], STR("HALL")));
	got = csv_map_record(&m, field, 3, &arena, &p);
	cr_assert_eq(json_integer_value(json_object_get(got, "area_m2")), 5000);
	cr_assert_eq(p.count, 0);
	json_decref(got);
	cr_assert_eq(csv_map_choose(STR("estates"), NULL, header, 3, &m), ERR_NOT_FOUND);
}

Test(csv_map, long_names_are_cut_behind_a_word_and_quotes_taken_off)
{
	char quoted[] = "\"Jethro's Motel\"";
	char name[400];
	const char *text[] = {"", "A/9", name, "", "", "", "", "", "Freehold", "", "x"};
	struct csv_problems p = {.count = 0};
	json_t *got;

	for (size_t i = 0; i + 1 < sizeof(name); i++)
		name[i] = i % 10 == 9 ? ' ' : 'x';
	name[sizeof(name) - 1] = '\0';
	got = record(text, &p);
	cr_assert_eq(json_string_length(json_object_get(got, "name")), 299);
	cr_assert(str_eq(p.at[0].code, STR("name-cut")));
	json_decref(got);
	text[2] = quoted;
	got = record(text, &p);
	cr_assert_str_eq(json_string_value(json_object_get(got, "name")), "Jethro's Motel");
	json_decref(got);
}
