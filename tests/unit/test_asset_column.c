/*
 * Our own list of assets: every member of an asset goes out and comes in, or it is said why not;
 * and values come in by the type that their field has.
 */
#include <criterion/criterion.h>

#include "libassets/import/csv_map.h"
#include "libassets/import/csv_plain.h"
#include "libassets/register/asset.h"

static const struct {
	const char *name;
	enum csv_target target;
} columns[] = {
#define ASSET_COLUMN(name, how, target) {#name, CSV_##target},
#include "libassets/register/asset_column.def"
#undef ASSET_COLUMN
};

/* Asked of an import as a whole (asset_column.def says why), so that no column is read. */
static const char of_the_list[] = "authority_id effective_on";

/* A place comes in as the grid's, and as degrees beside it. */
static bool is_target_of(enum csv_target t, const char *member)
{
	return strcmp(csv_target_field(t), member) == 0 ||
	       (t == CSV_X && strcmp(member, "lon") == 0) ||
	       (t == CSV_Y && strcmp(member, "lat") == 0);
}

Test(asset_column, every_member_of_an_asset_goes_out_and_comes_in)
{
	for (size_t i = 0; i < asset_shape.count; i++) {
		const char *member = asset_shape.field[i].name;
		size_t c = 0;

		while (c < COUNT(columns) && strcmp(columns[c].name, member) != 0)
			c++;
		cr_assert(c < COUNT(columns), "%s has no column", member);
		if (shape_is_word(str_of(member), of_the_list))
			cr_assert_eq(columns[c].target, CSV_OURS, "%s is read", member);
		else
			cr_assert(columns[c].target != CSV_OURS &&
					  is_target_of(columns[c].target, member),
				  "%s is not read", member);
	}
}

Test(asset_column, a_column_is_read_passed_over_or_nobodys)
{
	static const struct {
		struct str header;
		enum csv_use own, lga;
	} rows[] = {
		{STR_INIT("Published"), CSV_READ, CSV_MISSED},
		{STR_INIT("UPRN"), CSV_READ, CSV_READ},
		{STR_INIT("version"), CSV_PASSED, CSV_UNREAD},
		{STR_INIT("Organisation URI"), CSV_UNREAD, CSV_PASSED},
		{STR_INIT("Ward"), CSV_UNREAD, CSV_UNREAD},
		{STR_INIT(" "), CSV_PASSED, CSV_PASSED},
	};
	struct str own[COUNT(rows) + 1] = {STR("reference")};
	struct str lga[COUNT(rows) + 1] = {STR("AssetCode")};
	struct csv_map m;

	for (size_t i = 0; i < COUNT(rows); i++)
		own[i + 1] = lga[i + 1] = rows[i].header;
	cr_assert_eq(csv_map_choose(STR("ASSETD"), NULL, own, COUNT(own), &m), 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		cr_expect_eq(csv_map_use(&m, i + 1), rows[i].own, "%s", rows[i].header.at);
	cr_assert_eq(csv_map_choose(STR("LGA"), NULL, lga, COUNT(lga), &m), 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		cr_expect_eq(csv_map_use(&m, i + 1), rows[i].lga, "%s", rows[i].header.at);
}

Test(asset_column, values_come_in_by_their_type)
{
	static const struct {
		const char *field;
		struct str text;
		const char *json; /* NULL: it is none */
	} rows[] = {
		{"common_good", STR_INIT(" TRUE "), "true"},
		{"common_good", STR_INIT("No"), "false"},
		{"common_good", STR_INIT("0"), "false"},
		{"common_good", STR_INIT("perhaps"), NULL},
		{"published", STR_INIT("falsee"), NULL},
		{"decile", STR_INIT("3"), "3"},
		{"decile", STR_INIT("three"), NULL},
		{"checked_on", STR_INIT("2026-03-31"), "\"2026-03-31\""},
		{"checked_on", STR_INIT("31/03/2026"), "\"2026-03-31\""},
		{"checked_on", STR_INIT("1/4/2026"), "\"2026-04-01\""},
		{"checked_on", STR_INIT("03/31/2026"), NULL},
		{"checked_on", STR_INIT("31/03/26"), NULL},
		{"checked_on", STR_INIT("31/03/2026/1"), NULL},
		{"checked_on", STR_INIT("31/03"), NULL},
		{"checked_on", STR_INIT("46000"), NULL},
		{"exempt_reason", STR_INIT("a\tb  c "), "\"a b c\""},
		{"restrictions", STR_INIT("a  b\nc "), "\"a  b\\nc\""},
		{"owners", STR_INIT("a:1  b:0"),
		 "[{\"authority_id\":\"a\",\"units\":1},{\"authority_id\":\"b\",\"units\":0}]"},
		{"owners", STR_INIT("a"), NULL},
		{"owners", STR_INIT("a:-1"), NULL},
		{"owners", STR_INIT("a:"), NULL},
	};
	struct arena arena;

	arena_init(&arena, 1 << 16);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *cure = NULL;
		json_t *got = NULL;
		char *text = NULL;
		enum csv_plain made =
			csv_plain_value(rows[i].field, rows[i].text, true, &arena, &got, &cure);

		cr_assert_eq(made, rows[i].json ? CSV_PLAIN_MADE : CSV_PLAIN_WRONG, "row %zu", i);
		if (!rows[i].json) {
			cr_expect(cure && *cure, "row %zu says no cure", i);
			continue;
		}
		text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY);
		cr_expect_str_eq(text, rows[i].json, "row %zu: %s", i, text);
		free(text);
		json_decref(got);
	}
	arena_done(&arena);
}
