/*
 * What of the law is not confirmed from its own text, what holds until it is, and where that is
 * set: for whoever runs the register, and for everybody whose dates rest on it. The page's tables
 * are those of assetctl rules, with the lengths that the version of the calendars which stands
 * sets.
 */
#include "daemon/route/h.h"
#include "libassets/clock/calendar_list.h"
#include "libassets/request/request_move.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { STANDING = PAGE_FRAME + 1 };

static const struct {
	int number;
	const char *item, *until, *where;
} unconfirmed_table[] = {
#define UNCONFIRMED(number, item, until, where) {number, item, until, where},
#include "libassets/clock/unconfirmed.def"
#undef UNCONFIRMED
};

static void put_items(struct page *p)
{
	json_t *items = json_array();

	for (size_t i = 0; i < COUNT(unconfirmed_table); i++)
		json_array_append_new(items, json_pack("{s:i, s:s, s:s, s:s}", "number",
						       unconfirmed_table[i].number, "item",
						       unconfirmed_table[i].item, "until",
						       unconfirmed_table[i].until, "where",
						       unconfirmed_table[i].where));
	page_put(p, "items", items);
}

/* "15 working days after", as one that starts today runs. */
static struct str length_of(struct page *p, struct shape_list settings, enum clock_id id)
{
	static const char *const mode[] = {" after", " beginning with", ""};
	struct period period = clock_period_of(settings, id, p->today);

	if (period.unit == PERIOD_STATED || period.unit == PERIOD_OPEN ||
	    period.unit == PERIOD_REPORT || period.unit == PERIOD_DATE)
		return STR("no count");
	return arena_fmt(p->flow->arena, "%d %s%s", period.length,
			 period_unit_words(period.unit, period.length), mode[period.mode]);
}

static void put_clocks(struct page *p, struct shape_list settings)
{
	json_t *clocks = json_array();

	for (int id = 0; id < CLOCK_COUNT; id++) {
		const struct clock_rule *rule = clock_rule((enum clock_id)id);
		struct str length = length_of(p, settings, (enum clock_id)id);

		if (strcmp(rule->confidence, "C") == 0)
			continue;
		json_array_append_new(
			clocks, json_pack("{s:s, s:s, s:s%, s:s, s:s, s:b}", "clock", rule->id,
					  "name", rule->name, "length", length.at ? length.at : "",
					  length.len, "confidence", rule->confidence, "citation",
					  rule->citation, "is_setting",
					  (int)shape_is_word(str_of(rule->id), CLOCK_SETTABLE)));
	}
	page_put(p, "clocks", clocks);
}

static void put_moves(struct page *p)
{
	json_t *moves = json_array();
	const struct request_move *row;

	for (size_t i = 0; (row = request_move_at(i)); i++) {
		const char *event = strcmp(row->from, "-") == 0
					    ? "RECEIVED"
					    : request_event_info(row->event)->name;

		if (strchr(row->mark, 'U'))
			json_array_append_new(moves,
					      json_pack("{s:s, s:s, s:s, s:s}", "row", row->row,
							"event", event, "mark_words", row->mark,
							"citation", row->citation));
	}
	page_put(p, "moves", moves);
}

static enum step_result rules_load(struct flow *f)
{
	q_calendar_current_add(page_batch(f));
	return flow_send(f);
}

static enum step_result rules_answer(struct flow *f)
{
	struct calendar_version standing;
	struct q_calendar_current_row row;
	struct page p = page_begin(f, "Rules that are not confirmed");

	shape_clear(&calendar_version_shape, &standing);
	if (q_calendar_current_count(f->got, STANDING) > 0) {
		p.err = q_calendar_current_row(f->got, STANDING, 0, &row);
		if (!p.err)
			p.err = h_stored(f, row.fields, &calendar_version_shape, &standing);
	}
	page_crumb(&p, "/", STR("Home"));
	put_items(&p);
	put_clocks(&p, standing.clocks);
	put_moves(&p);
	return page_end(&p, "rules", PAGE_NOWHERE, 200);
}

const struct flow_step page_rules[] = {
	{"load", rules_load},
	{"answer", rules_answer},
	{0},
};
