/*
 * What people said of a request: for everybody what was published, as it was redacted; for officers
 * all of it, with a form for each thing that they may do. The forms go the steps of the API
 * (h_representation.c) and come back here.
 */
#include "beside.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/request/h_representation.h"
#include "daemon/route/h_form.h"
#include "libassets/base/err.h"
#include "libassets/request/representation.h"
#include "libassets/shape/shape_form.h"
#include "p.h"
#include "p_as_at.h"
#include "p_due.h"
#include "page.h"
#include "q.h"

/* Statements of the page's batch behind the frame's; representations of one page. */
enum { LIST = PAGE_FRAME + 1, PAGE_OF = 10 };

/* Of which request: by the address, or by the form of one representation that was refused. */
static struct str request_of(struct flow *f)
{
	return flow_rescued(f) && str_starts(f->request->path, STR("/representations/"))
		       ? shape_form_id(flow_form(f, "request_id"), f->arena)
		       : f->param[0];
}

static int after_of(struct flow *f, int32_t *ret_after)
{
	struct str text = flow_rescued(f) ? flow_form(f, "after") : flow_query(f, "after");
	int64_t after = 0;

	if (text.len && (str_to_i64(text, &after) < 0 || after < 0 || after > INT32_MAX))
		return ERR_QUERY;
	*ret_after = (int32_t)after;
	return 0;
}

static enum step_result list_load(struct flow *f)
{
	struct as_at *at = f->state = ARENA_NEW(f->arena, struct as_at);
	int32_t after;
	int r = at ? after_of(f, &after) : ERR_NOMEM;

	if (r == 0)
		r = as_at_read_page(f, at);
	if (r < 0)
		return flow_fail(f, r);
	q_page_representations_add(page_batch(f), &(struct q_page_representations){
							  .id = request_of(f),
							  .after = after,
							  .take = PAGE_OF + 1,
							  .valid_on = at->valid_on,
							  .known_at = at->known_at,
						  });
	return flow_send(f);
}

/* "Representation 3", "Answer of the community body", and whether its lateness need be told. */
static void put_title(struct page *p, json_t *one)
{
	long long number = json_integer_value(json_object_get(one, "number"));
	bool is_answer = strcmp(page_text(one, "kind"), "COMMENTS") == 0;

	page_put_in(p, one, "rep_title",
		    is_answer ? json_string("Answer of the community body")
			      : json_sprintf("Representation %lld", number));
	page_put_in(p, one, "is_in_time",
		    json_boolean(strcmp(page_text(one, "timing"), "IN_TIME") == 0));
}

/* What the forms of one need beside what the API says of it. */
static void put_forms(struct page *p, json_t *all, json_t *one, const json_t *more)
{
	bool is_read = strcmp(page_text(one, "mark"), "UNREAD") != 0;
	bool is_redacted = *page_text(one, "text");

	if (!json_is_true(json_object_get(more, "is_officer")))
		return;
	page_put_in(p, one, "is_officers", json_true());
	page_put_in(p, one, "has_draft", json_true());
	page_put_in(p, one, "draft",
		    json_incref(json_object_get(one, is_redacted ? "text" : "original")));
	page_put_in(p, one, "may_publish",
		    json_boolean(strcmp(page_text(one, "mark"), "COUNTED") == 0 && is_redacted &&
				 !json_is_true(json_object_get(one, "shown"))));
	page_put_in(p, one, "may_erase",
		    json_boolean(is_read &&
				 (is_redacted || strcmp(page_text(one, "mark"), "COUNTED") != 0) &&
				 !*page_text(one, "erased_at")));
	page_put_in(p, one, "others", json_incref(all));
}

/* Numbers and ids of the page, for the choice of what a duplicate repeats. */
static json_t *numbers_of(const json_t *list)
{
	json_t *numbers = json_array(), *one;
	size_t i;

	json_array_foreach (list, i, one)
		json_array_append_new(numbers,
				      json_pack("{s:O, s:O}", "id", json_object_get(one, "id"),
						"number", json_object_get(one, "number")));
	return numbers;
}

static void put_list(struct page *p, json_t *root, const json_t *more)
{
	json_t *list = json_object_get(root, "representations"), *numbers, *one;
	size_t i;

	if (json_array_size(list) > PAGE_OF) {
		json_array_remove(list, PAGE_OF);
		page_put(p, "next_after",
			 json_incref(json_object_get(json_array_get(list, PAGE_OF - 1), "number")));
	}
	numbers = numbers_of(list);
	json_array_foreach (list, i, one) {
		put_title(p, one);
		put_forms(p, numbers, one, more);
	}
	json_decref(numbers);
	page_put(p, "representations", json_incref(list));
}

/* --- A form that was refused -------------------------------------------------------------- */

/* Fields of the form that records one, and of those of one: the latter's ids end with its own. */
static const struct {
	const char *name, *label;
	const char *of; /* the id of the one form of a representation; NULL: it has none */
} field_table[] = {
	{"kind", "What it is", NULL},
	{"channel", "How it came", NULL},
	{"received_on", "Day on which it arrived", NULL},
	{"text", "What it says", "text"},
	{"writer_name", "Name of the writer", NULL},
	{"writer_email", "E-mail address", NULL},
	{"writer_address", "Postal address", NULL},
	{"mark", "What it is", "mark"},
	{"reasons", "Reason", "reasons"},
	{"duplicate_of", "Which one it repeats", "duplicate"},
};

/* Where a field stands: "text", or "text-rep_…" in the forms of one. */
static struct str id_of(struct flow *f, size_t n, const char *of)
{
	bool is_withheld = str_eq(flow_form(f, "event"), STR("WITHHOLD"));

	if (!*of || !field_table[n].of)
		return str_of(field_table[n].name);
	return arena_fmt(f->arena, "%s-%s",
			 is_withheld && strcmp(field_table[n].of, "reasons") == 0
				 ? "withhold"
				 : field_table[n].of,
			 of);
}

/* "/writer/name" is writer_name. */
static void put_wrong(struct page *p, json_t *wrongs, const struct flaw *w, const char *of)
{
	struct flow *f = p->flow;
	struct str name = form_name_of(f->arena, w->pointer);
	struct str text = page_flaw(f, w);

	for (size_t i = 0; i < COUNT(field_table); i++) {
		if (str_eq(name, str_of(field_table[i].name))) {
			page_wrong(p, wrongs, id_of(f, i, of), field_table[i].label, text);
			return;
		}
	}
	page_wrong(p, wrongs, *of ? str_of(of) : STR("text"), NULL, text);
}

/* The representation whose form it was; NULL where it is not on this page. */
static json_t *one_of(struct page *p, struct str id)
{
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(p->data, "representations"), i, one) {
		if (str_eq(str_of(page_text(one, "id")), id))
			return one;
	}
	return NULL;
}

/* The one of the words that was chosen, as is_WORD. */
static void put_choice(struct page *p, json_t *object, const char *words, struct str chosen)
{
	if (chosen.len && str_lists(str_of(words), chosen))
		page_put_in(p, object, arena_fmt(p->flow->arena, "is_%s", chosen.at).at,
			    json_true());
}

/* What was typed into the forms of one, which then stand open; beside it what somebody else made
 * of it meanwhile. */
static void put_typed_of(struct page *p, json_t *one)
{
	struct flow *f = p->flow;
	struct str event = flow_form(f, "event"), text = flow_form(f, "text");
	bool is_mark = str_eq(event, STR("MARK"));
	const char *reasons = is_mark ? "typed_reasons" : "typed_withheld";
	json_t *others = json_deep_copy(json_object_get(one, "others"));

	page_put_in(p, one, "is_refused", json_true());
	put_choice(p, one, "COUNTED,NOT_A_REPRESENTATION,DUPLICATE", flow_form(f, "mark"));
	if (!str_is_null(flow_form(f, "reasons")))
		page_put_in(p, one, reasons,
			    json_stringn(flow_form(f, "reasons").at, flow_form(f, "reasons").len));
	page_choose(p, others, flow_form(f, "duplicate_of"));
	page_put_in(p, one, "others", others);
	if (str_is_null(text))
		return;
	if (flow_rescued(f) == ERR_STALE)
		beside_put_text(p, "The text without personal data",
				arena_fmt(f->arena, "#text-%s", page_text(one, "id")).at,
				str_of(page_text(one, "draft")), text);
	page_put_in(p, one, "draft", json_stringn(text.at, text.len));
}

static void put_typed(struct page *p)
{
	struct flow *f = p->flow;
	json_t *sent = json_object();

	for (size_t i = 0; i < COUNT(field_table); i++) {
		struct str typed = flow_form(f, field_table[i].name);

		if (!str_is_null(typed))
			page_put_in(p, sent, field_table[i].name,
				    json_stringn(typed.at, typed.len));
	}
	put_choice(p, sent, "LETTER,EMAIL,IN_PERSON", flow_form(f, "channel"));
	page_put_in(p, sent, "is_comments",
		    json_boolean(strcmp(page_text(sent, "kind"), "COMMENTS") == 0));
	page_put(p, "sent", sent);
}

static void put_refused(struct page *p)
{
	struct flow *f = p->flow;
	bool is_of = !str_eq(request_of(f), f->param[0]);
	json_t *wrongs = json_array(), *one = is_of ? one_of(p, f->param[0]) : NULL;
	int err = flow_rescued(f);

	page_put(p, "wrongs", wrongs);
	if (!err)
		return;
	page_put(p, "refusal", json_string(err_info(err)->title));
	if (flow_rescued_detail(f).len)
		page_put_text(p, "refusal_detail", flow_rescued_detail(f));
	for (size_t i = 0; i < flaws_kept(&f->flaws); i++)
		put_wrong(p, wrongs, &f->flaws.at[i], is_of ? f->param[0].at : "");
	if (one)
		put_typed_of(p, one);
	else if (!is_of)
		put_typed(p);
	if (one && json_array_size(wrongs))
		page_put_in(p, one, "wrong",
			    json_incref(json_object_get(json_array_get(wrongs, 0), "text")));
}

static enum step_result list_answer(struct flow *f)
{
	const struct as_at *at = f->state;
	struct q_page_representations_row row;
	int r = q_page_representations_one(f->got, LIST, &row);
	json_auto_t *root = NULL;
	const json_t *request, *more, *window;
	int32_t after;
	struct page p;

	if (r == 0)
		r = after_of(f, &after);
	if (r < 0)
		return flow_fail(f, r);
	root = json_loadb(row.body.at, row.body.len, 0, NULL);
	request = json_object_get(root, "request");
	more = json_object_get(root, "more");
	p = page_begin(f, "");
	page_title(&p, p.data, "Representations on request {{name}}",
		   str_of(page_text(request, "reference")), (struct str){NULL, 0});
	page_crumb_request(&p, request_of(f), page_text(request, "reference"));
	as_at_put(&p, at, arena_fmt(f->arena, "/requests/%s/representations", request_of(f).at));
	page_put(&p, "after", json_integer(after));
	page_put(&p, "request", json_incref((json_t *)(uintptr_t)request));
	page_put(&p, "more", json_incref((json_t *)(uintptr_t)more));
	window = due_window(request, "K4");
	due_put_window(&p, p.data, window);
	page_put(&p, "is_taken",
		 json_boolean(window && !at->is_given &&
			      representation_is_taken_in(str_of(page_text(request, "state")))));
	page_put(&p, "may_record",
		 json_boolean(window && json_is_true(json_object_get(more, "is_officer"))));
	page_put(&p, "may_record_answer", json_boolean(due_window(request, "K5") != NULL));
	put_list(&p, root, more);
	put_refused(&p);
	return page_end(&p, "representations", PAGE_REQUESTS, flow_rescued_status(f));
}

const struct flow_step page_representations[] = {
	{"load", list_load},
	{"answer", list_answer},
	{0},
};

/* --- The officers' forms --------------------------------------------------------------- */

static enum step_result add_read(struct flow *f)
{
	int r = h_form(f, &representation_shape);

	flow_rescue(f, page_representations);
	if (r == 0)
		r = h_form_part(f, "writer", &contact_shape);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* A form that does not say of which request it is has no page to come back on. */
static enum step_result act_read(struct flow *f)
{
	int r = h_form(f, &representation_act_shape);

	if (shape_is_id(flow_form(f, "request_id")))
		flow_rescue(f, page_representations);
	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

/* Which part of the list the form stood in. */
static int page_of_form(struct flow *f)
{
	int64_t after;

	return str_to_i64(flow_form(f, "after"), &after) == 0 && after > 0 && after < INT32_MAX
		       ? (int)after
		       : 0;
}

/* To the page of the request that the form names, at the representation. */
static enum step_result go_back(struct flow *f)
{
	struct str request = shape_form_id(flow_form(f, "request_id"), f->arena);
	struct str to = STR("/requests");

	if (!str_is_null(request))
		to = arena_fmt(f->arena, "/requests/%s/representations?after=%d#%s", request.at,
			       page_of_form(f), f->param[0].at);
	return page_redirect(f, to);
}

const struct flow_step page_representation_add[] = {
	{"read", add_read},
	{"load", representation_add_load},
	{"store", representation_add_store},
	{"answer", go_back},
	{0},
};

const struct flow_step page_representation_act[] = {
	{"read", act_read},
	{"load", representation_act_load},
	{"store", representation_act_store},
	{"answer", go_back},
	{0},
};
