/*
 * Each column is a row of a table: where an item has it, and how a spreadsheet is to take it. What
 * is a list in JSON is one cell here, its members with a semicolon between them.
 */
#include "plans_sheet.h"

#include "daemon/export/sheet.h"
#include "daemon/export/workbook.h"
#include "libassets/base/err.h"
#include "libassets/base/money.h"

enum { CELL_MAX = 30000 /* characters; a spreadsheet takes 32,767 */ };

static const struct column {
	struct str head;
	const char *path[2], *each[2]; /* each: of the members of a list */
	enum xlsx_kind kind;
	int width;
} column_table[] = {
	{STR_INIT("asset_id"), {"asset_id"}, {0}, XLSX_TEXT, 34},
	{STR_INIT("name"), {"name"}, {0}, XLSX_TEXT, 40},
	{STR_INIT("class"), {"class"}, {0}, XLSX_TEXT, 16},
	{STR_INIT("lifecycle"), {"lifecycle"}, {0}, XLSX_TEXT, 16},
	{STR_INIT("authority"), {"authority_name"}, {0}, XLSX_TEXT, 30},
	{STR_INIT("owners"), {"owners"}, {"name"}, XLSX_TEXT, 30},
	{STR_INIT("locality"), {"locality_name"}, {0}, XLSX_TEXT, 20},
	{STR_INIT("decile"), {"decile"}, {0}, XLSX_NUMBER, 8},
	{STR_INIT("address"), {"address"}, {0}, XLSX_TEXT, 40},
	{STR_INIT("postcode"), {"postcode"}, {0}, XLSX_TEXT, 12},
	{STR_INIT("uprn"), {"uprn"}, {0}, XLSX_TEXT, 14},
	{STR_INIT("easting"), {"easting"}, {0}, XLSX_NUMBER, 10},
	{STR_INIT("northing"), {"northing"}, {0}, XLSX_NUMBER, 10},
	{STR_INIT("method"), {"plan", "method"}, {0}, XLSX_TEXT, 12},
	{STR_INIT("stage"), {"plan", "stage"}, {0}, XLSX_TEXT, 16},
	{STR_INIT("planned_on"), {"plan", "planned_on"}, {0}, XLSX_DAY, 12},
	{STR_INIT("year"), {"plan", "year"}, {0}, XLSX_TEXT, 10},
	{STR_INIT("quarter"), {"plan", "quarter"}, {0}, XLSX_TEXT, 12},
	{STR_INIT("requests"), {"requests"}, {"reference"}, XLSX_TEXT, 20},
	{STR_INIT("community_bodies"), {"requests"}, {"community_body_name"}, XLSX_TEXT, 30},
	{STR_INIT("request_states"), {"requests"}, {"state"}, XLSX_TEXT, 20},
	{STR_INIT("beside"), {"beside"}, {"name", "authority_name"}, XLSX_TEXT, 40},
	{STR_INIT("beside_m"), {"beside"}, {"distance_m"}, XLSX_TEXT, 12},
	{STR_INIT("same_site"), {"beside"}, {"same_site"}, XLSX_TEXT, 12},
};

/* A cell that is too long ends early, between two members. */
static void add_value(struct buf *cell, const json_t *value, const char *between)
{
	const char *text = json_string_value(value);

	if (json_is_null(value) || !value || cell->len > CELL_MAX)
		return;
	if (cell->len)
		buf_str(cell, str_of(between));
	if (json_is_integer(value))
		buf_i64(cell, json_integer_value(value));
	else if (text)
		buf_str(cell, str_of(text));
}

static void put_list(struct sheet *s, const json_t *list, const struct column *c)
{
	CLEANUP(buf_done) struct buf cell = BUF(1 << 20);
	const json_t *one;
	size_t i;

	json_array_foreach (list, i, one) {
		add_value(&cell, json_object_get(one, c->each[0]), "; ");
		if (c->each[1])
			add_value(&cell, json_object_get(one, c->each[1]), ", ");
	}
	sheet_cell(s, c->kind, buf_view(&cell));
}

static void put_plan(struct sheet *s, const json_t *item)
{
	sheet_row(s);
	for (size_t i = 0; i < COUNT(column_table); i++) {
		const struct column *c = &column_table[i];
		const json_t *value = json_object_get(item, c->path[0]);
		CLEANUP(buf_done) struct buf cell = BUF(1 << 20);

		if (c->path[1])
			value = json_object_get(value, c->path[1]);
		if (c->each[0]) {
			put_list(s, value, c);
			continue;
		}
		add_value(&cell, value, "");
		sheet_cell(s, c->kind, buf_view(&cell));
	}
	sheet_row_end(s);
}

static void put_plans(struct sheet *s, const json_t *body)
{
	const json_t *items = json_object_get(body, "items"), *item;
	size_t i;

	json_array_foreach (items, i, item)
		put_plan(s, item);
}

int plans_csv(struct buf *out, const json_t *body, bool is_guarded)
{
	struct sheet s = {.out = out, .is_guarded = is_guarded};

	for (size_t i = 0; i < COUNT(column_table); i++)
		sheet_cell(&s, XLSX_TEXT, column_table[i].head);
	sheet_row_end(&s);
	put_plans(&s, body);
	return buf_err(out);
}

/* --- the further sheets ----------------------------------------------------------------------- */

static const struct str partner_head[] = {
	STR_INIT("partner"),       STR_INIT("year"),           STR_INIT("baseline_gbp"),
	STR_INIT("adjusted_gbp"),  STR_INIT("adjustment_gbp"), STR_INIT("forgone_gbp"),
	STR_INIT("benefit_score"), STR_INIT("benefit_gbp"),
};
static const int partner_widths[] = {30, 12, 16, 16, 16, 16, 14, 16};

static const struct str site_head[] = {STR_INIT("same_site"), STR_INIT("bodies"),
				       STR_INIT("assets"), STR_INIT("requests")};
static const int site_widths[] = {12, 50, 60, 40};

static void put_pence(struct sheet *s, const json_t *pence)
{
	char text[MONEY_TEXT];

	if (!json_is_integer(pence)) {
		sheet_cell(s, XLSX_TEXT,
			   json_is_string(pence) ? STR("E_OVERFLOW") : STR("withheld"));
		return;
	}
	money_plain(json_integer_value(pence), text);
	sheet_cell(s, XLSX_MONEY, str_of(text));
}

/* A year of a partner, or its total, which has the benefits beside it. */
static void put_amounts(struct sheet *s, const json_t *partner, const char *when,
			const json_t *amounts, const json_t *benefit)
{
	CLEANUP(buf_done) struct buf score = BUF(64);

	sheet_row(s);
	sheet_cell(s, XLSX_TEXT, str_of(json_string_value(json_object_get(partner, "name"))));
	sheet_cell(s, XLSX_TEXT, str_of(when));
	put_pence(s, json_object_get(amounts, "baseline_pence"));
	put_pence(s, json_object_get(amounts, "adjusted_pence"));
	put_pence(s, json_object_get(amounts, "adjustment_pence"));
	put_pence(s, json_object_get(amounts, "forgone_pence"));
	if (benefit) {
		add_value(&score, json_object_get(benefit, "score"), "");
		sheet_cell(s, XLSX_NUMBER, buf_view(&score));
		put_pence(s, json_object_get(benefit, "benefit_pence"));
	}
}

static void put_partners(struct sheet *s, const json_t *body)
{
	const json_t *list = json_object_get(json_object_get(body, "by_partner"), "items"), *one,
		     *years, *year;
	size_t i, k;

	json_array_foreach (list, i, one) {
		years = json_object_get(one, "years");
		json_array_foreach (years, k, year)
			put_amounts(s, one, json_string_value(json_object_get(year, "year")), year,
				    NULL);
		put_amounts(s, one, "All years", json_object_get(one, "totals"),
			    json_object_get(one, "benefit"));
	}
}

static void put_sites(struct sheet *s, const json_t *body)
{
	static const struct column list_table[] = {
		{.path = {"authorities"}, .each = {"name"}},
		{.path = {"assets"}, .each = {"name", "authority_name"}},
		{.path = {"requests"}, .each = {"reference", "community_body_name"}},
	};
	const json_t *sites = json_object_get(body, "sites"), *site;
	size_t i;

	json_array_foreach (sites, i, site) {
		sheet_row(s);
		sheet_cell(s, XLSX_TEXT,
			   str_of(json_string_value(json_object_get(site, "same_site"))));
		for (size_t c = 0; c < COUNT(list_table); c++)
			put_list(s, json_object_get(site, list_table[c].path[0]), &list_table[c]);
	}
}

int plans_book(struct buf *out, const json_t *body, struct day on)
{
	const struct workbook_shape partners = {STR("By partner"),
						partner_head,
						partner_widths,
						COUNT(partner_head),
						XLSX_ROWS_MAX,
						on,
						0};
	const struct workbook_shape sites = {STR("Shared sites"),
					     site_head,
					     site_widths,
					     COUNT(site_head),
					     XLSX_ROWS_MAX,
					     on,
					     0};
	struct str head[COUNT(column_table)];
	int widths[COUNT(column_table)], r;
	struct sheet s = {0};

	for (size_t i = 0; i < COUNT(column_table); i++) {
		head[i] = column_table[i].head;
		widths[i] = column_table[i].width;
	}
	s.book = workbook_new(&(struct workbook_shape){STR("Plans"), head, widths,
						       COUNT(column_table), XLSX_ROWS_MAX, on, 0});
	if (!s.book)
		return ERR_NOMEM;
	put_plans(&s, body);
	workbook_sheet(s.book, &partners);
	put_partners(&s, body);
	workbook_sheet(s.book, &sites);
	put_sites(&s, body);
	workbook_end(s.book);
	r = workbook_take(s.book, out);
	workbook_free(s.book);
	return r;
}
