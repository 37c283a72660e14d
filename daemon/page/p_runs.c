/*
 * Frozen forecasts as a list, the newest first: what each was for, who froze it and when, what
 * names it, what it said in sum; and the form that freezes one, which goes the steps of
 * POST /v1/projections/runs (h_run.c) and leads to the new one's page (p_run.c).
 */
#include "daemon/flow/flow_rescue.h"
#include "daemon/forecast/h_projection.h"
#include "daemon/forecast/h_run.h"
#include "daemon/route/as_at.h"
#include "daemon/route/h.h"
#include "form.h"
#include "libassets/projection/run.h"
#include "p.h"
#include "p_promise.h"
#include "q.h"

/* Of one page; one more is asked for, to know whether there is a next one. */
enum { ROWS = 50 };
/* Statements of the page's batch behind the frame's. */
enum { LIST = PAGE_FRAME + 1, FILTERS, PROMISES };

/* What a list is narrowed to, and what a run is frozen for: a scenario has a form of its own. */
static const char *const tag_table[] = {"BUDGET", "QUARTER", "YEAR_END", "LIVE", "WHAT_IF"};
static const char *const new_tag_table[] = {"BUDGET", "QUARTER", "LIVE"};

/* clang-format off */
static const struct form_row freeze_rows[] = {
	{"name", FORM_TEXT,   FORM_NEEDED, .label = "Name", .hint = "Such as “Budget 2027-28”"},
	{"tag",  FORM_CHOICE, FORM_NEEDED, .label = "What it is for", .choices = "tags"},
};
/* The two days of a page's date box: what was known by then is asked for by its day. */
static const struct form_row day_rows[] = {
	{"valid_on", FORM_DAY, FORM_SHORT, .label = "How things stood on"},
	{"known_at", FORM_DAY, FORM_SHORT, .label = "As the register knew it on",
	 .hint = "Leave it empty for what is known by now."},
};
/* clang-format on */
static const struct form form_freeze = {freeze_rows, COUNT(freeze_rows), &run_shape, NULL, "z-"};
static const struct form form_day = {day_rows, COUNT(day_rows), &run_shape, NULL, "z-"};
static const struct form *const forms[] = {&form_freeze, &form_day};

/* One of the table; nothing else is a choice. */
static struct str tag_of(struct flow *f)
{
	for (size_t i = 0; i < COUNT(tag_table); i++) {
		if (str_eq(flow_query(f, "tag"), str_of(tag_table[i])))
			return str_of(tag_table[i]);
	}
	return (struct str){NULL, 0};
}

static enum step_result runs_load(struct flow *f)
{
	struct str after = flow_query(f, "after");
	struct db_batch *b = page_batch(f);

	q_page_runs_add(b, &(struct q_page_runs){
				   .authority_id = h_whose_receipts(f),
				   .tag = tag_of(f),
				   .after = after.len ? after : (struct str){NULL, 0},
				   .rows = ROWS + 1,
			   });
	q_page_filters_add(b);
	q_page_run_promises_add(b,
				&(struct q_page_run_promises){.authority_id = h_whose_receipts(f)});
	return flow_send(f);
}

static struct str address(struct flow *f, struct str after)
{
	const struct page_filter filter[] = {
		{"authority_id", h_whose_receipts(f)}, {"tag", tag_of(f)}, {"after", after}};

	return page_address(f->arena, "/forecast/runs", filter, COUNT(filter));
}

static void put_items(struct page *p)
{
	struct flow *f = p->flow;
	json_t *items = page_items(f, LIST);
	struct q_page_runs_row last;

	page_put(p, "items", items);
	if (q_page_runs_count(f->got, LIST) > ROWS &&
	    q_page_runs_row(f->got, LIST, ROWS - 1, &last) == 0) {
		json_array_remove(items, ROWS);
		page_put_text(p, "next", address(f, last.id));
	}
}

/* What is being frozen, and what was to be and is not. */
static void put_promises(struct page *p)
{
	json_t *items = page_items(p->flow, PROMISES), *one;
	size_t i;

	page_put(p, "promises", items);
	json_array_foreach (items, i, one)
		promise_put(p, one);
}

static void put_filters(struct page *p)
{
	struct flow *f = p->flow;
	struct str whose = h_whose_receipts(f);
	json_t *filter = page_item(f, FILTERS);
	const struct page_filter twin[] = {
		{"sort", STR("-id")},
		{"tag", str_eq(tag_of(f), STR("YEAR_END")) ? STR("") : tag_of(f)}};

	page_put(p, "filter", filter);
	page_choose(p, json_object_get(filter, "authorities"), whose);
	page_put_in(p, filter, "tags", page_choices(STR("run_tag"), tag_table, COUNT(tag_table)));
	page_choose(p, json_object_get(filter, "tags"), tag_of(f));
	if (whose.len)
		page_put_text(p, "of_authority", whose);
	page_put(p, "is_narrowed", json_boolean(whose.len || tag_of(f).len));
	page_put_text(p, "json_twin",
		      page_address(f->arena, "/v1/projections/runs", twin, COUNT(twin)));
}

static void put_form(struct page *p)
{
	struct flow *f = p->flow;
	int err = flow_rescued(f);
	json_auto_t *choices = json_pack(
		"{s:o}", "tags", page_choices(STR("run_tag"), new_tag_table, COUNT(new_tag_table)));
	json_auto_t *sent = err ? form_sent(p, &form_freeze) : NULL;
	json_auto_t *sent_days = err ? form_sent(p, &form_day) : NULL;
	json_t *days = form_fields(p, &form_day, NULL, NULL, sent_days);

	page_put(p, "form_freeze",
		 json_pack("{s:o}", "fields", form_fields(p, &form_freeze, NULL, choices, sent)));
	page_put(p, "form_day",
		 json_pack("{s:b, s:o}", "is_open", form_is_used(days), "fields", days));
	if (!err)
		return;
	page_put(p, "refusal", json_string(err_info(err)->title));
	page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	page_put(p, "flaws", form_flaws(p, forms, COUNT(forms), "freeze"));
}

static enum step_result runs_answer(struct flow *f)
{
	struct page p = page_begin(f, "Frozen forecasts");
	bool may = principal_may(f->who, PERM_RUN_WRITE);

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	put_promises(&p);
	put_items(&p);
	put_filters(&p);
	page_put(&p, "may_freeze", json_boolean(may));
	if (may)
		put_form(&p);
	return page_end(&p, "runs", PAGE_FORECAST, flow_rescued_status(f));
}

const struct flow_step page_runs[] = {
	{"load", runs_load},
	{"answer", runs_answer},
	{0},
};

/*
 * The forecast as it was on a day is seen from that day, or what had been to come would be late. A
 * day of knowledge alone asks for the register as that day had it, as on every page. What is no
 * day is left as it is, for the shape to say so.
 */
static int settle_days(struct flow *f)
{
	struct str typed = str_of(page_text(f->body, "known_at")), moment;
	struct day known, valid;
	int r = 0;

	if (day_parse(typed, &known) == 0) {
		if (!json_is_string(json_object_get(f->body, "valid_on")))
			r = json_object_set_new(f->body, "valid_on",
						json_stringn(typed.at, typed.len));
		r = r ? ERR_NOMEM : as_at_end_of(f, known, &moment);
		if (r == 0 && json_object_set_new(f->body, "known_at",
						  moment.at ? json_string(moment.at) : json_null()))
			r = ERR_NOMEM;
	}
	if (r == 0 && day_parse(str_of(page_text(f->body, "valid_on")), &valid) == 0 &&
	    day_cmp(valid, f->today) < 0 &&
	    json_object_set(f->body, "as_of_on", json_object_get(f->body, "valid_on")))
		r = ERR_NOMEM;
	return r;
}

/* The API freezes without a name too; on a page that would be a button pressed by mistake. */
static enum step_result freeze_read(struct flow *f)
{
	struct str again = flow_form(f, "again");
	int r;

	flow_rescue(f, page_runs);
	if (again.len) {
		q_run_ask_add(flow_batch(f), &(struct q_run_ask){.id = again});
		return flow_send(f);
	}
	r = form_read(f, &form_freeze);
	for (size_t i = 0; i < COUNT(freeze_rows) && r == 0; i++) {
		if (!json_is_string(json_object_get(f->body, freeze_rows[i].name)))
			h_flaw(f, freeze_rows[i].name, "REQUIRED", STR("This is not said."),
			       strcmp(freeze_rows[i].name, "name") == 0
				       ? STR("Give it a name by which it is found again.")
				       : STR("Choose what it is for."));
	}
	if (r == 0)
		r = flaws_err(&f->flaws);
	if (r == 0)
		r = form_read(f, &form_day);
	if (r == 0)
		r = settle_days(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* One that was promised and has not come about, as it was asked for. */
static enum step_result freeze_again(struct flow *f)
{
	struct q_run_ask_row row;
	int r;

	if (f->body)
		return STEP_NEXT;
	r = q_run_ask_one(f->got, 0, &row);
	if (r < 0)
		return flow_fail(f, r);
	f->body = json_loadb(row.asked.at, row.asked.len, 0, NULL);
	return f->body ? STEP_NEXT : flow_fail(f, ERR_NOMEM);
}

static enum step_result to_run(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/forecast/runs/%s", run_made(f).at));
}

static const struct flow_step made_steps[] = {
	{"answer", to_run},
	{0},
};

static enum step_result freeze_begin(struct flow *f)
{
	return run_begin(f, made_steps);
}

const struct flow_step page_run_add[] = {
	{"form", freeze_read},
	{"again", freeze_again},
	{"read", run_read},
	{"make", freeze_begin},
	{0},
};
