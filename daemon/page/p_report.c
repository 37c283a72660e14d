/*
 * One asset transfer report: its figures, each leading to the requests behind it, its texts, its
 * versions; and for those who act for the authority the form that writes the texts and the button
 * that publishes. Both forms take the steps of the API (h_report.c), so that a page cannot do what
 * a program may not; a form carries the version it was filled in from, since browsers send no
 * If-Match.
 *
 * What was typed is shown again when it is refused, or when somebody else was faster.
 */
#include "beside.h"
#include "daemon/request/h_report.h"
#include "daemon/route/h.h"
#include "dress.h"
#include "p.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { REPORT = PAGE_FRAME + 1, BESIDE };

/* Square metres in a hectare. */
enum { HECTARE = 10000 };

static enum step_result load(struct flow *f, const struct report_at *at)
{
	struct db_batch *b = page_batch(f);

	q_report_show_add(b, &(struct q_report_show){.authority_id = at->authority_id,
						     .year = at->year,
						     .wanted = at->wanted,
						     .has_wanted = at->has_wanted});
	q_page_report_add(b, &(struct q_page_report){.authority_id = at->authority_id});
	return flow_send(f);
}

static enum step_result report_load(struct flow *f)
{
	struct report_at at;
	int r = report_at(f, &at);

	return r < 0 ? flow_fail(f, r) : load(f, &at);
}

/* A figure in words, and where the requests behind it are. */
static void put_line(struct page *p, json_t *line, const char *version)
{
	struct flow *f = p->flow;
	const char *code = json_string_value(json_object_get(line, "line"));
	const char *unit = json_string_value(json_object_get(line, "unit"));
	int64_t value = json_integer_value(json_object_get(line, "value"));
	CLEANUP(buf_done) struct buf words = BUF(64);

	if (unit && strcmp(unit, "M2") == 0)
		buf_fmt(&words, "%lld.%02lld ha", (long long)(value / HECTARE),
			(long long)(value % HECTARE / 100));
	else
		dress_count(&words, value);
	page_put_in(p, line, "value_words", json_stringn(words.at, words.len));
	if (value > 0 && code)
		page_put_in(p, line, "href",
			    json_sprintf("/reports/%s/%s/requests?line=%s%s", f->param[0].at,
					 f->param[1].at, code, version));
}

static void put_lines(struct page *p, json_t *report)
{
	const json_t *number = json_object_get(report, "number");
	const char *shown = json_string_value(json_object_get(report, "shown"));
	json_t *line;
	char version[32] = "";
	size_t i;

	if (shown && strcmp(shown, "DRAFT") == 0)
		(void)snprintf(version, sizeof(version), "&version=draft");
	else if (json_is_integer(number))
		(void)snprintf(version, sizeof(version), "&version=%d",
			       (int)json_integer_value(number));
	json_array_foreach (json_object_get(report, "lines"), i, line) {
		page_put_in(p, line, "is_said", json_true());
		put_line(p, line, version);
	}
	page_put_in(p, report, "has_lines", json_boolean(i > 0));
	page_put_in(p, report, "has_versions",
		    json_boolean(json_array_size(json_object_get(report, "versions")) > 0));
	page_put_in(p, report, "is_draft", json_boolean(shown && strcmp(shown, "DRAFT") == 0));
}

static void put_state(struct page *p, json_t *report)
{
	static const struct {
		const char *state, *flag;
	} table[] = {{"PUBLISHED", "is_published"},
		     {"RUNNING", "is_running"},
		     {"DUE", "is_due"},
		     {"OVERDUE", "is_overdue"},
		     {"NOT_OWED", "is_not_owed"},
		     {"NOT_KEPT", "is_not_kept"}};
	const char *state = json_string_value(json_object_get(report, "state"));

	for (size_t i = 0; i < COUNT(table); i++)
		page_put_in(p, report, table[i].flag,
			    json_boolean(state && strcmp(state, table[i].state) == 0));
}

/* wrong: why the form is shown again, or NULL; with what was typed, then. */
static enum step_result show(struct flow *f, const char *wrong, int status)
{
	struct q_report_show_row row;
	struct page p;
	json_t *report, *beside;
	const json_t *name;
	int r = q_report_show_one(f->got, REPORT, &row);

	if (r < 0)
		return flow_fail(f, r);
	report = json_loadb(row.body.at, row.body.len, 0, NULL);
	beside = page_item(f, BESIDE);
	name = json_object_get(report, "authority_name");
	p = page_begin(f, arena_fmt(f->arena, "Asset transfer report %s: %s", f->param[1].at,
				    name ? json_string_value(name) : "")
				  .at);
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/reports", STR("Reports"));
	put_lines(&p, report);
	put_state(&p, report);
	page_put(&p, "years", json_incref(json_object_get(beside, "years")));
	json_decref(beside);
	page_put(&p, "may_write",
		 json_boolean(principal_may_at(f->who, PERM_REPORT_WRITE, f->param[0])));
	page_put_text(&p, "promotion_typed",
		      wrong ? flow_form(f, "promotion")
			    : str_of(json_string_value(json_object_get(report, "promotion"))));
	page_put_text(&p, "support_typed",
		      wrong ? flow_form(f, "support")
			    : str_of(json_string_value(json_object_get(report, "support"))));
	if (status == 409) {
		beside_put_text(&p, "What was done to promote requests", "#promotion",
				str_of(page_text(report, "promotion")), flow_form(f, "promotion"));
		beside_put_text(&p, "What was done to support community bodies", "#support",
				str_of(page_text(report, "support")), flow_form(f, "support"));
	}
	page_put(&p, "report", report);
	page_put(&p, "is_wrong", json_boolean(wrong != NULL));
	if (wrong)
		page_put(&p, "wrong", json_string(wrong));
	return page_end(&p, "report", PAGE_REPORTS, status);
}

static enum step_result report_answer(struct flow *f)
{
	return show(f, NULL, 200);
}

const struct flow_step page_report[] = {
	{"load", report_load},
	{"answer", report_answer},
	{0},
};

/* The draft again, whatever the address shows by default. */
static enum step_result again_load(struct flow *f)
{
	struct report_at at;
	int r = report_at(f, &at);

	at.wanted = 0;
	at.has_wanted = true;
	return r < 0 ? flow_fail(f, r) : load(f, &at);
}

static enum step_result again_wrong(struct flow *f)
{
	const struct flaw *first = f->flaws.at;
	struct str why = arena_fmt(f->arena, "%.*s: %.*s %.*s", (int)first->pointer.len - 1,
				   first->pointer.at + 1, (int)first->detail.len, first->detail.at,
				   (int)first->cure.len, first->cure.at);

	return show(f, why.at ? why.at : "It was not taken", 422);
}

static enum step_result again_faster(struct flow *f)
{
	return show(f,
		    "Somebody else has changed the report since you opened it. Your texts are "
		    "still here: look at theirs, and save again to keep yours",
		    409);
}

static const struct flow_step report_wrong[] = {
	{"load", again_load},
	{"answer", again_wrong},
	{0},
};

static const struct flow_step report_faster[] = {
	{"load", again_load},
	{"answer", again_faster},
	{0},
};

/* The form's fields as the body that a program would send. */
static int form_body(struct flow *f)
{
	struct str promotion = flow_form(f, "promotion"), support = flow_form(f, "support");
	struct report unused;

	f->body = json_pack("{s:s%, s:s%}", "promotion", promotion.at ? promotion.at : "",
			    promotion.len, "support", support.at ? support.at : "", support.len);
	if (!f->body)
		return ERR_NOMEM;
	shape_clear(&report_shape, &unused);
	shape_decode(&report_shape, f->body, SHAPE_CREATE, &WIRE_TOP, &f->flaws, &unused);
	return 0;
}

static enum step_result save_load(struct flow *f)
{
	int r = form_body(f);

	if (r < 0)
		return flow_fail(f, r);
	return f->flaws.count ? flow_become(f, report_wrong) : report_text_load(f);
}

/* Was the form filled in from the version that there is? */
static bool is_newest(struct flow *f)
{
	struct q_report_load_row row;
	int64_t seen = -1;

	return q_report_load_one(f->got, 0, &row) < 0 ||
	       (str_to_i64(flow_form(f, "version"), &seen) == 0 && seen == row.version);
}

static enum step_result save_store(struct flow *f)
{
	return is_newest(f) ? report_text_store(f) : flow_become(f, report_faster);
}

static enum step_result publish_store(struct flow *f)
{
	if (is_newest(f))
		return report_publish_store(f);
	flow_detail(f, STR("Somebody else has changed the report since you opened it. Look at it "
			   "again before you publish it."));
	return flow_fail(f, ERR_CONFLICT);
}

static enum step_result to_draft(struct flow *f)
{
	return page_redirect(f, arena_fmt(f->arena, "/reports/%s/%s?version=draft", f->param[0].at,
					  f->param[1].at));
}

static enum step_result to_report(struct flow *f)
{
	return page_redirect(f,
			     arena_fmt(f->arena, "/reports/%s/%s", f->param[0].at, f->param[1].at));
}

const struct flow_step page_report_save[] = {
	{"load", save_load},
	{"store", save_store},
	{"answer", to_draft},
	{0},
};

const struct flow_step page_report_publish[] = {
	{"load", report_publish_load},
	{"store", publish_store},
	{"answer", to_report},
	{0},
};
