/*
 * The answer is a list of items; here they get their places in a grid, which is then read once for
 * each measure. Both kinds of file take the same cells as texts.
 */
#include "receipts_sheet.h"

#include <inttypes.h>
#include <stdlib.h>

#include "libassets/arena.h"
#include "libassets/csv_write.h"
#include "libassets/err.h"
#include "libassets/money.h"
#include "workbook.h"

enum {
	ACROSS_MAX = 600,    /* columns that a spreadsheet's user may want to see */
	PLACES_MAX = 1 << 17 /* rows by columns, each of which is looked at once a measure */
};

/* What a block is of: where an item has it, and whether it may be summed. */
static const struct measure {
	const char *name;
	const char *path[3];
	bool is_percentile;
} measure_table[] = {
	{"Baseline", {"baseline", "net_pence"}, false},
	{"Adjusted", {"adjusted", "net_pence"}, false},
	{"Adjustment", {"adjustment_pence"}, false},
	{"Baseline gross", {"baseline", "gross_pence"}, false},
	{"Baseline costs", {"baseline", "cost_pence"}, false},
	{"Adjusted gross", {"adjusted", "gross_pence"}, false},
	{"Adjusted costs", {"adjusted", "cost_pence"}, false},
	{"Adjusted rent (revenue)", {"rent_pence"}, false},
	{"Baseline P10 (not additive)", {"percentiles", "baseline", "p10_pence"}, true},
	{"Baseline P50 (not additive)", {"percentiles", "baseline", "p50_pence"}, true},
	{"Baseline P90 (not additive)", {"percentiles", "baseline", "p90_pence"}, true},
	{"Adjusted P10 (not additive)", {"percentiles", "adjusted", "p10_pence"}, true},
	{"Adjusted P50 (not additive)", {"percentiles", "adjusted", "p50_pence"}, true},
	{"Adjusted P90 (not additive)", {"percentiles", "adjusted", "p90_pence"}, true},
	{"Adjustment P10 (not additive)", {"percentiles", "adjustment", "p10_pence"}, true},
	{"Adjustment P50 (not additive)", {"percentiles", "adjustment", "p50_pence"}, true},
	{"Adjustment P90 (not additive)", {"percentiles", "adjustment", "p90_pence"}, true},
};

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
};

/* One row or column: what stands for it in the items, and what it is called. */
struct line {
	struct str key, name;
};

struct grid {
	const struct receipts_sheet *s;
	struct line *down, *across;
	size_t downs, acrosses;
	const json_t **item; /* downs × acrosses; NULL: nothing happens there */
	size_t held_back;
	struct workbook *book; /* NULL: to out */
	struct buf *out;
	int column;
};

/* --- the grid ------------------------------------------------------------------------------- */

static const json_t *group_value(const json_t *item, const char *member)
{
	return member ? json_object_get(json_object_get(item, "group"), member) : NULL;
}

/* As a key: text, a number in digits, "" for none. */
static struct str key_of(const json_t *item, const char *member, struct arena *a)
{
	const json_t *value = group_value(item, member);

	if (json_is_integer(value))
		return arena_fmt(a, "%d", (int)json_integer_value(value));
	return str_of(json_is_string(value) ? json_string_value(value) : "");
}

static bool is_time(const char *member)
{
	return member && (strcmp(member, "year") == 0 || strcmp(member, "quarter") == 0);
}

/* Outside the horizon: among the items, in no total. */
static bool is_outside(const struct grid *g, size_t across)
{
	struct str key = g->across[across].key;

	return is_time(g->s->across) &&
	       (str_starts(key, STR("ACTUAL:")) || str_eq(key, STR("BEYOND")));
}

static struct str name_of(const struct grid *g, const char *member, struct str key, struct arena *a)
{
	const char *name = json_string_value(json_object_get(g->s->names, key.len ? key.at : "-"));

	if (!member)
		return STR("All");
	if (strcmp(member, "decile") == 0)
		return str_eq(key, STR("0")) ? STR("No decile") : arena_fmt(a, "Decile %s", key.at);
	if (!key.len)
		return STR("None");
	return name ? str_of(name) : key;
}

/* Actuals, then years or quarters as they come, then what lies beyond; keys by their names. */
static int by_place(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	bool x_was = str_starts(x->key, STR("ACTUAL:")), y_was = str_starts(y->key, STR("ACTUAL:"));
	int order;

	if (x_was != y_was)
		return x_was ? -1 : 1;
	order = str_cmp(x->name, y->name);
	return order ? order : str_cmp(x->key, y->key);
}

/* All different keys of a member, sorted. */
static int lines_of(struct grid *g, const char *member, struct line **ret_line, size_t *ret_count,
		    struct arena *a)
{
	const json_t *items = json_object_get(g->s->answer, "items"), *item;
	struct line *line = ARENA_ARRAY(a, json_array_size(items) + 1, struct line);
	json_auto_t *seen = json_object();
	size_t i, n = 0;

	if (!line || !seen)
		return ERR_NOMEM;
	json_array_foreach (items, i, item) {
		struct str key = key_of(item, member, a);

		if (!key.at)
			return ERR_NOMEM;
		if (json_object_get(seen, key.at))
			continue;
		if (json_object_set_new(seen, key.at, json_true()) < 0)
			return ERR_NOMEM;
		line[n++] = (struct line){key, name_of(g, member, key, a)};
	}
	qsort(line, n, sizeof(*line), by_place);
	*ret_line = line;
	*ret_count = n;
	return 0;
}

/* From where the one before was found: items stand in order, so it is mostly this or the next. */
static size_t place_of(const struct line *line, size_t count, struct str key, size_t before)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = (before + i) % count;

		if (str_eq(line[at].key, key))
			return at;
	}
	return 0;
}

static int grid_make(struct grid *g, struct arena *a)
{
	const json_t *items = json_object_get(g->s->answer, "items"), *item;
	size_t i, row = 0, column = 0;
	int r = lines_of(g, g->s->down, &g->down, &g->downs, a);

	if (r == 0)
		r = lines_of(g, g->s->across, &g->across, &g->acrosses, a);
	if (r < 0)
		return r;
	if (!g->s->across)
		g->acrosses = 1;
	if (g->acrosses > ACROSS_MAX || g->downs * g->acrosses > PLACES_MAX)
		return ERR_LIMIT;
	g->item = ARENA_ARRAY(a, g->downs * g->acrosses + 1, const json_t *);
	if (!g->item)
		return ERR_NOMEM;
	json_array_foreach (items, i, item) {
		row = place_of(g->down, g->downs, key_of(item, g->s->down, a), row);
		column = place_of(g->across, g->acrosses, key_of(item, g->s->across, a), column);
		g->item[row * g->acrosses + column] = item;
		g->held_back += json_is_true(json_object_get(item, "suppressed"));
	}
	return 0;
}

/* --- cells ------------------------------------------------------------------------------------ */

static void put(struct grid *g, enum xlsx_kind kind, struct str text)
{
	if (g->book)
		workbook_cell(g->book, g->column, kind, text);
	else if (g->column)
		buf_char(g->out, ',');
	if (!g->book && kind == XLSX_TEXT && g->s->is_guarded)
		csv_write_guarded(g->out, text);
	else if (!g->book)
		csv_write_cell(g->out, text);
	g->column++;
}

static void begin_row(struct grid *g)
{
	if (g->book)
		workbook_row(g->book);
	g->column = 0;
}

static void end_row(struct grid *g)
{
	if (!g->book)
		buf_str(g->out, STR("\r\n"));
}

/* A figure, or a sum of figures. */
struct figure {
	bool is_there, is_held_back, is_over;
	int128 pence;
};

static const json_t *at_path(const json_t *item, const struct measure *m)
{
	for (size_t i = 0; i < COUNT(m->path) && m->path[i]; i++)
		item = json_object_get(item, m->path[i]);
	return item;
}

static struct figure figure_of(const json_t *item, const struct measure *m)
{
	const json_t *value = at_path(item, m);

	if (!item)
		return (struct figure){0};
	if (json_is_true(json_object_get(item, "suppressed")))
		return (struct figure){.is_there = true, .is_held_back = true};
	return (struct figure){
		.is_there = json_is_integer(value) || json_is_string(value),
		.is_over = json_is_string(value),
		.pence = json_integer_value(value),
	};
}

static void add(struct figure *sum, struct figure f)
{
	sum->is_there |= f.is_there;
	sum->is_held_back |= f.is_held_back;
	sum->is_over |= f.is_over;
	sum->pence += f.pence;
}

static void put_figure(struct grid *g, struct figure f)
{
	char text[48];
	int64_t pence = (int64_t)f.pence;
	uint64_t size = pence < 0 ? -(uint64_t)pence : (uint64_t)pence;

	if (!f.is_there) {
		put(g, XLSX_MONEY, STR(""));
	} else if (f.is_held_back) {
		put(g, XLSX_MONEY, g->book ? STR("withheld") : STR(""));
	} else if (f.is_over || f.pence != pence) {
		put(g, XLSX_MONEY, STR("E_OVERFLOW"));
	} else {
		snprintf(text, sizeof(text), "%s%" PRIu64 ".%02u", pence < 0 ? "-" : "", size / 100,
			 (unsigned)(size % 100));
		put(g, XLSX_MONEY, str_of(text));
	}
}

/* What the answer says of the whole, behind the row. */
static void put_behind(struct grid *g)
{
	for (size_t i = 0; i < COUNT(head_table) && !g->book; i++) {
		const json_t *value = json_object_get(g->s->answer, head_table[i].member);
		char number[24];

		if (json_is_integer(value)) {
			snprintf(number, sizeof(number), "%lld",
				 (long long)json_integer_value(value));
			put(g, XLSX_NUMBER, str_of(number));
		} else {
			put(g, XLSX_TEXT, str_of(json_string_value(value)));
		}
	}
}

static void put_row(struct grid *g, const struct measure *m, size_t row)
{
	struct figure sum = {0};

	begin_row(g);
	put(g, XLSX_TEXT, str_of(m->name));
	put(g, XLSX_TEXT, g->down[row].name);
	put(g, XLSX_TEXT, g->down[row].key);
	for (size_t i = 0; i < g->acrosses; i++) {
		struct figure f = figure_of(g->item[row * g->acrosses + i], m);

		if (g->s->across)
			put_figure(g, f);
		if (!is_outside(g, i))
			add(&sum, f);
	}
	/* The total of a series of percentiles is no sum; of a key without series it is its own. */
	put_figure(g, m->is_percentile && g->s->across ? (struct figure){0} : sum);
	put_behind(g);
	end_row(g);
}

static void put_sum_row(struct grid *g, const struct measure *m)
{
	begin_row(g);
	put(g, XLSX_TEXT, str_of(m->name));
	put(g, XLSX_TEXT, STR("All together"));
	put(g, XLSX_TEXT, STR(""));
	for (size_t i = 0; i < g->acrosses && g->s->across; i++) {
		struct figure sum = {0};

		for (size_t row = 0; row < g->downs && !m->is_percentile; row++)
			add(&sum, figure_of(g->item[row * g->acrosses + i], m));
		put_figure(g, sum);
	}
	put_figure(g, figure_of(json_object_get(g->s->answer, "totals"), m));
	put_behind(g);
	end_row(g);
}

static bool has_any(const struct grid *g, const struct measure *m)
{
	for (size_t i = 0; i < g->downs * g->acrosses; i++) {
		if (figure_of(g->item[i], m).is_there &&
		    json_is_object(json_object_get(g->item[i], m->path[0])))
			return true;
	}
	return json_is_object(json_object_get(json_object_get(g->s->answer, "totals"), m->path[0]));
}

static void put_rows(struct grid *g)
{
	for (size_t i = 0; i < COUNT(measure_table); i++) {
		const struct measure *m = &measure_table[i];

		if (m->is_percentile && !has_any(g, m))
			continue;
		for (size_t row = 0; row < g->downs; row++)
			put_row(g, m, row);
		if (g->s->down)
			put_sum_row(g, m);
	}
}

/* --- the files -------------------------------------------------------------------------------- */

/* What stands above the columns. */
static int head_of(const struct grid *g, struct arena *a, struct str **ret_head, int *ret_count)
{
	struct str *head = ARENA_ARRAY(a, g->acrosses + 4 + COUNT(head_table), struct str);
	int n = 0;

	if (!head)
		return ERR_NOMEM;
	head[n++] = STR("measure");
	head[n++] = STR("group");
	head[n++] = STR("group_id");
	for (size_t i = 0; i < g->acrosses && g->s->across; i++)
		head[n++] =
			arena_fmt(a, "%.*s_gbp", (int)g->across[i].name.len, g->across[i].name.at);
	head[n++] = STR("total_gbp");
	for (size_t i = 0; i < COUNT(head_table) && !g->book; i++)
		head[n++] = str_of(head_table[i].member);
	*ret_head = head;
	*ret_count = n;
	return 0;
}

int receipts_csv(struct buf *out, const struct receipts_sheet *s, struct arena *arena)
{
	struct grid g = {.s = s, .out = out};
	struct str *head;
	int count = 0, r = grid_make(&g, arena);

	if (r == 0)
		r = head_of(&g, arena, &head, &count);
	if (r < 0)
		return r;
	for (int i = 0; i < count; i++)
		put(&g, XLSX_TEXT, head[i]);
	end_row(&g);
	put_rows(&g);
	return buf_err(out);
}

static void put_fact(struct grid *g, const char *label, struct str value)
{
	begin_row(g);
	put(g, XLSX_TEXT, str_of(label));
	put(g, XLSX_TEXT, value);
	end_row(g);
}

static void put_json_fact(struct grid *g, const char *label, const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	if (json_is_string(value))
		put_fact(g, label, str_of(json_string_value(value)));
	else
		put_fact(g, label, json_is_null(value) ? STR("") : str_of(text));
	free(text);
}

/* What it was worked out with, and what is not in it. */
static void put_provenance(struct grid *g, struct arena *a)
{
	const json_t *exceptions = json_object_get(g->s->answer, "exceptions");
	json_t *value;
	const char *key;

	for (size_t i = 0; i < COUNT(head_table); i++)
		put_json_fact(g, head_table[i].label,
			      json_object_get(g->s->answer, head_table[i].member));
	put_fact(g, "BEST, LIKELY and WORST",
		 STR("Best, likely and worst for receipts, not for communities."));
	put_fact(g, "Amounts",
		 STR("Pounds, from exact pence. Net of costs where nothing else is said. ACTUAL "
		     "and BEYOND are in no total."));
	put_fact(g, "Percentiles",
		 STR("Not additive: the P90 of two authorities is not the sum of theirs."));
	put_fact(g, "Figures withheld", arena_fmt(a, "%zu", g->held_back));
	put_fact(g, "Why withheld",
		 STR("Fewer than 3 unsold assets stand behind them, or they would give such a "
		     "figure away; whoever may read the money is shown them."));
	put_fact(g, "Assets that give no figure", arena_fmt(a, "%zu", json_array_size(exceptions)));
	put_fact(g, "The same for programs", g->s->address);
	json_object_foreach (g->s->parameters, key, value)
		put_json_fact(g, arena_fmt(a, "Parameter %s", key).at, value);
}

static int fill_book(struct grid *g, struct buf *out, struct arena *arena)
{
	static const struct str fact_head[] = {STR_INIT("what"), STR_INIT("value")};
	static const int fact_widths[] = {36, 80};
	const struct workbook_shape facts = {STR("Provenance"), fact_head, fact_widths, 2,
					     XLSX_ROWS_MAX,     g->s->on};

	put_rows(g);
	workbook_sheet(g->book, &facts);
	put_provenance(g, arena);
	workbook_end(g->book);
	return workbook_take(g->book, out);
}

int receipts_book(struct buf *out, const struct receipts_sheet *s, struct arena *arena)
{
	struct workbook_shape shape = {
		.name = STR("Forecast"), .rows_max = XLSX_ROWS_MAX, .on = s->on};
	struct grid g = {.s = s, .out = out};
	struct str *head;
	int *widths, r = grid_make(&g, arena);

	if (r == 0)
		r = head_of(&g, arena, &head, &shape.columns);
	if (r < 0)
		return r;
	shape.columns -= (int)COUNT(head_table); /* they have a sheet of their own */
	widths = ARENA_ARRAY(arena, (size_t)shape.columns, int);
	if (!widths)
		return ERR_NOMEM;
	for (int i = 0; i < shape.columns; i++)
		widths[i] = i < 2 ? 32 : 16;
	shape.head = head;
	shape.widths = widths;
	g.book = workbook_new(&shape);
	if (!g.book)
		return ERR_NOMEM;
	r = fill_book(&g, out, arena);
	workbook_free(g.book);
	return r;
}
