/*
 * The rows of a grid, block by block. Both kinds of file take the same cells as texts.
 */
#include "receipts_sheet.h"

#include <stdlib.h>

#include "daemon/export/workbook.h"
#include "libassets/base/arena.h"
#include "libassets/base/err.h"

/* What is said of the whole, in each line of CSV and on the second sheet. */
static const struct {
	const char *member, *label;
} head_table[] = {
	{"as_of", "As of"},
	{"position", "Includes the feed up to position"},
	{"run", "Frozen run"},
	{"scenario", "Scenario"},
	{"seed", "Seed of the simulation"},
	{"paths", "Paths of the simulation"},
	{"model_version", "Version of the model"},
	{"parameters_hash", "SHA-256 of the parameters"},
	{"simulated_position", "Percentiles include the feed up to position"},
	{"told_first_as_of", "Oldest part of public totals as of"},
	{"told_first_parameters_hash", "SHA-256 of its parameters"},
	{"told_last_as_of", "Newest part of public totals as of"},
	{"told_last_parameters_hash", "SHA-256 of its parameters"},
};

/* A figure, or a sum of figures. */
struct receipts_figure {
	bool is_there, is_held_back, is_over;
	int128 pence;
};

/* --- cells ------------------------------------------------------------------------------------ */

static struct receipts_figure figure_of(const struct receipts_item *i, size_t measure)
{
	enum receipts_state state = i ? i->state[measure] : RECEIPTS_NONE;

	return (struct receipts_figure){
		.is_there = state != RECEIPTS_NONE,
		.is_held_back = state == RECEIPTS_HELD_BACK,
		.is_over = state == RECEIPTS_OVER,
		.pence = state == RECEIPTS_KNOWN ? i->pence[measure] : 0,
	};
}

static void add(struct receipts_figure *sum, struct receipts_figure f)
{
	sum->is_there |= f.is_there;
	sum->is_held_back |= f.is_held_back;
	sum->is_over |= f.is_over;
	sum->pence += f.pence;
}

static void put_text(struct receipts_sheet *s, struct str text)
{
	sheet_cell(&s->sheet, XLSX_TEXT, text);
}

static void put_figure(struct receipts_sheet *s, struct receipts_figure f)
{
	char text[MONEY_TEXT];

	if (!f.is_there) {
		sheet_cell(&s->sheet, XLSX_MONEY, STR(""));
	} else if (f.is_held_back) {
		sheet_cell(&s->sheet, XLSX_MONEY, s->book ? STR("withheld") : STR(""));
	} else if (f.is_over || !money_fits(f.pence)) {
		sheet_cell(&s->sheet, XLSX_MONEY, STR("E_OVERFLOW"));
	} else {
		money_plain((int64_t)f.pence, text);
		sheet_cell(&s->sheet, XLSX_MONEY, str_of(text));
	}
}

/* What the answer says of the whole, behind the row. */
static void put_behind(struct receipts_sheet *s)
{
	for (size_t i = 0; i < COUNT(head_table) && !s->book; i++) {
		const json_t *value = json_object_get(s->grid->head, head_table[i].member);
		char number[24];

		if (json_is_integer(value)) {
			snprintf(number, sizeof(number), "%lld",
				 (long long)json_integer_value(value));
			sheet_cell(&s->sheet, XLSX_NUMBER, str_of(number));
		} else {
			put_text(s, str_of(json_string_value(value)));
		}
	}
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool has_across(const struct receipts_sheet *s)
{
	return s->grid->member[RECEIPTS_ACROSS] && !s->grid->is_long;
}

/* What the row is of; of a pair the second beside the first. */
static void put_names(struct receipts_sheet *s, uint32_t row)
{
	const struct receipts_grid *g = s->grid;
	const uint32_t *line = g->is_long ? g->item[row].line : NULL;
	const struct receipts_line *down =
		&g->line[RECEIPTS_DOWN][line ? line[RECEIPTS_DOWN] : row];

	put_text(s, down->name);
	put_text(s, down->key);
	if (line) {
		put_text(s, g->line[RECEIPTS_ACROSS][line[RECEIPTS_ACROSS]].name);
		put_text(s, g->line[RECEIPTS_ACROSS][line[RECEIPTS_ACROSS]].key);
	}
}

static void put_row(struct receipts_sheet *s)
{
	const struct receipts_measure *m = &receipts_measure_table[s->measure];
	struct receipts_figure sum = {0};

	sheet_row(&s->sheet);
	put_text(s, str_of(m->name));
	put_names(s, s->row);
	for (uint32_t i = 0; i < s->grid->columns; i++) {
		struct receipts_figure f =
			figure_of(receipts_grid_at(s->grid, s->row, i), s->measure);

		if (has_across(s))
			put_figure(s, f);
		add(&s->sum[i], f);
		if (receipts_grid_is_inside(s->grid, i))
			add(&sum, f);
	}
	/* The total of a series of percentiles is no sum; of a key without series it is its own. */
	put_figure(s, m->is_percentile && has_across(s) ? (struct receipts_figure){0} : sum);
	put_behind(s);
	sheet_row_end(&s->sheet);
}

static void put_sum_row(struct receipts_sheet *s)
{
	const struct receipts_measure *m = &receipts_measure_table[s->measure];

	sheet_row(&s->sheet);
	put_text(s, str_of(m->name));
	put_text(s, STR("All together"));
	for (int i = 0; i < (s->grid->is_long ? 3 : 1); i++)
		put_text(s, STR(""));
	for (uint32_t i = 0; i < s->grid->columns && has_across(s); i++)
		put_figure(s, m->is_percentile ? (struct receipts_figure){0} : s->sum[i]);
	put_figure(s, figure_of(&s->grid->total, s->measure));
	put_behind(s);
	sheet_row_end(&s->sheet);
}

/* Is there a block of the measure at all? */
static bool has_block(const struct receipts_sheet *s)
{
	const struct receipts_measure *m = &receipts_measure_table[s->measure];

	return !(m->is_percentile || m->is_beside) || s->grid->has[s->measure];
}

static void next_measure(struct receipts_sheet *s)
{
	memset(s->sum, 0, s->grid->columns * sizeof(*s->sum));
	s->row = 0;
	do
		s->measure++;
	while (s->measure < RECEIPTS_MEASURES && !has_block(s));
}

static void put_next(struct receipts_sheet *s)
{
	const struct receipts_grid *g = s->grid;

	if (s->row == g->rows) {
		if (g->member[RECEIPTS_DOWN] && !receipts_measure_table[s->measure].is_beside)
			put_sum_row(s);
		next_measure(s);
	} else {
		put_row(s);
		s->row++;
	}
}

/* --- the files -------------------------------------------------------------------------------- */

/* What stands above the columns. */
static int put_head(struct receipts_sheet *s)
{
	const struct receipts_grid *g = s->grid;
	struct str *head = ARENA_ARRAY(s->arena, g->columns + 6 + COUNT(head_table), struct str);
	int n = 0;

	if (!head)
		return ERR_NOMEM;
	head[n++] = STR("measure");
	head[n++] = STR("group");
	head[n++] = STR("group_id");
	if (g->is_long) {
		head[n++] = STR("second_group");
		head[n++] = STR("second_group_id");
	}
	for (uint32_t i = 0; i < g->columns && has_across(s); i++)
		head[n++] = arena_fmt(s->arena, "%s_gbp", g->line[RECEIPTS_ACROSS][i].name.at);
	head[n++] = STR("total_gbp");
	s->columns = n;
	s->head = head;
	if (s->book)
		return 0; /* it puts its own */
	for (size_t i = 0; i < COUNT(head_table); i++)
		head[n++] = str_of(head_table[i].member);
	for (int i = 0; i < n; i++)
		put_text(s, head[i]);
	sheet_row_end(&s->sheet);
	return 0;
}

static int begin_book(struct receipts_sheet *s)
{
	struct workbook_shape shape = {.name = STR("Forecast"),
				       .head = s->head,
				       .columns = s->columns,
				       .rows_max = XLSX_ROWS_MAX,
				       .on = s->on,
				       .frozen = 2};
	int *widths = ARENA_ARRAY(s->arena, (size_t)s->columns, int);

	if (!widths)
		return ERR_NOMEM;
	for (int i = 0; i < s->columns; i++)
		widths[i] = i < 2 ? 32 : 16;
	shape.widths = widths;
	s->sheet.book = *s->book = workbook_new(&shape);
	return *s->book ? 0 : ERR_NOMEM;
}

int receipts_sheet_begin(struct receipts_sheet *s, struct buf *out)
{
	int r;

	s->sheet = (struct sheet){.out = out, .is_guarded = s->is_guarded};
	s->sum = ARENA_ARRAY(s->arena, s->grid->columns + 1, struct receipts_figure);
	if (!s->sum)
		return ERR_NOMEM;
	memset(s->sum, 0, s->grid->columns * sizeof(*s->sum));
	r = put_head(s);
	return r == 0 && s->book ? begin_book(s) : r;
}

static void put_fact(struct receipts_sheet *s, const char *label, struct str value)
{
	sheet_row(&s->sheet);
	put_text(s, str_of(label));
	put_text(s, value);
	sheet_row_end(&s->sheet);
}

static void put_json_fact(struct receipts_sheet *s, const char *label, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (json_is_string(value))
		put_fact(s, label, str_of(json_string_value(value)));
	else
		put_fact(s, label, json_is_null(value) ? STR("") : str_of(text));
	free(text);
}

/* What it was worked out with, and what is not in it. */
static void put_provenance(struct receipts_sheet *s)
{
	for (size_t i = 0; i < COUNT(head_table); i++)
		put_json_fact(s, head_table[i].label,
			      json_object_get(s->grid->head, head_table[i].member));
	put_fact(s, "BEST, LIKELY and WORST",
		 STR("Best, likely and worst for receipts, not for communities."));
	put_fact(s, "Amounts",
		 STR("Pounds, from exact pence. Net of costs where nothing else is said. ACTUAL "
		     "and BEYOND are in no total."));
	put_fact(s, "Percentiles",
		 STR("Not additive: the P90 of two authorities is not the sum of theirs."));
	put_json_fact(s, "Why there are no percentiles",
		      json_object_get(s->grid->head, "percentiles_absent"));
	put_fact(s, "Figures withheld", arena_fmt(s->arena, "%zu", s->grid->held_back));
	put_fact(s, "Why withheld",
		 STR("Fewer than 3 unsold assets stand behind them, or they would give such a "
		     "figure away; whoever may read the money is shown them. Groups of which "
		     "nothing may be told are left out. This is said whether there are any or "
		     "not."));
	put_fact(s, "Assets that give no figure", arena_fmt(s->arena, "%zu", s->grid->exceptions));
	put_fact(s, "The same for programs", s->address);
}

/* A whole number as one, whatever else it is as programs have it. */
static void put_value(struct receipts_sheet *s, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (json_is_string(value))
		put_text(s, str_of(json_string_value(value)));
	else
		sheet_cell(&s->sheet, json_is_integer(value) ? XLSX_NUMBER : XLSX_TEXT,
			   str_of(json_is_null(value) || !text ? "" : text));
	free(text);
}

static const struct str parameter_head[] = {
	STR_INIT("label"),   STR_INIT("path"), STR_INIT("value"),
	STR_INIT("default"), STR_INIT("unit"), STR_INIT("origin"),
};

static void put_parameters(struct receipts_sheet *s)
{
	json_t *row;
	size_t i;

	json_array_foreach (s->parameters, i, row) {
		sheet_row(&s->sheet);
		for (size_t k = 0; k < COUNT(parameter_head); k++)
			put_value(s, json_object_get(row, parameter_head[k].at));
		sheet_row_end(&s->sheet);
	}
}

static void end_book(struct receipts_sheet *s)
{
	static const struct str fact_head[] = {STR_INIT("what"), STR_INIT("value")};
	static const int fact_widths[] = {36, 80}, widths[] = {48, 40, 16, 16, 12, 8};
	const struct workbook_shape facts = {
		STR("Provenance"), fact_head, fact_widths, 2, XLSX_ROWS_MAX, s->on, 0};
	const struct workbook_shape parameters = {
		STR("Parameters"), parameter_head, widths, COUNT(widths), XLSX_ROWS_MAX, s->on, 0};

	workbook_sheet(*s->book, &facts);
	put_provenance(s);
	if (s->parameters) {
		workbook_sheet(*s->book, &parameters);
		put_parameters(s);
	}
	workbook_end(*s->book);
}

int receipts_sheet_rows(struct receipts_sheet *s, size_t cells, struct buf *out, bool *ret_is_whole)
{
	size_t most = cells / (s->grid->columns + 4) + 1;
	int r = 0;

	s->sheet.out = out;
	while (most && s->measure < RECEIPTS_MEASURES) {
		put_next(s);
		s->rows++;
		most--;
	}
	*ret_is_whole = s->measure == RECEIPTS_MEASURES;
	if (*ret_is_whole && s->book)
		end_book(s);
	if (s->book)
		r = workbook_take(*s->book, out);
	return r < 0 ? r : buf_err(out);
}
