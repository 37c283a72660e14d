/*
 * What an authority's budget says of capital receipts, year by year, with the form that sets it: a
 * file or pasted lines, as finance has them in a spreadsheet. The form goes the steps of the API
 * (h_budget.c); one that was refused comes back with what was typed.
 */
#include "beside.h"
#include "daemon/flow/flow_file.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/forecast/h_budget.h"
#include "daemon/route/h.h"
#include "p.h"
#include "page.h"
#include "q.h"

enum { FILTERS = PAGE_FRAME + 1, LOADED, LINE_MAX = 64 };

static int version_of(struct flow *f, int32_t *ret_version)
{
	struct str text = flow_query(f, "version");
	int64_t version = 0;

	*ret_version = 0;
	if (text.len && (str_to_i64(text, &version) < 0 || version < 0 || version > INT32_MAX))
		return ERR_NOT_FOUND;
	*ret_version = (int32_t)version;
	return 0;
}

/* Without an authority there is a page to choose one on. */
static enum step_result show_load(struct flow *f)
{
	struct str authority_id = {NULL, 0};
	int32_t version = 0;
	int r = budget_whose(f, &authority_id);

	if (r == 0 || r == ERR_QUERY)
		r = version_of(f, &version);
	if (r < 0)
		return flow_fail(f, r);
	q_page_filters_add(page_batch(f));
	if (authority_id.len)
		budget_load(f, authority_id, version, flow_query(f, "version").len > 0);
	return flow_send(f);
}

static void put_wrongs(struct page *p)
{
	const struct flow *f = p->flow;
	json_t *wrongs = json_array();

	for (size_t i = 0; i < flaws_kept(&f->flaws) && flow_rescued(f); i++) {
		const struct flaw *one = &f->flaws.at[i];
		struct str line = one->pointer;
		bool is_note;

		/* "/lines/3" is line 3 of what was sent. */
		if (str_starts(line, STR("/lines/")))
			line = arena_fmt(f->arena, "Line %.*s", (int)line.len - 7, line.at + 7);
		else
			line = STR("");
		is_note = str_eq(one->pointer, STR("/note"));
		page_wrong(p, wrongs, is_note ? STR("note") : STR("lines"),
			   is_note ? "Where it is from" : NULL,
			   arena_fmt(f->arena, "%.*s%s%.*s %.*s", (int)line.len, line.at,
				     line.len ? ": " : "", (int)one->detail.len, one->detail.at,
				     (int)one->cure.len, one->cure.at));
	}
	if (flow_rescued(f) && !json_array_size(wrongs))
		page_wrong(p, wrongs, STR("lines"), NULL,
			   STR("Somebody else has set the budget meanwhile: it is shown as it now "
			       "is."));
	page_put(p, "wrongs", wrongs);
}

/* The years as the lines that would set them. */
static void put_lines(struct page *p, const json_t *years)
{
	CLEANUP(buf_done) struct buf out = BUF(BUDGET_YEARS_MAX * LINE_MAX);
	json_t *one;
	size_t i;

	json_array_foreach (years, i, one) {
		int64_t pence = json_integer_value(json_object_get(one, "amount_pence"));

		buf_fmt(&out, "%s,%lld.%02lld\n", page_text(one, "year"), (long long)(pence / 100),
			(long long)(pence % 100));
	}
	page_put_text(p, "lines",
		      flow_rescued(p->flow) ? flow_form(p->flow, "lines") : buf_view(&out));
	if (flow_rescued(p->flow) == ERR_STALE)
		beside_put_text(p, "Years and amounts", "#lines", str_trim(buf_view(&out)),
				str_trim(page_sent_list(p->flow, "lines")));
}

static int put_budget(struct page *p, struct str authority_id)
{
	json_auto_t *answer = NULL;
	int r = budget_shown(p->flow, LOADED, authority_id, &answer);

	if (r < 0)
		return r;
	page_put(p, "years", json_incref(json_object_get(answer, "years")));
	page_put(p, "versions", json_incref(json_object_get(answer, "versions")));
	page_put(p, "version", json_incref(json_object_get(answer, "version")));
	page_put(p, "version_note", json_incref(json_object_get(answer, "note")));
	page_put(p, "is_current", json_incref(json_object_get(answer, "is_current")));
	page_put(p, "json_twin",
		 json_incref(json_object_get(json_object_get(answer, "links"), "self")));
	page_put(p, "may_set",
		 json_boolean(json_is_true(json_object_get(answer, "is_current")) &&
			      budget_may_set(p->flow, authority_id) == 0));
	put_lines(p, json_object_get(answer, "years"));
	return 0;
}

static enum step_result show_answer(struct flow *f)
{
	struct str authority_id = {NULL, 0};
	bool is_chosen = budget_whose(f, &authority_id) == 0;
	struct page p = page_begin(f, "The budget for capital receipts");
	json_t *filter = page_item(f, FILTERS);
	int r;

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/forecast", STR("Forecast"));
	page_choose(&p, json_object_get(filter, "authorities"), authority_id);
	page_put(&p, "filter", filter);
	page_put_text(&p, "authority_id", authority_id);
	page_put(&p, "is_chosen", json_boolean(is_chosen));
	page_put_text(&p, "typed_note", flow_form(f, "note"));
	put_wrongs(&p);
	r = is_chosen ? put_budget(&p, authority_id) : 0;
	if (r < 0 && !p.err)
		p.err = r;
	return page_end(&p, "budget", PAGE_FORECAST, flow_rescued_status(f));
}

const struct flow_step page_budget[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

static enum step_result set_read(struct flow *f)
{
	struct budget_flow *s = f->state = ARENA_NEW(f->arena, struct budget_flow);
	int r = s ? budget_whose(f, &s->authority_id) : ERR_NOMEM;

	if (r == 0)
		r = budget_may_set(f, s->authority_id);
	if (r < 0)
		return flow_fail(f, r);
	flow_rescue(f, page_budget);
	s->note = flow_form(f, "note");
	if (!str_is_utf8(page_sent_list(f, "lines")))
		h_flaw(f, "lines", "BAD_FORM", STR("The file is not UTF-8, or holds a NUL."),
		       STR("Save it as CSV in UTF-8."));
	else
		r = budget_read_csv(page_sent_list(f, "lines"), &f->flaws, &s->budget);
	budget_check_note(f, "note", s->note);
	if (f->flaws.count)
		r = flaws_err(&f->flaws);
	return r < 0 ? flow_fail(f, r) : budget_put_ask(f);
}

static enum step_result set_answer(struct flow *f)
{
	const struct budget_flow *s = f->state;
	return page_redirect(f, arena_fmt(f->arena, "/budget?authority_id=%s", s->authority_id.at));
}

const struct flow_step page_budget_set[] = {
	{"read", set_read},
	{"store", budget_put_store},
	{"answer", set_answer},
	{0},
};
