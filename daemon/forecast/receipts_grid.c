/*
 * See receipts_grid.h. Keys are met in the order of the answer, which is that of ids; what people
 * read is in the order of names, so places are known once all is read.
 */
#include "receipts_grid.h"

#include <stdlib.h>

#include "libassets/base/arena.h"
#include "libassets/base/err.h"

enum {
	ITEMS_MAX = 1 << 17, /* 22 MB; the longest answer there is has some 100,000 */
	ACROSS_MAX = 600,    /* columns that a spreadsheet's user may want to see */
	PLACES_MAX = 1 << 20 /* rows by columns, each of which is looked at once a measure */
};

const struct receipts_measure receipts_measure_table[RECEIPTS_MEASURES] = {
	{"Baseline", {"baseline", "net_pence"}, false, false},
	{"Adjusted", {"adjusted", "net_pence"}, false, false},
	{"Adjustment", {"adjustment_pence"}, false, false},
	{"Budget of the whole year", {"budget_pence"}, false, true},
	{"Baseline gross", {"baseline", "gross_pence"}, false, false},
	{"Baseline costs", {"baseline", "cost_pence"}, false, false},
	{"Adjusted gross", {"adjusted", "gross_pence"}, false, false},
	{"Adjusted costs", {"adjusted", "cost_pence"}, false, false},
	{"Adjusted rent (revenue)", {"rent_pence"}, false, false},
	{"Baseline P10 (not additive)", {"percentiles", "baseline", "p10_pence"}, true, false},
	{"Baseline P50 (not additive)", {"percentiles", "baseline", "p50_pence"}, true, false},
	{"Baseline P90 (not additive)", {"percentiles", "baseline", "p90_pence"}, true, false},
	{"Adjusted P10 (not additive)", {"percentiles", "adjusted", "p10_pence"}, true, false},
	{"Adjusted P50 (not additive)", {"percentiles", "adjusted", "p50_pence"}, true, false},
	{"Adjusted P90 (not additive)", {"percentiles", "adjusted", "p90_pence"}, true, false},
	{"Adjustment P10 (not additive)", {"percentiles", "adjustment", "p10_pence"}, true, false},
	{"Adjustment P50 (not additive)", {"percentiles", "adjustment", "p50_pence"}, true, false},
	{"Adjustment P90 (not additive)", {"percentiles", "adjustment", "p90_pence"}, true, false},
};

/* The members of an item's group, that of time last, so that it stands across. */
static const char *const member_table[] = {
	"authority_id", "cpp_id", "locality_id", "class", "decile", "stage", "year", "quarter",
};

void receipts_grid_init(struct receipts_grid *g, struct str answer, struct arena *arena)
{
	*g = (struct receipts_grid){.arena = arena, .top = walk_into(answer), .read_to = answer.at};
}

void receipts_grid_done(struct receipts_grid *g)
{
	for (size_t i = 0; i < RECEIPTS_AXES; i++) {
		json_decref(g->seen[i]);
		free(g->line[i]);
	}
	json_decref(g->head);
	free(g->item);
	free(g->place);
	*g = (struct receipts_grid){0};
}

/* --- reading -------------------------------------------------------------------------------- */

/* Room for one more; NULL without memory. */
static void *with_room(void *list, size_t count, size_t *room, size_t bytes)
{
	void *more;

	if (count < *room)
		return list;
	*room = *room ? 2 * *room : 64;
	more = reallocarray(list, *room, bytes);
	return more;
}

static const json_t *at_path(const json_t *item, const struct receipts_measure *m)
{
	for (size_t i = 0; i < COUNT(m->path) && m->path[i]; i++)
		item = json_object_get(item, m->path[i]);
	return item;
}

/* A reader of totals alone has some of an item's figures: a sum without the others would lie. */
static enum receipts_state state_of(const json_t *item, const struct receipts_measure *m,
				    const json_t *value)
{
	if (!m->is_beside && (json_is_true(json_object_get(item, "suppressed")) ||
			      (json_is_null(value) && !m->is_percentile)))
		return RECEIPTS_HELD_BACK;
	if (json_is_string(value))
		return RECEIPTS_OVER;
	return json_is_integer(value) ? RECEIPTS_KNOWN : RECEIPTS_NONE;
}

static void take_figures(struct receipts_grid *g, const json_t *from, struct receipts_item *to)
{
	for (size_t i = 0; i < RECEIPTS_MEASURES; i++) {
		const struct receipts_measure *m = &receipts_measure_table[i];
		const json_t *value = at_path(from, m);

		to->state[i] = (uint8_t)state_of(from, m, value);
		to->pence[i] = json_integer_value(value);
		g->has[i] |= to->state[i] == RECEIPTS_KNOWN || to->state[i] == RECEIPTS_OVER;
	}
}

/* Which member stands down and which across, as the first item has them. */
static void settle_members(struct receipts_grid *g, const json_t *group)
{
	for (size_t i = 0; i < COUNT(member_table); i++) {
		bool is_time = i + 2 >= COUNT(member_table);

		if (!json_object_get(group, member_table[i]))
			continue;
		if (g->member[RECEIPTS_DOWN] || is_time)
			g->member[RECEIPTS_ACROSS] = member_table[i];
		else
			g->member[RECEIPTS_DOWN] = member_table[i];
	}
}

static int add_line(struct receipts_grid *g, size_t axis, const char *key, int decile)
{
	uint32_t number = g->lines[axis];
	struct receipts_line *line =
		with_room(g->line[axis], number, &g->room[axis], sizeof(*line));

	if (!line)
		return ERR_NOMEM;
	g->line[axis] = line;
	line[number] = (struct receipts_line){
		.key = arena_str(g->arena, str_of(key)), .number = number, .decile = decile};
	g->lines[axis]++;
	if (!g->seen[axis])
		g->seen[axis] = json_object();
	return line[number].key.at ? json_object_set_new(g->seen[axis], key, json_integer(number))
				   : ERR_NOMEM;
}

/* The line of a key: text, a number in digits, "" for none. */
static int line_of(struct receipts_grid *g, size_t axis, const json_t *group, uint32_t *ret_line)
{
	const json_t *value = g->member[axis] ? json_object_get(group, g->member[axis]) : NULL;
	const char *key = json_is_string(value) ? json_string_value(value) : "";
	int decile = (int)json_integer_value(value);
	char digits[24];
	const json_t *known;

	if (json_is_integer(value)) {
		snprintf(digits, sizeof(digits), "%d", decile);
		key = digits;
	}
	known = json_object_get(g->seen[axis], key);
	*ret_line = known ? (uint32_t)json_integer_value(known) : g->lines[axis];
	return known || add_line(g, axis, key, decile) == 0 ? 0 : ERR_NOMEM;
}

static int take_item(struct receipts_grid *g, struct str text)
{
	json_auto_t *from = json_loadb(text.at, text.len, 0, NULL);
	const json_t *group = json_object_get(from, "group");
	struct receipts_item *more, *to;
	int r;

	if (!group)
		return ERR_BUG;
	if (g->count == ITEMS_MAX)
		return ERR_LIMIT;
	more = with_room(g->item, g->count, &g->room_of_items, sizeof(*more));
	if (!more)
		return ERR_NOMEM;
	g->item = more;
	to = &more[g->count];
	if (g->count == 0)
		settle_members(g, group);
	*to = (struct receipts_item){0};
	take_figures(g, from, to);
	g->held_back += json_is_true(json_object_get(from, "suppressed"));
	r = line_of(g, RECEIPTS_DOWN, group, &to->line[RECEIPTS_DOWN]);
	if (r == 0)
		r = line_of(g, RECEIPTS_ACROSS, group, &to->line[RECEIPTS_ACROSS]);
	g->count += r == 0;
	return r;
}

static size_t count_of(struct str list)
{
	struct walk w = walk_into(list);
	struct str element;
	size_t n = 0;

	while (walk_element(&w, &element))
		n++;
	return n;
}

static int take_head(struct receipts_grid *g, struct str name, json_t *own)
{
	if (!g->head)
		g->head = json_object();
	return json_object_setn(g->head, name.at, name.len, own) < 0 ? ERR_NOMEM : 0;
}

/* What the percentiles include, which may be less than the sums do; nothing where there are none.
 */
static int take_simulated(struct receipts_grid *g, struct str value)
{
	struct walk w = walk_into(value);
	struct str name, member;

	while (walk_member(&w, &name, &member)) {
		json_auto_t *own = NULL;

		if (!str_eq(name, STR("position")))
			continue;
		own = json_loadb(member.at, member.len, JSON_DECODE_ANY, NULL);
		return own ? take_head(g, STR("simulated_position"), own) : ERR_NOMEM;
	}
	return 0;
}

/* By which rules everybody's totals were told, of which the oldest and the newest are said. */
static int take_told(struct receipts_grid *g, struct str value)
{
	static const struct {
		const char *name, *end, *member;
	} row[] = {
		{"told_first_as_of", "first", "as_of"},
		{"told_first_parameters_hash", "first", "parameters_hash"},
		{"told_last_as_of", "last", "as_of"},
		{"told_last_parameters_hash", "last", "parameters_hash"},
	};
	json_auto_t *told = json_loadb(value.at, value.len, JSON_DECODE_ANY, NULL);
	int r = told ? 0 : ERR_NOMEM;

	for (size_t i = 0; i < COUNT(row) && r == 0; i++) {
		json_t *said = json_object_get(json_object_get(told, row[i].end), row[i].member);

		if (said)
			r = take_head(g, str_of(row[i].name), said);
	}
	return r;
}

/* Of what is said of the whole the short ones: lists are counted. */
static int take_member(struct receipts_grid *g, struct str name, struct str value)
{
	json_auto_t *own = NULL;

	if (str_eq(name, STR("exceptions"))) {
		g->exceptions = count_of(value);
		return 0;
	}
	if (str_eq(name, STR("simulated")))
		return take_simulated(g, value);
	if (str_eq(name, STR("told")))
		return take_told(g, value);
	own = json_loadb(value.at, value.len, JSON_DECODE_ANY, NULL);
	if (!own)
		return ERR_NOMEM;
	if (str_eq(name, STR("totals"))) {
		take_figures(g, own, &g->total);
		return 0;
	}
	return take_head(g, name, own);
}

int receipts_grid_read(struct receipts_grid *g, size_t most, bool *ret_is_whole)
{
	struct str name, value;
	int r = 0;

	*ret_is_whole = false;
	while (r == 0 && most) {
		if (g->items.close && walk_element(&g->items, &value)) {
			r = take_item(g, value);
			most--;
		} else if (g->items.is_broken) {
			r = ERR_BUG;
		} else if (!walk_member(&g->top, &name, &value)) {
			*ret_is_whole = true;
			g->read_to = g->top.end;
			return g->top.is_broken ? ERR_BUG : 0;
		} else if (str_eq(name, STR("items"))) {
			g->items = walk_into(value);
		} else {
			r = take_member(g, name, value);
		}
		g->read_to = g->items.close ? g->items.at : g->top.at;
	}
	return r;
}

/* --- the places ------------------------------------------------------------------------------ */

static bool is_time(const char *member)
{
	return member && (strcmp(member, "year") == 0 || strcmp(member, "quarter") == 0);
}

static struct str name_of(const struct receipts_grid *g, size_t axis,
			  const struct receipts_line *line, const json_t *names)
{
	const char *member = g->member[axis];
	const char *name =
		json_string_value(json_object_get(names, line->key.len ? line->key.at : "-"));

	if (!member)
		return STR("All");
	if (strcmp(member, "decile") == 0)
		return line->decile ? arena_fmt(g->arena, "Decile %d", line->decile)
				    : STR("No decile");
	if (!line->key.len)
		return STR("None");
	return name ? arena_str(g->arena, str_of(name)) : line->key;
}

static bool is_actual(const struct receipts_line *l)
{
	return str_starts(l->key, STR("ACTUAL:"));
}

/* Actuals, then years or quarters as they come, then what lies beyond; keys by their names. */
static int by_place(const void *a, const void *b)
{
	const struct receipts_line *x = a, *y = b;
	int order;

	if (is_actual(x) != is_actual(y))
		return is_actual(x) ? -1 : 1;
	if (x->decile != y->decile)
		return x->decile < y->decile ? -1 : 1;
	order = str_cmp(x->name, y->name);
	return order ? order : str_cmp(x->key, y->key);
}

/* Lines by their names, and the items told where theirs is now. */
static int put_in_order(struct receipts_grid *g, size_t axis, const json_t *names)
{
	uint32_t *now = calloc(g->lines[axis] + 1, sizeof(*now));

	if (!now)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < g->lines[axis]; i++)
		g->line[axis][i].name = name_of(g, axis, &g->line[axis][i], names);
	if (g->lines[axis])
		qsort(g->line[axis], g->lines[axis], sizeof(**g->line), by_place);
	for (uint32_t i = 0; i < g->lines[axis]; i++)
		now[g->line[axis][i].number] = i;
	for (size_t i = 0; i < g->count; i++)
		g->item[i].line[axis] = now[g->item[i].line[axis]];
	free(now);
	return 0;
}

static int by_lines(const void *a, const void *b)
{
	const struct receipts_item *x = a, *y = b;

	for (size_t i = 0; i < RECEIPTS_AXES; i++) {
		if (x->line[i] != y->line[i])
			return x->line[i] < y->line[i] ? -1 : 1;
	}
	return 0;
}

int receipts_grid_settle(struct receipts_grid *g, const json_t *names)
{
	uint32_t columns;
	int r = put_in_order(g, RECEIPTS_DOWN, names);

	if (r == 0)
		r = put_in_order(g, RECEIPTS_ACROSS, names);
	if (r < 0)
		return r;
	columns = g->member[RECEIPTS_ACROSS] ? g->lines[RECEIPTS_ACROSS] : 1;
	g->is_long = columns > ACROSS_MAX || (size_t)g->lines[RECEIPTS_DOWN] * columns > PLACES_MAX;
	if (g->is_long) {
		qsort(g->item, g->count, sizeof(*g->item), by_lines);
		g->rows = (uint32_t)g->count;
		g->columns = 1;
		return 0;
	}
	g->rows = g->lines[RECEIPTS_DOWN];
	g->columns = columns;
	g->place = calloc((size_t)g->rows * columns + 1, sizeof(*g->place));
	for (size_t i = 0; g->place && i < g->count; i++) {
		const uint32_t *line = g->item[i].line;

		g->place[(size_t)line[RECEIPTS_DOWN] * columns + line[RECEIPTS_ACROSS]] =
			(uint32_t)i + 1;
	}
	return g->place ? 0 : ERR_NOMEM;
}

const struct receipts_item *receipts_grid_at(const struct receipts_grid *g, uint32_t row,
					     uint32_t column)
{
	uint32_t place = g->is_long ? row + 1 : g->place[(size_t)row * g->columns + column];

	return place ? &g->item[place - 1] : NULL;
}

bool receipts_grid_is_inside(const struct receipts_grid *g, uint32_t column)
{
	const struct receipts_line *l = g->is_long ? NULL : &g->line[RECEIPTS_ACROSS][column];

	return !l || !is_time(g->member[RECEIPTS_ACROSS]) ||
	       !(is_actual(l) || str_eq(l->key, STR("BEYOND")));
}
