/*
 * One notice, as it prints: what it says, how each date in it was worked out, and beside that, for
 * officers alone, what is still missing, the form that adds it, and those that issue and serve it.
 * A draft says on every page of paper that it is one. The forms go the steps of the API
 * (h_notice.c) and come back here.
 */
#include "p_notice.h"

#include "daemon/flow/flow_rescue.h"
#include "daemon/request/h_notice.h"
#include "daemon/request/notice_sent.h"
#include "daemon/route/h.h"
#include "daemon/route/h_form.h"
#include "flaw_words.h"
#include "libassets/notice/notice.h"
#include "p.h"
#include "p_as_at.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's. */
enum { NOTICE = PAGE_FRAME + 1 };

static enum step_result show_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int r = at ? as_at_read_page(f, at) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	q_page_notice_add(page_batch(f), &(struct q_page_notice){.request_id = f->param[0],
								 .id = f->param[1],
								 .valid_on = at->valid_on,
								 .known_at = at->known_at});
	return flow_send(f);
}

/* Each section whose text names a last day gets that day, with how it was worked out. */
static void put_dates(struct page *p, const json_t *notice)
{
	json_t *sections = json_object_get(json_object_get(notice, "content"), "sections");
	json_t *dates = json_object_get(notice, "dates"), *section, *date;
	size_t i, n;

	json_array_foreach (sections, i, section) {
		page_put_in(p, section, "has_items",
			    json_boolean(json_array_size(json_object_get(section, "items"))));
		json_array_foreach (dates, n, date) {
			if (!*page_text(section, "clock") ||
			    strcmp(page_text(section, "clock"), page_text(date, "clock")) != 0)
				continue;
			page_put_in(
				p, date, "has_skipped",
				json_boolean(json_array_size(json_object_get(date, "skipped"))));
			page_put_in(p, section, "date", json_incref(date));
		}
	}
}

static bool is_missing(const json_t *notice, const char *field)
{
	json_t *gap;
	size_t i;

	json_array_foreach (json_object_get(notice, "missing"), i, gap) {
		if (strcmp(page_text(gap, "field"), field) == 0)
			return true;
	}
	return false;
}

/* What is missing, fields by their labels; of gaps that one thing fills, as of the matters, the
 * first says it. */
static void put_missing(struct page *p, json_t *notice)
{
	struct str before = STR(""), cure;
	json_t *gap;
	size_t i;

	json_array_foreach (json_object_get(notice, "missing"), i, gap) {
		cure = arena_str(p->flow->arena, str_of(page_text(gap, "cure")));
		cure = flaw_said(cure, p->flow->arena);
		page_put_in(p, gap, "cure",
			    str_eq(cure, before) ? json_string("")
						 : json_stringn(cure.at, cure.len));
		before = cure;
	}
	page_put_in(p, notice, "has_missing", json_boolean(i > 0));
}

/* The act that the notice tells of is still to be recorded. */
static bool is_ahead(const json_t *notice, const json_t *more)
{
	return strcmp(page_text(notice, "variant"), "AHEAD") == 0 &&
	       json_is_true(json_object_get(more, "is_validated"));
}

/*
 * The fields that an officer may add: those that are missing, and those that were given; a day only
 * until the act says it.
 */
static json_t *inputs_of(struct flow *f, const json_t *notice, bool asks_day)
{
	const json_t *form = json_object_get(notice, "form");
	json_t *inputs = json_array();

	for (size_t i = 0; i < notice_form_shape.count; i++) {
		const struct shape_field *field = &notice_form_shape.field[i];
		const char *value = page_text(form, field->name);

		if ((field->type != SHAPE_TEXT && !(field->type == SHAPE_DATE && asks_day)) ||
		    (!*value && !is_missing(notice, field->name) && !flow_form(f, field->name).len))
			continue;
		json_array_append_new(inputs, json_pack("{s:s, s:s, s:s, s:I, s:b}", "name",
							field->name, "input", field->name, "value",
							value, "most", (json_int_t)field->most,
							"is_date", field->type == SHAPE_DATE));
	}
	return inputs;
}

static const char *matter_text(const json_t *content, const char *code)
{
	json_t *matter;
	size_t i;

	json_array_foreach (json_object_get(content, "matters"), i, matter) {
		if (strcmp(page_text(matter, "matter"), code) == 0)
			return page_text(matter, "text");
	}
	return "";
}

/* The fourteen matters of a decision, each with what is said of it. */
static json_t *matters_of(const json_t *notice)
{
	json_t *matters = json_array();

	for (size_t n = 0; notice_matter_at(n); n++) {
		const char *code = notice_matter_at(n);

		json_array_append_new(
			matters, json_pack("{s:s, s:s, s:s}", "matter", code, "words",
					   notice_matter_words(str_of(code)), "text",
					   matter_text(json_object_get(notice, "content"), code)));
	}
	return matters;
}

/* The kinds of recipients that the notice has, for a choice. */
static json_t *kinds_of(enum notice_code code)
{
	json_t *kinds = json_array();

	for (struct str rest = str_of(notice_info(code)->to); rest.len;) {
		struct str kind = str_cut(rest, ' ', &rest);

		json_array_append_new(kinds, json_pack("{s:s%}", "recipient", kind.at, kind.len));
	}
	return kinds;
}

/* What each recipient is, in words; and who may be served still, as no day is known of them. */
static void put_recipients(struct page *p, json_t *notice)
{
	json_t *unserved = json_array(), *one;
	size_t i;

	json_array_foreach (json_object_get(notice, "recipients"), i, one) {
		page_put_in(p, one, "recipient", json_incref(json_object_get(one, "kind")));
		if (!*page_text(one, "served_on"))
			json_array_append(unserved, one);
	}
	page_put(p, "unserved", unserved);
	page_put_in(p, notice, "has_recipients", json_boolean(i > 0));
}

/* The day that the form proposes: of a notice that asks for answers the one they are counted from.
 */
static const char *usual_date(const json_t *notice, const char *today)
{
	const json_t *date;
	size_t i;

	json_array_foreach (json_object_get(notice, "dates"), i, date) {
		if (shape_is_word(str_of(page_text(date, "clock")), "K4 K5"))
			return page_text(date, "starts_on");
	}
	return today;
}

static void put_forms(struct page *p, json_t *notice, const json_t *more)
{
	bool is_draft = strcmp(page_text(notice, "state"), "DRAFT") == 0;
	enum notice_code code;

	if (notice_parse(str_of(page_text(notice, "code")), &code) < 0)
		return;
	page_put(p, "is_officer", json_true());
	page_put(p, "may_add", json_boolean(is_draft));
	page_put(p, "may_issue",
		 json_boolean(is_draft && !json_array_size(json_object_get(notice, "missing"))));
	page_put(p, "may_serve", json_boolean(!is_draft));
	page_put(p, "asks_date", json_boolean(code != NOTICE_N7));
	page_put(
		p, "usual_on",
		json_string(usual_date(notice, shape_day_text(p->flow->today, p->flow->arena).at)));
	page_put(p, "is_act", json_boolean(notice_is_act(code)));
	page_put(p, "is_ahead", json_boolean(is_ahead(notice, more)));
	page_put(p, "asks_public", json_boolean(code == NOTICE_N4));
	page_put(p, "kinds", kinds_of(code));
	page_put(p, "inputs",
		 is_draft ? inputs_of(p->flow, notice, is_ahead(notice, more)) : json_array());
	if (is_draft && code == NOTICE_N7)
		page_put(p, "matters", matters_of(notice));
	page_put(p, "has_fields",
		 json_boolean(json_array_size(json_object_get(p->data, "inputs")) ||
			      code == NOTICE_N7));
	put_missing(p, notice);
}

static enum step_result show_answer(struct flow *f)
{
	const struct as_at *at = f->state;
	struct q_page_notice_row row;
	int r = q_page_notice_one(f->got, NOTICE, &row);
	json_auto_t *root = NULL;
	json_t *notice, *more;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	notice = json_object_get(root, "notice");
	more = json_object_get(root, "more");
	p = page_begin(f, "");
	page_put(&p, "title",
		 json_sprintf("%s, request %s",
			      page_text(json_object_get(notice, "content"), "title"),
			      page_text(more, "reference")));
	page_crumb_request(&p, f->param[0], page_text(more, "reference"));
	as_at_put(&p, at,
		  arena_fmt(f->arena, "/requests/%s/notices/%s", f->param[0].at, f->param[1].at));
	page_put(&p, "is_draft", json_boolean(strcmp(page_text(notice, "state"), "DRAFT") == 0));
	put_dates(&p, notice);
	put_recipients(&p, notice);
	if (!at->is_given && h_may(f, PERM_REQUEST_ACT, row.authority_id) == 0)
		put_forms(&p, notice, more);
	page_put(&p, "notice", json_incref(notice));
	page_put(&p, "more", json_incref(more));
	notice_put_refused(&p);
	return page_end(&p, "notice", PAGE_REQUESTS, flow_rescued_status(f));
}

const struct flow_step page_notice[] = {
	{"load", show_load},
	{"answer", show_answer},
	{0},
};

/* --- The officers' forms --------------------------------------------------------------- */

/* The texts of the form's matters; a box that is ticked says that one is not relevant. */
static int read_matters(struct flow *f)
{
	json_t *list = json_array();

	for (size_t n = 0; list && notice_matter_at(n); n++) {
		const char *code = notice_matter_at(n);
		struct str name = arena_fmt(f->arena, "matter_%s", code);
		struct str box = arena_fmt(f->arena, "none_%s", code);
		struct str text = name.at ? flow_form(f, name.at) : (struct str){NULL, 0};

		if (box.at && flow_form(f, box.at).len && !str_trim(text).len)
			text = STR("Not relevant.");
		if (str_trim(text).len)
			json_array_append_new(list, json_pack("{s:s, s:s%}", "matter", code, "text",
							      text.at, text.len));
	}
	if (json_array_size(list))
		return json_object_set_new(f->body, "matters", list) ? ERR_NOMEM : 0;
	json_decref(list);
	return 0;
}

static enum step_result add_read(struct flow *f)
{
	int r = h_form(f, &notice_form_shape);

	flow_rescue(f, page_case);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static bool is_discard(struct flow *f)
{
	return str_eq(flow_form(f, "act"), STR("DISCARD"));
}

/* What is discarded does not come back, so it is confirmed by a box. */
static int check_sure(struct flow *f)
{
	if (!flow_form(f, "sure").len)
		h_flaw(f, "sure", "REQUIRED", STR("It was not confirmed that the draft goes."),
		       STR("Tick the box, or keep the draft."));
	return flaws_err(&f->flaws);
}

static enum step_result change_read(struct flow *f)
{
	int r = is_discard(f) ? check_sure(f) : h_form(f, &notice_form_shape);

	flow_rescue(f, page_notice);
	if (r == 0 && !is_discard(f))
		r = read_matters(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result change_load(struct flow *f)
{
	return is_discard(f) ? notice_discard_load(f) : notice_patch_load(f);
}

static enum step_result change_store(struct flow *f)
{
	return is_discard(f) ? notice_discard_store(f) : notice_patch_store(f);
}

/* The one recipient that a form has, as the list that the API takes; none when its kind is empty.
 */
static int read_recipient(struct flow *f)
{
	json_t *one, *list;

	if (!flow_form(f, "recipient_kind").len)
		return 0;
	if (h_form_part(f, "recipient", &notice_recipient_shape) < 0)
		return ERR_NOMEM;
	one = json_incref(json_object_get(f->body, "recipient"));
	(void)json_object_del(f->body, "recipient");
	list = one ? json_pack("[o]", one) : NULL;
	return json_object_set_new(f->body, "recipients", list) ? ERR_NOMEM : 0;
}

static enum step_result issue_read(struct flow *f)
{
	int r = h_form(f, &notice_issue_shape);

	flow_rescue(f, page_notice);
	if (r == 0)
		r = read_recipient(f);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* Either a recipient more, or the day on which one that there is was served. */
static enum step_result served_read(struct flow *f)
{
	int64_t number;
	int r = h_form(f, &notice_served_shape);

	flow_rescue(f, page_notice);
	if (r == 0)
		r = read_recipient(f);
	if (r == 0 && str_to_i64(flow_form(f, "number"), &number) == 0) {
		struct str on = flow_form(f, "served_on");

		r = json_object_set_new(f->body, "served",
					json_pack("[{s:I, s:s%}]", "number", (json_int_t)number,
						  "served_on", on.at ? on.at : "", on.len))
			    ? ERR_NOMEM
			    : 0;
	}
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result go_to(struct flow *f, struct str id)
{
	return page_redirect(f, arena_fmt(f->arena, "/requests/%s/notices/%s", f->param[0].at,
					  id.at ? id.at : ""));
}

static enum step_result go_made(struct flow *f)
{
	return go_to(f, notice_made(f));
}

static enum step_result go_back(struct flow *f)
{
	return go_to(f, f->param[1]);
}

/* To the draft as it now is; without it to the case, which says what is due. */
static enum step_result go_on(struct flow *f)
{
	struct str to = is_discard(f) ? arena_fmt(f->arena, "/requests/%s/case", f->param[0].at)
				      : (struct str){NULL, 0};

	if (!is_discard(f))
		return go_back(f);
	return page_redirect(f, to);
}

const struct flow_step page_notice_add[] = {
	{"read", add_read},
	{"load", notice_add_load},
	{"store", notice_add_store},
	{"answer", go_made},
	{0},
};

const struct flow_step page_notice_change[] = {
	{"read", change_read},
	{"load", change_load},
	{"store", change_store},
	{"answer", go_on},
	{0},
};

const struct flow_step page_notice_issue[] = {
	{"read", issue_read},
	{"load", notice_issue_load},
	{"store", notice_issue_store},
	{"answer", go_back},
	{0},
};

const struct flow_step page_notice_served[] = {
	{"read", served_read},
	{"load", notice_served_load},
	{"store", notice_served_store},
	{"answer", go_back},
	{0},
};
