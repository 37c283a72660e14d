/*
 * What moved the forecast: the bridge from one run's total to another's, or to the register's, as a
 * chart with its table, by year, and asset by asset with the changes behind each row. The same
 * answer as its API twin's, whose steps it goes through (h_movement.h).
 */
#include "chart_bridge.h"
#include "chart_draw.h"
#include "daemon/forecast/h_movement.h"
#include "dress.h"
#include "libassets/projection/movement.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { CHOICES = PAGE_FRAME + 1, CHANGES };
enum { CHART_MAX = 64 * 1024, WORDS_MAX = 200 };

/* A page chooses where the API asks: the first authority of several. */
static enum step_result bridge_read(struct flow *f)
{
	struct movement_flow *m = f->state;

	m->takes_first = true;
	return movement_read(f);
}

/* Without any run there is a page that says so. */
static enum step_result bridge_ask(struct flow *f)
{
	const struct movement_flow *m = f->state;
	struct q_movement_runs_row row;

	if (!m->from.at && q_movement_runs_one(f->got, 0, &row) == 0 && str_is_null(row.from_run))
		return STEP_NEXT;
	return movement_ask(f);
}

/* Both runs, where they are runs. */
static struct str chosen(struct flow *f)
{
	const struct movement_flow *m = f->state;
	const struct str id[] = {m->from, m->to};

	return db_text_array(f->arena, id, m->to.at ? 2 : m->from.at ? 1 : 0);
}

static struct str asset_ids(struct flow *f, const json_t *answer)
{
	const json_t *rows = json_object_get(answer, "rows");
	struct str *id = ARENA_ARRAY(f->arena, json_array_size(rows) + 1, struct str);
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		if (id)
			id[i] = str_of(page_text(row, "asset_id"));
	}
	return db_text_array(f->arena, id, id ? json_array_size(rows) : 0);
}

static enum step_result bridge_load(struct flow *f)
{
	const struct movement_flow *m = f->state;
	json_auto_t *answer = NULL;
	int r = m->from_run.at ? movement_answer(f, &answer) : 0;
	struct db_batch *b;

	if (r < 0)
		return flow_fail(f, r);
	b = page_batch(f);
	q_page_bridge_add(b, &(struct q_page_bridge){
				     .chosen = chosen(f),
				     .own = db_text_array(f->arena, m->reader.authority_id,
							  m->reader.authorities),
				     .is_everywhere = m->reader.is_everywhere,
				     .asset_ids = asset_ids(f, answer),
			     });
	if (answer)
		movement_changes_add(f, b, answer);
	return flow_send(f);
}

/* --- the chart ------------------------------------------------------------------------------- */

/* The word for a code, in the arena. */
static struct str label(struct flow *f, const char *code)
{
	CLEANUP(buf_done) struct buf out = BUF(WORDS_MAX);

	dress_code(&out, STR("cause"), str_of(code));
	return arena_str(f->arena, buf_view(&out));
}

/* Sums that are no amounts have no chart. */
static bool is_amount(const json_t *object, const char *key, int64_t *ret_pence)
{
	const json_t *value = json_object_get(object, key);

	*ret_pence = json_integer_value(value);
	return json_is_integer(value);
}

static bool steps_of(struct flow *f, const json_t *totals, struct bridge_step *step,
		     struct bridge *bridge)
{
	json_t *code;
	size_t i, n = 0;
	bool is_whole = is_amount(totals, "old_pence", &step[n].pence);

	step[n].label = STR("Before");
	step[n++].is_total = true;
	json_array_foreach (json_object_get(totals, "codes"), i, code) {
		step[n].label = label(f, page_text(code, "code"));
		is_whole &= is_amount(code, "value_pence", &step[n++].pence);
	}
	is_whole &= is_amount(totals, "new_pence", &step[n].pence);
	step[n].label = STR("After");
	step[n++].is_total = true;
	bridge->step = step;
	bridge->count = n;
	return is_whole;
}

/* What the chart says, for those who do not see it. */
static void about(struct buf *out, const struct bridge *b)
{
	const struct bridge_step *last = &b->step[b->count - 1];

	buf_str(out, STR("From "));
	chart_amount(out, b->step[0].pence);
	buf_str(out, STR(" before to "));
	chart_amount(out, last->pence);
	buf_str(out, STR(" after"));
	for (size_t i = 1; i + 1 < b->count; i++) {
		buf_str(out, i > 1 ? STR(", ") : STR(": "));
		buf_str(out, b->step[i].label);
		buf_char(out, ' ');
		chart_amount(out, b->step[i].pence);
	}
	buf_str(out, STR(". The table below has every figure."));
}

static void put_charts(struct page *p, const json_t *totals)
{
	static const char *const name[] = {
		[CHART_WIDE] = "chart_wide", [CHART_NARROW] = "chart_narrow"};
	CLEANUP(buf_done) struct buf words = BUF(2000);
	struct bridge_step step[BRIDGE_STEPS_MAX] = {{{NULL, 0}, 0, false}};
	struct bridge b = {.id = STR("bridge"), .title = STR("What moved the expected receipts")};

	_Static_assert(MOVEMENTS + 2 <= BRIDGE_STEPS_MAX, "a step for each code");
	if (!steps_of(p->flow, totals, step, &b))
		return;
	about(&words, &b);
	b.about = buf_view(&words);
	for (size_t form = 0; form < COUNT(name); form++) {
		CLEANUP(buf_done) struct buf out = BUF(CHART_MAX);
		int r = chart_bridge(&out, &b, (enum chart_form)form);

		if (r < 0)
			return; /* too large to draw: the table has it */
		page_put_text(p, name[form], buf_view(&out));
	}
}

/* --- words and links ------------------------------------------------------------------------- */

static void put_cause(struct page *p, json_t *row)
{
	page_put_in(p, row, "cause", json_string(page_text(row, "code")));
}

static json_t *address(struct flow *f, const char *path, const char *code)
{
	const struct movement_flow *m = f->state;
	const struct page_filter filter[] = {
		{"from", m->from},
		{"to", m->to.at ? m->to : STR("live")},
		{"authority_id", m->authority_id},
		{"code", str_of(code)},
	};
	struct str at = page_address(f->arena, path, filter, COUNT(filter));

	return json_stringn(at.at, at.len);
}

static void put_codes(struct page *p, json_t *codes, bool has_rows)
{
	json_t *code;
	size_t i;

	json_array_foreach (codes, i, code) {
		put_cause(p, code);
		if (has_rows)
			page_put_in(p, code, "href",
				    address(p->flow, "/forecast/bridge", page_text(code, "code")));
	}
}

/* A request's change leads to the request, any other to its asset. */
static void put_changes(struct page *p, json_t *row)
{
	json_t *change;
	size_t i;

	json_array_foreach (json_object_get(row, "changes"), i, change) {
		const char *subject = page_text(change, "subject");
		bool is_request = str_starts(str_of(subject), STR("atr_"));

		page_put_in(p, change, "href",
			    json_sprintf("/%s/%s", is_request ? "requests" : "assets", subject));
		page_put_in(p, change, "told_at", json_string(page_text(change, "at")));
	}
}

static void put_rows(struct page *p, json_t *rows, const json_t *names)
{
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		json_t *name = json_object_get(names, page_text(row, "asset_id"));

		put_cause(p, row);
		put_changes(p, row);
		page_put_in(p, row, "name",
			    name ? json_incref(name) : json_string(page_text(row, "asset_id")));
	}
}

/* How a side is called: as the list of runs has it. */
static void put_side(struct page *p, const json_t *answer, const char *side, const json_t *runs)
{
	json_t *at = json_object_get(answer, side), *run;
	size_t i;

	json_array_foreach (runs, i, run) {
		if (strcmp(page_text(run, "id"), page_text(at, "run")) == 0)
			page_put_in(p, at, "title", json_incref(json_object_get(run, "name")));
	}
	if (!json_object_get(at, "title"))
		page_put_in(p, at, "title", json_string("The register as it is now"));
	page_put(p, side, json_incref(at));
}

/* The list of runs twice: one of them may be chosen on either side. */
static void put_choices(struct page *p, const json_t *choices)
{
	const struct movement_flow *m = p->flow->state;
	json_t *runs = json_object_get(choices, "runs");
	json_t *later = json_deep_copy(runs), *bodies = json_object_get(choices, "authorities");

	page_choose(p, runs, m->from);
	page_choose(p, later, m->to);
	page_choose(p, bodies, m->authority_id);
	page_put(p, "is_of_one", json_boolean(m->authority_id.len > 0));
	page_put(p, "earlier", json_incref(runs));
	page_put(p, "later", later);
	page_put(p, "bodies", json_incref(bodies));
	if (m->reader.is_everywhere)
		page_put(p, "is_everywhere", json_true());
}

static void put_answer(struct page *p, json_t *answer, const json_t *choices)
{
	struct flow *f = p->flow;
	const struct movement_flow *m = f->state;
	json_t *totals = json_object_get(answer, "totals");
	json_t *runs = json_object_get(choices, "runs");

	put_side(p, answer, "from", runs);
	put_side(p, answer, "to", runs);
	put_charts(p, totals);
	put_codes(p, json_object_get(totals, "codes"), m->has_rows);
	page_put(p, "totals", json_incref(totals));
	page_put(p, "years", json_incref(json_object_get(answer, "items")));
	page_put(p, "next", movement_next(f, "/forecast/bridge", answer));
	page_put(p, "json_twin", address(f, "/v1/projections/movement", ""));
	if (!m->has_rows)
		return;
	put_rows(p, json_object_get(answer, "rows"), json_object_get(choices, "names"));
	page_put(p, "rows", json_incref(json_object_get(answer, "rows")));
	page_put(p, "may_see_rows", json_true());
	page_put(p, "csv", address(f, "/downloads/movement", ""));
	if (m->code.at) {
		page_put_text(p, "cause", m->code);
		page_put(p, "all_rows", address(f, "/forecast/bridge", ""));
	}
}

static enum step_result bridge_answer(struct flow *f)
{
	const struct movement_flow *m = f->state;
	json_auto_t *answer = NULL, *choices = page_item(f, CHOICES);
	int r = m->from_run.at ? movement_answer(f, &answer) : 0;
	struct page p;

	if (r == 0 && answer)
		r = movement_changes_put(f, answer, CHANGES);
	if (r < 0)
		return flow_fail(f, r);
	p = page_begin(f, "What moved the forecast");
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	put_choices(&p, choices);
	if (answer)
		put_answer(&p, answer, choices);
	return page_end(&p, "bridge", PAGE_FORECAST, 200);
}

const struct flow_step page_bridge[] = {
	{"read", bridge_read},
	{"ask", bridge_ask},
	{"load", bridge_load},
	{"answer", bridge_answer},
	{0},
};
